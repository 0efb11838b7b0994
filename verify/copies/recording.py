"""One recording: where and how two aligned clips lie in each other, and what turns one into the other.

A seed's two moments are up to a second apart, and its map as far off as the camera moved meanwhile. So a few
aligned moments are laid on each other in larger pictures, the clips are aligned again with the better map,
and every common stretch is placed by its frames. Then the votes are put to the proof: at a few moments of
each stretch the pictures are laid on each other once more, the shaking of a hand that filmed a screen is
taken out (copies.steady), what both show at most of these moments is taken away, and what is left in the
patches in which something moves is compared one by one. Two takes of one movement agree as a whole, a printed
coat agrees wherever it sways, but what changes from patch to patch does not; what does not agree is no copy,
and what hardly agrees where the votes are weak is not even placed. Only where the votes agree for long, and
nearly all patches with them, may a screen's flicker hide what changes. Where captions come and go over one
clip, what changes in the other has to agree nearly everywhere. Frames that run at another tempo than the
votes did, fitted freely, bring takes of one gesture together, and have to agree as well as if nothing had
been voted. And where frames near each other run as filmed though the whole runs at another tempo, it is two
stretches, with a moment between them that was taken out.

What two clips share only at their beginning, or only at their end, and for a few seconds up to a cut in both,
is taken for a title or an end card and is no copy.

Limits: where next to nothing moves there is no patch to compare, and the votes stand alone. A machine that
repeats a movement to the pixel, a robot or a carousel, can pass for a copy in a stretch of two seconds.

What is known of errors: of each of 47 recordings by a fixed camera the two pieces of two or three seconds
were taken that are most alike, often a car or an arm that takes the same way twice. Of 93 such pairs, the
hardest to be had, one is called a copy, a robot's throw; before the changes were compared there were 11. Of
58 pairs of gestures by two people none is. In the takes refused, what changes agrees in at most 61 % of the
patches; in 40 of the hardest copies, filmed off a screen, retimed or combined, in at least 67 %.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from verify.copies import closer, edits, exact, moments, refine
from verify.copies.intro import intro, only_an_intro
from verify.copies.judgement import Judgement
from verify.copies.line import Stretch, continues, merged, shared
from verify.copies.nearer import nearer
from verify.copies.rhythm import RATE
from verify.geometry import fit
from verify.model import WHOLE, Footage, Relation, RelationKind, Segment, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from verify.copies.judgement import Subject
    from verify.copies.line import Alignment
    from verify.copies.moments import Moments
    from verify.model import Media
    from verify.settings import Settings


@dataclass(frozen=True, eq=False, slots=True)
class _Proved:
    """A stretch placed by its frames, and how its pictures lie on each other."""

    voted: Stretch
    placed: exact.Exact
    moments: Moments
    held: refine.Held


def recording(one: Subject, two: Subject, found: Alignment, settings: Settings) -> Judgement | None:
    """The copy relation of two clips that were aligned; None where the moving patches do not bear it out.

    Where the votes establish nothing, the stretch at which most agrees is put to a harder proof: small insets
    and faint movement are seen in the patches where the tiny pictures of a track hardly show them.

    Raises:
        UnreadableMediaError: a picture could not be decoded.
    """
    a, b = one.media, two.media
    alone = not found.stretches
    if alone:
        if found.likeliest is None:
            return None
        found = replace(found, stretches=(found.likeliest,))
    aligned, matrix = closer.closer(one, two, found, settings)
    longest = max(aligned.stretches, key=Stretch.length)
    if _hopeless(a, b, matrix, longest, settings):
        return None
    main = _proved(a, b, matrix, longest, settings)
    if main.held.whole.share < settings.copies.laid_well:
        # The map is of other moments, and the camera may have moved: fit it where the frames say.
        laid = refine.lay(a, b, matrix, main.moments, settings)
        gained = settings.copies.laid_gain
        if laid is not None and laid.agreement.mean > main.held.whole.mean + gained:
            matrix = laid.matrix
            main = _proved(a, b, matrix, longest, settings)
    least = min(settings.copies.least_voted, float(min(a.duration or 0, b.duration or 0)) / 2)
    if _refuted(main, least, settings) or (alone and not _strong(main, settings)):
        return None
    filmed = _as_filmed(a, b, matrix, main, least, settings)
    if filmed is not None:
        matrix, proved = filmed
        main = max(proved, key=lambda each: each.placed.stretch.length())
    else:
        others = (_proved(a, b, matrix, each, settings) for each in aligned.stretches if each is not longest)
        proved = [main, *(each for each in others if not _refuted(each, least, settings))]
    proved = [each for each in proved if not any(_another_take(each, other, settings) for other in proved)]
    proved = _joined(sorted(proved, key=lambda each: each.placed.stretch.a))
    stretches = tuple(each.placed.stretch for each in proved)
    segments = tuple(_segment(each.placed, matrix) for each in proved)
    if only_an_intro(one, two, segments, settings.copies):
        return intro(a, b, segments[0])
    looked = tuple(each.moments for each in proved)
    edited = edits.edits(one, two, segments, settings, looked)
    which, why = nearer(one, two, segments, edited.steps, settings, looked)
    relation = Relation(
        a.id,
        b.id,
        RelationKind.COPY,
        (*_words(stretches), *refine.held_words(main.held), *why),
        footage=Footage.ESTABLISHED,
        segments=segments,
        edits=edited.steps,
        residual=edited.residual,
        nearer_source=which,
    )
    return Judgement(relation, main.moments)


def _as_filmed(
    a: Media, b: Media, matrix: NDArray[np.float64], main: _Proved, least: float, settings: Settings
) -> tuple[NDArray[np.float64], list[_Proved]] | None:
    """Both ends of a stretch as filmed, where frames near each other ask for that, and the map by the first.

    One stretch at another speed over a moment that was taken out is two that run as they were filmed.
    """
    if main.placed.as_filmed is None:
        return None
    (start, stop), inner = main.placed.stretch.a, settings.copies.exact_inner
    spans = (start, start + inner), (stop - inner, stop)
    first, last = (
        replace(main.voted, a=span, b=line.over(span), line=line, voted=inner)
        for span, line in zip(spans, main.placed.as_filmed, strict=True)
    )
    looked = moments.spread(a, b, first.a, first.line, settings.copies.moments)
    laid = refine.lay(a, b, matrix, looked, settings)
    there = matrix if laid is None else laid.matrix
    held = [
        each
        for part in (first, last)
        if not _refuted(each := _proved(a, b, there, part, settings), least, settings)
    ]
    if len(held) == 2 and all(shared(*sides) > 0.5 for sides in _sides(*held)):
        held = [max(held, key=lambda each: each.placed.stretch.length())]
    return (there, held) if held else None


def _sides(one: _Proved, two: _Proved) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Where two stretches lie in a, and in b."""
    ours, theirs = one.placed.stretch, two.placed.stretch
    yield ours.a, theirs.a
    yield ours.b, theirs.b


