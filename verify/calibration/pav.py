"""Scores -> likelihood ratios: pool adjacent violators, each source with one vote.

Scores of pairs whose truth is known are put in order, and the share of copies among them is made to rise
with the score by joining neighbours that do not (Ayer et al., Annals of Mathematical Statistics 26, 1955;
Zadrozny and Elkan, KDD 2002). With both kinds given equal weight, share over rest is the likelihood ratio.

A recording from which many pairs were made has one vote, shared among its pairs, since they are not
independent. On each side one further source is supposed, at the worst place: a pair that is no copy above
all scores, and a copy below all. No ratio can then exceed the number of sources that speak against it, plus
one. This is the rule of succession, and does what Vergeer et al. ask for (Science and Justice 56, 2016):
a ratio must not rest on more than the test set can carry, which they bound by adding misleading cases.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Scored:
    """One pair of known truth."""

    score: float
    copy: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Knot:
    """At this score the ratio is this; between two knots its logarithm runs straight."""

    score: float
    log10_lr: float


def weights(scored: Sequence[Scored]) -> list[float]:
    """Each pair's weight, so that each source, or pair of sources, has one vote within its side."""
    counts: dict[tuple[bool, tuple[str, ...]], int] = {}
    for each in scored:
        counts[each.copy, each.sources] = counts.get((each.copy, each.sources), 0) + 1
    return [1 / counts[each.copy, each.sources] for each in scored]


def independent(scored: Iterable[Scored], *, copy: bool) -> int:
    """How many sources speak on one side; two that only meet each other are one."""
    named = {source for each in scored if each.copy == copy for source in each.sources}
    together = {each.sources for each in scored if each.copy == copy}
    return min(len(named), len(together))


def curve(scored: Sequence[Scored]) -> tuple[Knot, ...]:
    """The ratio over the score, ascending in both: each joined block's first and last score.

    Raises:
        ValueError: one side has no pair.
    """
    sides = {side: independent(scored, copy=side) for side in (True, False)}
    if not all(sides.values()):
        raise ValueError("likelihood ratios need pairs that are copies, and pairs that are not")
    votes = mass(scored)
    points: dict[float, list[float]] = {}
    for each, vote in zip(scored, votes, strict=True):
        count = sides[each.copy]
        # With the supposed source, each side's weigh 1 together.
        points.setdefault(each.score, [0.0, 0.0])[each.copy] += vote * count / (count + 1)
    low, high = min(points), max(points)
    blocks = [_Block(low, low, 0.0, 1 / (sides[True] + 1))]
    blocks += [_Block(score, score, *points[score]) for score in sorted(points)]
    blocks.append(_Block(high, high, 1 / (sides[False] + 1), 0.0))
    knots = {
        score: Knot(score, math.log10(block.copies / block.others))
        for block in _pooled(blocks)
        for score in (block.first, block.last)
    }
    return tuple(knots.values())


def mass(scored: Sequence[Scored]) -> list[float]:
    """Each pair's weight as `weights` gives it, scaled so that those of each side are 1 together."""
    plain = weights(scored)
    total = {True: 0.0, False: 0.0}
    for each, weight in zip(scored, plain, strict=True):
        total[each.copy] += weight
    return [weight / total[each.copy] for each, weight in zip(scored, plain, strict=True)]


@dataclass(frozen=True, slots=True)
class _Block:
    first: float
    last: float
    others: float
    copies: float

    def above(self, block: _Block) -> bool:
        """Whether the share of copies is higher than in `block`."""
        return self.copies * block.others > block.copies * self.others


def _pooled(blocks: Iterable[_Block]) -> list[_Block]:
    """Blocks joined until the share of copies rises from each to the next."""
    pooled: list[_Block] = []
    for block in blocks:
        joined = block
        while pooled and not joined.above(pooled[-1]):
            before = pooled.pop()
            joined = _Block(
                before.first, joined.last, before.others + joined.others, before.copies + joined.copies
            )
        pooled.append(joined)
    return pooled


def read(knots: Sequence[Knot], score: float) -> float:
    """The log10 of the ratio at a score; beyond the outer knots, that of the outer one."""
    at = [knot.score for knot in knots]
    return float(np.interp(score, at, [knot.log10_lr for knot in knots]))
