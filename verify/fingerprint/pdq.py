"""PDQ: 256 bits that stay nearly the same when a picture is scaled or compressed again.

What it does: the picture is reduced to 64 x 64 grey values, and each of the 256 coarsest patterns of light
and dark in it gives one bit: stronger or weaker than the middle one. Two pictures are near when few bits
differ; 31 of 256 is the published cut-off. A quality of 0 to 100 says how much there is to see; below 50, a
hash says little.

Limits: a crop of 5 %, a border, a large caption or a turn by a few degrees moves it beyond recognition, and
black, flat or text-only pictures resemble each other. A near PDQ says that two pictures look alike as a
whole, not that they are one recording.

Error rates: over 92 frames under 36 transforms, a frame of a copy stays within 31 bits in 30 % of the
cases; within 96 bits in 49 %, where one in 10,000 unrelated pairs is as near. That is why it votes here,
over time, and never decides alone.

Two recipes. `PDQ` is the published hash of a whole picture, bit for bit what the `pdqhash` package gives,
and what other programs can look up. `PDQ_TRACK` is for frames of a clip: the published filter gives other
bits when the same picture is scaled first, so a track brings each frame to one size, 256 x 256, and filters
that. On 23 frames of real clips, taken from 320 pixels' width, it lies 8 bits from `PDQ` on average and 16
at most; a frame of half the size gives the same bits within 1 on average and 4 at most; and a mirrored
frame gives the mirrored code exactly.

Source: "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm" (`hashing.pdf`), 2019,
and its reference implementation, both in the ThreatExchange repository; the filter is Jarosz, "Fast Image
Convolutions", SIGGRAPH 2001.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.fingerprint import _pdq_exact as exact
from verify.fingerprint.hamming import distances, distances_one_by_one
from verify.fingerprint.recipe import Recipe

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "PDQ",
    "PDQ_TRACK",
    "distances",
    "distances_one_by_one",
    "from_text",
    "hash_luma",
    "hash_picture",
    "luma_of",
    "to_text",
]

PDQ = Recipe("pdq", 1)
PDQ_TRACK = Recipe.of("pdq-track", 1, side=256)

CODE_BYTES = 32
_SIDE = 256  # of a track's canonical picture
_CELLS = 64  # the reduced picture is 64 x 64
_BAND = 1 << 20  # pixels whose luma is computed at once

# How far running sums in single precision, in another order, carry a reduced grey value (0-255) and the
# strength of a pattern: per pixel of the picture's height and width together. On real pictures the largest
# were 3.2e-6 and 8.2e-6 (tests/fingerprint/test_pdq_exact.py holds both to it). Where that could decide,
# the exact order is used.
_GREY_SLACK = 1e-5
_PATTERN_SLACK = 4e-5

_DCT = exact.DCT.astype(np.float64)
# A left-right mirror turns the sign of every horizontal pattern of odd frequency: columns 0, 2, 4, ...
_MIRROR = np.where(np.arange(16) % 2 == 0, -1.0, 1.0)


def hash_picture(picture: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int]:
    """The published PDQ of one picture, bit for bit as `pdqhash` computes it.

    Args:
        picture: (H, W, 3) RGB or (H, W) grey, uint8, 0-255.

    Returns:
        The code, (32,) uint8, first bit first in the text form; and the quality, 0-100. A picture with a side
        below 5 pixels has the code of zeros and quality 0.

    Raises:
        ValueError: the array is no such picture.
    """
    luma = luma_of(picture)
    if min(luma.shape) < exact.MIN_SIDE:
        return np.zeros(CODE_BYTES, np.uint8), 0
    reduced = _reduced(luma)
    strengths = _DCT @ reduced @ _DCT.T
    quality = _sure_quality(reduced, sum(luma.shape))
    if quality is None or _near_tie(strengths, sum(luma.shape)):
        return exact.hash_luma(luma)
    return exact.bits(strengths), quality


def hash_luma(luma: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8], int]:
    """The track's variant of PDQ of one frame, and of its mirror image.

    Args:
        luma: (h, w) uint8, 0-255, of any size; best shrunk by area averaging, and not below some 200 pixels.

    Returns:
        The code of the picture, (32,) uint8; the code of the picture mirrored left to right; quality, 0-100.
    """
    reduced = _reduced_canonical(luma)
    # Rounded, so that patterns of one strength are one on every machine, in whatever order its BLAS adds.
    strengths = np.round(_DCT @ reduced @ _DCT.T, 6)
    return exact.bits(strengths), exact.bits(strengths * _MIRROR), _quality(reduced)


def to_text(code: NDArray[np.uint8]) -> str:
    """64 hexadecimal digits, leading zeros kept, as every PDQ program writes them."""
    if code.shape != (CODE_BYTES,) or code.dtype != np.uint8:
        raise ValueError(f"a PDQ code is 32 bytes, not {code.dtype} of shape {code.shape}")
    return code.tobytes().hex()


def from_text(text: str) -> NDArray[np.uint8]:
    """The code from its 64 hexadecimal digits, in either case.

    Raises:
        ValueError: the text is anything else; a hash that lost its leading zeros is refused, never guessed.
    """
    if len(text) != 2 * CODE_BYTES or not set(text) <= set("0123456789abcdefABCDEF"):
        raise ValueError(f"a PDQ hash is 64 hexadecimal digits, not {text[:80]!r} ({len(text)} characters)")
    return np.frombuffer(bytes.fromhex(text), np.uint8)


def luma_of(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Luma as the reference bindings weigh it: (H, W) float32, 0-255, from RGB or grey uint8.

    Raises:
        ValueError: the array is neither (H, W) nor (H, W, 3), or not uint8.
    """
    if picture.dtype != np.uint8 or picture.ndim not in (2, 3) or picture.shape[2:] not in ((), (3,)):
        raise ValueError(
            f"a picture is (H, W) or (H, W, 3) uint8, not {picture.dtype} of shape {picture.shape}"
        )
    if picture.ndim == 2:
        return picture.astype(np.float32)
    luma = np.empty(picture.shape[:2], np.float32)
    rows = max(1, _BAND // max(1, picture.shape[1]))
    for top in range(0, len(picture), rows):
        red, green, blue = np.moveaxis(picture[top : top + rows], 2, 0)
        # In double precision and this order, then rounded once: what the pdqhash package does.
        luma[top : top + rows] = red * 0.299 + green * 0.587 + blue * 0.114
    return luma


def _reduced(luma: NDArray[np.float32]) -> NDArray[np.float64]:
    """64 x 64 grey values: two passes of a box filter, sampled: each value is the mean under a tent."""
    if luma.shape == (_CELLS, _CELLS):
        return luma.astype(np.float64)
    height, width = luma.shape
    rows = np.empty((_CELLS, width), np.float32)
    for cell, (first, weights) in enumerate(_tents(height)):
        np.einsum("i,ij->j", weights, luma[first : first + len(weights)], out=rows[cell])
    cells = np.empty((_CELLS, _CELLS))
    for cell, (first, weights) in enumerate(_tents(width)):
        cells[:, cell] = rows[:, first : first + len(weights)] @ weights
    return cells


@lru_cache(maxsize=16)
def _tents(length: int) -> tuple[tuple[int, NDArray[np.float32]], ...]:
    """For each of 64 cells, where its tent starts, and the tent's weights, in a side of `length` pixels."""
    window = exact.window(length)
    before, after = window - exact.half(window), exact.half(window)
    found = []
    for centre in exact.samples(length):
        first = max(0, centre - 2 * before)
        weights = np.zeros(min(length, centre + 2 * after) - first)
        near = range(max(0, centre - before), min(length, centre + after))
        for place in near:
            start, stop = max(0, place - before), min(length, place + after)
            weights[start - first : stop - first] += 1 / (stop - start) / len(near)
        found.append((first, weights.astype(np.float32)))
    return tuple(found)


def _reduced_canonical(luma: NDArray[np.uint8]) -> NDArray[np.float64]:
    """64 x 64 grey values under tents that weigh the 4 x 4 canonical pixels of a cell 1, 3, 3, 1."""
    shrinks = min(luma.shape) >= _SIDE
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    square = luma if luma.shape == (_SIDE, _SIDE) else cv2.resize(luma, (_SIDE, _SIDE), interpolation=method)
    wide = np.asarray(square, np.uint16).reshape(_CELLS, 4, _SIDE)
    rows = wide[:, 0] + wide[:, 3] + 3 * (wide[:, 1] + wide[:, 2])
    rows = rows.reshape(_CELLS, _CELLS, 4)
    cells = rows[..., 0] + rows[..., 3] + 3 * (rows[..., 1] + rows[..., 2])
    return np.asarray(cells / 64.0, np.float64)


def _near_tie(strengths: NDArray[np.float64], size: int) -> bool:
    """Whether another pattern is so near the middle one that rounding could change their order."""
    ordered = np.partition(strengths, (126, 127, 128), axis=None)
    return bool(min(ordered[127] - ordered[126], ordered[128] - ordered[127]) < _PATTERN_SLACK * size)


def _steps(reduced: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.abs(np.diff(reduced, axis=0)) * (100 / 255), np.abs(np.diff(reduced, axis=1)) * (100 / 255)


def _quality(reduced: NDArray[np.float64]) -> int:
    """Quality, 0-100: the sum of the visible steps between neighbouring cells."""
    return min(100, sum(int(np.floor(steps).sum()) for steps in _steps(reduced)) // 90)


def _sure_quality(reduced: NDArray[np.float64], size: int) -> int | None:
    """The quality, or None where rounding could change it."""
    slack = _GREY_SLACK * size
    lowest = min(
        100, sum(int(np.floor(np.maximum(steps - slack, 0)).sum()) for steps in _steps(reduced)) // 90
    )
    highest = min(100, sum(int(np.floor(steps + slack).sum()) for steps in _steps(reduced)) // 90)
    return lowest if lowest == highest else None
