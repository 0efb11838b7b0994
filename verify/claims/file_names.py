"""Times that a file's name tells: which program names files so, and which zone it means.

Cameras, messengers and screen recorders name files by the clock. The patterns stand in a table
(`file_names.toml`) with what writes them, what happened then, and whether the name is in UTC, in the local
time of the device that recorded, or in that of whoever saved the file, who may be anywhere. A name bounds
only how late something was filmed: it cannot have been filmed after the file got a name for its time.

Limits: a name is the easiest thing to change, and one that fits a pattern need not come from the program that
uses it: apps save edited and downloaded files under a camera's names. Error rates: none are measured; names
made by no program at all that fit a pattern by chance are those of ten or thirteen figures, which are listed
and never held against anything.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from verify.claims.moments import extent
from verify.metadata.dates import YEARS

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 255  # characters; no file system takes more
# What file managers and browsers append: " (1)", "~2", "-edited".
_APPENDED = re.compile(r"(?: ?\(\d{1,3}\)|~\d{1,3}|-edited|_edited| - Copy)+$")

_YEAR, _MONTH, _DAY = r"(?P<year>\d{4})", r"(?P<month>\d\d)", r"(?P<day>\d\d)"
_HOUR, _MINUTE, _SECOND = r"(?P<hour>\d{1,2})", r"(?P<minute>\d\d)", r"(?P<second>\d\d)"
_PARTS = {
    "{YMD}": _YEAR + _MONTH + _DAY,
    "{Y-M-D}": f"{_YEAR}-{_MONTH}-{_DAY}",
    "{D-M-Y}": f"{_DAY}-{_MONTH}-{_YEAR}",
    "{Y}": _YEAR,
    "{MD}": _MONTH + _DAY,
    "{hms}": r"(?P<hour>\d\d)" + _MINUTE + _SECOND,
    "{h.m.s}": rf"{_HOUR}\.{_MINUTE}\.{_SECOND}",
    "{h-m-s}": f"{_HOUR}-{_MINUTE}-{_SECOND}",
    "{h_m_s}": f"{_HOUR}_{_MINUTE}_{_SECOND}",
    "{ms}": r"(?P<ms>\d{3})",
    "{unixms}": r"(?P<unixms>1\d{12})",
    "{unix}": r"(?P<unix>1\d{9})",
}


@dataclass(frozen=True, slots=True)
class NameRule:
    """One way of naming files."""

    writer: str
    pattern: re.Pattern[str]
    example: tuple[str, str]  # a name, and the time it tells
    means: str
    zone: str  # utc device receiver
    sure: bool
    source: str


@dataclass(frozen=True, slots=True)
class NamedTime:
    """The time in a file's name: first and last second that it can mean, without a zone unless UTC."""

    start: datetime
    end: datetime
    rule: NameRule


@lru_cache(maxsize=1)
def name_rules() -> tuple[NameRule, ...]:
    """The table of names, in its order."""
    text = resources.files(__package__).joinpath("file_names.toml").read_text("utf-8")
    return tuple(_rule(row) for row in tomllib.loads(text)["name"])


def named_time(name: str) -> NamedTime | None:
    """The time that the name of a file tells; None where it fits no rule or tells no time that can be."""
    stem = name.rpartition(".")[0] or name
    if len(stem) > _LONGEST:
        return None
    stem = _APPENDED.sub("", stem)
    for rule in name_rules():
        found = rule.pattern.fullmatch(stem)
        if found is None:
            continue
        try:
            start, end = _times(found.groupdict())
        except (ValueError, OverflowError):
            continue  # month 13: the figures are something else
        if rule.zone == "utc":
            start, end = start.replace(tzinfo=UTC), end.replace(tzinfo=UTC)
        return NamedTime(start, end, rule)
    return None


def _rule(row: Mapping[str, object]) -> NameRule:
    pattern, example = str(row["pattern"]), row["example"]
    for part, written in _PARTS.items():
        pattern = pattern.replace(part, written)
    name, time = example if isinstance(example, list) else ("", "")
    writer, means, zone, source = (str(row[key]) for key in ("writer", "means", "zone", "source"))
    return NameRule(
        writer, re.compile(pattern, re.ASCII), (name, time), means, zone, bool(row["sure"]), source
    )


def _times(parts: Mapping[str, str | None]) -> tuple[datetime, datetime]:
    """First and last second; ValueError for what no clock shows."""
    count = parts.get("unix") or parts.get("unixms")
    if count:
        # By whole numbers: a float of milliseconds is not exact.
        seconds, milliseconds = divmod(int(count), 1000) if parts.get("unixms") else (int(count), 0)
        moment = datetime(1970, 1, 1) + timedelta(seconds=seconds, milliseconds=milliseconds)  # noqa: DTZ001 - UTC is added by the rule
        return moment, moment
    day = datetime(*(int(parts[key] or 0) for key in ("year", "month", "day")))  # type: ignore[arg-type]  # noqa: DTZ001 - names have no zone
    if day.year not in YEARS:
        raise ValueError(f"the year {day.year}")
    if not parts.get("hour"):
        return day, day + timedelta(days=1, seconds=-1)
    hour = int(parts["hour"] or 0)
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            raise ValueError(f"{hour} {half}")
        hour = hour % 12 + (12 if half == "PM" else 0)
    moment = day.replace(hour=hour, minute=int(parts["minute"] or 0), second=int(parts["second"] or 0))
    moment = moment.replace(microsecond=int(parts.get("ms") or 0) * 1000)
    return moment, moment + extent(moment)
