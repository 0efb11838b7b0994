"""At which frame a common stretch ends: where b's frames stop to be nearer a's own than a's a moment aside.

Every cell of the grid is asked which of three frames of a a frame of b is nearest there: the one that the
stretch puts beside it, or one of two a moment before and after. Each counts by how far these three lie apart,
so that what stands still says nothing, and a caption no more than the cells it covers. Inside the stretch
nearly all movement speaks for a's own frame; other footage, another moment and a picture that was frozen get
no more than chance.

What stands still speaks for no end, so a stretch reaches over it until something speaks against it.

Limits: where nothing moves no end is seen; a dissolve ends where half of it is gone.

Error rates: see copies.exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify.copies.line import Line
    from verify.copies.window import Part
    from verify.settings import CopySettings


@dataclass(frozen=True, eq=False, slots=True)
class Told:
    """What b's frames say, in the order of time."""

    seconds: NDArray[np.float64]  # (m,) of a, the frames' middles
    own: NDArray[np.float64]  # (m,) share of the movement that is nearest a's own frame, 0 to 1
    clear: NDArray[np.float64]  # (m,) how clearly what moves stands out, 0 (does not tell) to 1
    moving: int  # frames in which something moves, however clearly


@dataclass(frozen=True, slots=True)
class End:
    """Where a stretch ends."""

    at: float  # second of a
    seen: bool  # whether frames on both sides of it tell so
    open: bool = False  # whether all frames up to the outermost agree, so that it may lie further out
    amiss: bool = False  # whether no frame agrees, so that it may lie further in


def end(
    part: Part, back: Line, frame: float, span: tuple[float, float], side: int, settings: CopySettings
) -> End:
    """Where the stretch ends.

    Args:
        part: all frames around one end.
        back: a's seconds by b's.
        frame: seconds of a frame of the slower clip.
        span: seconds of a that the stretch is thought to hold.
        side: 1 to ask where it stops, -1 where it starts.
        settings: of this room.
    """
    found = _end(_told(part, back, frame, span, settings), span[side > 0], side, settings)
    if not found.seen:
        return found
    # Once more by what differs throughout the stretch that this leaves.
    closer = (span[0], found.at) if side > 0 else (found.at, span[1])
    again = _end(_told(part, back, frame, closer, settings), found.at, side, settings)
    return again if again.seen else found


def _told(part: Part, back: Line, frame: float, span: tuple[float, float], settings: CopySettings) -> Told:
    """What each of b's frames is nearest to."""
    expected = back.at(part.b_times)
    here = _nearest(part.a_times, expected)
    shown = np.abs(part.a_times[here] - expected) <= 0.75 * frame
    inside = shown & (expected >= span[0] - 1e-6) & (expected < span[1] - 1e-6)
    inside = inside if inside.sum() >= settings.exact_frames else shown
    gain, apart = difference(part.ours[here][inside], part.theirs[inside])
    ours, theirs = part.ours * gain, part.theirs - apart
    own, moves = np.full(len(here), np.nan), np.zeros(len(here))
    for row in np.flatnonzero(shown):
        own[row], moves[row] = _own(theirs[row], ours, part.a_times, here[row], expected[row], settings)
    left = np.median(np.abs(theirs - ours[here]), axis=1)
    noise = float(np.quantile(left[inside], 0.25)) if inside.any() else 0.0
    # What moves less than compression leaves tells nothing, but for pictures that are other ones altogether.
    tells = moves >= max(gain * settings.exact_moves, settings.ends_noise * noise)
    other = ~tells & (left > settings.ends_other * max(noise, gain * settings.exact_moves))
    stands = _frozen(theirs, ours[here], part.b_times, settings)
    own[other | stands] = 0.0
    middles = back.at(part.b_times + np.gradient(part.b_times) / 2)
    seen = np.flatnonzero(shown & np.isfinite(own))
    order = seen[np.argsort(middles[seen])]
    clear = np.where(tells, np.minimum(1.0, moves / max(settings.ends_clear * noise, 1e-3)), 0.0)
    clear[other | stands] = 1.0
    return Told(middles[order], own[order], clear[order], int((moves >= gain * settings.exact_moves).sum()))


def _nearest(times: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.intp]:
    """Positions of the times nearest to those wanted."""
    after = np.clip(np.searchsorted(times, wanted), 1, len(times) - 1)
    return np.asarray(after - (wanted - times[after - 1] < times[after] - wanted))


