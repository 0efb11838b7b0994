"""Frames and pictures of a file with exact times, streamed.

Times are `pts x time_base` less the container's start, so that 0 is the first moment that a player shows;
FFmpeg's demuxers have applied the edit lists by then. Luma comes straight from the decoder's plane, without
a colour conversion. Non-reference frames can be left out at the decoder where every frame that is kept
stays bit-identical (H.264, HEVC and AV1, progressive); the gaps are two or three frames then. Stills are
read by Pillow, moving pictures by FFmpeg, animated WebP by Pillow; which one it was stands in the report,
and neither stands in for the other while frames are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.media import stills
from verify.media.opening import unreadable
from verify.media.planes import luma, quarter_turn, rgb, shrink, upright
from verify.media.reader import Shown, Tally
from verify.media.walk import Walk

__all__ = [
    "ColourFrame",
    "Frame",
    "Picture",
    "Tally",
    "colour_frames",
    "first_frame",
    "frames",
    "pictures",
    "shrink",
    "still",
    "upright",
]

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from av import VideoFrame
    from numpy.typing import NDArray
    from PIL import Image

_UNDECLARED = 2  # ITU-T H.273, matrix coefficients


@dataclass(frozen=True, eq=False, slots=True)
class Frame:
    """One decoded frame. `luma` may be a view into the decoder's memory, valid while the frame is held."""

    time: Fraction
    end: Fraction  # when the next frame is due; 0 for a still
    luma: NDArray[np.uint8]  # (H, W), 0-255, as coded: rotation not applied
    rotation: int  # degrees clockwise to the displayed picture
    key: bool
    colour: VideoFrame | NDArray[np.uint8] | None = None  # what `rgb` is taken from; None: it is grey

    def shrunk(self, side: int) -> NDArray[np.uint8]:
        """Luma of the displayed picture, (h, w) uint8, longer side at most `side` pixels."""
        return upright(shrink(self.luma, side), self.rotation)

    def rgb(self, side: int | None = None) -> NDArray[np.uint8]:
        """The displayed picture, (h, w, 3) uint8 RGB, longer side at most `side` pixels."""
        if self.colour is None:
            return np.repeat(upright(shrink(self.luma, side), self.rotation)[..., None], 3, axis=2)
        if isinstance(self.colour, np.ndarray):
            return upright(shrink(self.colour, side), self.rotation)
        return upright(rgb(self.colour, side), self.rotation)

    @property
    def nbytes(self) -> int:
        """What it holds of the decoder's memory while it is kept."""
        if self.colour is None or isinstance(self.colour, np.ndarray):
            return self.luma.nbytes + (0 if self.colour is None else self.colour.nbytes)
        return sum(plane.buffer_size for plane in self.colour.planes)


@dataclass(frozen=True, eq=False, slots=True)
class Picture:
    """One displayed picture in colour."""

    time: Fraction  # of the frame that is on screen
    rgb: NDArray[np.uint8]  # (H, W, 3), 0-255, RGB, rotation applied


@dataclass(frozen=True, eq=False, slots=True)
class ColourFrame:
    """One decoded frame in colour, as displayed."""

    time: Fraction
    end: Fraction  # when the next frame is due; 0 for a still
    rgb: NDArray[np.uint8]  # (H, W, 3), 0-255, RGB, rotation applied
    matrix: int  # ITU-T H.273 matrix coefficients that the stream declares; 2: it declares none


