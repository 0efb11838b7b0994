"""The timeline's picture: where bars lie, where the scale is cut, what is joined."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from report_build import CREATED, HOSTILE, MOSCOW, minimal, rich

from verify.model import Entry, Need
from verify.report import to_html
from verify.report.axis import axis
from verify.report.conflicts import conflicts
from verify.report.statements import grouped, stars
from verify.report.timeline_svg import NARROW, WIDE, drawing

NIGHT = datetime(2023, 5, 3, 2, 13, tzinfo=MOSCOW)


def entry(number: int, minutes: float, kind: str = "posted", **more: object) -> Entry:
    start = NIGHT + timedelta(minutes=minutes)
    values = {"what": "said", "source": f"channel {number}", "media": "smoke", **more}
    return Entry(f"t{number}", start, start + timedelta(seconds=59), kind, **values)  # type: ignore[arg-type]


def test_an_axis_keeps_the_order_of_moments_whatever_they_are() -> None:
    chance = random.Random(4)
    for _ in range(60):
        moments = sorted(
            {chance.choice([1, 60, 86400, 10**9]) * chance.random() for _ in range(chance.randint(1, 30))}
        )
        scale = axis(moments, 800, chance.randint(1, 8))
        places = [scale.at(moment) for moment in moments]
        assert all(left < right for left, right in pairwise(places)), moments
        assert places[0] >= 0
        assert places[-1] <= 800
        assert scale.at(moments[0] - 1) == 0
        assert scale.at(moments[-1] + 1) == 800


def test_a_date_of_1970_does_not_squash_the_night() -> None:
    epoch = Entry(
        "t9", datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC), "made", "x", "y", "dome"
    )
    drawn = drawing([entry(1, 14), entry(2, 30), entry(3, 24), epoch])
    assert drawn is not None
    at = {row.label.split()[0]: row.bars[0].x for row in drawn.rows}
    assert at["t9"] < at["t1"] < at["t3"] < at["t2"]
    assert at["t2"] - at["t1"] > 100
    assert drawn.breaks
    assert {tick.year for tick in drawn.ticks} - {""} == {"1970", "2023"}


def test_even_moments_are_not_cut() -> None:
    drawn = drawing([entry(number, 10 * number) for number in range(6)])
    assert drawn is not None
    assert drawn.breaks == ()
    steps = {round(two.bars[0].x - one.bars[0].x) for one, two in pairwise(drawn.rows)}
    assert max(steps) - min(steps) <= 1


def test_lanes_follow_each_other_and_hold_their_rows() -> None:
    drawn = drawing(rich().timeline)
    assert drawn is not None
    assert [name.split()[0] for _, _, name in drawn.lanes] == ["Made:", "Posted", "Claimed", "Said", "Read"]
    assert [row.kind for row in drawn.rows] == ["made", "posted", "claimed", "said", "read", "read"]
    assert all(one[0] + one[1] == two[0] for one, two in pairwise(drawn.lanes))
    assert drawn.height >= max(row.y for row in drawn.rows)
    assert drawn.zone == "at +03:00"


def test_open_ends_are_drawn_to_the_edge_and_no_zone_covers_the_world() -> None:
    drawn = drawing(rich().timeline)
    assert drawn is not None
    bars = {row.label.split()[0]: row.bars[0] for row in drawn.rows}
    assert (bars["t3"].open_start, bars["t3"].open_end) == (False, True)
    assert bars["t3"].x + bars["t3"].width == pytest.approx(WIDE, abs=0.2)
    assert (bars["t5"].open_start, bars["t5"].open_end) == (True, False)
    assert bars["t5"].x == pytest.approx(drawn.left, abs=0.2)
    assert bars["t6"].zoneless
    assert bars["t6"].width > bars["t1"].width


def test_a_rail_joins_a_statement_with_all_that_it_conflicts_with() -> None:
    drawn = drawing(rich().timeline)
    assert drawn is not None
    (rail,) = drawn.rails
    rows = {row.label.split()[0]: row.y for row in drawn.rows}
    assert {rail.centre, *rail.others} == {rows["t1"], rows["t3"]}
    assert rail.title == "t1 conflicts with t3"
    assert [row.flagged for row in drawn.rows] == [False, True, True, False, False, False]


def test_stars_cover_every_pair_once() -> None:
    chance = random.Random(7)
    for _ in range(40):
        size = chance.randint(2, 12)
        pairs = {(i, j) for i in range(size) for j in range(i) if chance.random() < 0.3}
        entries = [
            entry(i, i, conflicts_with=tuple(f"t{j}" for j in range(size) if {(i, j), (j, i)} & pairs))
            for i in range(size)
        ]
        found, left = stars(grouped(entries), 100)
        covered = [
            tuple(sorted((centre, other), reverse=True)) for centre, others in found for other in others
        ]
        assert sorted(covered) == sorted(pairs)
        assert left == 0


def test_years_are_labelled_where_they_begin() -> None:
    moments = [datetime(year, 7, 1, tzinfo=UTC).timestamp() for year in range(2001, 2024)]
    scale = axis(moments, 900, 1)
    ticks = scale.ticks(UTC)
    assert len(ticks) > 3
    for tick in ticks:
        assert tick.x == pytest.approx(scale.at(datetime(int(tick.text), 1, 1, tzinfo=UTC).timestamp()))


def test_times_without_any_zone_are_drawn_as_written() -> None:
    bare = [replace(each, start=each.start.replace(tzinfo=None), end=each.end.replace(tzinfo=None))  # type: ignore[union-attr]
            for each in (entry(1, 0), entry(2, 30), entry(3, 60))]  # fmt: skip
    drawn = drawing(bare)
    assert drawn is not None
    assert drawn.zone == "as written, without a zone"
    assert [row.label[:8] for row in drawn.rows] == ["t1 02:13", "t2 02:43", "t3 03:13"]
    assert max(row.bars[0].width for row in drawn.rows) < 20


def test_another_day_is_told_with_the_clock() -> None:
    drawn = drawing([entry(1, 0), entry(2, 1), entry(3, 1440), entry(4, -1440 * 400)])
    assert drawn is not None
    labels = {row.label.split(" channel")[0] for row in drawn.rows}
    assert labels == {"t1 02:13", "t2 02:14", "t3 4 May 02:13", "t4 29 Mar 2022 02:13"}


def test_two_readings_of_one_date_share_a_row() -> None:
    one, two = entry(1, 0, "made", readings=("t2",)), entry(2, 180, "made", readings=("t1",))
    drawn = drawing([one, two, entry(3, 60)])
    assert drawn is not None
    made = [row for row in drawn.rows if row.kind == "made"]
    assert len(made) == 1
    assert len(made[0].bars) == 2
    assert made[0].label.startswith("t1/t2 smoke")


def test_a_long_lane_shares_a_row_but_shows_its_conflicts() -> None:
    many = [entry(number, number) for number in range(40)]
    many[30] = replace(many[30], conflicts_with=("t90",))
    drawn = drawing([*many, entry(90, 500, "claimed", conflicts_with=("t30",))])
    assert drawn is not None
    posted = [row for row in drawn.rows if row.kind == "posted"]
    assert len(posted) == 12
    assert posted[-1].label == "29 more statements"
    assert len(posted[-1].bars) == 29
    assert any(row.label.startswith("t30 ") and row.flagged for row in posted)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_labels_stay_on_the_drawing(width: float) -> None:
    long = [
        replace(entry(number, 37 * number**2), source="a channel with a very long name " * 4)
        for number in range(9)
    ]
    drawn = drawing(long, width)
    assert drawn is not None
    for row in drawn.rows:
        assert row.label.endswith("\u2026")
        assert (row.label_x > 90) if row.label_end else (row.label_x < width - 80)


def test_the_oldest_and_the_latest_dates_are_drawn() -> None:
    earliest, latest = datetime.min.replace(tzinfo=MOSCOW), datetime.max.replace(tzinfo=UTC)
    first = Entry("t1", earliest, earliest, "made", "x", "y")
    last = Entry("t2", None, latest, "made", "x", "y")
    naive = Entry("t3", latest.replace(tzinfo=None), None, "made", "x", "y")
    drawn = drawing([first, last, naive])
    assert drawn is not None
    assert len(drawn.ticks) >= 2
    assert to_html(replace(minimal(), timeline=(first, last, naive)))
    assert drawing([Entry("t1", None, None, "said", "x", "y"), first]) is None


def test_a_hostile_timeline_is_shown_as_text() -> None:
    bad = [
        replace(entry(number, number), what=HOSTILE, source=HOSTILE, media=HOSTILE, kind=HOSTILE)
        for number in range(3)
    ]
    page = to_html(replace(minimal(), timeline=tuple(bad)))
    assert "<script" not in page
    assert "\u202e" not in page


def test_each_side_of_a_conflict_says_what_it_would_need() -> None:
    one = entry(
        1,
        0,
        conflicts_with=("t2", "t3"),
        needs=(Need(("t2", "t3"), 60, "For this to hold, B would.", ("a chain",)),),
    )
    two = entry(
        2,
        9,
        "claimed",
        readings=("t3",),
        conflicts_with=("t1",),
        needs=(Need(("t1",), 60, "For this to hold, A would."),),
    )
    three = entry(3, 99, "claimed", readings=("t2",), conflicts_with=("t1",))
    (versus,), total = conflicts([one, two, three], 9)
    assert total == 1
    assert conflicts([one, two, three], 0) == ((), 1)
    assert [[each.id for each in side.entries] for side in versus.sides] == [["t1"], ["t2", "t3"]]
    assert [side.needs for side in versus.sides] == [
        ("For this to hold, B would.",),
        ("For this to hold, A would.",),
    ]
    assert versus.through == ("a chain",)
    page = to_html(replace(minimal(), timeline=(one, two, three), created=CREATED))
    assert "What cannot all be right" in page
    assert page.index("For this to hold, B would.") < page.index("For this to hold, A would.")
