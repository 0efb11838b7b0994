from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from verify.checks import CHECKS, Evidence
from verify.checks.claimed_light import claimed_light
from verify.checks.distances import bang_distance, claimed_place
from verify.claims import CaseInput, Claim, Moment, Reading
from verify.model import (
    Box,
    Finding,
    Media,
    MediaKind,
    Metadata,
    Outcome,
    Place,
    Role,
    Video,
)

MOSCOW = Place("Red Square", 55.7525, 37.6175, "Europe/Moscow")
NIGHT = datetime(2023, 5, 2, 23, 30, tzinfo=UTC)
NOON = datetime(2023, 5, 3, 9, 30, tzinfo=UTC)
DUSK = datetime(2023, 5, 3, 17, 30, tzinfo=UTC)
SKY = Reading("open sky", box=Box(0.0, 0.0, 1.0, 0.35))
Levels = NDArray[np.float32]


def clip(said: Metadata | None = None) -> Media:
    video = Video("h264", 640, 360, 50, Fraction(25))
    return Media("a", Path("a.mp4"), Role.CLIP, MediaKind.VIDEO, video=video, metadata=said or Metadata())


def filmed(*moments: datetime, readings: tuple[Reading, ...] = ()) -> CaseInput:
    claims = tuple(Claim(f"somebody {n}", Moment(at, at)) for n, at in enumerate(moments, 1))
    return CaseInput("a.mp4", claims=claims, readings=readings)


def grid(sky: float, ground: float) -> Levels:
    levels = np.full((9, 16), ground, np.float32)
    levels[:3] = sky
    return levels


def asked(said: CaseInput, levels: Levels | None, place: Place = MOSCOW) -> list[Finding]:
    light = {} if levels is None else {("a", None): levels}
    return list(claimed_light(Evidence((clip(),), place=place, said={"a": said}, light=light)))


@pytest.mark.parametrize(
    ("at", "levels", "outcome", "words"),
    [
        (NIGHT, grid(15, 30), Outcome.CONSISTENT, "night, and the picture is dark"),
        (NIGHT, grid(200, 120), Outcome.INCONCLUSIVE, "night, and the picture is bright"),
        (NIGHT, grid(60, 80), Outcome.INCONCLUSIVE, "neither dark nor bright"),
        (NOON, grid(200, 120), Outcome.CONSISTENT, "day, and the picture is bright"),
        (NOON, grid(20, 30), Outcome.INCONCLUSIVE, "day, and the picture is dark"),
        (DUSK, grid(20, 30), Outcome.INCONCLUSIVE, "not all night and not all day"),
        (NIGHT, grid(60, 80), Outcome.INCONCLUSIVE, "and the picture is neither"),
        (NIGHT, None, Outcome.INCONCLUSIVE, "no picture"),
    ],
)
def test_the_whole_picture_alone_never_contradicts(
    at: datetime, levels: Levels | None, outcome: Outcome, words: str
) -> None:
    (finding,) = asked(filmed(at), levels)
    assert finding.outcome is outcome
    assert words in finding.statement
    assert "claimed by somebody 1" in finding.statement


@pytest.mark.parametrize(
    ("at", "levels", "outcome"),
    [
        (NIGHT, grid(200, 120), Outcome.INCONSISTENT),
        (NIGHT, grid(200, 20), Outcome.INCONSISTENT),
        (NIGHT, grid(20, 200), Outcome.INCONCLUSIVE),
        (NIGHT, grid(20, 30), Outcome.CONSISTENT),
        (NOON, grid(20, 200), Outcome.INCONSISTENT),
        (NOON, grid(200, 20), Outcome.CONSISTENT),
        (NOON, grid(70, 60), Outcome.INCONCLUSIVE),
        (DUSK, grid(200, 200), Outcome.INCONCLUSIVE),
    ],
)
def test_a_marked_sky_can(at: datetime, levels: Levels, outcome: Outcome) -> None:
    (finding,) = asked(filmed(at, readings=(SKY,)), levels)
    assert finding.outcome is outcome


