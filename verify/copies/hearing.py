"""Where the sound of one clip may lie in another's: candidate lines (speed, offset), each to be followed.

Of each band the loudness against the other bands and against the two seconds around is taken, so that
volume and equalisers cancel. Stretches of up to four seconds of the shorter sound are correlated with every
moment of the other: first as they are, many of them; where that finds nothing, a few of them at 37 speeds
from 0.48 to 2.08, once with their pitch kept and once with it moved along with the speed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from verify.fingerprint.sound import BANDS, HIGHEST, LOWEST, QUIETEST, STEP, SoundTrack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify.settings import SoundSettings

    Rows = NDArray[np.float32]  # (n, 16) decibels; one row every `STEP` seconds

COARSE = 4  # rows that one coarse row is the mean of: 160 ms
_SAME_PACE = 0.05  # of the logarithm; stretches that name speeds no farther apart name one line
_OCTAVE = BANDS / float(np.log2(HIGHEST / LOWEST))  # bands


@dataclass(frozen=True, slots=True)
class Course:
    """b's row for a's row: `row_b = (row_a - at_a) / speed + at_b`."""

    at_a: float  # in rows and fractions of them; row n lasts from n to n + 1
    at_b: float
    speed: float  # length in a / length in b
    pitched: bool  # whether the pitch moved along with the speed
    score: float = 0.0  # correlation of the stretch that suggested it

    def turned(self) -> Course:
        """The same course with the two sounds exchanged."""
        return Course(self.at_b, self.at_a, 1 / self.speed, self.pitched, self.score)

    def b_of(self, row_a: float) -> float:
        """The row of b for a row of a."""
        return (row_a - self.at_a) / self.speed + self.at_b

    def a_of(self, row_b: float) -> float:
        """The row of a for a row of b."""
        return (row_b - self.at_b) * self.speed + self.at_a


def pattern(track: SoundTrack, settings: SoundSettings) -> Rows:
    """(n, 16) float32: each band's loudness against the other bands' and against the seconds around."""
    decibels = QUIETEST + np.arange(256) / 2
    # Codecs turn what is nearly silent into silence, or fill it; neither may count.
    audible = 10 * np.log10(10 ** (decibels / 10) + 10 ** (settings.floor / 10))
    loud = audible.astype(np.float32)[track.levels]
    loud -= loud.mean(axis=1, keepdims=True)
    reach = round(settings.around / 2 / STEP)
    total = cumulative(loud)
    rows = np.arange(len(loud))
    start, end = np.maximum(rows - reach, 0), np.minimum(rows + reach + 1, len(loud))
    around = (total[end] - total[start]) / (end - start)[:, None]
    return np.asarray(loud - around, np.float32)


def cumulative(rows: NDArray[np.floating]) -> NDArray[np.float64]:
    """(n + 1, ...) sums of all rows before each."""
    return np.concatenate([np.zeros((1, *rows.shape[1:])), np.cumsum(rows, axis=0, dtype=np.float64)])


def shifted(speed: float) -> NDArray[np.float32]:
    """(16, 16): moves bands up by the pitch that `speed` gives; what has no source is 0, columns sum to 0."""
    source = np.arange(BANDS) - _OCTAVE * np.log2(speed)
    inside = (source >= 0) & (source <= BANDS - 1)
    if not inside.any():
        return np.zeros((BANDS, BANDS), np.float32)
    lower = np.clip(np.floor(source).astype(int), 0, BANDS - 2)
    share = source - lower
    matrix = np.zeros((BANDS, BANDS))
    bands = np.arange(BANDS)
    matrix[lower, bands], matrix[lower + 1, bands] = 1 - share, share
    matrix *= inside
    return np.asarray(matrix - matrix[:, inside].mean(axis=1, keepdims=True) * inside, np.float32)


@dataclass(frozen=True, eq=False, slots=True)
class Sound:
    """One clip's sound, ready to be searched. Made once for all the pairs that a process is given."""

    rows: Rows
    coarse: Rows  # (m, 16) means of `COARSE` rows
    settings: SoundSettings

    @classmethod
    def of(cls, track: SoundTrack, settings: SoundSettings) -> Sound:
        """The sound of a track."""
        rows = pattern(track, settings)
        count = len(rows) // COARSE
        return cls(rows, rows[: count * COARSE].reshape(count, COARSE, BANDS).mean(axis=1), settings)

    @property
    def lively(self) -> bool:
        """Whether anything in it could tell: not in silence, hum or steady noise."""
        length = min(len(self.rows), round(self.settings.block / STEP))
        if length < self.settings.block_fewest / STEP:
            return False
        power = cumulative((self.rows**2).mean(axis=1))
        return bool(np.sqrt((power[length:] - power[:-length]).max() / length) >= self.settings.lively)


