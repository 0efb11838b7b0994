"""The sound under the pictures that two clips share: the same recording, another, or not to be told.

A segment of pictures says which second of one clip is which of the other. The sound of both is held side by
side along it, and up to half a second beside it, for sound is often a little early or late; under reversed
pictures also backwards, and at another speed with its pitch kept or moved along.

Limits: other sound is told only where both are lively for some seconds. New sound laid over the old one as
loud as that counts as other sound where it hides it, and as the same where it does not.

Error rates: see copies.sound.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from verify.copies.hearing import Course, Sound, sound_of
from verify.copies.listening import Followed, at
from verify.fingerprint.sound import FIRST, STEP

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    from verify.copies.hearing import Rows
    from verify.fingerprint.sound import SoundTrack
    from verify.model import Segment
    from verify.settings import SoundSettings

_PACED = 0.01  # of the speed; from it on the pitch may have moved


@dataclass(frozen=True, slots=True)
class Under:
    """Intervals of b's seconds, under shared pictures, of which the sound could be told."""

    same: tuple[tuple[float, float], ...] = ()  # it is a's
    other: tuple[tuple[float, float], ...] = ()  # it is not


def under(
    one: SoundTrack | None, two: SoundTrack | None, segments: Sequence[Segment], settings: SoundSettings
) -> Under:
    """What lies under the pictures that two clips share."""
    if one is None or two is None:
        return Under()
    a, b = sound_of(one, settings), sound_of(two, settings)
    same = np.zeros(len(b.rows), bool)
    other = np.zeros(len(b.rows), bool)
    for segment in segments:
        first = _row(segment.b.start)
        along = _along(a, b, segment, settings)
        if along is None:
            continue
        for index in np.flatnonzero(along.told):
            if along.alike[index] >= settings.vote:
                _mark(same, first, along, int(index))
        clearly = _along(a, b, segment, replace(settings, lively=settings.clearly_lively))
        if clearly is not None:
            for index in np.flatnonzero(clearly.told & (_smooth(clearly, settings) < settings.unlike)):
                _mark(other, first, clearly, int(index))
    return Under(_intervals(same), _intervals(other & ~same))


def _along(a: Sound, b: Sound, segment: Segment, settings: SoundSettings) -> Followed | None:
    """The two sounds along a segment, read in the way in which most of it agrees."""
    ours = a.rows[_row(segment.a.start) : _row(segment.a.end)]
    theirs = b.rows[_row(segment.b.start) : _row(segment.b.end)]
    readings = (ours, ours[::-1]) if segment.reversed else (ours,)
    ways = (False, True) if abs(segment.speed - 1) > _PACED else (False,)
    found = [
        along
        for rows in readings
        for pitched in ways
        if (along := _read(rows, theirs, segment.speed, pitched, settings)) is not None
    ]
    return max(found, key=_agreement, default=None)


def _read(a: Rows, b: Rows, speed: float, pitched: bool, settings: SoundSettings) -> Followed | None:
    if not len(a) or not len(b):
        return None
    return at(a, b, Course(0.0, 0.0, speed, pitched), round(settings.sync / STEP), settings)


def _agreement(along: Followed) -> float:
    return float(along.alike[along.told].mean()) if along.told.any() else -1.0


def _smooth(along: Followed, settings: SoundSettings) -> NDArray[np.float64]:
    """The mean correlation around each stretch, over some seconds; those that do not tell are left out."""
    reach = max(1, round(settings.unlike_over / STEP / along.step))
    ones = np.ones(reach)
    weight = along.told.astype(float)
    counted = np.convolve(weight, ones, "full")[reach // 2 :][: len(weight)]
    summed = np.convolve(weight * along.alike, ones, "full")[reach // 2 :][: len(weight)]
    return summed / np.maximum(counted, 1.0)


def _mark(rows: NDArray[np.bool_], first: int, along: Followed, index: int) -> None:
    start = first + int(along.rows[index])
    rows[start : start + along.length] = True


def _row(seconds: Fraction) -> int:
    return max(0, round((float(seconds) - FIRST) / STEP))


def _intervals(rows: NDArray[np.bool_]) -> tuple[tuple[float, float], ...]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], rows, [False]]).astype(np.int8)))
    return tuple((float(start * STEP), float(end * STEP)) for start, end in edges.reshape(-1, 2))
