"""Whether two sounds are one recording, wherever it lies in each, and what lies under shared pictures.

The sound tracks of two clips are searched for stretches of one recording: at the same speed first, and at
other speeds, with the pitch kept or moved along, where that finds little (copies.hearing); what is found is
followed and placed to some thousandths of a second (copies.listening). Where the pictures of two clips were
found to be one recording, the sound under them is held side by side: it is the same recording, or another,
or that cannot be told.

The same sound under other pictures is said as such, and is never by itself a copy: a song or a broadcast lies
under many recordings. "Different" is said only where both sounds are lively for some seconds under the same
pictures and agree nowhere near; new music laid over a quiet old sound is that, too.

Limits: silence, hum and steady noise tell nothing. Sound that repeats itself exactly, as loops and beeps do,
names no single offset and is not called the same. Sound played backwards is found only under pictures that
are; a pitch that was moved without the speed, or a speed outside 0.5 to 2, is not found. Of long sounds only
some stretches are searched for, so that a short shared stretch in two long clips can be missed.

Error rates, on 12 real sounds of 5 to 39 seconds, which the thresholds were chosen on: all found through
AAC, MP3 and Opus at 16 to 64 kbit/s, telephone speech codecs, equalisers and echo; 11 where it was 20 dB
quieter, or noise or other sound lay over it; 10 or 11 at 0.5 to 1.5 times the speed, and 8 or 9 at twice the
speed, where some are two seconds long. Speeds of stretches under five seconds are up to 4 % off.
No match in 78 pairs of different sounds, nor among their pieces of five seconds, but of one song with itself
later on. tests/benchmarks/sound.py measures the same on other files.

Source: votes of stretches over speed and offset, as A. Wang, "An Industrial-Strength Audio Search Algorithm"
(ISMIR 2003) counts landmarks; the stretches are correlated here, because that needs no peaks to survive.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from verify.copies.hearing import Course, paced, plain, sound_of
from verify.copies.listening import Followed, follow
from verify.copies.sound_under import under
from verify.fingerprint.sound import FIRST, STEP
from verify.model import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify.copies.hearing import Sound
    from verify.fingerprint.sound import SoundTrack
    from verify.model import Relation, Segment
    from verify.settings import SoundSettings

Names = tuple[str, str]
SAME, DIFFERENT = "same_recording", "different"

_NAMES = "the first", "the second"
_TOLD = 4  # stretches that are put into words
_MOSTLY = 0.5  # of a match
_ANOTHER = 0.3  # seconds; lines that are nearer are one
_CLEARER = 1.5  # times as much must be left unexplained at the next best offset


@dataclass(frozen=True, slots=True)
class Shared:
    """A stretch of one recording in both sounds."""

    a: Span
    b: Span
    speed: float  # length in a / length in b
    pitched: bool  # whether the pitch moved along with the speed
    likeness: float  # mean correlation of what agrees, 0 to 1
    seconds: float  # of b, in which it was lively enough to agree


@dataclass(frozen=True, slots=True)
class Heard:
    """What two sounds have in common."""

    state: str | None  # same_recording, or None: nothing was found, or it cannot be told
    shared: tuple[Shared, ...] = ()  # the longest first
    hypotheses: tuple[tuple[float, float], ...] = ()  # (speed, offset): b's time is a's time / speed + offset
    words: tuple[str, ...] = ()  # for `because`

    @property
    def support(self) -> float:
        """Seconds that agree."""
        return sum(each.seconds for each in self.shared)


def over(
    heard: Heard | None,
    one: SoundTrack | None,
    two: SoundTrack | None,
    segments: Sequence[Segment],
    settings: SoundSettings,
    names: Names = _NAMES,
) -> tuple[str | None, tuple[str, ...]]:
    """The state of two sounds under the pictures that two clips share, and words for `because`.

    Args:
        heard: what `compare` gave of the two.
        one: a's sound.
        two: b's sound.
        segments: of the pictures.
        settings: those of sound.
        names: what the two are called in words.

    Returns:
        "same_recording", "different", or None where it cannot be told; and the words.
    """
    if heard is None:
        return None, ()
    found = under(one, two, segments, settings)
    same, other = (sum(end - start for start, end in part) for part in (found.same, found.other))
    if other >= settings.different_least and same <= settings.different_share * other:
        words = f"other sound lies under the shared pictures: {_listed(found.other)} of {names[1]}"
        return DIFFERENT, (words, *heard.words)
    if same >= settings.same_least and heard.state != SAME:
        words = f"the sound under the shared pictures is one recording: {_listed(found.same)} of {names[1]}"
        return SAME, (words,)
    if heard.state == SAME and other >= settings.different_least:
        words = f"under the shared pictures other sound lies in {_listed(found.other)} of {names[1]}"
        return SAME, (*heard.words, words)
    if heard.state == SAME and not segments:
        return SAME, (f"the same sound lies under other pictures: {heard.words[0]}", *heard.words[1:])
    return heard.state, heard.words


def sounded(
    relation: Relation, one: SoundTrack | None, two: SoundTrack | None, settings: SoundSettings
) -> Relation:
    """The relation with what its two sounds say, unless it says something of them already."""
    if relation.sound is not None:
        return relation
    names = relation.a, relation.b
    state, words = over(compare(one, two, settings, names), one, two, relation.segments, settings, names)
    return replace(relation, sound=state, because=(*relation.because, *words))


def _listed(intervals: tuple[tuple[float, float], ...]) -> str:
    longest = sorted(intervals, key=lambda each: each[0] - each[1])[:_TOLD]
    text = ", ".join(f"{start:.1f}-{end:.1f} s" for start, end in sorted(longest))
    return text if len(intervals) <= _TOLD else f"{text} and more"


@dataclass(frozen=True, eq=False, slots=True)
class _Match:
    """A followed line of which enough agrees."""

    followed: Followed
    score: float  # seconds that agree, times how well
    likeness: float
    span: tuple[int, int]  # b's rows, of all that agrees


def compare(
    one: SoundTrack | None, two: SoundTrack | None, settings: SoundSettings, names: Names = _NAMES
) -> Heard | None:
    """What the sound of two clips has in common; None where one of them has none that could tell.

    Args:
        one: a's sound.
        two: b's sound.
        settings: those of sound.
        names: what the two are called in words.
    """
    if one is None or two is None:
        return None
    a, b = sound_of(one, settings), sound_of(two, settings)
    if not (a.lively and b.lively):
        return None
    found = _matches(a, b, plain(a, b), settings.plain_least, settings)
    if not found or found[0].score < settings.plain_enough:
        found += _matches(a, b, paced(a, b), settings.paced_least, settings)
        found.sort(key=lambda each: -each.score)
    if not found:
        return Heard(None)
    lines = _apart(found)
    if _repeats(found):
        words = ("the sound of both repeats itself, so that it fits at several offsets and names none",)
        return Heard(None, (), _hypotheses(lines), words)
    shared = tuple(each for match in lines for each in _stretches(match, settings))
    shared = tuple(sorted(shared, key=lambda each: -each.seconds))
    return Heard(SAME, shared, _hypotheses(lines), _told(shared, names))


def _matches(
    a: Sound, b: Sound, lines: tuple[Course, ...], least: float, settings: SoundSettings
) -> list[_Match]:
    found = []
    for line in lines:
        followed = follow(a.rows, b.rows, line, settings)
        if followed is None:
            continue
        agrees = followed.told & (followed.alike >= settings.vote)
        if not agrees.any():
            continue
        likeness = float(followed.alike[agrees].mean())
        score = followed.seconds(agrees) * likeness
        if score >= least:
            rows = followed.rows[agrees]
            span = int(rows[0]), int(rows[-1]) + followed.length
            found.append(_Match(followed, score, likeness, span))
    return sorted(found, key=lambda each: -each.score)


def _apart(found: list[_Match]) -> list[_Match]:
    """The matches without those that name, for the same part of b, what a stronger one names already."""
    kept: list[_Match] = []
    for match in found:
        if all(_overlap(match, other) < _MOSTLY for other in kept):
            kept.append(match)
    return kept


def _overlap(one: _Match, other: _Match) -> float:
    """Share of the first's rows of b that lie in the second's."""
    start, end = max(one.span[0], other.span[0]), min(one.span[1], other.span[1])
    return max(0, end - start) / max(1, one.span[1] - one.span[0])


def _repeats(found: list[_Match]) -> bool:
    """Whether another offset fits the strongest match's part of b nearly as well."""
    first = found[0]
    middle = sum(first.span) / 2
    for other in found[1:]:
        apart = abs(first.followed.line.a_of(middle) - other.followed.line.a_of(middle)) * STEP
        if apart < _ANOTHER or _overlap(other, first) < _MOSTLY:
            continue
        if other.score > _MOSTLY * first.score and 1 - other.likeness < _CLEARER * (1 - first.likeness):
            return True
    return False


