"""Burned-in marks located in one clip, without reading them: edges that stay while the picture changes.

Where nothing that reads text is installed, the key frames of a clip are laid on each other as they are.
Captions, channel names and clocks that were added stay in their place, to the pixel and in their brightness;
what was filmed does not, once the camera or the scene moves. Edges that are steep and equally bright in all
key frames are joined to lines as letters are, and those of the size and shape of a line of text are reported
as located, not read.

Limits: it needs four key frames or more, two seconds apart, that differ: of a camera that stands still
nothing is told, since a fence stays too. A mark that comes and goes, moves, or lies half transparent over a
busy picture is missed, as is one in few frames only. Digits of a clock that change are left out of its box.
A logo is reported like a text.

Error rates: of 21 public clips of nine seconds or more, five were left out as too still; on the other 16, a
name drawn at three sizes was located in 10, 11 and 11, and without it nothing was reported but one drawn
logo. Chosen by that same trial.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.model import Box, Span, Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    from verify.settings import TextSettings


def located(
    shown: Sequence[NDArray[np.uint8]], times: Sequence[Fraction], settings: TextSettings
) -> tuple[Text, ...]:
    """Lines that stay in their place in all pictures of a clip, from the top down; none where nothing moves.

    Args:
        shown: (h, w) uint8 luma of the key frames, all of one size.
        times: their moments, ascending, seconds.
        settings: numbers.
    """
    if len(shown) < settings.fewest or len({picture.shape for picture in shown}) != 1:
        return ()
    stack = np.stack(shown)
    steep = np.stack([_slope(picture) >= settings.still_slope for picture in shown])
    still = steep.all(axis=0) & (np.ptp(stack, axis=0) <= settings.still_levels)
    # Of each picture's edges, so many stay: where most do, it is the camera that stands still.
    if still.sum() > settings.still_most * np.median(steep.sum(axis=(1, 2))):
        return ()
    span = Span(times[0], times[-1])
    return tuple(Text(None, box, span, 0.0, seen=len(shown), stays=True) for box in _lines(still, settings))


def _slope(luma: NDArray[np.uint8]) -> NDArray[np.float32]:
    across = cv2.Sobel(luma, cv2.CV_32F, 1, 0, scale=0.25)
    down = cv2.Sobel(luma, cv2.CV_32F, 0, 1, scale=0.25)
    return np.asarray(cv2.magnitude(across, down), np.float32)


def _lines(still: NDArray[np.bool_], settings: TextSettings) -> list[Box]:
    """Boxes of groups of edges with the size and shape of a line of text."""
    tall, wide = still.shape
    reach = max(3, round(settings.mark_gap * wide))
    joined = cv2.morphologyEx(still.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    boxes = []
    for left, top, width, height, _area in stats[1:count]:
        edges = int(still[top : top + height, left : left + width].sum())
        low, high = settings.mark_height
        fits = low <= height / tall <= high and width >= settings.mark_width * wide
        if fits and width >= settings.mark_aspect * height and edges >= settings.mark_filled * width * height:
            boxes.append(
                Box(*(float(share) for share in (left / wide, top / tall, width / wide, height / tall)))
            )
    return sorted(boxes, key=lambda box: (box.y, box.x))
