"""Edits of time, read off segments."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from verify.copies.edits import timing
from verify.geometry import fit
from verify.model import WHOLE, Edit, Media, MediaKind, Role, Segment, Span, Video
from verify.settings import SETTINGS

LIMITS = SETTINGS.edits


def _clip(name: str, seconds: int) -> Media:
    video = Video("h264", 640, 360, 25 * seconds, Fraction(25))
    return Media(name, Path(name), Role.CLIP, MediaKind.VIDEO, duration=Fraction(seconds), video=video)


def _segment(
    a: tuple[float, float], b: tuple[float, float], *, speed: float = 1.0, backwards: bool = False
) -> Segment:
    spans = [Span(Fraction(one), Fraction(two)) for one, two in (a, b)]
    whole = fit.as_matrix(fit.inverse(fit.MIRROR @ fit.MIRROR))
    return Segment(*spans, False, WHOLE, WHOLE, whole, 0.9, speed, backwards)


def _seconds(span: Span | None) -> tuple[float, float]:
    assert span is not None
    return float(span.start), float(span.end)


def _told(edits: list[Edit]) -> list[tuple[str, tuple[float, float], tuple[float, float]]]:
    return [(edit.kind, _seconds(edit.a), _seconds(edit.b)) for edit in edits]


A, B = _clip("a", 10), _clip("b", 10)


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ([_segment((0, 10), (0, 10))], []),
        ([_segment((0, 4), (0, 4)), _segment((6, 10), (4, 8))], []),
        (
            [_segment((0, 6), (0, 6)), _segment((3, 10), (6, 13))],
            [("repeated", (3, 6), (6, 9))],
        ),
        (
            [_segment((6, 10), (0, 4)), _segment((0, 6), (4, 10))],
            [("reordered", (6, 10), (0, 4))],
        ),
        (
            [_segment((7, 10), (0, 3)), _segment((0, 4), (3, 7)), _segment((4, 7), (7, 10))],
            [("reordered", (7, 10), (0, 3))],
        ),
        # Ends of segments are uncertain: a tenth of a second twice is no repetition.
        ([_segment((0, 5.1), (0, 5.1)), _segment((5, 10), (5.1, 10.1))], []),
    ],
)
def test_the_order_of_stretches_is_told(
    segments: list[Segment], expected: list[tuple[str, tuple[float, float], tuple[float, float]]]
) -> None:
    assert _told(list(timing.order(A, B, segments, LIMITS))) == expected


def test_a_held_picture_into_which_both_neighbours_reach_is_no_repetition() -> None:
    segments = [_segment((0, 5), (0, 5)), _segment((4, 10), (5, 11))]
    assert [edit.kind for edit in timing.order(A, B, segments, LIMITS)] == ["repeated"]
    held = [Span(Fraction(4), Fraction(6))]
    assert list(timing.order(A, B, segments, LIMITS, held)) == []


def test_a_stretch_played_backwards_repeats_what_the_first_showed() -> None:
    segments = [_segment((0, 4), (0, 4)), _segment((0, 4), (4, 8), backwards=True)]
    assert [edit.kind for edit in timing.order(A, B, segments, LIMITS)] == ["repeated"]
    assert _told(list(timing.pace(A, B, segments, LIMITS))) == [("reversed", (0, 4), (4, 8))]


def test_speed_is_told_beyond_one_percent_and_once_for_neighbours() -> None:
    fast = [_segment((0, 4), (0, 2), speed=2), _segment((6, 10), (2, 4), speed=2)]
    (edit,) = timing.pace(A, B, fast, LIMITS)
    assert (edit.kind, edit.parameters) == ("speed", {"speed": 2.0})
    assert (_seconds(edit.a), _seconds(edit.b)) == ((0, 10), (0, 4))
    assert "faster" in edit.statement
    barely = [_segment((0, 9.95), (0, 10), speed=0.995)]
    assert list(timing.pace(A, B, barely, LIMITS)) == []


def test_seconds_go_to_and_fro_between_the_clips() -> None:
    backwards = _segment((2, 8), (1, 4), speed=2, backwards=True)
    assert timing.b_time(backwards, Fraction(2)) == 4
    assert timing.b_time(backwards, Fraction(8)) == 1
    assert timing.a_time(backwards, Fraction(3)) == 4
    assert timing.b_of(backwards, Span(Fraction(4), Fraction(6))) == Span(Fraction(2), Fraction(3))
    assert timing.a_of(backwards, Span(Fraction(2), Fraction(3))) == Span(Fraction(4), Fraction(6))


def test_held_seconds_are_not_called_inserted() -> None:
    segments = [_segment((0, 4), (0, 4)), _segment((4, 8), (6, 10))]
    limits = SETTINGS.copies
    plain = [edit.kind for edit in timing.cuts(_clip("a", 8), B, segments, limits)]
    held = list(timing.cuts(_clip("a", 8), B, segments, limits, [Span(Fraction(4), Fraction(6))]))
    assert (plain, held) == (["inserted"], [])
