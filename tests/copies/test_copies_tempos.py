"""Tempos: the speeds at which most agrees are found without correlating at each."""

from __future__ import annotations

import numpy as np
import pytest

from verify.copies import tempos
from verify.copies.rhythm import RATE, STEP, Sampled
from verify.settings import SETTINGS

LIMITS = SETTINGS.copies
LENGTH = STEP * round(LIMITS.window * RATE / STEP)


def moving(seed: int, seconds: float) -> Sampled:
    """Points of a grid whose grey values wander."""
    random = np.random.default_rng(seed)
    times = np.arange(0, seconds, 1 / 15)
    rough = random.normal(0, 1, (len(times) + 8, 40))
    smooth = np.apply_along_axis(lambda row: np.convolve(row, np.hanning(9), "valid"), 0, rough)
    return Sampled(times, (128 + 10 * smooth).astype(np.float32))


def run_at(clip: Sampled, tempo: float, seconds: tuple[float, float]) -> Sampled:
    """A part of a clip, run so that a second of what comes shows `tempo` seconds of it."""
    shown = np.arange(seconds[0], seconds[1], abs(tempo) / 15)
    shown = shown if tempo > 0 else shown[::-1]
    values = np.stack([np.interp(shown, clip.times, column) for column in clip.values.T], axis=1)
    return Sampled(np.arange(len(shown)) / 15, values.astype(np.float32))


def likely(a: Sampled, b: Sampled) -> tuple[float, ...]:
    rhythm = a.rhythm(LIMITS.slow)
    starts = np.arange(0, max(1, len(rhythm.moving) - LENGTH + STEP), STEP)
    return tempos.likely(rhythm, b, starts, LENGTH, LIMITS)


@pytest.mark.parametrize("tempo", [0.5, 0.8, 0.94, 1.25, 2.0, -1.0, -0.7, -1.6])
def test_the_tempo_of_a_part_that_runs_otherwise_comes_first(tempo: float) -> None:
    a = moving(1, 20.0)
    b = run_at(a, tempo, (4.0, 17.0))
    found = likely(a, b)
    assert abs(found[0] / tempo - 1) < LIMITS.tempo_step - 1


def test_what_is_not_shared_has_no_likely_tempo() -> None:
    assert likely(moving(1, 12.0), moving(2, 12.0)) == ()


def test_a_stretch_longer_than_the_other_clip_is_looked_for_in_part() -> None:
    a = moving(3, 8.0)
    found = likely(a, run_at(a, 1.3, (2.0, 4.6)))
    assert min(abs(tempo / 1.3 - 1) for tempo in found) < LIMITS.tempo_step - 1


def test_without_stretches_there_is_nothing_to_look_for() -> None:
    a = moving(4, 4.0)
    assert tempos.likely(a.rhythm(LIMITS.slow), a, np.array([], np.intp), LENGTH, LIMITS) == ()
