from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest

from verify.claims import ephemeris
from verify.claims.sky import (
    RISE,
    TWILIGHTS,
    Body,
    almanac,
    altitude_azimuth,
    passages,
    phase,
    refraction,
    sight,
)

MOSCOW = 55.7525, 37.6175
LOCAL = timezone(timedelta(hours=3))


def centuries(julian_day: float) -> np.ndarray:
    return np.array([(julian_day - 2451545) / 36525])


def test_the_sun_of_the_published_test_case_of_the_solar_position_algorithm() -> None:
    # Reda and Andreas, NREL/TP-560-34302, table A5.1 and the report of the reference program.
    instant = datetime(2003, 10, 17, 12, 30, 30, tzinfo=timezone(timedelta(hours=-7)))
    seen = sight(Body.SUN, 39.742476, -105.1786, instant)
    assert seen.altitude == pytest.approx(39.872046, abs=0.0005)
    assert seen.azimuth == pytest.approx(194.340241, abs=0.0005)
    # Zenith with refraction 50.11162 there, in air of 820 hPa; ours is that of sea level.
    assert seen.apparent - seen.altitude == pytest.approx(0.016332 * (1010 / 820) * (284 / 283), abs=0.0003)


def test_the_moon_of_meeus_example_47a() -> None:
    longitude, latitude, distance = ephemeris.ecliptic(Body.MOON, centuries(2448724.5))
    assert longitude[0] % 360 == pytest.approx(133.162655, abs=2e-6)
    assert latitude[0] == pytest.approx(-3.229126, abs=2e-6)
    assert distance[0] == pytest.approx(368409.7, abs=0.1)


def test_the_sun_of_meeus_example_25b_and_the_nutation_of_22a() -> None:
    at = centuries(2448908.5)
    longitude, _, distance = ephemeris.ecliptic(Body.SUN, at)
    shift, _ = ephemeris.nutation(at)
    assert (longitude + shift)[0] % 360 == pytest.approx(199.906061, abs=0.0004)
    assert distance[0] / ephemeris.AU == pytest.approx(0.99760775, abs=1e-4)
    shift, tilt = ephemeris.nutation(centuries(2446895.5))
    assert shift[0] * 3600 == pytest.approx(-3.788, abs=0.5)
    assert tilt[0] == pytest.approx(23 + 26 / 60 + 36.850 / 3600, abs=0.1 / 3600)


def test_the_moon_covers_the_sun_where_and_when_an_eclipse_was_central() -> None:
    # Greatest eclipse of 8 April 2024 (Espenak, NASA): 18:17:16 UT, 25.3 N, 104.1 W, the sun 70 degrees high.
    instant = datetime(2024, 4, 8, 18, 17, 16, tzinfo=UTC)
    sun, moon = (sight(body, 25.29, -104.14, instant) for body in (Body.SUN, Body.MOON))
    assert sun.altitude == pytest.approx(69.8, abs=0.2)
    assert moon.altitude == pytest.approx(sun.altitude, abs=0.02)
    assert moon.azimuth == pytest.approx(sun.azimuth, abs=0.05)


@pytest.mark.parametrize(
    ("instant", "illuminated", "name"),
    [
        (datetime(1992, 4, 12, tzinfo=UTC), 0.6786, "waxing gibbous"),  # Meeus, example 48.a
        (datetime(2023, 5, 5, 17, 34, tzinfo=UTC), 1.0, "full moon"),
        (datetime(2023, 5, 12, 14, 28, tzinfo=UTC), 0.5, "last quarter"),
        (datetime(2024, 4, 8, 18, 21, tzinfo=UTC), 0.0, "new moon"),
        (datetime(2024, 4, 7, 0, 0, tzinfo=UTC), 0.04, "waning crescent"),
        (datetime(2024, 4, 15, 19, 13, tzinfo=UTC), 0.5, "first quarter"),
        (datetime(2024, 4, 12, 0, 0, tzinfo=UTC), 0.14, "waxing crescent"),
        (datetime(2023, 5, 8, 0, 0, tzinfo=UTC), 0.95, "waning gibbous"),
    ],
)
def test_the_moons_shape(instant: datetime, illuminated: float, name: str) -> None:
    shape = phase(instant)
    assert shape.name == name
    assert shape.illuminated == pytest.approx(illuminated, abs=0.02)


