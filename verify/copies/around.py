"""Around: whether a picture goes on beyond the part that it shares with another, or something frames it.

The border of one input's picture is carried into the other's, and the pixels just inside it are held against
those just outside, along each side and over several moments. Where the picture was cropped out of the larger
one, structures run on across the border: the two lines are as alike as two lines of the same distance are on
either side of it. At the edge of bars, of a blurred or plain frame and of an inset there is a step, and the
lines are not alike. One side on which the picture goes on shows that the larger picture has more of it; a
frame shows nothing by itself, for frames are put around copies and cut off again.

Limits: where picture or frame is without structure along the border, nothing is said; nor where one side goes
on and another is framed.

Error rates: see copies.nearer.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.geometry import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from verify.settings import SourceSettings

_ALONG = 240  # points of a side
_SMOOTH = np.hanning(11)[1:-1] / np.hanning(11).sum()


class Around(StrEnum):
    """What lies around the shared part of a picture."""

    NOTHING = "nothing"
    PICTURE = "picture"
    FRAME = "frame"
    UNSURE = "cannot be told"


def around(
    pictures: Sequence[NDArray[np.uint8]], matrix: NDArray[np.float64], limits: SourceSettings
) -> Around:
    """What lies around the other's picture in these.

    Args:
        pictures: (H, W) lumas of the input that is looked at, at several moments.
        matrix: (3, 3) from the other's picture to this one's, in fractions.
        limits: settings.
    """
    found = [_side(pictures, side, matrix, limits) for side in range(4)]
    told = [each for each in found if each is not Around.NOTHING]
    if not told:
        return Around.NOTHING
    if Around.PICTURE in told and Around.FRAME not in told:
        return Around.PICTURE
    return Around.FRAME if Around.FRAME in told and Around.PICTURE not in told else Around.UNSURE


def _side(
    pictures: Sequence[NDArray[np.uint8]], side: int, matrix: NDArray[np.float64], limits: SourceSettings
) -> Around:
    height, width = pictures[0].shape
    size = np.array([width, height], np.float64)
    lines = _lines(side, matrix, size, limits.border_step * max(width, height))
    if lines is None:
        return Around.NOTHING
    far = np.all((lines[-1] > 0) & (lines[-1] < size), axis=1)
    if far.mean() < limits.border_share:
        return Around.NOTHING
    told = [
        each
        for picture in pictures
        if (each := _crossing(picture, [line[far] for line in lines], limits)) is not None
    ]
    if len(told) < min(limits.border_moments, len(pictures)):
        return Around.UNSURE
    share = sum(told) / len(told)
    return (
        Around.PICTURE
        if share >= limits.border_sure
        else Around.FRAME
        if share <= 1 - limits.border_sure
        else Around.UNSURE
    )


def _lines(
    side: int, matrix: NDArray[np.float64], size: NDArray[np.float64], step: float
) -> list[NDArray[np.float64]] | None:
    """Four lines of points along a side, in pixels: inside and outside it, `step` from it and thrice that."""
    along = np.linspace(0.06, 0.94, _ALONG)
    edge = float(side % 2)
    across = np.full(_ALONG, edge)
    points = np.stack([across, along] if side < 2 else [along, across], axis=1)
    inward = np.stack(
        [across + (0.02 - 0.04 * edge), along] if side < 2 else [along, across + (0.02 - 0.04 * edge)], axis=1
    )
    border, inner = fit.carry(matrix, points) * size, fit.carry(matrix, inward) * size
    way = border - inner
    length = np.linalg.norm(way, axis=1, keepdims=True)
    if not np.all(np.isfinite(border)) or not np.all(np.isfinite(inner)) or length.min() < 1e-6:
        return None
    out = way / length
    return [border + out * step * times for times in (-3, -1, 1, 3)]


def _crossing(
    picture: NDArray[np.uint8], lines: Sequence[NDArray[np.float64]], limits: SourceSettings
) -> bool | None:
    """Whether the picture goes on across a border at one moment; None without structure to tell by."""
    inner, inside, outside, outer = (_along(picture, line) for line in lines)
    if inside.std() < limits.border_level:
        return None
    if outside.std() < limits.border_flat and outer.std() < limits.border_flat:
        return False
    if outside.std() < limits.border_level:
        return None
    usual = min(_alike(inner, inside), _alike(outside, outer))
    if usual < limits.border_usual:
        return None
    return _alike(inside, outside) >= limits.border_alike * usual


def _along(picture: NDArray[np.uint8], line: NDArray[np.float64]) -> NDArray[np.float64]:
    columns, rows = (line[:, axis].astype(np.float32)[None] - 0.5 for axis in (0, 1))
    seen = cv2.remap(picture, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0]
    # Smoothed along the line only, so that nothing leaks across the border.
    return np.convolve(seen.astype(np.float64), _SMOOTH, "valid")


def _alike(one: NDArray[np.float64], two: NDArray[np.float64]) -> float:
    """Likeness of two lines: their correlation, less what they differ in level."""
    middle = (one.mean() + two.mean()) / 2
    one, two = one - middle, two - middle
    return float((one * two).sum() / max(float(((one**2).sum() + (two**2).sum()) / 2), 1e-6))
