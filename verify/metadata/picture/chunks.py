"""Chunks of PNG, and of RIFF files (WebP, AVI, WAV): their order, texts, and what other records they carry.

Sources: the PNG specification (third edition), 11.3; Microsoft's RIFF and AVI formats; the WebP container
specification.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from verify.metadata.cursor import code
from verify.metadata.text import bounded, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

PNG = b"\x89PNG\r\n\x1a\n"
_MOST = 20_000  # chunks
_LISTED = 200  # of their names in the report
_MOST_PACKETS = 4
_MOST_TEXT = 4 << 20  # bytes of one chunk that is kept, and of one unpacked
_TEXTS = {b"tEXt", b"zTXt", b"iTXt", b"tIME", b"iCCP"}
_XMP = "XML:com.adobe.xmp"
_LISTS = {b"RIFF", b"LIST"}
_RECORDS = {b"XMP ", b"_PMX", b"ICCP", b"IDIT"}
_SKIPPED = {b"movi", b"rec "}  # lists of pictures and sound


@dataclass(slots=True)
class Chunks:
    """What was read: `facts` for the report, texts, and the records that others read."""

    facts: dict[str, object] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    xmp: list[bytes] = field(default_factory=list)
    icc: bytes = b""
    iptc: bytes = b""
    left: int = 16 << 20  # bytes that may still be unpacked: a small chunk must not become a large text

    def packet(self, raw: bytes) -> None:
        """Keep an XMP packet, as long as there are few."""
        if len(self.xmp) < _MOST_PACKETS:
            self.xmp.append(raw)


def png(file: BinaryIO) -> Chunks:
    """The chunks of a PNG file, from behind its signature on. Pictures are not read."""
    out = Chunks()
    order: list[str] = []
    for _ in range(_MOST):
        head = file.read(8)
        if len(head) < 8:
            out.facts["notes"] = ["the picture has no end chunk: it is cut off"]
            break
        size, kind = int.from_bytes(head[:4]), head[4:]
        order.append(code(kind))
        if kind in _TEXTS and size <= _MOST_TEXT:
            _png_text(kind, file.read(size), out)
            file.seek(4, 1)
        else:
            file.seek(size + 4, 1)
        if kind == b"IEND":
            rest = file.read(16)
            if rest:
                out.facts["after_end"] = {"bytes": len(rest) + _left(file), "begins": rest.hex()}
            break
    out.facts["order"] = list(folded(order))[:_LISTED]
    return out


def folded(order: list[str]) -> Iterator[str]:
    """Names with neighbours of one name counted: IDAT x 14."""
    at = 0
    while at < len(order):
        end = at
        while end < len(order) and order[end] == order[at]:
            end += 1
        yield order[at] if end - at == 1 else f"{order[at]} x {end - at}"
        at = end


def _left(file: BinaryIO) -> int:
    here = file.tell()
    return file.seek(0, 2) - here


def _png_text(kind: bytes, body: bytes, out: Chunks) -> None:
    if kind == b"tIME":
        if len(body) == 7:
            year, rest = int.from_bytes(body[:2]), body[2:]
            out.texts["tIME"] = f"{year:04}-{rest[0]:02}-{rest[1]:02}T{rest[2]:02}:{rest[3]:02}:{rest[4]:02}Z"
        return
    key, _, value = body.partition(b"\0")
    name = plain(key.decode("latin-1"))[:79]
    match kind:
        case b"tEXt":
            text = value.decode("latin-1")
        case b"zTXt":
            text = _unpacked(value[1:], out).decode("latin-1")
        case b"iCCP":
            out.icc = _unpacked(value[1:], out)
            return
        case _:
            stored = value[2:].split(b"\0", 2)[2:]
            raw = stored[0] if stored else b""
            raw = _unpacked(raw, out) if value[:1] == b"\1" else raw
            if name == _XMP:
                out.packet(raw)
                return
            text = raw.decode("utf-8", "replace")
    if name.startswith("Raw profile type"):
        _profile(name, text, out)
    else:
        out.texts[name] = bounded(text)


def _profile(name: str, text: str, out: Chunks) -> None:
    """A record as ImageMagick writes it: name, length, hexadecimal digits."""
    parts = text.split(None, 2)
    out.texts[name] = f"{len(text)} characters"
    try:
        raw = bytes.fromhex("".join(parts[2].split())) if len(parts) == 3 else b""
    except ValueError:
        return
    if name.endswith("xmp"):
        out.packet(raw)
    elif name.endswith(("iptc", "8bim")):
        out.iptc = raw


def _unpacked(raw: bytes, out: Chunks) -> bytes:
    try:
        text = zlib.decompressobj().decompress(raw, max(1, min(_MOST_TEXT, out.left)))
    except zlib.error:
        return b""
    out.left -= len(text)
    return text


def riff(file: BinaryIO) -> Chunks:
    """The chunks of a RIFF file. Pictures and sound are not read."""
    out = Chunks()
    order: list[str] = []
    end = file.seek(0, 2)
    _riff(file, (0, end), "", order, out)
    out.facts["order"] = list(folded(order))[:_LISTED]
    return out


def _riff(file: BinaryIO, where: tuple[int, int], parent: str, order: list[str], out: Chunks) -> None:
    at, end = where
    while at + 8 <= end and len(order) < _MOST:
        file.seek(at)
        head = file.read(12)
        kind, size = head[:4], int.from_bytes(head[4:8], "little")
        stop = min(at + 8 + size, end)
        name = f"{parent}{code(kind)}"
        if kind in _LISTS and parent.count("/") < 8:
            inner = f"{parent}{code(head[8:12])}"
            order.append(f"{code(kind)} {inner}")
            if head[8:12] not in _SKIPPED:
                _riff(file, (at + 12, stop), f"{inner}/", order, out)
        else:
            order.append(name)
            if kind in _RECORDS or parent.endswith("INFO/"):
                file.seek(at + 8)
                _riff_record(kind, file.read(min(size, _MOST_TEXT, stop - at - 8)), out)
        if at + 8 + size > end:
            out.facts["notes"] = [f"{name} declares {size} bytes and the file has {end - at - 8} left"]
        at += 8 + size + size % 2


def _riff_record(kind: bytes, body: bytes, out: Chunks) -> None:
    if kind in {b"XMP ", b"_PMX"}:
        out.packet(body)
    elif kind == b"ICCP":
        out.icc = body
    else:
        out.texts[code(kind)] = bounded(plain(body.split(b"\0", 1)[0].decode("utf-8", "replace")))
