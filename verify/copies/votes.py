"""Votes: which offset the stretches of one clip agree on, and whether that establishes one recording.

Every stretch of two seconds in which something moves is correlated with the other clip at every lag. Two
rules establish a common recording:

* Agreement: the stretches that agree at the lag do so strongly (mean correlation at least 0.5), the
  correlation falls away half a second and a second beside it, and short beats of 0.6 s find no better lag
  of their own. Two takes of one gesture agree as a whole, but not beat by beat.
* Concord: many stretches, taken one by one, name the same lag as their best out of all, though each agrees
  only a little: a clip filmed off a screen, or one that is badly compressed. Chance names a given lag once
  in a hundred.

Where one clip has to be run faster, slower or backwards to agree, more is asked: three seconds of movement,
and the stronger an agreement the shorter it is.

Limits: two clips of less than four seconds have the first rule only, and a short clip in which little
moves may have neither. A clip of two seconds that was sped up or slowed down as well is not told from
another take.

What is known of errors: the votes alone take some takes by one camera for copies, most of all where a robot
or a habit repeats a movement; copies.recording puts them to the proof. Together, of 180 copies made of 60
public clips that no threshold was chosen on, 178 were found, and of 20,000 pairs of different recordings none
was called a copy: the upper bound of a 95 % interval is 0.015 % (tests/benchmarks/results/copies.json). In an
earlier run on 48 other clips two of 17,971 were, takes of one robot before one camera, and are no more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from verify.copies.line import Line
from verify.copies.rhythm import RATE, STEP, Rhythm, best_lag, correlations

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify.settings import CopySettings


@dataclass(frozen=True, eq=False, slots=True)
class Votes:
    """Every stretch of a against every lag of b, at one tempo of b."""

    a: Rhythm
    b: Rhythm
    rows: tuple[slice, ...]  # the stretches, rows of a
    lags: NDArray[np.int64]  # (k,) rows
    table: NDArray[np.float64]  # (stretches, k); NaN where too little overlaps, or nothing moves

    @property
    def retimed(self) -> bool:
        """Whether b is run at another tempo than its own, or backwards."""
        return abs(self.b.step - self.a.step) > 1e-9

    @property
    def middles(self) -> NDArray[np.float64]:
        """Rows of a in the middle of each stretch, (stretches,)."""
        return np.array([(rows.start + rows.stop - 1) / 2 for rows in self.rows])

    @property
    def moves(self) -> NDArray[np.bool_]:
        """In which stretches something moves and overlaps b at some lag, (stretches,)."""
        return np.asarray(~np.isnan(self.table).all(axis=1))

    def line(self, shift: float) -> Line:
        """How b's time follows a's where b's rows lie `shift` rows after a's."""
        slope = self.b.step / self.a.step
        return Line(slope, self.b.start + shift * self.b.step - slope * self.a.start)

    def shift(self, line: Line, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """By how many rows b lies after a at given rows of a, where b's time follows a's by a line."""
        return np.asarray((line.at(self.a.start + rows * self.a.step) - self.b.start) / self.b.step - rows)


@dataclass(frozen=True, eq=False, slots=True)
class Accord:
    """A lag that stretches agree on."""

    lag: int  # row of b less row of a
    shift: float  # the same, to a fraction of a row
    drift: float  # rows by which it grows from row to row; 0 where too few stretches agree to tell
    voters: NDArray[np.intp]  # stretches that agree
    correlation: float  # their mean, -1 to 1
    control: float  # the highest mean half a second or a second beside it
    voted: float  # seconds of movement that agree
    rule: str  # "agreement", "concord"; "" where neither is fulfilled


def bounded(a: Rhythm, b: Rhythm, settings: CopySettings) -> bool:
    """Whether two clips are so long that only the lags near a seed's are looked at."""
    return len(a.moving) * len(b.moving) > settings.all_lags


def take(a: Rhythm, b: Rhythm, settings: CopySettings, near: float | None = None) -> Votes:
    """Correlate every stretch of a with b.

    Args:
        a: the clip whose stretches vote.
        b: the other clip, on a clock that runs as a's does.
        settings: windows, levels and bounds.
        near: the lag in rows that a seed suggests; two long clips are compared only around it.
    """
    length = STEP * round(settings.window * RATE / STEP)
    starts = range(0, max(1, len(a.moving) - length + STEP), STEP)
    rows = tuple(slice(start, min(start + length, len(a.moving))) for start in starts)
    between = -len(a.moving), len(b.moving)
    if near is not None and bounded(a, b, settings):
        reach = round(settings.lag_reach * RATE)
        between = round(near) - reach, round(near) + reach
    lags, table = correlations(a, b, rows, settings.window_overlap, between)
    energy = a.energy
    table[[bool(np.sqrt(energy[each].mean()) < settings.still_level) for each in rows]] = np.nan
    return Votes(a, b, rows, lags, table)


