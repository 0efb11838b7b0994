"""Where the sun and the moon stand, seen from the middle of the earth and in its turning frame.

The sun's longitude is that of VSOP87 with its largest terms, the moon's place that of ELP 2000-82 as Meeus
abridges it; both with nutation and the effect of light's travel. The step from there to a place on the earth
is in `verify.claims.sky`, whose docstring tells how well all of it agrees with a full ephemeris.

Source: J. Meeus, "Astronomical Algorithms" (2nd ed., 1998), chapters 12 (sidereal time), 22 (nutation), 25
(sun) and 47 (moon).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from verify.claims.ephemeris_terms import EARTH, MOON_LATITUDE, MOON_LONGITUDE

if TYPE_CHECKING:
    from collections.abc import Callable

Floats = NDArray[np.float64]

AU = 149_597_870.7  # kilometres
_J2000 = 946_728_000  # 2000-01-01 12:00 UTC, seconds of POSIX time
_CENTURY = 36_525 * 86_400.0  # seconds
# Terrestrial time less UTC, in seconds, as observed (IERS); nobody can tell the years to come to a second,
# and the moon moves by half a second of arc in one.
_YEARS = (1900, 1920, 1940, 1950, 1960, 1970, 1980, 1990, 2000, 2005, 2010, 2015, 2020, 2026)
_DELTA = (-2.8, 21.2, 24.3, 29.1, 33.1, 40.2, 50.5, 56.9, 63.8, 64.7, 66.1, 67.6, 69.4, 69.1)


class Body(StrEnum):
    """What is looked at."""

    SUN = "sun"
    MOON = "moon"


def earth_fixed(body: Body, seconds: Floats) -> Floats:
    """The body's apparent place in the frame that turns with the earth.

    Args:
        body: sun or moon.
        seconds: (n,) POSIX time; UTC stands for the earth's own time, which differs by 0.9 s at most.

    Returns:
        (3, n) kilometres from the earth's centre: towards longitude 0, towards longitude 90 E, north.
    """
    centuries = _terrestrial(seconds)
    shift, tilt = nutation(centuries)
    longitude, latitude, distance = ecliptic(body, centuries)
    x, y, z = _rectangular(longitude + shift, latitude) * distance
    y, z = y * _cos(tilt) - z * _sin(tilt), y * _sin(tilt) + z * _cos(tilt)
    turn = _sidereal(seconds) + shift * _cos(tilt)
    return np.stack([x * _cos(turn) + y * _sin(turn), y * _cos(turn) - x * _sin(turn), z])


def elongation(seconds: Floats) -> tuple[Floats, Floats]:
    """The moon's geocentric longitude less the sun's, 0 to 360 degrees, and its illuminated part, 0 to 1."""
    centuries = _terrestrial(seconds)
    sun, _, sun_distance = ecliptic(Body.SUN, centuries)
    moon, latitude, distance = ecliptic(Body.MOON, centuries)
    apart = np.arccos(np.clip(_cos(latitude) * _cos(moon - sun), -1, 1))
    angle = np.arctan2(sun_distance * np.sin(apart), distance - sun_distance * np.cos(apart))
    return (moon - sun) % 360, (1 + np.cos(angle)) / 2


def ecliptic(body: Body, centuries: Floats) -> tuple[Floats, Floats, Floats]:
    """Longitude and latitude, degrees of the mean equinox of date without nutation, and kilometres.

    Args:
        body: sun or moon; light's travel is in both.
        centuries: (n,) Julian centuries of terrestrial time since 2000-01-01 12:00.
    """
    return _sun(centuries) if body is Body.SUN else _moon(centuries)


def nutation(centuries: Floats) -> tuple[Floats, Floats]:
    """Nutation in longitude, and the true obliquity, degrees; right to half a second of arc."""
    t = centuries
    node, sun, moon = 125.04452 - 1934.136261 * t, 280.4665 + 36000.7698 * t, 218.3165 + 481267.8813 * t
    shift = -17.20 * _sin(node) - 1.32 * _sin(2 * sun) - 0.23 * _sin(2 * moon) + 0.21 * _sin(2 * node)
    nod = 9.20 * _cos(node) + 0.57 * _cos(2 * sun) + 0.10 * _cos(2 * moon) - 0.09 * _cos(2 * node)
    mean = 84381.448 - 46.8150 * t - 0.00059 * t**2 + 0.001813 * t**3
    return shift / 3600, (mean + nod) / 3600


def _terrestrial(seconds: Floats) -> Floats:
    years = 2000 + (seconds - _J2000) / (365.25 * 86_400)
    return np.asarray((seconds - _J2000 + np.interp(years, _YEARS, _DELTA)) / _CENTURY, np.float64)


def _sidereal(seconds: Floats) -> Floats:
    """Mean sidereal time of Greenwich, degrees."""
    days = (seconds - _J2000) / 86_400
    t = days / 36_525
    return 280.46061837 + 360.98564736629 * days + 0.000387933 * t**2 - t**3 / 38_710_000


def _sun(centuries: Floats) -> tuple[Floats, Floats, Floats]:
    t = centuries / 10
    radians = sum(
        t**power * (rows[:, :1] * np.cos(rows[:, 1:2] + rows[:, 2:] * t)).sum(0)
        for power, rows in enumerate(EARTH)
    )
    around = 6283.07585 * t
    radius = 1.00013989 + 0.01670700 * np.cos(3.0984635 + around) + 0.00013956 * np.cos(3.05525 + 2 * around)
    radius = radius + 0.00103019 * t * np.cos(1.10749 + around)
    # Half a turn from the earth's place; then the step to the FK5 frame, and aberration.
    longitude = np.degrees(np.asarray(radians) / 1e8) + 180 - (0.09033 + 20.4898 / radius) / 3600
    return longitude, np.zeros_like(t), radius * AU


def _moon(centuries: Floats) -> tuple[Floats, Floats, Floats]:
    t = centuries
    mean = 218.3164477 + 481267.88123421 * t - 0.0015786 * t**2 + t**3 / 538841 - t**4 / 65194000
    apart = 297.8501921 + 445267.1114034 * t - 0.0018819 * t**2 + t**3 / 545868 - t**4 / 113065000
    sun = 357.5291092 + 35999.0502909 * t - 0.0001536 * t**2 + t**3 / 24490000
    moon = 134.9633964 + 477198.8675055 * t + 0.0087414 * t**2 + t**3 / 69699 - t**4 / 14712000
    node = 93.2720950 + 483202.0175233 * t - 0.0036539 * t**2 - t**3 / 3526000 + t**4 / 863310000
    venus, jupiter, flat = 119.75 + 131.849 * t, 53.09 + 479264.290 * t, 313.45 + 481266.484 * t
    angles, shrink = np.stack([apart, sun, moon, node]), 1 - 0.002516 * t - 0.0000074 * t**2
    longitude = (
        _series(MOON_LONGITUDE, 4, angles, shrink, _sin)
        + 3958 * _sin(venus) + 1962 * _sin(mean - node) + 318 * _sin(jupiter)
    )  # fmt: skip
    latitude = (
        _series(MOON_LATITUDE, 4, angles, shrink, _sin)
        - 2235 * _sin(mean) + 382 * _sin(flat) + 175 * _sin(venus - node) + 175 * _sin(venus + node)
        + 127 * _sin(mean - moon) - 115 * _sin(mean + moon)
    )  # fmt: skip
    distance = 385_000.56 + _series(MOON_LONGITUDE, 5, angles, shrink, _cos) / 1000
    return mean + longitude / 1e6, latitude / 1e6, distance


def _series(
    terms: Floats, column: int, angles: Floats, shrink: Floats, wave: Callable[[Floats], Floats]
) -> Floats:
    """Sum of a column's periodic terms; `shrink` is the earth's orbit becoming rounder."""
    weight = terms[:, column : column + 1] * shrink ** np.abs(terms[:, 1:2])
    return np.asarray((weight * wave(terms[:, :4] @ angles)).sum(0), np.float64)


def _rectangular(longitude: Floats, latitude: Floats) -> Floats:
    level = _cos(latitude)
    return np.stack([level * _cos(longitude), level * _sin(longitude), _sin(latitude)])


def _sin(degrees: Floats) -> Floats:
    return np.asarray(np.sin(np.radians(degrees)), np.float64)


def _cos(degrees: Floats) -> Floats:
    return np.asarray(np.cos(np.radians(degrees)), np.float64)
