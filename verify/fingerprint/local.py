"""Local features: small patches that are found again when the picture is cropped, turned or covered.

Each patch is described by RootSIFT: the SIFT descriptor of D. Lowe ("Distinctive image features from
scale-invariant keypoints", IJCV 2004), divided by its sum and square-rooted (Arandjelovic and Zisserman,
"Three things everyone should know to improve object retrieval", CVPR 2012), so that a dot product
compares two patches. Whole-picture hashes fail on strong crops, insets, turned pictures and pictures
filmed off a screen; local features find them, and say which part of one picture lies where in the other.

A mirrored picture is searched without extracting again: seen in a mirror, a patch keeps its columns, its
rows change order, and every gradient angle changes sign, so that its descriptor is a fixed permutation of
the plain one.

Limits: pictures without texture (night sky, fog, flat colour, strong blur) give few points or none;
repeated patterns (windows, fences) give points that fit in several places. Matching patches show the same
scene or the same printed or burned-in graphics; they do not show the same recording.

Error rates: those of what is built on them; see geometry.register.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAME = "rootsift/1"

_SCALE = 512.0  # a unit vector's entries stay below 0.5 in practice; kept as bytes in steps of 1/512


def _mirror_order() -> NDArray[np.intp]:
    row, column, angle = np.meshgrid(np.arange(4), np.arange(4), np.arange(8), indexing="ij")
    return np.asarray(((3 - row) * 4 + column) * 8 + (-angle) % 8).ravel()


MIRROR = _mirror_order()


@dataclass(frozen=True, eq=False, slots=True)
class Points:
    """Local features of one displayed picture, strongest first."""

    xy: NDArray[np.float32]  # (m, 2) fractions of the displayed picture
    descriptors: NDArray[np.uint8]  # (m, 128) RootSIFT x 512

    def __len__(self) -> int:
        """How many points there are."""
        return len(self.xy)

    def vectors(self) -> NDArray[np.float32]:
        """Unit vectors, (m, 128) float32: a dot product of two is 1 for equal patches."""
        rows = self.descriptors.astype(np.float32)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.maximum(norms, 1.0), np.float32)

    def mirrored(self) -> Points:
        """The points as they would be found in the picture seen in a mirror."""
        xy = self.xy.copy()
        xy[:, 0] = 1 - xy[:, 0]
        return Points(xy, self.descriptors[:, MIRROR])

    def outside(self, mask: NDArray[np.bool_]) -> Points:
        """The points that do not lie on the mask, an (H, W) map of the displayed picture."""
        height, width = mask.shape
        columns = np.clip((self.xy[:, 0] * width).astype(int), 0, width - 1)
        rows = np.clip((self.xy[:, 1] * height).astype(int), 0, height - 1)
        keep = ~mask[rows, columns]
        return Points(self.xy[keep], self.descriptors[keep])

    def strongest(self, count: int) -> Points:
        """The first `count` points."""
        return Points(self.xy[:count], self.descriptors[:count])


NOTHING = Points(np.empty((0, 2), np.float32), np.empty((0, 128), np.uint8))


def features(luma: NDArray[np.uint8], count: int, contrast: float) -> Points:
    """Up to `count` local features of a picture.

    Args:
        luma: (H, W) uint8, 0-255, as displayed.
        count: how many points to keep, by their strength.
        contrast: SIFT's contrast threshold, 0 to 1; lower finds points in darker and flatter pictures.
    """
    height, width = luma.shape
    finder = cv2.SIFT.create(nfeatures=count, contrastThreshold=contrast)
    spots, raw = finder.detectAndCompute(np.ascontiguousarray(luma), None)
    if raw is None or not spots:
        return NOTHING
    order = np.argsort([-spot.response for spot in spots], kind="stable")[:count]
    xy = np.array([spots[index].pt for index in order], np.float32)
    xy = np.asarray((xy + 0.5) / (width, height), np.float32)
    rows = raw[order]
    roots = np.sqrt(rows / np.maximum(rows.sum(axis=1, keepdims=True), 1e-6))
    return Points(xy, np.minimum(roots * _SCALE + 0.5, 255).astype(np.uint8))
