"""Matching and fitting, against brute force and against maps that are known."""

from __future__ import annotations

import numpy as np
import pytest

from verify.fingerprint.local import Points
from verify.geometry import fit, match
from verify.model import WHOLE, Box
from verify.settings import SETTINGS

LIMITS = SETTINGS.geometry
ASPECTS = 4 / 3, 16 / 9
TRUE = np.array([[0.8, -0.07, 0.12], [0.05, 0.75, 0.06], [0.11, -0.04, 1.0]])


def described(random: np.random.Generator, count: int) -> Points:
    rows = random.integers(0, 90, (count, 128)) * (random.random((count, 128)) < 0.4)
    return Points(random.random((count, 2)).astype(np.float32), rows.astype(np.uint8))


def blurred(random: np.random.Generator, points: Points, keep: int) -> Points:
    """Some of the points seen again, less clearly, among others."""
    rows = points.descriptors[:keep].astype(int) + random.integers(-9, 10, (keep, 128))
    again = Points(points.xy[:keep], rows.clip(0, 255).astype(np.uint8))
    fresh = described(random, 30)
    return Points(np.r_[again.xy, fresh.xy], np.r_[again.descriptors, fresh.descriptors])


def slow_match(a: np.ndarray, b: np.ndarray, ratio: float) -> set[tuple[int, int]]:
    """Mutual nearest neighbours by distance, and Lowe's ratio of the distances, one by one."""
    found = set()
    apart = np.linalg.norm(a[:, None].astype(float) - b[None], axis=2)
    for row, line in enumerate(apart):
        first, second = np.argsort(line)[:2]
        if apart[:, first].argmin() == row and line[first] < ratio * line[second]:
            found.add((row, int(first)))
    return found


def test_matches_are_those_of_a_slow_search() -> None:
    random = np.random.default_rng(1)
    a = described(random, 60)
    b = blurred(random, a, 40)
    found = match.match(a.vectors(), b.vectors(), 0.8)
    assert {(int(i), int(j)) for i, j in found} == slow_match(a.vectors(), b.vectors(), 0.8)
    assert len(found) >= 35
    # Without clearly farther seconds nothing is kept; with the ratio at 1 every mutual pair is.
    assert len(match.match(a.vectors(), b.vectors(), 0.05)) < len(found)
    assert len(match.match(a.vectors(), b.vectors(), 1.0)) > len(found)


def test_a_patch_that_occurs_twice_is_not_matched() -> None:
    random = np.random.default_rng(2)
    a = described(random, 20)
    b = Points(np.r_[a.xy, a.xy[:1]], np.r_[a.descriptors, a.descriptors[:1]])
    rows = match.match(a.vectors(), b.vectors(), 0.8)
    assert 0 not in rows[:, 0]
    assert len(rows) == 19


def test_a_patch_is_matched_once_with_the_one_that_is_nearer() -> None:
    random = np.random.default_rng(14)
    b = described(random, 20)
    rows = np.r_[b.descriptors, (b.descriptors[:1].astype(int) + 4).clip(0, 255).astype(np.uint8)]
    a = Points(np.r_[b.xy, b.xy[:1]], rows)
    found = match.match(a.vectors(), b.vectors(), 0.8)
    assert found[found[:, 1] == 0].tolist() == [[0, 0]]
    assert len(found) == 20


@pytest.mark.parametrize("sizes", [(0, 5), (1, 5), (5, 1), (5, 0)])
def test_too_few_points_match_nothing(sizes: tuple[int, int]) -> None:
    random = np.random.default_rng(3)
    a, b = (described(random, size) for size in sizes)
    assert match.match(a.vectors(), b.vectors(), 0.8).shape == (0, 2)


