"""Pairs and answers made by hand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from verify.calibration.answer import Answer
from verify.calibration.truth import Pair, PairKind, TrueSegment
from verify.model import WHOLE, Edit, Relation, RelationKind, Segment, Span

SAME = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def span(start: float, end: float) -> Span:
    return Span(Fraction(start).limit_denominator(1000), Fraction(end).limit_denominator(1000))


def true(a: tuple[float, float], b: tuple[float, float], **more: Any) -> TrueSegment:
    return TrueSegment(span(*a), span(*b), **more)


def said(a: tuple[float, float], b: tuple[float, float], **more: Any) -> Segment:
    given = {"mirrored": False, "a_box": WHOLE, "b_box": WHOLE, "homography": SAME, "score": 0.9} | more
    return Segment(span(*a), span(*b), **given)


def answer(
    kind: PairKind = PairKind.COPY,
    found: RelationKind | None = RelationKind.COPY,
    *,
    source: str | tuple[str, ...] = "s1",
    transform: str = "trim",
    truth: tuple[TrueSegment, ...] = (),
    segments: tuple[Segment, ...] = (),
    edits: tuple[tuple[str, ...], tuple[str, ...]] = ((), ()),
    nearer: tuple[str | None, str | None] = (None, None),
    measured: dict[str, float] | None = None,
    frame: Fraction | None = Fraction(1, 25),
    moves: float = 5.0,
) -> Answer:
    """An answer; of `edits` and `nearer` the first is the truth, the second what was said."""
    sources = (source,) if isinstance(source, str) else source
    pair = Pair(
        Path("a.mp4"), Path(f"b-{transform}.mp4"), kind, transform, sources[0], truth, edits[0], nearer[0]
    )
    relation = None
    if found is not None:
        if found is RelationKind.COPY and not segments:
            segments = (said((0, 10), (0, 10)),)
        relation = Relation(
            "a",
            "b",
            found,
            ("measured",),
            segments=segments,
            edits=tuple(Edit(each, each) for each in edits[1]),
            nearer_source=nearer[1],
            measured=measured or {},
        )
    return Answer(pair, relation, sources, frame, (moves,) * len(truth), "" if relation else "it failed")