def _stretches(match: _Match, settings: SoundSettings) -> list[Shared]:
    """What agrees along a line, cut where it does not for longer than the settings bridge."""
    followed = match.followed
    line = followed.line
    agrees = np.flatnonzero(followed.told & (followed.alike >= settings.vote))
    # Silence within does not end a stretch; other sound does.
    contrary = np.cumsum(followed.told & (followed.alike < settings.vote))
    step = followed.step
    gaps = np.diff(contrary[agrees]) * step * STEP > settings.bridge
    parts = np.split(agrees, np.flatnonzero(gaps) + 1)
    shared = []
    for part in parts:
        first, last = followed.edges(int(part[0]), int(part[-1]))
        in_a = [line.a_of(row) for row in (first, last)]
        chosen = np.zeros(len(followed.rows), bool)
        chosen[part] = True
        shared.append(
            Shared(
                Span(_exact(in_a[0]), _exact(in_a[1])),
                Span(_exact(first), _exact(last)),
                line.speed,
                line.pitched,
                float(followed.alike[part].mean()),
                followed.seconds(chosen),
            )
        )
    return shared


def _seconds(row: float) -> float:
    """When a place between rows is heard: the middle of row n lies at n + 1/2."""
    return FIRST + (row - 0.5) * STEP


def _exact(row: float) -> Fraction:
    return Fraction(max(0, round(_seconds(row) * 1000)), 1000)


def _hypotheses(lines: list[_Match]) -> tuple[tuple[float, float], ...]:
    named = []
    for match in lines:
        line = match.followed.line
        named.append((line.speed, _seconds(line.at_b) - _seconds(line.at_a) / line.speed))
    return tuple(named)


def _told(shared: tuple[Shared, ...], names: Names) -> tuple[str, ...]:
    words = []
    for each in shared[:_TOLD]:
        how = "" if each.speed == 1 else f", at {each.speed:.3f} times the speed"
        if how:
            how += " and its pitch moved along," if each.pitched else " with its pitch kept,"
        words.append(
            f"{_span(each.a)} of {names[0]} and {_span(each.b)} of {names[1]}{how} are one sound recording "
            f"(correlation {each.likeness:.2f} over {each.seconds:.0f} s)"
        )
    return tuple(words)


def _span(span: Span) -> str:
    return f"{float(span.start):.1f}-{float(span.end):.1f} s"
