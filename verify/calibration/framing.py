"""Steps that choose what of the picture is shown, and put it among something else.

What each one causes in the edit list: a crop is `crop`; bars on two sides, black or blurred, are `letterbox`;
vertical reframing is `crop` or `letterbox`; an inset, a split screen, a stack and bars on all four sides are
`picture_in_picture`, as the picture then shares the frame with something else. `resolution` follows from the
map and is added by `verify.calibration.making`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.calibration.drawing import (
    Drawing,
    Moment,
    Size,
    even,
    filling,
    from_box,
    resized,
    to_box,
)
from verify.model import Box

if TYPE_CHECKING:
    from numpy.random import Generator

    from verify.calibration.drawing import Picture

_BLUR = 0.04  # of the picture's height, standard deviation of a blurred bar
_BLUR_SIDE = 4  # bars are blurred at a quarter of the size, which nobody sees
_UPRIGHT = 0.75  # width over height below which a picture is upright already


@dataclass(frozen=True, slots=True)
class Crop:
    """Part of the picture, from anywhere in it; half of the time enlarged to the size it had."""

    keep: float  # of each side
    kinds: tuple[str, ...] = ("crop",)

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        return _cropped(size, (even(size[0] * self.keep), even(size[1] * self.keep)), dice, back=True)


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars above and below, or on both sides, or all round."""

    share: float  # of the picture that comes out, which the one that goes in fills along that side
    upright: bool = False  # bars on both sides rather than above and below
    around: bool = False
    kinds: tuple[str, ...] = ("letterbox",)

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        wide = even(size[0] / self.share) if self.upright or self.around else even(size[0])
        high = even(size[1] / self.share) if not self.upright or self.around else even(size[1])
        return _placed(size, (wide, high), _middle(size, (wide, high)), _black)


@dataclass(frozen=True, slots=True)
class Vertical:
    """Reframed to 9:16, or to 16:9 where it is upright already."""

    how: str  # "crop", "black" or "blurred"
    kinds: tuple[str, ...] = ()

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        width, height = size
        aspect = 16 / 9 if width / height < _UPRIGHT else 9 / 16
        if self.how == "crop":
            across, down = (width, width / aspect) if aspect > 1 else (height * aspect, height)
            return _cropped(size, (min(width, even(across)), min(height, even(down))), dice, back=False)
        long = max(size)  # of the new picture too: platforms do not enlarge
        canvas = (even(long), even(long / aspect)) if aspect > 1 else (even(long * aspect), even(long))
        behind = _black if self.how == "black" else _blurred
        return _placed(size, canvas, _middle(size, canvas), behind)


@dataclass(frozen=True, slots=True)
class Inset:
    """A small picture on other footage, or on a still."""

    share: float  # of the width and height
    kinds: tuple[str, ...] = ("picture_in_picture",)

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        canvas = even(size[0]), even(size[1])
        wide, high = even(size[0] * self.share), even(size[1] * self.share)
        edge = round(0.04 * min(canvas))
        left = int(dice.integers(edge, max(edge, canvas[0] - wide - edge) + 1))
        top = int(dice.integers(edge, max(edge, canvas[1] - high - edge) + 1))
        return _placed(size, canvas, (left, top, wide, high), _beside)


@dataclass(frozen=True, slots=True)
class Split:
    """Other footage beside it or below it, each at full size or each cropped to a half."""

    across: bool  # side by side rather than stacked
    kinds: tuple[str, ...] = ("picture_in_picture",)

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        wide, high = even(size[0]), even(size[1])
        canvas = (2 * wide, high) if self.across else (wide, 2 * high)
        second = int(dice.integers(2))
        place = (second * wide, 0) if self.across else (0, second * high)

        def behind(moment: Moment, canvas: Size) -> Picture:
            empty = np.empty((canvas[1], canvas[0], 3), np.uint8)
            left, top = ((1 - second) * wide, 0) if self.across else (0, (1 - second) * high)
            empty[top : top + high, left : left + wide] = moment.other((wide, high))
            return empty

        return _placed(size, canvas, (*place, wide, high), behind)


def _cropped(size: Size, new: Size, dice: Generator, *, back: bool) -> Drawing:
    wide, high = min(size[0], new[0]), min(size[1], new[1])
    left, top = int(dice.integers(size[0] - wide + 1)), int(dice.integers(size[1] - high + 1))
    enlarged = back and bool(dice.random() < 0.5)
    out = (even(size[0]), even(size[1])) if enlarged else (wide, high)
    box = Box(left / size[0], top / size[1], wide / size[0], high / size[1])

    def draw(moment: Moment) -> Picture:
        part = moment.picture[top : top + high, left : left + wide]
        return resized(np.ascontiguousarray(part), out)

    return Drawing(out, draw, from_box(box), kinds=("crop",) if (wide, high) != size else ())


def _placed(
    size: Size,
    canvas: Size,
    place: tuple[int, int, int, int],
    behind: Callable[[Moment, Size], Picture],
) -> Drawing:
    """The picture in a rectangle of pixels (left, top, width, height) on something else."""
    left, top, wide, high = place
    box = Box(left / canvas[0], top / canvas[1], wide / canvas[0], high / canvas[1])

    def draw(moment: Moment) -> Picture:
        out = behind(moment, canvas)
        out[top : top + high, left : left + wide] = resized(moment.picture, (wide, high))
        return out

    full = (wide, high) == canvas
    sides = max(box.width, box.height) >= 1
    kind = "letterbox" if sides and behind in (_black, _blurred) else "picture_in_picture"
    return Drawing(canvas, draw, to_box(box), kinds=() if full else (kind,))


def _middle(size: Size, canvas: Size) -> tuple[int, int, int, int]:
    scale = min(canvas[0] / size[0], canvas[1] / size[1], 1.0)
    wide, high = min(canvas[0], even(size[0] * scale)), min(canvas[1], even(size[1] * scale))
    return (canvas[0] - wide) // 2, (canvas[1] - high) // 2, wide, high


def _black(moment: Moment, canvas: Size) -> Picture:
    return np.zeros((canvas[1], canvas[0], 3), np.uint8)


def _beside(moment: Moment, canvas: Size) -> Picture:
    return moment.other(canvas).copy()


def _blurred(moment: Moment, canvas: Size) -> Picture:
    small = filling(moment.picture, (max(2, canvas[0] // _BLUR_SIDE), max(2, canvas[1] // _BLUR_SIDE)))
    soft = cv2.GaussianBlur(small, (0, 0), _BLUR * small.shape[0])
    return resized(np.asarray(soft, np.uint8), canvas)
