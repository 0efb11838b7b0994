"""Fields of the boxes of HEIC and AVIF pictures: items, where they lie, what belongs to what."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from verify.metadata.cursor import Cursor, code
from verify.metadata.text import bounded

Fields = Iterator[tuple[str, object]]
_MOST = 4096  # items, and extents of one; a picture in tiles has some hundred


def infe_start(head: bytes) -> int:
    """Bytes before the first entry of `iinf`."""
    return 6 if head[:1] == b"\0" else 8


def iinf(box: Cursor) -> Fields:
    """How many items there are."""
    version, _ = box.version()
    yield "entries", box.u(4 if version else 2)


def infe(box: Cursor) -> Fields:
    """One item: number, type, name."""
    version, flags = box.version()
    yield "item", box.u(4 if version > 2 else 2)
    box.take(2)
    if version < 2:
        yield "name", box.text()
        yield "content_type", box.text()
        return
    kind = box.code()
    yield "kind", kind
    if flags & 1:
        yield "hidden", True
    yield "name", box.text()
    if kind == "mime":
        yield "content_type", box.text()


def pitm(box: Cursor) -> Fields:
    """Which item is the picture."""
    version, _ = box.version()
    yield "item", box.u(4 if version else 2)


def iloc(box: Cursor) -> Fields:
    """Where items lie: by number, how the place is counted (0: in the file), and their extents."""
    version, _ = box.version()
    sizes = box.u(1), box.u(1)
    offset, length, base, index = sizes[0] >> 4, sizes[0] & 15, sizes[1] >> 4, sizes[1] & 15
    count = box.u(2 if version < 2 else 4)
    yield "entries", count
    items: list[dict[str, object]] = []
    yield "items", items
    for _ in range(min(count, _MOST)):
        item = box.u(2 if version < 2 else 4)
        method = box.u(2) & 15 if version else 0
        box.take(2)
        start = box.u(base)
        extents = []
        for _ in range(min(box.u(2), _MOST)):
            box.take(index if version else 0)
            extents.append([start + box.u(offset), box.u(length)])
        items.append({"item": item, "method": method, "extents": extents})


def reference(box: Cursor) -> Fields:
    """Which items an item is made of, shows or describes."""
    # The width of the numbers stands in the parent; the length tells it too.
    wide = 2 if len(box.data) >= 4 and box.whole == 4 + 2 * int.from_bytes(box.data[2:4]) else 4
    yield "item", box.u(wide)
    yield "to", [box.u(wide) for _ in range(min(box.u(2), _MOST))]


def ispe(box: Cursor) -> Fields:
    """Size of an item's picture."""
    box.version()
    yield "width", box.u(4)
    yield "height", box.u(4)


def irot(box: Cursor) -> Fields:
    """How far the picture is turned, anticlockwise."""
    yield "degrees", (box.u(1) & 3) * 90


def imir(box: Cursor) -> Fields:
    """About which axis the picture is mirrored."""
    yield "axis", "horizontal" if box.u(1) & 1 else "vertical"


def pixi(box: Cursor) -> Fields:
    """Bits of each channel."""
    box.version()
    yield "bits", list(box.take(min(box.u(1), box.left)))


def auxc(box: Cursor) -> Fields:
    """What an auxiliary picture holds: depth, alpha, a gain map."""
    box.version()
    yield "kind", box.text()


def keys(box: Cursor) -> Fields:
    """Names of a metadata list, in the order that its entries are numbered in."""
    box.version()
    count = box.u(4)
    yield "entries", count
    names: list[str] = []
    yield "names", names
    for _ in range(min(count, _MOST)):
        size = box.u(4)
        if size < 8:
            box.notes.append(f"a name declares {size} bytes")
            return
        box.code()
        names.append(bounded(box.take(size - 8).decode("utf-8", "replace")))


def keyd(box: Cursor) -> Fields:
    """The name of what a timed metadata track carries."""
    yield "namespace", code(box.take(4))
    yield "name", bounded(box.rest().decode("utf-8", "replace"))


ITEMS: dict[str, Callable[[Cursor], Fields]] = {
    "iinf": iinf, "infe": infe, "pitm": pitm, "iloc": iloc, "ispe": ispe, "irot": irot, "imir": imir,
    "pixi": pixi, "auxC": auxc, "keys": keys, "keyd": keyd,
}  # fmt: skip
