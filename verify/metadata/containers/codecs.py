"""Fields of sample descriptions: which codec a track has, and how its decoder is set up."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from verify.metadata.cursor import Cursor
from verify.metadata.text import plain

Fields = Iterator[tuple[str, object]]
_SOUND_HANDLERS = {"soun"}
_PICTURE_HANDLERS = {"vide", "pict", "auxv"}
_MOST_SETS = 16  # parameter sets of one kind
_SET_BYTES = 512  # of one parameter set; real ones have 20 to 60


def sample_entry(handler: str) -> Callable[[Cursor], Fields]:
    """What reads the head of a sample description in a track of this handler."""
    return _sound if handler in _SOUND_HANDLERS else _picture if handler in _PICTURE_HANDLERS else _other


def entry_head(kind: str, handler: str, head: bytes) -> int | None:
    """Bytes before the first inner box of a sample description, None where it has none.

    QuickTime has three versions of a sound's; Canon's raw pictures have four bytes more than others.
    """
    if handler in _SOUND_HANDLERS:
        return {1: 44, 2: 64}.get(int.from_bytes(head[8:10]), 28)
    if handler in _PICTURE_HANDLERS:
        return 82 if kind == "CRAW" else 78
    return 8 if kind == "mebx" else None


def _other(box: Cursor) -> Fields:
    box.take(6)
    yield "data_reference", box.u(2)


def _versioned(box: Cursor) -> Fields:
    yield from _other(box)
    yield "version", box.u(2)
    box.take(2)
    yield "vendor", plain(box.take(4).decode("latin-1"))


def _picture(box: Cursor) -> Fields:
    yield from _versioned(box)
    yield "temporal_quality", box.u(4)
    yield "spatial_quality", box.u(4)
    yield "width", box.u(2)
    yield "height", box.u(2)
    yield "resolution", [box.fixed(4, 16), box.fixed(4, 16)]
    box.take(6)
    name = box.take(32)
    yield "compressor", plain(name[1 : 1 + min(name[0], 31)].decode("utf-8", "replace"))
    yield "depth", box.u(2)


def _sound(box: Cursor) -> Fields:
    yield from _versioned(box)
    yield "channels", box.u(2)
    yield "sample_bits", box.u(2)
    yield "compression", box.i(2)
    yield "packet_size", box.u(2)
    yield "sample_rate", box.u(4) / 65536


def stsd(box: Cursor) -> Fields:
    """How many descriptions a track has; one is usual."""
    box.version()
    yield "entries", box.u(4)


def _sets(box: Cursor, count: int) -> list[str]:
    found = []
    for _ in range(min(count, _MOST_SETS)):
        size = box.u(2)
        found.append(box.take(size)[:_SET_BYTES].hex())
    return found


def avcc(box: Cursor) -> Fields:
    """H.264: profile, level and parameter sets (ISO/IEC 14496-15, 5.3.3)."""
    yield "version", box.u(1)
    yield "profile", box.u(1)
    yield "constraints", box.u(1)
    yield "level", box.u(1)
    yield "length_bytes", (box.u(1) & 3) + 1
    yield "sps", _sets(box, box.u(1) & 31)
    yield "pps", _sets(box, box.u(1))


def hvcc(box: Cursor) -> Fields:
    """HEVC: profile, level and parameter sets (ISO/IEC 14496-15, 8.3.3)."""
    yield "version", box.u(1)
    first = box.u(1)
    yield "profile", first & 31
    yield "tier", first >> 5 & 1
    yield "compatibility", f"{box.u(4):08x}"
    yield "constraints", box.take(6).hex()
    yield "level", box.u(1)
    box.take(3)
    yield "chroma", box.u(1) & 3
    yield "bits", (box.u(1) & 7) + 8
    box.take(3)
    yield "length_bytes", (box.u(1) & 3) + 1
    names = {32: "vps", 33: "sps", 34: "pps", 39: "sei"}
    for _ in range(min(box.u(1), _MOST_SETS)):
        kind = box.u(1) & 63
        yield names.get(kind, f"unit_{kind}"), _sets(box, box.u(2))


def av1c(box: Cursor) -> Fields:
    """AV1: profile, level, depth (AV1 in ISO base media, 2.3)."""
    box.take(1)
    second, third = box.u(1), box.u(1)
    yield "profile", second >> 5
    yield "level", second & 31
    yield "tier", third >> 7
    yield "bits", 12 if third & 0x20 else 10 if third & 0x40 else 8
    yield "monochrome", bool(third & 0x10)
    box.take(1)
    yield "sequence", box.take(min(box.left, _SET_BYTES)).hex()


def vpcc(box: Cursor) -> Fields:
    """VP8 and VP9: profile, level, depth, colour."""
    box.version()
    yield "profile", box.u(1)
    yield "level", box.u(1)
    packed = box.u(1)
    yield "bits", packed >> 4
    yield "full_range", bool(packed & 1)
    yield "colour", [box.u(1), box.u(1), box.u(1)]


def esds(box: Cursor) -> Fields:
    """MPEG-4 descriptors: object type, bit rates, the decoder's own setup (ISO/IEC 14496-1, 7.2.6)."""
    box.version()
    while box.left > 1:
        tag, size = box.u(1), 0
        for _ in range(4):
            octet = box.u(1)
            size = size << 7 | octet & 127
            if not octet & 128:
                break
        match tag:
            case 3:
                box.take(2)
                flags = box.u(1)
                box.take(2 if flags & 128 else 0)
                box.take(box.u(1) if flags & 64 else 0)
                box.take(2 if flags & 32 else 0)
            case 4:
                yield "object_type", box.u(1)
                yield "stream_type", box.u(1) >> 2
                yield "buffer", box.u(3)
                yield "most_bit_rate", box.u(4)
                yield "mean_bit_rate", box.u(4)
            case 5:
                yield "setup", box.take(min(size, box.left))[:_SET_BYTES].hex()
            case _:
                box.take(min(size, box.left))


