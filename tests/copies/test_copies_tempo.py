"""Copies at another tempo, backwards, twice or in another order, and takes that only resemble them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from tests.copies.copies_footage import RATE, Pictures, encode, filmed, subject
from verify.copies import relate
from verify.model import RelationKind
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from verify.copies import Subject
    from verify.model import Relation

COUNT = 10 * RATE  # pictures of the source
FRAME = 1 / RATE


@dataclass(frozen=True)
class Piece:
    """Pictures of the source, from one number to another, shown at a speed; backwards where told."""

    first: int
    last: int
    speed: float = 1.0
    backwards: bool = False

    def numbers(self) -> list[int]:
        count = round((self.last - self.first) / self.speed)
        numbers = [self.first + int(index * self.speed) for index in range(count)]
        return numbers[::-1] if self.backwards else numbers


EDITS: dict[str, tuple[Piece, ...]] = {
    "half": (Piece(20, 230, 0.5),),
    "slower": (Piece(20, 230, 0.8),),
    "hardly-faster": (Piece(20, 230, 1.05),),
    "faster": (Piece(20, 230, 1.5),),
    "double": (Piece(20, 230, 2.0),),
    "backwards": (Piece(30, 210, backwards=True),),
    "backwards-faster": (Piece(30, 230, 1.25, backwards=True),),
    "twice": (Piece(20, 180), Piece(60, 140)),
    "other-order": (Piece(130, 230), Piece(20, 130)),
    "without-its-middle": (Piece(0, 90), Piece(160, 250)),
}


@pytest.fixture(scope="module")
def source() -> Pictures:
    return filmed(21, 4, COUNT)


@pytest.fixture(scope="module")
def related(source: Pictures, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Relation]:
    folder = tmp_path_factory.mktemp("tempo")

    @cache
    def clip(name: str) -> Subject:
        numbers = range(COUNT) if name == "source" else [n for piece in EDITS[name] for n in piece.numbers()]
        return subject(encode(folder / f"{name}.mp4", [source[number] for number in numbers], crf=26))

    @cache
    def relation(name: str) -> Relation:
        return relate(clip("source"), clip(name)).relation

    return relation


def places(pieces: Sequence[Piece]) -> list[tuple[float, float, float, float]]:
    """Seconds of a and of b of every piece, in the order of b."""
    found, start = [], 0
    for piece in pieces:
        stop = start + len(piece.numbers())
        found.append((piece.first * FRAME, piece.last * FRAME, start * FRAME, stop * FRAME))
        start = stop
    return found


@pytest.mark.parametrize("name", EDITS)
def test_every_piece_is_placed_to_the_frame_with_its_speed(
    name: str, related: Callable[[str], Relation]
) -> None:
    found = related(name)
    assert found.kind is RelationKind.COPY
    segments = sorted(found.segments, key=lambda each: each.b)
    truth = places(EDITS[name])
    assert len(segments) == len(truth)
    for segment, piece, where in zip(segments, EDITS[name], truth, strict=True):
        seconds = [float(each) for each in (segment.a.start, segment.a.end, segment.b.start, segment.b.end)]
        # A picture that is shown twice, or skipped, leaves the end open by as much.
        assert seconds == pytest.approx(where, abs=2.5 * FRAME * max(1.0, piece.speed))
        assert segment.reversed is piece.backwards
        assert segment.speed == pytest.approx(piece.speed, rel=0.01)
        if piece.speed == 1:
            assert segment.speed == 1


def test_the_edit_list_names_the_tempo_and_the_order(related: Callable[[str], Relation]) -> None:
    kinds = {name: {edit.kind for edit in related(name).edits} for name in EDITS}
    assert {name for name, found in kinds.items() if "speed" in found} == {
        "half",
        "slower",
        "hardly-faster",
        "faster",
        "double",
        "backwards-faster",
    }
    assert {name for name, found in kinds.items() if "reversed" in found} == {"backwards", "backwards-faster"}
    assert {name for name, found in kinds.items() if "repeated" in found} == {"twice"}
    assert {name for name, found in kinds.items() if "reordered" in found} == {"other-order"}
    assert {name for name, found in kinds.items() if "removed" in found} == {"without-its-middle"}


def test_another_take_at_another_tempo_is_no_copy(tmp_path: Path) -> None:
    taken = filmed(21, 4, 150, wander=0)
    one = subject(encode(tmp_path / "one.mp4", taken))
    # The same ways, gone at another tempo and a hand's breadth aside.
    aside = list(_aside(taken))
    other = subject(encode(tmp_path / "other.mp4", [aside[int(number * 0.8)] for number in range(150)]))
    assert relate(one, other).relation.kind is not RelationKind.COPY
    # It is what moves, patch by patch, that tells: the votes alone would have it a copy.
    trusting = replace(SETTINGS, copies=replace(SETTINGS.copies, proof_changes=0.0))
    assert relate(one, other, trusting).relation.kind is RelationKind.COPY


def _aside(taken: Pictures) -> Iterator[np.ndarray]:
    """The moving things a little aside, over the place as it is without them."""
    place = np.median(taken, axis=0).astype(np.uint8)
    step = np.array([[1.0, 0, 9], [0, 1, 6]])
    for picture in taken:
        moved = (np.abs(picture.astype(int) - place).max(axis=2) > 40).astype(np.uint8)
        size = picture.shape[1], picture.shape[0]
        mask, things = (cv2.warpAffine(each, step, size) for each in (moved, picture))
        yield np.where(mask[..., None] > 0, things, place)


def test_a_moment_taken_out_of_a_slow_pan_is_no_other_speed(tmp_path: Path) -> None:
    taken = filmed(8, 1, 120, 8.0)
    source = subject(encode(tmp_path / "source.mp4", taken))
    copied = subject(encode(tmp_path / "copy.mp4", [*taken[:40], *taken[48:100]], crf=28))
    found = relate(source, copied).relation
    spans = [(float(each.a.start), float(each.a.end), each.speed) for each in found.segments]
    assert spans == [pytest.approx((0, 1.6, 1), abs=0.02), pytest.approx((1.92, 4, 1), abs=0.02)]
    assert "speed" not in {edit.kind for edit in found.edits}
