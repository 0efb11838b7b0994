"""Where decoding of a video can begin, as its container's index has it."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from verify.media import stills
from verify.media.opening import opened, picture_stream, zero
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

_MOST = 20_000  # key frames; where every frame is one, finding any is cheap


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
