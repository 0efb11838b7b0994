"""What follows about times from how facts hang together.

Facts are joined by links: one happened at most so many seconds after another. A clip is not posted before it
was filmed; a copy shows the moments of its source, shifted by where it was cut. What holds along a chain of
links is their sum, and the least sum is the tightest that follows (a simple temporal network; R. Dechter, I.
Meiri, J. Pearl, "Temporal constraint networks", Artificial Intelligence 49, 1991). With bounds on single
facts only, whatever cannot hold together in such a network shows in one pair of statements and the chain
between them, so that every conflict can be named by its two ends and its links.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction


Node = tuple[str, str, int]  # one fact: of which kind, of which input or post, of which shot


@dataclass(frozen=True, slots=True)
class Link:
    """`then` happened at most `most` seconds after `first`; a negative number: at least so many before."""

    first: Node
    then: Node
    most: Fraction | int
    because: str = ""  # in words, for the chain
    instead: str = ""  # what would be so if the link did not hold; empty where it always holds


@dataclass(frozen=True, slots=True)
class Chain:
    """The links from one fact to another that tell most."""

    most: Fraction | int  # seconds that the last happened after the first, at most
    links: tuple[Link, ...]


class Network:
    """Facts and their links."""

    def __init__(self, links: Iterable[Link]) -> None:
        """Take the links in their order of trust; one that contradicts those before it is left out."""
        self._links: dict[Node, list[Link]] = {}
        self._chains: dict[Node, dict[Node, Chain]] = {}
        self.refused: list[Link] = []
        taken = list(links)
        while (loop := _contradiction(taken)) is not None:
            last = max(loop, key=taken.index)
            taken.remove(last)
            self.refused.append(last)
        for link in taken:
            self._links.setdefault(link.first, []).append(link)
        self._joined = _groups(taken)

    def joined(self, node: Node) -> frozenset[Node]:
        """Every fact that any links join with one, in whatever direction; itself included."""
        return self._joined.get(node, frozenset((node,)))

    def chain(self, first: Node, then: Node) -> Chain | None:
        """The tightest bound on how long after `first` `then` happened; None where nothing bounds it."""
        return self.chains(first).get(then)

    def chains(self, first: Node) -> dict[Node, Chain]:
        """The tightest bound on each fact that links lead to, `first` itself included."""
        if first not in self._chains:
            self._chains[first] = self._reached(first)
        return self._chains[first]

    def _reached(self, first: Node) -> dict[Node, Chain]:
        # Bellman and Ford with a queue: bounds may be negative, and no loop of links is.
        found = {first: Chain(0, ())}
        waiting, queued = deque([first]), {first}
        while waiting:
            here = waiting.popleft()
            queued.discard(here)
            for link in self._links.get(here, ()):
                most = found[here].most + link.most
                if link.then not in found or most < found[link.then].most:
                    found[link.then] = Chain(most, (*found[here].links, link))
                    if link.then not in queued:
                        queued.add(link.then)
                        waiting.append(link.then)
        return found


def _groups(links: list[Link]) -> dict[Node, frozenset[Node]]:
    """The facts that hang together, by each of them."""
    beside: dict[Node, list[Node]] = {}
    for link in links:
        beside.setdefault(link.first, []).append(link.then)
        beside.setdefault(link.then, []).append(link.first)
    found: dict[Node, frozenset[Node]] = {}
    for start in beside:
        if start in found:
            continue
        group, waiting = {start}, [start]
        while waiting:
            further = set(beside[waiting.pop()]) - group
            group |= further
            waiting += further
        found.update(dict.fromkeys(group, frozenset(group)))
    return found


def _contradiction(links: list[Link]) -> list[Link] | None:
    """Links around a loop that nothing can fulfil (their sum is negative); None where there is none."""
    nodes = {node for link in links for node in (link.first, link.then)}
    best: dict[Node, Fraction | int] = dict.fromkeys(nodes, 0)
    into: dict[Node, Link] = {}
    changed: list[Node] = []
    for _ in range(len(nodes) + 1):
        changed = []
        for link in links:
            if best[link.first] + link.most < best[link.then]:
                best[link.then] = best[link.first] + link.most
                into[link.then] = link
                changed.append(link.then)
        if not changed:
            return None
    return _loop(into, changed[-1], len(nodes)) if changed else None


def _loop(into: dict[Node, Link], node: Node, count: int) -> list[Link]:
    """The loop that the links into each node lead back to, from a node that it leads to."""
    for _ in range(count):
        node = into[node].first
    loop = [into[node]]
    while loop[-1].first != node:
        loop.append(into[loop[-1].first])
    return loop
