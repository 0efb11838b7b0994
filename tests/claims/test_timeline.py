"""The timeline: intervals with sources, conflicts named and not resolved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

import pytest

from verify.claims import Case, CaseInput, Claim, Moment, Reading, timeline
from verify.model import Entry, Inquiry, Media, MediaKind, Metadata, Place, Post, Role, Statement, Video

MOSCOW = timezone(timedelta(hours=3))


def at(hour: int, minute: int, length: int = 59) -> Moment:
    start = datetime(2023, 5, 3, hour, minute, tzinfo=MOSCOW)
    return Moment(start, start + timedelta(seconds=length))


def post(source: str, when: Moment | None = None) -> Post:
    return Post("", "", source, when.start if when else None, when.end if when else None)


def case(*clips: CaseInput, zone: str | None = None, statements: tuple[Statement, ...] = ()) -> Case:
    moments = tuple(None if each.at is None else Moment(each.at, each.at) for each in statements)
    inquiry = Inquiry("t", "q", Place(timezone=zone), statements)
    return Case(Path("case.toml"), inquiry, clips, moments=moments)


def clip(name: str, taken: str | None = None) -> Media:
    return Media(
        name,
        Path(f"{name}.mp4"),
        Role.CLIP,
        MediaKind.VIDEO,
        duration=Fraction(2),
        video=Video("h264", 64, 48, 50, Fraction(25)),
        metadata=Metadata(taken=taken),
    )


def conflicts(entries: tuple[Entry, ...]) -> set[tuple[str, str]]:
    by_id = {entry.id: entry for entry in entries}
    for entry in entries:
        for other in entry.conflicts_with:
            assert entry.id in by_id[other].conflicts_with, "a conflict has two sides"
    return {
        (entry.source, by_id[other].source)
        for entry in entries
        for other in entry.conflicts_with
        if entry.source < by_id[other].source
    }


def of(
    posts: tuple[Post, ...] = (), claims: tuple[Claim, ...] = (), readings: tuple[Reading, ...] = ()
) -> CaseInput:
    return CaseInput("a.mp4", "a", posts=posts, claims=claims, readings=readings)


def test_two_claims_about_one_filming_conflict_only_when_they_share_no_moment() -> None:
    early, late = Claim("x", filmed=at(2, 27)), Claim("y", filmed=at(2, 43))
    wide = Claim("z", filmed=at(2, 20, 3600))
    assert conflicts(timeline((), case(of(claims=(early, late, wide))))) == {("x", "y")}


def test_claims_about_different_clips_do_not_conflict() -> None:
    one = CaseInput("a.mp4", "a", claims=(Claim("x", filmed=at(2, 27)),))
    other = CaseInput("b.mp4", "b", claims=(Claim("y", filmed=at(2, 43)),))
    assert conflicts(timeline((), case(one, other))) == set()


def test_a_post_before_the_claimed_filming_conflicts_and_one_after_does_not() -> None:
    posts = post("early", at(2, 20)), post("late", at(14, 57))
    assert conflicts(timeline((), case(of(posts, (Claim("x", filmed=at(2, 30)),))))) == {("early", "x")}


def test_accounts_of_the_first_posting_are_held_side_by_side() -> None:
    claims = Claim("x", posted=at(2, 37)), Claim("y", posted=at(3, 16))
    entries = timeline((), case(of((post("channel", at(2, 37)),), claims)))
    assert conflicts(entries) == {("x", "y"), ("channel", "y")}
    assert len(entries) == 3


def test_a_clock_in_the_picture_counts_for_the_filming() -> None:
    inner = of(claims=(Claim("x", filmed=at(2, 43)),), readings=(Reading("clock", at(2, 27), by="reader"),))
    assert conflicts(timeline((), case(inner))) == {("reader", "x")}


def test_the_files_date_conflicts_only_when_it_is_earlier_than_the_filming() -> None:
    claimed = case(of(claims=(Claim("x", filmed=at(2, 30)),)))
    assert conflicts(timeline([clip("a", "2023-05-02T23:10:00Z")], claimed)) == {("metadata of a", "x")}
    assert conflicts(timeline([clip("a", "2023-05-02T23:40:00Z")], claimed)) == set()


def test_a_date_without_a_zone_stands_in_both_readings_and_conflicts_only_in_all_of_them() -> None:
    # 01:00 is before the filming at 02:30 in Moscow when read there, and after it when read as UTC.
    zoned = case(of(claims=(Claim("x", filmed=at(2, 30)),)), zone="Europe/Moscow")
    entries = timeline([clip("a", "2023-05-03T01:00:00")], zoned)
    made = [entry for entry in entries if entry.kind == "made"]
    assert [entry.start and entry.start.astimezone(UTC).hour for entry in made] == [22, 1]
    assert conflicts(entries) == set()
    earlier = timeline([clip("a", "2023-05-02T01:00:00")], zoned)
    assert conflicts(earlier) == {("metadata of a", "x")}


def test_a_date_of_unknown_zone_is_compared_over_all_zones() -> None:
    claimed = case(of(claims=(Claim("x", filmed=at(2, 30)),)))
    near = timeline([clip("a", "2023-05-02T20:00:00")], claimed)
    assert [entry.start and entry.start.tzinfo for entry in near if entry.kind == "made"] == [UTC, None]
    assert conflicts(near) == set()  # at UTC-12 it is after the filming
    assert conflicts(timeline([clip("a", "2023-05-01T01:00:00")], claimed)) == {("metadata of a", "x")}


def test_entries_are_in_order_and_numbered_and_open_ones_come_last() -> None:
    said = Statement("office", "two attempts", at(14, 33).start)
    inner = of((post("channel", at(2, 37)), post("undated")), (Claim("x", place="the square"),))
    entries = timeline((), case(inner, statements=(said,)), {0: "a-2"})
    assert [entry.id for entry in entries] == ["t1", "t2", "t3", "t4"]
    assert [entry.source for entry in entries] == ["channel", "office", "x", "undated"]
    assert entries[0].media == "a-2"


def test_no_case_and_no_dates_is_no_timeline() -> None:
    assert timeline([clip("a")]) == ()


@pytest.mark.parametrize("taken", ["yesterday", "9999-12-31T23:59:00", "0001-01-01T00:00:00", ""])
def test_dates_that_cannot_be_do_not_end_the_work(taken: str) -> None:
    for zone in ("Europe/Moscow", None):
        claimed = case(of(claims=(Claim("x", filmed=at(2, 30)),)), zone=zone)
        timeline([clip("a", taken)], claimed)
