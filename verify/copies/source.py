"""Which of two copies is nearer the source, from evidence that works one way only; and families of copies.

A copy can lose seconds, edges and detail; it does not gain them. So an input that has more on one side of
time, edge or detail, and less on none, is nearer the source. Where the evidence points both ways, or
there is none, nothing is said. Bars and frames are put around copies, so what lies around the shared part
counts only where it has detail and movement as the part itself has. Nearer does not mean first: both may
come from an earlier file that is not among the inputs.

Limits: a frame with moving pictures of its own, such as a news channel's, passes for picture.

Error rates: not measured on footage of others; tests/copies has the cases with known truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from verify.copies.edits import detail, gaps, perspective
from verify.fingerprint.track import TINY, TINY_STEPS
from verify.model import Edge, Family, RelationKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    from verify.fingerprint.track import Track
    from verify.model import Box, Media, Relation, Segment, Span
    from verify.settings import CopySettings


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two inputs, as far as it counts here."""

    media: Media
    duration: Fraction  # seconds
    used: tuple[Span, ...]  # what it shares
    box: Box  # the shared part of its picture
    pixels: float  # across the shared part, over those of the other
    around: bool | None  # whether what lies around the shared part is picture; None where it is not known


def nearer(
    a: Media,
    b: Media,
    segments: Sequence[Segment],
    settings: CopySettings,
    around: tuple[bool | None, bool | None] = (None, None),
) -> tuple[str | None, tuple[str, ...]]:
    """Which of a and b is nearer the source, or None where it cannot be told; and the reasons in words.

    Args:
        a: the first input.
        b: the second.
        segments: what they share.
        settings: of this room.
        around: for a and for b, whether what lies around the shared part is picture (see `pictured`); None
            where that is not known.
    """
    if not segments or a.duration is None or b.duration is None:
        return None, ("which of the two is nearer the source cannot be told from a still",)
    main = max(segments, key=lambda segment: segment.a.length)
    bent = perspective(np.array(main.homography)) > settings.perspective
    scale = max(detail(a, b, main), 1e-6)
    spans_a, spans_b = (tuple(segment.a for segment in segments), tuple(segment.b for segment in segments))
    one = _Side(a, a.duration, spans_a, main.a_box, 1 / scale, around[0])
    two = _Side(b, b.duration, spans_b, main.b_box, scale, around[1])
    for_a, for_b = _more(one, two, settings, bent=bent), _more(two, one, settings, bent=bent)
    unsure_a, unsure_b = (() if bent else _unsure(side, settings) for side in (one, two))
    if for_a and not (for_b or unsure_b):
        return "a", for_a
    if for_b and not (for_a or unsure_a):
        return "b", for_b
    sides = [words for words in ((*for_a, *unsure_a), (*for_b, *unsure_b)) if words]
    both = "; but ".join("; ".join(words) for words in sides) or "neither shows more than the other"
    return None, (f"which is nearer the source cannot be told: {both}",)


def _more(one: _Side, two: _Side, settings: CopySettings, *, bent: bool) -> tuple[str, ...]:
    """What one has that a copy of the other could not have."""
    ours, theirs = one.media.id, two.media.id
    part_of_one, part_of_two = _is_part(one.box, settings), _is_part(two.box, settings)
    found = {
        f"{ours} has seconds that {theirs} lacks": bool(gaps(one.duration, one.used, settings)),
        f"{ours} shows more at the edges": bool(one.around) and part_of_one and not bent,
        f"{theirs} shows the picture of {ours} in perspective, inside a larger picture": (
            bent and part_of_two and not part_of_one
        ),
        f"{ours} has {one.pixels:.1f} times the pixels across the shared part": (
            one.pixels > 1 / (1 - settings.lost_detail)
        ),
    }
    return tuple(words for words, holds in found.items() if holds)


def _unsure(one: _Side, settings: CopySettings) -> tuple[str, ...]:
    if one.around is not None or not _is_part(one.box, settings):
        return ()
    return (f"{one.media.id} shows more around the shared part: picture, or a frame put around it",)


def _is_part(box: Box, settings: CopySettings) -> bool:
    return min(box.width, box.height) < 1 - settings.edge


def pictured(track: Track, box: Box, settings: CopySettings) -> bool | None:
    """Whether what lies around a part of the picture is picture, and not bars or a frame put around it.

    Bars do not move, and a blurred or plain frame has no detail: what lies around must have local features
    and change over time as the part itself does. None where that cannot be told: there is as good as nothing
    around, one of the two holds and the other not, or the part itself is still or without detail.
    """
    steps = (np.arange(TINY) + 0.5) / TINY
    cells = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    change = track.tiny.reshape(len(track.tiny), -1).astype(np.float32).std(axis=0) / TINY_STEPS
    inside, outside = _sides(cells, box, settings.edge)
    spots = np.concatenate([points.xy for points in track.points]) if track.points else cells[:0]
    here, there = _sides(spots, box, settings.edge)
    if (
        not outside.any()
        or not inside.any()
        or not here.any()
        or change[inside].mean() < settings.still_level
    ):
        return None
    moves = change[outside].mean() >= settings.around * change[inside].mean()
    detailed = there.sum() / outside.sum() >= settings.around * here.sum() / inside.sum()
    return bool(moves) if moves == detailed else None


def _sides(
    points: NDArray[np.floating], box: Box, edge: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which points lie inside a box and which outside, those at its edge left out."""
    low, high = np.array([box.x, box.y]), np.array([box.x + box.width, box.y + box.height])
    inside = np.all((points > low + edge) & (points < high - edge), axis=1)
    outside = np.any((points < low - edge) | (points > high + edge), axis=1)
    return inside, outside


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
    nearest = single[0] if single and len(single) == len(tops) and any(parents.values()) else None
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
