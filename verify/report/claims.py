"""Claims as the page shows them: those on one matter side by side, and what bears on each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify.model import Bearing, Claim, Report


@dataclass(frozen=True, slots=True)
class Card:
    """One claim with what bears on it, by what it does."""

    claim: Claim
    supports: tuple[Bearing, ...]
    contradicts: tuple[Bearing, ...]
    leaves_open: tuple[Bearing, ...]  # looked at, and does not bear on it
    in_words: tuple[str, ...]  # why nothing was looked at, in a sentence each


@dataclass(frozen=True, slots=True)
class Matter:
    """Claims that speak of one matter with other contents; one alone where nobody else speaks of it."""

    cards: tuple[Card, ...]

    @property
    def in_words_only(self) -> bool:
        """Whether nothing was looked at for any of them."""
        return not any(card.supports or card.contradicts or card.leaves_open for card in self.cards)


@dataclass(frozen=True, slots=True)
class Spoken:
    """All matters, those with something that bears on them first, and what is said of words once for all."""

    matters: tuple[Matter, ...]
    notes: tuple[str, ...]
    left_out: int


def spoken(report: Report, most: int) -> Spoken | None:
    """The claims of a report, up to `most`; None where it has none."""
    if not report.claims:
        return None
    shown = report.claims[:most]
    matters = [Matter(tuple(_card(claim) for claim in group)) for group in _together(shown)]
    matters.sort(key=lambda matter: -max(_weight(card) for card in matter.cards))
    notes = dict.fromkeys(
        bearing.because for claim in shown for bearing in claim.bearings if bearing.what == "text"
    )
    return Spoken(tuple(matters), tuple(notes), len(report.claims) - len(shown))


def _weight(card: Card) -> int:
    return 2 if card.contradicts else 1 if card.supports or card.leaves_open else 0


def _card(claim: Claim) -> Card:
    looked_at = [bearing for bearing in claim.bearings if bearing.what != "text"]

    def that(does: str) -> tuple[Bearing, ...]:
        return tuple(bearing for bearing in looked_at if bearing.bears == does)

    words = [
        f"{b.because.split('. ')[0].split('; ')[0].rstrip('.')}." for b in claim.bearings if b.what == "text"
    ]
    return Card(
        claim, that("supports"), that("contradicts"), that("does_not_bear"), tuple(dict.fromkeys(words))
    )


def _together(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Claims joined by `beside`, directly or through others, in their order."""
    by_id = {claim.id: claim for claim in claims}
    beside: dict[str, set[str]] = {name: set() for name in by_id}
    for claim in claims:
        for other in claim.beside:
            if other in by_id:
                beside[claim.id].add(other)
                beside[other].add(claim.id)
    done: set[str] = set()
    groups = []
    for name in by_id:
        group, waiting = set[str](), [name]
        while waiting:
            if (next_one := waiting.pop()) not in done:
                done.add(next_one)
                group.add(next_one)
                waiting += beside[next_one]
        if group:
            groups.append([claim for claim in claims if claim.id in group])
    return groups
