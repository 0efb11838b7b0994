"""All frames of two clips around one place of a common stretch, drawn on one grid over the part both show.

Error rates: those of what is built on it; see copies.exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.geometry import fit
from verify.media import frames

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify.copies.line import Line
    from verify.model import Media
    from verify.settings import CopySettings

GRID = 40  # cells on a side of the shared part


@dataclass(frozen=True, eq=False, slots=True)
class Grids:
    """The cells' middles in fractions of each picture, (p, 2) each."""

    a: NDArray[np.float32]
    b: NDArray[np.float32]


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """All frames of both around one place, on the grid."""

    a_times: NDArray[np.float64]  # (n,) seconds, starts of frames
    b_times: NDArray[np.float64]  # (k,)
    ours: NDArray[np.float32]  # (n, p) grey values on the grid less the picture's mean
    theirs: NDArray[np.float32]  # (k, p)

    def joined(self, other: Part) -> Part:
        """This part and one beside it."""
        a, first = np.unique(np.r_[self.a_times, other.a_times], return_index=True)
        b, second = np.unique(np.r_[self.b_times, other.b_times], return_index=True)
        ours, theirs = np.r_[self.ours, other.ours], np.r_[self.theirs, other.theirs]
        return Part(a, b, ours[first], theirs[second])


def grids(matrix: NDArray[np.float64]) -> Grids | None:
    """One grid over the shared part; None where they share next to nothing.

    Args:
        matrix: (3, 3) a -> b in fractions.
    """
    shared = fit.shared_boxes(matrix)
    if shared is None:
        return None
    box = shared[1]
    steps = (np.arange(GRID) + 0.5) / GRID
    spots = np.stack(np.meshgrid(box.x + steps * box.width, box.y + steps * box.height), -1).reshape(-1, 2)
    there = fit.carry(fit.inverse(matrix), spots)
    with np.errstate(invalid="ignore"):
        inside = np.all((there >= 0) & (there <= 1), axis=1)
    if inside.sum() < GRID:
        return None
    return Grids(there[inside].astype(np.float32), spots[inside].astype(np.float32))


def part(
    a: Media, b: Media, grid: Grids, line: Line, window: tuple[float, float], settings: CopySettings
) -> Part | None:
    """The frames around one place; None where either has next to none.

    Args:
        a: the first clip.
        b: the second.
        grid: over what both show.
        line: b's seconds by a's.
        window: seconds of a.
        settings: of this room.

    Raises:
        UnreadableMediaError: a picture could not be decoded.
    """
    reach = settings.exact_reach
    times, ours = _drawn(a, grid.a, (window[0] - reach, window[1] + reach))
    low, high = sorted((line.at(window[0]), line.at(window[1])))
    if len(times) < 3 or high <= 0:
        return None
    b_times, theirs = _drawn(b, grid.b, (low, high))
    return Part(times, b_times, ours, theirs) if len(b_times) >= 3 else None


def _drawn(
    media: Media, spots: NDArray[np.float32], window: tuple[float, float]
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Start times (n,) and grey values on the grid, mean taken away, (n, p), of all frames of a window."""
    wide = float(np.ptp(spots[:, 0])) + 1e-3
    side = int(np.clip(2 * GRID / wide, 96, 640))
    start, end = (Fraction(max(0.0, each)).limit_denominator(1000) for each in window)
    times, rows = [], []
    for frame in frames(media.path, start=start, end=end, skip_nonref=False, threads=1):
        small = frame.shrunk(side)
        at = (spots * (small.shape[1], small.shape[0]) - 0.5).astype(np.float32)
        # An even kernel would move the picture by half a pixel, the other way in a mirrored one.
        soft = cv2.GaussianBlur(small, (3, 3), 0)
        values = cv2.remap(soft, at[:, None], None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        flat = values.astype(np.float32).ravel()
        times.append(float(frame.time))
        rows.append(flat - flat.mean())
        if len(times) >= 1000:
            break  # a clip of a thousand frames a second, or a broken clock
    return np.array(times), np.array(rows, np.float32).reshape(len(rows), len(spots))
