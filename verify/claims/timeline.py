"""Who puts what at which time, side by side, and where that cannot all be so.

Every statement about time becomes an interval with its source: when a clip was posted, when somebody claims
it was filmed or first posted, what was said of the incident and when, what the file itself gives as its
date (in every reading of a date without a zone), and what a person read in the picture. Two statements
about one fact of one clip conflict when their intervals cannot both hold. Nothing is resolved: the timeline
does not choose between them, and two entries that do not conflict need not be right.

What is held against what, for one clip:

- two claims about when it was filmed, and a clock read in the picture, must share a moment;
- two claims about when it was first posted must share a moment, and no known post can be earlier than one;
- it cannot be posted before the earliest moment at which it is said to be filmed, or that was read in its
  picture;
- the file's own date cannot be earlier than that moment either, by every reading of it. A file's date that
  is later says nothing: copies are written later.

Limits: a written time stands for its whole minute (or day), clocks may be wrong, a platform shows times in
the reader's zone, and a file's date is a claim like any other. Error rates: none are measured; this is
arithmetic on what people and files state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from verify.claims.moments import Moment, extent
from verify.model import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo

    from verify.claims.case import Case
    from verify.claims.inputs import CaseInput
    from verify.model import Media


@dataclass(frozen=True, slots=True)
class _Stated:
    """An entry before it is numbered, with the fact that it speaks of."""

    entry: Entry
    fact: str  # filmed, first_posted, posted, made, said, other
    reading: int = 0  # readings of one file's date are alternatives to each other


def timeline(
    media: Iterable[Media], case: Case | None = None, ids: Mapping[int, str] | None = None
) -> tuple[Entry, ...]:
    """Entries in the order of their time, open ones last, with the ids of those that conflict.

    Args:
        media: what was examined; a file's own date is taken from its metadata.
        case: posts, claims, readings and statements.
        ids: the media id of each clip of the case, by its position there.
    """
    stated = [item for clip in media for item in _made(clip, case)]
    if case is not None:
        for index, clip in enumerate(case.clips):
            stated += _of_clip(clip, (ids or {}).get(index, clip.id))
        stated += _said(case)
    stated.sort(key=lambda item: _order(item.entry))
    named = [
        replace(item, entry=replace(item.entry, id=f"t{number}")) for number, item in enumerate(stated, 1)
    ]
    conflicts = _conflicts(named)
    return tuple(
        replace(item.entry, conflicts_with=tuple(sorted(conflicts.get(item.entry.id, ()), key=_number)))
        for item in named
    )


def _number(name: str) -> int:
    return int(name[1:])


def _order(entry: Entry) -> tuple[bool, datetime, datetime, str, str, str]:
    late = datetime.max.replace(tzinfo=UTC)
    start, end = (_aware(moment) if moment else late for moment in (entry.start, entry.end))
    return entry.start is None, start, end, entry.kind, entry.media or "", entry.what


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _of_clip(clip: CaseInput, media: str) -> list[_Stated]:
    found = []
    for post in clip.posts:
        what = f"posted: {post.text}" if post.text else "posted"
        found.append(_stated("posted", "posted", post.at, what, _joined(post.source, post.url), media))
    for claim in clip.claims:
        source = _joined(claim.by, claim.source)
        if claim.filmed:
            found.append(_stated("filmed", "claimed", claim.filmed, "said to be filmed then", source, media))
        if claim.posted:
            found.append(
                _stated(
                    "first_posted", "claimed", claim.posted, "said to be first posted then", source, media
                )
            )
        if claim.place:
            found.append(
                _stated("other", "claimed", None, f"said to be filmed at: {claim.place}", source, media)
            )
        if claim.says:
            found.append(_stated("other", "claimed", None, claim.says, source, media))
    for reading in clip.readings:
        value = "" if reading.value is None else f": {reading.value:g} {reading.unit}".rstrip()
        second = "" if reading.at is None else f" at {reading.at:g} s"
        name = reading.what or ("a clock" if reading.shows else "a measure")
        what = f"read in the picture{second}: {name}{value}"
        found.append(_stated("filmed", "read", reading.shows, what, reading.by or "the case file", media))
    return found


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _stated(
    fact: str,
    kind: str,
    at: Moment | None,
    what: str,
    source: str,
    media: str | None = None,
    reading: int = 0,
) -> _Stated:
    start, end = (at.start, at.end) if at else (None, None)
    return _Stated(Entry("", start, end, kind, what, source, media), fact, reading)


def _said(case: Case) -> list[_Stated]:
    found = []
    for statement, at in zip(case.inquiry.statements, case.moments, strict=True):
        source = _joined(statement.by, statement.source)
        about = f" (about {', '.join(statement.about)})" if statement.about else ""
        found.append(_stated("said", "said", at, f"{statement.says}{about}", source))
    return found


def _made(media: Media, case: Case | None) -> list[_Stated]:
    """The file's own date; one entry for each reading where it has no zone."""
    if media.metadata.taken is None:
        return []
    try:
        taken = datetime.fromisoformat(media.metadata.taken)
        last = taken + extent(taken)
    except (ValueError, OverflowError):
        return []
    name = f"metadata of {media.id}"
    what = "the file gives this as its date"
    if taken.tzinfo is not None:
        return [_stated("made", "made", Moment(taken, last), what, name, media.id, 1)]
    zone = case.inquiry.place.timezone if case else None
    readings = [_reading(taken, last, UTC, f"{what}, without a zone; read as UTC", name, media.id, 1)]
    if zone is None:
        local = Entry("", taken, last, "made", f"{what}, without a zone; read as local time", name, media.id)
        return [*readings, _Stated(local, "made", 2)]
    text = f"{what}, without a zone; read as local time in {zone}"
    return [*readings, _reading(taken, last, ZoneInfo(zone), text, name, media.id, 2)]