def _joined(proved: Sequence[_Proved]) -> list[_Proved]:
    """Stretches of one line that meet, as one; in the order of a."""
    joined: list[_Proved] = []
    for each in proved:
        last = joined[-1].placed if joined else None
        if last is not None and continues(last.stretch, each.placed.stretch, 1 / RATE):
            whole = replace(last, stretch=merged(last.stretch, each.placed.stretch))
            joined[-1] = replace(joined[-1], placed=whole)
        else:
            joined.append(each)
    return joined


def _proved(a: Media, b: Media, matrix: NDArray[np.float64], found: Stretch, settings: Settings) -> _Proved:
    placed = exact.place(a, b, matrix, found, settings.copies)
    looked = moments.spread(a, b, placed.stretch.a, placed.stretch.line, settings.copies.proofs)
    return _Proved(found, placed, looked, refine.hold(a, b, matrix, looked, settings))


def _hopeless(a: Media, b: Media, matrix: NDArray[np.float64], found: Stretch, settings: Settings) -> bool:
    """Whether what changes differs so much that placing the stretch by its frames would not mend it.

    Frames at another tempo may mend anything: the votes know it to some hundredths, which is frames off soon.
    """
    limits = settings.copies
    if found.rule and (found.correlation >= limits.sure or abs(found.line.slope) != 1):
        return False
    looked = moments.spread(a, b, found.a, found.line, limits.proofs)
    return _differs(refine.hold(a, b, matrix, looked, settings), limits.proof_hopeless, settings)


def _differs(held: refine.Held, least: float, settings: Settings) -> bool:
    """Whether the changes agree in less than a share of the patches, of which there are enough to tell."""
    enough = held.changes.patches >= settings.copies.proof_patches
    return enough and _changes(held, settings) < least


def _changes(held: refine.Held, settings: Settings) -> float:
    """Share of the patches in which the changes agree; of one clip's alone where nearly all of these do.

    A caption that comes and goes changes patches of one clip only, and all that the other shows agrees beside
    it. Another take differs both where the one changes and where the other does.
    """
    limits = settings.copies
    sides = (each.share for each in (held.ours, held.theirs) if each.patches >= limits.alone_patches)
    best = max(sides, default=0.0)
    return max(held.changes.share, best) if best >= limits.proof_one_sided else held.changes.share


