"""A report in a few sentences, the strongest first: for the top of the page and for the terminal."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from verify.model import Footage, MediaKind, Outcome, RelationKind
from verify.report import units, wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verify.model import Difference, Entry, Finding, Media, Relation, Report

_SAME_RECORDING = frozenset({RelationKind.IDENTICAL, RelationKind.COPY})


_MOST_NOTED = 3  # inputs whose notes are told in full; of more, only the names
_MOST_STATED = 4  # entries of one contradiction; the rest is counted

# What a missing extra would have examined. The others serve speed and output, and leave nothing unexamined.
_EXAMINED_BY = {
    "c2pa": "signatures of C2PA manifests",
    "neural": "likeness by learned fingerprints",
    "ocr": "text in the pictures",
}


@dataclass(frozen=True, slots=True)
class Headline:
    """One sentence and the kind of relation that it speaks of."""

    kind: RelationKind
    text: str


def related(report: Report) -> tuple[Relation, ...]:
    """The relations that say something, strongest kind first, then in the order of the inputs."""
    order = {media.id: place for place, media in enumerate(report.media)}
    kinds = {kind: place for place, kind in enumerate(RelationKind)}
    found = (
        r for r in report.relations if r.kind not in {RelationKind.NONE_FOUND, RelationKind.INCONCLUSIVE}
    )
    return tuple(sorted(found, key=lambda r: (kinds[r.kind], order[r.a], order[r.b])))


def heard(report: Report) -> tuple[Relation, ...]:
    """The relations that rest on shared sound alone, in the order of the inputs."""
    alone = {RelationKind.NONE_FOUND, RelationKind.INCONCLUSIVE}
    return tuple(r for r in report.relations if r.kind in alone and r.sound == "same_recording")


def headlines(report: Report) -> tuple[Headline, ...]:
    """Every relation, put together so that a few sentences cover all of them."""
    by_kind: dict[RelationKind, list[Relation]] = defaultdict(list)
    by_sound = heard(report)
    apart = {id(relation) for relation in by_sound}
    for relation in report.relations:
        if id(relation) not in apart:
            by_kind[relation.kind].append(relation)
    result = [*_centred(RelationKind.IDENTICAL, by_kind[RelationKind.IDENTICAL])]
    result += _copies(report, by_kind[RelationKind.IDENTICAL] + by_kind[RelationKind.COPY])
    for kind in (RelationKind.SAME_CAMERA, RelationKind.SAME_EVENT, RelationKind.SAME_PLACE):
        result += _centred(kind, by_kind[kind])
    result += _sounding(report, by_sound)
    none, unlisted = by_kind[RelationKind.NONE_FOUND], 0
    if report.command == "batch":  # which leaves these pairs out
        unlisted = len(examined(report)) * (len(examined(report)) - 1) // 2 - len(report.relations)
    if none or unlisted > 0:
        result.append(Headline(RelationKind.NONE_FOUND, _none(none, unlisted)))
    result += _centred(RelationKind.INCONCLUSIVE, by_kind[RelationKind.INCONCLUSIVE])
    return tuple(result)


def _none(relations: list[Relation], unlisted: int) -> str:
    if len(relations) == 1 and not unlisted:
        return wording.sentence(relations[0])
    return (
        f"In {units.count(len(relations) + unlisted, 'pair')}, nothing was found that relates them. "
        "That is not proof that they are unrelated."
    )


def _centred(kind: RelationKind, relations: Iterable[Relation]) -> Iterable[Headline]:
    """Cover pairs by stars: the input with most pairs left speaks for all of its pairs."""
    groups: dict[Footage | None, list[Relation]] = defaultdict(list)
    for relation in relations:
        groups[relation.footage].append(relation)
    for footage, found in groups.items():
        partners: dict[str, dict[str, Relation]] = defaultdict(dict)
        for relation in found:
            partners[relation.a][relation.b] = partners[relation.b][relation.a] = relation
        while partners:
            centre = max(partners, key=lambda name: len(partners[name]))
            mine = partners.pop(centre)
            for other in mine:
                del partners[other][centre]
                if not partners[other]:
                    del partners[other]
            if len(mine) == 1:
                yield Headline(kind, wording.sentence(next(iter(mine.values()))))
            else:
                yield Headline(kind, wording.group(kind, footage, centre, tuple(mine)))


def _copies(report: Report, relations: list[Relation]) -> Iterable[Headline]:
    pairs = {frozenset((relation.a, relation.b)) for relation in relations}
    only = {r.a for r in relations if r.kind is RelationKind.COPY} | {
        r.b for r in relations if r.kind is RelationKind.COPY
    }
    nearest = {frozenset(family.members): family.nearest_source for family in report.families}
    for members in components(report.media, relations):
        if not only & set(members):
            continue  # identical files only: said already
        complete = all(frozenset(pair) in pairs for pair in combinations(members, 2))
        source = nearest.get(frozenset(members))
        if len(members) == 2 and source is None:
            relation = next(r for r in relations if {r.a, r.b} == set(members))
            source = {"a": relation.a, "b": relation.b}.get(relation.nearer_source or "")
        yield Headline(RelationKind.COPY, wording.copies(members, source, complete=complete))


def _sounding(report: Report, relations: Sequence[Relation]) -> Iterable[Headline]:
    pairs = {frozenset((relation.a, relation.b)) for relation in relations}
    for members in components(report.media, relations):
        complete = all(frozenset(pair) in pairs for pair in combinations(members, 2))
        yield Headline(RelationKind.NONE_FOUND, wording.heard(members, complete=complete))


def components(media: Iterable[Media], relations: Iterable[Relation]) -> tuple[tuple[str, ...], ...]:
    """Inputs joined by relations, directly or through others: groups of two or more, in input order."""
    root = {item.id: item.id for item in media}

    def find(name: str) -> str:
        while root[name] != name:
            root[name] = name = root[root[name]]
        return name

    for relation in relations:
        root[find(relation.a)] = find(relation.b)
    groups: dict[str, list[str]] = defaultdict(list)
    for name in root:
        groups[find(name)].append(name)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def unexamined(report: Report) -> tuple[Media, ...]:
    """The inputs from which nothing could be taken."""
    return tuple(item for item in report.media if item.kind in {MediaKind.UNREADABLE, MediaKind.SKIPPED})


def speakers(report: Report) -> dict[str, str]:
    """The member that speaks for each copy: its family's nearest to the source, or else the first."""
    return {
        member: family.nearest_source or family.members[0]
        for family in report.families
        for member in family.members
    }


