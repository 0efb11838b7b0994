"""The two figures who climb the dome with torches, and what they do when.

They stand on the dome's surface in the world and are drawn as limbs in the picture, behind whatever stands
nearer than they do. They are a little over life size, so that they can be told in a 720-line picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from .scene import DOME_CENTRE, DOME_HEIGHT, DOME_RADIUS, PARAPET_TOP
from .smoke import glow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .plate import Plate

HEIGHT = 2.4  # metres
FINE = 4  # limbs are drawn this much larger and averaged down


@dataclass(frozen=True)
class Climber:
    """One figure's way over the dome; a height angle under 0 is behind the parapet."""

    times: tuple[float, ...]
    azimuths: tuple[float, ...]  # degrees; -90 faces the river
    heights: tuple[float, ...]  # degrees
    crouch: tuple[float, float]  # seconds between which the figure stays down
    coat: tuple[float, float, float]
    gait: float  # steps a second

    def place(self, time: float) -> NDArray[np.float64]:
        """Where the feet are, world metres."""
        azimuth = np.deg2rad(np.interp(time, self.times, self.azimuths))
        height = float(np.interp(time, self.times, self.heights))
        angle = np.deg2rad(max(0.0, height))
        sunk = min(0.0, height) * 0.26  # metres a degree: the gutter behind the parapet
        ring = DOME_RADIUS * np.cos(angle) + (0.3 if height <= 0 else 0.0)
        up = DOME_HEIGHT * np.sin(angle) + sunk
        return DOME_CENTRE + np.array([ring * np.cos(azimuth), ring * np.sin(azimuth), up])

    def moving(self, time: float) -> bool:
        """Whether the figure is walking."""
        return bool(np.linalg.norm(self.place(time + 0.04) - self.place(time)) > 0.004)


CLIMBERS = (
    Climber(
        (0.4, 1.3, 6.0, 9.1, 11.2, 11.7),
        (-122, -121, -97, -97, -112, -113),
        (-9, 1, 38, 38, 2, -9),
        (6.05, 9.0),
        (0.5, 0.13, 0.06),
        1.9,
    ),
    Climber(
        (1.2, 2.1, 6.3, 9.3, 11.1, 11.6),
        (-138, -137, -117, -117, -134, -135),
        (-9, 1, 28, 28, 2, -9),
        (6.3, 9.2),
        (0.12, 0.16, 0.42),
        2.2,
    ),
)


def draw(
    light: NDArray[np.float32], plate: Plate, time: float, lit: float
) -> list[tuple[float, float, float, float]]:
    """Draw the figures in place, `lit` by so much light; their boxes, plate pixels x0, y0, x1, y1."""
    boxes, drawn = [], []
    for number, climber in enumerate(CLIMBERS):
        foot = climber.place(time)
        (spot,), (far,) = plate.camera.padded().project(foot[None])
        scale = plate.camera.focal / far
        mask, colour, hand = _figure(climber, time, scale, number)
        reach = mask.shape[1] // 2
        x0, y0 = round(spot[0]) - reach, round(spot[1]) - mask.shape[0] + 8
        window = slice(y0, y0 + mask.shape[0]), slice(x0, x0 + mask.shape[1])
        # What is below the parapet's rim hides a figure in the gutter behind it.
        free = (plate.depth > far - 0.35) & (plate.place[..., 2] > PARAPET_TOP - 0.05)
        mask *= free[window]
        lamp = spot[:2] + hand
        shines = bool(free[int(lamp[1]), int(lamp[0])])
        drawn.append((window, mask[..., None], colour, lamp, scale, shines))
        if shines:
            _torchlight(light, plate, lamp, scale, number, time)
        rows, cols = np.nonzero(mask > 0.5)
        if len(rows) >= 40:
            boxes.append((x0 + cols.min(), y0 + rows.min(), x0 + cols.max() + 1.0, y0 + rows.max() + 1.0))
    # Every torch has lit the roof by now; a figure drawn before that would be lit like the roof behind it.
    for window, mask, colour, lamp, scale, shines in drawn:
        light[window] = light[window] * (1 - mask) + mask * colour * lit
        if shines:
            glow(light, lamp, 0.1 * scale, np.float32([6.0, 5.2, 4.0]))
            glow(light, lamp, 0.4 * scale, np.float32([0.6, 0.48, 0.32]))
    return boxes


