"""What every step on the picture shares: a size, a map in fractions, and how one picture becomes the next.

Maps are homographies between fractions of pictures, edge to edge: (0, 0) is the outer corner of the first
pixel, not its centre. Where the shared picture lies in either clip follows from them by clipping.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol, cast

import cv2
import numpy as np

from verify.geometry import fit
from verify.model import WHOLE, Box

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]  # (H, W, 3), 0-255, RGB
    Points = NDArray[np.float64]  # (k, 2)

Size = tuple[int, int]  # width, height in pixels
IDENTITY = np.eye(3)


@dataclass(frozen=True, eq=False, slots=True)
class Moment:
    """One frame on its way through the steps."""

    time: Fraction  # seconds of the copy
    picture: Picture
    other: Callable[
        [Size], Picture
    ]  # what other footage shows at this time, or a still background, to fill a size


@dataclass(frozen=True, eq=False, slots=True)
class Drawing:
    """A step made up for one clip: its chances drawn, its sizes known."""

    size: Size  # of the pictures that come out
    draw: Callable[[Moment], Picture]
    matrix: NDArray[np.float64] | None = None  # in -> out, fractions; None: the picture stays in its place
    window: Box = WHOLE  # part of the picture that comes out in which the one that goes in can be seen
    steady: bool = True  # False: the map changes from frame to frame, and `matrix` is its mean
    kinds: tuple[str, ...] | None = None  # edit kinds, where they are fewer than the step's


class PictureStep(Protocol):
    """Changes pictures."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Edit kinds that it causes."""

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """How pictures of `size` are changed, with what is left to chance drawn from `dice`."""


def even(value: float) -> int:
    """The nearest even number of pixels, at least 2."""
    return max(2, round(value / 2) * 2)


def resized(picture: Picture, size: Size) -> Picture:
    """The picture at a size: by area averaging where it gets smaller."""
    if (picture.shape[1], picture.shape[0]) == size:
        return picture
    smaller = size[0] < picture.shape[1] or size[1] < picture.shape[0]
    way = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return cast("Picture", cv2.resize(picture, size, interpolation=way))


def filling(picture: Picture, size: Size) -> Picture:
    """The middle of the picture, scaled to fill a size."""
    height, width = picture.shape[:2]
    scale = max(size[0] / width, size[1] / height)
    across, down = min(width, round(size[0] / scale)), min(height, round(size[1] / scale))
    left, top = (width - across) // 2, (height - down) // 2
    return resized(np.ascontiguousarray(picture[top : top + down, left : left + across]), size)


def to_box(box: Box) -> NDArray[np.float64]:
    """The map that puts the whole picture into a box."""
    return np.array([[box.width, 0, box.x], [0, box.height, box.y], [0, 0, 1.0]])


def from_box(box: Box) -> NDArray[np.float64]:
    """The map that makes a box the whole picture."""
    return fit.inverse(to_box(box))


def warped(picture: Picture, matrix: NDArray[np.float64], onto: Picture) -> Picture:
    """The picture laid onto another through a map in fractions; where it does not reach, that other."""
    into = _centres((onto.shape[1], onto.shape[0])) @ matrix
    pixels = into @ np.linalg.inv(_centres((picture.shape[1], picture.shape[0])))
    size = onto.shape[1], onto.shape[0]
    # dst is written where the picture reaches, and keeps what it holds elsewhere.
    return cast(
        "Picture",
        cv2.warpPerspective(
            picture, pixels, size, dst=onto.copy(), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT
        ),
    )


def clipped(polygon: Points, box: Box) -> Points:
    """The part of a convex polygon inside a box (Sutherland and Hodgman, CACM 1974), or nothing."""
    right, bottom = box.x + box.width, box.y + box.height
    for axis, sign, bound in ((0, 1.0, box.x), (0, -1.0, right), (1, 1.0, box.y), (1, -1.0, bottom)):
        kept: list[Points] = []
        inside = sign * (polygon[:, axis] - bound)
        for at, (here, depth) in enumerate(zip(polygon, inside, strict=True)):
            before, was = polygon[at - 1], inside[at - 1]
            if (depth > 0) != (was > 0):
                kept.append(before + (here - before) * (was / (was - depth)))
            if depth > 0:
                kept.append(here)
        polygon = np.array(kept, np.float64).reshape(-1, 2)
        if len(polygon) < 3:
            return np.empty((0, 2))
    return polygon


def _centres(size: Size) -> NDArray[np.float64]:
    """Fractions to OpenCV's coordinates, in which whole numbers are the pixels' centres."""
    return np.array([[size[0], 0, -0.5], [0, size[1], -0.5], [0, 0, 1.0]])
