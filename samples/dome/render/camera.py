"""Pinhole cameras and the shake of a hand.

World: metres, x to the right, y away from the river, z up. Camera: x right, y down, z into the scene. A
hand that shakes turns the camera about its centre, so what it does to the picture is exactly a homography
of a wider still plate taken from the same place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MARGIN = 72  # pixels of plate around the picture, more than any shake reaches


@dataclass(frozen=True, eq=False)
class Camera:
    """A camera at rest. `rotation` takes world directions to camera directions; `focal` is in pixels."""

    centre: NDArray[np.float64]  # (3,), metres
    rotation: NDArray[np.float64]  # (3, 3)
    focal: float
    width: int
    height: int

    @property
    def intrinsics(self) -> NDArray[np.float64]:
        """(3, 3) pixels."""
        x, y = self.width / 2, self.height / 2
        return np.array([[self.focal, 0, x], [0, self.focal, y], [0, 0, 1.0]])

    def padded(self, margin: int = MARGIN) -> Camera:
        """The same camera with a wider picture around the same axis."""
        return replace(self, width=self.width + 2 * margin, height=self.height + 2 * margin)

    def resized(self, factor: float) -> Camera:
        """The same view with another number of pixels."""
        size = {"width": round(self.width * factor), "height": round(self.height * factor)}
        return replace(self, focal=self.focal * factor, **size)

    def project(self, points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """World points (N, 3) to pixels (N, 2) and depths (N,) in metres along the axis."""
        local = (np.asarray(points, float) - self.centre) @ self.rotation.T
        depth = local[:, 2]
        flat = local[:, :2] / depth[:, None] * self.focal
        return flat + np.array([self.width / 2, self.height / 2]), depth

    def rays(self) -> NDArray[np.float64]:
        """World directions (H, W, 3) through pixel centres, of length 1 along the axis."""
        x = (np.arange(self.width) + 0.5 - self.width / 2) / self.focal
        y = (np.arange(self.height) + 0.5 - self.height / 2) / self.focal
        right, down, ahead = self.rotation
        return x[None, :, None] * right + y[:, None, None] * down + ahead

    def matrix(self) -> NDArray[np.float64]:
        """(3, 4): world points to pixels."""
        outer = np.column_stack([self.rotation, -self.rotation @ self.centre])
        return self.intrinsics @ outer


def look(
    centre: tuple[float, float, float],
    target: tuple[float, float, float],
    across: float,
    size: tuple[int, int] = (1280, 720),
    roll: float = 0.0,
) -> Camera:
    """A camera at `centre` that sees `across` metres, edge to edge, at `target`; roll in degrees."""
    ahead = np.subtract(target, centre).astype(float)
    distance = np.linalg.norm(ahead)
    ahead /= distance
    right = np.cross(ahead, [0, 0, 1.0])
    right /= np.linalg.norm(right)
    down = np.cross(ahead, right)
    angle = np.deg2rad(roll)
    turned = np.cos(angle) * right + np.sin(angle) * down
    down = np.cos(angle) * down - np.sin(angle) * right
    rotation = np.stack([turned, down, ahead])
    return Camera(np.array(centre, float), rotation, size[0] * distance / across, *size)


class Shake:
    """A smooth random turning, from a seed; `pixels` is its usual size in the picture."""

    def __init__(self, seed: int, pixels: float, startled_at: float | None = None) -> None:
        """`startled_at` is a second after which the hand jumps for a moment."""
        rng = np.random.default_rng(seed)
        self.rates = rng.uniform([0.1, 0.5, 1.4, 3.0], [0.3, 1.1, 2.4, 5.0], (3, 4))
        self.phases = rng.uniform(0, 2 * np.pi, (3, 4))
        self.sizes = np.array([1.6, 0.7, 0.3, 0.12]) * pixels * np.array([[1.0], [0.8], [0.25]])
        self.startled_at = startled_at

    def offsets(self, time: float) -> NDArray[np.float64]:
        """(3,): to the right and down in pixels, and roll in pixels at 600 from the centre."""
        waves = np.sin(2 * np.pi * self.rates * time + self.phases)
        moved = (waves * self.sizes).sum(axis=1)
        if self.startled_at is not None and time > self.startled_at:
            since = time - self.startled_at
            moved += np.array([5.0, -9.0, 2.0]) * np.exp(-since / 0.35) * np.sin(2 * np.pi * 3.1 * since)
        return moved

    def homography(self, camera: Camera, time: float) -> NDArray[np.float64]:
        """(3, 3): pixels of the padded plate to pixels of the picture at `time`."""
        right, down, roll = self.offsets(time)
        yaw, pitch, turn = right / camera.focal, down / camera.focal, roll / 600
        about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
        about_x = np.array([[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]])
        about_z = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
        plate = camera.padded().intrinsics
        return camera.intrinsics @ about_z @ about_x @ about_y @ np.linalg.inv(plate)
