"""Frozen stretches: b shows one picture while a goes on, or holds one picture that a shows for a moment.

Read off the tracks' tiny pictures, fifteen a second, where b's hardly change for half a second or more. Where
a is known to go on over the same stretch, and moves, b hides what a shows; between or beside the stretches
that both share, b holds the picture that it showed last, or shows next: a pause was put in.

Limits: within a shared stretch nothing is said where a does not move either, as a still scene gives the same
pictures, nor where it moves so little that compression may have flattened it. A freeze under a clock or a
caption that changes is not seen.

What is known of errors: a pause put into each of 12 public clips is told in all 12. The thresholds were
chosen on these copies.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from verify.copies.edits import tiny
from verify.copies.edits.timing import a_of, a_time, gaps, seconds
from verify.model import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from verify.copies.judgement import Subject
    from verify.fingerprint.track import Track
    from verify.model import Segment
    from verify.settings import EditSettings, Settings


def frozen(one: Subject, two: Subject, segments: Sequence[Segment], settings: Settings) -> list[Edit]:
    """Stretches of b that show one picture while a goes on, or hold one that both show beside them."""
    if one.still or two.still or two.media.duration is None:
        return []
    held = stood(two.track, settings.edits)
    found = [
        *_paused(one, two, segments, held, settings),
        *_hidden(one, two, segments, held, settings.edits),
    ]
    return found if len(found) <= settings.edits.frozen_most else []


def _hidden(
    one: Subject, two: Subject, segments: Sequence[Segment], held: Sequence[Span], limits: EditSettings
) -> Iterator[Edit]:
    for span in held:
        for segment in segments:
            common = span.meets(segment.b)
            if common is None or common.length < limits.frozen_least:
                continue
            shown = a_of(segment, common)
            theirs, ours = _usual(two.track, common), _expected(one.track, two.track, segment, common)
            if ours >= limits.frozen_moves and theirs < limits.frozen_still * ours:
                words = f"{seconds(common)} of {two.media.id} show one picture, while {one.media.id} goes on."
                yield Edit("frozen", words, shown, common)


def _paused(
    one: Subject, two: Subject, segments: Sequence[Segment], held: Sequence[Span], settings: Settings
) -> Iterator[Edit]:
    assert two.media.duration is not None, "asked for before"
    limits = settings.edits
    for gap in gaps(two.media.duration, [segment.b for segment in segments], settings.copies):
        still = [common for span in held if (common := span.meets(gap)) is not None]
        if sum(float(span.length) for span in still) < limits.frozen_share * float(gap.length):
            continue
        at = _source(two.track, segments, gap, limits)
        if at is not None:
            words = f"{seconds(gap)} of {two.media.id} hold one picture: {one.media.id} at {float(at):.2f} s."
            yield Edit("frozen", words, Span(at, at), gap)


def _source(track: Track, segments: Sequence[Segment], gap: Span, limits: EditSettings) -> Fraction | None:
    """The second of a that b holds after a segment's end or before its start; None where it holds none."""
    slack = Fraction(limits.frozen_slack).limit_denominator(1000)
    times, pictures = track.tiny_times, tiny.grey(track)
    middle = pictures[tiny.rows(times, np.array([float(gap.start + gap.length / 2)]))[0]]
    for segment in segments:
        for end, low, high in (
            (segment.b.end, segment.b.end - slack, segment.b.end),
            (segment.b.start, segment.b.start, segment.b.start + slack),
        ):
            if min(abs(end - gap.start), abs(end - gap.end)) > slack:
                continue
            beside = pictures[(times >= float(low) - 1e-6) & (times <= float(high) + 1e-6)]
            if len(beside) < 2:
                continue
            # One picture further on, a moving camera shows this much else.
            usual = float(np.median(np.abs(np.diff(beside, axis=0)).mean(axis=(1, 2))))
            apart = float(np.abs(beside - middle).mean(axis=(1, 2)).min())
            if apart < max(limits.frozen_alike, 1.5 * usual):
                return max(Fraction(0), a_time(segment, end))
    return None


def stood(track: Track, limits: EditSettings) -> list[Span]:
    """Stretches in which the pictures hardly change."""
    change = _changes(tiny.grey(track))
    if not len(change):
        return []
    # Encoders build a held picture up over some frames: those before it settles belong to it.
    still = change < max(limits.frozen_level, limits.frozen_builds * float(np.percentile(change, 75)))
    edges = np.flatnonzero(np.diff(np.r_[False, still, False]))
    times = np.r_[track.tiny_times, track.end]
    found = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        # The changes from picture `first` on are small: it is shown until the change that is not.
        ends = (float(times[row]) for row in (first, min(last + 1, len(times) - 1)))
        span = Span(*(Fraction(end).limit_denominator(1000) for end in ends))
        settled = float((change[first:last] < limits.frozen_level).mean())
        if span.length >= limits.frozen_least and settled > limits.frozen_settled:
            found.append(span)
    return found


def _usual(track: Track, span: Span) -> float:
    """The usual change between a track's pictures over a stretch, grey levels."""
    inside = (track.tiny_times >= float(span.start) - 1e-6) & (track.tiny_times < float(span.end) - 1e-6)
    changes = _changes(tiny.grey(track)[inside])
    return float(np.median(changes)) if len(changes) else 0.0


def _expected(one: Track, two: Track, segment: Segment, common: Span) -> float:
    """The usual change between b's pictures over a stretch, as a's make it where they lie in b."""
    times = two.tiny_times
    inside = np.flatnonzero((times >= float(common.start) - 1e-6) & (times <= float(common.end) + 1e-6))
    rows = tiny.rows(one.tiny_times, tiny.a_times(segment, times[inside]))
    shown, reached = tiny.brought(tiny.grey(one)[rows], segment)
    return float(np.median(_changes(shown * reached))) if len(shown) > 2 else 0.0


def _changes(pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    """Root mean square change of each tiny picture to the next in the cells that change most, grey levels."""
    flat = pictures.reshape(len(pictures), -1)
    steps = np.sort(np.abs(np.diff(flat, axis=0)), axis=1)
    most = steps[:, -max(1, steps.shape[1] // 16) :]
    return np.asarray(np.sqrt((most**2).mean(axis=1)), np.float32)
