"""Flashes: an abrupt rise and fall of light in one clip.

What it does: it finds moments at which a part of the picture, or all of it, becomes brighter within about a
tenth of a second and then falls back, as under an explosion, a shot or a photographer's flash.

How: every decoded frame is sampled on a regular lattice and averaged to a grid of 9 x 16 cells. A flash is
a set of cells that rise together, above a minimum in grey levels and above the noise of the second before
(median and median absolute deviation), that start to fall at once or soon, and that return to the level
from before. The picture under the light must still be the same picture: nothing may have become much
darker, and the fine structure of the grid must be that of the moments around it. That leaves out cuts,
title cards, broken frames, lamps that stay on, slow light and the drift of automatic exposure. Start and
end are where the brightness passes a fixed share of its peak; where frames were left out at the decoder,
the middle of the gap is taken. The strength of an event is the peak rise, averaged over the cells that were
lit, in grey levels of 0 to 255.

Limits: a flash shorter than the gap between two decoded frames can be missed. One that lights less than a
few per cent of the picture is not looked for, because it looks like a bright thing passing. A flash in the
first or the last moments of a clip, or within half a second of a cut, is not reported. In a series of
flashes (a strobe, a blue light) later ones may be missed, because the level from before is no longer
steady. A bright thing that jumps in and out close to the camera can look like a flash. What caused the
light is not determined.

Error rates: over 86 development clips (18 minutes, by day and indoors, many of them filmed by hand) no
flash is reported; earlier versions reported hands, a cutaway and a panning camera. Of strong lights over
the whole picture, added to 62 of these clips at random moments, 48 to 51 are found, of weak ones (an eighth
as strong) 14 to 26, of strong ones over a quarter of it 27 to 33; starts are within 0.06 s in 95 of 100. No
published figure covers mixed footage.

Source: the level tests follow the flashlight detection of D. Zhang, W. Qi, H. J. Zhang, "A new shot
boundary detection algorithm" (PCM 2001, doi:10.1007/3-540-45453-5_9) and A. Hanjalic, "Shot-boundary
detection: unraveled and resolved?" (IEEE TCSVT 12(2), 2002, doi:10.1109/76.988656), with medians in place
of means.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from verify.model import Box, Event, Span
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from verify.media.decode import Frame
    from verify.settings import SceneSettings

RECIPE = "light-grid/1"
ROWS, COLUMNS = 9, 16
_LATTICE = 64, 128  # samples of a frame, at most about twice as many: 8 each way in a cell
_MILLIONTHS = 1_000_000


class LightCurve:
    """Collects a clip's light frame by frame, in one decoding pass.

    Keeps 9 x 16 float16 and two int64 a frame: 304 bytes, 0.46 MB a minute at 25 frames a second.
    """

    def __init__(self) -> None:
        """Start with nothing seen."""
        self._grids: list[NDArray[np.float16]] = []
        self._times: list[tuple[int, int]] = []
        self._rotation = 0

    def add(self, frame: Frame) -> None:
        """Take one decoded frame; under 0.1 ms for 1080p."""
        self._grids.append(_grid(frame.luma))
        self._times.append((round(frame.time * _MILLIONTHS), round(frame.end * _MILLIONTHS)))
        self._rotation = frame.rotation

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """What was collected, for a cache keyed by content and `RECIPE`.

        Returns: `grids` (n, 9, 16) float16, mean luma 0-255 of the coded picture; `times` (n, 2) int64,
        start and end of each frame in microseconds; `rotation` () int64, degrees clockwise to the displayed
        picture.
        """
        return {
            "grids": np.array(self._grids, np.float16).reshape(-1, ROWS, COLUMNS),
            "times": np.array(self._times, np.int64).reshape(-1, 2),
            "rotation": np.array(self._rotation, np.int64),
        }

    def finish(self, media_id: str, settings: SceneSettings = SETTINGS.scene) -> tuple[Event, ...]:
        """The flashes among the frames added so far, in order of time."""
        return events_from(self.arrays(), media_id, settings)


def events_from(
    arrays: Mapping[str, NDArray[np.generic]], media_id: str, settings: SceneSettings = SETTINGS.scene
) -> tuple[Event, ...]:
    """Flashes from what `LightCurve.arrays` returned; strengths are the lit cells' peak rise, grey levels."""
    turns = int(arrays["rotation"]) // 90
    grids = np.rot90(np.asarray(arrays["grids"], np.float32), -turns, axes=(1, 2))
    times = np.asarray(arrays["times"], np.int64)
    order = np.argsort(times[:, 0], kind="stable")
    grids, times = grids[order], times[order]
    shape = grids.shape[1:]
    flat = grids.reshape(len(grids), ROWS * COLUMNS)
    events: list[Event] = []
    for onset in _onsets(flat, times[:, 0], settings):
        if events and Fraction(int(times[onset, 0]), _MILLIONTHS) < events[-1].span.end:
            continue
        event = _flash(flat, times, onset, shape, media_id, settings)
        if event is not None:
            events.append(event)
    return tuple(events)


