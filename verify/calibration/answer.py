"""What the tool said of a pair whose relation is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.calibration.truth import PairKind
from verify.model import RelationKind

if TYPE_CHECKING:
    from fractions import Fraction

    from verify.calibration.truth import Pair, TrueSegment
    from verify.model import Relation, Segment

_ONE_RECORDING = frozenset({RelationKind.IDENTICAL, RelationKind.COPY})


@dataclass(frozen=True, slots=True)
class Match:
    """A true stretch beside the one that was said."""

    true: TrueSegment
    said: Segment
    moves: float  # grey levels
    frame: Fraction | None  # seconds of a frame of the slower clip; None where unknown


@dataclass(frozen=True, slots=True)
class Answer:
    """A pair with known truth beside what the tool said of it."""

    pair: Pair
    relation: Relation | None  # None: the pair could not be compared
    sources: tuple[str, ...]  # the independent recordings in it: one of a copy, two of an easy negative
    frame: Fraction | None = None  # seconds of a frame of the slower clip; None where unknown
    moves: tuple[float, ...] = ()  # of each true stretch: grey levels, as `calibration.motion` measures
    problem: str = ""  # why it could not be compared
    names: tuple[str, str] = ("", "")  # of a and b for a reader: as given, or within the folder of made clips

    @property
    def copy(self) -> bool:
        """Whether the two are one recording."""
        return self.pair.kind is PairKind.COPY

    @property
    def said(self) -> bool:
        """Whether the tool said that they are."""
        return self.relation is not None and self.relation.kind in _ONE_RECORDING

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The stretches that the tool said are shared; none where it named no copy."""
        return self.relation.segments if self.relation is not None and self.said else ()

    @property
    def misplaced(self) -> bool:
        """Whether a copy was found, and none of the stretches that were said meets a true one."""
        return self.copy and self.said and bool(self.pair.segments) and not self.matched()

    @property
    def wrong(self) -> bool:
        """Whether the two were compared, and what was said is not so."""
        return self.relation is not None and (self.said != self.copy or self.misplaced)

    def matched(self) -> tuple[Match, ...]:
        """Each true stretch that the tool met in both clips, with the said stretch that covers most of it."""
        found = []
        for index, true in enumerate(self.pair.segments):
            best = max(self.segments, key=lambda said: _covered(true, said), default=None)
            if best is not None and _covered(true, best) > 0:
                moves = self.moves[index] if index < len(self.moves) else 0.0
                found.append(Match(true, best, moves, self.frame))
        return tuple(found)


def _covered(true: TrueSegment, said: Segment) -> float:
    """The smaller share, of the two clips, of a true stretch that lies in a said one, 0 to 1."""
    parts = ((true.a, said.a), (true.b, said.b))
    shares = []
    for ours, theirs in parts:
        both = ours.meets(theirs)
        shares.append(float(both.length / ours.length) if both else 0.0)
    return min(shares)
