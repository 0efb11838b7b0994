"""The timeline as a calendar (iCalendar, RFC 5545), for a desk's calendar program.

One event an entry. A time without a zone is written as a floating one, which a calendar shows as it stands.
An open end has no event's end: the event stands at the end that is known, and its text says which. Entries
without any time cannot be in a calendar; the report has them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from verify.report import units
from verify.report.escape import visible_lines
from verify.report.exports.json_text import identity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify.model import Entry, Report

_OCTETS = 75  # of a line without its break (RFC 5545, section 3.1)


def timeline_ics(report: Report) -> str:
    """The calendar as text, lines ended by CR LF and folded."""
    return "".join(f"{part}\r\n" for line in _lines(report) for part in folded(line))


def _lines(report: Report) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:-//{escaped(report.tool.name)}//{escaped(report.tool.version)}//EN"
    yield "CALSCALE:GREGORIAN"
    yield f"X-WR-CALNAME:{escaped(report.inquiry.title)}"
    for entry in report.timeline:
        if entry.start or entry.end:
            yield from _event(entry, report)
    yield "END:VCALENDAR"


def _event(entry: Entry, report: Report) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{identity(report, 'entry', entry.id)}"
    yield f"DTSTAMP:{_moment(report.created)}"
    yield f"DTSTART:{_moment(entry.start or entry.end)}"
    if entry.start and entry.end:
        yield f"DTEND:{_moment(entry.end, timedelta(seconds=1))}"  # the last second belongs to it
    subject = f", {entry.media}" if entry.media else ""
    yield f"SUMMARY:{escaped(f'{entry.id} {entry.kind}: {entry.source}{subject}')}"
    yield f"DESCRIPTION:{escaped(_told(entry))}"
    yield f"CATEGORIES:{escaped(entry.kind)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _told(entry: Entry) -> str:
    lines = [entry.what, f"When: {units.interval(entry.start, entry.end)}", f"Source: {entry.source}"]
    if entry.readings:
        lines.append(f"Another reading of it: {', '.join(entry.readings)}")
    if entry.conflicts_with:
        lines.append(f"Conflicts with {', '.join(entry.conflicts_with)}")
    return "\n".join([*lines, *(need.statement for need in entry.needs)])


def _moment(value: datetime | None, more: timedelta = timedelta(0)) -> str:
    if value is None:
        raise ValueError("an event without a time")
    try:
        shown = value.astimezone(UTC) + more if value.tzinfo else value + more
    except OverflowError:  # the first and last hours that a date can tell
        shown = value
    zone = "Z" if value.tzinfo else ""
    return f"{shown.year:04}{shown:%m%dT%H%M%S}{zone}"


def escaped(text: str) -> str:
    """A text value: backslash, comma, semicolon and line breaks escaped (section 3.3.11)."""
    shown = visible_lines(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return shown.replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """The line in parts of at most 75 octets, each after the first begun by a space; no letter is cut."""
    part, room = "", _OCTETS
    for letter in line:
        size = len(letter.encode("utf-8"))
        if size > room:
            yield part
            part, room = " ", _OCTETS - 1
        part, room = part + letter, room - size
    yield part
