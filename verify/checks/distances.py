"""Distances that follow from a file and a case: of an explosion by flash and bang, and from claimed places.

What it does: where a person read the seconds from a flash to its bang in a clip, it gives the distance of the
explosion from the microphone. Where a file carries a position and the case, or a claim, has a place with its
latitude and longitude, it gives how far the two lie apart and in which direction.

How: as `verify.claims.places` tells. A reading is [[clip.reading]] with unit = "flash to bang seconds" and
its `uncertainty`; one with unit = "degrees Celsius" narrows the speed of sound. Half a frame is added by the
clip's own frame rate.

Limits: neither finding is for or against anything by itself. A file's position is a claim that anyone can
write, phones repeat an old position, and a clip need not be filmed at the case's place. An echo or another
bang gives another distance, and a copy's sound may be shifted.

Error rates: none are measured; this is arithmetic on readings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.checks.evidence import per_file
from verify.claims.places import FLASH_TO_BANG, TEMPERATURE, compass, flash_to_bang, way
from verify.errors import CheckError
from verify.model import Finding, Measurement, Outcome

if TYPE_CHECKING:
    from verify.checks.evidence import Evidence
    from verify.claims import CaseInput, Reading
    from verify.claims.places import Position, Reach
    from verify.model import Media

BANG, PLACE = "flash-to-bang/1", "claimed-place/1"
BANG_LIMITS = (
    "The bang may be an echo or another one's, wind carries sound along or back, and a copy's sound may be "
    "shifted against its picture by more than is allowed for."
)
PLACE_LIMITS = (
    "A position in a file is a claim: anyone can write one, phones repeat an old one, and it is where a copy "
    "was made if the copy was filmed off a screen."
)
_HOTTEST = 100.0  # degrees Celsius, either side of 0


@per_file(BANG, "How far off an explosion was", BANG_LIMITS)
def bang_distance(media: Media, evidence: Evidence) -> Finding | None:
    """Distances by flash and bang, from what was read in a clip."""
    said = evidence.said.get(media.id)
    delays = [reading for reading in said.readings if _is_delay(reading)] if said else []
    if said is None or not delays:
        return None
    words, measurements = [], []
    for reading in delays:
        reach = _reach(reading, said, media, evidence)
        by = f"read by {reading.by or 'the case'}"
        words.append(
            f"{reading.value:g} s from flash to bang ({by}) are {_metres(reach.least)} to "
            f"{_metres(reach.most)} from the microphone."
        )
        measurements += [
            Measurement("distance, least", round(reach.least), "metre", where=by),
            Measurement("distance, most", round(reach.most), "metre", where=by),
        ]
    statement = " ".join(words)
    return Finding(BANG, (media.id,), Outcome.INCONCLUSIVE, statement, BANG_LIMITS, tuple(measurements))


def _is_delay(reading: Reading) -> bool:
    return reading.unit == FLASH_TO_BANG and reading.value is not None


def _reach(reading: Reading, said: CaseInput, media: Media, evidence: Evidence) -> Reach:
    rate = media.video.frame_rate if media.video else None
    delay, error = reading.value or 0.0, reading.uncertainty or 0.0
    if delay < 0:
        raise CheckError(
            f"a bang {-delay:g} s before its flash was read", "give the seconds from flash to bang"
        )
    return flash_to_bang(delay, rate, error, _air(said), evidence.sky)


def _air(said: CaseInput) -> tuple[float, float] | None:
    """Lowest and highest temperature that was read in the clip, degrees Celsius."""
    ends = [
        item.value + sign * (item.uncertainty or 0.0)
        for item in said.readings
        if item.unit == TEMPERATURE and item.value is not None
        for sign in (-1, 1)
    ]
    if any(abs(end) > _HOTTEST for end in ends):
        raise CheckError(f"{max(ends, key=abs):g} degrees Celsius were read", "no air is as cold or as hot")
    return (min(ends), max(ends)) if ends else None


@per_file(PLACE, "How far the file's position is from the claimed places", PLACE_LIMITS)
def claimed_place(media: Media, evidence: Evidence) -> Finding | None:
    """Distance and direction from each place that is claimed to the position that a file carries."""
    position, near = media.metadata.position, evidence.sky.near_metres
    claimed = _claimed(media, evidence)
    if position is None or not claimed:
        return None
    words, measurements, fits = [], [], True
    for name, place, radius in claimed:
        found = way(place, position)
        towards = f" in the {compass(found.bearing)}" if found.bearing is not None else ""
        words.append(f"The position in the file is {_metres(found.metres)} from {name}{towards}.")
        measurements.append(
            Measurement("distance", round(found.metres, 1), "metre", max(near, radius), f"from {name}")
        )
        fits = fits and found.metres <= max(near, radius)
    outcome = Outcome.CONSISTENT if fits else Outcome.INCONCLUSIVE
    return Finding(PLACE, (media.id,), outcome, " ".join(words), PLACE_LIMITS, tuple(measurements))


def _claimed(media: Media, evidence: Evidence) -> list[tuple[str, Position, float]]:
    """Places with their names and how far they reach, metres: the case's, and those of claims."""
    place, said = evidence.place, evidence.said.get(media.id)
    found = []
    if place.latitude is not None and place.longitude is not None:
        found.append((place.name or "the place of the case", (place.latitude, place.longitude), 0.0))
    for claim in said.claims if said else ():
        if claim.position is not None:
            name = f"{claim.place or 'the place'}, claimed by {claim.by},"
            found.append((name, claim.position, claim.radius or 0.0))
    return found


def _metres(metres: float) -> str:
    return f"{metres:,.0f} m" if metres < 10_000 else f"{metres / 1000:,.1f} km"