def difference(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> tuple[float, NDArray[np.float32]]:
    """By how much what moves is stronger in b, and how much brighter b is in each cell, (p,) grey levels.

    Args:
        ours: (n, p) grey levels of a.
        theirs: (n, p) of b at the same moments.
    """
    if not len(ours):
        return 1.0, np.zeros(ours.shape[1], np.float32)
    one, two = ours - np.median(ours, axis=0), theirs - np.median(theirs, axis=0)
    gain = float(np.clip((one * two).sum() / max(float((one**2).sum()), 1e-6), 0.2, 5.0))
    return gain, np.asarray(np.median(theirs - gain * ours, axis=0), np.float32)


def _own(
    theirs: NDArray[np.float32],
    ours: NDArray[np.float32],
    times: NDArray[np.float64],
    here: np.intp,
    expected: float,
    settings: CopySettings,
) -> tuple[float, float]:
    """Share of the movement in which a frame of b is nearest a's own, and how much moves, grey levels rms."""
    close = ours[max(0, here - 1) : here + 2]
    apart = np.abs(theirs - close)
    best = int(apart.sum(axis=1).argmin())
    wanted = expected + np.array([-settings.exact_reach, settings.exact_reach])
    aside = _nearest(times, wanted)
    aside = aside[np.abs(times[aside] - wanted) <= settings.exact_reach / 3]
    if not len(aside):
        return np.nan, 0.0
    weight = np.abs(ours[aside] - close[best]).min(axis=0)
    nearer = apart[best] < np.abs(theirs - ours[aside]).min(axis=0)
    moves = float(np.sqrt((weight**2).mean()))
    return float((weight * nearer).sum() / max(float(weight.sum()), 1e-6)), moves


def _frozen(
    theirs: NDArray[np.float32],
    ours: NDArray[np.float32],
    times: NDArray[np.float64],
    settings: CopySettings,
) -> NDArray[np.bool_]:
    """Frames of b that show the picture before them on, while a's own go on."""
    stands = np.zeros(len(times), bool)
    if len(times) < 3:
        return stands
    steps = [np.sqrt((np.diff(each, axis=0) ** 2).mean(axis=1)) for each in (theirs, ours)]
    around = round(settings.ends_frozen / max(float(np.median(np.diff(times))), 1e-3))
    around = min(around, (len(times) - 2) // 2)
    usual = np.convolve(steps[1], np.ones(2 * around + 1) / (2 * around + 1), "same")
    still = (steps[0] < settings.ends_stands * usual) & (usual >= settings.exact_moves / 2)
    edges = np.flatnonzero(np.diff(np.r_[False, still, False]))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        # What a moved a moment before or after is not what it moves meanwhile.
        one, two = (float(each[first:last].mean()) for each in steps)
        goes_on = two >= settings.exact_moves / 2 and one < settings.ends_stands * two
        if goes_on and times[last] - times[first] >= settings.ends_frozen:
            stands[first + 1 : last + 1] = True
    return stands


def _end(found: Told, near: float, side: int, settings: CopySettings) -> End:
    """Where the stretch ends, thought to be near a second of a."""
    seconds = found.seconds[::side]
    values, clear = found.own[::side], found.clear[::side]
    tells = clear > 0
    if tells.sum() < settings.exact_frames:
        return End(near, seen=False, amiss=found.moving >= settings.exact_frames)
    here = float(np.quantile(values[tells], 0.75))
    if here < settings.ends_own:
        return End(near, seen=False, amiss=True)
    # Noise takes from both alike, so what hardly stands out from it is asked for less than what does.
    level = settings.ends_chance + (here - settings.ends_chance) / 2 * clear
    # Where all frames agree the sum grows to its last one, and no end is seen.
    sums = np.concatenate([[0.0], np.cumsum(np.where(tells, values - level, 0.0))])
    count = len(sums) - 1 - int(sums[::-1].argmax())
    # What stands still speaks for nothing: the stretch reaches over it, and the little that is amiss there.
    still = ~tells[count:]
    mostly = np.cumsum(still) >= np.cumsum(~still)
    over = np.flatnonzero(still & mostly & (sums[count + 1 :] >= sums[count] - settings.ends_told))
    count += int(over[-1]) + 1 if len(over) else 0
    if count >= len(values) - 1:
        last = float(seconds[-1])
        return End(max(near, last, key=lambda each: side * each), seen=False, open=side * last >= side * near)
    if count == 0:
        return End(near, seen=False)
    return End(float(seconds[count - 1] + seconds[count]) / 2, seen=True)
