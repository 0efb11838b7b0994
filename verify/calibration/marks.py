"""Steps that lay graphics over the picture.

What each one causes in the edit list: logos, emoji and watermarks are `overlay`; caption bars and subtitles
are `caption`. They hide what is under them and move nothing, so they change no box and no map.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from verify.calibration.drawing import Drawing, Moment, Size

if TYPE_CHECKING:
    from numpy.random import Generator

    from verify.calibration.drawing import Picture

_FONT = cv2.FONT_HERSHEY_DUPLEX
_FONT_PIXELS = 22.0  # height of a capital letter at scale 1
_WORDS = (
    "BREAKING", "live", "just now", "residents", "say", "the", "moment", "over", "square", "video", "shows",
    "what", "happened", "here", "tonight", "watch", "until", "end", "sent", "by", "a", "reader", "share",
)  # fmt: skip
_SUBTITLE_SECONDS = (1.5, 3.0)  # of one line


@dataclass(frozen=True, slots=True)
class Logo:
    """A station's mark in a corner: a coloured shape with letters."""

    share: float = 0.16  # of the picture's width
    kinds: tuple[str, ...] = ("overlay",)

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        wide = max(12, round(size[0] * self.share))
        high = max(8, round(wide * float(dice.uniform(0.3, 0.7))))
        mark = np.empty((high, wide, 3), np.uint8)
        mark[:] = dice.integers(0, 256, 3)
        ink = _contrast(mark[0, 0])
        cv2.ellipse(mark, (wide // 4, high // 2), (wide // 6, high // 3), 0, 0, 360, ink, -1, cv2.LINE_AA)
        letters = "".join(chr(int(code)) for code in dice.integers(65, 91, 2))
        _write(mark, letters, (wide // 2, round(high * 0.65)), high * 0.35, ink)
        return _pasted(size, mark, _corner(size, (wide, high), dice), 1.0)


@dataclass(frozen=True, slots=True)
class Emoji:
    """A few round faces anywhere."""

    count: int = 2
    kinds: tuple[str, ...] = ("overlay",)

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        side = max(12, round(min(size) * 0.2))
        layer = np.zeros((size[1], size[0], 3), np.uint8)
        cover = np.zeros((size[1], size[0]), np.uint8)
        for _ in range(self.count):
            x, y = (int(dice.integers(side // 2, max(side // 2 + 1, edge - side // 2))) for edge in size)
            for at in (layer, cover):
                yellow = (255, 205, 40) if at is layer else 255
                cv2.circle(at, (x, y), side // 2, yellow, -1, cv2.LINE_AA)
            for eye in (-1, 1):
                cv2.circle(layer, (x + eye * side // 6, y - side // 8), max(1, side // 14), (60, 40, 10), -1)
            mouth = side // 4, side // 6
            cv2.ellipse(layer, (x, y + side // 12), mouth, 0, 0, 180, (60, 40, 10), max(1, side // 20))
        return _blended(size, layer, cover)


@dataclass(frozen=True, slots=True)
class Watermark:
    """Pale letters across the whole picture, again and again."""

    strength: float = 0.3  # opacity
    kinds: tuple[str, ...] = ("overlay",)

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        words = " ".join(_phrase(dice, 2)).upper()
        cover = np.zeros((size[1], size[0]), np.uint8)
        high = size[1] * 0.05
        for row in range(5):
            left = round((row % 2 - 0.5) * 0.3 * size[0])
            for column in range(3):
                at = left + round(column * size[0] * 0.5), round((row + 0.6) * size[1] / 5)
                _write(cover, words, at, high, (255,))
        layer = np.full((size[1], size[0], 3), 255, np.uint8)
        return _blended(size, layer, np.asarray(cover * self.strength, np.uint8))


@dataclass(frozen=True, slots=True)
class CaptionBar:
    """A band with a headline, at the bottom or at the top."""

    share: float = 0.18  # of the picture's height
    kinds: tuple[str, ...] = ("caption",)

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        high = max(8, round(size[1] * self.share))
        band = np.empty((high, size[0], 3), np.uint8)
        band[:] = dice.integers(0, 256, 3)
        ink = _contrast(band[0, 0])
        for line in range(2):
            words = " ".join(_phrase(dice, 6))
            at = round(size[0] * 0.04), round(high * (0.42 + 0.42 * line))
            _write(band, words, at, _fitting(words, high * 0.24, size[0] * 0.92), ink)
        top = 0 if dice.random() < 0.25 else size[1] - high
        return _pasted(size, band, (0, top), 1.0)


@dataclass(frozen=True, slots=True)
class Subtitles:
    """Lines of text near the bottom that change every few seconds."""

    kinds: tuple[str, ...] = ("caption",)

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        seconds = Fraction(round(dice.uniform(*_SUBTITLE_SECONDS) * 1000), 1000)
        lines = [" ".join(_phrase(dice, 5)) for _ in range(16)]

        def draw(moment: Moment) -> Picture:
            count, into = divmod(moment.time, seconds)
            if into > seconds * Fraction(9, 10):  # a pause between two lines
                return moment.picture
            out = moment.picture.copy()
            words = lines[int(count) % len(lines)]
            high = _fitting(words, size[1] * 0.055, size[0] * 0.8)
            at = round(size[0] * 0.1), round(size[1] * 0.9)
            _write(out, words, at, high, (0, 0, 0), 3.0)
            _write(out, words, at, high, (255, 255, 255))
            return out

        return Drawing(size, draw)


def _phrase(dice: Generator, words: int) -> list[str]:
    return [_WORDS[int(at)] for at in dice.integers(0, len(_WORDS), words)]


def _contrast(colour: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> tuple[int, int, int]:
    return (20, 20, 20) if float(colour.mean()) > 127 else (240, 240, 240)


def _write(
    onto: np.ndarray[tuple[int, ...], np.dtype[np.uint8]],
    words: str,
    at: tuple[int, int],
    high: float,
    ink: tuple[int, ...],
    bold: float = 1.0,
) -> None:
    """Words with their baseline's left end at a pixel, capital letters `high` pixels tall."""
    scale = high / _FONT_PIXELS
    cv2.putText(onto, words, at, _FONT, scale, ink, max(1, round(scale * 2 * bold)), cv2.LINE_AA)


def _fitting(words: str, high: float, room: float) -> float:
    """The height of capital letters, at most `high`, at which the words are no longer than `room` pixels."""
    long = float(cv2.getTextSize(words, _FONT, 1.0, 2)[0][0])
    return min(high, room * _FONT_PIXELS / long)


def _corner(size: Size, mark: Size, dice: Generator) -> tuple[int, int]:
    edge = round(0.04 * min(size))
    left = edge if dice.random() < 0.5 else max(0, size[0] - mark[0] - edge)
    top = edge if dice.random() < 0.5 else max(0, size[1] - mark[1] - edge)
    return left, top


def _pasted(size: Size, mark: Picture, at: tuple[int, int], strength: float) -> Drawing:
    left, top = at
    mark = mark[: size[1] - top, : size[0] - left]
    high, wide = mark.shape[:2]

    def draw(moment: Moment) -> Picture:
        out = moment.picture.copy()
        part = out[top : top + high, left : left + wide]
        part[:] = cv2.addWeighted(mark, strength, part, 1 - strength, 0)
        return out

    return Drawing(size, draw)


def _blended(size: Size, layer: Picture, cover: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Drawing:
    """A layer over the picture, as opaque at each pixel as `cover` says, 0-255."""
    weight = cover.astype(np.float32)[..., None] / 255
    over, under = layer * weight, np.repeat(1 - weight, 3, axis=2)

    def draw(moment: Moment) -> Picture:
        out = cv2.add(cv2.multiply(moment.picture, under, dtype=cv2.CV_32F), over.astype(np.float32))
        return cast("Picture", out.astype(np.uint8))

    return Drawing(size, draw)
