"""The copies of the clip dome: a channel's repost, and a recording of a monitor that played it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from .film import RATE, Label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

REPOST_SPAN = (2.0, 10.2)  # seconds of dome
REPOST_BOX = (0.10, 0.06, 0.80, 0.80)  # of dome, in fractions
REPOST_SIZE = (854, 480)
CAPTION_BOX = (0.0, 0.875, 1.0, 0.125)  # of the repost

MONITOR_SPAN = (3.0, 11.0)  # seconds of dome
MONITOR_RATE = 30
MONITOR_SIZE = (1280, 720)
MONITOR_CORNERS = (
    (0.098, 0.082),
    (0.912, 0.121),
    (0.898, 0.879),
    (0.115, 0.911),
)  # of the screen's picture, clockwise
MONITOR_STATED_AT = 4.0  # seconds of monitor for which truth.json gives the homography


def repost(frames: Sequence[NDArray[np.uint8]]) -> Iterator[NDArray[np.uint8]]:
    """Cut, cropped, mirrored, scaled down, with a caption bar. `frames` are dome's, decoded."""
    first, last = (round(t * RATE) for t in REPOST_SPAN)
    for frame in frames[first:last]:
        height, width = frame.shape[:2]
        x, y, w, h = (round(v * s) for v, s in zip(REPOST_BOX, (width, height) * 2, strict=True))
        part = cv2.resize(frame[y : y + h, x : x + w], REPOST_SIZE, interpolation=cv2.INTER_AREA)[
            :, ::-1
        ].copy()
        part = np.clip((part.astype(np.float32) - 6) * 1.1, 0, 255).astype(np.uint8)
        top = round(CAPTION_BOX[1] * REPOST_SIZE[1])
        part[top:] = (24, 20, 92)
        part[top : top + 3] = (240, 190, 30)
        title, words = "CITY LIVE  |  NIGHT OVER THE ROOF", "staged sample, nothing here took place"
        cv2.putText(part, title, (14, top + 27), cv2.FONT_HERSHEY_TRIPLEX, 0.72, (255,) * 3, 1, cv2.LINE_AA)
        small = cv2.FONT_HERSHEY_COMPLEX_SMALL
        cv2.putText(part, words, (14, top + 50), small, 0.7, (220,) * 3, 1, cv2.LINE_AA)
        yield part


def repost_homography() -> NDArray[np.float64]:
    """(3, 3): dome to repost in fractions of the picture, mirror included."""
    x, y, w, h = REPOST_BOX
    return np.array([[-1 / w, 0, 1 + x / w], [0, 1 / h, -y / h], [0, 0, 1]])


def monitor_homography(time: float) -> NDArray[np.float64]:
    """(3, 3): dome to monitor in fractions of the picture, at a second of monitor."""
    square = np.float32([[0, 0], [1, 0], [1, 1], [0, 1]])
    base = cv2.getPerspectiveTransform(square, np.float32(MONITOR_CORNERS)).astype(float)
    x = 1.6 * np.sin(2 * np.pi * 0.31 * time) + 0.7 * np.sin(2 * np.pi * 1.3 * time + 1)
    y = 1.3 * np.sin(2 * np.pi * 0.23 * time + 2) + 0.6 * np.sin(2 * np.pi * 1.7 * time)
    moved = np.array([[1, 0, x / MONITOR_SIZE[0]], [0, 1, y / MONITOR_SIZE[1]], [0, 0, 1]])
    return moved @ base


