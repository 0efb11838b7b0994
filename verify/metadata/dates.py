"""Dates as files write them: EXIF's, QuickTime's, ISO 8601, the GPS receiver's.

A date that cannot be (month 13, the year 9999) or that stands for "not set" (all zeros, the epochs of 1904
and 1970) raises `ValueError` with the reason; the caller notes it. A date without a zone stays without one.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

_EXIF = re.compile(
    r"(\d{4})[:/-](\d{1,2})[:/-](\d{1,2})[ T](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?(.*)", re.DOTALL
)
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})")
# Photography begins in 1826. Outside these years a date is a mistake or made to break programs, which reckon
# with zones and margins around it.
YEARS = range(1800, 2200)
# Zero in a QuickTime and in a Unix clock: what a program writes that does not know the time.
_EPOCHS = {datetime(1904, 1, 1), datetime(1970, 1, 1)}  # noqa: DTZ001 - compared without a zone


def exif(text: str, fraction: str = "", offset: str = "") -> datetime:
    """An EXIF date, `YYYY:MM:DD HH:MM:SS`, with its SubSecTime and OffsetTime where the file has them.

    Raises:
        ValueError: it is no date, an impossible one, or stands for "not set".
    """
    if not re.search(r"[1-9]", text):
        raise ValueError("not set")
    found = _EXIF.match(text.strip())
    if found is None:
        raise ValueError("not a date")
    when = _possible(datetime(*map(int, found.groups()[:6])))  # type: ignore[arg-type]  # noqa: DTZ001 - EXIF has no zone
    digits = fraction.strip()
    if digits.isascii() and digits.isdigit():
        when = when.replace(microsecond=int(digits[:6].ljust(6, "0")))
    # Some programs write the zone behind the date itself, against the specification.
    return when.replace(tzinfo=zone(offset) or zone(found[7]))


def zone(text: str) -> timezone | None:
    """The zone of EXIF's OffsetTime (`+02:00`, `Z`), or None."""
    text = text.strip()
    if text == "Z":
        return UTC
    found = _OFFSET.fullmatch(text)
    if found is None or int(found[2]) > 15 or int(found[3]) > 59:
        return None
    minutes = int(found[2]) * 60 + int(found[3])
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))


def iso(text: str) -> datetime:
    """A date and time in one of ISO 8601's forms, or in EXIF's.

    Raises:
        ValueError: as in `exif`.
    """
    text = text.strip()
    try:
        when = _possible(datetime.fromisoformat(text))
    except ValueError:
        when = exif(text)
    if len(text) < len("2000-01-01T00:00"):
        raise ValueError("a day without a time")
    offset = when.utcoffset()
    if offset is not None and offset % timedelta(minutes=1):
        raise ValueError("a zone that no clock has")
    if when.replace(tzinfo=None) in _EPOCHS:
        raise ValueError("not set (a clock's zero)")
    return when


def gps(day: str, hours: float, minutes: float, seconds: float) -> datetime:
    """The satellites' time, which is UTC.

    Raises:
        ValueError: it is no date, an impossible one, or stands for "not set".
    """
    found = re.fullmatch(r"(\d{4})[:/-](\d{1,2})[:/-](\d{1,2})", day.strip())
    if found is None or not re.search(r"[1-9]", day):
        raise ValueError("not a date")
    if not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= seconds < 61):
        raise ValueError("not a time of day")
    midnight = _possible(datetime.combine(date(*map(int, found.groups())), time(tzinfo=UTC)))
    return midnight + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _possible(when: datetime) -> datetime:
    if when.year not in YEARS:
        raise ValueError(f"the year {when.year}")
    return when


def rfc3339(when: datetime) -> str:
    """The instant in RFC 3339's form, with as many decimals as it has; without a zone where it has none."""
    micro = when.microsecond
    spec = "seconds" if not micro else "milliseconds" if micro % 1000 == 0 else "microseconds"
    return when.isoformat(timespec=spec).removesuffix("+00:00") + (
        "Z" if when.utcoffset() == timedelta(0) else ""
    )


def readings(when: datetime) -> tuple[str, ...]:
    """Both readings of a QuickTime date, whose zone the format leaves to trust."""
    bare = when.replace(tzinfo=None)
    return (
        f"{rfc3339(bare.replace(tzinfo=UTC))} if the program wrote UTC, as the format specifies",
        f"{rfc3339(bare)} local time of the device, if it wrote that, as many cameras do",
    )
