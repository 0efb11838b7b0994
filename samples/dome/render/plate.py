"""From a scene and a camera to a still plate in linear light, ready for what moves.

A plate is wider than the picture (`camera.MARGIN`), keeps the depth of every pixel so that smoke can pass
behind roofs, and keeps the reflectance so that a torch or a flash can light what is near it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from .tracing import View, trace

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .camera import Camera
    from .scene import Light, Scene


SHORE = -13.9  # world y of the water's edge


@dataclass(frozen=True, eq=False)
class Plate:
    """A still view: (H, W, 3) linear light, reflectance, world places, normals; (H, W) depth in metres."""

    camera: Camera  # of the picture; the plate is this one padded
    light: NDArray[np.float32]
    albedo: NDArray[np.float32]
    place: NDArray[np.float32]
    normal: NDArray[np.float32]
    depth: NDArray[np.float32]  # inf: sky
    mirror: NDArray[np.float32] | None  # what the water would show if it were still
    water: NDArray[np.float32] | None  # (H, W) 0 to 1, where water is seen


def night(scene: Scene, camera: Camera, supersample: int = 2) -> Plate:
    """The scene under its own lamps."""
    padded = camera.padded()
    view = trace(scene.surfaces, padded.resized(supersample))
    light = _sky(scene, view, padded.resized(supersample).rays())
    lit = view.albedo * _lamps(scene, view, supersample) + view.glow
    there = np.isfinite(view.depth)
    light[there] = lit[there]
    size = padded.width, padded.height
    half = supersample // 2
    depth = view.depth[half::supersample, half::supersample]
    place = view.place[half::supersample, half::supersample]
    mirror = water = None
    if scene.water is not None:
        mirror, water = _water(scene, camera, depth)
    shown = _halos(scene.lights, padded, _area(light, *size), depth)
    return Plate(
        camera, shown, _area(view.albedo, *size), place, _area(view.normal, *size), depth, mirror, water
    )


def day(
    scene: Scene, camera: Camera, sun: tuple[float, float, float], supersample: int = 2
) -> NDArray[np.float32]:
    """The scene under sun and sky, (H, W, 3) linear; the picture only, with no margin."""
    view = trace(scene.surfaces, camera.resized(supersample))
    toward = np.array(sun) / np.linalg.norm(sun)
    facing = np.clip((view.normal * toward).sum(axis=2, keepdims=True), 0, None)
    above = 0.5 + 0.5 * view.normal[..., 2:3]
    tint = np.array([1.0, 0.94, 0.84]) * 0.95 * facing + np.array([0.6, 0.72, 0.9]) * (0.35 + 0.25 * above)
    light = (view.albedo * tint + 0.05 * view.glow).astype(np.float32)
    height = np.clip(view.place[..., 2:3] / 3000, 0, 1)
    sky = np.array([0.55, 0.66, 0.78]) * (1 - height) + np.array([0.2, 0.36, 0.62]) * height
    light = np.where(np.isfinite(view.depth)[..., None], light, sky).astype(np.float32)
    picture = _area(light, camera.width, camera.height)
    if scene.water is not None:
        water = _below(camera, camera.rays(), scene.water, _area(view.depth, camera.width, camera.height))
        picture = picture * (1 - water[..., None]) + water[..., None] * np.float32([0.12, 0.16, 0.17])
    return picture


def illumination(view: View | Plate, lamp: Light) -> NDArray[np.float32]:
    """What one lamp gives every pixel, (H, W, 3), before reflectance; no shadows."""
    toward = np.asarray(lamp.place, np.float32) - view.place
    squared = (toward**2).sum(axis=2)
    facing = np.abs((toward * view.normal).sum(axis=2)) / np.sqrt(squared)
    # Lamps near a wall would burn it out; a metre and a half is their own size.
    return (facing / (squared + 2.2))[..., None] * np.asarray(lamp.power, np.float32) * 4


def ripple(plate: Plate, time: float) -> tuple[NDArray[np.float32], slice]:
    """Moving water over the plate's lowest rows: the light there at `time`, and which rows."""
    rows = np.flatnonzero(plate.water.max(axis=1) > 0)
    window = slice(int(rows[0]), int(rows[-1]) + 1)
    height, width = window.stop - window.start, plate.water.shape[1]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    near = 1 + y / 40
    wave = np.sin(0.9 * y / near - 2.1 * time + 0.013 * x) + 0.6 * np.sin(
        0.023 * x + 1.7 * y / near - 3.3 * time
    )
    across = x + 1.2 * near * np.sin(0.31 * y - 1.2 * time + 0.05 * x) + 0.8 * wave
    # A wave must not ask for rows below the plate.
    down = np.minimum(y + window.start + 1.3 * near * wave, plate.mirror.shape[0] - 1)
    source = cv2.remap(plate.mirror, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    water = plate.water[window][..., None]
    return plate.light[window] * (1 - water) + water * (
        0.5 * source + np.float32([0.004, 0.006, 0.009])
    ), window


def _lamps(scene: Scene, view: View, step: int) -> NDArray[np.float32]:
    """What all lamps give, at every `step`-th pixel: light changes slowly where texture does not."""
    coarse = View(*(a[::step, ::step] for a in (view.albedo, view.glow, view.normal, view.place, view.depth)))
    total = sum((illumination(coarse, lamp) for lamp in scene.lights), np.float32(0.006))
    return cv2.resize(total, view.depth.shape[::-1], interpolation=cv2.INTER_NEAREST)


def _sky(scene: Scene, view: View, rays: NDArray[np.float64]) -> NDArray[np.float32]:
    height = np.clip(rays[..., 2:3] * 6, 0, 1).astype(np.float32)
    colour = np.float32(scene.horizon) * (1 - height) ** 2 + np.float32(scene.sky) * (1 - (1 - height) ** 2)
    return np.broadcast_to(colour, (*view.depth.shape, 3)).astype(np.float32)


def _area(picture: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)


def _below(
    camera: Camera, rays: NDArray[np.float64], water: float, depth: NDArray[np.float32]
) -> NDArray[np.float32]:
    with np.errstate(divide="ignore"):
        reach = (water - camera.centre[2]) / rays[..., 2]
    # The river ends at the wall; beyond the houses the horizon is land.
    near = camera.centre[1] + reach * rays[..., 1] < SHORE
    return ((reach > 0) & (reach < depth) & near).astype(np.float32)


def _water(
    scene: Scene, camera: Camera, depth: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    padded = camera.padded()
    view = trace(scene.surfaces, padded, scene.water)
    lit = view.albedo * _lamps(scene, view, 1) + view.glow
    flipped = padded.rays() * [1, 1, -1]
    light = _sky(scene, view, flipped)
    there = np.isfinite(view.depth)
    light[there] = lit[there]
    light = _halos(scene.lights, padded, light, view.depth, scene.water)
    return light, _below(padded, padded.rays(), scene.water, depth)


def _halos(
    lights: list[Light],
    camera: Camera,
    light: NDArray[np.float32],
    depth: NDArray[np.float32],
    water: float | None = None,
) -> NDArray[np.float32]:
    shown = light.copy()
    y, x = np.mgrid[0 : light.shape[0], 0 : light.shape[1]].astype(np.float32)
    for lamp in (lamp for lamp in lights if lamp.halo):
        place = np.array(lamp.place)
        if water is not None:
            place[2] = 2 * water - place[2]
        (spot,), (far,) = camera.project(place[None])
        col, row = np.clip(spot.astype(int), 0, [light.shape[1] - 1, light.shape[0] - 1])
        if depth[row, col] < far - 1:
            continue
        squared = ((x - spot[0]) ** 2 + (y - spot[1]) ** 2) / lamp.halo**2
        glow = 3.0 * np.exp(-squared * 6) + 0.12 / (1 + squared * 1.5) ** 1.5
        shown += glow[..., None] * np.float32(lamp.power) / max(lamp.power)
    return shown
