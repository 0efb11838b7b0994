"""Sound as a stream of mono blocks.

The default sound stream is decoded, mixed to one channel and brought to one rate by FFmpeg's resampler.
Gaps in the stream's times are filled with silence and overlaps are cut, so that sample n is heard n / rate
seconds after the first moment that a player shows: the same clock as the pictures'.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import av.error
import numpy as np

from verify.media.opening import opened, sound_stream, zero
from verify.media.reader import Tally
from verify.media.timing import Straight
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av import AudioFrame, AudioStream
    from av.container import InputContainer
    from numpy.typing import NDArray


def sound(path: Path, rate: int = 8000, tally: Tally | None = None) -> Iterator[NDArray[np.float32]]:
    """The default sound stream as mono blocks, (n,) float32, -1 to 1, `rate` samples a second, from time 0.

    A file without sound gives nothing. One block is held at a time; packets that cannot be decoded leave
    silence, and are counted in `tally` where one is given.

    Raises:
        UnreadableMediaError: The file looks like media and cannot be opened.
        NotMediaError: The file is no media.
    """
    settings = SETTINGS.media
    with opened(path) as container:
        stream = sound_stream(container)
        if stream is None:
            return
        start = zero(container)
        slack = round(settings.sound_slack_seconds * rate)
        most = round(settings.sound_gap_seconds * rate)
        resampler, form, written = None, None, 0
        for frame in _decoded(container, stream, tally or Tally()):
            if resampler is None or form != (frame.layout.name, frame.format.name, frame.sample_rate):
                # A stream may change its form midway; a resampler keeps the one that it began with.
                resampler = av.AudioResampler("flt", "mono", rate)
                form = frame.layout.name, frame.format.name, frame.sample_rate
            due = written
            if frame.pts is not None and frame.time_base:
                due = round((frame.pts * frame.time_base - start) * rate)
            frame.pts = None
            for samples in _mono(resampler, frame):
                if slack < due - written <= most:
                    yield from _silence(due - written)
                    written = due
                late = min(written - due, len(samples)) if written - due > slack else 0
                due += len(samples)
                if late < len(samples):
                    yield samples[late:]
                    written += len(samples) - late
        if resampler is not None:
            yield from _mono(resampler, None)


def first_sound(path: Path) -> bool:
    """Whether any sound can be decoded."""
    with opened(path) as container:
        stream = sound_stream(container)
        return stream is not None and next(_decoded(container, stream, Tally()), None) is not None


def _decoded(container: InputContainer, stream: AudioStream, tally: Tally) -> Iterator[AudioFrame]:
    packets = container.demux(stream)
    straight = Straight(stream.time_base or Fraction(1, 1000), Fraction(0), container.format.name)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except av.error.FFmpegError:
            tally.corrupt += 1
            return
        if not packet.size and (packet.dts is not None or packet.pts is not None):
            continue
        straight.correct(packet)
        try:
            yield from packet.decode()
        except av.error.FFmpegError:
            tally.corrupt += 1
            continue


def _mono(resampler: av.AudioResampler, frame: AudioFrame | None) -> Iterator[NDArray[np.float32]]:
    for block in resampler.resample(frame):
        yield np.asarray(block.to_ndarray()[0], np.float32)


def _silence(samples: int) -> Iterator[NDArray[np.float32]]:
    block = SETTINGS.media.silence_block
    for at in range(0, samples, block):
        yield np.zeros(min(block, samples - at), np.float32)
