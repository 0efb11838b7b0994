"""A small staged place for the tests: two textured planes, two cameras, and what is put in front of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np

from verify.model import Box, Matrix, Media, MediaKind, Role, Video

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WIDTH, HEIGHT, RATE = 640, 360, 25
_TEXTURE = 900  # pixels of a plane's texture, 100 to a unit of length


@dataclass
class Camera:
    """A pinhole at `place`, turned by `yaw` radians, looking along z."""

    place: tuple[float, float, float]
    yaw: float = 0.0
    focal: float = 620.0

    def map_of(self, depth: float, wide: float) -> np.ndarray:
        """Homography from texture pixels of the plane z = depth, `wide` units wide, to picture pixels."""
        c, s = np.cos(self.yaw), np.sin(self.yaw)
        turn = np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]])
        inner = np.array([[self.focal, 0, WIDTH / 2], [0, self.focal, HEIGHT / 2], [0, 0, 1]])
        scale = wide / _TEXTURE
        # A point of the texture (u, v) lies at ((u - half) scale, (v - half) scale, depth).
        plane = np.array([[scale, 0, -wide / 2], [0, scale, -wide / 2], [0, 0, depth]])
        return inner @ turn @ (plane - np.outer(self.place, [0, 0, 1]))


@dataclass
class Thing:
    """A bright or dark patch on the near plane, moving in texture pixels."""

    start: float
    end: float
    route: tuple[tuple[float, float], tuple[float, float]]
    size: tuple[float, float] = (14, 30)
    level: float = 210.0

    def at(self, time: float) -> tuple[float, float] | None:
        """Its middle in texture pixels."""
        if not self.start <= time < self.end:
            return None
        share = (time - self.start) / (self.end - self.start)
        (x0, y0), (x1, y1) = self.route
        return x0 + share * (x1 - x0), y0 + share * (y1 - y0)


@dataclass
class Stage:
    """What a camera films."""

    camera: Camera
    things: list[Thing] = field(default_factory=list)
    flash: tuple[float, float] | None = None  # seconds
    seconds: float = 5.0
    shake: float = 1.2  # pixels
    noise: float = 4.0  # grey levels
    dim: float = 0.5
    seed: int = 1
    caption: tuple[int, int] | None = None  # its place, pixels
    blur: float = 0.0  # pixels

    def write(self, path: Path) -> Path:
        """Encode it."""
        return _encode(path, self._pictures())

    def write_then(self, path: Path, other: Stage) -> Path:
        """Encode it, and another after it."""
        return _encode(path, chain(self._pictures(), other._pictures()))

    def _pictures(self) -> Iterator[np.ndarray]:
        rng = np.random.default_rng(self.seed)
        planes = _textures()
        base = _film(self.camera, *planes, [], self.dim)
        for number in range(round(self.seconds * RATE)):
            yield self._frame(number / RATE, base, planes, rng)

    def _frame(self, time: float, base: np.ndarray, planes: tuple, rng: np.random.Generator) -> np.ndarray:
        patches = [(thing, spot) for thing in self.things if (spot := thing.at(time)) is not None]
        picture = _film(self.camera, *planes, patches, self.dim) if patches else base
        if self.flash and self.flash[0] <= time < self.flash[1]:
            left = 1 - (time - self.flash[0]) / (self.flash[1] - self.flash[0])
            picture = picture * (1 + 1.6 * left) + 25 * left
        x, y = self.shake * np.sin([2.1 * time * 2, 1.3 * time * 2 + 1])
        move = np.array([[1, 0, x], [0, 1, y]])
        picture = cv2.warpAffine(picture, move, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
        picture = picture + self.noise * rng.standard_normal(picture.shape, np.float32)
        if self.blur:
            picture = cv2.GaussianBlur(picture, (0, 0), self.blur)
        picture = np.clip(picture, 16, 235).astype(np.uint8)
        if self.caption:
            cv2.putText(picture, "HHHHHHHHH", self.caption, cv2.FONT_HERSHEY_SIMPLEX, 2.6, 235, 18)
        return picture

    def truth(self, thing: Thing, camera: Camera | None = None) -> Box:
        """Box around the thing over its whole time, shake apart, as this or another camera would see it."""
        there = (camera or self.camera).map_of(6, 6)
        half = np.array(thing.size) / 2
        corners = []
        for point in thing.route:
            for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                x, y, w = there @ [point[0] + dx * half[0], point[1] + dy * half[1], 1]
                corners.append((x / w / WIDTH, y / w / HEIGHT))
        box = Box.around(corners)
        assert box is not None
        return box


def _encode(path: Path, pictures: Iterable[np.ndarray]) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "crf": "23"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for picture in pictures:
            coded = np.concatenate([picture, np.full((HEIGHT // 2, WIDTH), 128, np.uint8)])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(coded, format="yuv420p")))
        container.mux(stream.encode())
    return path


def near_plane(a: Camera, b: Camera) -> Matrix:
    """The homography from a's picture to b's on the near plane, in fractions."""
    scale = np.diag([WIDTH, HEIGHT, 1.0])
    there = np.linalg.inv(scale) @ b.map_of(6, 6) @ np.linalg.inv(a.map_of(6, 6)) @ scale
    rows = [(float(x), float(y), float(z)) for x, y, z in there / there[2, 2]]
    return rows[0], rows[1], rows[2]


def media(path: Path, name: str, seconds: float = 5.0) -> Media:
    """What a probe would say of it."""
    video = Video("h264", WIDTH, HEIGHT, round(seconds * RATE), Fraction(RATE))
    return Media(name, path, Role.CLIP, MediaKind.VIDEO, duration=Fraction(seconds), video=video)


@cache
def _textures() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    planes = []
    for grain in (9, 6):
        rough = sum(
            cv2.resize(
                rng.normal(0, 1, (_TEXTURE // step,) * 2), (_TEXTURE,) * 2, interpolation=cv2.INTER_CUBIC
            )
            for step in (grain, 3 * grain, 8 * grain)
        )
        planes.append((150 + 32 * rough).astype(np.float32))
    mask = np.zeros((_TEXTURE, _TEXTURE), np.float32)
    mask[420:, 100:800] = 1  # the near plane: a roof in the lower half
    return planes[0], planes[1], mask


def _film(
    camera: Camera, far: np.ndarray, near: np.ndarray, mask: np.ndarray, patches: list, dim: float
) -> np.ndarray:
    size = WIDTH, HEIGHT
    picture = cv2.warpPerspective(far, camera.map_of(12, 18), size, borderMode=cv2.BORDER_REFLECT)
    if patches:
        near = near.copy()
        for thing, (x, y) in patches:
            w, h = thing.size
            rows = slice(round(y - h / 2), round(y + h / 2))
            near[rows, round(x - w / 2) : round(x + w / 2)] = thing.level / dim
    front = cv2.warpPerspective(near, camera.map_of(6, 6), size)
    cover = cv2.warpPerspective(mask, camera.map_of(6, 6), size)
    return np.clip(picture * (1 - cover) + front * cover, 5, 500) * np.float32(dim)
