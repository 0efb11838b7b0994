"""Numbers as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from fractions import Fraction

    from verify.model import Span


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def time(value: Fraction | float) -> str:
    """`2.00 s`; from one minute on `1:02.00`, from one hour on `1:00:02.00`."""
    hundredths = round(abs(float(value)) * 100)
    minutes, rest = divmod(hundredths, 6000)
    sign = "-" if value < 0 and hundredths else ""
    if not minutes:
        return f"{sign}{rest / 100:.2f} s"
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02}" if hours else str(minutes)
    return f"{sign}{clock}:{rest / 100:05.2f}"


def span(value: Span) -> str:
    """`2.00 to 10.20 s`."""
    if value.length == 0:
        return time(value.start)
    start, end = time(value.start), time(value.end)
    both_short = start.endswith(" s") and end.endswith(" s")
    return f"{start.removesuffix(' s') if both_short else start} to {end}"


def size(count: int) -> str:
    """Bytes in the unit that leaves one to three digits before the point: `2.3 MB`."""
    if count < 1000:
        return f"{count} bytes"
    value, units = float(count), iter(("kB", "MB", "GB", "TB"))
    unit = ""
    while value >= 999.5 and (step := next(units, "")):
        value, unit = value / 1000, step
    return f"{value:.1f} {unit}"


def moment(value: datetime | None) -> str:
    """`3 May 2023, 02:37:00 +03:00`; says so where there is no zone; `open` for None."""
    if value is None:
        return "open"
    written = f"{day(value)}, {value:%H:%M:%S}"
    return f"{written} {zone(value)}" if value.tzinfo else f"{written} (no zone given)"


def interval(start: datetime | None, end: datetime | None) -> str:
    """`3 May 2023, 02:37 +03:00` for a whole minute, one moment for one, else `from to`; open ends say so."""
    if start is None or end is None:
        if start is end:
            return "open"
        return f"until {moment(end)}" if start is None else f"from {moment(start)}"
    if start == end:
        return moment(start)
    whole_minute = start.second == 0 and end == start.replace(second=59, microsecond=end.microsecond)
    if not whole_minute:
        return f"{moment(start)} to {moment(end)}"
    return f"{day(start)}, {start:%H:%M} {zone(start) if start.tzinfo else '(no zone given)'}"


def day(value: datetime) -> str:
    """`3 May 2023`, in English whatever the machine's language."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def zone(value: datetime) -> str:
    """`UTC`, or the distance from it: `+03:00`."""
    written = f"{value:%z}"
    return "UTC" if written == "+0000" else f"{written[:3]}:{written[3:5]}"


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(names: Sequence[str], most: int = 8) -> str:
    """`a, b and c`; past `most` names the rest is counted."""
    if len(names) > most:
        return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} others"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
