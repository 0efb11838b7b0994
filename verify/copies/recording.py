"""One recording: where and how two aligned clips lie in each other, and what turns one into the other.

A seed's two moments are up to a second apart, and its map as far off as the camera moved meanwhile. So a few
aligned moments are laid on each other in larger pictures, the clips are aligned again with the better map,
every common stretch is placed by its frames, and the map is fitted once more where that moved it.

Error rates: those of its steps; see copies.votes and copies.exact.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from verify.copies import align, edits, exact, refine
from verify.copies.judgement import Judgement
from verify.copies.nearer import nearer
from verify.copies.rhythm import RATE
from verify.geometry import fit
from verify.model import WHOLE, Footage, Relation, RelationKind, Segment, Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from verify.copies.judgement import Subject
    from verify.model import Media
    from verify.settings import Settings


def recording(one: Subject, two: Subject, found: align.Alignment, settings: Settings) -> Judgement:
    """The copy relation of two clips whose alignment establishes one recording.

    Raises:
        UnreadableMediaError: a picture could not be decoded.
    """
    a, b = one.media, two.media
    aligned, laid, moments = _laid(one, two, found, settings)
    matrix = laid.matrix if laid else aligned.matrix
    placed = [exact.place(a, b, matrix, each, settings.copies) for each in aligned.stretches]
    stretches = tuple(each.stretch for each in placed)
    closer = _moments(stretches, a, b, settings)
    if laid and closer != moments:
        moments = closer
        laid = refine.lay(a, b, matrix, moments, settings) or laid
        matrix = laid.matrix
    segments = tuple(_segment(each, matrix) for each in placed)
    edited = edits.edits(one, two, segments, settings)
    which, why = nearer(one, two, segments, edited.steps, settings)
    relation = Relation(
        a.id,
        b.id,
        RelationKind.COPY,
        (*_words(stretches), *refine.laid_words(laid), *why),
        footage=Footage.ESTABLISHED,
        segments=segments,
        edits=edited.steps,
        residual=edited.residual,
        nearer_source=which,
    )
    return Judgement(relation, moments)


def _laid(
    one: Subject, two: Subject, found: align.Alignment, settings: Settings
) -> tuple[align.Alignment, refine.Laid | None, refine.Moments]:
    """The alignment with the map from aligned moments where more agrees by it, and those moments."""
    a, b = one.media, two.media
    moments = _moments(found.stretches, a, b, settings)
    laid = refine.lay(a, b, found.matrix, moments, settings)
    if laid is None:
        return found, None, moments
    again = align.align(one.track, two.track, (replace(found.seed, matrix=laid.matrix),), settings.copies)
    if again is None or align.merit(again) <= align.merit(found):
        return found, laid, moments
    moments = _moments(again.stretches, a, b, settings)
    return again, refine.lay(a, b, laid.matrix, moments, settings) or laid, moments


def _moments(stretches: tuple[align.Stretch, ...], a: Media, b: Media, settings: Settings) -> refine.Moments:
    """Aligned moments spread over the longest stretch."""
    longest = max(stretches, key=lambda each: each.a[1] - each.a[0])
    rates = a.video.frame_rate if a.video else None, b.video.frame_rate if b.video else None
    return refine.moments(longest.a, longest.line, rates, settings.copies.moments)


def _segment(placed: exact.Exact, matrix: NDArray[np.float64]) -> Segment:
    found = placed.stretch
    unsure = placed.uncertainty if placed.uncertainty is not None else 1 / (2 * RATE)
    spans = _span(found.a), _span(found.b)
    laid = segment(*spans, matrix, min(1.0, max(0.0, found.likeness)))
    return replace(
        laid,
        speed=1.0 if abs(found.line.slope) == 1 else float(spans[0].length / spans[1].length),
        reversed=found.line.slope < 0,
        uncertainty=Fraction(unsure).limit_denominator(1000),
    )


def segment(a: Span, b: Span, matrix: NDArray[np.float64], score: float) -> Segment:
    """A segment at the tempo of both, whose pictures lie on each other by a map."""
    shared = fit.shared_boxes(matrix) or (WHOLE, WHOLE)
    return Segment(a, b, fit.mirrors(matrix), *shared, fit.as_matrix(matrix), score)


def _span(seconds: tuple[float, float]) -> Span:
    return Span(refine.exact(seconds[0]), refine.exact(seconds[1]))


def _words(stretches: tuple[align.Stretch, ...]) -> tuple[str, ...]:
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
