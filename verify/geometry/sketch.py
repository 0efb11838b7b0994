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
_SPOTS = 64  # cells on a side of the picture; partners of the same cells at several times are one
_NEAR = 0.04  # of the picture's height, by which a similarity may miss: it stands for perspective and depth
_MOST = 32  # partners through which similarities are tried
_MOST_COMMON = 48  # likewise, of all pictures of two inputs
_CLOSE = 0.03, 0.005  # of the smaller and of the larger picture's height, by which a common one may miss
_RUN = 0.08  # of the picture's height, that two partners must lie apart to tell a common similarity
_SIZES = 0.15, 6.0  # times, by which it may scale
_APART = 24  # cells on a side of a's picture; partners of a common similarity lie in as many as there are
_COMMON = 24  # features of an input with one part; more are repeated texture


@dataclass(frozen=True, eq=False, slots=True)
class Sketch:
    """The features of an input's pictures."""

    pictures: int  # how many
    picture: NDArray[np.int32]  # (n,) the picture of each feature
    xy: NDArray[np.float32]  # (n, 2) where it lies in it, fractions
    codes: NDArray[np.uint64]  # (2, n, 2) of the pictures as they are and seen in a mirror
    order: NDArray[np.int32]  # (2, 8, n) features in ascending order of each 16-bit part of their codes
    parts: NDArray[np.uint16]  # (2, 8, n) the parts in that order
    alike: NDArray[np.int32]  # (2, 8, n) how many there are like the first of each part; wrong elsewhere


@dataclass(frozen=True, eq=False, slots=True)
class Partners:
    """Features of two inputs that are each other's nearest."""

    votes: NDArray[np.int32]  # (pictures a, pictures b) how many each two pictures share
    places: NDArray[np.int64]  # (k, 2) the pictures of each two partners
    a: NDArray[np.float32]  # (k, 2) where they lie in a's picture, fractions
    b: NDArray[np.float32]  # (k, 2) in b's, as seen in the mirror where that was asked for

    def agreeing(self, places: Sequence[tuple[int, int]], aspects: tuple[float, float]) -> int:
        """How many partners of some picture pairs are carried to each other by one similarity, about.

        Similarities through every two partners are tried, the first `_MOST` of them; partners that lie in the
        same spot of both pictures count once.

        Args:
            places: pictures of a and of b.
            aspects: width over height of both.
        """
        chosen = np.zeros(self.votes.shape, bool)
        for place in places:
            chosen[place] = True
        which = np.flatnonzero(chosen[self.places[:, 0], self.places[:, 1]])
        spots = np.c_[self.a[which], self.b[which]]
        once = np.unique(np.floor(spots * _SPOTS), axis=0, return_index=True)[1]
        spots = spots[np.sort(once)[:_MOST]]
        return _agreeing(*_in_heights(spots, aspects))

    def common(self, aspects: tuple[float, float]) -> Common | None:
        """The similarity that carries most partners of all pictures to each other; None where none does.

        However a clip is cut, its picture lies in one place of the other, so that pictures of all times speak
        together: an inset has few partners in each. Those of the pictures that share most come first, the
        first `_MOST_COMMON`; what lies at one spot of a or of b counts once.

        Args:
            aspects: width over height of both.
        """
        counts = self.votes[self.places[:, 0], self.places[:, 1]]
        order = np.argsort(-counts, kind="stable")
        spots = np.c_[self.a, self.b][order]
        once = np.sort(np.unique(np.floor(spots * _SPOTS), axis=0, return_index=True)[1])[:_MOST_COMMON]
        spots, places = spots[once], self.places[order][once]
        a, b = _in_heights(spots, aspects)
        chosen = _most_common(a, b)
        if chosen.sum() < 2:
            return None
        cells = (spots[chosen, :2] * _APART, spots[chosen, 2:] * _SPOTS)
        count = min(len(np.unique(np.floor(each), axis=0)) for each in cells)
        return Common(_similarity(a[chosen], b[chosen], aspects), count, tuple(places[chosen][0].tolist()))


@dataclass(frozen=True, eq=False, slots=True)
class Common:
    """A similarity between the pictures of two inputs, whatever their times."""

    matrix: NDArray[np.float64]  # (3, 3) a -> b in fractions, b as its partners were asked for
    count: int  # partners that it carries to each other, about
    place: tuple[int, int]  # the pictures that share most of them


