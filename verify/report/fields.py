"""What each file says of itself, as the page shows it: fields stated, fields missing, structure.

A field is shown with where it stands, what it would prove and how easily it is changed; of those that are
missing the names, and why that is normal where it is known. Structure is told as indented lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify.model import Field, Media

NAMES = {
    "make": "Maker",
    "model": "Model",
    "software": "Software",
    "taken": "Date taken",
    "position": "Position",
    "orientation": "Orientation",
    "writer": "Written by",
    "file_name_date": "Date in its name",
    "c2pa": "C2PA manifest",
}
C2PA = {
    "none": "no manifest, which is the normal case",
    "not_read": "not read",
    "valid": "valid; signer on no trust list",
    "trusted": "valid; signer on the trust list that was given",
    "invalid": "does not hold",
    "unreadable": "cannot be read",
}
_PARTS = {"boxes": "Boxes", "encoders": "Encoders", "jpeg": "JPEG segments and tables", "chunks": "Chunks"}
_LETTERS = 1200  # of one line of structure
_LINES = 200  # of one part of it
_DEPTH = 12  # of nested tables; boxes are told deeper


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one file."""

    stated: tuple[Field, ...]
    missing: tuple[str, ...]  # names
    notes: tuple[str, ...]  # why it is normal that some are missing, each once, with the fields


@dataclass(frozen=True, slots=True)
class Told:
    """A part of a file's structure."""

    title: str
    lines: tuple[str, ...]
    left_out: bool


def fields(media: Media) -> Fields:
    """What is stated in the order of the fields, and what is not."""
    missing = [field for field in media.fields if field.says is None]
    notes: dict[str, list[str]] = {}
    for field in missing:
        if field.note:
            notes.setdefault(field.note, []).append(_name(field))
    told = tuple(f"{', '.join(names)}: {note}" for note, names in notes.items())
    names = tuple(_name(field) for field in missing)
    return Fields(tuple(field for field in media.fields if field.says is not None), names, told)


def _name(field: Field) -> str:
    name = NAMES.get(field.name, field.name)
    return name if name.startswith("C2PA") else name.lower()


def structure(media: Media, letters: int) -> tuple[Told, ...]:
    """The parts of a file's structure in `letters` and `_LINES` at most, whole lines only."""
    found = []
    share = letters // max(1, len(media.structure))
    for name in dict.fromkeys((*(name for name in _PARTS if name in media.structure), *media.structure)):
        value = media.structure[name]
        told = _boxes(value, 0) if name == "boxes" else _lines(value, 0)
        found.append(_within(_PARTS.get(name, name.capitalize()), told, share))
    return tuple(found)


def _within(title: str, told: Iterator[str], letters: int) -> Told:
    lines: list[str] = []
    for line in told:
        letters -= len(line) + 1
        if letters < 0 or len(lines) == _LINES:
            return Told(title, tuple(lines), True)
        lines.append(line)
    return Told(title, tuple(lines), False)


def _boxes(value: object, depth: int) -> Iterator[str]:
    """A box in a line, its inner ones below it."""
    if not isinstance(value, Mapping):
        return
    facts = [f"{value.get('size')} bytes at {value.get('offset')}"]
    if "folded" in value:
        facts = [f"{value['folded']} more of them, {value.get('size')} bytes together"]
    inner = value.get("fields")
    if isinstance(inner, Mapping):
        facts += [f"{name} {_short(part)}" for name, part in inner.items()]
    notes = value.get("notes")
    facts += [f"note: {note}" for note in notes] if isinstance(notes, (list, tuple)) else []
    kind = str(value.get("type", ""))
    if kind or depth:
        yield _cut(f"{'  ' * depth}{kind}: {'; '.join(facts)}")
    below = value.get("boxes")
    for box in below if isinstance(below, (list, tuple)) else ():
        yield from _boxes(box, depth + (1 if kind or depth else 0))


def _lines(value: object, depth: int) -> Iterator[str]:
    """A table as lines, one an entry; one without tables in it stands in one line."""
    indent = "  " * depth
    if isinstance(value, Mapping):
        for name, part in value.items():
            if _nested(part) and depth < _DEPTH:
                yield _cut(f"{indent}{name}")
                yield from _lines(part, depth + 1)
            else:
                yield _cut(f"{indent}{name}: {_short(part)}")
    elif _is_list(value):
        for number, part in enumerate(value, 1):
            if isinstance(part, Mapping) and depth < _DEPTH:
                yield f"{indent}{number}"
                yield from _lines(part, depth + 1)
            else:
                yield _cut(f"{indent}{_short(part)}")
    else:
        yield _cut(f"{indent}{_short(value)}")


def _nested(value: object) -> bool:
    """Whether there are tables in it, itself or in a list of it."""
    parts = value.values() if isinstance(value, Mapping) else value if _is_list(value) else ()
    return any(isinstance(part, Mapping) or (_is_list(part) and _nested(part)) for part in parts)


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _short(value: object, depth: int = 0) -> str:
    if depth > _DEPTH:
        return "\u2026"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_short(part, depth + 1)}" for name, part in islice(value.items(), 60))
    if _is_list(value):
        return " ".join(_short(part, depth + 1) for part in islice(value, 70))
    return str(value)


def _cut(line: str) -> str:
    return line if len(line) <= _LETTERS else f"{line[:_LETTERS]}\u2026"
