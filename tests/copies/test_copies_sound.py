"""Sound against sound: one recording through what circulation does, placed; others, silence and hum never."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from made_sounds import RATE, filtered, heard, music, speech, track, write_sound

from verify.copies.hearing import Course
from verify.copies.listening import _fitted
from verify.copies.sound import DIFFERENT, SAME, Heard, compare, over
from verify.model import WHOLE, Segment, Span
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from verify.fingerprint.sound import SoundTrack

SOUND = SETTINGS.sound
NAMES = "first", "second"
IDENTITY = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def small(samples: np.ndarray) -> SoundTrack:
    """The track of a sound at 16 kHz, without a codec."""
    return track(halved(samples))


def halved(samples: np.ndarray) -> np.ndarray:
    """At 8 kHz, by a Fourier cut."""
    spectrum = np.fft.rfft(samples)[: len(samples) // 4 + 1]
    return (np.fft.irfft(spectrum, len(samples) // 2) / 2).astype(np.float32)


def found(one: SoundTrack | None, two: SoundTrack | None) -> Heard:
    result = compare(one, two, SOUND)
    assert result is not None
    return result


@pytest.fixture(scope="module", params=[speech, music], ids=["speech", "music"])
def original(request: pytest.FixtureRequest) -> np.ndarray:
    return request.param(1, 12.0)


@pytest.mark.parametrize(
    ("codec", "suffix", "bits", "rate"),
    [("aac", "m4a", 32000, 16000), ("libopus", "mka", 32000, 48000), ("libmp3lame", "mka", 32000, 16000)],
)
def test_codecs_leave_the_recording_and_its_offset(
    original: np.ndarray, codec: str, suffix: str, bits: int, rate: int, tmp_path: Path
) -> None:
    one = write_sound(tmp_path / "one.m4a", original)
    two = write_sound(tmp_path / f"two.{suffix}", original[2 * RATE :], codec, bits, rate)
    ours, theirs = heard(one), heard(two)
    result = found(track(ours), track(theirs))
    assert result.state == SAME
    assert result.support > 7
    speed, offset = result.hypotheses[0]
    # The oracle: the peak of the whole waveforms' cross-correlation.
    size = len(ours) + len(theirs)
    peak = int(np.fft.irfft(np.fft.rfft(theirs, size) * np.fft.rfft(ours, size).conj(), size).argmax())
    exact = (peak if peak < size / 2 else peak - size) / 8000
    assert exact == pytest.approx(-2.0, abs=0.06)
    assert speed == pytest.approx(1.0, abs=0.001)
    assert offset + (1 / speed - 1) * 6 == pytest.approx(exact, abs=0.01)
    stretch = result.shared[0]
    assert float(stretch.a.start) == pytest.approx(2.0, abs=0.3)
    assert float(stretch.b.end) == pytest.approx(10.0, abs=0.3)


@pytest.mark.parametrize(
    ("chain", "speed", "pitched"),
    [
        ("volume=-20dB,highpass=f=500", 1.0, False),
        ("acompressor=threshold=0.05:ratio=8:makeup=4,lowpass=f=1800", 1.0, False),
        ("aresample=8000,highpass=f=300", 1.0, False),
        ("atempo=0.5", 0.5, False),
        ("atempo=0.8", 0.8, False),
        ("atempo=1.333", 1.333, False),
        ("atempo=2", 2.0, False),
        ("asetrate=12800", 0.8, True),
        ("asetrate=18000", 1.125, True),
        ("asetrate=24000", 1.5, True),
    ],
)
def test_volume_equalisers_speed_and_pitch(
    original: np.ndarray, chain: str, speed: float, pitched: bool
) -> None:
    one, two = small(original), small(filtered(original, chain))
    result = found(one, two)
    assert result.state == SAME
    assert result.shared[0].speed == pytest.approx(speed, rel=0.005)
    assert result.shared[0].pitched == pitched
    assert result.hypotheses[0][1] == pytest.approx(0.0, abs=0.05)
    turned = found(two, one)
    assert turned.state == SAME
    assert turned.shared[0].speed == pytest.approx(1 / speed, rel=0.005)


def test_speech_over_music_leaves_the_music() -> None:
    under = music(4, 15.0)
    result = found(small(under), small(under + 0.5 * speech(5, 15.0)))
    assert result.state == SAME
    assert result.hypotheses[0][1] == pytest.approx(0.0, abs=0.02)


def test_stretches_that_name_lags_far_apart_still_give_a_line() -> None:
    line = _fitted(
        Course(0.0, 0.0, 1.0, False), np.array([25.0, 50.0]), np.array([-6.0, 6.0]), np.array([0.5, 0.6])
    )
    assert line.b_of(0.0) == pytest.approx(6.0)


def test_every_stretch_of_an_edit_is_placed() -> None:
    source, other = speech(6, 24.0), speech(7, 8.0)
    cut = np.concatenate([source[14 * RATE : 22 * RATE], other, source[2 * RATE : 9 * RATE]])
    result = found(small(source), small(cut))
    places = sorted((float(each.b.start), float(each.b.start - each.a.start)) for each in result.shared)
    assert [place for _, place in places] == pytest.approx([-14.0, 14.0], abs=0.03)
    assert [start for start, _ in places] == pytest.approx([0.0, 16.0], abs=0.3)
    assert {round(offset) for _, offset in result.hypotheses} == {-14, 14}


@pytest.mark.parametrize("seconds", [3.0, 12.0])
def test_unrelated_sounds_share_nothing(seconds: float) -> None:
    tracks = [small(make(seed, seconds)) for make in (speech, music) for seed in range(20, 24)]
    named = [
        (one, two)
        for one in range(len(tracks))
        for two in range(one)
        if found(tracks[one], tracks[two]).state is not None
    ]
    assert named == []


def test_silence_hum_and_steady_noise_tell_nothing() -> None:
    times = np.arange(8000 * 10) / 8000
    random = np.random.default_rng(1)
    silence = track(np.zeros(80000, np.float32))
    hums = [
        track((level * np.sign(np.sin(2 * np.pi * hertz * times))).astype(np.float32))
        for level, hertz in ((0.1, 50), (0.3, 50), (0.1, 60))
    ]
    noises = [track(random.normal(0, 0.1, 80000).astype(np.float32)) for _ in range(2)]
    voice = small(speech(1, 10.0))
    dull = [silence, *hums, *noises]
    for index, one in enumerate(dull):
        for two in (*dull[:index], voice):
            result = compare(one, two, SOUND)
            assert result is None or result.state is None
    assert compare(None, voice, SOUND) is None
    assert compare(voice, None, SOUND) is None


def test_beeps_name_no_offset() -> None:
    times = np.arange(8000 * 20) / 8000
    clicks = [
        track((0.3 * np.sin(2 * np.pi * hertz * times) * (times % 0.5 < 0.08)).astype(np.float32))
        for hertz in (900, 905)
    ]
    result = found(*clicks)
    assert result.state is None
    assert "repeats itself" in result.words[0]


def segment(
    start_a: float, end_a: float, start_b: float, *, speed: float = 1.0, backwards: bool = False
) -> Segment:
    a = Span(Fraction(start_a), Fraction(end_a))
    b = Span(Fraction(start_b), Fraction(start_b) + Fraction((end_a - start_a) / speed))
    return Segment(a, b, False, WHOLE, WHOLE, IDENTITY, 0.9, speed=speed, reversed=backwards)


def said(one: SoundTrack | None, two: SoundTrack | None, *segments: Segment) -> tuple[str | None, str]:
    state, words = over(compare(one, two, SOUND, NAMES), one, two, segments, SOUND, NAMES)
    return state, " ".join(words)


def test_other_sound_under_the_same_pictures_is_said() -> None:
    one = small(speech(30, 12.0))
    state, words = said(one, small(music(31, 12.0)), segment(0, 12, 0))
    assert state == DIFFERENT
    assert "other sound lies under the shared pictures" in words
    assert "of second" in words
    assert said(one, one, segment(0, 12, 0))[0] == SAME


def test_sound_that_cannot_be_told_is_not_different() -> None:
    random = np.random.default_rng(3)
    one = small(speech(30, 12.0))
    hiss = track(random.normal(0, 0.1, 96000).astype(np.float32))
    assert said(one, track(np.zeros(96000, np.float32)), segment(0, 12, 0)) == (None, "")
    assert said(one, hiss, segment(0, 12, 0))[0] is None
    assert said(one, None, segment(0, 12, 0)) == (None, "")
    # Pictures that share a moment only, or none at all.
    assert said(one, small(music(31, 12.0)), segment(3, 4, 3))[0] is None
    assert said(one, small(music(31, 12.0)))[0] is None


def test_the_same_sound_under_other_pictures_is_said() -> None:
    song = music(32, 20.0)
    one, two = small(song), small(np.concatenate([speech(33, 5.0), song[4 * RATE :]]))
    state, words = said(one, two)
    assert state == SAME
    assert "of first" in words
    assert "of second" in words


def test_sound_late_under_its_pictures_is_the_same() -> None:
    voice = speech(34, 12.0)
    late = np.concatenate([np.zeros(RATE * 3 // 10, np.float32), voice])
    assert said(small(voice), small(late), segment(0, 12, 0))[0] == SAME


def test_dubbing_of_a_part_is_said() -> None:
    voice = speech(35, 24.0)
    dubbed = np.concatenate([voice[: 10 * RATE], speech(36, 14.0)])
    state, words = said(small(voice), small(dubbed), segment(0, 24, 0))
    assert state == SAME
    assert "under the shared pictures other sound lies in" in words


@pytest.mark.parametrize("chain", ["atempo=1.25", "asetrate=20000"])
def test_speeded_pictures_with_their_own_sound(chain: str) -> None:
    voice = speech(37, 15.0)
    one, two = small(voice), small(filtered(voice, chain))
    assert said(one, two, segment(0, 15, 0, speed=1.25))[0] == SAME


def test_pictures_that_race_leave_no_sound_to_tell() -> None:
    voice = small(speech(39, 40.0))
    assert said(voice, small(music(39, 3.0)), segment(0, 39, 0, speed=13.0))[0] is None


def test_sound_played_backwards_under_reversed_pictures() -> None:
    voice = speech(38, 12.0)
    one, two = small(voice), small(voice[::-1])
    assert compare(one, two, SOUND) == Heard(None)
    assert said(one, two, segment(0, 12, 0, backwards=True))[0] == SAME
    assert said(one, two, segment(0, 12, 0))[0] == DIFFERENT
