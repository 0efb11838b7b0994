"""Likelihood ratios: how many times more probable the measurements are if two clips are one recording.

Two propositions are held against each other. The first: the two share a stretch of one recording. The
other is named beside each ratio: as a rule that they are different recordings of one place by a like
camera, which is harder to tell from a copy than an unrelated recording is; two stretches of one take,
seconds apart, stand for that. What is weighed is one number: how far what moves agrees at the best offset
beyond what it does beside it, more where more seconds agree. The table from that number to the ratio was
fitted on clips with known truth (see calibration.pav), and each table says on which, how many independent
sources they had, and when.

Limits: a ratio speaks of the measurements, never of how probable a copy is; that depends on the case. It
holds for footage and edits like those of the table. It is at most the number of sources in the table that
speak against it, plus one, so small tables give small ratios whatever was measured. No ratio is given for
stills, for identical files, where nothing was found, and where no table is at hand.

Error rates: the table's own, as Cllr, the cost of its ratios in bits (Bruemmer and du Preez, Computer Speech
and Language 20, 2006): 0 is perfect, 1 says nothing. Each source is left out of the table that its own pairs
are weighed by.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import TYPE_CHECKING

from verify.calibration.intervals import Share, share
from verify.calibration.pav import Knot, Scored, curve, independent, mass, read
from verify.calibration.truth import PairKind
from verify.model import RelationKind
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from verify.calibration.answer import Answer
    from verify.calibration.truth import Pair
    from verify.model import Relation
    from verify.settings import CalibrationSettings

SCORE = "movement/1"  # changes with `score`: tables of another one are refused
NOTHING = -1.0  # the score of a pair of which no offset could be tried: below every other

SAME_PLACE = "another recording of the same place by a like camera"
UNRELATED = "an unrelated recording"
# Negatives that stand for it, by name; those that share an intro or black frames show other places.
_SAME_PLACE = frozenset({"same-camera-later", "same-place-reframed"})

# FIELD.md has the scale of ENFSI's guideline for evaluative reporting (2015); log10, from this value on.
_SCALE = (
    (6.0, "extremely strong"),
    (4.0, "very strong"),
    (3.0, "strong"),
    (2.0, "moderately strong"),
    (1.0, "moderate"),
    (math.log10(2), "weak"),
)
_EDGES = (-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5)  # log10: between these lie the bins of the calibration curve


@dataclass(frozen=True, slots=True)
class Table:
    """From a score to the log10 of a likelihood ratio, with where it comes from."""

    score: str
    against: str  # the alternative proposition
    knots: tuple[Knot, ...]
    highest: float  # log10: what the sources that are no copies allow at most
    lowest: float
    cllr: float | None  # bits; None where too few sources are left when one is left out
    copies: int  # pairs
    others: int
    copy_sources: int  # independent recordings
    other_sources: int
    origin: Mapping[str, object] = field(default_factory=dict)  # media, date, tool version, settings, ...


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs whose ratios, told without their own source, lie together."""

    expected: float  # mean probability of a copy at even odds, 0 to 1
    observed: Share  # copies among them at even odds; hits and tries in votes of sources, rounded
    pairs: int


def score(relation: Relation) -> float | None:
    """The number that a ratio is told from; None where no table covers the relation."""
    if relation.kind in {RelationKind.IDENTICAL, RelationKind.INCONCLUSIVE}:
        return None
    measured = relation.measured
    if not {"correlation", "control", "voted"} <= set(measured):
        # A still was found by its texture, and has no movement to weigh.
        return None if relation.kind is RelationKind.COPY else NOTHING
    beyond = measured["correlation"] - max(0.0, measured["control"])
    return max(0.0, beyond) * math.sqrt(max(0.0, measured["voted"]))


def scored(answers: Iterable[Answer], against: str) -> list[Scored]:
    """The copies, and the negatives that stand for an alternative, with their scores."""
    found = []
    for answer in answers:
        value = score(answer.relation) if answer.relation is not None else None
        if value is not None and (answer.copy or _stands_for(answer.pair, against)):
            found.append(Scored(value, answer.copy, tuple(sorted(answer.sources))))
    return found


def _stands_for(pair: Pair, against: str) -> bool:
    return pair.transform in _SAME_PLACE if against == SAME_PLACE else pair.kind is PairKind.EASY


