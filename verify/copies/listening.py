"""A candidate line between two sounds, followed and refined: where the sounds agree along it, and how well.

From the stretch that suggested the line outwards, stretches of two seconds are correlated at small lags; the
line is fitted through the lags of those that agree, three times over a growing reach. What agrees along the
last line is kept: the correlation of every stretch in which both sounds are lively enough to tell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from verify.copies.hearing import cumulative, shifted
from verify.fingerprint.sound import STEP

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify.copies.hearing import Course, Rows
    from verify.settings import SoundSettings

_TUNING = np.linspace(0.95, 1.05, 21)
_FAR_ENOUGH = 5.0  # seconds between stretches, from which on their lags tell the speed
_ROWS_OFF = 0.75  # rows by which a stretch's lag may lie beside the line
_DRIFT = 3e-4  # of the speed; clocks of cameras drift by a tenth of that


@dataclass(frozen=True, eq=False, slots=True)
class Followed:
    """A line, and how the stretches along it agree."""

    line: Course
    rows: NDArray[np.int64]  # (n,) b's row at which each stretch starts
    length: int  # rows of a stretch
    alike: NDArray[np.float64]  # (n,) correlation, -1 to 1
    told: NDArray[np.bool_]  # (n,) whether both sounds are lively enough there
    first: int  # b's row at which the overlap begins
    tally: NDArray[np.float64]  # (m + 1,) what the rows before each give for agreement, less what against it

    def edges(self, one: int, last: int) -> tuple[int, int]:
        """B's rows between which the stretches `one` to `last` agree: where most speaks for it."""
        low, high = self.rows[one] - self.first, self.rows[last] - self.first
        begins = max(0, int(low) - self.step)
        start = begins + int(self.tally[begins : low + self.length].argmin())
        end = int(high) + 1 + int(self.tally[high + 1 : high + self.length + self.step + 1].argmax())
        return self.first + start, self.first + max(end, start + 1)

    @property
    def step(self) -> int:
        """Rows from one stretch to the next; they overlap."""
        return max(1, self.length // 2)

    def seconds(self, chosen: NDArray[np.bool_]) -> float:
        """Seconds of b that some of the stretches cover together."""
        covered = np.zeros(self.step * len(chosen) + self.length, bool)
        for index in np.flatnonzero(chosen):
            covered[index * self.step : index * self.step + self.length] = True
        return float(covered.sum()) * STEP


def follow(a: Rows, b: Rows, line: Course, settings: SoundSettings) -> Followed | None:
    """The line refined, with what agrees along it; None where nothing does."""
    for reach, lags in ((8.0, 6), (40.0, 4), (np.inf, 3)):
        seen = _along(a, b, line, reach, lags, settings)
        if seen is None:
            return None
        best = seen.alike.argmax(axis=1)
        top = seen.alike[np.arange(len(best)), best]
        fit = seen.told & (top >= settings.vote)
        if not fit.any():
            return None
        middles = seen.rows[fit] + seen.length / 2
        line = _fitted(line, middles, _between(seen.alike, best)[fit] - lags, top[fit])
        reached = float(np.ptp(seen.rows)) * STEP
    if line.speed != 1 and reached < _FAR_ENOUGH:
        line = _tuned(a, b, line, settings)
    seen = _along(a, b, line, np.inf, 1, settings)
    return seen.followed(line) if seen is not None else None


def at(a: Rows, b: Rows, line: Course, lags: int, settings: SoundSettings) -> Followed | None:
    """The line moved by the one lag of up to `lags` rows at which most agrees, and not refined else."""
    seen = _along(a, b, line, np.inf, lags, settings)
    if seen is None:
        return None
    together = seen.alike[seen.told].mean(axis=0) if seen.told.any() else seen.alike.mean(axis=0)
    lag = int(together.argmax())
    near = replace(seen, alike=seen.alike[:, max(0, lag - 1) : lag + 2])
    return near.followed(replace(line, at_b=line.at_b + lag - lags))


@dataclass(frozen=True, eq=False, slots=True)
class _Along:
    """Stretches along a line, at several lags."""

    rows: NDArray[np.int64]  # (n,) of b
    length: int
    alike: NDArray[np.float64]  # (n, lags)
    told: NDArray[np.bool_]  # (n,)
    first: int  # b's row at which the overlap begins
    tally: NDArray[np.float64]  # (m + 1,) as in `Followed`

    def followed(self, line: Course) -> Followed:
        """What agrees at the best lag of each."""
        return Followed(
            line, self.rows, self.length, self.alike.max(axis=1), self.told, self.first, self.tally
        )


def _along(a: Rows, b: Rows, line: Course, reach: float, lags: int, settings: SoundSettings) -> _Along | None:
    """Stretches of b within `reach` seconds of the line's origin, where a overlaps them."""
    ends = sorted((line.b_of(0), line.b_of(len(a))))
    first = max(0, int(np.ceil(ends[0])), int(max(line.at_b - reach / STEP, 0)))
    last = min(len(b), int(ends[1]), int(min(line.at_b + reach / STEP, len(b))))
    length = min(round(settings.block / STEP), last - first)
    if length < settings.block_fewest / STEP:
        return None
    heard = _read(a, line, first, last)
    if line.pitched:
        moved = shifted(line.speed)
        inside = moved.any(axis=0)
        if not inside.any():  # faster than any two sounds could be told at
            return None
        heard = heard @ moved
        b = (b - b[:, inside].mean(axis=1, keepdims=True)) * inside
    bands = int(inside.sum()) if line.pitched else b.shape[1]
    count = last - first
    padded = np.zeros((count + 2 * lags, b.shape[1]), b.dtype)
    low, high = max(0, first - lags), min(len(b), last + lags)
    padded[low - first + lags : high - first + lags] = b[low:high]
    starts = np.arange(0, count - length + 1, max(1, length // 2))
    power = (heard**2).sum(axis=1)
    ours, theirs = _sums(power, starts, length), cumulative((padded**2).sum(axis=1))
    alike = np.empty((len(starts), 2 * lags + 1))
    for lag in range(2 * lags + 1):
        products = (heard * padded[lag : lag + count]).sum(axis=1)
        norm = theirs[starts + lag + length] - theirs[starts + lag]
        alike[:, lag] = _sums(products, starts, length) / np.sqrt(np.maximum(ours * norm, 1e-6))
        if lag == lags:
            both = (power + np.diff(theirs)[lags : lags + count]) / 2
            tally = cumulative(products - settings.edge * both)
    quieter = np.minimum(ours, theirs[starts + lags + length] - theirs[starts + lags])
    told = np.sqrt(quieter / (length * bands)) >= settings.lively
    return _Along(starts + first, length, alike, told, first, tally)


def _tuned(a: Rows, b: Rows, line: Course, settings: SoundSettings) -> Course:
    """The line at the speed near its own at which the whole overlap, too short for a fit, agrees best."""
    whole = replace(settings, block=_FAR_ENOUGH + settings.block)
    ends = sorted((line.b_of(0), line.b_of(len(a))))
    middle = (max(ends[0], 0) + min(ends[1], len(b))) / 2
    centre = replace(line, at_a=line.a_of(middle), at_b=middle)
    best = (-1.0, line)
    for part in _TUNING:
        tried = replace(centre, speed=line.speed * float(part))
        seen = _along(a, b, tried, np.inf, 3, whole)
        if seen is not None:
            alike = seen.alike.mean(axis=0, keepdims=True)
            lag = alike.argmax(axis=1)
            off = float(_between(alike, lag)[0]) - 3
            best = max(
                best, (float(alike.max()), replace(tried, at_b=middle + off)), key=lambda each: each[0]
            )
    return best[1]


def _read(a: Rows, line: Course, first: int, last: int) -> Rows:
    """(last - first, 16): a's sound as b's rows would hold it."""
    middle = (np.arange(first, last) + 0.5 - line.at_b) * line.speed + line.at_a
    half = max(1.0, line.speed) / 2
    low = max(0, int(middle[0] - half) - 1)
    high = min(len(a), int(np.ceil(middle[-1] + half)) + 1)
    total = cumulative(a[low:high])
    ends = np.clip(np.stack([middle - half, middle + half]) - low, 0, high - low)
    whole = np.minimum(ends.astype(int), high - low - 1)
    share = (ends - whole)[..., None]
    sums = total[whole] * (1 - share) + total[whole + 1] * share
    return np.asarray((sums[1] - sums[0]) / (2 * half), np.float32)


def _sums(values: NDArray[np.floating], starts: NDArray[np.int64], length: int) -> NDArray[np.float64]:
    total = cumulative(values)
    return total[starts + length] - total[starts]


def _between(alike: NDArray[np.float64], best: NDArray[np.int64]) -> NDArray[np.float64]:
    """The lag at which each stretch agrees best, between rows: the top of a parabola."""
    inner = np.clip(best, 1, alike.shape[1] - 2)
    rows = np.arange(len(best))
    left, top, right = (alike[rows, inner + step] for step in (-1, 0, 1))
    bend = left - 2 * top + right
    off = np.where((bend < 0) & (inner == best), 0.5 * (left - right) / np.minimum(bend, -1e-9), 0.0)
    return np.asarray(best + np.clip(off, -0.5, 0.5), np.float64)


def _fitted(
    line: Course, rows: NDArray[np.float64], lags: NDArray[np.float64], weight: NDArray[np.float64]
) -> Course:
    """The line through where the stretches agree: moved, and turned where they reach far enough."""
    # The middle of an even number of lags may be near none of them; a lag that is there always is.
    middle = np.sort(lags)[len(lags) // 2]
    keep = np.abs(lags - middle) <= _lag_slack(rows)
    rows, lags, weight = rows[keep], lags[keep], weight[keep]
    slope, level = 0.0, float(np.average(lags, weights=weight))
    centre = float(np.average(rows, weights=weight))
    for _ in range(3):
        if np.ptp(rows) * STEP < _FAR_ENOUGH:
            break
        slope, level = np.polyfit(rows - centre, lags, 1, w=np.sqrt(weight))
        off = np.abs(lags - (slope * (rows - centre) + level))
        near = off <= max(_ROWS_OFF, float(np.median(off)) * 3)
        if near.all() or near.sum() < 3:
            break
        rows, lags, weight = rows[near], lags[near], weight[near]
    # b's row for the row of a that lies at `centre` on the old line is `centre + level`.
    at_a = line.a_of(centre)
    speed = line.speed / (1 + float(slope))
    if line.speed == 1 and abs(slope) < _DRIFT:
        speed = 1.0
    return replace(line, at_a=at_a, at_b=centre + float(level), speed=speed)


def _lag_slack(rows: NDArray[np.float64]) -> float:
    """Rows by which lags may spread: those of a speed that is 4 % off, and some."""
    return 2.0 + 0.04 * float(np.ptp(rows))
