"""What platforms remove from files and write into them, so that a missing field is explained, not suspected.

A table (`platforms.toml`) says for each platform and way of sending which fields go, which stay and which the
platform writes itself, with its source and how sure it is. Which platform a file came from is told by the
structure that the file has, or by the posts that show it.

Limits: platforms change what they do without notice, and do otherwise for other kinds of account, program and
quality. That a platform removes a field does not show that this file ever had it. Error rates: not measured
here; most rows rest on what others tried, and each says on what.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

FIELDS = ("device", "program", "date", "position", "orientation", "manifest")
EVIDENCE = ("source", "measured", "published", "unverified")
_TABLE = "platforms.toml"
_LISTS = ("known_as", "removes", "keeps", "writes")


@dataclass(frozen=True, slots=True)
class Passage:
    """One way through one platform, and what it does to the fields of a file."""

    name: str
    known_as: tuple[str, ...]  # patterns that a name or host fits wholly, in any letters
    way: str
    because: str
    source: str
    evidence: str  # one of EVIDENCE
    removes: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    of: str = ""  # "video" or "picture" where it holds for one of them alone

    def __post_init__(self) -> None:
        """Refuse a row that names no source, or fields that do not exist, or one field twice."""
        if self.evidence not in EVIDENCE or not all((self.name, self.way, self.because, self.source)):
            raise ValueError(f"{self.name}: a row needs way, because, source and evidence")
        told = (*self.removes, *self.keeps, *self.writes)
        if not told or not set(told) <= set(FIELDS) or len(told) != len(set(told)):
            raise ValueError(f"{self.name}: fields are {FIELDS}, each at most once: {told}")
        if self.of not in {"", "video", "picture"}:
            raise ValueError(f"{self.name}: of is video or picture: {self.of}")
        for pattern in self.known_as:
            re.compile(pattern)

    def fits(self, called: str) -> bool:
        """Whether this is what a post, a link's host or a writer's name calls it."""
        return any(re.fullmatch(pattern, called.strip(), re.IGNORECASE) for pattern in self.known_as)


def table(text: str) -> tuple[Passage, ...]:
    """The rows of a table in TOML.

    Raises:
        ValueError: a row is not of the form that `platforms.toml` describes.
    """
    return tuple(_passage(row) for row in tomllib.loads(text)["platform"])


@cache
def passages() -> tuple[Passage, ...]:
    """The rows of the table that comes with the package."""
    return table((files("verify.metadata.origin") / _TABLE).read_text("utf-8"))


def _passage(row: dict[str, Any]) -> Passage:
    try:
        lists: dict[str, Any] = {key: tuple(row[key]) for key in _LISTS if key in row}
        return Passage(**{**row, **lists})
    except TypeError as error:
        raise ValueError(f"{row.get('name')}: {error}") from error


def explains(platform: str, field: str, of: str = "") -> str | None:
    """Why a copy from a platform lacks a field, in words; None where nothing of that is known.

    Args:
        platform: as a post, a link's host or the table of writers calls it.
        field: one of FIELDS.
        of: "video" or "picture" where it is known what was sent.

    Raises:
        ValueError: no such field.
    """
    return _told(platform, field, of, "removes", "Its absence is normal for")


def writes(platform: str, field: str, of: str = "") -> str | None:
    """That a field of a copy is the platform's own, in words; None where nothing is known.

    Raises:
        ValueError: no such field.
    """
    return _told(platform, field, of, "writes", "It may have been written by")


def _told(platform: str, field: str, of: str, what: str, words: str) -> str | None:
    if field not in FIELDS:
        raise ValueError(f"fields are {FIELDS}: {field}")
    rows = [
        row
        for row in passages()
        if row.fits(platform) and field in getattr(row, what) and (not of or row.of in {"", of})
    ]
    told = [f"{words} {row.name} ({row.way}): {row.because} {_sure(row)}." for row in rows]
    return " ".join(told) or None


def _sure(row: Passage) -> str:
    return "(told by others, not verified)" if row.evidence == "unverified" else f"(known from {row.source})"
