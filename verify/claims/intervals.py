"""Intervals of time, and what follows from two of them.

An end is closed (that moment belongs to it), open (it does not) or unknown (None). Two intervals about one
fact conflict only where they share no moment; one fact comes before another only where every moment of the
one lies before every moment of the other. What is unknown never makes a conflict and never an order. A time
of day without a zone may stand for any moment that the world's time zones allow, from 14 hours before to 12
hours after the same figures in UTC.

Numbers are exact: whole numbers or fractions of seconds from any one origin. Nothing here knows of files.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

# Local time is UTC-12 to UTC+14 (IANA zones since 1995), so UTC is local time less that.
ZONE_EARLIEST = -14 * 3600  # seconds
ZONE_LATEST = 12 * 3600


class Order(StrEnum):
    """In which order two facts happened, as far as it follows."""

    BEFORE = "before"
    AFTER = "after"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Interval:
    """The moments at which something may have been; never empty."""

    start: Fraction | int | None = None  # seconds; None: it may be however early
    end: Fraction | int | None = None  # seconds; None: it may be however late
    start_in: bool = True  # whether the start itself belongs to it
    end_in: bool = True

    def __post_init__(self) -> None:
        """Refuse an interval without a moment."""
        if self.start is None or self.end is None:
            return
        if self.end < self.start or (self.end == self.start and not (self.start_in and self.end_in)):
            raise ValueError(f"no moment lies between {self.start} and {self.end}")

    def gap(self, later: Interval) -> Fraction | int | None:
        """Seconds from the last moment of this to the first of `later`; None where one is not known."""
        return None if self.end is None or later.start is None else later.start - self.end

    def before(self, other: Interval) -> bool:
        """Whether every moment of this lies before every moment of `other`."""
        gap = self.gap(other)
        return gap is not None and (gap > 0 or (gap == 0 and not (self.end_in and other.start_in)))

    def meets(self, other: Interval) -> bool:
        """Whether there is a moment that both hold; an unknown end always allows one."""
        return not (self.before(other) or other.before(self))

    def order(self, other: Interval) -> Order:
        """The order of two facts, only where it follows."""
        if self.before(other):
            return Order.BEFORE
        return Order.AFTER if other.before(self) else Order.UNKNOWN

    def within(self, other: Interval) -> bool:
        """Whether every moment of this is one of `other`."""
        return _no_earlier(other, self) and _no_later(other, self)

    def widened(self, earlier: Fraction | int | None, later: Fraction | int | None) -> Interval:
        """What lies up to `earlier` seconds before to `later` after a moment of this; None: without bound."""
        return replace(
            self,
            start=None if self.start is None or earlier is None else self.start - earlier,
            end=None if self.end is None or later is None else self.end + later,
        )

    def without_zone(self) -> Interval:
        """All moments that these local times stand for, where nobody knows the zone."""
        return self.widened(-ZONE_EARLIEST, ZONE_LATEST)


def _no_earlier(whole: Interval, part: Interval) -> bool:
    """Whether no moment of `part` lies before the start of `whole`."""
    if whole.start is None:
        return True
    if part.start is None or part.start < whole.start:
        return False
    return part.start > whole.start or whole.start_in or not part.start_in


def _no_later(whole: Interval, part: Interval) -> bool:
    if whole.end is None:
        return True
    if part.end is None or part.end > whole.end:
        return False
    return part.end < whole.end or whole.end_in or not part.end_in


def conflict(one: Sequence[Interval], other: Sequence[Interval]) -> bool:
    """Whether two statements about one fact cannot both hold, in any of the readings of either.

    A statement of several readings holds where one of them does. One without a reading says nothing.
    """
    pairs = list(product(one, other))
    return bool(pairs) and not any(first.meets(second) for first, second in pairs)


def apart(one: Sequence[Interval], other: Sequence[Interval]) -> Fraction | int | None:
    """The least number of seconds by which one of two statements must be wrong for both to hold.

    None where they do not conflict. Where ends are open, they must be wrong by more than this.
    """
    if not conflict(one, other):
        return None
    gaps = (
        first.gap(second) if first.before(second) else second.gap(first)
        for first, second in product(one, other)
    )
    return min(gap for gap in gaps if gap is not None)
