"""At which times of a day the sun or the moon stood as somebody read it in a picture.

What it does: it takes what a person read of a shadow, of the sun or of the moon, with its uncertainty, and
gives every stretch of a day in which that could be seen from the place. Mostly there are two, in the morning
and in the afternoon; several readings together leave what all of them allow.

The readings, by their `unit` in the case file; `value` and `uncertainty` are in that unit:

- "shadow ratio": height of an upright thing over the length of its shadow on level ground; 1 at 45 degrees;
- "shadow azimuth degrees": compass direction from the thing's foot to the end of its shadow;
- "sun altitude degrees", "moon altitude degrees": height above the level horizon, as seen (with refraction);
- "sun azimuth degrees", "moon azimuth degrees": compass direction, clockwise from true north.

How: the place of the sun or moon is computed through the day (`verify.claims.sky`) and held against the
reading, widened by its uncertainty and by the body's own half width. A reading without uncertainty gets a
usual one: a fifth of a ratio, 10 degrees of a direction, 3 degrees of a height. Two points marked in a
picture are no such reading by themselves, for the picture is a perspective one; `verify.claims.ground` makes
one of them where the horizon and the focal length are known.

Limits: the result is never an instant. It holds for that day, that place and sunlight only: lamps and the
moon throw shadows too, sloping ground changes a shadow's length and leaning things its direction, and a
mirrored copy turns directions round. Every day has such times, so that a reading confirms no date; the same
times come again within some weeks and at the other side of midsummer. Stretches of under 20 seconds are
not found.

Error rates: the sky is known to 0.005 degrees, and readings are the whole error: a ratio known to a fifth at
45 degrees leaves 25 to 45 minutes on either side of noon. How well people read shadows is not measured.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from verify.claims.moments import Moment
from verify.claims.sky import Body, altitude_azimuth, crossing, refraction
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, tzinfo

    from verify.claims.ephemeris import Floats
    from verify.claims.inputs import Reading
    from verify.model import Place
    from verify.settings import SkySettings

_AZIMUTHS = {
    "shadow azimuth degrees": Body.SUN,
    "sun azimuth degrees": Body.SUN,
    "moon azimuth degrees": Body.MOON,
}
_ALTITUDES = {
    "shadow ratio": Body.SUN,
    "sun altitude degrees": Body.SUN,
    "moon altitude degrees": Body.MOON,
}
UNITS = (*_ALTITUDES, *_AZIMUTHS)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a day at which everything that was read could be seen."""

    moment: Moment
    because: str  # what was asked of the sky, in words, with the numbers


@dataclass(frozen=True, slots=True)
class _Asked:
    """Where a body must stand for a reading to hold: `middle` give or take `reach`, degrees."""

    body: Body
    azimuth: bool  # else altitude, with refraction
    middle: float
    reach: float
    words: str

    def inside(self, altitude: Floats, azimuth: Floats) -> Floats:
        """Degrees by which each place lies inside; negative outside, or where the body has set."""
        seen = altitude + refraction(altitude)
        off = (azimuth - self.middle + 180) % 360 - 180 if self.azimuth else seen - self.middle
        return np.minimum(self.reach - np.abs(off), seen + SETTINGS.sky.rim_degrees)


def speaks_of_sky(reading: Reading) -> bool:
    """Whether a reading has a value in one of `UNITS`."""
    return reading.value is not None and reading.unit in UNITS


def shadow_times(place: Place, day: date, *readings: Reading) -> tuple[Stretch, ...]:
    """When, on one day, all of some readings of shadows, sun and moon could be seen; in order of time.

    Args:
        place: with latitude and longitude. The day is that of its time zone, else of the zone that its
            longitude lies in; the words say so.
        day: the date there.
        readings: one or more for which `speaks_of_sky` holds.

    Returns:
        Half-open stretches, rounded outwards to whole seconds, in the place's zone; empty where at no time of
        the day all of the readings hold.

    Raises:
        ValueError: the place has no position, or a reading does not speak of the sky.
    """
    if place.latitude is None or place.longitude is None or not readings:
        raise ValueError("times from the sky need a place's latitude and longitude, and a reading")
    asked = [_asked(reading, SETTINGS.sky) for reading in readings]
    zone, named = zone_of(place)
    first = datetime.combine(day, time.min, zone).astimezone(UTC)
    last = datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)
    position = place.latitude, place.longitude
    words = f"{'; '.join(item.words for item in asked)}; {_seen_from(place)} on {day.isoformat()} ({named})"
    return tuple(
        Stretch(Moment(_fixed(low, zone), _fixed(high, zone)), words)
        for low, high in _stretches(asked, position, first.timestamp(), last.timestamp())
    )