def frames(
    path: Path,
    *,
    start: Fraction | None = None,
    end: Fraction | None = None,
    skip_nonref: bool = True,
    rough: bool = False,
    threads: int = 0,
    tally: Tally | None = None,
) -> Iterator[Frame]:
    """Frames of the default picture stream with times in `[start, end)`, in order; a still gives one at 0.

    Two frames are held at a time beside the decoder's own, which are its reference frames (at most 16) and
    one per thread; a consumer that keeps no `luma` runs in bounded memory whatever the length.

    Args:
        path: The file.
        start: Seconds; found by seeking.
        end: Seconds.
        skip_nonref: Leave non-reference frames out where that leaves every other frame bit-identical.
        rough: Leave the deblocking filter out, in H.264 from `MediaSettings.rough_lines`. Pictures are then
            as after harder compression: for fingerprints only.
        threads: Of the decoder; 0 is one a core.
        tally: Counts what the decoder meets.

    Raises:
        UnreadableMediaError: No frame could be decoded.
        NotMediaError: The file is no media.
        TooLargeError: It declares more pixels or streams than is safe.
    """
    tally = tally if tally is not None else Tally()
    with stills.identified(path) as image:
        if image is not None:
            for page in stills.pages(path, image):
                tally.packets, tally.frames = tally.packets + 1, tally.frames + 1
                tally.corrupt += page.damaged
                if (start is None or page.time >= start) and (end is None or page.time < end):
                    grey = cv2.cvtColor(page.rgb, cv2.COLOR_RGB2GRAY)
                    yield Frame(page.time, page.end, np.asarray(grey, np.uint8), 0, True, page.rgb)
            return
    with Walk(path, skip_nonref=skip_nonref, rough=rough, threads=threads, tally=tally) as walk:
        if start is not None:
            walk.hurry(start)
        for shown in walk.shown_from(start):
            if end is not None and shown.time >= end:
                break
            if start is None or shown.time >= start:
                frame = shown.frame
                turn, key = quarter_turn(frame), bool(frame.key_frame)
                yield Frame(shown.time, shown.end, luma(frame), turn, key, frame)
    if not tally.frames and start is None:
        raise unreadable(path, "no picture could be decoded")


def colour_frames(
    path: Path, *, start: Fraction | None = None, end: Fraction | None = None, threads: int = 0
) -> Iterator[ColourFrame]:
    """Every frame of the default picture stream with a time in `[start, end)`, in order and in colour.

    One picture is held at a time beside the decoder's. Raises as `frames` does.
    """
    with stills.identified(path) as image:
        if image is not None:
            for page in stills.pages(path, image):
                if (start is None or page.time >= start) and (end is None or page.time < end):
                    yield ColourFrame(page.time, page.end, page.rgb, _UNDECLARED)
            return
    with Walk(path, threads=threads) as walk:
        if start is not None:
            walk.hurry(start)
        for shown in walk.shown_from(start):
            if end is not None and shown.time >= end:
                return
            if start is None or shown.time >= start:
                turned = upright(rgb(shown.frame), quarter_turn(shown.frame))
                yield ColourFrame(shown.time, shown.end, turned, int(shown.frame.colorspace))


def pictures(
    path: Path, times: Iterable[Fraction], side: int | None, *, threads: int = 0
) -> Iterator[Picture]:
    """The picture on screen at each of `times`, RGB, longer side at most `side`; one per time, in that order.

    Exact at frame times. Before the first frame it is the first, after the last frame the last. Ascending
    times are served from one decoding run; a later time that is more than `MediaSettings.seek_seconds`
    away, or an earlier one, is found by seeking, and a seek that lands late is repeated further back. A
    still is shown at every time. `threads` of the decoder, 0 for one a core: each must be given a frame
    before the first picture of a seek comes out.

    Raises:
        UnreadableMediaError: No frame could be decoded.
        NotMediaError: The file is no media.
        TooLargeError: It declares more pixels or streams than is safe.
    """
    with stills.identified(path) as image:
        if image is not None:
            yield from _pillow_pictures(path, image, times, side)
            return
    with Walk(path, threads=threads) as walk:
        last: tuple[Shown, Picture] | None = None
        for time in times:
            shown = walk.at(time)
            if shown is None:
                raise unreadable(path, "no picture could be decoded")
            if last is None or last[0] is not shown:
                turned = upright(rgb(shown.frame, side), quarter_turn(shown.frame))
                last = shown, Picture(shown.time, turned)
            yield last[1]


def still(path: Path) -> Picture:
    """The picture of a still, or the first one of a clip, at full size."""
    return next(pictures(path, (Fraction(0),), None))


def first_frame(path: Path) -> VideoFrame | None:
    """The first frame that FFmpeg decodes of the default picture stream, as PyAV gives it."""
    with Walk(path, threads=1) as walk:
        for shown in walk.shown_from(None):
            return shown.frame
    return None


def _pillow_pictures(
    path: Path, image: Image.Image, times: Iterable[Fraction], side: int | None
) -> Iterator[Picture]:
    run: Iterator[stills.Page] = iter(())
    page: stills.Page | None = None
    for time in times:
        if page is None or time < page.time:
            run = stills.pages(path, image)
            page = next(run)
        while page.end <= time and page.end > page.time:
            following = next(run, None)
            if following is None:
                break
            page = following
        yield Picture(page.time, shrink(page.rgb, side))
