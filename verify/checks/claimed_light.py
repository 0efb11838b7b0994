"""Whether a clip's brightness can be that of the hour and the place that are claimed for it.

What it does: where a time and a place are claimed for a clip (by a person of the case, by a clock that was
read in the picture, or by the file's own date and position), it tells where the sun and the moon stood, and
holds the picture's brightness against that: night is the sun more than 12 degrees below the horizon, day
more than 6 above. A part of the picture that a person marked as open sky (a reading with what = "open sky"
and a box) can contradict the claim: a bright sky at night, a black one by day. The whole picture cannot.

How: brightness is the picture's luma, 0 to 255, as it usually is (the median over the clip, or near the
second of the reading), averaged over the picture, or over those cells of a grid of 9 x 16 that lie in the
marked box. A picture counts as dark up to a mean of 45 and as bright from 100; a sky as dark up to 35 and as
bright from 110. A claimed time is an interval, and the claim is contradicted only if all of it is day, or all
of it night.

Limits: street light, lit rooms, automatic exposure and night modes make night pictures bright, and dark
rooms, tunnels and backlight make day pictures dark; so brightness alone never contradicts a claim here.
Long exposures under the moon, burning or flood-lit clouds and total eclipses can make a marked sky what it
usually is not. A filter may have darkened or brightened a copy. A claim that fits fits every other night, or
day, as well.

Error rates: not measured; too few clips with a sure hour and place are at hand. Of those that are, outdoor
pictures by day have means of 75 to 167 and skies of 85 to 220, and a drive by night 25 and 17.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from verify.checks.brightness import OPEN_SKY, lights_of
from verify.checks.evidence import Check
from verify.claims.places import compass
from verify.claims.sky import Body, almanac, altitude_azimuth, phase, sight
from verify.metadata.dates import rfc3339
from verify.model import Finding, Measurement, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify.checks.brightness import Light
    from verify.checks.evidence import Evidence
    from verify.claims import CaseInput, Moment
    from verify.claims.sky import Sight
    from verify.model import Media, Place
    from verify.settings import SkySettings

NAME = "claimed-light/1"
LIMITS = (
    "Street light, lit rooms, automatic exposure and night modes make night pictures bright, and dark rooms "
    "and filters make day pictures dark: only a marked open sky can contradict the claim. What fits one "
    "night fits every other one."
)
_NO_PLACE = "A time is claimed, but the case gives no latitude and longitude to compute the sun for."
_NOT_THE_SKY = (
    "Either the claimed time, the place, the mark or the brightness of this copy is not what it is taken for."
)
_LAMPS = (
    "Lamps, rooms, exposure and filters do that; a part marked as open sky would tell more "
    f'(a reading with what = "{OPEN_SKY}" and a box).'
)
_MOVED = 0.1  # degrees; a sun that moves by less in the claimed time is told as one place
_STEPS = 288  # instants of a claimed time that are looked at; of a day, every five minutes


@dataclass(frozen=True, slots=True)
class _Claim:
    """A time and a place, with who claims them."""

    start: datetime
    end: datetime
    latitude: float
    longitude: float
    by: str

    @property
    def middle(self) -> datetime:
        return self.start + (self.end - self.start) / 2

    @property
    def when(self) -> str:
        first, last = rfc3339(self.start), rfc3339(self.end)
        return first if self.end - self.start < timedelta(minutes=1) else f"{first} to {last}"


def _examine(evidence: Evidence) -> Iterator[Finding]:
    """Sun, moon and brightness for each time and place that is claimed for a file; a finding for each."""
    for media in evidence.media:
        if media.error is not None:
            continue
        claims = _claims(media, evidence)
        lights, missing = lights_of(media, evidence)
        for claim in claims:
            yield _finding(media, claim, lights, missing, evidence.sky)
        if not claims and _timed(evidence.said.get(media.id)):
            yield Finding(NAME, (media.id,), Outcome.NOT_APPLICABLE, _NO_PLACE, LIMITS)


claimed_light = Check(NAME, "Whether the brightness fits the claimed hour and place", LIMITS, _examine)


def _timed(said: CaseInput | None) -> bool:
    return said is not None and any(claim.filmed for claim in said.claims)


def _claims(media: Media, evidence: Evidence) -> list[_Claim]:
    """Claims and clocks of the case, each time and place once, and the file's own date and position."""
    said = evidence.said.get(media.id)
    sources: dict[tuple[Moment, tuple[float, float]], list[str]] = {}
    for at, where, by in _told(said, evidence.place) if said else ():
        if at is not None and where is not None:
            sources.setdefault((at, where), []).append(by)
    found = [_Claim(at.start, at.end, *where, "; ".join(by)) for (at, where), by in sources.items()]
    return found + _own(media)


