"""What people say of when something was: posts, claims about clips, readings of pictures, statements."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from verify.claims.ledger import Fact, Stated, When
from verify.metadata.dates import rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from verify.claims import inputs
    from verify.claims.case import Case
    from verify.claims.moments import Moment
    from verify.model import Post

_OTHER_FILE = "the post would have to show another recording"
_CODED = "posted, by the time that the post's own identifier carries"
_SAVED = "an archive saved the post then"
_EDITED = "the post was edited then; its file may be of that time"


def stated_by_case(case: Case, ids: Mapping[int, str]) -> Iterator[Stated]:
    """Claims and readings of each clip, and the statements on the incident.

    Args:
        case: as read.
        ids: the media id of each clip of the case, by its position there.
    """
    for index, clip in enumerate(case.clips):
        media = ids.get(index, clip.id)
        for claim in clip.claims:
            yield from stated_by_claim(claim, media)
        for reading in clip.readings:
            yield _read(reading, media)
    for said, at in zip(case.inquiry.statements, case.moments, strict=True):
        about = f" (about {', '.join(said.about)})" if said.about else ""
        yield Stated(Fact.OTHER, "said", joined(said.by, said.source), _when(at, f"{said.says}{about}"))
    for said, given in zip(case.inquiry.statements, case.given, strict=False):
        for media in said.about:
            yield from stated_by_claim(given, media)


def joined(*parts: str) -> str:
    """A source of several parts: who, and where it was found."""
    return ", ".join(part for part in parts if part)


def _when(at: Moment | None, what: str) -> tuple[When, ...]:
    return (When(at.start, at.end, what) if at else When(None, None, what),)


def stated_by_claim(claim: inputs.Claim, media: str) -> Iterator[Stated]:
    """Each thing that a claim says of a clip; its place and its words are no times, and stand as open."""
    source = joined(claim.by, claim.source)

    def stated(fact: Fact, at: Moment | None, what: str, wrong: str = "") -> Stated:
        return Stated(fact, "claimed", source, _when(at, what), wrong, media=media)

    if claim.filmed:
        wrong = f"the time of filming that is claimed for {media} ({claim.by})"
        yield stated(Fact.FILMED, claim.filmed, "said to be filmed then", wrong)
    if claim.posted:
        wrong = f"the time of first posting that is claimed for {media} ({claim.by})"
        yield stated(Fact.FIRST_POSTED, claim.posted, "said to be first posted then", wrong)
    for what in _without_time(claim):
        yield stated(Fact.OTHER, None, what)


def _without_time(claim: inputs.Claim) -> Iterator[str]:
    if claim.first:
        yield "said to be the first, from which copies come"
    if claim.place or claim.position:
        where = ", ".join(f"{each:g}" for each in claim.position or ())
        yield f"said to be filmed at: {joined(claim.place, where)}"
    if claim.says:
        yield claim.says


def in_words(claim: inputs.Claim) -> str:
    """A claim as one text: what was said in words, with the times and places that were given as such."""
    times = (("filmed", claim.filmed), ("first posted", claim.posted))
    given = [f"said to be {name} {_written(at)}" for name, at in times if at]
    return "; ".join([*given, *_without_time(claim)])


def _written(at: Moment) -> str:
    """`2023-05-03 02:27 +03:00` for a minute, a day for a whole one, else from and to."""
    start, end = at.start, at.end
    zone = f"{start:%z}"[:3] + ":" + f"{start:%z}"[3:5]
    if end - start == timedelta(seconds=59) and not start.second:
        return f"{start:%Y-%m-%d %H:%M} {zone}"
    if end - start == timedelta(days=1, seconds=-1) and start.hour == start.minute == 0:
        return f"on {start:%Y-%m-%d}"
    return f"{rfc3339(start)} to {rfc3339(end)}" if end > start else rfc3339(start)


def _read(reading: inputs.Reading, media: str) -> Stated:
    value = "" if reading.value is None else f": {reading.value:g} {reading.unit}".rstrip()
    second = "" if reading.at is None else f" at {reading.at:g} s"
    name = reading.what or ("a clock" if reading.shows else "a measure")
    what = f"read in the picture{second}: {name}{value}"
    return Stated(
        Fact.FILMED if reading.shows else Fact.OTHER,
        "read",
        reading.by or "the case file",
        _when(reading.shows, what),
        f"the clock read in {media}, or its reading,",
        media=media,
        second=reading.at,
    )


def stated_by_posts(posts: Iterable[Post]) -> Iterator[Stated]:
    """When each post that shows an input was made: by its date, its identifier, an archive, a forward."""
    for post in posts:
        name = post.id or f"{post.source} {post.found_in} {post.place}"
        for media in post.shows:
            for fact, start, end, what, wrong in _times(post):
                # An edit may have put the file in, so that it shows nothing of the time before.
                shows = not post.edited or what is _EDITED
                whens = (When(start, end, what),)
                source = joined(post.source, post.url)
                yield Stated(fact, "posted", source, whens, wrong, _OTHER_FILE, media, None, name, shows)


def _times(post: Post) -> Iterator[tuple[Fact, datetime | None, datetime | None, str, str]]:
    """Each time that a post tells: fact, first and last second, in words, and what would have to be wrong."""
    by, forward = post.source, post.forwarded
    yield (
        Fact.POSTED,
        post.start,
        post.end,
        f"posted: {post.text}" if post.text else "posted",
        (f"the time of the post ({by})"),
    )
    if post.coded:
        # A number is made when a post is shown, or before; its date may be cut to the minute.
        until = post.coded_until if post.coded_from else post.coded
        yield Fact.POSTED, post.coded_from or post.coded, until, _CODED, f"the identifier of the post ({by})"
    if post.seen:
        yield Fact.SEEN, post.seen, post.seen, _SAVED, f"the time at which the post ({by}) was archived"
    if post.edited:
        yield Fact.SEEN, post.edited, post.edited, _EDITED, f"the time at which the post ({by}) was edited"
    if forward and (forward.start or forward.end):
        what, wrong = (
            f"posted by {forward.source}, as its forward says",
            f"the time that the forward ({by}) gives",
        )
        yield Fact.PASSED_ON, forward.start, forward.end or forward.start, what, wrong
