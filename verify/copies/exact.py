"""Frame by frame: where exactly a common stretch lies, how fast it runs, at which frames it starts and ends.

The votes of `align` work on twelve pictures a second. Here all frames of both clips are decoded around
the start and the end of the stretch, the shared part of each is drawn on a small grid, and what stands
still is taken away. Every frame of the one then has a frame of the other that it is most like,
between two frames where a parabola through their correlations says so. The median of these pairs gives
the offset, their slope the speed; and where the pictures stop being alike, the stretch stops.

Limits: where nothing moves no frame is told from its neighbours, and the stretch stays where the votes put
it, with their uncertainty. A frame rate that was lowered leaves up to half a frame open.

Error rates: tests/benchmarks/results has the starts and offsets of made copies; see `verify validate`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.copies.line import Line
from verify.geometry import fit
from verify.media import frames

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from verify.copies.line import Stretch
    from verify.model import Media
    from verify.settings import CopySettings

_GRID = 40  # cells on a side of the shared part


@dataclass(frozen=True, slots=True)
class Exact:
    """A stretch as its frames place it."""

    stretch: Stretch
    uncertainty: float | None  # seconds, of the offset; None where nothing moved, and the votes' place stands


@dataclass(frozen=True, eq=False, slots=True)
class _Part:
    """All frames of both around one place, on the grid."""

    a_times: NDArray[np.float64]  # (n,) seconds, starts of frames
    b_times: NDArray[np.float64]  # (k,)
    likeness: NDArray[np.float32]  # (k, n) correlation of what moves, -1 to 1
    moves: NDArray[np.float32]  # (k,) grey levels rms of what moves in b's frames


def place(a: Media, b: Media, matrix: NDArray[np.float64], found: Stretch, settings: CopySettings) -> Exact:
    """Place a stretch by its frames.

    Args:
        a: the first clip.
        b: the second.
        matrix: (3, 3) a -> b in fractions.
        found: the stretch as the votes place it.
        settings: of this room.

    Raises:
        UnreadableMediaError: a picture could not be decoded.
    """
    grids = _grids(matrix)
    if grids is None:
        return Exact(found, None)
    parts = [
        part
        for low, high in _windows(found, settings)
        if (part := _part(a, b, grids, found.line, (low, high), settings)) is not None
    ]
    line, uncertainty = _line(parts, found, _frame(a, b), settings)
    if uncertainty is None:
        return Exact(found, None)
    ends = float(a.duration or 0), float(b.duration or 0)
    return Exact(_cut(parts, replace(found, line=line), ends, _frame(a, b), settings), uncertainty)


def _frame(a: Media, b: Media) -> float:
    """Seconds of a frame of the slower clip."""
    rates = [float(each.video.frame_rate) for each in (a, b) if each.video and each.video.frame_rate]
    return 1 / min(rates) if rates else 0.04


def _windows(found: Stretch, settings: CopySettings) -> Iterator[tuple[float, float]]:
    """Seconds of a around the start and the end; all of it where it is short."""
    start, stop = found.a
    inner, outer = settings.exact_inner, settings.exact_outer
    if stop - start <= 3 * inner:
        yield max(0.0, start - outer), stop + outer
        return
    yield max(0.0, start - outer), start + inner
    yield stop - inner, stop + outer


def _grids(matrix: NDArray[np.float64]) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
    """One grid over the shared part, in fractions of a and of b, (p, 2) each."""
    shared = fit.shared_boxes(matrix)
    if shared is None:
        return None
    box = shared[1]
    steps = (np.arange(_GRID) + 0.5) / _GRID
    spots = np.stack(np.meshgrid(box.x + steps * box.width, box.y + steps * box.height), -1).reshape(-1, 2)
    there = fit.carry(fit.inverse(matrix), spots)
    with np.errstate(invalid="ignore"):
        inside = np.all((there >= 0) & (there <= 1), axis=1)
    if inside.sum() < _GRID:
        return None
    return there[inside].astype(np.float32), spots[inside].astype(np.float32)


def _part(
    a: Media,
    b: Media,
    grids: tuple[NDArray[np.float32], NDArray[np.float32]],
    line: Line,
    window: tuple[float, float],
    settings: CopySettings,
) -> _Part | None:
    reach = settings.exact_reach
    ours = _drawn(a, grids[0], (window[0] - reach, window[1] + reach))
    there = sorted((line.at(window[0]), line.at(window[1])))
    theirs = _drawn(b, grids[1], (there[0], there[1]))
    if len(ours[0]) < 3 or len(theirs[0]) < 3:
        return None
    # What stands still is taken away over the seconds that both have.
    back = line.inverse().at(theirs[0])
    common = (ours[0] >= back.min()) & (ours[0] <= back.max())
    if not common.any():
        return None
    one = ours[1] - ours[1][common].mean(axis=0)
    two = theirs[1] - theirs[1].mean(axis=0)
    norms = np.linalg.norm(two, axis=1)[:, None] * np.linalg.norm(one, axis=1)[None]
    likeness = (two @ one.T) / np.maximum(norms, 1e-3)
    moves = np.linalg.norm(two, axis=1) / two.shape[1] ** 0.5
    return _Part(ours[0], theirs[0], likeness.astype(np.float32), moves.astype(np.float32))


def _drawn(
    media: Media, spots: NDArray[np.float32], window: tuple[float, float]
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Start times (n,) and grey values on the grid, mean taken away, (n, p), of all frames of a window."""
    wide = float(np.ptp(spots[:, 0])) + 1e-3
    side = int(np.clip(2 * _GRID / wide, 96, 640))
    start, end = (Fraction(max(0.0, each)).limit_denominator(1000) for each in window)
    times, rows = [], []
    for frame in frames(media.path, start=start, end=end, skip_nonref=False, threads=1):
        small = frame.shrunk(side)
        at = (spots * (small.shape[1], small.shape[0]) - 0.5).astype(np.float32)
        # An even kernel would move the picture by half a pixel, the other way in a mirrored one.
        soft = cv2.GaussianBlur(small, (3, 3), 0)
        values = cv2.remap(soft, at[:, None], None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        flat = values.astype(np.float32).ravel()
        times.append(float(frame.time))
        rows.append(flat - flat.mean())
        if len(times) >= 1000:
            break  # a clip of a thousand frames a second, or a broken clock
    return np.array(times), np.array(rows, np.float32).reshape(len(rows), len(spots))


def _line(
    parts: list[_Part], found: Stretch, frame: float, settings: CopySettings
) -> tuple[Line, float | None]:
    """How b's time follows a's by the frames, and how far it may be off; None where too few frames tell."""
    here, own, whole = _pairs(parts, found, settings)
    if len(here) < settings.exact_frames:
        return found.line, None
    back = _timed(found.line.inverse(), here, own, frame, settings)
    shift, spread = _middle(own - back.at(here))
    even_shift, even_spread = _middle(whole - back.at(here))
    # Frames that were copied one by one lie on each other to the microsecond; others between two frames.
    if even_spread <= settings.exact_grid * frame:
        shift, spread = even_shift, even_spread
    return Line(back.slope, back.origin + shift).inverse(), max(frame / 2, spread)


def _timed(
    back: Line, here: NDArray[np.float64], own: NDArray[np.float64], frame: float, settings: CopySettings
) -> Line:
    """The line of a's seconds by b's, its slope as the frames at both ends of the stretch have it."""
    centre, span = float(np.median(here)), float(np.ptp(here))
    even = float(np.sign(back.slope))
    kept = Line(even, back.at(centre) - even * centre)
    if span * abs(back.slope) < settings.exact_span or min(_halves(here)) < settings.exact_frames:
        return back
    slope = back.slope + _slope(here, own - back.at(here))
    closer = Line(slope, back.at(centre) - slope * centre)
    spread, other = _middle(own - closer.at(here))[1], _middle(own - kept.at(here))[1]
    # A drift of a frame over the stretch, or one that explains no more, is within what frames can tell.
    unsure = max(settings.exact_drift * frame, 1.5 * spread)
    plain = abs(slope - even) * span < unsure or other < settings.exact_explains * spread
    return kept if plain else closer


def _halves(times: NDArray[np.float64]) -> tuple[int, int]:
    """How many lie in the first and in the second half of their time."""
    middle = (times.min() + times.max()) / 2
    return int((times <= middle).sum()), int((times > middle).sum())


def _pairs(
    parts: list[_Part], found: Stretch, settings: CopySettings
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Start times of frames of b that tell, of what they show in a, and of a's frame that is most like it."""
    here: list[float] = []
    own: list[float] = []
    whole: list[float] = []
    back = found.line.inverse()
    for part in parts:
        expected = back.at(part.b_times)
        for row, time, near, moves in zip(part.likeness, part.b_times, expected, part.moves, strict=True):
            close = np.flatnonzero(np.abs(part.a_times - near) <= settings.exact_reach)
            if len(close) < 3 or moves < settings.exact_moves:
                continue
            top = int(close[row[close].argmax()])
            if row[top] < settings.exact_like or top in (close[0], close[-1]):
                continue
            left, peak, right = row[top - 1 : top + 2]
            if peak - min(left, right) < settings.exact_drop:
                continue
            bend = left - 2 * peak + right
            part_of = float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5)) if bend < 0 else 0.0
            after = top + (part_of > 0)
            gap = part.a_times[after] - part.a_times[after - 1]
            here.append(float(time))
            own.append(float(part.a_times[top] + part_of * gap))
            whole.append(float(part.a_times[top]))
    return np.array(here), np.array(own), np.array(whole)


