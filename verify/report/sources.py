"""What a provenance graph is made of: the posts and files that it shows, and the steps between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.claims.moments import interval
from verify.model import RelationKind
from verify.report import units

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from verify.model import Family, Media, Post, Report


@dataclass(frozen=True, slots=True)
class More:
    """Posts that show one file and are not drawn one by one."""

    media: str
    count: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Sources:
    """Posts in the order of their first possible moment, files by family, and what joins them."""

    posts: tuple[Post, ...]
    groups: tuple[tuple[Media, ...], ...]  # copies of one recording together, from the top of their tree down
    forwards: tuple[tuple[str, str], ...]  # original or named source -> the post that passes it on
    named: Mapping[str, tuple[str, str]]  # post -> node and name of its source, where that is not among posts
    steps: tuple[tuple[str, str, str], ...]  # derives or same, parent, child
    earliest: frozenset[str]  # posts that no other of their recording is certain to come before
    nearest: frozenset[str]  # files nearest the source of their family
    numbers: Mapping[str, int]
    more: tuple[More, ...]  # posts that are not drawn one by one
    files_left: int


def sources(report: Report, most_posts: int, most_files: int) -> Sources:
    """What is drawn of a report, cut to so many posts and files; the earliest posts stay longest."""
    original = {each.post: each.original for order in report.post_orders for each in order.passed_on}
    earliest = {name for order in report.post_orders if len(order.posts) > 1 for name in order.earliest}
    posts, more = _posts(report, original, most_posts)
    groups, files_left = _groups(report, most_files)
    known = {post.id for post in posts}
    named = {
        post.id: (f"named {post.forwarded.source} {post.forwarded.number}", post.forwarded.source)
        for post in posts
        if post.forwarded is not None and original.get(post.id) is None
    }
    forwards = [(before, name) for name, before in original.items() if before in known and name in known]
    forwards += [(node, post) for post, (node, _) in named.items()]
    return Sources(
        posts, groups, tuple(forwards), named, tuple(_steps(report)), frozenset(earliest),
        frozenset(family.nearest_source for family in report.families if family.nearest_source),
        {media.id: number for number, media in enumerate(report.media, 1)}, more, files_left,
    )  # fmt: skip


def _posts(
    report: Report, original: Mapping[str, str | None], most: int
) -> tuple[tuple[Post, ...], tuple[More, ...]]:
    """Posts that show an input, pass on another post or are passed on; those past `most` by their file."""
    passed = {name for pair in original.items() for name in pair if name is not None}
    related = [post for post in report.posts if post.shows or post.id in passed]
    related.sort(key=first_moment)
    opening: dict[str, str] = {}
    for post in related:
        for name in post.shows:
            opening.setdefault(name, post.id)
    earliest = {name for order in report.post_orders for name in order.earliest}
    ranks = (earliest, set(opening.values()), passed)

    def rank(post: Post) -> int:
        return next((place for place, names in enumerate(ranks) if post.id in names), len(ranks))

    kept = {post.id for post in sorted(related, key=rank)[:most]}
    rest: dict[str, list[Post]] = {}
    for post in related:
        if post.id not in kept:
            rest.setdefault(post.shows[0] if post.shows else "", []).append(post)
    return tuple(post for post in related if post.id in kept), tuple(map(_more, rest, rest.values()))


def _more(media: str, posts: Sequence[Post]) -> More:
    dated = [post.start for post in posts if post.start]
    return More(media, len(posts), dated[0] if dated else None, dated[-1] if dated else None)


def first_moment(post: Post) -> tuple[bool, float]:
    """For sorting: the first moment that a post's date can mean; what has no date comes last."""
    covered = interval(post.start, post.end)
    start = covered.start if covered.start is not None else covered.end
    return start is None, float(start or 0)


@dataclass(frozen=True, slots=True)
class Told:
    """What the table of posts says beside a post's own words."""

    earliest: bool
    passes_on: str
    when: str


def listed_posts(report: Report, most: int) -> tuple[tuple[tuple[Post, Told], ...], int]:
    """The posts of a report in the order of their first possible moment, and how many are left out."""
    original = {each.post: each for order in report.post_orders for each in order.passed_on}
    earliest = {name for order in report.post_orders if len(order.posts) > 1 for name in order.earliest}
    posts = sorted(report.posts, key=lambda post: (not post.shows, first_moment(post)))

    def told(post: Post) -> Told:
        passed = original.get(post.id)
        source = passed.source if passed else post.forwarded.source if post.forwarded else ""
        known = f"{passed.original} of " if passed and passed.original else ""
        missing = ", which is not among the posts" if source and not known else ""
        when = units.interval(post.start, post.end) if post.start or post.end else "no date"
        return Told(post.id in earliest, f"{known}{source}{missing}" if source else "", when)

    return tuple((post, told(post)) for post in posts[:most]), max(0, len(posts) - most)


def _groups(report: Report, most: int) -> tuple[tuple[tuple[Media, ...], ...], int]:
    """Files that a post shows, with all copies of their recording."""
    shown = {name for post in report.posts for name in post.shows}
    by_id = {media.id: media for media in report.media}
    groups = [_in_order(family) for family in report.families if shown & set(family.members)]
    together = {name for group in groups for name in group}
    groups += [(name,) for name in by_id if name in shown and name not in together]
    left, kept = most, []
    for group in groups:
        kept.append(tuple(by_id[name] for name in group if name in by_id)[:left])
        left = max(0, left - len(kept[-1]))
    total = sum(len(group) for group in groups)
    return tuple(group for group in kept if group), total - sum(map(len, kept))


def _in_order(family: Family) -> tuple[str, ...]:
    """Members from the top of the tree down, those without a place last."""
    below: dict[str, list[str]] = {}
    for edge in family.edges:
        below.setdefault(edge.parent, []).append(edge.child)
    children = {edge.child for edge in family.edges}
    waiting = [name for name in family.members if name in below and name not in children][::-1]
    order: dict[str, None] = {}
    while waiting:
        name = waiting.pop()
        if name not in order:
            order[name] = None
            waiting += below.get(name, ())[::-1]
    return tuple(dict.fromkeys((*order, *family.members)))


def _steps(report: Report) -> list[tuple[str, str, str]]:
    edges = [("derives", edge.parent, edge.child) for family in report.families for edge in family.edges]
    joined = {frozenset(edge[1:]) for edge in edges}
    same = [
        ("same", relation.a, relation.b)
        for relation in report.relations
        if relation.kind is RelationKind.IDENTICAL and frozenset((relation.a, relation.b)) not in joined
    ]
    return [*edges, *same]
