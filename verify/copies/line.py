"""Common stretches of two clips, and how the seconds of one follow those of the other in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from verify.geometry import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from verify.copies.seeds import Seed
    from verify.copies.votes import Accord
    from verify.model import Segment

Times = TypeVar("Times", float, "NDArray[np.float64]")


@dataclass(frozen=True, slots=True)
class Line:
    """How the seconds of one clip follow those of another."""

    slope: float  # seconds of b for one second of a; negative where b runs backwards
    origin: float  # b's second at a's second 0

    def at(self, seconds: Times) -> Times:
        """Seconds of b at seconds of a."""
        return self.origin + self.slope * seconds

    def over(self, span: tuple[float, float]) -> tuple[float, float]:
        """Seconds of b, ascending, beside those of a."""
        low, high = sorted((self.at(span[0]), self.at(span[1])))
        return low, high

    def inverse(self) -> Line:
        """How a's seconds follow b's."""
        return Line(1 / self.slope, -self.origin / self.slope)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A common stretch at one offset and tempo."""

    a: tuple[float, float]  # seconds
    b: tuple[float, float]
    line: Line  # b's seconds by a's
    correlation: float  # of what moves, -1 to 1, mean of the stretches that voted
    control: float  # the highest mean correlation half a second or a second beside it
    voted: float  # seconds of it in which something moved and agreed
    likeness: float  # mean correlation of the aligned grid pictures as they are, 0 to 1
    rule: str  # which rule of `votes` established it

    def length(self) -> float:
        """Seconds of a."""
        return self.a[1] - self.a[0]

    def turned(self) -> Stretch:
        """The same stretch with the inputs in the other order."""
        return replace(self, a=self.b, b=self.a, line=self.line.inverse())


@dataclass(frozen=True, eq=False, slots=True)
class Alignment:
    """What laying one clip on the other came to."""

    matrix: NDArray[np.float64]  # (3, 3) a -> b, fractions
    seed: Seed
    stretches: tuple[Stretch, ...]  # those that establish one recording
    likeliest: Stretch | None  # where nothing is established: the stretch at which most agrees
    best: float  # the highest mean correlation of all stretches at any one offset, -1 to 1
    nearest: Accord | None  # what agrees most, whether or not that establishes anything
    moves_a: float  # grey levels, root mean square of what moves in a's shared part
    moves_b: float
    tried: tuple[Seed, ...] = ()  # by whose maps the clips were laid on each other

    def turned(self) -> Alignment:
        """The same alignment with the inputs in the other order."""
        return replace(
            self,
            matrix=fit.inverse(self.matrix),
            seed=self.seed.turned(),
            stretches=tuple(sorted((each.turned() for each in self.stretches), key=lambda each: each.a)),
            likeliest=self.likeliest.turned() if self.likeliest else None,
            moves_a=self.moves_b,
            moves_b=self.moves_a,
            tried=tuple(each.turned() for each in self.tried),
        )

    @property
    def merit(self) -> float:
        """What alignments are compared by: how much movement agrees, and how well."""
        return weight(self.stretches)


def continues(first: Stretch, second: Stretch, slack: float) -> bool:
    """Whether a stretch goes on where another ends, within `slack` seconds, at one tempo and offset."""
    middle = second.a[0]
    apart = abs(first.line.at(middle) - second.line.at(middle))
    meets = second.a[0] - first.a[1] <= slack
    return meets and first.line.slope == second.line.slope and apart <= slack / 2


def merged(first: Stretch, second: Stretch) -> Stretch:
    """One stretch of two that continue each other, as the longer one of them lies."""
    longer = max(first, second, key=lambda each: each.a[1] - each.a[0])
    return replace(
        longer,
        a=(min(first.a[0], second.a[0]), max(first.a[1], second.a[1])),
        b=(min(first.b[0], second.b[0]), max(first.b[1], second.b[1])),
        voted=max(first.voted, second.voted),
        likeness=min(first.likeness, second.likeness),
    )


def shared(one: tuple[float, float], two: tuple[float, float]) -> float:
    """Share of the shorter of two intervals that lies in the other; below 0 where they lie apart."""
    return (min(one[1], two[1]) - max(one[0], two[0])) / min(one[1] - one[0], two[1] - two[0])


def of_segment(segment: Segment) -> Line:
    """How b's seconds follow a's in a segment."""
    slope = (-1 if segment.reversed else 1) / segment.speed
    first = segment.b.end if segment.reversed else segment.b.start
    return Line(slope, float(first) - slope * float(segment.a.start))


def weight(stretches: Sequence[Stretch]) -> float:
    """Seconds of movement that agree, times how well; votes from beyond a stretch do not count."""
    return sum(min(each.voted, each.length()) * each.correlation for each in stretches)


def as_filmed(stretches: Sequence[Stretch]) -> bool:
    """Whether neither clip runs faster, slower or backwards in any of them."""
    return all(each.line.slope == 1 for each in stretches)
