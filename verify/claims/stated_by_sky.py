"""What shadows, the sun and the moon say of when a clip was filmed, on the days that are spoken of.

A reading of the sky tells hours and never the day. So for each day that the case speaks of (in a claim or by
a clock that was read) its statement has the hours that fit, and beside them everything before, between and
after these days, of which nothing was computed.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from verify.claims.ground import shadow_readings
from verify.claims.ledger import Fact, Stated, When
from verify.claims.shadow import shadow_times, speaks_of_sky, zone_of
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, tzinfo

    from verify.claims.case import Case
    from verify.claims.inputs import Reading
    from verify.model import Media, Place

_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)


def stated_by_sky(case: Case | None, media: Iterable[Media], ids: Mapping[int, str]) -> Iterator[Stated]:
    """A statement for each reading of a shadow, the sun or the moon.

    Args:
        case: as read; None: there are no readings.
        media: what was examined; the size of a picture is needed where only points were marked.
        ids: the media id of each clip of the case, by its position there.
    """
    if case is None:
        return
    days, known = _days(case), {item.id: item for item in media}
    for index, clip in enumerate(case.clips):
        name = ids.get(index, clip.id)
        for reading in clip.readings:
            for each in _of_sky(reading, known.get(name)):
                yield _stated(each, name, case.inquiry.place, days)


def _stated(reading: Reading, media: str, place: Place, days: Sequence[date]) -> Stated:
    source = reading.by or "the case file"
    left = _left_out(place, days)
    if left:
        what = f"{reading.unit} of {reading.value:g}; its hours were not computed, for {left}"
        return Stated(Fact.OTHER, "sky", source, (When(None, None, what),), media=media, second=reading.at)
    wrong = f"the {reading.unit.split()[0]} read in {media}, or its reading,"
    whens = _whens(place, days, reading)
    return Stated(Fact.FILMED, "sky", source, whens, wrong, media=media, second=reading.at)


def _left_out(place: Place, days: Sequence[date]) -> str:
    """Why no hours are computed; empty where they are."""
    if place.latitude is None:
        return "the case gives no latitude and longitude"
    if not days:
        return "no day of filming is claimed or read"
    most = SETTINGS.sky.most_days
    return f"more than {most} days of filming are claimed" if len(days) > most else ""


def _of_sky(reading: Reading, media: Media | None) -> tuple[Reading, ...]:
    if speaks_of_sky(reading):
        return (reading,)
    if media is None or media.video is None:
        return ()
    return shadow_readings(reading, media.video.width, media.video.height)


def _days(case: Case) -> list[date]:
    """The days on which clips of the case are said to be filmed, in order; of longer spans only some."""
    zone, _ = zone_of(case.inquiry.place)
    spans = [claim.filmed for clip in case.clips for claim in clip.claims if claim.filmed]
    spans += [reading.shows for clip in case.clips for reading in clip.readings if reading.shows]
    found: set[date] = set()
    for span in spans:
        first, last = (end.astimezone(zone).date() for end in (span.start, span.end))
        count = min((last - first).days, SETTINGS.sky.most_days) + 1
        found.update(first + _DAY * number for number in range(count))
    return sorted(found)


def _whens(place: Place, days: Sequence[date], reading: Reading) -> tuple[When, ...]:
    zone, _ = zone_of(place)
    what = f"{reading.unit.removesuffix(' degrees')} of {reading.value:g}"
    another = f"or on another day than the case speaks of, whose hours for the {what} were not computed"
    found, free = [], None  # what lies between two computed days is free from `free` on
    for day in days:
        start, end = _start(day, zone), _start(day + _DAY, zone)
        if free is None or free < start:
            found.append(When(free, start - _SECOND, another))
        found += [
            When(item.moment.start, item.moment.end, item.because)
            for item in shadow_times(place, day, reading)
        ]
        free = end
    return (*found, When(free, None, another))


def _start(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, zone)
