"""Steps that turn the picture about, or scale it.

What each one causes in the edit list: a mirror is `mirror`; turning by any angle is `rotate`, and the corners
that it loses are no crop; a steady perspective is what a tripod before a screen gives and has no other word
in the contract: `refilmed`. `resolution` follows from the map and is added by `verify.calibration.making`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.calibration.drawing import Drawing, Size, even, resized, warped
from verify.geometry.fit import MIRROR

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Mirror:
    """Left and right change places."""

    kinds: tuple[str, ...] = ("mirror",)

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        return Drawing(size, lambda moment: np.ascontiguousarray(moment.picture[:, ::-1]), MIRROR)


@dataclass(frozen=True, slots=True)
class QuarterTurn:
    """Turned by 90 degrees to either side."""

    kinds: tuple[str, ...] = ("rotate",)

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        turns = 1 if dice.random() < 0.5 else 3  # counterclockwise, as numpy counts
        left = np.array([[0, 1.0, 0], [-1, 0, 1], [0, 0, 1]])
        matrix = left if turns == 1 else np.array([[0, -1.0, 1], [1, 0, 0], [0, 0, 1]])
        return Drawing(
            (size[1], size[0]), lambda moment: np.ascontiguousarray(np.rot90(moment.picture, turns)), matrix
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """Turned by a few degrees to either side; what is then empty is black."""

    degrees: float
    kinds: tuple[str, ...] = ("rotate",)

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        angle = np.radians(self.degrees if dice.random() < 0.5 else -self.degrees)
        cos, sin, aspect = np.cos(angle), np.sin(angle), size[0] / size[1]
        spin = np.array([[cos, -sin / aspect, 0], [sin * aspect, cos, 0], [0, 0, 1.0]])
        centre = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1.0]])
        return _laid(size, centre @ spin @ np.linalg.inv(centre))


@dataclass(frozen=True, slots=True)
class Perspective:
    """Seen at an angle, as a screen by a camera that stands."""

    reach: float = 0.08  # of the picture, by which each corner moves inwards at most
    kinds: tuple[str, ...] = ("refilmed",)

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        return _laid(size, tilt(self.reach, dice))


@dataclass(frozen=True, slots=True)
class Scale:
    """Fewer pixels, or more."""

    factor: float | None = None  # of each side
    height: int | None = None  # pixels of the shorter side, where it has more
    kinds: tuple[str, ...] = ("resolution",)

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        factor = self.factor if self.factor is not None else min(1.0, (self.height or min(size)) / min(size))
        new = even(size[0] * factor), even(size[1] * factor)
        return Drawing(new, lambda moment: resized(moment.picture, new), kinds=())


def tilt(reach: float, dice: Generator) -> NDArray[np.float64]:
    """A map that brings the picture's corners inwards, each by a third of `reach` to all of it."""
    inwards = dice.uniform(reach / 3, reach, (4, 2)) * [[1, 1], [-1, 1], [-1, -1], [1, -1]]
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    return np.asarray(
        cv2.getPerspectiveTransform(corners, (corners + inwards).astype(np.float32)), np.float64
    )


def _laid(size: Size, matrix: NDArray[np.float64]) -> Drawing:
    black = np.zeros((size[1], size[0], 3), np.uint8)
    return Drawing(size, lambda moment: warped(moment.picture, matrix, black), matrix)
