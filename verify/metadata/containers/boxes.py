"""The boxes of an ISO base media file (mp4, mov, 3gp, HEIC, AVIF): what lies where, and what it says.

The file is read box by box: type, place, size, and the fields of the boxes that are known. Pictures and sound
themselves (`mdat`) are skipped, never read. What contradicts the format is noted at the box where it was
found and does not end the walk: a box longer than its parent or than the file, bytes that are no box, fields
that are cut off. Depth, number of boxes and bytes read are bounded; past a bound the walk says so.

Limits: the structure tells which program may have written a file last, never who filmed what; every box
can be copied or forged. Boxes of makers that are not published are listed without their content.

Error rates: of 225 real and malformed files, 221 were read by two of FFmpeg, MediaInfo and mp4analyzer too.
All 6,503 boxes that two of these agree on were found, and 5 more, in boxes nested deeper than the others
went (`tests/benchmarks/results/containers.json`); one walk took 3 ms at most.

Source: ISO/IEC 14496-12 (file format), 14496-14 and -15 (mp4, AVC and HEVC), 23008-12 (HEIF), 3GPP TS 26.244,
Apple's QuickTime File Format specification.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, BinaryIO

from verify.metadata.containers.fields import decoder, first_child
from verify.metadata.cursor import Cursor, ShortError, code
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from verify.settings import StructureSettings

# The types that a file begins with; without one of them it is another format.
_FIRST = {
    "ftyp", "styp", "moov", "mdat", "wide", "free", "skip", "pnot", "moof", "sidx", "pdin", "udta", "uuid",
    "jP  ", "JXL ", "meta",
}  # fmt: skip
_DATA = {"mdat", "idat", "free", "skip", "wide", "cmvd"}  # skipped, whatever they hold
_ZEROS = bytes(4)


@dataclass(frozen=True, slots=True)
class Node:
    """One box. The root is the file itself, of type ""."""

    type: str  # four characters; `uuid` where the sixteen that follow tell, see `fields`
    offset: int  # bytes from the start of the file
    size: int  # bytes that it has in the file, header included
    header: int  # bytes of its header: 8, or 16 where the size has 64 bits
    # What it says, by name; `declared_size` where that is not the size that it has.
    fields: Mapping[str, object] = field(default_factory=dict)
    children: tuple[Node, ...] = ()
    notes: tuple[str, ...] = ()  # what contradicts the format here

    def all(self, *path: str) -> Iterator[Node]:
        """The boxes at the end of a path of types below this one, in the order of the file."""
        for child in self.children:
            if child.type == path[0]:
                yield from child.all(*path[1:]) if path[1:] else (child,)

    def first(self, *path: str) -> Node | None:
        """The first box at the end of a path of types, or None."""
        return next(self.all(*path), None)

    def under(self) -> Iterator[Node]:
        """This box and every one below it, in the order of the file."""
        yield self
        for child in self.children:
            yield from child.under()

    def named(self, kind: str) -> Iterator[Node]:
        """Every box of a type, at any depth below this one."""
        return (node for node in self.under() if node.type == kind and node is not self)


@dataclass(frozen=True, slots=True)
class Layout:
    """What the outermost boxes tell."""

    order: tuple[str, ...]  # box types as they lie in the file
    brand: str = ""
    minor: int = 0
    compatible: tuple[str, ...] = ()
    long_data_header: bool = False  # the data box has a 16-byte header
    zeros_after_header: bool = False  # its first eight bytes are zero


def boxes(path: Path, settings: StructureSettings = SETTINGS.structure) -> Node | None:
    """The tree of the file's boxes, or None where it is no such file or cannot be read. Never raises."""
    try:
        with path.open("rb") as file:
            return _Walk(file, settings).tree()
    except OSError:
        return None


def layout(path: Path) -> Layout | None:
    """The outermost boxes of the file, or None where it is no such file or cannot be read."""
    root = boxes(path)
    return None if root is None else outline(root)


def outline(root: Node) -> Layout:
    """What the outermost boxes of a tree tell."""
    brand = root.first("ftyp")
    data = root.first("mdat")
    said = brand.fields if brand else {}
    return Layout(
        tuple(node.type.replace("\\x00", "").strip() for node in root.children),
        str(said.get("brand", "")).strip(),
        int(str(said.get("minor", 0))),
        tuple(str(name).strip() for name in _listed(said.get("compatible"))),
        data is not None and data.header == 16,
        data is not None and data.fields.get("begins") == "0" * 16,
    )