def test_sun_and_moon_are_told_wherever_a_time_and_a_place_are_claimed() -> None:
    (finding,) = asked(filmed(NIGHT), grid(21, 30))
    values = {item.name: item for item in finding.measurements}
    assert values["sun altitude"].value == pytest.approx(-14.1, abs=0.05)
    assert values["sun altitude"].limit == -12
    assert values["moon altitude"].value == pytest.approx(13.3, abs=0.05)
    assert values["moon azimuth"].value == pytest.approx(245.0, abs=0.1)
    assert values["moon illuminated"].value == 0.92
    assert values["brightness of the picture"].value == 27
    assert "waxing gibbous" in finding.statement
    assert "sunrise 01:45, moonrise" in finding.statement  # in the zone of the claim, UTC here


def test_a_claim_with_a_place_of_its_own_is_held_against_the_sun_there() -> None:
    there = Claim("somebody else", Moment(NIGHT, NIGHT), position=(-36.85, 174.76))
    for place in (MOSCOW, Place("somewhere")):
        (finding,) = asked(CaseInput("a.mp4", claims=(there,)), grid(200, 120), place)
        assert finding.outcome is Outcome.CONSISTENT
        assert "That is day" in finding.statement


def test_a_claim_of_a_whole_day_is_neither_day_nor_night() -> None:
    start = NIGHT.replace(hour=21, minute=0)
    said = CaseInput("a.mp4", claims=(Claim("somebody", Moment(start, start + timedelta(days=1))),))
    (finding,) = asked(said, grid(200, 120))
    assert finding.outcome is Outcome.INCONCLUSIVE
    assert "over the claimed time" in (finding.measurements[0].where or "")


def test_each_claimed_time_has_a_finding_and_one_time_of_two_people_has_one() -> None:
    findings = asked(filmed(NIGHT, NOON, NIGHT), grid(15, 30))
    assert [item.outcome for item in findings] == [Outcome.CONSISTENT, Outcome.INCONCLUSIVE]
    assert "claimed by somebody 1; claimed by somebody 3" in findings[0].statement


def test_black_bars_do_not_make_a_picture_dark() -> None:
    levels = np.full((9, 16), 16, np.float32)
    levels[:, 6:10] = 150
    (finding,) = asked(filmed(NOON), levels)
    assert finding.outcome is Outcome.CONSISTENT
    assert finding.measurements[-1].value == 150


def test_a_sky_is_measured_where_and_when_it_was_marked() -> None:
    marked = replace(SKY, at=2.0, box=Box(0.5, 0.0, 0.25, 1 / 9))
    levels = grid(10, 10)
    levels[0, 8:12] = 180
    light = {("a", None): grid(10, 10), ("a", 2.0): levels}
    evidence = Evidence((clip(),), place=MOSCOW, said={"a": filmed(NIGHT, readings=(marked,))}, light=light)
    (finding,) = claimed_light(evidence)
    assert finding.outcome is Outcome.INCONSISTENT
    assert finding.measurements[-1].value == 180


def test_a_mark_without_a_whole_cell_is_not_measured_and_that_is_said() -> None:
    for small in (replace(SKY, box=Box(0.05, 0.05, 0.1, 0.1)), replace(SKY, at=99.0)):
        (finding,) = asked(filmed(NIGHT, readings=(small,)), grid(200, 20))
        assert "was not measured" in finding.statement
        assert finding.outcome is Outcome.INCONCLUSIVE
        assert finding.measurements[-1].name == "brightness of the picture"


def test_what_lies_partly_outside_the_mark_does_not_count() -> None:
    levels = grid(20, 250)
    marked = replace(SKY, box=Box(0.0, 0.0, 1.0, 0.4))
    (finding,) = asked(filmed(NIGHT, readings=(marked,)), levels)
    assert finding.measurements[-1].value == 20