def _most_common(a: NDArray[np.complex64], b: NDArray[np.complex64]) -> NDArray[np.bool_]:
    """Which points, (n,), one similarity through two of them carries near each other; the most any does."""
    one, two = np.triu_indices(len(a), 1)
    run, rise = a[two] - a[one], b[two] - b[one]
    far = np.abs(run) > _RUN
    one, turn = one[far], rise[far] / run[far]
    fair = (np.abs(turn) > _SIZES[0]) & (np.abs(turn) < _SIZES[1])
    if not fair.any():
        return np.zeros(len(a), bool)
    one, turn = one[fair], turn[fair]
    near = _misses(a, b, one, turn) <= (_CLOSE[0] * np.minimum(1, np.abs(turn)) + _CLOSE[1])[:, None]
    return np.asarray(near[near.sum(axis=1).argmax()])


def _similarity(
    a: NDArray[np.complex64], b: NDArray[np.complex64], aspects: tuple[float, float]
) -> NDArray[np.float64]:
    """The similarity nearest to all of these points, least squares, (3, 3) in fractions."""
    middle_a, middle_b = a.mean(), b.mean()
    run, rise = a - middle_a, b - middle_b
    turn = complex((rise * run.conj()).sum() / np.maximum((np.abs(run) ** 2).sum(), 1e-9))
    shift = complex(middle_b - turn * middle_a)
    heights = np.array(
        [[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag], [0.0, 0.0, 1.0]]
    )
    return np.asarray(np.diag([1 / aspects[1], 1, 1]) @ heights @ np.diag([aspects[0], 1, 1]))


def _agreeing(a: NDArray[np.complex64], b: NDArray[np.complex64]) -> int:
    """The most points that one similarity carries near each other, of points in heights of the picture."""
    one, two = np.triu_indices(len(a), 1)
    run, rise = a[two] - a[one], b[two] - b[one]
    fair = (np.abs(run) > _NEAR) & (np.abs(rise) > _NEAR)
    if not fair.any():
        return min(len(a), 1)
    misses = _misses(a, b, one[fair], rise[fair] / run[fair])
    return int((misses <= _NEAR).sum(axis=1).max())


def _in_heights(
    spots: NDArray[np.float32], aspects: tuple[float, float]
) -> tuple[NDArray[np.complex64], NDArray[np.complex64]]:
    """Spots of a and of b, (n, 4) in fractions, as points in heights of each picture, (n,) each."""
    a, b = (spots[:, k] * aspect + 1j * spots[:, k + 1] for k, aspect in ((0, aspects[0]), (2, aspects[1])))
    return a, b


def _misses(
    a: NDArray[np.complex64], b: NDArray[np.complex64], one: NDArray[np.intp], turn: NDArray[np.complex64]
) -> NDArray[np.float32]:
    """By how much similarities miss b's points, (m, n): each carries the point `one` and turns about it."""
    return np.asarray(np.abs(b[None] - b[one][:, None] - turn[:, None] * (a[None] - a[one][:, None])))


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
        xy=np.concatenate([each.xy for each in pictures or (local.NOTHING,)]),
        codes=codes,
        order=order,
        parts=parts,
        alike=np.array([[_alike(each) for each in side] for side in parts]).reshape(parts.shape),
    )


def partners(a: Sketch, b: Sketch, bits: int, *, mirrored: bool) -> Partners:
    """The features of a and of b that are partners.

    Args:
        a: of the first input.
        b: of the second.
        bits: of 128, in which two partners differ at most.
        mirrored: whether b is seen in a mirror.
    """
    shape = a.pictures, b.pictures
    if not len(a.picture) or not len(b.picture):
        nowhere = np.empty((0, 2), np.float32)
        return Partners(np.zeros(shape, np.int32), np.empty((0, 2), np.int64), nowhere, nowhere)
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
    ours, theirs = ours[kept], theirs[kept]
    places = np.stack([a.picture[ours], b.picture[theirs]], axis=1).astype(np.int64)
    counts = np.bincount(places @ (b.pictures, 1), minlength=shape[0] * shape[1])
    seen = b.xy[theirs] * (-1, 1) + (1, 0) if mirrored else b.xy[theirs]
    return Partners(counts.reshape(shape).astype(np.int32), places, a.xy[ours], seen.astype(np.float32))


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
