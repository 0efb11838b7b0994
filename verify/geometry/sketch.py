"""Sketches: the local features of many pictures as short codes, by which inputs are looked through quickly.

A feature's code has 128 bits. Each bit says whether one half of a random choice of the descriptor's entries
outweighs the other half; the halves are drawn so that for each entry of one there is an entry of the same
kind in the other (as far from the patch's middle, as far from its main direction), so that zeros and ones
are equally frequent without anything having been learned. Two features are candidates when they share one
of eight 16-bit parts of their codes, and partners when they differ in few bits: locality-sensitive hashing
(Indyk and Motwani, STOC 1998; Charikar, STOC 2002). The partners of two pictures are counted; which pictures
are then matched in full is decided by these counts.

What it costs: two one-minute clips, 8,000 features each, plain and mirrored, 10 to 20 ms, where all products
of their descriptors take half a second.

Limits: a feature whose part is shared by many others of the input (repeated texture, lettering) is left out.

Error rates: a sketch decides nothing; see copies.seeds and geometry.register.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from verify.fingerprint import local
from verify.fingerprint.hamming import count_bits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

BITS = 128
_PARTS = BITS // 16
RATIO = 0.75  # of the bits to the nearest and to the second nearest feature of a picture, as Lowe's test
_COMMON = 24  # features of an input with one part; more are repeated texture


@dataclass(frozen=True, eq=False, slots=True)
class Sketch:
    """The features of an input's pictures."""

    pictures: int  # how many
    picture: NDArray[np.int32]  # (n,) the picture of each feature
    codes: NDArray[np.uint64]  # (2, n, 2) of the pictures as they are and seen in a mirror
    order: NDArray[np.int32]  # (2, 8, n) features in ascending order of each 16-bit part of their codes
    parts: NDArray[np.uint16]  # (2, 8, n) the parts in that order
    alike: NDArray[np.int32]  # (2, 8, n) how many there are like the first of each part; wrong elsewhere


def sketch(pictures: Sequence[local.Points]) -> Sketch:
    """The sketch of an input's pictures."""
    rows = np.concatenate([each.descriptors for each in pictures or (local.NOTHING,)])
    codes = np.stack([_codes(rows), _codes(rows[:, local.MIRROR])])
    columns = np.ascontiguousarray(codes.view(np.uint16).transpose(0, 2, 1))
    order = np.argsort(columns, axis=2, kind="stable").astype(np.int32)
    parts = np.take_along_axis(columns, order, axis=2)
    return Sketch(
        pictures=len(pictures),
        picture=np.repeat(np.arange(len(pictures), dtype=np.int32), [len(each) for each in pictures]),
        codes=codes,
        order=order,
        parts=parts,
        alike=np.array([[_alike(each) for each in side] for side in parts]).reshape(parts.shape),
    )


def votes(a: Sketch, b: Sketch, bits: int, *, mirrored: bool) -> NDArray[np.int32]:
    """How many features of each picture of a have a partner in each picture of b, (pictures a, pictures b).

    Args:
        a: of the first input.
        b: of the second.
        bits: of 128, in which two partners differ at most.
        mirrored: whether b is seen in a mirror.
    """
    shape = a.pictures, b.pictures
    if not len(a.picture) or not len(b.picture):
        return np.zeros(shape, np.int32)
    ours, theirs = _candidates(a, b, int(mirrored))
    differing = count_bits(a.codes[0][ours] ^ b.codes[int(mirrored)][theirs])
    apart = differing[:, 0].astype(np.int64) + differing[:, 1]
    near = apart <= bits / RATIO
    pairs = np.unique(
        (ours[near].astype(np.int64) * len(b.picture) + theirs[near]) * (BITS + 1) + apart[near]
    )
    pairs, apart = np.divmod(pairs, BITS + 1)
    ours, theirs = np.divmod(pairs, len(b.picture))
    there = _clear(ours * b.pictures + b.picture[theirs], apart, bits)
    back = _clear(theirs * a.pictures + a.picture[ours], apart, bits)
    kept = there & back
    cells = a.picture[ours[kept]] * b.pictures + b.picture[theirs[kept]]
    return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape).astype(np.int32)


def _clear(group: NDArray[np.int64], apart: NDArray[np.int64], bits: int) -> NDArray[np.bool_]:
    """Which pairs are the nearest of their group, near enough, and clearly nearer than the second nearest."""
    order = np.lexsort((apart, group))
    group, apart = group[order], apart[order]
    first = np.diff(group, prepend=-1) != 0
    # Where there is no second, none is near.
    second = np.append(np.where(first[1:], BITS, apart[1:]), BITS)
    clear = np.empty(len(order), bool)
    clear[order] = first & (apart <= bits) & (apart < RATIO * second)
    return clear


def _candidates(a: Sketch, b: Sketch, side: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Pairs of features, of a as it is and of b, that share a part of their codes; some more than once."""
    found_a, found_b = [], []
    for part in range(_PARTS):
        keys, there = a.parts[0, part], b.parts[side, part]
        low = np.minimum(np.searchsorted(there, keys), len(there) - 1)
        count = b.alike[side, part][low]
        which = np.flatnonzero((there[low] == keys) & (count <= _COMMON))
        count = count[which]
        ends = np.cumsum(count)
        within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - count, count)
        found_a.append(np.repeat(a.order[0, part][which], count))
        found_b.append(b.order[side, part][np.repeat(low[which], count) + within])
    return np.concatenate(found_a), np.concatenate(found_b)


def _alike(parts: NDArray[np.uint16]) -> NDArray[np.int32]:
    """For the first of each run of equal parts, in ascending order, how long the run is, (n,)."""
    first = np.flatnonzero(np.diff(parts.astype(np.int32), prepend=-1))
    lengths = np.zeros(len(parts), np.int32)
    lengths[first] = np.diff(first, append=len(parts))
    return lengths


def _codes(descriptors: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Codes of descriptors, (n, 2)."""
    ones = descriptors.astype(np.float32) @ _halves() > 0
    return np.ascontiguousarray(np.packbits(ones, axis=1)).view(np.uint64)


@lru_cache(maxsize=1)
def _halves() -> NDArray[np.float32]:
    """For each bit, the entries that are added (1) and those that are taken away (-1), (128, 128)."""
    random = np.random.default_rng(64)
    row, column, angle = np.meshgrid(np.arange(4), np.arange(4), np.arange(8), indexing="ij")
    inner = (np.minimum(row, 3 - row) + np.minimum(column, 3 - column)).ravel()
    turned = np.minimum(angle, 8 - angle).ravel()
    halves = np.zeros((128, BITS), np.float32)
    for bit in range(BITS):
        for kind in np.unique(inner * 8 + turned):
            alike = random.permutation(np.flatnonzero(inner * 8 + turned == kind))
            halves[alike[: len(alike) // 2], bit] = 1
            halves[alike[len(alike) // 2 :], bit] = -1
    return halves
