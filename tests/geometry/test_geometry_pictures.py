"""Agreement, views and registration, on pictures that are rendered with known cameras."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from verify.fingerprint import local
from verify.fingerprint.local import Points
from verify.geometry import View, fit, register, view, views
from verify.geometry.agreement import agreement, moving
from verify.geometry.views import without_marks
from verify.media import probe
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import MakeClip, MakePicture

LIMITS = SETTINGS.geometry
WIDTH, HEIGHT = 480, 320


def texture(seed: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """(height, width) uint8: blobs and frames of every size."""
    random = np.random.default_rng(seed)
    view = np.full((height, width), 120, np.float32)
    for cells in (6, 14, 36, 90):
        noise = random.normal(0, 1, (cells, cells)).astype(np.float32)
        view += 17 * cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(90):
        x, y = int(random.integers(0, width)), int(random.integers(0, height))
        w, h = (int(value) for value in random.integers(7, 40, 2))
        cv2.rectangle(view, (x, y), (x + w, y + h), float(random.integers(20, 236)), 2)
    return np.clip(view, 0, 255).astype(np.uint8)


def looked_at(grey: np.ndarray, time: int = 0) -> View:
    points = local.features(np.ascontiguousarray(grey), LIMITS.view_points, LIMITS.view_contrast)
    return View(Fraction(time), grey.shape[1] / grey.shape[0], points)


def in_fractions(pixels: np.ndarray) -> np.ndarray:
    size = np.diag([WIDTH, HEIGHT, 1.0])
    return np.asarray(np.linalg.inv(size) @ pixels @ size)


def corners_apart(one: object, two: np.ndarray) -> float:
    corners = np.array([(0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8)])
    return float(np.abs(fit.carry(np.array(one), corners) - fit.carry(two, corners)).max())


# Agreement.


def test_a_picture_agrees_with_itself_whatever_its_brightness() -> None:
    picture = texture(1)
    same = agreement(picture, picture, np.eye(3), LIMITS)
    assert same.share == 1.0
    assert same.mean == pytest.approx(1.0, abs=1e-4)
    assert same.patches > 400
    duller = (picture * 0.5 + 40).astype(np.uint8)
    assert agreement(picture, duller, np.eye(3), LIMITS).share == 1.0
    inverse = agreement(picture, 255 - picture, np.eye(3), LIMITS)
    assert (inverse.share, inverse.mean) == (0.0, 0.0)


def test_pictures_of_other_things_do_not_agree() -> None:
    other = agreement(texture(1), texture(2), np.eye(3), LIMITS)
    assert other.patches > 400
    assert other.share < 0.02


def test_only_the_shared_part_is_compared() -> None:
    picture = texture(1)
    part = np.ascontiguousarray(picture[80:240, 120:360])
    matrix = np.array([[2.0, 0, -0.5], [0, 2.0, -0.5], [0, 0, 1]])
    there = agreement(picture, part, matrix, LIMITS)
    assert there.share > 0.99
    assert there.patches > 100
    back = agreement(part, picture, np.linalg.inv(matrix), LIMITS)
    assert back.share > 0.9
    # A quarter of the patches of the whole, and not one of those that the part does not show.
    assert back.patches <= 15 * 10
    assert agreement(picture, part, np.eye(3), LIMITS).share < 0.1


def test_what_covers_a_part_lowers_the_share_by_that_part() -> None:
    picture, covered = texture(1), texture(1)
    covered[240:] = texture(3)[240:]
    assert agreement(picture, covered, np.eye(3), LIMITS).share == pytest.approx(0.75, abs=0.03)


def test_flat_pictures_have_nothing_to_compare() -> None:
    flat = np.full((HEIGHT, WIDTH), 90, np.uint8)
    assert agreement(flat, flat, np.eye(3), LIMITS).patches == 0


def test_parallax_shows_as_disagreement() -> None:
    # Half of the picture lies nearer, and moves by 12 pixels between two places of the camera.
    wide = texture(4, WIDTH + 24)
    one, two = wide[:, :WIDTH].copy(), wide[:, :WIDTH].copy()
    two[160:] = wide[160:, 12 : WIDTH + 12]
    found = agreement(one, two, np.eye(3), LIMITS)
    assert found.share == pytest.approx(0.5, abs=0.08)


def test_among_other_moments_only_what_moved_is_compared() -> None:
    ground, thing = texture(5), texture(6)

    def moment(x: int) -> np.ndarray:
        picture = ground.copy()
        picture[96:160, x : x + 64] = thing[96:160, :64]
        return picture

    now, later, other = moment(64), moment(256), moment(352)
    whole = agreement(now, later, np.eye(3), LIMITS)
    assert whole.share > 0.9
    moved = agreement(now, later, np.eye(3), LIMITS, others=[other])
    # Where the thing is now and where it is then; at the first of these the two moments differ.
    assert 30 <= moved.patches <= 60
    assert moved.share < 0.6
    same = agreement(now, (now * 0.8).astype(np.uint8), np.eye(3), LIMITS, others=[other])
    assert (same.share, same.patches) == (1.0, moved.patches)
    assert agreement(now, now, np.eye(3), LIMITS, others=[now]).patches == 0


def test_what_changes_tells_two_takes_that_look_alike() -> None:
    ground, print_ = texture(5), cv2.resize(texture(6)[::4, ::4], (WIDTH, HEIGHT))

    def swayed(by: int) -> np.ndarray:
        picture = ground.copy()
        picture[64:224, 64 + by : 192 + by] = print_[64:224, 64:192]
        return picture

    plate, one, two = swayed(0), swayed(1), swayed(-1)
    same = moving(
        one, (one * 0.8).astype(np.uint8), np.eye(3), (plate, (plate * 0.8).astype(np.uint8)), LIMITS
    )
    assert [each.share for each in (same.shown, same.changes, same.ours, same.theirs)] == [1.0] * 4
    other = moving(one, two, np.eye(3), (plate, plate), LIMITS)
    assert (
        max(each.share for each in (other.changes, other.ours, other.theirs)) < 0.15 < 0.5 < other.shown.share
    )
    assert moving(plate, plate, np.eye(3), (plate, plate), LIMITS).changes.patches == 0


# Views.


@pytest.mark.parametrize("turn", range(4))
def test_a_caption_along_an_edge_does_not_speak_against_what_moved(turn: int) -> None:
    now, other = np.rot90(texture(3), turn).copy(), np.rot90(texture(4), turn).copy()
    captioned = now.copy()
    captioned[-now.shape[0] // 5 :] = np.rot90(texture(5), turn)[-now.shape[0] // 5 :]
    assert agreement(now, captioned, np.eye(3), LIMITS).share < 0.9
    assert agreement(now, captioned, np.eye(3), LIMITS, others=[other]).share == 1.0
    # What differs in the middle of the picture is no caption.
    high, wide = now.shape
    changed = now.copy()
    middle = np.s_[high // 3 : high // 2, wide // 4 : 3 * wide // 4]
    changed[middle] = np.rot90(texture(5), turn)[middle]
    assert agreement(now, changed, np.eye(3), LIMITS, others=[other]).share < 0.95
    assert agreement(now, np.rot90(texture(6), turn).copy(), np.eye(3), LIMITS, others=[other]).share < 0.1


def panned(mark: bool, moving: bool, count: int = 24) -> Iterator[np.ndarray]:
    """A camera that pans, or stands, over a texture; a mark burned in at the top left."""
    wide, burned = texture(7, WIDTH + 20 * count, HEIGHT), texture(8, 120, 60)
    for number in range(count):
        x = 12 * number if moving else 0
        picture = wide[:, x : x + WIDTH].copy()
        if mark:
            picture[10:70, 10:130] = burned
        yield np.repeat(picture[..., None], 3, axis=2)


def on_mark(points: Points) -> int:
    x, y = points.xy[:, 0] * WIDTH, points.xy[:, 1] * HEIGHT
    return int(((x > 15) & (x < 125) & (y > 15) & (y < 65)).sum())


def test_what_is_burned_in_is_left_out_where_the_scene_moves(make_clip: MakeClip) -> None:
    media = probe(make_clip(pictures=panned(mark=True, moving=True)), id="clip")
    found = views(media, LIMITS)
    assert len(found) == LIMITS.views
    assert [each.time for each in found] == sorted(each.time for each in found)
    assert found[0].aspect == WIDTH / HEIGHT
    plain = [view(media, each.time, LIMITS) for each in found]
    assert all(on_mark(each.points) > 20 for each in plain)
    assert all(on_mark(each.points) == 0 for each in found)
    # The scene keeps most of its points.
    assert sum(len(each.points) for each in found) > 0.7 * sum(len(each.points) for each in plain)


def test_nothing_is_left_out_where_the_camera_stands(make_clip: MakeClip) -> None:
    media = probe(make_clip(pictures=panned(mark=True, moving=False)), id="clip")
    found = views(media, LIMITS)
    plain = [view(media, each.time, LIMITS) for each in found]
    assert [len(each.points) for each in found] == [len(each.points) for each in plain]
    assert all(on_mark(each.points) > 20 for each in found)


def test_a_still_is_one_view_and_keeps_all(make_picture: MakePicture) -> None:
    media = probe(make_picture(rgb=np.repeat(texture(7)[..., None], 3, axis=2)), id="still")
    (found,) = views(media, LIMITS)
    assert found.time == 0
    assert len(found.points) > 200
    assert without_marks((found,), LIMITS) == (found,)


# Registration.


def camera(place: tuple[float, float, float], yaw: float, depth: float, pitch: float = 0.0) -> np.ndarray:
    """Pixels of a plane's texture (100 to a unit of length, `depth` away) to pixels of the picture."""
    c, s, cp, sp = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch)
    turn = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]]) @ np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]])
    inner = np.array([[420, 0, WIDTH / 2], [0, 420, HEIGHT / 2], [0, 0, 1.0]])
    plane = np.array([[0.01, 0, -4.5], [0, 0.01, -3.0], [0, 0, depth]])
    return np.asarray(inner @ turn @ (plane - np.outer(place, [0, 0, 1])))


