"""Frames to a file: made copies of clips, at exact times, streamed.

Written with FFmpeg's encoders as PyAV carries them: H.264 through libx264 where it is there, else MPEG-4 part
2. Times are kept to `1 / CLOCK` of a second, which every usual frame rate divides. Sound is mono AAC.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Self

import av
import cv2
import numpy as np
from av.video.reformatter import VideoReformatter

if TYPE_CHECKING:
    from pathlib import Path

    from av import AudioStream, VideoStream
    from numpy.typing import NDArray

CLOCK = 5_760_000  # ticks a second; 1/24, 1/25, 1/30, 1001/30000, 1/60, 1/1000 and 1/15360 s are whole ticks
SOUND_RATE = 32000  # samples a second of the sound that is written
_BLOCK = 1024  # samples of one AAC frame
_BT601, _BT709 = 5, 1  # ITU-T H.273, matrix coefficients
_LIMITED = 1  # luma from 16 to 235, as FFmpeg counts ranges
_MPEG4_QUALITY = 4  # FFmpeg's qscale of MPEG-4 at which it looks like CRF 23


def ticked(seconds: Fraction) -> Fraction:
    """The time nearest to `seconds` that can be written."""
    return Fraction(round(seconds * CLOCK), CLOCK)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a copy is encoded."""

    crf: int = 23  # 0-51, higher is coarser; not looked at where there is a bit rate
    bit_rate: int | None = None  # bits a second
    preset: str = "veryfast"
    b_frames: int | None = None  # between two others; None: as the preset has it
    gop: int | None = None  # frames from one key frame to the next; None: the encoder's 250

    def options(self) -> dict[str, str]:
        """For libx264."""
        # With macroblock trees, x264 writes small pictures differently from run to run, even on one thread.
        given = {"preset": self.preset, "mbtree": "0"}
        if self.bit_rate is None:
            given["crf"] = str(self.crf)
        else:
            given |= {"maxrate": str(self.bit_rate * 3 // 2), "bufsize": str(self.bit_rate * 2)}
        if self.b_frames is not None:
            given["bf"] = str(self.b_frames)
        return given


class ClipWriter:
    """Writes one clip, MP4 or what else the name's ending says; a context manager."""

    def __init__(
        self,
        path: Path,
        size: tuple[int, int],
        rate: Fraction,
        encoding: Encoding,
        *,
        matrix: int = _BT601,
        sound: bool = False,
    ) -> None:
        """Begin a file.

        Args:
            path: Where it is written.
            size: Width and height in pixels; odd ones lose a pixel, as H.264's colour planes need even ones.
            rate: Usual frames a second, for the encoder's bit rate; times are those of the frames.
            encoding: How.
            matrix: ITU-T H.273 matrix coefficients to use and to declare: 1 or 5; others are written as 5.
            sound: Whether sound will be added.
        """
        self.size = max(2, size[0] // 2 * 2), max(2, size[1] // 2 * 2)
        self._usual, self._matrix = 1 / rate, _BT709 if matrix == _BT709 else _BT601
        self._planes = VideoReformatter()  # one for all frames: it keeps what it has worked out
        # Without a limit the sound, which comes after the pictures, is woven in where it belongs.
        self._container = av.open(str(path), "w", options={"max_interleave_delta": "0"})
        self._picture = self._picture_stream(rate, encoding)
        self._sound: AudioStream | None = None
        if sound:
            self._sound = self._container.add_stream("aac", rate=SOUND_RATE, layout="mono")

    def __enter__(self) -> Self:
        """The writer itself."""
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Finish the file; after an error, leave it as it is."""
        try:
            if kind is None:
                self._container.mux(self._picture.encode())
        finally:
            self._container.close()

    def add(self, time: Fraction, end: Fraction, picture: NDArray[np.uint8]) -> None:
        """Show (H, W, 3) uint8 RGB from `time` to `end`, seconds; times ascend. Other sizes are resized."""
        if (picture.shape[1], picture.shape[0]) != self.size:
            picture = np.asarray(cv2.resize(picture, self.size, interpolation=cv2.INTER_AREA), np.uint8)
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
        frame = self._planes.reformat(frame, format="yuv420p", dst_colorspace=self._matrix)
        frame.pts, frame.duration = round(time * CLOCK), round((end - time) * CLOCK)
        frame.time_base = Fraction(1, CLOCK)
        self._container.mux(self._picture.encode(frame))

    def add_sound(self, samples: NDArray[np.float32]) -> None:
        """The sound of the whole clip, (n,) float32, -1 to 1, `SOUND_RATE` a second, from time 0; once."""
        stream = self._sound
        if stream is None:
            raise ValueError("the writer was begun without sound")
        for at in range(0, len(samples), _BLOCK):
            block = np.zeros((1, _BLOCK), np.float32)
            part = samples[at : at + _BLOCK]
            block[0, : len(part)] = part
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, at, Fraction(1, SOUND_RATE)
            self._container.mux(stream.encode(frame))
        self._container.mux(stream.encode())

    def _picture_stream(self, rate: Fraction, encoding: Encoding) -> VideoStream:
        x264 = "libx264" in av.codec.codecs_available
        options = encoding.options() if x264 else {}
        stream = self._container.add_stream(
            "libx264" if x264 else "mpeg4", rate=Fraction(rate).limit_denominator(1001), options=options
        )
        stream.width, stream.height, stream.pix_fmt = *self.size, "yuv420p"
        context = stream.codec_context
        context.time_base = Fraction(1, CLOCK)
        context.colorspace = self._matrix
        context.color_range = _LIMITED
        if encoding.gop is not None:
            context.gop_size = encoding.gop
        if encoding.bit_rate is not None:
            context.bit_rate = encoding.bit_rate
        elif not x264:
            context.options = {"qscale": str(_MPEG4_QUALITY)}
        return stream
