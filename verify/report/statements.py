"""The statements of a timeline: entries that are readings of one date belong to one, and one may conflict."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify.model import Entry


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with all its readings."""

    entries: tuple[Entry, ...]
    against: frozenset[int]  # places of the statements that it conflicts with

    @property
    def ids(self) -> str:
        """Those of its entries: `t7/t12`."""
        return "/".join(entry.id for entry in self.entries)

    @property
    def kind(self) -> str:
        """Made posted claimed said read derived sky."""
        return self.entries[0].kind


def grouped(entries: Sequence[Entry]) -> list[Statement]:
    """Readings of one statement together, in the order of the entries."""
    by_id = {entry.id: entry for entry in entries}
    owner: dict[str, int] = {}
    groups: list[list[Entry]] = []
    for entry in entries:
        if entry.id not in owner:
            group = [entry, *(by_id[name] for name in entry.readings if name in by_id and name not in owner)]
            owner |= {each.id: len(groups) for each in group}
            groups.append(group)
    return [
        Statement(
            tuple(group),
            frozenset(owner[name] for each in group for name in each.conflicts_with if name in owner)
            - {place},
        )
        for place, group in enumerate(groups)
    ]


def stars(statements: Sequence[Statement], most: int) -> tuple[list[tuple[int, tuple[int, ...]]], int]:
    """Conflicts as stars that cover every pair once, the largest first; how many statements are left out."""
    open_pairs: dict[int, set[int]] = defaultdict(set)
    for place, each in enumerate(statements):
        for other in each.against:
            open_pairs[place].add(other)
            open_pairs[other].add(place)
    found = []
    while any(open_pairs.values()):
        centre = max(open_pairs, key=lambda place: (len(open_pairs[place]), -place))
        others = open_pairs.pop(centre)
        for other in others:
            open_pairs[other].discard(centre)
        found.append((centre, tuple(sorted(others))))
    joined = {place for centre, others in found[:most] for place in (centre, *others)}
    left = {place for centre, others in found[most:] for place in (centre, *others)} - joined
    return found[:most], len(left)
