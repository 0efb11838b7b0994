"""Flashes, on frames with known light."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from verify.media.decode import Frame
from verify.scene.light import LightCurve, events_from

RATE = 25
SCENE = np.clip(
    70 + 25 * np.random.default_rng(3).normal(0, 1, (9, 16)).repeat(20, 0).repeat(20, 1), 20, 180
)  # (180, 320)
OTHER = np.clip(95 + 25 * np.random.default_rng(4).normal(0, 1, (9, 16)).repeat(20, 0).repeat(20, 1), 20, 180)


def look(pictures, keep=lambda number: True, rotation=0):
    """Feed pictures at 25 a second; those not kept are missing, as non-reference frames are."""
    rng = np.random.default_rng(0)
    curve = LightCurve()
    for number, picture in enumerate(pictures):
        if keep(number):
            luma = np.clip(picture + rng.normal(0, 5, picture.shape), 0, 255).astype(np.uint8)
            curve.add(Frame(Fraction(number, RATE), Fraction(number + 1, RATE), luma, rotation, False))
    return curve


def lit(start, length, peak=60.0, where=slice(None), seconds=4.0, scene=SCENE):
    """A scene with a decaying light from `start`, seconds."""
    for number in range(round(seconds * RATE)):
        time = number / RATE
        picture = scene.copy()
        if start <= time < start + length:
            picture[where] += peak * (0.4 + scene[where] / 120) * (1 - (time - start) / length) ** 0.5
        yield np.minimum(picture, 250)


@pytest.mark.parametrize("start", [1.4, 2.0, 2.52])
@pytest.mark.parametrize("length", [0.24, 0.6])
@pytest.mark.parametrize("missing", [1, 2, 3])
def test_a_flash_is_placed_within_a_tenth_of_a_second(start, length, missing):
    (event,) = look(lit(start, length), keep=lambda number: number % missing == 0).finish("clip")
    assert event.kind == "flash"
    assert event.media == "clip"
    assert abs(float(event.span.start) - start) <= 0.1
    assert abs(float(event.span.end) - (start + length)) <= 0.1
    assert event.box.area > 0.9
    assert 30 <= event.strength <= 90


def test_the_light_of_an_explosion_over_smoke_that_stays():
    pictures = list(lit(2.0, 0.4))
    for picture in pictures[60:]:
        picture[60:120, 100:200] += 12
    (event,) = look(pictures).finish("clip")
    assert abs(float(event.span.start) - 2.0) <= 0.1
    assert abs(float(event.span.end) - 2.4) <= 0.1


@pytest.mark.parametrize(
    ("rotation", "box"),
    [(0, (0.0, 0.0, 0.5, 0.3334)), (180, (0.5, 0.6667, 0.5, 0.3334)), (90, (0.6667, 0.0, 0.3334, 0.5))],
)
def test_a_flash_in_one_corner_has_its_box_in_the_displayed_picture(rotation, box):
    corner = slice(0, 60), slice(0, 160)
    (event,) = look(lit(2.0, 0.4, where=corner), rotation=rotation).finish("clip")
    assert (event.box.x, event.box.y, event.box.width, event.box.height) == pytest.approx(box, abs=0.01)


def test_two_flashes_are_two_events():
    pictures = [np.maximum(a, b) for a, b in zip(lit(1.2, 0.3), lit(2.8, 0.3), strict=True)]
    events = look(pictures).finish("clip")
    assert [round(float(event.span.start), 1) for event in events] == [1.2, 2.8]


def cut_away_and_back():
    return [OTHER if 50 <= number < 60 else SCENE for number in range(100)]


def title_card():
    card = np.full_like(SCENE, 235.0)
    card[80:100, 60:260] = 20
    return [card if 50 <= number < 62 else SCENE for number in range(100)]


def brighter_cut():
    return [SCENE if number < 50 else np.minimum(OTHER + 60, 250) for number in range(100)]


def lamp_switched_on():
    return [SCENE if number < 50 else np.minimum(SCENE * 1.5, 250) for number in range(100)]


def slow_light():
    return [SCENE * (1 + 0.8 * np.exp(-(((number - 50) / 12) ** 2))) for number in range(100)]


def exposure_drift():
    return [SCENE * (1 + 0.5 * np.sin(number / 20)) for number in range(150)]


def grey_frame():
    """What a decoder shows for one frame after a lost packet."""
    return [np.full_like(SCENE, 128.0) if number == 50 else SCENE for number in range(100)]


def grey_frame_by_night():
    return [np.full_like(SCENE, 128.0) if number == 50 else SCENE * 0.2 for number in range(100)]


def bright_thing_passing():
    pictures = []
    for number in range(100):
        picture = SCENE.copy()
        left = (number - 40) * 16
        if 0 <= left < 280:
            picture[70:130, left : left + 40] = 240
        pictures.append(picture)
    return pictures


def rolling_camera():
    return [np.roll(SCENE, 6 * number, axis=1) for number in range(100)]


def nothing():
    return [SCENE] * 60


@pytest.mark.parametrize(
    "pictures",
    [
        cut_away_and_back,
        title_card,
        brighter_cut,
        lamp_switched_on,
        slow_light,
        exposure_drift,
        grey_frame,
        grey_frame_by_night,
        bright_thing_passing,
        rolling_camera,
        nothing,
    ],
)
def test_what_is_no_flash_is_not_reported(pictures):
    assert look(pictures()).finish("clip") == ()


def test_what_was_collected_can_be_kept_and_gives_the_same_events():
    curve = look(lit(2.0, 0.4))
    arrays = curve.arrays()
    assert events_from(arrays, "clip") == curve.finish("clip") != ()
    assert sum(array.nbytes for array in arrays.values()) / 100 < 320  # bytes a frame


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (7, 300), (300, 7), (1080, 1920)])
@pytest.mark.parametrize("count", [0, 1, 5])
def test_pictures_of_any_size_and_clips_of_any_length(shape, count):
    curve = look([np.full(shape, 90.0)] * count)
    assert curve.arrays()["grids"].shape == (count, 9, 16)
    assert curve.finish("clip") == ()


def test_a_cell_is_the_mean_of_its_pixels():
    picture = np.zeros((180, 320), np.uint8)
    picture[:20, :20] = 200
    curve = LightCurve()
    curve.add(Frame(Fraction(0), Fraction(1, 25), picture, 0, True))
    grid = curve.arrays()["grids"][0]
    assert grid[0, 0] == pytest.approx(200, abs=25)
    assert grid[3:].max() == 0
