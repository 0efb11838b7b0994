"""The flag on the pole: a cloth cut into strips, each a plane of its own, waving in one wind."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from .scene import DOME_CENTRE, FLAG, POLE_TOP

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .plate import Plate

STRIPS = 14


def draw(light: NDArray[np.float32], plate: Plate, time: float, lit: float = 0.5) -> None:
    """Draw the flag in place, at `time` seconds."""
    share = np.linspace(0, 1, STRIPS + 1)
    phase = 5.5 * share - 6.8 * time
    x = DOME_CENTRE[0] + 0.1 + FLAG[0] * share * (0.93 + 0.02 * np.sin(1.7 * time))
    y = DOME_CENTRE[1] + 0.55 * share * np.sin(phase)
    sag = 0.28 * share * np.sin(phase * 0.8 + 1) - 0.35 * share**2
    tops = np.stack([x, y, POLE_TOP - 0.15 + sag], axis=1)
    edge, _ = plate.camera.padded().project(np.concatenate([tops, tops - [0, 0, FLAG[1]]]))
    low = np.floor(edge.min(axis=0)).astype(int) - 2
    high = np.ceil(edge.max(axis=0)).astype(int) + 2
    window = slice(low[1], high[1]), slice(low[0], high[0])
    size = int(high[0] - low[0]), int(high[1] - low[1])
    cloth, patch, cover = (
        _cloth(),
        np.zeros((size[1], size[0], 3), np.float32),
        np.zeros(size[::-1], np.float32),
    )
    step = cloth.shape[1] // STRIPS
    for k in range(STRIPS):
        corners = edge[[k, k + 1, STRIPS + 2 + k, STRIPS + 1 + k]] - low
        strip = cloth[:, k * step : (k + 1) * step]
        source = np.float32([[0, 0], [step, 0], [step, strip.shape[0]], [0, strip.shape[0]]])
        matrix = cv2.getPerspectiveTransform(source, corners.astype(np.float32))
        shade = 0.8 + 0.35 * np.cos(phase[k])
        drawn = cv2.warpPerspective(strip, matrix, size, flags=cv2.INTER_AREA)
        alpha = cv2.warpPerspective(np.ones(strip.shape[:2], np.float32), matrix, size)
        patch = patch * (1 - alpha[..., None]) + drawn * shade
        cover = np.maximum(cover, alpha)
    light[window] = light[window] * (1 - cover[..., None]) + patch * lit


@cache
def _cloth() -> NDArray[np.float32]:
    cloth = np.empty((84, STRIPS * 10, 3), np.float32)
    cloth[:42], cloth[42:] = (0.36, 0.05, 0.16), (0.62, 0.6, 0.52)
    cv2.circle(cloth, (52, 42), 22, (0.1, 0.3, 0.26), -1, cv2.LINE_AA)
    cv2.circle(cloth, (52, 42), 14, (0.72, 0.55, 0.14), -1, cv2.LINE_AA)
    return cloth