# Tracks may be views of all that was found in a file; what is made of one must not keep it.
_MADE: WeakKeyDictionary[SoundTrack, Sound] = WeakKeyDictionary()


def sound_of(track: SoundTrack, settings: SoundSettings) -> Sound:
    """The sound of a track, made once as long as the track is held."""
    made = _MADE.get(track)
    if made is None or made.settings != settings:
        made = _MADE[track] = Sound.of(track, settings)
    return made


def plain(a: Sound, b: Sound) -> tuple[Course, ...]:
    """Lines at speed 1, the likeliest first."""
    if len(b.rows) < len(a.rows):
        return tuple(line.turned() for line in plain(b, a))
    return _best(_search(a, b, (1.0,), (False,), a.settings.suggests), a.settings.plain_lines)


def paced(a: Sound, b: Sound) -> tuple[Course, ...]:
    """Lines at other speeds, the likeliest first."""
    if len(b.rows) < len(a.rows):
        return tuple(line.turned() for line in paced(b, a))
    return _best(
        _search(a, b, _speeds(a.settings), (False, True), a.settings.paced_suggests), a.settings.paced_lines
    )


@lru_cache(maxsize=4)
def _speeds(settings: SoundSettings) -> tuple[float, ...]:
    steps = int(np.ceil(np.log(settings.speed_most) / np.log(settings.speed_step)))
    return tuple(float(settings.speed_step**step) for step in range(-steps, steps + 1))


def _search(
    a: Sound, b: Sound, speeds: tuple[float, ...], modes: tuple[bool, ...], least: float
) -> list[Course]:
    """Correlate stretches of a, at each speed, with every moment of b: the likeliest moments of each."""
    settings = a.settings
    rows = round(settings.stretch / STEP / COARSE)
    rows = min(rows, int(len(a.rows) / COARSE / max(speeds)), len(b.coarse))
    if rows < settings.stretch_fewest / STEP / COARSE:
        return []
    found: list[Course] = []
    energy = b.coarse**2
    for pitched in modes:
        starts, pieces = _stretches(a, speeds, pitched, rows)
        if not len(starts):
            return []
        insides = _insides(speeds) if pitched else ((0, BANDS),) * len(speeds)
        norms = {inside: _norms(energy, b.coarse, rows, inside) for inside in set(insides)}
        heard = np.stack([norms[inside] for inside in insides])
        for at in range(0, len(b.coarse) - rows + 1, settings.search_rows):
            part = b.coarse[at : at + settings.search_rows + rows - 1]
            windows = np.lib.stride_tricks.sliding_window_view(part, rows, axis=0).transpose(0, 2, 1)
            count = len(windows)
            alike = (pieces @ windows.reshape(count, -1).T).reshape(len(starts), len(speeds), count)
            alike *= heard[:, at : at + count]
            found += _peaks(alike, starts, speeds, at, pitched, least)
    return found


