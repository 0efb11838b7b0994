"""Whether the dates inside one file can all be right.

Compared are the date of taking with the date of the last change, with the satellites' time of the position,
and with the container's own date. A date without a zone may stand for any moment from 14 hours before to 12
hours after the same figures in UTC, the span of the world's time zones; only what no zone explains is
reported, with both dates.

Limits: clocks are set wrongly, firmware writes fixed dates, receivers repeat an old fix, and programs that
convert files keep some dates and renew others. Untouched files of some cameras contradict themselves in this
way, so a disagreement is stated and left undecided. Error rates: of 71 pictures of cameras with dates to
compare, 7 disagree with themselves: five by a camera whose clock was a day behind, two
for reasons unknown.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from verify import metadata
from verify.checks.evidence import per_file
from verify.metadata.dates import rfc3339
from verify.model import Finding, Measurement, Outcome

if TYPE_CHECKING:
    from verify.checks.evidence import Evidence
    from verify.metadata import Dated
    from verify.model import Media

NAME = "declared-times/1"
LIMITS = (
    "Dates in files are claims. A camera's clock may be wrong and a position's time may be that of an older "
    "fix; agreement shows only that the dates were written consistently."
)
# Zones lie between UTC-12 and UTC+14.
_EARLIEST, _LATEST = timedelta(hours=14), timedelta(hours=12)


@per_file(NAME, "Whether the file's own dates agree", LIMITS)
def declared_times(media: Media, evidence: Evidence) -> Finding | None:
    """Each pair of dates that no time zone reconciles."""
    dates = metadata.declared(media)
    taken = next((date for date in dates if date.kind == "taken"), None)
    others = [date for date in dates if date.kind in {"modified", "satellite", "container"}]
    if taken is None or not others:
        return None
    slack = timedelta(seconds=evidence.settings.date_slack)
    measurements = tuple(
        Measurement(f"taken to {other.kind}", round(_hours(taken, other), 2), "hour", where=other.name)
        for other in others
    )
    # A container dates each of its tracks; what disagrees is told once for each date.
    apart = {(other.kind, other.when): other for other in reversed(others) if _disagree(taken, other, slack)}
    if not apart:
        named = ", ".join(dict.fromkeys(_WORDS[other.kind] for other in others))
        statement = f"The date of taking agrees with {named}, as far as time zones are known."
        return Finding(NAME, (media.id,), Outcome.CONSISTENT, statement, LIMITS, measurements)
    statement = " ".join(
        f"The file gives {rfc3339(taken.when)} as the time of taking and {rfc3339(other.when)} as "
        f"{_WORDS[other.kind]} ({other.name}); no time zone reconciles the two."
        for other in reversed(apart.values())
    )
    return Finding(NAME, (media.id,), Outcome.INCONCLUSIVE, statement, LIMITS, measurements)


_WORDS = {
    "modified": "the time of the last change",
    "satellite": "the satellites' time of the position",
    "container": "the container's date",
}


def _disagree(taken: Dated, other: Dated, slack: timedelta) -> bool:
    (taken_first, taken_last), (first, last) = _moments(taken.when), _moments(other.when)
    before = last + slack < taken_first
    # A change or an export may come any time later; a position is fixed when the picture is taken.
    return before or (other.kind == "satellite" and first > taken_last + slack)


def _moments(when: datetime) -> tuple[datetime, datetime]:
    """The earliest and the latest moment that a date can stand for."""
    if when.tzinfo is not None:
        return when, when
    return _shifted(when, -_EARLIEST), _shifted(when, _LATEST)


def _shifted(when: datetime, by: timedelta) -> datetime:
    try:
        return when.replace(tzinfo=UTC) + by
    except OverflowError:
        return when.replace(tzinfo=UTC)


def _hours(taken: Dated, other: Dated) -> float:
    first, second = taken.when, other.when
    if (first.tzinfo is None) != (second.tzinfo is None):
        first, second = first.replace(tzinfo=None), second.replace(tzinfo=None)
    return (second - first).total_seconds() / 3600
