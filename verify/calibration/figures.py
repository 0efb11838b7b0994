"""How often the tool is right, from pairs whose truth is known.

Clips are copied with known edits, and pairs are made that are no copies; the tool is run on all of them as
a user gets it, and what it says is held against what was done. Found copies and false ones are counted;
where stretches, boxes, mirroring and speed were said, they are held against the true ones; the edit list
and the direction likewise.

Limits: the edits are made by a program, so re-filming by hand and what platforms do are only imitated. The
figures hold for footage like the footage they were taken on. Truth about a pair is what was done to it: if
two clips of the folder already show one recording, a right answer counts as a false match here, so each
such pair is listed to be looked at.

Error rates: shares have 95 % intervals (calibration.intervals).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from verify.calibration.intervals import Bound, Share, bound, share
from verify.calibration.overlap import Overlap, overlap
from verify.calibration.truth import PairKind
from verify.model import WHOLE
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from verify.calibration.answer import Answer, Match
    from verify.calibration.truth import TrueSegment
    from verify.model import Segment
    from verify.settings import CalibrationSettings


@dataclass(frozen=True, slots=True)
class Spread:
    """Where measured values lie."""

    count: int
    median: float
    q05: float  # 5 % lie below
    q95: float  # 95 % lie below


@dataclass(frozen=True, slots=True)
class OfTransform:
    """What came of one way of making copies."""

    transform: str
    found: Share
    overlap: Overlap


@dataclass(frozen=True, slots=True)
class OfNegatives:
    """What came of one kind of pairs that are no copies."""

    transform: str
    kind: PairKind
    false: Bound
    sources: int  # independent recordings in them


@dataclass(frozen=True, slots=True)
class OfEdit:
    """How often one kind of edit was named where it was made, and made where it was named."""

    kind: str
    named: Share  # recall
    right: Share  # precision


@dataclass(frozen=True, slots=True)
class Direction:
    """Which of two copies is nearer the source."""

    given: Share  # of the found copies of which it is known
    right: Share  # of those given
    where_none: Share  # given, though neither is nearer by what was done


@dataclass(frozen=True, slots=True)
class Figures:
    """All that was counted and measured over the pairs that could be compared."""

    found: Share
    found_by: tuple[OfTransform, ...]  # by name
    misplaced: int  # found copies none of whose stretches meets a true one
    hard: OfNegatives
    easy: OfNegatives
    false_by: tuple[OfNegatives, ...]  # by kind and name
    overlap: Overlap
    start: Spread | None  # frames of the slower clip, the larger of both clips' errors, where something moves
    offset: Spread | None  # frames of the slower clip, in the middle of the stretch, where something moves
    within: Share  # of these stretches, start and offset both within `frames_close`
    unmoving: int  # stretches left out of these, as too little moves in them
    mirrored: Share  # right, of the stretches that were met
    box: Spread | None  # intersection over union, of shared parts that are less than the whole picture
    speed: Share  # within 1 % or one frame over the stretch
    edits: tuple[OfEdit, ...]
    direction: Direction
    failed: int  # pairs that could not be compared; they count in nothing above


def figures(answers: Sequence[Answer], settings: CalibrationSettings = SETTINGS.calibration) -> Figures:
    """Everything that can be told from the answers."""
    told = [each for each in answers if each.relation is not None]
    copies = [each for each in told if each.copy]
    found = [each for each in copies if each.said]
    negatives = [each for each in told if not each.copy]
    met = [match for answer in found for match in answer.matched()]
    moving = [each for each in met if each.moves >= settings.moves]
    timed = [errors for each in moving if (errors := time_errors(each)) is not None]
    close = sum(max(errors) <= settings.frames_close for errors in timed)
    return Figures(
        found=share(len(found), len(copies)),
        found_by=tuple(
            OfTransform(name, share(sum(each.said for each in group), len(group)), overlap(group))
            for name, group in _grouped(copies, lambda each: each.pair.transform)
        ),
        misplaced=sum(each.misplaced for each in found),
        hard=_negatives("all", PairKind.HARD, [e for e in negatives if e.pair.kind is PairKind.HARD]),
        easy=_negatives("all", PairKind.EASY, [e for e in negatives if e.pair.kind is PairKind.EASY]),
        false_by=tuple(
            _negatives(name, group[0].pair.kind, group)
            for name, group in _grouped(negatives, lambda each: each.pair.transform)
        ),
        overlap=overlap(told),
        start=spread([start for start, _ in timed]),
        offset=spread([offset for _, offset in timed]),
        within=share(close, len(timed)),
        unmoving=len(met) - len(moving),
        mirrored=share(sum(each.true.mirrored == each.said.mirrored for each in met), len(met)),
        box=spread([part for each in met for part in box_overlaps(each)]),
        speed=share(sum(speed_right(each) for each in met), len(met)),
        edits=_edits(found),
        direction=_direction(found),
        failed=len(answers) - len(told),
    )


def spread(values: Sequence[float]) -> Spread | None:
    """Median and the bounds of the middle 90 %; None of nothing."""
    if not values:
        return None
    low, middle, high = (float(each) for each in np.quantile(values, (0.05, 0.5, 0.95)))
    return Spread(len(values), middle, low, high)


def time_errors(match: Match) -> tuple[float, float] | None:
    """Errors of start and offset in frames of the slower clip; None where its frame rate is unknown."""
    true, said, frame = match.true, match.said, match.frame
    both = true.a.meets(said.a)
    if frame is None or both is None:
        return None
    start = max(abs(true.a.start - said.a.start), abs(true.b.start - said.b.start))
    middle = (both.start + both.end) / 2
    offset = abs(_other(true, float(middle)) - _other(said, float(middle)))
    return float(start / frame), offset / float(frame)


def _other(segment: TrueSegment | Segment, time: float) -> float:
    """Seconds of b at seconds of a."""
    passed = (time - float(segment.a.start)) / segment.speed
    return float(segment.b.end) - passed if segment.reversed else float(segment.b.start) + passed


def box_overlaps(match: Match) -> list[float]:
    """Intersection over union of the shared parts, in each clip where that is truly less than all of it."""
    true, said = match.true, match.said
    pairs = ((true.a_box, said.a_box), (true.b_box, said.b_box))
    return [ours.overlap(theirs) for ours, theirs in pairs if ours != WHOLE]


def speed_right(match: Match) -> bool:
    """Whether a speed is within 1 %, or within one frame of the slower clip over the stretch."""
    true, said, frame = match.true, match.said, match.frame
    if abs(said.speed / true.speed - 1) <= 0.01:
        return True
    both = true.a.meets(said.a)
    if both is None or frame is None:
        return False
    return float(both.length) * abs(1 / said.speed - 1 / true.speed) <= float(frame)


def _grouped(answers: Iterable[Answer], name: Callable[[Answer], str]) -> list[tuple[str, list[Answer]]]:
    groups: dict[str, list[Answer]] = {}
    for answer in answers:
        groups.setdefault(name(answer), []).append(answer)
    return sorted(groups.items())


def _negatives(name: str, kind: PairKind, answers: Sequence[Answer]) -> OfNegatives:
    sources = {source for answer in answers for source in answer.sources}
    return OfNegatives(name, kind, bound(sum(each.said for each in answers), len(answers)), len(sources))


def _edits(found: Sequence[Answer]) -> tuple[OfEdit, ...]:
    pairs = [
        (set(each.pair.edits), {edit.kind for edit in each.relation.edits} if each.relation else set())
        for each in found
    ]
    kinds = sorted({kind for true, said in pairs for kind in true | said})
    rows = []
    for kind in kinds:
        both = sum(kind in true and kind in said for true, said in pairs)
        made = sum(kind in true for true, _ in pairs)
        named = sum(kind in said for _, said in pairs)
        rows.append(OfEdit(kind, share(both, made), share(both, named)))
    return tuple(rows)


def _direction(found: Sequence[Answer]) -> Direction:
    pairs = [(each.pair.nearer, each.relation.nearer_source) for each in found if each.relation]
    known = [(true, said) for true, said in pairs if true is not None]
    none = [said for true, said in pairs if true is None]
    given = [(true, said) for true, said in known if said is not None]
    return Direction(
        share(len(given), len(known)),
        share(sum(true == said for true, said in given), len(given)),
        share(sum(said is not None for said in none), len(none)),
    )