def decide(votes: Votes, free: NDArray[np.bool_], fresh: NDArray[np.bool_], settings: CopySettings) -> Accord:
    """The lag that the stretches agree on most; its `rule` says whether, and by what, that is established.

    Args:
        votes: of a pair.
        free: (stretches, k) which stretches have not been used at which lags.
        fresh: (stretches,) which have not been used at all.
        settings: of this room.

    Raises:
        ValueError: there is no lag at all.
    """
    if not votes.table.size:
        raise ValueError("the clips overlap at no lag")
    filled = np.nan_to_num(votes.table, nan=-1.0)
    strong = _agreement(votes, np.where(free, filled, -1.0), settings)
    if strong.rule:
        return strong
    weak = _concord(votes, np.where(fresh[:, None], filled, -1.0), settings)
    return weak if weak is not None and weak.rule else strong


def _agreement(votes: Votes, table: NDArray[np.float64], settings: CopySettings) -> Accord:
    score = np.where(table >= settings.vote, table, 0.0).sum(axis=0)
    # Where no stretch agrees as it should, the lag at which the most agrees is told all the same.
    peak = int(score.argmax()) if score.any() else int(np.maximum(table, 0).sum(axis=0).argmax())
    near = _near(table, peak)
    voters = np.flatnonzero(near >= settings.vote)
    if not len(voters):
        voters = np.array([near.argmax()])
        return _accord(votes, table, peak, voters, "", settings)
    accord = _accord(votes, table, peak, voters, "agreement", settings)
    least = min(settings.least_voted, 0.5 * min(len(votes.a.moving), len(votes.b.moving)) / RATE)
    passes = (
        accord.correlation >= _asked(votes, accord, settings)
        and accord.correlation - accord.control >= settings.control_drop
        and accord.voted >= least
        and _steady(votes, accord, settings) >= settings.steady
    )
    return accord if passes else replace(accord, rule="")


def _asked(votes: Votes, accord: Accord, settings: CopySettings) -> float:
    """The correlation that establishes a recording; at another tempo the more, the less has voted.

    Two takes of one gesture differ in their tempo, so that one fits the other at some tempo. What goes on for
    long does not.
    """
    if not votes.retimed:
        return settings.established
    # The clip that runs slower shows the movement for longer, and it is as much movement.
    voted = accord.voted * max(1.0, abs(votes.b.step / votes.a.step))
    few, many = settings.tempo_voted
    if voted < few:
        return 1.0
    low, high = settings.tempo_established
    return high - (high - low) * min(1.0, (voted - few) / (many - few))


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
        accord.voted >= (settings.concord_tempo_voted if votes.retimed else settings.concord_voted)
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
        shift=lag + _between(pooled),
        drift=_drift(votes, table, peak, voters, settings),
        voters=voters,
        correlation=float(_near(table, peak)[voters].mean()),
        control=max(controls, default=1.0),  # no lag lies beside to fall away to: nothing is shown
        voted=_union(votes.rows, voters) / RATE,
        rule=rule,
    )


def _drift(
    votes: Votes,
    table: NDArray[np.float64],
    peak: int,
    voters: NDArray[np.intp],
    settings: CopySettings,
) -> float:
    """Slope of the stretches' own best lags over their places: the median over all pairs far enough apart.

    Theil-Sen: H. Theil, "A rank-invariant method of linear and polynomial regression analysis", 1950.
    """
    reach = settings.drift_reach
    low = max(0, peak - reach)
    part = table[:, low : peak + reach + 1]
    middles, own = votes.middles[voters], np.empty(len(voters))
    for index, row in enumerate(part[voters]):
        top = int(row.argmax())
        own[index] = low + top + (_between(row[top - 1 : top + 2]) if 0 < top < len(row) - 1 else 0.0)
    one, two = np.triu_indices(len(voters), 1)
    apart = middles[two] - middles[one]
    far = apart >= settings.window * RATE / 2
    return float(np.median((own[two] - own[one])[far] / apart[far])) if far.any() else 0.0


def _near(table: NDArray[np.float64], column: int) -> NDArray[np.float64]:
    """The highest value of each row at a lag or right beside it."""
    return np.asarray(table[:, max(0, column - 1) : column + 2].max(axis=1))


def _between(values: NDArray[np.float64]) -> float:
    """Where between the lags the peak lies, by a parabola through three values, -0.5 to 0.5."""
    if len(values) != 3 or values.min() <= -1.0:
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
    total, agreed, energy = 0.0, 0.0, a.energy
    for start in range(low, high - size + 1, max(1, size // 2)):
        beat = slice(start, start + size)
        found = best_lag(a, b, beat, lag, reach)
        if found is not None:
            weight = float(np.sqrt(energy[beat].mean()))
            total += weight
            agreed += weight * (abs(found - lag) <= 1)
    return agreed / total if total else 1.0


def _union(rows: tuple[slice, ...], chosen: NDArray[np.intp]) -> int:
    covered: set[int] = set()
    for index in chosen:
        covered.update(range(rows[index].start, rows[index].stop))
    return len(covered)
