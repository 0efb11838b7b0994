"""Who puts what at which time, side by side, and where that cannot all be so.

Every statement about time becomes an interval with its source: when a clip was posted (by the date of the
post, by the time that the platform put into its number, by an archive that saved it, by a forward), when
somebody claims it was filmed or first posted, what was said of the incident and when, what the file itself
gives as its dates (in every reading of a date without a zone), what its name tells, what a person read in the
picture, at which hours of a day the sun and the moon stood as read. Two statements conflict when they cannot
both hold. Nothing is resolved: the timeline does not choose between them, and two entries that do not
conflict need not be right.

What is held against what:

- claims about when a clip was filmed, and a clock read in its picture, must share a moment (a clock at second
  20 tells when second 0 was);
- a clip cannot be first posted before it was filmed, and no known post of it can be earlier than its first;
- a file's date, by every reading of it, and the time in its name cannot be earlier than the filming. That
  they are later says nothing: copies are written later. Only where a camera's own date of taking is later
  than the claimed filming of that very file is this shown too, unless it was found to be filmed off a screen;
- a post's date and the time in its number must agree, and a forward is not earlier than what it passes on;
- all this is carried along what was measured between the clips: copies show the moments of one recording,
  shifted by where they were cut, cameras at one moment share a clock, and who posts a copy that shows all of
  a clip has posted the clip. Each shot counts for itself, since a clip may be cut together from several
  recordings. A conflict along such a chain names its links.

For each conflict it is told what either statement would need: by how much the other would have to be wrong at
least, or what else would have to be so.

Limits: a written time stands for its whole minute (or day), clocks may be wrong, a platform shows times in
the reader's zone, and a file's date is a claim like any other. Cuts that were not found make two recordings
look like one. Statements in words are not interpreted; only times that are given as such are compared.

Error rates: this is arithmetic on what people and files state, and it is held against every assignment of
moments in thousands of small random cases: no conflict where the statements can all hold, none missed between
two that cannot, no order from ends that are not known (`tests/claims/test_claims_intervals.py`,
`test_claims_network.py`). How often people state wrong times is not measured. Of 84 files of cameras and
programs with dates, 7 contradict themselves: five of a camera whose clock was a day behind the satellites',
and two that were edited so.

Source: R. Dechter, I. Meiri, J. Pearl, "Temporal constraint networks", Artificial Intelligence 49 (1991).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from verify.claims.conflicts import conflicts
from verify.claims.derived import derived
from verify.claims.ledger import Fact
from verify.claims.needs import need
from verify.claims.posts.written import written_posts
from verify.claims.propagation import facts
from verify.claims.stated_by_files import stated_by_file
from verify.claims.stated_by_people import stated_by_case, stated_by_posts
from verify.model import Entry
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from verify.claims.case import Case
    from verify.claims.conflicts import Conflict
    from verify.claims.derived import Derived
    from verify.claims.ledger import Stated, When
    from verify.claims.propagation import Facts
    from verify.model import Media, Need, Post, Relation
    from verify.settings import ClaimSettings

# Without one of these no chain of relations can end in a conflict.
_FROM_BELOW = {Fact.FILMED, Fact.FIRST_POSTED, Fact.PASSED_ON}


@dataclass(frozen=True, slots=True)
class Ledger:
    """All statements about time, the facts that they speak of, what cannot hold together, and the entries."""

    stated: tuple[Stated, ...]
    facts: Facts
    conflicts: tuple[Conflict, ...]
    excluded: Mapping[int, Mapping[int, Conflict]]  # the same by the place of either side, then of the other
    derived: tuple[Derived, ...]
    entries: tuple[Entry, ...]
    ids: Mapping[int, tuple[str, ...]]  # of the entries of each statement, by its place in `stated`

    def place(self, stated: Stated) -> int:
        """The place of a statement in the list."""
        return self.stated.index(stated)

    def against(self, place: int) -> Mapping[int, Conflict]:
        """What a statement conflicts with, by the other's place."""
        return self.excluded.get(place, {})


def timeline(
    media: Iterable[Media],
    case: Case | None = None,
    ids: Mapping[int, str] | None = None,
    *,
    posts: Iterable[Post] | None = None,
    relations: Iterable[Relation] = (),
    more: Iterable[Stated] = (),
) -> tuple[Entry, ...]:
    """The entries of the ledger; arguments as in `ledger`."""
    return ledger(media, case, ids, posts=posts, relations=relations, more=more).entries


