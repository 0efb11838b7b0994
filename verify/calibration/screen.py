"""A clip filmed off a screen with a phone in the hand.

The screen is seen at an angle against a dark room, the hand shakes, the screen's pixels and the camera's beat
against each other (moire), the picture is darker at its edges, its tones and white balance are the camera's,
it is a little out of focus and grainy. The copy's own frame rate belongs to the transform. It causes
`refilmed`, which covers perspective, the room around the screen, blur and tones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.calibration.drawing import Drawing, Moment, Size, warped
from verify.calibration.picture import tilt

if TYPE_CHECKING:
    from numpy.random import Generator

    from verify.calibration.drawing import Picture

_MOIRE = 7.0  # grey levels, amplitude
_NOISE = 5.0  # grey levels, standard deviation
_SWAYS = 3  # slow movements of the hand, one on another


@dataclass(frozen=True, slots=True)
class Refilm:
    """Off a screen, out of the hand."""

    reach: float = 0.1  # of the picture, by which its corners come inwards at most
    shake: float = 0.006  # of the picture, how far the hand moves
    kinds: tuple[str, ...] = ("refilmed",)

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`."""
        matrix = tilt(self.reach, dice)
        beats = dice.uniform(0.3, 2.5, (2, _SWAYS)), dice.uniform(0, 2 * np.pi, (2, _SWAYS))
        room = np.full((size[1], size[0], 3), 18, np.uint8)
        light, table = _vignette(size), _tones(dice)
        pattern = _moire((size[0] + 64, size[1] + 64), dice)
        grain = dice.normal(0, _NOISE, (size[1] + 64, size[0] + 64, 1)).astype(np.float32)

        def draw(moment: Moment) -> Picture:
            time = float(moment.time)
            sway = self.shake / _SWAYS * np.sin(2 * np.pi * beats[0] * time + beats[1]).sum(axis=1)
            moved = np.array([[1, 0, sway[0]], [0, 1, sway[1]], [0, 0, 1.0]])
            seen = warped(moment.picture, moved @ matrix, room)
            seen = cv2.GaussianBlur(seen, (0, 0), max(0.6, 0.0012 * max(size)))
            drift = round((sway[0] / self.shake + 1) * 31), round((sway[1] / self.shake + 1) * 31)
            beat = pattern[drift[1] : drift[1] + size[1], drift[0] : drift[0] + size[0]]
            at = dice.integers(0, 64, 2)
            dots = grain[at[1] : at[1] + size[1], at[0] : at[0] + size[0]]
            lit = cv2.multiply(seen, light, dtype=cv2.CV_32F) + (beat + dots)
            return np.asarray(cv2.LUT(np.clip(lit, 0, 255).astype(np.uint8), table), np.uint8)

        return Drawing(size, draw, matrix, steady=False)


def _vignette(size: Size) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    x, y = np.meshgrid(np.linspace(-1, 1, size[0]), np.linspace(-1, 1, size[1]))
    return np.repeat((1 - 0.18 * (x**2 + y**2))[..., None], 3, axis=2).astype(np.float32)


def _tones(dice: Generator) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """(1, 256, 3): the camera's curve, with a cast."""
    gain, gamma = dice.uniform(0.9, 1.08, 3), dice.uniform(0.8, 1.2)
    level = (np.arange(256) / 255)[:, None] ** gamma * gain
    return np.clip(level * 235 + 8, 0, 255).astype(np.uint8)[None]


def _moire(size: Size, dice: Generator) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """(H, W, 1): two gratings that differ a little beat against each other in slow curved bands."""
    x, y = np.meshgrid(np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32))
    angle, period = dice.uniform(0, np.pi), dice.uniform(9, 16)
    along = x * np.cos(angle) + y * np.sin(angle)
    bent = along + 4 * np.sin(2 * np.pi * (x * np.sin(angle) - y * np.cos(angle)) / (0.7 * max(size)))
    wave = np.sin(2 * np.pi * bent / period) * np.sin(2 * np.pi * along / (0.35 * max(size)))
    return np.asarray(_MOIRE * wave, np.float32)[..., None]
