"""Sentences, numbers, summaries and drawings to scale."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from itertools import combinations

import pytest
from report_build import MOSCOW, clip, copy, hostile, many, minimal, place, reference, rich, span

from verify.model import Entry, Footage, Offset, Outcome, Relation, RelationKind
from verify.report import digest, scales, summary, units, visible, wording
from verify.report.escape import visible_lines


def relation(kind: RelationKind, **more: object) -> Relation:
    return Relation("a", "b", kind, ("x",), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0.00 s"),
        (Fraction(12485, 1000), "12.48 s"),
        (59.999, "1:00.00"),
        (Fraction(62), "1:02.00"),
        (3723.5, "1:02:03.50"),
        (-0.5, "-0.50 s"),
        (-0.001, "0.00 s"),
    ],
)
def test_time(value: Fraction | float, text: str) -> None:
    assert units.time(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (999_600, "1.0 MB"),
        (2_300_000, "2.3 MB"),
        (5e15, "5000.0 TB"),
    ],
)
def test_size(value: int, text: str) -> None:
    assert units.size(int(value)) == text


def test_moments_say_their_zone_or_that_they_have_none() -> None:
    bare = datetime(2023, 5, 3, 2, 37)  # noqa: DTZ001
    assert units.moment(bare) == "3 May 2023, 02:37:00 (no zone given)"
    assert units.moment(bare.replace(tzinfo=UTC)) == "3 May 2023, 02:37:00 UTC"
    assert units.moment(bare.replace(tzinfo=MOSCOW)) == "3 May 2023, 02:37:00 +03:00"
    assert units.moment(None) == "open"


def test_an_interval_is_no_longer_than_it_needs_to_be() -> None:
    at = datetime(2023, 5, 3, 2, 37, tzinfo=MOSCOW)
    assert units.interval(None, None) == "open"
    assert units.interval(at, at) == "3 May 2023, 02:37:00 +03:00"
    assert units.interval(at, at.replace(second=59)) == "3 May 2023, 02:37 +03:00"
    assert units.interval(at, at.replace(second=58)) == (
        "3 May 2023, 02:37:00 +03:00 to 3 May 2023, 02:37:58 +03:00"
    )
    assert units.interval(at, None) == "from 3 May 2023, 02:37:00 +03:00"
    assert units.interval(None, at) == "until 3 May 2023, 02:37:00 +03:00"


def test_a_contradiction_names_its_sources_once_for_all_sides() -> None:
    assert digest.contradictions(rich()) == (
        "smoke: not all of this can be right: 3 May 2023, 02:37 +03:00, smoke is posted "
        "(residents' channel); from 3 May 2023, 14:57:00 +03:00, first seen at 14:57 (agency).",
    )
    at = datetime(2023, 5, 3, 2, 37, tzinfo=MOSCOW)
    names = [f"t{number}" for number in range(6)]
    entries = tuple(
        Entry(name, at, at, "read", f"clock: {name}", "x", None, tuple(n for n in names if n != name))
        for name in names
    )
    (told,) = digest.contradictions(replace(minimal(), timeline=entries))
    assert told.count("clock (x)") == 4
    assert told.endswith("; 2 more.")


def test_an_inspection_tells_what_the_files_say() -> None:
    report = replace(rich(), command="inspect")
    consistent = [f for f in report.findings if f.outcome is Outcome.CONSISTENT]
    assert consistent
    for finding in consistent:
        assert finding.statement in summary(report)
        assert finding.statement not in summary(rich())


def test_lists() -> None:
    assert units.listed(["a"]) == "a"
    assert units.listed(["a", "b"]) == "a and b"
    assert units.listed(["a", "b", "c"]) == "a, b and c"
    assert units.listed(list("abcdef"), 3) == "a, b and 4 others"
    assert units.listed([]) == ""
    assert units.count(1, "file") == "1 file"
    assert units.count(1574, "pair") == "1,574 pairs"


@pytest.mark.parametrize("kind", RelationKind)
def test_every_kind_has_its_words(kind: RelationKind) -> None:
    segments = copy("a", "b").segments
    sentence = wording.sentence(relation(kind, segments=segments))
    assert "a" in sentence
    assert sentence.endswith(".")
    assert len({wording.LETTERS[kind] for kind in RelationKind}) == len(RelationKind)
    assert wording.NAMES[kind]
    assert wording.GLOSSARY[kind]
    assert "unrelated" not in sentence.replace("That is not proof that they are unrelated.", "")


def test_shared_sound_is_told_apart_from_shared_pictures() -> None:
    heard = replace(relation(RelationKind.NONE_FOUND), sound="same_recording")
    assert "pictures of" in wording.sentence(heard)
    assert wording.sound(heard) == (
        "The sound, in part or whole, is the same recording. A shared sound track does not make them copies."
    )
    copied = replace(copy("a", "b"), sound="same_recording")
    assert wording.sound(copied) == "The sound, in part or whole, is the same recording."
    other = replace(copied, sound="different")
    assert wording.sound(other) == "Other sound lies under the shared pictures."
    assert wording.sound(copy("a", "b")) == ""


def test_inputs_that_share_sound_alone_have_a_headline_of_their_own() -> None:
    report = many(4)
    names = [media.id for media in report.media]
    none = [Relation(a, b, RelationKind.NONE_FOUND, ("measured",)) for a, b in combinations(names, 2)]
    shared = [
        replace(each, sound="same_recording") if {each.a, each.b} <= set(names[:3]) else each for each in none
    ]
    told = [line.text for line in digest.headlines(replace(report, relations=tuple(shared)))]
    assert told[0].startswith(f"The same sound lies in {units.listed(names[:3])}, and nothing was found")
    assert told[1].startswith("In 3 pairs, nothing was found")
    chained = [
        replace(each, sound=None) if {each.a, each.b} == {names[0], names[2]} else each for each in shared
    ]
    told = [line.text for line in digest.headlines(replace(report, relations=tuple(chained)))]
    assert "joined by shared sound" in told[0]


def test_the_house_wording() -> None:
    assert "No shared moment was found." in wording.sentence(relation(RelationKind.SAME_PLACE))
    assert "refuted" in wording.sentence(relation(RelationKind.SAME_CAMERA, footage=Footage.REFUTED))
    undetermined = wording.sentence(relation(RelationKind.SAME_CAMERA, footage=Footage.NOT_DETERMINED))
    assert "could not be determined" in undetermined
    offset = Offset(-2.5, 0.04, ("sound", "flash"))
    assert wording.sentence(relation(RelationKind.SAME_EVENT, offset=offset)) == (
        "a and b show one moment from different cameras. A moment at t in a is at t - 2.50 s in b, "
        "give or take 0.04 s, by sound and flash."
    )


def test_a_segment_tells_how_it_lies() -> None:
    base = copy("a", "b").segments[0]
    told = wording.segment(replace(base, mirrored=True, reversed=True, speed=1.25), "a", "b")
    assert told == (
        "2.00 to 10.20 s of a is 0.00 to 8.20 s of b, mirrored, played backwards, at 1.250 times the speed, "
        "agreement 0.97, give or take 0.04 s."
    )
    assert wording.segment(replace(base, uncertainty=Fraction(0)), "a", "b").endswith("agreement 0.97.")


def test_strength_is_told_only_where_it_was_calibrated() -> None:
    assert wording.strength(relation(RelationKind.SAME_PLACE)) == ""
    assert "strong" in wording.strength(relation(RelationKind.SAME_PLACE, log10_lr=3.4, support="strong"))


def test_headlines_cover_every_pair_strongest_first() -> None:
    lines = digest.headlines(rich())
    assert [line.kind.value for line in lines] == [
        "identical",
        "copy",
        "same_place",
        "same_place",
        "none_found",
        "inconclusive",
    ]
    assert lines[1].text.startswith("dome, repost, monitor and remux are copies of one recording")
    assert lines[1].text.endswith("Of these, dome is nearest the source.")
    assert lines[4].text.startswith("In 6 pairs, nothing was found that relates them.")


def test_copies_that_do_not_all_match_are_told_apart_from_a_full_family() -> None:
    pairs = (copy("smoke", "dome"), copy("dome", "repost"))
    lines = digest.headlines(replace(rich(), relations=pairs, families=()))
    assert lines[0].text.startswith(
        "smoke, dome and repost are joined by copies: each shares a recording with"
    )


def test_two_copies_take_their_direction_from_the_relation() -> None:
    report = replace(rich(), relations=(copy("smoke", "dome", nearer_source="b"),), families=())
    assert digest.headlines(report)[0].text.endswith("Of these, dome is nearest the source.")


def test_the_summary_of_the_terminal() -> None:
    lines = summary(rich()).splitlines()
    assert lines[0] == "Two clips over the dome"
    assert lines[-1] == wording.DISCLAIMER
    assert "inconsistent  repost: The post is dated 14 minutes before the file's own date." in lines
    assert "broken was not examined: no frame could be decoded." in lines
    assert summary(minimal()).endswith(wording.DISCLAIMER + "\n")
    assert len(summary(many(100)).splitlines()) < 30


def test_a_file_cannot_steer_the_terminal() -> None:
    written = summary(hostile())
    assert {char for char in written if not char.isprintable()} <= {"\n"}
    forged = replace(minimal(), media=(clip("a\nA clean bill of health", 1),))
    assert "\nA clean bill" not in summary(forged)


def test_what_is_hidden_is_shown() -> None:
    assert visible("a\u202eb\x1b\x9b\n\t") == (
        "a\u2039U+202E\u203ab\u2039U+001B\u203a\u2039U+009B\u203a\u2039U+000A\u203a\u2039U+0009\u203a"
    )
    assert visible_lines("a\r\nb\rc") == "a\nb\u2039U+000D\u203ac"
    assert visible("\U000e0041\ufeff\u200b") == "\u2039U+E0041\u203a\u2039U+FEFF\u203a\u2039U+200B\u203a"
    assert visible("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u65e5\u672c \U0001f44d") == (
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u65e5\u672c \U0001f44d"
    )


def test_bars_lie_to_scale() -> None:
    drawn = scales.bars(copy("a", "b"), clip("a", 16.4), clip("b", 8.2))
    assert drawn is not None
    assert (drawn.a.length, drawn.b.length) == (100.0, 50.0)
    assert (drawn.a.marks[0].left, drawn.a.marks[0].width) == (12.2, 50.0)
    assert drawn.bands[0] == ("12.20,0 62.20,0 50.00,100 0.00,100", False)


def test_a_reversed_stretch_crosses_over() -> None:
    segment = replace(copy("a", "b").segments[0], reversed=True)
    drawn = scales.bars(copy("a", "b", segments=(segment,)), clip("a", 16.4), clip("b", 8.2))
    assert drawn is not None
    assert drawn.bands[0][0] == "12.20,0 62.20,0 0.00,100 50.00,100"


def test_a_picture_of_a_clip_is_a_point_of_its_bar() -> None:
    segment = replace(copy("a", "b").segments[0], a=span(3, 3.04), b=span(0, 0))
    drawn = scales.bars(copy("a", "b", segments=(segment,)), clip("a", 10), reference("b"))
    assert drawn is not None
    assert drawn.a.marks[0].left == 30.0
    assert drawn.b.length < 2


def test_a_segment_past_the_end_stays_on_the_drawing() -> None:
    drawn = scales.bars(copy("a", "b"), clip("a", 10), clip("b", 8))
    assert drawn is not None
    assert all(mark.left + mark.width <= 100.01 for lane in (drawn.a, drawn.b) for mark in lane.marks)


def test_same_place_pairs_are_said_around_a_centre() -> None:
    report = replace(rich(), relations=(place("smoke", "dome"), place("smoke", "quay")))
    assert [line.text for line in digest.headlines(report)] == [
        "smoke shows the same place as dome and quay, from a different camera. No shared moment was found."
    ]


def test_a_family_tells_a_difference_once_and_what_could_have_been_shown_comes_first() -> None:
    seen = rich().relations[0].differences[0]
    longer = replace(seen, at=span(0, 12), comparable=False, statement="longer")
    again = replace(seen, present_in="repost", statement="again")
    report = replace(
        rich(),
        relations=(
            place("smoke", "dome", differences=(longer, seen)),
            place("smoke", "repost", differences=(again,)),
        ),
    )
    assert [difference.statement for difference in digest.differences(report)] == [seen.statement, "longer"]
    alone = digest.differences(replace(report, families=()))
    assert [difference.statement for difference in alone] == [seen.statement, "again", "longer"]
    lasting = replace(seen, at=span(0, 11), statement="lasting")
    assert [one.statement for one in digest.weightiest((longer, seen, lasting))] == [
        "lasting",
        seen.statement,
        "longer",
    ]


def test_many_differences_do_not_drown_the_summary() -> None:
    seen = rich().relations[0].differences[0]
    report = replace(rich(), relations=(place("smoke", "dome", differences=(seen,) * 60),))
    lines = summary(report).splitlines()
    assert sum(line.startswith("difference") for line in lines) == 5
    assert "difference  56 further differences, in the report" in lines


def test_a_batch_tells_of_the_pairs_that_it_leaves_out() -> None:
    report = replace(many(10), relations=())
    assert [line.text for line in digest.headlines(report)] == [
        "In 45 pairs, nothing was found that relates them. That is not proof that they are unrelated."
    ]
    assert digest.headlines(replace(report, command="inspect")) == ()
