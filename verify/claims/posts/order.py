"""Which post of a recording is the earliest found here, which follow, and which pass on another.

Inputs that are identical or copies of each other are one recording. Every post that shows one of them shows
the recording, in whole or part, so that a post of a re-encoded copy counts like that of the file itself. The
posts are put in order by their dates. A date is an interval: one without a zone may lie anywhere that the
world's zones allow (but two of one export have one zone, unknown as it is), and a page that an archive saved
was posted at some time before. One post comes before another only where every moment of the one lies before
every moment of the other; where that does not hold of either, their order is left open, and more than one
post can be the earliest found. A forward names whom it is from; where that one's post of the time that the
forward gives is among the posts, the two are joined.

Limits: the earliest post found here is not the first one: nobody hands in everything, posts are deleted, and
platforms show only some. A date is what the export says. A name is no proof of a person, and two channels can
have one name. Error rates: none are measured; this is arithmetic on what the exports say and on relations
between the files, whose error rates stand with their methods.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from verify.claims.intervals import Interval
from verify.model import Finding, Measurement, Outcome, Passed, PostOrder, RelationKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from verify.model import Post, Relation

CHECK = "post-order/1"
LIMITS = (
    "The earliest found here need not be the first: posts are deleted, platforms show only some, and nobody "
    "hands in everything. Dates are what the exports say."
)
_JOINED = {RelationKind.IDENTICAL, RelationKind.COPY}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SLACK = 60  # seconds by which a forward's date may differ from the post's own: some exports cut the seconds


def order(posts: Sequence[Post], relations: Iterable[Relation]) -> tuple[PostOrder, ...]:
    """The posts of each recording that is shown by any, in the order of the posts.

    Args:
        posts: with their ids and the inputs that they show.
        relations: of pairs of inputs; only identity and copies join them.
    """
    leaders = _recordings(relations)
    groups: dict[str, list[Post]] = {}
    for post in posts:
        for leader in dict.fromkeys(leaders.get(name, name) for name in post.shows):
            groups.setdefault(leader, []).append(post)
    return tuple(_ordered(leader, group, leaders) for leader, group in groups.items())


def _recordings(relations: Iterable[Relation]) -> dict[str, str]:
    """One input for each that is joined to others, the same for all that are joined."""
    leaders: dict[str, str] = {}

    def leader(name: str) -> str:
        while leaders.setdefault(name, name) != name:
            name = leaders[name]
        return name

    for relation in relations:
        if relation.kind in _JOINED:
            leaders[leader(relation.b)] = leader(relation.a)
    return {name: leader(name) for name in leaders}


def _ordered(leader: str, group: Sequence[Post], leaders: Mapping[str, str]) -> PostOrder:
    members = dict.fromkeys([leader, *(name for name, its in leaders.items() if its == leader)])
    ordered = sorted(group, key=lambda post: (_start(post), _end(post)))
    dated = [post for post in ordered if _stated(post)]
    earliest = [post for post in dated if not any(certainly_before(other, post) for other in dated)]
    return PostOrder(
        tuple(members),
        tuple(post.id for post in ordered),
        tuple(post.id for post in earliest),
        tuple(_passed(ordered)),
    )


def certainly_before(one: Post, other: Post) -> bool:
    """Whether every moment that one post's date can mean lies before every moment of the other's."""
    same_clock = one.found_in == other.found_in and _bare(one) and _bare(other)
    return _interval(one, placed=same_clock).before(_interval(other, placed=same_clock))


def _stated(post: Post) -> bool:
    return any(each is not None for each in (post.start, post.end, post.coded, post.seen))


def _bare(post: Post) -> bool:
    """Whether the date has no zone."""
    given = post.start or post.end
    return given is not None and given.tzinfo is None


def _interval(post: Post, *, placed: bool) -> Interval:
    """When it was posted: by its date, else from its identifier's time to when it was seen."""
    if post.start is None and post.end is None:
        start, end = post.coded_from or post.coded, post.coded_until or post.seen
    else:
        start, end = post.start, post.end
    found = Interval(_seconds(start), _seconds(end))
    return found.without_zone() if _bare(post) and not placed else found


def _seconds(moment: datetime | None) -> Fraction | None:
    if moment is None:
        return None
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH
    return Fraction(since.days * 86_400 + since.seconds) + Fraction(since.microseconds, 1_000_000)


def _start(post: Post) -> Fraction | float:
    start = _interval(post, placed=True).start
    return float("-inf" if _stated(post) else "inf") if start is None else start


