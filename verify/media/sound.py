"""Sound as a stream of float32 mono blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import av.error
import numpy as np

from verify.media.opening import opened, sound_stream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray


def sound(path: Path, rate: int = 8000) -> Iterator[NDArray[np.float32]]:
    """The default sound stream mixed to one channel at `rate` hertz, block by block, (n,) float32, -1 to 1.

    A file without sound gives nothing.
    """
    with opened(path) as container:
        stream = sound_stream(container)
        if stream is None:
            return
        resampler = av.AudioResampler("flt", "mono", rate)
        for packet in container.demux(stream):
            try:
                decoded = packet.decode()
            except av.error.InvalidDataError:
                continue
            for frame in decoded:
                for block in resampler.resample(frame):
                    yield block.to_ndarray()[0]
        for block in resampler.resample(None):
            yield block.to_ndarray()[0]


def first_sound(path: Path) -> bool:
    """Whether any sound can be decoded."""
    with opened(path) as container:
        stream = sound_stream(container)
        if stream is None:
            return False
        for packet in container.demux(stream):
            try:
                if packet.decode():
                    return True
            except av.error.InvalidDataError:
                continue
    return False
