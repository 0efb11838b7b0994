"""EXIF made by hand, byte by byte, so that what is read back is known."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

# A value's Python type says how it is stored: str ASCII, int SHORT, list of pairs RATIONAL, bytes UNDEFINED.
Value = str | int | bytes | list[tuple[int, int]]

MAKE, MODEL, ORIENTATION, SOFTWARE, MODIFIED = 0x010F, 0x0110, 0x0112, 0x0131, 0x0132
XMP = 0x02BC
TAKEN, DIGITISED, OFFSET_TAKEN, SUBSEC_TAKEN, MAKER_NOTE = 0x9003, 0x9004, 0x9011, 0x9291, 0x927C
LATITUDE_REF, LATITUDE, LONGITUDE_REF, LONGITUDE, GPS_TIME, GPS_DATE = 1, 2, 3, 4, 7, 29


def jpeg(
    path: Path,
    rgb: NDArray[np.uint8],
    image: Mapping[int, Value] | None = None,
    exif: Mapping[int, Value] | None = None,
    gps: Mapping[int, Value] | None = None,
    thumbnail: bytes | None = None,
) -> Path:
    """Write a JPEG with these tags and this preview."""
    payload = tiff(image or {}, exif or {}, gps or {}, thumbnail)
    Image.fromarray(rgb).save(path, "JPEG", quality=90, exif=b"Exif\0\0" + payload)
    return path


def encoded(rgb: NDArray[np.uint8]) -> bytes:
    """The pixels as a JPEG."""
    buffer = BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def tiff(
    image: Mapping[int, Value],
    exif: Mapping[int, Value],
    gps: Mapping[int, Value],
    thumbnail: bytes | None,
) -> bytes:
    """A little-endian TIFF structure: IFD0 with its EXIF and GPS parts, and IFD1 with the preview."""
    body = b"II*\0" + struct.pack("<I", 8)
    # IFD0 comes first, with room for the pointers; where the parts lie is known from the sizes.
    pointers = {tag: 0 for tag, part in ((0x8769, exif), (0x8825, gps)) if part}
    size = len(_ifd({**image, **pointers}, 8, 0))
    at = 8 + size
    parts = b""
    for tag, part in ((0x8769, exif), (0x8825, gps)):
        if part:
            pointers[tag] = at + len(parts)
            parts += _ifd(part, at + len(parts), 0)
    following = at + len(parts) if thumbnail is not None else 0
    if thumbnail is not None:
        length = len(_ifd({0x0103: 6, 0x0201: 0, 0x0202: 0}, following, 0))
        parts += (
            _ifd({0x0103: 6, 0x0201: following + length, 0x0202: len(thumbnail)}, following, 0) + thumbnail
        )
    return body + _ifd({**image, **pointers}, 8, following) + parts


def _ifd(tags: Mapping[int, Value], at: int, following: int) -> bytes:
    entries, data = b"", b""
    beyond = at + 2 + 12 * len(tags) + 4
    for tag in sorted(tags):
        kind, count, raw = _stored(tag, tags[tag])
        if len(raw) > 4:
            entries += struct.pack("<HHII", tag, kind, count, beyond + len(data))
            data += raw + b"\0" * (len(raw) % 2)
        else:
            entries += struct.pack("<HHI", tag, kind, count) + raw.ljust(4, b"\0")
    return struct.pack("<H", len(tags)) + entries + struct.pack("<I", following) + data


def _stored(tag: int, value: Value) -> tuple[int, int, bytes]:
    if isinstance(value, str):
        raw = value.encode() + b"\0"
        return 2, len(raw), raw
    if isinstance(value, bytes):
        return 7, len(value), value
    if isinstance(value, int):
        return (4, 1, struct.pack("<I", value)) if tag in {0x8769, 0x8825, 0x0201, 0x0202} else (
            3, 1, struct.pack("<H", value))  # fmt: skip
    return 5, len(value), b"".join(struct.pack("<II", *pair) for pair in value)
