"""The ledger: what names, posts, copies and common clocks make of statements about time."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from ledger_build import at, case_of, clip, copied, on, one_moment, post

from verify.claims import CaseInput, Claim, Known, Ledger, Moment, Reading, claims, ledger, shared_clocks
from verify.claims.ledger import Fact, Stated, When
from verify.model import Entry, Footage, Forward, Metadata, Relation, RelationKind
from verify.settings import SETTINGS


def claimed(name: str, by: str, hour: int, minute: int) -> CaseInput:
    return CaseInput(f"{name}.mp4", name, claims=(Claim(by, filmed=at(hour, minute)),))


def read(name: str, hour: int, minute: int, second: float | None = None) -> CaseInput:
    clock = Reading("tower clock", at(hour, minute), second, by="the desk")
    return CaseInput(f"{name}.mp4", name, readings=(clock,))


def pairs(book: Ledger) -> set[tuple[str, str]]:
    """Sources of the entries that conflict; each conflict has two sides, and each side says what it needs."""
    by_id = {entry.id: entry for entry in book.entries}
    for entry in book.entries:
        assert set(entry.conflicts_with) == {name for need in entry.needs for name in need.against}
        for other in entry.conflicts_with:
            assert entry.id in by_id[other].conflicts_with
    return {
        (entry.source, by_id[other].source)
        for entry in book.entries
        for other in entry.conflicts_with
        if entry.source < by_id[other].source
    }


def only(book: Ledger, source: str) -> Entry:
    (found,) = (entry for entry in book.entries if entry.source == source)
    return found


def test_a_conflict_along_a_copy_is_found_and_its_chain_is_named() -> None:
    media = [clip("a"), clip("b", 8)]
    posts = [post("p1", "channel", at(2, 37), "b")]
    related = [copied("a", "b", (2, 0, 8))]
    book = ledger(media, case_of(claimed("a", "X", 3, 0)), {0: "a"}, posts=posts, relations=related)
    assert pairs(book) == {("X", "channel")}
    (need,) = only(book, "X").needs
    assert (
        need.seconds == 22 * 60 - 12 + 2 - 1
    )  # a lasts 12 s, b begins 2 s into it, and shifts have a second's slack
    assert "the time of the post (channel) would have to be wrong by at least 21 minutes" in need.statement
    assert "a and b would have to be of different recordings" in need.statement
    assert "the post would have to show another recording" in need.statement
    assert need.through == (
        "a clip is not posted before it is filmed",
        "a and b are copies of one recording (b starts 2.0 s into a)",
    )


@pytest.mark.parametrize("kind", [RelationKind.SAME_PLACE, RelationKind.SAME_CAMERA, RelationKind.NONE_FOUND])
def test_a_shared_place_or_view_carries_no_time(kind: RelationKind) -> None:
    media = [clip("a"), clip("b")]
    related = [Relation("a", "b", kind, ("made up",), Footage.REFUTED)]
    case = case_of(claimed("a", "X", 3, 0), claimed("b", "Y", 2, 0))
    assert pairs(ledger(media, case, {0: "a", 1: "b"}, relations=related)) == set()


def test_two_cameras_at_one_moment_share_a_clock() -> None:
    media = [clip("a", 60), clip("b", 60)]
    case = case_of(read("a", 2, 27, 10.0), claimed("b", "X", 2, 40))
    book = ledger(media, case, {0: "a", 1: "b"}, relations=[one_moment("a", "b", 5.0)])
    assert pairs(book) == {("X", "the desk")}
    # Second 10 of a is 02:27, and what happens at second t of a is at t + 5 in b: b began at 02:26:45.
    (follows,) = (entry for entry in book.entries if entry.kind == "derived")
    assert follows.media == "b"
    assert follows.start is not None
    assert abs(follows.start - on(2, 26, 45)) <= timedelta(seconds=2)
    assert follows.follows == (next(entry.id for entry in book.entries if entry.kind == "read"),)
    assert follows.follows[0] in follows.what
    near = case_of(read("a", 2, 27, 10.0), claimed("b", "X", 2, 26))
    assert pairs(ledger(media, near, {0: "a", 1: "b"}, relations=[one_moment("a", "b", 5.0)])) == set()


def test_shots_of_a_clip_that_is_cut_together_count_for_themselves() -> None:
    # b and c are of different hours, and a shows both, one after the other.
    related = [copied("a", "b", (0, 0, 10)), copied("a", "c", (10, 0, 10))]
    case = case_of(read("b", 2, 0, 1.0), read("c", 4, 0, 1.0))
    cut = [clip("a", 20, (10,)), clip("b", 10), clip("c", 10)]
    assert ledger(cut, case, {0: "b", 1: "c"}, relations=related).conflicts == ()
    whole = [clip("a", 20), clip("b", 10), clip("c", 10)]
    assert len(ledger(whole, case, {0: "b", 1: "c"}, relations=related).conflicts) == 1


def test_a_part_taken_out_of_a_copy_makes_no_conflict() -> None:
    media = [clip("a", 4000), clip("b", 12)]
    related = [copied("a", "b", (0, 0, 6), (3600, 6, 6))]
    case = case_of(read("a", 2, 0, 1.0), read("b", 3, 0, 7.0))
    book = ledger(media, case, {0: "a", 1: "b"}, relations=related)
    assert (book.conflicts, book.facts.network.refused) == ((), [])


@pytest.mark.parametrize(("speed", "conflicting"), [(1.0, True), (0.5, False)])
def test_a_copy_at_another_tempo_shows_the_stretch_and_not_the_second(
    speed: float, *, conflicting: bool
) -> None:
    media = [clip("a", 600), clip("b", 600)]
    related = [copied("a", "b", (0, 0, 500), speed=speed)]
    case = case_of(read("a", 2, 0, 0.0), read("b", 2, 10, 0.0))
    book = ledger(media, case, {0: "a", 1: "b"}, relations=related)
    assert bool(book.conflicts) is conflicting


def test_who_posts_a_copy_of_all_of_a_clip_has_posted_the_clip() -> None:
    media = [clip("part", 8), clip("whole", 20)]
    related = [copied("part", "whole", (0, 5, 8))]
    first = CaseInput("x", "part", claims=(Claim("X", posted=at(3, 16)),))
    posts = [post("p1", "channel", at(2, 37), "whole")]
    book = ledger(media, case_of(first), {0: "part"}, posts=posts, relations=related)
    assert pairs(book) == {("X", "channel")}
    assert "whole shows all of part" in only(book, "X").needs[0].through
    # The other way round it does not follow: a part was shown, and not yet the whole.
    first = replace(first, id="whole")
    posts = [post("p1", "channel", at(2, 37), "part")]
    assert pairs(ledger(media, case_of(first), {0: "whole"}, posts=posts, relations=related)) == set()


def test_a_posts_own_number_an_archive_and_a_forward_bound_it() -> None:
    late = post("p1", "late", at(12, 0), "a", coded=on(2, 37).astimezone(UTC))
    assert pairs(ledger([clip("a")], posts=[late])) == set()  # one source: see the entries
    entries = ledger([clip("a")], posts=[late]).entries
    assert [entry.conflicts_with for entry in entries] == [("t2",), ("t1",)]
    seen = post("p1", "seen", at(12, 0), "a", seen=on(11, 0))
    assert [len(entry.conflicts_with) for entry in ledger([clip("a")], posts=[seen]).entries] == [1, 1]
    later = post("p1", "seen", at(12, 0), "a", seen=on(13, 0))
    assert [len(entry.conflicts_with) for entry in ledger([clip("a")], posts=[later]).entries] == [0, 0]
    passed = post("p1", "passed", at(12, 0), "a", forwarded=Forward("origin", on(12, 30), on(12, 30)))
    assert [len(entry.conflicts_with) for entry in ledger([clip("a")], posts=[passed]).entries] == [1, 1]
    # What the forward passes on was posted before: the clip too.
    early = post("p1", "passed", at(12, 0), "a", forwarded=Forward("origin", on(2, 0), on(2, 0)))
    book = ledger([clip("a")], case_of(claimed("a", "X", 3, 0)), {0: "a"}, posts=[early])
    assert pairs(book) == {("X", "passed")}


def test_an_edited_post_shows_its_file_only_from_the_edit_on() -> None:
    plain = post("p1", "channel", at(2, 37), "a")
    case = case_of(claimed("a", "X", 3, 0))
    assert pairs(ledger([clip("a")], case, {0: "a"}, posts=[plain])) == {("X", "channel")}
    edited = replace(plain, edited=on(4, 0))
    assert pairs(ledger([clip("a")], case, {0: "a"}, posts=[edited])) == set()
    soon = replace(plain, edited=on(2, 40))
    assert pairs(ledger([clip("a")], case, {0: "a"}, posts=[soon])) == {("X", "channel")}


def test_a_post_without_a_zone_conflicts_only_past_all_zones() -> None:
    naive = datetime(2023, 5, 3, 2, 37)  # noqa: DTZ001 - an export without a zone
    for hour, day, conflicting in ((14, 3, False), (15, 3, True)):
        bare = replace(post("p1", "channel", None, "a"), start=naive, end=naive)
        claim = Claim("X", filmed=at(0, 0))
        moved = replace(claim, filmed=Moment(on(hour + 3, 0, 0, day), on(hour + 3, 1, 0, day)))
        case = case_of(CaseInput("a.mp4", "a", claims=(moved,)))
        assert bool(pairs(ledger([clip("a")], case, {0: "a"}, posts=[bare]))) is conflicting


def test_a_file_name_tells_a_time_and_cannot_be_earlier_than_the_filming() -> None:
    named = clip("a", path=Path("VID_20230503_020000.mp4"))
    book = ledger([named], case_of(claimed("a", "X", 2, 30)), {0: "a"})
    # Read as UTC it is 05:00 in Moscow, which allows the filming; in local time it does not.
    assert pairs(book) == set()
    entries = [entry for entry in book.entries if entry.source == "name of the file a"]
    assert [entry.readings for entry in entries] == [(entries[1].id,), (entries[0].id,)]
    assert "Android camera" in entries[0].what
    pixel = clip("a", path=Path("PXL_20230502_230000123.mp4"))
    assert pairs(ledger([pixel], case_of(claimed("a", "X", 2, 30)), {0: "a"})) == {
        ("X", "name of the file a")
    }
    maybe = clip("a", path=Path("1600000000.mp4"))
    assert pairs(ledger([maybe], case_of(claimed("a", "X", 2, 30)), {0: "a"})) == set()


def test_a_cameras_own_date_of_taking_counts_both_ways_but_for_a_filmed_screen() -> None:
    tags = {"exif": {"EXIF DateTimeOriginal": "2023:05:03 12:46:05", "EXIF OffsetTimeOriginal": "+03:00"}}
    monitor, dome = clip("m", tags=tags), clip("d")
    case = case_of(claimed("m", "X", 2, 43))
    assert pairs(ledger([monitor], case, {0: "m"})) == {("X", "metadata of m")}
    off_a_screen = copied("d", "m", (0, 0, 12), edits=("refilmed",), nearer="a")
    assert pairs(ledger([dome, monitor], case, {0: "m"}, relations=[off_a_screen])) == set()
    merely_written = clip("m", metadata=Metadata(taken="2023-05-03T12:46:05+03:00"))
    assert pairs(ledger([merely_written], case, {0: "m"})) == set()


def test_two_minutes_that_follow_each_other_share_no_moment() -> None:
    said = (Claim("X", posted=at(2, 37)), Claim("Y", posted=at(2, 38)))
    book = ledger([clip("a")], case_of(CaseInput("a.mp4", "a", claims=said)), {0: "a"})
    assert pairs(book) == {("X", "Y")}
    assert "would have to be wrong by some moments" in only(book, "X").needs[0].statement


def test_fractions_of_a_second_lie_within_their_second() -> None:
    inner = CaseInput("a", "a", claims=(Claim("X", filmed=Moment(on(2, 37, 59), on(2, 37, 59))),))
    moment = on(2, 37, 59).replace(microsecond=900_000)
    tags = {"exif": {"EXIF DateTimeOriginal": "2023:05:03 02:37:59", "EXIF SubSecTimeOriginal": "9",
                     "EXIF OffsetTimeOriginal": "+03:00"}}  # fmt: skip
    book = ledger([clip("a", tags=tags)], case_of(inner), {0: "a"})
    assert [entry.start for entry in book.entries if entry.kind == "made"] == [moment]
    assert book.conflicts == ()


def test_a_statement_whose_every_reading_is_excluded_by_one_or_another_conflicts_with_both() -> None:
    sun = Stated(
        Fact.FILMED, "sky", "shadow",
        (When(on(9), on(9, 20), "morning"), When(on(15), on(15, 20), "evening")), "the shadow", media="a",
    )  # fmt: skip
    posts = [post("p1", "channel", at(12, 0), "a")]  # not the evening
    clock = CaseInput("a", "a", claims=(Claim("X", filmed=Moment(on(11), on(23))),))  # nor the morning
    both = ledger([clip("a")], case_of(clock), {0: "a"}, posts=posts, more=[sun])
    assert pairs(both) == {("channel", "shadow"), ("X", "shadow")}
    needs = [need.statement for entry in both.entries for need in entry.needs]
    assert all(statement.startswith("No reading agrees with all of") for statement in needs)
    assert ledger([clip("a")], None, posts=posts, more=[sun]).conflicts == ()
    assert ledger([clip("a")], case_of(clock), {0: "a"}, posts=[], more=[sun]).conflicts == ()


def test_offsets_that_do_not_add_up_are_left_out_and_do_not_end_the_work() -> None:
    media = [clip(name, 60) for name in "abc"]
    related = [one_moment("a", "b", 5.0), one_moment("b", "c", 5.0), one_moment("a", "c", 500.0)]
    book = ledger(media, case_of(read("a", 2, 27, 0.0)), {0: "a"}, relations=related)
    (finding,) = shared_clocks(book.facts.network)
    assert finding.subjects == ("a", "c")
    assert "it cannot be that a and c show one moment (by sound, flash)" in finding.statement
    # 490 s around the loop, less the uncertainty of three offsets and a second's slack for each.
    assert finding.measurements[0].value == pytest.approx(490 - 3 * 1.1)
    assert shared_clocks(ledger(media, relations=related[:2]).facts.network) == ()


def test_a_claim_that_every_post_contradicts_tells_what_asks_most() -> None:
    posts = [post(f"p{n}", f"s{n}", at(2, n % 60, 59), "a") for n in range(60)]
    said = CaseInput("a.mp4", "a", claims=(Claim("X", posted=at(14, 57)),))
    book = ledger([clip("a")], case_of(said), {0: "a"}, posts=posts)
    entry = only(book, "X")
    assert len(entry.conflicts_with) == 60
    assert len(entry.needs) == SETTINGS.claims.needs
    assert [need.seconds for need in entry.needs] == sorted(each.seconds for each in entry.needs)[::-1]
    assert entry.needs[0].against == (only(book, "s0").id,)
    (judged,) = claims(case_of(said), {0: "a"}, Known(book, {"a": clip("a")}))
    assert len(judged.bearings) == SETTINGS.claims.needs + 1
    assert judged.bearings[-1].because.endswith(
        "60 entries of the timeline that speak of it, 10 are not listed."
    )


def test_conflicts_along_copies_are_exactly_those_that_no_moments_avoid() -> None:
    """Three clips of one recording, beginning hours apart, against every hour that they may be of."""
    chance, seen = random.Random(11), {True: 0, False: 0}
    for _ in range(300):
        begins = {"a": 0, "b": chance.randint(0, 3), "c": chance.randint(0, 3)}
        media = [clip(name, 5 * 3600) for name in begins]
        # What was filmed at hour 3 of the recording lies in each clip at hour 3 less its own beginning.
        related = [
            copied(one, other, (10800 - 3600 * begins[one], 10800 - 3600 * begins[other], 60))
            for one, other in (("a", "b"), ("b", "c"))
        ]
        held, inputs = {}, []
        for name, begin in begins.items():
            first, length = chance.randint(0, 10), chance.randint(0, 4)
            held[name] = range(first - begin, first + length - begin + 1)
            clock = Reading("clock", Moment(on(first), on(first + length)), 0.0, by=name)
            inputs.append(CaseInput(f"{name}.mp4", name, readings=(clock,)))
        book = ledger(media, case_of(*inputs), dict(enumerate(begins)), relations=related)
        found = {
            frozenset((book.stated[each.one].media, book.stated[each.other].media)) for each in book.conflicts
        }
        for one, other in combinations(begins, 2):
            fits = bool(set(held[one]) & set(held[other]))
            seen[fits] += 1
            assert (frozenset((one, other)) in found) != fits, (begins, held)
    assert min(seen.values()) > 100


def test_many_statements_are_quick() -> None:
    media = [clip(f"c{number}") for number in range(40)]
    related = [copied(a.id, b.id, (0, 0, 12)) for place, a in enumerate(media) for b in media[place + 1 :]]
    posts = [post(f"p{n}", f"s{n}", at(4, n % 60), f"c{n % 40}") for n in range(400)]
    case = case_of(*(claimed(item.id, f"by {item.id}", 2, 30) for item in media))
    book = ledger(media, case, {n: f"c{n}" for n in range(40)}, posts=posts, relations=related)
    assert book.conflicts == ()
    assert len(book.entries) == 440