def _told(said: CaseInput, place: Place) -> Iterator[tuple[Moment | None, tuple[float, float] | None, str]]:
    """When, where and by whom; a claim without a position of its own is of the case's place."""
    usual = None
    if place.latitude is not None and place.longitude is not None:
        usual = place.latitude, place.longitude
    for claim in said.claims:
        yield claim.filmed, claim.position or usual, f"claimed by {claim.by}"
    for reading in said.readings:
        yield reading.shows, usual, f"{reading.what or 'a clock'}, read by {reading.by or 'the case'}"


def _own(media: Media) -> list[_Claim]:
    """The file's own date and position, where the date has a zone."""
    taken, position = media.metadata.taken, media.metadata.position
    if taken is None or position is None:
        return []
    try:
        at = datetime.fromisoformat(taken)
    except ValueError:
        return []
    return [_Claim(at, at, *position, "the file's own date and position")] if at.tzinfo else []


def _finding(
    media: Media, claim: _Claim, lights: list[Light], missing: str, settings: SkySettings
) -> Finding:
    low, high = _sun(claim)
    outcome, words = _judged(low, high, lights, settings)
    measurements, sky = _sky(claim, low, high, settings)
    measurements += tuple(
        Measurement(light.name, round(light.level, 1), "grey levels of 255", light.limit(high))
        for light in lights
    )
    statement = " ".join(filter(None, (sky, words, missing)))
    return Finding(NAME, (media.id,), outcome, statement, LIMITS, measurements)


def _sky(
    claim: _Claim, low: float, high: float, settings: SkySettings
) -> tuple[tuple[Measurement, ...], str]:
    """Where sun and moon stood in the middle of the claimed time, as measurements and in words."""
    sun, moon = (sight(body, claim.latitude, claim.longitude, claim.middle) for body in Body)
    shape = phase(claim.middle)
    words = (
        f"{claim.when}, {claim.by}: the sun stood {_height(sun)}, the moon {_height(moon)}, "
        f"{shape.name} and {shape.illuminated:.0%} lit. {_day(claim)}"
    )
    span = f"{low:.1f} to {high:.1f} over the claimed time" if high - low >= _MOVED else None
    limit = settings.day_degrees if high > settings.day_degrees else settings.night_degrees
    return (
        Measurement("sun altitude", round(sun.altitude, 2), "degree", limit, span),
        Measurement("sun azimuth", round(sun.azimuth, 1), "degree"),
        Measurement("moon altitude", round(moon.altitude, 2), "degree"),
        Measurement("moon azimuth", round(moon.azimuth, 1), "degree"),
        Measurement("moon illuminated", round(shape.illuminated, 2), "share"),
    ), words


def _judged(low: float, high: float, lights: list[Light], settings: SkySettings) -> tuple[Outcome, str]:
    if not lights:
        return Outcome.INCONCLUSIVE, "The file has no picture whose brightness could be held against that."
    if low < settings.day_degrees and high > settings.night_degrees:
        return Outcome.INCONCLUSIVE, "That is not all night and not all day, so brightness says nothing."
    night = high <= settings.night_degrees
    hour = "night" if night else "day"
    against = [light for light in lights if (light.is_bright if night else light.is_dark)]
    for light in against:
        if light.sky:
            shown = f"The part marked as open sky is {light.words}, and that is {hour}."
            return Outcome.INCONSISTENT, f"{shown} {_NOT_THE_SKY}"
    if against:
        return Outcome.INCONCLUSIVE, f"That is {hour}, and the picture is {against[0].words}. {_LAMPS}"
    fitting = [light for light in lights if (light.is_dark if night else light.is_bright)]
    light = (fitting or lights)[-1]
    shown = f"That is {hour}, and the {'marked sky' if light.sky else 'picture'} is {light.words}"
    if not fitting:
        return Outcome.INCONCLUSIVE, f"{shown}, which says nothing."
    return Outcome.CONSISTENT, f"{shown}, as is usual then."


def _sun(claim: _Claim) -> tuple[float, float]:
    """Lowest and highest altitude over the claimed time."""
    length = min((claim.end - claim.start).total_seconds(), timedelta(days=400).total_seconds())
    seconds = claim.start.timestamp() + np.linspace(0.0, length, _STEPS)
    altitudes, _ = altitude_azimuth(Body.SUN, claim.latitude, claim.longitude, seconds)
    return float(altitudes.min()), float(altitudes.max())


def _day(claim: _Claim) -> str:
    """When sun and moon rose and set on that day, in the zone in which the time is claimed."""
    zone = claim.start.tzinfo or UTC
    day = claim.middle.astimezone(zone).date()
    events = almanac((claim.latitude, claim.longitude), day, zone)
    told = [f"{name} {at:%H:%M}" for name, at in events if name.startswith(("sun", "moon"))]
    return f"That day: {', '.join(told) or 'the sun and the moon neither rose nor set'}."


def _height(seen: Sight) -> str:
    side = "above" if seen.altitude >= 0 else "below"
    return f"{abs(seen.altitude):.1f} degrees {side} the horizon in the {compass(seen.azimuth)}"
