"""Other footage behind or beside a clip, running from its own start, over and over; or a still background."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.calibration.drawing import Size, filling
from verify.media.decode import ColourFrame, colour_frames

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.random import Generator

    from verify.calibration.drawing import Picture


class Backdrop:
    """What is on screen of other footage at ascending times; without any, a made still."""

    def __init__(self, path: Path | None, dice: Generator) -> None:
        """Nothing is opened before the first picture is asked for."""
        self._path = path
        self._seed = int(dice.integers(1 << 31))
        self._run: Iterator[ColourFrame] = iter(())
        self._now: ColourFrame | None = None
        self._begun = Fraction(0)  # seconds of the copy at which the run began
        self._last: tuple[Size, object, Picture] | None = None

    def at(self, time: Fraction, size: Size) -> Picture:
        """The picture to fill `size`; not to be written into."""
        frame = self._at(time) if self._path is not None else None
        if self._last is None or self._last[:2] != (size, frame):
            made = still(size, self._seed) if frame is None else filling(frame.rgb, size)
            self._last = size, frame, made
        return self._last[2]

    def _at(self, time: Fraction) -> ColourFrame | None:
        while self._now is None or self._begun + self._now.end <= time:
            following = next(self._run, None)
            if following is None:
                if self._now is not None:
                    self._begun += self._now.end
                assert self._path is not None
                self._run = colour_frames(self._path)
                following = next(self._run, None)
                if following is None or (self._now is not None and self._now.end <= 0):
                    return following
            self._now = following
        return self._now


def still(size: Size, seed: int) -> Picture:
    """A background such as templates have: soft colour fields with a few shapes."""
    dice = np.random.default_rng(seed)
    coarse = dice.integers(20, 236, (3, 4, 3)).astype(np.uint8)
    picture = np.asarray(cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    for _ in range(8):
        colour = tuple(int(value) for value in dice.integers(0, 256, 3))
        x, y = int(dice.integers(size[0])), int(dice.integers(size[1]))
        reach = int(dice.integers(4, max(5, min(size) // 3)))
        if dice.random() < 0.5:
            cv2.circle(picture, (x, y), reach, colour, 3, cv2.LINE_AA)
        else:
            cv2.rectangle(picture, (x, y), (x + reach, y + reach // 2), colour, -1)
    return picture
