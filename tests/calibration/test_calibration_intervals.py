"""Intervals against published values and an exact sum."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest

from verify.calibration.intervals import bound, share


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), table I, method 3: Wilson's score interval.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(hits: int, of: int, low: float, high: float) -> None:
    found = share(hits, of)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    turned = share(of - hits, of)
    assert turned.low == pytest.approx(1 - found.high)
    assert turned.high == pytest.approx(1 - found.low)


def test_nothing_tried_leaves_everything_open() -> None:
    assert (share(0, 0).low, share(0, 0).high, share(0, 0).value) == (0, 1, None)
    assert bound(0, 0).upper == 1


@pytest.mark.parametrize("of", [1, 30, 300, 20_000])
def test_none_false_gives_the_rule_of_three(of: int) -> None:
    assert bound(0, of).upper == pytest.approx(1 - 0.05 ** (1 / of), rel=1e-9)
    assert bound(0, 20_000).upper == pytest.approx(3 / 20_000, rel=0.002)


@pytest.mark.parametrize(("false", "of"), [(1, 10), (3, 40), (7, 7), (2, 1000)])
def test_at_the_bound_so_few_have_a_chance_of_one_in_twenty(false: int, of: int) -> None:
    upper = bound(false, of).upper
    if false == of:
        assert upper == 1
        return
    rate = Fraction(upper)
    chance = sum(comb(of, k) * rate**k * (1 - rate) ** (of - k) for k in range(false + 1))
    assert float(chance) == pytest.approx(0.05, rel=1e-6)


@pytest.mark.parametrize("made", [share, bound])
def test_more_hits_than_tries_are_refused(made: object) -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        made(3, 2)  # type: ignore[operator]
