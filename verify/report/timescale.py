"""In which zone a timeline is drawn, and how its moments are told there.

Where no entry has a zone, times are drawn as they are written. Beside entries that have one, a time without a
zone covers every moment that the world's zones allow.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone
from typing import TYPE_CHECKING

from verify.claims.moments import interval
from verify.report import units
from verify.report.axis import told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime, tzinfo

    from verify.claims.intervals import Interval
    from verify.model import Entry

_COARSE = 1800  # seconds: where all lasts longer, moments within one minute need no room between them
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Timescale:
    """How a timeline's times are read and told."""

    zone: tzinfo
    as_written: bool  # whether no entry has a zone
    day: date | None  # on which most is dated: it needs no telling

    @property
    def name(self) -> str:
        """The zone in words."""
        return "as written, without a zone" if self.as_written else f"at {units.zone(told(0, self.zone))}"

    def covered(self, entry: Entry) -> Interval:
        """The moments that an entry allows, in seconds since 1970."""
        ends = (self._read(each) for each in (entry.start, entry.end))
        return interval(*ends)

    def zoneless(self, entry: Entry) -> bool:
        """Whether it has no zone where others have one."""
        return not self.as_written and not _zoned(entry)

    def moments(self, entries: Sequence[Entry]) -> Iterator[float]:
        """The moments that the scale is made for: of entries without a zone only where no other is there."""
        found = [
            [self._read(each) or each for each in (entry.start, entry.end) if each]
            for entry in entries
            if self.as_written or _zoned(entry)
        ]
        every = [moment.timestamp() for both in found for moment in both]
        step = 60 if max(every) - min(every) > _COARSE else 1
        for both in found:
            start, end = both[0].timestamp(), both[-1].timestamp()
            yield start // step * step
            if end - start > step:
                yield end // step * step

    def clock(self, entry: Entry) -> str:
        """`02:37` for a time that is told to the minute, with its day where that is not the usual one."""
        if not (entry.start and entry.end) or self.zoneless(entry):
            return ""
        if entry.end - entry.start >= timedelta(minutes=1):
            return ""
        start = self._read(entry.start) or entry.start
        when = told(start.timestamp(), self.zone)
        clock = f"{when:%H:%M}"
        if self.day is None or when.date() == self.day:
            return clock
        year = f" {when.year}" if when.year != self.day.year else ""
        return f"{when.day} {_MONTHS[when.month - 1]}{year} {clock}"

    def _read(self, moment: datetime | None) -> datetime | None:
        return moment.replace(tzinfo=UTC) if moment and self.as_written else moment


def timescale(entries: Sequence[Entry]) -> Timescale:
    """The commonest distance from UTC, UTC itself only where it is the only one; and the commonest day."""
    zoned = [entry for entry in entries if _zoned(entry)]
    moments = [each for entry in zoned for each in (entry.start, entry.end) if each]
    offsets = Counter(offset for each in moments if (offset := each.utcoffset()))
    zone = timezone(offsets.most_common(1)[0][0]) if offsets else UTC
    days = Counter(
        told((entry.start.replace(tzinfo=entry.start.tzinfo or UTC)).timestamp(), zone).date()
        for entry in zoned or entries
        if entry.start
    )
    return Timescale(zone, not zoned, days.most_common(1)[0][0] if days else None)


def _zoned(entry: Entry) -> bool:
    return all(each.tzinfo for each in (entry.start, entry.end) if each)