@lru_cache(maxsize=96)  # 0.3 MB each; a process is given pairs of 32 inputs at a time
def _stretches(
    a: Sound, speeds: tuple[float, ...], pitched: bool, rows: int
) -> tuple[NDArray[np.float64], Rows]:
    """Where stretches of a start, and (starts * speeds, rows * 16) what each would be in b, of length 1."""
    pace = np.array(speeds)
    most = a.settings.stretches if len(speeds) == 1 else a.settings.paced_stretches
    starts = _starts(a, rows * COARSE * float(pace.max()), most)
    total = cumulative(a.rows)
    edges = starts[:, None, None] + pace[:, None] * np.arange(rows + 1) * COARSE
    lower = np.minimum(edges.astype(int), len(total) - 2)
    share = (edges - lower)[..., None]
    sums = total[lower] * (1 - share) + total[lower + 1] * share
    pieces = (np.diff(sums, axis=2) / (COARSE * pace[:, None, None])).astype(np.float32)
    if pitched:
        pieces = pieces @ np.stack([shifted(speed) for speed in speeds])
    flat = pieces.reshape(-1, rows * BANDS)
    return starts, flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)


def _starts(a: Sound, length: float, most: int) -> NDArray[np.float64]:
    """Rows at which stretches of a start: evenly spread, without those in which nothing is heard."""
    last = len(a.rows) - length
    count = min(most, int(last * STEP / a.settings.stretch_step) + 1)
    starts = np.linspace(0.0, last, count) if count > 1 else np.array([last / 2])
    power = cumulative((a.rows**2).mean(axis=1))
    ends = np.minimum((starts + length).astype(int), len(a.rows))
    heard = np.sqrt((power[ends] - power[starts.astype(int)]) / length)
    return np.asarray(starts[heard >= a.settings.lively], np.float64)


@lru_cache(maxsize=4)
def _insides(speeds: tuple[float, ...]) -> tuple[tuple[int, int], ...]:
    """At each speed, the first band of b in which a's sound can be heard, and the one after the last."""
    bands = [np.flatnonzero(shifted(speed).any(axis=0)) for speed in speeds]
    return tuple((int(each[0]), int(each[-1]) + 1) for each in bands)


def _norms(energy: Rows, coarse: Rows, rows: int, inside: tuple[int, int]) -> NDArray[np.float32]:
    """(n,) one over the length of b's windows of `rows` rows, in the bands in which a can be heard."""
    first, last = inside
    part = coarse[:, first:last].sum(axis=1)
    total = cumulative(energy[:, first:last].sum(axis=1) - part**2 / (last - first))
    return (1 / np.sqrt(np.maximum(total[rows:] - total[:-rows], 1e-6))).astype(np.float32)


def _peaks(
    alike: NDArray[np.float32],
    starts: NDArray[np.float64],
    speeds: tuple[float, ...],
    at: int,
    pitched: bool,
    least: float,
) -> list[Course]:
    """Of each stretch the two likeliest moments in b."""
    found = []
    for start, heard in zip(starts, alike, strict=True):
        for _ in range(2):
            speed, row = np.unravel_index(int(heard.argmax()), heard.shape)
            score = float(heard[speed, row])
            if score < least:
                break
            found.append(Course(float(start), float((at + row) * COARSE), speeds[speed], pitched, score))
            heard[:, max(0, row - 4) : row + 5] = 0
    return found


def _best(found: list[Course], lines: int) -> tuple[Course, ...]:
    """The lines that most stretches speak for, one of each neighbourhood."""
    if not found:
        return ()
    at_a, at_b, speed, pitched, score = (
        np.array([getattr(each, name) for each in found])
        for name in ("at_a", "at_b", "speed", "pitched", "score")
    )
    apart = np.abs(at_b[:, None] - at_b - (at_a[:, None] - at_a) / speed)
    paced = np.abs(np.log(speed[:, None] / speed))
    near = (apart < 4 * COARSE) & (paced < _SAME_PACE) & (pitched[:, None] == pitched)
    votes = near @ score
    kept: list[Course] = []
    for index in np.lexsort((-score, -votes)):
        if len(kept) == lines:
            break
        if votes[index] > 0:
            kept.append(replace(found[index], score=float(votes[index])))
            votes[near[:, index]] = 0
    return tuple(kept)
