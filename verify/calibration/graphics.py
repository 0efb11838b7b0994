"""What templates put around footage: title cards, flat pictures, a broadcaster's frame, a tune.

All of it is made from a seed, so that two unrelated clips can carry the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.calibration.drawing import Drawing, Moment, PictureStep, Size, filling
from verify.calibration.footage import still
from verify.calibration.marks import CaptionBar, Logo
from verify.media.writing import SOUND_RATE, ClipWriter, Encoding

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.random import Generator

    from verify.calibration.drawing import Picture

_RATE = 25
_WINDOW = (0.03, 0.05, 0.78)  # left, top and size of the footage in a template, fractions of the picture


def write_card(path: Path, seconds: Fraction, seed: int, size: Size = (640, 360)) -> Path:
    """A title card that fades in and over which a band slides, as intros do."""
    board = still(size, seed)
    Logo(0.4).plan(size, np.random.default_rng(seed)).draw(_moment(board))
    band = CaptionBar(0.3).plan(size, np.random.default_rng(seed + 1)).draw(_moment(board))
    frames = int(seconds * _RATE)
    with ClipWriter(path, size, Fraction(_RATE), Encoding()) as writer:
        for at in range(frames):
            part = min(1.0, 2 * at / frames)
            moved = np.roll(band, round((1 - part) * size[0]), axis=1)
            mixed = np.asarray(cv2.addWeighted(moved, part, np.zeros_like(board), 1 - part, 0), np.uint8)
            writer.add(Fraction(at, _RATE), Fraction(at + 1, _RATE), mixed)
    return path


def write_flat(path: Path, seconds: Fraction, colour: tuple[int, int, int], size: Size = (640, 360)) -> Path:
    """One colour, RGB 0-255, all over."""
    picture = np.empty((size[1], size[0], 3), np.uint8)
    picture[:] = colour
    with ClipWriter(path, size, Fraction(_RATE), Encoding()) as writer:
        for at in range(int(seconds * _RATE)):
            writer.add(Fraction(at, _RATE), Fraction(at + 1, _RATE), picture)
    return path


def write_tune(path: Path, seconds: Fraction, seed: int) -> Path:
    """A melody over a flat picture: notes of a scale, two at a time, with a beat."""
    dice = np.random.default_rng(seed)
    count = int(seconds * SOUND_RATE)
    at = np.arange(count) / SOUND_RATE
    note = (at * 4).astype(int)
    out = np.zeros(count)
    for voice in (1, 2):
        steps = dice.choice([0, 2, 4, 5, 7, 9, 11, 12], int(note.max(initial=0)) + 1)
        out += np.sin(2 * np.pi * 220 * voice * 2 ** (steps[note] / 12) * at) / voice
    out *= np.exp(-3 * (at * 4 % 1))
    with ClipWriter(path, (64, 64), Fraction(_RATE), Encoding(), sound=True) as writer:
        blank = np.zeros((64, 64, 3), np.uint8)
        for frame in range(int(seconds * _RATE)):
            writer.add(Fraction(frame, _RATE), Fraction(frame + 1, _RATE), blank)
        writer.add_sound(np.asarray(0.3 * out, np.float32))
    return path


@dataclass(frozen=True, slots=True)
class Template:
    """A broadcaster's frame: the footage in a window over a background, with a lower third and a logo."""

    seed: int
    size: Size = (640, 360)
    kinds: tuple[str, ...] = ("picture_in_picture", "caption", "overlay")

    def plan(self, size: Size, dice: Generator) -> Drawing:
        """See `PictureStep`; nothing is drawn from `dice`, so that two clips get the same frame."""
        ground = still(self.size, self.seed)
        left, top = round(_WINDOW[0] * self.size[0]), round(_WINDOW[1] * self.size[1])
        inside = round(_WINDOW[2] * self.size[0]), round(_WINDOW[2] * self.size[1])
        marks: tuple[PictureStep, ...] = (CaptionBar(), Logo())
        over = [mark.plan(self.size, np.random.default_rng(self.seed + 1)) for mark in marks]

        def draw(moment: Moment) -> Picture:
            out = ground.copy()
            out[top : top + inside[1], left : left + inside[0]] = filling(moment.picture, inside)
            for mark in over:
                out = mark.draw(Moment(moment.time, out, moment.other))
            return out

        return Drawing(self.size, draw)


def _moment(picture: Picture) -> Moment:
    return Moment(Fraction(0), picture, lambda size: still(size, 0))
