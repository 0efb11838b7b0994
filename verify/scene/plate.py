"""What stays and what moves in one clip: a background plate, and the things that move in front of it.

What it does: it removes the camera's shake, works out what the place looks like without anything that
moves (the plate), and follows each thing that stands out against it: when it is seen, where, and how clearly.

How: frames of one view are laid on the first of them (see steady). The plate is the median over time of a
bounded number of frames, pixel by pixel. The noise of each pixel is the smaller of two robust measures: the
spread of its values about the plate, and their changes from one picture to the next; leaves, flags and
water do both, a thing that crosses slowly only the first. Each frame is held against the plate twice: with
the brightness of the whole picture fitted, and with that of each small neighbourhood, which leaves compact
things and takes out the light that they carry. What then still differs by several times the noise, and by a
minimum in grey levels, is foreground (see spots). It is followed from frame to frame (see chains), and what
does not last is dropped as noise (see movers). Moments of a flash are left out.

Limits: what stands still for more than half of a stretch is part of the plate. What is fainter than the
noise, or smaller than a few pixels at the size that is looked at, is not seen. Shadows, reflections, smoke,
flags, water, trees in the wind, flickering lamps and the light of a torch on a wall move too and are listed
where they stand out; they are not told apart from people or vehicles, beyond whether they have a clear
edge. Touching things are one: the box of somebody who carries a torch may hold the lit wall beside them,
and somebody in smoke is lost in it. A camera that walks or pans quickly gives no plate; the notes say which
seconds were left out.

Error rates: see tests/scene; no published figure covers footage by hand at night.

Source: median background subtraction, B. Lo and S. Velastin, "Automatic congestion detection system for
underground platforms" (ISIMP 2001, doi:10.1109/ISIMP.2001.925356); R. Cucchiara et al., "Detecting moving
objects, ghosts, and shadows in video streams" (IEEE TPAMI 25(10), 2003, doi:10.1109/TPAMI.2003.1233909).
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.model import Span
from verify.scene.steady import laid_back, seen, slope

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    from verify.settings import SceneSettings


@dataclass(frozen=True, eq=False, slots=True)
class Laid:
    """One frame of a stretch, laid on the stretch's first frame."""

    time: Fraction
    end: Fraction
    luma: NDArray[np.uint8]  # (h, w), displayed, reduced
    affine: NDArray[np.float64]  # (2, 3) pixels of the first frame -> pixels of this one


@dataclass(frozen=True, eq=False, slots=True)
class Plate:
    """One stretch of a clip without what moves, as its first frame's camera shows it."""

    time: Fraction  # of the first frame
    span: Span
    luma: NDArray[np.uint8]  # (h, w), displayed, reduced
    noise: NDArray[np.float32]  # (h, w) grey levels, one standard deviation after light smoothing
    detail_noise: NDArray[np.float32]  # the same where each neighbourhood's brightness was fitted
    known: NDArray[np.bool_]  # (h, w) pixels that most frames show
    overlay: NDArray[np.bool_]  # (h, w) burned-in graphics: they stand still while the camera shakes
    shake: float  # pixels of this picture, root mean square about its centre


