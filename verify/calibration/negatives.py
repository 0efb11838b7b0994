"""Pairs that are no copies, though something in them is alike.

Hard ones, made of given footage: the same take at another time, as it is and reframed with other tones; two
clips with the same intro, the same broadcaster's frame, the same black or flat pictures, the same sound. What
the two share is made or stands still; the footage is another, so a tool must not call them copies. Easy ones
are any two sources.

A take that repeats itself exactly, such as a loop, and sources that show each other's footage would make
these truths false: such footage must not be given.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from verify.calibration.framing import Crop
from verify.calibration.graphics import Template, write_card, write_flat, write_tune
from verify.calibration.light import Tone
from verify.calibration.making import make, video
from verify.calibration.picture import Turn
from verify.calibration.recipe import Transform
from verify.calibration.time import Enclose, Keep, Stretch, drawn
from verify.calibration.truth import Pair, PairKind
from verify.media import ShotFinder, frames
from verify.media.writing import Encoding
from verify.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_LOOKED = Fraction(60)  # seconds of a source that are searched for cuts
_SHORTEST, _LONGEST = Fraction(4), Fraction(8)  # seconds of a made clip's footage
_APART = Fraction(2)  # seconds between two stretches of one take, at the least
_EXTRA = Fraction(3)  # seconds of an intro, of black
_FLAT = ((0, 0, 0), (255, 255, 255), (30, 60, 200))  # black, white, blue
_ALL = Fraction(1 << 31)  # seconds of a source that may be used: all of it
_ENCODINGS = Encoding(crf=22), Encoding(crf=27, gop=50)  # of the two clips of a pair


def make_negatives(sources: Sequence[Path], out: Path, seed: int) -> list[Pair]:
    """All hard negatives of each source, with the next one as its partner, and every easy pair.

    Args:
        sources: Videos, no two of which share footage.
        out: A folder; made files go into folders in it, one for each source.
        seed: Any number from 0.

    Raises:
        NotMediaError: A source is no video.
        UnreadableMediaError: A file could not be decoded.
    """
    found: list[Pair] = []
    for index, source in enumerate(sources):
        others = [*sources[index + 1 :], *sources[:index]]
        found += negatives_of(source, others[:1], out / f"{index + 1:03d}", seed)
    for one, two in combinations(sources, 2):
        found.append(Pair(one, two, PairKind.EASY, "unrelated", f"{one.stem} and {two.stem}"))
    return found


def negatives_of(source: Path, others: Sequence[Path], out: Path, seed: int) -> list[Pair]:
    """Hard negatives of one source: against itself at another time, and against the first of the others.

    A source that has a cut or is too short gives none against itself, as without others none against them.
    Raises as `make_negatives`.
    """
    out.mkdir(parents=True, exist_ok=True)
    maker = _Maker(source, out, seed)
    return [*maker.later(), *(maker.alike(others[0]) if others else ())]


@dataclass(frozen=True, slots=True)
class _Maker:
    source: Path
    out: Path
    seed: int

    def later(self) -> Iterator[Pair]:
        spans = stretches(self.source, self.seed)
        if spans is None:
            return
        first, second = ((Stretch(span),) for span in spans)
        before = self._made(self.source, "take", 0, Transform("", first))
        later = self._made(self.source, "later", 1, Transform("", second))
        yield self._pair("same-camera-later", (before, later), self.source.stem)
        changes = Turn(2.0), Crop(0.75), Tone(gamma=1.2)
        reframed = self._made(self.source, "reframed", 1, Transform("", second, changes))
        yield self._pair("same-place-reframed", (before, reframed), self.source.stem)

    def alike(self, other: Path) -> Iterator[Pair]:
        card = write_card(self.out / "card.mp4", _EXTRA, self.seed)
        yield self._both(other, "shared-intro", Transform("", (Keep(_LONGEST), Enclose())), card)
        template = Transform("", (Keep(_LONGEST),), (Template(self.seed),))
        yield self._both(other, "shared-template", template, None)
        flat = write_flat(self.out / "black.mp4", _EXTRA, _FLAT[0])
        around = Transform("", (Keep(_LONGEST), Enclose(after=True)))
        yield self._both(other, "black-frames", around, flat)
        colour = _FLAT[1 + self.seed % 2]
        flat = write_flat(self.out / "flat.mp4", _EXTRA, colour)
        around = Transform("", (Keep(_LONGEST), Enclose(before=False, middle=True, after=True)))
        yield self._both(other, "flat-frames", around, flat)
        sounding = Transform("", (Keep(_LONGEST),), other_sound=True)
        yield self._both(other, "sound-only-shared", sounding, self._sound())

    def _sound(self) -> Path:
        """The source itself where it sounds, else a tune."""
        if video(self.source).audio is not None:
            return self.source
        return write_tune(self.out / "tune.mp4", _LONGEST, self.seed)

    def _both(self, other: Path, name: str, transform: Transform, shared: Path | None) -> Pair:
        """The same done to both clips, with the same shared material."""
        paths = [
            self._made(clip, name, side, transform, shared) for side, clip in enumerate((self.source, other))
        ]
        return self._pair(name, paths, f"{self.source.stem} and {other.stem}")

    def _made(
        self, clip: Path, name: str, side: int, transform: Transform, shared: Path | None = None
    ) -> Path:
        path = self.out / f"{name}-{'ab'[side]}.mp4"
        given = Transform(
            f"{name}-{side}",
            transform.time,
            transform.picture,
            encoding=_ENCODINGS[side],
            needs_other=shared is not None,
            other_sound=transform.other_sound,
        )
        make(clip, given, path, self.seed, shared, _ALL)
        return path

    def _pair(self, name: str, paths: Sequence[Path], source: str) -> Pair:
        return Pair(paths[0], paths[1], PairKind.HARD, name, source)


def stretches(source: Path, seed: int) -> tuple[Span, Span] | None:
    """Two stretches of one take, 4 to 8 seconds each and 2 seconds apart or more; None where there are none.

    Only the first minute is looked at, and only a source without a cut in it is taken.
    """
    finder = ShotFinder()
    for frame in frames(source, end=_LOOKED):
        finder.add(frame)
    shots = finder.finish()
    if len(shots) != 1 or shots[0].length < 2 * _SHORTEST + _APART:
        return None
    shot, dice = shots[0], np.random.default_rng(seed)
    each = min(_LONGEST, (shot.length - _APART) / 2)
    first = shot.start + drawn(dice, 0, shot.length - 2 * each - _APART)
    second = drawn(dice, first + each + _APART, shot.end - each)
    return Span(first, first + each), Span(second, second + each)
