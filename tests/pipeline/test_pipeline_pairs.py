"""Which pairs are held side by side: two families of copies once, and everything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from verify.model import (
    WHOLE,
    Media,
    MediaKind,
    Registration,
    Relation,
    RelationKind,
    Role,
    Segment,
    Span,
    Video,
)
from verify.pipeline.pairs import _once_a_family, _told

IDENTITY = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
NAMES = ("other", "copy", "source", "still")


def media(name: str) -> Media:
    kind = MediaKind.IMAGE if name == "still" else MediaKind.VIDEO
    return Media(name, Path(name), Role.CLIP, kind, video=Video("h264", 64, 48, 9, None))


def related(kind: RelationKind, a: int, b: int, nearer: str | None = None) -> Relation:
    span = Span(0, 9)
    return Relation(
        NAMES[a],
        NAMES[b],
        kind,
        ("measured",),
        segments=(Segment(span, span, False, WHOLE, WHOLE, IDENTITY, 0.9),) if kind == "copy" else (),
        registration=Registration("homography", IDENTITY, 40, WHOLE, WHOLE) if kind == "same_place" else None,
        nearer_source=nearer,
    )


def test_two_cameras_are_held_side_by_side_once_and_in_the_source() -> None:
    relations = {
        (0, 1): related(RelationKind.SAME_PLACE, 0, 1),
        (0, 2): related(RelationKind.SAME_PLACE, 0, 2),
        (0, 3): related(RelationKind.SAME_PLACE, 0, 3),
        (1, 2): related(RelationKind.COPY, 1, 2, nearer="b"),
    }
    kept, spared = _once_a_family([media(name) for name in NAMES], relations)
    assert kept == {(0, 2): relations[0, 2]}
    assert spared == {(0, 1): relations[0, 2]}
    words = _told(relations[0, 1], spared[0, 1]).because[-1]
    assert "other" in words
    assert "source" in words


@pytest.mark.parametrize("missing", [(0, 1), (0, 2)])
def test_a_copy_stands_in_where_its_source_shares_no_view(missing: tuple[int, int]) -> None:
    relations = {
        (0, 1): related(RelationKind.SAME_PLACE, 0, 1),
        (0, 2): related(RelationKind.SAME_PLACE, 0, 2),
        (1, 2): related(RelationKind.COPY, 1, 2, nearer="b"),
    }
    relations[missing] = related(RelationKind.NONE_FOUND, *missing)
    kept, spared = _once_a_family([media(name) for name in NAMES], relations)
    assert list(kept) == [pair for pair in ((0, 1), (0, 2)) if pair != missing]
    assert spared == {}
