"""What is written is read back: the times to the tick, the sound to the sample, colours as declared."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from verify.media import probe, sound
from verify.media.decode import colour_frames
from verify.media.writing import SOUND_RATE, ClipWriter, Encoding, ticked

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FLAT = (200, 40, 60)


def _picture(at: int, size: tuple[int, int] = (64, 48)) -> NDArray[np.uint8]:
    picture = np.full((size[1], size[0], 3), FLAT, np.uint8)
    picture[8:24, at % 40 : at % 40 + 16] = 230
    return picture


@pytest.mark.parametrize(
    "rate", [Fraction(30000, 1001), Fraction(24000, 1001), Fraction(25), Fraction(12)], ids=str
)
@pytest.mark.parametrize("b_frames", [0, 3])
def test_times_come_back_exactly(rate: Fraction, b_frames: int, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    with ClipWriter(path, (64, 48), rate, Encoding(b_frames=b_frames, gop=8)) as writer:
        for at in range(20):
            writer.add(at / rate, (at + 1) / rate, _picture(at))
    shown = list(colour_frames(path))
    assert [frame.time for frame in shown] == [at / rate for at in range(20)]
    assert shown[-1].end == 20 / rate


def test_uneven_times_come_back_to_the_tick(tmp_path: Path) -> None:
    times = [ticked(Fraction(at * at, 997)) for at in range(12)]
    path = tmp_path / "clip.mp4"
    with ClipWriter(path, (64, 48), Fraction(25), Encoding()) as writer:
        for at, (time, end) in enumerate(pairwise([*times, times[-1] + 1])):
            writer.add(time, end, _picture(at))
    assert [frame.time for frame in colour_frames(path)] == times


@pytest.mark.parametrize(("given", "declared"), [(1, 1), (5, 5), (2, 5)])
def test_colours_come_back_under_the_matrix_that_is_declared(
    given: int, declared: int, tmp_path: Path
) -> None:
    path = tmp_path / "clip.mp4"
    with ClipWriter(path, (64, 48), Fraction(10), Encoding(crf=5), matrix=given) as writer:
        for at in range(3):
            writer.add(Fraction(at, 10), Fraction(at + 1, 10), _picture(0))
    frame = next(colour_frames(path))
    assert frame.matrix == declared
    assert np.abs(frame.rgb[30:, 30:].astype(int) - FLAT).max() <= 4


def test_sound_begins_with_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    given = np.zeros(SOUND_RATE, np.float32)
    given[SOUND_RATE // 2 : SOUND_RATE // 2 + 400] = 0.8
    with ClipWriter(path, (64, 48), Fraction(10), Encoding(), sound=True) as writer:
        for at in range(10):
            writer.add(Fraction(at, 10), Fraction(at + 1, 10), _picture(at))
        writer.add_sound(given)
    heard = np.concatenate(list(sound(path, SOUND_RATE)))
    assert abs(int(np.argmax(np.abs(heard) > 0.4)) - SOUND_RATE // 2) < SOUND_RATE // 200


def test_odd_sizes_lose_a_pixel_and_bit_rates_hold(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    noise = np.random.default_rng(0).integers(0, 256, (30, 121, 161, 3)).astype(np.uint8)
    with ClipWriter(path, (161, 121), Fraction(10), Encoding(bit_rate=100_000)) as writer:
        for at, picture in enumerate(noise):
            writer.add(Fraction(at, 10), Fraction(at + 1, 10), picture)
    media = probe(path, id="clip")
    assert media.video is not None
    assert (media.video.width, media.video.height) == (160, 120)
    assert path.stat().st_size * 8 / 3 < 200_000


def test_sound_that_was_not_announced_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match="without sound"),
        ClipWriter(tmp_path / "clip.mp4", (64, 48), Fraction(10), Encoding()) as writer,
    ):
        writer.add_sound(np.zeros(10, np.float32))