def points_of(matrix: np.ndarray, good: int, bad: int, noise: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Point pairs in fractions: `good` that a map joins, within `noise`, and `bad` at random."""
    random = np.random.default_rng(5)
    a = random.uniform(0.05, 0.95, (good + bad, 2))
    b = fit.carry(matrix, a) + random.normal(0, 1, (good + bad, 2)) * noise
    b[good:] = random.random((bad, 2))
    return a.astype(np.float32), b.astype(np.float32)


def test_a_homography_is_recovered_among_as_many_wrong_pairs() -> None:
    a, b = points_of(TRUE, 60, 60, noise=0.0008)
    found = fit.homography(a, b, ASPECTS, 3.0)
    assert found is not None
    corners = np.array(WHOLE.corners)
    assert np.abs(fit.carry(found.matrix, corners) - fit.carry(TRUE, corners)).max() < 0.005
    assert found.matrix[2, 2] == pytest.approx(1)
    assert 57 <= found.inliers <= 64
    assert {tuple(row) for row in found.a.tolist()} <= {tuple(row) for row in a.tolist()}
    box_a, box_b = found.boxes()
    assert box_a.overlap(Box(0.05, 0.05, 0.9, 0.9)) > 0.85
    there = fit.carry_box(TRUE, Box(0.05, 0.05, 0.9, 0.9))
    assert there is not None
    assert box_b.overlap(there) > 0.75
    assert plausible(found.matrix)


def test_the_tolerance_means_pixels_of_the_longer_side() -> None:
    # Off by 4 pixels of 640 down a tall picture's height: 0.00625 of it.
    random = np.random.default_rng(6)
    a = random.random((80, 2)).astype(np.float32)
    b = a.copy()
    b[60:, 1] += 4 / 640
    found = fit.homography(a, b, (0.5, 0.5), 2.0)
    assert found is not None
    assert found.inliers == 60
    # The same fraction of a wide picture's height is 2 pixels, and of a tolerance of 3 it is within.
    wide = fit.homography(a, b, (2.0, 2.0), 3.0)
    assert wide is not None
    assert wide.inliers == 80


def test_support_counts_the_pairs_that_agree_with_a_given_map() -> None:
    a, b = points_of(TRUE, 50, 30)
    chance = fit.support(np.eye(3), a, b, ASPECTS, 2.0)
    assert 50 <= fit.support(TRUE, a, b, ASPECTS, 2.0) <= 52
    assert chance <= 2
    behind = np.array([[1.0, 0, 0], [0, 1, 0], [-9, 0, 1]])
    assert fit.support(behind, a, b, ASPECTS, 2.0) <= 2


def two_views(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points at many depths in two pictures, fractions, and the fundamental matrix that joins them."""
    random = np.random.default_rng(7)
    spots = np.c_[random.uniform(-1, 1, (count, 2)) * 2, random.uniform(3, 12, count)]
    inner_a = np.array([[0.8, 0, 0.5], [0, 0.8 * ASPECTS[0], 0.5], [0, 0, 1]])
    inner_b = np.array([[0.8, 0, 0.5], [0, 0.8 * ASPECTS[1], 0.5], [0, 0, 1]])
    turn = np.array([[np.cos(0.2), 0, -np.sin(0.2)], [0, 1, 0], [np.sin(0.2), 0, np.cos(0.2)]])
    move = np.array([-0.9, 0.15, 0.1])
    a, b = spots @ inner_a.T, (spots @ turn.T + move) @ inner_b.T
    cross = np.array([[0, -move[2], move[1]], [move[2], 0, -move[0]], [-move[1], move[0], 0]])
    truth = np.linalg.inv(inner_b).T @ cross @ turn @ np.linalg.inv(inner_a)
    return a[:, :2] / a[:, 2:], b[:, :2] / b[:, 2:], truth


def epipolar(matrix: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """How far each point of b lies from its line, in pixels of 640."""
    lines = np.c_[a, np.ones(len(a))] @ matrix.T
    scale = np.array([640, 640 / ASPECTS[1]])
    lines[:, :2] /= scale
    return np.abs((np.c_[b * scale, np.ones(len(b))] * lines).sum(axis=1)) / np.hypot(*lines[:, :2].T)


def test_a_fundamental_matrix_is_recovered_among_wrong_pairs() -> None:
    a, b, truth = two_views(80)
    assert epipolar(truth, a, b).max() < 1e-6
    random = np.random.default_rng(8)
    wrong = random.random((40, 2))
    found = fit.fundamental(
        np.r_[a, random.random((40, 2))].astype(np.float32),
        np.r_[b, wrong].astype(np.float32),
        ASPECTS,
        1.0,
    )
    assert found is not None
    assert 78 <= found.inliers <= 88
    assert np.abs(found.matrix).max() == pytest.approx(1)
    assert epipolar(found.matrix, a, b).max() < 1.0
    # No homography explains points at so many depths.
    flat = fit.homography(a.astype(np.float32), b.astype(np.float32), ASPECTS, 3.0)
    assert flat is None or flat.inliers < 40


def test_points_that_stop_the_fitting_of_lines_give_no_matrix() -> None:
    # From a door's edge, in two clips; OpenCV 5.0 meets them with a failed assertion.
    a = [(7884, 5029), (8035, 5502), (7933, 2356), (7933, 2356), (7888, 1989), (8026, 3144), (8202, 1825)]
    b = [(8657, 7856), (8722, 8158), (8651, 4492), (8651, 4492), (8607, 4356), (8688, 5788), (8760, 4376)]
    a, b = [*a, (8020, 5788), (7982, 6091)], [*b, (8724, 8303), (8718, 8465)]
    rows = [np.array(each, np.float32) / 10_000 for each in (a, b)]
    assert fit.fundamental(rows[0], rows[1], (16 / 9, 16 / 9), 1.0) is None


def test_a_fit_to_a_mirrored_picture_is_turned_to_the_picture_itself() -> None:
    turned = fit.MIRROR @ TRUE
    a, b = points_of(turned, 60, 10)
    seen = b.copy()
    seen[:, 0] = 1 - seen[:, 0]
    found = fit.homography(a, seen, ASPECTS, 3.0)
    assert found is not None
    back = fit.mirrored(found)
    corners = np.array(WHOLE.corners)
    assert np.abs(fit.carry(back.matrix, corners) - fit.carry(turned, corners)).max() < 0.005
    assert fit.mirrors(back.matrix)
    assert not fit.mirrors(found.matrix)
    assert np.allclose(back.b[:, 0], 1 - found.b[:, 0])
    # Turning twice gives the first fit.
    assert np.allclose(fit.mirrored(back).matrix, found.matrix)


def test_a_fundamental_matrix_of_a_mirrored_picture_is_turned_too() -> None:
    a, b, _ = two_views(60)
    seen = np.c_[1 - b[:, 0], b[:, 1]]
    found = fit.fundamental(a.astype(np.float32), seen.astype(np.float32), ASPECTS, 1.0)
    assert found is not None
    assert epipolar(found.matrix, a, seen).max() < 1.0
    assert epipolar(fit.mirrored(found, deep=True).matrix, a, b).max() < 1.0
    assert np.median(epipolar(fit.mirrored(found).matrix, a, b)) > 5.0


@pytest.mark.parametrize("count", [0, 3])
def test_too_few_points_give_no_map(count: int) -> None:
    points = np.random.default_rng(9).random((count, 2)).astype(np.float32)
    assert fit.homography(points, points, ASPECTS, 3.0) is None
    seven = np.random.default_rng(9).random((count + 4, 2)).astype(np.float32)
    assert fit.fundamental(seven, seven, ASPECTS, 1.0) is None


def test_points_on_one_spot_give_no_map_that_counts() -> None:
    same = np.full((30, 2), 0.4, np.float32)
    found = fit.homography(same, same, ASPECTS, 3.0)
    assert found is None or not plausible(found.matrix) or fit.crowded(found, 0.15, 0.02)


def test_chance_pairs_stay_below_the_limits() -> None:
    random = np.random.default_rng(10)
    most_flat = most_deep = 0
    for _ in range(10):
        a, b = (random.random((120, 2)).astype(np.float32) for _ in range(2))
        flat = fit.homography(a, b, ASPECTS, LIMITS.homography_tolerance)
        deep = fit.fundamental(a, b, ASPECTS, LIMITS.fundamental_tolerance)
        most_flat = max(most_flat, flat.inliers if flat and plausible(flat.matrix) else 0)
        most_deep = max(most_deep, deep.inliers if deep else 0)
    assert most_flat < LIMITS.homography_inliers
    assert most_deep < LIMITS.fundamental_inliers


def test_the_same_points_give_the_same_map() -> None:
    a, b = points_of(TRUE, 40, 40, noise=0.001)
    first = fit.homography(a, b, ASPECTS, 3.0)
    np.random.default_rng().random()
    again = fit.homography(a, b, ASPECTS, 3.0)
    assert first is not None
    assert again is not None
    assert np.array_equal(first.matrix, again.matrix)


def test_carrying_there_and_back_gives_the_points() -> None:
    points = np.random.default_rng(11).random((50, 2))
    assert np.allclose(fit.carry(np.linalg.inv(TRUE), fit.carry(TRUE, points)), points)
    assert np.allclose(fit.carry(3 * TRUE, points), fit.carry(TRUE, points))


def test_points_behind_the_picture_are_nowhere() -> None:
    matrix = np.array([[1.0, 0, 0], [0, 1, 0], [-2, 0, 1]])
    found = fit.carry(matrix, np.array([[0.25, 0.5], [0.5, 0.5], [0.75, 0.5]]))
    assert np.isfinite(found).all(axis=1).tolist() == [True, False, False]
    assert fit.carry_box(matrix, WHOLE) is None
    assert fit.shared_boxes(matrix) is None
    assert not plausible(matrix)


def test_shared_boxes_are_the_same_part_seen_from_both_sides() -> None:
    # b shows a's part from 0.1 to 0.9 and 0.2 to 0.8, in a frame of its own.
    matrix = np.array([[0.5 / 0.8, 0, 0.25 - 0.1 * 0.5 / 0.8], [0, 1 / 0.6, -0.2 / 0.6], [0, 0, 1]])
    shared = fit.shared_boxes(matrix)
    assert shared is not None
    # Across, all of a lies in b: 0.1 of a is 0.25 of b, and a's edge is 0.0625 before it.
    assert shared[0].overlap(Box(0, 0.2, 1, 0.6)) > 0.999
    assert shared[1].overlap(Box(0.1875, 0, 0.625, 1)) > 0.999
    back = fit.shared_boxes(np.linalg.inv(matrix))
    assert back is not None
    assert back[0].overlap(shared[1]) > 0.999
    assert back[1].overlap(shared[0]) > 0.999
    there = fit.carry_box(matrix, shared[0])
    assert there is not None
    assert there.overlap(shared[1]) > 0.999


def test_pictures_that_do_not_meet_share_nothing() -> None:
    assert fit.shared_boxes(np.array([[1.0, 0, 1.5], [0, 1, 0], [0, 0, 1]])) is None


def plausible(matrix: np.ndarray) -> bool:
    return fit.plausible(matrix, LIMITS.largest_stretch)


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        (np.eye(3), True),
        (fit.MIRROR, True),
        (TRUE, True),
        (np.diag([0.2, 0.2, 1.0]), True),  # an inset of a fifth
        (np.diag([0.1, 0.1, 1.0]), False),  # collapsed
        (np.diag([10.0, 10.0, 1.0]), False),  # blown up
        (np.diag([1.0, 0.0, 1.0]), False),  # flat
        (np.array([[1.0, 0, 0], [0, 1, 0], [-1.5, 0, 1]]), False),  # folded over the horizon
        (np.array([[0.0, -1, 1], [1, 0, 0], [0, 0, 1]]), True),  # a quarter turn
        (np.full((3, 3), np.nan), False),
    ],
)
def test_maps_that_no_camera_makes_are_refused(matrix: np.ndarray, expected: bool) -> None:
    assert plausible(matrix) is expected


