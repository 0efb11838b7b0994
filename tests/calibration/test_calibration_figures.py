"""Figures against cases worked out by hand, and the segment measure against a raster."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from calibration_pairs import answer, said, span, true

from verify.calibration.figures import figures
from verify.calibration.motion import movement
from verify.calibration.overlap import covered, overlap
from verify.calibration.truth import PairKind
from verify.model import WHOLE, Box, RelationKind, Span


def _raster(boxes: list[tuple[Span, Span]], others: list[tuple[Span, Span]]) -> float:
    """The same share on a grid of whole seconds, cell by cell."""
    product = 1.0
    for axis in (0, 1):
        total = inside = 0
        for box in boxes:
            cells = range(int(box[axis].start), int(box[axis].end))
            meeting = [
                other
                for other in others
                if all(max(box[k].start, other[k].start) < min(box[k].end, other[k].end) for k in (0, 1))
            ]
            total += len(cells)
            inside += sum(
                any(other[axis].start <= cell < other[axis].end for other in meeting) for cell in cells
            )
        product *= inside / total
    return product


@pytest.mark.parametrize("seed", range(12))
def test_what_boxes_cover_is_what_a_raster_counts(seed: int) -> None:
    random = np.random.default_rng(seed)

    def boxes() -> list[tuple[Span, Span]]:
        made = []
        for _ in range(int(random.integers(1, 5))):
            starts, lengths = random.integers(0, 20, 2), random.integers(1, 12, 2)
            made.append(tuple(span(int(s), int(s + n)) for s, n in zip(starts, lengths, strict=True)))
        return made  # type: ignore[return-value]

    one, other = boxes(), boxes()
    assert float(covered(one, other)) == pytest.approx(_raster(one, other))


def test_precision_and_recall_of_segments_by_hand() -> None:
    # Said 0-10 / 0-10, true 5-15 / 5-15: half of each axis, so a quarter of each.
    half = answer(truth=(true((5, 15), (5, 15)),), segments=(said((0, 10), (0, 10)),))
    found = overlap([half])
    assert (found.precision, found.recall, found.f1, found.pairs) == (0.25, 0.25, 0.25, 1)
    # A missed copy costs recall and no precision; a false one costs precision and no recall.
    missed = answer(found=RelationKind.NONE_FOUND, truth=(true((0, 5), (0, 5)),))
    false = answer(PairKind.EASY)
    found = overlap([half, missed, false])
    assert (found.precision, found.recall, found.pairs) == (0.125, 0.125, 3)
    assert overlap([]).f1 is None


def test_two_halves_of_one_true_stretch_are_as_good_as_the_whole() -> None:
    parts = (said((0, 4), (2, 6)), said((4, 9), (6, 11)))
    found = overlap([answer(truth=(true((0, 9), (2, 11)),), segments=parts)])
    assert found.f1 == 1


def test_copies_and_false_matches_are_counted_by_what_they_are() -> None:
    answers = [
        answer(transform="crop"),
        answer(transform="crop", found=RelationKind.SAME_CAMERA),
        answer(transform="trim", found=RelationKind.IDENTICAL),
        answer(transform="trim", found=None),
        answer(PairKind.HARD, RelationKind.COPY, transform="later"),
        answer(PairKind.HARD, RelationKind.SAME_CAMERA, transform="later", source="s2"),
        answer(PairKind.EASY, RelationKind.NONE_FOUND, transform="unrelated", source=("s1", "s2")),
    ]
    found = figures(answers)
    assert (found.found.hits, found.found.of, found.failed) == (2, 3, 1)
    assert [(each.transform, each.found.hits, each.found.of) for each in found.found_by] == [
        ("crop", 1, 2),
        ("trim", 1, 1),
    ]
    assert (found.hard.false.false, found.hard.false.of, found.hard.sources) == (1, 2, 2)
    assert (found.easy.false.false, found.easy.false.of, found.easy.sources) == (0, 1, 2)
    assert [each.transform for each in found.false_by] == ["later", "unrelated"]


def test_errors_are_counted_in_frames_of_the_slower_clip() -> None:
    # One frame late in a, two in b, of 25 a second: the offset is off by one.
    late = answer(truth=(true((2, 8), (0, 6)),), segments=(said((2.04, 8), (0.08, 6.04)),))
    still = answer(truth=(true((2, 8), (0, 6)),), segments=(said((4, 8), (3, 6)),), moves=0.2)
    found = figures([late, still])
    assert found.start is not None
    assert found.offset is not None
    assert (found.start.count, found.start.median) == (1, pytest.approx(2))
    assert found.offset.median == pytest.approx(1)
    assert (found.within.hits, found.within.of, found.unmoving) == (1, 1, 1)
    assert figures([still]).start is None


def test_a_reversed_stretch_is_right_where_its_ends_are_turned() -> None:
    played = true((0, 4), (1, 3), speed=2.0, reversed=True)
    right = answer(truth=(played,), segments=(said((0, 4), (1, 3), speed=2.0, reversed=True),))
    wrong = answer(truth=(played,), segments=(said((0, 4), (1, 3), speed=2.0),))
    good, bad = figures([right]), figures([wrong])
    assert good.offset is not None
    assert good.offset.median == 0
    # In the middle both ways meet, so a quarter is looked at where only part of it was said.
    cut = answer(truth=(played,), segments=(said((0, 2), (1, 2), speed=2.0),))
    found = figures([cut])
    assert found.offset is not None
    assert found.offset.median == pytest.approx(25)
    assert bad.speed.hits == 1


@pytest.mark.parametrize(
    ("made", "told", "right"), [(1.0, 1.009, 1), (1.0, 1.02, 0), (2.0, 1.985, 1), (2.0, 1.0, 0)]
)
def test_a_speed_is_right_within_one_per_cent(made: float, told: float, right: int) -> None:
    found = figures(
        [answer(truth=(true((0, 10), (0, 10), speed=made),), segments=(said((0, 10), (0, 10), speed=told),))]
    )
    assert found.speed.hits == right


def test_a_speed_is_right_within_one_frame_of_a_short_stretch() -> None:
    found = figures([answer(truth=(true((0, 1), (0, 1)),), segments=(said((0, 1), (0, 1), speed=1.03),))])
    assert found.speed.hits == 1


def test_mirroring_and_boxes_are_held_against_the_truth() -> None:
    part, near = Box(0.1, 0.1, 0.8, 0.8), Box(0.1, 0.1, 0.4, 0.8)
    right = answer(
        truth=(true((0, 9), (0, 9), mirrored=True, a_box=part),),
        segments=(said((0, 9), (0, 9), mirrored=True, a_box=near),),
    )
    whole = answer(truth=(true((0, 9), (0, 9)),), segments=(said((0, 9), (0, 9), mirrored=True),))
    found = figures([right, whole])
    assert (found.mirrored.hits, found.mirrored.of) == (1, 2)
    assert found.box is not None
    # Only a's part is less than the whole, and half of it was named.
    assert (found.box.count, found.box.median) == (1, pytest.approx(0.5))


def test_edits_and_directions_are_counted_both_ways() -> None:
    answers = [
        answer(edits=(("crop", "mirror"), ("crop", "trim")), nearer=("a", "a")),
        answer(edits=(("crop",), ()), nearer=("a", "b")),
        answer(edits=((), ()), nearer=("a", None)),
        answer(edits=((), ()), nearer=(None, "a")),
    ]
    found = figures(answers)
    rows = {
        each.kind: (each.named.hits, each.named.of, each.right.hits, each.right.of) for each in found.edits
    }
    assert rows == {"crop": (1, 2, 1, 1), "mirror": (0, 1, 0, 0), "trim": (0, 0, 0, 1)}
    direction = found.direction
    assert (direction.given.hits, direction.given.of) == (2, 3)
    assert (direction.right.hits, direction.right.of) == (1, 2)
    assert (direction.where_none.hits, direction.where_none.of) == (1, 1)


def test_a_copy_said_of_another_stretch_is_misplaced() -> None:
    # Right in one clip alone is not right.
    for elsewhere in (said((5, 8), (5, 8)), said((0, 2), (5, 7)), said((5, 7), (0, 2))):
        found = figures([answer(truth=(true((0, 2), (0, 2)),), segments=(elsewhere,))])
        assert (found.found.hits, found.misplaced, found.mirrored.of) == (1, 1, 0)


def test_movement_is_seen_where_it_is() -> None:
    times = np.arange(40) / 10
    tiny = np.zeros((40, 32, 32), np.uint8)
    tiny[20:, :, 16:] = ((np.arange(20) // 5 % 2) * 100)[:, None, None]
    whole = Span(Fraction(0), Fraction(4))
    assert movement(times, tiny, Span(Fraction(0), Fraction(3, 2)), WHOLE) == 0
    assert movement(times, tiny, whole, Box(0, 0, 0.5, 1)) == 0
    assert movement(times, tiny, Span(Fraction(2), Fraction(4)), Box(0.5, 0, 0.5, 1)) == pytest.approx(100)
    assert movement(times, tiny, Span(Fraction(9), Fraction(10)), WHOLE) == 0