def _reading(
    start: datetime,
    end: datetime,
    zone: tzinfo,
    what: str,
    source: str,
    media: str,
    number: int,
) -> _Stated:
    first, last = (moment.replace(tzinfo=zone) for moment in (start, end))
    return _stated("made", "made", Moment(first, last), what, source, media, number)


def _conflicts(stated: list[_Stated]) -> dict[str, set[str]]:
    """Which entries cannot both hold, both ways."""
    found: dict[str, set[str]] = {}
    for one, other in combinations(stated, 2):
        if one.entry.media is None or one.entry.media != other.entry.media:
            continue
        if _excluded(one, other) or _excluded(other, one):
            found.setdefault(one.entry.id, set()).add(other.entry.id)
            found.setdefault(other.entry.id, set()).add(one.entry.id)
    return _by_every_reading(stated, found)


def _by_every_reading(stated: list[_Stated], found: dict[str, set[str]]) -> dict[str, set[str]]:
    """Keep a conflict with a file's date only where every reading of that date has it."""
    readings: dict[str | None, list[str]] = {}
    for item in stated:
        if item.fact == "made":
            readings.setdefault(item.entry.media, []).append(item.entry.id)
    for names in readings.values():
        shared = set.intersection(*(found.get(name, set()) for name in names))
        for name in names:
            for other in found.get(name, set()) - shared:
                found[other].discard(name)
            found[name] = set(shared)
    return found


def _excluded(one: _Stated, other: _Stated) -> bool:
    """Whether `one` rules `other` out; asked both ways."""
    facts = one.fact, other.fact
    if facts in {("filmed", "filmed"), ("first_posted", "first_posted")}:
        return _before(one, other)
    # In each of these the first cannot lie before the second.
    ordered = {
        ("posted", "filmed"),
        ("first_posted", "filmed"),
        ("made", "filmed"),
        ("posted", "first_posted"),
    }
    return facts in ordered and _before(one, other)


def _before(one: _Stated, other: _Stated) -> bool:
    """Whether all of `one` lies before all of `other`, whatever the zone of a date that has none."""
    end, start = one.entry.end, other.entry.start
    if end is None or start is None:
        return False
    if (end.tzinfo is None) == (start.tzinfo is None):
        return end < start
    # Zones reach from UTC-12 to UTC+14: a local time of unknown zone is at most 12 hours later in UTC.
    return _aware(start) - _aware(end) > timedelta(hours=12 if end.tzinfo is None else 14)
