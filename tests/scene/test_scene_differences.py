"""What moves in one clip and not in another camera's, on a staged place with known geometry."""

from __future__ import annotations

from fractions import Fraction

import cv2
import numpy as np
import pytest
from scene_stage import HEIGHT, WIDTH, Camera, Stage, Thing, media, near_plane

from verify.media.decode import frames
from verify.model import WHOLE, Box, Media, MediaKind, Registration, Role, Video
from verify.scene import differences, differences_of, watch

HERE = Camera((0, 0, 0))
THERE = Camera((1.1, -0.2, -0.6), yaw=0.12)
AWAY = Camera((1.1, -0.2, -0.6), yaw=0.32)
CLIMB = Thing(0.4, 3.2, ((330, 560), (430, 470)))
DARK = Thing(0.4, 3.2, ((330, 560), (430, 470)), level=30)
LATER = Thing(0.2, 2.0, ((340, 555), (420, 475)))
ELSEWHERE = Thing(0.4, 2.8, ((620, 560), (560, 590)))
BESIDE = Thing(0.4, 3.2, ((352, 560), (452, 470)))
SECONDS = 3.6
UNUSED = Registration("fundamental", ((1, 0, 0), (0, 1, 0), (0, 0, 1)), 30, WHOLE, WHOLE)

ON_THE_ROOF = Registration("homography", near_plane(HERE, THERE), 30, WHOLE, WHOLE)

STAGES = {
    "climb": Stage(HERE, [CLIMB], flash=(2.0, 2.3), seconds=SECONDS),
    "pair": Stage(HERE, [CLIMB, BESIDE], seconds=SECONDS, seed=9),
    "dark": Stage(HERE, [DARK], seconds=SECONDS, dim=0.6),
    "empty": Stage(THERE, seconds=SECONDS, seed=2),
    "later": Stage(THERE, [LATER], seconds=SECONDS, seed=3),
    "elsewhere": Stage(THERE, [ELSEWHERE], seconds=SECONDS, seed=4),
    "away": Stage(AWAY, seconds=SECONDS, seed=5),
    "night": Stage(THERE, seconds=SECONDS, seed=6, dim=0.09, noise=1.0),
    "captioned": Stage(THERE, seconds=SECONDS, seed=7, caption=(10, 275)),
    "blurred": Stage(THERE, seconds=SECONDS, seed=8, blur=9.0),
}


@pytest.fixture(scope="session")
def clip(tmp_path_factory):
    """A staged clip and what was watched in it, by name; made and watched once."""
    folder, known = tmp_path_factory.mktemp("stage"), {}

    def get(name):
        if name not in known:
            made = media(STAGES[name].write(folder / f"{name}.mp4"), name, SECONDS)
            known[name] = made, watch(made.path, made)
        return known[name]

    return get


def between(clip, a, b, registration=UNUSED):
    (media_a, seen_a), (media_b, seen_b) = clip(a), clip(b)
    return differences_of(media_a, seen_a, media_b, seen_b, registration)


def test_a_climber_is_present_in_one_clip_and_would_be_seen_in_the_other(clip):
    (found,) = between(clip, "climb", "empty")
    assert (found.present_in, found.absent_from, found.comparable) == ("climb", "empty", True)
    assert float(found.at.start) == pytest.approx(CLIMB.start, abs=0.3)
    assert float(found.at.end) == pytest.approx(CLIMB.end, abs=0.3)
    assert found.box.overlap(STAGES["climb"].truth(CLIMB)) > 0.6
    assert found.box_in_other.overlap(STAGES["climb"].truth(CLIMB, THERE)) > 0.6
    assert "climb" in found.statement
    assert "need not show the same moment" in found.statement
    assert all(reason for reason in found.reasons)


def test_the_flash_is_an_event_and_no_difference(clip):
    _, seen = clip("climb")
    (flash,) = seen.flashes
    assert abs(float(flash.span.start) - 2.0) <= 0.1
    assert abs(float(flash.span.end) - 2.3) <= 0.1
    assert len(seen.movers) == 1


def test_swapped_clips_give_the_same_difference(clip):
    (one,) = between(clip, "climb", "empty")
    (two,) = between(clip, "empty", "climb")
    assert (two.present_in, two.absent_from, two.at, two.box, two.comparable) == (
        one.present_in, one.absent_from, one.at, one.box, one.comparable,
    )  # fmt: skip
    assert two.box_in_other.overlap(one.box_in_other) > 0.8


