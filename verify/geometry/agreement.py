"""Agreement: how far two registered pictures are the same picture, patch by patch.

The first picture is brought onto the second, both are softened a little, and every patch with texture is
compared by normalised correlation, which ignores brightness and contrast. The share of patches that agree
says how much of the shared part is the same picture; what was covered by a caption or a logo, or moved,
lowers it patch by patch instead of spoiling the whole.

Limits: a camera at another place gives patches that do not fit even where the scene is the same, which is
what tells it from a copy; the same camera at another time agrees wherever nothing changed.

Error rates: not measured by itself; see copies.votes and copies.stills.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from verify.settings import GeometrySettings


@dataclass(frozen=True, slots=True)
class Agreement:
    """Patches of the shared part."""

    share: float  # of the textured patches that agree, 0 to 1
    mean: float  # mean correlation of the textured patches, 0 to 1
    patches: int  # textured patches compared


def agreement(
    a: NDArray[np.uint8],
    b: NDArray[np.uint8],
    matrix: NDArray[np.float64],
    settings: GeometrySettings,
    others: Sequence[NDArray[np.uint8]] = (),
    others_b: Sequence[NDArray[np.uint8]] = (),
) -> Agreement:
    """How far picture a, brought onto b, is the same picture.

    Args:
        a: (H, W) luma.
        b: (h, w) luma.
        matrix: (3, 3) a -> b in fractions.
        settings: patch size and levels.
        others: pictures of a's clip at other moments, (H, W) luma; where any is given, only the patches in
            which a differs from one of them are compared: those in which something moved. Bands along an edge
            in which hardly anything agrees, captions and bars, are left out then.
        others_b: pictures of b's clip, (h, w) luma; then patches in which b differs from one count as well.
    """
    one, inside = _brought(a, b.shape, matrix, settings)
    two = _patches(_soft(b, settings), settings.patch_side)
    use = inside & (np.maximum(_level(one), _level(two)) >= settings.patch_texture)
    values = _correlations(one, two)
    if others:
        columns = b.shape[1] // settings.patch_side
        use &= ~_bands(
            (values < settings.patch_agrees).reshape(-1, columns), use.reshape(-1, columns), settings
        )
        moved = [_level(one - _brought(other, b.shape, matrix, settings)[0]) for other in others]
        moved += [_level(two - _patches(_soft(other, settings), settings.patch_side)) for other in others_b]
        use &= np.max(moved, axis=0) >= settings.patch_texture
    if not use.any():
        return Agreement(0.0, 0.0, 0)
    share = float((values[use] >= settings.patch_agrees).mean())
    return Agreement(share, float(values[use].mean()), int(use.sum()))


def _correlations(one: NDArray[np.float32], two: NDArray[np.float32]) -> NDArray[np.float32]:
    """Normalised correlation of each patch with its partner, (n,), 0 to 1."""
    one, two = _centred(one), _centred(two)
    power = np.sqrt((one**2).mean(axis=1) * (two**2).mean(axis=1))
    return np.asarray(np.clip((one * two).mean(axis=1) / np.maximum(power, 1e-6), 0, 1), np.float32)


def _bands(apart: NDArray[np.bool_], use: NDArray[np.bool_], settings: GeometrySettings) -> NDArray[np.bool_]:
    """Patches, (n,), of the rows and columns along an edge in which nearly all patches differ."""
    bands = np.zeros_like(use)
    for turn in range(4):
        rows, differ, there = (np.rot90(each, turn) for each in (bands, apart, use))
        for row, one, two in zip(rows, differ, there, strict=True):
            if two.any() and one[two].mean() < settings.band_differs:
                break
            row[:] = True
    return bands.ravel() if bands.mean() <= settings.band_most else np.zeros(use.size, bool)


def _brought(
    a: NDArray[np.uint8], shape: tuple[int, ...], matrix: NDArray[np.float64], settings: GeometrySettings
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Patches of a brought onto a picture of `shape`, and which of them a covers."""
    height, width = shape[:2]
    to_pixels = np.diag([width, height, 1.0])
    from_pixels = np.diag([1 / a.shape[1], 1 / a.shape[0], 1.0])
    warp = to_pixels @ matrix @ from_pixels
    brought = cv2.warpPerspective(a, warp, (width, height), flags=cv2.INTER_AREA)
    inside = cv2.warpPerspective(np.ones_like(a), warp, (width, height), flags=cv2.INTER_NEAREST)
    covered = _patches(np.asarray(inside, np.float32), settings.patch_side).min(axis=1) > 0
    return _patches(_soft(brought, settings), settings.patch_side), np.asarray(covered)


def _soft(picture: NDArray[np.uint8], settings: GeometrySettings) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(picture.astype(np.float32), (0, 0), settings.patch_blur), np.float32)


def _centred(patches: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(patches - patches.mean(axis=1, keepdims=True), np.float32)


def _level(patches: NDArray[np.float32]) -> NDArray[np.float32]:
    """Root mean square about the mean, grey levels, (n,)."""
    return np.asarray(patches.std(axis=1), np.float32)


def _patches(picture: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Square patches, (n, side x side)."""
    rows, columns = picture.shape[0] // side, picture.shape[1] // side
    cut = picture[: rows * side, : columns * side].reshape(rows, side, columns, side)
    return cut.swapaxes(1, 2).reshape(rows * columns, side * side)
