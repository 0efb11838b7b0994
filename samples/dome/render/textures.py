"""Surfaces of the old town, drawn from a seed: ashlar, windows, copper, brick, trees, a clock.

Reflectance is linear, 0 to 1. No two stones, windows or stains are alike, as on a real wall: what repeats
exactly gives local features nothing to hold on to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from .tracing import Skin

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

PPM = 40  # texture pixels per metre, near what the cameras resolve when supersampled

Colour = tuple[float, float, float]


def stains(
    rng: Generator, height: int, width: int, coarsest: int = 160, finest: int = 3
) -> NDArray[np.float32]:
    """(H, W) random pattern of about unit size, with as much detail at each scale as at the next."""
    total = np.zeros((height, width), np.float32)
    cell, count = coarsest, 0
    while cell >= finest:
        rough = rng.standard_normal((max(2, height // cell + 2), max(2, width // cell + 2))).astype(
            np.float32
        )
        total += cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)
        cell, count = cell // 2, count + 1
    return total / np.sqrt(count)


def ashlar(
    rng: Generator, metres: tuple[float, float], colour: Colour, block: tuple[float, float]
) -> NDArray[np.float32]:
    """(H, W, 3) wall of blocks, each of its own shade, stained."""
    width, height = (round(m * PPM) for m in metres)
    wall = np.empty((height, width), np.float32)
    step_y = max(3, round(block[1] * PPM))
    for row, top in enumerate(range(0, height, step_y)):
        x = -round(block[0] * PPM * (0.5 if row % 2 else 1.0) * rng.uniform(0.8, 1.0))
        while x < width:
            length = max(4, round(block[0] * PPM * rng.uniform(0.8, 1.2)))
            wall[top : top + step_y, max(0, x) : max(0, x + length)] = 1 + 0.13 * rng.standard_normal()
            wall[top : top + step_y, max(0, x) : max(0, x + 1)] = 0.6
            x += length
        wall[top, :] = 0.62
    wall *= np.clip(1 + 0.12 * stains(rng, height, width), 0.3, 1.7)
    return (np.clip(wall, 0.15, 1.8)[..., None] * np.array(colour, np.float32)).astype(np.float32)


def window(
    rng: Generator,
    albedo: NDArray[np.float32],
    glow: NDArray[np.float32],
    box: tuple[int, int, int, int],
    lit: float,
) -> None:
    """Draw a window with frame, moulding and what is behind the glass into `box`: x, y, width, height."""
    x, y, w, h = box
    frame = np.array([0.62, 0.6, 0.55]) * rng.uniform(0.85, 1.1)
    cv2.rectangle(albedo, (x - 6, y - 6), (x + w + 5, y + h + 6), frame.tolist(), -1)
    cv2.rectangle(albedo, (x - 9, y + h + 4), (x + w + 8, y + h + 9), (frame * 0.8).tolist(), -1)
    for _ in range(5):  # the moulding above, with its own ornament
        spot = int(x + rng.uniform(0, w)), int(y - 12 + rng.uniform(-3, 3))
        cv2.circle(albedo, spot, int(rng.integers(2, 5)), (frame * rng.uniform(0.5, 1.1)).tolist(), -1)
    if rng.random() < 0.5:
        peak = np.array([[x - 9, y - 14], [x + w + 8, y - 14], [x + w // 2, y - 26]], np.int32)
        cv2.fillPoly(albedo, [peak], (frame * rng.uniform(0.7, 1.0)).tolist())
    else:
        cv2.rectangle(albedo, (x - 9, y - 20), (x + w + 8, y - 15), (frame * 0.9).tolist(), -1)
    pane = albedo[y : y + h, x : x + w]
    pane[:] = rng.uniform(0.02, 0.06)
    if lit > 0:
        warmth = np.array([1.0, rng.uniform(0.62, 0.85), rng.uniform(0.25, 0.6)], np.float32)
        inside = np.clip(0.7 + 0.25 * stains(rng, h, w, 32, 4), 0.1, 1.4)
        drawn = int(w * rng.uniform(0.1, 0.42))
        inside[:, :drawn] *= 0.45  # curtains
        inside[:, w - drawn :] *= 0.5
        inside[int(h * rng.uniform(0.55, 0.9)) :] *= 0.6
        glow[y : y + h, x : x + w] = inside[..., None] * warmth * lit
    for k in range(1, 3):
        cut = y + h * k // 3
        albedo[cut : cut + 2, x : x + w] = frame * 0.7
        glow[cut : cut + 2, x : x + w] = 0
    albedo[y : y + h, x + w // 2 - 1 : x + w // 2 + 1] = frame * 0.7
    glow[y : y + h, x + w // 2 - 1 : x + w // 2 + 1] = 0


def palace(
    rng: Generator,
    metres: tuple[float, float],
    colour: Colour,
    storeys: int = 2,
    bay: float = 2.6,
    lit_share: float = 0.35,
) -> Skin:
    """A front with pilasters, cornices, windows and reliefs."""
    albedo = ashlar(rng, metres, colour, (1.1, 0.42))
    glow = np.zeros_like(albedo)
    height, width = albedo.shape[:2]
    storey, step = height / storeys, bay * PPM
    for x in np.arange(step / 2, width - step * 0.3, step):
        post = int(x - step / 2)
        cv2.rectangle(
            albedo, (post, 0), (post + 11, height), tuple(np.array(colour) * rng.uniform(1.1, 1.35)), -1
        )
        albedo[:, max(0, post) : post + 12] *= np.clip(
            1 + 0.15 * stains(rng, height, 12 + min(0, post), 24), 0.5, 1.5
        )[..., None]
        for level in range(storeys):
            top = int(level * storey + storey * 0.3)
            box = int(x - 0.5 * PPM), top, int(1.05 * PPM), int(storey * 0.52)
            window(rng, albedo, glow, box, rng.uniform(0.25, 0.9) if rng.random() < lit_share else 0.0)
            relief(
                rng,
                albedo,
                (int(x - 0.6 * PPM), int(level * storey + storey * 0.86), int(1.2 * PPM), int(storey * 0.1)),
            )
    for level in range(storeys + 1):
        y = min(height - 1, int(level * storey))
        albedo[max(0, y - 4) : y + 9] = np.array(colour) * 1.35
        albedo[y + 9 : y + 12] *= 0.4
        dents = np.arange(0, width, 17) + rng.integers(-2, 3, len(np.arange(0, width, 17)))
        for x in dents:
            albedo[y + 1 : y + 8, max(0, x) : max(0, x) + int(rng.integers(5, 10))] *= rng.uniform(0.45, 0.9)
    return Skin(albedo, glow)


def relief(rng: Generator, albedo: NDArray[np.float32], box: tuple[int, int, int, int]) -> None:
    """A carved panel: a few random strokes and bosses inside `box`."""
    x, y, w, h = box
    for _ in range(7):
        start = int(x + rng.uniform(0, w)), int(y + rng.uniform(0, h))
        end = int(start[0] + rng.normal(0, 9)), int(start[1] + rng.normal(0, 9))
        shade = float(rng.uniform(0.12, 0.85))
        if rng.random() < 0.5:
            cv2.line(
                albedo, start, end, (shade, shade * 0.95, shade * 0.85), int(rng.integers(2, 5)), cv2.LINE_AA
            )
        else:
            cv2.circle(
                albedo, start, int(rng.integers(2, 7)), (shade, shade * 0.95, shade * 0.85), -1, cv2.LINE_AA
            )


def banner(rng: Generator, metres: tuple[float, float]) -> Skin:
    """A hanging picture of coloured shapes."""
    width, height = (round(m * PPM) for m in metres)
    cloth = np.full((height, width, 3), rng.uniform(0.1, 0.5, 3), np.float32)
    for _ in range(34):
        colour = rng.uniform(0.03, 0.85, 3).tolist()
        points = rng.uniform([0, 0], [width, height], (1, 2)) + rng.normal(
            0, width * 0.18, (int(rng.integers(3, 6)), 2)
        )
        if rng.random() < 0.4:
            cv2.circle(
                cloth, tuple(points[0].astype(int)), int(rng.integers(4, width // 5)), colour, -1, cv2.LINE_AA
            )
        else:
            cv2.fillPoly(cloth, [points.astype(np.int32)], colour, cv2.LINE_AA)
    return Skin(cloth)


def copper(
    rng: Generator, metres: tuple[float, float], ribs: int, colour: Colour = (0.17, 0.36, 0.27)
) -> Skin:
    """Green sheet metal with standing seams, patched and streaked by rain."""
    width, height = (round(m * PPM) for m in metres)
    sheet = np.clip(1 + 0.22 * stains(rng, height, width, 120, 3), 0.3, 1.9)
    streaks = stains(rng, 4, width, 40, 2)[:1]
    sheet *= np.clip(1 + 0.18 * streaks, 0.5, 1.6)
    for _ in range(width * height // 9000):  # sheets that were replaced, and hatches
        x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
        w, h = int(rng.integers(10, 50)), int(rng.integers(8, 34))
        sheet[y : y + h, x : x + w] *= rng.uniform(0.5, 1.6)
        sheet[y : y + 2, x : x + w] *= 0.5
    for rib in range(ribs):
        x = int((rib + 0.5) * width / ribs)
        sheet[:, x : x + 3] *= 1.5
        sheet[:, x + 3 : x + 6] *= 0.5
    for y in range(int(height * 0.12), height, max(18, height // 9)):
        sheet[y : y + 2] *= 0.6
    return Skin((np.clip(sheet, 0.1, 2.2)[..., None] * np.array(colour, np.float32)).astype(np.float32))


def clock(rng: Generator, side: float, hour: int, minute: int, colour: Colour) -> Skin:
    """A square of tower wall with a lit clock that shows `hour`:`minute`."""
    albedo = ashlar(rng, (side, side), colour, (0.8, 0.35))
    glow = np.zeros_like(albedo)
    size = albedo.shape[0]
    middle, radius = (size // 2, size // 2), int(size * 0.4)
    cv2.circle(albedo, middle, radius + 7, (0.5, 0.42, 0.2), -1, cv2.LINE_AA)
    cv2.circle(albedo, middle, radius, (0.75, 0.73, 0.62), -1, cv2.LINE_AA)
    cv2.circle(glow, middle, radius, (0.4, 0.37, 0.25), -1, cv2.LINE_AA)
    hands = [(2 * np.pi * k / 12, 0.84, 0.97, 5 if k % 3 == 0 else 3) for k in range(12)]
    hands += [
        (2 * np.pi * minute / 60, -0.15, 0.82, 4),
        (2 * np.pi * (hour + minute / 60) / 12, -0.1, 0.52, 7),
    ]
    for angle, start, end, thick in hands:
        way = np.array([np.sin(angle), -np.cos(angle)]) * radius
        ends = [tuple((np.array(middle) + way * k).astype(int)) for k in (start, end)]
        for picture in (albedo, glow):
            cv2.line(picture, ends[0], ends[1], (0.02, 0.02, 0.02), thick, cv2.LINE_AA)
    return Skin(albedo, glow)


def tree(rng: Generator, metres: tuple[float, float]) -> Skin:
    """A crown of leaves on a trunk, with holes where there is none."""
    width, height = (round(m * PPM) for m in metres)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    crown = 1.15 - np.hypot((x - width / 2) / (width / 2), (y - height * 0.42) / (height * 0.42))
    alpha = (crown + 0.28 * stains(rng, height, width, 48, 3) > 0.15).astype(np.float32)
    alpha[int(height * 0.7) :, width // 2 - 5 : width // 2 + 5] = 1
    leaf = np.clip(1 + 0.45 * stains(rng, height, width, 24, 3), 0.1, 2.2)[..., None]
    return Skin((leaf * np.array([0.05, 0.085, 0.03], np.float32)).astype(np.float32), None, alpha)


def battlement(rng: Generator, metres: tuple[float, float], colour: Colour) -> Skin:
    """A brick wall with merlons along its top."""
    albedo = ashlar(rng, metres, colour, (0.42, 0.16))
    height, width = albedo.shape[:2]
    alpha = np.ones((height, width), np.float32)
    step = int(1.5 * PPM)
    for x in range(0, width, step):
        alpha[: int(0.9 * PPM), x + step // 2 + int(rng.integers(-3, 4)) : x + step] = 0
    albedo[int(0.9 * PPM) : int(1.05 * PPM)] = np.array(colour) * 1.5
    return Skin(albedo, None, alpha)
