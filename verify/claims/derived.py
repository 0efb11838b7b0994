"""Times that follow for one clip from what was read in another: copies of it, and cameras at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from verify.claims.intervals import Interval
from verify.claims.ledger import Fact, When

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from verify.claims.ledger import Stated
    from verify.claims.network import Chain, Node
    from verify.claims.propagation import Facts

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Only what was read in the picture or the sky is carried over: what people claim of a copy is held against
# the others through the chain, and would say nothing more as an entry of its own.
_CARRIED = {"read", "sky"}


@dataclass(frozen=True, slots=True)
class Derived:
    """When one clip was filmed, if a statement about another one holds."""

    origin: int  # the statement's place in the list
    media: str
    whens: tuple[When, ...]


def derived(stated: Sequence[Stated], facts: Facts, most: int) -> tuple[Derived, ...]:
    """What follows from each clock, shadow or sun that was read, for the other clips; at most `most`."""
    found: list[Derived] = []
    for place, each in enumerate(stated):
        if each.fact is not Fact.FILMED or each.kind not in _CARRIED:
            continue
        for node, allowed in facts.bounds(each):
            if node[0] is Fact.FILMED:
                found += _carried(place, each, node, allowed, facts)
    return tuple(found[:most])


def _carried(
    place: int, stated: Stated, node: Node, allowed: Sequence[Interval], facts: Facts
) -> Iterator[Derived]:
    done = {stated.media}
    for other, forth in facts.network.chains(node).items():
        fact, name, _ = other
        back = facts.network.chain(other, node)
        if fact is not Fact.FILMED or name in done or back is None:
            continue
        done.add(name)
        what = f"what it shows begins then, if {{origin}} holds: {_words(forth)}"
        zone = next((each.start.tzinfo for each in stated.whens if each.start), None)
        reach = [each.widened(back.most, forth.most) for each in allowed]
        whens = [_when(each, what, zone) for each in reach if each.start is not None and each.end is not None]
        if whens:
            yield Derived(place, name, tuple(whens))


def _words(chain: Chain) -> str:
    return "; ".join(dict.fromkeys(link.because for link in chain.links if link.because))


def _when(reach: Interval, what: str, zone: tzinfo | None) -> When:
    """An interval as an entry has it: whole seconds, rounded outwards, the last one included."""
    start = None if reach.start is None else _EPOCH + timedelta(seconds=int(reach.start // 1))
    end = None if reach.end is None else _EPOCH + timedelta(seconds=int(-(-reach.end // 1)) - 1)
    return When(_in(start, zone), _in(end, zone), what)


def _in(moment: datetime | None, zone: tzinfo | None) -> datetime | None:
    return moment.astimezone(zone) if moment and zone else moment
