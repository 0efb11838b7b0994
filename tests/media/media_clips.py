"""Clips with known truth, made by PyAV: each picture carries its number as eight bright or dark blocks."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

WIDTH, HEIGHT, RATE = 192, 112, 25


def numbered(number: int, width: int = WIDTH, height: int = HEIGHT, seed: int = 7) -> NDArray[np.uint8]:
    """(H, W, 3) RGB: texture, and the number in the upper third, most significant bit left."""
    texture = np.random.default_rng(seed).integers(90, 130, (height, width, 1), np.uint8)
    picture = np.repeat(texture, 3, axis=2)
    block = width // 8
    for bit in range(8):
        value = 220 if number >> (7 - bit) & 1 else 30
        picture[: height // 3, bit * block : (bit + 1) * block] = value
    return picture


def number_in(luma: NDArray[np.uint8]) -> int:
    """The number that a decoded picture carries; luma (H, W) or RGB (H, W, 3)."""
    grey = luma if luma.ndim == 2 else luma.mean(axis=2)
    height, width = grey.shape
    block = width // 8
    return sum(
        int(
            grey[height // 12 : height // 4, bit * block + block // 4 : (bit + 1) * block - block // 4].mean()
            > 125
        )
        << (7 - bit)
        for bit in range(8)
    )


def tone(seconds: float, rate: int = 48000, hertz: float = 440.0) -> NDArray[np.float32]:
    """(1, n) float32 sine."""
    times = np.arange(round(seconds * rate)) / rate
    return (0.5 * np.sin(2 * np.pi * hertz * times)).astype(np.float32)[None]


@dataclass(frozen=True)
class Maker:
    """Writes clips into a folder of the test's own."""

    folder: Path

    def clip(
        self,
        name: str,
        pictures: Sequence[NDArray[np.uint8]],
        *,
        codec: str = "libx264",
        pixel_format: str = "yuv420p",
        options: dict[str, str] | None = None,
        times: Sequence[Fraction] | None = None,
        rate: Fraction = Fraction(RATE),
        rotation: int = 0,
        mirror: bool = False,
        sound: NDArray[np.float32] | None = None,
        sound_codec: str = "aac",
        sound_start: Fraction = Fraction(0),
    ) -> Path:
        """One picture stream, `times` in seconds where they are not at `rate`, and sound if given."""
        path = self.folder / name
        base = Fraction(1, 90_000)
        with av.open(str(path), "w") as container:
            stream = container.add_stream(codec, rate=rate, options=options or {}) if len(pictures) else None
            voice = (
                container.add_stream(sound_codec, rate=48000, layout="mono") if sound is not None else None
            )
            packets = []
            if stream is not None:
                stream.height, stream.width = pictures[0].shape[:2]
                stream.pix_fmt = pixel_format
                stream.codec_context.time_base = base if times else 1 / rate
                if rotation:
                    stream.set_display_rotation(-rotation)
                if mirror:
                    stream.set_display_matrix([-1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30])
                for index, picture in enumerate(pictures):
                    frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                    time = times[index] if times else index / rate
                    frame.time_base = base if times else 1 / rate
                    frame.pts = round(time / frame.time_base)
                    packets += stream.encode(frame)
                packets += stream.encode(None)
            if voice is not None and sound is not None:
                block = av.AudioFrame.from_ndarray(sound, format="fltp", layout="mono")
                block.sample_rate, block.time_base = 48000, Fraction(1, 48000)
                block.pts = int(sound_start * 48000)
                packets += voice.encode(block)
                packets += voice.encode(None)
            for packet in sorted(packets, key=lambda packet: packet.dts * packet.time_base):
                container.mux(packet)
        return path

    def remuxed(self, source: Path, name: str, *, shift: Fraction = Fraction(0)) -> Path:
        """All streams of `source` copied into another container, their times moved by `shift` seconds."""
        path = self.folder / name
        with av.open(str(source)) as before, av.open(str(path), "w") as after:
            copies = {
                stream.index: after.add_stream_from_template(stream, opaque=True) for stream in before.streams
            }
            for packet in before.demux():
                if packet.dts is None and packet.pts is None:
                    continue
                ticks = round(shift / packet.time_base)
                if packet.dts is not None:
                    packet.dts += ticks
                if packet.pts is not None:
                    packet.pts += ticks
                packet.stream = copies[packet.stream_index]
                after.mux(packet)
        return path


@pytest.fixture
def make(tmp_path: Path) -> Maker:
    return Maker(tmp_path)


@pytest.fixture
def counting() -> list[NDArray[np.uint8]]:
    """Two seconds of pictures numbered from 0."""
    return [numbered(number) for number in range(50)]
