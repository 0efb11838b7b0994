"""Text from files: kept as written, bounded in length. Escaping it is the report's work."""

from __future__ import annotations

LONGEST = 2000  # characters of one tag that a report keeps; maker notes and XMP run to megabytes


def bounded(text: str) -> str:
    """The text as written, cut after `LONGEST` characters with a word on how long it was."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}… ({len(text)} characters, cut here)"


def binary(count: int) -> str:
    """What stands in place of bytes that are no text."""
    return f"binary, {count} bytes"


def plain(text: str) -> str:
    """The text without control characters and outer blanks: for comparing and for normalised fields."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()
