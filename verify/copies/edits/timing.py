"""Edits of time, read off the segments: what was cut away, put in, moved, repeated, turned round, sped up.

Two inputs share segments, each with its place in both. Seconds of a that no segment holds were trimmed
(at a's ends) or removed; seconds of b that none holds were inserted; a's seconds that lie in two segments
are shown twice; segments that follow each other in another order were moved; and every segment has its own
speed and direction.

Limits: no finer than the segments are placed. What a still image shows has no time.

Error rates: those of the segments.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from verify.model import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verify.model import Media, Segment
    from verify.settings import CopySettings, EditSettings

_ZERO = Fraction(0)


def cuts(
    a: Media, b: Media, segments: Sequence[Segment], limits: CopySettings, held: Sequence[Span] = ()
) -> Iterator[Edit]:
    """Seconds that one has and the other lacks: trim, removed, inserted.

    Args:
        a: the first input.
        b: the second.
        segments: what they share.
        limits: `gap` is what is too short to be sure of.
        held: seconds of b that are named otherwise, as frozen.
    """
    if not a.duration or not b.duration:
        return
    for gap in gaps(a.duration, [segment.a for segment in segments], limits):
        kind = "trim" if gap.start == 0 or gap.end == a.duration else "removed"
        yield Edit(kind, f"{seconds(gap)} of {a.id} are not found in {b.id}.", a=gap)
    for gap in gaps(b.duration, [*(segment.b for segment in segments), *held], limits):
        yield Edit("inserted", f"{seconds(gap)} of {b.id} are not found in {a.id}.", b=gap)


def gaps(duration: Fraction, used: Sequence[Span], limits: CopySettings) -> list[Span]:
    """The stretches of `[0, duration)` that no segment covers, those too short to be sure of left out."""
    found, reached = [], _ZERO
    for span in sorted(used):
        if span.start - reached > limits.gap:
            found.append(Span(reached, span.start))
        reached = max(reached, span.end)
    if duration - reached > limits.gap:
        found.append(Span(reached, duration))
    return found


def order(
    a: Media, b: Media, segments: Sequence[Segment], limits: EditSettings, held: Sequence[Span] = ()
) -> Iterator[Edit]:
    """Stretches of a that b shows again, or in another order than a does.

    Args:
        a: the first input.
        b: the second.
        segments: what they share.
        limits: of this room.
        held: seconds of b that show one picture; into these, segments reach from both sides.
    """
    shown = sorted(segments, key=lambda segment: segment.b)
    again: list[Segment] = []
    for index, later in enumerate(shown):
        for earlier in shown[:index]:
            common = later.a.meets(earlier.a)
            if common is None or _mostly(b_of(later, common), held) or _mostly(b_of(earlier, common), held):
                continue
            if common.length > max(limits.repeat, 2 * later.uncertainty):
                again.append(later)
                words = f"{b.id} shows {_spoken(common)} of {a.id} again at {_spoken(b_of(later, common))}."
                yield Edit("repeated", words, common, b_of(later, common))
                break
    once = [segment for segment in shown if segment not in again]
    kept = _in_order(once)
    for segment in once:
        if segment not in kept:
            words = (
                f"{_spoken(segment.a)} of {a.id} stand at {_spoken(segment.b)} of {b.id}: "
                "its stretches follow each other in another order."
            )
            yield Edit("reordered", _sentence(words), segment.a, segment.b)


def pace(a: Media, b: Media, segments: Sequence[Segment], limits: EditSettings) -> Iterator[Edit]:
    """Stretches that run backwards or at another speed, neighbours of one kind told as one."""
    shown = sorted((each for each in segments if each.a.length), key=lambda segment: segment.b)
    for run in _runs(shown, [segment.reversed for segment in shown]):
        if run[0].reversed:
            spans = _around(run)
            words = f"{b.id} shows {_spoken(spans[0])} of {a.id} backwards."
            yield Edit("reversed", words, *spans)
    speeds = [round(segment.speed, 2) for segment in shown]
    for run in _runs(shown, speeds):
        speed = sum(each.speed * float(each.a.length) for each in run) / float(
            sum(each.a.length for each in run)
        )
        drift = max(abs(float(each.a.length - each.b.length)) for each in run)
        if abs(speed - 1) > limits.speed and drift > limits.drift:
            spans = _around(run)
            faster = "faster" if speed > 1 else "slower"
            words = f"{_spoken(spans[0])} of {a.id} run {faster} in {b.id}, at {speed:.2f} times their speed."
            parameters = {"speed": round(speed, 4)}
            yield Edit("speed", _sentence(words), *spans, parameters=parameters)


def b_of(segment: Segment, a: Span) -> Span:
    """Seconds of b that show seconds of a which lie in the segment."""
    times = sorted(b_time(segment, time) for time in (a.start, a.end))
    return Span(max(segment.b.start, times[0]), max(segment.b.start, min(segment.b.end, times[1])))


def a_of(segment: Segment, b: Span) -> Span:
    """Seconds of a that seconds of b which lie in the segment show."""
    if not segment.a.length or not segment.b.length:
        return segment.a
    times = sorted(max(_ZERO, a_time(segment, time)) for time in (b.start, b.end))
    return Span(times[0], times[1])


def b_time(segment: Segment, time: Fraction) -> Fraction:
    """The second of b that shows a second of a."""
    step = (time - segment.a.start) / Fraction(segment.speed).limit_denominator(10**6)
    return segment.b.end - step if segment.reversed else segment.b.start + step


def a_time(segment: Segment, time: Fraction) -> Fraction:
    """The second of a that a second of b shows."""
    step = segment.b.end - time if segment.reversed else time - segment.b.start
    return segment.a.start + step * Fraction(segment.speed).limit_denominator(10**6)


def seconds(span: Span) -> str:
    """A span in words, to begin a sentence with."""
    return f"Seconds {float(span.start):.2f} to {float(span.end):.2f}"


def _mostly(span: Span, held: Sequence[Span]) -> bool:
    """Whether half of a span or more lies in others."""
    shared = [common.length for each in held if (common := each.meets(span)) is not None]
    return sum(shared, _ZERO) * 2 >= span.length > 0


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]


def _spoken(span: Span) -> str:
    return f"seconds {float(span.start):.2f} to {float(span.end):.2f}"


def _runs(segments: Sequence[Segment], values: Sequence[object]) -> Iterator[list[Segment]]:
    """Neighbouring segments with one value."""
    if not segments:
        return
    run = [segments[0]]
    for (_, before), (segment, value) in pairwise(zip(segments, values, strict=True)):
        if value != before:
            yield run
            run = []
        run.append(segment)
    yield run


def _around(run: Sequence[Segment]) -> tuple[Span, Span]:
    return (
        Span(min(each.a.start for each in run), max(each.a.end for each in run)),
        Span(min(each.b.start for each in run), max(each.b.end for each in run)),
    )


def _in_order(shown: Sequence[Segment]) -> list[Segment]:
    """Of segments in b's order, those that stand in a's order too and together last longest."""
    best: list[tuple[Fraction, list[Segment]]] = []
    for segment in shown:
        before = [each for each in best if each[1][-1].a.start <= segment.a.start]
        length, chain = max(before, key=lambda each: each[0], default=(_ZERO, []))
        best.append((length + segment.a.length, [*chain, segment]))
    return max(best, key=lambda each: each[0], default=(_ZERO, []))[1]
