"""Replay: what the named edits make of a, held against b; the residual is what they leave unexplained.

At every sampled moment a's picture is carried onto b's by the segment's map (crop, bars, inset, mirror,
turn), given the fitted colours, and compared with b's picture patch by patch. Patches outside a's picture
(bars, other footage) and patches that a named overlay or caption covers are left out: the edits name them,
and tell how much of the picture they are. A patch is explained by as much as it correlates with its
prediction; where neither has texture, it is explained when their brightness agrees; and a patch whose
brightness is far from the predicted one is not explained at all. The residual is 1 less the mean over all
patches and moments: 0 when a, edited as listed, gives b exactly; re-encoding leaves a few hundredths.

Limits: only the seconds that both share are replayed, and only some of their moments.

Error rates: it is a measurement, not a test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from verify.copies.edits.compared import Compared
    from verify.settings import EditSettings


def residual(
    pairs: Sequence[Compared], covered: Sequence[NDArray[np.bool_]], limits: EditSettings
) -> float | None:
    """The share left unexplained, 0 to 1; None where nothing is left to be explained.

    Args:
        pairs: the moments, a's luma as predicted beside b's.
        covered: for every moment, (h, w), the pixels of named overlays and captions.
        limits: of this room.
    """
    explained = [
        _explained(pair, mask, limits) for pair, mask in zip(pairs, covered, strict=True) if pair.valid.any()
    ]
    values = np.concatenate(explained) if explained else np.zeros(0)
    return float(np.clip(1 - values.mean(), 0, 1)) if values.size else None


def _explained(pair: Compared, covered: NDArray[np.bool_], limits: EditSettings) -> NDArray[np.float64]:
    side = limits.patch
    use = _patches((pair.valid & ~covered).astype(np.float32), side).min(axis=1) > 0
    one, two = (
        _patches(cv2.GaussianBlur(luma, (0, 0), limits.patch_blur), side)[use]
        for luma in (pair.ours, pair.theirs)
    )
    levels = np.abs(one.mean(axis=1) - two.mean(axis=1))
    ours, theirs = one - one.mean(axis=1, keepdims=True), two - two.mean(axis=1, keepdims=True)
    power = np.sqrt((ours**2).mean(axis=1) * (theirs**2).mean(axis=1))
    alike = np.clip((ours * theirs).mean(axis=1) / np.maximum(power, 1e-6), 0, 1)
    flat = np.maximum(ours.std(axis=1), theirs.std(axis=1)) < limits.patch_texture
    return np.where(levels > limits.patch_level, 0.0, np.where(flat, 1.0, alike)).astype(np.float64)


def _patches(picture: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    rows, columns = picture.shape[0] // side, picture.shape[1] // side
    cut = picture[: rows * side, : columns * side].reshape(rows, side, columns, side)
    return np.asarray(cut.swapaxes(1, 2).reshape(rows * columns, side * side))
