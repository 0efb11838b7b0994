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


@dataclass(frozen=True, slots=True)
class Moving:
    """Patches of the shared part in which something moves."""

    shown: Agreement  # as they are
    changes: Agreement  # in what differs from what is there at most moments
    ours: Agreement  # likewise, of those in which a has changed
    theirs: Agreement  # likewise, b


def agreement(
    a: NDArray[np.uint8],
    b: NDArray[np.uint8],
    matrix: NDArray[np.float64],
    settings: GeometrySettings,
    others: Sequence[NDArray[np.uint8]] = (),
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
    """
    one, inside = _brought(a, b.shape, matrix, settings)
    two = _patches(_soft(b, settings), settings.patch_side)
    use = inside & (np.maximum(_level(one), _level(two)) >= settings.patch_texture)
    values = _correlations(one, two)
    if others:
        use &= ~_bands(values, use, b.shape[1], settings)
        moved = [_level(one - _brought(other, b.shape, matrix, settings)[0]) for other in others]
        use &= np.max(moved, axis=0) >= settings.patch_texture
    return _agreed(values[use], settings)


def moving(
    a: NDArray[np.uint8],
    b: NDArray[np.uint8],
    matrix: NDArray[np.float64],
    plates: tuple[NDArray[np.uint8], NDArray[np.uint8]],
    settings: GeometrySettings,
) -> Moving:
    """How far two pictures agree where something moves: as they are, and in what has changed in them.

    A coat with a print sways a little in every take, and looks alike in all of them wherever it is; how it
    differs from where it was at most moments does not.

    Args:
        a: (H, W) luma.
        b: (h, w) luma.
        matrix: (3, 3) a -> b in fractions.
        plates: what a's clip and b's show at most of the moments, (H, W) and (h, w) luma. Patches in which
            either picture differs from its plate are compared.
        settings: patch size and levels.
    """
    one, inside = _brought(a, b.shape, matrix, settings)
    two = _patches(_soft(b, settings), settings.patch_side)
    use = inside & (np.maximum(_level(one), _level(two)) >= settings.patch_texture)
    values = _correlations(one, two)
    use &= ~_bands(values, use, b.shape[1], settings)
    new_a = one - _brought(plates[0], b.shape, matrix, settings)[0]
    new_b = two - _patches(_soft(plates[1], settings), settings.patch_side)
    in_a, in_b = (use & (_level(each) >= settings.patch_moves) for each in (new_a, new_b))
    either, changes = in_a | in_b, _correlations(new_a, new_b)
    return Moving(
        _agreed(values[either], settings),
        *(_agreed(changes[each], settings) for each in (either, in_a, in_b)),
    )


def _agreed(values: NDArray[np.float32], settings: GeometrySettings) -> Agreement:
    if not values.size:
        return Agreement(0.0, 0.0, 0)
    return Agreement(float((values >= settings.patch_agrees).mean()), float(values.mean()), len(values))


def _correlations(one: NDArray[np.float32], two: NDArray[np.float32]) -> NDArray[np.float32]:
    """Normalised correlation of each patch with its partner, (n,), 0 to 1."""
    one, two = _centred(one), _centred(two)
    power = np.sqrt((one**2).mean(axis=1) * (two**2).mean(axis=1))
    return np.asarray(np.clip((one * two).mean(axis=1) / np.maximum(power, 1e-6), 0, 1), np.float32)


def _bands(
    values: NDArray[np.float32], use: NDArray[np.bool_], width: int, settings: GeometrySettings
) -> NDArray[np.bool_]:
    """Patches, (n,), of the rows and columns along an edge in which nearly all patches differ."""
    columns = width // settings.patch_side
    apart, used = ((values < settings.patch_agrees).reshape(-1, columns), use.reshape(-1, columns))
    bands = np.zeros_like(used)
    for turn in range(4):
        rows, differ, there = (np.rot90(each, turn) for each in (bands, apart, used))
        for row, one, two in zip(rows, differ, there, strict=True):
            if two.any() and one[two].mean() < settings.band_differs:
                break
            row[:] = True
    return bands.ravel() if bands.mean() <= settings.band_most else np.zeros(use.size, bool)


def bring(
    a: NDArray[np.uint8], shape: tuple[int, ...], matrix: NDArray[np.float64]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Picture a brought onto one of `shape`, (h, w), and where it covers that: 1, elsewhere 0.

    Args:
        a: (H, W) luma.
        shape: of the other picture.
        matrix: (3, 3) from a to it, in fractions.
    """
    height, width = shape[:2]
    to_pixels = np.diag([width, height, 1.0])
    from_pixels = np.diag([1 / a.shape[1], 1 / a.shape[0], 1.0])
    warp = to_pixels @ matrix @ from_pixels
    brought = cv2.warpPerspective(a, warp, (width, height), flags=cv2.INTER_AREA)
    inside = cv2.warpPerspective(np.ones_like(a), warp, (width, height), flags=cv2.INTER_NEAREST)
    return np.asarray(brought, np.uint8), np.asarray(inside, np.uint8)


def _brought(
    a: NDArray[np.uint8], shape: tuple[int, ...], matrix: NDArray[np.float64], settings: GeometrySettings
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Patches of a brought onto a picture of `shape`, and which of them a covers."""
    brought, inside = bring(a, shape, matrix)
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
