"""Families of copies as trees: nested lists with thumbnails, which read as text wherever they cannot be seen.

A member hangs below the one that it derives from; members with the same encoded streams share a place. What
has no place in the tree stands beside it. A long tree is shown from its top, and says how many are left out.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.model import RelationKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verify.model import Edge, Family, Relation, Report, Still
    from verify.report.gallery import Gallery

_MEMBERS = 40  # of one family that are drawn; report.json has all
_PICTURES = 80  # thumbnails of all trees together, 2 MB at most
_STEPS = 6  # kinds of edits that are named at a step
# What turns b into a, where the pair stands the other way round than the tree.
_BACK = {
    "trim": "inserted",
    "removed": "inserted",
    "inserted": "trim",
    "crop": "letterbox",
    "letterbox": "crop",
    "picture_in_picture": "crop",
}


@dataclass(frozen=True, slots=True)
class Node:
    """A place of the tree."""

    media: str
    picture: Still | None
    nearest: bool  # whether it is nearest the source of the whole family
    same: tuple[str, ...]  # members with the same streams
    steps: tuple[str, ...]  # what turns its parent into it, in words
    confidence: float | None  # of the step from its parent; None where it has none
    below: tuple[Node, ...]
    left_out: int  # members below it that are not drawn


@dataclass(frozen=True, slots=True)
class Tree:
    """A family as the page shows it."""

    family: Family
    tops: tuple[Node, ...]  # that something derives from
    apart: tuple[Node, ...]  # whose place cannot be told
    left_out: int  # members apart that are not drawn


def trees(report: Report, pictures: Gallery) -> tuple[Tree, ...]:
    """The families of a report, in its order."""
    pairs = {frozenset((relation.a, relation.b)): relation for relation in report.relations}
    budget = _PICTURES
    found = []
    for family in report.families:
        drawn = _drawn(family)
        shown = {
            name: pictures.thumbnail(name) if place < budget else None for place, name in enumerate(drawn)
        }
        budget = max(0, budget - len(drawn))
        found.append(_tree(family, drawn, shown, pairs))
    return tuple(found)


def _drawn(family: Family) -> tuple[str, ...]:
    """The members that are drawn: those of the tree from its top down, then those apart."""
    below = _below(family)
    children = {edge.child for edge in family.edges}
    waiting = deque(name for name in family.members if name in below and name not in children)
    order: list[str] = []
    while waiting:
        name = waiting.popleft()
        order.append(name)
        waiting += [edge.child for edge in below.get(name, ())]
    placed = set(order)
    return tuple([*order, *(name for name in family.members if name not in placed)][:_MEMBERS])


def _below(family: Family) -> dict[str, list[Edge]]:
    found: dict[str, list[Edge]] = defaultdict(list)
    for edge in family.edges:
        found[edge.parent].append(edge)
    return found


def _tree(
    family: Family,
    drawn: Sequence[str],
    shown: Mapping[str, Still | None],
    pairs: Mapping[frozenset[str], Relation],
) -> Tree:
    below, children = _below(family), {edge.child for edge in family.edges}
    same = _same(family, pairs)

    def node(name: str, edge: Edge | None) -> Node:
        mine = below.get(name, [])
        kept = tuple(node(each.child, each) for each in mine if each.child in shown)
        steps = _steps(pairs.get(frozenset((edge.parent, name))), edge.parent) if edge else ()
        confidence = edge.confidence if edge else None
        nearest = name == family.nearest_source
        others = tuple(other for other, holder in same.items() if holder == name)
        missing = len(mine) - len(kept)
        return Node(name, shown.get(name), nearest, others, steps, confidence, kept, missing)

    tops = [name for name in drawn if name in below and name not in children]
    placed = (
        children | set(below) | {name for name, holder in same.items() if holder in children | set(below)}
    )
    apart = [name for name in family.members if name not in placed and name not in same]
    kept = [name for name in apart if name in shown]
    return Tree(
        family,
        tuple(node(name, None) for name in tops),
        tuple(node(name, None) for name in kept),
        len(apart) - len(kept),
    )


def _same(family: Family, pairs: Mapping[frozenset[str], Relation]) -> dict[str, str]:
    """Members that have the same streams as an earlier one, or as one with a place, and which that is."""
    known = {edge.child for edge in family.edges} | {edge.parent for edge in family.edges}
    order = sorted(family.members, key=lambda name: name not in known)
    found: dict[str, str] = {}
    for place, name in enumerate(order):
        for other in order[:place] if name not in known else ():
            pair = pairs.get(frozenset((name, other)))
            if pair is not None and pair.kind is RelationKind.IDENTICAL and other not in found:
                found[name] = other
                break
    return found


def _steps(relation: Relation | None, parent: str) -> tuple[str, ...]:
    """Kinds of edits from a parent to its child, each once."""
    if relation is None:
        return ()
    kinds = [
        edit.kind if relation.a == parent else _BACK.get(edit.kind, edit.kind) for edit in relation.edits
    ]
    named = list(dict.fromkeys(kind.replace("_", " ") for kind in kinds))
    return (*named[:_STEPS], *(["more"] if len(named) > _STEPS else []))
