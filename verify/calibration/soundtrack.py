"""The sound of a made copy: the source's, cut, turned round and sped up as its pictures were.

Speed changes the pitch, as a tape does; sound under a frozen picture is silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify.media.sound import sound
from verify.media.writing import SOUND_RATE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction
    from pathlib import Path

    from numpy.typing import NDArray

    from verify.calibration.timeline import Piece
    from verify.model import Span

    Samples = NDArray[np.float32]  # (n,), -1 to 1, SOUND_RATE a second


def stretch(path: Path, span: Span) -> Samples:
    """The sound of these seconds of a file; silence where it has none."""
    first, last = round(span.start * SOUND_RATE), round(span.end * SOUND_RATE)
    out = np.zeros(last - first, np.float32)
    at = 0
    for block in sound(path, SOUND_RATE):
        low, high = max(at, first), min(at + len(block), last)
        if low < high:
            out[low - first : high - first] = block[low - at : high - at]
        at += len(block)
        if at >= last:
            break
    return out


def looped(path: Path, seconds: Fraction, most: Span) -> Samples:
    """The sound of `most` of a file, over and over, for so many seconds."""
    samples = stretch(path, most)
    return np.resize(samples, round(seconds * SOUND_RATE)).astype(np.float32)


def under(shown: Sequence[tuple[Piece, Path, Span, Span]]) -> Samples:
    """The sound that belongs under pieces, each given with its file, the seconds of it and of the copy."""
    total = max((copy.end for *_, copy in shown), default=None)
    out = np.zeros(round(total * SOUND_RATE) if total is not None else 0, np.float32)
    for piece, path, footage, copy in shown:
        if piece.frozen is not None:
            continue
        samples = stretch(path, footage)
        if piece.reversed:
            samples = samples[::-1]
        first, last = round(copy.start * SOUND_RATE), round(copy.end * SOUND_RATE)
        # Its own clock, so that a last frame that the copy does not show to its end shifts nothing.
        at = np.arange(last - first) * float(piece.speed)
        if len(samples):
            out[first:last] = np.interp(at, np.arange(len(samples)), samples, right=0.0)
    return out
