"""Sound tracks: what is kept of a clip's sound so that it can be compared without decoding it again.

The sound, mixed to one channel of 8,000 samples a second, is cut into overlapping windows of 128 ms, 25 of
them a second, and of each the loudness in 16 bands between 300 and 3,400 Hz is kept, in steps of half a
decibel: what passes through a telephone, and about what a listener needs to follow speech. Volume,
equalisers and codecs shift or blur these values; their pattern over seconds stays.

Cost: 24 KB a minute, and one window of sound while it is made. Sound past the bound in the settings is not
looked at; that is noted.

Limits: what lies below 300 or above 3,400 Hz is not heard, nor which channel it came from.

Error rates: those of what is built on it; see copies.sound.

Source: band energies over time are what J. Haitsma and T. Kalker, "A Highly Robust Audio Fingerprinting
System" (ISMIR 2002), take one bit each of; here the values themselves are kept, so that they can be read at
another speed and pitch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from verify.settings import SETTINGS, SoundSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

RECIPE = "sound/1"
SAMPLES = 8000  # a second
WINDOW = 1024  # samples, 128 ms
HOP = 320  # samples, 40 ms
STEP = HOP / SAMPLES  # seconds
FIRST = WINDOW / 2 / SAMPLES  # seconds: the middle of the first window
BANDS = 16
LOWEST, HIGHEST = 300.0, 3400.0  # hertz
QUIETEST = -110.0  # decibels below a full-scale square wave, level 0; each further level is half a decibel

_EDGES = np.round(np.geomspace(LOWEST, HIGHEST, BANDS + 1) / SAMPLES * WINDOW).astype(int)
_SHAPE = np.hanning(WINDOW).astype(np.float32)
_SCALE = 1.0 / (np.diff(_EDGES) * float((_SHAPE**2).sum()))
_LOUDEST = 8.0  # of full scale; floating-point sound may hold anything


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class SoundTrack:
    """The fingerprint of one clip's sound. Row n is of the 128 ms around `FIRST + n * STEP` seconds."""

    levels: NDArray[np.uint8]  # (n, 16) half decibels above `QUIETEST`, low bands first

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The track as plain arrays, for a cache."""
        return {"levels": self.levels}


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> SoundTrack | None:
    """The track that `SoundTrack.arrays` took apart; None where there is no sound.

    Raises:
        ValueError: the arrays are of something else.
    """
    levels = arrays.get("levels")
    if levels is None:
        return None
    if levels.dtype != np.uint8 or levels.ndim != 2 or levels.shape[1] != BANDS:
        raise ValueError(f"a sound track has {BANDS} bands of bytes, not {levels.dtype} {levels.shape}")
    return SoundTrack(levels)


class SoundBuilder:
    """Takes the blocks of `verify.media.sound` in order, and gives their track."""

    def __init__(self, settings: SoundSettings = SETTINGS.sound) -> None:
        """Start an empty track."""
        self._most = round(settings.longest * SAMPLES / HOP)
        self._waiting: list[NDArray[np.float32]] = []
        self._samples = 0
        self._rows: list[NDArray[np.uint8]] = []
        self._count = 0

    @property
    def full(self) -> bool:
        """Whether as much was heard as is looked at."""
        return self._count >= self._most

    def add(self, block: NDArray[np.float32]) -> None:
        """Hear one block, (n,) float32 at `SAMPLES` a second; nothing is kept but what the track keeps."""
        heard = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0).clip(-_LOUDEST, _LOUDEST)
        self._waiting.append(heard.astype(np.float32))
        self._samples += len(heard)
        if self._samples >= SAMPLES:  # a second at a time: codecs give blocks of some milliseconds
            self._hear()

    def finish(self) -> SoundTrack | None:
        """The track of everything that was added; None where that was less than one window."""
        self._hear()
        return SoundTrack(np.concatenate(self._rows)[: self._most]) if self._rows else None

    def _hear(self) -> None:
        samples = np.concatenate(self._waiting) if self._waiting else np.zeros(0, np.float32)
        fits = (len(samples) - WINDOW) // HOP + 1
        if fits > 0 and not self.full:
            self._rows.append(_levels(samples, fits))
            self._count += fits
        rest = samples[max(0, fits) * HOP :]
        self._waiting, self._samples = [rest], len(rest)


def _levels(samples: NDArray[np.float32], count: int) -> NDArray[np.uint8]:
    windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP][:count]
    levels = np.empty((count, BANDS), np.uint8)
    for at in range(0, count, 256):  # a gap of an hour comes in long blocks
        power = np.abs(np.fft.rfft(windows[at : at + 256] * _SHAPE, axis=1)) ** 2
        mean = np.add.reduceat(power[:, : _EDGES[-1]], _EDGES[:-1], axis=1) * _SCALE
        decibels = 10 * np.log10(mean + 1e-12)
        levels[at : at + 256] = np.clip(np.round((decibels - QUIETEST) * 2), 0, 255)
    return levels
