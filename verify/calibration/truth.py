"""What is known of a pair that was made for measuring: the answers that the tool is held against."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from verify.model import WHOLE, Box, Matrix, Span

if TYPE_CHECKING:
    from pathlib import Path


class PairKind(StrEnum):
    """What the tool should find, or must not."""

    COPY = "copy"  # one recording
    HARD = "hard"  # no copy, though it looks like one: the same camera later, a shared intro, black frames
    EASY = "easy"  # two unrelated recordings


@dataclass(frozen=True, slots=True)
class TrueSegment:
    """A stretch that two clips share, as it was made. As `verify.model.Segment`, without a score."""

    a: Span
    b: Span
    speed: float = 1.0  # length in a / length in b
    reversed: bool = False
    mirrored: bool = False
    a_box: Box = WHOLE  # the shared part of a's picture
    b_box: Box = WHOLE
    homography: Matrix | None = (
        None  # a -> b in fractions, mirror included; None: not one map (re-filming by hand)
    )


@dataclass(frozen=True, slots=True)
class Pair:
    """Two clips whose relation is known."""

    a: Path
    b: Path
    kind: PairKind
    transform: str  # name of what made b of a, or of the kind of negative: "crop-50", "same-camera-later"
    source: str  # the independent recording that the pair comes of; ratios count these, not pairs
    segments: tuple[TrueSegment, ...] = ()  # of a copy
    edits: tuple[str, ...] = ()  # kinds of report.json's edit list that turn a into b
    nearer: str | None = None  # "a", "b", or None where neither is
    others: tuple[Path, ...] = ()  # other recordings that b shows or sounds of: no negatives to b
    parts: tuple[str, ...] = ()  # names of the transforms that a combination was drawn from
