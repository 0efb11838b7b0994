"""Alignment: which seconds of one clip lie in which seconds of another, found by voting over time.

The first clip is cut into overlapping stretches of two seconds. Each stretch looks for itself in the
second clip by its rhythm (see `rhythm`) and votes for an offset with its correlation; stretches in which
nothing moves do not vote. The offset with most votes is taken, then the next, so that a clip that was cut
and joined gives several segments. A segment reaches as far as the aligned pictures stay alike, picture by
picture.

What is known of errors is in the settings beside each threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from verify.copies.rhythm import RATE, Rhythm, correlations, shared_rhythms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from verify.copies.seeds import Seed
    from verify.fingerprint.track import Track
    from verify.settings import CopySettings


@dataclass(frozen=True, slots=True)
class Stretch:
    """A common stretch at one offset."""

    a: tuple[float, float]  # seconds
    b: tuple[float, float]
    offset: float  # b's seconds less a's
    correlation: float  # of what moves, -1 to 1, mean of the stretches that voted
    control: float  # the highest mean correlation half a second or a second beside it
    voted: float  # seconds of it in which something moved and agreed
    likeness: float  # mean correlation of the aligned grid pictures as they are, 0 to 1


@dataclass(frozen=True, eq=False, slots=True)
class Alignment:
    """What laying one clip on the other came to."""

    matrix: NDArray[np.float64]  # (3, 3) a -> b, fractions
    seed: Seed
    stretches: tuple[Stretch, ...]  # those that establish one recording
    best: float  # the highest mean correlation at any one offset, -1 to 1
    moves_a: float  # grey levels, root mean square of what moves in a's shared part
    moves_b: float
    alike: float  # correlation of the two clips' average shared pictures, -1 to 1


@dataclass(frozen=True, eq=False, slots=True)
class _Votes:
    """Every stretch of a against every lag of b."""

    a: Rhythm
    b: Rhythm
    rows: list[slice]
    lags: NDArray[np.int64]  # (k,)
    table: NDArray[
        np.float64
    ]  # (stretches, k); NaN where a stretch and b do not overlap enough, or nothing moves


def align(a: Track, b: Track, seeds: Iterable[Seed], settings: CopySettings) -> Alignment | None:
    """The best alignment that any of the seeds leads to; None where no seed gives a shared part."""
    tried = []
    for seed in seeds:
        try:
            pair = shared_rhythms(a, b, seed.matrix, settings.slow)
        except ValueError:
            continue
        tried.append(_alignment(seed, *pair, a.end, b.end, settings))
    return max(tried, key=lambda each: (_established(each), each.best), default=None)


def _established(alignment: Alignment) -> float:
    return sum(stretch.voted * stretch.correlation for stretch in alignment.stretches)


def _alignment(
    seed: Seed, a: Rhythm, b: Rhythm, end_a: float, end_b: float, settings: CopySettings
) -> Alignment:
    votes = _vote(a, b, settings)
    free = np.ones(len(votes.rows), bool)
    stretches: list[Stretch] = []
    while len(stretches) < settings.most_segments:
        found = _next(votes, free, (end_a, end_b), settings)
        if found is None:
            break
        stretch, used = found
        stretches.append(stretch)
        free &= ~used
    filled = np.where(np.isnan(votes.table), 0, votes.table)
    best = float(filled.mean(axis=0).max()) if filled.size else 0.0
    return Alignment(
        matrix=seed.matrix,
        seed=seed,
        stretches=tuple(sorted(stretches, key=lambda each: each.a)),
        best=best,
        moves_a=float(np.sqrt(a.energy.mean())),
        moves_b=float(np.sqrt(b.energy.mean())),
        alike=_likeness(a.plain.mean(axis=0), b.plain.mean(axis=0)),
    )


def _vote(a: Rhythm, b: Rhythm, settings: CopySettings) -> _Votes:
    length = round(settings.window * RATE)
    last = max(0, len(a.moving) - length)
    starts = [*range(0, last, max(1, length // 4)), last]
    rows = [slice(start, min(start + length, len(a.moving))) for start in starts]
    lags = np.arange(-len(a.moving) + 1, len(b.moving))
    table = np.full((len(rows), len(lags)), np.nan)
    for line, stretch in zip(table, rows, strict=True):
        if np.sqrt(a.energy[stretch].mean()) >= settings.still_level:
            size = stretch.stop - stretch.start
            where, values = correlations(a, b, stretch, max(2, round(size * settings.window_overlap)))
            line[where + len(a.moving) - 1] = values
    return _Votes(a, b, rows, lags, table)


def _next(
    votes: _Votes, free: NDArray[np.bool_], ends: tuple[float, float], settings: CopySettings
) -> tuple[Stretch, NDArray[np.bool_]] | None:
    """The offset with most votes among the stretches not used yet, and the segment around them."""
    open_rows = np.where(free[:, None], votes.table, np.nan)
    strong = np.where(open_rows >= settings.vote, open_rows, 0.0)
    score = strong.sum(axis=0)
    if not score.size or score.max() <= 0:
        return None
    peak = int(score.argmax())
    voters = np.flatnonzero(_near(open_rows, peak, 1) >= settings.vote)
    if not len(voters):
        return None
    correlation = float(_near(open_rows, peak, 1)[voters].mean())
    beside = [peak + round(step * RATE) for step in settings.control_steps]
    controls = [
        np.nanmean(open_rows[voters, lag])
        for lag in beside
        if 0 <= lag < len(votes.lags)
        if not np.all(np.isnan(open_rows[voters, lag]))
    ]
    control = float(max(controls, default=-1.0))
    voted = _union(votes.rows, voters) / RATE
    if (
        correlation < settings.established
        or correlation - control < settings.control_drop
        or voted < min(settings.least_voted, 0.5 * min(len(votes.a.moving), len(votes.b.moving)) / RATE)
    ):
        return None
    lag = int(votes.lags[peak])
    pooled = np.nan_to_num(open_rows[voters, max(0, peak - 1) : peak + 2], nan=-1.0).mean(axis=0)
    offset = (lag + _between(pooled)) / RATE + votes.b.start - votes.a.start
    if _steady(votes, lag, voters, settings) < settings.steady:
        return None
    low, high, likeness = _extent(votes, lag, voters, settings)
    span_a = _span(votes.a.start + low / RATE, votes.a.start + (high + 1) / RATE, ends[0])
    start = max(span_a[0], -offset)
    stop = min(span_a[1], ends[1] - offset)
    if stop <= start:
        return None
    middles = np.array([(rows.start + rows.stop) / 2 for rows in votes.rows])
    used = (middles >= low) & (middles <= high + 1)
    used[voters] = True
    stretch = Stretch(
        a=(start, stop),
        b=(start + offset, stop + offset),
        offset=offset,
        correlation=correlation,
        control=control,
        voted=voted,
        likeness=likeness,
    )
    return stretch, used


def _near(table: NDArray[np.float64], column: int, reach: int) -> NDArray[np.float64]:
    """The highest value of each row within `reach` columns; -1 where there is none."""
    part = table[:, max(0, column - reach) : column + reach + 1]
    return np.asarray(np.where(np.isnan(part), -1.0, part).max(axis=1))


def _between(values: NDArray[np.float64]) -> float:
    """Where between the lags the peak lies, by a parabola through three values, -0.5 to 0.5."""
    if len(values) != 3:
        return 0.0
    left, top, right = values
    bend = left - 2 * top + right
    return float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5)) if bend < 0 else 0.0


def _steady(votes: _Votes, lag: int, voters: NDArray[np.intp], settings: CopySettings) -> float:
    """Share of the movement whose own best lag is the common one, 0 to 1.

    Two takes of one gesture agree as a whole, but not beat by beat; the frames of a copy do.
    """
    size, reach = round(settings.beat * RATE), round(settings.beat_reach * RATE)
    low = min(votes.rows[index].start for index in voters)
    high = max(votes.rows[index].stop for index in voters)
    total = agreed = 0.0
    for start in range(low, high - size + 1, max(1, size // 2)):
        beat = slice(start, start + size)
        lags, values = correlations(votes.a, votes.b, beat, size - 2)
        near = np.abs(lags - lag) <= reach
        if near.any():
            weight = float(np.sqrt(votes.a.energy[beat].mean()))
            total += weight
            agreed += weight * (abs(int(lags[near][values[near].argmax()]) - lag) <= 1)
    return agreed / total if total else 1.0


def _union(rows: list[slice], chosen: NDArray[np.intp]) -> int:
    covered: set[int] = set()
    for index in chosen:
        covered.update(range(rows[index].start, rows[index].stop))
    return len(covered)


def _extent(
    votes: _Votes, lag: int, voters: NDArray[np.intp], settings: CopySettings
) -> tuple[int, int, float]:
    """First and last row of a, around the voters, for which the aligned pictures are alike; and how alike."""
    low = max(0, -lag)
    high = min(len(votes.a.plain), len(votes.b.plain) - lag)
    alike = _row_likeness(votes.a.plain[low:high], votes.b.plain[low + lag : high + lag])
    core = np.zeros(high - low, bool)
    for index in voters:
        core[max(0, votes.rows[index].start - low) : max(0, votes.rows[index].stop - low)] = True
    level = settings.extent_share * float(np.median(alike[core])) if core.any() else 1.0
    good = alike >= level
    gap = round(settings.bridge * RATE)
    middle = (votes.rows[voters[0]].start + votes.rows[voters[0]].stop) // 2 - low
    middle = int(np.clip(middle, 0, len(good) - 1))
    first, last = _run(good, middle, -1, gap), _run(good, middle, 1, gap)
    likeness = float(np.clip(alike[first : last + 1].mean(), 0, 1))
    return first + low, last + low, likeness


def _run(good: NDArray[np.bool_], start: int, step: int, gap: int) -> int:
    """The last good row reached from `start`, bridging up to `gap` rows that are not."""
    reached, misses, row = start, 0, start
    while 0 <= row < len(good) and misses <= gap:
        if good[row]:
            reached, misses = row, 0
        else:
            misses += 1
        row += step
    return reached


def _span(start: float, stop: float, end: float) -> tuple[float, float]:
    # The grid's clock stops up to a step before the last frame ends, and a first frame may come late.
    slack = 1.5 / RATE
    return (0.0 if start <= slack else start), (end if end - stop <= slack else stop)


def _row_likeness(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float64]:
    one = a - a.mean(axis=1, keepdims=True)
    two = b - b.mean(axis=1, keepdims=True)
    power = (one**2).sum(axis=1) * (two**2).sum(axis=1)
    return np.asarray((one * two).sum(axis=1) / np.sqrt(np.maximum(power, 1e-6)), np.float64)


def _likeness(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    return float(_row_likeness(a[None], b[None])[0])
