"""Texts that must fit a drawing: how wide they come out, and what is left of them in a given room."""

from __future__ import annotations

import unicodedata

_LETTER, _WIDE = 6.4, 12.4  # units of the drawing at 12 px: most letters, and those of full width


def width_of(text: str) -> float:
    """About how wide a text is at 12 px, in units of the drawing; rather more than less."""
    return sum(_WIDE if unicodedata.east_asian_width(letter) in "WF" else _LETTER for letter in text)


def fitted(text: str, room: float) -> str:
    """The text, or its beginning and an ellipsis, so that it fits into `room`."""
    if width_of(text) <= room:
        return text
    kept, spent = "", _LETTER
    for letter in text:
        spent += width_of(letter)
        if spent > room:
            break
        kept += letter
    return f"{kept.rstrip()}\u2026"
