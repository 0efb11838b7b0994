"""What a rule of writers.toml may ask of a file's traces, each kind of question a function."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from verify.metadata.origin.traces import Traces

Condition = dict[str, Any]


def holds(condition: Mapping[str, Any], seen: Traces) -> bool:
    """Whether all that the condition asks is so; `words` asks nothing."""
    return all(KINDS[kind](seen, value) for kind, value in condition.items() if kind != "words")


def check(condition: Mapping[str, Any]) -> None:
    """Refuse a condition that asks nothing, or asks what nothing answers.

    Raises:
        ValueError: with what is wrong.
    """
    asked = [kind for kind in condition if kind != "words"]
    if not asked:
        raise ValueError(f"a condition asks nothing: {condition}")
    for kind in asked:
        if kind not in KINDS:
            raise ValueError(f"unknown condition: {kind}")
        if kind in {"any", "none"}:
            for inner in condition[kind]:
                check(inner)
        for pattern in _patterns(kind, condition[kind]):
            re.compile(pattern)


def _patterns(kind: str, value: Any) -> Iterable[str]:
    if kind in {"handler", "handlers", "key", "segment", "name", "note"}:
        return [value]
    return [value[1]] if kind in {"tag", "exif"} else []


def _layout(seen: Traces, ask: Callable[[Any], bool]) -> bool:
    return seen.layout is not None and ask(seen.layout)


def _size(seen: Traces) -> tuple[int, ...] | None:
    """The sides of a JPEG picture, the shorter first."""
    return tuple(sorted(seen.jpeg.size)) if seen.jpeg and seen.jpeg.size else None


def _exif_size(seen: Traces) -> tuple[int, ...] | None:
    """The sides that the EXIF gives, the shorter first; None where it gives none, or of other formats."""
    sides = [seen.said(f"exif exifimage{side}") for side in ("width", "length")]
    if seen.jpeg is None or not all(texts and texts[0].isdecimal() for texts in sides):
        return None
    found = tuple(sorted(int(texts[0]) for texts in sides))
    return found if found[0] else None


def _note(seen: Traces, pattern: str) -> bool:
    """Whether the maker note, where there is one, begins so."""
    block = seen.jpeg.exif if seen.jpeg else None
    text = block.maker_note.decode("latin-1") if block else ""
    return not text or re.match(pattern, text) is not None


KINDS: dict[str, Callable[[Traces, Any], bool]] = {
    "brand": lambda seen, value: _layout(seen, lambda box: box.brand == value),
    "compatible": lambda seen, value: _layout(seen, lambda box: box.compatible == tuple(value)),
    "minor": lambda seen, value: _layout(seen, lambda box: box.minor == value),
    "order": lambda seen, value: _layout(seen, lambda box: box.order[: len(value)] == tuple(value)),
    "not_order": lambda seen, value: _layout(seen, lambda box: list(box.order) not in value),
    "last": lambda seen, value: _layout(seen, lambda box: box.order[-1] == value),
    "zeros": lambda seen, value: _layout(seen, lambda box: box.zeros_after_header == value),
    "handler": lambda seen, value: any(re.fullmatch(value, name) for name in seen.handlers),
    "handlers": lambda seen, value: (
        bool(seen.handlers) and all(re.fullmatch(value, name) for name in seen.handlers)
    ),
    "box": lambda seen, value: set(value) <= seen.boxes,
    "user_data": lambda seen, value: bool(set(value) & seen.user_data),
    "timescale": lambda seen, value: seen.timescale in value,
    "tag": lambda seen, value: any(re.search(value[1], text) for text in seen.texts(value[0])),
    "key": lambda seen, value: any(re.fullmatch(value, name) for name, _ in seen.tags),
    "exif": lambda seen, value: any(re.search(value[1], text) for text in seen.said(value[0].lower())),
    "segment": lambda seen, value: (
        seen.jpeg is not None and any(re.match(value, name) for name in seen.jpeg.segments)
    ),
    "name": lambda seen, value: re.match(value, seen.file_name) is not None,
    "exif_block": lambda seen, value: (seen.jpeg is not None and seen.jpeg.exif is not None) == value,
    "same_size": lambda seen, value: (_exif_size(seen) in {None, _size(seen)}) == value,
    "rewritten": lambda seen, value: (
        (seen.jpeg is not None and (seen.jpeg.repacked or seen.jpeg.jfif)) == value
    ),
    "note": lambda seen, value: _note(seen, value),
    "any": lambda seen, value: any(holds(inner, seen) for inner in value),
    "none": lambda seen, value: not any(holds(inner, seen) for inner in value),
}
