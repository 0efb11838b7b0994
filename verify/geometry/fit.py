"""Robust fits: the map that brings one picture onto another, from matched points of which many are wrong.

A homography (eight numbers) is exact for two copies of one recording, for a camera that only turns, and
for flat scenes; a fundamental matrix holds for any two views of a rigid scene, and places a point only on
a line. Both are fitted with MAGSAC++ (Barath et al., CVPR 2020) as OpenCV carries it. Fits are made in
pixels of a picture of `FIT_SIDE` on its longer side, so that a tolerance means the same for every input,
and are given in fractions of the displayed picture.

What is known of errors: in a trial on 1,941 pairs of unrelated photographs, a homography with 12 inliers or
a fundamental matrix with 20 was never reached by chance (upper bound 0.15 %); 8 inliers, a common
threshold, were reached by 64 %. A fit is refused when its points crowd one spot or one strip at the same
place of both pictures, where captions, logos and clocks burned into unrelated pictures agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.model import WHOLE, Box, Matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIT_SIDE = 640.0  # pixels, the longer side of the picture that tolerances are stated in
_TRIES = 4000
MIRROR = np.array([[-1.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])  # the picture seen in a mirror


@dataclass(frozen=True, eq=False, slots=True)
class Fit:
    """A map from picture a to picture b, with the point pairs that agree with it."""

    matrix: NDArray[np.float64]  # (3, 3), fractions of the displayed pictures
    a: NDArray[np.float32]  # (k, 2) inliers, fractions
    b: NDArray[np.float32]

    @property
    def inliers(self) -> int:
        """How many point pairs agree."""
        return len(self.a)

    def boxes(self) -> tuple[Box, Box]:
        """Around the inliers, in a and in b."""
        return _around(self.a), _around(self.b)


def homography(
    a: NDArray[np.float32], b: NDArray[np.float32], aspects: tuple[float, float], tolerance: float
) -> Fit | None:
    """The homography that most point pairs agree with, or None.

    Args:
        a: (k, 2) points of a, fractions of the displayed picture.
        b: (k, 2) the same points in b.
        aspects: displayed width / height of a and of b.
        tolerance: pixels of a picture of 640 on its longer side.
    """
    if len(a) < 4:
        return None
    scale_a, scale_b = _pixels(aspects[0]), _pixels(aspects[1])
    cv2.setRNGSeed(0)
    found, kept = cv2.findHomography(
        np.ascontiguousarray(a * scale_a, np.float32),
        np.ascontiguousarray(b * scale_b, np.float32),
        cv2.USAC_MAGSAC,
        tolerance,
        maxIters=_TRIES,
        confidence=0.9999,
    )
    if found is None or kept is None or not np.all(np.isfinite(found)):
        return None
    inside = kept.ravel().astype(bool)
    matrix = np.diag([*(1 / scale_b), 1.0]) @ found @ np.diag([*scale_a, 1.0])
    return Fit(matrix / matrix[2, 2], a[inside], b[inside]) if abs(matrix[2, 2]) > 1e-9 else None


def affine(
    a: NDArray[np.float32], b: NDArray[np.float32], aspects: tuple[float, float], tolerance: float
) -> Fit | None:
    """The map without perspective that most point pairs agree with; as `homography` in all else."""
    if len(a) < 3:
        return None
    scale_a, scale_b = _pixels(aspects[0]), _pixels(aspects[1])
    cv2.setRNGSeed(0)
    found, kept = cv2.estimateAffine2D(
        np.ascontiguousarray(a * scale_a, np.float32),
        np.ascontiguousarray(b * scale_b, np.float32),
        method=cv2.RANSAC,
        ransacReprojThreshold=tolerance,
        maxIters=_TRIES,
        confidence=0.9999,
        refineIters=20,
    )
    if found is None or kept is None or not np.all(np.isfinite(found)):
        return None
    inside = kept.ravel().astype(bool)
    whole = np.vstack([found, [0.0, 0.0, 1.0]])
    matrix = np.diag([*(1 / scale_b), 1.0]) @ whole @ np.diag([*scale_a, 1.0])
    return Fit(matrix, a[inside], b[inside])


def fundamental(
    a: NDArray[np.float32], b: NDArray[np.float32], aspects: tuple[float, float], tolerance: float
) -> Fit | None:
    """The fundamental matrix that most point pairs agree with, or None; arguments as for `homography`."""
    if len(a) < 8:
        return None
    scale_a, scale_b = _pixels(aspects[0]), _pixels(aspects[1])
    cv2.setRNGSeed(0)
    try:
        found, kept = cv2.findFundamentalMat(
            np.ascontiguousarray(a * scale_a, np.float32),
            np.ascontiguousarray(b * scale_b, np.float32),
            cv2.USAC_MAGSAC,
            tolerance,
            0.9999,
            _TRIES,
        )
    except cv2.error:
        # OpenCV 5.0 stops with a failed assertion where no sample of the points gives a matrix.
        return None
    if found is None or kept is None or found.shape != (3, 3) or not np.all(np.isfinite(found)):
        return None
    inside = kept.ravel().astype(bool)
    matrix = np.diag([*scale_b, 1.0]) @ found @ np.diag([*scale_a, 1.0])
    return Fit(matrix / max(np.abs(matrix).max(), 1e-12), a[inside], b[inside])


def support(
    matrix: NDArray[np.float64],
    a: NDArray[np.float32],
    b: NDArray[np.float32],
    aspects: tuple[float, float],
    tolerance: float,
) -> int:
    """How many point pairs agree with a given homography; arguments as for `homography`."""
    apart = (carry(matrix, np.asarray(a, np.float64)) - b) * _pixels(aspects[1])
    with np.errstate(invalid="ignore"):
        return int((np.linalg.norm(apart, axis=1) <= tolerance).sum())


def inverse(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """The homography from b to a, scaled like every other so that its last entry is 1."""
    back = np.asarray(np.linalg.inv(matrix), np.float64)
    return back / back[2, 2] if abs(back[2, 2]) > 1e-9 else back


def carry(matrix: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points brought through a homography, (k, 2); points behind the picture become NaN."""
    rows = np.c_[points, np.ones(len(points))] @ matrix.T
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(rows[:, 2:] > 1e-9, rows[:, :2] / rows[:, 2:], np.nan)