def test_without_a_position_the_sun_is_not_known_and_that_is_said() -> None:
    (finding,) = asked(filmed(NIGHT), grid(10, 10), Place("somewhere"))
    assert finding.outcome is Outcome.NOT_APPLICABLE
    assert "latitude" in finding.statement
    assert asked(CaseInput("a.mp4"), grid(10, 10)) == []


def test_a_files_own_date_and_position_are_a_claim_too_if_the_date_has_a_zone() -> None:
    said = Metadata(taken="2023-05-03T02:30:00+03:00", position=(55.7525, 37.6175))
    (finding,) = claimed_light(Evidence((clip(said),), light={("a", None): grid(15, 20)}))
    assert finding.outcome is Outcome.CONSISTENT
    assert "the file's own date and position" in finding.statement
    for other in ("2023-05-03T02:30:00", "nonsense"):
        assert list(claimed_light(Evidence((clip(replace(said, taken=other)),)))) == []


def bang(*readings: Reading) -> list[Finding]:
    said = {"a": CaseInput("a.mp4", readings=readings)}
    return list(bang_distance(Evidence((clip(),), said=said)))


def test_a_delay_that_was_read_gives_an_interval_of_distances() -> None:
    delay = Reading(value=3.0, unit="flash to bang seconds", by="the desk")
    (finding,) = bang(delay)
    least, most = (item.value for item in finding.measurements)
    assert least < 3 * 319 < 3 * 352 < most
    (narrow,) = bang(delay, Reading(value=10.0, unit="degrees Celsius", uncertainty=2.0))
    nearer, farther = (item.value for item in narrow.measurements)
    assert least < nearer < 3 * 337.4 < farther < most
    assert finding.outcome is Outcome.INCONCLUSIVE
    assert "read by the desk" in finding.statement
    assert bang(Reading("a clock")) == []


@pytest.mark.parametrize(
    "readings",
    [
        (Reading(value=-1.0, unit="flash to bang seconds"),),
        (
            Reading(value=1.0, unit="flash to bang seconds"),
            Reading(value=-400.0, unit="degrees Celsius"),
        ),
    ],
)
def test_what_cannot_be_is_not_examined_and_says_why(readings: tuple[Reading, ...]) -> None:
    (finding,) = bang(*readings)
    assert finding.outcome is Outcome.NOT_RUN
    assert "read" in finding.statement


def test_a_files_position_is_told_against_the_cases_place() -> None:
    def found(position: tuple[float, float] | None, place: Place = MOSCOW) -> list[Finding]:
        return list(claimed_place(Evidence((clip(Metadata(position=position)),), place=place)))

    (near,) = found((55.7535, 37.6175))
    assert near.outcome is Outcome.CONSISTENT
    assert near.measurements[0].value == pytest.approx(111.3, abs=0.5)
    assert "in the north" in near.statement
    (far,) = found((59.9386, 30.3141))
    assert far.outcome is Outcome.INCONCLUSIVE
    assert "north-west" in far.statement
    assert "km from Red Square" in far.statement
    assert found(None) == found((1.0, 1.0), Place()) == []


def test_a_claimed_place_with_a_position_is_told_too() -> None:
    claim = Claim("somebody", place="the harbour", position=(59.93, 30.30), radius=2000.0)
    media, said = (clip(Metadata(position=(59.9386, 30.3141))),), {"a": CaseInput("a.mp4", claims=(claim,))}
    (finding,) = claimed_place(Evidence(media, said=said))
    assert finding.outcome is Outcome.CONSISTENT
    assert "from the harbour, claimed by somebody," in finding.statement
    (both,) = claimed_place(Evidence(media, said=said, place=MOSCOW))
    assert both.outcome is Outcome.INCONCLUSIVE
    assert len(both.measurements) == 2


def test_the_checks_are_asked() -> None:
    assert {claimed_light, claimed_place, bang_distance} <= set(CHECKS)