def rendered(place: tuple[float, float, float], yaw: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two textured planes, the nearer one a strip along the bottom; and both planes' maps."""
    far, near = camera(place, yaw, 7.0), camera(place, yaw, 4.5)
    size = WIDTH, HEIGHT
    picture = cv2.warpPerspective(texture(11, 900, 600), far, size, borderMode=cv2.BORDER_REFLECT)
    strip = np.zeros((600, 900), np.uint8)
    strip[360:, 150:750] = 255
    cover = cv2.warpPerspective(strip, near, size) > 127
    front = cv2.warpPerspective(texture(12, 900, 600), near, size)
    return np.where(cover, front, picture).astype(np.uint8), far, near


def test_two_cameras_on_two_planes_are_registered_along_one_of_them() -> None:
    one, far_a, near_a = rendered((-0.5, 0, 0), 0.03)
    two, far_b, near_b = rendered((0.6, 0.1, 0.2), -0.06)
    found = register([looked_at(one, 3)], [looked_at(two, 5)], LIMITS)
    assert found is not None
    assert (found.model, found.a_time, found.b_time) == ("homography", 3, 5)
    assert found.inliers >= 40
    maps = [in_fractions(b @ np.linalg.inv(a)) for a, b in ((far_a, far_b), (near_a, near_b))]
    assert corners_apart(*maps) > 0.05
    assert min(corners_apart(found.matrix, each) for each in maps) < 0.01
    assert found.a_box.area > 0.15
    back = register([looked_at(two)], [looked_at(one)], LIMITS)
    assert back is not None
    assert corners_apart(np.array(back.matrix) @ np.array(found.matrix), np.eye(3)) < 0.01


def test_a_mirrored_picture_of_the_place_is_registered_with_its_mirror() -> None:
    one, far_a, near_a = rendered((-0.5, 0, 0), 0.03)
    two, far_b, near_b = rendered((0.6, 0.1, 0.2), -0.06)
    found = register([looked_at(one)], [looked_at(two[:, ::-1])], LIMITS)
    assert found is not None
    maps = [fit.MIRROR @ in_fractions(b @ np.linalg.inv(a)) for a, b in ((far_a, far_b), (near_a, near_b))]
    assert fit.mirrors(np.array(found.matrix))
    assert min(corners_apart(found.matrix, each) for each in maps) < 0.01


_FEW = 24  # points, of which no plane holds the twelve that a homography needs


def at_all_depths(mirrored: bool) -> tuple[View, View]:
    """Two views of points that lie at so many depths that no plane holds many."""
    random = np.random.default_rng(13)
    spots = np.c_[random.uniform(-1, 1, (_FEW, 2)) * 3, 1 / random.uniform(0.08, 0.5, _FEW)]
    rows = (random.integers(0, 90, (_FEW, 128)) * (random.random((_FEW, 128)) < 0.4)).astype(np.uint8)
    sides = []
    for place, yaw in (((-0.7, 0, 0), 0.05), ((0.7, 0.3, 0.4), -0.08)):
        c, s = np.cos(yaw), np.sin(yaw)
        seen = (spots - place) @ np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]]).T
        xy = seen[:, :2] / seen[:, 2:] * (0.4, 0.4 * WIDTH / HEIGHT) + 0.5
        sides.append(Points(xy.astype(np.float32), rows))
    one, two = (View(Fraction(0), WIDTH / HEIGHT, points) for points in sides)
    return one, View(two.time, two.aspect, two.points.mirrored()) if mirrored else two


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_deep_scene_is_registered_by_its_lines(mirrored: bool) -> None:
    one, two = at_all_depths(mirrored)
    found = register([one], [two], LIMITS)
    assert found is not None
    assert found.model == "fundamental"
    assert found.inliers >= 22
    lines = np.c_[one.points.xy, np.ones(_FEW)] @ np.array(found.matrix).T
    size = np.array([640, 640 * HEIGHT / WIDTH])
    off = np.abs((np.c_[two.points.xy, np.ones(_FEW)] * lines).sum(axis=1))
    off /= np.hypot(*(lines[:, :2] / size).T)
    assert np.median(off) < 0.5


