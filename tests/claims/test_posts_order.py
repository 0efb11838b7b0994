"""The order of a recording's posts follows from dates that cannot overlap, and from nothing else."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

from verify.claims.posts import order, order_findings
from verify.claims.posts.order import certainly_before
from verify.model import (
    WHOLE,
    Forward,
    Outcome,
    Passed,
    Post,
    Relation,
    RelationKind,
    Segment,
    Span,
)

MORNING = datetime(2023, 5, 3, 2, 37, tzinfo=timezone(timedelta(hours=3)))
MINUTE = timedelta(minutes=1)


def post(name: str, minutes: float | None, shows: str = "dome", **values: object) -> Post:
    at = None if minutes is None else MORNING + minutes * MINUTE
    plain = Post(id=name, platform="telegram", source=f"channel {name}", start=at, end=at, shows=(shows,))
    return replace(plain, **values)  # type: ignore[arg-type]


def bare(name: str, minutes: float, **values: object) -> Post:
    at = MORNING.replace(tzinfo=None) + minutes * MINUTE
    return post(name, None, start=at, end=at, **values)


def relation(a: str, b: str, kind: RelationKind) -> Relation:
    span, unit = Span(Fraction(0), Fraction(1)), ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    segment = Segment(span, span, False, WHOLE, WHOLE, unit, 1.0)
    return Relation(a, b, kind, ("made",), segments=(segment,) if kind is RelationKind.COPY else ())


def test_posts_of_copies_are_put_in_one_order() -> None:
    joined = (
        relation("dome", "repost", RelationKind.COPY),
        relation("repost", "same", RelationKind.IDENTICAL),
    )
    posts = (post("p1", 20, "repost"), post("p2", 0, "same"), post("p3", 5), post("p4", 1, "smoke"))
    copies, smoke = order(posts, (*joined, relation("dome", "smoke", RelationKind.SAME_PLACE)))
    assert copies.members == ("dome", "repost", "same")
    assert (copies.posts, copies.earliest) == (("p2", "p3", "p1"), ("p2",))
    assert (smoke.members, smoke.posts) == (("smoke",), ("p4",))


def test_dates_that_overlap_leave_the_order_open() -> None:
    hour = post("p1", 0, end=MORNING + 60 * MINUTE)
    (found,) = order((hour, post("p2", 30), post("p3", 90)), ())
    assert found.earliest == ("p1", "p2")
    (said,) = order_findings((found,), (hour, post("p2", 30), post("p3", 90)))
    assert said.outcome is Outcome.INCONCLUSIVE
    assert "2 can be the earliest" in said.statement


def test_a_date_without_a_zone_is_ordered_only_where_no_zone_could_change_it() -> None:
    near, far = bare("p1", 0, found_in="a"), bare("p2", 60 * 40, found_in="b")
    aware = post("p3", 60, found_in="c")
    assert not certainly_before(near, aware)
    assert not certainly_before(aware, near)
    assert certainly_before(aware, far)
    assert certainly_before(near, far)
    # Two of one export have one zone, whichever it is.
    assert certainly_before(near, bare("p4", 1, found_in="a"))
    assert not certainly_before(near, bare("p4", 1, found_in="b"))


def test_a_page_that_was_saved_was_posted_at_some_time_before() -> None:
    saved = post("p1", None, end=MORNING, seen=MORNING)
    (found,) = order((saved, post("p2", -600), post("p3", 5)), ())
    assert found.earliest == ("p1", "p2")
    assert found.posts.index("p1") < found.posts.index("p3")


def test_a_post_without_a_date_has_its_identifier_and_else_no_place() -> None:
    coded = post("p1", None, coded=MORNING, seen=MORNING + MINUTE)
    (found,) = order((post("p2", None), post("p3", 5), coded), ())
    assert found.posts == ("p1", "p3", "p2")
    assert found.earliest == ("p1",)
    (none,) = order((post("p2", None),), ())
    assert none.earliest == ()
    assert order_findings((none,), (post("p2", None),))[0].outcome is Outcome.INCONCLUSIVE


def test_a_forward_is_tied_to_the_post_that_it_passes_on() -> None:
    first = post("p1", 0)
    passing = post("p2", 9, forwarded=Forward("channel p1", MORNING, MORNING))
    other = post("p3", 12, forwarded=Forward("channel p1", MORNING - 30 * MINUTE, MORNING - 30 * MINUTE))
    stranger = post("p4", 15, forwarded=Forward("nobody here"))
    posts = (first, passing, other, stranger)
    (found,) = order(posts, ())
    assert found.passed_on == (
        Passed("p2", "channel p1", "p1"),
        Passed("p3", "channel p1", None),
        Passed("p4", "nobody here", None),
    )
    (said,) = order_findings((found,), posts)
    assert "p2 passes on p1." in said.statement
    assert "02:07:00+03:00 as it says, which would be earlier than all of these" in said.statement


def test_a_forward_that_fits_two_posts_is_tied_to_neither() -> None:
    posts = (
        post("p1", 0, source="one"),
        post("p2", 1, source="one"),
        post("p3", 9, forwarded=Forward("one")),
    )
    (found,) = order(posts, ())
    assert found.passed_on == (Passed("p3", "one", None),)


def test_the_earliest_is_never_called_the_first() -> None:
    posts = (post("p1", 0), post("p2", 16))
    (said,) = order_findings(order(posts, ()), posts)
    assert "the earliest found here is p1" in said.statement
    assert "need not be the first" in said.limits
    assert "first" not in said.statement
    assert [each.value for each in said.measurements] == [2, 16 * 60]


def test_the_order_is_that_of_every_world_the_dates_allow() -> None:
    draw = random.Random(3)
    for _ in range(300):
        posts, truth = [], {}
        for number in range(draw.randrange(1, 6)):
            name, true = f"p{number}", draw.randrange(0, 4000)
            zone = draw.choice((-12, -3, 0, 5.5, 14)) * 60
            at = datetime(2023, 5, 3, tzinfo=UTC) + true * MINUTE
            early, late = at - draw.randrange(90) * MINUTE, at + draw.randrange(90) * MINUTE
            if draw.random() < 0.4:
                early, late = (each.replace(tzinfo=None) + zone * MINUTE for each in (early, late))
            start, end = (None if draw.random() < 0.1 else each for each in (early, late))
            posts.append(post(name, None, start=start, end=end, found_in=name))
            truth[name] = true
        (found,) = order(posts, ())
        for one in posts:
            for other in posts:
                if certainly_before(one, other):
                    assert truth[one.id] < truth[other.id]
                    assert found.posts.index(one.id) < found.posts.index(other.id)
                    assert other.id not in found.earliest
        dated = [each.id for each in posts if each.start or each.end]
        assert bool(found.earliest) == bool(dated)
        assert not dated or min(dated, key=truth.__getitem__) in found.earliest
