"""The old town across the river: a palace with a green dome, two towers, a wall, trees, and houses behind.

Sizes are in metres; the origin is the foot of the palace front below the dome. Nothing is to the scale of any
real building.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import textures
from .tracing import Panel, Round, Skin, Surface

SEED = 20230503
WATER = -3.0

DOME_CENTRE = np.array([0.0, 9.0, 13.0])
DOME_RADIUS, DOME_HEIGHT = 6.0, 5.7
DRUM_RADIUS, DRUM_FOOT = 6.3, 9.0
PARAPET_RADIUS, PARAPET_TOP = 6.9, 13.55
LANTERN_TOP = 20.3
POLE_TOP = 25.0
FLAG = (3.6, 2.1)  # metres, width and height

STONE, PLASTER, BRICK = (0.5, 0.46, 0.38), (0.55, 0.43, 0.2), (0.34, 0.14, 0.1)


@dataclass(frozen=True, eq=False)
class Light:
    """A lamp at `place`; `power` is what it gives at 1 m, linear RGB. `halo` pixels of glow in a picture."""

    place: tuple[float, float, float]
    power: tuple[float, float, float]
    halo: float = 0.0


@dataclass(frozen=True, eq=False)
class Scene:
    """Surfaces and lamps, and the height of the water (None: there is none)."""

    surfaces: list[Surface]
    lights: list[Light]
    water: float | None = None
    sky: tuple[float, float, float] = (0.004, 0.006, 0.012)  # at the zenith side
    horizon: tuple[float, float, float] = (0.024, 0.018, 0.016)


def panel(skin: Skin, corner: tuple[float, float, float], right: tuple, down: tuple) -> Panel:
    """A flat surface from plain tuples."""
    return Panel(skin, np.array(corner, float), np.array(right, float), np.array(down, float))


def block(skins: tuple[Skin, Skin, Skin], x: tuple, y: tuple, z: tuple) -> list[Surface]:
    """A box: front, left and right sides (the back and the underside are never seen), and a plain lid."""
    wide, deep, high = x[1] - x[0], y[1] - y[0], z[1] - z[0]
    lid = Skin(np.full((8, 8, 3), 0.12, np.float32))
    return [
        panel(skins[0], (x[0], y[0], z[1]), (wide, 0, 0), (0, 0, -high)),
        panel(skins[1], (x[0], y[1], z[1]), (0, -deep, 0), (0, 0, -high)),
        panel(skins[2], (x[1], y[0], z[1]), (0, deep, 0), (0, 0, -high)),
        panel(lid, (x[0], y[1], z[1]), (wide, 0, 0), (0, -deep, 0)),
    ]


def old_town(minute: int) -> Scene:
    """The scene, with the tower clock at two o'clock and `minute`; everything else is always the same."""
    rng = np.random.default_rng(SEED)
    surfaces = [*_palace(rng), *_dome(rng), *_behind(rng), *_front(rng), *_towers(rng, minute)]
    return Scene(surfaces, _lights(), WATER)


def _palace(rng: np.random.Generator) -> list[Surface]:
    sides = [textures.palace(rng, (16, 9.4), PLASTER) for _ in range(2)]
    parts = block((textures.palace(rng, (40, 9.4), PLASTER), *sides), (-20, 20), (0, 16), (0, 9.4))
    slope = textures.copper(rng, (42, 4.6), 60, (0.16, 0.25, 0.2))
    parts.append(panel(slope, (-20.6, 4.4, 11.0), (41.2, 0, 0), (0, -5.0, -1.75)))
    wall = textures.palace(rng, (9, 8.6), STONE, 2, 2.2, 0.5)
    cheeks = [Skin(textures.ashlar(rng, (2.2, 8.6), STONE, (0.9, 0.4))) for _ in range(2)]
    parts += block((wall, *cheeks), (-4.5, 4.5), (-2.2, 0), (0, 8.6))
    gable = textures.ashlar(rng, (10, 2.6), STONE, (0.8, 0.3))
    for _ in range(4):
        textures.relief(rng, gable, (120, 35, 160, 60))
    height, width = gable.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    gable[np.abs(np.abs(x - width / 2) - y * width / 2 / height) < 12] = np.array(STONE) * 1.5
    roof = (np.abs(x - width / 2) < y * width / 2 / height).astype(np.float32)
    parts.append(panel(Skin(gable, None, roof), (-5, -2.5, 11.2), (10, 0, 0), (0, 0, -2.6)))
    for left, top, size in (
        (-14.6, 8.3, (2.0, 5.4)),
        (8.6, 8.1, (2.2, 5.0)),
        (-9.0, 4.6, (1.6, 2.6)),
        (14.5, 4.4, (2.4, 1.7)),
    ):
        parts.append(panel(textures.banner(rng, size), (left, -0.25, top), (size[0], 0, 0), (0, 0, -size[1])))
    for x0 in (-17.5, -12.2, 9.4, 12.9, 17.2):
        skins = tuple(Skin(textures.ashlar(rng, (1, 2.2), BRICK, (0.3, 0.12))) for _ in range(3))
        parts += block(skins, (x0, x0 + 0.95), (3.0, 4.0), (9.6, 12.0 + rng.uniform(-0.5, 0.5)))
    return parts


