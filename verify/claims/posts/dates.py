"""Dates of posts as intervals: what an export writes, to the second, the minute or the day.

A time with seconds is that second; one without them is the whole minute, a day without a time the whole day.
A date without a zone stays without one until the case names the zone (`in_zone`). Seconds since 1970 are UTC.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from verify.metadata.dates import YEARS, zone

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from verify.model import Post

Interval = tuple[datetime, datetime]
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?"
)
_DOTTED = re.compile(
    r"(\d\d)\.(\d\d)\.(\d{4})(?:,? (\d\d):(\d\d)(?::(\d\d))?)?\s*(Z|UTC|GMT)?\s*([+-]\d\d:?\d\d)?"
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_SECOND = timedelta(seconds=1)
_FARTHEST = timedelta(hours=14)  # no clock is farther from UTC


def written(text: str) -> Interval:
    """First and last second of `2023-05-03T02:37:00+03:00`, `2023-05-03 02:37`, `20230503` and the like.

    Raises:
        ValueError: it is no such date, or an impossible one.
    """
    found = _ISO.fullmatch(text.strip())
    if found:
        return _interval(found.groups()[:6], found[7] or "", found[8] or "")
    found = _COMPACT.fullmatch(text.strip())
    if found:
        return _interval((*found.groups(), None, None, None), "", "")
    return dotted(text)


def dotted(text: str) -> Interval:
    """First and last second of `03.05.2023 02:37:00`, day first, with `UTC+03:00` behind it or without.

    Raises:
        ValueError: as in `written`.
    """
    found = _DOTTED.fullmatch(text.strip())
    if not found:
        raise ValueError("not a date")
    day, month, year, *clock, utc, offset = found.groups()
    return _interval((year, month, day, *clock), "", offset or utc or "")


def _interval(parts: tuple[str | None, ...], fraction: str, offset: str) -> Interval:
    year, month, day, hour, minute, second = (int(part) if part else 0 for part in parts)
    when = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone follows
    if when.year not in YEARS:
        raise ValueError(f"the year {when.year}")
    when = when.replace(microsecond=int(fraction[:6].ljust(6, "0")) if fraction else 0)
    if offset:
        when = when.replace(tzinfo=UTC if offset in {"Z", "UTC", "GMT"} else _zone(offset))
    if parts[3] is None:
        return when, when + timedelta(days=1) - _SECOND
    return when, when + (timedelta(0) if parts[5] else timedelta(seconds=59))


def _zone(offset: str) -> timezone:
    found = zone(offset)
    if found is None or abs(found.utcoffset(None)) > _FARTHEST:
        raise ValueError("a zone that no clock has")
    return found


def unix(value: object) -> datetime:
    """Seconds since 1970, as number or digits -> UTC.

    Raises:
        ValueError: it is no number, or no time that a post can have.
    """
    if isinstance(value, str) and re.fullmatch(r"\d{1,12}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 7_258_118_400:
        raise ValueError("not seconds since 1970")  # the bound is the year 2200
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=value)


def with_offset(local: datetime, instant: datetime) -> datetime:
    """An instant in the zone in which `local` was written beside it.

    Raises:
        ValueError: the two differ by what no zone differs by.
    """
    offset = local - instant.replace(tzinfo=None)
    if abs(offset) > _FARTHEST or offset % timedelta(minutes=15):
        raise ValueError("the two forms of the date contradict each other")
    return instant.astimezone(timezone(offset))


def in_zone(post: Post, place: ZoneInfo, given_by: str) -> Post:
    """The post with its dates read in a zone, where they have none.

    A time that the zone's clocks passed twice covers both; one that they skipped is read by either rule.
    """
    if post.forwarded is not None and post.forwarded.start and post.forwarded.start.tzinfo is None:
        start, end = _placed(post.forwarded.start, post.forwarded.end, place)
        post = replace(post, forwarded=replace(post.forwarded, start=start, end=end))
    if post.edited is not None and post.edited.tzinfo is None:
        post = replace(post, edited=_placed(post.edited, post.edited, place)[0])
    if (post.start or post.end) is None or (post.start or post.end).tzinfo is not None:  # type: ignore[union-attr]
        return post
    start, end = _placed(post.start, post.end, place)
    return replace(post, start=start, end=end, zone=given_by)


def _placed(start: datetime | None, end: datetime | None, place: ZoneInfo) -> Interval:
    """Fixed offsets, so that comparing compares instants; in order even where the clocks were set."""
    ends = [
        _fixed(moment.replace(tzinfo=place, fold=fold))
        for moment in (start, end)
        if moment is not None
        for fold in (0, 1)
    ]
    return min(ends), max(ends)


def _fixed(moment: datetime) -> datetime:
    offset = moment.utcoffset()
    return moment.replace(tzinfo=timezone(offset or timedelta(0)), fold=0)
