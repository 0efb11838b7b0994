"""What XMP, IPTC and the texts of PNG, RIFF and Matroska files say, as the fields that cameras share.

EXIF and the container's own tags come first; these records are asked where those are silent, and their dates
stand beside the others.
"""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from verify.metadata import dates
from verify.metadata.position import Position, xmp
from verify.metadata.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

XMP, IPTC, TEXTS, ICC, BOXES = "xmp", "iptc", "texts", "icc", "boxes"
_MAKE = ((XMP, "tiff:Make"),)
_MODEL = ((XMP, "tiff:Model"),)
_SOFTWARE = (
    (XMP, "xmp:CreatorTool"),
    (XMP, "tiff:Software"),
    (TEXTS, "Software"),
    (TEXTS, "ISFT"),
    (TEXTS, "WritingApp"),
    (IPTC, "OriginatingProgram"),
)
_DATES = (
    ("taken", XMP, "exif:DateTimeOriginal"),
    ("taken", XMP, "photoshop:DateCreated"),
    ("taken", TEXTS, "Creation Time"),
    ("digitised", XMP, "exif:DateTimeDigitized"),
    ("digitised", XMP, "xmp:CreateDate"),
    ("digitised", XMP, "pdf:CreationDate"),
    ("modified", XMP, "xmp:ModifyDate"),
    ("modified", XMP, "tiff:DateTime"),
    ("modified", TEXTS, "tIME"),
    ("satellite", XMP, "exif:GPSTimeStamp"),
    ("container", TEXTS, "IDIT"),
    ("container", TEXTS, "ICRD"),
    ("container", TEXTS, "DateUTC"),
)
_IPTC_DATES = (
    ("taken", "DateCreated", "TimeCreated"),
    ("digitised", "DigitalCreationDate", "DigitalCreationTime"),
)
_LATITUDE, _LONGITUDE, _ORIENTATION = "exif:GPSLatitude", "exif:GPSLongitude", "tiff:Orientation"


class Records:
    """Reads the normalised fields from tables of texts by source and name."""

    def __init__(self, sources: Mapping[str, Mapping[str, str]]) -> None:
        """`sources` as in `Media.tags`; sources that are no records are not looked at."""
        self._sources = sources
        self.remarks: dict[str, str] = {}

    def make(self) -> str | None:
        """The maker of the device."""
        return self._first(_MAKE)

    def model(self) -> str | None:
        """The device."""
        return self._first(_MODEL)

    def software(self) -> str | None:
        """The program that says it wrote the file."""
        return self._first(_SOFTWARE)

    def position(self) -> Position | None:
        """Latitude and longitude in degrees."""
        latitude, longitude = self._text(XMP, _LATITUDE), self._text(XMP, _LONGITUDE)
        if not latitude or not longitude:
            return None
        try:
            return xmp(latitude, longitude)
        except ValueError as error:
            self.remarks[_LATITUDE] = f"the position is not used: {error}"
            return None

    def orientation(self) -> int | None:
        """EXIF's orientation, 1 to 8."""
        text = self._text(XMP, _ORIENTATION)
        return int(text) if text in set("12345678") else None

    def dates(self) -> Iterator[tuple[str, str, str, datetime]]:
        """Kind, source, name and instant of each date."""
        for kind, source, name in _DATES:
            if text := self._text(source, name):
                yield from self._dated(kind, source, name, text)
        for kind, day, clock in _IPTC_DATES:
            if text := self._text(IPTC, day):
                yield from self._dated(kind, IPTC, day, _iptc(text, self._text(IPTC, clock)))

    def _dated(
        self, kind: str, source: str, name: str, text: str
    ) -> Iterator[tuple[str, str, str, datetime]]:
        try:
            yield kind, source, name, _when(text)
        except (ValueError, OverflowError) as error:
            self.remarks[f"{source}: {name}"] = f"{text[:80]!r} is not used: {error}"

    def _text(self, source: str, name: str) -> str:
        return plain(self._sources.get(source, {}).get(name, ""))

    def _first(self, names: tuple[tuple[str, str], ...]) -> str | None:
        return next((text for source, name in names if (text := self._text(source, name))), None)


def _when(text: str) -> datetime:
    """ISO 8601, EXIF's form, or the form of mail (RFC 5322), which PNG recommends."""
    try:
        return dates.iso(text)
    except ValueError as error:
        if "," not in text:
            raise
        try:
            when = parsedate_to_datetime(text)
        except (TypeError, ValueError, IndexError):
            raise error from None
        return dates.iso((when if when.tzinfo else when.replace(tzinfo=UTC)).isoformat())


def _iptc(day: str, clock: str) -> str:
    """`20230503` and `023700+0300` as ISO 8601."""
    date = f"{day[:4]}-{day[4:6]}-{day[6:8]}" if day.isdigit() and len(day) == 8 else day
    if not clock:
        return date
    time = f"{clock[:2]}:{clock[2:4]}:{clock[4:6]}"
    zone = clock[6:]
    return f"{date}T{time}{zone[:3]}:{zone[3:]}" if len(zone) == 5 else f"{date}T{time}{zone}"
