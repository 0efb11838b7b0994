"""Tempos: at which speeds of one clip, forwards or backwards, most of what moves in two clips agrees.

Correlating two clips anew at each of ninety tempos is what a pair would cost most. So every row of one clip
is multiplied with every row of the other once, for a few tempos that lie far apart; at a tempo between them,
a stretch lies along a slanted line of those products, and is summed along it. Those found are looked at
closely by `laying`; this only says which.

Error rates: a tempo decides nothing; see copies.votes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from verify.copies.rhythm import Rhythm, Sampled
    from verify.settings import CopySettings

_BESIDE = 2  # steps to either side of a tempo that are read off its products


def likely(
    a: Rhythm, b: Sampled, starts: NDArray[np.intp], length: int, settings: CopySettings
) -> tuple[float, ...]:
    """The tempos of b other than its own at which most agrees, best first, at most `tempo_tries`.

    Args:
        a: the clip whose stretches are looked for.
        b: the other clip.
        starts: (s,) rows of a at which those stretches start.
        length: rows of a stretch; shorter where a ends.
        settings: of this room.

    Returns:
        Seconds of a that one second of b shows; negative where b runs backwards.
    """
    if not len(starts):
        return ()
    promised: dict[float, float] = {}
    for middle, tempos in _groups(settings):
        other = b.rhythm(settings.slow, middle)
        products = _Products(a, other, starts, length, settings)
        for tempo in tempos:
            for slope in (middle / tempo, -middle / tempo):
                promised[float(np.copysign(tempo, slope))] = products.along(slope)
    promised.pop(1.0, None)
    chosen = sorted((each for each in promised if promised[each] > 0), key=lambda each: -promised[each])
    return tuple(chosen[: settings.tempo_tries])


def _groups(settings: CopySettings) -> Iterator[tuple[float, list[float]]]:
    """Tempos in even steps of a factor, around those whose products are made."""
    most = int(np.log(settings.tempo_most) / np.log(settings.tempo_step))
    steps = np.arange(-most, most + 1)
    for low in range(0, len(steps), 2 * _BESIDE + 1):
        group = steps[low : low + 2 * _BESIDE + 1]
        yield (
            settings.tempo_step ** float(group[len(group) // 2]),
            [settings.tempo_step ** float(each) for each in group],
        )


class _Products:
    """Every row of stretches of a times every row of b."""

    def __init__(
        self, a: Rhythm, b: Rhythm, starts: NDArray[np.intp], length: int, settings: CopySettings
    ) -> None:
        first, end = int(starts.min()), int(starts.max()) + length
        moving = a.moving[first:end]
        self.settings = settings
        self.length = length
        # Lines leave b at either end: what lies beyond is nought.
        self.margin = int(length * settings.tempo_step ** (_BESIDE + 1)) + 2
        self.inside = self._padded(np.ones((1, len(b.moving)), np.float32))[0]
        self.energy_b = self._padded((b.moving**2).sum(axis=1)[None])[0]
        self.offsets = starts - first
        # The last stretch may be shorter: what it lacks is nought.
        energy = np.pad((moving**2).sum(axis=1), (0, length))
        self.energy_a = np.stack([energy[start : start + length] for start in self.offsets])
        self.products = np.pad(self._padded(moving @ b.moving.T), ((0, length), (0, 0)))

    def _padded(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.pad(rows, ((0, 0), (self.margin, self.margin)))

    def along(self, slope: float) -> float:
        """How much agrees at the best lag along lines of a slope, rows of b for one of a; in stretches."""
        shifts = np.round(np.arange(self.length) * slope).astype(int)
        first, last = max(0, -int(shifts[-1])), len(self.inside) - max(0, int(shifts[-1]))
        columns = [slice(first + shift, last + shift) for shift in shifts]
        sums = np.zeros((len(self.offsets), last - first), np.float32)
        for row, place in enumerate(columns):
            sums += self.products[self.offsets + row, place]
        energy_b = np.sum([self.energy_b[place] for place in columns], axis=0)
        inside = np.stack([self.inside[place] for place in columns])
        power = (self.energy_a @ inside) * energy_b
        overlap = inside.sum(axis=0) / self.length
        counted = overlap >= max(2 / self.length, self.settings.window_overlap)
        alike = np.where(counted, sums / np.sqrt(np.maximum(power, 1e-9)), 0)
        which, where = np.nonzero(alike >= self.settings.promise)
        if not len(which):
            return 0.0
        lags = np.round((where + first) / slope - self.offsets[which]).astype(int)
        score = np.bincount(lags - lags.min(), (alike**2 * overlap)[which, where] / abs(slope))
        return float(np.convolve(score, np.ones(3) / 2, "same").max())
