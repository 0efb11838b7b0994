"""Sound on the pictures' clock."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from media_clips import Maker, numbered, tone

from verify.media import probe, sound
from verify.model import MediaKind

if TYPE_CHECKING:
    from pathlib import Path


def heard(path: Path, rate: int = 8000) -> np.ndarray:
    blocks = list(sound(path, rate))
    assert all(block.dtype == np.float32 and block.ndim == 1 for block in blocks)
    return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)


def onset(samples: np.ndarray, rate: int = 8000) -> float:
    """Seconds at which it becomes loud."""
    return float(np.argmax(np.abs(samples) > 0.2) / rate)


@pytest.mark.parametrize("codec", ["aac", "pcm_s16le", "flac"])
@pytest.mark.parametrize("rate", [8000, 44100])
def test_sound_is_the_tone_that_was_recorded(codec: str, rate: int, make: Maker) -> None:
    path = make.clip("tone.mkv", [numbered(n) for n in range(25)], sound=tone(1.0), sound_codec=codec)
    samples = heard(path, rate)
    assert len(samples) / rate == pytest.approx(1.0, abs=0.05)
    spectrum = np.abs(np.fft.rfft(samples[: rate // 2]))
    assert np.argmax(spectrum) * 2 == pytest.approx(440, abs=4)
    # A sine of amplitude a half; the coder rings where it begins and ends.
    middle = samples[len(samples) // 4 : len(samples) * 3 // 4]
    assert np.sqrt((middle**2).mean()) == pytest.approx(0.5 / np.sqrt(2), abs=0.02)


def test_sound_that_starts_late_begins_with_silence(make: Maker) -> None:
    quiet = np.concatenate([np.zeros((1, 24000), np.float32), tone(0.5)], axis=1)
    path = make.clip("late.mp4", [numbered(n) for n in range(25)], sound=quiet)
    assert onset(heard(path)) == pytest.approx(0.5, abs=0.01)
    shifted = make.clip(
        "moved.mkv",
        [numbered(n) for n in range(25)],
        sound=tone(0.5),
        sound_codec="pcm_s16le",
        sound_start=Fraction(1, 2),
    )
    samples = heard(shifted)
    assert onset(samples) == pytest.approx(0.5, abs=0.01)
    assert len(samples) == pytest.approx(8000, abs=80)


def test_sound_alone(make: Maker) -> None:
    path = make.clip("alone.m4a", [], sound=tone(1.5))
    media = probe(path, id="alone")
    assert media.kind is MediaKind.AUDIO
    assert media.video is None
    assert media.audio is not None
    assert (media.audio.codec, media.audio.sample_rate, media.audio.channels) == ("aac", 48000, 1)
    assert media.duration == pytest.approx(1.5, abs=0.03)


def test_file_without_sound_gives_nothing(make: Maker) -> None:
    path = make.clip("mute.mp4", [numbered(n) for n in range(5)])
    assert len(heard(path)) == 0
    assert probe(path, id="mute").audio is None
