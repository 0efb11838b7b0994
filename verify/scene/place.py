"""Where a place of one clip lies in another camera's picture.

What it does: for something that moves in one clip it works out which part of the other clip's picture shows
the same place, and how far wrong that may be.

How: local features of the two background plates are matched (RootSIFT, mutual nearest, ratio test) and kept
where they agree with one epipolar geometry (MAGSAC++). A map of the whole picture holds on one plane only,
so the place is carried by its neighbours: an affine map fitted to the nearest agreeing points around it,
those off the local surface left out. The error is the neighbours' own misfit, and more where the nearest of
them is far; the box is enlarged by it. Without enough neighbours, the pair's homography is used if it has
one, and the report says that it holds on one plane; otherwise the place is not given.

Limits: something in the air, or in front of a surface, has no matched neighbours of its own; its place is
then that of the surface behind or below it, and is wrong by the parallax. Plates without texture have no
neighbours.

Error rates: not measured by itself; see scene.differences.

Source: local affine maps are the first-order model of a view change, K. Mikolajczyk and C. Schmid, "A
performance evaluation of local descriptors" (IEEE TPAMI 27(10), 2005, doi:10.1109/TPAMI.2005.188); features
and fits as in the fingerprint and geometry rooms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.fingerprint.local import features
from verify.geometry.fit import carry, fundamental, homography
from verify.geometry.match import match
from verify.model import Box
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from verify.fingerprint.local import Points
    from verify.model import Registration
    from verify.scene.plate import Plate
    from verify.settings import SceneSettings

_SIDE = 640.0  # tolerances are stated in pixels of a picture this long


@dataclass(frozen=True, eq=False, slots=True)
class Tie:
    """Points of two plates that show the same spots of the scene, in fractions of each."""

    first: int  # number of the plate
    second: int
    a: NDArray[np.float32]  # (k, 2)
    b: NDArray[np.float32]

    def turned(self) -> Tie:
        """The same from the other side."""
        return Tie(self.second, self.first, self.b, self.a)


@dataclass(frozen=True, eq=False, slots=True)
class Carried:
    """A place brought to the other picture; fractions of it, not cut at its edges."""

    corners: tuple[float, float, float, float]  # left, top, right, bottom, enlarged by the error
    matrix: NDArray[np.float64]  # (3, 3) a -> b near the place, fractions
    error: tuple[float, float]  # by which each side is enlarged, fractions of width and height
    neighbours: int  # points it rests on; 0 where the pair's homography was used
    how: str  # in words

    def bring(self, box: Box) -> Box | None:
        """Another box near the place, enlarged by the same error; None where it leaves the picture."""
        there = carry(self.matrix, np.array(box.corners))
        if not np.all(np.isfinite(there)):
            return None
        low, high = there.min(0) - self.error, there.max(0) + self.error
        return Box.around([(float(low[0]), float(low[1])), (float(high[0]), float(high[1]))])

    @property
    def box(self) -> Box | None:
        """The part inside the picture."""
        left, top, right, bottom = self.corners
        return Box.around([(left, top), (right, bottom)])

    @property
    def inside(self) -> float:
        """Share of the place that lies in the picture, 0 to 1."""
        left, top, right, bottom = self.corners
        whole = (right - left) * (bottom - top)
        return self.box.area / whole if self.box and whole > 0 else 0.0


def ties(
    a: Sequence[Plate],
    b: Sequence[Plate],
    registration: Registration | None,
    settings: SceneSettings = SETTINGS.scene,
) -> list[Tie]:
    """Matched points of every pair of plates that show one place, most points first."""
    found: list[Tie] = []
    points_a = [(number, _points(a[number], settings)) for number in _longest(a, settings.place_plates)]
    points_b = [(number, _points(b[number], settings)) for number in _longest(b, settings.place_plates)]
    for one, here in points_a:
        for two, there in points_b:
            tie = _tie(one, two, here, there, (_aspect(a[one]), _aspect(b[two])), registration, settings)
            if tie is not None:
                found.append(tie)
    return sorted(found, key=lambda tie: (-len(tie.a), tie.first, tie.second))


def carried(
    place: Box, tie: Tie, aspects: tuple[float, float], settings: SceneSettings = SETTINGS.scene
) -> Carried | None:
    """A place of the tie's first plate, brought to its second by the points around it.

    Args:
        place: fractions of the first plate.
        tie: the matched points.
        aspects: width / height of the two plates.
        settings: the bounds.

    Returns:
        None with too few points around it.
    """
    scale_a, scale_b = _scale(aspects[0]), _scale(aspects[1])
    a, b = tie.a * scale_a, tie.b * scale_b
    corners = np.array(place.corners) * scale_a
    away = _outside(a, corners)
    reach = settings.place_near * _SIDE + float(np.hypot(*(corners[2] - corners[0]))) / 2
    nearest = np.argsort(away, kind="stable")[: settings.place_neighbours]
    nearest = nearest[away[nearest] <= reach]
    if len(nearest) < settings.place_fewest:
        return None
    affine, kept = _affine(a[nearest], b[nearest], settings)
    if affine is None or kept.sum() < settings.place_fewest:
        return None
    misfit = b[nearest][kept] - (a[nearest][kept] @ affine[:, :2].T + affine[:, 2])
    rms = float(np.sqrt((misfit**2).sum(1).mean()))
    gap = float(away[nearest][kept].min()) * float(np.sqrt(abs(np.linalg.det(affine[:, :2]))))
    error = 2 * rms + settings.place_margin * gap
    there = corners @ affine[:, :2].T + affine[:, 2]
    margin = error / scale_b
    matrix = np.diag([*(1 / scale_b), 1.0]) @ np.vstack([affine, [0, 0, 1]]) @ np.diag([*scale_a, 1.0])
    how = f"placed by {int(kept.sum())} matched points around it"
    return _carried(there / scale_b, matrix, margin, int(kept.sum()), how)


def carried_by(matrix: NDArray[np.float64], place: Box) -> Carried | None:
    """A place brought through a homography of the whole picture, which holds on one plane only."""
    there = carry(matrix, np.array(place.corners))
    if not np.all(np.isfinite(there)):
        return None
    how = "placed by a map of the whole picture, which holds on one plane of the scene only"
    return _carried(there, matrix, 0.25 * (there.max(0) - there.min(0)), 0, how)


def _carried(
    there: NDArray[np.float64], matrix: NDArray[np.float64], margin: NDArray[np.float64], count: int, how: str
) -> Carried:
    left, top = (float(v) for v in there.min(0) - margin)
    right, bottom = (float(v) for v in there.max(0) + margin)
    return Carried((left, top, right, bottom), matrix, (float(margin[0]), float(margin[1])), count, how)


def _points(plate: Plate, settings: SceneSettings) -> Points:
    found = features(plate.luma, settings.place_points, settings.place_contrast)
    return found.outside(plate.overlay | ~plate.known)


def _tie(
    one: int,
    two: int,
    here: Points,
    there: Points,
    aspects: tuple[float, float],
    registration: Registration | None,
    settings: SceneSettings,
) -> Tie | None:
    pairs = match(here.vectors(), there.vectors(), SETTINGS.geometry.ratio)
    a, b = here.xy[pairs[:, 0]], there.xy[pairs[:, 1]]
    fit = fundamental(a, b, aspects, settings.place_tolerance)
    if fit is None or fit.inliers < settings.place_inliers:
        # A plane, or a camera that only turned, gives a homography and no certain epipolar geometry.
        fit = homography(a, b, aspects, 2 * settings.place_tolerance)
        if fit is None or fit.inliers < settings.place_inliers:
            return None
    return Tie(one, two, fit.a, fit.b)


def _longest(plates: Sequence[Plate], count: int) -> list[int]:
    order = sorted(range(len(plates)), key=lambda number: (-plates[number].span.length, number))
    return sorted(order[:count])


def _aspect(plate: Plate) -> float:
    return float(plate.luma.shape[1] / plate.luma.shape[0])


def _scale(aspect: float) -> NDArray[np.float64]:
    return np.array([_SIDE, _SIDE / aspect]) if aspect >= 1 else np.array([_SIDE * aspect, _SIDE])


def _outside(points: NDArray[np.float64], corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pixels from each point to a box, 0 inside."""
    beyond = np.maximum(0, np.maximum(corners.min(0) - points, points - corners.max(0)))
    return np.asarray(np.hypot(beyond[:, 0], beyond[:, 1]), np.float64)


def _affine(
    a: NDArray[np.float64], b: NDArray[np.float64], settings: SceneSettings
) -> tuple[NDArray[np.float64] | None, NDArray[np.bool_]]:
    cv2.setRNGSeed(0)
    affine, kept = cv2.estimateAffine2D(
        a.astype(np.float32),
        b.astype(np.float32),
        ransacReprojThreshold=settings.place_bend,
        confidence=0.999,
    )
    if affine is None or not 0.05 < abs(np.linalg.det(affine[:, :2])) < 20:
        return None, np.zeros(len(a), bool)
    return np.asarray(affine, np.float64), kept.ravel().astype(bool)
