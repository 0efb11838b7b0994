"""Key frames: the trace that the encoding of one copy left in another that was made from it.

An encoder sets a key frame at regular distances, often after a second or two: a picture coded by itself,
which others are then predicted from. Its flaws are not those of the picture before it. Who encodes the clip
again codes these flaws too, and where the first encoding had a key frame the second has something new to
tell: its picture there takes up more room than those around it, although it is no key frame. A clip cannot
bear the trace of an encoding that came after it.

The packets of both files are listed; nothing is decoded. Of the one clip, those key frames are looked at that
came because the encoder's longest distance was reached: others come where the picture changes, and there
every encoding needs more room. Each is sought in the other clip by the offset and the speed of the shared
stretch, in the first frame from there on that others are predicted from, and its size compared with those of
five such frames before and five after. Frames at and beside the other's own key frames and the cuts of either
are left out. The trace is there where at least four places tell and their sizes are larger than one in a
thousand sets of places would be by chance, those of every other place as well; where key frames shifted by
other numbers of frames show nothing like it; and where the pictures are smaller than key frames, which some
files do not declare.

Limits: what left the trace is this encoding or another with key frames at the same places: an earlier one
that was cut without encoding it again, another size of the same upload, or a file that was encoded twice with
the same settings, of which this is one and the parent of the other clip the other or the file itself. A clip
with fewer than five such key frames in the shared stretch tells nothing, nor does one with key frames only
where the picture changes or at changing distances, one played backwards, or a container without times of
showing. Strong compression, noise, another size or frame rate and filming off a screen wipe the trace out:
that there is none says nothing.

Error rates: of twenty copies of ten one-minute clips 13 bear the trace, and of 33 of nine others, two of
which thresholds were chosen on, 20; no clip bears that of its copy. Of 16 copies of eight seconds with
four places to look at, most of them altered beyond their encoding, 4 do; of 2,756 unrelated pairs laid on
each other at random, 3. Between two copies of a clip, encoded with other key frames than it, 0 of 90;
where one was encoded with the distance of the clip's own key frames, 5 of 60 if it starts elsewhere and
27 of 68 if it starts where the clip does: then it cannot be told from the clip. So the trace is told, and
keeps the other from being called nearer, but decides nothing by itself.

Source: D. Vázquez-Padín, M. Fontani, T. Bianchi, P. Comesaña, A. Piva, M. Barni, "Detection of video double
encoding with GOP size estimation", WIFS 2012. There the distance of unknown key frames is estimated from
how blocks are coded; here their places are known from the other copy, and sizes suffice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from verify.media import keyframes, packets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from verify.copies.line import Line
    from verify.media import Packets
    from verify.model import Media, Span
    from verify.settings import SourceSettings

    Part = tuple[Span, Line]  # seconds of the one clip, and the other's seconds by these

_FURTHEST = 9  # frames from one that others are predicted from to the next; more are treated alike


@dataclass(frozen=True, slots=True)
class Trace:
    """How much room one clip takes up where another has its key frames, against the frames beside."""

    places: int  # key frames that could be looked at
    lift: float  # log2 of the size against those beside, mean
    rank: float  # share of those beside that are smaller, mean; 0.5 by chance
    halves: float  # likewise of every other place, the lower of two
    elsewhere: float  # share of the other shifts of the key frames that have half the lift or more
    finer: (
        float  # highest mean lift between these places, at those of key frames set 2, 3, ... times as often
    )
    own: float  # log2 of the size of the clip's own key frames, likewise, median

    def clear(self, limits: SourceSettings) -> bool:
        """Whether the clip was made from the other's encoding, or one with the same key frames."""
        deviations = (self.rank - 0.5) * (12 * self.places) ** 0.5  # a rank by chance is uniform
        return (
            self.places >= limits.gop_places
            and self.rank >= limits.gop_rank
            and deviations >= limits.gop_sure
            and self.halves >= limits.gop_halves
            and self.elsewhere <= limits.gop_elsewhere
            and self.finer < self.lift / 2
            and limits.gop_lift <= self.lift <= limits.gop_intra * self.own
        )


@dataclass(frozen=True, eq=False, slots=True)
class _Frames:
    """The frames of a clip that others are predicted from, and how each compares with those beside."""

    times: NDArray[np.float64]  # (n,) seconds
    lift: NDArray[np.float64]  # (n,) log2 of the size against those beside; nan where it is not compared
    rank: NDArray[np.float64]  # (n,) share of those beside that are smaller
    own: float  # as `Trace.own`


def trace(one: Media, two: Media, parts: Sequence[Part], limits: SourceSettings) -> Trace | None:
    """What the key frames of one clip left in another; None where too few come at the set distance.

    Args:
        one: the clip that the other may have been made from.
        two: the other.
        parts: the stretches that they share.
        limits: how many key frames count, and what is left out.

    Raises:
        UnreadableMediaError: a file cannot be opened any more.
    """
    forward = [part for part in parts if part[1].slope > 0]
    if not forward or len(keyframes(one.path)) <= limits.gop_places:
        return None
    first, second = packets(one.path), packets(two.path)
    found = _set_keys(first, limits) if first else None
    if first is None or second is None or found is None:
        return None
    keys, distance = found
    keys = keys[_apart(keys, _cuts(one), limits.gop_cut)]
    # Backwards by half the distance at most: so they stay near the stretch that is shared.
    shifts = [shift - distance * (shift * 2 > distance) for shift in range(distance)]
    moved = keys + _step(first) * np.array(shifts, np.float64)[:, None]
    times = np.concatenate([_there(moved, part) for part in forward], axis=1)
    return _compared(_frames(second, _cuts(two), limits), times - _step(second) / 2, limits)


