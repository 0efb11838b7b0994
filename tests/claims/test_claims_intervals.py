"""Intervals: known answers, and thousands of random ones against every moment of a fine grid."""

from __future__ import annotations

import random

import pytest

from verify.claims.intervals import Interval, Order, apart, conflict

CASES = 4000
# Ends are even, so that the grid has a moment between any two of them, and what holds for all its moments
# holds for all moments; unknown ends reach beyond every end.
GRID = range(-6, 36)


def moments(interval: Interval) -> list[int]:
    def holds(moment: int) -> bool:
        after = interval.start is None or moment >= interval.start + (not interval.start_in)
        before = interval.end is None or moment <= interval.end - (not interval.end_in)
        return after and before

    return [moment for moment in GRID if holds(moment)]


def any_interval(chance: random.Random) -> Interval:
    start, length = 2 * chance.randint(0, 8), 2 * chance.randint(0, 5)
    closed = [chance.random() < 0.6 for _ in range(2)] if length else [True, True]
    begins = None if chance.random() < 0.2 else start
    ends = None if chance.random() < 0.2 else start + length
    return Interval(begins, ends, *closed)


def two(seed: int) -> list[tuple[Interval, Interval]]:
    chance = random.Random(seed)
    return [(any_interval(chance), any_interval(chance)) for _ in range(CASES)]


def test_a_conflict_is_exactly_what_shares_no_moment() -> None:
    found = 0
    for one, other in two(1):
        shared = set(moments(one)) & set(moments(other))
        assert one.meets(other) == other.meets(one) == bool(shared), (one, other)
        assert conflict((one,), (other,)) == (not shared)
        found += not shared
    assert CASES / 10 < found < CASES * 9 / 10


def test_an_order_is_given_exactly_where_every_moment_has_it_and_never_from_unknown_ends() -> None:
    found = 0
    for one, other in two(2):
        first, second = moments(one), moments(other)
        assert (one.order(other) is Order.BEFORE) == (max(first) < min(second)), (one, other)
        assert (one.order(other) is Order.AFTER) == (max(second) < min(first)), (one, other)
        if None in {one.end, other.start} and None in {other.end, one.start}:
            assert one.order(other) is Order.UNKNOWN
        found += one.order(other) is not Order.UNKNOWN
    assert CASES / 10 < found < CASES * 9 / 10


def test_what_lies_within_has_no_moment_outside() -> None:
    for one, other in two(3):
        inside = set(moments(one)) <= set(moments(other))
        # Past the last end on the grid, an unknown end and a known one look alike.
        assert one.within(other) == inside, (one, other)


def test_statements_of_several_readings_conflict_only_in_all_of_them() -> None:
    chance = random.Random(4)
    for _ in range(CASES):
        one = [any_interval(chance) for _ in range(chance.randint(1, 3))]
        other = [any_interval(chance) for _ in range(chance.randint(1, 3))]
        held = {moment for each in one for moment in moments(each)}
        shared = held & {moment for each in other for moment in moments(each)}
        assert conflict(one, other) == (not shared)
        assert (apart(one, other) is None) == bool(shared)


def test_moving_one_by_what_they_are_apart_ends_the_conflict() -> None:
    for one, other in two(5):
        least = apart((one,), (other,))
        if least is None:
            continue
        assert one.widened(least + 1, least + 1).meets(other)  # more than that, where ends are open
        if least > 0:
            assert not one.widened(least - 1, least - 1).meets(other)


def test_widening_holds_exactly_the_moments_that_near() -> None:
    chance = random.Random(6)
    for one, other in two(6)[:1000]:
        earlier, later = 2 * chance.randint(0, 3), 2 * chance.randint(0, 3)
        reached = {first + by for first in moments(one) for by in range(-earlier, later + 1)}
        near = not reached.isdisjoint(moments(other))
        assert one.widened(earlier, later).meets(other) == near


@pytest.mark.parametrize(
    ("local", "moment", "possible"),
    [
        (0, -14 * 3600, True),  # Kiritimati
        (0, -14 * 3600 - 1, False),
        (0, 12 * 3600, True),  # a ship on the date line
        (0, 12 * 3600 + 1, False),
    ],
)
def test_a_time_without_a_zone_is_any_that_the_zones_allow(
    local: int, moment: int, *, possible: bool
) -> None:
    assert Interval(local, local).without_zone().meets(Interval(moment, moment)) is possible


def test_an_interval_without_a_moment_cannot_be() -> None:
    for ends in ((2, 1, True, True), (1, 1, False, True), (1, 1, True, False)):
        with pytest.raises(ValueError, match="no moment"):
            Interval(*ends)


def test_a_statement_that_gives_no_time_conflicts_with_nothing() -> None:
    assert not conflict((), (Interval(1, 2),))
    assert not conflict((Interval(),), (Interval(1, 2),))
    assert apart((), ()) is None