def _listed(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, (list, tuple)) else ()


class _Walk:
    """One walk over a file, with what is left of its bounds."""

    def __init__(self, file: BinaryIO, settings: StructureSettings) -> None:
        self._file, self._settings = file, settings
        self._boxes, self._bytes = settings.boxes, settings.read_bytes
        self._fragments = settings.fragments
        self._fields = [settings.fields]

    def tree(self) -> Node | None:
        end = self._file.seek(0, 2)
        self._file.seek(0)
        if code(self._file.read(8)[4:]) not in _FIRST:
            return None
        children, notes = self._children("", 0, end, (), "")
        return Node("", 0, end, 0, {}, children, notes) if children else None

    def _children(
        self, parent: str, start: int, end: int, above: tuple[str, ...], handler: str
    ) -> tuple[tuple[Node, ...], tuple[str, ...]]:
        found: list[Node] = []
        notes: list[str] = []
        at = start
        while at < end:
            if self._boxes <= 0:
                notes.append(f"only the first {self._settings.boxes} boxes were read, to byte {at}")
                break
            node, problem = self._box(at, end, (*above, parent), handler)
            if problem:
                notes.append(problem)
            if node is None:
                break
            if parent == "mdia" and node.type == "hdlr":
                handler = str(node.fields.get("handler", ""))
            found.append(node)
            at += node.size
        return tuple(found), tuple(notes)

    def _box(self, at: int, end: int, above: tuple[str, ...], handler: str) -> tuple[Node | None, str]:
        self._file.seek(at)
        head = self._file.read(min(32, end - at))
        if len(head) < 8:
            # QuickTime may end user data with a zero of 32 bits.
            return None, "" if head == _ZEROS else f"{end - at} bytes after the last box, at byte {at}"
        size, kind, header = int.from_bytes(head[:4]), code(head[4:8]), 8
        notes = []
        said: dict[str, object] = {}
        if size == 1:
            size, header = int.from_bytes(head[8:16]), 16
        elif size == 0:
            if not any(head[:8]):  # QuickTime ends some lists with eight zero bytes
                return None, "" if above[-1] else f"{end - at} bytes after the last box, at byte {at}: zeros"
            size = end - at
            said["declared_size"] = 0
            if len(above) > 1:
                notes.append("it gives no size; it was read to the end of its parent")
        if size < header:
            return None, f"no box at byte {at}: it declares {size} bytes"
        if size > end - at:
            where = "its parent" if above[-1] else "the file"
            notes.append(f"it declares {size} bytes and {where} has {end - at} left")
            said["declared_size"] = size
            size = end - at
        self._boxes -= 1
        header = min(header, size)
        return self._filled(Node(kind, at, size, header, said, (), tuple(notes)), head, above, handler), ""

    def _filled(self, node: Node, head: bytes, above: tuple[str, ...], handler: str) -> Node:
        kind, body = node.type, node.offset + node.header
        length = node.size - node.header
        if kind in _DATA:
            begins = head[node.header : node.header + min(8, length)]
            said = {"begins": begins.hex()} if kind == "mdat" else {}
            return replace(node, fields={**node.fields, **said})
        notes = list(node.notes)
        fields = dict(node.fields)
        if above[-1] == "ilst" and head[4:6] == bytes(2):
            fields["key"] = int.from_bytes(head[4:8])  # an entry that `keys` names
        read = decoder(kind, above, handler)
        if read is not None:
            self._file.seek(body)
            cursor = Cursor(self._read(length), length, self._fields)
            try:
                fields.update(read(cursor))  # what comes before a field that is cut off stays
            except ShortError as error:
                notes.append(f"it ends before its fields do: {error}")
            notes += cursor.notes
        children: tuple[Node, ...] = ()
        self._file.seek(body)
        skip = first_child(kind, above, handler, self._file.read(min(length, 96)))
        if skip is not None and self._enters(kind, above):
            children, more = self._children(
                kind, body + min(skip, length), node.offset + node.size, above, handler
            )
            notes += more
        elif skip is not None:
            notes.append("what is inside it was not read")
        return replace(node, fields=fields, children=children, notes=tuple(notes))

    def _enters(self, kind: str, above: tuple[str, ...]) -> bool:
        if kind == "moof":
            self._fragments -= 1
        return len(above) < self._settings.depth and (kind != "moof" or self._fragments >= 0)

    def _read(self, length: int) -> bytes:
        count = max(0, min(length, self._settings.box_bytes, self._bytes))
        self._bytes -= count
        return self._file.read(count)
