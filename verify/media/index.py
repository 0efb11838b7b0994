"""Where decoding of a video can begin, as its container's index has it, and what each frame takes up."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

import av.error
import numpy as np

from verify.media import stills
from verify.media.opening import frame_seconds, opened, picture_stream, zero
from verify.media.timing import UNTIMED, Straight
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_MOST = 20_000  # key frames; where every frame is one, finding any is cheap
_MOST_PACKETS = 500_000  # four and a half hours of 30 frames a second


@dataclass(frozen=True, eq=False, slots=True)
class Packets:
    """The coded frames of a video in the order in which they are shown."""

    times: NDArray[np.float64]  # (n,) seconds, ascending
    sizes: NDArray[np.int64]  # (n,) bytes
    keys: NDArray[np.bool_]  # (n,) whether decoding can begin with it
    ahead: NDArray[np.bool_]  # (n,) decoded before its turn or in it: what others are predicted from


@lru_cache(maxsize=64)
def keyframes(path: Path) -> tuple[float, ...]:
    """About when decoding can begin within a video, ascending seconds, as the container's index has it.

    Empty for a still and where the container has no index. Index times are decoding times: a few frames
    early where frames are reordered.

    Raises:
        UnreadableMediaError: The file cannot be opened any more.
    """
    with stills.identified(path) as image:
        if image is not None:
            return ()
    with opened(path) as container:
        stream = picture_stream(container)
        if stream is None or stream.time_base is None:
            return ()
        start, base = zero(container), stream.time_base
        entries = islice((each for each in stream.index_entries if each.is_keyframe), _MOST)
        return tuple(sorted(float(each.timestamp * base - start) for each in entries))


@lru_cache(maxsize=64)
def packets(path: Path) -> Packets | None:
    """What each frame of a video takes up, from one pass over its packets; nothing is decoded.

    A frame that is coded after one that is shown later is predicted from both sides (`ahead` is False).

    None for a still, and where the container has no times of showing.

    Raises:
        UnreadableMediaError: The file cannot be opened any more.
    """
    with stills.identified(path) as image:
        if image is not None:
            return None
    with opened(path) as container:
        stream, name = picture_stream(container), container.format.name
        if stream is None or stream.time_base is None or name in UNTIMED:
            return None
        straight = Straight(stream.time_base, frame_seconds(stream), name)
        found = []
        with suppress(av.error.FFmpegError):  # a file that was cut off: what there is
            for packet in islice(container.demux(stream), _MOST_PACKETS):
                straight.correct(packet)
                if packet.pts is not None and packet.size and not packet.is_discard:
                    found.append((packet.pts, packet.size, packet.is_keyframe))
        base, start = float(stream.time_base), float(zero(container))
    rows = np.array(found, np.int64).reshape(-1, 3)
    ahead = rows[:, 0] >= np.maximum.accumulate(rows[:, 0])
    order = np.argsort(rows[:, 0], kind="stable")
    ticks, sizes, keys = rows[order].T
    return Packets(ticks * base - start, sizes, keys > 0, ahead[order])


def cheap_time(path: Path, time: Fraction, slack: Fraction) -> Fraction:
    """The second within `slack` of `time` that a key frame comes shortly before; `time` where there is none.

    Finding a picture means decoding from the key frame before it.

    Raises:
        UnreadableMediaError: The file cannot be opened any more.
    """
    lead = SETTINGS.media.key_lead
    near = min(keyframes(path), key=lambda key: abs(key + lead - float(time)), default=None)
    if near is None:
        return time
    found = max(Fraction(0), Fraction(near + lead).limit_denominator(1000))
    return found if abs(found - time) <= slack else time
