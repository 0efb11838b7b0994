"""Claims: what bears on each, by what was read, posted and found, and what does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ledger_build import at, case_of, clip, copied, on, post

from verify.claims import CaseInput, Claim, Known, Reading, claims, ledger
from verify.model import (
    WHOLE,
    Bearing,
    Finding,
    Measurement,
    Media,
    Metadata,
    Outcome,
    Post,
    Registration,
    Relation,
    RelationKind,
    Statement,
)
from verify.model import Claim as Judged


def judged(
    clips: Sequence[CaseInput],
    media: Sequence[Media] = (clip("a"), clip("b")),
    relations: Sequence[Relation] = (),
    posts: Sequence[Post] | None = None,
    findings: Sequence[Finding] = (),
    statements: tuple[Statement, ...] = (),
) -> tuple[Judged, ...]:
    case, ids = case_of(*clips, statements=statements), {place: each.id for place, each in enumerate(clips)}
    book = ledger(media, case, ids, posts=posts, relations=relations)
    return claims(case, ids, Known(book, {each.id: each for each in media}, relations, findings))


def of(name: str, *said: Claim, readings: tuple[Reading, ...] = ()) -> CaseInput:
    return CaseInput(f"{name}.mp4", name, claims=said, readings=readings)


def bears(claim: Judged) -> list[tuple[str, str]]:
    return [(each.what, each.bears) for each in claim.bearings]


def test_statements_on_causes_come_out_as_claims_that_the_clips_do_not_bear_on() -> None:
    said = (
        Statement(
            "the president's office", "Two drones were aimed at the residence.", on(14, 33), ("a", "b")
        ),
        Statement("an institute", "The state staged it itself.", on(23, 30), ("b",)),
        Statement("a former deputy", "They were started from inside the country.", on(20), ("a",)),
        Statement("the other side", "We have nothing to do with it.", on(15, 40), ("a", "b")),
    )
    related = [Relation("a", "b", RelationKind.SAME_PLACE, ("made up",))]
    found = judged([of("a"), of("b")], relations=related, statements=said)
    assert [claim.by for claim in found] == [each.by for each in said]
    assert [claim.at for claim in found] == [each.at for each in said]
    for claim in found:
        assert bears(claim) == [("text", "does_not_bear")]
        assert "that tells nothing of who did something, or why" in claim.bearings[0].because
    # Side by side are those about a common clip.
    assert [claim.beside for claim in found] == [
        ("c2", "c3", "c4"),
        ("c1", "c4"),
        ("c1", "c4"),
        ("c1", "c2", "c3"),
    ]


def test_a_statement_that_gives_a_time_as_such_is_checked_for_each_clip_that_it_is_about() -> None:
    clock = Reading("tower clock", at(2, 27), 3.0, by="the desk")
    said = Statement("paper B", "The clock shows 02:13.", on(12, day=4), ("a", "b"), "page 3")
    case = case_of(of("a", readings=(clock,)), of("b"), statements=(said,))
    case = replace(case, given=(Claim("paper B", filmed=at(2, 13), source="page 3"),))
    media = {name: clip(name) for name in "ab"}
    book = ledger(media.values(), case, {0: "a", 1: "b"})
    (found,) = claims(case, {0: "a", 1: "b"}, Known(book, media))
    assert bears(found) == [("entry", "contradicts"), ("text", "does_not_bear")]
    assert found.says == "The clock shows 02:13. (said to be filmed 2023-05-03 02:13 +03:00)"
    assert [entry.media for entry in book.entries if entry.kind == "claimed"] == ["a", "b"]
    assert len([entry for entry in book.entries if entry.conflicts_with]) == 2


def test_statements_of_one_topic_stand_side_by_side_and_others_do_not() -> None:
    said = [Statement("x", f"text {number}", None, ("a",)) for number in range(3)]
    said = [
        replace(said[0], topic="cause"),
        replace(said[1], topic="time"),
        replace(said[2], topic="cause", about=("b",)),
    ]
    found = judged([of("a"), of("b")], statements=tuple(said))
    assert [claim.beside for claim in found] == [("c3",), (), ("c1",)]


def test_a_clock_in_the_picture_supports_or_contradicts_the_claimed_time() -> None:
    clock = Reading("tower clock", at(2, 27), 3.0, by="the desk")
    right, wrong = Claim("X", filmed=at(2, 27)), Claim("Y", filmed=at(2, 43))
    rough, narrow = Claim("Z", filmed=at(2, 0, 7200)), Claim("W", filmed=at(2, 27, 20))
    found = judged([of("a", right, wrong, rough, narrow, readings=(clock,))])
    assert [bears(each) for each in found] == [
        [("entry", "supports")],
        [("entry", "contradicts")],
        [("entry", "supports")],
        [("entry", "does_not_bear")],
    ]
    assert "by at least 15 minutes" in found[1].bearings[0].because
    assert found[0].says == "said to be filmed 2023-05-03 02:27 +03:00"
    assert found[1].beside == ("c1", "c3", "c4")


def test_what_was_read_in_a_copy_bears_on_the_claim_about_the_other() -> None:
    clock = Reading("tower clock", at(2, 43), 5.0, by="the desk")
    related = [copied("a", "b", (2, 0, 8))]
    inputs = [of("a", readings=(clock,)), of("b", Claim("X", filmed=at(2, 43)), Claim("Y", filmed=at(2, 30)))]
    found = judged(inputs, relations=related)
    assert [bears(each) for each in found] == [[("entry", "supports")], [("entry", "contradicts")]]
    for each in found:
        assert "a and b are copies of one recording" in each.bearings[0].because


def test_people_are_no_evidence_for_each_other() -> None:
    found = judged([of("a", Claim("X", filmed=at(2, 27)), Claim("Y", filmed=at(2, 27)))])
    assert [bears(each) for each in found] == [[("text", "does_not_bear")]] * 2
    found = judged([of("a", Claim("X", filmed=at(2, 27)), Claim("Y", filmed=at(2, 43)))])
    assert [bears(each) for each in found] == [[("text", "does_not_bear")]] * 2
    assert [each.beside for each in found] == [("c2",), ("c1",)]


def test_a_files_date_supports_in_the_reading_that_fits() -> None:
    media = [clip("a", metadata=Metadata(taken="2023-05-02T23:27:31"))]
    (fits,) = judged([of("a", Claim("X", filmed=at(2, 27)))], media)
    assert bears(fits) == [("entry", "supports")]
    assert "read as UTC, it fits the claimed time; such dates are easily changed" in fits.bearings[0].because
    (later,) = judged([of("a", Claim("X", filmed=at(2, 20)))], media)
    assert bears(later) == [("text", "does_not_bear")]  # files are written later


def test_posts_bear_on_a_claimed_first_posting() -> None:
    said = [Claim("X", posted=at(2, 37)), Claim("Y", posted=at(14, 57))]
    posts = [post("p1", "channel", at(2, 37), "a"), post("p2", "other", at(3, 16), "a")]
    right, wrong = judged([of("a", *said)], posts=posts)
    assert bears(right) == [("entry", "supports")]
    assert "need not be the first" in right.bearings[0].because
    assert bears(wrong) == [("entry", "contradicts")] * 2
    (second,) = judged([of("a", Claim("Z", posted=at(3, 16)))], posts=posts)
    assert bears(second) == [("entry", "contradicts"), ("entry", "does_not_bear")]
    (none,) = judged([of("a", said[0])], posts=[])
    assert bears(none) == [("text", "does_not_bear")]


def test_being_the_first_is_held_against_copies_and_their_posts() -> None:
    related = [copied("a", "b", (2, 0, 8), nearer="a")]
    posts = [post("p1", "channel", at(14, 57), "a"), post("p2", "City Live", at(15, 20), "b")]
    (late,) = judged([of("b", Claim("City Live", first=True))], relations=related, posts=posts)
    assert bears(late) == [("relation", "contradicts"), ("entry", "contradicts")]
    (early,) = judged([of("a", Claim("channel", first=True))], relations=related, posts=posts)
    assert bears(early) == [("relation", "supports"), ("entry", "supports")]
    (unposted,) = judged([of("b", Claim("City Live", first=True))], relations=related, posts=posts[:1])
    assert bears(unposted) == [("relation", "contradicts"), ("entry", "does_not_bear")]
    (alone,) = judged([of("b", Claim("City Live", first=True))], posts=posts)
    assert bears(alone) == [("text", "does_not_bear")]


def test_a_claimed_place_is_held_against_positions() -> None:
    def place(latitude: float, radius: float | None = None) -> list[tuple[str, str]]:
        said = Claim("X", place="the square", position=(latitude, 37.6175), radius=radius)
        media = [
            clip("a", metadata=Metadata(position=(55.7525, 37.6175))),
            clip("b", metadata=Metadata(position=(55.76, 37.6175))),
        ]
        registration = Registration("fundamental", ((1.0, 0.0, 0.0),) * 3, 30, WHOLE, WHOLE)
        related = [Relation("a", "b", RelationKind.SAME_PLACE, ("made up",), registration=registration)]
        (found,) = judged([of("a", said)], media, related)
        return bears(found)

    assert place(55.7525) == [("metadata", "supports"), ("relation", "supports")]  # 0 and 0.8 km
    assert place(55.78) == [("metadata", "does_not_bear"), ("relation", "does_not_bear")]  # 3.1 and 2.2 km
    assert place(55.78, 4000.0) == [("metadata", "supports"), ("relation", "supports")]
    assert place(56.7525) == [("metadata", "contradicts"), ("relation", "contradicts")]  # 111 km


def test_a_place_without_positions_to_hold_against_is_not_borne_on() -> None:
    words, point = judged([of("a", Claim("X", place="the roof"), Claim("Y", position=(55.7, 37.6)))])
    assert bears(words) == [("text", "does_not_bear")]
    assert "latitude and longitude" in words.bearings[0].because
    assert bears(point) == [("text", "does_not_bear")]
    assert point.says == "said to be filmed at: 55.7, 37.6"
    assert words.beside == ("c2",)


def test_brightness_contradicts_the_claim_that_it_was_held_against() -> None:
    light = Finding(
        "claimed-light/1", ("a",), Outcome.INCONSISTENT,
        "At 2023-05-03T12:00:00+03:00 (claimed by Y; a clock, read by Z) the sun was high; the sky is dark.",
        "limits", (Measurement("sun altitude", 50.0, "degree"),),
    )  # fmt: skip
    said = Claim("Y", filmed=at(12, 0)), Claim("Yes", filmed=at(13, 0))
    named, other = judged([of("a", *said)], findings=[light])
    assert bears(named) == [("finding", "contradicts")]
    assert bears(other) == [("text", "does_not_bear")]
    fits = replace(light, outcome=Outcome.CONSISTENT)
    assert bears(judged([of("a", *said)], findings=[fits])[0]) == [("finding", "does_not_bear")]


def test_words_beside_a_time_stand_for_themselves() -> None:
    (found,) = judged(
        [of("a", Claim("X", filmed=at(2, 27), says="Everybody saw it.", at=at(15, 0), topic="time"))]
    )
    assert found.bearings[-1] == Bearing("text", "says", "does_not_bear", found.bearings[-1].because)
    assert (found.at, found.topic, found.about) == (on(15), "time", ("a",))
    assert found.says.endswith("; Everybody saw it.")
