"""Which of two copies is nearer the source, from evidence that works one way only; and families of copies.

A copy can lose seconds, edges and detail; it does not gain them. So an input that has more on one side of
time, edge or detail, and less on none, is nearer the source. Where the evidence points both ways, or
there is none, nothing is said. Nearer does not mean first: both may come from an earlier file that is not
among the inputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify.copies.edits import detail, gaps, perspective
from verify.model import Edge, Family, RelationKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify.model import Media, Relation, Segment
    from verify.settings import CopySettings


def nearer(
    a: Media, b: Media, segments: Sequence[Segment], settings: CopySettings
) -> tuple[str | None, tuple[str, ...]]:
    """Which of a and b, or None where it cannot be told; and the reasons in words."""
    if not segments or a.duration is None or b.duration is None:
        return None, ("which of the two is nearer the source cannot be told from a still",)
    main = max(segments, key=lambda segment: segment.a.length)
    for_a: list[str] = []
    for_b: list[str] = []
    lacks_a = gaps(b.duration, [segment.b for segment in segments], settings)
    lacks_b = gaps(a.duration, [segment.a for segment in segments], settings)
    if lacks_b:
        for_a.append(f"{a.id} has seconds that {b.id} lacks")
    if lacks_a:
        for_b.append(f"{b.id} has seconds that {a.id} lacks")
    if min(main.a_box.width, main.a_box.height) < 1 - settings.edge:
        for_a.append(f"{a.id} shows more at the edges")
    if perspective(np.array(main.homography)) > settings.perspective:
        for_a.append(f"{b.id} shows the picture of {a.id} in perspective, inside a larger picture")
    elif min(main.b_box.width, main.b_box.height) < 1 - settings.edge:
        # Bars and frames are put around a picture; but what is around it in b may also be what a has lost.
        for_b.append(
            f"{b.id} shows more around the shared part, which may be picture or a frame put around it"
        )
    scale = detail(a, b, main)
    if scale < 1 - settings.lost_detail:
        for_a.append(f"{a.id} has {1 / scale:.1f} times the pixels across the shared part")
    if scale > 1 / (1 - settings.lost_detail):
        for_b.append(f"{b.id} has {scale:.1f} times the pixels across the shared part")
    if for_a and not for_b:
        return "a", tuple(for_a)
    if for_b and not for_a and len(for_b) > int("may be" in for_b[-1]):
        return "b", tuple(for_b)
    if for_a or for_b:
        both = "; but ".join("; ".join(side) for side in (for_a, for_b) if side)
        return None, (f"which is nearer the source cannot be told: {both}",)
    return None, ("which is nearer the source cannot be told: neither shows more than the other",)


def families(relations: Sequence[Relation], media: Sequence[Media]) -> tuple[Family, ...]:
    """The groups of inputs that are copies of each other, directly or through others."""
    links = [each for each in relations if each.kind in {RelationKind.IDENTICAL, RelationKind.COPY}]
    group = {item.id: item.id for item in media}

    def root(name: str) -> str:
        while group[name] != name:
            name = group[name]
        return name

    for link in links:
        group[root(link.b)] = root(link.a)
    order = [item.id for item in media]
    found = []
    for top in order:
        members = tuple(name for name in order if root(name) == top)
        if len(members) > 1:
            found.append(_family(members, [link for link in links if link.a in members]))
    return tuple(found)


def _family(members: tuple[str, ...], links: Sequence[Relation]) -> Family:
    """The source is the one member that is nearer in every pair that tells, and is never the farther one."""
    parents: dict[str, set[str]] = {name: set() for name in members}
    for link in links:
        if link.nearer_source == "a":
            parents[link.b].add(link.a)
        if link.nearer_source == "b":
            parents[link.a].add(link.b)
    same = {frozenset((link.a, link.b)) for link in links if link.kind is RelationKind.IDENTICAL}
    tops = [name for name in members if not parents[name]]
    single = [
        name for name in tops if all(name == other or frozenset((name, other)) in same for other in tops)
    ]
    nearest = single[0] if len(single) == len(tops) and any(parents.values()) else None
    edges = tuple(
        Edge(nearest, name, round(_share(links, nearest, name), 2))
        for name in members
        if nearest is not None and nearest in parents[name]
    )
    return Family(members, nearest, edges)


def _share(links: Sequence[Relation], parent: str, child: str) -> float:
    for link in links:
        if {link.a, link.b} == {parent, child} and link.segments:
            return max(segment.score for segment in link.segments)
    return 0.0
