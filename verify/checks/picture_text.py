"""Leads in the picture's text: names of channels and addresses that stay in it, and what looks like a clock.

Quotes what `verify.scene.text` read. A name or an address is a lead to where the copy, or an earlier one, was
posted. A clock is a candidate reading: a person looks at it and enters it in the case file as a reading.

Limits: a reading may be wrong in any letter, and anybody can put a mark or a clock on a clip; signs in the
scene are read as well. Error rates: those of the reading, told there; this check quotes and decides
nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.checks.evidence import per_file
from verify.model import Finding, Measurement, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verify.checks.evidence import Evidence
    from verify.model import Media, Text

NAME = "picture-text/1"
LIMITS = (
    "Only some moments were looked at, and a reading may be wrong in any letter. Anybody can put a name or a "
    "clock on a clip; it does not show who made it or when. Signs in the scene are read as well."
)
_SHOWN = 5  # texts of a kind in the sentence; all are in report.json


@per_file(NAME, "Text in the picture", LIMITS)
def picture_text(media: Media, _evidence: Evidence) -> Finding | None:
    """Accounts, clocks and other text, quoted; None where no text was found or looked for."""
    if not media.texts:
        return None
    read = [text for text in media.texts if text.text is not None]
    parts = [
        _part("a name or address, which is a lead to where it was posted", _quoted(read, "account")),
        _part("what may be a clock or a date, to be looked at and entered as a reading", _clocks(read)),
        _part("other text", _quoted(read, "text")),
    ]
    if unread := len(media.texts) - len(read):
        parts.append(f"lines that were located and not read, for example in another script: {unread}")
    statement = f"The picture shows {'; '.join(filter(None, parts))}."
    counted = (
        Measurement("lines of text", len(media.texts), "lines"),
        Measurement("lines that stay in their place", sum(text.stays for text in media.texts), "lines"),
    )
    return Finding(NAME, (media.id,), Outcome.INCONCLUSIVE, statement, LIMITS, counted)


def _part(what: str, items: list[str]) -> str:
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return f"{what}: {', '.join(items[:_SHOWN])}{more}" if items else ""


def _quoted(texts: Iterable[Text], kind: str) -> list[str]:
    return [
        f'"{text.text}"' + (", in its place throughout" if text.stays else f" at {_when(text)}")
        for text in texts
        if text.kind == kind
    ]


def _clocks(texts: Iterable[Text]) -> list[str]:
    clocks = (text for text in texts if text.kind == "clock")
    return [f'"{read}" at {float(time):.2f} s' for text in clocks for time, read in text.readings]


def _when(text: Text) -> str:
    first, last = float(text.span.start), float(text.span.end)
    return f"{first:.2f} s" if first == last else f"{first:.2f} to {last:.2f} s"
