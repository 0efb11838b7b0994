"""What an ICC profile says of itself: name, who made it, when.

Cameras and programs embed profiles of their own, so the name tells something of the writer.

Source: ICC.1:2022, 7.2 (header), 9.2 (tags), 10.13 and 10.15 (texts).
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from verify.metadata.text import bounded, plain

_TEXTS = {b"desc": "description", b"cprt": "copyright", b"dmnd": "device maker", b"dmdd": "device model"}
_MOST_TAGS = 100


def icc(raw: bytes) -> dict[str, str]:
    """The profile's texts; empty where it is no profile."""
    if len(raw) < 132 or raw[36:40] != b"acsp":
        return {}
    told = {
        "version": f"{raw[8]}.{raw[9] >> 4}",
        "class": plain(raw[12:16].decode("latin-1")),
        "colour space": plain(raw[16:20].decode("latin-1")),
        "colour engine": plain(raw[4:8].decode("latin-1")),
        "platform": plain(raw[40:44].decode("latin-1")),
        "maker": plain(raw[48:52].decode("latin-1")),
        "model": plain(raw[52:56].decode("latin-1")),
        "creator": plain(raw[80:84].decode("latin-1")),
    }
    parts = [int.from_bytes(raw[at : at + 2]) for at in range(24, 36, 2)]
    with suppress(ValueError):
        told["created"] = datetime(*parts).isoformat()  # type: ignore[arg-type]  # noqa: DTZ001 - seldom UTC
    for number in range(min(int.from_bytes(raw[128:132]), _MOST_TAGS)):
        entry = raw[132 + 12 * number : 144 + 12 * number]
        start, size = int.from_bytes(entry[4:8]), int.from_bytes(entry[8:12])
        if entry[:4] in _TEXTS:
            told[_TEXTS[entry[:4]]] = _text(raw[start : start + min(size, 4096)])
    return {name: bounded(text) for name, text in told.items() if text}


def _text(raw: bytes) -> str:
    if raw[:4] == b"mluc":
        size, start = int.from_bytes(raw[20:24]), int.from_bytes(raw[24:28])
        return plain(raw[start : start + size].decode("utf-16-be", "replace"))
    begin = 12 if raw[:4] == b"desc" else 8
    return plain(raw[begin:].split(b"\0", 1)[0].decode("latin-1"))