def carry_box(matrix: NDArray[np.float64], box: Box) -> Box | None:
    """The box around a box brought through a homography, cut at the picture's edges; None when outside."""
    corners = carry(matrix, np.array(box.corners))
    if not np.all(np.isfinite(corners)):
        return None
    return Box.around([(float(x), float(y)) for x, y in corners])


def shared_boxes(matrix: NDArray[np.float64]) -> tuple[Box, Box] | None:
    """The part of a that b shows, and the part of b that a shows; None when they do not meet."""
    there = carry_box(matrix, WHOLE)
    back = carry_box(inverse(matrix), WHOLE)
    return (back, there) if back and there else None


def plausible(matrix: NDArray[np.float64], largest: float) -> bool:
    """Whether a homography is one that a camera or an editor makes: no fold, no collapse, no wild stretch.

    Args:
        matrix: (3, 3), fractions.
        largest: the largest factor between the areas of a part of a and of the same part of b.
    """
    corners = carry(matrix, np.array(WHOLE.corners))
    if not np.all(np.isfinite(corners)) or abs(np.linalg.det(matrix)) < 1e-9:
        return False
    sides = np.roll(corners, -1, axis=0) - corners
    after = np.roll(sides, -1, axis=0)
    turns = sides[:, 0] * after[:, 1] - sides[:, 1] * after[:, 0]
    convex = bool(np.all(turns > 0) or np.all(turns < 0))
    area = float(np.abs(turns).mean())
    return convex and 1 / largest <= area <= largest


def apart(one: NDArray[np.float64], two: NDArray[np.float64]) -> float:
    """How far apart two homographies carry a corner of the picture at most, in fractions of picture b."""
    corners = np.array(WHOLE.corners)
    far = np.abs(carry(one, corners) - carry(two, corners))
    return float(far.max()) if np.all(np.isfinite(far)) else float("inf")


def mirrors(matrix: NDArray[np.float64]) -> bool:
    """Whether a homography turns the picture inside out, as a mirror does."""
    # Where points stay in front of the picture, the map's orientation is everywhere the determinant's sign.
    return bool(np.linalg.det(matrix) < 0)


def mirrored(fit: Fit, *, deep: bool = False) -> Fit:
    """The fit to picture b itself, from the fit to b seen in a mirror; `deep` for a fundamental matrix."""
    b = fit.b.copy()
    b[:, 0] = 1 - b[:, 0]
    # A line l of the mirrored picture is the line M' l of the picture, for M = M^-1 the mirror.
    return Fit((MIRROR.T if deep else MIRROR) @ fit.matrix, fit.a, b)


def crowded(fit: Fit, area: float, shift: float) -> bool:
    """Whether the agreeing points are confined to a small part that lies at the same place of both pictures.

    Args:
        fit: the fit, points in fractions.
        area: share of the picture below which points are confined, 0 to 1.
        shift: fraction of the picture; points that moved less lie at the same place.
    """
    box_a, box_b = fit.boxes()
    spot = min(box_a.area, box_b.area)
    moved = float(np.median(np.abs(fit.a - fit.b).max(axis=1)))
    return spot < area / 10 or (spot < area and moved < shift)


def as_matrix(matrix: NDArray[np.float64]) -> Matrix:
    """Three rows of plain floats."""
    rows = [(float(row[0]), float(row[1]), float(row[2])) for row in matrix]
    return rows[0], rows[1], rows[2]


def _pixels(aspect: float) -> NDArray[np.float32]:
    wide, high = (FIT_SIDE, FIT_SIDE / aspect) if aspect >= 1 else (FIT_SIDE * aspect, FIT_SIDE)
    return np.array([wide, high], np.float32)


def _around(points: NDArray[np.float32]) -> Box:
    low, high = points.min(axis=0).clip(0, 1), points.max(axis=0).clip(0, 1)
    return Box(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))