def _refuted(found: _Proved, least: float, settings: Settings) -> bool:
    """Whether what moves differs patch by patch, or next to nothing is left of the stretch."""
    differs = _differs(found.held, settings.copies.proof_changes, settings) and not _borne_out(
        found, settings
    )
    bent = _bent(found, settings) and not _strong(found, settings)
    short = found.placed.stretch.length() < least - 1 / RATE
    return differs or bent or short or _cut_short(found, settings)


def _cut_short(found: _Proved, settings: Settings) -> bool:
    """Whether the frames agree for far less time than the votes did, and what changes only fairly well.

    So it is where a machine makes one movement again: for a second or two the two takes run side by side.
    """
    limits, placed = settings.copies, found.placed.stretch
    told = max(placed.length(), placed.b[1] - placed.b[0])
    return (
        _differs(found.held, limits.proof_clear, settings) and told < limits.proof_short * found.voted.voted
    )


def _another_take(one: _Proved, two: _Proved, settings: Settings) -> bool:
    """Whether a stretch shows a movement again of which another is the recording: a robot's, a crowd's.

    What a clip shows twice agrees with both as well; another take of it agrees less, patch by patch.
    """
    limits = settings.copies
    twice = any(shared(*sides) > 0.5 for sides in _sides(one, two))
    told = min(one.held.changes.patches, two.held.changes.patches) >= limits.proof_patches
    return twice and told and one.held.changes.mean < two.held.changes.mean - limits.proof_twice


def _borne_out(found: _Proved, settings: Settings) -> bool:
    """Whether the votes agree for so long, and the pictures so well, that faint changes need not.

    A screen's flicker and a camera's noise hide what changes from patch to patch in a copy filmed off it.
    """
    limits, voted, held = settings.copies, found.voted, found.held
    long = voted.voted >= limits.borne_voted and voted.correlation >= limits.borne_correlation
    return long and bool(voted.rule) and min(held.moving.share, held.whole.share) >= limits.borne_share


def _bent(found: _Proved, settings: Settings) -> bool:
    """Whether the frames run at another tempo than the votes did: fitted freely, takes of a gesture meet."""
    tempo = found.placed.stretch.line.slope / found.voted.line.slope
    return abs(tempo - 1) > settings.copies.tempo_bent


def _strong(found: _Proved, settings: Settings) -> bool:
    """Whether the patches, moving ones and all, establish one recording by themselves."""
    held, limits = found.held, settings.copies
    enough = held.moving.patches >= limits.alone_patches
    return enough and min(held.moving.share, held.whole.share, held.changes.share) >= limits.alone_share


def _segment(placed: exact.Exact, matrix: NDArray[np.float64]) -> Segment:
    found = placed.stretch
    unsure = placed.uncertainty if placed.uncertainty is not None else 1 / (2 * RATE)
    a, b = (Span(moments.exact(start), moments.exact(stop)) for start, stop in (found.a, found.b))
    laid = segment(a, b, matrix, min(1.0, max(0.0, found.likeness)))
    return replace(
        laid,
        speed=1.0 if abs(found.line.slope) == 1 else float(a.length / b.length),
        reversed=found.line.slope < 0,
        uncertainty=Fraction(unsure).limit_denominator(1000),
    )


def segment(a: Span, b: Span, matrix: NDArray[np.float64], score: float) -> Segment:
    """A segment at the tempo of both, whose pictures lie on each other by a map."""
    shared = fit.shared_boxes(matrix) or (WHOLE, WHOLE)
    return Segment(a, b, fit.mirrors(matrix), *shared, fit.as_matrix(matrix), score)


def _words(stretches: tuple[Stretch, ...]) -> tuple[str, ...]:
    first = max(stretches, key=lambda each: each.voted)
    if first.line.slope == 1:
        where = f"at an offset of {round(first.line.origin, 2) + 0.0:+.2f} s"
    else:
        backwards = ", backwards" if first.line.slope < 0 else ""
        where = f"with one at {abs(1 / first.line.slope):.2f} times the speed of the other{backwards}"
    return (
        f"what moves agrees with a correlation of {first.correlation:.2f} {where}; "
        f"half a second and a second beside it at most {max(first.control, 0.0):.2f}",
        f"{sum(each.voted for each in stretches):.1f} s of movement agree, segments: {len(stretches)}",
    )
