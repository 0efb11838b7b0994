"""Texts that must fit a drawing: how wide they come out, and what is left of them in a given room."""

from __future__ import annotations

import unicodedata

_LETTER, _OTHER, _WIDE = 6.6, 7.6, 12.4  # units of the drawing at 12 px: Latin, other and full-width letters
BOLD = 1.12  # times as wide


def width_of(text: str) -> float:
    """About how wide a text is at 12 px, in units of the drawing; rather more than less."""
    return sum(map(_width, text))


def fitted(text: str, room: float) -> str:
    """The text, or its beginning and an ellipsis, so that it fits into `room`."""
    if width_of(text) <= room:
        return text
    kept, spent = "", _LETTER
    for letter in text:
        spent += _width(letter)
        if spent > room:
            break
        kept += letter
    return f"{kept.rstrip()}\u2026"


def _width(letter: str) -> float:
    if letter < "\u0250":
        return _LETTER
    return _WIDE if unicodedata.east_asian_width(letter) in "WF" else _OTHER
