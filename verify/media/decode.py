"""Frames of a video with exact times, streamed.

Times are `pts x time_base` less the container's start, so that 0 is the first moment that a player shows;
FFmpeg's demuxers have applied the edit lists by then. Luma comes straight from the decoder's plane,
without a colour conversion. Non-reference frames can be left out at the decoder: every frame that is kept
is bit-identical, and the gaps are two or three frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np

from verify.errors import UnreadableMediaError
from verify.media.opening import opened, picture_stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(slots=True)
class Tally:
    """What a decoding run met, counted while it runs."""

    packets: int = 0
    frames: int = 0
    corrupt: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class Frame:
    """One decoded frame. `luma` is a view into the decoder's memory: it is valid while the frame is held."""

    time: Fraction
    end: Fraction  # when the next frame is due
    luma: NDArray[np.uint8]  # (H, W), 0-255, as coded: rotation not applied
    rotation: int  # degrees clockwise to the displayed picture
    key: bool

    def shrunk(self, side: int) -> NDArray[np.uint8]:
        """Luma of the displayed picture, (h, w) uint8, longer side at most `side` pixels."""
        return upright(shrink(self.luma, side), self.rotation)


@dataclass(frozen=True, eq=False, slots=True)
class Picture:
    """One displayed picture in colour."""

    time: Fraction
    rgb: NDArray[np.uint8]  # (H, W, 3), 0-255, RGB, rotation applied


def shrink(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The picture with its longer side at most `side` pixels, by area averaging; never enlarged."""
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return picture
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def upright(picture: NDArray[np.uint8], rotation: int) -> NDArray[np.uint8]:
    """The picture turned clockwise by a quarter turn or more."""
    return np.ascontiguousarray(np.rot90(picture, -rotation // 90)) if rotation else picture


def frames(
    path: Path,
    *,
    start: Fraction | None = None,
    end: Fraction | None = None,
    skip_nonref: bool = True,
    threads: int = 0,
    tally: Tally | None = None,
) -> Iterator[Frame]:
    """Frames of the default picture stream in `[start, end)`, in order; a still gives one frame at 0.

    Holds one frame at a time beside the decoder's own (its reference frames and one per thread).
    """
    for frame, time, last in _decoded(path, start, end, skip_nonref, threads, tally):
        yield Frame(time, last, _luma(frame), -frame.rotation % 360, bool(frame.key_frame))


def pictures(path: Path, times: Sequence[Fraction], side: int) -> Iterator[Picture]:
    """The pictures on screen at `times` (ascending), RGB, longer side at most `side`; exact, by seeking."""
    for time in times:
        shown = None
        for frame, at, last in _decoded(path, time, None, False, 0, None, before=True):
            if at <= time or shown is None:
                shown = frame, at
            if last > time:
                break
        if shown is not None:
            rgb = shrink(shown[0].to_ndarray(format="rgb24"), side)
            yield Picture(shown[1], upright(rgb, -shown[0].rotation % 360))


def _decoded(
    path: Path,
    start: Fraction | None,
    end: Fraction | None,
    skip_nonref: bool,
    threads: int,
    tally: Tally | None,
    before: bool = False,
) -> Iterator[tuple[av.VideoFrame, Fraction, Fraction]]:
    tally = tally if tally is not None else Tally()
    try:
        with av.open(str(path), metadata_errors="replace") as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            stream.codec_context.thread_count = threads
            if skip_nonref:
                stream.codec_context.skip_frame = "NONREF"
            base = stream.time_base
            zero = Fraction(container.start_time or 0, av.time_base)
            usual = 1 / Fraction(stream.average_rate or stream.guessed_rate or 25)
            if start is not None and start > 0:
                container.seek(max(0, int((start + zero) / base)), stream=stream)
            for packet in container.demux(stream):
                tally.packets += 1
                try:
                    batch = packet.decode()
                except av.error.InvalidDataError:
                    tally.corrupt += 1
                    continue
                for frame in batch:
                    if frame.pts is None:
                        continue
                    tally.frames += 1
                    time = frame.pts * base - zero
                    last = time + (frame.duration * base if frame.duration else usual)
                    if end is not None and time >= end:
                        return
                    if start is not None and not before and time < start:
                        continue
                    yield frame, time, last
    except av.error.FFmpegError as error:
        raise UnreadableMediaError(path, f"it could not be decoded ({error.strerror})") from error


def _luma(frame: av.VideoFrame) -> NDArray[np.uint8]:
    if not frame.format.name.startswith(("yuv", "nv12", "gray")) or frame.format.components[0].bits != 8:
        frame = frame.reformat(format="gray")
    plane = frame.planes[0]
    return np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: frame.height, : frame.width]


def first_frame(path: Path) -> av.VideoFrame | None:
    """The first frame of the default picture stream that can be decoded, as PyAV gives it."""
    with opened(path) as container:
        stream = picture_stream(container)
        if stream is None:
            return None
        for packet in container.demux(stream):
            try:
                batch = packet.decode()
            except av.error.InvalidDataError:
                continue
            if batch:
                return batch[0]
    return None
