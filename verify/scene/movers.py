"""Movers: things that move for a while, measured and ranked.

What is seen too briefly or too seldom is dropped as noise. Movers are ranked by how clearly they stand
out, how large they are, how long they last and how far they go, those with clear edges first; past a fixed
number the weakest are left out, and the notes say how many.

Error rates: not measured by itself; see scene.differences.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from verify.model import Box, Span
from verify.scene.spots import fractions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from verify.scene.spots import Spot
    from verify.settings import SceneSettings


@dataclass(frozen=True, eq=False, slots=True)
class Mover:
    """Something that moves for a while. Boxes are fractions of the displayed picture."""

    plate: int  # which of the watch's plates
    span: Span
    box: Box  # encloses it over that time, in the pictures as filmed
    home: Box  # the same on the plate, shake taken out
    places: tuple[tuple[Fraction, Box], ...]  # where each looked-at picture shows it, as filmed
    homes: tuple[tuple[Fraction, Box], ...]  # the same on the plate
    size: tuple[float, float]  # median width and height, fractions
    area: float  # median, share of the picture
    contrast: float  # median grey levels against the plate; negative: darker
    clarity: float  # median, times the noise
    soft: bool  # no clear rim: light, shade, smoke, or out of focus
    path: float  # from its first to its farthest place, in fractions of the longer side
    score: float  # rank among the clip's movers


def mover_of(
    chain: Sequence[Spot],
    looks: Sequence[Fraction],
    plate: int,
    shape: tuple[int, int],
    settings: SceneSettings,
) -> Mover | None:
    """The mover that a chain of spots makes, or None where it is too little to be more than noise.

    Args:
        chain: spots in order of time, of one stretch.
        looks: times of all pictures of the stretch that were looked at.
        plate: the stretch's number.
        shape: (h, w) of the plate.
        settings: the bounds.
    """
    span = Span(chain[0].time, chain[-1].end)
    if len(chain) < settings.track_hits or span.length < settings.track_length:
        return None
    if len(chain) < settings.track_share * sum(span.start <= time < span.end for time in looks):
        return None
    homes = [(spot.time, fractions(spot.box, shape)) for spot in chain]
    whole = Box.around(corner for spot in chain for corner in spot.shown.corners)
    boxes = np.array([spot.box for spot in chain])
    home = fractions(np.r_[boxes[:, :2].min(0), boxes[:, 2:].max(0)], shape)
    if whole is None or home is None:
        return None
    centres = np.array([spot.centre for spot in chain])
    smooth = np.array([np.median(centres[max(0, i - 2) : i + 3], axis=0) for i in range(len(centres))])
    path = float(np.hypot(*(smooth - smooth[0]).T).max())
    sizes = np.median(boxes[:, 2:] - boxes[:, :2], axis=0)
    area = float(np.median([spot.area for spot in chain]))
    clarity = float(np.median([spot.clarity for spot in chain]))
    wander = min(1.0, path / max(float(sizes.max()), 1.0))
    lasting = min(1.0, float(span.length) / 3)
    score = min(clarity, 40.0) * np.sqrt(min(area, 4000.0)) * lasting * (0.2 + wander)
    soft = sum(spot.soft for spot in chain) > len(chain) / 2
    score *= settings.soft_weight if soft else 1.0
    return Mover(
        plate,
        span,
        whole,
        home,
        tuple((spot.time, spot.shown) for spot in chain),
        tuple((time, box) for time, box in homes if box is not None),
        (float(sizes[0]) / shape[1], float(sizes[1]) / shape[0]),
        area / (shape[0] * shape[1]),
        float(np.median([spot.contrast for spot in chain])),
        clarity,
        soft,
        path / max(shape),
        float(score),
    )
