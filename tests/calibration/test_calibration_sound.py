"""The sound of made copies lies under the pictures that it belongs to."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from made_clips import scene

from verify.calibration.transforms import make, named
from verify.media import probe, sound
from verify.media.writing import SOUND_RATE, ClipWriter, Encoding

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

RATE, SECONDS = 10, 5
LOW = 8000  # samples a second at which sounds are compared


def _hum(seed: int) -> NDArray[np.float32]:
    """Noise of low pitch, in which every moment is told from every other."""
    raw = np.random.default_rng(seed).normal(0, 1, SOUND_RATE * SECONDS)
    soft = np.convolve(raw, np.ones(24) / 24, "same")
    return (0.3 * soft / np.abs(soft).max()).astype(np.float32)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("sources")
    for seed in (1, 2):
        with ClipWriter(folder / f"{seed}.mp4", (96, 64), Fraction(RATE), Encoding(), sound=True) as writer:
            for at, picture in enumerate(scene(seed, RATE * SECONDS, (96, 64), RATE)):
                writer.add(Fraction(at, RATE), Fraction(at + 1, RATE), picture)
            writer.add_sound(_hum(seed))
    return [folder / "1.mp4", folder / "2.mp4"]


def _heard(path: Path) -> NDArray[np.float32]:
    return np.concatenate(list(sound(path, LOW)))


def _lag(one: NDArray[np.float32], two: NDArray[np.float32], most: int = 100) -> tuple[int, float]:
    """Samples by which `two` is later than `one`, and how alike they then are."""
    short = min(len(one), len(two)) - 2 * most
    middle = one[most : most + short]
    scores = [
        float(np.corrcoef(middle, two[most + lag : most + lag + short])[0, 1]) for lag in range(-most, most)
    ]
    best = int(np.argmax(scores))
    return best - most, scores[best]


@pytest.mark.parametrize("name", ["trim", "removed-middle", "reordered", "reversed", "crop-50", "speed-1.5"])
def test_every_segment_keeps_its_sound(name: str, sources: list[Path], tmp_path: Path) -> None:
    pair = make(sources[0], named(name), tmp_path / "copy.mp4", 8, sources[1])
    ours, theirs = _heard(pair.a), _heard(pair.b)
    for segment in pair.segments:
        a = ours[round(segment.a.start * LOW) : round(segment.a.end * LOW)]
        b = theirs[round(segment.b.start * LOW) : round(segment.b.end * LOW)]
        a = a[::-1] if segment.reversed else a
        if segment.speed != 1:
            a = np.interp(np.arange(len(b)) * segment.speed, np.arange(len(a)), a)
        lag, likeness = _lag(a, b)
        assert abs(lag) <= LOW // 200
        assert likeness > 0.9


def test_other_sound_is_the_other_clips(sources: list[Path], tmp_path: Path) -> None:
    pair = make(sources[0], named("other-sound"), tmp_path / "copy.mp4", 8, sources[1])
    lag, likeness = _lag(_heard(sources[1]), _heard(pair.b))
    assert abs(lag) <= LOW // 200
    assert likeness > 0.9
    assert pair.others == (sources[1],)


def test_sound_and_pictures_end_together(sources: list[Path], tmp_path: Path) -> None:
    pair = make(sources[0], named("frozen"), tmp_path / "copy.mp4", 8)
    media = probe(pair.b, id="copy")
    assert media.duration == pair.segments[-1].b.end
    assert abs(len(_heard(pair.b)) / LOW - float(pair.segments[-1].b.end)) < 0.05
