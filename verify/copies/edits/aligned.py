"""Aligned pictures: a few moments of both inputs in colour, a's picture brought onto b's.

Each moment has another half a second beside it, because what stays in its place over half a second while the
scene moves on is a mark, and because a place that was sought is cheap to decode on from. Both pictures are
brought to one size, the smaller of theirs, so that neither shows detail that the other cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.copies import moments
from verify.copies.line import of_segment
from verify.copies.moments import shown
from verify.geometry import fit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from verify.copies.moments import Moments
    from verify.model import Media, Segment
    from verify.settings import EditSettings


@dataclass(frozen=True, eq=False, slots=True)
class Aligned:
    """One moment of both inputs."""

    segment: int  # index
    a_time: Fraction
    b_time: Fraction
    brought: NDArray[np.float32]  # (h, w, 3) a's picture on b's, RGB 0-255
    shown: NDArray[np.float32]  # (h, w, 3) b's picture
    inside: NDArray[np.bool_]  # (h, w) where a's picture reaches


def aligned(
    a: Media, b: Media, segments: Sequence[Segment], looked: Sequence[Moments], limits: EditSettings
) -> tuple[Aligned, ...]:
    """The moments that are looked at, in b's order within each segment.

    Args:
        a: the first input.
        b: the second.
        segments: what they share.
        looked: aligned moments of each segment that were decoded before; chosen here where there are none.
        limits: settings.

    Raises:
        UnreadableMediaError: a picture could not be decoded.
    """
    chosen = list(_moments(a, b, segments, looked, limits))
    if not chosen or a.video is None or b.video is None:
        return ()
    main = segments[chosen[0][0]]
    wide, high = _size(a, b, main, limits)
    ours = shown(a, [moment[1] for moment in chosen], max(_goal(np.array(main.homography), (wide, high))))
    theirs = shown(b, [moment[2] for moment in chosen], max(wide, high))
    found = []
    for (index, time_a, time_b), one, two in zip(chosen, ours, theirs, strict=True):
        matrix = np.array(segments[index].homography)
        there = cv2.resize(two, (wide, high), interpolation=cv2.INTER_AREA)
        brought, inside = bring(one, matrix, (wide, high))
        found.append(Aligned(index, time_a, time_b, brought, there.astype(np.float32), inside))
    return tuple(found)


def bring(
    picture: NDArray[np.uint8], matrix: NDArray[np.float64], size: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """A picture carried by a map in fractions onto one of `size` (width, height), and where it reaches.

    It is shrunk to the size it will have before it is turned, so that fine detail does not alias.
    """
    height, width = picture.shape[:2]
    goal = _goal(matrix, size)
    if goal[0] < width and goal[1] < height:
        picture = np.asarray(cv2.resize(picture, goal, interpolation=cv2.INTER_AREA), np.uint8)
        height, width = picture.shape[:2]
    # Fractions count from the corners of pixels, OpenCV's warps from their centres.
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    to_pixels = np.linalg.inv(half) @ np.diag([*size, 1.0])
    from_pixels = np.diag([1 / width, 1 / height, 1.0]) @ half
    warp = to_pixels @ matrix @ from_pixels
    brought = cv2.warpPerspective(
        picture, warp, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    ones = np.ones((height, width), np.uint8)
    inside = cv2.warpPerspective(ones, warp, size, flags=cv2.INTER_NEAREST)
    return brought.astype(np.float32), _to_the_edge(inside > 0)


def _to_the_edge(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A map that is off by a hair leaves a seam along b's edge that a does not reach: close it."""
    for turn in range(4):
        turned = np.rot90(inside, turn)
        seam = max(1, len(turned) // 80)
        if turned[seam].mean() > 0.9 and (turned[:seam].mean() < 0.1 or turned[0].mean() > 0.9):
            turned[:seam] |= turned[seam]
    return inside


def _goal(matrix: NDArray[np.float64], size: tuple[int, int]) -> tuple[int, int]:
    """Width and height that a's whole picture has where it is brought onto one of `size`."""
    corners = fit.carry(matrix, np.array([(0, 0), (1, 0), (1, 1), (0, 1)], float)) * size
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    if not np.all(np.isfinite(sides)):
        return size
    return max(1, round(max(sides[0], sides[2]))), max(1, round(max(sides[1], sides[3])))


def _size(a: Media, b: Media, main: Segment, limits: EditSettings) -> tuple[int, int]:
    """Width and height at which b's picture is looked at: a's shared part is not enlarged for it."""
    assert a.video is not None, "only called with pictures"
    assert b.video is not None, "only called with pictures"
    corners = fit.carry(np.array(main.homography), np.array(main.a_box.corners)) * (
        b.video.width,
        b.video.height,
    )
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    ours = main.a_box.width * a.video.width, main.a_box.height * a.video.height
    enlarged = max(1.0, min(max(sides[0], sides[2]) / ours[0], max(sides[1], sides[3]) / ours[1]))
    longest = max(b.video.width, b.video.height)
    scale = min(1 / enlarged, limits.side / longest)
    return max(limits.least_side, round(b.video.width * scale)), max(
        limits.least_side, round(b.video.height * scale)
    )


def _moments(
    a: Media, b: Media, segments: Sequence[Segment], looked: Sequence[Moments], limits: EditSettings
) -> Iterator[tuple[int, Fraction, Fraction]]:
    """Segment, seconds of a and seconds of b: most places in the longest segment, one in the next ones."""
    longest = sorted(range(len(segments)), key=lambda index: -segments[index].b.length)
    for rank, index in enumerate(longest[: limits.segments]):
        segment = segments[index]
        if not segment.a.length or not segment.b.length:
            # One of them is a still: the other's frame is on screen over the whole of its span.
            yield index, segment.a.start + segment.a.length / 2, segment.b.start + segment.b.length / 2
            continue
        places = _places(a, b, limits) if rank == 0 else 1
        known = looked[index] if looked else moments.of(a, b, segment, places)
        chosen = [known[len(known) * (2 * place + 1) // (2 * places)] for place in range(places)]
        both = {moment for each in chosen for moment in (each, _beside(a, b, segment, each, places, limits))}
        for time_a, time_b in sorted(both, key=lambda moment: moment[1]):
            yield index, time_a, time_b


def _places(a: Media, b: Media, limits: EditSettings) -> int:
    pixels = max(media.video.width * media.video.height for media in (a, b) if media.video)
    return limits.places if pixels <= limits.large else max(1, limits.places - 1)


def _beside(
    a: Media,
    b: Media,
    segment: Segment,
    moment: tuple[Fraction, Fraction],
    places: int,
    limits: EditSettings,
) -> tuple[Fraction, Fraction]:
    """Another moment, half a second of b after one, or before it near the end."""
    step = min(limits.apart, segment.b.length / (3 * places))
    time = moment[1] + (step if moment[1] + step < segment.b.end else -step)
    line = of_segment(segment)
    return moments.meeting(a, b, line, line.inverse().at(float(time)))