def test_other_places_are_not_registered() -> None:
    ours = [looked_at(texture(seed)) for seed in (21, 22, 23)]
    theirs = [looked_at(texture(seed)) for seed in (31, 32, 33)]
    assert register(ours, theirs, LIMITS) is None


def test_without_points_nothing_is_registered() -> None:
    blank = looked_at(np.full((HEIGHT, WIDTH), 80, np.uint8))
    assert len(blank.points) == 0
    assert register([blank], [looked_at(texture(1))], LIMITS) is None
    assert register([looked_at(texture(1))], [blank], LIMITS) is None


def test_the_view_that_shows_the_place_is_chosen() -> None:
    shown = texture(1)
    ours = [looked_at(texture(seed), seed) for seed in (41, 42)] + [looked_at(shown, 9)]
    theirs = [looked_at(shown[:, 40:440], 4), looked_at(texture(43), 5)]
    found = register(ours, theirs, LIMITS)
    assert found is not None
    assert (found.a_time, found.b_time) == (9, 4)
    assert found.a_box.x >= 40 / WIDTH - 0.01


@pytest.mark.parametrize("spot", [(10, 10), (300, 240)])
def test_a_mark_in_two_stills_does_not_make_them_one_place(spot: tuple[int, int]) -> None:
    stills = [texture(51), texture(52)]
    for still in stills:
        still[spot[1] : spot[1] + 70, spot[0] : spot[0] + 130] = texture(8, 130, 70)
    assert register(*([looked_at(still)] for still in stills), LIMITS) is None


