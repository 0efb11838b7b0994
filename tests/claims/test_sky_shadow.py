from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from verify.claims.inputs import Reading
from verify.claims.shadow import UNITS, Stretch, shadow_times, speaks_of_sky
from verify.claims.sky import Body, Sight, sight
from verify.model import Place

MOSCOW = Place("Red Square", 55.7525, 37.6175, "Europe/Moscow")
DAY = date(2023, 5, 3)


def ratio(value: float, uncertainty: float | None = None) -> Reading:
    return Reading(value=value, unit="shadow ratio", uncertainty=uncertainty)


def seen_as(unit: str, seen: dict[Body, Sight]) -> float:
    sun, moon = seen[Body.SUN], seen[Body.MOON]
    return {
        "shadow ratio": math.tan(math.radians(sun.apparent)),
        "shadow azimuth degrees": (sun.azimuth + 180) % 360,
        "sun altitude degrees": sun.apparent,
        "sun azimuth degrees": sun.azimuth,
        "moon altitude degrees": moon.apparent,
        "moon azimuth degrees": moon.azimuth,
    }[unit]


def holds(stretches: tuple[Stretch, ...], at: datetime) -> bool:
    return any(item.moment.start <= at < item.moment.end for item in stretches)


def test_a_shadow_as_long_as_its_thing_is_twice_a_day() -> None:
    morning, afternoon = shadow_times(MOSCOW, DAY, ratio(1.0, 0.0))
    for stretch in (morning, afternoon):
        middle = stretch.moment.start + (stretch.moment.end - stretch.moment.start) / 2
        assert sight(Body.SUN, 55.7525, 37.6175, middle).apparent == pytest.approx(45, abs=0.02)
        assert stretch.moment.start.utcoffset() == timedelta(hours=3)
        assert "shadow ratio of 1" in stretch.because
        assert "seen from Red Square on 2023-05-03 (Europe/Moscow)" in stretch.because
    # Noon lies between them, at 12:26 there and then.
    assert morning.moment.end.hour == 10
    assert afternoon.moment.start.hour == 14


def test_what_was_really_there_is_always_among_the_times() -> None:
    rng = np.random.default_rng(7)
    tried = 0
    while tried < 36:
        latitude, longitude = float(rng.uniform(-70, 70)), float(rng.uniform(-180, 180))
        place = Place("", latitude, longitude)
        truth = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(minutes=int(rng.integers(5_000_000)))
        seen = {body: sight(body, latitude, longitude, truth) for body in Body}
        unit = UNITS[tried % len(UNITS)]
        # Rounding one's reading is the least error that a person makes.
        if min(seen[Body.MOON].altitude, seen[Body.SUN].altitude) < 1 or seen[Body.SUN].altitude > 85:
            continue
        tried += 1
        read = Reading(value=round(seen_as(unit, seen), 3), unit=unit, uncertainty=0.001)
        day = (truth + timedelta(hours=round(longitude / 15))).date()
        assert holds(shadow_times(place, day, read), truth), (unit, place, truth)


def test_more_uncertainty_never_takes_a_moment_away() -> None:
    narrow, wide = (shadow_times(MOSCOW, DAY, ratio(0.7, error)) for error in (0.05, 0.2))
    for stretch in narrow:
        assert holds(wide, stretch.moment.start)
        assert holds(wide, stretch.moment.end - timedelta(seconds=2))
    assert sum((s.moment.end - s.moment.start for s in wide), timedelta()) > sum(
        (s.moment.end - s.moment.start for s in narrow), timedelta()
    )


def test_two_readings_leave_what_both_allow() -> None:
    towards = Reading(value=300, unit="shadow azimuth degrees", uncertainty=5)
    (both,) = shadow_times(MOSCOW, DAY, ratio(0.6, 0.1), towards)
    assert holds(shadow_times(MOSCOW, DAY, towards), both.moment.start)
    assert holds(shadow_times(MOSCOW, DAY, ratio(0.6, 0.1)), both.moment.start)
    assert both.moment.end.hour < 12  # a shadow to the north-west is a morning's
    assert shadow_times(MOSCOW, DAY, ratio(0.1, 0.01), towards) == ()


@pytest.mark.parametrize(
    ("reading", "reach"),
    [
        (ratio(1.0), 0.2),
        (Reading(value=120, unit="sun azimuth degrees"), 10),
        (Reading(value=20, unit="moon altitude degrees"), 3),
    ],
)
def test_a_reading_without_uncertainty_gets_a_usual_one_and_says_so(reading: Reading, reach: float) -> None:
    given = Reading(value=reading.value, unit=reading.unit, uncertainty=reach)
    usual, stated = (shadow_times(MOSCOW, DAY, item) for item in (reading, given))
    assert [item.moment for item in usual] == [item.moment for item in stated]
    assert all("no uncertainty was given" in item.because for item in usual)
    assert not any("no uncertainty was given" in item.because for item in stated)


def test_there_is_no_sunlight_at_night_and_none_higher_than_noon() -> None:
    assert shadow_times(MOSCOW, date(2023, 12, 21), ratio(1.0, 0.1)) == ()
    polar_night = Place("", 78.2, 15.6, "Arctic/Longyearbyen")
    north = Reading(value=0, unit="shadow azimuth degrees", uncertainty=20)
    assert shadow_times(polar_night, date(2023, 12, 21), north) == ()
    assert len(shadow_times(MOSCOW, date(2023, 12, 21), north)) == 1


def test_a_day_is_that_of_the_zone_and_the_words_tell_where_none_is_given() -> None:
    auckland = Place("", -36.85, 174.76, "Pacific/Auckland")
    unzoned = Place("", -36.85, 174.76)
    low = Reading(value=0, unit="sun altitude degrees", uncertainty=0.5)
    for place in (auckland, unzoned):
        rise, setting = shadow_times(place, date(2023, 1, 15), low)
        assert rise.moment.start.date() == setting.moment.start.date() == date(2023, 1, 15)
    assert "by the longitude" in rise.because


def test_only_readings_with_a_known_unit_speak_of_the_sky() -> None:
    assert all(speaks_of_sky(Reading(value=1.0, unit=unit)) for unit in UNITS)
    for other in (Reading(value=-3, unit="degree Celsius"), Reading(unit="shadow ratio")):
        assert not speaks_of_sky(other)
        with pytest.raises(ValueError, match="does not speak"):
            shadow_times(MOSCOW, DAY, other)
    with pytest.raises(ValueError, match="latitude"):
        shadow_times(Place("somewhere"), DAY, ratio(1))
