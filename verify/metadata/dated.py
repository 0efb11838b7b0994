"""Every date that a file states, gathered in one list for whoever compares them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.metadata.container import CLOCKS, Container, container, key
from verify.metadata.picture.exif import Exif
from verify.metadata.records import ICC, IPTC, TEXTS, XMP, Records

if TYPE_CHECKING:
    from datetime import datetime

    from verify.model import Media

EXIF = "exif"
REMARKS = "not used"
RECORDS = {EXIF, REMARKS, XMP, IPTC, TEXTS, ICC}  # sources of tags that are no container's


@dataclass(frozen=True, slots=True)
class Dated:
    """One date of a file. Without a zone, it may be UTC or the local time of a device."""

    kind: str  # taken, digitised, modified, satellite, container
    source: str  # "exif", "container", "stream 0 (video)"
    name: str  # the tag's
    when: datetime


_EXIF_DATES = (
    ("taken", "EXIF DateTimeOriginal", "EXIF SubSecTimeOriginal", "EXIF OffsetTimeOriginal"),
    ("digitised", "EXIF DateTimeDigitized", "EXIF SubSecTimeDigitized", "EXIF OffsetTimeDigitized"),
    ("modified", "Image DateTime", "EXIF SubSecTime", "EXIF OffsetTime"),
)


def exif_dates(exif: Exif) -> tuple[Dated, ...]:
    """The dates of a picture: taken, digitised, modified, and the satellites'."""
    found = [
        Dated(kind, EXIF, name, when)
        for kind, name, fraction, offset in _EXIF_DATES
        if (when := exif.date(name, fraction, offset)) is not None
    ]
    satellite = exif.gps_date()
    return (*found, Dated("satellite", EXIF, "GPS GPSDate", satellite)) if satellite else tuple(found)


def container_dates(tags: Container) -> tuple[Dated, ...]:
    """The dates of a video: Apple's with its zone, then those of the container and the streams."""
    return tuple(
        Dated(_KINDS.get(key(name), "taken"), source, name, when) for source, name, when in tags.dates()
    )


_KINDS = {**dict.fromkeys(CLOCKS, "container"), "modified": "modified"}


def record_dates(records: Records) -> tuple[Dated, ...]:
    """The dates of XMP, IPTC and the texts of PNG and RIFF files."""
    return tuple(Dated(*found) for found in records.dates())


def declared(media: Media) -> tuple[Dated, ...]:
    """Every date that the file states and that can be one, from the tags that `read` gave."""
    own = {source: tags for source, tags in media.tags.items() if source not in RECORDS}
    named = container(own, str(media.container.get("format", "")))
    own_dates = exif_dates(Exif(media.tags.get(EXIF, {})))
    return own_dates + record_dates(Records(media.tags)) + container_dates(named)
