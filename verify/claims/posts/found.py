"""What reading an export gives: posts, places where it is malformed, and entries that are no posts.

A reader is a generator of these three. What it cannot understand it names, with its place and what to do, and
goes on; where the file cannot be read on, it raises `BrokenExportError` and keeps what it gave before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.errors import InputError
from verify.metadata.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify.model import Post

_NAME = 300  # characters of a channel's or a person's name; longer is no such thing
_ADDRESS = 2000  # characters of a web address; browsers take as many


class BrokenExportError(InputError):
    """An export of posts could not be read, or not to its end; the message names the place."""

    code = "broken-export"


@dataclass(frozen=True, slots=True)
class Malformed:
    """A place in an export that is not as its format has it. The post is kept as far as it can be."""

    place: str  # "messages[4].date"
    problem: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """An entry that is no post: a service message, a page that was not saved."""

    what: str


if TYPE_CHECKING:
    Entries = Iterator[Post | Malformed | PassedOver]


def name(value: object, longest: int = _NAME) -> str:
    """A name or number as one line of bounded length; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    if isinstance(value, int):
        return str(value) if abs(value) < 10**40 else ""
    return plain(value[: longest * 4])[:longest]


def address(value: object) -> str:
    """A web address as one line of bounded length."""
    return name(value, _ADDRESS)