def test_a_mark_does_not_hide_the_place_behind_it() -> None:
    stills = [texture(51, WIDTH + 60)[:, :WIDTH].copy(), texture(51, WIDTH + 60)[:, 60:].copy()]
    for still in stills:
        still[10:80, 10:140] = texture(8, 130, 70)
    found = register(*([looked_at(still)] for still in stills), LIMITS)
    assert found is not None
    assert corners_apart(found.matrix, in_fractions(np.array([[1.0, 0, -60], [0, 1, 0], [0, 0, 1]]))) < 0.01


def test_a_logo_in_two_moving_clips_does_not_make_them_one_place(make_clip: MakeClip) -> None:
    burned = texture(8, 140, 90)

    def with_logo(seed: int) -> Iterator[np.ndarray]:
        wide = texture(seed, WIDTH + 300)
        for number in range(20):
            picture = wide[:, 14 * number : 14 * number + WIDTH].copy()
            # As large as this, and in another place of each clip, no rule about crowded points holds it back.
            picture[20:110, seed : seed + 140] = burned
            yield np.repeat(picture[..., None], 3, axis=2)

    one, two = (probe(make_clip(f"{seed}.mp4", with_logo(seed)), id=str(seed)) for seed in (61, 162))
    assert register(views(one, LIMITS), views(two, LIMITS), LIMITS) is None
    # Without taking it out, it would.
    plain = [[view(each, Fraction(1), LIMITS)] for each in (one, two)]
    assert register(*plain, LIMITS) is not None