def _set_keys(coded: Packets, limits: SourceSettings) -> tuple[NDArray[np.float64], int] | None:
    """Seconds of the key frames that lie the set distance after the one before; that distance in frames."""
    places = np.flatnonzero(coded.keys)
    distances = np.diff(places)
    longest = int(distances.max(initial=0))
    due = distances >= longest - 1  # distances set in seconds are a frame shorter now and then
    if not limits.gop_shortest <= longest <= limits.gop_longest or due.sum() < limits.gop_places:
        return None
    return coded.times[places[1:][due]], longest


def _there(times: NDArray[np.float64], part: Part) -> NDArray[np.float64]:
    """Seconds of the other clip; beyond all of them outside of the stretch."""
    span, line = part
    inside = (times > float(span.start)) & (times < float(span.end))
    return np.where(inside, line.at(times), np.inf)


def _frames(coded: Packets, cuts: NDArray[np.float64], limits: SourceSettings) -> _Frames:
    places = np.flatnonzero(coded.ahead)
    keys, times = coded.keys[places], coded.times[places]
    sizes = np.log2(coded.sizes[places])
    beside_key = np.convolve(np.pad(keys, 2), (0, 1, 1, 1, 1), "same")[2:-2] > 0
    told = np.where(beside_key | ~_apart(times, cuts, limits.gop_cut), np.nan, sizes)
    # The further a frame lies from the one that it is predicted from, the more room it takes.
    lift = told - _medians(_beside(told, limits.gop_beside))
    gaps = np.minimum(np.diff(places, prepend=-1), _FURTHEST)
    for gap in range(1, _FURTHEST + 1):
        same = gaps == gap
        told[same] -= _medians(lift[None, same])
    beside = _beside(told, limits.gop_beside)
    usual = _medians(beside)
    known = np.isfinite(beside).sum(axis=1)
    smaller = (beside < told[:, None]).sum(axis=1) + (beside == told[:, None]).sum(axis=1) / 2
    lift = np.where(known >= limits.gop_beside, told - usual, np.nan)
    own = _medians((sizes - usual)[None, keys])
    return _Frames(times, lift, smaller / np.maximum(known, 1), float(own[0]))


def _compared(frames: _Frames, times: NDArray[np.float64], limits: SourceSettings) -> Trace | None:
    """What stands out at (shifts, n) seconds in the first row, which is not shifted."""
    at = np.searchsorted(frames.times, times)
    lift = np.append(frames.lift, np.nan)[at]  # beyond the last frame there is none
    told = np.isfinite(lift[0])
    if not told.any():
        return None
    places = at[0, told]
    mine, rank = float(lift[0, told].mean()), frames.rank[places]
    lift[np.isin(at, places)] = np.nan
    near = min(limits.gop_shortest, len(lift) // 4)  # the frames after a key frame may still be larger
    others = [_mean(each) for each in lift[near : 1 - near] if np.isfinite(each).sum() * 2 >= len(places)]
    return Trace(
        len(places),
        mine,
        float(rank.mean()),
        min(float(each.mean()) for each in (rank[::2], rank[1::2]) if len(each)),
        float((np.array(others) >= mine / 2).mean()) if others else 1.0,
        max((_mean(lift[step::step]) for step in _divisors(len(lift), limits.gop_shortest)), default=-np.inf),
        frames.own,
    )


def _divisors(distance: int, least: int) -> list[int]:
    """The numbers of frames, `least` or more, that divide a distance into equal parts."""
    return [each for each in range(least, distance // 2 + 1) if distance % each == 0]


def _mean(values: NDArray[np.float64]) -> float:
    """The mean, nan left out; no lift where nothing is left."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else 0.0


def _cuts(media: Media) -> NDArray[np.float64]:
    return np.array([float(shot.start) for shot in media.shots[1:]])


def _apart(times: NDArray[np.float64], marks: NDArray[np.float64], least: float) -> NDArray[np.bool_]:
    """(n,) whether a time lies `least` seconds or more from every mark."""
    return np.asarray(np.abs(times[:, None] - marks).min(axis=1, initial=np.inf) >= least)


def _step(coded: Packets) -> float:
    return float(np.median(np.diff(coded.times)))


def _beside(values: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """(n, 2 * reach) what stands before and after each."""
    padded = np.pad(values, reach, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    return np.delete(windows, reach, axis=1)


def _medians(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) median of each of (n, m) rows, nan left out; nan where nothing is left."""
    if not rows.shape[1]:
        return np.full(len(rows), np.nan)
    ordered, count = np.sort(rows, axis=1), np.isfinite(rows).sum(axis=1)
    last = np.maximum(count - 1, 0)
    each = np.arange(len(rows))
    return np.asarray((ordered[each, last // 2] + ordered[each, (last + 1) // 2]) / 2, np.float64)
