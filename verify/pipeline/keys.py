"""Key frames of a clip out of the one pass that decodes it: held where they may be wanted, chosen at the end.

Which moments show what a clip shows is known when its shots are, after the last frame. Until then frames at
evenly spread moments are held, as many as fit into a bound of memory; a key frame is the one held nearest to
the moment wanted. Where none is near enough, as in a short shot, the picture there is decoded again.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from verify.fingerprint.pictures import hashes_of_key_frame, hashes_of_still
from verify.media import Picture, key_moments, pictures, shrink
from verify.model import MediaKind
from verify.pipeline.stills import still
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from verify.media import Frame
    from verify.model import Hashes, Media, Span, Still
    from verify.settings import FingerprintSettings, Settings


@dataclass(frozen=True, eq=False, slots=True)
class KeyFrame:
    """One key frame: its hashes, and small for the report."""

    hashes: Hashes
    still: Still


class KeyPictures:
    """Takes every decoded frame of a clip in order, and gives the pictures at moments asked for."""

    def __init__(
        self, length: Fraction | None, most: int, settings: FingerprintSettings = SETTINGS.fingerprint
    ) -> None:
        """Begin a clip of `length` seconds, None for a still, of which up to `most` key frames are wanted."""
        self._length, self._most, self._settings = length, most, settings
        self._due: list[Fraction] | None = None
        self._held: list[Frame] = []

    def add(self, frame: Frame) -> None:
        """Hold a frame, or let it go."""
        if self._due is None:
            self._due = self._moments(frame.nbytes)
        if not self._due or frame.time < self._due[0]:
            return
        self._held.append(frame)
        while self._due and frame.time >= self._due[0]:
            self._due.pop(0)

    def __len__(self) -> int:
        """How many frames are held."""
        return len(self._held)

    def take(
        self,
        path: Path,
        wanted: Sequence[tuple[Fraction, Fraction]],
        side: int | None,
        *,
        threads: int = 0,
    ) -> Iterator[Picture]:
        """The picture at or near each moment, in their order.

        Args:
            path: the clip, to decode what is not held.
            wanted: moments in ascending order, and how far beside each is as good, seconds.
            side: pixels, the longer side at most.
            threads: of the decoder.

        Raises:
            UnreadableMediaError: a picture could not be decoded again.
        """
        near = [self._near(time, slack) for time, slack in wanted]
        missing = [time for (time, _), frame in zip(wanted, near, strict=True) if frame is None]
        decoded = pictures(path, missing, side, threads=threads)
        for frame in near:
            yield next(decoded) if frame is None else Picture(frame.time, frame.rgb(side))

    def _moments(self, size: int) -> list[Fraction]:
        """Moments spread evenly, those of a clip of one shot among them, as many as there is room for."""
        if not self._length:
            return [Fraction(0)]
        count = min(4 * self._most - 1, self._settings.key_bytes // max(1, size))
        return [self._length * step / (count + 1) for step in range(1, count + 1)]

    def _near(self, time: Fraction, slack: Fraction) -> Frame | None:
        nearest = min(self._held, key=lambda frame: abs(frame.time - time), default=None)
        return nearest if nearest is not None and abs(nearest.time - time) <= slack else None


def key_frames(
    media: Media, held: KeyPictures, shots: Sequence[Span], settings: Settings, threads: int
) -> tuple[KeyFrame, ...]:
    """The key frames of a clip, in order of time; of a still, the picture.

    A still is hashed as it is: that is the hash which other programs have of the file.

    Raises:
        UnreadableMediaError: a picture could not be decoded again.
    """
    of_still = media.kind is MediaKind.IMAGE
    start = Fraction(0)
    wanted = key_moments(shots, settings.report.key_frames) if media.duration else ((start, start),)
    side = None if of_still else settings.fingerprint.key_side
    chosen: dict[Fraction, KeyFrame] = {}
    for picture in held.take(media.path, wanted, side, threads=threads):
        if picture.time not in chosen:
            rgb, time = picture.rgb, picture.time
            small = still(media, time, shrink(rgb, settings.report.still_side), settings.report)
            chosen[time] = KeyFrame(
                hashes_of_still(rgb) if of_still else hashes_of_key_frame(rgb, time), small
            )
    return tuple(chosen[time] for time in sorted(chosen))
