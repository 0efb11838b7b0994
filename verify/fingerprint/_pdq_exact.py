"""PDQ in the reference program's own order of operations, in single precision throughout.

Slow, and needed only where rounding decides: pictures with two patterns of nearly one strength, above all
flat ones. The running sums, divisions and products follow ThreatExchange's `box1DFloat`, `dct64To16` and
`pdqImageDomainQualityMetric` step by step; numpy's `add.accumulate` adds strictly in order, which makes
this possible.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_SIDE = 5  # pixels; the reference program gives a smaller picture the code of zeros
_CELLS = 64
_LANES = 512  # lines filtered at once: 512 x 2 x 8,000 pixels are 33 MB


def _dct() -> NDArray[np.float32]:
    """(16, 64) float32: the cosines of frequency 1 to 16."""
    scale = float(np.float32(math.sqrt(2.0 / _CELLS)))
    step = math.pi / 2.0 / _CELLS
    rows = [[scale * math.cos(step * (i + 1) * (2 * j + 1)) for j in range(_CELLS)] for i in range(16)]
    return np.array(rows).astype(np.float32)


DCT = _dct()


def window(length: int) -> int:
    """Pixels that one pass of the box filter averages along a side of `length` pixels."""
    return (length + 2 * _CELLS - 1) // (2 * _CELLS)


def half(window_: int) -> int:
    """Pixels of the window from its centre on, the centre included."""
    return (window_ + 2) // 2


def samples(length: int) -> list[int]:
    """The pixel that each of 64 cells is read at."""
    return [int((cell + 0.5) * length / _CELLS) for cell in range(_CELLS)]


def hash_luma(luma: NDArray[np.float32]) -> tuple[NDArray[np.uint8], int]:
    """Code, (32,) uint8, and quality, 0-100, of luma (H, W) float32, 0-255, with no side below 5 pixels."""
    reduced = _reduced(luma)
    return bits(_patterns(reduced)), _quality(reduced)


def bits(strengths: NDArray[np.floating]) -> NDArray[np.uint8]:
    """(16, 16) strengths to (32,) uint8: a bit for each above the lower median, last pattern first."""
    flat = strengths.ravel()
    return np.packbits((flat > np.partition(flat, 127)[127])[::-1])


def _reduced(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    if luma.shape == (_CELLS, _CELLS):
        return luma
    height, width = luma.shape
    once = _box(_box(luma.T, window(width)).T, window(height))
    twice = _box(once.T, window(width))[samples(width)]
    return _box(twice.T, window(height))[samples(height)]


def _box(lines: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """One pass of the box filter along axis 0, by a running sum that adds before it subtracts.

    Not even a window of one pixel leaves the values alone: (a + b) - a need not be b.
    """
    length, count = lines.shape
    ahead = half(size)
    full, tail = length - size, ahead - 1
    sizes = np.array(
        [*range(ahead, size + 1), *[size] * full, *range(size - 1, size - 1 - tail, -1)], np.float32
    )
    steps = [
        *range(ahead - 1, size),
        *range(size + 1, size + 2 * full, 2),
        *range(size + 2 * full, size + 2 * full + tail),
    ]
    result = np.empty(lines.shape, np.float32)
    for start in range(0, count, _LANES):
        part = lines[:, start : start + _LANES]
        terms = np.empty((size + 2 * full + tail, part.shape[1]), np.float32)
        terms[:size] = part[:size]
        terms[size : size + 2 * full : 2] = part[size:]
        terms[size + 1 : size + 2 * full : 2] = -part[:full]
        terms[size + 2 * full :] = -part[full : full + tail]
        sums = np.add.accumulate(terms, axis=0, dtype=np.float32)
        result[:, start : start + _LANES] = sums[steps] / sizes[:, None]
    return result


def _patterns(reduced: NDArray[np.float32]) -> NDArray[np.float32]:
    """(64, 64) grey values to (16, 16) pattern strengths, summed in order."""
    half_way = np.zeros((16, _CELLS), np.float32)
    for k in range(_CELLS):
        half_way += DCT[:, k, None] * reduced[k]
    result = np.zeros((16, 16), np.float32)
    for k in range(_CELLS):
        result += half_way[:, k, None] * DCT[:, k]
    return result


def _quality(reduced: NDArray[np.float32]) -> int:
    total = 0
    for axis in (0, 1):
        steps = np.diff(reduced, axis=axis) * np.float32(100) / np.float32(255)
        total += int(np.abs(steps.astype(np.int32)).sum())
    return min(100, total // 90)
