"""IPTC-IIM records and the image resources of Photoshop that carry them.

Source: IPTC Information Interchange Model 4.2; Adobe Photoshop File Formats Specification, "Image Resources".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from verify.metadata.text import bounded

if TYPE_CHECKING:
    from collections.abc import Iterator

PHOTOSHOP = b"8BPS"
_IPTC = 0x0404
EXIF_RESOURCE = 0x0422
_MOST_BYTES = 32 << 20  # of all resources of a Photoshop document
_UTF8 = b"\x1b%G"
_MOST = 1000  # records, and resources
_NAMES = {
    5: "ObjectName", 7: "EditStatus", 10: "Urgency", 15: "Category", 20: "SupplementalCategories",
    25: "Keywords", 26: "ContentLocationCode", 27: "ContentLocationName", 30: "ReleaseDate",
    35: "ReleaseTime", 37: "ExpirationDate", 40: "SpecialInstructions", 55: "DateCreated", 60: "TimeCreated",
    62: "DigitalCreationDate", 63: "DigitalCreationTime", 65: "OriginatingProgram", 70: "ProgramVersion",
    80: "By-line", 85: "By-lineTitle", 90: "City", 92: "Sub-location", 95: "Province-State",
    100: "Country-Code", 101: "Country", 103: "OriginalTransmissionReference", 105: "Headline", 110: "Credit",
    115: "Source", 116: "CopyrightNotice", 118: "Contact", 120: "Caption-Abstract", 122: "Writer-Editor",
}  # fmt: skip


def resources(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of each image resource, as far as they are whole."""
    at = 0
    for _ in range(_MOST):
        if raw[at : at + 4] not in {b"8BIM", b"PHUT", b"AgHg", b"DCSR"} or at + 12 > len(raw):
            return
        number = int.from_bytes(raw[at + 4 : at + 6])
        named = raw[at + 6] + 1
        at += 6 + named + named % 2
        size = int.from_bytes(raw[at : at + 4])
        yield number, raw[at + 4 : at + 4 + size]
        at += 4 + size + size % 2


def photoshop(file: BinaryIO) -> bytes:
    """The image resources of a Photoshop document; empty where it is cut off before them."""
    file.seek(26)
    file.seek(int.from_bytes(file.read(4)), 1)
    return file.read(min(int.from_bytes(file.read(4)), _MOST_BYTES))


def iptc(raw: bytes) -> dict[str, str]:
    """The texts of IPTC records by name; a name that comes again is joined with "; "."""
    records = list(_records(raw))
    letters = "utf-8" if (1, 90, _UTF8) in records else "latin-1"
    found: dict[str, list[str]] = {}
    for record, number, value in records:
        if record == 2 and number in _NAMES:
            found.setdefault(_NAMES[number], []).append(_decoded(value, letters))
    return {name: bounded("; ".join(values)) for name, values in found.items()}


def from_resources(raw: bytes) -> dict[str, str]:
    """The IPTC texts in image resources."""
    return iptc(b"".join(value for number, value in resources(raw) if number == _IPTC))


def _records(raw: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    for _ in range(_MOST):
        if at + 5 > len(raw) or raw[at] != 0x1C:
            return
        size = int.from_bytes(raw[at + 3 : at + 5])
        if size & 0x8000:  # the length of the length, for records above 32 kB
            return
        yield raw[at + 1], raw[at + 2], raw[at + 5 : at + 5 + size]
        at += 5 + size


def _decoded(value: bytes, letters: str) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode(letters, "replace")
