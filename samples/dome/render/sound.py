"""Sound: what each place hums like, and the bang that follows the flash at the speed of sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLES = 48_000  # a second


def band(samples: NDArray[np.float32], low: float, high: float) -> NDArray[np.float32]:
    """Only what lies between `low` and `high` hertz."""
    spectrum = np.fft.rfft(samples)
    pitch = np.fft.rfftfreq(len(samples), 1 / SAMPLES)
    edge = 1 / (1 + (low / np.maximum(pitch, 1)) ** 6) / (1 + (pitch / high) ** 6)
    return np.fft.irfft(spectrum * edge, len(samples)).astype(np.float32)


def ambience(seed: int, seconds: float, hum: float, hiss: float = 0.004) -> NDArray[np.float32]:
    """A city at night: rumble that comes and goes, a hum of `hum` hertz, hiss, far traffic."""
    rng = np.random.default_rng(seed)
    count = round(seconds * SAMPLES)
    time = np.arange(count) / SAMPLES
    rumble = band(rng.standard_normal(count).astype(np.float32), 60, 300)
    traffic = band(rng.standard_normal(count).astype(np.float32), 300, 1400)
    swell = np.interp(time, np.linspace(0, seconds, 9), rng.uniform(0.4, 1.2, 9))
    tone = sum(0.3 / k * np.sin(2 * np.pi * hum * k * time + k) for k in (1, 2, 3))
    mixed = (
        0.22 * rumble * swell
        + 0.07 * traffic * swell[::-1]
        + 0.006 * tone
        + hiss * rng.standard_normal(count)
    )
    return mixed.astype(np.float32)


def calls(seed: int, seconds: float, pitch: float, gain: float = 0.05) -> NDArray[np.float32]:
    """Something that calls now and then, far off: a dog, a horn."""
    rng = np.random.default_rng(seed)
    count = round(seconds * SAMPLES)
    heard = np.zeros(count, np.float32)
    for start in np.sort(rng.uniform(0.3, seconds - 0.8, 6)):
        length = int(rng.uniform(0.12, 0.35) * SAMPLES)
        t = np.arange(length) / SAMPLES
        rise = pitch * (1 + 0.25 * np.sin(np.pi * t / t[-1])) * rng.uniform(0.9, 1.1)
        phase = 2 * np.pi * np.cumsum(rise) / SAMPLES
        call = np.hanning(length) * (np.sin(phase) + 0.5 * np.sin(2 * phase) + 0.3 * np.sin(3 * phase))
        at = int(start * SAMPLES)
        heard[at : at + length] += (gain * call).astype(np.float32)
    return heard


def bang(seed: int, seconds: float, at: float) -> NDArray[np.float32]:
    """A sharp report at `at` seconds, its rumble, and echoes off the fronts across the river."""
    rng = np.random.default_rng(seed)
    count = round(seconds * SAMPLES)
    heard = np.zeros(count, np.float32)
    for delay, gain, high in (
        (0.0, 0.85, 6000.0),
        (0.19, 0.2, 1500.0),
        (0.46, 0.13, 900.0),
        (0.83, 0.06, 600.0),
    ):
        start = round((at + delay) * SAMPLES)
        length = min(round(1.6 * SAMPLES), count - start)
        if length <= 0:
            continue
        t = np.arange(length) / SAMPLES
        crack = band(rng.standard_normal(length).astype(np.float32), 60, high) * np.exp(-t / 0.07)
        thump = np.sin(2 * np.pi * 46 * t) * np.exp(-t / 0.28)
        heard[start : start + length] += (gain * (0.7 * crack + 0.5 * thump)).astype(np.float32)
    return heard


def smoke_sound(seconds: float) -> NDArray[np.float32]:
    """Ambience and a dog; no bang."""
    return ambience(1, seconds, 100.0) + calls(11, seconds, 420.0)


def dome_sound(seconds: float, bang_at: float) -> NDArray[np.float32]:
    """Another ambience, a horn, the bang."""
    return ambience(2, seconds, 50.0) + calls(12, seconds, 690.0, 0.03) + bang(22, seconds, bang_at)


def street_sound(seconds: float) -> NDArray[np.float32]:
    """A busier place."""
    return 1.5 * ambience(3, seconds, 120.0) + calls(13, seconds, 330.0, 0.08)


def cut(samples: NDArray[np.float32], start: float, end: float) -> NDArray[np.float32]:
    """The seconds from `start` to `end`."""
    return samples[round(start * SAMPLES) : round(end * SAMPLES)]


def reposted(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Louder, levelled, without the lowest and the highest."""
    return np.tanh(1.9 * band(samples, 90, 7000)).astype(np.float32) * np.float32(0.8)


def from_speakers(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Played by a monitor's speakers in a small room, with the room's own noise and a click of its own."""
    dry = band(samples, 220, 5200)
    echo = np.zeros_like(dry)
    for delay, gain in ((0.007, 0.4), (0.013, 0.3), (0.021, 0.22)):
        shift = round(delay * SAMPLES)
        echo[shift:] += gain * dry[:-shift]
    room = ambience(4, len(samples) / SAMPLES + 0.001, 60.0, 0.006)[: len(samples)]
    return (0.55 * (dry + echo) + 0.25 * room).astype(np.float32)
