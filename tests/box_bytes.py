"""Boxes of ISO base media files, made byte by byte."""

from __future__ import annotations

import struct

UNITY = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
QUARTER = struct.pack(">9i", 0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30)


def box(kind: str | bytes, *parts: bytes) -> bytes:
    """A box of the type around the parts."""
    body = b"".join(parts)
    return (
        struct.pack(">I", len(body) + 8) + (kind.encode("latin-1") if isinstance(kind, str) else kind) + body
    )


def long_box(kind: str, body: bytes) -> bytes:
    """A box whose size has 64 bits."""
    return struct.pack(">I", 1) + kind.encode("latin-1") + struct.pack(">Q", len(body) + 16) + body


def full(kind: str, *parts: bytes, version: int = 0, flags: int = 0) -> bytes:
    """A box with version and flags."""
    return box(kind, bytes([version]), flags.to_bytes(3), *parts)


def u32(*values: int) -> bytes:
    """Numbers of 32 bits."""
    return struct.pack(f">{len(values)}I", *values)


def ftyp(brand: bytes = b"isom", minor: int = 512, *others: bytes) -> bytes:
    """Brands."""
    return box("ftyp", brand, u32(minor), *(others or (brand,)))


def mvhd(created: int = 0, version: int = 0) -> bytes:
    """A movie's clock: 1000 units a second, 2 seconds."""
    times = struct.pack(">QQIQ" if version else ">IIII", created, created, 1000, 2000)
    return full("mvhd", times, u32(65536), b"\1\0", bytes(10), UNITY, bytes(24), u32(2), version=version)


def tkhd(matrix: bytes = UNITY, size: tuple[int, int] = (640, 360)) -> bytes:
    """A track's head."""
    return full("tkhd", u32(0, 0, 1, 0, 2000), bytes(16), matrix, u32(size[0] << 16, size[1] << 16), flags=3)


def hdlr(handler: bytes, name: bytes = b"\0", component: bytes = bytes(4)) -> bytes:
    """A handler with its name as it stands."""
    return full("hdlr", component, handler, bytes(12), name)


def text(kind: str, words: str, language: int = 0x15C7) -> bytes:
    """QuickTime's text with its language (English)."""
    raw = words.encode()
    return box(kind, struct.pack(">HH", len(raw), language), raw)


def data(kind: int, value: bytes) -> bytes:
    """A value of a metadata list."""
    return box("data", u32(kind, 0), value)


def keyed(pairs: dict[str, str]) -> bytes:
    """Apple's metadata: names in `keys`, values in `ilst`, in a `meta` without version."""
    names = [box("mdta", name.encode()) for name in pairs]
    values = [box(u32(n), data(1, value.encode())) for n, value in enumerate(pairs.values(), 1)]
    keys = full("keys", u32(len(names)), *names)
    return box("meta", hdlr(b"mdta"), keys, box("ilst", *values))
