"""Pictures and sound to files, through PyAV. One thread, so that the same versions give the same bytes."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

from .sound import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray


def video(
    path: Path,
    frames: Iterable[NDArray[np.uint8]],
    rate: int,
    sound: NDArray[np.float32],
    tags: Mapping[str, str],
    options: Mapping[str, str],
    sound_bits: int = 64_000,
) -> None:
    """Write H.264 and mono AAC into an MP4. `frames`: (H, W, 3) uint8 RGB; `sound` at 48 kHz, -1 to 1."""
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        container.metadata.update(tags)
        picture = container.add_stream("libx264", rate=rate)
        picture.pix_fmt = "yuv420p"
        picture.thread_count = 1
        picture.options = {"preset": "medium", "x264-params": "threads=1", **options}
        heard = container.add_stream("aac", rate=SAMPLES, layout="mono", bit_rate=sound_bits)
        audio = _blocks(sound)
        pending = next(audio, None)
        for number, frame in enumerate(frames):
            if number == 0:
                picture.height, picture.width = frame.shape[:2]
            shown = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
            shown.pts, shown.time_base = number, Fraction(1, rate)
            container.mux(picture.encode(shown))
            while pending is not None and pending.pts <= (number + 1) * SAMPLES // rate:
                container.mux(heard.encode(pending))
                pending = next(audio, None)
        while pending is not None:
            container.mux(heard.encode(pending))
            pending = next(audio, None)
        container.mux(picture.encode(None))
        container.mux(heard.encode(None))


def remux(source: Path, target: Path, tags: Mapping[str, str]) -> None:
    """The same encoded packets in the container that `target`'s name asks for."""
    with (
        av.open(str(source)) as old,
        av.open(str(target), "w", options={"avoid_negative_ts": "disabled"}) as new,
    ):
        new.metadata.update(tags)
        copies = {stream.index: new.add_stream_from_template(stream) for stream in old.streams}
        for packet in old.demux():
            if packet.dts is not None:
                packet.stream = copies[packet.stream.index]
                new.mux(packet)


def _blocks(sound: NDArray[np.float32], size: int = 1024) -> Iterable[av.AudioFrame]:
    clipped = np.clip(sound, -1, 1).astype(np.float32)
    for start in range(0, len(clipped), size):
        block = np.ascontiguousarray(clipped[start : start + size])[None]
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = SAMPLES, start, Fraction(1, SAMPLES)
        yield frame
