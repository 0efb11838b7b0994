"""Tracks: what is kept of a clip so that it can be compared without decoding it again.

A track holds three things, each taken from the luma of the displayed picture while the clip streams past
once: a PDQ hash (plain and mirrored) and its quality four times a second; local features of a few hundred
patches every second or two, more often where the picture changes; and a tiny picture, 32 x 32 grey
values, up to fifteen times a second, from which the rhythm of what moves is read. Each of these values is
the mean over all pixels of its cell, kept finer than the pixels' own steps, so that faint movement and the
grain of a nearly still picture are in it. A still gives a track of one sample.

Cost: about 1.8 MB a minute for the tiny pictures and 1.1 to 2.2 MB a minute for the features, up to the
bounds below; beyond them the tiny pictures and the features of a long clip are thinned evenly, every
second one going, so that a track takes at most some 27 MB and, for its hashes, 1 MB more for each hour. At
most one decoded frame is held.

Limits: what happens between two samples is not seen. The tiny pictures show broad movement only. Of a
picture that shows what the last one showed, the last one's features are kept. Of H.264 from 720 lines,
pictures are taken before the deblocking filter, which is a fifth to a third of what decoding costs. On 59
clips, 16 recordings and 43 edited copies of them, half of the hashes are then off by at most 0 to 8 bits, in
most clips 2; of local features that match their own picture, 0.59 to 0.9 also match it as it was; and what
moves correlates with what moved in it at 0.985 or more, in three of four clips at 0.998.

Error rates: those of what is built on them; see copies.votes.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from verify.fingerprint import local, pdq
from verify.media.planes import shrink, upright
from verify.settings import SETTINGS, FingerprintSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from verify.media.decode import Frame

RECIPE = "track/5"
TINY = 32  # pixels, the side of the tiny pictures
TINY_STEPS = 64  # of a tiny picture's values to one grey level


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Track:
    """The fingerprint of one clip or still. Times are seconds from the first moment shown."""

    times: NDArray[np.float64]  # (n,) of the hash samples, ascending
    hashes: NDArray[np.uint8]  # (n, 2, 32) PDQ, plain and mirrored
    quality: NDArray[np.uint8]  # (n,) PDQ quality, 0-100
    tiny_times: NDArray[np.float64]  # (k,) ascending
    tiny: NDArray[np.uint16]  # (k, 32, 32) luma in 1/64 grey level, the picture stretched to a square
    point_times: NDArray[np.float64]  # (p,) ascending
    points: tuple[local.Points, ...]  # p sets
    aspect: float  # displayed width / height
    end: float  # seconds: when the last frame ends; 0 for a still

    @property
    def still(self) -> bool:
        """Whether there is a single picture."""
        return len(self.times) == 1

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The track as plain arrays, for a cache."""
        counts = np.array([len(each) for each in self.points], np.int64)
        none = (local.NOTHING,)
        return {
            "times": self.times,
            "hashes": self.hashes,
            "quality": self.quality,
            "tiny_times": self.tiny_times,
            "tiny": self.tiny,
            "point_times": self.point_times,
            "point_counts": counts,
            "point_xy": np.concatenate([each.xy for each in self.points or none]),
            "point_descriptors": np.concatenate([each.descriptors for each in self.points or none]),
            "shape": np.array([self.aspect, self.end], np.float64),
        }


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Track:
    """The track that `Track.arrays` took apart. Raises KeyError or ValueError on anything else."""
    cuts = np.cumsum(arrays["point_counts"])[:-1].astype(int)
    pairs = zip(np.split(arrays["point_xy"], cuts), np.split(arrays["point_descriptors"], cuts), strict=True)
    points = tuple(local.Points(xy, rows) for xy, rows in pairs) if len(arrays["point_counts"]) else ()
    aspect, end = (float(value) for value in arrays["shape"])
    return Track(
        times=arrays["times"],
        hashes=arrays["hashes"],
        quality=arrays["quality"],
        tiny_times=arrays["tiny_times"],
        tiny=arrays["tiny"],
        point_times=arrays["point_times"],
        points=points,
        aspect=aspect,
        end=end,
    )


