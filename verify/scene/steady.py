"""Hand shake taken out: each frame of a stretch is laid on the stretch's first frame.

Corners of the first frame (Shi and Tomasi, "Good features to track", CVPR 1994,
doi:10.1109/CVPR.1994.323794) are followed into each frame with pyramids (J.-Y. Bouguet, "Pyramidal
implementation of the Lucas Kanade feature tracker", Intel 2000), and an affine map is fitted to them with
RANSAC (Fischler and Bolles 1981, doi:10.1145/358669.358692), so that corners on moving things do not count.
Every frame is followed from the first one, so nothing adds up.

Limits: an affine map holds for a camera that stays in its place and turns a little. Where the camera walks,
near and far things move differently, and no map of the whole picture can hold; such stretches are left out
and named. A picture with almost no corners is taken to come from a camera that stands still.

Error rates: not measured by itself; see scene.differences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify.settings import SceneSettings

STILL_CAMERA = np.array([[1, 0, 0], [0, 1, 0]], np.float64)
_WINDOW = (21, 21)
_UNTIL = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 12, 0.03)


class Anchor:
    """The first frame of a stretch, and where its corners go."""

    def __init__(self, luma: NDArray[np.uint8], settings: SceneSettings) -> None:
        """Find the corners of a frame, (h, w) uint8."""
        self._settings = settings
        self._luma = _calm(luma)
        self._guess = STILL_CAMERA
        self._edges = slope(self._luma) >= settings.still_slope
        self._corners = _spread_corners(self._luma, settings.corners)
        self.blind = len(self._corners) < settings.corners_least

    def locate(self, luma: NDArray[np.uint8]) -> NDArray[np.float64] | None:
        """The (2, 3) map from the first frame's pixels to this frame's; None for another view."""
        if self.blind:
            return STILL_CAMERA
        fitted = self._fitted(luma)
        return fitted if fitted is not None else self._unmoved(luma)

    def _fitted(self, luma: NDArray[np.uint8]) -> NDArray[np.float64] | None:
        expected = cv2.transform(self._corners, self._guess).astype(np.float32)
        moved, found, _ = cv2.calcOpticalFlowPyrLK(
            self._luma,
            _calm(luma),
            self._corners,
            expected,
            winSize=_WINDOW,
            maxLevel=3,
            criteria=_UNTIL,
            flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
        )
        kept = found.ravel() > 0
        if kept.sum() < self._settings.corners_least:
            return None
        here, there = self._corners[kept], moved[kept]
        affine, inliers = cv2.estimateAffine2D(
            here, there, ransacReprojThreshold=1.0, maxIters=300, confidence=0.99
        )
        if affine is None or not _plausible(affine):
            return None
        # A person who fills the picture offers more corners than the wall behind a camera on a tripod.
        unmoved = int((np.abs(there - here).max(axis=(1, 2)) <= 0.5).sum())
        agreeing = int(inliers.sum())
        if unmoved >= self._settings.corners_still * agreeing:
            affine, agreeing = STILL_CAMERA, max(unmoved, agreeing)
        if agreeing < max(self._settings.corners_least, self._settings.corners_agree * len(self._corners)):
            return None
        self._guess = np.asarray(affine, np.float64)
        return self._guess

    def _unmoved(self, luma: NDArray[np.uint8]) -> NDArray[np.float64] | None:
        """A still camera or the last known map, if enough edges lie there: something large is in front."""
        calm = _calm(luma)
        for guess in (STILL_CAMERA, self._guess):
            away = np.abs(laid_back(calm, guess).astype(np.int16) - self._luma)[self._edges]
            if len(away) and (away <= self._settings.still_levels).mean() >= self._settings.still_edges:
                return guess
        return None

    def covered(self, affine: NDArray[np.float64]) -> float:
        """Share of the first frame that is seen in the frame with this map, 0 to 1."""
        height, width = self._luma.shape
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        there = cv2.transform(corners[None], affine)[0].astype(np.float32)
        area, _ = cv2.intersectConvexConvex(corners, there)
        return float(area / max(1.0, abs(cv2.contourArea(there))))


def laid_back(luma: NDArray[np.uint8], affine: NDArray[np.float64]) -> NDArray[np.uint8]:
    """A frame as the stretch's first one would show it, (h, w) uint8; edges repeated where unseen."""
    if np.allclose(affine, STILL_CAMERA, atol=1e-4):
        return luma
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = luma.shape[1], luma.shape[0]
    return np.asarray(cv2.warpAffine(luma, affine, size, flags=flags, borderMode=cv2.BORDER_REPLICATE))


def seen(affine: NDArray[np.float64], shape: tuple[int, int], margin: int) -> NDArray[np.bool_]:
    """(h, w) mask of the first frame's pixels that the frame shows, less a margin in pixels."""
    height, width = shape
    inside = np.zeros((height, width), np.uint8)
    inside[margin : height - margin, margin : width - margin] = 1
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(inside, affine, (width, height), flags=flags)) > 0


def slope(luma: NDArray[np.uint8] | NDArray[np.float32]) -> NDArray[np.float32]:
    """Steepness of brightness, (h, w) float32, grey levels a pixel."""
    across = cv2.Sobel(luma, cv2.CV_32F, 1, 0, ksize=3, scale=0.125)
    down = cv2.Sobel(luma, cv2.CV_32F, 0, 1, ksize=3, scale=0.125)
    return np.asarray(cv2.magnitude(across, down), np.float32)


def _spread_corners(luma: NDArray[np.uint8], count: int) -> NDArray[np.float32]:
    """Corners from all over the picture, (k, 1, 2): the best few of each tile."""
    found = cv2.goodFeaturesToTrack(luma, 6 * count, 0.002, 6)
    if found is None:
        return np.empty((0, 1, 2), np.float32)
    tiles = (found[:, 0] * np.array([10 / luma.shape[1], 6 / luma.shape[0]])).astype(int)
    number = tiles[:, 1] * 10 + tiles[:, 0]
    order = np.argsort(number, kind="stable")  # the strongest stay first in their tile
    rank = np.arange(len(order)) - np.searchsorted(number[order], number[order])
    return np.ascontiguousarray(found[np.sort(order[rank < -(-count // 60)])], np.float32)


def _calm(luma: NDArray[np.uint8]) -> NDArray[np.uint8]:
    # Sensor noise makes corners of its own, and they lead nowhere.
    return np.asarray(cv2.GaussianBlur(luma, (5, 5), 1.2))


def _plausible(affine: NDArray[np.float64]) -> bool:
    scale = float(np.linalg.det(affine[:, :2]))
    return 0.7 < scale < 1.4
