"""Which local features of one picture belong to which of another.

A pair is kept when each is the other's nearest (mutual), and when the second nearest is clearly farther
(the ratio test of Lowe 2004). Distances are those of unit RootSIFT vectors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from verify.fingerprint.local import Points


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
    back = likeness.argmax(axis=0)
    likeness[rows, nearest] = -1.0
    second = likeness.max(axis=1)
    # A squared distance of unit vectors is 2 - 2 x likeness.
    keep = (1 - best < ratio**2 * (1 - second)) & (back[nearest] == rows)
    return np.stack([rows[keep], nearest[keep]], axis=1)


def counts(a: Sequence[Points], b: Sequence[Points], ratio: float) -> NDArray[np.int32]:
    """How many pairs `match` finds between every picture of a and every picture of b, (len(a), len(b)).

    The pictures of b are compared in one product, which is what makes looking through a whole clip cheap.
    """
    found = np.zeros((len(a), len(b)), np.int32)
    vectors = [points.vectors() for points in b]
    wide = max((len(each) for each in vectors), default=0)
    if wide < 2:
        return found
    block = np.zeros((len(b), wide, 128), np.float32)
    for slot, each in zip(block, vectors, strict=True):
        slot[: len(each)] = each
    flat = block.reshape(-1, 128)
    for index, points in enumerate(a):
        if len(points) >= 2:
            found[index] = _counts_of_one(points.vectors(), flat, len(b), ratio)
    # A single point has no second nearest, so that nothing can be said of it.
    found[:, [len(each) < 2 for each in vectors]] = 0
    return found


def _counts_of_one(
    a: NDArray[np.float32], flat: NDArray[np.float32], pictures: int, ratio: float
) -> NDArray[np.int32]:
    likeness = (a @ flat.T).reshape(len(a), pictures, -1)
    nearest = likeness.argmax(axis=2)
    back = likeness.argmax(axis=0)
    rows = np.arange(len(a))[:, None]
    columns = np.arange(pictures)[None]
    best = likeness[rows, columns, nearest]
    likeness[rows, columns, nearest] = -1.0
    second = likeness.max(axis=2)
    keep = (1 - best < ratio**2 * (1 - second)) & (back[columns, nearest] == rows)
    return np.asarray(keep.sum(axis=0), np.int32)
