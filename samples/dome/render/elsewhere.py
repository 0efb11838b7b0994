"""Two places that have nothing to do with the dome: a street of glass and signs, and a gabled warehouse."""

from __future__ import annotations

import cv2
import numpy as np

from . import plate, smoke
from .camera import Shake, look
from .film import Label, Recorder
from .scene import Light, Scene, block, panel
from .takes import Take
from .textures import stains
from .tracing import Skin

STREET_SEED, WAREHOUSE_SEED = 77_001, 91_407
DENSITY = 30  # texture pixels a metre


def curtain_wall(
    rng: np.random.Generator, metres: tuple[float, float], tint: tuple[float, float, float]
) -> Skin:
    """A front of glass panes of uneven width, some offices lit, some blinds down."""
    width, height = (round(m * DENSITY) for m in metres)
    albedo = (
        np.full((height, width, 3), tint, np.float32)
        * np.clip(1 + 0.1 * stains(rng, height, width, 200, 6), 0.5, 1.5)[..., None]
    )
    glow = np.zeros_like(albedo)
    floor = round(3.3 * DENSITY)
    for top in range(0, height, floor):
        cv2.rectangle(albedo, (0, top), (width, top + 14), (0.3, 0.31, 0.33), -1)
        x = 0
        while x < width:
            pane = int(rng.integers(28, 95))
            area = slice(top + 16, top + floor - 3), slice(x + 3, min(width, x + pane - 2))
            albedo[area] *= rng.uniform(0.4, 1.7)
            if rng.random() < 0.38:
                cold = np.float32([rng.uniform(0.55, 0.9), rng.uniform(0.75, 0.95), 1.0]) * rng.uniform(
                    0.08, 0.5
                )
                glow[area] = cold
                blind = int(rng.uniform(0, 0.7) * floor)
                glow[top + 16 : top + 16 + blind : 4, area[1]] *= 0.3
                if rng.random() < 0.4:  # somebody's plant, shelf or chair
                    spot = (x + int(rng.integers(4, pane)), top + floor - 14)
                    cv2.ellipse(
                        glow,
                        spot,
                        (int(rng.integers(4, 12)), int(rng.integers(6, 26))),
                        0,
                        0,
                        360,
                        (0, 0, 0),
                        -1,
                    )
            albedo[top : top + floor, x : x + 3] = 0.22
            x += pane
    return Skin(albedo, glow)


