"""A scale of time for a drawing whose moments may lie seconds or decades apart: linear stretches with breaks.

One scale over everything would squash the night of an event as soon as one file says 1970. So the axis is cut
at gaps between moments, where that lets most neighbours come apart; each stretch has a scale of its own, and
a break is drawn where time is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

_APART = 14.0  # units of the drawing at which two moments are well told apart
_PRICE = 9.0  # units that a further break must gain
_BREAK = 16.0  # width of a break
_LEAST = 40.0  # width of a stretch: one label
_LABEL = 48.0  # between two labels
_POINTS = 500  # moments that cuts are weighed by
_TRIED = 40  # gaps that a cut is tried at, the longest
_CLOSE = 36.0  # labels nearer than this would overlap
_EDGE = 10.0  # left free at both ends
_DAY = 86400
_STEPS = (
    1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, _DAY, 2 * _DAY,
    7 * _DAY, 14 * _DAY, 30 * _DAY, 91 * _DAY, 182 * _DAY, 365 * _DAY, 1825 * _DAY, 7300 * _DAY, 36500 * _DAY,
)  # fmt: skip
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = -62_135_000_000.0, 253_402_000_000.0  # seconds since 1970 that a date can be told of


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the axis with one scale."""

    start: float  # seconds since 1970
    end: float
    left: float  # units of the drawing
    right: float

    def at(self, seconds: float) -> float:
        """Where a moment of it lies; the middle where it has one moment only."""
        if self.end == self.start:
            return (self.left + self.right) / 2
        share = (seconds - self.start) / (self.end - self.start)
        return self.left + share * (self.right - self.left)


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled point: the time or day, and below it what is new against the label before it."""

    x: float
    text: str
    below: str = ""
    year: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """Stretches from left to right, `width` units in all."""

    width: float
    stretches: tuple[Stretch, ...]
    grain: float = 0  # seconds behind the last moment of a stretch that still belong to it

    @property
    def breaks(self) -> tuple[float, ...]:
        """The middle of each break."""
        return tuple((one.right + other.left) / 2 for one, other in pairwise(self.stretches))

    def at(self, seconds: float) -> float:
        """Where any moment lies: one in a gap within its break, one outside the axis at its edge."""
        if seconds < self.stretches[0].start:
            return 0.0
        for one, other in pairwise((*self.stretches, None)):
            if one is not None and seconds <= one.end + self.grain:
                return one.at(min(seconds, one.end))
            if one is not None and other is not None and seconds < other.start:
                return (one.right + other.left) / 2
        return self.width

    def ticks(self, zone: tzinfo) -> tuple[Tick, ...]:
        """Labels at round times of a zone; the day stands below where it changes, and so does the year."""
        found: list[Tick] = []
        before = (0, 0, 0)
        for stretch in self.stretches:
            step, moments = _round(stretch, zone)
            for moment in moments:
                when = told(moment, zone)
                now = when.year, when.month, when.day
                x = stretch.at(moment)
                while len(found) > 1 and x - found[-1].x < _CLOSE and not found[-1].below + found[-1].year:
                    found.pop()  # the first label of a stretch is worth more than the last of another
                found.append(_tick(x, when, step, before, now))
                before = now
        return tuple(found)


def axis(moments: Sequence[float], width: float, most: int, grain: float = 0) -> Axis:
    """The axis for moments, in seconds since 1970, of which there must be one; `most` stretches at most."""
    points = _thinned(sorted(set(moments)))
    gaps = [right - left for left, right in pairwise(points)]
    longest = sorted(range(len(gaps)), key=lambda place: -gaps[place])[:_TRIED]
    cuts: set[int] = set()
    best, choice = _spread(points, cuts, width), frozenset(cuts)
    while len(cuts) < min(most - 1, len(longest)):
        free = [place for place in longest if place not in cuts]
        cuts.add(max(free, key=lambda place: (_spread(points, cuts | {place}, width), gaps[place])))
        gain = _spread(points, cuts, width) - _PRICE * len(cuts)
        if gain > best:
            best, choice = gain, frozenset(cuts)
    return Axis(width, _stretches(points, choice, width), grain)


def _thinned(points: list[float]) -> list[float]:
    """So few that trying cuts stays quick; the first and the last are kept."""
    step = 1 + len(points) // _POINTS
    return points if step == 1 else [*points[:-1:step], points[-1]]


def _spread(points: Sequence[float], cuts: set[int], width: float) -> float:
    """How well neighbours come apart, `_APART` for each pair at best."""
    stretches = iter(_stretches(points, cuts, width))
    stretch, total = next(stretches), 0.0
    for place, (left, right) in enumerate(pairwise(points)):
        if place in cuts:
            stretch = next(stretches)
            total += _APART
        else:
            total += min(_APART, stretch.at(right) - stretch.at(left))
    return total


def _stretches(points: Sequence[float], cuts: set[int] | frozenset[int], width: float) -> tuple[Stretch, ...]:
    """Every stretch has its least width, and of the rest a share for each of its moments but one."""
    ends = [*sorted(cuts), len(points) - 1]
    starts = [0, *(place + 1 for place in ends[:-1])]
    rest = width - 2 * _EDGE - _BREAK * len(cuts) - _LEAST * len(ends)
    inner = max(1, len(points) - len(ends))
    found, left = [], _EDGE
    for start, end in zip(starts, ends, strict=True):
        right = left + _LEAST + max(0.0, rest) * (end - start) / inner
        found.append(Stretch(points[start], points[end], left, right))
        left = right + _BREAK
    return tuple(found)


def _round(stretch: Stretch, zone: tzinfo) -> tuple[int, list[float]]:
    """The step of a stretch's labels, and their moments; its own first one where no round one lies in it."""
    length, room = stretch.end - stretch.start, max(1, int((stretch.right - stretch.left) // _LABEL))
    step = next((step for step in _STEPS if length / step < room), _STEPS[-1])
    if step >= 365 * _DAY:
        return step, list(_years(stretch, step // (365 * _DAY), zone))
    offset = (told(stretch.start, zone).utcoffset() or timedelta(0)).total_seconds()
    first = -int(-(stretch.start + offset) // step)
    last = int((stretch.end + offset) // step)
    moments = [number * step - offset for number in range(first, last + 1)]
    return (step, moments) if moments and length else (60, [stretch.start])


def _years(stretch: Stretch, every: int, zone: tzinfo) -> Iterator[float]:
    """The first moments of years: these have no even length."""
    first, last = told(stretch.start, zone).year, told(stretch.end, zone).year
    for year in range(max(2, first), last + 1):
        moment = datetime(year, 1, 1, tzinfo=zone).timestamp()
        if year % every == 0 and stretch.start <= moment <= stretch.end:
            yield moment


def _tick(x: float, when: datetime, step: int, before: tuple[int, ...], now: tuple[int, ...]) -> Tick:
    year = str(when.year) if before[0] != now[0] else ""
    day = f"{when.day} {_MONTHS[when.month - 1]}"
    if step >= 365 * _DAY:
        return Tick(x, str(when.year))
    if step >= _DAY:
        return Tick(x, day, "", year)
    text = f"{when:%H:%M:%S}" if step < 60 else f"{when:%H:%M}"
    return Tick(x, text, day if before != now else "", year)


def told(seconds: float, zone: tzinfo) -> datetime:
    """A moment as a date; what no date can tell stands at the edge of what can."""
    return (_EPOCH + timedelta(seconds=min(max(seconds, _FIRST), _LAST))).astimezone(zone)
