"""Fields of the boxes that say how a movie is put together: clocks, tracks, edits, samples, fragments.

Sample tables are summarised, not listed: how many, the first, the smallest and largest, the commonest. Dates
count seconds from 1904 without a zone; the text beside the number is that count as a date, nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from verify.metadata.cursor import Cursor
from verify.metadata.text import bounded

Fields = Iterator[tuple[str, object]]
_LISTED = 16  # entries of a list that are given one by one
_EPOCH = datetime(1904, 1, 1)  # noqa: DTZ001 - the format leaves the zone to trust
_UNITY = (65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)


def ftyp(box: Cursor) -> Fields:
    """Brands."""
    yield "brand", box.code()
    yield "minor", box.u(4)
    yield "compatible", [box.code() for _ in range(min(box.left // 4, 64))]


def _times(box: Cursor, version: int) -> Fields:
    width = 8 if version == 1 else 4
    for name in ("created", "modified"):
        count = box.u(width)
        yield f"{name}_1904", count
        yield name, since_1904(count)


def since_1904(seconds: int) -> str | None:
    """Seconds from the first moment of 1904 as a date without a zone; None for 0 and for no date."""
    try:
        return (_EPOCH + timedelta(seconds=seconds)).isoformat() if seconds else None
    except OverflowError:
        return None


def _duration(box: Cursor, version: int) -> int | None:
    width = 8 if version == 1 else 4
    value = box.u(width)
    return None if value == (1 << 8 * width) - 1 else value


def _clock(box: Cursor) -> Fields:
    version, _ = box.version()
    yield "version", version
    yield from _times(box, version)
    yield "timescale", box.u(4)
    yield "duration", _duration(box, version)


def mvhd(box: Cursor) -> Fields:
    """The movie's clock."""
    yield from _clock(box)
    yield "rate", box.fixed(4, 16)
    yield "volume", box.fixed(2, 8)
    box.take(10)
    yield from _matrix(box)
    preview = [box.u(4) for _ in range(6)]  # QuickTime's: preview, poster, selection, current time
    if any(preview):
        yield "quicktime_times", preview
    yield "next_track", box.u(4)


def _matrix(box: Cursor) -> Fields:
    values = tuple(box.i(4) for _ in range(9))
    if values != _UNITY:
        yield "matrix", [value / (1 << (30 if n % 3 == 2 else 16)) for n, value in enumerate(values)]
        a, b, _, c, d = values[:5]
        turns = {(1, 0, 0, 1): 0, (0, 1, -1, 0): 90, (-1, 0, 0, -1): 180, (0, -1, 1, 0): 270}
        yield "rotation", turns.get((_sign(a), _sign(b), _sign(c), _sign(d)))


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def tkhd(box: Cursor) -> Fields:
    """One track: number, size, how it is turned."""
    version, flags = box.version()
    yield "version", version
    yield "flags", flags
    yield from _times(box, version)
    yield "track", box.u(4)
    box.take(4)
    yield "duration", _duration(box, version)
    box.take(8)
    yield "layer", box.i(2)
    yield "alternate_group", box.i(2)
    yield "volume", box.fixed(2, 8)
    box.take(2)
    yield from _matrix(box)
    yield "width", box.u(4) / 65536
    yield "height", box.u(4) / 65536


def mdhd(box: Cursor) -> Fields:
    """One track's own clock, and its language."""
    yield from _clock(box)
    yield "language", language(box.u(2))


def language(number: int) -> str | int | None:
    """ISO 639-2 in three letters of five bits; Apple's older numbers stay numbers; None for none."""
    if number == 0x7FFF:
        return None
    if number < 0x400:
        return number
    return "".join(chr((number >> shift & 31) + 0x60) for shift in (10, 5, 0))


def hdlr(box: Cursor) -> Fields:
    """What a track or a metadata box holds, and the name its writer gave it."""
    box.version()
    component = box.take(4)
    if any(component):
        yield "component", component.decode("latin-1")
    yield "handler", box.code()
    maker = box.take(12)
    if any(maker):
        yield "manufacturer", maker[:4].decode("latin-1") if any(maker[:4]) else maker.hex()
    rest = box.rest()
    # QuickTime counts the letters in the first byte; ISO ends them with a zero.
    counted = bool(rest) and 0 < rest[0] < len(rest) and (any(component) or rest[0] == len(rest) - 1)
    name = rest[1 : 1 + rest[0]] if counted else rest.split(b"\0", 1)[0]
    yield "name", bounded(name.rstrip(b"\0").decode("utf-8", "replace"))
    yield "name_counted", counted


