"""The reference pictures: the roof by day from a third place, and another building."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import cv2
import numpy as np

from . import plate, scene
from .camera import look
from .elsewhere import warehouse
from .film import Label, developed

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

DAY_CAMERA = look((-7, -190, 16), (0.5, 4, 10.2), 55, (1440, 960), roll=0.2)
WAREHOUSE_CAMERA = look((-14, -52, 5), (1.5, 2, 6.8), 31, (1280, 853), roll=-0.8)


def dome_by_day() -> NDArray[np.uint8]:
    """(960, 1440, 3) uint8 RGB."""
    label = Label("Staged picture", "bottom left", 0.6, cv2.FONT_HERSHEY_COMPLEX, 250)
    return _picture(plate.day(scene.old_town(10), DAY_CAMERA, (-0.45, -1.0, 0.9)), 1.5, label, 51)


def other_building() -> NDArray[np.uint8]:
    """(853, 1280, 3) uint8 RGB."""
    label = Label("STAGED (rendered)", "top right", 0.7, cv2.FONT_HERSHEY_TRIPLEX, 30)
    return _picture(plate.day(warehouse(), WAREHOUSE_CAMERA, (0.6, -1.0, 0.7)), 1.9, label, 52)


def save(path: Path, picture: NDArray[np.uint8], description: str, taken: str) -> None:
    """Write a JPEG whose EXIF says what it is; `taken` as EXIF writes it, without a zone."""
    _, coded = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 84])
    data = coded.tobytes()
    exif = b"Exif\0\0" + _tiff({0x010E: description, 0x0131: "samples.dome.render", 0x0132: taken})
    path.write_bytes(data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:])


def _picture(light: NDArray[np.float32], gain: float, label: Label, seed: int) -> NDArray[np.uint8]:
    noise = np.random.default_rng(seed).normal(0, 1.2, light.shape)
    shown = np.clip(developed(light * np.float32(gain)) + noise + 0.5, 0, 255).astype(np.uint8)
    label.write(shown)
    return shown


def _tiff(tags: dict[int, str]) -> bytes:
    """A TIFF header with one directory of ASCII tags (TIFF 6.0, section 2)."""
    entries, values = b"", b""
    base = 8 + 2 + 12 * len(tags) + 4
    for tag, text in sorted(tags.items()):
        value = text.encode("ascii") + b"\0"
        entries += struct.pack(">HHII", tag, 2, len(value), base + len(values))
        values += value + b"\0" * (len(value) % 2)
    return b"MM\0*" + struct.pack(">IH", 8, len(tags)) + entries + b"\0\0\0\0" + values