def _end(post: Post) -> Fraction | float:
    end = _interval(post, placed=True).end
    return float("inf") if end is None else end


def _passed(group: Sequence[Post]) -> Iterator[Passed]:
    """The forwards of a group, with the post that each passes on where that is one of the group."""
    for post in group:
        forward = post.forwarded
        if forward is None:
            continue
        can = [other.id for other in group if other is not post and _is_of(post, other)]
        yield Passed(post.id, forward.source, can[0] if len(can) == 1 else None)


def _is_of(post: Post, other: Post) -> bool:
    """Whether `other` is what the forward `post` says it passes on."""
    forward = post.forwarded
    if forward is None or forward.source not in {other.source, other.author} or other.forwarded is not None:
        return False
    if forward.number and other.number:
        return forward.number == other.number
    if forward.start is None or other.start is None:
        # Without a date of the original, whatever is certain not to be later can be it.
        return not certainly_before(post, other)
    return (forward.start.tzinfo is None) == (other.start.tzinfo is None) and abs(
        forward.start - other.start
    ).total_seconds() <= _SLACK


def order_findings(orders: Iterable[PostOrder], posts: Iterable[Post]) -> tuple[Finding, ...]:
    """Each order in words."""
    known = {post.id: post for post in posts}
    return tuple(_finding(each, known) for each in orders)


def _finding(found: PostOrder, known: Mapping[str, Post]) -> Finding:
    what = found.members[0] if len(found.members) == 1 else f"{found.members[0]} or a copy of it"
    measured = [Measurement("posts", len(found.posts), "posts")]
    if not found.earliest:
        said = f"{_count(len(found.posts))} found here show {what}; none of them has a date."
        return Finding(CHECK, found.members, Outcome.INCONCLUSIVE, said, LIMITS, tuple(measured))
    named = [_named(known[name]) for name in found.earliest]
    if len(found.posts) == 1:
        said = f"One post found here shows {what}: {named[0]}."
    elif len(named) == 1:
        said = f"Of {_count(len(found.posts))} found that show {what}, the earliest found here is {named[0]}."
        ahead = _ahead(known[found.earliest[0]], [known[name] for name in found.posts])
        if ahead is not None:
            measured.append(Measurement("the next is later by at least", float(ahead), "second"))
    else:
        said = (
            f"Of {_count(len(found.posts))} found here that show {what}, {len(named)} can be the earliest, "
            f"as their dates do not tell which is: {'; '.join(named[:5])}{' and others' * (len(named) > 5)}."
        )
    said += "".join(_forwarded(each, known, found.earliest) for each in found.passed_on[:5])
    outcome = Outcome.CONSISTENT if len(named) == 1 else Outcome.INCONCLUSIVE
    return Finding(CHECK, found.members, outcome, said, LIMITS, tuple(measured))


def _ahead(first: Post, posts: Iterable[Post]) -> Fraction | int | None:
    """Seconds that lie between it and the next at least."""
    gaps = []
    for other in posts:
        if other is not first and certainly_before(first, other):
            same_clock = first.found_in == other.found_in and _bare(first) and _bare(other)
            gaps.append(_interval(first, placed=same_clock).gap(_interval(other, placed=same_clock)))
    return min((gap for gap in gaps if gap is not None), default=None)


def _forwarded(passed: Passed, known: Mapping[str, Post], earliest: Sequence[str]) -> str:
    if passed.original:
        return f" {passed.post} passes on {passed.original}."
    post = known[passed.post]
    forward = post.forwarded
    if forward is None or forward.start is None:
        return f" {passed.post} passes on a post of {passed.source} that is not among them."
    said = (
        f" {passed.post} passes on a post of {passed.source} that is not among them, of "
        f"{forward.start.isoformat()} as it says"
    )
    origin = replace(post, start=forward.start, end=forward.end or forward.start)
    first = all(certainly_before(origin, known[name]) for name in earliest if name != passed.post)
    return f"{said}, which would be earlier than all of these." if first else f"{said}."


def _named(post: Post) -> str:
    if post.start is None and post.end is None:
        when = f"its identifier says {post.coded:%Y-%m-%d %H:%M:%S} UTC" if post.coded else "no date"
    elif post.start is None:
        when = f"saved {post.end.isoformat()}" if post.end else ""
    else:
        when = post.start.isoformat() + ("" if post.start.tzinfo else ", zone unknown")
    return f"{post.id} ({post.source}, {when})"


def _count(number: int) -> str:
    return "1 post" if number == 1 else f"{number} posts"
