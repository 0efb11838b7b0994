"""How a file is put together, as a table for the report: boxes, segments, chunks, encoders, chapters.

Long files repeat themselves, so boxes of one type behind the first few of a list are folded into one entry
with their count, and lists and texts are cut; the whole stays within a bound.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from verify.metadata.bitstream.encoders import encodings
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from verify.metadata.carried import Carried
    from verify.metadata.containers.boxes import Node
    from verify.model import Media
    from verify.settings import StructureSettings

_LETTERS = 300  # of one text
_ENTRIES = 16  # of one list
# The library that put the file together, and the program that used it, in each format's names.
_MUXER = ("muxingapp", "encoder", "encoding_tool")
_WRITER = ("writingapp", "isft", "software", "com.apple.quicktime.software")


def structure(
    media: Media, found: Carried, settings: StructureSettings = SETTINGS.structure
) -> dict[str, object]:
    """The structure of one input; keys only for what it has.

    Returns:
        `boxes`: the tree of an ISO base media file, see `box_table`; `jpeg` and `chunks`: order of segments
        or chunks and what else they tell; `encoders`: see `encodings`; `container`: what any format
        has: the muxing library, the writing program, chapters; `notes`: what could not be read.
    """
    told: dict[str, object] = {}
    if found.boxes is not None:
        told["boxes"] = box_table(found.boxes, settings)
    for name, facts in (("jpeg", found.jpeg), ("chunks", found.chunks)):
        if facts:
            told[name] = dict(facts)
    if encoders := encodings(media):
        told["encoders"] = encoders
    if container := _container(media, found.texts):
        told["container"] = container
    if found.notes:
        told["notes"] = found.notes[:_ENTRIES]
    return told


def _container(media: Media, texts: dict[str, str]) -> dict[str, object]:
    named = {name.lower(): text for name, text in {**media.tags.get("container", {}), **texts}.items()}
    told: dict[str, object] = {}
    for name, sources in (("muxer", _MUXER), ("writer", _WRITER)):
        if text := next((named[source] for source in sources if source in named), None):
            told[name] = text[:_LETTERS]
    if chapters := media.container.get("chapters"):
        told["chapters"] = chapters
    return told


def box_table(root: Node, settings: StructureSettings) -> dict[str, object]:
    """A tree of boxes as plain values.

    Returns:
        `type`, `offset`, `size`; where there are any, `fields`, `notes` and `boxes`, the list of inner ones.
        An entry with `folded` stands for that many boxes of its type that come later in the list, `size` for
        their bytes together.
    """
    return _table(root, settings, [settings.listed_boxes])


def _table(node: Node, settings: StructureSettings, left: list[int]) -> dict[str, object]:
    left[0] -= 1
    told: dict[str, object] = {"type": node.type, "offset": node.offset, "size": node.size}
    if node.fields:
        told["fields"] = {name: _short(value) for name, value in node.fields.items()}
    if node.notes:
        told["notes"] = list(node.notes[:_ENTRIES])
    if node.children:
        told["boxes"] = _folded(node.children, settings, left)
    return told


def _folded(nodes: tuple[Node, ...], settings: StructureSettings, left: list[int]) -> list[dict[str, object]]:
    seen: Counter[str] = Counter()
    rest: dict[str, dict[str, object]] = {}
    told: list[dict[str, object]] = []
    for node in nodes:
        seen[node.type] += 1
        if seen[node.type] <= settings.alike_boxes and left[0] > 0:
            told.append(_table(node, settings, left))
        elif node.type in rest:
            entry = rest[node.type]
            entry["folded"] = int(str(entry["folded"])) + 1
            entry["size"] = int(str(entry["size"])) + node.size
        else:
            rest[node.type] = {"type": node.type, "offset": node.offset, "size": node.size, "folded": 1}
            told.append(rest[node.type])
    return told


def _short(value: object) -> object:
    if isinstance(value, str):
        return value if len(value) <= _LETTERS else f"{value[:_LETTERS]}… ({len(value)} characters)"
    if isinstance(value, dict):
        return {name: _short(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        shown = [_short(part) for part in value[:_ENTRIES]]
        return shown if len(value) <= _ENTRIES else [*shown, f"… ({len(value)} entries)"]
    return value
