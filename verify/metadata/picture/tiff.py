"""The records that a TIFF file's first directory carries beside EXIF: XMP, IPTC, Photoshop's, ICC.

Source: TIFF 6.0, section 2; XMP specification part 3, 1.1.8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

XMP, IPTC, PHOTOSHOP, ICC = 700, 33723, 34377, 34675
_ORDER = {b"II*\0": "little", b"MM\0*": "big", b"IIU\0": "little", b"IIRO": "little", b"IIRS": "little"}
_WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_MOST_BYTES = 16 << 20


def is_tiff(head: bytes) -> bool:
    """Whether a file that begins so is a TIFF or a camera's raw file of its kind."""
    return head[:4] in _ORDER


def records(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Tag and content of each of those records."""
    file.seek(0)
    head = file.read(8)
    order = "little" if _ORDER[head[:4]] == "little" else "big"
    file.seek(_number(head[4:8], order))
    directory = file.read(2)
    entries = file.read(12 * min(_number(directory, order), 500))
    wanted = {XMP, IPTC, PHOTOSHOP, ICC}
    for at in range(0, len(entries) - 11, 12):
        tag, kind = _number(entries[at : at + 2], order), _number(entries[at + 2 : at + 4], order)
        size = _number(entries[at + 4 : at + 8], order) * _WIDTHS.get(kind, 1)
        if tag in wanted and 4 < size <= _MOST_BYTES:
            wanted.remove(tag)
            file.seek(_number(entries[at + 8 : at + 12], order))
            yield tag, _swapped(file.read(size), tag, kind, order)


def _number(raw: bytes, order: str) -> int:
    return int.from_bytes(raw, "little" if order == "little" else "big")


def _swapped(raw: bytes, tag: int, kind: int, order: str) -> bytes:
    # Some programs declare IPTC as 32-bit numbers and store it in the file's byte order.
    if tag == IPTC and kind == 4 and raw[:1] != b"\x1c" and order == "little":
        return b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
    return raw
