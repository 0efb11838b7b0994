"""How a JPEG picture is put together: order of its segments, tables, subsampling, what lies behind its end.

Cameras and programs write the segments in an order of their own, with quantisation tables of their own; a
picture saved again carries those of the program that saved it last. Tables that are the standard's, scaled
(ITU-T T.81, annex K; the Independent JPEG Group's library), are given with the quality that scales them so;
for others the nearest quality is named and called an estimate.

Limits: many programs and platforms share tables and order, so these exclude a writer sooner than they name
one; quality names how finely the last writer quantised, not how often the picture was saved. Error rates:
none for the tables, which are read; the estimated quality is only a description.

Sources: ITU-T T.81, annexes B and K; the Independent JPEG Group's library (jcparam.c).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from verify.metadata.cursor import code
from verify.metadata.picture.jpeg_tables import HUFFMAN, ijg_quality
from verify.metadata.text import bounded

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # not a stuffed byte, a restart or padding
_NAMES = {0xC4: "DHT", 0xD8: "SOI", 0xD9: "EOI", 0xDA: "SOS", 0xDB: "DQT", 0xDD: "DRI", 0xFE: "COM"}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_CODING = {
    0xC0: "baseline", 0xC1: "extended", 0xC2: "progressive", 0xC3: "lossless", 0xC9: "arithmetic",
    0xCA: "arithmetic progressive",
}  # fmt: skip
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_MORE_XMP = b"http://ns.adobe.com/xmp/extension/\0"
_PHOTOSHOP = b"Photoshop 3.0\0"
_ICC = b"ICC_PROFILE\0"
_MOST_SEGMENTS = 2000
_MOST_XMP = 16 << 20  # bytes that extended XMP may declare


@dataclass(slots=True)
class Jpeg:
    """What the segments hold: `facts` for the report, and the records that others read."""

    facts: dict[str, object] = field(default_factory=dict)
    xmp: list[bytes] = field(default_factory=list)
    photoshop: bytes = b""  # image resources, put together
    icc: bytes = b""
    comments: list[bytes] = field(default_factory=list)


def jpeg(raw: bytes) -> Jpeg | None:
    """The segments of a JPEG file, or None where it is none. Never raises."""
    if raw[:2] != b"\xff\xd8":
        return None
    read = _Reading(raw)
    read.run()
    return read.told()


class _Reading:
    def __init__(self, raw: bytes) -> None:
        self.raw, self.at = raw, 2
        self.order = ["SOI"]
        self.notes: list[str] = []
        self.facts: dict[str, object] = {}
        self.tables: dict[int, list[int]] = {}
        self.huffman: list[bytes] = []
        self.scans = 0
        self.out = Jpeg()
        self.more: dict[bytes, list[tuple[int, int, bytes]]] = {}
        self.profile: dict[int, bytes] = {}
        self.resources: list[bytes] = []

    def run(self) -> None:
        """Read segment after segment up to the end of the picture."""
        while len(self.order) < _MOST_SEGMENTS:
            found = _MARKER.search(self.raw, self.at)
            if found is None:
                self.notes.append("the picture has no end marker: it is cut off")
                return
            if found.start() > self.at and self.order[-1] != "SOS":
                self.notes.append(f"{found.start() - self.at} bytes between segments, at byte {self.at}")
            marker = self.raw[found.start() + 1]
            self.at = found.end()
            if marker == 0xD9:
                self.order.append("EOI")
                self._behind()
                return
            if marker in {0xD8, 0x01}:
                self.order.append(_NAMES.get(marker, "TEM"))
                continue
            size = int.from_bytes(self.raw[self.at : self.at + 2])
            body = self.raw[self.at + 2 : self.at + size]
            if size < 2 or len(body) < size - 2:
                self.notes.append(f"the segment at byte {found.start()} declares {size} bytes and is cut off")
            self.at += max(2, size)
            self.order.append(self._segment(marker, body))
        self.notes.append(f"only the first {_MOST_SEGMENTS} segments were read")

    def _segment(self, marker: int, body: bytes) -> str:
        if marker == 0xDB:
            self._quantisation(body)
        elif marker == 0xC4:
            self.huffman += _huffman(body)
        elif marker == 0xDA:
            self.scans += 1
        elif marker == 0xDD:
            self.facts["restart_interval"] = int.from_bytes(body[:2])
        elif marker == 0xFE:
            self.out.comments.append(body[:4096])
        elif marker in _FRAMES:
            self._frame(marker, body)
            return f"SOF{marker - 0xC0}"
        elif 0xE0 <= marker <= 0xEF:
            return f"APP{marker - 0xE0} {self._application(marker, body)}".rstrip()
        return _NAMES.get(marker, f"{marker:02X}")

    def _application(self, marker: int, body: bytes) -> str:
        if marker == 0xE1 and body.startswith(_XMP):
            self.out.xmp.append(body[len(_XMP) :])
            return "XMP"
        if marker == 0xE1 and body.startswith(_MORE_XMP):
            rest = body[len(_MORE_XMP) :]
            whole, start = int.from_bytes(rest[32:36]), int.from_bytes(rest[36:40])
            self.more.setdefault(rest[:32], []).append((start, whole, rest[40:]))
            return "extended XMP"
        if marker == 0xED and body.startswith(_PHOTOSHOP):
            self.resources.append(body[len(_PHOTOSHOP) :])
            return "Photoshop"
        if marker == 0xE2 and body.startswith(_ICC):
            self.profile.setdefault(body[len(_ICC)] if len(body) > len(_ICC) else 0, body[len(_ICC) + 2 :])
            return "ICC"
        if marker == 0xEB and body[:2] == b"JP":
            return "JUMBF"
        name = body[:24].split(b"\0", 1)[0]
        return name.decode("latin-1") if name.isalnum() else code(body[:4])

    def _quantisation(self, body: bytes) -> None:
        while body:
            wide = 1 + (body[0] >> 4 > 0)
            values = body[1 : 1 + 64 * wide]
            if len(values) < 64 * wide:
                self.notes.append("a quantisation table is cut off")
                return
            numbers = [int.from_bytes(values[n : n + wide]) for n in range(0, 64 * wide, wide)]
            self.tables[body[0] & 15] = numbers
            body = body[1 + 64 * wide :]

    def _frame(self, marker: int, body: bytes) -> None:
        self.facts["coding"] = _CODING.get(marker, f"SOF{marker - 0xC0}")
        if len(body) < 6:
            return
        self.facts["bit_depth"] = body[0]
        self.facts["width"], self.facts["height"] = int.from_bytes(body[3:5]), int.from_bytes(body[1:3])
        parts = [body[6 + 3 * n : 9 + 3 * n] for n in range(min(body[5], 4))]
        if all(len(part) == 3 for part in parts):
            self.facts["components"] = [part[0] for part in parts]
            self.facts["sampling"] = [f"{part[1] >> 4}x{part[1] & 15}" for part in parts]
            self.facts["subsampling"] = _subsampling([(part[1] >> 4, part[1] & 15) for part in parts])

    def _behind(self) -> None:
        rest = len(self.raw) - self.at
        if rest:
            begins = self.raw[self.at : self.at + 16]
            known = "JPEG" if begins[:2] == b"\xff\xd8" else "mp4" if begins[4:8] == b"ftyp" else None
            self.facts["after_end"] = {"bytes": rest, "offset": self.at, "begins": begins.hex(), "is": known}

    def told(self) -> Jpeg:
        """Everything that was read."""
        facts = self.facts
        facts["order"] = self.order
        facts["scans"] = self.scans
        facts["tables"] = [
            {"table": number, "zigzag": values, **ijg_quality(values, chroma=number > 0)}
            for number, values in sorted(self.tables.items())
        ]
        raw = b"".join(v.to_bytes(2) for n in sorted(self.tables) for v in self.tables[n])
        facts["tables_sha256"] = hashlib.sha256(raw).hexdigest() if raw else None
        standard = [table[1:] in HUFFMAN for table in self.huffman]
        facts["huffman"] = None if not standard else "standard" if all(standard) else "optimised"
        if self.out.comments:
            facts["comments"] = [bounded(text.decode("utf-8", "replace")) for text in self.out.comments[:8]]
        if self.notes:
            facts["notes"] = self.notes[:32]
        self.out.facts = facts
        self.out.photoshop = b"".join(self.resources)
        self.out.xmp += _joined(self.more)
        self.out.icc = b"".join(self.profile[number] for number in sorted(self.profile))
        return self.out


def _huffman(body: bytes) -> Iterator[bytes]:
    """Each table: its class and number, how many codes of each length, the values."""
    while len(body) >= 17:
        size = 17 + sum(body[1:17])
        yield body[:size]
        body = body[size:]


def _subsampling(factors: list[tuple[int, int]]) -> str | None:
    """The usual name of the chroma's sampling: 4:4:4, 4:2:2, 4:2:0, 4:4:0, 4:1:1; None for others."""
    if len(factors) != 3 or factors[1] != factors[2] or 0 in factors[1]:
        return None
    across, down = Fraction(factors[0][0], factors[1][0]), Fraction(factors[0][1], factors[1][1])
    names: dict[tuple[Fraction | int, Fraction | int], str]
    names = {(1, 1): "4:4:4", (2, 1): "4:2:2", (2, 2): "4:2:0", (1, 2): "4:4:0", (4, 1): "4:1:1"}
    return names.get((across, down))


def _joined(parts: dict[bytes, list[tuple[int, int, bytes]]]) -> Iterator[bytes]:
    """Extended XMP, put together by the places that its parts declare (XMP specification part 3, 1.1.3.1)."""
    for pieces in list(parts.values())[:4]:
        whole = min(pieces[0][1], sum(len(piece) for _, _, piece in pieces), _MOST_XMP)
        text = bytearray(whole)
        for start, _, piece in pieces:
            if start < whole:
                text[start : start + len(piece)] = piece[: whole - start]
        yield bytes(text)