def plate_of(stretch: Sequence[Laid], settings: SceneSettings) -> Plate:
    """The plate of a stretch, from at most `plate_frames` frames spread over it."""
    step = max(1, -(-len(stretch) // settings.plate_frames))
    chosen = stretch[::step]
    shape = chosen[0].luma.shape
    raw = np.stack([laid.luma for laid in chosen])
    stack = np.stack([laid_back(laid.luma, laid.affine) for laid in chosen])
    luma = _median(stack)
    views = np.mean([seen(laid.affine, shape, settings.plate_margin) for laid in chosen], axis=0)
    shake = _shake([laid.affine for laid in stretch], shape)
    overlay = _overlay(raw, shake, settings)
    return Plate(
        stretch[0].time,
        Span(stretch[0].time, stretch[-1].end),
        luma,
        *_noise(stack, luma, settings),
        views >= settings.plate_known,
        # On the plate, graphics wander as the camera shakes.
        np.any([laid_back(overlay, laid.affine) > 0 for laid in chosen], axis=0),
        shake,
    )


def departures(
    laid: Laid, plate: Plate, settings: SceneSettings
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Grey levels by which a frame differs from the plate, (h, w) float32, smoothed.

    Returns:
        With the picture's overall brightness fitted; and with the brightness of each small neighbourhood
        fitted, which leaves compact things and takes out light, shadow and thin smoke.
    """
    frame = laid_back(laid.luma, laid.affine)
    gain, offset = _brightness(frame, plate, settings)
    seen_now, still = _smooth(frame.astype(np.float32)), _smooth(plate.luma.astype(np.float32))
    whole = cv2.addWeighted(seen_now, 1.0, still, -gain, -offset)
    return np.asarray(whole, np.float32), _detail(seen_now, still, settings)


def _smooth(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(picture, (5, 5), 1.0), np.float32)


def _median(stack: NDArray[np.uint8]) -> NDArray[np.uint8]:
    middle = len(stack) // 2
    return np.asarray(np.partition(stack, middle, axis=0)[middle], np.uint8)


def _detail(
    frame: NDArray[np.float32], still: NDArray[np.float32], settings: SceneSettings
) -> NDArray[np.float32]:
    side = 2 * round(settings.detail_reach * max(frame.shape)) + 1
    gain = cv2.blur(frame, (side, side)) / np.maximum(cv2.blur(still, (side, side)), 1.0)
    return np.asarray(frame - gain * still, np.float32)


def _noise(
    stack: NDArray[np.uint8], luma: NDArray[np.uint8], settings: SceneSettings
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Noise of both departures, with what a small error of the laying would add."""
    still = _smooth(luma.astype(np.float32))
    whole, detail = np.empty(stack.shape, np.int16), np.empty(stack.shape, np.int16)
    for index, picture in enumerate(stack):
        frame = _smooth(picture.astype(np.float32))
        # In eighths of a grey level: a rank of short integers is far cheaper than one of floats.
        whole[index] = 8 * (frame - still)
        detail[index] = 8 * _detail(frame, still, settings)
    error = settings.laying_error * slope(luma)
    return _deviation(whole, error, settings), _deviation(detail, error, settings)


def _deviation(
    away: NDArray[np.int16], error: NDArray[np.float32], settings: SceneSettings
) -> NDArray[np.float32]:
    """Noise of each pixel: the smaller of its spread, and of its changes from one picture to the next.

    What crosses a place slowly spreads its values and seldom changes them; leaves, flags and water do both.
    """
    spread = _rank(np.abs(away), settings) / 8
    if len(away) > 2:
        spread = np.minimum(spread, _rank(np.abs(np.diff(away, axis=0)), settings) / (8 * np.sqrt(2)))
    level = np.maximum(cv2.blur(spread.astype(np.float32), (7, 7)), settings.noise_floor)
    return np.asarray(np.sqrt(level**2 + error**2), np.float32)


def _rank(sizes: NDArray[np.int16], settings: SceneSettings) -> NDArray[np.float64]:
    """Standard deviation by a low quantile of absolute values, as if they were normal."""
    place = int(settings.noise_quantile * (len(sizes) - 1))
    usual = NormalDist().inv_cdf((1 + settings.noise_quantile) / 2)
    return np.asarray(np.partition(sizes, place, axis=0)[place] / usual)


def _brightness(frame: NDArray[np.uint8], plate: Plate, settings: SceneSettings) -> tuple[float, float]:
    """Gain and offset that bring the plate to the frame: most phones' exposure drifts."""
    here = plate.known[::6, ::6]
    x = plate.luma[::6, ::6][here].astype(np.float64)
    y = frame[::6, ::6][here].astype(np.float64)
    usable = (x < 245) & (y < 245)
    x, y = x[usable], y[usable]
    gain, offset = 1.0, 0.0
    if len(x) < 50:
        return gain, offset
    for _ in range(3):
        error = y - gain * x - offset
        offset += float(np.median(error))
        error = np.abs(y - gain * x - offset)
        near = error <= max(3.0, 2.5 * float(np.median(error)))
        spread = float(x[near].var())
        if spread < 25.0:
            continue
        fitted = float(((x[near] - x[near].mean()) * (y[near] - y[near].mean())).mean() / spread)
        gain = min(max(fitted, settings.gain_least), 1 / settings.gain_least)
        offset = float(y[near].mean() - gain * x[near].mean())
    return gain, offset


def _shake(affines: Sequence[NDArray[np.float64]], shape: tuple[int, ...]) -> float:
    centre = np.array([shape[1] / 2, shape[0] / 2, 1.0])
    places = np.array([affine @ centre for affine in affines])
    return float(np.sqrt(places.var(axis=0).sum()))


def _overlay(raw: NDArray[np.uint8], shake: float, settings: SceneSettings) -> NDArray[np.uint8]:
    """1 where edges stand still although the camera shakes; nothing can be told of one that does not."""
    if shake < settings.overlay_shake:
        return np.zeros(raw.shape[1:], np.uint8)
    still = _median(raw)
    # Nearly always, not mostly: a hand may rest for half of the time.
    rank = int(settings.overlay_always * (len(raw) - 1))
    away = np.partition(np.abs(raw.astype(np.int16) - still).astype(np.uint8), rank, axis=0)[rank]
    edge = slope(still)
    fixed = (edge > settings.overlay_edge) & (away * 3.0 < edge * min(shake, 2.0))
    fixed = cv2.morphologyEx(fixed.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    fixed = cv2.morphologyEx(fixed, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(fixed, connectivity=8)
    large = np.flatnonzero(stats[:, cv2.CC_STAT_AREA] >= settings.overlay_area)
    fixed = np.isin(labels, large[large > 0]).astype(np.uint8)
    return np.asarray(cv2.dilate(fixed, np.ones((7, 7), np.uint8)))
