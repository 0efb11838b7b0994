"""What two clips are to each other, against clips whose making is known."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from copies_footage import (
    HEIGHT,
    SECONDS,
    WIDTH,
    Derived,
    encode,
    filmed,
    place,
    remuxed,
    subject,
)

from verify.copies import Subject, families, relate
from verify.geometry.fit import carry, shared_boxes
from verify.model import WHOLE, Footage, RelationKind, Span
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from verify.model import Relation

COPIES = {
    "reencoded": Derived(crf=40),
    "trimmed": Derived(start=1.6, stop=5.2),
    "cropped": Derived(crop=(0.15, 0.1, 0.85, 0.9), size=(224, 192)),
    "mirrored": Derived(mirror=True),
    "letterboxed": Derived(size=(320, 180), bars=(0, 30)),
    "slower": Derived(every=2),
    "half": Derived(size=(160, 120)),
    "combined": Derived(1.0, 5.4, crop=(0.1, 0.1, 0.9, 0.9), mirror=True, size=(256, 192), crf=32),
}
SOURCE = "source"


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Subject]:
    """The source and its copies, each made when it is first asked for."""
    folder = tmp_path_factory.mktemp("copies")
    pictures = filmed(1, 1)

    @cache
    def made(name: str) -> Subject:
        target = folder / f"{name}.mp4"
        return subject(
            encode(target, pictures, crf=18) if name == SOURCE else COPIES[name].write(target, pictures)
        )

    return made


@pytest.fixture(scope="module")
def relation(clips: Callable[[str], Subject]) -> Callable[[str, str], Relation]:
    """The relation of two of the clips, worked out once."""

    @cache
    def related(a: str, b: str) -> Relation:
        return relate(clips(a), clips(b)).relation

    return related


def off(matrix: object, truth: np.ndarray) -> float:
    """How far a map brings the corners of the truly shared part from where they belong, in fractions."""
    shared = shared_boxes(truth)
    assert shared is not None
    corners = np.array(shared[0].corners)
    return float(np.abs(carry(np.array(matrix), corners) - carry(truth, corners)).max())


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_is_found_where_and_when_it_lies(
    name: str, relation: Callable[[str, str], Relation], clips: Callable[[str], Subject]
) -> None:
    truth, found = COPIES[name], relation(SOURCE, name)
    assert (found.kind, found.footage) == (RelationKind.COPY, Footage.ESTABLISHED)
    assert len(found.segments) == 1
    segment = found.segments[0]
    assert float(segment.a.start) == pytest.approx(truth.start, abs=0.1)
    assert float(segment.a.end) == pytest.approx(truth.stop, abs=0.1)
    assert float(segment.b.start) == pytest.approx(0, abs=0.1)
    assert float(segment.b.end) == pytest.approx(truth.stop - truth.start, abs=0.1)
    assert segment.b.end <= (clips(name).media.duration or 0)
    assert segment.mirrored == truth.mirror
    assert (segment.speed, segment.reversed) == (1.0, False)
    shared = shared_boxes(truth.matrix)
    assert shared is not None
    assert segment.a_box.overlap(shared[0]) >= 0.9
    assert segment.b_box.overlap(shared[1]) >= 0.9
    assert off(segment.homography, truth.matrix) < 0.02


@pytest.mark.parametrize("name", COPIES)
def test_what_was_done_is_named_and_nothing_else(name: str, relation: Callable[[str, str], Relation]) -> None:
    expected = {
        "reencoded": [],
        "trimmed": ["trim", "trim"],
        "cropped": ["crop"],
        "mirrored": ["mirror"],
        "letterboxed": ["letterbox", "resolution"],
        "slower": ["frame_rate"],
        "half": ["resolution"],
        "combined": ["trim", "trim", "mirror", "crop"],
    }
    assert [edit.kind for edit in relation(SOURCE, name).edits] == expected[name]


# Where frames were lost and the camera moves, an offset within its uncertainty can still miss a frame.
@pytest.mark.parametrize("name", [name for name in COPIES if name != "combined"])
def test_the_edits_explain_the_picture(name: str, relation: Callable[[str, str], Relation]) -> None:
    residual = relation(SOURCE, name).residual
    assert residual is not None
    assert residual < 0.15


@pytest.mark.parametrize("name", ["trimmed", "cropped", "mirrored", "letterboxed", "combined"])
def test_swapped_inputs_give_the_mirrored_answer(name: str, relation: Callable[[str, str], Relation]) -> None:
    there, back = relation(SOURCE, name), relation(name, SOURCE)
    assert (back.a, back.b) == (there.b, there.a)
    assert (back.kind, back.footage) == (there.kind, there.footage)
    one, two = there.segments[0], back.segments[0]
    assert len(back.segments) == len(there.segments)
    for ours, theirs in ((one.a, two.b), (one.b, two.a)):
        assert float(ours.start) == pytest.approx(float(theirs.start), abs=0.1)
        assert float(ours.end) == pytest.approx(float(theirs.end), abs=0.1)
    assert one.a_box.overlap(two.b_box) >= 0.9
    assert one.b_box.overlap(two.a_box) >= 0.9
    assert one.mirrored == two.mirrored
    assert off(two.homography, np.linalg.inv(COPIES[name].matrix)) < 0.02
    other_way = {"a": "b", "b": "a", None: None}
    assert back.nearer_source == other_way[there.nearer_source]


@pytest.mark.parametrize(
    ("name", "nearer"),
    [
        ("trimmed", "a"),
        ("cropped", "a"),
        ("half", "a"),
        ("combined", "a"),
        ("letterboxed", None),
        ("mirrored", None),
    ],
)
def test_the_clip_that_has_more_is_nearer_the_source(
    name: str, nearer: str | None, relation: Callable[[str, str], Relation]
) -> None:
    assert relation(SOURCE, name).nearer_source == nearer


def test_bars_put_around_a_clip_do_not_make_it_the_source(
    clips: Callable[[str], Subject], tmp_path: Path
) -> None:
    barred = subject(Derived(bars=(0, 40)).write(tmp_path / "barred.mp4", filmed(1, 1)))
    for pair in ((barred, clips(SOURCE)), (clips(SOURCE), barred)):
        found = relate(*pair).relation
        assert found.kind is RelationKind.COPY
        assert found.nearer_source is None


def test_the_aligned_moments_show_the_same_thing(clips: Callable[[str], Subject]) -> None:
    judgement = relate(clips(SOURCE), clips("trimmed"))
    assert len(judgement.pairs) == SETTINGS.copies.proofs
    for ours, theirs in judgement.pairs:
        assert float(ours - theirs) == pytest.approx(1.6, abs=0.04)


def test_two_copies_of_one_source_are_copies_of_each_other(
    relation: Callable[[str, str], Relation],
) -> None:
    found = relation("mirrored", "trimmed")
    assert found.kind is RelationKind.COPY
    assert found.segments[0].mirrored
    assert float(found.segments[0].a.start) == pytest.approx(1.6, abs=0.1)


def test_copies_and_their_source_are_one_family(
    relation: Callable[[str, str], Relation], clips: Callable[[str], Subject]
) -> None:
    names = [SOURCE, "trimmed", "half"]
    relations = [relation(SOURCE, "trimmed"), relation(SOURCE, "half"), relation("trimmed", "half")]
    (family,) = families(relations, [clips(name).media for name in names])
    assert family.members == tuple(names)
    assert family.nearest_source == SOURCE
    assert {(edge.parent, edge.child) for edge in family.edges} == {(SOURCE, "trimmed"), (SOURCE, "half")}


def test_parts_joined_in_another_order_are_two_segments(
    tmp_path: Path, clips: Callable[[str], Subject]
) -> None:
    pictures = filmed(1, 1)
    joined = subject(encode(tmp_path / "joined.mp4", pictures[85:150] + pictures[5:75]))
    found = relate(clips(SOURCE), joined).relation
    assert found.kind is RelationKind.COPY
    spans = [tuple(float(x) for x in (s.a.start, s.a.end, s.b.start, s.b.end)) for s in found.segments]
    assert len(spans) == 2
    assert spans[0] == pytest.approx((0.2, 3.0, 2.6, 5.4), abs=0.12)
    assert spans[1] == pytest.approx((3.4, 6.0, 0.0, 2.6), abs=0.12)


def test_two_takes_from_a_tripod_are_one_camera_and_not_one_recording(tmp_path: Path) -> None:
    one = subject(encode(tmp_path / "one.mp4", filmed(2, 5, wander=0)))
    two = subject(encode(tmp_path / "two.mp4", filmed(2, 6, wander=0)))
    found = relate(one, two).relation
    assert (found.kind, found.footage) == (RelationKind.SAME_CAMERA, Footage.REFUTED)
    assert found.segments == ()
    assert found.registration is not None
    assert off(found.registration.matrix, np.eye(3)) < 0.02


def test_a_copy_from_a_tripod_is_told_from_another_take(tmp_path: Path) -> None:
    pictures = filmed(2, 5, wander=0)
    one = subject(encode(tmp_path / "one.mp4", pictures))
    two = subject(encode(tmp_path / "two.mp4", pictures[30:], crf=36))
    found = relate(one, two).relation
    assert found.kind is RelationKind.COPY
    assert float(found.segments[0].a.start) == pytest.approx(1.2, abs=0.1)


def test_where_nothing_moves_one_recording_is_neither_shown_nor_refuted(tmp_path: Path) -> None:
    still = np.repeat(place(3, WIDTH, HEIGHT).astype(np.uint8)[..., None], 3, axis=2)
    one = subject(encode(tmp_path / "one.mp4", [still] * 100, crf=20))
    two = subject(encode(tmp_path / "two.mp4", [still] * 80, crf=33))
    found = relate(one, two).relation
    assert (found.kind, found.footage) == (RelationKind.SAME_CAMERA, Footage.NOT_DETERMINED)
    assert any("too little moves" in words for words in found.because)


def test_another_place_is_not_found_to_be_related(tmp_path: Path, clips: Callable[[str], Subject]) -> None:
    other = subject(encode(tmp_path / "other.mp4", filmed(9, 1)))
    found = relate(clips(SOURCE), other).relation
    assert (found.kind, found.footage, found.segments) == (RelationKind.NONE_FOUND, None, ())


@pytest.mark.parametrize("level", [16, 128])
def test_black_and_flat_clips_are_inconclusive(
    level: int, tmp_path: Path, clips: Callable[[str], Subject]
) -> None:
    flat = subject(encode(tmp_path / "flat.mp4", [np.full((HEIGHT, WIDTH, 3), level, np.uint8)] * 50))
    for pair in ((clips(SOURCE), flat), (flat, clips(SOURCE))):
        found = relate(*pair).relation
        assert found.kind is RelationKind.INCONCLUSIVE
        assert "flat" in found.because[0]
        assert "source" not in found.because[0]


def test_the_same_bytes_and_the_same_streams_are_identical(tmp_path: Path) -> None:
    path = encode(tmp_path / "one.mp4", filmed(1, 1, 50), tone=True)
    again = tmp_path / "again.mp4"
    again.write_bytes(path.read_bytes())
    packed = remuxed(path, tmp_path / "packed.mkv")
    assert packed.read_bytes() != path.read_bytes()
    one = subject(path)
    for other, word in ((subject(again), "bytes"), (subject(packed), "streams")):
        found = relate(one, other).relation
        assert (found.kind, found.footage, found.residual) == (
            RelationKind.IDENTICAL,
            Footage.ESTABLISHED,
            0.0,
        )
        assert found.sound == "same_recording"
        assert word in found.because[0]
        assert found.segments[0].a_box == WHOLE
        assert found.nearer_source is None


def test_a_clip_that_lost_its_sound_is_a_copy(tmp_path: Path) -> None:
    path = encode(tmp_path / "loud.mp4", filmed(1, 1, 100), tone=True)
    loud, mute = subject(path), subject(remuxed(path, tmp_path / "mute.mp4", sound=False))
    assert loud.media.audio is not None
    assert mute.media.audio is None
    found = relate(loud, mute).relation
    assert found.kind is RelationKind.COPY
    assert float(found.segments[0].a.length) == pytest.approx(4.0, abs=0.1)


@pytest.mark.parametrize("name", ["reencoded", "mirrored", "half"])
def test_a_copy_of_the_whole_reaches_to_the_end_of_the_last_frame(
    name: str, relation: Callable[[str, str], Relation]
) -> None:
    (segment,) = relation(SOURCE, name).segments
    assert (segment.a, segment.b) == (Span(Fraction(0), Fraction(SECONDS)),) * 2


def test_times_are_exact_and_inside_the_clips(
    relation: Callable[[str, str], Relation], clips: Callable[[str], Subject]
) -> None:
    for name in COPIES:
        for segment in relation(SOURCE, name).segments:
            assert isinstance(segment.a.start, Fraction)
            assert 0 <= segment.a.start < segment.a.end <= SECONDS
            assert 0 <= segment.b.start < segment.b.end <= (clips(name).media.duration or 0)
