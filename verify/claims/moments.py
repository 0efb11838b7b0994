"""Dates of a case file as intervals.

A written date is never a point: `02:37:00` without seconds of its own is the whole minute (TOML forces the
zeros), a day without a time is the whole day. A date without a zone is read in `place.timezone`, and is an
error where the case names none; a moment that the zone's clocks skipped is impossible, and one that they
passed twice covers both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from fractions import Fraction
from typing import TYPE_CHECKING

from verify.claims.intervals import Interval
from verify.metadata.dates import YEARS

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from verify.claims.reader import Table

_SECOND = timedelta(seconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Moment:
    """From the first to the last second that a written date can mean, both included; with a zone."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse an interval that runs backwards or has no zone."""
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a moment has a zone")
        if self.end < self.start:
            raise ValueError(f"moment ends before it starts: {self.start} > {self.end}")


def moment(table: Table, key: str, zone: ZoneInfo | None) -> Moment | None:
    """The date under `key`, or None where there is none. `{ from = ..., to = ... }` is an interval of dates.

    Raises:
        CaseFileError: it is no date, is impossible in its zone, or has no zone while the case names none.
    """
    value = table.value(key)
    if value is None:
        return None
    if not isinstance(value, dict):
        return _single(table, key, value, zone)
    inner = table.table(key)
    first, last = moment(inner, "from", zone), moment(inner, "to", zone)
    inner.close()
    if first is None or last is None:
        raise inner.error("from" if first is None else "to", "is missing", "an interval has both ends")
    if last.end < first.start:
        raise table.error(key, "the interval ends before it starts")
    return Moment(first.start, last.end)


def extent(written: datetime) -> timedelta:
    """Seconds from the first to the last second of a written time: 59 where it tells no seconds, else 0."""
    return timedelta(seconds=59) if written.second == 0 and written.microsecond == 0 else timedelta(0)


def interval(start: datetime | None, end: datetime | None) -> Interval:
    """The instants that a written time covers, in exact seconds since 1970; without a zone, in any zone.

    Args:
        start: its first second; None where it is open.
        end: its last second (millisecond, microsecond where it has such), which belongs to it whole.
    """
    begins, ends = (None if each is None else _instant(each) for each in (start, end))
    if end is not None and ends is not None:
        ends += _shortest(end)
    found = Interval(begins, ends, end_in=False)
    zoneless = next((each for each in (start, end) if each is not None), _EPOCH).tzinfo is None
    return found.without_zone() if zoneless else found


def _instant(moment: datetime) -> Fraction:
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return Fraction((zoned - _EPOCH) // timedelta(microseconds=1), 10**6)


def _shortest(moment: datetime) -> Fraction:
    """What the last figure of a time stands for: a second, a thousandth, a millionth of one."""
    micro = moment.microsecond
    return Fraction(1) if not micro else Fraction(1, 1000) if micro % 1000 == 0 else Fraction(1, 10**6)


def _single(table: Table, key: str, value: object, zone: ZoneInfo | None) -> Moment:
    if isinstance(value, date) and value.year not in YEARS:
        raise table.error(key, f"the year {value.year} is not one of {YEARS.start} to {YEARS.stop - 1}")
    if isinstance(value, datetime):
        return _spanned(table, key, value, value + extent(value), zone)
    if isinstance(value, date):
        day = datetime.combine(value, time.min)
        return _spanned(table, key, day, day + timedelta(days=1) - _SECOND, zone)
    if isinstance(value, time):
        raise table.error(key, "a time of day without its date", "write 2023-05-03T02:37:00")
    kind = "text in quotes" if isinstance(value, str) else f"a {type(value).__name__}"
    raise table.error(
        key, f"must be a date, and is {kind}", "write 2023-05-03T02:37:00+03:00, without quotes"
    )


def _spanned(table: Table, key: str, start: datetime, end: datetime, zone: ZoneInfo | None) -> Moment:
    if start.tzinfo is not None:
        return Moment(start, end)
    if zone is None:
        raise table.error(
            key,
            "the date has no zone, and the case names none",
            'add one (2023-05-03T02:37:00+03:00), or [place] timezone = "Europe/Moscow"',
        )
    first, last = start.replace(tzinfo=zone, fold=0), end.replace(tzinfo=zone, fold=1)
    # A skipped moment does not survive the way to UTC and back. A whole day starts when its zone lets it.
    whole_day = end - start > timedelta(hours=1)
    if not whole_day and first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != start:
        raise table.error(
            key, f"the clocks of {zone.key} skipped {start:%Y-%m-%d %H:%M}", "give the zone, +03:00"
        )
    # With the clocks set back, both readings of the hour differ in UTC; fixed offsets keep them in order.
    return Moment(_fixed(first), _fixed(last))


def _fixed(moment: datetime) -> datetime:
    """The same instant with a fixed offset in place of a zone's rules: comparing then compares instants."""
    offset = moment.utcoffset()
    return moment.replace(tzinfo=timezone(offset or timedelta(0)), fold=0)
