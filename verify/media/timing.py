"""The clock of a picture stream, from its packets' timestamps.

Times are `pts x time_base` less the container's first shown moment; FFmpeg's demuxers have applied edit lists and
start offsets by then. Containers without presentation times (AVI, bare H.264) get the decoding times in order,
which is when a player shows the frames.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from verify.settings import SETTINGS

# Formats whose packets carry decoding order only, or no times at all.
UNTIMED = frozenset({"avi", "h264", "hevc", "vvc", "m4v", "mpegvideo", "obu", "dirac", "vc1", "cavsvideo"})
_COMMON_RATES = tuple(Fraction(n * 1000, 1001) for n in (24, 30, 48, 60, 120)) + tuple(
    map(Fraction, range(1, 241))
)


@dataclass(slots=True)
class Timing:
    """Timestamps of one stream, gathered packet by packet."""

    base: Fraction  # seconds a tick
    usual: Fraction  # seconds a frame lasts where the packet does not say
    ordered: bool = False  # take decoding times in order: the container has no others
    ticks: list[int] = field(default_factory=list)
    lengths: dict[int, int] = field(default_factory=dict)  # tick -> ticks that the packet claims to last

    def add(self, pts: int | None, dts: int | None, duration: int | None) -> None:
        """Add a shown packet."""
        tick = dts if self.ordered and dts is not None else pts if pts is not None else dts
        if tick is None:
            # No time at all: frames follow each other at the stream's rate.
            step = max(1, round(self.usual / self.base))
            tick = self.ticks[-1] + step if self.ticks else 0
        self.ticks.append(tick)
        if duration and duration > 0:
            self.lengths[tick] = duration

    @property
    def start(self) -> Fraction | None:
        """Seconds on the container's clock of the first frame."""
        return min(self.ticks) * self.base if self.ticks else None

    @property
    def end(self) -> Fraction | None:
        """Seconds on the container's clock at which the last frame ends."""
        if not self.ticks:
            return None
        last = max(self.ticks)
        length = self.lengths.get(last)
        return last * self.base + (length * self.base if length else self.usual)

    @property
    def gaps(self) -> list[Fraction]:
        """Seconds from each frame to the next, in the order in which they are shown."""
        ticks = sorted(self.ticks)
        return [(b - a) * self.base for a, b in zip(ticks, ticks[1:], strict=False)]

    def steps(self, start: Fraction) -> dict[str, object] | None:
        """The usual and the longest step from frame to frame, where that is, and how many frames share a time.

        Seconds; places count from `start` on the container's clock. None for fewer than three frames.
        """
        gaps = self.gaps
        if len(gaps) < 2:
            return None
        longest = max(gaps)
        at = sorted(self.ticks)[gaps.index(longest)] * self.base - start
        return {
            "usual_step": float(sorted(gaps)[len(gaps) // 2]),
            "longest_step": float(longest),
            "longest_at": float(at),
            "doubled": gaps.count(Fraction(0)),
        }

    @property
    def variable(self) -> bool:
        """Whether some gap differs from the usual one by more than `MediaSettings.rate_tolerance` and rounding."""
        gaps = sorted(self.gaps)
        if len(gaps) < 2:
            return False
        middle = gaps[len(gaps) // 2]
        slack = middle * SETTINGS.media.rate_tolerance + self.base
        return middle - gaps[0] > slack or gaps[-1] - middle > slack

    @property
    def rate(self) -> Fraction | None:
        """Frames a second, averaged over all of them; a common rate where rounding of the clock explains it."""
        if not self.ticks or self.start is None or self.end is None or self.end <= self.start:
            return None
        length = self.end - self.start
        rate = len(self.ticks) / length
        slack = rate * (2 * self.base) / length
        near = min(_COMMON_RATES, key=lambda common: abs(common - rate))
        return near if abs(near - rate) <= slack else rate.limit_denominator(100_000)
