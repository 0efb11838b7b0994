"""Breaks: whether a clip goes on without a break where the stretch that it shares with another ends.

A copy that was cut out of a clip ends where the clip goes on; a copy from which seconds were taken out, or
whose stretches were put in another order, jumps where the clip goes on. So at each end of each shared stretch
it is asked of both: does the clip end here, does the picture change at a stroke, or does it go on moving as
before? A clip that goes on where the other ends or jumps has more of the recording. That a clip is longer
proves nothing by itself: a compilation is longer than the clips in it, and it jumps where they begin and end.

Read off the tracks' tiny pictures, fifteen a second, and off the shots. Going on means: no change around the
end that stands out from those beside it, and half a second beyond it of picture that moves as that within
does and that no other shared stretch holds.

Limits: a slow dissolve into other footage passes for going on. A cut between two pictures that are much
alike is not seen; a clip whose source was itself cut at that place is taken for one that was pieced together,
and nothing is said.

Error rates: see copies.nearer.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from verify.copies.judgement import Subject
    from verify.model import Segment, Span
    from verify.settings import SourceSettings


class At(StrEnum):
    """What a clip does where a shared stretch ends."""

    END = "ends"  # the clip begins or ends here
    BREAK = "jumps"
    MORE = "goes on, with seconds that the other lacks"
    ON = "goes on"  # with seconds that another shared stretch holds
    UNSURE = "cannot be told"


def ends(
    one: Subject, two: Subject, segments: Sequence[Segment], limits: SourceSettings
) -> Iterator[tuple[At, At, float, float]]:
    """For each end of each shared stretch: what a does there, what b does, and the seconds of both."""
    for segment in segments:
        firsts = (
            (segment.a.start, segment.b.end, 1)
            if segment.reversed
            else (segment.a.start, segment.b.start, -1)
        )
        lasts = (
            (segment.a.end, segment.b.start, -1) if segment.reversed else (segment.a.end, segment.b.end, 1)
        )
        for a, b, side_b, side_a in ((*firsts, -1), (*lasts, 1)):
            at_a = _at(one, float(a), side_a, [each.a for each in segments], limits)
            at_b = _at(two, float(b), side_b, [each.b for each in segments], limits)
            yield at_a, at_b, float(a), float(b)


def _at(clip: Subject, time: float, side: int, used: Sequence[Span], limits: SourceSettings) -> At:
    """What a clip does at `time`, seen from the shared stretch; `side` is 1 for later, -1 for earlier."""
    room = clip.track.end - time if side > 0 else time
    if room < limits.end_slack:
        return At.END
    if any(abs(float(shot.start) - time) < limits.break_reach for shot in clip.media.shots if shot.start):
        return At.BREAK
    step = _step(clip, time, side, limits)
    if step is None:
        return At.UNSURE
    stands_out, likeness, lively = step
    other = likeness < limits.break_other and stands_out > limits.smooth_jump
    if other or (likeness < limits.break_unlike and stands_out > limits.break_jump):
        return At.BREAK
    if room < limits.beyond or not lively:
        return At.UNSURE
    if stands_out > limits.smooth_jump and likeness < limits.smooth_like:
        return At.UNSURE
    beyond = sorted((time, time + side * limits.beyond))
    held = sum(max(0.0, min(beyond[1], float(span.end)) - max(beyond[0], float(span.start))) for span in used)
    return At.MORE if held <= limits.end_slack else At.ON


def _step(clip: Subject, time: float, side: int, limits: SourceSettings) -> tuple[float, float, bool] | None:
    """The largest change near `time` over the usual, the likeness across it, whether what is beyond moves."""
    every = clip.track.tiny_times
    near = np.flatnonzero(np.abs(every - time) <= limits.around_seconds)
    if len(near) < limits.least_pictures:
        return None
    times, shown = every[near], clip.track.tiny[near].reshape(len(near), -1).astype(np.float32)
    unlike = 1 - np.array([_alike(one, two) for one, two in pairwise(shown)])
    middle = (times[1:] + times[:-1]) / 2
    close = np.abs(middle - time) <= limits.break_reach
    beyond = (middle - time) * side > 0
    inner, outer = ~beyond & ~close, beyond & ~close
    if not close.any() or not inner.any() or not outer.any():
        return None
    usual = max(float(np.quantile(unlike[~close], 0.9)), limits.least_unlike)
    most = float(unlike[close].max())
    change = np.sqrt(((shown[1:] - shown[:-1]) ** 2).mean(axis=1))
    contrast = shown[1:].std(axis=1)
    lively = float(np.median(change[outer])) >= limits.lively * max(
        float(np.median(change[inner])), 1e-6
    ) and float(np.median(contrast[outer])) >= limits.shows * float(np.median(contrast[inner]))
    return most / usual, 1 - most, lively


def _alike(one: NDArray[np.float32], two: NDArray[np.float32]) -> float:
    one, two = one - one.mean(), two - two.mean()
    return float((one * two).sum() / max(float(np.sqrt((one**2).sum() * (two**2).sum())), 1e-6))
