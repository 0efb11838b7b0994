"""How much moves in a stretch of a clip: whether its frames can be told apart at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify.model import Box, Span

_STEP = 0.5  # seconds


def movement(times: NDArray[np.float64], tiny: NDArray[np.generic], span: Span, box: Box) -> float:
    """By how much a part of the picture changes within half a second, root mean square.

    Args:
        times: (k,) seconds, ascending.
        tiny: (k, side, side) small pictures of the whole, in any unit; the result is in the same.
        span: the seconds that are looked at.
        box: the part of the picture.
    """
    rows = np.flatnonzero((times >= float(span.start)) & (times <= float(span.end)))
    if not len(rows):
        return 0.0
    side = tiny.shape[1]
    top, left = int(box.y * side), int(box.x * side)
    bottom = max(top + 1, round((box.y + box.height) * side))
    right = max(left + 1, round((box.x + box.width) * side))
    shown = tiny[rows, top:bottom, left:right].astype(np.float32)
    later = np.searchsorted(times[rows], times[rows] + _STEP)
    apart = later < len(rows)
    if not apart.any():
        return 0.0
    return float(np.sqrt(((shown[later[apart]] - shown[apart]) ** 2).mean()))
