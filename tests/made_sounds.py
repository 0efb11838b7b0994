"""Sounds with known content for tests of every room, and what circulation does to them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import av.error
import numpy as np
from av.filter import Graph

from verify.fingerprint.sound import SoundBuilder
from verify.media import sound

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from verify.fingerprint.sound import SoundTrack

RATE = 16000


def speech(seed: int, seconds: float) -> NDArray[np.float32]:
    """(n,) float32 at 16 kHz: syllables of changing vowels and hisses, with pauses."""
    random = np.random.default_rng(seed)
    count = round(seconds * RATE)
    out = np.zeros(count + RATE)
    at = 0
    while at < count:
        length = int(random.uniform(0.08, 0.32) * RATE)
        times = np.arange(length) / RATE
        if random.random() < 0.75:
            pitch = random.uniform(90, 260) * (1 + 0.15 * random.normal() * times)
            source = np.sign(np.sin(2 * np.pi * np.cumsum(pitch) / RATE)) * 0.3
        else:
            source = random.normal(0, 0.3, length)
        spectrum = np.fft.rfft(source)
        hertz = np.fft.rfftfreq(length, 1 / RATE)
        shape = np.full(len(hertz), 0.02)
        for formant, width in zip(
            random.uniform((250, 800, 1800), (800, 2400, 3600)), (90, 130, 180), strict=True
        ):
            shape += random.uniform(0.3, 1.0) / (1 + ((hertz - formant) / width) ** 2)
        syllable = np.fft.irfft(spectrum * shape, length) * np.hanning(length)
        out[at : at + length] += syllable * random.uniform(0.3, 1.0)
        at += int(length * random.uniform(0.7, 1.1)) + (
            int(random.uniform(0.1, 0.4) * RATE) * (random.random() < 0.15)
        )
    return (0.5 * out[:count] / np.abs(out).max()).astype(np.float32)


def music(seed: int, seconds: float, tempo: float = 4.0) -> NDArray[np.float32]:
    """(n,) float32 at 16 kHz: chords of decaying tones, `tempo` a second, seldom twice the same."""
    random = np.random.default_rng(seed)
    count = round(seconds * RATE)
    out = np.zeros(count + 2 * RATE)
    decay = np.exp(-np.arange(RATE) / (0.3 * RATE))
    for beat in range(int(seconds * tempo)):
        at = int(beat / tempo * RATE)
        for _ in range(3):
            hertz = 110.0 * 2 ** (random.integers(0, 48) / 12)
            times = np.arange(RATE) / RATE
            tone = sum(np.sin(2 * np.pi * hertz * (n + 1) * times) / (n + 1) for n in range(5))
            out[at : at + RATE] += tone * decay * random.uniform(0.2, 1.0)
    return (0.5 * out[:count] / np.abs(out).max()).astype(np.float32)


def filtered(samples: NDArray[np.float32], chain: str) -> NDArray[np.float32]:
    """What a chain of FFmpeg's filters, `name=arguments,...`, makes of a sound at 16 kHz."""
    graph = Graph()
    source = last = graph.add_abuffer(sample_rate=RATE, format="flt", layout="mono")
    for part in (*chain.split(","), f"aresample={RATE}", "aformat=sample_fmts=flt"):
        name, _, arguments = part.partition("=")
        step = graph.add(name, arguments or None)
        last.link_to(step)
        last = step
    sink = graph.add("abuffersink")
    last.link_to(sink)
    graph.configure()
    out = []
    for at in range(0, len(samples), 4096):
        frame = av.AudioFrame.from_ndarray(samples[None, at : at + 4096], format="flt", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
        source.push(frame)
        out += _pulled(sink)
    source.push(None)
    return np.concatenate([*out, *_pulled(sink)])


def _pulled(sink: av.filter.context.FilterContext) -> list[NDArray[np.float32]]:
    out = []
    while True:
        try:
            out.append(sink.pull().to_ndarray()[0])
        except (av.error.BlockingIOError, av.error.EOFError):
            return out


def write_sound(
    path: Path, samples: NDArray[np.float32], codec: str = "aac", bit_rate: int = 64000, rate: int = RATE
) -> Path:
    """Encode a sound at 16 kHz as mono, resampled to what the codec asks for."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout="mono")
        stream.bit_rate = bit_rate
        wanted = stream.codec_context.format.name if stream.codec_context.format else "fltp"
        resampler = av.AudioResampler(wanted, "mono", rate)
        fifo = av.AudioFifo()
        frame = av.AudioFrame.from_ndarray(samples[None], format="flt", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
        for given in (frame, None):
            for part in resampler.resample(given):
                fifo.write(part)
        size = stream.codec_context.frame_size or 1024
        while (part := fifo.read(size, partial=True)) is not None:
            container.mux(stream.encode(part))
        container.mux(stream.encode())
    return path


def dubbed(clip: Path, samples: NDArray[np.float32], out: Path) -> Path:
    """The pictures of a clip, packet for packet, with a sound at 16 kHz as AAC."""
    voice = write_sound(out.with_suffix(".m4a"), samples)
    with av.open(str(clip)) as shown, av.open(str(voice)) as spoken, av.open(str(out), "w") as container:
        pairs = [
            (each, container.add_stream_from_template(each))
            for each in (shown.streams.video[0], spoken.streams.audio[0])
        ]
        for given, stream in pairs:
            for packet in given.container.demux(given):
                if packet.dts is not None:
                    packet.stream = stream
                    container.mux(packet)
    return out


def heard(path: Path) -> NDArray[np.float32]:
    """(n,) at 8 kHz: the sound of a file, as the product decodes it."""
    return np.concatenate(list(sound(path)))


def track(samples: NDArray[np.float32]) -> SoundTrack:
    """The sound track of samples at 8 kHz."""
    builder = SoundBuilder()
    for at in range(0, len(samples), 999):
        builder.add(samples[at : at + 999])
    made = builder.finish()
    assert made is not None
    return made


def track_of(path: Path) -> SoundTrack:
    """The sound track of a file."""
    return track(heard(path))