def test_the_day_of_a_place() -> None:
    start = datetime(2023, 5, 3, tzinfo=LOCAL)
    day = start, start + timedelta(days=1)
    rise, setting = passages(Body.SUN, MOSCOW, *day)
    assert (rise.rising, setting.rising) == (True, False)
    # As almanacs print them for Moscow: 04:43 and 20:11.
    assert abs(rise.at - datetime(2023, 5, 3, 4, 43, tzinfo=LOCAL)) < timedelta(seconds=60)
    assert abs(setting.at - datetime(2023, 5, 3, 20, 11, tzinfo=LOCAL)) < timedelta(seconds=60)
    dawns = [passages(Body.SUN, MOSCOW, *day, altitude)[0].at for altitude in TWILIGHTS.values()]
    assert dawns == sorted(dawns, reverse=True)
    assert dawns[0] < rise.at


def test_the_almanac_names_what_happens_in_order() -> None:
    day = almanac(MOSCOW, date(2023, 5, 3), LOCAL)
    times = [at for _, at in day]
    assert times == sorted(times)
    assert {at.date() for at in times} == {date(2023, 5, 3)}
    named = dict(day)
    assert (named["sunrise"].hour, named["sunrise"].minute) == (4, 43)
    assert (named["sunset"].hour, named["sunset"].minute) == (20, 11)
    assert named["civil twilight begins"] < named["sunrise"]
    assert named["sunset"] < named["civil twilight ends"] < named["nautical twilight ends"]
    # The moon was two days before full: up before sunset, down before sunrise.
    assert named["moonset"] < named["sunrise"]
    assert named["moonrise"] < named["sunset"]


def test_a_passage_is_where_the_altitude_says() -> None:
    rng = np.random.default_rng(5)
    for _ in range(40):
        place = float(rng.uniform(-65, 65)), float(rng.uniform(-180, 180))
        start = datetime(2010, 1, 1, tzinfo=UTC) + timedelta(days=int(rng.integers(9000)))
        for body in Body:
            for passage in passages(body, place, start, start + timedelta(days=1)):
                before, after = (
                    sight(body, *place, passage.at + timedelta(seconds=shift)).altitude for shift in (-2, 2)
                )
                assert (before < RISE < after) if passage.rising else (before > RISE > after)


def test_the_polar_day_has_no_passages() -> None:
    start = datetime(2023, 6, 20, tzinfo=UTC)
    assert passages(Body.SUN, (78.2, 15.6), start, start + timedelta(days=1)) == ()


def test_many_instants_are_each_as_one() -> None:
    instants = [datetime(2023, 5, 3, tzinfo=UTC) + timedelta(hours=hour) for hour in range(24)]
    altitudes, azimuths = altitude_azimuth(
        Body.MOON, *MOSCOW, np.array([instant.timestamp() for instant in instants])
    )
    for instant, altitude, azimuth in zip(instants, altitudes, azimuths, strict=True):
        one = sight(Body.MOON, *MOSCOW, instant)
        assert one.altitude == pytest.approx(altitude, abs=1e-9)
        assert one.azimuth == pytest.approx(azimuth, abs=1e-9)


def test_refraction_is_half_a_degree_at_the_horizon_and_nothing_far_below() -> None:
    lift = refraction(np.array([-30.0, -1.01, 0.0, 10.0, 45.0, 90.0]))
    assert lift == pytest.approx([0, 0, 0.48, 0.09, 0.0165, 0], abs=0.01)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        sight(Body.SUN, *MOSCOW, datetime(2023, 5, 3))  # noqa: DTZ001 - that is what is tested
