"""Steps that change which second of the source a copy shows when.

What each one causes in the edit list: `trim` where the source's start or end is lost, `removed` for a missing
middle, `inserted` for other footage before, between or after, `repeated`, `reordered`, `reversed`, `speed`,
`frozen`. A frozen picture is no part of a segment: no time of the source passes while it stands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from verify.calibration.timeline import Of, Piece, Pieces, cut, length
from verify.model import Span

if TYPE_CHECKING:
    from numpy.random import Generator

_TICK = 1000  # moments are drawn in milliseconds
SHORTEST = Fraction(3)  # seconds that a trim leaves at the least, where there are that many


class TimeStep(Protocol):
    """Changes a time line."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Edit kinds that it causes."""

    def apply(self, pieces: Pieces, other: Fraction, dice: Generator) -> Pieces:
        """The new time line; `other` is the length of the other footage in seconds, 0 where there is none."""


def drawn(dice: Generator, low: Fraction | float, high: Fraction | float) -> Fraction:
    """A moment between `low` and `high`, in milliseconds."""
    return Fraction(round(dice.uniform(float(low), float(high)) * _TICK), _TICK)


@dataclass(frozen=True, slots=True)
class Trim:
    """Seconds are lost at the start, at the end, or at both."""

    keep: Fraction = Fraction(1, 2)  # share that stays at the least
    kinds: tuple[str, ...] = ("trim",)

    def apply(self, pieces: Pieces, other: Fraction, dice: Generator) -> Pieces:
        """A stretch of the time line, never shorter than `SHORTEST` where it has that much."""
        total = length(pieces)
        left = max(min(total, SHORTEST), drawn(dice, total * self.keep, total))
        start = (Fraction(0), total - left, drawn(dice, 0, total - left))[int(dice.integers(3))]
        return cut(cut(pieces, start)[1], left)[0]


@dataclass(frozen=True, slots=True)
class Keep:
    """A stretch of so many seconds, from anywhere."""

    seconds: Fraction
    kinds: tuple[str, ...] = ("trim",)

    def apply(self, pieces: Pieces, other: Fraction, dice: Generator) -> Pieces:
        """That stretch, or all where there is no more."""
        spare = max(Fraction(0), length(pieces) - self.seconds)
        return cut(cut(pieces, drawn(dice, 0, spare))[1], self.seconds)[0]


@dataclass(frozen=True, slots=True)
class Stretch:
    """These seconds of the time line, nothing left to chance."""

    span: Span
    kinds: tuple[str, ...] = ("trim",)

    def apply(self, pieces: Pieces, other: Fraction, dice: Generator) -> Pieces:
        """That stretch, as far as there is one."""
        return cut(cut(pieces, self.span.start)[1], self.span.length)[0]


@dataclass(frozen=True, slots=True)
class Enclose:
    """The other footage from its start, before, after, and in the middle where wanted."""

    before: bool = True
    middle: bool = False
    after: bool = False
    seconds: Fraction = Fraction(3)  # of each stretch of other footage
    kinds: tuple[str, ...] = ("inserted",)

    def apply(self, pieces: Pieces, other: Fraction, dice: Generator) -> Pieces:
        """The time line with the same stretch of other footage at each place."""
        piece = Piece(Span(Fraction(0), min(self.seconds, other)), Of.OTHER)
        one, two = cut(pieces, length(pieces) / 2)
        between = (piece,) if self.middle else ()
        return (piece,) * self.before + one + between + two + (piece,) * self.after


@dataclass(frozen=True, slots=True)
class RemoveMiddle:
    """A fifth to two fifths are cut out of the middle."""

    kinds: tuple[str, ...] = ("removed",)

    def apply(self, pieces: Pieces, other: Fraction, dice: Generator) -> Pieces:
        """What comes before and after."""
        total = length(pieces)
        start, gone = (
            drawn(dice, total * Fraction(3, 10), total * Fraction(2, 5)),
            drawn(dice, total / 5, total / 3),
        )
        return cut(pieces, start)[0] + cut(pieces, start + gone)[1]


@dataclass(frozen=True, slots=True)
class Insert:
    """Other footage before and after, or in the middle."""

    middle: bool = False
    seconds: Fraction = Fraction(3)  # of each stretch of other footage
    kinds: tuple[str, ...] = ("inserted",)

    def apply(self, pieces: Pieces, other: Fraction, dice: Generator) -> Pieces:
        """The time line with other footage in it."""
        if self.middle:
            total = length(pieces)
            before, after = cut(pieces, drawn(dice, total * Fraction(2, 5), total * Fraction(3, 5)))
            return (*before, self._piece(other, dice), *after)
        return (self._piece(other, dice), *pieces, self._piece(other, dice))

    def _piece(self, other: Fraction, dice: Generator) -> Piece:
        seconds = min(self.seconds, other)
        start = drawn(dice, 0, other - seconds)
        return Piece(Span(start, start + seconds), Of.OTHER)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A stretch of the middle is shown twice."""

    kinds: tuple[str, ...] = ("repeated",)

    def apply(self, pieces: Pieces, other: Fraction, dice: Generator) -> Pieces:
        """All, with a third of it once more."""
        total = length(pieces)
        start, end = (
            drawn(dice, total / 6, total / 3),
            drawn(dice, total * Fraction(3, 5), total * Fraction(4, 5)),
        )
        return cut(pieces, end)[0] + cut(pieces, start)[1]


@dataclass(frozen=True, slots=True)
class Reorder:
    """Three stretches in another order."""

    kinds: tuple[str, ...] = ("reordered",)

    def apply(self, pieces: Pieces, other: Fraction, dice: Generator) -> Pieces:
        """The same seconds in three stretches, each beside another than before."""
        total = length(pieces)
        first = drawn(dice, total * Fraction(3, 10), total * Fraction(2, 5))
        second = drawn(dice, total * Fraction(3, 5), total * Fraction(7, 10))
        one, rest = cut(pieces, first)
        two, three = cut(rest, second - first)
        # In these orders no stretch is followed by the one that followed it.
        orders = one + three + two, two + one + three, three + two + one
        return orders[int(dice.integers(len(orders)))]


@dataclass(frozen=True, slots=True)
class Reverse:
    """Played backwards."""

    kinds: tuple[str, ...] = ("reversed",)

    def apply(self, pieces: Pieces, other: Fraction, dice: Generator) -> Pieces:
        """The pieces in reverse, each turned round."""
        return tuple(replace(piece, reversed=not piece.reversed) for piece in reversed(pieces))


@dataclass(frozen=True, slots=True)
class Speed:
    """Faster or slower."""

    factor: Fraction  # seconds of the source in a second of the copy
    kinds: tuple[str, ...] = ("speed",)

    def apply(self, pieces: Pieces, other: Fraction, dice: Generator) -> Pieces:
        """The pieces at that speed."""
        return tuple(
            replace(piece, frozen=piece.frozen / self.factor)
            if piece.frozen is not None
            else replace(piece, speed=piece.speed * self.factor)
            for piece in pieces
        )


@dataclass(frozen=True, slots=True)
class Freeze:
    """The picture stands for a while, then goes on."""

    seconds: Fraction = Fraction(2)
    kinds: tuple[str, ...] = ("frozen",)

    def apply(self, pieces: Pieces, other: Fraction, dice: Generator) -> Pieces:
        """The time line with one frame held in its middle."""
        total = length(pieces)
        before, after = cut(pieces, drawn(dice, total * Fraction(2, 5), total * Fraction(3, 5)))
        return (*before, replace(after[0], frozen=self.seconds), *after)
