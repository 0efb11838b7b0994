"""How far a common stretch reaches: as far as the aligned pictures stay alike.

Error rates: those of what is built on it; see copies.exact, which cuts it to the frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify.copies.ends import difference
from verify.copies.rhythm import RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify.copies.votes import Accord, Votes
    from verify.settings import CopySettings


def reach(taken: Votes, accord: Accord, settings: CopySettings) -> tuple[int, int, float]:
    """First and last row of a, around the voters, for which the aligned pictures are alike; and how alike."""
    lag = accord.lag
    low = max(0, -lag)
    high = min(len(taken.a.plain), len(taken.b.plain) - lag)
    ours, theirs = taken.a.plain[low:high], taken.b.plain[low + lag : high + lag]
    open_to = _uncovered(ours, theirs, settings)
    ours, theirs = ours[:, open_to], theirs[:, open_to]
    alike = _row_likeness(ours, theirs)
    core = np.zeros(len(taken.a.plain), bool)
    for index in accord.voters:
        rows = taken.rows[index]
        quarter = (rows.stop - rows.start) // 4
        core[rows.start + quarter : rows.stop - quarter] = True
    core = core[low:high]
    usual = float(np.median(alike[core])) if core.any() else 1.0
    spread = float(np.median(np.abs(alike[core] - usual))) if core.any() else 0.0
    least = settings.extent_share * usual
    level = max(least, usual - settings.extent_spread * spread - settings.extent_slack)
    # Where what moves agrees, a caption may come and go; elsewhere the pictures must be as alike as usual.
    good = np.where(core, alike >= least, (alike >= level) & ~_apart(taken, accord, settings)[low:high])
    if core.any() and len(ours) > settings.extent_smooth:
        told, own = _own(ours, theirs, core, settings)
        here = float(np.median(own[core & told])) if (core & told).sum() >= settings.extent_rows else 0.0
        if here >= settings.extent_own:
            good = np.where(told, own >= (here + settings.ends_chance) / 2, good)
    flat = np.maximum(_depth(ours), _depth(theirs)) < settings.extent_flat
    gap = round(settings.bridge * RATE)
    inside = np.flatnonzero(good & core) if (good & core).any() else np.flatnonzero(good)
    middle = int(inside[len(inside) // 2]) if len(inside) else (high - low) // 2
    first, last = _run(good, flat, middle, -1, gap), _run(good, flat, middle, 1, gap)
    likeness = float(np.clip(alike[first : last + 1].mean(), 0, 1))
    return first + low, last + low, likeness


def _own(
    ours: NDArray[np.float32],
    theirs: NDArray[np.float32],
    core: NDArray[np.bool_],
    settings: CopySettings,
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Rows that tell, and the share of their movement that is nearest a's own, as in `copies.ends`."""
    count, step = len(ours), round(settings.extent_aside * RATE)
    ours, theirs = ours - ours.mean(axis=1, keepdims=True), theirs - theirs.mean(axis=1, keepdims=True)
    gain, apart = difference(ours[core], theirs[core])
    ours, theirs = ours * gain, theirs - apart
    rows = np.arange(count)
    near = [np.clip(rows + by, 0, count - 1) for by in (-1, 0, 1)]
    close = np.stack([np.abs(theirs - ours[each]) for each in near])
    best = close.mean(axis=2).argmin(axis=0)
    mine = ours[np.clip(rows + best - 1, 0, count - 1)]
    # Near the ends of what overlaps only one side has a row aside.
    before = ours[np.clip(np.where(rows >= step, rows - step, rows + step), 0, count - 1)]
    after = ours[np.clip(np.where(rows + step < count, rows + step, rows - step), 0, count - 1)]
    weight = np.minimum(np.abs(before - mine), np.abs(after - mine))
    nearer = close[best, rows] < np.minimum(np.abs(theirs - before), np.abs(theirs - after))
    own = (weight * nearer).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-6)
    even = np.ones(settings.extent_smooth)
    own = np.convolve(own, even, "same")[:count] / np.convolve(np.ones(count), even, "same")[:count]
    return np.sqrt((weight**2).mean(axis=1)) >= gain * settings.extent_stands_out, own


def _apart(taken: Votes, accord: Accord, settings: CopySettings) -> NDArray[np.bool_]:
    """Rows of a in the middle of stretches that move, and move otherwise than b at the lag."""
    column = accord.lag - int(taken.lags[0])
    near = taken.table[:, max(0, column - 1) : column + 2]
    rows = np.zeros(len(taken.a.moving), bool)
    for stretch, values in zip(taken.rows, near, strict=True):
        if not np.isnan(values).all() and np.nanmax(values) < settings.apart_share * accord.correlation:
            quarter = (stretch.stop - stretch.start) // 4
            rows[stretch.start + quarter : stretch.stop - quarter] = True
    return rows


def _run(good: NDArray[np.bool_], flat: NDArray[np.bool_], start: int, step: int, gap: int) -> int:
    """The last good row reached from `start`, bridging up to `gap` that are not; flat ones do not count."""
    reached, misses, row = start, 0, start
    while 0 <= row < len(good) and misses <= gap:
        if good[row]:
            reached, misses = row, 0
        elif not flat[row]:
            misses += 1
        row += step
    return reached


def _uncovered(a: NDArray[np.float32], b: NDArray[np.float32], settings: CopySettings) -> NDArray[np.bool_]:
    """The cells that change over time in both alike, and those that hardly do.

    Others lie under a bar or a logo that one has, in part or whole. How much that spoils the likeness depends
    on the scene behind it, and scenes follow each other. Where most cells are so, all count.
    """
    spreads = np.stack([a.std(axis=0), b.std(axis=0)])
    moves = spreads.max(axis=0) >= settings.extent_moves
    if not moves.any():
        return np.ones(a.shape[1], bool)
    gains = np.log(np.maximum(spreads[1], 1e-3) / np.maximum(spreads[0], 1e-3))
    covered = moves & (np.abs(gains - np.median(gains[moves])) > settings.extent_covered)
    return np.asarray(~covered | (covered.mean() > 0.5))


def _depth(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far most cells of each picture lie apart, grey levels; the edge of a bar counts for little."""
    low, high = np.percentile(rows, (10, 90), axis=1)
    return np.asarray(high - low, np.float32)


def _row_likeness(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float64]:
    one = a - a.mean(axis=1, keepdims=True)
    two = b - b.mean(axis=1, keepdims=True)
    power = (one**2).sum(axis=1) * (two**2).sum(axis=1)
    return np.asarray((one * two).sum(axis=1) / np.sqrt(np.maximum(power, 1e-6)), np.float64)