def _asked(reading: Reading, settings: SkySettings) -> _Asked:
    if reading.value is None or reading.unit not in UNITS:
        raise ValueError(f"this reading does not speak of the sky: {reading.unit!r}")
    if reading.unit == "shadow ratio":
        return _of_ratio(reading.value, reading.uncertainty, settings)
    azimuth = reading.unit in _AZIMUTHS
    body = (_AZIMUTHS if azimuth else _ALTITUDES)[reading.unit]
    usual = settings.azimuth_degrees if azimuth else settings.altitude_degrees
    error = usual if reading.uncertainty is None else reading.uncertainty
    turn = 180 if reading.unit.startswith("shadow") else 0
    what = f"{reading.unit.removesuffix(' degrees')} of {reading.value:g} ± {error:g} degrees"
    middle = (reading.value + turn) % 360 if azimuth else reading.value
    return _Asked(body, azimuth, middle, error + settings.rim_degrees, _words(what, reading.uncertainty))


def _of_ratio(ratio: float, uncertainty: float | None, settings: SkySettings) -> _Asked:
    error = settings.ratio_share * ratio if uncertainty is None else uncertainty
    low, high = (math.degrees(math.atan(max(0.0, end))) for end in (ratio - error, ratio + error))
    what = f"shadow ratio of {ratio:g} ± {error:.2g}, which is the sun {low:.1f} to {high:.1f} degrees high"
    reach = (high - low) / 2 + settings.rim_degrees
    return _Asked(Body.SUN, False, (low + high) / 2, reach, _words(what, uncertainty))


def _words(what: str, uncertainty: float | None) -> str:
    return what if uncertainty is not None else f"{what} (no uncertainty was given; a usual one is taken)"


def _seen_from(place: Place) -> str:
    return f"seen from {place.name or f'{place.latitude:.4f}, {place.longitude:.4f}'}"


def zone_of(place: Place) -> tuple[tzinfo, str]:
    """The zone whose days are a place's, and its name: the place's own, else by its longitude."""
    if place.timezone:
        return ZoneInfo(place.timezone), place.timezone
    hours = round((place.longitude or 0.0) / 15)
    return timezone(timedelta(hours=hours)), f"UTC{hours:+d}, by the longitude; no time zone is given"


def _stretches(
    asked: Sequence[_Asked], position: tuple[float, float], first: float, last: float
) -> list[tuple[float, float]]:
    """Stretches from `first` to `last`, POSIX seconds, in which every one of `asked` holds."""

    def inside(seconds: Floats) -> Floats:
        sights = {body: altitude_azimuth(body, *position, seconds) for body in {item.body for item in asked}}
        return np.asarray(np.min([item.inside(*sights[item.body]) for item in asked], axis=0), np.float64)

    step = SETTINGS.sky.reading_seconds
    times = np.append(np.arange(first, last, step), last)
    held = inside(times) >= 0
    changed = np.flatnonzero(held[:-1] != held[1:])
    edges = list(crossing(inside, times[changed], times[changed + 1]))
    edges = ([first] if held[0] else []) + edges + ([last] if held[-1] else [])
    return [
        (max(first, math.floor(low - 1)), min(last, math.ceil(high + 1)))
        for low, high in zip(edges[::2], edges[1::2], strict=True)
    ]


def _fixed(seconds: float, zone: tzinfo) -> datetime:
    """An instant with the zone's offset of then, so that comparing compares instants."""
    local = datetime.fromtimestamp(seconds, UTC).astimezone(zone)
    return local.replace(tzinfo=timezone(local.utcoffset() or timedelta(0)), fold=0)