def _middle(values: NDArray[np.float64]) -> tuple[float, float]:
    """The median to the microsecond, and the spread about it as a normal distribution has it."""
    middle = round(float(np.median(values)), 6)
    return middle, 1.48 * float(np.median(np.abs(values - middle)))


def _slope(times: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    """The median slope over pairs in different halves of the time (Theil 1950)."""
    order = np.argsort(times)
    half = len(order) // 2
    first, second = order[:half], order[half:]
    run = times[second][None] - times[first][:, None]
    rise = values[second][None] - values[first][:, None]
    far = run > 0.5 * np.ptp(times)
    return float(np.median((rise / np.where(far, run, 1))[far])) if far.any() else 0.0


def _cut(
    parts: list[_Part], found: Stretch, ends: tuple[float, float], frame: float, settings: CopySettings
) -> Stretch:
    """The stretch, cut where the frames of b stop to show those of a, or where a clip ends."""
    back = found.line.inverse()
    edges = sorted((back.at(0.0), back.at(ends[1])))
    first, last = max(0.0, edges[0]), min(ends[0], edges[1])
    start = _change(parts[0], found.a[0], -1, back, frame, settings)
    stop = _change(parts[-1], found.a[1], 1, back, frame, settings)
    start = first if start - first <= settings.exact_slack else start
    stop = last if last - stop <= settings.exact_slack else stop
    start, stop = max(start, first), min(stop, last)
    if stop - start < frame:
        return found
    there = sorted((found.line.at(start), found.line.at(stop)))
    return replace(found, a=(start, stop), b=(max(0.0, there[0]), min(ends[1], there[1])))


def _change(part: _Part, near: float, side: int, back: Line, frame: float, settings: CopySettings) -> float:
    """The second of a, near a given one, beyond which b's frames are not a's; that one where none tells.

    `side` is 1 where the stretch lies before it and -1 where it lies after it.
    """
    middles = back.at(part.b_times + np.gradient(part.b_times) / 2)
    gaps = np.abs(part.a_times[None] - back.at(part.b_times)[:, None])
    known = (gaps <= 0.75 * frame).any(axis=1)
    alike = np.where(gaps <= 0.75 * frame, part.likeness, -1.0).max(axis=1)
    aside = part.likeness[gaps > settings.exact_reach / 2]
    outward = side * (middles - near)
    use = known & (part.moves >= settings.exact_moves) & (outward < settings.exact_outer)
    if use.sum() < settings.exact_frames or not aside.size:
        return near
    order = np.argsort(outward[use])
    values, seconds = alike[use][order], middles[use][order]
    here, there = float(np.quantile(values, 0.9)), float(np.median(aside))
    # Frames that are hardly like their own, filmed off a screen, do not tell where they stop to be.
    if here < settings.sure or here - there < settings.exact_apart:
        return near
    # Where all frames agree the sum grows to its last one, and no change is seen.
    count = int(np.concatenate([[0.0], np.cumsum(values - (here + there) / 2)]).argmax())
    if count == 0:
        return near
    if count < len(seconds):
        return float((seconds[count - 1] + seconds[count]) / 2)
    return max(near, float(seconds[-1]), key=lambda each: side * each)
