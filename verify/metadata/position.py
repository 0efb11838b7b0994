"""Positions as files write them: EXIF's degrees, minutes and seconds, and ISO 6709 strings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_DECIMALS = 6  # of a degree: 0.1 m, finer than any phone's fix
_ISO6709 = re.compile(r"\s*([+-])(\d+(?:\.\d+)?)([+-])(\d+(?:\.\d+)?)")

Position = tuple[float, float]


def degrees(parts: Sequence[float], reference: str, letters: str) -> float:
    """Degrees from up to three parts and a hemisphere; `letters` is "NS" or "EW".

    Raises:
        ValueError: a part is missing or impossible, or the hemisphere is not named.
    """
    if not 1 <= len(parts) <= 3:
        raise ValueError("not degrees, minutes and seconds")
    hemisphere = reference.strip()[:1].upper()
    if not hemisphere or hemisphere not in letters:
        raise ValueError("the hemisphere is not named")
    value = sum((part / 60.0**power for power, part in enumerate(parts)), 0.0)
    if any(part < 0 for part in parts):
        raise ValueError("a negative part")
    return -value if hemisphere == letters[1] else value


def position(latitude: float, longitude: float) -> Position:
    """Latitude and longitude in degrees, rounded to what can have been measured.

    Raises:
        ValueError: outside the globe, or the zero that is written without a fix.
    """
    if not abs(latitude) <= 90 or not abs(longitude) <= 180:
        raise ValueError("outside the globe")
    if latitude == 0 and longitude == 0:
        raise ValueError("0, 0, which devices write where they have no fix")
    return round(latitude, _DECIMALS), round(longitude, _DECIMALS)


def xmp(latitude: str, longitude: str) -> Position:
    """A position as XMP writes it: degrees and minutes, or degrees, minutes and seconds: `55,45.15N`.

    Source: XMP specification part 2, 3.2 (GPSCoordinate).

    Raises:
        ValueError: it is no such text, or an impossible place.
    """
    return position(_letters(latitude, "NS"), _letters(longitude, "EW"))


def _letters(text: str, letters: str) -> float:
    text = text.strip()
    return degrees([float(part) for part in text[:-1].split(",")], text[-1:], letters)


def iso6709(text: str) -> Position:
    """A position as QuickTime and Android files write it: `+55.7525+037.6175+150.000/`.

    ISO 6709, annex H: the number of digits before the point says whether they are degrees, degrees and
    minutes, or degrees, minutes and seconds.

    Raises:
        ValueError: it is no such string, or an impossible place.
    """
    found = _ISO6709.match(text)
    if found is None:
        raise ValueError("not a position")
    latitude = _sexagesimal(found[1], found[2], 2)
    longitude = _sexagesimal(found[3], found[4], 3)
    return position(latitude, longitude)


def _sexagesimal(sign: str, digits: str, width: int) -> float:
    whole = len(digits.split(".")[0])
    if whole <= width:
        value = float(digits)
    elif whole == width + 2:
        value = int(digits[:width]) + float(digits[width:]) / 60
    elif whole == width + 4:
        value = int(digits[:width]) + int(digits[width : width + 2]) / 60 + float(digits[width + 2 :]) / 3600
    else:
        raise ValueError("not a position")
    return -value if sign == "-" else value
