"""Lumas of aligned moments made comparable: one picture's colours and detail given to both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from verify.copies.edits.aligned import Aligned
    from verify.copies.edits.tone import Tone
    from verify.settings import EditSettings

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601


@dataclass(frozen=True, eq=False, slots=True)
class Compared:
    """A moment's lumas, made comparable, and where they disagree."""

    ours: NDArray[np.float32]  # (h, w) a's, brought onto b's, in b's colours
    theirs: NDArray[np.float32]
    valid: NDArray[np.bool_]  # where both have picture, away from a's edges
    beyond: NDArray[np.float32]  # (h, w) grey levels by which b lies outside a's range there
    level: float  # above which that is more than compression makes


def compared(moments: Sequence[Aligned], tone: Tone | None, limits: EditSettings) -> list[Compared]:
    """Every moment's lumas and their disagreement."""
    lumas = [
        ((tone.of(moment.brought) if tone else moment.brought) @ _LUMA, moment.shown @ _LUMA)
        for moment in moments
    ]
    valid = [_well_inside(moment.inside) for moment in moments]
    soft = _softer(lumas, valid, limits)
    found = []
    for (ours, theirs), where in zip(lumas, valid, strict=True):
        one, two = _blurred(ours, soft[0]), _blurred(theirs, soft[1])
        left = np.abs(one - two)[where]
        noise = 1.48 * float(np.median(left)) if left.size else 0.0
        level = limits.mark_level + limits.mark_noise * noise
        found.append(Compared(one, two, where, _beyond(one, two, where, limits), level))
    return found


def _beyond(
    ours: NDArray[np.float32], theirs: NDArray[np.float32], valid: NDArray[np.bool_], limits: EditSettings
) -> NDArray[np.float32]:
    """How far b lies outside the range of a around each pixel, grey levels; 0 where it does not."""
    near = np.ones((2 * limits.mark_reach + 1,) * 2, np.uint8)
    low, high = cv2.erode(ours, near), cv2.dilate(ours, near)
    room = limits.mark_sharpened * (high - low)
    beyond = np.maximum(np.maximum(theirs - high - room, low - room - theirs), 0)
    return np.asarray(np.where(valid, beyond, 0), np.float32)


def _softer(
    lumas: Sequence[tuple[NDArray[np.float32], NDArray[np.float32]]],
    valid: Sequence[NDArray[np.bool_]],
    limits: EditSettings,
) -> tuple[float, float]:
    """By how much a and b are softened so that both have the same detail, pixels; one of them is 0."""
    (ours, theirs), where = lumas[0], valid[0]
    if not where.any():
        return 0.0, 0.0
    tries = [(0.0, 0.0)]
    tries += [(each, 0.0) for each in limits.mark_blurs] + [(0.0, each) for each in limits.mark_blurs]
    left = [
        float(np.minimum(np.abs(_blurred(ours, one) - _blurred(theirs, two))[where], 40).mean())
        / max(float(_blurred(ours, one)[where].std()), 1.0)
        for one, two in tries
    ]
    return tries[int(np.argmin(left))]


def _blurred(picture: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32) if sigma else picture


def _well_inside(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    margin = max(7, max(inside.shape) // 50) | 1
    # b's own edge is no edge of a.
    eroded = cv2.erode(
        inside.astype(np.uint8),
        np.ones((margin, margin), np.uint8),
        borderType=cv2.BORDER_CONSTANT,
        borderValue=1,
    )
    return np.asarray(eroded > 0)
