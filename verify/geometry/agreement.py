"""Agreement: how far two registered pictures are the same picture, patch by patch.

The first picture is brought onto the second, both are softened a little, and every patch with texture is
compared by normalised correlation, which ignores brightness and contrast. The share of patches that agree
says how much of the shared part is the same picture; what was covered by a caption or a logo, or moved,
lowers it patch by patch instead of spoiling the whole.

Limits: a camera at another place gives patches that do not fit even where the scene is the same, which is
what tells it from a copy; the same camera at another time agrees wherever nothing changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify.settings import GeometrySettings


@dataclass(frozen=True, slots=True)
class Agreement:
    """Patches of the shared part."""

    share: float  # of the textured patches that agree, 0 to 1
    mean: float  # mean correlation of the textured patches, 0 to 1
    patches: int  # textured patches compared


def agreement(
    a: NDArray[np.uint8], b: NDArray[np.uint8], matrix: NDArray[np.float64], settings: GeometrySettings
) -> Agreement:
    """How far picture a, brought onto b, is the same picture.

    Args:
        a: (H, W) luma.
        b: (h, w) luma.
        matrix: (3, 3) a -> b in fractions.
        settings: patch size and level.
    """
    height, width = b.shape
    to_pixels = np.diag([width, height, 1.0])
    from_pixels = np.diag([1 / a.shape[1], 1 / a.shape[0], 1.0])
    warp = to_pixels @ matrix @ from_pixels
    brought = cv2.warpPerspective(a, warp, (width, height), flags=cv2.INTER_AREA)
    inside = cv2.warpPerspective(np.ones_like(a), warp, (width, height), flags=cv2.INTER_NEAREST)
    side = settings.patch_side
    one, two = (
        cv2.GaussianBlur(each.astype(np.float32), (0, 0), settings.patch_blur) for each in (brought, b)
    )
    full = _patches(np.asarray(inside, np.float32), side).min(axis=1) > 0
    one, two = _patches(one, side)[full], _patches(two, side)[full]
    one, two = one - one.mean(axis=1, keepdims=True), two - two.mean(axis=1, keepdims=True)
    power_a, power_b = np.sqrt((one**2).mean(axis=1)), np.sqrt((two**2).mean(axis=1))
    textured = np.maximum(power_a, power_b) >= settings.patch_texture
    if not textured.any():
        return Agreement(0.0, 0.0, 0)
    values = (one * two).mean(axis=1) / np.maximum(power_a * power_b, 1e-6)
    values = np.clip(values[textured], 0, 1)
    share = float((values >= settings.patch_agrees).mean())
    return Agreement(share, float(values.mean()), int(textured.sum()))


def _patches(picture: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Square patches, (n, side x side)."""
    rows, columns = picture.shape[0] // side, picture.shape[1] // side
    cut = picture[: rows * side, : columns * side].reshape(rows, side, columns, side)
    return cut.swapaxes(1, 2).reshape(rows * columns, side * side)