def sign(rng: np.random.Generator, metres: tuple[float, float]) -> Skin:
    """A lit sign: a ground colour and glyph-like strokes that spell nothing."""
    width, height = (round(m * DENSITY * 1.6) for m in metres)
    ground = rng.uniform(0.02, 0.3, 3)
    glow = np.full((height, width, 3), ground, np.float32)
    ink = rng.uniform(0.2, 1.6, 3)
    cell = max(10, min(width, height))
    for x in range(0, width - cell // 2, int(cell * 0.8)):
        for y in range(0, height - cell // 2, int(cell * 0.8)):
            points = (rng.uniform(0.12, 0.7, (int(rng.integers(3, 7)), 2)) * cell + [x, y]).astype(np.int32)
            cv2.polylines(
                glow, [points], bool(rng.random() < 0.4), ink.tolist(), max(2, cell // 12), cv2.LINE_AA
            )
    return Skin(np.full_like(glow, 0.05), glow)


def street() -> Scene:
    """A shopping street at night, seen along its length."""
    rng = np.random.default_rng(STREET_SEED)
    parts = []
    for x, y0, y1, high in (
        (-13, 6, 24, 17),
        (-12, 26, 50, 23),
        (-14, 52, 90, 15),
        (26, 4, 20, 14),
        (25, 22, 47, 26),
        (27, 49, 95, 18),
    ):
        left = x < 0
        tint = tuple(rng.uniform(0.1, 0.26) * rng.uniform(0.85, 1.15, 3))
        side = curtain_wall(rng, (y1 - y0, high), tint)
        front = curtain_wall(rng, (14, high), tint)
        span = (x - 14, x) if left else (x, x + 14)
        parts += block((front, side, side), span, (y0, y1), (0, high))
        for _ in range(5):
            size = rng.uniform(1.6, 4.5), rng.uniform(0.8, 2.8)
            at = rng.uniform(y0, y1 - size[0]), rng.uniform(3.2, 10)
            skin = sign(rng, size)
            if left:
                parts.append(panel(skin, (x + 0.3, at[0], at[1]), (0, size[0], 0), (0, 0, -size[1])))
            else:
                parts.append(
                    panel(skin, (x - 0.3, at[0] + size[0], at[1]), (0, -size[0], 0), (0, 0, -size[1]))
                )
    parts += block(
        tuple(curtain_wall(rng, (50, 30), (0.1, 0.14, 0.2)) for _ in range(3)), (-20, 34), (110, 120), (0, 30)
    )
    asphalt = np.clip(1 + 0.2 * stains(rng, 1400, 700, 200, 3), 0.2, 2)[..., None] * np.float32(
        [0.1, 0.1, 0.105]
    )
    for x in (175, 345, 520):
        for y in range(0, 1400, 70):
            asphalt[y : y + 36, x : x + 6] = 0.45
    parts.append(panel(Skin(asphalt.astype(np.float32)), (-13, 112, 0), (40, 0, 0), (0, -130, 0)))
    lights = [Light((x, y, 7.5), (5.0, 5.2, 6.0), 7.0) for y in range(6, 100, 14) for x in (-9.5, 22.5)]
    return Scene(parts, lights, None, (0.006, 0.004, 0.010), (0.03, 0.012, 0.03))


class StreetTake(Take):
    """Cars come and go; one sign blinks."""

    def light(self, time: float) -> np.ndarray:
        """The still view and the traffic."""
        light = self._start(time)
        padded = self.still.camera.padded()
        for lane, speed, phase, colour in (
            (1.5, -9.0, 0.0, (5.0, 4.8, 4.2)),
            (1.5, -9.0, 31.0, (5.0, 4.8, 4.2)),
            (9.0, 7.0, 12.0, (2.4, 0.15, 0.1)),
            (14.0, 8.0, 50.0, (2.2, 0.15, 0.1)),
            (9.0, 7.0, 64.0, (2.4, 0.15, 0.1)),
        ):
            y = 4 + (phase + speed * time) % 96
            (left, right), far = padded.project(np.array([[lane, y, 0.7], [lane + 1.5, y, 0.7]]))
            for spot in (left, right):
                smoke.glow(light, spot, 7.0 * 40 / far[0], np.float32(colour))
                smoke.glow(light, spot, 30.0 * 40 / far[0], np.float32(colour) * 0.06)
        return light


def street_take() -> StreetTake:
    """The unrelated clip."""
    camera = look((5, -34, 3.2), (6.5, 30, 8.2), 52, roll=0.9)
    label = Label("staged - not real", "bottom left", 0.95, cv2.FONT_HERSHEY_PLAIN, 220)
    recorder = Recorder(camera, Shake(303, 4.0), 2.4, (1.02, 0.97, 1.05), 2.0, label, 3)
    return StreetTake(recorder, plate.night(street(), camera), seconds=8.0)


def warehouse() -> Scene:
    """A gabled warehouse of dark brick with loading doors, on grass."""
    rng = np.random.default_rng(WAREHOUSE_SEED)

    def bricks(metres: tuple[float, float]) -> np.ndarray:
        width, height = (round(m * 44) for m in metres)
        wall = np.clip(1 + 0.22 * stains(rng, height, width, 90, 2), 0.3, 1.8)
        for y in range(0, height, 9):
            wall[y] *= 0.55
            for x in range(int(rng.integers(0, 22)), width, 22):
                wall[y : y + 9, x : x + 20] *= rng.uniform(0.75, 1.2)
        return (wall[..., None] * np.float32([0.27, 0.17, 0.13])).astype(np.float32)

    front = bricks((20, 15))
    height, width = front.shape[:2]
    spots = [(x, y) for y in range(270, height - 120, 150) for x in range(40, width - 110, 118)]
    for left, top in spots:  # no two openings alike
        w, h = int(rng.integers(26, 64)), int(rng.integers(36, 92))
        x, y = left + int(rng.integers(-14, 24)), top + int(rng.integers(-22, 22))
        cv2.ellipse(front, (x + w // 2, y), (w // 2 + 5, 16), 0, 180, 360, (0.5, 0.45, 0.4), -1)
        cv2.rectangle(
            front, (x, y), (x + w, y + h), (rng.uniform(0.03, 0.3) * rng.uniform(0.7, 1.3, 3)).tolist(), -1
        )
        cv2.line(front, (x, y + h // 2), (x + w, y + h // 2), (0.55, 0.55, 0.5), 3)
        cv2.line(front, (x + w // 3, y), (x + w // 3, y + h), (0.55, 0.55, 0.5), 3)
    rows, cols = np.mgrid[0:height, 0:width]
    gable = (rows > np.abs(cols - width / 2) * 0.62).astype(np.float32)
    parts = [panel(Skin(front, None, gable), (-10, 0, 15), (20, 0, 0), (0, 0, -15))]
    parts.append(panel(Skin(bricks((26, 9))), (10, 0, 8.8), (0, 26, 0), (0, 0, -8.8)))
    tiles = (
        np.clip(1 + 0.35 * stains(rng, 400, 900, 40, 2), 0.2, 2)[..., None] * np.float32([0.2, 0.09, 0.06])
    ).astype(np.float32)
    parts.append(panel(Skin(tiles), (0, 0, 15), (0, 26, 0), (10.6, 0, -6.6)))
    grass = (
        np.clip(1 + 0.4 * stains(rng, 700, 900, 60, 2), 0.2, 2)[..., None] * np.float32([0.12, 0.17, 0.05])
    ).astype(np.float32)
    parts.append(panel(Skin(grass), (-70, 90, 0), (140, 0, 0), (0, -130, 0)))
    return Scene(parts, [])