def _dome(rng: np.random.Generator) -> list[Surface]:
    x, y, _ = DOME_CENTRE
    drum = textures.palace(rng, (2 * np.pi * DRUM_RADIUS, 4.0), STONE, 1, 1.9, 0.45)
    cap = textures.copper(rng, (2 * np.pi * DOME_RADIUS, 6.4), 40)
    ring = Skin(textures.ashlar(rng, (2 * np.pi * PARAPET_RADIUS, 0.95), STONE, (0.5, 0.22)))
    lantern = textures.palace(rng, (2 * np.pi * 1.1, 1.5), STONE, 1, 1.1, 0.8)
    hat = textures.copper(rng, (7, 1), 10, (0.42, 0.3, 0.08))
    pole = Skin(np.full((64, 8, 3), 0.55, np.float32))
    low = DOME_CENTRE[2] + DOME_HEIGHT - 0.25
    bend = DOME_RADIUS**2 / DOME_HEIGHT**2
    return [
        Round(drum, np.array([x, y, DRUM_FOOT]), 4.0, DRUM_RADIUS**2),
        Round(ring, np.array([x, y, PARAPET_TOP - 0.95]), 0.95, PARAPET_RADIUS**2),
        Round(cap, DOME_CENTRE, DOME_HEIGHT, DOME_RADIUS**2, 0.0, -bend),
        Round(lantern, np.array([x, y, low]), 1.3, 1.1**2),
        Round(
            hat,
            np.array([x, y, low + 1.3]),
            LANTERN_TOP - low - 1.3,
            1.3**2,
            -2 * 1.69 / 0.55,
            1.69 / 0.55**2,
        ),
        Round(pole, np.array([x, y, LANTERN_TOP - 0.4]), POLE_TOP - LANTERN_TOP + 0.4, 0.075**2),
    ]


def _behind(rng: np.random.Generator) -> list[Surface]:
    parts: list[Surface] = []
    for left, wide, near, high, colour in (
        (-62, 22, 55, 13, (0.4, 0.36, 0.33)),
        (-38, 15, 90, 17, (0.45, 0.33, 0.25)),
        (-19, 13, 70, 12.5, (0.33, 0.36, 0.38)),
        (9, 17, 85, 15, (0.46, 0.4, 0.3)),
        (27, 14, 60, 13.5, (0.4, 0.28, 0.24)),
        (44, 26, 75, 18, (0.36, 0.36, 0.36)),
    ):
        front = textures.palace(rng, (wide, high), colour, 4, 2.1, 0.22)
        side = textures.palace(rng, (10, high), colour, 4, 2.1, 0.2)
        parts += block((front, side, side), (left, left + wide), (near, near + 10), (0, high))
    skyline = textures.palace(rng, (240, 11), (0.2, 0.2, 0.22), 6, 1.7, 0.12)
    alpha = np.ones(skyline.albedo.shape[:2], np.float32)
    for x in range(0, alpha.shape[1], 260):
        alpha[: int(rng.uniform(0, 200)), x : x + int(rng.uniform(120, 260))] = 0
    parts.append(
        panel(Skin(skyline.albedo, skyline.glow * 0.4, alpha), (-120, 150, 11), (240, 0, 0), (0, 0, -11))
    )
    return parts


