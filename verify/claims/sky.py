"""Where the sun and the moon stood in the sky of a place, and when they rose and set.

What it does: for a place and an instant it gives the height of the sun's or the moon's centre above the
level horizon (altitude) and its compass direction, clockwise from true north (azimuth); how much of the moon
was lit; and for a day the times of rising, setting and the three twilights.

How: the sun's place is computed with the largest terms of the theory VSOP87, the moon's with Meeus's
abridgement of ELP 2000-82, both with nutation, aberration and the difference between the earth's rotation
and even time as far as it is known. Altitude and azimuth are those seen from the ground (WGS84 ellipsoid, at
sea level), with parallax, which moves the moon by up to a degree. They are given without refraction, as if
there were no air; `refraction` is the lift by air of 10 degrees Celsius and 1010 hPa, which is added where
something is said of what a person could see. Rising and setting mean the upper rim at a level sea horizon
(centre at -0.833 degrees, 34 minutes of arc of them refraction); civil, nautical and astronomical twilight
end with the sun's centre at -6, -12 and -18 degrees. The moon's phase is named by how far it stands ahead of
the sun: new, quarters and full within half a day of the instant, the shapes between in the days between.

Limits: mountains and houses hide the sky long before the level horizon does, a raised place sees farther,
and air near the horizon may lift the sun by some minutes of arc more or less than usual. Clouds are not
known. Outside the years 1900 to 2050 the rotation of the earth is not known well enough for these figures.

Error rates: at 1,000 random places and instants of the years 2000 to 2040, held against the ephemeris JPL
DE421 as Skyfield reads it, altitudes differ by at most 0.003 degrees (sun) and 0.004 (moon), azimuths by
0.010 and 0.034, and the directions in the sky by 0.003 and 0.0045; near the zenith a small step in the sky is
a large change of azimuth. Times at which the centre passes a given altitude differ by at most 2 s; rising
and setting are seen to about a minute, for the air's sake. Measured by tests/benchmarks/sky.py.

Source: J. Meeus, "Astronomical Algorithms" (2nd ed., 1998); refraction: T. Saemundsson, Sky and Telescope
72, 70 (1986).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import numpy as np

from verify.claims.ephemeris import Body, earth_fixed, elongation
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, tzinfo

    from verify.claims.ephemeris import Floats
    from verify.settings import SkySettings

__all__ = [
    "TWILIGHTS",
    "Body",
    "Passage",
    "Phase",
    "Sight",
    "almanac",
    "altitude_azimuth",
    "passages",
    "phase",
    "refraction",
    "sight",
]

RISE = -0.8333  # degrees, of the centre without refraction: upper rim at a sea horizon, as almanacs have it
TWILIGHTS = {"civil twilight": -6.0, "nautical twilight": -12.0, "astronomical twilight": -18.0}  # degrees

_EQUATOR, _FLATTENING = 6378.137, 1 / 298.257223563  # WGS84; kilometres
_PHASES = (
    "new moon", "waxing crescent", "first quarter", "waxing gibbous",
    "full moon", "waning gibbous", "last quarter", "waning crescent",
)  # fmt: skip
_LOWEST = -1.0  # degrees; a body farther below the horizon is not seen, and the formula says nothing of it


@dataclass(frozen=True, slots=True)
class Sight:
    """Where a body's centre stands, without refraction."""

    altitude: float  # degrees above the level horizon, -90 to 90
    azimuth: float  # degrees clockwise from true north, 0 to 360

    @property
    def apparent(self) -> float:
        """Altitude with refraction, degrees."""
        return self.altitude + float(refraction(np.array(self.altitude)))


