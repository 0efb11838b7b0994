"""What speaks of a claim that a clip is the first: copies that are nearer the source, and earlier posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.claims.ledger import Fact
from verify.model import Bearing, RelationKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify.claims.intervals import Interval
    from verify.claims.known import Known
    from verify.model import Relation

_COPIES = {RelationKind.COPY, RelationKind.IDENTICAL}
_NO_COPY = "No copy of it was found among the inputs, so that nothing here is earlier or nearer the source."


def on_being_first(media: str, known: Known) -> Iterator[Bearing]:
    """Each copy that is nearer the source or further from it, and each post of a copy."""
    copies = [(relation, other) for relation, other in known.related(media) if relation.kind in _COPIES]
    own = [each for _, each in _posts(media, known)]
    for relation, other in copies:
        yield from _nearer(relation, media, other)
        for place, post in _posts(other, known):
            yield _order(place, post, other, own, known)
    if not copies:
        yield Bearing("text", "first", "does_not_bear", _NO_COPY)


def _nearer(relation: Relation, media: str, other: str) -> Iterator[Bearing]:
    nearer = {"a": relation.a, "b": relation.b}.get(relation.nearer_source or "")
    name = f"{relation.a} {relation.b}"
    if nearer == media:
        yield Bearing("relation", name, "supports", f"{media} is nearer the source than its copy {other}.")
    elif nearer:
        yield Bearing("relation", name, "contradicts", f"{other} is nearer the source than its copy {media}.")
    else:
        because = f"{media} and {other} are copies; which is nearer the source was not told."
        yield Bearing("relation", name, "does_not_bear", because)


def _posts(media: str, known: Known) -> Iterator[tuple[int, Interval]]:
    """Place in the ledger and time of each post of an input; of those that were edited too."""
    for place, each in enumerate(known.book.stated):
        if each.fact is Fact.POSTED and each.media == media:
            yield place, each.intervals[0]


def _order(place: int, post: Interval, other: str, own: list[Interval], known: Known) -> Bearing:
    by = f"the post of its copy {other} ({known.book.stated[place].source})"
    name = " ".join(known.book.ids[place])
    if own and all(post.before(each) for each in own):
        return Bearing(
            "entry", name, "contradicts", f"Of the posts found, {by} is earlier than all of its own."
        )
    if any(each.before(post) for each in own):
        because = f"Of the posts found, one of its own is earlier than {by}; others may be earlier still."
        return Bearing("entry", name, "supports", because)
    return Bearing("entry", name, "does_not_bear", f"Whether {by} is earlier than its own does not follow.")
