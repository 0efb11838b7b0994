from __future__ import annotations

from datetime import datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

import pytest

from verify.claims.case import Case, read_case
from verify.claims.inputs import CaseInput, Claim, Reading
from verify.claims.ledger import Fact, Stated
from verify.claims.moments import Moment
from verify.claims.stated_by_sky import stated_by_sky
from verify.claims.timeline import ledger
from verify.errors import CaseFileError
from verify.model import Inquiry, Media, MediaKind, Place, Role, Video

MOSCOW = Place("Red Square", 55.7525, 37.6175, "Europe/Moscow")
ZONE = timezone(timedelta(hours=3))
LONG_AS_HIGH = Reading(value=1.0, unit="shadow ratio", uncertainty=0.05, by="the desk")


def at(hour: int, minute: int = 0, day: int = 3) -> Moment:
    moment = datetime(2023, 5, day, hour, minute, tzinfo=ZONE)
    return Moment(moment, moment + timedelta(seconds=59))


def clip(name: str = "a", duration: int = 10) -> Media:
    video = Video("h264", 640, 360, 250, Fraction(25))
    return Media(
        name,
        Path(f"{name}.mp4"),
        Role.CLIP,
        MediaKind.VIDEO,
        video=video,
        duration=Fraction(duration),
    )


def case(reading: Reading, *filmed: Moment, place: Place = MOSCOW) -> Case:
    claims = tuple(Claim(f"somebody {number}", moment) for number, moment in enumerate(filmed, 1))
    return Case(
        Path("case.toml"),
        Inquiry("t", "q", place),
        (CaseInput("a.mp4", "a", claims=claims, readings=(reading,)),),
    )


def stated(reading: Reading, *filmed: Moment, place: Place = MOSCOW) -> list[Stated]:
    return list(stated_by_sky(case(reading, *filmed, place=place), [clip()], {0: "a"}))


def conflicting(reading: Reading, *filmed: Moment) -> set[str]:
    """Who is contradicted by the reading."""
    told = case(reading, *filmed)
    more = stated_by_sky(told, [clip()], {0: "a"})
    entries = ledger([clip()], told, {0: "a"}, more=more).entries
    sky = {entry.id for entry in entries if entry.kind == "sky"}
    return {entry.source for entry in entries if entry.kind == "claimed" and sky & set(entry.conflicts_with)}


def test_a_claimed_hour_that_the_shadow_does_not_allow_conflicts_with_it() -> None:
    # A shadow as long as its thing is high: around 10:40 and 14:14 there and then.
    assert conflicting(LONG_AS_HIGH, at(10, 40)) == set()
    assert conflicting(LONG_AS_HIGH, at(14, 14)) == set()
    assert conflicting(LONG_AS_HIGH, at(12, 30)) == {"somebody 1"}
    assert conflicting(LONG_AS_HIGH, at(12, 30), at(14, 14), at(2, 0)) == {"somebody 1", "somebody 3"}


def test_each_claimed_day_has_its_own_hours_and_other_days_stay_open() -> None:
    assert conflicting(LONG_AS_HIGH, at(10, 40), at(12, 30, day=9)) == {"somebody 2"}
    (one,) = stated(LONG_AS_HIGH, at(10, 40), at(12, 30, day=9))
    assert one.fact is Fact.FILMED
    days = [when.start.day if when.start else None for when in one.whens]
    assert days == [None, 3, 3, 4, 9, 9, 10]
    assert one.whens[-1].end is None
    assert all("another day" in one.whens[place].what for place in (0, 3, 6))


def test_a_reading_proves_no_day() -> None:
    # Posted a day before the claimed filming: the claim is in the way of that, and the shadow is not.
    (one,) = stated(LONG_AS_HIGH, at(10, 40))
    assert one.whens[0].start is None
    assert one.whens[0].end == datetime(2023, 5, 2, 23, 59, 59, tzinfo=ZONE)


def test_a_shadow_that_no_hour_of_the_day_has_contradicts_every_hour_of_it() -> None:
    high = Reading(value=5.0, unit="shadow ratio", uncertainty=0.1)
    assert conflicting(high, at(12, 30)) == {"somebody 1"}


def test_marked_points_speak_where_the_camera_is_known() -> None:
    marked = Reading(
        points=((0.5, 0.8), (0.6, 0.75), (0.5, 0.4)), horizon=0.35, focal_length=28.0, bearing=90.0
    )
    assert [each.wrong.split()[1] for each in stated(marked, at(12))] == ["shadow", "shadow"]
    assert stated(Reading(points=((0.5, 0.8), (0.6, 0.75))), at(12)) == []


@pytest.mark.parametrize(
    ("place", "filmed", "reason"),
    [
        (Place("somewhere"), (at(12),), "latitude"),
        (MOSCOW, (), "no day"),
        (MOSCOW, (Moment(at(0, day=1).start, at(0, day=31).end),), "more than 14"),
    ],
)
def test_hours_that_were_not_computed_are_told_with_the_reason(
    place: Place, filmed: tuple[Moment, ...], reason: str
) -> None:
    (one,) = stated(LONG_AS_HIGH, *filmed, place=place)
    assert one.fact is Fact.OTHER
    assert one.whens[0].start is one.whens[0].end is None
    assert reason in one.whens[0].what


def test_other_readings_say_nothing_of_the_sky() -> None:
    assert stated(Reading("a clock", shows=at(12)), at(12)) == []
    assert stated(Reading(value=-3.0, unit="degrees Celsius"), at(12)) == []


def test_a_case_file_carries_what_was_read_of_the_sky(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    text = """
        [[clip]]
        path = "a.mp4"
        [[clip.reading]]
        value = 0.8
        unit = "shadow ratio"
        uncertainty = 0.1
        [[clip.reading]]
        points = [[0.5, 0.8], [0.6, 0.75]]
        horizon = -0.2
        focal_length = 28
        bearing = 350
    """
    (tmp_path / "case.toml").write_text(text, "utf-8")
    ratio, marked = read_case(tmp_path / "case.toml").clips[0].readings
    assert ratio == Reading(value=0.8, unit="shadow ratio", uncertainty=0.1)
    assert (marked.horizon, marked.focal_length, marked.bearing) == (-0.2, 28.0, 350.0)
    for right, wrong in (("0.1", "-0.1"), ("28", "0"), ("350", '"north"')):
        (tmp_path / "case.toml").write_text(text.replace(right, wrong), "utf-8")
        with pytest.raises(CaseFileError):
            read_case(tmp_path / "case.toml")
