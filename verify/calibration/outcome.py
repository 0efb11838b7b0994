"""The truth about a made copy, read off what was really shown.

A segment runs from the time of the first source frame that it shows to the end of the last, and in the copy
from the first frame that shows it to the end of the last one. Its boxes and its map follow from the maps of
the steps on the picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from verify.calibration.drawing import IDENTITY, Drawing, clipped
from verify.calibration.timeline import Of, Piece, Played
from verify.calibration.truth import TrueSegment
from verify.geometry import fit
from verify.model import WHOLE, Box, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from verify.calibration.drawing import Size

    Polygon = NDArray[np.float64]  # (k, 2), fractions of a picture

_SLIGHT = Fraction(1, 10)  # seconds; less than that missing is no cut
_RESCALED = 0.03  # of the pixels across; less is rounding to even sizes


@dataclass(slots=True)
class Shown:
    """A piece as far as it was shown."""

    piece: Piece
    footage: Span
    copy: Span

    def grow(self, played: Played) -> None:
        """One more frame of the piece."""
        start, end = min(self.footage.start, played.footage.start), max(self.footage.end, played.footage.end)
        self.footage, self.copy = Span(start, end), Span(self.copy.start, played.end)


@dataclass(frozen=True, eq=False, slots=True)
class Shared:
    """Where the source's picture lies in the copy's."""

    matrix: NDArray[np.float64]  # source -> copy, fractions; the mean one where the map is not steady
    steady: bool
    a: Polygon  # the part of the source's picture that the copy shows
    b: Polygon  # the same in the copy

    @classmethod
    def through(cls, drawings: Sequence[Drawing]) -> Shared:
        """What is left of the picture after all steps."""
        matrix, polygon = IDENTITY, np.array(WHOLE.corners, np.float64)
        for drawing in drawings:
            if drawing.matrix is not None:
                matrix = drawing.matrix @ matrix
                polygon = clipped(fit.carry(drawing.matrix, polygon), drawing.window)
        back = fit.carry(fit.inverse(matrix), polygon)
        return cls(matrix / matrix[2, 2], all(drawing.steady for drawing in drawings), back, polygon)

    def rescaled(self, a_size: Size, b_size: Size) -> bool:
        """Whether the shared part has another number of pixels across in the copy."""
        before, after = _area(self.a) * a_size[0] * a_size[1], _area(self.b) * b_size[0] * b_size[1]
        return abs(float(np.sqrt(after / before)) - 1) > _RESCALED


def segments(shown: Sequence[Shown], shared: Shared) -> tuple[TrueSegment, ...]:
    """The stretches of the source in the copy, in the copy's order; a frozen picture is in none."""
    a_box, b_box = _around(shared.a), _around(shared.b)
    found = (
        TrueSegment(
            part.footage,
            part.copy,
            float(part.piece.speed),
            part.piece.reversed,
            fit.mirrors(shared.matrix),
            a_box,
            b_box,
            fit.as_matrix(shared.matrix) if shared.steady else None,
        )
        for part in shown
        if part.piece.of is Of.SOURCE and part.piece.frozen is None
    )
    joined: list[TrueSegment] = []
    for segment in found:
        if joined and (longer := _joined(joined[-1], segment)):
            joined[-1] = longer
        else:
            joined.append(segment)
    return tuple(joined)


def missing(found: Sequence[TrueSegment], duration: Fraction) -> tuple[str, ...]:
    """`trim` where the source's start or end is not shown, `removed` where something between is not."""
    kinds: list[str] = []
    reached = Fraction(0)
    spans = [*sorted(segment.a for segment in found), Span(duration, duration)]
    for index, span in enumerate(spans):
        if span.start - reached > _SLIGHT:
            kinds.append("trim" if index in {0, len(spans) - 1} else "removed")
        reached = max(reached, span.end)
    return tuple(kinds)


def _joined(one: TrueSegment, two: TrueSegment) -> TrueSegment | None:
    """Both as one, where the second goes on in both clips where the first ends."""
    if (one.b.end, one.speed, one.reversed) != (two.b.start, two.speed, two.reversed):
        return None
    first, last = (two, one) if one.reversed else (one, two)
    if first.a.end != last.a.start:
        return None
    return replace(one, a=Span(first.a.start, last.a.end), b=Span(one.b.start, two.b.end))


def _around(polygon: Polygon) -> Box:
    box = Box.around([(float(x), float(y)) for x, y in polygon])
    if box is None:
        raise ValueError("the copy shows nothing of its source's picture")
    return box


def _area(polygon: Polygon) -> float:
    x, y = polygon[:, 0], polygon[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)
