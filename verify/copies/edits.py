"""What turns one input into its copy, as far as time, geometry and the streams show it.

Each edit is read off the alignment: seconds that one has and the other lacks, the part of the picture
that both show, a mirror, a turn, perspective, size and frame rate. Nothing is said of who made it, or
why: platforms crop, scale and re-encode by themselves.

Limits: colour changes, captions, logos, speed changes and repeated or reordered stretches are not named
yet. They show only as the residual, the share of the picture that the named edits do not explain.

Error rates: not measured on footage of others; tests/copies has the cases with known truth.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from verify.geometry import fit
from verify.model import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from verify.model import Box, Media, Segment
    from verify.settings import CopySettings

_ZERO = Fraction(0)


def edits(a: Media, b: Media, segments: Sequence[Segment], settings: CopySettings) -> tuple[Edit, ...]:
    """The steps that turn a into b."""
    if not segments:
        return ()
    main = max(segments, key=lambda segment: segment.a.length)
    found = [
        *_time(a, b, segments, settings),
        *_picture(a, b, main, settings),
        *_streams(a, b, main, settings),
    ]
    return tuple(found)


def _time(a: Media, b: Media, segments: Sequence[Segment], settings: CopySettings) -> Iterator[Edit]:
    if not a.duration or not b.duration:
        return
    for gap in gaps(a.duration, [segment.a for segment in segments], settings):
        kind = "trim" if gap.start == 0 or gap.end == a.duration else "removed"
        yield Edit(kind, f"{_seconds(gap)} of {a.id} are not found in {b.id}.", a=gap)
    for gap in gaps(b.duration, [segment.b for segment in segments], settings):
        yield Edit("inserted", f"{_seconds(gap)} of {b.id} are not found in {a.id}.", b=gap)


def gaps(duration: Fraction, used: Sequence[Span], settings: CopySettings) -> list[Span]:
    """The stretches of `[0, duration)` that no segment covers, those too short to be sure of left out."""
    found, reached = [], _ZERO
    for span in sorted(used):
        if span.start - reached > settings.gap:
            found.append(Span(reached, span.start))
        reached = max(reached, span.end)
    if duration - reached > settings.gap:
        found.append(Span(reached, duration))
    return found


def _picture(a: Media, b: Media, main: Segment, settings: CopySettings) -> Iterator[Edit]:
    matrix = np.array(main.homography)
    spans = main.a, main.b
    if main.mirrored:
        yield Edit("mirror", f"{b.id} shows the picture of {a.id} mirrored.", *spans)
    if _inside(main.a_box, settings):
        words = f"{b.id} shows {main.a_box.area:.0%} of the picture of {a.id}."
        yield Edit("crop", words, *spans, box=main.a_box, box_in="a")
    if _inside(main.b_box, settings):
        wide = max(main.b_box.width, main.b_box.height) >= 1 - settings.edge
        kind = "letterbox" if wide else "picture_in_picture"
        words = f"The picture of {a.id} fills {main.b_box.area:.0%} of the picture of {b.id}."
        yield Edit(kind, words, *spans, box=main.b_box, box_in="b")
    if perspective(matrix) > settings.perspective:
        words = (
            f"The pictures of {a.id} and {b.id} lie in perspective to each other; "
            "that is consistent with one of them being filmed off a screen."
        )
        yield Edit("refilmed", words, *spans, box=main.b_box, box_in="b")
    turned = angle(a, b, matrix)
    if abs(turned) > settings.turn:
        parameters = {"degrees_clockwise": round(turned, 1)}
        yield Edit("rotate", f"{b.id} is turned by {turned:.1f} degrees.", *spans, parameters=parameters)


def _streams(a: Media, b: Media, main: Segment, settings: CopySettings) -> Iterator[Edit]:
    if a.video is None or b.video is None:
        return
    scale = detail(a, b, main)
    if abs(scale - 1) > settings.rescaled:
        parameters = {"a": [a.video.width, a.video.height], "b": [b.video.width, b.video.height]}
        words = (
            f"The shared part has {scale:.2f} times as many pixels across in {b.id} as in {a.id} "
            f"({a.video.width} x {a.video.height} and {b.video.width} x {b.video.height} in all)."
        )
        yield Edit("resolution", words, main.a, main.b, parameters=parameters)
    rates = a.video.frame_rate, b.video.frame_rate
    if rates[0] and rates[1] and abs(rates[1] / rates[0] - 1) > settings.other_rate:
        ours, theirs = (round(float(rate), 3) for rate in rates if rate)
        words = f"{a.id} has {ours} frames a second, {b.id} has {theirs}."
        yield Edit("frame_rate", words, main.a, main.b, parameters={"a": ours, "b": theirs})


def detail(a: Media, b: Media, main: Segment) -> float:
    """Pixels across the shared part in b, over those in a; above 1, b has more."""
    if a.video is None or b.video is None:
        return 1.0
    area_a = main.a_box.area * a.video.width * a.video.height
    corners = fit.carry(np.array(main.homography), np.array(main.a_box.corners))
    area_b = _polygon(corners) * b.video.width * b.video.height
    return float(np.sqrt(area_b / area_a)) if area_a > 0 and np.isfinite(area_b) else 1.0


def perspective(matrix: NDArray[np.float64]) -> float:
    """How far opposite sides of the picture differ in length after the map, 0 for none."""
    corners = fit.carry(matrix, np.array([(0, 0), (1, 0), (1, 1), (0, 1)], float))
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    if not np.all(np.isfinite(sides)) or sides.min() <= 0:
        return 0.0
    return float(max(abs(np.log(sides[0] / sides[2])), abs(np.log(sides[1] / sides[3]))))


def angle(a: Media, b: Media, matrix: NDArray[np.float64]) -> float:
    """Degrees clockwise by which the picture is turned, -180 to 180, a mirror set aside."""
    if a.video is None or b.video is None:
        return 0.0
    down = fit.carry(matrix, np.array([(0.5, 0.25), (0.5, 0.75)]))
    step = (down[1] - down[0]) * (b.video.width, b.video.height)
    return float(np.degrees(np.arctan2(-step[0], step[1]))) if np.all(np.isfinite(step)) else 0.0


def _inside(box: Box, settings: CopySettings) -> bool:
    return min(box.width, box.height) < 1 - settings.edge


def _polygon(corners: NDArray[np.float64]) -> float:
    x, y = corners[:, 0], corners[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def _seconds(span: Span) -> str:
    return f"Seconds {float(span.start):.2f} to {float(span.end):.2f}"