@dataclass(frozen=True, slots=True)
class Phase:
    """The moon's shape."""

    illuminated: float  # share of the disc, 0 to 1
    name: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A moment at which a body passes an altitude."""

    at: datetime  # UTC
    rising: bool


def sight(body: Body, latitude: float, longitude: float, instant: datetime) -> Sight:
    """Where a body stands in the sky of a place.

    Args:
        body: sun or moon.
        latitude: degrees, north positive, WGS84.
        longitude: degrees, east positive.
        instant: with a zone.
    """
    altitude, azimuth = altitude_azimuth(body, latitude, longitude, np.array([_posix(instant)]))
    return Sight(float(altitude[0]), float(azimuth[0]))


def altitude_azimuth(body: Body, latitude: float, longitude: float, seconds: Floats) -> tuple[Floats, Floats]:
    """Altitude and azimuth at many instants.

    Args:
        body: sun or moon.
        latitude: degrees, north positive, WGS84.
        longitude: degrees, east positive.
        seconds: (n,) POSIX time.

    Returns:
        (n,) degrees above the level horizon without refraction, and (n,) degrees clockwise from true north.
    """
    phi, lam = math.radians(latitude), math.radians(longitude)
    x, y, z = earth_fixed(body, seconds) - _observer(phi, lam)[:, None]
    outward = x * math.cos(lam) + y * math.sin(lam)
    east = y * math.cos(lam) - x * math.sin(lam)
    north = z * math.cos(phi) - outward * math.sin(phi)
    up = z * math.sin(phi) + outward * math.cos(phi)
    return np.degrees(np.arctan2(up, np.hypot(east, north))), np.degrees(np.arctan2(east, north)) % 360


def refraction(altitude: Floats) -> Floats:
    """The lift by usual air, degrees, for altitudes without refraction; 0 below -1 degree."""
    low = np.maximum(altitude, _LOWEST)
    lift = 1.02 / np.tan(np.radians(low + 10.3 / (low + 5.11))) / 60
    return np.where(altitude < _LOWEST, 0.0, np.maximum(lift, 0.0))


def phase(instant: datetime, settings: SkySettings = SETTINGS.sky) -> Phase:
    """The moon's shape at an instant (with a zone), seen from the middle of the earth."""
    ahead, lit = elongation(np.array([_posix(instant)]))
    quarter, past = divmod(float(ahead[0]) + settings.phase_degrees, 90)
    between = past > 2 * settings.phase_degrees
    return Phase(float(lit[0]), _PHASES[(2 * int(quarter) + between) % 8])


def passages(
    body: Body,
    position: tuple[float, float],
    start: datetime,
    end: datetime,
    altitude: float = RISE,
    settings: SkySettings = SETTINGS.sky,
) -> tuple[Passage, ...]:
    """When a body's centre passes an altitude (degrees, without refraction), in order of time.

    Args:
        body: sun or moon.
        position: latitude and longitude, degrees.
        start: with a zone.
        end: with a zone; excluded.
        altitude: `RISE` for rising and setting, one of `TWILIGHTS` for the sun.
        settings: the step; passages up and down within one step are missed, as at the edge of polar night.
    """

    def above(seconds: Floats) -> Floats:
        return altitude_azimuth(body, *position, seconds)[0] - altitude

    times = np.arange(_posix(start), _posix(end) + settings.passage_seconds, settings.passage_seconds)
    heights = above(times)
    changed = np.flatnonzero((heights[:-1] < 0) != (heights[1:] < 0))
    found = crossing(above, times[changed], times[changed + 1])
    rising = heights[changed] < 0
    moments = [datetime.fromtimestamp(round(float(at)), UTC) for at in found]
    return tuple(Passage(at, bool(up)) for at, up in zip(moments, rising, strict=True) if start <= at < end)


def almanac(position: tuple[float, float], day: date, zone: tzinfo) -> tuple[tuple[str, datetime], ...]:
    """What happens in the sky on one day: names and times in the zone, rounded to minutes, in order.

    Args:
        position: latitude and longitude, degrees.
        day: the date in the zone.
        zone: whose midnights bound the day.

    Returns:
        "sunrise", "sunset", "moonrise", "moonset", and the beginning and end of each of `TWILIGHTS`; less
        where a day has none of these, more where it has two.
    """
    start, end = (datetime.combine(each, time.min, zone) for each in (day, day + timedelta(days=1)))
    names = [(body, RISE, (f"{body}rise", f"{body}set")) for body in Body]
    names += [(Body.SUN, low, (f"{name} begins", f"{name} ends")) for name, low in TWILIGHTS.items()]
    found = [
        (rising if passage.rising else setting, passage.at.astimezone(zone))
        for body, altitude, (rising, setting) in names
        for passage in passages(body, position, start, end, altitude)
    ]
    return tuple((name, _minute(at)) for name, at in sorted(found, key=lambda event: event[1]))


def _minute(at: datetime) -> datetime:
    return (at + timedelta(seconds=30)).replace(second=0, microsecond=0)


def crossing(value: Callable[[Floats], Floats], low: Floats, high: Floats) -> Floats:
    """Where `value` changes its sign between `low` and `high`, (n,) each, by halving to half a second."""
    low, high = low.copy(), high.copy()
    if not len(low):
        return low
    sign = value(low) < 0
    while float(np.max(high - low)) > 0.5:
        middle = (low + high) / 2
        same = (value(middle) < 0) == sign
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return (low + high) / 2


def _posix(instant: datetime) -> float:
    if instant.tzinfo is None:
        raise ValueError(f"an instant has a zone: {instant}")
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(seconds=1)


def _observer(phi: float, lam: float) -> Floats:
    """A place at sea level, kilometres in the earth's frame."""
    flat = (1 - _FLATTENING) ** 2
    normal = _EQUATOR / math.sqrt(math.cos(phi) ** 2 + flat * math.sin(phi) ** 2)
    level = normal * math.cos(phi)
    return np.array([level * math.cos(lam), level * math.sin(lam), normal * flat * math.sin(phi)])
