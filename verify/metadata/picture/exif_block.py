"""How the EXIF of a JPEG picture lies in its bytes: which parts follow which, and what is left between them.

Cameras leave gaps, put values before or behind each other in ways of their own and end with filler. A
program that rewrites EXIF lays it out anew: ExifTool puts each directory's values behind it in the order of
the tags, on even places, without gaps, in the order IFD0, EXIF, Interoperability, GPS, thumbnail (its source,
WriteExif.pl; measured on 247 camera files before and after it changed a date).

Source: CIPA DC-008 (EXIF), TIFF 6.0.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_HEAD = 4 << 20  # bytes of a picture in which its segments are looked for
_SEGMENTS = 1000
_ENTRIES = 400  # of one directory; cameras write up to 60
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_POINTERS = {0x8769: "exif", 0x8825: "gps", 0xA005: "interoperability"}
_ORDER = ("ifd0", "exif", "interoperability", "gps", "ifd1")
_THUMBNAIL, _THUMBNAIL_SIZE, _MAKER_NOTE = 0x0201, 0x0202, 0x927C
_FACEBOOK = b"FBMD"  # how the special instructions begin that Facebook writes into the IPTC record
_NAMES = {0xC4: "DHT", 0xDB: "DQT", 0xDA: "SOS", 0xDD: "DRI", 0xFE: "COM"}
_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}


@dataclass(frozen=True, slots=True)
class Jpeg:
    """The segments of a JPEG file before its picture data."""

    segments: tuple[
        str, ...
    ]  # "APP1 Exif", "DQT", ...: marker and, of APP segments and comments, the beginning
    size: tuple[int, int] | None = None  # width, height as coded
    exif: ExifBlock | None = None

    @property
    def repacked(self) -> bool:
        """Whether the EXIF block lies as ExifTool lays it, down to its end."""
        return self.exif is not None and self.exif.repacked and self.exif.left <= 1

    @property
    def jfif(self) -> bool:
        """Whether there is a JFIF segment, which EXIF excludes and most cameras leave out."""
        return any(name.startswith("APP0 JFIF") for name in self.segments)


@dataclass(frozen=True, slots=True)
class ExifBlock:
    """What the layout of an EXIF block tells."""

    repacked: bool  # laid out as ExifTool lays it, to the byte
    left: int  # bytes behind the last part, a preview picture that lies there not counted
    maker_note: bytes = b""  # its first bytes, which name its maker


def jpeg(path: Path) -> Jpeg | None:
    """The segments of the file, or None where it is no JPEG or cannot be read. Never raises."""
    try:
        with path.open("rb") as file:
            data = file.read(_HEAD)
    except OSError:
        return None
    return _segments(data) if data.startswith(b"\xff\xd8\xff") else None


def _segments(data: bytes) -> Jpeg:
    found: list[str] = []
    size, block, at = None, None, 2
    while at + 4 <= len(data) and data[at] == 0xFF and len(found) < _SEGMENTS:
        marker = data[at + 1]
        if marker == 0xFF:  # filler before a marker
            at += 1
            continue
        length = int.from_bytes(data[at + 2 : at + 4])
        body = data[at + 4 : at + 2 + max(2, length)]
        found.append(_label(marker, body))
        if marker in _FRAMES and len(body) >= 5:
            size = (int.from_bytes(body[3:5]), int.from_bytes(body[1:3]))
        if marker == 0xE1 and block is None and body.startswith(b"Exif\0\0"):
            block = exif_block(body[6:])
        if marker == 0xDA or length < 2:
            break
        at += 2 + length
    return Jpeg(tuple(found), size, block)


def _label(marker: int, body: bytes) -> str:
    if 0xE0 <= marker < 0xF0:
        mark = " FBMD" if marker == 0xED and _FACEBOOK in body else ""
        return f"APP{marker - 0xE0} {_text(body)}{mark}".strip()
    if marker in _FRAMES:
        return f"SOF{marker - 0xC0}"
    name = _NAMES.get(marker, f"{marker:02X}")
    return f"{name} {_text(body)}".strip() if marker == 0xFE else name


def _text(body: bytes) -> str:
    text = body[:40].split(b"\0", 1)[0].decode("latin-1")
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def exif_block(data: bytes) -> ExifBlock | None:
    """What the layout of an EXIF block (a TIFF header and what follows) tells, or None where it is broken."""
    try:
        return _Block(data).read()
    except (struct.error, IndexError):
        return None


class _Block:
    """One reading of a block: the parts, each with its first byte and the byte behind it."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._order = {b"II": "<", b"MM": ">"}.get(data[:2], "")
        self._parts: list[tuple[int, int, str, int]] = []  # start, end, directory, tag or -1
        self._sorted = True
        self._note = b""

    def read(self) -> ExifBlock | None:
        if not self._order:
            return None
        self._directory("ifd0", self._number("I", 4))
        parts = sorted(self._parts)
        end = max((part[1] for part in parts), default=8)
        # ExifTool puts the large preview of some maker notes last; what lies there is a picture, not filler.
        preview = self._data[end + end % 2 :].startswith(b"\xff\xd8")
        return ExifBlock(self._repacked(parts), 0 if preview else max(0, len(self._data) - end), self._note)

    def _number(self, kind: str, at: int) -> int:
        return int(struct.unpack_from(self._order + kind, self._data, at)[0])

    def _directory(self, name: str, at: int) -> None:
        count = self._number("H", at)
        if at < 8 or count > _ENTRIES or any(part[2] == name and part[3] < 0 for part in self._parts):
            raise IndexError(at)
        self._parts.append((at, at + 6 + 12 * count, name, -1))
        tags, thumbnail, length = [], 0, 0
        for entry in range(at + 2, at + 2 + 12 * count, 12):
            tag, value = self._number("H", entry), self._number("I", entry + 8)
            size = _SIZES.get(self._number("H", entry + 2), 1) * self._number("I", entry + 4)
            tags.append(tag)
            if size > 4:
                self._parts.append((value, value + size, name, tag))
            if tag == _MAKER_NOTE and name == "exif":
                self._note = self._data[value : value + min(size, 32)]
            if tag in _POINTERS:
                self._directory(_POINTERS[tag], value)
            thumbnail = value if tag == _THUMBNAIL else thumbnail
            length = value if tag == _THUMBNAIL_SIZE else length
        self._sorted = self._sorted and tags == sorted(tags)
        if thumbnail and length:
            self._parts.append((thumbnail, thumbnail + length, "thumbnail", 0))
        after = self._number("I", at + 2 + 12 * count)
        if name == "ifd0" and after:
            self._directory("ifd1", after)

    def _repacked(self, parts: list[tuple[int, int, str, int]]) -> bool:
        end, last = 8, dict.fromkeys((*_ORDER, "thumbnail"), -1)
        for start, stop, name, tag in parts:
            if start != end + end % 2 or tag < last[name]:
                return False
            end, last[name] = stop, tag
        order = [name for _, _, name, tag in parts if tag < 0]
        return self._sorted and order == [name for name in _ORDER if name in order]
