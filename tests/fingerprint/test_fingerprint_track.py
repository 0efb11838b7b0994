"""Local features and tracks: what is kept of a clip, against clips with known truth."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from made_clips import scene

from verify.fingerprint import Cache, Recipe, TrackBuilder, features, from_arrays, local, pdq
from verify.fingerprint.track import TINY, TINY_STEPS
from verify.media import frames
from verify.media.decode import Frame
from verify.settings import FingerprintSettings

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import MakeClip

    from verify.fingerprint import Points, Track


def track_of(path: Path, settings: FingerprintSettings | None = None) -> Track:
    builder = TrackBuilder(settings or FingerprintSettings())
    for frame in frames(path):
        builder.add(frame)
    return builder.finish()


@pytest.fixture
def luma() -> np.ndarray:
    return np.ascontiguousarray(next(iter(scene(6, 1, (320, 200))))[..., 1])


def nearest(a: Points, b: Points) -> tuple[np.ndarray, np.ndarray]:
    """For each point of a, how like its most similar point of b is, and how far away that lies."""
    likeness = a.vectors() @ b.vectors().T
    best = likeness.argmax(axis=1)
    return likeness.max(axis=1), np.abs(a.xy - b.xy[best]).max(axis=1)


def test_points_of_a_mirrored_picture_are_the_mirrored_points(luma: np.ndarray) -> None:
    plain = features(luma, 200, 0.02)
    seen = features(np.ascontiguousarray(luma[:, ::-1]), 200, 0.02)
    likeness, distance = nearest(plain.mirrored(), seen)
    assert len(plain) > 100
    assert np.mean((likeness > 0.9) & (distance < 0.01)) > 0.8
    # Without the mirror, patches of one kind do not come to lie on each other.
    likeness, distance = nearest(plain, seen)
    assert np.mean((likeness > 0.9) & (distance < 0.01)) < 0.1
    twice = plain.mirrored().mirrored()
    assert np.array_equal(twice.descriptors, plain.descriptors)
    assert np.allclose(twice.xy, plain.xy, atol=1e-6)


def test_points_are_unit_vectors_in_fractions_of_the_picture(luma: np.ndarray) -> None:
    points = features(luma, 80, 0.02)
    assert len(points) == 80
    assert np.allclose(np.linalg.norm(points.vectors(), axis=1), 1, atol=1e-5)
    assert points.xy.min() >= 0
    assert points.xy.max() <= 1
    assert np.array_equal(points.strongest(5).xy, points.xy[:5])


def test_points_on_a_mask_are_left_out(luma: np.ndarray) -> None:
    points = features(luma, 150, 0.02)
    mask = np.zeros((20, 32), bool)
    mask[:, 16:] = True
    kept = points.outside(mask)
    assert 0 < len(kept) < len(points)
    assert kept.xy[:, 0].max() < 0.5
    assert len(points.outside(~mask)) + len(kept) == len(points)


@pytest.mark.parametrize("value", [0, 128])
def test_a_flat_picture_has_no_points(value: int) -> None:
    assert len(features(np.full((90, 160), value, np.uint8), 100, 0.02)) == 0


def test_a_track_samples_a_clip_at_its_rate(make_clip: MakeClip) -> None:
    track = track_of(make_clip(seconds=3.0, rate=24))
    assert len(track.times) in range(11, 14)
    assert track.times[0] == 0
    assert np.all(np.abs(np.diff(track.times) - 0.25) < 0.09)
    assert track.end == pytest.approx(3.0, abs=0.05)
    assert track.aspect == pytest.approx(192 / 128, rel=0.02)
    assert (track.hashes.shape, track.hashes.dtype) == ((len(track.times), 2, 32), np.dtype(np.uint8))
    assert len(track.points) == len(track.point_times) >= 3
    assert np.all(np.diff(track.tiny_times) > 0)
    assert not track.still


def test_the_hashes_of_a_track_are_those_of_its_frames(make_clip: MakeClip) -> None:
    path = make_clip()
    track = track_of(path)
    settings = FingerprintSettings()
    shown = {frame.time: frame.shrunk(settings.point_side).copy() for frame in frames(path)}
    for time, codes, quality in zip(track.times, track.hashes, track.quality, strict=True):
        (luma,) = [luma for at, luma in shown.items() if float(at) == time]
        plain, mirrored, expected = pdq.hash_luma(luma)
        assert np.array_equal(codes, [plain, mirrored])
        assert quality == expected


@pytest.mark.parametrize("shape", [(270, 480), (101, 333), (32, 50)])
def test_a_tiny_picture_holds_the_mean_of_every_cell(shape: tuple[int, int]) -> None:
    luma = np.random.default_rng(3).integers(0, 256, shape, np.uint8)
    fine = luma.astype(np.float64).repeat(TINY, axis=0).repeat(TINY, axis=1)
    means = fine.reshape(TINY, shape[0], TINY, shape[1]).mean(axis=(1, 3))
    for rotation, shown in ((0, means), (90, np.rot90(means, -1))):
        builder = TrackBuilder()
        builder.add(Frame(Fraction(0), Fraction(0), luma, rotation, True))
        tiny = builder.finish().tiny
        assert tiny.dtype == np.uint16
        assert np.abs(tiny[0] / TINY_STEPS - shown).max() <= 0.51 / TINY_STEPS


def test_a_large_frame_is_hashed_as_it_is_shrunk_at_once() -> None:
    random = np.random.default_rng(8)
    coarse = random.normal(128, 40, (27, 48)).astype(np.float32)
    luma = cv2.resize(coarse, (1920, 1080), interpolation=cv2.INTER_CUBIC) + random.normal(0, 4, (1080, 1920))
    luma = luma.clip(0, 255).astype(np.uint8)
    for shape in ((1080, 1920), (1079, 1919)):
        frame = Frame(Fraction(0), Fraction(0), luma[: shape[0], : shape[1]], 0, True)
        builder = TrackBuilder()
        builder.add(frame)
        found = builder.finish().hashes[0, :1]
        expected = pdq.hash_luma(frame.shrunk(FingerprintSettings().point_side))[0]
        assert pdq.distances(found, expected[None])[0, 0] <= 2


def test_a_track_comes_back_from_the_cache_as_it_was(make_clip: MakeClip, tmp_path: Path) -> None:
    track, cache, recipe = track_of(make_clip()), Cache(tmp_path / "cache"), Recipe("track", 1)
    assert cache.store("ab" * 32, recipe, track.arrays())
    arrays = cache.load("ab" * 32, recipe)
    assert arrays is not None
    again = from_arrays(arrays)
    for name, array in track.arrays().items():
        assert np.array_equal(again.arrays()[name], array), name
        assert again.arrays()[name].dtype == array.dtype, name


def test_a_flat_clip_has_a_track_that_says_it_shows_nothing(make_clip: MakeClip) -> None:
    black = np.zeros((128, 192, 3), np.uint8)
    track = track_of(make_clip(pictures=[black] * 12))
    assert track.quality.max() == 0
    assert sum(len(points) for points in track.points) == 0
    assert from_arrays(track.arrays()).points[0].xy.shape == (0, 2)


def test_a_long_clip_is_thinned_evenly_to_its_bounds(make_clip: MakeClip) -> None:
    path = make_clip(seconds=4.0, rate=24)
    settings = FingerprintSettings(tiny_most=10, point_most=3, point_gap=Fraction(1, 2))
    track = track_of(path, settings)
    assert 5 <= len(track.tiny) <= 10
    assert 2 <= len(track.points) <= 3
    assert track.tiny_times[-1] > 3
    gaps = np.diff(track.tiny_times)
    assert gaps.max() < 2.5 * gaps.min()


def test_features_are_taken_once_of_what_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []
    monkeypatch.setattr(local, "features", lambda *given: taken.append(1) or features(*given))
    still = np.ascontiguousarray(next(iter(scene(6, 1, (320, 200))))[..., 1])
    other = np.ascontiguousarray(still[::-1])
    builder = TrackBuilder(FingerprintSettings())
    for number in range(60):
        time = Fraction(number, 10)
        builder.add(Frame(time, time + Fraction(1, 10), still if number < 30 else other, 0, False))
    track = builder.finish()
    assert len(taken) == 2
    assert len(track.points) == len(track.point_times) > 4
    assert len({each.descriptors.tobytes() for each in track.points}) == 2


def test_without_frames_there_is_no_track() -> None:
    with pytest.raises(ValueError, match="at least one frame"):
        TrackBuilder().finish()


def test_no_points_are_a_set_of_points_too() -> None:
    assert len(local.NOTHING.mirrored()) == 0
    assert local.NOTHING.vectors().shape == (0, 128)
