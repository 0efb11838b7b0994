"""Steps that change how the picture looks and leave everything where it is.

What each one causes in the edit list: brightness, contrast, gamma, saturation, grey, sepia and hue are
`colour`. Blur, sharpening, noise and pixelation have no word in the contract and cause none: they are there
to be survived.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from verify.calibration.drawing import Drawing, Moment, Size

if TYPE_CHECKING:
    from numpy.random import Generator

    from verify.calibration.drawing import Picture

_SEPIA = np.array([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]], np.float32)
_GREY = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601


@dataclass(frozen=True, slots=True)
class Tone:
    """One curve for all three colours: `contrast * x + brightness`, then a power."""

    brightness: float = 0.0  # of the full range
    contrast: float = 1.0
    gamma: float = 1.0
    kinds: tuple[str, ...] = ("colour",)

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        level = np.arange(256) / 255
        bent = np.clip((level - 0.5) * self.contrast + 0.5 + self.brightness, 0, 1) ** (1 / self.gamma)
        table = np.round(bent * 255).astype(np.uint8)
        return _each(size, lambda picture: cv2.LUT(picture, table))


@dataclass(frozen=True, slots=True)
class Mix:
    """Colours mixed with each other: 0 is grey, 1 is as it was, 2 is garish; or sepia."""

    saturation: float = 1.0
    sepia: bool = False
    kinds: tuple[str, ...] = ("colour",)

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        grey = np.tile(_GREY, (3, 1))
        mix = _SEPIA if self.sepia else grey + self.saturation * (np.eye(3, dtype=np.float32) - grey)
        return _each(size, lambda picture: cv2.transform(picture, mix))


@dataclass(frozen=True, slots=True)
class Hue:
    """Every hue turned round the colour circle."""

    degrees: float = 60.0
    kinds: tuple[str, ...] = ("colour",)

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        turn = (np.arange(256) + round(self.degrees / 2)) % 180  # OpenCV counts hues in steps of two degrees
        table = np.stack([turn, np.arange(256), np.arange(256)], axis=1).astype(np.uint8)[None]

        def draw(picture: Picture) -> Picture:
            hues = cv2.LUT(cv2.cvtColor(picture, cv2.COLOR_RGB2HSV), table)
            return cast("Picture", cv2.cvtColor(hues, cv2.COLOR_HSV2RGB))

        return _each(size, draw)


@dataclass(frozen=True, slots=True)
class Blur:
    """Out of focus."""

    spread: float = 0.006  # of the longer side, standard deviation
    kinds: tuple[str, ...] = ()

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        spread = max(0.6, self.spread * max(size))
        return _each(size, lambda picture: cv2.GaussianBlur(picture, (0, 0), spread))


@dataclass(frozen=True, slots=True)
class Sharpen:
    """Edges made harder, as phones do."""

    strength: float = 1.5
    kinds: tuple[str, ...] = ()

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""

        def draw(picture: Picture) -> Picture:
            soft = cv2.GaussianBlur(picture, (0, 0), 1.5)
            return cast("Picture", cv2.addWeighted(picture, 1 + self.strength, soft, -self.strength, 0))

        return _each(size, draw)


@dataclass(frozen=True, slots=True)
class Noise:
    """Grain, new in every frame."""

    spread: float = 18.0  # grey levels, standard deviation
    kinds: tuple[str, ...] = ()

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        # Parts of one larger field of noise: drawing each frame's anew costs more than encoding it.
        field = dice.normal(0, self.spread, (size[1] + 64, size[0] + 64, 3)).astype(np.int16)

        def draw(picture: Picture) -> Picture:
            left, top = (int(at) for at in dice.integers(0, 64, 2))
            part = field[top : top + size[1], left : left + size[0]]
            return cast("Picture", cv2.add(picture, part, dtype=cv2.CV_8U))

        return _each(size, draw)


@dataclass(frozen=True, slots=True)
class Pixelate:
    """Coarse squares."""

    share: float = 0.012  # of the longer side, a square's
    kinds: tuple[str, ...] = ()

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        side = max(2, round(self.share * max(size)))
        coarse = max(1, size[0] // side), max(1, size[1] // side)

        def draw(picture: Picture) -> Picture:
            small = cv2.resize(picture, coarse, interpolation=cv2.INTER_AREA)
            return cast("Picture", cv2.resize(small, size, interpolation=cv2.INTER_NEAREST))

        return _each(size, draw)


def _each(size: Size, change: Callable[[Picture], Picture]) -> Drawing:
    def draw(moment: Moment) -> Picture:
        return change(moment.picture)

    return Drawing(size, draw)
