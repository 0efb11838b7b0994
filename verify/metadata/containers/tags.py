"""The texts, dates and positions among a file's boxes, by the path of the box that holds each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify.metadata.containers.boxes import Node

_CLOCKS = {"mvhd", "tkhd", "mdhd"}
_DATES = ("created", "modified")
# Boxes that only repeat what the structure shows, or are long.
_SILENT = {"hdlr", "url ", "alis", "auxC", "emsg", "keyd"}


def box_tags(root: Node) -> dict[str, str]:
    """Texts by path (`moov/udta/©xyz`), entries of Apple's metadata by name, positions as ISO 6709.

    A track's path has its number (`moov/trak 2/udta/name`). Of the clocks, the movie's dates are given, and a
    track's where they differ from the movie's.
    """
    found: dict[str, str] = {}
    clock = root.first("moov", "mvhd")
    for name, text in _texts(root, "", dict(clock.fields) if clock else {}):
        key, count = name, 2
        while key in found:
            key, count = f"{name} {count}", count + 1
        found[key] = text
    return found


def _texts(node: Node, path: str, movie: dict[str, object]) -> Iterator[tuple[str, str]]:
    tracks = 0
    names = next((child.fields.get("names") for child in node.children if child.type == "keys"), None)
    for child in node.children:
        tracks += child.type == "trak"
        own = f"{path}{child.type} {tracks}" if child.type == "trak" else f"{path}{child.type}"
        if child.type == "ilst":
            yield from _listed(child, path, names if isinstance(names, list) else [])
        elif child.type in _CLOCKS:
            yield from _dated(child, own, movie)
        elif child.type == "loci":
            yield from _place(child, own)
        elif child.type not in _SILENT:
            yield from _own(child, own)
            yield from _texts(child, f"{own}/", movie)


def _own(node: Node, path: str) -> Iterator[tuple[str, str]]:
    texts = node.fields.get("texts")
    for entry in texts if isinstance(texts, list) else ():
        if entry["text"]:
            yield path, entry["text"]
    for name in ("text", "value", "year"):
        if (text := node.fields.get(name)) not in {None, ""}:
            yield path, str(text)


def _listed(node: Node, path: str, names: list[str]) -> Iterator[tuple[str, str]]:
    """Entries of a metadata list: numbered by `keys`, named by a free name, or by their type."""
    for entry in node.children:
        number = entry.fields.get("key")
        free = [entry.first(kind) for kind in ("mean", "name")]
        if isinstance(number, int) and 0 < number <= len(names):
            name = names[number - 1]
        elif all(free):
            name = ":".join(str(part.fields.get("text", "")) for part in free if part)
        else:
            name = f"{path}ilst/{entry.type}"
        for value in entry.all("data"):
            if (text := value.fields.get("value")) not in {None, ""}:
                yield name, str(text)


def _place(node: Node, path: str) -> Iterator[tuple[str, str]]:
    latitude, longitude = node.fields.get("latitude"), node.fields.get("longitude")
    if isinstance(latitude, float) and isinstance(longitude, float):
        yield path, f"{latitude:+09.5f}{longitude:+010.5f}/"
    if node.fields.get("name"):
        yield f"{path} name", str(node.fields["name"])


def _dated(node: Node, path: str, movie: dict[str, object]) -> Iterator[tuple[str, str]]:
    for name in _DATES:
        when = node.fields.get(name)
        if when and (node.type == "mvhd" or when != movie.get(name)):
            yield f"{path}/{name}", str(when)
