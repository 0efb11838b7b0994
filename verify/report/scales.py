"""Lengths of time drawn to scale, in per cent: the bars of a pair, and lanes of events."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from verify.report import units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify.model import Event, Media, Relation, Report, Span

_STEPS = (
    0.1,
    0.2,
    0.5,
    1,
    2,
    5,
    10,
    20,
    30,
    60,
    120,
    300,
    600,
    900,
    1800,
    3600,
    7200,
    14400,
    21600,
    43200,
    86400,
)
_TICKS = 8  # at most, so that their labels stay apart on a telephone
_STILL = 1.5  # per cent of the width that a picture takes beside a clip
_THINNEST = 0.4  # per cent: a moment that can still be seen
_LANES = 60  # of one drawing; the table beside it has more


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch on a lane."""

    left: float
    width: float
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A point of the scale."""

    left: float
    text: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of a drawing."""

    name: str
    marks: tuple[Mark, ...]
    length: float = 100.0  # per cent of the scale that the lane's clip takes


@dataclass(frozen=True, slots=True)
class Scale:
    """Lanes over one scale."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Two bars, and the bands that join what they share."""

    a: Lane
    b: Lane
    bands: tuple[tuple[str, bool], ...]  # corner points for a drawing of 100 x 100, mirrored
    ticks: tuple[Tick, ...]


def bars(relation: Relation, a: Media, b: Media) -> Bars | None:
    """Which seconds of one lie in which seconds of the other; None where nothing is shared in time."""
    ends = (end for segment in relation.segments for end in (segment.a.end, segment.b.end))
    longest = float(max((a.span.length, b.span.length, *ends)))
    if not relation.segments or not longest:
        return None

    def lane(media: Media, spans: Sequence[Span]) -> Lane:
        length = _share(float(media.span.length), longest) if media.duration else _STILL
        return Lane(media.id, tuple(_mark(span, longest, media) for span in spans), length)

    def _mark(span: Span, longest: float, media: Media) -> Mark:
        if not media.duration:
            return Mark(0, _STILL, "shared", media.id)
        width = max(_share(float(span.length), longest), _THINNEST)
        return Mark(_share(float(span.start), longest), width, "shared", units.span(span))

    first = lane(a, [segment.a for segment in relation.segments])
    second = lane(b, [segment.b for segment in relation.segments])
    bands = []
    for segment, above, below in zip(relation.segments, first.marks, second.marks, strict=True):
        left, right = below.left, below.left + below.width
        if segment.reversed:
            left, right = right, left
        corners = ((above.left, 0.0), (above.left + above.width, 0.0), (right, 100.0), (left, 100.0))
        bands.append((" ".join(f"{x:.2f},{y:.0f}" for x, y in corners), segment.mirrored))
    return Bars(first, second, tuple(bands), _ticks(longest))


def events(report: Report) -> Scale | None:
    """One lane a clip in which something happened; None where nothing did."""
    if not report.events:
        return None
    by_clip: dict[str, list[Event]] = {}
    for event in report.events:
        by_clip.setdefault(event.media, []).append(event)
    lengths = {media.id: float(media.span.length) for media in report.media}
    longest = max(
        [float(event.span.end) for event in report.events] + [lengths.get(name, 0.0) for name in by_clip]
    )
    lanes = tuple(
        Lane(
            name,
            tuple(
                Mark(
                    _share(float(event.span.start), longest),
                    max(_share(float(event.span.length), longest), _THINNEST),
                    event.kind,
                    f"{event.kind}, {units.span(event.span)}",
                )
                for event in found
            ),
            _share(lengths.get(name, longest), longest),
        )
        for name, found in islice(by_clip.items(), _LANES)
    )
    return Scale(lanes, _ticks(longest))


def _share(part: float, whole: float) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


def _ticks(longest: float) -> tuple[Tick, ...]:
    step = next((step for step in _STEPS if longest / step <= _TICKS), longest / 4)
    count = int(longest / step + 1e-6)
    return tuple(Tick(_share(number * step, longest), _clock(number * step)) for number in range(count + 1))


def _clock(value: float) -> str:
    if value < 60:
        return f"{value:g} s"
    minutes, rest = divmod(round(value), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
