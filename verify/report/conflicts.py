"""Statements about time that conflict, two by two, each with what it would need to hold beside the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.report.statements import grouped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify.model import Entry, Need


@dataclass(frozen=True, slots=True)
class Side:
    """One statement of a conflict, with all its readings, and what it would need."""

    entries: tuple[Entry, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Versus:
    """Two statements that cannot both be right, and the chain of relations that joins them."""

    sides: tuple[Side, Side]
    through: tuple[str, ...]


def conflicts(entries: Sequence[Entry], most: int) -> tuple[tuple[Versus, ...], int]:
    """The first pairs of statements in conflict, in the order of the timeline, and how many there are."""
    statements = grouped(entries)
    pairs = sorted(
        {tuple(sorted((place, other))) for place, each in enumerate(statements) for other in each.against}
    )
    shown = (_versus(statements[one].entries, statements[other].entries) for one, other in pairs[:most])
    return tuple(shown), len(pairs)


def _versus(one: tuple[Entry, ...], other: tuple[Entry, ...]) -> Versus:
    needs = [*_needs(one, other), *_needs(other, one)]
    through = dict.fromkeys(step for need in needs for step in need.through)
    return Versus((_side(one, other), _side(other, one)), tuple(through))


def _side(mine: tuple[Entry, ...], other: tuple[Entry, ...]) -> Side:
    return Side(mine, tuple(dict.fromkeys(need.statement for need in _needs(mine, other))))


def _needs(mine: tuple[Entry, ...], other: tuple[Entry, ...]) -> list[Need]:
    names = {each.id for each in other}
    return [need for each in mine for need in each.needs if names & set(need.against)]
