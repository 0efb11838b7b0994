"""The ledger's noun: one statement of one source about when something was.

A statement has one reading or several, of which one holds: a date without a zone may be UTC or local time,
the sun stands at one height twice a day. Whoever has statements about time (posts, a clock in the picture,
the sun) makes them of this kind; what they are held against follows from the fact that they speak of.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from verify.claims.moments import interval

if TYPE_CHECKING:
    from datetime import datetime

    from verify.claims.intervals import Interval


class Fact(StrEnum):
    """What a statement is about."""

    FILMED = "filmed"  # when what a clip shows was filmed
    TAKEN = "taken"  # when a camera took this very file, which may have been pointed at a screen
    WRITTEN = "written"  # when the file, or its name, was written: not before it was filmed
    POSTED = "posted"  # when one post was made
    SEEN = "seen"  # when a post was there: an archive saved it, it was edited
    PASSED_ON = "passed on"  # when the post was made that another one forwards
    FIRST_POSTED = "first posted"  # when a clip was first posted
    OTHER = "other"  # no fact that anything else speaks of


@dataclass(frozen=True, slots=True)
class When:
    """One reading: first and last second, both included; None is open, without a zone it may be any."""

    start: datetime | None
    end: datetime | None
    what: str  # the entry's words

    @property
    def interval(self) -> Interval:
        """The instants that it covers."""
        return interval(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Stated:
    """One statement about time."""

    fact: Fact
    kind: str  # of its entries: made posted claimed said read derived sky
    source: str
    whens: tuple[When, ...]  # readings; at least one
    wrong: str = ""  # its subject, where it would have to be wrong: "the clock read in dome"
    besides: str = ""  # what else would have to be so, where it does not speak of the fact
    media: str | None = None
    second: float | None = None  # of the clip, at which something was read
    post: str = ""  # which one, for POSTED, SEEN and PASSED_ON
    shows: bool = True  # whether the file was in the post by then, as far as is known

    def __post_init__(self) -> None:
        """A statement has a reading, if an open one."""
        if not self.whens:
            raise ValueError(f"{self.source}: a statement without a reading")

    @property
    def intervals(self) -> tuple[Interval, ...]:
        """The instants of each reading."""
        return tuple(when.interval for when in self.whens)

    def read_as(self, *whens: When) -> Stated:
        """The same statement with other readings."""
        return replace(self, whens=whens)
