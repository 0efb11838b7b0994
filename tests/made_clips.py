"""Clips with known content for tests of every room."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray


def scene(
    seed: int, count: int = 24, size: tuple[int, int] = (192, 128), rate: int = 12
) -> Iterator[NDArray[np.uint8]]:
    """`count` pictures (height, width, 3) uint8 RGB of a view made from `seed`, with two things moving in it.

    The view is textured at every scale, so that local features find it; the movement is not periodic, so that
    a moment of it is told from every other.
    """
    width, height = size
    random = np.random.default_rng(seed)
    view = np.zeros((height, width, 3), np.float32)
    for cells in (4, 9, 20, 48):
        noise = random.normal(0, 1, (cells, cells, 3)).astype(np.float32)
        view += cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC) * 26
    view += 110
    for _ in range(24):
        x, y = int(random.integers(0, width)), int(random.integers(0, height))
        w, h = (int(value) for value in random.integers(6, 34, 2))
        colour = tuple(float(value) for value in random.integers(0, 256, 3))
        cv2.rectangle(view, (x, y), (x + w, y + h), colour, -1 if random.random() < 0.6 else 2)
    paths = random.uniform(0, 2 * np.pi, (2, 2)), random.uniform(0.5, 1.7, (2, 2))
    for index in range(count):
        time = index / rate
        picture = view.copy()
        for mover in range(2):
            swing = np.sin(paths[0][mover] + time * paths[1][mover] * np.array([1.0, 1.37]))
            centre = int(width * (0.5 + 0.4 * swing[0])), int(height * (0.5 + 0.4 * swing[1]))
            cv2.circle(picture, centre, max(6, height // 9), (250.0, 40.0 + 160 * mover, 30.0), -1)
        picture += random.normal(0, 1.5, picture.shape)
        yield np.clip(picture, 0, 255).astype(np.uint8)


def write_clip(
    path: Path,
    pictures: Iterable[NDArray[np.uint8]],
    *,
    rate: int = 12,
    codec: str = "libx264",
    options: Mapping[str, str] | None = None,
    metadata: Mapping[str, str] | None = None,
    tone: float | None = None,
) -> Path:
    """Encode RGB pictures at a constant rate; `tone` adds a sine of that many hertz as AAC."""
    with av.open(str(path), "w") as container:
        container.metadata.update(metadata or {})
        stream = None
        sound = container.add_stream("aac", rate=16000) if tone else None
        count = 0
        for index, picture in enumerate(pictures):
            if stream is None:
                stream = container.add_stream(
                    codec, rate=rate, options=dict(options or {"preset": "ultrafast"})
                )
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt = "yuv420p"
                stream.codec_context.thread_count = 1
                stream.codec_context.time_base = Fraction(1, rate)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, rate)
            container.mux(stream.encode(frame))
            count = index + 1
        assert stream is not None, "a clip needs a picture"
        container.mux(stream.encode())
        if sound is not None and tone:
            _add_tone(container, sound, tone, count / rate)
    return path


def _add_tone(
    container: av.container.OutputContainer, sound: av.AudioStream, tone: float, seconds: float
) -> None:
    rate, block = 16000, 1024
    for start in range(0, int(seconds * rate), block):
        wave = 0.3 * np.sin(2 * np.pi * tone * np.arange(start, start + block) / rate)
        frame = av.AudioFrame.from_ndarray(wave.astype(np.float32)[None], format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
        container.mux(sound.encode(frame))
    container.mux(sound.encode())
