"""A copy of a clip, made by a transform, and the truth about it.

The steps on time say which second of the source is shown when; the frames that come of it go through the
steps on the picture, one by one, and into the encoder, and `verify.calibration.outcome` tells what they
came to. In the edit list, `resolution` stands where the shared part has another number of pixels across,
`trim` and `removed` where seconds of the source are not shown, `frame_rate` where the rate is another; the
other kinds are those of the steps.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from verify.calibration import outcome, soundtrack, time
from verify.calibration.drawing import Drawing, Moment, Size, filling
from verify.calibration.footage import Backdrop
from verify.calibration.timeline import Of, Piece, Played, play
from verify.calibration.truth import Pair, PairKind
from verify.errors import NotMediaError
from verify.media import probe
from verify.media.decode import colour_frames
from verify.media.writing import ClipWriter
from verify.model import MediaKind, Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.random import Generator
    from numpy.typing import NDArray

    from verify.calibration.recipe import Transform
    from verify.calibration.time import TimeStep
    from verify.model import Media

MOST_SECONDS = Fraction(20)
_USUAL_RATE = Fraction(25)
_FASTEST = Fraction(60)  # frames a second of a copy that has a rate of its own
_OTHER_RATE = Fraction(1, 100)  # of the rate; less is a container's rounding
_TRIMMED = 0.5  # chance that a transform which leaves time alone loses seconds too


def make(
    source: Path,
    transform: Transform,
    out: Path,
    seed: int,
    other: Path | None = None,
    most_seconds: Fraction = MOST_SECONDS,
) -> Pair:
    """Write a copy of `source` and say what is true of the two.

    The same arguments give the same frames: chance comes of the seed and of file and transform by name.

    Args:
        source: A video.
        transform: What is done.
        out: The copy, MP4; written beside its place and renamed.
        seed: Any number from 0.
        other: Other footage, for transforms that need some.
        most_seconds: Of a longer source, so much is used, from anywhere in it.

    Raises:
        NotMediaError: The source, or the other footage, is no video.
        ValueError: The transform needs other footage.
        UnreadableMediaError: A file could not be decoded.
    """
    dice = np.random.default_rng([seed, crc32(f"{source.name}/{transform.name}".encode())])
    drawn = transform.drawn(dice)
    if drawn.needs_other and other is None:
        raise ValueError(f"{transform.name} needs other footage")
    work = _Work(source, drawn, other if drawn.needs_other else None, dice, most_seconds)
    partial = out.with_name(f".{out.name}")
    try:
        shown = work.write(partial)
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    shared = outcome.Shared.through(work.drawings)
    segments = outcome.segments(shown, shared)
    kinds = [*outcome.missing(segments, work.media.span.end), *work.kinds(shared)]
    return Pair(
        a=source,
        b=out,
        kind=PairKind.COPY,
        transform=transform.name,
        source=source.stem,
        segments=segments,
        edits=tuple(dict.fromkeys(kinds)),
        nearer="a",
        others=(other,) if drawn.needs_other and other is not None else (),
        parts=drawn.parts,
    )


def video(path: Path) -> Media:
    """What a file is.

    Raises:
        NotMediaError: It is no video.
        UnreadableMediaError: It cannot be read.
    """
    media = probe(path, id=path.stem)
    if media.kind is not MediaKind.VIDEO or not media.duration:
        raise NotMediaError(path, "it is no video")
    return media


class _Work:
    """One copy in the making."""

    def __init__(
        self, source: Path, transform: Transform, other: Path | None, dice: Generator, most: Fraction
    ) -> None:
        self._transform, self._dice = transform, dice
        self.media, self._other = video(source), video(other) if other is not None else None
        self._files = {Of.SOURCE: source} | ({Of.OTHER: other} if other is not None else {})
        assert self.media.video is not None, "a video has a picture"
        self._size: Size = (self.media.video.width, self.media.video.height)
        self._rate = self.media.video.frame_rate or _USUAL_RATE
        self._pieces = self._time_line(most)
        self._out_rate = transform.rate
        if not self._out_rate and any(_changes_pace(piece) for piece in self._pieces):
            self._out_rate = min(self._rate, _FASTEST)
        self.drawings: list[Drawing] = []
        self._out_size = self._size
        for step in transform.picture:
            self.drawings.append(step.plan(self._out_size, dice))
            self._out_size = self.drawings[-1].size

    def write(self, path: Path) -> list[outcome.Shown]:
        """Write the copy; what was shown of each piece comes back, in order."""
        backdrop = Backdrop(self._files.get(Of.OTHER), self._dice)
        shown: dict[int, outcome.Shown] = {}
        first = next(colour_frames(self._files[Of.SOURCE], threads=1), None)
        sounds = self.media.audio is not None or self._transform.other_sound
        with ClipWriter(
            path,
            self._out_size,
            self._out_rate or self._rate,
            self._transform.encoding,
            matrix=first.matrix if first is not None else 0,
            sound=sounds,
        ) as writer:
            for played in play(self._pieces, self._files, 1 / self._rate, self._out_rate):
                if played.piece in shown:
                    shown[played.piece].grow(played)
                else:
                    copy = Span(played.start, played.end)
                    shown[played.piece] = outcome.Shown(self._pieces[played.piece], played.footage, copy)
                writer.add(played.start, played.end, self._drawn(played, backdrop))
            if not shown:
                raise NotMediaError(self._files[Of.SOURCE], "no picture of it could be decoded")
            if sounds:
                writer.add_sound(self._sound(list(shown.values())))
        return list(shown.values())

    def kinds(self, shared: outcome.Shared) -> list[str]:
        """Edit kinds, but for seconds that are missing."""
        found = [kind for step in self._transform.time for kind in step.kinds]
        found = [kind for kind in found if kind not in {"trim", "removed"}]
        for step, drawing in zip(self._transform.picture, self.drawings, strict=True):
            found += step.kinds if drawing.kinds is None else drawing.kinds
        if shared.rescaled(self._size, self._out_size):
            found.append("resolution")
        if self._out_rate and abs(self._out_rate / self._rate - 1) > _OTHER_RATE:
            found.append("frame_rate")
        return found

    def _time_line(self, most: Fraction) -> tuple[Piece, ...]:
        whole = self.media.span
        pieces: tuple[Piece, ...] = (Piece(whole),)
        steps: list[TimeStep] = [time.Keep(most)] if whole.length > most else []
        if not self._transform.time and self._dice.random() < _TRIMMED:
            steps.append(time.Trim())
        length = self._other.span.length if self._other is not None else Fraction(0)
        for step in (*steps, *self._transform.time):
            pieces = step.apply(pieces, length, self._dice)
        return pieces

    def _drawn(self, played: Played, backdrop: Backdrop) -> NDArray[np.uint8]:
        picture = filling(played.picture, self._size)
        for drawing in self.drawings:
            picture = drawing.draw(
                Moment(played.start, picture, lambda size: backdrop.at(played.start, size))
            )
        return picture

    def _sound(self, shown: Sequence[outcome.Shown]) -> NDArray[np.float32]:
        if self._transform.other_sound and self._other is not None:
            part = Span(Fraction(0), min(self._other.span.end, MOST_SECONDS))
            return soundtrack.looped(self._files[Of.OTHER], shown[-1].copy.end, part)
        return soundtrack.under(
            [(part.piece, self._files[part.piece.of], part.footage, part.copy) for part in shown]
        )


def _changes_pace(piece: Piece) -> bool:
    """Whether a piece's frames cannot keep their own times in the copy."""
    return piece.speed != 1 or piece.frozen is not None or piece.of is not Of.SOURCE
