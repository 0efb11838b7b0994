"""What speaks of a claimed time of filming or of first posting."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify.claims.ledger import Fact
from verify.claims.needs import lasting
from verify.claims.stated_by_people import stated_by_claim
from verify.model import Bearing, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verify.claims import inputs
    from verify.claims.conflicts import Conflict
    from verify.claims.intervals import Interval
    from verify.claims.known import Known
    from verify.claims.ledger import Stated

# What people claim is no evidence for or against what other people claim.
_EVIDENCE = {"made", "posted", "read", "sky"}
_LIGHT = "claimed-light/"
_NO_TIME = (
    "Nothing that was found tells when it was filmed; posts and dates of files are later, which allows it."
)
_NO_POST = "No post that was found speaks for or against it."


def on_filming(said: inputs.Claim, media: str, known: Known) -> Iterator[Bearing]:
    """What speaks of when a clip was filmed, for a claim that gives a time."""
    found = [*_most(_on_fact(Fact.FILMED, said, media, known), known), *_light(said, media, known)]
    yield from found or [Bearing("text", "filmed", "does_not_bear", _NO_TIME)]


def on_first_posting(said: inputs.Claim, media: str, known: Known) -> Iterator[Bearing]:
    """What speaks of when a clip was first posted, for a claim that gives a time."""
    found = _most(_on_fact(Fact.FIRST_POSTED, said, media, known), known)
    yield from found or [Bearing("text", "posted", "does_not_bear", _NO_POST)]


def _most(found: Iterable[Bearing], known: Known) -> list[Bearing]:
    """No more than a reader looks through, those that contradict first; the timeline has all."""
    ordered = sorted(found, key=lambda each: each.bears != "contradicts")
    most = known.settings.needs
    left = len(ordered) - most
    if left <= 0:
        return ordered
    because = f"Of {len(ordered)} entries of the timeline that speak of it, {left} are not listed."
    return [*ordered[:most], Bearing("text", "timeline", "does_not_bear", because)]


def _on_fact(fact: Fact, said: inputs.Claim, media: str, known: Known) -> Iterator[Bearing]:
    book = known.book
    claim = next(each for each in stated_by_claim(said, media) if each.fact is fact)
    against = book.against(book.place(claim))
    for place, other in enumerate(book.stated):
        if other.kind not in _EVIDENCE:
            continue
        if place in against:
            bears, why = "contradicts", _apart(against[place])
        else:
            bears, why = _agreement(claim, other, known)
        if why:
            what = other.whens[0].what
            # How a file's date was read stands in the reason, where it matters.
            what = what.partition("; ")[0] if len(other.whens) > 1 else what
            because = f"{what} ({other.source}): {why}."
            yield Bearing("entry", " ".join(book.ids[place]), bears, because)


def _apart(conflict: Conflict) -> str:
    links = dict.fromkeys(link.because for link in conflict.chain if link.instead and link.because)
    along = "".join(f"; {words}" for words in links)
    return f"the two cannot both be right, by at least {lasting(conflict.least)}{along}"


def _agreement(claim: Stated, other: Stated, known: Known) -> tuple[str, str]:
    """How a statement that does not contradict a claim bears on it, and why; no reason: it says nothing."""
    if claim.fact is Fact.FIRST_POSTED:
        if other.fact is Fact.POSTED and other.media == claim.media and _all_within(other.intervals, claim):
            if _earlier(claim, known):
                return "does_not_bear", "a post of that time was found, and an earlier one too"
            return "supports", "a post of that time was found, which need not be the first"
    elif other.fact is Fact.FILMED:
        return _filmed(claim, other, known)
    elif other.fact in {Fact.TAKEN, Fact.WRITTEN} and other.media == claim.media:
        item = known.media.get(claim.media or "")
        span = item.span.length if item else 0
        # Programs write the moment at which a recording began, or ended.
        room = tuple(each.widened(0, span) for each in claim.intervals)
        inside = [any(one.within(each) for each in room) for one in other.intervals]
        if any(inside) and claim.media not in known.book.facts.refilmed:
            return "supports", _reading(other, inside.index(True))
    return "", ""


def _earlier(claim: Stated, known: Known) -> bool:
    """Whether a post was found that contradicts a claimed first posting: it is earlier."""
    against = known.book.against(known.book.place(claim))
    return any(known.book.stated[place].kind == "posted" for place in against)


def _reading(stated: Stated, number: int) -> str:
    """Which reading of a file's date fits."""
    _, found, how = stated.whens[number].what.partition("; ")
    fits = (
        "it fits the claimed time"
        if len(stated.whens) == 1 or not found
        else f"{how}, it fits the claimed time"
    )
    return f"{fits}; such dates are easily changed"


def _all_within(intervals: tuple[Interval, ...], claim: Stated) -> bool:
    return all(any(one.within(each) for each in claim.intervals) for one in intervals)


def _filmed(claim: Stated, other: Stated, known: Known) -> tuple[str, str]:
    facts = known.book.facts
    for here, claimed in facts.bounds(claim):
        for there, allowed in facts.bounds(other):
            forth, back = facts.network.chain(there, here), facts.network.chain(here, there)
            if {here[0], there[0]} != {Fact.FILMED} or forth is None or back is None:
                continue
            reach = [each.widened(back.most, forth.most) for each in allowed]
            words = "".join(f"; {words}" for words in dict.fromkeys(link.because for link in forth.links))
            if all(any(one.within(each) for each in claimed) for one in reach):
                return "supports", f"it lies within the claimed time{words}"
            return "does_not_bear", f"it allows the claimed time and other times too{words}"
    return "", ""


def _light(said: inputs.Claim, media: str, known: Known) -> Iterator[Bearing]:
    """The finding on brightness and sun that is about this claim."""
    for finding in known.findings:
        named = re.search(rf"claimed by {re.escape(said.by)}(?=[;,:.)]|$)", finding.statement)
        if not finding.check.startswith(_LIGHT) or media not in finding.subjects or named is None:
            continue
        # That a night picture is dark fits every other night as well.
        bears = "contradicts" if finding.outcome is Outcome.INCONSISTENT else "does_not_bear"
        yield Bearing("finding", f"{finding.check} {media}", bears, finding.statement)
