"""The timeline as one picture: lanes by kind of statement, uncertainty as bars, conflicts joined by rails.

One row is one statement; a date that may be read in several ways has a bar for each reading. A bar without an
end is drawn to the edge with an arrow. A rail at the left joins one statement (square) with each that it
conflicts with (dots). Dates without a zone cover every moment that the world's zones allow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verify.report import units
from verify.report.axis import Axis, Tick, axis
from verify.report.escape import visible
from verify.report.shortened import fitted, width_of
from verify.report.statements import Statement, grouped, stars
from verify.report.timescale import Timescale, timescale

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verify.model import Entry

WIDE, NARROW = 940.0, 352.0  # a desk's screen and a sheet of paper; a telephone
LANES = {
    "made": "Made: dates in files",
    "posted": "Posted",
    "claimed": "Claimed of the clips",
    "said": "Said of the incident",
    "read": "Read in the picture",
    "sky": "Sun and moon",
    "derived": "Follows from the others",
}
_ROW, _HEAD, _AXIS = 19.0, 24.0, 46.0  # heights
_RAIL, _RAILS = 11.0, 6  # width of a rail; how many
_SINGLE = 10  # rows of a lane that stand alone where they conflict with nothing; the rest shares one
_CONFLICTING = 14  # and where they do
_BAR, _THIN = 9.0, 3.0  # height of a bar; its least width
_GAP = 5.0  # between a bar and its label
_STRETCHES = {WIDE: 8, NARROW: 5}


@dataclass(frozen=True, slots=True)
class Bar:
    """One reading of a statement."""

    x: float
    width: float
    title: str
    open_start: bool
    open_end: bool
    zoneless: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One statement, or what a lane has beyond those that stand alone."""

    y: float
    kind: str
    bars: tuple[Bar, ...]
    label: str
    label_x: float
    label_end: bool  # whether the label ends at its place, left of the bars
    flagged: bool