def monitor(frames: Sequence[NDArray[np.uint8]]) -> Iterator[NDArray[np.uint8]]:
    """A monitor in a dim room, filmed by hand at another frame rate. `frames` are dome's, decoded."""
    width, height = MONITOR_SIZE
    rng = np.random.default_rng(64)
    label = Label("STAGED / filmed off a monitor", "bottom right", 0.42, cv2.FONT_HERSHEY_COMPLEX, 150)
    room = _room(rng)
    reflection = _reflection()
    to_pixels = np.diag([width, height, 1.0])
    grains = [rng.normal(0, 3.0, (height, width, 1)).astype(np.float32) for _ in range(7)]
    for number in range(round((MONITOR_SPAN[1] - MONITOR_SPAN[0]) * MONITOR_RATE)):
        time = number / MONITOR_RATE
        source = frames[int((MONITOR_SPAN[0] + time) * RATE + 1e-6)]
        matrix = to_pixels @ monitor_homography(time) @ np.diag([1 / source.shape[1], 1 / source.shape[0], 1])
        screen = cv2.warpPerspective(source, matrix, MONITOR_SIZE, flags=cv2.INTER_AREA).astype(np.float32)
        shape = cv2.warpPerspective(np.full(source.shape[:2], 1, np.float32), matrix, MONITOR_SIZE)[..., None]
        screen = (screen * np.float32([0.86, 0.97, 1.06]) + 7) * _moire(matrix, number)
        picture = room * (1 - shape) + shape * (screen + reflection)
        picture += grains[number % 7]
        shown = np.clip(picture, 0, 255).astype(np.uint8)
        shown = cv2.GaussianBlur(shown, (3, 3), 0.6)
        label.write(shown)
        yield shown


def _moire(matrix: NDArray[np.float64], number: int) -> NDArray[np.float32]:
    """The screen's own rows and columns beat against the sensor's; a dark band rolls through."""
    width, height = MONITOR_SIZE
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    a = np.linalg.inv(matrix)
    w = a[2, 0] * x + a[2, 1] * y + a[2, 2]
    u, v = (a[0, 0] * x + a[0, 1] * y + a[0, 2]) / w, (a[1, 0] * x + a[1, 1] * y + a[1, 2]) / w
    rows = np.cos(2 * np.pi * v * 0.835) * 0.035
    columns = np.cos(2 * np.pi * u * 0.83 + 0.6 * np.sin(v / 90)) * 0.03
    rolling = 0.05 * np.cos(2 * np.pi * (y / height - 0.013 * number))
    return (1 + rows + columns + rolling).astype(np.float32)[..., None]


def _room(rng: np.random.Generator) -> NDArray[np.float32]:
    """The bezel, its stand, a keyboard's edge, a dim wall."""
    width, height = MONITOR_SIZE
    size = np.float32([width, height])
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    room = np.float32([26, 23, 20]) * (1.2 - 0.5 * y) * np.ones((1, width, 1), np.float32)
    corners = np.float32(MONITOR_CORNERS) * size
    middle = corners.mean(axis=0)
    outer = corners + np.sign(corners - middle) * [24, 22] + [[0, 0], [0, 0], [0, 8], [0, 8]]
    cv2.fillPoly(room, [outer.astype(np.int32)], (13, 13, 14), cv2.LINE_AA)
    cv2.polylines(room, [outer.astype(np.int32)], True, (44, 44, 46), 2, cv2.LINE_AA)
    cv2.polylines(
        room, [(corners + np.sign(corners - middle) * 4).astype(np.int32)], True, (6, 6, 6), 5, cv2.LINE_AA
    )
    cv2.circle(room, (int(outer[2, 0]) - 40, int(outer[2, 1]) - 13), 3, (60, 190, 90), -1, cv2.LINE_AA)
    return room + rng.normal(0, 1, room.shape).astype(np.float32)


def _reflection() -> NDArray[np.float32]:
    """A window and a lamp behind the person who films, mirrored in the glass."""
    width, height = MONITOR_SIZE
    glass = np.zeros((height, width, 3), np.float32)
    pane = np.array([[880, 190], [1030, 205], [1022, 430], [872, 415]], np.int32)
    cv2.fillPoly(glass, [pane], (20, 24, 30))
    cv2.line(glass, (953, 190), (946, 430), (4, 4, 5), 7)
    cv2.line(glass, (870, 305), (1030, 318), (4, 4, 5), 7)
    cv2.circle(glass, (330, 250), 30, (34, 27, 18), -1)
    return cv2.GaussianBlur(glass, (0, 0), 7)
