"""Rays against textured surfaces, with a depth buffer.

Every surface finds where the rays meet it and where in its texture that is; the nearest wins. A surface
only looks at the rectangle of the picture that its bounding points fall into.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .camera import Camera


@dataclass(frozen=True, eq=False)
class Skin:
    """What a surface looks like: linear reflectance and own light (H, W, 3), and where it is there at all."""

    albedo: NDArray[np.float32]
    glow: NDArray[np.float32] | None = None
    alpha: NDArray[np.float32] | None = None  # (H, W); under 0.5 is a hole


@dataclass(frozen=True, eq=False)
class Hits:
    """Where rays meet a surface: depth (inf: nowhere), texture place 0 to 1, and the normal."""

    depth: NDArray[np.float64]
    u: NDArray[np.float64]
    v: NDArray[np.float64]
    normal: NDArray[np.float64]  # broadcasts to (..., 3)


class Surface(Protocol):
    """Something that a ray can meet."""

    skin: Skin

    def bounds(self) -> NDArray[np.float64]:
        """World points (N, 3) whose hull holds the surface."""

    def meet(self, origin: NDArray[np.float64], rays: NDArray[np.float64]) -> Hits:
        """Where rays (h, w, 3) from one origin meet it first."""


@dataclass(frozen=True, eq=False)
class Panel:
    """A flat parallelogram: the texture's left top at `corner`, then along `right` and `down`."""

    skin: Skin
    corner: NDArray[np.float64]
    right: NDArray[np.float64]
    down: NDArray[np.float64]

    def bounds(self) -> NDArray[np.float64]:
        """Its four corners."""
        c, r, d = self.corner, self.right, self.down
        return np.array([c, c + r, c + d, c + r + d])

    def meet(self, origin: NDArray[np.float64], rays: NDArray[np.float64]) -> Hits:
        """The plane's crossing, where it lies inside the edges."""
        normal = np.cross(self.down, self.right)
        normal /= np.linalg.norm(normal)
        with np.errstate(divide="ignore", invalid="ignore"):
            depth = np.dot(self.corner - origin, normal) / (rays @ normal)
            local = origin - self.corner + depth[..., None] * rays
            axes = np.linalg.pinv(np.stack([self.right, self.down], axis=1))
            u, v = np.moveaxis(local @ axes.T, -1, 0)
            inside = (depth > 0) & (u >= 0) & (u <= 1) & (v >= 0) & (v <= 1)
        return Hits(np.where(inside, depth, np.inf), u, v, normal)


@dataclass(frozen=True, eq=False)
class Round:
    """A body of revolution about a vertical axis: part of a cylinder, cone or ellipsoid.

    The radius follows `radius² = a + b h + c h²`, h being the height above `foot`; `height` ends it. The
    texture wraps once round, its seam at the far side.
    """

    skin: Skin
    foot: NDArray[np.float64]
    height: float
    a: float
    b: float = 0.0
    c: float = 0.0

    def bounds(self) -> NDArray[np.float64]:
        """Corners of the box round it."""
        heights = np.linspace(0, self.height, 9)
        r = float(np.sqrt(np.max(self.a + self.b * heights + self.c * heights**2)))
        return self.foot + np.array([[x, y, z] for x in (-r, r) for y in (-r, r) for z in (0, self.height)])

    def meet(self, origin: NDArray[np.float64], rays: NDArray[np.float64]) -> Hits:
        """The nearer root of the quadratic whose height is on the body."""
        start = origin - self.foot
        dx, dy, dz = np.moveaxis(rays, -1, 0)
        square = dx**2 + dy**2 - self.c * dz**2
        half = start[0] * dx + start[1] * dy - dz * (self.b / 2 + self.c * start[2])
        rest = start[0] ** 2 + start[1] ** 2 - self.a - self.b * start[2] - self.c * start[2] ** 2
        with np.errstate(invalid="ignore", divide="ignore"):
            root = np.sqrt(half**2 - square * rest)
            depth = np.full(square.shape, np.inf)
            for sign in (1, -1):
                t = (-half - sign * root) / square
                h = start[2] + t * dz
                fits = (t > 0) & (h >= 0) & (h <= self.height) & (t < depth)
                depth = np.where(fits, t, depth)
        t = np.where(np.isfinite(depth), depth, 0.0)
        x, y, h = (start[i] + t * d for i, d in enumerate((dx, dy, dz)))
        normal = np.stack([x, y, -(self.b / 2 + self.c * h)], axis=-1)
        normal /= np.linalg.norm(normal, axis=-1, keepdims=True) + 1e-9
        return Hits(depth, np.arctan2(x, -y) / (2 * np.pi) + 0.5, 1 - h / self.height, normal)


@dataclass(frozen=True, eq=False)
class View:
    """What the rays of one camera met, (H, W) and (H, W, 3) float32; depth is inf where it is sky."""

    albedo: NDArray[np.float32]
    glow: NDArray[np.float32]
    normal: NDArray[np.float32]
    place: NDArray[np.float32]  # world metres
    depth: NDArray[np.float32]


def trace(surfaces: list[Surface], camera: Camera, water: float | None = None) -> View:
    """What `camera` sees; with `water`, what it sees mirrored in a still surface at that height."""
    flip = np.array([1.0, 1.0, 1.0 if water is None else -1.0])
    shift = np.array([0.0, 0.0, 0.0 if water is None else 2 * water])
    rays, origin = camera.rays() * flip, camera.centre * flip + shift
    shape = rays.shape[:2]
    albedo, glow, normal = (np.zeros((*shape, 3), np.float32) for _ in range(3))
    depth = np.full(shape, np.inf, np.float32)
    for surface in surfaces:
        corners, _ = camera.project(surface.bounds() * flip + shift)
        low = np.clip(np.floor(corners.min(axis=0)).astype(int) - 1, 0, shape[::-1])
        high = np.clip(np.ceil(corners.max(axis=0)).astype(int) + 1, 0, shape[::-1])
        if (low >= high).any():
            continue
        window = slice(low[1], high[1]), slice(low[0], high[0])
        hits = surface.meet(origin, rays[window])
        nearer = hits.depth < depth[window]
        if surface.skin.alpha is not None:
            nearer &= _sample(surface.skin.alpha, hits) > 0.5
        if not nearer.any():
            continue
        depth[window][nearer] = hits.depth[nearer]
        albedo[window][nearer] = _sample(surface.skin.albedo, hits)[nearer]
        light = surface.skin.glow
        glow[window][nearer] = 0 if light is None else _sample(light, hits)[nearer]
        normal[window][nearer] = np.broadcast_to(hits.normal, (*nearer.shape, 3))[nearer]
    reach = np.where(np.isfinite(depth), depth, 1e4)[..., None]
    place = (origin + reach * rays).astype(np.float32)
    return View(albedo, glow, normal, place, depth)


def _sample(texture: NDArray[np.float32], hits: Hits) -> NDArray[np.float32]:
    height, width = texture.shape[:2]
    x = np.nan_to_num(hits.u * width - 0.5).astype(np.float32)
    y = np.nan_to_num(hits.v * height - 0.5).astype(np.float32)
    return cv2.remap(texture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