@dataclass(frozen=True, slots=True)
class Rail:
    """A statement and those that it conflicts with."""

    x: float
    centre: float
    others: tuple[float, ...]
    title: str

    @property
    def ends(self) -> tuple[float, float]:
        """From the uppermost to the lowest of its rows."""
        return min(self.centre, *self.others), max(self.centre, *self.others)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the template draws."""

    width: float
    height: float
    left: float  # of the scale
    lanes: tuple[tuple[float, float, str], ...]  # y, height, name
    rows: tuple[Row, ...]
    rails: tuple[Rail, ...]
    breaks: tuple[float, ...]
    ticks: tuple[Tick, ...]
    zone: str
    unplaced: tuple[str, ...]  # ids of entries without a moment
    unjoined: int  # statements in conflict that no rail joins


def drawing(entries: Sequence[Entry], width: float = WIDE) -> Drawing | None:
    """The picture, `WIDE` or `NARROW`; None where fewer than two entries have a moment."""
    placed = [entry for entry in entries if entry.start or entry.end]
    if len(placed) < 2:
        return None
    statements = grouped(placed)
    joined, unjoined = stars(statements, _RAILS)
    left = 4 + _RAIL * len(joined)
    times = timescale(placed)
    scale = axis(list(times.moments(placed)), width - left, _STRETCHES[width], 59)
    lanes, rows, places = _rows(statements, scale, left, times)
    height = max((y + tall for y, tall, _ in lanes), default=_AXIS)
    rails = tuple(_rail(number, star, statements, places) for number, star in enumerate(joined))
    return Drawing(
        width, height, left, tuple(lanes), tuple(rows), rails,
        tuple(left + x for x in scale.breaks),
        tuple(replace(tick, x=left + tick.x) for tick in scale.ticks(times.zone)),
        times.name, tuple(e.id for e in entries if not (e.start or e.end)), unjoined,
    )  # fmt: skip


def _rows(
    statements: Sequence[Statement], scale: Axis, left: float, times: Timescale
) -> tuple[list[tuple[float, float, str]], list[Row], dict[int, float]]:
    """Lanes from top to bottom, their rows, and the row of each statement by its place."""
    lanes, rows, places = [], [], {}
    top = _AXIS
    kinds = dict.fromkeys((*LANES, *(each.kind for each in statements)))
    for kind in kinds:
        mine = [place for place, each in enumerate(statements) if each.kind == kind]
        if not mine:
            continue
        alone, together = _kept(mine, statements)
        y = top + _HEAD
        for place in alone:
            bars = _bars(statements[place], scale, left, times)
            flagged, text = bool(statements[place].against), _label(statements[place], times)
            rows.append(_labelled(y, kind, bars, text, flagged, scale, left))
            places[place], y = y, y + _ROW
        if together:
            bars = _merged(bar for place in together for bar in _bars(statements[place], scale, left, times))
            text = units.count(len(together), "more statement")
            rows.append(_labelled(y, kind, bars, text, False, scale, left))
            places |= dict.fromkeys(together, y)
            y += _ROW
        lanes.append((top, y - top + 4, LANES.get(kind, kind)))
        top = y + 4
    return lanes, rows, places


def _kept(mine: Sequence[int], statements: Sequence[Statement]) -> tuple[list[int], list[int]]:
    """The statements of a lane that stand alone, and those that share a row."""
    conflicting = [place for place in mine if statements[place].against][:_CONFLICTING]
    calm = [place for place in mine if not statements[place].against]
    kept = {*conflicting, *(calm if len(calm) <= _SINGLE + 1 else calm[:_SINGLE])}
    return sorted(kept), [place for place in mine if place not in kept]


def _bars(statement: Statement, scale: Axis, left: float, times: Timescale) -> tuple[Bar, ...]:
    return tuple(_bar(entry, scale, left, times) for entry in statement.entries)


def _merged(bars: Iterable[Bar]) -> tuple[Bar, ...]:
    """Those that come to lie on each other once."""
    places = {(round(bar.x), round(bar.width)): replace(bar, title="") for bar in bars}
    return tuple(places[each] for each in sorted(places))


def _bar(entry: Entry, scale: Axis, left: float, times: Timescale) -> Bar:
    covered = times.covered(entry)
    start = left if covered.start is None else left + scale.at(float(covered.start))
    # The last moment belongs to a written time whole: 02:37 is drawn to 02:37:59.
    end = left + scale.width if covered.end is None else left + scale.at(float(covered.end) - 1)
    wide = max(_THIN, end - start)
    x = min(start, left + scale.width - wide)
    title = f"{entry.id}, {units.interval(entry.start, entry.end)}: {entry.what} ({entry.source})"
    return Bar(
        round(x, 1),
        round(wide, 1),
        visible(title)[:400],
        covered.start is None,
        covered.end is None,
        times.zoneless(entry),
    )


def _label(statement: Statement, times: Timescale) -> str:
    """Its ids, the clock time where it is told to the minute, who says it, and of what."""
    first = statement.entries[0]
    who = first.source if first.kind not in {"made", "derived"} or not first.media else ""
    said = ", ".join(filter(None, (who, first.media)))
    clock = times.clock(first) if len(statement.entries) == 1 else ""
    return visible(" ".join(filter(None, (statement.ids, clock, said))))


def _labelled(
    y: float, kind: str, bars: tuple[Bar, ...], text: str, flagged: bool, scale: Axis, left: float
) -> Row:
    """The label stands right of the bars, else left of them, cut where neither side has room for it."""
    after = max(bar.x + bar.width for bar in bars) + _GAP
    before = min(bar.x for bar in bars) - _GAP
    right_room, left_room = left + scale.width - after, before - left
    wanted = width_of(text)
    if wanted <= right_room or (right_room >= left_room and right_room > 90):
        return Row(y, kind, bars, fitted(text, right_room), after, False, flagged)
    if wanted <= left_room or left_room > 90:
        return Row(y, kind, bars, fitted(text, left_room), before, True, flagged)
    return Row(y, kind, bars, fitted(text, scale.width - 8), left + 4, False, flagged)


def _rail(
    number: int, star: tuple[int, tuple[int, ...]], statements: Sequence[Statement], places: dict[int, float]
) -> Rail:
    centre, others = star
    names = ", ".join(statements[place].ids for place in others)
    title = f"{statements[centre].ids} conflicts with {names}"
    rows = tuple(dict.fromkeys(places[place] for place in others))
    return Rail(5 + _RAIL * number, places[centre], rows, title)
