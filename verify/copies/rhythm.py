"""The rhythm of what moves: whether two registered clips show one recording, and at which offset.

Geometry shows that two clips show the same scene; it cannot show that they are the same footage, since a
fixed camera sees the same scene an hour later. What differs between two recordings is what moves, and
when. So one clip is laid on the other, each is reduced to a grid of grey values over the part that both
show, the slow average and the overall brightness are taken away, and what is left - people, flames,
leaves, the shaking of the hand that holds the camera - is compared as a block of space and time: the
normalised cross-correlation of the two blocks, over all offsets.

In a copy the correlation stands out at one offset and falls away half a second and a second beside it; in
another recording of the place it is low at every offset. Where nothing moves there is nothing to compare,
and the answer is that the footage could not be determined. A copy that runs faster, slower or backwards is
compared on a clock that runs as its own does.

Limits: the grid is coarse, so a small moving thing in a large still picture can be too weak to tell. A
movement that repeats (a fan, a blinking sign) agrees at several offsets, and then no offset is given.
Clips of more than 80 minutes are not compared in this way; of two clips that are long together, only
offsets within a minute of those that the geometry suggests are.

Error rates: see copies.votes, which decides by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from verify.fingerprint.track import TINY, TINY_STEPS
from verify.geometry.fit import carry, inverse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from verify.fingerprint.track import Track

RATE = 12.5  # grid pictures a second
STEP = 6  # rows between the starts of two stretches
_MOST = 60_000  # rows, 80 minutes; 140 MB
_GRID = 24  # cells on a side of the shared part
_CHUNK = 200 * STEP  # rows of a that are multiplied at once
_THIN = 5  # points of the grid of which one is kept for a first look
_CUT_STEP = 12.0  # grey levels between two grid pictures; a cut, or something as sudden
_CUT_TIMES = 5.0  # times the clip's usual step


@dataclass(frozen=True, eq=False, slots=True)
class Rhythm:
    """What moves in the shared part of one clip, on an even clock."""

    start: float  # seconds of the clip at the first row
    step: float  # seconds of the clip from row to row; negative where its rows run backwards
    moving: NDArray[np.float32]  # (n, p) grey levels, slow average and overall brightness taken away
    plain: NDArray[np.float32]  # (n, p) grey levels as they are

    @property
    def energy(self) -> NDArray[np.float32]:
        """Mean square of what moves in each grid picture, grey levels squared, (n,)."""
        return np.asarray((self.moving**2).mean(axis=1), np.float32)

    def backwards(self) -> Rhythm:
        """The same rows, last first."""
        last = self.start + (len(self.moving) - 1) * self.step
        return Rhythm(last, -self.step, self.moving[::-1], self.plain[::-1])


@dataclass(frozen=True, eq=False, slots=True)
class Sampled:
    """The tiny pictures of one clip, read at the points of a grid."""

    times: NDArray[np.float64]  # (k,) seconds, ascending
    values: NDArray[np.float32]  # (k, p) grey levels

    def thinned(self) -> Sampled:
        """The same on every fifth point; the grid has no multiple of five columns, so they spread over it."""
        return Sampled(self.times, np.ascontiguousarray(self.values[:, ::_THIN]))

    def around(self, middle: float, reach: float) -> Sampled:
        """What lies within `reach` seconds of a moment; all of it where that leaves nothing."""
        low, high = np.searchsorted(self.times, (middle - reach, middle + reach))
        return Sampled(self.times[low:high], self.values[low:high]) if low < high else self

    def rhythm(self, slow: float, tempo: float = 1.0) -> Rhythm:
        """What moves, on an even clock of `RATE` rows a second at the tempo of another clip.

        Args:
            slow: seconds of the other clip; what changes more slowly than this is taken away.
            tempo: seconds of the other clip that one second of this one shows; negative where backwards.

        Raises:
            ValueError: the clip is longer than 80 minutes.
        """
        step = 1 / (RATE * abs(tempo))
        length = float(self.times[-1] - self.times[0])
        count = max(1, int(length / step) + 1)
        if count > _MOST:
            raise ValueError(f"{length:.0f} s are too long to be compared by what moves")
        plain = self._at(self.times[0] + np.arange(count) * step)
        moving = plain - plain.mean(axis=1, keepdims=True)
        for shot in _shots(plain):
            moving[shot] -= _slow_average(moving[shot], max(1, round(slow * RATE)))
        forward = Rhythm(float(self.times[0]), step, moving, plain)
        return forward if tempo > 0 else forward.backwards()

    def _at(self, clock: NDArray[np.float64]) -> NDArray[np.float32]:
        """Grey levels at given seconds, (n, p), between the samples by straight lines."""
        times = self.times
        later = np.clip(np.searchsorted(times, clock), 1, max(1, len(times) - 1))
        earlier = later - 1
        later = np.minimum(later, len(times) - 1)
        gap = np.maximum(times[later] - times[earlier], 1e-6)
        part = np.clip((clock - times[earlier]) / gap, 0, 1).astype(np.float32)[:, None]
        return np.asarray(self.values[earlier] * (1 - part) + self.values[later] * part, np.float32)


def shared_samples(a: Track, b: Track, matrix: NDArray[np.float64]) -> tuple[Sampled, Sampled]:
    """Both clips on one grid over the part of the picture that both show.

    Args:
        a: the first track.
        b: the second.
        matrix: (3, 3), brings fractions of a's picture to fractions of b's.

    Raises:
        ValueError: the two pictures share less than a few cells.
    """
    steps = (np.arange(_GRID) + 0.5) / _GRID
    there = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    back = inverse(matrix)
    inside_b = _grid_inside(back, there)
    if len(inside_b) < _GRID:
        raise ValueError("the two pictures share almost nothing")
    inside_a = carry(back, inside_b)
    return _sampled(a, inside_a), _sampled(b, inside_b)


def _grid_inside(back: NDArray[np.float64], grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """An even grid over the part of b that a shows: its extent first, then the grid drawn finer in it."""
    seen = _visible(back, grid)
    if len(seen) < 2:
        return seen
    low, high = seen.min(axis=0), seen.max(axis=0)
    margin = 0.5 / _GRID
    low, high = np.maximum(low - margin, 0), np.minimum(high + margin, 1)
    return _visible(back, low + grid * (high - low))


def _visible(back: NDArray[np.float64], grid: NDArray[np.float64]) -> NDArray[np.float64]:
    points = carry(back, grid)
    edge = 0.5 / TINY
    with np.errstate(invalid="ignore"):
        keep = np.all((points >= edge) & (points <= 1 - edge), axis=1)
    return np.asarray(grid[keep & np.all((grid >= edge) & (grid <= 1 - edge), axis=1)])


def _sampled(track: Track, points: NDArray[np.float64]) -> Sampled:
    """The tiny pictures at points in fractions, between cells by straight lines."""
    flat = np.ascontiguousarray(track.tiny.reshape(len(track.tiny), -1).T)  # a row is one cell over time
    spots = points * TINY - 0.5
    low = np.clip(np.floor(spots).astype(int), 0, TINY - 2)
    part = np.clip(spots - low, 0, 1).astype(np.float32)
    values = np.zeros((len(points), len(track.tiny)), np.float32)
    for down in (0, 1):
        for right in (0, 1):
            share = np.where(down, part[:, 1], 1 - part[:, 1]) * np.where(right, part[:, 0], 1 - part[:, 0])
            values += share[:, None] * flat[(low[:, 1] + down) * TINY + low[:, 0] + right]
    return Sampled(track.tiny_times, np.ascontiguousarray(values.T) / np.float32(TINY_STEPS))


def _shots(plain: NDArray[np.float32]) -> list[slice]:
    """Rows between cuts: an average over a cut would mix two scenes into what moves beside it."""
    steps = np.abs(np.diff(plain, axis=0)).mean(axis=1)
    if not len(steps):
        return [slice(0, len(plain))]
    cuts = np.flatnonzero(steps > max(_CUT_STEP, _CUT_TIMES * float(np.median(steps)))) + 1
    edges = [0, *(int(cut) for cut in cuts), len(plain)]
    return [slice(low, high) for low, high in pairwise(edges)]


def _slow_average(rows: NDArray[np.float32], half: int) -> NDArray[np.float32]:
    """Mean over `half` rows to either side, fewer at the ends, (n, p)."""
    sums = np.concatenate([np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0, dtype=np.float64)])
    index = np.arange(len(rows))
    low, high = np.maximum(index - half, 0), np.minimum(index + half + 1, len(rows))
    return np.asarray((sums[high] - sums[low]) / (high - low)[:, None], np.float32)


def correlations(
    a: Rhythm, b: Rhythm, windows: Sequence[slice], share: float, between: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Correlation of stretches of a with b, at every lag of a range.

    Args:
        a: the clip that the stretches are of.
        b: the clip to look through.
        windows: the stretches, rows of a, each starting and ending on a multiple of `STEP` or at a's end.
        share: of a stretch's rows that must overlap for a lag to count, 0 to 1.
        between: the first and the last lag; the work grows with a's length times their number.

    Returns:
        Lags (k,), row of b less row of a; and correlations (stretches, k), -1 to 1, NaN where not counted.
    """
    count, other = len(a.moving), len(b.moving)
    lags = np.arange(max(1 - count, between[0]), min(other - 1, between[1]) + 1)
    sums = _block_sums(a.moving, b.moving, lags)
    energy_a, energy_b = _running(a.moving), _running(b.moving)
    table = np.full((len(windows), len(lags)), np.nan)
    for line, rows in zip(table, windows, strict=True):
        low, high = np.maximum(rows.start, -lags), np.minimum(rows.stop, other - lags)
        inside = high - low >= max(2, share * (rows.stop - rows.start))
        low, high, shift = low[inside], high[inside], lags[inside]
        power = (energy_a[high] - energy_a[low]) * (energy_b[high + shift] - energy_b[low + shift])
        dots = sums[rows.start // STEP : -(-rows.stop // STEP), inside].sum(axis=0)
        line[inside] = np.clip(dots / np.sqrt(np.maximum(power, 1e-9)), -1, 1)
    return lags, table


def best_lag(a: Rhythm, b: Rhythm, rows: slice, lag: int, reach: int) -> int | None:
    """The lag within `reach` of `lag` at which a stretch of a agrees best with b; None where b lacks it."""
    block = a.moving[rows]
    best, found = -2.0, None
    for start in range(rows.start + lag - reach, rows.start + lag + reach + 1):
        part = b.moving[max(start, 0) : start + len(block)]
        if start < 0 or len(part) < len(block):
            continue
        power = float((block**2).sum()) * float((part**2).sum())
        value = float((block * part).sum()) / max(power, 1e-9) ** 0.5
        if value > best:
            best, found = value, start - rows.start
    return found


def _block_sums(
    a: NDArray[np.float32], b: NDArray[np.float32], lags: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Products of a's rows with b's, summed over blocks of `STEP` rows of a at each lag, (blocks, lags)."""
    sums = np.zeros((-(-len(a) // STEP), len(lags)))
    for start in range(0, len(a) if len(lags) else 0, _CHUNK):
        part = a[start : start + _CHUNK]
        low = max(0, start + int(lags[0]))
        products = part @ b[low : max(low, start + len(part) + int(lags[-1]))].T
        if products.size:
            found = _by_lag(products)
            first = low - start - len(part) + 1 - int(lags[0])  # which lag the first column is of
            wanted = slice(max(0, first), min(len(lags), first + found.shape[1]))
            blocks = slice(start // STEP, start // STEP + len(found))
            sums[blocks, wanted] = found[:, wanted.start - first : wanted.stop - first]
    return sums


def _by_lag(products: NDArray[np.float32]) -> NDArray[np.float32]:
    """Products of rows with rows, (n, m), summed over blocks of `STEP` rows by lag, (blocks, n + m - 1)."""
    count, other = products.shape
    width = count + other - 1
    skewed = np.zeros((-(-count // STEP) * STEP, width), np.float32)
    # Each row starts one column before the one above it, so that equal lags stand in one column.
    steps = ((width - 1) * skewed.itemsize, skewed.itemsize)
    np.lib.stride_tricks.as_strided(skewed.ravel()[count - 1 :], products.shape, steps)[:] = products
    return np.asarray(skewed.reshape(-1, STEP, width).sum(axis=1))


def _running(rows: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.concatenate([[0.0], np.cumsum((rows**2).sum(axis=1, dtype=np.float64))])
