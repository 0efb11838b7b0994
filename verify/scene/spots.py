"""Spots: what stands out against the plate in one frame.

How: a spot is connected foreground. It grows from pixels that stand out clearly to neighbours that stand
out a little (hysteresis, J. Canny 1986, doi:10.1109/TPAMI.1986.4767851), gaps of a few pixels closed, and
is cut back to what has a fair share of its peak contrast. Compact things are found where each
neighbourhood's brightness was fitted, so that a lamp that is carried does not light up half a roof as one
thing; larger ones where only the whole picture's was. A spot whose rim is not steep is soft: light, shade,
smoke, or something out of focus.

Limits: a thing and its mirror image, shadow or sharp-edged pool of light are one or two spots, as they
touch or not. A frame of which a third or more differs is left out.

Error rates: not measured by itself; see scene.differences.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.model import Box
from verify.scene.steady import slope

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import NDArray

    from verify.model import Span
    from verify.scene.plate import Plate
    from verify.settings import SceneSettings


@dataclass(frozen=True, eq=False, slots=True)
class Spot:
    """Something that stands out in one frame, in pixels of the plate."""

    time: Fraction
    end: Fraction
    box: NDArray[np.float64]  # (4,) left, top, right, bottom
    area: int  # pixels
    contrast: float  # grey levels against the plate, mean over it; negative: darker
    clarity: float  # times the noise, 90th percentile over it
    compact: bool  # found where each neighbourhood's brightness was fitted
    soft: bool  # no clear rim: light, shade, smoke, or out of focus
    shown: Box  # where the frame itself shows it, before shake was taken out

    @property
    def centre(self) -> NDArray[np.float64]:
        """Middle of the box, (2,) pixels."""
        return (self.box[:2] + self.box[2:]) / 2


def spots_of(
    whole: NDArray[np.float32],
    detail: NDArray[np.float32],
    plate: Plate,
    affine: NDArray[np.float64],
    when: Span,
    settings: SceneSettings,
) -> list[Spot] | None:
    """What stands out in one frame; None where so much differs that nothing can be told apart.

    Compact things are found in `detail` (see `departures`), where the light that they throw or the shade
    is taken out; things too large for that in `whole`.
    """
    everything = _mask(whole, plate.noise, plate, settings)
    if everything[1].mean() > settings.fore_whole:
        return None
    least = round(settings.fore_large * whole.size)
    fitted = _mask(detail, plate.detail_noise, plate, settings)
    compact = _found(detail, fitted, affine, when, settings.fore_area, settings)
    large = _found(whole, everything, affine, when, least, settings)
    return (compact + large)[: settings.fore_parts]


def _mask(
    away: NDArray[np.float32], noise: NDArray[np.float32], plate: Plate, settings: SceneSettings
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """How many times the noise each pixel differs, and which may belong to a thing."""
    size = np.abs(away)
    strength = size / noise
    strength[~plate.known | plate.overlay | (size < settings.fore_contrast / 2)] = 0
    return np.asarray(strength, np.float32), (strength >= settings.fore_grow).astype(np.uint8)


def _found(
    away: NDArray[np.float32],
    mask: tuple[NDArray[np.float32], NDArray[np.uint8]],
    affine: NDArray[np.float64],
    when: Span,
    least: int,
    settings: SceneSettings,
) -> list[Spot]:
    strength, grown = mask
    seeds = (strength >= settings.fore_seed) & (np.abs(away) >= settings.fore_contrast)
    # A thing is cut back to grown pixels in the end: where all together are too few, each is.
    if not seeds.any() or cv2.countNonZero(grown) < least:
        return []
    reach = 2 * max(1, round(settings.fore_join * max(away.shape) / 2)) + 1
    round_patch = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    joined = cv2.morphologyEx(grown, cv2.MORPH_CLOSE, round_patch)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA]
    kept = np.flatnonzero((np.bincount(labels[seeds], minlength=len(areas)) > 0) & (areas >= least))
    kept = kept[kept > 0]
    kept = kept[np.argsort(-areas[kept], kind="stable")][: settings.fore_parts]
    found: list[Spot] = []
    for label in kept:
        x, y, width, height = (int(v) for v in stats[label, : cv2.CC_STAT_AREA])
        window = slice(y, y + height), slice(x, x + width)
        own = (labels[window] == label) & (grown[window] > 0)
        size = np.abs(away[window])
        peak = _quantile(size[own], 0.98)
        own &= size >= settings.fore_core * peak
        rows, columns = np.flatnonzero(own.any(1)), np.flatnonzero(own.any(0))
        box = np.array([x + columns[0], y + rows[0], x + columns[-1] + 1, y + rows[-1] + 1], np.float64)
        shown = fractions(_moved(box, affine), away.shape)
        if shown is None or own.sum() < least:
            continue
        found.append(
            Spot(
                when.start,
                when.end,
                box,
                int(own.sum()),
                float(away[window][own].mean()),
                _quantile(strength[window][own], 0.9),
                least == settings.fore_area,
                _edge(away[window], own) < settings.soft_edge * peak,
                shown,
            )
        )
    return found


def _edge(away: NDArray[np.float32], own: NDArray[np.bool_]) -> float:
    """Median steepness along the rim, grey levels a pixel."""
    mask = own.astype(np.uint8)
    rim = own & (cv2.erode(mask, np.ones((3, 3), np.uint8), borderValue=0) == 0)
    return _quantile(slope(away)[rim], 0.5)


def _quantile(values: NDArray[np.float32], share: float) -> float:
    """A quantile of a few values; numpy's own takes most of a look at small spots."""
    low, part = divmod(share * (len(values) - 1), 1)
    high = min(int(low) + 1, len(values) - 1)
    ranked = np.partition(values, (int(low), high))
    return float(ranked[int(low)] * (1 - part) + ranked[high] * part)


def _moved(box: NDArray[np.float64], affine: NDArray[np.float64]) -> NDArray[np.float64]:
    left, top, right, bottom = box
    corners = np.array([[left, top, 1], [right, top, 1], [right, bottom, 1], [left, bottom, 1]]) @ affine.T
    return np.asarray(np.r_[corners.min(0), corners.max(0)], np.float64)


def fractions(box: NDArray[np.float64], shape: tuple[int, ...]) -> Box | None:
    """A box in pixels of a picture as fractions of it, cut at its edges."""
    height, width = shape[:2]
    left, top, right, bottom = box
    return Box.around([(left / width, top / height), (right / width, bottom / height)])
