"""Frame by frame: where exactly a common stretch lies, how fast it runs, at which frames it starts and ends.

The votes of `align` work on twelve pictures a second. Here all frames of both clips are decoded around
the start and the end of the stretch, the shared part of each is drawn on a small grid, and what stands
still is taken away. Every frame of the one then has a frame of the other that it is most like,
between two frames where a parabola through their correlations says so. The median of these pairs gives
the offset, their slope the speed; and where b's frames stop to be a's own, the stretch ends (copies.ends).

Limits: where nothing moves no frame is told from its neighbours, and the stretch stays where the votes put
it, with their uncertainty. A frame rate that was lowered leaves up to half a frame open.

Error rates: tests/benchmarks/results has the starts and offsets of made copies; see `verify validate`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from verify.copies import ends
from verify.copies.line import Line
from verify.copies.window import grids, part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from verify.copies.line import Stretch
    from verify.copies.window import Grids, Part
    from verify.model import Media
    from verify.settings import CopySettings


@dataclass(frozen=True, slots=True)
class Exact:
    """A stretch as its frames place it."""

    stretch: Stretch
    uncertainty: float | None  # seconds, of the offset; None where nothing moved, and the votes' place stands
    # How b's seconds follow a's at the start and at the end, where frames near each other run as they were
    # filmed though the stretch as a whole does not: something was taken out or put in between.
    as_filmed: tuple[Line, Line] | None = None


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
    grid = grids(matrix)
    if grid is None:
        return Exact(found, None)
    parts = [
        each
        for window in _windows(found, settings)
        if (each := part(a, b, grid, found.line, window, settings)) is not None
    ]
    frame = _frame(a, b)
    here, own, whole = _pairs(parts, found, settings)
    if len(here) < settings.exact_frames:
        return Exact(found, None)
    line, uncertainty = _line(here, own, whole, found, frame, settings)
    filmed = None if abs(line.slope) == 1 else _as_filmed(here, own, line.inverse().slope, settings)
    return Exact(_cut(a, b, grid, parts, replace(found, line=line), settings), uncertainty, filmed)


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


def _line(
    here: NDArray[np.float64],
    own: NDArray[np.float64],
    whole: NDArray[np.float64],
    found: Stretch,
    frame: float,
    settings: CopySettings,
) -> tuple[Line, float]:
    """How b's time follows a's by the frames, and how far it may be off."""
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


def _as_filmed(
    here: NDArray[np.float64], own: NDArray[np.float64], slope: float, settings: CopySettings
) -> tuple[Line, Line] | None:
    """The lines of the first and last frames as filmed, where frames near each other keep no other slope."""
    even, (least, most) = float(np.sign(slope)), settings.exact_near
    run, rise = here[None] - here[:, None], own[None] - own[:, None]
    near = (run > least) & (run < most)
    if not near.any():
        return None
    off, plain = (float(np.median(np.abs(rise - each * run)[near])) for each in (slope, even))
    if plain * settings.exact_plainer >= off:
        return None
    first, last = (
        Line(even, float(np.median((own - even * here)[each]))).inverse()
        for each in (here <= here.min() + most, here >= here.max() - most)
    )
    # Of a clip that runs backwards the last frames are the first of a.
    return (first, last) if even > 0 else (last, first)


def _halves(times: NDArray[np.float64]) -> tuple[int, int]:
    """How many lie in the first and in the second half of their time."""
    middle = (times.min() + times.max()) / 2
    return int((times <= middle).sum()), int((times > middle).sum())


def _pairs(
    parts: list[Part], found: Stretch, settings: CopySettings
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Start times of frames of b that tell, of what they show in a, and of a's frame that is most like it."""
    here: list[float] = []
    own: list[float] = []
    whole: list[float] = []
    back = found.line.inverse()
    for each in parts:
        expected = back.at(each.b_times)
        # What stands still is taken away over the seconds that both have.
        common = (each.a_times >= expected.min()) & (each.a_times <= expected.max())
        if not common.any():
            continue
        ours, theirs = each.ours - each.ours[common].mean(axis=0), each.theirs - each.theirs.mean(axis=0)
        strong = np.linalg.norm(theirs, axis=1) / theirs.shape[1] ** 0.5
        norms = np.linalg.norm(theirs, axis=1)[:, None] * np.linalg.norm(ours, axis=1)[None]
        likeness = (theirs @ ours.T) / np.maximum(norms, 1e-3)
        for row, time, near, moves in zip(likeness, each.b_times, expected, strong, strict=True):
            close = np.flatnonzero(np.abs(each.a_times - near) <= settings.exact_reach)
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
            gap = each.a_times[after] - each.a_times[after - 1]
            here.append(float(time))
            own.append(float(each.a_times[top] + part_of * gap))
            whole.append(float(each.a_times[top]))
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
    a: Media, b: Media, grid: Grids, parts: list[Part], found: Stretch, settings: CopySettings
) -> Stretch:
    """The stretch, cut where the frames of b stop to show those of a, or where a clip ends."""
    back, frame = found.line.inverse(), _frame(a, b)
    b_end = float(b.duration or 0)
    edges = sorted((back.at(0.0), back.at(b_end)))
    limits = max(0.0, edges[0]), min(float(a.duration or 0), edges[1])
    start, stop = (
        _end(a, b, grid, each, found, limits, side, settings)
        for each, side in ((parts[0], -1), (parts[-1], 1))
    )
    if stop - start < frame:
        return found
    there = sorted((found.line.at(start), found.line.at(stop)))
    return replace(found, a=(start, stop), b=(max(0.0, there[0]), min(b_end, there[1])))


def _end(
    a: Media,
    b: Media,
    grid: Grids,
    seen: Part,
    found: Stretch,
    limits: tuple[float, float],
    side: int,
    settings: CopySettings,
) -> float:
    """The second of a at which a stretch ends, more frames taken up as long as all agree."""
    back, frame = found.line.inverse(), _frame(a, b)
    last, other, span = limits[side > 0], found.a[side < 0], found.a
    for _ in range(settings.ends_steps):
        ended = ends.end(seen, back, frame, span, side, settings)
        if ended.amiss:
            # The votes went on where the pictures are merely alike: ask further in.
            near = span[side > 0] - side * settings.exact_inner
            if side * (near - other) < settings.exact_inner:
                return found.a[side > 0]
            span = (span[0], near) if side > 0 else (near, span[1])
            window = sorted((near, near - side * settings.exact_inner))
        elif not ended.open or side * (last - ended.at) <= settings.exact_slack:
            break
        else:
            span = (span[0], ended.at) if side > 0 else (ended.at, span[1])
            window = sorted((ended.at, ended.at + side * settings.ends_step))
        more = part(a, b, grid, found.line, (max(0.0, window[0]), window[1]), settings)
        seen = seen if more is None else seen.joined(more)
        if more is None:
            break
    return last if side * (last - ended.at) <= settings.exact_slack else ended.at
