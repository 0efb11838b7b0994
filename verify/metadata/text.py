"""Text from files: kept as written, bounded in length. Escaping it is the report's work."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 2000  # characters of one tag that a report keeps; maker notes and XMP run to megabytes
MOST = 1000  # tags of one source that a report keeps; cameras write up to 400
_NAME = 200  # characters of a tag's name


def bounded(text: str, longest: int = LONGEST) -> str:
    """The text as written, or as much as `longest` characters allow with a word on how long it was."""
    if len(text) <= longest:
        return text
    note = f"… ({len(text)} characters, cut here)"
    return text[: longest - len(note)] + note


def kept(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags with bounded texts, at most `MOST` of them."""
    return {name[:_NAME]: bounded(text) for name, text in islice(tags.items(), MOST)}


def binary(count: int) -> str:
    """What stands in place of bytes that are no text."""
    return f"binary, {count} bytes"


def plain(text: str) -> str:
    """The text without control characters and outer blanks: for comparing and for normalised fields."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()