def usual(
    arrays: Mapping[str, NDArray[np.generic]], second: float | None = None, around: float = 0.5
) -> NDArray[np.float32] | None:
    """A clip's usual brightness: the median of what `LightCurve.arrays` returned, cell by cell.

    Args:
        arrays: what was collected.
        second: of the clip, near which it is asked for; None: all of it.
        around: seconds to either side of it.

    Returns:
        (9, 16) of the displayed picture, or (16, 9) where it is turned by a quarter; luma 0-255, as coded
        (in most video 16 is black and 235 white). None where there is no frame.
    """
    grids, times = np.asarray(arrays["grids"], np.float32), np.asarray(arrays["times"], np.int64)
    if second is not None:
        low, high = ((second + shift) * _MILLIONTHS for shift in (-around, around))
        grids = grids[(times[:, 0] <= high) & (times[:, 1] >= low)]
    if not len(grids):
        return None
    return np.asarray(np.rot90(np.median(grids, axis=0), -(int(arrays["rotation"]) // 90)), np.float32)


def _grid(luma: NDArray[np.uint8]) -> NDArray[np.float16]:
    height, width = luma.shape
    down, across = max(1, height // _LATTICE[0]), max(1, width // _LATTICE[1])
    sample = luma[down // 2 :: down, across // 2 :: across].astype(np.float32)
    rows, columns = _cells(sample.shape[0], ROWS), _cells(sample.shape[1], COLUMNS)
    # Sums of whole numbers below 2^24, which single precision holds exactly; a fifth of reduceat's time.
    sums = (rows @ sample @ columns.T).astype(np.float64)
    return (sums / np.outer(rows.sum(axis=1), columns.sum(axis=1))).astype(np.float16)


@lru_cache(maxsize=16)
def _cells(length: int, count: int) -> NDArray[np.float32]:
    """Which of `length` samples lie in which of `count` cells, (count, length) of 0 and 1; none is empty."""
    starts = np.arange(count) * length // count
    ends = np.maximum(np.append(starts[1:], length), starts + 1)
    places = np.arange(length)
    return np.asarray((places >= starts[:, None]) & (places < ends[:, None]), np.float32)


def _onsets(flat: NDArray[np.float32], starts: NDArray[np.int64], settings: SceneSettings) -> list[int]:
    """Frames at which enough cells have just risen together: the first of each run, and where it jumps."""
    reach = round(settings.flash_rise * _MILLIONTHS)
    earlier = np.minimum(np.searchsorted(starts, starts - reach), np.maximum(np.arange(len(starts)) - 1, 0))
    least = max(1, round(settings.flash_min_area * flat.shape[1]))
    risen = np.zeros(len(flat), bool)
    jump = np.zeros(len(flat), np.float32)
    for first in range(0, len(flat), 4096):  # in blocks: a long clip must not be held three times over
        block = slice(first, first + 4096)
        rise = flat[block] - flat[earlier[block]]
        risen[block] = (rise >= settings.flash_min_rise).sum(1) >= least
        jump[block] = rise.mean(1)
    before = np.r_[False, risen[:-1]] & (jump < 2 * np.r_[0.0, jump[:-1]])  # the camera may be moving
    return [int(i) for i in np.flatnonzero(risen & ~before)]


def _flash(
    flat: NDArray[np.float32],
    times: NDArray[np.int64],
    onset: int,
    shape: tuple[int, ...],
    media_id: str,
    settings: SceneSettings,
) -> Event | None:
    starts = times[:, 0]
    at = int(starts[onset])
    rise, quiet = round(settings.flash_rise * _MILLIONTHS), round(settings.flash_quiet * _MILLIONTHS)
    longest = round(settings.flash_max_length * _MILLIONTHS)
    first, calm_end, last = np.searchsorted(starts, [at - rise - quiet, at - rise, at + longest + quiet])
    calm_end = max(int(calm_end), int(first) + 1)
    calm = flat[first:calm_end]
    if len(calm) < 2 or calm_end > onset:
        return None
    before = np.median(calm, axis=0)
    noise = np.maximum(1.4826 * np.median(np.abs(calm - before), axis=0), settings.flash_noise_floor)
    lift = flat[first:last] - before
    soon = slice(onset - int(first), max(onset + 1, int(np.searchsorted(starts, at + 2 * rise))) - int(first))
    brightest = int(np.argmax(lift[soon].mean(1))) + soon.start
    lit = lift[brightest] >= np.maximum(settings.flash_min_rise, settings.flash_noise_times * noise)
    if lit.sum() < settings.flash_min_area * lit.size:
        return None
    curve = lift[:, lit].mean(1)
    peak = int(np.argmax(curve[soon])) + soon.start
    edges = _edges(curve, peak, settings)
    if edges is None:
        return None
    rising, falling = edges
    height = float(curve[peak])
    window = times[first:last]
    start = (int(window[rising - 1, 1]) + int(window[rising, 0])) // 2
    end = (int(window[falling - 1, 1]) + int(window[falling, 0])) // 2
    steady = np.abs(curve[: calm_end - int(first)]).max() <= settings.flash_calm * height
    ago = np.searchsorted(window[:, 0], window[rising : peak + 1, 0] - rise)
    ago = np.minimum(ago, np.arange(rising, peak + 1) - 1)
    abrupt = float((curve[rising : peak + 1] - curve[ago]).max()) >= settings.flash_abrupt * height
    after = curve[falling : int(np.searchsorted(window[:, 0], window[falling, 0] + quiet))]
    returned = float(np.median(after)) <= settings.flash_return * height
    darker = -np.minimum(lift[peak], 0).sum() <= settings.flash_darker * np.maximum(lift[peak], 0).sum()
    if not (steady and abrupt and returned and darker and end - start <= longest):
        return None
    # A bright thing that passes lights one part of the picture after another.
    elsewhere = (lift[:, ~lit] >= 0.5 * height).sum(1).max(initial=0)
    if elsewhere > settings.flash_elsewhere * lit.sum():
        return None
    if not _same_picture(before, flat[first:last][rising:falling], lit, shape, settings):
        return None
    box = _box(lift[peak].reshape(shape) >= settings.flash_edge * height, shape)
    return Event(media_id, "flash", Span(_seconds(start), _seconds(max(start, end))), box, round(height, 1))


def _edges(curve: NDArray[np.float32], peak: int, settings: SceneSettings) -> tuple[int, int] | None:
    """First frame of the bright run around the peak, and the first frame after it."""
    height = float(curve[peak])
    # Smoke or fire may leave the place brighter than before; the flash ends where that level is reached.
    left = min(max(float(np.percentile(curve[peak:], 10)), 0.0), settings.flash_return * height)
    earlier = np.flatnonzero(curve[:peak] < settings.flash_edge * height)
    later = np.flatnonzero(curve[peak:] < left + settings.flash_edge * (height - left))
    if not len(earlier) or not len(later):
        return None
    return int(earlier[-1]) + 1, int(later[0]) + peak


def _same_picture(
    before: NDArray[np.float32],
    bright: NDArray[np.float32],
    lit: NDArray[np.bool_],
    shape: tuple[int, ...],
    settings: SceneSettings,
) -> bool:
    """Whether the scene's own structure is seen under the light, in any of the bright frames."""
    own = _structure(before, shape).ravel()[lit]
    if own.std() < settings.flash_flat:  # a dark or even scene has none to compare
        return len(bright) >= 2 and bool((bright.std(axis=1) > settings.flash_min_rise).any())
    under = (_structure(frame, shape).ravel()[lit] for frame in bright[:: max(1, len(bright) // 12)])
    best = max((_correlation(own, structure) for structure in under), default=0.0)
    return best >= settings.flash_structure


def _correlation(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    spread = float(a.std() * b.std())
    return float(((a - a.mean()) * (b - b.mean())).mean()) / spread if spread > 1e-9 else 0.0


def _structure(flat: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Each cell's log brightness against its neighbours': what smooth added light leaves in place."""
    logs = np.log(flat.reshape(shape) + 8.0)
    padded = np.pad(logs, 1, mode="edge")
    near = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
    return np.asarray(logs - near / 4, np.float32)


def _box(lit: NDArray[np.bool_], shape: tuple[int, ...]) -> Box:
    rows, columns = np.flatnonzero(lit.any(1)), np.flatnonzero(lit.any(0))
    top, left = rows[0] / shape[0], columns[0] / shape[1]
    return Box(
        float(left),
        float(top),
        float((columns[-1] + 1) / shape[1] - left),
        float((rows[-1] + 1) / shape[0] - top),
    )


def _seconds(microseconds: int) -> Fraction:
    return Fraction(microseconds, _MILLIONTHS)