def test_a_mirror_is_told_from_a_turn_and_from_perspective() -> None:
    turn = np.array([[-1.0, 0, 1], [0, -1, 1], [0, 0, 1]])
    # Left edge whole, right edge 2.5 times as tall: its linear part alone would look turned over.
    steep = np.array([[-0.1, 0, 0.5], [-0.3, 0.4, 0.3], [-0.6, 0, 1]])
    for matrix in (np.eye(3), TRUE, turn, steep):
        assert plausible(matrix)
        assert not fit.mirrors(matrix)
        assert fit.mirrors(fit.MIRROR @ matrix)
        assert fit.mirrors(np.linalg.inv(fit.MIRROR @ matrix))


def spread(box: Box, shift: float, count: int = 40) -> fit.Fit:
    """A fit whose points fill a box of a, and the same box of b moved across by `shift`."""
    random = np.random.default_rng(12)
    a = (random.random((count, 2)) * (box.width, box.height) + (box.x, box.y)).astype(np.float32)
    return fit.Fit(np.eye(3), a, a + np.array([shift, 0], np.float32))


@pytest.mark.parametrize(
    ("box", "shift", "expected"),
    [
        (Box(0.02, 0.85, 0.96, 0.1), 0.0, True),  # a caption strip
        (Box(0.8, 0.03, 0.17, 0.12), 0.0, True),  # a logo
        (Box(0.02, 0.85, 0.6, 0.1), 0.2, False),  # a strip of the scene that lies elsewhere in b
        (Box(0.4, 0.4, 0.1, 0.1), 0.3, True),  # a spot, wherever it lies
        (Box(0.05, 0.05, 0.9, 0.9), 0.0, False),  # the scene
        (Box(0.3, 0.3, 0.5, 0.5), 0.0, False),  # half of it each way
    ],
)
def test_points_that_crowd_a_marks_place_are_told_from_the_scene(
    box: Box, shift: float, expected: bool
) -> None:
    assert fit.crowded(spread(box, shift), LIMITS.crowded_area, LIMITS.crowded_shift) is expected
