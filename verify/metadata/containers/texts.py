"""Fields of the boxes that carry texts: user data, metadata lists, 3GPP's assets, positions, `uuid`.

Source: QuickTime File Format ("User Data Atoms", "Metadata Atoms"), 3GPP TS 26.244 section 8, and for the
numbers of `uuid` boxes the XMP specification part 3 and the sources of ExifTool.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from verify.metadata.containers.movie import language
from verify.metadata.cursor import Cursor
from verify.metadata.text import bounded

Fields = Iterator[tuple[str, object]]
_SHOWN = 512  # bytes of an unknown box that are taken for text
_MOST = 32  # texts of one box
UUIDS = {
    "be7acfcb97a942e89c71999491e3afac": "XMP",
    "85c0b687820f11e08111f4ce462b6a48": "Canon",
    "eaf42b5e1c984b88b9fbb7dc406e4d16": "Canon preview",
    "50524f4621d24fcebb88695cfac9c740": "Sony PROF",
    "55534d5421d24fcebb88695cfac9c740": "Sony USMT",
    "d8fec3d61b0e483c92975828877ec481": "C2PA",
    "ffcc8263f8554a938814587a02521fdd": "spherical video",
    "a2394f525a9b4f14a2446c427c648df4": "PIFF sample encryption",
    "d08a4f1810f34a82b6c832d8aba183d3": "PIFF protection",
    "6d1d9b0542d544e680e2141daff757b2": "smooth streaming time",
    "d4807ef2ca3946958e5426cb9e46a79f": "smooth streaming reference",
    "0537cdab9d0c4431a72afa561f2a113e": "EXIF",
    "33c7a4d2b81d4723a0baf1a3e097ad38": "IPTC",
}


def uuid(box: Cursor) -> Fields:
    """A maker's own box: its number, and what it is known to hold."""
    number = box.take(16).hex()
    yield "uuid", number
    if number in UUIDS:
        yield "holds", UUIDS[number]


def shown(box: Cursor) -> Fields:
    """An unknown box of user data: its text where it is one, else how many bytes it has."""
    raw = box.take(min(box.left, _SHOWN))
    text = printable(raw)
    if text:
        yield "text", text
    else:
        yield "bytes", box.whole


def printable(raw: bytes) -> str:
    """The bytes as text up to their first zero, or "" where they are none."""
    head = raw.rstrip(b"\0").split(b"\0", 1)[0] if not any(raw.rstrip(b"\0").partition(b"\0")[2]) else b""
    text = head.decode("utf-8", "replace")
    clean = "�" not in text and all(letter.isprintable() or letter in "\t\r\n" for letter in text)
    return bounded(text) if clean else ""


def is_item(head: bytes) -> bool:
    """Whether a `©` box holds a `data` box, as iTunes writes, instead of QuickTime's texts."""
    return head[4:8] == b"data"


def international(box: Cursor) -> Fields:
    """QuickTime's texts, each with a language."""
    if is_item(box.data):
        return
    texts: list[dict[str, object]] = []
    yield "texts", texts
    while box.left >= 4 and len(texts) < _MOST:
        start = box.at
        size, spoken = box.u(2), box.u(2)
        if size > box.left:
            # Some cameras write the text alone.
            box.at = start
            texts.append({"language": None, "text": printable(box.rest()[:_SHOWN])})
            box.notes.append("the text has no length and no language before it")
            return
        if size:
            texts.append({"language": language(spoken), "text": _decoded(box.take(size), spoken)})


def _decoded(raw: bytes, spoken: int) -> str:
    raw = raw.rstrip(b"\0")
    if raw[:2] in {b"\xfe\xff", b"\xff\xfe"}:
        return bounded(raw.decode("utf-16", "replace"))
    try:
        return bounded(raw.decode("utf-8"))
    except UnicodeDecodeError:
        # Apple's older languages come with Apple's older letters.
        return bounded(raw.decode("mac-roman" if spoken < 0x400 else "latin-1", "replace"))


def data(box: Cursor) -> Fields:
    """One value of a metadata list, by its declared type (QuickTime File Format, "Well-known types")."""
    kind = box.u(4)
    yield "kind", kind
    country, spoken = box.u(2), box.u(2)
    if country or spoken:
        yield "locale", [country, language(spoken) if spoken >= 0x400 else spoken]
    yield "value", _value(kind & 0xFFFFFF, box.rest(), box.whole - 8)


def _value(kind: int, raw: bytes, whole: int) -> object:
    match kind:
        case 1 | 4:
            return bounded(raw.decode("utf-8", "replace"))
        case 2 | 5:
            return bounded(raw.decode("utf-16-be", "replace"))
        case 21 | 65 | 66 | 67 | 74 if len(raw) <= 8:
            return int.from_bytes(raw, signed=True)
        case 22 | 75 | 76 | 77 | 78 if len(raw) <= 8:
            return int.from_bytes(raw)
        case 23 if len(raw) == 4:
            return float(struct.unpack(">f", raw)[0])
        case 24 if len(raw) == 8:
            return float(struct.unpack(">d", raw)[0])
    return printable(raw) or (raw.hex() if whole <= 16 else f"binary, {whole} bytes")


def meaning(box: Cursor) -> Fields:
    """`mean` and `name` of a free entry: whose name it is, and the name."""
    box.version()
    yield "text", bounded(box.rest().decode("utf-8", "replace"))


def asset(box: Cursor) -> Fields:
    """A text of 3GPP: title, author, description and others."""
    box.version()
    yield "language", language(box.u(2) & 0x7FFF)
    yield "text", box.text()


def yrrc(box: Cursor) -> Fields:
    """The year of recording."""
    box.version()
    yield "year", box.u(2)


def rated(box: Cursor) -> Fields:
    """A rating, with who gives it and by which rules."""
    box.version()
    yield "entity", box.code()
    yield "criteria", box.code()
    yield "language", language(box.u(2) & 0x7FFF)
    yield "text", box.text()


def loci(box: Cursor) -> Fields:
    """A place: name, role (0 shooting, 1 real, 2 fictional), degrees, metres (3GPP TS 26.244, 8.11)."""
    box.version()
    yield "language", language(box.u(2) & 0x7FFF)
    yield "name", box.text()
    yield "role", box.u(1)
    yield "longitude", box.fixed(4, 16)
    yield "latitude", box.fixed(4, 16)
    yield "altitude", box.fixed(4, 16)
    yield "body", box.text()
    yield "said", box.text()


def xmp(box: Cursor) -> Fields:
    """XMP in user data, as Adobe's programs write it into mov files."""
    yield "holds", "XMP"


def sized(box: Cursor) -> Fields:
    """A box that is known and not read."""
    yield "bytes", box.whole


TEXTS: dict[str, Callable[[Cursor], Fields]] = {
    "mean": meaning, "name": meaning, "loci": loci, "yrrc": yrrc, "rtng": rated, "XMP_": xmp,
    "titl": asset, "dscp": asset, "cprt": asset, "perf": asset, "auth": asset, "gnre": asset, "albm": asset,
    "CNCV": shown,
}  # fmt: skip