class TrackBuilder:
    """Takes every decoded frame of a clip in order, and gives its track."""

    def __init__(self, settings: FingerprintSettings = SETTINGS.fingerprint) -> None:
        """Start an empty track."""
        self._settings = settings
        self._times: list[Fraction] = []
        self._hashes: list[NDArray[np.uint8]] = []
        self._quality: list[int] = []
        self._tiny: list[tuple[Fraction, NDArray[np.uint16]]] = []
        self._tiny_gap = Fraction(1) / settings.tiny_rate
        self._points: list[tuple[Fraction, local.Points]] = []
        self._point_gap = settings.point_gap
        self._point_hash: NDArray[np.uint8] | None = None
        self._features = local.NOTHING
        self._shape = (1, 1)
        self._end = Fraction(0)

    def add(self, frame: Frame) -> None:
        """Look at one frame; nothing of it is kept but what the track keeps."""
        self._end = max(self._end, frame.end)
        tiny_due = _due(self._tiny[-1][0] if self._tiny else None, frame.time, self._tiny_gap)
        if tiny_due:
            self._add_tiny(frame)
        if _due(self._times[-1] if self._times else None, frame.time, 1 / self._settings.sample_rate):
            self._add_sample(frame)

    def finish(self) -> Track:
        """The track of everything that was added. Raises ValueError where there was no frame."""
        if not self._times:
            raise ValueError("a track needs at least one frame")
        height, width = self._shape
        return Track(
            times=np.array([float(time) for time in self._times]),
            hashes=np.stack(self._hashes),
            quality=np.array(self._quality, np.uint8),
            tiny_times=np.array([float(time) for time, _ in self._tiny]),
            tiny=np.stack([picture for _, picture in self._tiny]),
            point_times=np.array([float(time) for time, _ in self._points]),
            points=tuple(points for _, points in self._points),
            aspect=width / height,
            end=float(self._end),
        )

    def _add_tiny(self, frame: Frame) -> None:
        self._tiny.append((frame.time, _tiny(frame)))
        if len(self._tiny) > self._settings.tiny_most:
            del self._tiny[1::2]
            self._tiny_gap *= 2

    def _add_sample(self, frame: Frame) -> None:
        small = _small(frame, self._settings.point_side)
        self._shape = small.shape[:2]
        plain, mirrored, quality = pdq.hash_luma(small)
        self._times.append(frame.time)
        self._hashes.append(np.stack([plain, mirrored]))
        self._quality.append(quality)
        changed = self._changed(plain)
        if self._point_due(frame.time, changed):
            if changed > self._settings.point_same:
                self._features = local.features(
                    small, self._settings.point_count, self._settings.point_contrast
                )
                self._point_hash = plain
            self._points.append((frame.time, self._features))
            if len(self._points) > self._settings.point_most:
                del self._points[1::2]
                self._point_gap *= 2

    def _changed(self, hashed: NDArray[np.uint8]) -> int:
        """Bits by which a hash differs from that of the picture whose features were taken last."""
        if self._point_hash is None:
            return 8 * pdq.CODE_BYTES
        return int(pdq.distances(hashed[None], self._point_hash[None])[0, 0])

    def _point_due(self, time: Fraction, changed: int) -> bool:
        if not self._points:
            return True
        since = time - self._points[-1][0]
        if len(self._points) < self._settings.point_fewest or since >= self._point_gap:
            return since >= self._settings.point_least_gap
        return changed > self._settings.point_change and since >= self._point_gap / 2


def _small(frame: Frame, side: int) -> NDArray[np.uint8]:
    """Luma of the displayed picture, longer side at most `side` pixels."""
    luma = frame.luma
    height, width = luma.shape
    if max(height, width) >= 4 * side and height % 2 == width % 2 == 0:
        # Four pixels to one first, for which OpenCV has a way of its own: half the time.
        luma = np.asarray(cv2.resize(luma, (width // 2, height // 2), interpolation=cv2.INTER_AREA), np.uint8)
    return upright(shrink(luma, side), frame.rotation)


def _tiny(frame: Frame) -> NDArray[np.uint16]:
    luma = frame.luma
    means = _cells(luma) if min(luma.shape) >= TINY else _narrowed(luma.astype(np.float32), TINY)
    turned = np.rot90(means, -frame.rotation // 90)
    return np.asarray(np.rint(turned * TINY_STEPS), np.uint16)


def _cells(luma: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The mean of each of 32 x 32 equal cells, exact: 0.6 ms for 1080p, fresh from the decoder."""
    height, width = luma.shape
    # Read straight through once, a frame comes near faster than by the sums of rows: a quarter of the time.
    cv2.sumElems(luma)
    edges = np.arange(1, TINY) * height
    rows, parts = edges // TINY, (edges % TINY / TINY).astype(np.float32)
    # The sums of 32 bands of rows, then the rows that two bands share.
    sums = np.empty((2 * TINY - 1, width), np.float32)
    for band, (low, high) in enumerate(pairwise((0, *(int(row) for row in rows), height))):
        cv2.reduce(luma[low:high], 0, cv2.REDUCE_SUM, dst=sums[band : band + 1], dtype=cv2.CV_32F)
    sums[TINY:] = luma[rows]
    cells = _narrowed(sums, len(sums))
    # A band that begins within a row leaves the row's upper part to the band above.
    shared = cells[TINY:] * parts[:, None]
    cells = cells[:TINY].copy()
    cells[:-1] += shared
    cells[1:] -= shared
    return np.asarray(cells * np.float32(TINY / height))


def _narrowed(picture: NDArray[np.float32], rows: int) -> NDArray[np.float32]:
    """The picture as `rows` x 32 cells, by area."""
    return np.asarray(cv2.resize(picture, (TINY, rows), interpolation=cv2.INTER_AREA), np.float32)


def _due(last: Fraction | None, now: Fraction, gap: Fraction) -> bool:
    # Half a frame early still counts: at 30 frames a second, steps of 1/4 s fall between frames.
    return last is None or now - last >= gap - Fraction(1, 60)
