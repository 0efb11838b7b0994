"""How far places lie apart, and how far off an explosion was by its flash and its bang.

What it does: between two positions it gives the shortest way over the ground and the direction in which it
sets out. From the seconds between a flash and its bang it gives the distance of the explosion from the
microphone, as an interval.

How: distances are geodesics on the WGS84 ellipsoid (C. Karney's GeographicLib), directions are compass
bearings from true north. Light is seen at once; sound takes 331.3 m/s x sqrt(1 + T / 273.15) at T degrees
Celsius. The interval covers what was given as uncertainty, half a frame (the flash began between two
frames), the sound's lead or lag to the picture that broadcasting allows (60 ms), and the temperatures that
were given, else -20 to 35 degrees.

Limits: distances take no account of height. Positions in files and cases are claims. Wind carries sound
along or back by its own speed (10 m/s is 3 %), a shock wave near a large explosion is faster than sound, and
the bang may be an echo or another one's. Copies may have shifted the sound against the picture by more than
60 ms; where the copy nearest the source is at hand, read it there.

Error rates: geodesics are exact to nanometres. At 30 frames a second, half a frame is 5.7 m, 60 ms are 20 m,
and 5 degrees of temperature 0.9 %; how well people hear the beginning of a bang is not measured.

Source: C. F. F. Karney, "Algorithms for geodesics" (Journal of Geodesy 87, 2013,
doi:10.1007/s00190-012-0578-z); EBU R37 (2007) on sound and picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geographiclib.geodesic import Geodesic

from verify.settings import SETTINGS

if TYPE_CHECKING:
    from fractions import Fraction

    from verify.settings import SkySettings

Position = tuple[float, float]  # degrees of WGS84: latitude, north positive; longitude, east positive

_WINDS = (
    "north", "north-north-east", "north-east", "east-north-east",
    "east", "east-south-east", "south-east", "south-south-east",
    "south", "south-south-west", "south-west", "west-south-west",
    "west", "west-north-west", "north-west", "north-north-west",
)  # fmt: skip

FLASH_TO_BANG = "flash to bang seconds"  # unit of a reading of that delay
TEMPERATURE = "degrees Celsius"  # unit of a reading of the air


@dataclass(frozen=True, slots=True)
class Way:
    """The shortest way from one position to another."""

    metres: float
    bearing: float | None  # degrees clockwise from true north, 0 to 360, at the start; None: the same place


@dataclass(frozen=True, slots=True)
class Reach:
    """An interval of distances, metres."""

    least: float
    most: float


def way(start: Position, end: Position) -> Way:
    """The shortest way over the ellipsoid, right to a micrometre, with the bearing at its start."""
    found = Geodesic.WGS84.Inverse(*start, *end, Geodesic.DISTANCE | Geodesic.AZIMUTH)
    metres = float(found["s12"])
    return Way(metres, float(found["azi1"]) % 360 if metres > 0 else None)


def compass(bearing: float) -> str:
    """The nearest of the sixteen points of the compass to a bearing in degrees."""
    return _WINDS[round(bearing / 22.5) % 16]


def speed_of_sound(celsius: float) -> float:
    """Metres a second in dry, still air; from -273.15 degrees up."""
    return 331.3 * math.sqrt(1 + celsius / 273.15)


def flash_to_bang(
    seconds: float,
    frame_rate: Fraction | None,
    uncertainty: float = 0.0,
    celsius: tuple[float, float] | None = None,
    settings: SkySettings = SETTINGS.sky,
) -> Reach:
    """How far from the microphone an explosion was.

    Args:
        seconds: from the first frame of the flash to the first sound of the bang; not negative.
        frame_rate: frames a second, for half a frame to either side; None: as of a slow camera.
        uncertainty: seconds to either side, of the reading itself.
        celsius: lowest and highest temperature that the air may have had; None: usual ones.
        settings: usual temperatures, and how far sound may be beside the picture.

    Raises:
        ValueError: the bang comes before the flash.
    """
    if seconds < 0:
        raise ValueError(f"the bang comes {-seconds} s before the flash")
    half_frame = float(1 / frame_rate) / 2 if frame_rate else settings.frame_seconds / 2
    error = uncertainty + half_frame + settings.sync_seconds
    cold, warm = celsius or settings.usual_celsius
    return Reach(max(0.0, seconds - error) * speed_of_sound(cold), (seconds + error) * speed_of_sound(warm))
