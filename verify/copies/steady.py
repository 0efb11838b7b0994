"""Steadying: the shaking of the hand that filmed a screen, taken out of the moments that are compared.

One map lays one clip on the other, but a hand that holds a camera moves all that it films by a few pixels
from moment to moment. Where edges shift, every patch changes, and what really moves in the scene is lost
among them. So at each moment b's picture is brought to where a's lies, by the shift and turn that make the
two most alike (Evangelidis and Psarakis, "Parametric image alignment using enhanced correlation coefficient
maximization", PAMI 2008). Where all moments ask for the same, nothing shakes, and nothing is done; nor is
anything done to a moment whose patches do not agree better for it.

What it does: of 26 copies filmed off a screen by a shaking hand, most of them of fixed cameras, what changes
agreed in less than 64 % of the patches in nine, down to 18 %; steadied, it does in none of the stretches that
were shared. Of 78 pairs of gestures before one camera and 121 of the most alike pieces of fixed cameras'
recordings, no other was called a copy for it: what stands still in two takes lies on itself already.

Limits: a shift and a turn only. A screen that was filmed while the camera came closer is not steadied.

Error rates: those of what is compared then; see copies.recording.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.geometry.agreement import agreement, bring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from verify.settings import Settings

_STEPS = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 1e-4)
_SOFT = 5  # pixels of the filter through which the two are compared: a screen's dots, a camera's noise


def steadied(
    ours: Sequence[NDArray[np.uint8]],
    theirs: Sequence[NDArray[np.uint8]],
    matrix: NDArray[np.float64],
    settings: Settings,
) -> list[NDArray[np.uint8]]:
    """Pictures of b, (h, w) luma, each brought to where the map has a's; as they are where nothing shakes.

    Args:
        ours: pictures of a at some moments, (H, W) luma.
        theirs: pictures of b at the same moments, (h, w) luma.
        matrix: (3, 3) a -> b in fractions.
        settings: all settings.
    """
    moves = [_move(one, two, matrix) for one, two in zip(ours, theirs, strict=True)]
    if not moves or _spread(moves, theirs[0].shape) < settings.copies.shakes:
        return list(theirs)
    return [
        _nearer(one, two, move, matrix, settings) for one, two, move in zip(ours, theirs, moves, strict=True)
    ]


def _move(a: NDArray[np.uint8], b: NDArray[np.uint8], matrix: NDArray[np.float64]) -> NDArray[np.float32]:
    """The shift and turn from where the map has a's picture to where b shows it, (2, 3) in pixels of b."""
    still = np.eye(2, 3, dtype=np.float32)
    brought, inside = bring(a, b.shape, matrix)
    try:
        move = cv2.findTransformECC(b, brought, still, cv2.MOTION_EUCLIDEAN, _STEPS, inside, _SOFT)[1]
    except cv2.error:  # too flat, or nowhere alike
        return np.eye(2, 3, dtype=np.float32)
    return np.asarray(cv2.invertAffineTransform(move), np.float32)


def _spread(moves: Sequence[NDArray[np.float32]], shape: tuple[int, ...]) -> float:
    """How far the picture's corners move from moment to moment at most, fraction of its longer side."""
    corners = np.array([[0, 0, 1], [shape[1], 0, 1], [0, shape[0], 1], [shape[1], shape[0], 1]]).T
    spots = np.stack([move @ corners for move in moves])
    return float(np.abs(spots - np.median(spots, axis=0)).max()) / max(shape)


def _nearer(
    a: NDArray[np.uint8],
    b: NDArray[np.uint8],
    move: NDArray[np.float32],
    matrix: NDArray[np.float64],
    settings: Settings,
) -> NDArray[np.uint8]:
    """The picture of b moved, where more of it agrees with a's then."""
    way = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    moved = np.asarray(
        cv2.warpAffine(b, move, b.shape[::-1], flags=way, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )
    was, now = (agreement(a, each, matrix, settings.geometry).mean for each in (b, moved))
    return moved if now > was else b
