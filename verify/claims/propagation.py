"""Which facts there are about the times of some inputs, and how what was measured joins them.

For each clip: when it was filmed (each shot for itself, since a clip may be cut together from several
recordings), when it was first posted, when each of its posts was made. A clip is not posted before it was
filmed. Copies show the moments of one recording, shifted by where they were cut; where a copy runs at another
tempo or backwards, only that both show moments of the shared stretch. Two cameras at one moment share a
clock by the offset that was found. Whoever posts a copy that shows all of a clip has posted the clip.
Nothing follows from a shared place or a like view.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from verify.claims.intervals import Interval
from verify.claims.ledger import Fact
from verify.claims.network import Link, Network, Node
from verify.model import Footage, RelationKind, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from verify.claims.ledger import Stated
    from verify.model import Media, Relation, Segment
    from verify.settings import ClaimSettings

_COPIES = {RelationKind.COPY, RelationKind.IDENTICAL}


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts about some inputs: which shots of each are spoken of, and the links between all."""

    network: Network
    shots: Mapping[str, Sequence[int]]
    media: Mapping[str, Media] = field(default_factory=dict)
    refilmed: frozenset[str] = frozenset()  # inputs whose own date of taking is that of filming a screen

    def bounds(self, stated: Stated) -> Iterator[tuple[Node, tuple[Interval, ...]]]:
        """The facts that a statement speaks of, each with what it allows in each reading."""
        name = stated.media or ""
        whens = stated.intervals
        not_later = tuple(Interval(None, each.end, True, each.end_in) for each in whens)
        if stated.fact is Fact.FILMED:
            yield from self._filmed(stated, whens)
            if name not in self.refilmed:
                yield (Fact.TAKEN, name, 0), whens
        elif stated.fact in {Fact.TAKEN, Fact.WRITTEN}:
            if stated.fact is Fact.TAKEN:
                yield (Fact.TAKEN, name, 0), whens
            yield from (((Fact.FILMED, name, shot), not_later) for shot in self.shots.get(name, (0,)))
        elif stated.fact is Fact.FIRST_POSTED:
            yield first_posted(name), whens
        elif stated.post:
            yield from _of_post(stated, whens, not_later)

    def _filmed(
        self, stated: Stated, whens: tuple[Interval, ...]
    ) -> Iterator[tuple[Node, tuple[Interval, ...]]]:
        """Bounds on the moment that a clip's second 0 would have, for each shot."""
        name = stated.media or ""
        if stated.second is None:
            # Said of the clip: some moment of it was then.
            length = self.media[name].span.length if name in self.media else 0
            for shot in self.shots.get(name, (0,)):
                yield (Fact.FILMED, name, shot), tuple(each.widened(length, 0) for each in whens)
        else:
            second = Fraction(stated.second).limit_denominator(1000)
            shot = shot_at(self.media.get(name), second)
            yield (Fact.FILMED, name, shot), tuple(each.widened(second, -second) for each in whens)


def _of_post(
    stated: Stated, whens: tuple[Interval, ...], not_later: tuple[Interval, ...]
) -> Iterator[tuple[Node, tuple[Interval, ...]]]:
    node: Node = (Fact.POSTED, stated.post, 0)
    if stated.fact is Fact.PASSED_ON:
        yield node, tuple(Interval(each.start, None, each.start_in) for each in whens)
    else:
        yield node, whens if stated.fact is Fact.POSTED else not_later
    if stated.media and stated.shows:
        yield first_posted(stated.media), not_later


def first_posted(name: str) -> Node:
    """The fact of a clip's first posting."""
    return (Fact.FIRST_POSTED, name, 0)


def facts(
    media: Mapping[str, Media],
    relations: Iterable[Relation],
    stated: Iterable[Stated],
    settings: ClaimSettings,
) -> Facts:
    """The facts that some statements speak of, joined by what was found between the inputs.

    Args:
        media: the inputs by id; a statement may speak of others too.
        relations: between them.
        stated: every statement.
        settings: the slack of shifts.
    """
    related = list(relations)
    copies = [link for relation in related for link in _copy_links(media, relation, settings)]
    events = [link for relation in related for link in _event_links(relation, settings)]
    shots: dict[str, set[int]] = {name: {0} for name in media}
    for link in copies:
        for fact, name, shot in (link.first, link.then):
            if fact is Fact.FILMED:
                shots.setdefault(name, {0}).add(shot)
    for each in stated:
        if each.media is not None:
            second = Fraction(each.second or 0).limit_denominator(1000)
            shots.setdefault(each.media, {0}).add(shot_at(media.get(each.media), second))
    rules = [
        Link(first_posted(name), (Fact.FILMED, name, shot), 0, "a clip is not posted before it is filmed")
        for name, numbers in shots.items()
        for shot in sorted(numbers)
    ]
    used = {name: tuple(sorted(numbers)) for name, numbers in shots.items()}
    return Facts(Network([*rules, *copies, *events]), used, dict(media), _refilmed(related))


def _refilmed(relations: Iterable[Relation]) -> frozenset[str]:
    """Inputs of pairs in which one was filmed off a screen: which of the two it was is not always told."""
    found = [
        {relation.a, relation.b} - {_nearer(relation)}
        for relation in relations
        if any(edit.kind == "refilmed" for edit in relation.edits)
    ]
    return frozenset().union(*found)