def differences(report: Report) -> tuple[Difference, ...]:
    """What one input shows and another does not, what tells most first.

    A family of copies speaks through one member, its nearest to the source, or else each difference would
    come once a copy. First come those that the other input could have shown, the longest first.
    """
    speaker = speakers(report)
    found = [
        difference
        for relation in related(report)
        if speaker.get(relation.a, relation.a) == relation.a
        and speaker.get(relation.b, relation.b) == relation.b
        for difference in relation.differences
    ]
    return weightiest(found)


def weightiest(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """First those that the other input could have shown, the longest first."""
    return tuple(sorted(differences, key=lambda seen: (not seen.comparable, -seen.at.length)))


def examined(report: Report) -> tuple[Media, ...]:
    """The inputs that were read."""
    left = {item.id for item in unexamined(report)}
    return tuple(item for item in report.media if item.id not in left)


def with_outcome(report: Report, outcome: Outcome) -> tuple[Finding, ...]:
    """The findings of one outcome."""
    return tuple(finding for finding in report.findings if finding.outcome is outcome)


def contradictions(report: Report) -> tuple[str, ...]:
    """What is stated of times and cannot all be right, one sentence for each group of statements."""
    entries = {entry.id: entry for entry in report.timeline}
    told: set[str] = set()
    result = []
    for entry in report.timeline:
        if entry.id in told or not entry.conflicts_with:
            continue
        group, waiting = [], [entry.id]
        while waiting:
            name = waiting.pop()
            if name in entries and name not in told:
                told.add(name)
                group.append(entries[name])
                waiting += entries[name].conflicts_with
        group.sort(key=report.timeline.index)
        named = list(dict.fromkeys(one.media for one in group if one.media))
        stated = [_stated(one, of_which=len(named) > 1) for one in group[:_MOST_STATED]]
        if len(group) > _MOST_STATED:
            stated.append(f"{len(group) - _MOST_STATED} more")
        subject = f"{units.listed(named)}: " if named else ""
        result.append(f"{subject}not all of this can be right: {'; '.join(stated)}.")
    return tuple(result)


def _stated(entry: Entry, *, of_which: bool) -> str:
    # A post's or a reading's own words stand in the timeline.
    what = "date in the file" if entry.kind == "made" else entry.what.split(": ", 1)[0]
    media = f", {entry.media}" if of_which and entry.media else ""
    return f"{units.interval(entry.start, entry.end)}{media}, {what} ({entry.source})"


def not_looked_at(report: Report) -> tuple[str, ...]:
    """Sentences on what was not examined; empty where everything was."""
    result = [f"{item.id} was not examined: {wording.unread(item)}" for item in unexamined(report)[:5]]
    if (more := len(unexamined(report)) - 5) > 0:
        result.append(f"{units.count(more, 'more file')} could not be examined")
    if not_run := with_outcome(report, Outcome.NOT_RUN):
        result.append(f"{units.count(len(not_run), 'check')} could not be run")
    if noted := [item for item in report.media if item.notes]:
        if len(noted) <= _MOST_NOTED:
            result += [f"{item.id}: {'; '.join(item.notes)}" for item in noted]
        else:
            result.append(f"Something was left out in {units.listed([item.id for item in noted], 5)}")
    if unseen := not_installed(report):
        result.append(f"Not examined, as no part for it is installed: {', '.join(unseen)}")
    return tuple(f"{text.rstrip('.')}." for text in result)


def not_installed(report: Report) -> tuple[str, ...]:
    """What the optional parts that are missing would have examined."""
    return tuple(_EXAMINED_BY[name] for name in sorted(report.tool.extras_missing) if name in _EXAMINED_BY)
