"""From linear light to the 8-bit picture that a phone keeps: shake, exposure, sensor noise, label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from .camera import Camera, Shake

RATE = 25  # frames a second of the clips that were not re-filmed


@dataclass(frozen=True)
class Label:
    """The words that mark a picture as staged: where, how large, in which of OpenCV's letterings."""

    text: str
    corner: str  # "top left", "top right", "bottom left", "bottom right"
    size: float
    font: int
    shade: int = 200

    def write(self, picture: NDArray[np.uint8]) -> None:
        """Write them into `picture`, in place."""
        height, width = picture.shape[:2]
        (w, h), _ = cv2.getTextSize(self.text, self.font, self.size, 1)
        x = 10 if "left" in self.corner else width - w - 10
        y = h + 10 if "top" in self.corner else height - 12
        cv2.putText(picture, self.text, (x, y), self.font, self.size, (self.shade,) * 3, 1, cv2.LINE_AA)


@dataclass(frozen=True, eq=False)
class Recorder:
    """One camera in one hand. `gain` is the exposure; `grain` the noise's deviation in 8-bit steps."""

    camera: Camera
    shake: Shake
    gain: float
    tint: tuple[float, float, float]
    grain: float
    label: Label
    seed: int

    def expose(
        self, light: NDArray[np.float32], time: float, gain: Callable[[float], float] = lambda _: 1.0
    ) -> NDArray[np.uint8]:
        """The picture at `time` from the plate's light, (H, W, 3) uint8 RGB."""
        camera = self.camera
        matrix = self.shake.homography(camera, time)
        framed = cv2.warpPerspective(light, matrix, (camera.width, camera.height), flags=cv2.INTER_LINEAR)
        picture = developed(framed * (np.float32(self.tint) * np.float32(self.gain * gain(time))))
        rng = np.random.default_rng([self.seed, round(time * 1000)])
        # A coarse and a fine part, as demosaicing leaves noise; drawn once, rolled every frame.
        fine, coarse = (
            np.roll(n, tuple(rng.integers(0, 700, 2)), (0, 1)) for n in _grain(camera.height, camera.width)
        )
        strength = self.grain * (0.6 + 0.5 * (picture.mean(axis=2, keepdims=True) / 160))
        noisy = picture + strength * (fine[..., None] + coarse)
        shown = np.clip(noisy + 0.5, 0, 255).astype(np.uint8)
        self.label.write(shown)
        return shown


def developed(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """Linear light to 0-255 through a soft shoulder and a display's gamma."""
    return 255 * cv2.pow(1 - cv2.exp(-np.maximum(light, 0)), 1 / 2.2)


_GRAINS: dict[tuple[int, int], tuple[NDArray[np.float32], NDArray[np.float32]]] = {}


def _grain(height: int, width: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    if (height, width) not in _GRAINS:
        rng = np.random.default_rng(5)
        fine = rng.standard_normal((height, width)).astype(np.float32)
        small = rng.standard_normal((height // 2 + 1, width // 2 + 1, 3)).astype(np.float32)
        coarse = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR) * np.float32(0.5)
        _GRAINS[height, width] = fine, coarse
    return _GRAINS[height, width]
