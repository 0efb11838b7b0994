"""Stills: a picture against a picture, and a picture against a clip.

Two pictures are copies when one can be laid on the other so that most patches of the part that both show
agree. For a clip, the moment is looked for first: where the picture was seen to fit, the clip's tiny
pictures say roughly when, and the frames around are laid on the picture one by one. Where things move in
the clip, the picture must also agree with them at that moment, and not only with what stands still;
otherwise it may be another picture from the same place, and the answer is `same_camera`.

Limits: where nothing moves, a picture taken from the same spot at another time cannot be told from a
frame of the clip. A picture that was changed over most of its area is not found.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from verify.copies.refine import PATCH_SIDE, Laid, Moments, greys, lay
from verify.copies.rhythm import RATE, shared_rhythms
from verify.geometry.agreement import agreement
from verify.media import frames
from verify.model import Footage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from verify.copies.seeds import Seed
    from verify.fingerprint.track import Track
    from verify.model import Media
    from verify.settings import Settings

_ZERO = Fraction(0)


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """Where a still lies in another input."""

    laid: Laid
    moment: tuple[Fraction, Fraction]  # seconds of a and of b
    end: Fraction  # when the clip's frame ends; 0 for two stills
    footage: Footage
    because: str


def two_stills(a: Media, b: Media, seeds: Sequence[Seed], settings: Settings) -> Found | None:
    """The better of the ways to lay one still on the other, or None."""
    moments: Moments = ((_ZERO, _ZERO),)
    laid = [lay(a, b, seed.matrix, moments, settings) for seed in seeds[: settings.copies.still_seeds]]
    best = max((each for each in laid if each), key=lambda each: each.agreement.mean, default=None)
    if best is None:
        return None
    footage = Footage.ESTABLISHED if _agrees(best, settings) else Footage.NOT_DETERMINED
    return Found(best, (_ZERO, _ZERO), _ZERO, footage, _words(best))


def in_clip(
    clip: tuple[Media, Track], still: tuple[Media, Track], seeds: Sequence[Seed], settings: Settings
) -> Found | None:
    """The moment of a clip that a still shows, or None. Seeds and answer have the clip as a."""
    picture = greys(still[0], [_ZERO], PATCH_SIDE)
    if not picture:
        return None
    tried = []
    for seed in seeds[: settings.copies.still_seeds]:
        try:
            moving, held = shared_rhythms(clip[1], still[1], seed.matrix, clip[1].end)
        except ValueError:
            continue
        near = _nearest(moving.plain, held.plain[0]) / RATE + moving.start
        time, end = _frame(clip[0], near, picture[0], seed.matrix, settings)
        laid = lay(clip[0], still[0], seed.matrix, ((time, _ZERO),), settings)
        if laid is not None:
            tried.append((laid, time, end))
    if not tried:
        return None
    laid, time, end = max(tried, key=lambda each: each[0].agreement.mean)
    if not _agrees(laid, settings):
        return Found(laid, (time, _ZERO), end, Footage.NOT_DETERMINED, _words(laid))
    footage, because = _footage(clip[1], still[1], laid, float(time), settings)
    return Found(laid, (time, _ZERO), end, footage, f"{_words(laid)}; {because}")


def _agrees(laid: Laid, settings: Settings) -> bool:
    found = laid.agreement
    return found.share >= settings.copies.still_share and found.patches >= settings.copies.still_patches


def _words(laid: Laid) -> str:
    found = laid.agreement
    return f"{found.share:.0%} of {found.patches} textured patches agree when one is laid on the other"


def _nearest(rows: NDArray[np.float32], still: NDArray[np.float32]) -> int:
    one = rows - rows.mean(axis=1, keepdims=True)
    two = still - still.mean()
    power = np.sqrt((one**2).sum(axis=1) * (two**2).sum())
    return int(((one @ two) / np.maximum(power, 1e-6)).argmax())


def _frame(
    clip: Media, near: float, still: NDArray[np.uint8], matrix: NDArray[np.float64], settings: Settings
) -> tuple[Fraction, Fraction]:
    """Start and end of the frame around `near` that agrees best with the still."""
    reach = settings.copies.still_reach
    start = Fraction(max(0.0, near - reach)).limit_denominator(1000)
    stop = Fraction(near + reach).limit_denominator(1000)
    best, found = -1.0, (start, start)
    for frame in frames(clip.path, start=start, end=stop, skip_nonref=False):
        luma = frame.shrunk(PATCH_SIDE)
        value = agreement(luma, still, matrix, settings.geometry).mean
        if value > best:
            best, found = value, (frame.time, frame.end)
    return found


def _footage(clip: Track, still: Track, laid: Laid, time: float, settings: Settings) -> tuple[Footage, str]:
    """Whether what moves in the clip agrees with the still at that moment."""
    try:
        moving, held = shared_rhythms(clip, still, laid.matrix, clip.end)
    except ValueError:
        return Footage.NOT_DETERMINED, "the shared part is too small to compare what moves"
    row = int(np.clip(round((time - moving.start) * RATE), 0, len(moving.plain) - 1))
    usual = np.median(moving.plain, axis=0)
    cells = moving.plain.std(axis=0) >= settings.copies.still_moves
    apart = np.abs(moving.plain[row] - usual)[cells]
    if cells.sum() < settings.copies.still_moving_cells or apart.mean() < settings.copies.still_moves / 2:
        return Footage.ESTABLISHED, "nothing in the clip moves that could tell this moment from others"
    one = (moving.plain[row] - usual)[cells]
    # The still's brightness and contrast are brought to the clip's by a line through all cells.
    slope, level = np.polyfit(held.plain[0], moving.plain[row], 1)
    two = (held.plain[0] * slope + level - usual)[cells]
    value = float(np.corrcoef(one, two)[0, 1]) if one.std() > 0 and two.std() > 0 else 0.0
    words = f"what moves in the clip agrees with the picture at that moment with a correlation of {value:.2f}"
    return (Footage.ESTABLISHED if value >= settings.copies.still_agrees else Footage.REFUTED), words
