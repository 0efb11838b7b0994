"""The network of times: chains against every assignment of whole numbers to a few facts."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np

from verify.claims.intervals import Interval
from verify.claims.network import Link, Network, Node

FACTS = [(name, "", 0) for name in "abcd"]
A, B, C, D = FACTS
# Bounds and links are whole numbers, so that where any moments fit, whole ones do; facts without a bound may
# lie as far outside the bounds (0 to 8) as three links reach.
MOMENTS = dict(zip(FACTS, np.indices((25,) * len(FACTS), dtype=np.int8) - 8, strict=True))


def some_links(chance: random.Random) -> list[Link]:
    pairs = [(a, b) for a in FACTS for b in FACTS if a != b]
    return [Link(*chance.choice(pairs), chance.randint(-2, 4)) for _ in range(chance.randint(1, 6))]


def some_bound(chance: random.Random) -> Interval:
    start, length = chance.randint(0, 7), chance.randint(0, 2)
    return Interval(
        None if chance.random() < 0.3 else start, None if chance.random() < 0.3 else min(8, start + length)
    )


def fits(links: list[Link], bounds: dict[Node, Interval]) -> bool:
    """Whether any assignment of the grid's moments to the facts keeps every link and bound."""
    kept = np.ones(MOMENTS[A].shape, bool)
    for link in links:
        kept &= MOMENTS[link.then] - MOMENTS[link.first] <= link.most
    for fact, bound in bounds.items():
        kept &= bound.start is None or MOMENTS[fact] >= bound.start
        kept &= bound.end is None or MOMENTS[fact] <= bound.end
    return bool(kept.any())


def test_two_statements_conflict_along_a_chain_exactly_where_no_moments_fit() -> None:
    chance, seen = random.Random(7), {True: 0, False: 0}
    while min(seen.values()) < 60:
        links = some_links(chance)
        network = Network(links)
        if network.refused:
            continue
        one, other = chance.sample(FACTS, 2)
        first, second = some_bound(chance), some_bound(chance)
        forth, back = network.chain(one, other), network.chain(other, one)
        reach = first.widened(back.most if back else None, forth.most if forth else None)
        fit = fits(links, {one: first, other: second})
        assert reach.meets(second) == fit, (links, one, first, other, second)
        seen[fit] += 1


def test_a_chain_is_named_by_its_links_in_order() -> None:
    links = [Link(A, B, 2, "first"), Link(B, C, 3, "second"), Link(A, C, 9, "long")]
    chain = Network(links).chain(A, C)
    assert chain is not None
    assert chain.most == 5
    assert [link.because for link in chain.links] == ["first", "second"]
    assert all(one.then == other.first for one, other in pairwise(chain.links))
    assert Network(links).chain(C, A) is None
    itself = Network(links).chain(D, D)
    assert itself is not None
    assert itself.links == ()


def test_links_that_contradict_are_left_out_last_ones_first_and_named() -> None:
    chance, seen = random.Random(8), 0
    for _ in range(300):
        links = some_links(chance)
        network = Network(links)
        kept = [link for link in links if all(link is not other for other in network.refused)]
        assert fits(kept, {})
        if network.refused:
            seen += 1
            assert not fits(links, {})
            for refused in network.refused:  # none was left out without need
                before = links[: links.index(refused)]
                assert not fits([*before, refused, *kept], {})
    assert seen > 20
