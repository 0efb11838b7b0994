"""Text in the picture: burned-in names, captions and clocks, with the seconds and the place of each.

A few pictures of each clip are looked at, spread over its shots, and lines of text are found and read in each
(`verify.scene.ocr` tells by what; an optional part, `pip install 'verify-media[ocr]'`). Lines that stay in
their place from picture to picture are one text; of its readings the surest is given. A name with @ or an
address is marked as an account: where a copy carries one, that is a lead to where it was posted. What looks
like a time of day or a date is marked as a clock, with what it reads at each moment: a candidate that a
person looks at and enters as a reading; by itself it is never put on the timeline. Cyrillic is found
everywhere, and read where `VERIFY_OCR_MODELS` names a folder with a reader for it; elsewhere such a line is
located, not read.

Limits: only some pictures are looked at, so a text shown for a moment may be missed, and the seconds are
those of the first and the last picture that shows it. Letters on signs in the scene are found too. A reading
can be wrong in any letter; letters that look alike in Latin and Cyrillic are told apart only by their
neighbours. Small, slanted, curved and handwritten letters are mostly missed. That a mark is burned in does
not show who made the clip: anybody can add one. Confidence is the reader's own number, and no probability.

Error rates, on 288 lines of three words drawn on photographs in six fonts, plain, outlined or on a band, and
compressed as video is: every line was located. Of Latin characters 0.95 to 1.0 were right, of whole lines
0.92, at heights of 10 to 44 pixels of 720 alike; of Cyrillic ones, read with Tesseract's Russian model, 0.86
to 0.93, of whole lines 0.74. White letters without an outline on something light fail most. On six
photographs without added text four lines were read, all of them written there
(`tests/benchmarks/results/ocr.json`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from fractions import Fraction
from typing import TYPE_CHECKING

from verify.media import key_times, pictures
from verify.model import MediaKind, Span, Text
from verify.scene import ocr

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from verify.model import Media
    from verify.scene.ocr import Line, Models
    from verify.settings import TextSettings

_ACCOUNT = re.compile(
    r"@\w{3,}|\bt\.me\b|https?:|\bwww\.|\b[\w-]{2,}\.(?:com|org|net|info|news|media|live|tv|me|ru|ua|by|io)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?<!\d)(?:[01]?\d|2[0-3])[:.][0-5]\d(?:[:.][0-5]\d)?(?!\d)"
    r"|(?<!\d)(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2}))(?!\d)"
)


def times(media: Media, settings: TextSettings) -> tuple[Fraction, ...]:
    """The moments of an input that are looked at, ascending: spread over its shots; a picture's is 0."""
    if media.kind is MediaKind.IMAGE or not media.duration:
        return (Fraction(0),)
    few = key_times(media.shots, settings.pictures)
    wanted = min(settings.fewest, settings.pictures)
    if len(few) >= wanted:
        return few
    length = media.duration
    return tuple(length * Fraction(2 * step + 1, 2 * wanted) for step in range(wanted))


def texts(path: Path, at: Sequence[Fraction], used: Models, settings: TextSettings) -> tuple[Text, ...]:
    """The texts of a file, those that stay longest first.

    Args:
        path: a clip or a picture.
        at: ascending moments to look at, seconds.
        used: what reads.
        settings: numbers.

    Raises:
        InputError: no picture could be decoded.
    """
    looked = [
        (picture.time, ocr.lines(picture.rgb, used, settings))
        for picture in pictures(path, at, settings.side)
    ]
    return merged(looked, settings)


@dataclass
class _Chain:
    """Lines of several pictures that are one text."""

    lines: list[tuple[Fraction, Line]] = field(default_factory=list)


def merged(looked: Sequence[tuple[Fraction, Sequence[Line]]], settings: TextSettings) -> tuple[Text, ...]:
    """Lines of several pictures as texts, each with where and when it was seen.

    Args:
        looked: moments, ascending, each with the lines that its picture shows.
        settings: when two lines are one text.
    """
    chains: list[_Chain] = []
    for time, found in looked:
        taken: set[int] = set()
        for line in found:
            place = _match(line, chains, taken, settings)
            if place is None:
                place = len(chains)
                chains.append(_Chain())
            taken.add(place)
            chains[place].lines.append((time, line))
    made = [_text(chain, len(looked), settings) for chain in chains]
    return tuple(sorted(made, key=lambda text: (-text.seen, text.span, text.box.y, text.box.x)))


def _match(line: Line, chains: list[_Chain], taken: set[int], settings: TextSettings) -> int | None:
    places = (
        (line.box.overlap(chain.lines[-1][1].box), place)
        for place, chain in enumerate(chains)
        if place not in taken and _alike(line.text, chain.lines[-1][1].text, settings)
    )
    overlap, place = max(places, default=(0.0, -1))
    return place if overlap >= settings.overlap else None


def _alike(one: str | None, other: str | None, settings: TextSettings) -> bool:
    if one is None or other is None:
        return True
    first, second = (re.sub(r"\d", "0", text.casefold()) for text in (one, other))
    return bool(SequenceMatcher(None, first, second, autojunk=False).ratio() >= settings.alike)


def _text(chain: _Chain, looked: int, settings: TextSettings) -> Text:
    best = max((line for _, line in chain.lines), key=lambda line: (line.text is not None, line.confidence))
    seen = [time for time, _ in chain.lines]
    kind = kind_of(line.text for _, line in chain.lines if line.text is not None)
    readings = tuple((time, line.text) for time, line in chain.lines if line.text) if kind == "clock" else ()
    stays = looked >= settings.fewest and len(seen) >= settings.stays * looked
    return Text(
        best.text, best.box, Span(seen[0], seen[-1]), best.confidence, kind, len(seen), stays, readings
    )


def kind_of(read: Iterable[str]) -> str:
    """account, clock or text: what any of the readings looks like, in this order."""
    known = list(read)
    if any(_ACCOUNT.search(text) for text in known):
        return "account"
    return "clock" if any(_CLOCK.search(text) for text in known) else "text"
