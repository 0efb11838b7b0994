"""Two copies seen at once: aligned frames of both, brought onto one grid as fine as the finer of them.

A few moments are spread over the longest stretch that the two share; nothing is softened on the way, so that
what one has lost stays visible beside the other.

Limits: where the two have more pixels than the grid holds, its middle is looked at, not all of the picture.

Error rates: not measured by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.copies.moments import shown
from verify.geometry import fit
from verify.model import Box

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from verify.copies.moments import Moments
    from verify.model import Media, Segment
    from verify.settings import SourceSettings


@dataclass(frozen=True, eq=False, slots=True)
class Sight:
    """One moment."""

    a: NDArray[np.uint8]  # (H, W, 3) a's whole picture, RGB
    b: NDArray[np.uint8]  # b's
    ours: NDArray[np.uint8]  # (h, w, 3) a's on the grid
    theirs: NDArray[np.uint8]  # b's on the grid
    inside: NDArray[np.bool_]  # (h, w) where both have picture


def sights(a: Media, b: Media, segment: Segment, looked: Moments, limits: SourceSettings) -> Iterator[Sight]:
    """Both inputs at aligned moments of a segment.

    Raises:
        UnreadableMediaError: a picture could not be decoded.
    """
    ours = shown(a, [time for time, _ in looked], limits.side)
    theirs = shown(b, [time for _, time in looked], limits.side)
    for one, two in zip(ours, theirs, strict=True):
        yield _sight(one, two, segment, limits)


def _sight(a: NDArray[np.uint8], b: NDArray[np.uint8], segment: Segment, limits: SourceSettings) -> Sight:
    size, to_a = _grid(a, b, segment, limits)
    to_b = np.array(segment.homography) @ to_a
    ours, here = _seen(a, to_a, size)
    theirs, there = _seen(b, to_b, size)
    return Sight(a, b, ours, theirs, here & there)


def _grid(
    a: NDArray[np.uint8], b: NDArray[np.uint8], segment: Segment, limits: SourceSettings
) -> tuple[tuple[int, int], NDArray[np.float64]]:
    """Width and height of the grid, and the map from it to fractions of a."""
    box = segment.a_box
    there = fit.carry(np.array(segment.homography), np.array(box.corners)) * (b.shape[1], b.shape[0])
    sides = np.linalg.norm(np.roll(there, -1, axis=0) - there, axis=1)
    if not np.all(np.isfinite(sides)):
        sides = np.zeros(4)
    wide = max(box.width * a.shape[1], sides[0], sides[2])
    high = max(box.height * a.shape[0], sides[1], sides[3])
    shown = Box(box.x, box.y, box.width, box.height)
    if wide > limits.window:
        shown = Box(
            box.x + box.width * (1 - limits.window / wide) / 2,
            shown.y,
            box.width * limits.window / wide,
            shown.height,
        )
    if high > limits.window:
        shown = Box(
            shown.x,
            box.y + box.height * (1 - limits.window / high) / 2,
            shown.width,
            box.height * limits.window / high,
        )
    size = max(1, round(min(wide, limits.window))), max(1, round(min(high, limits.window)))
    to_a = np.array([[shown.width, 0, shown.x], [0, shown.height, shown.y], [0, 0, 1.0]]) @ np.diag(
        [1 / size[0], 1 / size[1], 1.0]
    )
    return size, to_a


def _seen(
    picture: NDArray[np.uint8], to_picture: NDArray[np.float64], size: tuple[int, int]
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """A picture on the grid, and where it reaches."""
    height, width = picture.shape[:2]
    # Fractions count from the corners of pixels, OpenCV's warps from their centres.
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    warp = np.linalg.inv(half) @ np.diag([width, height, 1.0]) @ to_picture @ half
    flags = cv2.WARP_INVERSE_MAP
    seen = cv2.warpPerspective(
        picture, warp, size, flags=flags | cv2.INTER_LANCZOS4, borderMode=cv2.BORDER_REPLICATE
    )
    ones = np.ones((height, width), np.uint8)
    inside = cv2.warpPerspective(ones, warp, size, flags=flags | cv2.INTER_NEAREST)
    return np.asarray(seen, np.uint8), inside > 0
