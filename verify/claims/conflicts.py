"""Which statements cannot hold together, by how much, and along which chain.

Two statements conflict where no moments keep both and every link between the facts that they speak of. A
statement of several readings conflicts where each of its readings does: with one other statement, or else
with several between them. Nothing is resolved, and no statement counts more than another.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from verify.claims.intervals import apart
from verify.claims.ledger import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction

    from verify.claims.intervals import Interval
    from verify.claims.ledger import Stated
    from verify.claims.network import Link, Node
    from verify.claims.propagation import Facts

_TWO_SIDED = {Fact.FILMED, Fact.TAKEN}

Bound = tuple[int, "tuple[Interval, ...]"]  # a statement's place in the list, and what it allows


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two statements that cannot both hold, by their places in the list."""

    one: int
    other: int  # after `one` in the list
    least: Fraction | int  # seconds by which one of them must be wrong, if the links hold
    chain: tuple[Link, ...]  # what joins their facts; empty where they speak of one
    together: frozenset[int] = frozenset()  # where it takes several to exclude all readings: all of them


def conflicts(stated: Sequence[Stated], facts: Facts) -> tuple[Conflict, ...]:
    """Every two statements that cannot both hold, in the order of the list."""
    bounds: dict[Node, list[Bound]] = defaultdict(list)
    for place, each in enumerate(stated):
        for node, allowed in facts.bounds(each):
            bounds[node].append((place, allowed))
    found: dict[tuple[int, int], Conflict] = {}
    for conflict in _pairs(bounds, facts):
        _keep(found, conflict)
    excluded = {place for pair in found for place in pair}
    for place, each in enumerate(stated):
        # Where a statement bounds one side only, the widest of its readings is all that counts.
        if len(each.whens) > 1 and each.fact in _TWO_SIDED and place not in excluded:
            for conflict in _between_them(place, each, bounds, facts):
                _keep(found, conflict)
    return tuple(found[pair] for pair in sorted(found))


def _keep(found: dict[tuple[int, int], Conflict], new: Conflict) -> None:
    """Of several conflicts between two statements, the one that asks most; it ends the others too."""
    known = found.get((new.one, new.other))
    if known is None or (known.least, -len(known.chain)) < (new.least, -len(new.chain)):
        found[new.one, new.other] = new


def _pairs(bounds: Mapping[Node, Sequence[Bound]], facts: Facts) -> Iterator[Conflict]:
    """Pairs of which one comes too late for the other; each is met from the side that bounds the other."""
    for early in list(bounds):
        for late in facts.network.chains(early):
            for one, other in product(_ending(bounds[early]), _starting(bounds.get(late, ()))):
                yield from _conflict(one, other, early, late, facts)


def _ending(bounds: Sequence[Bound]) -> list[Bound]:
    return [bound for bound in bounds if any(each.end is not None for each in bound[1])]


def _starting(bounds: Sequence[Bound]) -> list[Bound]:
    return [bound for bound in bounds if any(each.start is not None for each in bound[1])]


def _conflict(one: Bound, other: Bound, here: Node, there: Node, facts: Facts) -> Iterator[Conflict]:
    forth, back = facts.network.chain(here, there), facts.network.chain(there, here)
    if one[0] == other[0] or (forth is None and back is None):
        return
    reach = [each.widened(back.most if back else None, forth.most if forth else None) for each in one[1]]
    least = apart(reach, other[1])
    if least is None:
        return
    forward = any(a.before(b) and a.gap(b) == least for a, b in product(reach, other[1]))
    chain = forth if forward else back
    first, second = sorted((one[0], other[0]))
    yield Conflict(first, second, least, chain.links if chain else ())


def _between_them(
    place: int, stated: Stated, bounds: Mapping[Node, Sequence[Bound]], facts: Facts
) -> Iterator[Conflict]:
    """Conflicts of a statement whose every reading is excluded, though by no single other statement."""
    excluded = [
        [
            conflict
            for here, allowed in facts.bounds(stated.read_as(when))
            for there in facts.network.joined(here)
            for other in bounds.get(there, ())
            for conflict in _conflict((place, allowed), other, here, there, facts)
        ]
        for when in stated.whens
    ]
    if not all(excluded):
        return
    together = frozenset(each for found in excluded for pair in found for each in (pair.one, pair.other))
    yield from (replace(conflict, together=together) for found in excluded for conflict in found)
