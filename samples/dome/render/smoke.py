"""Smoke as many soft puffs that rise, spread and thin out; flames; sparks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from .textures import stains

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .camera import Camera
    from .plate import Plate

COARSE = 4  # smoke is soft: it is drawn at a quarter of the size


@dataclass(frozen=True)
class Plume:
    """Smoke from one place. Rates are puffs a second, speeds metres a second, sizes metres."""

    seed: int
    source: tuple[float, float, float]
    begin: float  # seconds
    end: float
    rate: float
    rise: float
    wind: float  # along world x
    size: float
    growth: float  # metres of radius a second
    life: float  # seconds in which a puff thins to a third
    density: float
    burst: float = 0.0  # metres: how far the first puffs are thrown

    def density_at(self, camera: Camera, time: float) -> NDArray[np.float32]:
        """Optical depth (H, W) over the padded plate at `time`."""
        padded = camera.padded()
        shape = padded.height // COARSE, padded.width // COARSE
        total = np.zeros(shape, np.float32)
        rng = np.random.default_rng(self.seed)
        count = max(1, int((self.end - self.begin) * self.rate))
        births = np.linspace(self.begin, self.end, count, endpoint=False)
        traits = rng.standard_normal((count, 6))
        for birth, trait in zip(births, traits, strict=True):
            age = time - birth
            if not 0 < age < 3 * self.life:
                continue
            spread = self.burst * (1 - np.exp(-age / 0.25)) * np.exp(-(birth - self.begin))
            wobble = 0.35 * np.sin(1.3 * age + 3 * trait[5])
            drift = self.wind * age * (1 + 0.12 * trait[0]) + 0.3 * self.size * trait[1]
            moved = (
                drift + spread * trait[3] + wobble,
                0.3 * self.size * trait[2],
                self.rise * (age**0.85) * (1 + 0.1 * trait[3]) + spread * trait[4],
            )
            place = np.array(self.source) + np.array(moved)
            (spot,), (far,) = padded.project(place[None])
            radius = (self.size + self.growth * age**0.8) * (1 + 0.2 * trait[4]) * padded.focal / far / COARSE
            weight = self.density * np.exp(-age / self.life) * min(1.0, age / 0.3)
            _stamp(total, spot / COARSE, max(2.0, radius), float(weight), int(abs(trait[5]) * 97) % 8)
        return cv2.resize(total, (padded.width, padded.height), interpolation=cv2.INTER_LINEAR)


def veil(
    light: NDArray[np.float32],
    plate: Plate,
    density: NDArray[np.float32],
    depth: float,
    colour: NDArray[np.float32],
) -> None:
    """Lay smoke at `depth` metres into `light`, in place, behind what is nearer; colour (3,) or (H, W, 3)."""
    box = cv2.boundingRect((density > 0.01).astype(np.uint8))
    if not box[2]:
        return
    window = slice(box[1], box[1] + box[3]), slice(box[0], box[0] + box[2])
    free = cv2.GaussianBlur((plate.depth[window] > depth).astype(np.float32), (3, 3), 0)
    cover = ((1 - np.exp(-density[window])) * free)[..., None]
    tint = colour[window] if colour.ndim == 3 else colour
    light[window] = light[window] * (1 - cover) + cover * tint


def glow(
    light: NDArray[np.float32], spot: NDArray[np.float64], radius: float, colour: NDArray[np.float32]
) -> None:
    """Add a soft round light of `radius` pixels, in place."""
    reach = int(radius * 4)
    x0, y0 = int(spot[0]) - reach, int(spot[1]) - reach
    x1, y1 = x0 + 2 * reach + 1, y0 + 2 * reach + 1
    left, top, right, low = max(0, x0), max(0, y0), min(light.shape[1], x1), min(light.shape[0], y1)
    if left >= right or top >= low:
        return
    y, x = np.mgrid[top:low, left:right].astype(np.float32)
    squared = ((x - spot[0]) ** 2 + (y - spot[1]) ** 2) / radius**2
    light[top:low, left:right] += np.exp(-squared)[..., None] * colour


def sparks(
    light: NDArray[np.float32], camera: Camera, source: tuple[float, float, float], since: float
) -> None:
    """Burning bits thrown out of `source`, `since` seconds ago, drawn in place."""
    rng = np.random.default_rng(7)
    padded = camera.padded()
    speeds = rng.normal(0, 1, (36, 3)) * [5.0, 2.0, 4.0] + [0.5, 0, 3.5]
    lives = rng.uniform(0.3, 1.4, 36)
    for speed, life in zip(speeds, lives, strict=True):
        if not 0 <= since < life:
            continue
        ends = [np.array(source) + speed * t + [0, 0, -4.9 * t * t] for t in (max(0.0, since - 0.04), since)]
        spots, _ = padded.project(np.array(ends))
        heat = 3.0 * (1 - since / life)
        a, b = (tuple(np.round(spot).astype(int).tolist()) for spot in spots)
        cv2.line(light, a, b, (heat, heat * 0.5, heat * 0.15), 1, cv2.LINE_AA)


@cache
def _puffs() -> tuple[NDArray[np.float32], ...]:
    rng = np.random.default_rng(11)
    y, x = np.mgrid[-1:1:96j, -1:1:96j].astype(np.float32)
    round_off = np.clip(1 - (x * x + y * y), 0, 1) ** 1.5
    return tuple(
        (round_off * np.clip(0.55 + 0.6 * stains(rng, 96, 96, 32, 5), 0, 2)).astype(np.float32)
        for _ in range(8)
    )


def _stamp(
    total: NDArray[np.float32], spot: NDArray[np.float64], radius: float, weight: float, kind: int
) -> None:
    side = int(np.ceil(radius * 2))
    puff = cv2.resize(_puffs()[kind], (side, side), interpolation=cv2.INTER_AREA) * weight
    x, y = round(spot[0] - radius), round(spot[1] - radius)
    left, top = max(0, x), max(0, y)
    right, low = min(total.shape[1], x + side), min(total.shape[0], y + side)
    if left < right and top < low:
        total[top:low, left:right] += puff[top - y : low - y, left - x : right - x]
