"""Alignment: which seconds of one clip lie in which seconds of another, found by voting over time.

One clip is laid on the other by each seed in turn, and the stretches of the first vote for an offset (see
`votes`); the offset that establishes one recording is taken, then the next, so that a clip that was cut
and joined gives several segments. A segment reaches as far as the aligned pictures stay alike, picture by
picture, and where it comes within a tenth of a second of a clip's end, to that end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from verify.copies import votes
from verify.copies.rhythm import RATE, Rhythm, shared_rhythms
from verify.geometry import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    rule: str  # which rule of `votes` established it

    def turned(self) -> Stretch:
        """The same stretch with the inputs in the other order."""
        return replace(self, a=self.b, b=self.a, offset=-self.offset)


@dataclass(frozen=True, eq=False, slots=True)
class Alignment:
    """What laying one clip on the other came to."""

    matrix: NDArray[np.float64]  # (3, 3) a -> b, fractions
    seed: Seed
    stretches: tuple[Stretch, ...]  # those that establish one recording
    best: float  # the highest mean correlation at any one offset, -1 to 1
    moves_a: float  # grey levels, root mean square of what moves in a's shared part
    moves_b: float

    def turned(self) -> Alignment:
        """The same alignment with the inputs in the other order."""
        return Alignment(
            matrix=fit.inverse(self.matrix),
            seed=self.seed.turned(),
            stretches=tuple(sorted((each.turned() for each in self.stretches), key=lambda each: each.a)),
            best=self.best,
            moves_a=self.moves_b,
            moves_b=self.moves_a,
        )


def align(a: Track, b: Track, seeds: Sequence[Seed], settings: CopySettings) -> Alignment | None:
    """The best alignment that any of the seeds leads to; None where no seed gives a shared part."""
    # The stretches that vote are the shorter clip's: the longer one's need not fit into it.
    if b.end < a.end:
        found = align(b, a, [seed.turned() for seed in seeds], settings)
        return found.turned() if found else None
    tried: list[Alignment] = []
    for seed in seeds:
        if not any(_alike(seed, each.seed, settings) for each in tried):
            tried.extend(_try(a, b, seed, settings))
    return max(tried, key=merit, default=None)


def _alike(one: Seed, two: Seed, settings: CopySettings) -> bool:
    """Whether two seeds lead to one alignment: nearly one map, and offsets that are looked at together."""
    offsets = abs((one.b_time - one.a_time) - (two.b_time - two.a_time))
    return offsets < settings.lag_reach / 2 and fit.apart(one.matrix, two.matrix) < settings.same_map


def _try(a: Track, b: Track, seed: Seed, settings: CopySettings) -> list[Alignment]:
    try:
        pair = shared_rhythms(a, b, seed.matrix, settings.slow)
    except ValueError:
        return []
    return [_alignment(seed, *pair, a.end, b.end, settings)]


def merit(alignment: Alignment) -> tuple[float, float]:
    """What alignments are compared by: how much movement agrees, and how well."""
    return sum(stretch.voted * stretch.correlation for stretch in alignment.stretches), alignment.best


def _alignment(
    seed: Seed, a: Rhythm, b: Rhythm, end_a: float, end_b: float, settings: CopySettings
) -> Alignment:
    taken = votes.take(a, b, settings, seed.b_time - seed.a_time)
    free = np.ones(len(taken.rows), bool)
    stretches: list[Stretch] = []
    while len(stretches) < settings.most_segments:
        accord = votes.decide(taken, free, settings)
        if accord is None:
            break
        low, high, likeness = _extent(taken, accord, settings)
        stretch = _stretch(
            accord, (a.start + low / RATE, a.start + (high + 1) / RATE), (end_a, end_b), likeness
        )
        if stretch is not None and not any(_again(stretch, each) for each in stretches):
            stretches.append(stretch)
        middles = np.array([(rows.start + rows.stop) / 2 for rows in taken.rows])
        free &= (middles < low) | (middles > high + 1)
        free[accord.voters] = False
    filled = np.where(np.isnan(taken.table), 0, taken.table)
    return Alignment(
        matrix=seed.matrix,
        seed=seed,
        stretches=tuple(sorted(stretches, key=lambda each: each.a)),
        best=float(filled.mean(axis=0).max()) if filled.size else 0.0,
        moves_a=float(np.sqrt(a.energy.mean())),
        moves_b=float(np.sqrt(b.energy.mean())),
    )


def _stretch(
    accord: votes.Accord, seconds: tuple[float, float], ends: tuple[float, float], likeness: float
) -> Stretch | None:
    """The segment in seconds of both clips, cut where either ends."""
    # The grid's clock stops up to a step before the last frame ends, and a first frame may come late.
    # The offset is known to some milliseconds; what is finer is no measurement and would cut frames.
    slack, offset = 1.5 / RATE, round(accord.offset, 3)
    start = 0.0 if seconds[0] <= slack else seconds[0]
    stop = ends[0] if ends[0] - seconds[1] <= slack else seconds[1]
    start = max(start, -offset)
    stop = min(stop, ends[1] - offset)
    if start + offset <= slack:
        start = max(0.0, -offset)
    if ends[1] - (stop + offset) <= slack:
        stop = min(ends[0], ends[1] - offset)
    if stop <= start:
        return None
    return Stretch(
        a=(start, stop),
        b=(start + offset, stop + offset),
        offset=offset,
        correlation=accord.correlation,
        control=accord.control,
        voted=accord.voted,
        likeness=likeness,
        rule=accord.rule,
    )


def _again(one: Stretch, two: Stretch) -> bool:
    """Whether a stretch lies for its most part where another does, in both clips: it says nothing new."""
    shared = min(
        min(ours[1], theirs[1]) - max(ours[0], theirs[0]) for ours, theirs in ((one.a, two.a), (one.b, two.b))
    )
    return shared > 0.5 * min(one.a[1] - one.a[0], two.a[1] - two.a[0])


def _extent(taken: votes.Votes, accord: votes.Accord, settings: CopySettings) -> tuple[int, int, float]:
    """First and last row of a, around the voters, for which the aligned pictures are alike; and how alike."""
    lag = accord.lag
    low = max(0, -lag)
    high = min(len(taken.a.plain), len(taken.b.plain) - lag)
    alike = _row_likeness(taken.a.plain[low:high], taken.b.plain[low + lag : high + lag])
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
    gap = round(settings.bridge * RATE)
    inside = np.flatnonzero(good & core) if (good & core).any() else np.flatnonzero(good)
    middle = int(inside[len(inside) // 2]) if len(inside) else (high - low) // 2
    first, last = _run(good, middle, -1, gap), _run(good, middle, 1, gap)
    likeness = float(np.clip(alike[first : last + 1].mean(), 0, 1))
    return first + low, last + low, likeness


def _apart(taken: votes.Votes, accord: votes.Accord, settings: CopySettings) -> NDArray[np.bool_]:
    """Rows of a in the middle of stretches that move, and move otherwise than b at the lag."""
    column = accord.lag - int(taken.lags[0])
    near = taken.table[:, max(0, column - 1) : column + 2]
    rows = np.zeros(len(taken.a.moving), bool)
    for stretch, values in zip(taken.rows, near, strict=True):
        if not np.isnan(values).all() and np.nanmax(values) < settings.apart_share * accord.correlation:
            quarter = (stretch.stop - stretch.start) // 4
            rows[stretch.start + quarter : stretch.stop - quarter] = True
    return rows


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


def _row_likeness(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float64]:
    one = a - a.mean(axis=1, keepdims=True)
    two = b - b.mean(axis=1, keepdims=True)
    power = (one**2).sum(axis=1) * (two**2).sum(axis=1)
    return np.asarray((one * two).sum(axis=1) / np.sqrt(np.maximum(power, 1e-6)), np.float64)
