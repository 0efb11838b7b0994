"""How well the stretches that were said cover the true ones: precision, recall and F1 of segments.

The formula of VCSL (He et al., A Large-scale Comprehensive Dataset and Copy-overlap Aware Evaluation
Protocol for Segment-level Video Copy Detection, CVPR 2022): a stretch is a box, its seconds in one clip by
its seconds in the other. Precision is, for each clip, the length of what the said boxes have in common with
true ones over the length of the said boxes, the two multiplied; recall is the same over the true boxes. A
piece that several boxes name counts once within each box. Precision is averaged over the pairs of which
anything was said, recall over those with something true, false copies included, and F1 is made of the two.

Limits: it measures time, not which part of the picture is shared.

Error rates: none of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verify.calibration.answer import Answer
    from verify.model import Span

_Box = tuple["Span", "Span"]  # seconds of a, seconds of b


@dataclass(frozen=True, slots=True)
class Overlap:
    """Segment precision, recall and F1, 0 to 1; None where there is nothing to take them from."""

    precision: float | None
    recall: float | None
    f1: float | None
    pairs: int  # with a said or a true stretch


def overlap(answers: Iterable[Answer]) -> Overlap:
    """The measure over pairs; each pair with stretches of either kind counts once."""
    precisions, recalls, pairs = [], [], 0
    for answer in answers:
        if answer.relation is None:
            continue
        said = [(each.a, each.b) for each in answer.segments]
        true = [(each.a, each.b) for each in answer.pair.segments]
        pairs += bool(said or true)
        if said:
            precisions.append(float(covered(said, true)))
        if true:
            recalls.append(float(covered(true, said)))
    precision = sum(precisions) / len(precisions) if precisions else None
    recall = sum(recalls) / len(recalls) if recalls else None
    f1 = None
    if precision is not None and recall is not None:
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Overlap(precision, recall, f1, pairs)


def covered(boxes: Sequence[_Box], others: Sequence[_Box]) -> Fraction:
    """The share of boxes that others cover, on each axis, multiplied; 0 to 1."""
    product = Fraction(1)
    for axis in (0, 1):
        total = sum((box[axis].length for box in boxes), Fraction(0))
        shared = sum((_union(_common(box, others, axis)) for box in boxes), Fraction(0))
        product *= shared / total if total else 0
    return product


def _common(box: _Box, others: Sequence[_Box], axis: int) -> list[Span]:
    """What a box has in common with those that it meets in both clips, seen on one axis."""
    found = []
    for other in others:
        both = box[0].meets(other[0]), box[1].meets(other[1])
        part = both[axis]
        if both[0] is not None and both[1] is not None and part is not None:
            found.append(part)
    return found


def _union(spans: Iterable[Span]) -> Fraction:
    """Seconds that any of the spans covers."""
    total, reached = Fraction(0), None
    for span in sorted(spans):
        start = span.start if reached is None else max(span.start, reached)
        if span.end > start:
            total += span.end - start
            reached = span.end
    return total
