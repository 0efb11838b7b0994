"""A shadow's direction and its ratio, from points marked in the picture, where the camera is known.

What it does: a person marks the foot of an upright thing, the end of its shadow and, where it is seen, the
thing's top. Two points of a picture say nothing of the ground by themselves, for the picture is a
perspective one. With the height in the picture of the level horizon and the camera's focal length they give
the shadow's direction against the camera's, and with the top the ratio of height to shadow; with the compass
bearing of the camera the direction becomes a compass one. The results are readings for
`verify.claims.shadow`, with their uncertainty.

How: a camera without roll, its centre in the middle of the picture, above level ground. The horizon and the
focal length give its tilt; each point of the ground is where the point's line of sight meets the ground, in
units of the camera's height, which cancels out of both results. The uncertainty is what the results do while
every marked point, the horizon and the focal length are moved to both ends of their errors together.

Limits: cropped, stabilised, wide-angle and re-filmed pictures have another middle and focal length than the
camera, and then the results are wrong without a sign of it; so they are on ground that is not level. Points
near the horizon are far away and give wide intervals or none. A camera that is held askew by some degrees
turns everything by about as much.

Error rates: the geometry is exact where its assumptions hold; how well they hold in clips is not measured.

Source: A. Criminisi, I. Reid, A. Zisserman, "Single view metrology" (IJCV 40(2), 2000,
doi:10.1023/A:1026598000963).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from verify.claims.inputs import Reading
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from verify.claims.ephemeris import Floats
    from verify.settings import SkySettings

FILM = 36.0  # millimetres, the longer side of the picture that focal lengths are told for
_POINTS = (2, 3)  # foot and end of the shadow; with the top


@dataclass(frozen=True, slots=True)
class _Shadow:
    direction: float  # degrees clockwise from where the camera looks
    ratio: float | None  # height over length, where the top was marked


def shadow_readings(
    reading: Reading, width: int, height: int, settings: SkySettings = SETTINGS.sky
) -> tuple[Reading, ...]:
    """What marked points say of a shadow: a "shadow ratio", a "shadow azimuth degrees", both or neither.

    Args:
        reading: `points` are the foot, the end of the shadow and, if seen, the top; with `horizon` and
            `focal_length`. With `bearing` it gives a compass direction, and `uncertainty` is then the
            bearing's, in degrees.
        width: of the displayed picture, pixels.
        height: likewise.
        settings: how far points, horizon and focal length may be off.

    Returns:
        Readings with their uncertainty; none where something is missing, where a point may be no point of
        the ground, or where the errors leave everything open.
    """
    if len(reading.points) not in _POINTS or reading.horizon is None or reading.focal_length is None:
        return ()
    found = [
        _shadow(np.array(points), horizon, focal)
        for points, horizon, focal in _ends(reading, width, height, settings)
    ]
    shadows = [item for item in found if item is not None]
    if len(shadows) < len(found):
        return ()
    return (*_ratio(reading, shadows), *_azimuth(reading, shadows, settings))


def _ends(
    reading: Reading, width: int, height: int, settings: SkySettings
) -> list[tuple[Floats, float, float]]:
    """Points, horizon, focal length, in longer sides from the picture's middle: as given, then all ends."""
    longer = max(width, height)
    scale = np.array([width, height]) / longer
    points = (np.array(reading.points) - 0.5) * scale
    horizon = ((reading.horizon or 0.0) - 0.5) * height / longer
    focal = (reading.focal_length or 0.0) / FILM
    error, lift = settings.mark_share * width / longer, settings.horizon_share * height / longer
    found = [(points, horizon, focal)]
    for signs in product((-1, 1), repeat=points.size + 2):
        moved = points + error * np.array(signs[2:]).reshape(points.shape)
        found.append((moved, horizon + lift * signs[0], focal * (1 + settings.focal_share * signs[1])))
    return found


def _shadow(points: Floats, horizon: float, focal: float) -> _Shadow | None:
    tilt = math.atan2(-horizon, focal)  # downwards
    right = points[:, 0]
    ahead = focal * math.cos(tilt) - points[:, 1] * math.sin(tilt)
    down = focal * math.sin(tilt) + points[:, 1] * math.cos(tilt)
    if min(down[:2]) <= 0 or min(ahead[:2]) <= 0:
        return None
    foot, end = np.array([right, ahead]).T[:2] / down[:2, None]
    along = end - foot
    length = float(np.hypot(*along))
    if length == 0:
        return None
    direction = math.degrees(math.atan2(along[0], along[1]))
    if len(points) < max(_POINTS):
        return _Shadow(direction, None)
    sight = np.array([right[2], ahead[2]])
    away = float(sight @ foot / (sight @ sight))
    return _Shadow(direction, (1 - away * float(down[2])) / length)


def _ratio(reading: Reading, shadows: list[_Shadow]) -> tuple[Reading, ...]:
    ratios = [item.ratio for item in shadows if item.ratio is not None]
    if not ratios or min(ratios) <= 0:
        return ()
    return (_reading(reading, min(ratios), max(ratios), "shadow ratio"),)


def _azimuth(reading: Reading, shadows: list[_Shadow], settings: SkySettings) -> tuple[Reading, ...]:
    if reading.bearing is None:
        return ()
    middle = shadows[0].direction
    turns = [(item.direction - middle + 180) % 360 - 180 for item in shadows]
    error = settings.azimuth_degrees if reading.uncertainty is None else reading.uncertainty
    low, high = min(turns) - error, max(turns) + error
    if high - low >= 360:
        return ()
    start = reading.bearing + middle
    return (_reading(reading, start + low, start + high, "shadow azimuth degrees"),)


def _reading(reading: Reading, low: float, high: float, unit: str) -> Reading:
    middle = (low + high) / 2
    value = middle % 360 if unit.endswith("degrees") else middle
    return Reading(
        what=reading.what, at=reading.at, points=reading.points, value=round(value, 3), unit=unit,
        by=reading.by, uncertainty=round((high - low) / 2 + 0.001, 3),
    )  # fmt: skip
