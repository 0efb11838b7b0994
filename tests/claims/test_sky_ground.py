from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from verify.claims.ground import shadow_readings
from verify.claims.inputs import Reading
from verify.settings import SETTINGS

EXACT = replace(SETTINGS.sky, mark_share=0.0, horizon_share=0.0, focal_share=0.0, azimuth_degrees=0.0)


class Camera:
    """A pinhole camera without roll, 1.6 m above the ground; world axes are right, ahead and up."""

    def __init__(self, tilt: float, millimetres: float, size: tuple[int, int]) -> None:
        self.tilt, self.millimetres, self.size = math.radians(tilt), millimetres, size
        self.pixels = millimetres / 36 * max(size)

    def shown(self, right: float, ahead: float, up: float) -> tuple[float, float]:
        below = 1.6 - up
        depth = ahead * math.cos(self.tilt) + below * math.sin(self.tilt)
        down = below * math.cos(self.tilt) - ahead * math.sin(self.tilt)
        x = self.size[0] / 2 + self.pixels * right / depth
        y = self.size[1] / 2 + self.pixels * down / depth
        return x / self.size[0], y / self.size[1]

    @property
    def horizon(self) -> float:
        return 0.5 - self.pixels * math.tan(self.tilt) / self.size[1]


def marked(
    camera: Camera, foot: tuple[float, float], shadow: tuple[float, float], height: float | None
) -> Reading:
    points = [
        camera.shown(*foot, 0.0),
        camera.shown(foot[0] + shadow[0], foot[1] + shadow[1], 0.0),
        *([camera.shown(*foot, height)] if height is not None else []),
    ]
    return Reading(
        points=tuple(points), horizon=camera.horizon, focal_length=camera.millimetres, bearing=350.0
    )


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920)])
def test_marks_give_back_the_shadow_that_they_were_made_of(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(11)
    for _ in range(40):
        camera = Camera(float(rng.uniform(-5, 25)), float(rng.uniform(20, 60)), size)
        foot = float(rng.uniform(-2, 2)), float(rng.uniform(6, 12))
        turn, length, height = (float(rng.uniform(*ends)) for ends in ((-180, 180), (0.5, 3), (1, 3)))
        along = length * math.sin(math.radians(turn)), length * math.cos(math.radians(turn))
        ratio, azimuth = shadow_readings(marked(camera, foot, along, height), *size, EXACT)
        assert ratio.unit == "shadow ratio"
        assert ratio.value == pytest.approx(height / length, abs=2e-3)
        assert azimuth.unit == "shadow azimuth degrees"
        assert math.cos(math.radians((azimuth.value or 0) - 350 - turn)) == pytest.approx(1, abs=1e-6)


def test_marks_that_are_off_still_leave_the_truth_inside() -> None:
    rng = np.random.default_rng(12)
    camera = Camera(10.0, 30.0, (1920, 1080))
    for _ in range(30):
        reading = marked(camera, (1.0, 7.0), (1.5, 1.0), 2.0)
        error = SETTINGS.sky.mark_share
        points = tuple(
            (x + float(rng.uniform(-error, error)), y + float(rng.uniform(-error, error)))
            for x, y in reading.points
        )
        moved = replace(
            reading,
            points=points,
            horizon=camera.horizon + float(rng.uniform(-1, 1)) * SETTINGS.sky.horizon_share,
            focal_length=30.0 * float(rng.uniform(0.93, 1.07)),
            uncertainty=0.0,
        )
        ratio, azimuth = shadow_readings(moved, 1920, 1080)
        for found, true in ((ratio, 2.0 / math.hypot(1.5, 1.0)), (azimuth, 350 + 56.31)):
            assert found.value is not None
            assert found.uncertainty is not None
            off = abs(found.value - true)
            assert min(off, abs(off - 360)) <= found.uncertainty


def test_the_bearing_adds_its_own_uncertainty() -> None:
    reading = marked(Camera(10.0, 30.0, (1920, 1080)), (1.0, 7.0), (1.5, 1.0), None)
    (usual,) = shadow_readings(reading, 1920, 1080)
    (known,) = shadow_readings(replace(reading, uncertainty=2.0), 1920, 1080)
    assert usual.uncertainty == pytest.approx((known.uncertainty or 0) + SETTINGS.sky.azimuth_degrees - 2)


def test_nothing_is_said_where_something_is_missing() -> None:
    camera = Camera(10.0, 30.0, (1920, 1080))
    whole = marked(camera, (1.0, 7.0), (1.5, 1.0), 2.0)
    assert len(shadow_readings(whole, 1920, 1080)) == 2
    assert shadow_readings(replace(whole, horizon=None), 1920, 1080) == ()
    assert shadow_readings(replace(whole, focal_length=None), 1920, 1080) == ()
    assert shadow_readings(replace(whole, points=whole.points[:1]), 1920, 1080) == ()
    assert shadow_readings(replace(whole, points=whole.points[:2], bearing=None), 1920, 1080) == ()
    assert [item.unit for item in shadow_readings(replace(whole, bearing=None), 1920, 1080)] == [
        "shadow ratio"
    ]


def test_points_that_may_be_above_the_horizon_and_one_point_twice_say_nothing() -> None:
    camera = Camera(10.0, 30.0, (1920, 1080))
    far = marked(camera, (1.0, 7.0), (0.0, 400.0), None)
    assert shadow_readings(far, 1920, 1080) == ()
    here = marked(camera, (1.0, 7.0), (1.5, 1.0), None)
    assert shadow_readings(replace(here, points=here.points[:1] * 2), 1920, 1080) == ()
