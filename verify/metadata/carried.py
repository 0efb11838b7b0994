"""Everything that a file carries beside EXIF and the demuxer's tags: its structure, and the records in it.

One look at the first bytes tells the format; the format's reader gives the structure and where XMP, IPTC and
ICC records lie. A file of another format gives nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from verify.metadata.containers.boxes import Node, boxes
from verify.metadata.containers.ebml import EBML, ebml
from verify.metadata.picture import chunks, tiff
from verify.metadata.picture.icc import icc
from verify.metadata.picture.iptc import PHOTOSHOP, from_resources, iptc, photoshop, resources
from verify.metadata.picture.jpeg import jpeg
from verify.metadata.picture.xmp import xmp
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from verify.settings import StructureSettings

_MOST_XMP = 16 << 20  # bytes of one packet
_MOST_PACKETS = 8
XMP_RESOURCE, ICC_RESOURCE = 0x0424, 0x040F
_XMP_ITEM = "application/rdf+xml"


@dataclass(slots=True)
class Carried:
    """What was found. Each table is name -> text, empty where the file has none."""

    boxes: Node | None = None
    jpeg: dict[str, object] = field(default_factory=dict)
    chunks: dict[str, object] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)  # of PNG and RIFF
    xmp: dict[str, str] = field(default_factory=dict)
    iptc: dict[str, str] = field(default_factory=dict)
    icc: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def take(self, packets: Iterable[bytes]) -> None:
        """Add the properties of XMP packets; the first packet that has one keeps it."""
        for packet in islice(packets, _MOST_PACKETS):
            found, problem = xmp(packet)
            self.xmp = found | self.xmp
            if problem:
                self.notes.append(problem)


def carried(path: Path, settings: StructureSettings = SETTINGS.structure) -> Carried:
    """Everything found in the file; empty where it cannot be read or is of no known format. Never raises."""
    out = Carried()
    try:
        with path.open("rb") as file:
            _read(path, file, out, settings)
    except OSError as error:
        out.notes.append(f"it could not be read ({error.strerror})")
    return out


def _read(path: Path, file: BinaryIO, out: Carried, settings: StructureSettings) -> None:
    head = file.read(16)
    if head[:2] == b"\xff\xd8":
        file.seek(0)
        _jpeg(file.read(settings.picture_bytes), out)
    elif head[:8] == chunks.PNG:
        file.seek(8)
        _chunks(chunks.png(file), out)
    elif head[:4] == b"RIFF":
        _chunks(chunks.riff(file), out)
    elif head[:4] == EBML:
        _chunks(ebml(file), out)
    elif head[:4] == PHOTOSHOP:
        _photoshop(photoshop(file), out)
    elif tiff.is_tiff(head):
        _tiff(dict(tiff.records(file)), out)
    elif head[:4] == b"GIF8":
        file.seek(0)
        out.take(_gif(file.read(settings.picture_bytes)))
    else:
        out.boxes = boxes(path, settings)
        if out.boxes is not None:
            out.take(_packets(file, out.boxes))
            out.icc = next((told for raw in _profiles(file, out.boxes) if (told := icc(raw))), {})


def _jpeg(raw: bytes, out: Carried) -> None:
    found = jpeg(raw)
    if found is None:
        return
    out.jpeg = found.facts
    out.take(found.xmp)
    out.iptc, out.icc = from_resources(found.photoshop), icc(found.icc)


def _photoshop(raw: bytes, out: Carried) -> None:
    found = dict(resources(raw))
    out.take([found[number] for number in (XMP_RESOURCE,) if number in found])
    out.iptc, out.icc = from_resources(raw), icc(found.get(ICC_RESOURCE, b""))


def _chunks(found: chunks.Chunks, out: Carried) -> None:
    out.chunks, out.texts = found.facts, found.texts
    out.take(found.xmp)
    out.icc = icc(found.icc)
    out.iptc = from_resources(found.iptc) or iptc(found.iptc)


def _tiff(records: dict[int, bytes], out: Carried) -> None:
    if tiff.XMP in records:
        out.take([records[tiff.XMP]])
    out.iptc = iptc(records.get(tiff.IPTC, b"")) or from_resources(records.get(tiff.PHOTOSHOP, b""))
    out.icc = icc(records.get(tiff.ICC, b""))


def _gif(raw: bytes) -> Iterator[bytes]:
    # The packet lies between its name and a tail of 258 bytes (XMP specification part 3, 1.1.2).
    start = raw.find(b"XMP DataXMP")
    if start >= 0:
        end = raw.find(b"\1\xff\xfe", start)
        yield raw[start + 11 : end if end >= 0 else None]


def _packets(file: BinaryIO, root: Node) -> Iterator[bytes]:
    for node in root.under():
        if node.fields.get("holds") == "XMP":
            yield _body(file, node, 16 if node.type == "uuid" else 0)
        elif node.type == "xml " and not node.fields:
            yield _body(file, node, 0)
    yield from items(file, root, _XMP_ITEM)


def _profiles(file: BinaryIO, root: Node) -> Iterator[bytes]:
    for node in root.named("colr"):
        if node.fields.get("kind") in {"prof", "rICC"}:
            yield _body(file, node, 4)


def _body(file: BinaryIO, node: Node, skip: int) -> bytes:
    file.seek(node.offset + node.header + skip)
    return file.read(max(0, min(node.size - node.header - skip, _MOST_XMP)))


def items(file: BinaryIO, root: Node, content_type: str) -> Iterator[bytes]:
    """The items of a HEIC or AVIF picture that have a content type, as far as they lie in the file."""
    for meta in root.all("meta"):
        wanted = {
            node.fields.get("item")
            for node in meta.all("iinf", "infe")
            if node.fields.get("content_type") == content_type
        }
        place = meta.first("iloc")
        data = meta.first("idat")
        for entry in _entries(place):
            start = data.offset + data.header if entry["method"] == 1 and data else 0
            if entry["item"] in wanted and (entry["method"] == 0 or start):
                yield b"".join(_extent(file, start + at, size) for at, size in entry["extents"][:4])


def _entries(place: Node | None) -> list[dict[str, Any]]:
    found = place.fields.get("items") if place else None
    return found if isinstance(found, list) else []


def _extent(file: BinaryIO, at: int, size: int) -> bytes:
    file.seek(at)
    return file.read(min(size, _MOST_XMP // 4))