def _torchlight(
    light: NDArray[np.float32],
    plate: Plate,
    lamp: NDArray[np.float64],
    scale: float,
    number: int,
    time: float,
) -> None:
    flicker = 1 + 0.12 * np.sin(17 * time + number) * np.sin(5.3 * time)
    reach = int(5 * scale)
    x, y = int(lamp[0]), int(lamp[1])
    window = slice(max(0, y - reach), y + reach), slice(max(0, x - reach), x + reach)
    rows = np.arange(window[0].start, min(window[0].stop, light.shape[0]), dtype=np.float32)[:, None]
    cols = np.arange(window[1].start, min(window[1].stop, light.shape[1]), dtype=np.float32)[None]
    squared = ((cols - lamp[0]) ** 2 + (rows - lamp[1] - 0.5 * scale) ** 2) / (1.5 * scale) ** 2
    light[window] += (
        plate.albedo[window] * (np.exp(-squared) * flicker)[..., None] * np.float32([1.3, 1.05, 0.7])
    )


def _figure(
    climber: Climber, time: float, scale: float, number: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float64]]:
    """Coverage (h, w), colour (h, w, 3) and the torch's place from the feet in pixels."""
    start, stop = climber.crouch
    down = float(np.interp(time, [start - 0.35, start, stop, stop + 0.35], [0, 1, 1, 0]))
    step = np.sin(2 * np.pi * climber.gait * time + number) if climber.moving(time) else 0.25
    unit = HEIGHT * scale * FINE
    size = int(HEIGHT * scale * 1.3), int(HEIGHT * scale * 1.25) + 8
    origin = np.array([size[0] // 2 * FINE, (size[1] - 8) * FINE], float)

    def at(x: float, y: float) -> NDArray[np.float64]:
        return np.array([x, -y]) * unit

    hip = at(0.0, 0.5 - 0.27 * down)
    neck = hip + at(0.05 + 0.13 * down, 0.3 - 0.07 * down)
    head = neck + at(0.03 + 0.03 * down, 0.1 - 0.03 * down)
    feet = [at(0.1 * step, max(0.0, step) * 0.07), at(-0.1 * step - 0.03, max(0.0, -step) * 0.07)]
    knees = [(hip + foot) / 2 + at(0.07 + 0.1 * down, 0.02 + 0.04 * down) for foot in feet]
    elbow = neck + at(0.12, -0.1 + 0.02 * step)
    hand = elbow + at(0.1 - 0.02 * down, 0.1 - 0.06 * down + 0.03 * step)
    other = (
        neck + at(-0.1 - 0.05 * step, -0.14),
        neck + at(-0.06 - 0.12 * step + 0.16 * down, -0.27 + 0.1 * down),
    )
    mask = np.zeros((size[1] * FINE, size[0] * FINE), np.float32)
    colour = np.zeros((*mask.shape, 3), np.float32)

    def limb(points: list[NDArray[np.float64]], thick: float, shade: tuple[float, float, float]) -> None:
        line = np.round(np.array(points) + origin).astype(np.int32)
        cv2.polylines(mask, [line], False, 1.0, max(1, int(thick * unit)))
        cv2.polylines(colour, [line], False, shade, max(1, int(thick * unit)))

    trousers, skin, strip = (0.05, 0.05, 0.07), (0.5, 0.32, 0.22), (0.75, 0.75, 0.6)
    for knee, foot in zip(knees, feet, strict=True):
        limb([hip, knee, foot], 0.075, trousers)
        limb([foot, foot + at(0.05, 0.0)], 0.05, (0.02, 0.02, 0.02))
    limb([hip, neck], 0.16, climber.coat)
    limb([neck, *other], 0.055, climber.coat)
    limb([neck, elbow, hand], 0.055, climber.coat)
    limb([(hip + neck) / 2 + at(-0.08, 0), (hip + neck) / 2 + at(0.08, 0)], 0.03, strip)
    limb([head, head + at(0, 0.015)], 0.115, skin)
    limb([head + at(-0.03, 0.05), head + at(0.03, 0.05)], 0.06, (0.08, 0.07, 0.06))
    mask = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    colour = cv2.resize(colour, size, interpolation=cv2.INTER_AREA) / np.maximum(mask, 1e-3)[..., None]
    return mask, colour, hand / FINE
