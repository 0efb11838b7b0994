"""What a Matroska or WebM file says of its writing, and the order of its outermost elements.

FFmpeg's demuxer leaves out the writing application, which names the program; the muxing application, which it
gives, names only the library. Both, the date and the title are read here; pictures and sound are skipped.

Source: RFC 8794 (EBML), RFC 9559 (Matroska), section 5.1.2.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, BinaryIO

from verify.metadata.picture.chunks import Chunks, folded
from verify.metadata.text import bounded, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

EBML = b"\x1a\x45\xdf\xa3"
_SEGMENT, _INFO = 0x18538067, 0x1549A966
_NAMES = {
    0x1A45DFA3: "EBML", _SEGMENT: "Segment", 0x114D9B74: "SeekHead", _INFO: "Info", 0x1654AE6B: "Tracks",
    0x1F43B675: "Cluster", 0x1C53BB6B: "Cues", 0x1254C367: "Tags", 0x1043A770: "Chapters",
    0x1941A469: "Attachments", 0xEC: "Void", 0xBF: "CRC-32",
}  # fmt: skip
_TEXTS = {0x4D80: "MuxingApp", 0x5741: "WritingApp", 0x7BA9: "Title"}
_DATE = 0x4461
_EPOCH = datetime(2001, 1, 1, tzinfo=UTC)
_MOST = 5000  # elements
_LISTED = 200
_MOST_BYTES = 4096  # of one text


def ebml(file: BinaryIO) -> Chunks:
    """The outermost elements of a Matroska file, and the texts of its segment's information."""
    out = Chunks()
    order: list[str] = []
    end = file.seek(0, 2)
    for number, start, stop in _elements(file, 0, end):
        order.append(_named(number))
        if number == _SEGMENT:
            for inner, begin, finish in _elements(file, start, stop):
                if len(order) > _MOST:
                    break
                order.append(_named(inner))
                if inner == _INFO:
                    _information(file, begin, finish, out)
    out.facts["order"] = list(folded(order))[:_LISTED]
    return out


def _named(number: int) -> str:
    return _NAMES.get(number, f"{number:X}")


def _elements(file: BinaryIO, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of the content of each element; what has no length goes to the end."""
    for _ in range(_MOST):
        if at >= end:
            return
        file.seek(at)
        head = file.read(12)
        number, wide = _number(head, keep=True)
        size, more = _number(head[wide:], keep=False)
        if not wide or not more:
            return
        start = at + wide + more
        stop = end if size == (1 << 7 * more) - 1 else min(end, start + size)
        yield number, start, stop
        at = stop


def _number(raw: bytes, *, keep: bool) -> tuple[int, int]:
    """A number of variable length and its bytes, (0, 0) where there is none; `keep` its length marker."""
    wide = 9 - raw[0].bit_length() if raw and raw[0] else 0
    if not 1 <= wide <= (4 if keep else 8) or len(raw) < wide:
        return 0, 0
    value = int.from_bytes(raw[:wide])
    return (value if keep else value & ((1 << 7 * wide) - 1)), wide


def _information(file: BinaryIO, at: int, end: int, out: Chunks) -> None:
    for number, start, stop in _elements(file, at, end):
        file.seek(start)
        body = file.read(min(stop - start, _MOST_BYTES))
        if number in _TEXTS:
            out.texts[_TEXTS[number]] = bounded(plain(body.rstrip(b"\0").decode("utf-8", "replace")))
        elif number == _DATE and len(body) == 8:
            try:
                when = _EPOCH + timedelta(microseconds=int.from_bytes(body, signed=True) // 1000)
            except OverflowError:
                continue
            out.texts["DateUTC"] = when.isoformat()