def test_two_side_by_side_are_enclosed(clip):
    found = between(clip, "pair", "empty")
    boxes = [STAGES["pair"].truth(thing) for thing in (CLIMB, BESIDE)]
    truth = Box.around(corner for box in boxes for corner in box.corners)
    covered = Box.around(corner for each in found for corner in each.box.corners)
    assert 1 <= len(found) <= 2
    assert covered.overlap(truth) > 0.6


def test_what_both_show_at_one_place_is_no_difference(clip):
    assert between(clip, "climb", "later") == ()


def test_what_moves_elsewhere_is_a_difference_both_ways(clip):
    one, two = between(clip, "climb", "elsewhere")
    assert (one.present_in, two.present_in) == ("climb", "elsewhere")
    assert two.box_in_other.overlap(STAGES["elsewhere"].truth(ELSEWHERE, HERE)) > 0.5


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [("dark", "night", "black"), ("climb", "captioned", "graphics"), ("climb", "blurred", "edges there")],
)
def test_what_the_other_clip_could_not_have_shown_is_not_comparable(clip, a, b, words):
    found = [each for each in between(clip, a, b, ON_THE_ROOF) if each.present_in == a]
    assert [each.comparable for each in found] == [False]
    assert any(reason.startswith("against") and words in reason for reason in found[0].reasons)
    assert "may not have been able to show it" in found[0].statement


def test_a_place_outside_the_other_picture_is_not_comparable(clip):
    (found,) = between(clip, "climb", "away")
    assert not found.comparable
    assert any("lies in the picture" in reason or "worked out" in reason for reason in found.reasons)


def test_without_points_in_common_the_place_is_not_given(clip, tmp_path):
    other = media(
        Stage(THERE, seconds=SECONDS, seed=11, dim=0.0, noise=0.5).write(tmp_path / "black.mp4"), "black"
    )
    made, seen = clip("climb")
    (found,) = differences_of(made, seen, other, watch(other.path, other), UNUSED)
    assert found.box_in_other is None
    assert not found.comparable


def test_a_homography_carries_a_place_that_has_no_neighbours(clip, tmp_path):
    other = media(
        Stage(THERE, seconds=SECONDS, seed=11, dim=0.0, noise=0.5).write(tmp_path / "black.mp4"), "black"
    )
    made, seen = clip("climb")
    (found,) = differences_of(made, seen, other, watch(other.path, other), ON_THE_ROOF)
    assert (
        found.box_in_other.overlap(STAGES["climb"].truth(CLIMB, THERE)) > 0.3
    )  # enlarged, as it may be wrong
    assert any("one plane" in reason for reason in found.reasons)


def test_a_picture_can_be_the_other_side(clip, tmp_path):
    made, _ = clip("empty")
    luma = np.array(next(frames(made.path)).luma)
    path = tmp_path / "still.png"
    cv2.imwrite(str(path), luma)
    still = Media("still", path, Role.REFERENCE, MediaKind.IMAGE, video=Video("png", WIDTH, HEIGHT, 1, None))
    first, _ = clip("climb")
    (found,) = differences(first, still, UNUSED)
    assert (found.present_in, found.absent_from, found.comparable) == ("climb", "still", True)
    assert found.box_in_other.overlap(STAGES["climb"].truth(CLIMB, THERE)) > 0.6


def test_shake_and_noise_alone_move_nothing(tmp_path):
    made = media(
        Stage(HERE, seconds=3, shake=4.0, noise=9.0, dim=0.3).write(tmp_path / "hand.mp4"), "hand", 3
    )
    seen = watch(made.path, made)
    assert seen.movers == ()
    assert seen.flashes == ()
    (plate,) = seen.plates
    assert plate.shake > 1
    assert plate.span.length > Fraction(29, 10)


def test_a_cut_gives_two_views_and_no_movers(tmp_path):
    both = Stage(HERE, seconds=2, seed=1), Stage(Camera((5, 3, -2), yaw=0.5), seconds=2, seed=2)
    made = media(both[0].write_then(tmp_path / "cut.mp4", both[1]), "cut", 4)
    seen = watch(made.path, made)
    assert len(seen.plates) == 2
    assert float(seen.plates[1].span.start) == pytest.approx(2.0, abs=0.15)
    assert seen.movers == ()


def test_a_caption_on_a_shaking_picture_is_known_as_graphics(clip):
    (plate,) = clip("captioned")[1].plates
    assert plate.overlay.mean() > 0.005
    rows = np.nonzero(plate.overlay)[0]
    assert rows.min() > 205
    assert rows.max() < 295
    assert clip("empty")[1].plates[0].overlay.mean() < 0.002
