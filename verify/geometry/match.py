"""Which local features of one picture belong to which of another.

A pair is kept when each is the other's nearest (mutual), and when the second nearest is clearly farther
(the ratio test of Lowe 2004). Distances are those of unit RootSIFT vectors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def match(a: NDArray[np.float32], b: NDArray[np.float32], ratio: float) -> NDArray[np.intp]:
    """Mutual nearest pairs that pass the ratio test.

    Args:
        a: (m, 128) unit vectors.
        b: (n, 128) unit vectors.
        ratio: of the distances to the nearest and the second nearest, 0 to 1.

    Returns:
        (k, 2) row numbers in a and b.
    """
    if len(a) < 2 or len(b) < 2:
        return np.empty((0, 2), np.intp)
    likeness = a @ b.T
    nearest = likeness.argmax(axis=1)
    rows = np.arange(len(a))
    best = likeness[rows, nearest]
    back = likeness.max(axis=0)
    likeness[rows, nearest] = -1.0
    second = likeness.max(axis=1)
    # A squared distance of unit vectors is 2 - 2 x likeness.
    keep = np.flatnonzero((1 - best < ratio**2 * (1 - second)) & (back[nearest] == best))
    # Of several that are equally near, the first.
    keep = keep[np.sort(np.unique(nearest[keep], return_index=True)[1])]
    return np.stack([rows[keep], nearest[keep]], axis=1)
