"""The clock of a picture stream, from its packets' timestamps.

Times are `pts x time_base` less the container's first shown moment; FFmpeg's demuxers have applied edit
lists and start offsets by then. Containers without presentation times (AVI, bare H.264) get the decoding
times in order, which is when a player shows the frames.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from verify.settings import SETTINGS

if TYPE_CHECKING:
    from av.packet import Packet

# Formats whose packets carry decoding order only, or no times at all.
UNTIMED = frozenset({"avi", "h264", "hevc", "vvc", "m4v", "mpegvideo", "obu", "dirac", "vc1", "cavsvideo"})
# Formats whose clock may restart in the middle.
_RESTARTING = frozenset({"mpegts", "mpeg"})
_COMMON_RATES = tuple(Fraction(n * 1000, 1001) for n in (24, 30, 48, 60, 120)) + tuple(
    map(Fraction, range(1, 241))
)


class Timing:
    """Timestamps of one stream, gathered packet by packet."""

    def __init__(self, base: Fraction, usual: Fraction, container: str) -> None:
        """Begin with clock ticks of `base` and, where packets do not say, frames of `usual` seconds."""
        self._base, self._usual = base, usual
        self._ordered = container in UNTIMED
        self._straight = Straight(base, usual, container)
        self._ticks: list[int] = []
        self._last = (0, 0)  # the latest tick, and for how many ticks its packet claims to last

    def add(self, packet: Packet[Any]) -> None:
        """Add a packet that is shown."""
        self._straight.correct(packet)
        tick = packet.dts if self._ordered else packet.pts if packet.pts is not None else packet.dts
        if tick is None:
            # No time at all: frames follow each other at the stream's rate.
            tick = round(len(self._ticks) * self._usual / self._base)
        self._ticks.append(tick)
        if len(self._ticks) == 1 or tick >= self._last[0]:
            self._last = tick, max(0, packet.duration or 0)

    def __len__(self) -> int:
        """Number of packets."""
        return len(self._ticks)

    @property
    def start(self) -> Fraction | None:
        """Seconds on the container's clock of the first frame."""
        return min(self._ticks) * self._base if self._ticks else None

    @property
    def end(self) -> Fraction | None:
        """Seconds on the container's clock at which the last frame ends."""
        if not self._ticks:
            return None
        tick, length = self._last
        if length:
            return (tick + length) * self._base
        gaps = sorted(self._gaps())
        return tick * self._base + (gaps[len(gaps) // 2] * self._base if gaps else self._usual)

    def _gaps(self) -> list[int]:
        """Ticks from each frame to the next, in the order in which they are shown."""
        return [b - a for a, b in pairwise(sorted(self._ticks))]

    def steps(self, start: Fraction) -> dict[str, object] | None:
        """The usual and the longest step between frames, where that is, and how many frames share a time.

        Seconds; places count from `start` on the container's clock. None for fewer than three frames.
        """
        gaps = self._gaps()
        if len(gaps) < 2:
            return None
        longest = max(gaps)
        at = sorted(self._ticks)[gaps.index(longest)] * self._base - start
        return {
            "usual_step": float(sorted(gaps)[len(gaps) // 2] * self._base),
            "longest_step": float(longest * self._base),
            "longest_at": float(at),
            "doubled": gaps.count(0),
        }

    @property
    def variable(self) -> bool:
        """Whether a gap differs from the usual one by more than `rate_tolerance` and the clock's rounding."""
        gaps = sorted(self._gaps())
        if len(gaps) < 2:
            return False
        middle = gaps[len(gaps) // 2]
        slack = middle * SETTINGS.media.rate_tolerance + 1  # tick, the clock's rounding
        return middle - gaps[0] > slack or gaps[-1] - middle > slack

    @property
    def rate(self) -> Fraction | None:
        """Frames a second, averaged over all; a common rate where rounding of the clock explains it."""
        if not self._ticks or self.start is None or self.end is None or self.end <= self.start:
            return None
        length = self.end - self.start
        rate = len(self._ticks) / length
        slack = rate * (2 * self._base) / length
        near = min(_COMMON_RATES, key=lambda common: abs(common - rate))
        return near if abs(near - rate) <= slack else rate.limit_denominator(100_000)


class Straight:
    """Takes restarts and jumps out of a transport or program stream's clock.

    Such streams may be cut together, and their clocks restart then; players go on without a break, and so
    do the times here. Other containers' times are left as they are: a gap in them is shown as a frozen
    picture.
    """

    def __init__(self, base: Fraction, usual: Fraction, container: str) -> None:
        """Begin at the start of a stream with clock ticks of `base` and frames of `usual` seconds."""
        self._active = container in _RESTARTING
        self._limit = int(SETTINGS.media.jump_seconds / base)
        self._step = max(1, round(usual / base))
        self._last: int | None = None
        self._shift = 0

    def correct(self, packet: Packet[Any]) -> None:
        """Move the packet's times to where they go on from the packet before."""
        if not self._active or packet.dts is None:
            return
        if self._last is not None and abs(packet.dts + self._shift - self._last) > self._limit:
            self._shift = self._last + self._step - packet.dts
        if self._shift:
            packet.dts += self._shift
            if packet.pts is not None:
                packet.pts += self._shift
        self._last = packet.dts