def fit(
    answers: Sequence[Answer],
    origin: Mapping[str, object],
    settings: CalibrationSettings = SETTINGS.calibration,
) -> tuple[Table, tuple[Bin, ...]] | None:
    """A table from answers, against the hardest negatives that enough sources were made of, with its curve.

    Returns:
        None where either side has fewer than `ratio_sources` independent sources.
    """
    for against in (SAME_PLACE, UNRELATED):
        pairs = scored(answers, against)
        counts = independent(pairs, copy=True), independent(pairs, copy=False)
        if min(counts) < settings.ratio_sources:
            continue
        told = left_out(pairs)
        table = Table(
            score=SCORE,
            against=against,
            knots=curve(pairs),
            highest=math.log10(counts[1] + 1),
            lowest=-math.log10(counts[0] + 1),
            cllr=cllr(pairs, told),
            copies=sum(each.copy for each in pairs),
            others=sum(not each.copy for each in pairs),
            copy_sources=counts[0],
            other_sources=counts[1],
            origin=origin,
        )
        return table, bins(pairs, told)
    return None


def left_out(pairs: Sequence[Scored]) -> list[float]:
    """Each pair's log10 ratio by the table of all that share no source with it; 0 where none is left."""
    tables: dict[tuple[str, ...], tuple[Knot, ...]] = {}
    for each in pairs:
        if each.sources not in tables:
            rest = [other for other in pairs if not set(other.sources) & set(each.sources)]
            both = len({other.copy for other in rest}) == 2
            tables[each.sources] = curve(rest) if both else (Knot(0.0, 0.0),)
    return [read(tables[each.sources], each.score) for each in pairs]


def cllr(pairs: Sequence[Scored], log10_lrs: Sequence[float]) -> float:
    """The cost of likelihood ratios in bits, each source with one vote: 0 perfect, 1 says nothing."""
    costs = (
        vote * math.log2(1 + 10 ** (-value if each.copy else value))
        for each, vote, value in zip(pairs, mass(pairs), log10_lrs, strict=True)
    )
    return sum(costs) / 2


def bins(pairs: Sequence[Scored], log10_lrs: Sequence[float]) -> tuple[Bin, ...]:
    """The calibration curve: what ratios promise at even odds, beside how often it was a copy."""
    fewest = min(independent(pairs, copy=side) for side in (True, False))
    groups: dict[int, list[tuple[Scored, float, float]]] = {}
    for each, vote, value in zip(pairs, mass(pairs), log10_lrs, strict=True):
        groups.setdefault(sum(value >= edge for edge in _EDGES), []).append((each, vote, value))
    found = []
    for _, group in sorted(groups.items()):
        total = sum(vote for _, vote, _ in group)
        copies = sum(vote for each, vote, _ in group if each.copy)
        expected = sum(vote / (1 + 10**-value) for _, vote, value in group) / total
        tries = max(1, round(total * fewest))
        found.append(Bin(expected, share(round(tries * copies / total), tries), len(group)))
    return tuple(found)


def attach(relation: Relation, table: Table | None) -> Relation:
    """The relation with its likelihood ratio, where the table covers it; else as it was."""
    if table is None or not relation.measured or relation.kind is RelationKind.NONE_FOUND:
        return relation
    # Two views of one place are not held against chance: only their like could be the alternative.
    if table.against == UNRELATED and relation.kind is not RelationKind.COPY:
        return relation
    value = score(relation)
    if value is None:
        return relation
    found = min(table.highest, max(table.lowest, read(table.knots, value)))
    return replace(relation, log10_lr=round(found, 2), against=table.against, support=support(found))


def support(log10_lr: float) -> str:
    """The verbal scale: what a ratio gives to the first proposition, or to the alternative."""
    word = next((word for least, word in _SCALE if abs(log10_lr) >= least), "none")
    return word if log10_lr >= 0 or word == "none" else f"{word}, for the alternative"


def shipped() -> Table | None:
    """The table that comes with the program, or None where none does."""
    place = files("verify.calibration") / "tables" / "movement.json"
    return from_json(place.read_text("utf-8")) if place.is_file() else None


def from_json(document: str) -> Table:
    """A table as it was kept.

    Raises:
        ValueError: it is no table, or one of another score.
    """
    held = json.loads(document)
    try:
        knots = tuple(Knot(float(each["score"]), float(each["log10_lr"])) for each in held.pop("knots"))
        table = Table(knots=knots, **held)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"this is no table of likelihood ratios: {error}") from error
    if table.score != SCORE or not table.knots:
        raise ValueError(f"the table is of {table.score}, not of {SCORE}")
    return table
