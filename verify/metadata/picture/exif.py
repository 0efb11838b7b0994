"""EXIF of still pictures, read with exifread: what the camera or a program wrote into the file.

Every value is a claim of the file. Values that cannot be (month 13, latitude 200) are left out of the
normalised fields and named in the remarks; the text as written stays among the tags.
"""

from __future__ import annotations

import logging
import re
import struct
from dataclasses import dataclass, field
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

import exifread
from exifread.core.exceptions import ExifError

from verify.metadata import dates
from verify.metadata.picture.iptc import EXIF_RESOURCE, PHOTOSHOP, photoshop, resources
from verify.metadata.position import Position, degrees, position
from verify.metadata.text import binary, plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path
    from typing import BinaryIO

# exifread warns of every picture without EXIF; without a handler that lands on the user's terminal.
logging.getLogger("exifread").addHandler(logging.NullHandler())

# What exifread lets through on malformed files: it indexes, unpacks and divides as it parses.
_FOREIGN = (
    ExifError, ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, MemoryError, OSError,
    RuntimeError, TypeError, ValueError, struct.error,
)  # fmt: skip
_READS = 200_000  # of the file by exifread; a camera's file took 34,000
_CHUNKS = 10_000  # of a WebP file; an animation has one a frame
_MANY = 64  # list values; longer ones are tables and blobs, which no reader reads
_NUMBER = re.compile(r"-?\d+(?:/\d+)?")
_THUMBNAILS = ("JPEGThumbnail", "TIFFThumbnail")


@dataclass(slots=True)
class Exif:
    """What a picture's EXIF says, and what of it could not be used."""

    tags: Mapping[str, str] = field(default_factory=dict)  # exifread's name -> text
    remarks: dict[str, str] = field(default_factory=dict)  # name -> why it was not used

    def text(self, name: str) -> str:
        """A tag's text without control characters and outer blanks; "" where it is missing."""
        return plain(self.tags.get(name, ""))

    def numbers(self, name: str) -> list[float]:
        """A tag's numbers; empty where one of them is no finite number."""
        try:
            return [float(Fraction(number)) for number in _NUMBER.findall(self.tags.get(name, ""))]
        except (ValueError, ZeroDivisionError, OverflowError):
            return []

    def date(self, name: str, fraction: str, offset: str) -> datetime | None:
        """The date under `name`; one that cannot be used is remarked."""
        if not (written := self.text(name)):
            return None
        try:
            return dates.exif(written, self.text(fraction), self.text(offset))
        except (ValueError, OverflowError) as error:
            self.remarks[name] = f"{written[:80]!r} is not used: {error}"
            return None

    def gps_date(self) -> datetime | None:
        """The satellites' time, UTC."""
        day, clock = self.text("GPS GPSDate"), self.numbers("GPS GPSTimeStamp")
        if not day or len(clock) != 3:
            return None
        try:
            return dates.gps(day, *clock)
        except (ValueError, OverflowError) as error:
            self.remarks["GPS GPSDate"] = f"{day[:80]!r} is not used: {error}"
            return None

    def position(self) -> Position | None:
        """Latitude and longitude in degrees."""
        name = "GPS GPSLatitude"
        if name not in self.tags and "GPS GPSLongitude" not in self.tags:
            return None
        try:
            return position(
                degrees(self.numbers(name), self.text(f"{name}Ref"), "NS"),
                degrees(self.numbers("GPS GPSLongitude"), self.text("GPS GPSLongitudeRef"), "EW"),
            )
        except ValueError as error:
            self.remarks[name] = f"the position is not used: {error}"
            return None

    def orientation(self) -> int | None:
        """EXIF's orientation, 1 to 8."""
        numbers = self.numbers("Image Orientation")
        if not numbers:
            return None
        if numbers[0] in range(1, 9):
            return int(numbers[0])
        self.remarks["Image Orientation"] = f"{numbers[0]:g} is not used: orientations are 1 to 8"
        return None


class _Metered:
    """A file that refuses after too many readings: exifread believes any length that a list declares."""

    def __init__(self, file: BinaryIO) -> None:
        self.seek, self.tell = file.seek, file.tell
        self._file, self._left = file, _READS

    def read(self, size: int = -1) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise OSError(f"more than {_READS} readings: a list in it declares a false length")
        return self._file.read(size)


def _webp_exif(file: BinaryIO) -> BinaryIO | None:
    """The EXIF chunk of a WebP picture; exifread expects a prefix there that the format does not have."""
    head = file.read(12)
    found = None
    if head[:4] == b"RIFF" and head[8:] == b"WEBP":
        found = BytesIO()
        for _ in range(_CHUNKS):
            chunk = file.read(8)
            size = int.from_bytes(chunk[4:], "little")
            if len(chunk) < 8:
                break
            if chunk[:4] == b"EXIF":
                found = BytesIO(file.read(size).removeprefix(b"Exif\0\0"))
                break
            file.seek(size + size % 2, 1)
    file.seek(0)
    return found


def _photoshop_exif(file: BinaryIO) -> BinaryIO | None:
    """The EXIF among a Photoshop document's image resources."""
    found = dict(resources(photoshop(file))).get(EXIF_RESOURCE) if file.read(4) == PHOTOSHOP else None
    file.seek(0)
    return BytesIO(found) if found else None


def exif(path: Path) -> Exif:
    """EXIF of a JPEG, TIFF, HEIC, PNG, WebP or JPEG XL picture; empty where there is none. Never raises."""
    values, problem = _process(path)
    tags = {name: _text(name, tag) for name, tag in values.items()}
    return Exif(tags, {"EXIF": f"could not be read in full: {problem}"} if problem else {})


def thumbnail(path: Path) -> bytes | None:
    """The small picture that the EXIF carries, as JPEG or TIFF bytes; None where there is none."""
    values, _ = _process(path)
    for name in _THUMBNAILS:
        found = values.get(name)
        if isinstance(found, bytes) and found:
            return found
    return None


def _process(path: Path) -> tuple[dict[str, Any], str]:
    # Maker notes are what breaks most often; without them the rest can still be read.
    problem = ""
    for details in (True, False):
        try:
            with path.open("rb") as file:
                metered = cast("BinaryIO", _Metered(_webp_exif(file) or _photoshop_exif(file) or file))
                return dict(exifread.process_file(metered, details=details)), problem
        except _FOREIGN as error:
            problem = problem or plain(f"{type(error).__name__} {error}")[:200]
    return {}, problem


def _bytes(values: Any) -> bool:
    # A file may declare numbers of any kind, or text, where bytes belong.
    return isinstance(values, list) and all(isinstance(value, int) and 0 <= value < 256 for value in values)


def _text(name: str, tag: Any) -> str:
    if isinstance(tag, bytes):
        return binary(len(tag))
    values = tag.values
    if name == "Image ApplicationNotes" and _bytes(values):  # XMP
        return bytes(values).decode("utf-8", "replace")
    if isinstance(values, bytes) or name == "EXIF MakerNote":
        return binary(len(values))
    if isinstance(values, list) and len(values) > _MANY and str(tag).startswith("["):
        return binary(len(values)) if tag.field_length <= len(values) else f"{len(values)} numbers"
    if name == "Image Orientation" and values:
        return f"{values[0]} ({tag})"
    return values if isinstance(values, str) else str(tag)
