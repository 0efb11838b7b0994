"""The tracks' tiny pictures over a segment: a's carried onto b's, moment by moment, without decoding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.fingerprint.track import TINY, TINY_STEPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify.fingerprint.track import Track
    from verify.model import Segment


def grey(track: Track) -> NDArray[np.float32]:
    """(k, 32, 32) luma of a track's tiny pictures, 0-255."""
    return np.asarray(track.tiny.astype(np.float32) / TINY_STEPS, np.float32)


def a_times(segment: Segment, b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Seconds of a that seconds of b in the segment show."""
    steps = float(segment.b.end) - b if segment.reversed else b - float(segment.b.start)
    return np.asarray(float(segment.a.start) + steps * segment.speed)


def rows(times: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.intp]:
    """The picture on screen at each wanted second, as an index."""
    return np.clip(np.searchsorted(times, wanted + 1e-6, side="right") - 1, 0, len(times) - 1)


def brought(pictures: NDArray[np.float32], segment: Segment) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Tiny pictures of a carried onto b's, (k, 32, 32), and the cells that a fills."""
    warp = np.diag([TINY, TINY, 1.0]) @ np.array(segment.homography) @ np.diag([1 / TINY, 1 / TINY, 1.0])
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    warp = np.linalg.inv(half) @ warp @ half
    carried = [
        cv2.warpPerspective(each, warp, (TINY, TINY), borderMode=cv2.BORDER_REPLICATE) for each in pictures
    ]
    inside = cv2.warpPerspective(np.ones((TINY, TINY), np.float32), warp, (TINY, TINY)) > 0.99
    return np.stack(carried).astype(np.float32) if carried else pictures[:0], inside