def elst(box: Cursor) -> Fields:
    """Edits: which stretch of the track is shown when."""
    version, _ = box.version()
    width = 8 if version == 1 else 4
    count = box.u(4)
    yield "version", version
    yield "entries", count
    yield (
        "edits",
        [
            {"duration": box.u(width), "media_time": box.i(width), "rate": box.fixed(4, 16)}
            for _ in range(min(count, _LISTED))
        ],
    )


def _table(box: Cursor, columns: int, kind: str = ">u4") -> tuple[int, NDArray[np.int64]]:
    """The declared number of rows and those that were read, as int64 of shape (n, columns)."""
    count = box.u(4)
    wide = np.dtype(kind).itemsize * columns
    there = min(count, box.left // wide)
    if there < count and box.whole == len(box.data):
        box.notes.append(f"it declares {count} entries and has room for {there}")
    rows = np.frombuffer(box.take(there * wide), kind).astype(np.int64)
    return count, rows.reshape(there, columns)


def stts(box: Cursor) -> Fields:
    """How long samples last, in the track's clock."""
    box.version()
    count, rows = _table(box, 2)
    yield "entries", count
    if len(rows):
        samples, steps = rows[:, 0], rows[:, 1]
        yield "samples", int(samples.sum())
        yield "first_step", int(steps[0])
        yield "commonest_step", int(steps[samples.argmax()])
        yield "least_step", int(steps.min())
        yield "largest_step", int(steps.max())
        yield "last_step", int(steps[-1])


def ctts(box: Cursor) -> Fields:
    """By how much samples are shown later than decoded."""
    version, _ = box.version()
    count, rows = _table(box, 2, ">i4")
    yield "version", version
    yield "entries", count
    if len(rows):
        yield "least_shift", int(rows[:, 1].min())
        yield "largest_shift", int(rows[:, 1].max())


def stss(box: Cursor) -> Fields:
    """Which samples can be decoded alone."""
    box.version()
    count, rows = _table(box, 1)
    yield "entries", count
    if len(rows):
        yield "first", int(rows[0, 0])
        steps = np.diff(rows[:, 0])
        if len(steps):
            yield "least_step", int(steps.min())
            yield "largest_step", int(steps.max())


def stsz(box: Cursor) -> Fields:
    """Sizes of samples in bytes."""
    box.version()
    one = box.u(4)
    if one:
        yield "each", one
        yield "samples", box.u(4)
        return
    count, rows = _table(box, 1)
    yield "samples", count
    if len(rows):
        yield "bytes", int(rows.sum())
        yield "smallest", int(rows.min())
        yield "largest", int(rows.max())


def stsc(box: Cursor) -> Fields:
    """How many samples lie together in a chunk."""
    box.version()
    count, rows = _table(box, 3)
    yield "entries", count
    if len(rows):
        yield "first_chunk_samples", int(rows[0, 1])
        yield "most_chunk_samples", int(rows[:, 1].max())
        yield "descriptions", int(rows[:, 2].max())


def stco(box: Cursor) -> Fields:
    """Where chunks lie, 32 bits."""
    return _offsets(box, ">u4")


def co64(box: Cursor) -> Fields:
    """Where chunks lie, 64 bits."""
    return _offsets(box, ">u8")


def _offsets(box: Cursor, kind: str) -> Fields:
    box.version()
    count, rows = _table(box, 1, kind)
    yield "entries", count
    if len(rows):
        yield "first", int(rows[0, 0])
        yield "last", int(rows[-1, 0])
        yield "ascending", bool((np.diff(rows[:, 0]) > 0).all())


MOVIE: dict[str, Callable[[Cursor], Fields]] = {
    "ftyp": ftyp, "styp": ftyp, "mvhd": mvhd, "tkhd": tkhd, "mdhd": mdhd, "hdlr": hdlr, "elst": elst,
    "stts": stts, "ctts": ctts, "stss": stss, "stsz": stsz, "stsc": stsc, "stco": stco, "co64": co64,
}  # fmt: skip
