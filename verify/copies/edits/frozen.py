"""Frozen stretches: b shows one picture while a goes on, or holds one picture that a shows for a moment.

Read off the tracks' tiny pictures, fifteen a second: where b's hardly change for half a second or more,
while a's do over the same stretch (b hides what a shows), or, between two stretches that follow each other
in a, while a moves right before and after (a pause was put in), b is frozen there.

Limits: nothing is said where a does not move either: a still scene gives the same pictures. A freeze under
a clock or a caption that changes is not seen.

Error rates: not measured on footage of others; tests/copies has the cases with known truth.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from verify.copies.edits import tiny
from verify.copies.edits.timing import seconds
from verify.model import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from verify.copies.judgement import Subject
    from verify.fingerprint.track import Track
    from verify.model import Segment
    from verify.settings import EditSettings


def frozen(one: Subject, two: Subject, segments: Sequence[Segment], limits: EditSettings) -> list[Edit]:
    """Stretches of b that show one picture while a goes on."""
    if one.still or two.still:
        return []
    return list(_frozen(one, two, segments, limits))


def _frozen(one: Subject, two: Subject, segments: Sequence[Segment], limits: EditSettings) -> Iterator[Edit]:
    a, b = one.media, two.media
    for start, end in _held(two.track, limits):
        held = Span(Fraction(start).limit_denominator(1000), Fraction(end).limit_denominator(1000))
        inside = next((each for each in segments if _share(each.b, held) > 0.5), None)
        if inside is not None:
            common = held.meets(inside.b)
            assert common is not None, "more than half of it lies there"
            times = sorted(
                float(time)
                for time in tiny.a_times(inside, np.array([float(common.start), float(common.end)]))
            )
            if _moves(one.track, times[0], times[1]) < limits.frozen_moves:
                continue
            shown = Span(*(Fraction(max(0.0, time)).limit_denominator(1000) for time in times))
            words = f"{seconds(held)} of {b.id} show one picture, while {a.id} goes on there."
            yield Edit("frozen", words, shown, held)
            continue
        at = _paused(one.track, segments, held, limits)
        if at is not None:
            words = (
                f"{seconds(held)} of {b.id} hold one picture, which {a.id} shows at second {float(at):.2f}."
            )
            yield Edit("frozen", words, Span(at, at), held)


def _paused(track: Track, segments: Sequence[Segment], held: Span, limits: EditSettings) -> Fraction | None:
    """The second of a that b holds over a stretch beside segments; None where a does not move there."""
    slack = Fraction(limits.frozen_slack).limit_denominator(1000)
    for segment in segments:
        for b_end, a_end in _ends(segment):
            if abs(b_end - (held.start if b_end == segment.b.end else held.end)) > slack:
                continue
            around = float(a_end)
            if _moves(track, around - 1, around + 1) >= limits.frozen_moves:
                return a_end
    return None


def _ends(segment: Segment) -> tuple[tuple[Fraction, Fraction], ...]:
    ends = (segment.a.end, segment.a.start) if segment.reversed else (segment.a.start, segment.a.end)
    return ((segment.b.end, ends[1]), (segment.b.start, ends[0]))


def _held(track: Track, limits: EditSettings) -> list[tuple[float, float]]:
    """Stretches in which the pictures hardly change, in a clip that moves otherwise."""
    change = _changes(track)
    if not len(change):
        return []
    level = limits.frozen_level
    if float(np.percentile(change, 75)) < limits.frozen_moves:
        return []
    still = np.r_[False, change < level, False]
    edges = np.flatnonzero(still[1:] != still[:-1])
    times = np.r_[track.tiny_times, track.end]
    found = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        # Changes between pictures first..last are small: they show one picture until the one after differs.
        start, end = float(times[first]), float(times[min(last + 1, len(times) - 1)])
        if end - start >= limits.frozen_least:
            found.append((start, end))
    return found if len(found) <= limits.frozen_most else []


def _changes(track: Track) -> NDArray[np.float32]:
    """Root mean square change of each tiny picture to the next, grey levels, largest quarter of cells."""
    pictures = tiny.grey(track).reshape(len(track.tiny), -1)
    steps = np.sort(np.abs(np.diff(pictures, axis=0)), axis=1)
    most = steps[:, -max(1, steps.shape[1] // 16) :]
    return np.asarray(np.sqrt((most**2).mean(axis=1)), np.float32)


def _moves(track: Track, start: float, end: float) -> float:
    """How much a changes over a stretch, grey levels: the usual change between pictures of it."""
    inside = np.flatnonzero((track.tiny_times >= start - 1e-6) & (track.tiny_times <= end + 1e-6))
    if len(inside) < 3:
        return 0.0
    change = _changes(track)[inside[0] : inside[-1]]
    return float(np.median(change))


def _share(span: Span, held: Span) -> float:
    common = span.meets(held)
    return float(common.length / held.length) if common and held.length else 0.0