def _front(rng: np.random.Generator) -> list[Surface]:
    wall = textures.battlement(rng, (130, 4.8), BRICK)
    lawn = Skin(
        np.clip(1 + 0.3 * textures.stains(rng, 160, 900), 0.2, 2)[..., None]
        * np.array([0.05, 0.08, 0.03], np.float32)
    )
    parts: list[Surface] = [
        panel(wall, (-65, -14, 1.6), (130, 0, 0), (0, 0, -4.8)),
        panel(lawn, (-120, 155, 0.0), (240, 0, 0), (0, -168, 0)),
    ]
    for x in (-23.5, -16.2, -8.8, 6.6, 10.8, 18.4):
        size = rng.uniform(3.4, 4.6), rng.uniform(4.2, 5.8)
        place = x - size[0] / 2, -7.5 + rng.uniform(-3, 3), size[1]
        parts.append(panel(textures.tree(rng, size), place, (size[0], 0, 0), (0, 0, -size[1])))
    return parts


def _towers(rng: np.random.Generator, minute: int) -> list[Surface]:
    parts: list[Surface] = []
    low, high = (21.5, -8.5), (26.5, -3.5)
    shaft = [Skin(textures.ashlar(rng, (5, 13.4), BRICK, (0.45, 0.2))) for _ in range(3)]
    for skin in shaft:
        for k in range(3):
            textures.relief(rng, skin.albedo, (40, 60 + 150 * k, 120, 60))
    parts += block(tuple(shaft), (low[0], high[0]), (low[1], high[1]), (0, 13.4))
    state = rng.bit_generator.state
    dials = []
    for _ in range(3):
        rng.bit_generator.state = state  # the dial's hands must not change any other texture
        dials.append(textures.clock(rng, 4.6, 2, minute, BRICK))
    parts += block(tuple(dials), (low[0] + 0.2, high[0] - 0.2), (low[1] + 0.2, high[1] - 0.2), (13.4, 18.0))
    spire = textures.copper(rng, (16, 5), 12, (0.15, 0.3, 0.24))
    middle = np.array([24.0, -6.0, 18.0])
    parts.append(Round(spire, middle, 6.0, 9.0, -3.0, 0.25))
    body = Skin(textures.ashlar(rng, (2 * np.pi * 3.2, 13), BRICK, (0.5, 0.22)))
    for k in range(9):
        textures.relief(rng, body.albedo, (60 + 85 * k, 60, 60, 110))
    foot = np.array([-25.5, -10.0, 0.0])
    parts.append(Round(body, foot, 13.0, 3.2**2))
    collar = Skin(textures.ashlar(rng, (2 * np.pi * 3.7, 1.4), STONE, (0.6, 0.3)))
    parts.append(Round(collar, foot + np.array([0, 0, 12.2]), 1.4, 3.7**2))
    cone = textures.copper(rng, (22, 5), 22, (0.3, 0.13, 0.09))
    parts.append(Round(cone, foot + np.array([0, 0, 13.6]), 5.5, 3.4**2, -2 * 3.4**2 / 5.5, (3.4 / 5.5) ** 2))
    return parts


def _lights() -> list[Light]:
    warm, white, green = (1.0, 0.72, 0.4), (1.0, 0.9, 0.72), (0.8, 1.0, 0.75)

    def lamp(place: tuple, colour: tuple, power: float, halo: float = 0.0) -> Light:
        return Light(place, tuple(power * c for c in colour), halo)

    lights = [lamp((x, -6.0, 0.4), warm, 1.5) for x in np.arange(-18, 19, 6.0)]
    lights += [lamp((x, -3.4, 10.4), green, 1.1) for x in (-7.5, -2.5, 2.5, 7.5)]
    lights += [
        lamp((-13, -6, 11), white, 2.2),
        lamp((14, -6, 12), white, 2.0),
        lamp((-1, -12, 16), green, 3.0),
    ]
    lights += [lamp((24, -14, 5), warm, 2.6), lamp((-26, -17, 4), warm, 2.4), lamp((17.5, -9, 16), warm, 1.6)]
    lights += [lamp((x, -15.5, -1.2), warm, 0.5, 9.0) for x in np.arange(-40, 46, 9.5)]
    lights += [lamp((x, 48, 7), warm, 24.0) for x in (-50, -15, 15, 50)]
    return lights
