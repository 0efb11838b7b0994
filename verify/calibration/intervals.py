"""How far a share that was counted may lie from the true one.

Shares of hits get the interval of Wilson (1927), which holds its 95 % for small counts and near 0 and 1
(Brown, Cai and DasGupta, Statistical Science 16, 2001). Counts of false matches get the exact upper bound
of Clopper and Pearson (Biometrika 26, 1934), one-sided, 95 %: where none was false among n it is about
3 / n, the "rule of three".

Limits: both take the pairs as independent. Pairs that share a clip are not, so the true uncertainty is
somewhat larger; the number of independent sources is given beside each bound.

Error rates: none of their own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_Z = 1.959963984540054  # two-sided 95 % of the normal distribution
_RISK = 0.05
_HALVINGS = 60  # of the interval 0 to 1; far below what a float tells apart


@dataclass(frozen=True, slots=True)
class Share:
    """So many hits of so many, with the 95 % interval of the share."""

    hits: int
    of: int
    value: float | None  # 0 to 1; None of nothing
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bound:
    """So many false matches of so many, with the share that they are below with 95 % confidence."""

    false: int
    of: int
    upper: float  # 0 to 1


def share(hits: int, of: int) -> Share:
    """A share with Wilson's interval; of nothing, nothing is known: 0 to 1.

    Raises:
        ValueError: there are more hits than tries.
    """
    _refuse(hits, of)
    if not of:
        return Share(0, 0, None, 0.0, 1.0)
    rate, spread = hits / of, _Z**2 / of
    middle = (rate + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * math.sqrt(rate * (1 - rate) / of + spread / (4 * of))
    # At the ends the interval touches them exactly; rounding must not move it off.
    low = 0.0 if not hits else max(0.0, middle - half)
    return Share(hits, of, rate, low, 1.0 if hits == of else min(1.0, middle + half))


def bound(false: int, of: int) -> Bound:
    """A count of false matches with the upper bound of Clopper and Pearson; 1 where nothing was tried.

    Raises:
        ValueError: there are more false matches than tries.
    """
    _refuse(false, of)
    if false == of:
        return Bound(false, of, 1.0)
    low, high = false / of, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(false, of, middle) > _RISK else (low, middle)
    return Bound(false, of, high)


def _refuse(hits: int, of: int) -> None:
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of}")


def _at_most(count: int, of: int, rate: float) -> float:
    """The probability of at most `count` of `of` at a rate between 0 and 1: the binomial distribution."""
    yes, no = math.log(rate), math.log1p(-rate) if rate < 1 else -math.inf
    ways = math.lgamma(of + 1)
    return math.fsum(
        math.exp(ways - math.lgamma(k + 1) - math.lgamma(of - k + 1) + k * yes + (of - k) * no)
        for k in range(count + 1)
    )
