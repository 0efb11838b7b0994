"""What a file says of when it was made: its dates, in every reading, and the time in its name.

A date without a zone is read as UTC and as local time of the place, where the case names its zone; where it
does not, the local time may be that of any zone. A date bounds how late something was filmed: copies are
written later. Only a camera's own date of taking, and the satellites' time beside it, say when this very
picture was taken.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from verify.claims.file_names import named_time
from verify.claims.ledger import Fact, Stated, When
from verify.claims.moments import extent
from verify.metadata import declared
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify.metadata import Dated
    from verify.model import Media

_SAYS = {
    "taken": "the file says that it was taken then",
    "satellite": "the satellites' time of the position in the file",
    "digitised": "the file says that it was digitised then",
    "container": "the file gives this as its date",
    "modified": "the file says that it was last changed then",
}
_KINDS = tuple(_SAYS)  # where one date stands for several, the one that says most comes first
_OTHERWISE = "the file's date would have to be of something else, set by hand or kept from another file"
_RETAKEN = (
    "the file would have to be a later picture of an earlier one, off a screen, or its date be set anew"
)


def stated_by_file(media: Media, zone: str | None) -> Iterator[Stated]:
    """Each date that a file states, wherever it states it, and the time in its name.

    Args:
        media: as examined.
        zone: the case's time zone, an IANA name; None where it names none.
    """
    dates: dict[datetime, list[Dated]] = {}
    for dated in declared(media):
        dates.setdefault(dated.when, []).append(dated)
    normalised = _normalised(media)
    if normalised is not None:
        dates.setdefault(normalised, [])
    for when, found in dates.items():
        kind = min((each.kind for each in found), key=_KINDS.index, default="container")
        yield from _dated(media, kind, when, [_named(each) for each in found], zone)
    yield from _by_name(media, zone)


def _named(dated: Dated) -> str:
    return dated.name if dated.source == "exif" else f"{dated.name} of its {dated.source}"


def _normalised(media: Media) -> datetime | None:
    try:
        return datetime.fromisoformat(media.metadata.taken) if media.metadata.taken else None
    except ValueError:
        return None


def _dated(media: Media, kind: str, when: datetime, names: list[str], zone: str | None) -> Iterator[Stated]:
    where = f" ({', '.join(names[:3])})" if names else ""
    what = f"{_SAYS[kind]}{where}"
    end = when + extent(when)
    if kind == "satellite":
        # A receiver that sees no satellites repeats its last fix, so the picture may be later by that much.
        end += timedelta(seconds=SETTINGS.checks.date_slack)
    try:
        whens = readings(when, end, what, zone)
    except OverflowError:
        return
    taking = kind in {"taken", "satellite"}
    yield Stated(
        Fact.TAKEN if taking else Fact.WRITTEN,
        "made",
        f"metadata of {media.id}",
        whens,
        f"the clock behind the date in the file of {media.id}",
        _RETAKEN if taking else _OTHERWISE,
        media.id,
    )


def readings(start: datetime, end: datetime, what: str, zone: str | None) -> tuple[When, ...]:
    """A written time as one reading where its zone is known, else as UTC and as local time.

    Raises:
        OverflowError: it lies at the edge of what a calendar holds.
    """
    if start.tzinfo is not None:
        return (When(start, end, what),)
    utc = When(start.replace(tzinfo=UTC), end.replace(tzinfo=UTC), f"{what}, without a zone; read as UTC")
    if zone is None:
        local = When(start, end, f"{what}, without a zone; read as local time")
    else:
        text = f"{what}, without a zone; read as local time in {zone}"
        first, last = (_placed(each, zone) for each in (start, end))
        local = When(first, last, text)
    return utc, local


def _placed(local: datetime, zone: str) -> datetime:
    """A local time with its zone's offset of then as a fixed one, so that comparing compares instants."""
    zoned = local.replace(tzinfo=ZoneInfo(zone))
    return datetime.fromisoformat(zoned.isoformat())


def _by_name(media: Media, zone: str | None) -> Iterator[Stated]:
    found = named_time(media.path.name)
    if found is None:
        return
    rule = found.rule
    what = f"by its name, as {rule.writer} names files: {rule.means}"
    try:
        whens = readings(found.start, found.end, what, zone)
    except OverflowError:
        return
    if rule.zone == "receiver":
        # Whoever saved it may have been anywhere, so that neither reading is better than another.
        whens = (When(found.start, found.end, f"{what}; local time of whoever saved it"),)
    yield Stated(
        Fact.WRITTEN if rule.sure else Fact.OTHER,
        "made",
        f"name of the file {media.id}",
        whens,
        f"the clock behind the name of the file {media.id}",
        "the file would have to have got that name in another way",
        media.id,
    )
