"""Moments: where two inputs are looked at side by side, and what they show there.

Finding a frame means decoding from the key frame before it, which is dearer than all that is done with the
picture. So the moments of a stretch lie where both files can be entered cheaply, one in each part of it;
everything that looks at the stretch looks at the same moments; and a picture that was decoded is kept for a
while, up to a stated number of bytes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from fractions import Fraction
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.copies.line import Line, of_segment
from verify.media import keyframes, pictures, shrink
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from verify.model import Media, Segment

Moments = tuple[tuple[Fraction, Fraction], ...]  # aligned seconds of a and of b

_LIMITS = SETTINGS.copies


def of(a: Media, b: Media, segment: Segment, count: int) -> Moments:
    """Moments spread over a segment; see `spread`."""
    return spread(a, b, (float(segment.a.start), float(segment.a.end)), of_segment(segment), count)


def spread(a: Media, b: Media, span: tuple[float, float], line: Line, count: int) -> Moments:
    """Moments spread over a common stretch, one in each part of it, at which both show the same frame.

    Args:
        a: the first input.
        b: the second.
        span: seconds of a.
        line: b's seconds by a's.
        count: how many moments.
    """
    slot = (span[1] - span[0]) / count
    times = [_cheapest(a, b, line, span[0] + slot * index, slot) for index in range(count)]
    return tuple(meeting(a, b, line, time) for time in times)


def meeting(a: Media, b: Media, line: Line, time: float) -> tuple[Fraction, Fraction]:
    """Seconds of a and of b near a second of a, at which an offset that is off by a hair does no harm.

    The clip that has fewer frames of the stretch shows each from its start on; the other shows the same when
    one of its own starts there, give or take half of it. Half a frame later both are met, however rounded.
    """
    ours, theirs = _rate(a), _rate(b)
    if not ours or not theirs:
        return exact(time), exact(line.at(time))
    if theirs * abs(line.slope) < ours:
        start = int(line.at(time) * theirs) / theirs
        here, there = line.inverse().at(start), start
    else:
        here = int(time * ours) / ours
        there = line.at(here)
    return exact(here + 0.5 / ours), exact(there + 0.5 / theirs)


def exact(seconds: float) -> Fraction:
    """Seconds to the microsecond, never before the start."""
    return max(Fraction(0), Fraction(seconds).limit_denominator(10**6))


def greys(media: Media, times: Sequence[Fraction], side: int) -> list[NDArray[np.uint8]]:
    """The pictures at `times` in luma, (H, W) 0-255, in the order asked for.

    Raises:
        UnreadableMediaError: a picture could not be decoded.
    """
    return [
        np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
        for picture in shown(media, times, side)
    ]


def shown(media: Media, times: Sequence[Fraction], side: int) -> list[NDArray[np.uint8]]:
    """The pictures at `times`, (H, W, 3) RGB 0-255, longer side at most `side`, in the order asked for.

    Raises:
        UnreadableMediaError: a picture could not be decoded.
    """
    found = {time: shrink(_KEPT[_key(media, time)], side) for time in {*times} if _kept(media, time)}
    missing = sorted({*times} - found.keys())
    for time, picture in zip(missing, _decoded(media, missing), strict=True):
        _keep(media, time, picture)
        found[time] = shrink(picture, side)
    return [found[time] for time in times]


def _cheapest(a: Media, b: Media, line: Line, start: float, slot: float) -> float:
    """The second of a in one part of a stretch at which fewest frames must be decoded before both's own."""
    ours, theirs = keyframes(a.path), keyframes(b.path)
    lead, back = SETTINGS.media.key_lead, line.inverse()
    middle = start + slot / 2
    entered = [*_within(ours, start, start + slot)]
    entered += [back.at(time) for time in _within(theirs, *sorted((line.at(start), line.at(start + slot))))]
    # Not on the key frame itself: it often is the first one after a cut, and an offset may be a frame off.
    told = (time + lead for time in entered)
    tried = [middle, *(time for time in told if start + lead <= time <= start + slot - lead)]

    def cost(time: float) -> tuple[float, float]:
        frames = _run(ours, time, _rate(a)) + _run(theirs, line.at(time), _rate(b))
        return frames, abs(time - middle)

    return min(tried, key=cost)


def _within(times: Sequence[float], low: float, high: float) -> Sequence[float]:
    return times[bisect_right(times, low) : bisect_right(times, high)]


def _run(keys: Sequence[float], time: float, rate: float | None) -> float:
    """About how many frames are decoded to reach a second."""
    before = bisect_right(keys, time)
    return (time - (keys[before - 1] if before else 0.0)) * (rate or 1.0)


def _rate(media: Media) -> float | None:
    return float(media.video.frame_rate) if media.video and media.video.frame_rate else None


# What this process decoded last: inputs are looked at by several questions in turn, and in several pairs.
_KEPT: OrderedDict[tuple[Path, str | None, Fraction], NDArray[np.uint8]] = OrderedDict()


def _key(media: Media, time: Fraction) -> tuple[Path, str | None, Fraction]:
    return media.path, media.sha256, time


def _kept(media: Media, time: Fraction) -> bool:
    key = _key(media, time)
    if key in _KEPT:
        _KEPT.move_to_end(key)
    return key in _KEPT


def _keep(media: Media, time: Fraction, picture: NDArray[np.uint8]) -> None:
    _KEPT[_key(media, time)] = picture
    while sum(each.nbytes for each in _KEPT.values()) > _LIMITS.kept_bytes and len(_KEPT) > 1:
        _KEPT.popitem(last=False)


def _decoded(media: Media, times: Sequence[Fraction]) -> Iterator[NDArray[np.uint8]]:
    if times:
        for picture in pictures(media.path, times, _LIMITS.kept_side, threads=1):
            yield picture.rgb
