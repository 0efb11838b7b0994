"""Two clips laid on each other by one map: the stretches that they share, taken one after the other.

Error rates: those of what is built on it; see copies.votes, which decides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from verify.copies import tempos, votes
from verify.copies.extent import reach
from verify.copies.line import Alignment, Line, Stretch, as_filmed, shared, weight
from verify.copies.rhythm import RATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from verify.copies.rhythm import Rhythm, Sampled
    from verify.copies.seeds import Seed
    from verify.copies.votes import Accord, Votes
    from verify.settings import CopySettings


@dataclass(frozen=True, eq=False, slots=True)
class _Refused:
    """What some stretches agreed on and was not taken."""

    voters: NDArray[np.intp]
    line: Line


@dataclass(eq=False, slots=True)
class Laying:
    """Two clips laid on each other by one map, and the stretches found so far."""

    a: Sampled
    b: Sampled
    ends: tuple[float, float]  # seconds
    seed: Seed
    settings: CopySettings
    rhythm: Rhythm = field(init=False)  # of a
    taken: dict[float, Votes] = field(default_factory=dict)  # by tempo
    stretches: list[Stretch] = field(default_factory=list)
    refused: list[_Refused] = field(default_factory=list)
    nearest: Accord | None = None
    tempo: float = 1.0  # at which that agrees

    def __post_init__(self) -> None:
        """Tell what moves in a.

        Raises:
            ValueError: a is too long.
        """
        self.rhythm = self.a.rhythm(self.settings.slow)

    def lay(self) -> None:
        """Find what agrees where both run as they are.

        Raises:
            ValueError: they overlap at no lag, or one is too long.
        """
        self._search([1.0])

    def lay_at_other_tempos(self) -> None:
        """Find what agrees where one runs faster, slower or backwards; what is found so far may give way."""
        if not self._sure:
            kept = self.stretches
            self.stretches = []
            try:
                self._search([1.0, *self._tempos()])
            finally:
                if weight(self.stretches) < weight(kept):
                    self.stretches = kept
        elif not self.explained:
            self._search(self._tempos())

    @property
    def found(self) -> float:
        """How much movement agrees in the stretches found, and how well; more where both run as filmed."""
        return weight(self.stretches) * (self.settings.tempo_usual if as_filmed(self.stretches) else 1.0)

    def merit(self) -> tuple[float, float]:
        """The same, and where nothing was found what agrees most."""
        nearest = self.nearest
        return self.found, nearest.voted * nearest.correlation if nearest else 0.0

    @property
    def explained(self) -> bool:
        """Whether what was found is beyond doubt, and next to nothing is left that moves."""
        return self._sure and not self._uncovered(self._votes(1.0)).any()

    @property
    def agrees(self) -> float:
        """The lowest correlation of the stretches found, -1 to 1; 0 where there is none."""
        return min((each.correlation for each in self.stretches), default=0.0)

    @property
    def _sure(self) -> bool:
        return bool(self.stretches) and self.agrees >= self.settings.sure

    def alignment(self, tried: tuple[Seed, ...]) -> Alignment:
        """What was found, with the seeds that were tried beside this one."""
        plain = self._votes(1.0)
        filled = np.where(np.isnan(plain.table), 0, plain.table)
        return Alignment(
            matrix=self.seed.matrix,
            seed=self.seed,
            stretches=tuple(sorted(self.stretches, key=lambda each: each.a)),
            likeliest=None if self.stretches else self._likeliest(),
            best=float(filled.mean(axis=0).max()) if filled.size else 0.0,
            nearest=self.nearest,
            moves_a=float(np.sqrt(plain.a.energy.mean())),
            moves_b=float(np.sqrt(plain.b.energy.mean())),
            tried=tried,
        )

    def _votes(self, tempo: float) -> Votes:
        """The stretches' votes with b run at a tempo: seconds of a that one second of b shows."""
        if tempo not in self.taken:
            a, b = self.rhythm, self.b.rhythm(self.settings.slow, tempo)
            near = (self.seed.b_time - b.start) / b.step - (self.seed.a_time - a.start) / a.step
            self.taken[tempo] = votes.take(a, b, self.settings, near)
        return self.taken[tempo]

    def _tempos(self) -> tuple[float, ...]:
        """The tempos at which most of what is not explained agrees, best first."""
        settings, plain, b = self.settings, self._votes(1.0), self.b.thinned()
        left = self._unused(plain)[1] & plain.moves
        starts = np.array(
            [rows.start for rows, wanted in zip(plain.rows, left, strict=True) if wanted], np.intp
        )
        # What lies near the seed says at which tempo as well as all of it.
        if votes.bounded(plain.a, plain.b, settings):
            reach = settings.lag_reach
            starts = starts[np.abs(plain.a.start + starts * plain.a.step - self.seed.a_time) <= reach]
            b = b.around(self.seed.b_time, (1 + settings.tempo_most) * reach)
        # A part of the grid tells tempos apart; those chosen are looked at in full.
        a = self.a.thinned().rhythm(settings.slow)
        return tempos.likely(a, b, starts, plain.rows[0].stop, settings)

    def _search(self, wanted: Sequence[float]) -> None:
        """Take the stretch that agrees most at any of the tempos, then the next, until none is left."""
        while wanted and len(self.stretches) + len(self.refused) < self.settings.most_segments:
            found = [(self._accord(tempo), tempo) for tempo in wanted]
            accord, tempo = max(found, key=lambda each: self._preference(*each))
            if self.nearest is None or _weight(accord) > _weight(self.nearest):
                self.nearest, self.tempo = accord, tempo
            if not accord.rule:
                return
            finer = tempo / (1 + accord.drift)
            if abs(accord.drift) > self.settings.tempo_same:
                closer = self._accord(finer)
                gain = self.settings.tempo_gain if tempo == 1 else -self.settings.tempo_gain
                if closer.rule and closer.correlation >= accord.correlation + gain:
                    accord, tempo = closer, finer
            self._keep(self._votes(tempo), accord)

    def _preference(self, accord: Accord, tempo: float) -> tuple[bool, float]:
        """What agrees more comes first; most copies run as they were filmed, and chance has many tempos."""
        established, agrees = _weight(accord)
        return established, agrees * (self.settings.tempo_usual if tempo == 1 else 1.0)

    def _accord(self, tempo: float) -> Accord:
        taken = self._votes(tempo)
        return votes.decide(taken, *self._unused(taken), self.settings)

    def _likeliest(self) -> Stretch | None:
        found = self.nearest
        unsure = found is None or found.correlation - found.control < self.settings.likely
        return None if found is None or unsure else self._stretch(self._votes(self.tempo), found)

    def _stretch(self, taken: Votes, accord: Accord) -> Stretch | None:
        low, high, likeness = reach(taken, accord, self.settings)
        start, step = taken.a.start, taken.a.step
        span = start + low * step, start + (high + 1) * step
        return _stretch(accord, taken.line(accord.shift), span, self.ends, likeness)

    def _keep(self, taken: Votes, accord: Accord) -> None:
        stretch = self._stretch(taken, accord)
        best = max((each.correlation for each in self.stretches), default=0.0)
        if (
            stretch is None
            or stretch.correlation < self.settings.beside * best
            or any(_doubtful(stretch, each, self.settings) for each in self.stretches)
        ):
            self.refused.append(_Refused(accord.voters, taken.line(accord.shift)))
        else:
            self.stretches.append(stretch)

    def _unused(self, taken: Votes) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which votes, and which stretches, lie in no segment yet: (stretches, k) and (stretches,)."""
        reach = self.settings.used_reach * RATE
        free = np.ones(taken.table.shape, bool)
        fresh = np.ones(len(taken.rows), bool)
        for found in self.stretches:
            inside = _within(taken, found)
            shifts = taken.shift(found.line, taken.middles)
            free[inside] &= np.abs(taken.lags[None] - shifts[inside, None]) > reach
            fresh &= ~inside
        for each in self.refused:
            shifts = taken.shift(each.line, taken.middles[each.voters])
            free[each.voters] &= np.abs(taken.lags[None] - shifts[:, None]) > reach
        return free, fresh

    def _uncovered(self, taken: Votes) -> NDArray[np.bool_]:
        """Stretches in which something moves and that lie in no segment; none where these are few."""
        left = taken.moves & self._unused(taken)[1]
        few = left.sum() <= (1 - self.settings.covered) * taken.moves.sum()
        return np.zeros_like(left) if few else left


def _weight(accord: Accord) -> tuple[bool, float]:
    return bool(accord.rule), accord.voted * accord.correlation


def _within(taken: Votes, stretch: Stretch) -> NDArray[np.bool_]:
    """The stretches whose middle lies in a segment."""
    middles = taken.a.start + taken.middles * taken.a.step
    return np.asarray((middles >= stretch.a[0]) & (middles < stretch.a[1]))


def _stretch(
    accord: Accord, line: Line, seconds: tuple[float, float], ends: tuple[float, float], likeness: float
) -> Stretch | None:
    """The segment in seconds of both clips, cut where either ends."""
    # The grid's clock stops up to a step before the last frame ends, and a first frame may come late.
    # The offset is known to some milliseconds; what is finer is no measurement and would cut frames.
    slack = 1.5 / RATE
    line = Line(line.slope, round(line.origin, 3))
    edges = sorted((line.inverse().at(0.0), line.inverse().at(ends[1])))
    first, last = max(0.0, edges[0]), min(ends[0], edges[1])
    start = first if seconds[0] - first <= slack else seconds[0]
    stop = last if last - seconds[1] <= slack else seconds[1]
    if stop <= start:
        return None
    there = sorted((line.at(start), line.at(stop)))
    return Stretch(
        a=(start, stop),
        b=(max(0.0, there[0]), min(ends[1], there[1])),
        line=line,
        correlation=accord.correlation,
        control=accord.control,
        voted=accord.voted,
        likeness=likeness,
        rule=accord.rule,
    )


def _doubtful(one: Stretch, two: Stretch, settings: CopySettings) -> bool:
    """Whether a stretch says nothing new beside an earlier one, or too little to stand beside it.

    What lies for its most part where the other does in both clips is the other again. What does so in one of
    them only says that a moment is shown twice, for which it must agree as the other does: passing cars
    are like each other too.
    """
    in_a, in_b = shared(one.a, two.a) > 0.5, shared(one.b, two.b) > 0.5
    weak = one.correlation < max(settings.sure, settings.twice * two.correlation)
    return (in_a and in_b) or ((in_a or in_b) and weak)
