"""One picture stream, decoded in order of time from any point, whole or damaged.

Frames come with exact times. Where a frame has no presentation time, or one that is not after the frame
before it, its time is guessed from the stream's rate and counted in the tally. Packets that cannot be
decoded are counted, and what decodes is used. Another decoder is never tried.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import av.error

from verify.errors import TooLargeError
from verify.media.opening import frame_seconds, is_still, zero
from verify.media.timing import UNTIMED, Straight
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av import VideoFrame, VideoStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.codeccontext import VideoCodecContext

# Codecs for which a decoder that leaves non-reference frames out gives all other frames bit for bit.
_SKIPPABLE = frozenset({"h264", "hevc", "av1"})
_PROGRESSIVE = 1
# Decoders that were tried without their deblocking filter; see `frames`.
_ROUGH = frozenset({"h264"})


@dataclass(slots=True)
class Tally:
    """What a decoding run met, counted while it runs."""

    packets: int = 0
    frames: int = 0
    corrupt: int = 0  # packets that could not be decoded, and frames that the decoder had to patch up
    guessed: int = 0  # frames whose time had to be guessed


@dataclass(frozen=True, eq=False, slots=True)
class Shown:
    """A decoded frame and the interval in which it is on screen, in seconds from the first moment shown."""

    frame: VideoFrame
    time: Fraction
    end: Fraction


class Reader:
    """Decodes the picture stream of an opened container.

    Holds two frames beside the decoder's own, which are its reference frames (at most 16) and one per thread.
    """

    def __init__(
        self,
        path: Path,
        container: InputContainer,
        stream: VideoStream,
        *,
        skip_nonref: bool = False,
        rough: bool = False,
        threads: int = 0,
        tally: Tally | None = None,
    ) -> None:
        """Set the decoder up; what `skip_nonref` and `rough` leave out is told at `frames`.

        Raises:
            TooLargeError: The stream declares more pixels than `MediaSettings.max_pixels`.
        """
        self._container, self._stream = container, stream
        self.tally = tally if tally is not None else Tally()
        context = stream.codec_context
        if context.width * context.height > SETTINGS.media.max_pixels:
            raise TooLargeError(path, f"it declares {context.width} x {context.height} pixels")
        context.options = {"max_pixels": str(SETTINGS.media.max_pixels)}
        if rough and _may_be_rough(context):
            context.options |= {"skip_loop_filter": "all"}
        context.thread_type = "AUTO"
        context.thread_count = threads
        self.untimed = container.format.name in UNTIMED
        # In interlaced H.264 one field of a kept frame may be left out; untimed frames are counted to be
        # timed.
        self._skippable = (
            not self.untimed
            and context.codec.canonical_name in _SKIPPABLE
            and (context.codec.canonical_name != "h264" or context.field_order == _PROGRESSIVE)
        )
        self.skips = skip_nonref and self._skippable
        if self.skips:
            context.skip_frame = "NONREF"
        self.hurry_to = Fraction(0)  # seconds; frames well before it are wanted only as references
        self._base = stream.time_base or Fraction(1, 1000)
        self._usual = frame_seconds(stream)
        self._zero = zero(container)
        self._still = is_still(container, stream)

    def seek(self, time: Fraction) -> bool:
        """Go to a key frame at or before `time`, as the container's index has it; False where it cannot."""
        if self.untimed:
            return False
        try:
            self._container.seek(int((time + self._zero) // self._base), stream=self._stream)
        except av.error.FFmpegError:
            return False
        return True

    def shown(self) -> Iterator[Shown]:
        """Every frame from here on, with its interval; times ascend."""
        held: Shown | None = None
        for frame, time in self._timed():
            if held is not None:
                # A player keeps a frame on screen until the next; where frames are left out, no longer than
                # it says.
                end = min(held.end, time) if self.skips and held.end > held.time else time
                yield Shown(held.frame, held.time, end)
            length = (frame.duration or 0) * self._base or self._usual
            held = Shown(frame, time, time if self._still else time + length)
        if held is not None:
            yield held

    def _timed(self) -> Iterator[tuple[VideoFrame, Fraction]]:
        before: Fraction | None = None
        waiting: list[Fraction] = []
        for frame in self._decoded(waiting):
            self.tally.frames += 1
            self.tally.corrupt += frame.is_corrupt
            if self.untimed and waiting:
                time = heapq.heappop(waiting)
            elif frame.pts is not None:
                time = frame.pts * self._base - self._zero
            else:
                time = before + self._usual if before is not None else Fraction(0)
                self.tally.guessed += 1
            if before is not None and time <= before:
                time = before + self._base
                self.tally.guessed += 1
            before = time
            yield frame, time

    def _hurry(self, packet: Packet[VideoStream]) -> None:
        """Leave out what no later frame refers to while the wanted one is still far off."""
        at = packet.pts * self._base - self._zero if packet.pts is not None else self.hurry_to
        far = at < self.hurry_to - SETTINGS.media.hurry_seconds
        self._stream.codec_context.skip_frame = "NONREF" if far else "DEFAULT"

    def _decoded(self, waiting: list[Fraction]) -> Iterator[VideoFrame]:
        straight = Straight(self._base, self._usual, self._container.format.name)
        sent = 0
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except av.error.FFmpegError:
                # The container breaks off here: what was read is used, and the break is counted.
                self.tally.corrupt += 1
                return
            if packet.size:
                self.tally.packets += 1
                straight.correct(packet)
                if self.untimed:
                    ticks = packet.dts
                    at = ticks * self._base - self._zero if ticks is not None else sent * self._usual
                    heapq.heappush(waiting, at)
                sent += 1
            elif packet.dts is not None or packet.pts is not None:
                # An empty packet repeats the frame before it; the last one of all has no time, and drains.
                continue
            if self._skippable and not self.skips:
                self._hurry(packet)
            try:
                yield from packet.decode()
            except av.error.EOFError:
                return
            except av.error.FFmpegError:
                self.tally.corrupt += 1


def _may_be_rough(context: VideoCodecContext) -> bool:
    """Whether the deblocking filter may be left out: of large pictures, which are shrunk then."""
    large = min(context.width, context.height) >= SETTINGS.media.rough_lines
    return large and context.codec.canonical_name in _ROUGH
