"""Edits of the picture as a whole, read off the map between the pictures and off the streams.

The part of a's picture that b shows, where in b's it lies, mirror, turn and perspective come from the
segment's homography; size and frame rate from the streams.

Limits: a crop or bars of less than three hundredths of the picture are within the map's uncertainty.
Perspective is what re-filming off a screen leaves, and what an editor's distortion leaves too.

Error rates: those of the map; see geometry.fit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify.geometry import fit
from verify.model import WHOLE, Box, Edit
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from verify.model import Media, Segment
    from verify.settings import CopySettings, EditSettings


def geometry(
    a: Media,
    b: Media,
    main: Segment,
    limits: CopySettings,
    around: str | None = None,
    own: EditSettings = SETTINGS.edits,
) -> Iterator[Edit]:
    """Mirror, crop, letterbox, picture in picture, refilmed, rotate.

    Args:
        a: the first input.
        b: the second.
        main: the segment that is read.
        limits: of this room.
        around: what b shows around a's picture, see `bars`; None where it was not looked at.
        own: likewise.
    """
    matrix = np.array(main.homography)
    spans = main.a, main.b
    a_box, b_box = whole(main.a_box, limits.edge), whole(main.b_box, limits.edge)
    if main.mirrored:
        yield Edit("mirror", f"{b.id} shows the picture of {a.id} mirrored.", *spans)
    if min(a_box.width, a_box.height) < 1:
        words = f"{b.id} shows {a_box.area:.0%} of the picture of {a.id}."
        yield Edit("crop", words, *spans, box=a_box, box_in="a")
    bent = perspective(matrix, main.a_box) > limits.perspective or askew(matrix, main.a_box) > own.askew
    # What lies around a screen that was filmed belongs to the filming.
    if min(b_box.width, b_box.height) < 1 and not bent:
        yield _framed(a, b, main, b_box, around)
    if bent:
        words = (
            f"The pictures of {a.id} and {b.id} lie in perspective to each other; "
            "that is consistent with one of them being filmed off a screen."
        )
        yield Edit("refilmed", words, *spans, box=b_box, box_in="b")
    turned = angle(a, b, matrix)
    # A screen that is filmed from aside is hardly ever filmed level.
    if abs(turned) > (10 * limits.turn if bent else limits.turn):
        parameters = {"degrees_clockwise": round(turned, 1)}
        yield Edit("rotate", f"{b.id} is turned by {turned:.1f} degrees.", *spans, parameters=parameters)


def _framed(a: Media, b: Media, main: Segment, box: Box, around: str | None) -> Edit:
    bars = max(box.width, box.height) == 1 and around in {None, "black", "plain", "blurred"}
    kind = "letterbox" if bars else "picture_in_picture"
    words = f"The picture of {a.id} fills {box.area:.0%} of the picture of {b.id}"
    told = {
        "black": "; what lies around it is black",
        "plain": "; what lies around it is of one colour",
        "blurred": "; what lies around it is blurred",
        "still picture": "; what lies around it is a picture that stands still",
        "other footage": "; what lies around it moves, and is not of it",
    }.get(around or "", "")
    parameters = {"bars" if kind == "letterbox" else "around": around} if around else {}
    return Edit(kind, f"{words}{told}.", main.a, main.b, box=box, box_in="b", parameters=parameters)


def streams(a: Media, b: Media, main: Segment, limits: CopySettings) -> Iterator[Edit]:
    """Resolution and frame rate."""
    if a.video is None or b.video is None:
        return
    scale = detail(a, b, main)
    if abs(scale - 1) > limits.rescaled:
        parameters = {"a": [a.video.width, a.video.height], "b": [b.video.width, b.video.height]}
        words = (
            f"The shared part has {scale:.2f} times as many pixels across in {b.id} as in {a.id} "
            f"({a.video.width} x {a.video.height} and {b.video.width} x {b.video.height} in all)."
        )
        yield Edit("resolution", words, main.a, main.b, parameters=parameters)
    rates = a.video.frame_rate, b.video.frame_rate
    if rates[0] and rates[1] and abs(rates[1] / rates[0] - 1) > limits.other_rate:
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


def perspective(matrix: NDArray[np.float64], box: Box = WHOLE) -> float:
    """How far opposite sides of a's picture, or of a part, differ in length after the map, 0 for none."""
    corners = fit.carry(matrix, np.array(box.corners))
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    if not np.all(np.isfinite(sides)) or sides.min() <= 0:
        return 0.0
    return float(max(abs(np.log(sides[0] / sides[2])), abs(np.log(sides[1] / sides[3]))))


def askew(matrix: NDArray[np.float64], box: Box) -> float:
    """How far a part of a's picture is from a parallelogram after the map, fractions of b's picture."""
    corners = fit.carry(matrix, np.array(box.corners))
    defect = corners[0] - corners[1] + corners[2] - corners[3]
    return float(np.abs(defect).max()) if np.all(np.isfinite(defect)) else 0.0


def angle(a: Media, b: Media, matrix: NDArray[np.float64]) -> float:
    """Degrees clockwise by which the picture is turned, -180 to 180, a mirror set aside."""
    if a.video is None or b.video is None:
        return 0.0
    down = fit.carry(matrix, np.array([(0.5, 0.25), (0.5, 0.75)]))
    step = (down[1] - down[0]) * (b.video.width, b.video.height)
    return float(np.degrees(np.arctan2(-step[0], step[1]))) if np.all(np.isfinite(step)) else 0.0


def whole(box: Box, edge: float) -> Box:
    """The box, with each side that nearly reaches the picture's edge brought to it.

    Args:
        box: in fractions of the picture.
        edge: fraction of the picture that width and height must lack before they count as lacking.
    """
    left, right = _snapped(box.x, box.x + box.width, edge)
    top, bottom = _snapped(box.y, box.y + box.height, edge)
    return Box(left, top, right - left, bottom - top)


def _snapped(low: float, high: float, edge: float) -> tuple[float, float]:
    if high - low >= 1 - edge:
        return 0.0, 1.0
    return (0.0 if low < edge / 4 else low), (1.0 if high > 1 - edge / 4 else high)


def _polygon(corners: NDArray[np.float64]) -> float:
    x, y = corners[:, 0], corners[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)
