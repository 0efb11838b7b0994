"""The parts that a relation is made of: rhythm, votes, edits."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from verify.copies import edits, identity, rhythm, votes
from verify.copies.identity import identical
from verify.copies.rhythm import RATE, STEP, Rhythm
from verify.fingerprint.local import Points
from verify.fingerprint.track import TINY, TINY_STEPS, Track
from verify.geometry import fit
from verify.model import (
    Media,
    MediaKind,
    RelationKind,
    Role,
    Segment,
    Span,
    Video,
)
from verify.settings import SETTINGS, CopySettings

LIMITS = SETTINGS.copies


def moving(seed: int, rows: int, cells: int = 40) -> np.ndarray:
    """(rows, cells) of movement without a period."""
    random = np.random.default_rng(seed)
    noise = random.normal(0, 4, (rows + 4, cells))
    return np.stack([np.convolve(column, np.hanning(5), "valid") for column in noise.T], axis=1)


def as_rhythm(rows: np.ndarray, start: float = 0.0) -> Rhythm:
    rows = rows.astype(np.float32)
    return Rhythm(start, 1 / RATE, rows, rows + 100)


EVERY = -10_000, 10_000  # lags


def rhythms(a: Track, b: Track, matrix: np.ndarray) -> tuple[Rhythm, Rhythm]:
    one, two = rhythm.shared_samples(a, b, matrix)
    return one.rhythm(LIMITS.slow), two.rhythm(LIMITS.slow)


def slow_correlations(a: Rhythm, b: Rhythm, rows: slice, lag: int, share: float) -> float:
    """One stretch at one lag, row by row."""
    dots = power_a = power_b = 0.0
    overlapping = 0
    for row in range(rows.start, rows.stop):
        if 0 <= row + lag < len(b.moving):
            one, two = a.moving[row].astype(float), b.moving[row + lag].astype(float)
            dots, power_a, power_b = dots + one @ two, power_a + one @ one, power_b + two @ two
            overlapping += 1
    if overlapping < max(2, share * (rows.stop - rows.start)):
        return float("nan")
    return dots / (power_a * power_b) ** 0.5


# Rhythm.


@pytest.mark.parametrize(("count", "other"), [(40, 55), (55, 40), (25, 25), (13, 70)])
def test_correlations_are_those_of_a_slow_search(count: int, other: int) -> None:
    a, b = as_rhythm(moving(1, count, 7)), as_rhythm(moving(2, other, 7))
    windows = [
        slice(start, min(start + 4 * STEP, count)) for start in range(0, max(1, count - 3 * STEP), STEP)
    ]
    assert windows
    lags, table = rhythm.correlations(a, b, windows, 0.5, EVERY)
    assert lags.tolist() == list(range(1 - count, other))
    slow = [[slow_correlations(a, b, rows, int(lag), 0.5) for lag in lags] for rows in windows]
    assert np.allclose(table, slow, atol=1e-5, equal_nan=True)
    assert np.isfinite(table).any()


def test_the_lag_of_a_common_stretch_stands_out() -> None:
    rows = moving(3, 90)
    a, b = as_rhythm(rows[10:70]), as_rhythm(rows[25:85])
    lags, table = rhythm.correlations(a, b, [slice(24, 48)], 0.5, EVERY)
    best = int(np.nanargmax(table[0]))
    assert int(lags[best]) == -15
    assert table[0, best] == pytest.approx(1.0, abs=1e-5)
    assert np.nanmax(np.delete(table[0], range(best - 4, best + 5))) < 0.5


@pytest.mark.parametrize("between", [(-7, 9), (-200, -20), (11, 300), (500, 600)])
def test_a_range_of_lags_is_a_part_of_all(between: tuple[int, int]) -> None:
    random = np.random.default_rng(8)
    a, b = (as_rhythm(random.normal(0, 4, (count, 9)).astype(np.float32)) for count in (61, 83))
    windows = [slice(start, min(start + 24, 61)) for start in range(0, 42, 6)]
    lags, table = rhythm.correlations(a, b, windows, 0.5, EVERY)
    some, part = rhythm.correlations(a, b, windows, 0.5, between)
    inside = (lags >= between[0]) & (lags <= between[1])
    assert np.array_equal(some, lags[inside])
    assert np.allclose(part, table[:, inside], equal_nan=True)


def test_the_best_lag_is_that_of_a_slow_search() -> None:
    rows = moving(4, 80)
    a, b = as_rhythm(rows[:60]), as_rhythm(rows[7:] + moving(5, 73) * 0.3)
    for start in (14, 22, 40):
        beat = slice(start, start + 8)
        slow = max(range(-12, -1), key=lambda lag: slow_correlations(a, b, beat, lag, 1.0))
        assert rhythm.best_lag(a, b, beat, -7, 5) == slow == -7
    assert rhythm.best_lag(a, b, slice(10, 18), 300, 5) is None
    # Lags at which the stretch would leave the other clip are not tried.
    assert rhythm.best_lag(a, b, slice(0, 8), -7, 6) is None


def track(tiny: np.ndarray, rate: float = 15.0, points: Points | None = None) -> Track:
    times = np.arange(len(tiny)) / rate
    return Track(
        times=times[:1],
        hashes=np.zeros((1, 2, 32), np.uint8),
        quality=np.array([90], np.uint8),
        tiny_times=times,
        tiny=np.rint(tiny.clip(0, 255) * TINY_STEPS).astype(np.uint16),
        point_times=times[:1],
        points=(points,) if points else (),
        aspect=1.0,
        end=len(tiny) / rate,
    )


def wandering(seed: int, count: int) -> np.ndarray:
    """(count, 32, 32): a bright spot that wanders over a still ramp."""
    random = np.random.default_rng(seed)
    spots = np.stack(
        [np.convolve(random.normal(0, 5, count + 14), np.hanning(15), "valid") for _ in "xy"], axis=1
    )
    rows, columns = np.mgrid[:TINY, :TINY]
    return np.stack(
        [
            60 + 2 * columns + 90 * np.exp(-(((columns - 16 - x) ** 2 + (rows - 16 - y) ** 2) / 18))
            for x, y in spots
        ]
    )


def test_rhythms_lie_on_one_grid_and_one_clock() -> None:
    shown = wandering(1, 90)
    a, b = track(shown), track(shown[15:, :, ::-1])
    one, two = rhythms(a, b, fit.MIRROR)
    assert one.moving.shape[1] == two.moving.shape[1]
    assert len(one.moving) == int(89 / 15 * RATE) + 1
    # A second of a's clip is not in b; the rest is the same movement, the mirror taken back.
    late = round(RATE)
    stop = late + len(two.moving) - late
    ours, theirs = one.plain[late:stop], two.plain[: stop - late]
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.95
    wrong, _ = rhythms(a, b, np.eye(3))
    assert np.corrcoef(wrong.plain[late:stop].ravel(), theirs.ravel())[0, 1] < 0.6


def test_what_does_not_move_has_no_energy() -> None:
    still = track(np.repeat(wandering(2, 1), 60, axis=0))
    one, _ = rhythms(still, still, np.eye(3))
    assert float(one.energy.max()) < 1e-3
    # A change of light alone is no movement.
    lit = track(np.repeat(wandering(2, 1), 60, axis=0) * 0.5 + np.arange(60)[:, None, None])
    one, _ = rhythms(lit, lit, np.eye(3))
    assert float(np.sqrt(one.energy.max())) < 0.5


def test_pictures_that_share_nothing_have_no_common_rhythm() -> None:
    shown = track(wandering(1, 20))
    away = np.array([[1.0, 0, 0.97], [0, 1, 0.97], [0, 0, 1]])
    with pytest.raises(ValueError, match="share almost nothing"):
        rhythm.shared_samples(shown, shown, away)


# Votes.


def decide(taken: votes.Votes, limits: CopySettings = LIMITS, *, used: bool = False) -> votes.Accord | None:
    free = np.full(taken.table.shape, not used)
    found = votes.decide(taken, free, free.any(axis=1), limits)
    return found if found.rule else None


def decided(a: np.ndarray, b: np.ndarray) -> votes.Accord | None:
    return decide(votes.take(as_rhythm(a, 0.2), as_rhythm(b, 0.1), LIMITS))


def test_a_common_stretch_is_agreed_on() -> None:
    rows = moving(6, 110)
    found = decided(rows[:90], rows[20:] + moving(7, 90) * 0.5)
    assert found is not None
    assert (found.lag, found.rule) == (-20, "agreement")
    assert found.shift == pytest.approx(-20, abs=0.1)
    assert found.correlation > 0.75
    assert found.control < 0.3
    assert found.voted == pytest.approx(70 / RATE, abs=1.0)


def test_other_movement_and_none_are_not_agreed_on() -> None:
    assert decided(moving(8, 90), moving(9, 90)) is None
    still = np.random.default_rng(1).normal(0, 0.1, (90, 40))
    assert decided(still, still) is None


def test_a_movement_that_repeats_gives_no_offset() -> None:
    swing = np.sin(np.arange(100)[:, None] * 2 * np.pi / (RATE / 2) + np.arange(40)[None] * 0.2) * 8
    assert decided(swing, swing) is None


def test_many_weak_stretches_that_name_one_lag_are_enough() -> None:
    rows = moving(10, 140)
    weak = rows + moving(11, 140) * 2.2
    found = decided(rows, weak[12:])
    assert found is not None
    assert (found.lag, found.rule) == (-12, "concord")
    assert found.correlation < LIMITS.vote
    assert found.voted >= LIMITS.concord_voted


def test_a_strong_agreement_must_hold_beat_by_beat() -> None:
    # As a whole the second is where the first is; beat by beat it is a quarter of a second early or late.
    random = np.random.default_rng(12)
    noise = random.normal(0, 4, (150, 40))
    gesture = np.stack([np.convolve(column, np.hanning(21), "valid") for column in noise.T], axis=1)
    beats = [
        gesture[10 * k + off : 10 * k + off + 10] for k, off in zip(range(1, 12), [3, -3] * 6, strict=False)
    ]
    first, second = gesture[10:120], np.concatenate(beats)
    taken = votes.take(as_rhythm(first), as_rhythm(second), LIMITS)
    assert decide(taken) is None
    # Nothing but the beats speaks against it.
    found = decide(taken, replace(LIMITS, steady=0.0))
    assert found is not None
    assert (found.lag, found.rule) == (0, "agreement")


def test_stretches_that_are_used_up_do_not_vote_again() -> None:
    rows = moving(14, 100)
    taken = votes.take(as_rhythm(rows), as_rhythm(rows), LIMITS)
    assert decide(taken) is not None
    assert decide(taken, used=True) is None


# Edits.


def clip(
    name: str, seconds: float = 10, size: tuple[int, int] = (640, 360), rate: int = 25, **more: object
) -> Media:
    video = Video("h264", *size, round(seconds * rate), Fraction(rate))
    media = Media(
        name, Path(f"{name}.mp4"), Role.CLIP, MediaKind.VIDEO, duration=Fraction(seconds), video=video
    )
    return replace(media, **more)  # type: ignore[arg-type]


def segment(
    a: tuple[float, float] = (0, 10), b: tuple[float, float] = (0, 10), matrix: np.ndarray | None = None
) -> Segment:
    there = np.eye(3) if matrix is None else matrix
    shared = fit.shared_boxes(there)
    assert shared is not None
    spans = (Span(Fraction(each[0]), Fraction(each[1])) for each in (a, b))
    return Segment(*spans, fit.mirrors(there), *shared, fit.as_matrix(there), 0.9)


def cut(left: float, top: float, width: float, height: float) -> np.ndarray:
    """The map to a crop."""
    return np.array([[1 / width, 0, -left / width], [0, 1 / height, -top / height], [0, 0, 1]])


INSET = np.linalg.inv(cut(0.6, 0.6, 0.3, 0.3))
BARS = np.linalg.inv(cut(0, 0.125, 1, 0.75))
FILMED = np.array([[0.7, 0.02, 0.12], [0.03, 0.6, 0.15], [0.18, 0.01, 1.0]])
SLANTED = np.array([[0.995, -0.056, 0.03], [0.178, 0.995, -0.08], [0, 0, 1]])  # 5.7 degrees at 16:9


@pytest.mark.parametrize(
    ("a", "b", "segments", "expected"),
    [
        (clip("a"), clip("b"), [segment()], []),
        (clip("a"), clip("b", 6), [segment((2, 8), (0, 6))], ["trim", "trim"]),
        (clip("a"), clip("b", 8), [segment((0, 4), (0, 4)), segment((6, 10), (4, 8))], ["removed"]),
        (clip("a"), clip("b", 13), [segment((0, 4), (0, 4)), segment((4, 10), (7, 13))], ["inserted"]),
        (clip("a"), clip("b", 9.95), [segment((0, 9.95), (0, 9.95))], []),
        (clip("a"), clip("b", size=(512, 288)), [segment(matrix=cut(0.1, 0.1, 0.8, 0.8))], ["crop"]),
        (clip("a"), clip("b", size=(640, 480)), [segment(matrix=BARS)], ["letterbox"]),
        (clip("a"), clip("b", size=(2133, 1200)), [segment(matrix=INSET)], ["picture_in_picture"]),
        (clip("a"), clip("b"), [segment(matrix=fit.MIRROR)], ["mirror"]),
        (clip("a"), clip("b", size=(320, 180)), [segment()], ["resolution"]),
        (clip("a"), clip("b", rate=30), [segment()], ["frame_rate"]),
    ],
)
def test_edits_are_read_off_the_alignment(
    a: Media, b: Media, segments: list[Segment], expected: list[str]
) -> None:
    assert [edit.kind for edit in edits.outline(a, b, segments, LIMITS)] == expected


def test_a_refilmed_screen_and_a_turned_picture_are_named() -> None:
    refilmed = edits.outline(clip("a"), clip("b"), [segment(matrix=FILMED)], LIMITS)
    assert "refilmed" in [edit.kind for edit in refilmed]
    turned = edits.outline(clip("a"), clip("b"), [segment(matrix=SLANTED)], LIMITS)
    (turn,) = [edit for edit in turned if edit.kind == "rotate"]
    assert turn.parameters["degrees_clockwise"] == pytest.approx(5.7, abs=0.1)


def test_a_quarter_turn_clockwise_is_ninety_degrees() -> None:
    # The top left of a lies at the top right of b.
    quarter = np.array([[0.0, -1, 1], [1, 0, 0], [0, 0, 1]])
    assert edits.angle(clip("a"), clip("b", size=(360, 640)), quarter) == pytest.approx(90)
    assert edits.angle(clip("a"), clip("b"), np.eye(3)) == 0
    assert edits.detail(clip("a"), clip("b", size=(360, 640)), segment(matrix=quarter)) == pytest.approx(1)


def test_gaps_are_what_no_segment_covers() -> None:
    spans = [Span(Fraction(6), Fraction(8)), Span(Fraction(1), Fraction(4)), Span(Fraction(2), Fraction(3))]
    found = edits.gaps(Fraction(10), spans, LIMITS)
    assert [(float(gap.start), float(gap.end)) for gap in found] == [(0, 1), (4, 6), (8, 10)]
    assert edits.gaps(Fraction(10), [Span(Fraction(1, 20), Fraction(199, 20))], LIMITS) == []
    assert edits.gaps(Fraction(2), [], LIMITS) == [Span(Fraction(0), Fraction(2))]


# Identity and moments.


def streams(*digests: tuple[str, str]) -> dict[str, object]:
    return {"payload_sha256": [{"type": kind, "sha256": digest} for kind, digest in digests]}


def test_identity_asks_for_all_streams_and_one_length() -> None:
    both = streams(("video", "11"), ("audio", "22"))
    a = clip("a", container=both, sha256="aa")
    slack = LIMITS.same_duration
    assert "bytes" in (identical(a, clip("b", container={}, sha256="aa"), slack) or "")
    other_order = streams(("audio", "22"), ("video", "11"))
    assert "streams (2)" in (identical(a, clip("b", container=other_order, sha256="bb"), slack) or "")
    assert identical(a, clip("b", 9.95, container=both, sha256="bb"), slack)
    assert identical(a, clip("b", 9, container=both, sha256="bb"), slack) is None
    assert identical(a, clip("b", container=streams(("video", "11")), sha256="bb"), slack) is None
    assert identical(clip("a"), clip("b"), slack) is None


def test_identical_clips_share_what_is_shown_and_not_the_wait_before_it() -> None:
    a = clip("a", 10)
    b = clip("b", Fraction("10.06"), shots=(Span(Fraction("0.06"), Fraction("10.06")),))
    found, middle = identity.related(a, b, "one encoding", LIMITS)
    assert (found.kind, found.segments[0].speed, found.edits) == (RelationKind.IDENTICAL, 1.0, ())
    assert found.segments[0].a == Span(Fraction(0), Fraction(10))
    assert found.segments[0].b == Span(Fraction("0.06"), Fraction("10.06"))
    assert middle == ((Fraction(5), Fraction("5.06")),)


def shown_turned(name: str, rotation: int) -> Media:
    size = (360, 640) if rotation in {90, 270} else (640, 360)
    media = clip(name, size=size)
    assert media.video is not None
    return replace(media, video=replace(media.video, rotation=rotation))


@pytest.mark.parametrize(
    ("rotations", "corner"),
    [((0, 0), (0, 0)), ((0, 90), (1, 0)), ((90, 0), (0, 1)), ((0, 180), (1, 1)), ((90, 180), (1, 0))],
)
def test_an_identical_clip_that_is_shown_turned_has_its_picture_turned(
    rotations: tuple[int, int], corner: tuple[float, float]
) -> None:
    a, b = (shown_turned(name, turn) for name, turn in zip("ab", rotations, strict=True))
    found, _ = identity.related(a, b, "one encoding", LIMITS)
    assert fit.carry(np.array(found.segments[0].homography), np.zeros((1, 2)))[0] == pytest.approx(corner)
    assert not found.segments[0].mirrored
    turned = (rotations[1] - rotations[0] + 180) % 360 - 180
    degrees = [abs(edit.parameters["degrees_clockwise"]) for edit in found.edits if edit.kind == "rotate"]
    assert degrees == ([abs(turned)] if turned else [])
