"""Families: inputs that are copies of each other, and the tree in which they lie by nearness to the source.

Inputs that are joined by copies, directly or through others, are one family. Between two of its members a
direction is drawn where the pair itself shows which is nearer the source (see `nearer`). From these
directions a tree is made: a member hangs from the nearest of those that are nearer the source than it is, so
that of A before B, B before C and A before C the tree keeps A, B, C in a row. Where two that cannot be told
apart are both nearer, the one that needs fewer edits is taken, and if they need the same, the last that
stands before both. Files with the same encoded streams share one place in the tree. Directions that run in a
circle cannot all be right: the weakest of the circle are left out, and this is said.

A source is named only when every other member stands behind one member, in an unbroken chain of
directions, and no direction that was left out speaks against it. Otherwise it is withheld; what holds of
the tree is given all the same.

The confidence of a step is the agreement of the two clips' aligned frames, 0 to 1, as measured of the pair.
It says how much of the two is one recording; how often a direction is right stands with `nearer`.

Limits: nearer the source means nearer among the inputs. A step says that the one derives from the other or
from something like it that is not among the inputs; platforms and people hold copies that nobody handed in.

Error rates: those of the pairs' directions, see copies.nearer. A tree never asserts more than they do.

Source: transitive reduction of a directed graph (Aho, Garey and Ullman, SIAM J. Comput. 1972); phylogenies of
near-duplicates by fewest steps (Dias, Rocha and Goldenstein, IEEE TIFS 2012).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.model import Edge, Family, RelationKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verify.model import Media, Relation


@dataclass(frozen=True, slots=True)
class _Step:
    """What one pair says of two places of the tree."""

    strength: float  # agreement of the aligned frames, 0 to 1
    edits: int  # that turn one into the other


_Steps = dict[tuple[str, str], _Step]  # nearer, farther


def families(relations: Sequence[Relation], media: Sequence[Media]) -> tuple[Family, ...]:
    """The groups of inputs that are copies of each other, directly or through others, as trees.

    Args:
        relations: of pairs of `media`, in any order.
        media: the inputs; members, edges and families come in their order.
    """
    order = {item.id: place for place, item in enumerate(media)}
    links = [each for each in relations if each.kind in {RelationKind.IDENTICAL, RelationKind.COPY}]
    same = [each for each in links if each.kind is RelationKind.IDENTICAL]
    top = _tops(order, links)
    holder = _tops(order, same)
    found = []
    for name in order:
        members = tuple(each for each in order if top[each] == name)
        if len(members) > 1:
            found.append(_family(members, [link for link in links if top[link.a] == name], holder))
    return tuple(found)


def _tops(order: Mapping[str, int], links: Sequence[Relation]) -> dict[str, str]:
    """For each input the first of those that links join it to, directly or through others."""
    root = {name: name for name in order}

    def find(name: str) -> str:
        while root[name] != name:
            root[name] = name = root[root[name]]
        return name

    for link in links:
        first, second = sorted((find(link.a), find(link.b)), key=order.__getitem__)
        root[second] = first
    return {name: find(name) for name in order}


def _family(members: tuple[str, ...], links: Sequence[Relation], holder: Mapping[str, str]) -> Family:
    places = [name for name in members if holder[name] == name]
    steps = _directions(links, holder)
    kept, dropped = _without_circles(places, steps)
    behind = _behind(places, kept)
    edges, notes = [], [_circle(*pair) for pair in dropped]
    for child in places:
        parent, note = _parent(child, kept, behind)
        notes += note
        if parent is not None:
            edges.append(Edge(parent, child, round(kept[parent, child].strength, 2)))
    tops = [name for name in places if len(behind[name]) == len(places) - 1]
    doubted = {child for _, child in dropped}
    source = tops[0] if len(places) > 1 and tops and tops[0] not in doubted else None
    return Family(members, source, tuple(edges), tuple(notes))


def _directions(links: Sequence[Relation], holder: Mapping[str, str]) -> _Steps:
    """By nearer and farther place of the tree, the best of what the pairs say."""
    found: _Steps = {}
    for link in links:
        ends = {"a": (link.a, link.b), "b": (link.b, link.a)}.get(link.nearer_source or "")
        if ends is None or holder[ends[0]] == holder[ends[1]]:
            continue
        strength = max((segment.score for segment in link.segments), default=0.0)
        step, place = _Step(strength, len(link.edits)), (holder[ends[0]], holder[ends[1]])
        found[place] = max(found.get(place, step), step, key=lambda one: (one.strength, -one.edits))
    return found


def _without_circles(places: Sequence[str], steps: _Steps) -> tuple[_Steps, list[tuple[str, str]]]:
    """The steps without those that run in circles, the weakest of each circle left out first."""
    kept, dropped = dict(steps), list[tuple[str, str]]()
    while True:
        behind = _behind(places, kept)
        turning = {pair: step.strength for pair, step in kept.items() if pair[0] in behind[pair[1]]}
        if not turning:
            rank = {name: place for place, name in enumerate(places)}
            return kept, sorted(dropped, key=lambda pair: (rank[pair[0]], rank[pair[1]]))
        # All that are equally weak go at once, so that the order of the inputs decides nothing.
        least = min(turning.values())
        weakest = [pair for pair, strength in turning.items() if strength == least]
        dropped += weakest
        for pair in weakest:
            del kept[pair]


def _behind(places: Sequence[str], steps: _Steps) -> dict[str, frozenset[str]]:
    """For each place all that stand behind it, in any number of steps; itself where it is in a circle."""
    rank = {name: place for place, name in enumerate(places)}
    reach = [0] * len(places)  # one bit a place
    for parent, child in steps:
        reach[rank[parent]] |= 1 << rank[child]
    for middle in range(len(places)):  # Warshall's closure
        for place, bits in enumerate(reach):
            if bits >> middle & 1:
                reach[place] |= reach[middle]
    return {
        name: frozenset(other for other in places if reach[rank[name]] >> rank[other] & 1) for name in places
    }


def _parent(
    child: str, steps: _Steps, behind: Mapping[str, frozenset[str]]
) -> tuple[str | None, tuple[str, ...]]:
    """The place that a place hangs from, if any, and what must be said of the choice."""
    before = [parent for parent, other in steps if other == child]
    nearest = [one for one in before if not any(other in behind[one] for other in before)]
    if len(nearest) < 2:
        return (nearest[0] if nearest else None), ()
    fewest = min(steps[one, child].edits for one in nearest)
    fitting = [one for one in nearest if steps[one, child].edits == fewest]
    told = f"{' and '.join(sorted(nearest))} are each nearer the source than {child}"
    if len(fitting) == 1:
        return fitting[0], (f"{told}; from {fitting[0]} it takes the fewest edits",)
    shared = [one for one in before if all(other in behind[one] for other in nearest)]
    last = [one for one in shared if not any(other in behind[one] for other in shared)]
    note = f"{told}; from which of them it derives cannot be told"
    return (last[0] if len(last) == 1 else None), (note,)


def _circle(parent: str, child: str) -> str:
    told = f"that {parent} is nearer the source than {child}"
    return f"{told} was left out: together with other directions it runs in a circle"
