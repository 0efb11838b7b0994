"""Fields of the boxes of fragmented files: fragments, their runs of samples, and their indexes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from verify.metadata.cursor import Cursor

Fields = Iterator[tuple[str, object]]


def mfhd(box: Cursor) -> Fields:
    """The fragment's number."""
    box.version()
    yield "sequence", box.u(4)


def mehd(box: Cursor) -> Fields:
    """How long the whole fragmented movie lasts."""
    version, _ = box.version()
    yield "duration", box.u(8 if version == 1 else 4)


def trex(box: Cursor) -> Fields:
    """What holds for a track's fragments unless they say otherwise."""
    box.version()
    for name in ("track", "description", "step", "bytes", "flags"):
        yield name, box.u(4)


def tfhd(box: Cursor) -> Fields:
    """Which track a fragment is of."""
    _, flags = box.version()
    yield "flags", flags
    yield "track", box.u(4)
    for bit, name, width in (
        (1, "base_offset", 8),
        (2, "description", 4),
        (8, "step", 4),
        (16, "bytes", 4),
        (32, "sample_flags", 4),
    ):
        if flags & bit:
            yield name, box.u(width)


def tfdt(box: Cursor) -> Fields:
    """When the fragment begins, in the track's clock."""
    version, _ = box.version()
    yield "version", version
    yield "time", box.u(8 if version == 1 else 4)


def trun(box: Cursor) -> Fields:
    """A run of samples; they are counted, not listed."""
    version, flags = box.version()
    yield "version", version
    yield "flags", flags
    yield "samples", box.u(4)
    if flags & 1:
        yield "data_offset", box.i(4)
    if flags & 4:
        yield "first_flags", box.u(4)


def sidx(box: Cursor) -> Fields:
    """An index of the fragments that follow."""
    version, _ = box.version()
    yield "version", version
    yield "track", box.u(4)
    yield "timescale", box.u(4)
    yield "earliest", box.u(8 if version else 4)
    yield "first_offset", box.u(8 if version else 4)
    box.take(2)
    yield "entries", box.u(2)


def tfra(box: Cursor) -> Fields:
    """An index of one track's fragments, at the end of the file."""
    version, _ = box.version()
    yield "version", version
    yield "track", box.u(4)
    box.take(4)
    yield "entries", box.u(4)


def mfro(box: Cursor) -> Fields:
    """Bytes of the index that ends the file."""
    box.version()
    yield "bytes", box.u(4)


def emsg(box: Cursor) -> Fields:
    """A message in the stream."""
    version, _ = box.version()
    if version == 1:
        box.take(20)
    yield "scheme", box.text()
    yield "value", box.text()


def pssh(box: Cursor) -> Fields:
    """Which system protects the content."""
    box.version()
    yield "system", box.take(16).hex()


FRAGMENTS: dict[str, Callable[[Cursor], Fields]] = {
    "mfhd": mfhd, "mehd": mehd, "trex": trex, "tfhd": tfhd, "tfdt": tfdt, "trun": trun, "sidx": sidx,
    "tfra": tfra, "mfro": mfro, "emsg": emsg, "pssh": pssh,
}  # fmt: skip
