"""The outermost boxes of an ISO base media file (mp4, mov, 3gp, HEIC): brands, order, start of the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path

_FIRST = {b"ftyp", b"styp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}
_MOST = 4096  # boxes; a fragmented file has two a fragment, and its beginning tells the writer
_HEAD = 64  # bytes of a brand box that are read


@dataclass(frozen=True, slots=True)
class Layout:
    """What the outermost boxes tell."""

    order: tuple[str, ...]  # box types as they lie in the file
    brand: str = ""
    minor: int = 0
    compatible: tuple[str, ...] = ()
    long_data_header: bool = False  # the data box has a 16-byte header
    zeros_after_header: bool = False  # its first eight bytes are zero


def layout(path: Path) -> Layout | None:
    """The outermost boxes of the file, or None where it is no such file or cannot be read."""
    try:
        with path.open("rb") as file:
            return _walk(file)
    except OSError:
        return None


def _walk(file: BinaryIO) -> Layout | None:
    order: list[str] = []
    brand, minor = "", 0
    compatible: tuple[str, ...] = ()
    long_header = zeros = False
    end = file.seek(0, 2)
    at = 0
    while at + 8 <= end and len(order) < _MOST:
        file.seek(at)
        head = file.read(_HEAD)
        kind, size, header = head[4:8], int.from_bytes(head[:4]), 8
        if not order and kind not in _FIRST:
            return None
        if size == 1:  # the size stands in the next eight bytes
            size, header = int.from_bytes(head[8:16]), 16
        elif size == 0:  # to the end of the file
            size = end - at
        if size < header:
            break
        if kind == b"ftyp" and not brand:
            body = head[header : min(size, _HEAD)]
            brand, minor = _name(body[:4]), int.from_bytes(body[4:8])
            compatible = tuple(_name(body[start : start + 4]) for start in range(8, len(body) - 3, 4))
        if kind == b"mdat" and "mdat" not in order:
            long_header, zeros = header == 16, head[header : header + 8] == bytes(8)
        order.append(_name(kind))
        at += size
    return Layout(tuple(order), brand, minor, compatible, long_header, zeros) if order else None


def _name(kind: bytes) -> str:
    return kind.decode("latin-1").strip("\0 ")
