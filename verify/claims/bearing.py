"""What bears on a claim: who said what about which clip, and which of what is known here speaks of it.

What it does: each claim about a clip and each statement on the incident is held against the readings, posts,
dates, relations and findings of the report. A time of filming or of first posting, being the first, and a
place with its position are checked; each thing that speaks of them supports the claim, contradicts it, or
does not bear on it, with the reason. Claims on one matter with other contents are named side by side.

How: a reading of the picture, the sky or a file's date supports a claimed time of filming if it lies wholly
within it, contradicts it if the two cannot both hold (along copies and common clocks too: see the timeline),
and else leaves it open. A post found at the claimed first posting supports that, an earlier one contradicts
it. A claim to be the first is contradicted by an earlier post of a copy, and by a copy that is nearer the
source. A claimed place is held against positions in the file and in pictures that were found to show the same
place: within the claimed radius (1 km if none is given) they support it, farther than 5 km beyond it they
contradict it. A claim of one person is never evidence for or against that of another.

Limits: words are not interpreted. What is said in words only, such as who did it and why, is kept as said and
stands as not borne on, because no measurement here speaks of it: clips show moments and places, not causes.
What supports a claim does not prove it, since dates and positions can be written by anyone, and the
earliest post found here need not be the first. Error rates: none are measured; this is arithmetic on the
report's other contents.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from verify.claims.bearing_first import on_being_first
from verify.claims.bearing_place import on_place
from verify.claims.bearing_time import on_filming, on_first_posting
from verify.claims.stated_by_people import in_words, stated_by_claim
from verify.model import Bearing, Claim

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from verify.claims import inputs
    from verify.claims.case import Case
    from verify.claims.known import Known
    from verify.model import Statement

_WORDS = (
    "It is said in words, which are not interpreted here. Measured was what the clips show, when and where, "
    "and how they relate; that tells nothing of who did something, or why. A time, a first posting or a "
    "place is checked where it is given as such."
)
_IN_WORDS = "does_not_bear", _WORDS
_PLACE_IN_WORDS = (
    "The place is given in words, which are not interpreted here; with latitude and longitude it is held "
    "against the positions in files."
)


@dataclass(frozen=True, slots=True)
class _Matter:
    """A claim with what it speaks of: claims that share one of these, of one input, stand side by side."""

    claim: Claim
    fields: Mapping[str, object]  # what it says, by field
    words: bool  # whether it says something in words
    against: frozenset[int] = frozenset()  # what its times conflict with, as places in the ledger
    stated: frozenset[int] = frozenset()  # its own places there


def claims(case: Case, ids: Mapping[int, str], known: Known) -> tuple[Claim, ...]:
    """Every claim and statement of a case in its order, with what bears on it.

    Args:
        case: as read.
        ids: the media id of each clip of the case, by its position there.
        known: all that was found.
    """
    matters = [
        _of_clip(claim, ids.get(place, clip.id), known)
        for place, clip in enumerate(case.clips)
        for claim in clip.claims
    ]
    given = zip_longest(case.inquiry.statements, case.given)
    matters += [_of_incident(said, claim, known) for said, claim in given]
    numbered = [
        replace(each, claim=replace(each.claim, id=f"c{number}")) for number, each in enumerate(matters, 1)
    ]
    return tuple(replace(each.claim, beside=tuple(_beside(each, numbered))) for each in numbered)


def _of_clip(said: inputs.Claim, media: str, known: Known) -> _Matter:
    at = said.at.start if said.at else None
    claim = Claim("", said.by, in_words(said), at, (media,), said.source, said.topic)
    matter = _matter(claim, said, known)
    if not said.says:
        return matter
    return replace(matter, words=True, claim=_borne_on(matter.claim, Bearing("text", "says", *_IN_WORDS)))


def _of_incident(said: Statement, given: inputs.Claim | None, known: Known) -> _Matter:
    claim = Claim("", said.by, said.says, said.at, said.about, said.source, said.topic)
    matter = _matter(claim, given, known) if given else _Matter(claim, {}, True)
    if matter.fields:
        words = in_words(given) if given else ""
        return replace(matter, claim=replace(matter.claim, says=f"{said.says} ({words})"))
    return replace(matter, words=True, claim=_borne_on(claim, Bearing("text", "says", *_IN_WORDS)))


def _matter(claim: Claim, said: inputs.Claim, known: Known) -> _Matter:
    """A claim with what bears on the times and places that it gives, of each input that it is about."""
    fields = {
        "filmed": said.filmed, "posted": said.posted, "first": said.first or None,
        "place": said.position or said.place.strip().casefold() or None,
    }  # fmt: skip
    everything = [each for media in claim.about for each in stated_by_claim(said, media)]
    stated = frozenset(known.book.place(each) for each in everything)
    against = frozenset(each for place in stated for each in known.book.against(place))
    bearings = [each for media in claim.about for each in _bearings(said, media, known)]
    kept = {key: value for key, value in fields.items() if value}
    claim = replace(claim, position=said.position, radius=said.radius)
    return _Matter(_borne_on(claim, *bearings), kept, False, against, stated)


def _borne_on(claim: Claim, *bearings: Bearing) -> Claim:
    return replace(claim, bearings=(*claim.bearings, *bearings))


def _bearings(said: inputs.Claim, media: str, known: Known) -> Iterator[Bearing]:
    if said.filmed:
        yield from on_filming(said, media, known)
    if said.posted:
        yield from on_first_posting(said, media, known)
    if said.first:
        yield from on_being_first(media, known)
    if said.position:
        yield from on_place(said, media, known)
    elif said.place:
        yield Bearing("text", "place", "does_not_bear", _PLACE_IN_WORDS)


def _beside(one: _Matter, all_of_them: Sequence[_Matter]) -> Iterator[str]:
    """Ids of claims on the same matter, of the same input, with other contents."""
    for other in all_of_them:
        if other is not one and other.claim.says != one.claim.says and _one_matter(one, other):
            yield other.claim.id


def _one_matter(one: _Matter, other: _Matter) -> bool:
    if one.against & other.stated:
        return True
    if not set(one.claim.about) & set(other.claim.about):
        return bool(one.claim.topic) and one.claim.topic == other.claim.topic
    if one.claim.topic and other.claim.topic:
        return one.claim.topic == other.claim.topic
    if any(one.fields[key] != other.fields[key] for key in one.fields.keys() & other.fields.keys()):
        return True
    return one.words and other.words and not (one.fields or other.fields)