def _nearer(relation: Relation) -> str | None:
    return {"a": relation.a, "b": relation.b}.get(relation.nearer_source or "")


def shot_at(media: Media | None, second: Fraction) -> int:
    """The number of the shot that a second of a clip lies in; 0 where shots are not known."""
    shots = media.shots if media else ()
    return max((number for number, shot in enumerate(shots) if shot.start <= second), default=0)


def _copy_links(media: Mapping[str, Media], relation: Relation, settings: ClaimSettings) -> Iterator[Link]:
    if relation.kind not in _COPIES or relation.footage not in {Footage.ESTABLISHED, None}:
        return
    a, b = media.get(relation.a), media.get(relation.b)
    if a is None or b is None:
        return
    shifts: dict[tuple[int, int], tuple[Fraction, Fraction]] = {}
    for pair, low, high in (
        found for each in _segments(relation, a, b) for found in _shifts(each, a, b, settings)
    ):
        known = shifts.get(pair, (low, high))
        shifts[pair] = min(low, known[0]), max(high, known[1])
    instead = f"{a.id} and {b.id} would have to be of different recordings"
    for (one, other), (low, high) in shifts.items():
        because = f"{a.id} and {b.id} are copies of one recording{_shifted(a.id, b.id, low, high)}"
        first, then = (Fact.FILMED, a.id, one), (Fact.FILMED, b.id, other)
        yield Link(first, then, high, because, instead)
        yield Link(then, first, -low, because, instead)
    for whole, part in ((a, b), (b, a)):
        if _shown(relation, whole, a) >= settings.whole:
            because = f"{part.id} shows all of {whole.id}"
            yield Link(first_posted(part.id), first_posted(whole.id), 0, because, instead)


def _shifted(a: str, b: str, low: Fraction, high: Fraction) -> str:
    """How much later one clip starts than the other, where that is more than slack."""
    middle = float(low + high) / 2
    if high - low > 4 or abs(middle) < 1:
        return ""
    late, early = (b, a) if middle > 0 else (a, b)
    return f" ({late} starts {abs(middle):.1f} s into {early})"


def _segments(relation: Relation, a: Media, b: Media) -> tuple[Segment | None, ...]:
    """The shared stretches; for the same bytes one None, which is all of both."""
    return relation.segments or ((None,) if relation.kind is RelationKind.IDENTICAL else ())


def _shifts(
    segment: Segment | None, a: Media, b: Media, settings: ClaimSettings
) -> Iterator[tuple[tuple[int, int], Fraction, Fraction]]:
    """Pairs of shots that share moments, and from when to when b's second 0 was after a's, in seconds."""
    if segment is None:
        first, then, exact, unsure = a.span, b.span, True, Fraction(0)
    else:
        first, then, unsure = segment.a, segment.b, segment.uncertainty
        exact = not segment.reversed and abs(segment.speed - 1) <= settings.tempo
    for number, part in _parts(a, first, settings):
        start = then.start + (part.start - first.start if exact else 0)
        matched = Span(start, start + part.length) if exact else then
        for other, _ in _parts(b, matched, settings):
            slack = unsure + Fraction(settings.shift_slack)
            if not exact:
                yield (number, other), -first.end - then.end - slack, first.end + then.end + slack
                continue
            slack += abs(first.length - then.length)
            yield (number, other), first.start - then.start - slack, first.start - then.start + slack


def _parts(media: Media, span: Span, settings: ClaimSettings) -> Iterator[tuple[int, Span]]:
    """The shots that a stretch lies in, each with its part of the stretch; a moment lies in one."""
    if not span.length or len(media.shots) < 2:
        yield shot_at(media, span.start), span
        return
    for number, shot in enumerate(media.shots):
        part = shot.meets(span)
        if part is not None and part.length >= min(settings.cut_beside, span.length):
            yield number, part


def _shown(relation: Relation, whole: Media, a: Media) -> float:
    """Share of a clip that the other one shows."""
    if relation.kind is RelationKind.IDENTICAL or not whole.span.length:
        return 1.0
    spans = sorted(segment.a if whole is a else segment.b for segment in relation.segments)
    covered, reached = Fraction(0), Fraction(0)
    for span in spans:
        covered += max(Fraction(0), span.end - max(span.start, reached))
        reached = max(reached, span.end)
    return float(covered / whole.span.length)


def _event_links(relation: Relation, settings: ClaimSettings) -> Iterator[Link]:
    offset = relation.offset
    if relation.kind is not RelationKind.SAME_EVENT or offset is None:
        return
    first, then = (Fact.FILMED, relation.a, 0), (Fact.FILMED, relation.b, 0)
    # What happens at second t of a is at t + offset in b, so b's second 0 was `offset` before a's.
    shift = -Fraction(offset.seconds).limit_denominator(10**6)
    slack = Fraction(offset.uncertainty).limit_denominator(10**6) + Fraction(settings.shift_slack)
    because = f"{relation.a} and {relation.b} show one moment (by {', '.join(offset.by)})"
    instead = f"{relation.a} and {relation.b} would have to show different moments"
    yield Link(first, then, shift + slack, because, instead)
    yield Link(then, first, slack - shift, because, instead)
