"""Sound tracks: their values against a plain computation, blocks of any size, hostile samples, the cache."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from verify.fingerprint.cache import Cache
from verify.fingerprint.recipe import Recipe
from verify.fingerprint.sound import BANDS, HOP, SAMPLES, WINDOW, SoundBuilder, from_arrays
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path


def noise(seconds: float, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.1, round(seconds * SAMPLES)).astype(np.float32)


def built(samples: np.ndarray, block: int) -> np.ndarray:
    builder = SoundBuilder()
    for at in range(0, len(samples), block):
        builder.add(samples[at : at + block])
    made = builder.finish()
    assert made is not None
    return made.levels


def plainly(samples: np.ndarray) -> np.ndarray:
    """The same by a slow Fourier sum over each band's hertz."""
    edges = [round(300 * (3400 / 300) ** (band / BANDS) * WINDOW / SAMPLES) for band in range(BANDS + 1)]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / (WINDOW - 1))
    turn = np.exp(-2j * np.pi * np.outer(np.arange(edges[-1]), np.arange(WINDOW)) / WINDOW)
    rows = []
    for at in range(0, len(samples) - WINDOW + 1, HOP):
        power = np.abs(turn @ (samples[at : at + WINDOW] * window)) ** 2 / (window**2).sum()
        bands = [power[low:high].mean() for low, high in pairwise(edges)]
        rows.append(np.clip(np.round((10 * np.log10(np.array(bands) + 1e-12) + 110) * 2), 0, 255))
    return np.array(rows)


def test_levels_are_those_of_a_plain_fourier_sum() -> None:
    samples = noise(1.5) * np.linspace(0, 1, 12000, dtype=np.float32)
    difference = built(samples, 12000).astype(int) - plainly(samples)
    assert np.abs(difference).max() <= 1
    assert (difference != 0).mean() < 0.02


@pytest.mark.parametrize("block", [1, 186, 1024, 8001])
def test_blocks_of_any_size_give_one_track(block: int) -> None:
    samples = noise(1.4)
    assert np.array_equal(built(samples, block), built(samples, len(samples)))


def test_a_tone_is_loud_in_its_own_band_only() -> None:
    times = np.arange(SAMPLES * 2) / SAMPLES
    levels = built((0.5 * np.sin(2 * np.pi * 1000 * times)).astype(np.float32), 777)
    band = int(np.log(1000 / 300) / np.log(3400 / 300) * BANDS)
    assert set(levels.argmax(axis=1)) == {band}
    assert (np.delete(levels, [band - 1, band, band + 1], axis=1) < levels[:, [band]].astype(int) - 60).all()


def test_it_takes_24_kilobytes_a_minute() -> None:
    assert built(noise(60), 1024).nbytes <= 25_000


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 3e38])
def test_samples_that_are_no_sound_do_no_harm(bad: float) -> None:
    samples = noise(2.0)
    samples[9000] = bad
    levels = built(samples, 512)
    assert np.array_equal(levels[:20], built(noise(2.0), 512)[:20])


def test_silence_and_too_little() -> None:
    assert not built(np.zeros(SAMPLES, np.float32), 100).any()
    builder = SoundBuilder()
    assert builder.finish() is None
    builder.add(np.zeros(WINDOW - 1, np.float32))
    assert builder.finish() is None


def test_no_more_than_the_bound_is_looked_at() -> None:
    builder = SoundBuilder(replace(SETTINGS.sound, longest=2))
    builder.add(noise(1.0))
    assert not builder.full
    for _ in range(5):
        builder.add(noise(1.0))
    assert builder.full
    made = builder.finish()
    assert made is not None
    assert len(made.levels) == 2 * SAMPLES // HOP


def test_tracks_outlive_the_cache(tmp_path: Path) -> None:
    builder = SoundBuilder()
    builder.add(noise(2.0))
    made = builder.finish()
    assert made is not None
    cache, recipe = Cache(tmp_path), Recipe.of("sound", 1)
    cache.store("0" * 64, recipe, made.arrays())
    arrays = cache.load("0" * 64, recipe)
    assert arrays is not None
    again = from_arrays(arrays)
    assert again is not None
    assert np.array_equal(again.levels, made.levels)
    assert from_arrays({}) is None
    with pytest.raises(ValueError, match="16 bands"):
        from_arrays({"levels": np.zeros((4, 3), np.uint8)})
