"""Families: from what pairs say to trees, held against known trees and against any directions at all."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from verify.copies import families
from verify.model import (
    WHOLE,
    Edit,
    Family,
    Media,
    MediaKind,
    Relation,
    RelationKind,
    Role,
    Segment,
    Span,
    Video,
)

SPAN = Span(Fraction(0), Fraction(10))
SAME = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def clip(name: str) -> Media:
    video = Video("h264", 640, 360, 250, Fraction(25))
    return Media(name, Path(f"{name}.mp4"), Role.CLIP, MediaKind.VIDEO, duration=Fraction(10), video=video)


def pair(
    a: str,
    b: str,
    nearer: str | None = None,
    score: float = 0.9,
    edits: int = 1,
    kind: RelationKind = RelationKind.COPY,
) -> Relation:
    shared = Segment(SPAN, SPAN, False, WHOLE, WHOLE, SAME, score)
    steps = tuple(Edit("crop", "cropped") for _ in range(edits))
    return Relation(a, b, kind, ("measured",), segments=(shared,), edits=steps, nearer_source=nearer)


def same(a: str, b: str) -> Relation:
    return pair(a, b, kind=RelationKind.IDENTICAL)


def grown(*relations: Relation, names: str = "abcde") -> list[Family]:
    return list(families(relations, [clip(name) for name in names]))


def steps(family: Family) -> set[str]:
    return {edge.parent + edge.child for edge in family.edges}


def test_a_row_of_copies_is_a_row_and_not_a_star() -> None:
    # Source a, cropped b, captioned c.
    (family,) = grown(pair("a", "b", "a"), pair("b", "c", "a"), pair("a", "c", "a", edits=2))
    assert family.nearest_source == "a"
    assert steps(family) == {"ab", "bc"}
    assert not family.notes


def test_siblings_hang_from_their_source() -> None:
    (family,) = grown(pair("a", "b", "b"), pair("b", "c", "a"), pair("a", "c"))
    assert family.nearest_source == "b"
    assert steps(family) == {"ba", "bc"}


def test_a_source_may_be_known_through_others_only() -> None:
    (family,) = grown(pair("a", "b", "a"), pair("b", "c", "a"), pair("a", "c"))
    assert family.nearest_source == "a"
    assert steps(family) == {"ab", "bc"}


def test_the_source_is_withheld_where_one_member_is_behind_nobody() -> None:
    (family,) = grown(pair("a", "b", "a"), pair("b", "c"), pair("a", "c"))
    assert family.nearest_source is None
    assert steps(family) == {"ab"}  # what holds is given


def test_of_two_that_are_nearer_the_one_with_fewer_edits_is_the_parent() -> None:
    above = [pair("a", "b", "a"), pair("a", "c", "a"), pair("b", "c")]
    (family,) = grown(*above, pair("b", "d", "a", edits=3), pair("c", "d", "a", edits=1), pair("a", "d", "a"))
    assert steps(family) == {"ab", "ac", "cd"}
    assert family.nearest_source == "a"
    assert "fewest edits" in family.notes[0]


def test_of_two_that_cannot_be_told_apart_the_last_before_both_is_the_parent() -> None:
    above = [pair("a", "b", "a"), pair("a", "c", "a"), pair("b", "c")]
    below = [pair("b", "d", "a"), pair("c", "d", "a")]
    (family,) = grown(*above, *below, pair("a", "d", "a"))
    assert steps(family) == {"ab", "ac", "ad"}
    assert "cannot be told" in family.notes[0]
    (family,) = grown(*above, *below, pair("a", "d"))
    assert steps(family) == {"ab", "ac"}  # of a and d the pair says nothing
    assert family.nearest_source == "a"


def test_a_circle_loses_its_weakest_direction_and_says_so() -> None:
    circle = pair("a", "b", "a", 0.9), pair("b", "c", "a", 0.8), pair("a", "c", "b", 0.7)
    (family,) = grown(*circle)
    assert steps(family) == {"ab", "bc"}
    assert family.nearest_source is None  # what was left out speaks against a
    assert family.notes == (
        "that c is nearer the source than a was left out: together with other directions it runs in a circle",
    )


def test_a_circle_of_equals_says_nothing() -> None:
    (family,) = grown(pair("a", "b", "a"), pair("b", "c", "a"), pair("a", "c", "b"))
    assert family.nearest_source is None
    assert not family.edges
    assert len(family.notes) == 3


def test_identical_members_share_one_place() -> None:
    (family,) = grown(same("a", "c"), pair("a", "b", "a"), pair("b", "c", "b"))
    assert family.members == ("a", "b", "c")
    assert family.nearest_source == "a"
    assert steps(family) == {"ab"}


def test_identical_members_that_say_different_things_run_in_a_circle() -> None:
    (family,) = grown(same("a", "c"), pair("a", "b", "a", 0.9), pair("b", "c", "a", 0.6))
    assert steps(family) == {"ab"}
    assert family.nearest_source is None
    assert family.notes


def test_identical_files_alone_have_no_tree() -> None:
    (family,) = grown(same("b", "d"))
    assert (family.members, family.nearest_source, family.edges) == (("b", "d"), None, ())


def test_a_step_keeps_what_was_measured_of_its_pair() -> None:
    (family,) = grown(pair("a", "b", "a", 0.876))
    assert family.edges[0].confidence == pytest.approx(0.88)


def test_other_relations_make_no_family() -> None:
    others = set(RelationKind) - {RelationKind.COPY, RelationKind.IDENTICAL}
    assert others
    assert grown(*(pair("a", "b", "a", kind=kind) for kind in sorted(others))) == []


def any_directions(seed: int, names: str) -> list[Relation]:
    throw = random.Random(seed)
    found = []
    for a, b in combinations(names, 2):
        which = throw.choice(["a", "b", None])
        found.append(pair(a, b, which, throw.randint(50, 99) / 100, throw.randint(0, 3)))
    kept = [each for each in found if throw.random() < 0.7]
    return kept + [same(*throw.sample(names, 2))] * (throw.random() < 0.3)


@pytest.mark.parametrize("seed", range(150))
def test_whatever_the_pairs_say_there_is_a_forest_of_what_they_say(seed: int) -> None:
    names = "abcdefgh"
    relations = any_directions(seed, names)
    holder = {
        b: a
        for each in relations
        if each.kind is RelationKind.IDENTICAL
        for a, b in [sorted((each.a, each.b))]
    }
    said = set()
    for each in relations:
        a, b = (holder.get(name, name) for name in (each.a, each.b))
        said |= {a + b} if each.nearer_source == "a" else {b + a} if each.nearer_source == "b" else set()
    for family in families(relations, [clip(name) for name in names]):
        children = [edge.child for edge in family.edges]
        assert len(children) == len(set(children))
        assert steps(family) <= said
        parent = {edge.child: edge.parent for edge in family.edges}
        for name in children:
            seen = {name}
            while name in parent:
                name = parent[name]
                assert name not in seen
                seen.add(name)
        if family.nearest_source is not None:
            assert family.nearest_source not in parent


@pytest.mark.parametrize("seed", range(40))
def test_the_order_of_the_inputs_decides_nothing(seed: int) -> None:
    names = "abcdefg"
    relations = [each for each in any_directions(seed, names) if each.kind is RelationKind.COPY]
    throw = random.Random(seed)
    turned = []
    for each in relations:
        other = {"a": "b", "b": "a", None: None}[each.nearer_source]
        turned.append(pair(each.b, each.a, other, each.segments[0].score, len(each.edits)))
    throw.shuffle(turned)
    mixed = throw.sample(names, len(names))

    def told(found: tuple[Family, ...]) -> list[tuple[list[str], str | None, list[str], list[str]]]:
        return sorted(
            (sorted(each.members), each.nearest_source, sorted(steps(each)), sorted(each.notes))
            for each in found
        )

    there = families(relations, [clip(name) for name in names])
    assert told(there) == told(families(turned, [clip(name) for name in mixed]))


def test_a_large_family_takes_no_time() -> None:
    names = [f"clip-{number:03}" for number in range(200)]
    relations = [pair(a, b, "a") for a, b in combinations(names, 2)]
    (family,) = families(relations, [clip(name) for name in names])
    assert family.nearest_source == names[0]
    assert [(edge.parent, edge.child) for edge in family.edges] == list(pairwise(names))
