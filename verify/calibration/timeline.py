"""Which second of which footage a copy shows at each of its seconds, and the frames that come of it.

A time line is a list of pieces, one after another. Steps of `verify.calibration.time` cut and turn pieces;
`play` decodes them, frame by frame. Frames keep their own durations, divided by the piece's speed, unless
the copy has a frame rate of its own: then each of its frames shows what is on screen at that moment.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.media.decode import ColourFrame, colour_frames
from verify.media.writing import ticked
from verify.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_JPEG = [int(cv2.IMWRITE_JPEG_QUALITY), 97]  # frames that wait on disk to be played backwards
_LATE = Fraction(1, 8)  # of a frame's time; clocks of containers round by less


class Of(Enum):
    """Whose footage a piece shows."""

    SOURCE = "source"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of footage as the copy shows it."""

    span: Span  # seconds of the footage
    of: Of = Of.SOURCE
    speed: Fraction = Fraction(1)  # seconds of footage in a second of the copy
    reversed: bool = False
    frozen: Fraction | None = None  # seconds for which its first frame stands; nothing else of it is shown

    @property
    def length(self) -> Fraction:
        """Seconds of the copy."""
        return self.frozen if self.frozen is not None else self.span.length / self.speed

    def cut(self, at: Fraction) -> tuple[Piece, Piece]:
        """The piece before and after `at` seconds of the copy from its own start."""
        if self.frozen is not None:
            return replace(self, frozen=at), replace(self, frozen=self.frozen - at)
        if self.reversed:
            there = self.span.end - at * self.speed
            one, two = Span(there, self.span.end), Span(self.span.start, there)
        else:
            there = self.span.start + at * self.speed
            one, two = Span(self.span.start, there), Span(there, self.span.end)
        return replace(self, span=one), replace(self, span=two)


Pieces = tuple[Piece, ...]


def length(pieces: Pieces) -> Fraction:
    """Seconds of the copy."""
    return sum((piece.length for piece in pieces), Fraction(0))


def cut(pieces: Pieces, at: Fraction) -> tuple[Pieces, Pieces]:
    """What comes before and after `at` seconds of the copy."""
    before: list[Piece] = []
    reached = Fraction(0)
    for index, piece in enumerate(pieces):
        if reached + piece.length <= at:
            before.append(piece)
            reached += piece.length
            continue
        if reached == at:
            return tuple(before), pieces[index:]
        one, two = piece.cut(at - reached)
        return (*before, one), (two, *pieces[index + 1 :])
    return pieces, ()


@dataclass(frozen=True, eq=False, slots=True)
class Played:
    """A frame as the copy shows it."""

    piece: int  # index of its piece
    start: Fraction  # seconds of the copy
    end: Fraction
    footage: Span  # seconds of the footage that this frame is on screen for there
    picture: NDArray[np.uint8]  # (H, W, 3) RGB


def play(
    pieces: Sequence[Piece], files: Mapping[Of, Path], step: Fraction, rate: Fraction | None
) -> Iterator[Played]:
    """Every frame of the copy, in order.

    Args:
        pieces: What is shown.
        files: Whose footage is where.
        step: Seconds that a frame of the source usually lasts; a frozen one is repeated so often.
        rate: Frames a second of the copy; None: those that the pieces have.
    """
    run = _own_times(pieces, files, step)
    return run if rate is None else _on_grid(run, rate, min(step, 1 / rate) * _LATE)


def _own_times(pieces: Sequence[Piece], files: Mapping[Of, Path], step: Fraction) -> Iterator[Played]:
    now = Fraction(0)
    for index, piece in enumerate(pieces):
        for span, picture in _frames(piece, files[piece.of], step):
            stays = step if piece.frozen is not None else span.length / piece.speed
            start, end = ticked(now), ticked(now + stays)
            if end > start:
                yield Played(index, start, end, span, picture)
            now += stays


def _frames(piece: Piece, path: Path, step: Fraction) -> Iterator[tuple[Span, NDArray[np.uint8]]]:
    run = colour_frames(path, start=piece.span.start, end=piece.span.end)
    if piece.frozen is not None:
        first = next(run, None)
        if first is not None:
            for _ in range(max(1, round(piece.frozen / step))):
                yield Span(first.time, first.end), first.rgb
        return
    for frame in _backwards(run) if piece.reversed else run:
        yield Span(frame.time, frame.end), frame.rgb


def _backwards(run: Iterable[ColourFrame]) -> Iterator[ColourFrame]:
    """The frames in reverse, which wait on disk as JPEG: a clip's worth of pictures fits in no memory."""
    with tempfile.TemporaryFile() as file:
        kept: list[tuple[ColourFrame, int, int]] = []
        blank = np.empty((0, 0, 3), np.uint8)
        for frame in run:
            data = cv2.imencode(".jpg", frame.rgb, _JPEG)[1].tobytes()
            kept.append((replace(frame, rgb=blank), file.tell(), len(data)))
            file.write(data)
        for frame, at, size in reversed(kept):
            file.seek(at)
            coded = np.frombuffer(file.read(size), np.uint8)
            yield replace(frame, rgb=np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8))


def _on_grid(run: Iterator[Played], rate: Fraction, late: Fraction) -> Iterator[Played]:
    count = 0
    for played in run:
        while count / rate + late < played.end:
            yield replace(played, start=ticked(count / rate), end=ticked((count + 1) / rate))
            count += 1
