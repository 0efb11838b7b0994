"""Votes: which offset the stretches of one clip agree on, and whether that establishes one recording.

Every stretch of two seconds in which something moves is correlated with the other clip at every lag. Two
rules establish a common recording:

* Agreement: the stretches that agree at the lag do so strongly (mean correlation at least 0.5), the
  correlation falls away half a second and a second beside it, and short beats of 0.6 s find no better lag
  of their own. Two takes of one gesture agree as a whole, but not beat by beat.
* Concord: many stretches, taken one by one, name the same lag as their best out of all, though each agrees
  only a little: a clip filmed off a screen, or one that is badly compressed. Chance names a given lag once
  in a hundred.

Limits: two clips of less than four seconds have the first rule only, and a short clip in which little
moves may have neither. Speed must be the same in both; a clip that was sped up or slowed down is not
aligned.

What is known of errors: on 77 public clips whose relations were decided by looking (2,923 pairs), all 68
copies are found, and none of the 78 pairs of different takes by one camera and of the 2,777 pairs of
different sources is called a copy. The thresholds were chosen on these clips, so the true rates are
somewhat higher; with no false copy in 2,855 pairs, the upper bound of a 95 % interval is 0.13 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from verify.copies.rhythm import RATE, STEP, Rhythm, best_lag, correlations

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify.settings import CopySettings


@dataclass(frozen=True, eq=False, slots=True)
class Votes:
    """Every stretch of a against every lag of b."""

    a: Rhythm
    b: Rhythm
    rows: tuple[slice, ...]  # the stretches, rows of a
    lags: NDArray[np.int64]  # (k,) rows
    table: NDArray[np.float64]  # (stretches, k); NaN where too little overlaps, or nothing moves


@dataclass(frozen=True, eq=False, slots=True)
class Accord:
    """A lag that establishes one recording."""

    lag: int  # row of b less row of a
    offset: float  # seconds of b less seconds of a, to a fraction of a row
    voters: NDArray[np.intp]  # stretches that agree
    correlation: float  # their mean, -1 to 1
    control: float  # the highest mean half a second or a second beside it
    voted: float  # seconds of movement that agree
    rule: str  # "agreement" or "concord"


def take(a: Rhythm, b: Rhythm, settings: CopySettings, near: float | None = None) -> Votes:
    """Correlate every stretch of a with b.

    Args:
        a: the clip whose stretches vote.
        b: the other clip.
        settings: windows, levels and bounds.
        near: seconds of b less seconds of a that a seed suggests; two long clips are compared only around it.
    """
    length = STEP * round(settings.window * RATE / STEP)
    starts = range(0, max(1, len(a.moving) - length + STEP), STEP)
    rows = tuple(slice(start, min(start + length, len(a.moving))) for start in starts)
    between = -len(a.moving), len(b.moving)
    if near is not None and len(a.moving) * len(b.moving) > settings.all_lags:
        middle = round((near + a.start - b.start) * RATE)
        reach = round(settings.lag_reach * RATE)
        between = middle - reach, middle + reach
    lags, table = correlations(a, b, rows, settings.window_overlap, between)
    table[[bool(np.sqrt(a.energy[each].mean()) < settings.still_level) for each in rows]] = np.nan
    return Votes(a, b, rows, lags, table)


def decide(votes: Votes, free: NDArray[np.bool_], settings: CopySettings) -> Accord | None:
    """The lag that the stretches not used yet agree on, or None."""
    table = np.where(free[:, None], np.nan_to_num(votes.table, nan=-1.0), -1.0)
    if not table.size:
        return None
    return _agreement(votes, table, settings) or _concord(votes, table, settings)


def _agreement(votes: Votes, table: NDArray[np.float64], settings: CopySettings) -> Accord | None:
    score = np.where(table >= settings.vote, table, 0.0).sum(axis=0)
    peak = int(score.argmax())
    near = _near(table, peak)
    voters = np.flatnonzero(near >= settings.vote)
    if score[peak] <= 0 or not len(voters):
        return None
    accord = _accord(votes, table, peak, voters, "agreement", settings)
    least = min(settings.least_voted, 0.5 * min(len(votes.a.moving), len(votes.b.moving)) / RATE)
    passes = (
        accord.correlation >= settings.established
        and accord.correlation - accord.control >= settings.control_drop
        and accord.voted >= least
        and _steady(votes, accord, settings) >= settings.steady
    )
    return accord if passes else None


def _concord(votes: Votes, table: NDArray[np.float64], settings: CopySettings) -> Accord | None:
    best, own = table.max(axis=1), table.argmax(axis=1)
    weights = np.where(best >= settings.concord_vote, best, 0.0)
    score = np.zeros(table.shape[1])
    for lag, weight in zip(own, weights, strict=True):
        score[max(0, lag - 1) : lag + 2] += weight
    peak = int((score + 1e-6 * np.maximum(table, 0).sum(axis=0)).argmax())
    voters = np.flatnonzero((weights > 0) & (np.abs(own - peak) <= 1))
    asked = int((table[:, peak] > -1.0).sum())
    if not len(voters) or len(voters) < settings.concord_share * asked:
        return None
    accord = _accord(votes, table, peak, voters, "concord", settings)
    passes = (
        accord.voted >= settings.concord_voted
        and accord.correlation >= settings.concord_established
        and accord.correlation - accord.control >= settings.concord_drop
        # What agrees strongly must agree beat by beat; only weak stretches may speak for each other.
        and (accord.correlation < settings.established or _steady(votes, accord, settings) >= settings.steady)
    )
    return accord if passes else None


def _accord(
    votes: Votes,
    table: NDArray[np.float64],
    peak: int,
    voters: NDArray[np.intp],
    rule: str,
    settings: CopySettings,
) -> Accord:
    beside = [peak + round(step * RATE) for step in settings.control_steps]
    rows = [table[voters, lag] for lag in beside if 0 <= lag < table.shape[1]]
    controls = [float(row[row > -1.0].mean()) for row in rows if (row > -1.0).any()]
    lag = int(votes.lags[peak])
    pooled = table[voters, max(0, peak - 1) : peak + 2].mean(axis=0)
    return Accord(
        lag=lag,
        offset=(lag + _between(pooled)) / RATE + votes.b.start - votes.a.start,
        voters=voters,
        correlation=float(_near(table, peak)[voters].mean()),
        control=max(controls, default=1.0),  # no lag lies beside to fall away to: nothing is shown
        voted=_union(votes.rows, voters) / RATE,
        rule=rule,
    )


def _near(table: NDArray[np.float64], column: int) -> NDArray[np.float64]:
    """The highest value of each row at a lag or right beside it."""
    return np.asarray(table[:, max(0, column - 1) : column + 2].max(axis=1))


def _between(values: NDArray[np.float64]) -> float:
    """Where between the lags the peak lies, by a parabola through three values, -0.5 to 0.5."""
    if len(values) != 3:
        return 0.0
    left, top, right = values
    bend = left - 2 * top + right
    return float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5)) if bend < 0 else 0.0


def _steady(votes: Votes, accord: Accord, settings: CopySettings) -> float:
    """Share of the movement whose own best lag is the common one, in the clip where it is less, 0 to 1."""
    low = min(votes.rows[index].start for index in accord.voters)
    high = max(votes.rows[index].stop for index in accord.voters)
    return min(
        _beats(votes.a, votes.b, (low, high), accord.lag, settings),
        _beats(votes.b, votes.a, (low + accord.lag, high + accord.lag), -accord.lag, settings),
    )


def _beats(a: Rhythm, b: Rhythm, span: tuple[int, int], lag: int, settings: CopySettings) -> float:
    size, reach = round(settings.beat * RATE), round(settings.beat_reach * RATE)
    low, high = max(0, span[0]), min(len(a.moving), span[1])
    total = agreed = 0.0
    for start in range(low, high - size + 1, max(1, size // 2)):
        beat = slice(start, start + size)
        found = best_lag(a, b, beat, lag, reach)
        if found is not None:
            weight = float(np.sqrt(a.energy[beat].mean()))
            total += weight
            agreed += weight * (abs(found - lag) <= 1)
    return agreed / total if total else 1.0


def _union(rows: tuple[slice, ...], chosen: NDArray[np.intp]) -> int:
    covered: set[int] = set()
    for index in chosen:
        covered.update(range(rows[index].start, rows[index].stop))
    return len(covered)