def ledger(
    media: Iterable[Media],
    case: Case | None = None,
    ids: Mapping[int, str] | None = None,
    *,
    posts: Iterable[Post] | None = None,
    relations: Iterable[Relation] = (),
    more: Iterable[Stated] = (),
    settings: ClaimSettings = SETTINGS.claims,
) -> Ledger:
    """Entries in the order of their time, open ones last, with the ids of those that conflict.

    Args:
        media: what was examined; a file's own dates are taken from its tags, and from its name.
        case: claims, readings and statements.
        ids: the media id of each clip of the case, by its position there.
        posts: of exports and the case, with the inputs that they show; None: only those of the case.
        relations: between the media.
        more: statements of other kinds, such as times from the sun.
        settings: the slack of shifts.
    """
    known = {item.id: item for item in media}
    zone = case.inquiry.place.timezone if case else None
    stated = [each for item in known.values() for each in stated_by_file(item, zone)]
    if case is not None:
        names = {place: (ids or {}).get(place, clip.id) for place, clip in enumerate(case.clips)}
        stated += stated_by_case(case, names)
        posts = written_posts(case, names) if posts is None else posts
    stated += [*stated_by_posts(posts or ()), *more]
    joins = relations if any(each.fact in _FROM_BELOW for each in stated) else ()
    joined = facts(known, joins, stated, settings)
    against = conflicts(stated, joined)
    follow = derived(stated, joined, settings.derived)
    entries, named = _entries(stated, follow)
    excluded = _by_place(against)
    told = _told(stated, excluded, named, settings.needs)
    entries = [
        replace(each, conflicts_with=told[each.id][0], needs=told[each.id][1]) if each.id in told else each
        for each in entries
    ]
    return Ledger(tuple(stated), joined, against, excluded, follow, tuple(entries), named)


def _entries(
    stated: Sequence[Stated], follow: Sequence[Derived]
) -> tuple[list[Entry], dict[int, tuple[str, ...]]]:
    """One entry for each reading, in order and numbered; and the ids of each statement's entries."""
    rows = [(_entry(each, when), place) for place, each in enumerate(stated) for when in each.whens]
    own = len(stated)
    for number, each in enumerate(follow, own):
        origin = stated[each.origin]
        rows += [
            (Entry("", when.start, when.end, "derived", when.what, origin.source, each.media), number)
            for when in each.whens
        ]
    rows.sort(key=lambda row: _order(row[0]))
    named: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for number, (_, place) in enumerate(rows, 1):
        named[place] += (f"t{number}",)
    return [
        _numbered(
            entry, f"t{number}", named[place], named[follow[place - own].origin] if place >= own else ()
        )
        for number, (entry, place) in enumerate(rows, 1)
    ], dict(named)


def _entry(stated: Stated, when: When) -> Entry:
    return Entry("", when.start, when.end, stated.kind, when.what, stated.source, stated.media)


def _numbered(entry: Entry, name: str, readings: Sequence[str], follows: Sequence[str]) -> Entry:
    what = entry.what.replace("{origin}", " or ".join(follows)) if follows else entry.what
    others = tuple(each for each in readings if each != name)
    return replace(entry, id=name, what=what, readings=others, follows=tuple(follows))


def _order(entry: Entry) -> tuple[bool, datetime, datetime, str, str, str]:
    late = datetime.max.replace(tzinfo=UTC)
    start, end = (_aware(moment) if moment else late for moment in (entry.start, entry.end))
    return entry.start is None, start, end, entry.kind, entry.media or "", entry.what


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _told(
    stated: Sequence[Stated],
    excluded: Mapping[int, Mapping[int, Conflict]],
    named: Mapping[int, tuple[str, ...]],
    most: int,
) -> dict[str, tuple[tuple[str, ...], tuple[Need, ...]]]:
    """For each entry in a conflict, by id: the entries that it conflicts with, and what it needs most."""
    told = {}
    for place, others in excluded.items():
        names = sorted((name for other in others for name in named[other]), key=_number)
        asking = sorted(others, key=lambda other: (-others[other].least, _number(named[other][0])))
        needs = []
        for other in asking[:most]:
            together = [name for each in sorted(others[other].together) for name in named[each]]
            needs.append(need(others[other], stated[other], named[other], together))
        told.update(dict.fromkeys(named[place], (tuple(names), tuple(needs))))
    return told


def _by_place(found: Iterable[Conflict]) -> dict[int, dict[int, Conflict]]:
    """Conflicts by the place of either side, then of the other."""
    excluded: dict[int, dict[int, Conflict]] = defaultdict(dict)
    for conflict in found:
        excluded[conflict.one][conflict.other] = conflict
        excluded[conflict.other][conflict.one] = conflict
    return dict(excluded)


def _number(name: str) -> int:
    return int(name[1:])
