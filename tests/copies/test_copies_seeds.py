"""Seeds: where a copy may lie in its source, by the local features and hashes of two tracks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from verify.copies import seeds
from verify.fingerprint.local import Points
from verify.fingerprint.track import TINY, Track
from verify.geometry import fit
from verify.settings import SETTINGS

CROP = np.array([[2.0, 0.0, -0.4], [0.0, 2.0, -0.6], [0.0, 0.0, 1.0]])
INSET = np.array([[0.3, 0.0, 0.65], [0.0, 0.3, 0.05], [0.0, 0.0, 1.0]])


def pictured(random: np.random.Generator, count: int) -> Points:
    rows = np.sqrt(random.gamma(0.5, 1.0, (count, 128)))
    rows *= 512 / np.linalg.norm(rows, axis=1, keepdims=True)
    return Points(random.random((count, 2)).astype(np.float32), rows.clip(0, 255).astype(np.uint8))


def seen(random: np.random.Generator, points: Points, matrix: np.ndarray) -> Points:
    """The points as they lie in a copy, described a little differently; what leaves the picture is lost."""
    turned = points.mirrored() if fit.mirrors(matrix) else points
    xy = fit.carry(matrix, points.xy.astype(np.float64)) + random.normal(0, 0.001, (len(points), 2))
    rows = (turned.descriptors + random.normal(0, 6, (len(points), 128))).clip(0, 255).astype(np.uint8)
    inside = np.all((xy > 0) & (xy < 1), axis=1)
    return Points(xy[inside].astype(np.float32), rows[inside])


def tracked(points: list[Points], gap: float = 2.0, hashes: np.ndarray | None = None) -> Track:
    times = np.arange(len(points)) * gap
    codes = np.zeros((len(points), 2, 32), np.uint8) if hashes is None else hashes
    return Track(
        times=np.arange(len(codes)) * (gap * len(points) / len(codes)),
        hashes=codes,
        quality=np.full(len(codes), 0 if hashes is None else 90, np.uint8),
        tiny_times=times,
        tiny=np.zeros((len(points), TINY, TINY), np.uint16),
        point_times=times,
        points=tuple(points),
        aspect=1.0,
        end=gap * len(points),
    )


@pytest.mark.parametrize("turn", [np.eye(3), fit.MIRROR])
def test_a_crop_is_laid_where_it_was_cut_from_at_its_moment(turn: np.ndarray) -> None:
    random = np.random.default_rng(1)
    pictures = [pictured(random, 200) for _ in range(8)]
    matrix = CROP @ turn
    copy = [pictured(random, 200), *(seen(random, pictures[at], matrix) for at in (3, 4, 5))]
    found = seeds.find(tracked(pictures), tracked(copy), SETTINGS)
    assert fit.apart(found[0].matrix, matrix) < 0.02
    assert found[0].b_time - found[0].a_time == -4.0
    # Three moments of one stretch lead to one alignment.
    assert len(found) == 1
    back = seeds.find(tracked(copy), tracked(pictures), SETTINGS)
    assert fit.apart(back[0].turned().matrix, matrix) < 0.02


def test_stretches_from_other_places_of_the_source_have_seeds_of_their_own() -> None:
    random = np.random.default_rng(2)
    pictures = [pictured(random, 200) for _ in range(60)]
    copy = [seen(random, pictures[at], np.eye(3)) for at in (40, 41, 2, 3)]
    copy += [seen(random, pictures[at], CROP) for at in (20, 21)]
    found = seeds.find(tracked(pictures), tracked(copy), SETTINGS)
    shifts = {(seed.b_time - seed.a_time, round(float(seed.matrix[0, 0]))) for seed in found}
    assert shifts == {(-80.0, 1), (0.0, 1), (-32.0, 2)}


def test_small_insets_are_fitted_together_over_time() -> None:
    random = np.random.default_rng(3)
    pictures = [pictured(random, 9) for _ in range(6)]
    around = [pictured(random, 150) for _ in range(6)]
    inset = [seen(random, each, INSET) for each in pictures]
    copy = [
        Points(np.r_[one.xy, other.xy], np.r_[one.descriptors, other.descriptors])
        for one, other in zip(inset, around, strict=True)
    ]
    found = seeds.find(tracked(pictures), tracked(copy), SETTINGS)
    # No single picture has the twelve points that a map is asked for.
    assert [seed.support >= 30 for seed in found] == [True]
    assert fit.apart(found[0].matrix, INSET) < 0.02
    assert found[0].b_time == found[0].a_time


@pytest.mark.parametrize("turn", [np.eye(3), fit.MIRROR])
def test_a_small_inset_that_stands_still_is_laid_by_a_similarity(turn: np.ndarray) -> None:
    random = np.random.default_rng(8)
    matrix = INSET @ turn
    scene, around = pictured(random, 9), pictured(random, 150)
    inset = seen(random, scene, matrix)
    both = Points(np.r_[inset.xy, around.xy], np.r_[inset.descriptors, around.descriptors])
    # What stands still in all pictures counts once, and nine points are too few for a map with perspective.
    found = seeds.find(tracked([scene] * 6), tracked([both] * 6), SETTINGS)
    assert [7 <= seed.support <= 9 for seed in found] == [True]
    assert fit.apart(found[0].matrix, matrix) < 0.01
    few = Points(scene.xy[:6], scene.descriptors[:6])
    assert seeds.find(tracked([few] * 6), tracked([both] * 6), SETTINGS) == ()


def test_an_inset_of_a_moving_scene_is_laid_by_all_its_pictures_together() -> None:
    random = np.random.default_rng(9)
    pictures = [pictured(random, 200) for _ in range(10)]
    # Two partners in each picture, at other distances in time: no two pictures tell anything by themselves.
    copy = []
    for at in (0, 2, 3, 6, 7, 9):
        few = Points(pictures[at].xy[:2], pictures[at].descriptors[:2])
        inset, around = seen(random, few, INSET), pictured(random, 200)
        copy.append(Points(np.r_[inset.xy, around.xy], np.r_[inset.descriptors, around.descriptors]))
    found = seeds.find(tracked(pictures), tracked(copy), SETTINGS)
    assert len(found) == 1
    assert found[0].support >= SETTINGS.copies.seed_common
    assert fit.apart(found[0].matrix, INSET) < 0.02


def test_a_scene_that_stands_still_for_long_is_found() -> None:
    random = np.random.default_rng(6)
    scene = pictured(random, 120)
    a = [seen(random, scene, np.eye(3)) for _ in range(40)]
    b = [seen(random, scene, CROP) for _ in range(60)]
    found = seeds.find(tracked(a), tracked(b), SETTINGS)
    assert found
    for seed in found:
        assert fit.apart(seed.matrix, CROP) < 0.02
        assert seed.support >= 20
    # Which moment it is cannot be told: one is suggested in each half minute's reach of another.
    assert len(found) <= 6


def test_other_pictures_give_no_seed() -> None:
    random = np.random.default_rng(4)
    a, b = (tracked([pictured(random, 250) for _ in range(20)]) for _ in range(2))
    assert seeds.find(a, b, SETTINGS) == ()


def test_hashes_of_a_long_clip_are_thinned_and_found() -> None:
    random = np.random.default_rng(5)
    shots = random.integers(0, 256, (30, 2, 32), np.uint8)
    long = np.repeat(shots, 100, axis=0)
    nothing = [pictured(random, 0)]
    settings = replace(SETTINGS, copies=replace(SETTINGS.copies, seed_hashes=90))
    a, b = tracked(nothing, 750.0, long), tracked(nothing, 5.0, np.repeat(shots[17:18], 20, axis=0))
    (seed,) = seeds.find(a, b, settings)
    assert seed.support == 0
    assert np.array_equal(seed.matrix, np.eye(3))
    assert 17 * 25 <= seed.a_time < 18 * 25
