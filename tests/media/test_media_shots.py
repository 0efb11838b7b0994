"""Shots: cuts are found, flashes, motion and noise are not cuts."""

from __future__ import annotations

import tracemalloc
from fractions import Fraction
from itertools import pairwise

import cv2
import numpy as np
import pytest
from media_clips import Maker

from verify.media import Frame, ShotFinder, frames, key_times
from verify.model import Span

RATE = 25


def scene(seed: int, low: int = 20, high: int = 235) -> np.ndarray:
    """A smooth random picture, (180, 320) float."""
    coarse = np.random.default_rng(seed).uniform(low, high, (6, 8)).astype(np.float32)
    return cv2.resize(coarse, (320, 180), interpolation=cv2.INTER_CUBIC)


def found(pictures: list[np.ndarray], rate: int = RATE) -> list[float]:
    """Seconds of the cuts."""
    noise = np.random.default_rng(1)
    finder = ShotFinder()
    for index, picture in enumerate(pictures):
        luma = np.clip(picture + noise.normal(0, 3, picture.shape), 0, 255).astype(np.uint8)
        finder.add(Frame(Fraction(index, rate), Fraction(index + 1, rate), luma, 0, index == 0))
    shots = finder.finish()
    assert shots[0].start == 0
    assert shots[-1].end == Fraction(len(pictures), rate)
    assert all(a.end == b.start for a, b in pairwise(shots))
    return [float(shot.start) for shot in shots[1:]]


def test_cuts_are_found_to_the_frame() -> None:
    pictures = [scene(shot) for shot, length in enumerate((30, 12, 50, 8, 25)) for _ in range(length)]
    assert found(pictures) == [30 / RATE, 42 / RATE, 92 / RATE, 100 / RATE]


@pytest.mark.parametrize("length", [1, 3, 7, 10])
@pytest.mark.parametrize("light", [60, 120, 220])
def test_flash_is_no_cut(length: int, light: int) -> None:
    pictures = [scene(4, 10, 90).copy() for _ in range(75)]
    for index in range(30, 30 + length):
        pictures[index] = pictures[index] + light
    assert found(pictures) == []


def test_flash_that_fades_into_smoke_is_no_cut() -> None:
    smoke = scene(9, 0, 60)
    pictures = []
    for index in range(100):
        glow = 180 * np.exp(-(index - 40) / 8) if index >= 40 else 0.0
        share = min(0.5, max(0, index - 44) / 60)
        pictures.append(scene(4, 10, 90) * (1 - share) + smoke * share + glow)
    assert found(pictures) == []


def test_static_dark_and_moving_clips_are_one_shot() -> None:
    assert found([scene(2, 8, 20)] * 60) == []
    assert found([np.full((180, 320), 16.0)] * 60) == []
    wide = cv2.resize(scene(3), (1280, 180))
    assert found([wide[:, 12 * index : 12 * index + 320] for index in range(75)]) == []
    shaken = np.random.default_rng(5).integers(0, 40, 75)
    assert found([wide[:, 400 + shift : 720 + shift] for shift in shaken]) == []


def test_cut_between_dark_scenes() -> None:
    assert found([scene(2, 8, 60)] * 40 + [scene(3, 8, 60)] * 40) == [40 / RATE]


def test_frames_that_a_damaged_clock_puts_at_one_moment_are_held_in_bounded_memory() -> None:
    black, white = np.zeros((36, 64), np.uint8), np.full((36, 64), 255, np.uint8)
    finder = ShotFinder()
    tracemalloc.start()
    for index in range(2000):
        time = Fraction(index, 90_000)
        finder.add(Frame(time, time + Fraction(1, 90_000), (black, white)[index % 2], 0, index == 0))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(finder.finish()) == 1
    assert peak < 6_000_000


def test_cuts_of_a_decoded_clip_at_any_size(make: Maker) -> None:
    for width, height in ((320, 180), (48, 32), (1280, 720)):
        pictures = [
            np.repeat(
                cv2.resize(scene(shot), (width, height)).clip(0, 255).astype(np.uint8)[:, :, None], 3, axis=2
            )
            for shot in (1, 2, 3)
            for _ in range(20)
        ]
        path = make.clip(f"cuts{width}.mp4", pictures, options={"preset": "ultrafast"})
        finder = ShotFinder()
        for frame in frames(path):
            finder.add(frame)
        assert [float(shot.start) for shot in finder.finish()] == pytest.approx([0, 0.8, 1.6], abs=2 / RATE)


def test_stills_and_nothing() -> None:
    assert ShotFinder().finish() == ()
    finder = ShotFinder()
    finder.add(Frame(Fraction(0), Fraction(0), np.zeros((90, 160), np.uint8), 0, True))
    assert finder.finish() == (Span(Fraction(0), Fraction(0)),)


def test_key_times_show_each_shot() -> None:
    shots = [Span(Fraction(0), Fraction(4)), Span(Fraction(4), Fraction(5)), Span(Fraction(5), Fraction(15))]
    assert key_times(shots, 3) == (Fraction(2), Fraction(9, 2), Fraction(10))
    assert key_times(shots, 2) == (Fraction(2), Fraction(10))
    assert key_times(shots, 5) == (
        Fraction(2),
        Fraction(9, 2),
        Fraction(20, 3),
        Fraction(10),
        Fraction(40, 3),
    )
    assert key_times(shots[:1], 99) == (Fraction(1), Fraction(3))
    assert key_times([], 5) == ()
    assert key_times([Span(Fraction(0), Fraction(0))], 5) == (Fraction(0),)