def colr(box: Cursor) -> Fields:
    """Colour: numbers of ITU-T H.273, or the size of an ICC profile."""
    kind = box.code()
    yield "kind", kind
    if kind in {"nclx", "nclc"}:
        yield "primaries", box.u(2)
        yield "transfer", box.u(2)
        yield "matrix", box.u(2)
        if kind == "nclx":
            yield "full_range", bool(box.u(1) >> 7)
    else:
        yield "bytes", box.whole - 4


def pasp(box: Cursor) -> Fields:
    """Proportions of a pixel."""
    yield "width", box.u(4)
    yield "height", box.u(4)


def clap(box: Cursor) -> Fields:
    """The part of the picture that is shown, as fractions: width, height, horizontal and vertical shift."""
    yield "shown", [f"{box.i(4)}/{box.i(4)}" for _ in range(4)]


def btrt(box: Cursor) -> Fields:
    """Bit rates."""
    yield "buffer", box.u(4)
    yield "most_bit_rate", box.u(4)
    yield "mean_bit_rate", box.u(4)


def fiel(box: Cursor) -> Fields:
    """Fields of a frame and their order."""
    yield "fields", box.u(1)
    yield "order", box.u(1)


def dvcc(box: Cursor) -> Fields:
    """Dolby Vision."""
    yield "version", f"{box.u(1)}.{box.u(1)}"
    yield "profile", box.u(1) >> 1


def frma(box: Cursor) -> Fields:
    """The codec under a protection or in a QuickTime extension."""
    yield "format", box.code()


def dref(box: Cursor) -> Fields:
    """How many data references a track has."""
    box.version()
    yield "entries", box.u(4)


def url(box: Cursor) -> Fields:
    """Where the data lie; in a whole file, in the file itself."""
    _, flags = box.version()
    yield "in_this_file", bool(flags & 1)
    if not flags & 1:
        yield "text", box.text()


CODECS: dict[str, Callable[[Cursor], Fields]] = {
    "stsd": stsd, "avcC": avcc, "hvcC": hvcc, "av1C": av1c, "vpcC": vpcc, "esds": esds, "colr": colr,
    "pasp": pasp, "clap": clap, "btrt": btrt, "fiel": fiel, "dvcC": dvcc, "dvvC": dvcc, "frma": frma,
    "dref": dref, "url ": url, "alis": url,
}  # fmt: skip
