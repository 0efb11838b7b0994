"""Case files: what is read, and that every mistake is told by its key and place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from verify.claims import read_case
from verify.errors import CaseFileError, MissingFileError
from verify.model import Box

WHOLE = """
title = "Two clips"
question = "Is either a copy of the other?"

[place]
name = "A square"
latitude = 55.7525
longitude = 37.6175
timezone = "Europe/Moscow"

[[clip]]
id = "smoke"
path = "clips/smoke.mp4"
note = "as received"
  [[clip.post]]
  source = "residents' channel"
  at = 2023-05-03T02:37:00+03:00
  text = "what is that"
  [[clip.claim]]
  by = "an account"
  filmed = 2023-05-03T02:30:00
  place = "the square"
  at = 2023-05-03T12:00:00
  first = true
  latitude = 55.7
  longitude = 37.6
  radius = 200
  topic = "time"
  [[clip.reading]]
  what = "the tower clock"
  shows = {from = 2023-05-03T02:27:00, to = 2023-05-03T02:28:00}
  at = 1.5
  box = [0.1, 0.2, 0.3, 0.4]
  points = [[0.1, 0.2], [0.3, 0.4]]

[[clip]]
path = "clips/dome.mp4"

[[reference]]
path = "day.jpg"

[[statement]]
by = "the office"
at = 2023-05-03
says = "two attempts"
about = ["smoke", "dome", "day"]
topic = "what it was"
posted = 2023-05-03T03:16:00

[[posts]]
path = "export.json"
format = "telegram"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "clips").mkdir()
    for name in ("clips/smoke.mp4", "clips/dome.mp4", "day.jpg", "export.json"):
        (tmp_path / name).touch()
    return tmp_path


def write(folder: Path, text: str) -> Path:
    path = folder / "case.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_case_is_read(folder: Path) -> None:
    case = read_case(write(folder, WHOLE))
    assert [clip.path for clip in case.clips] == ["clips/smoke.mp4", "clips/dome.mp4"]
    assert [clip.id for clip in case.clips] == ["smoke", ""]
    smoke = case.clips[0]
    assert smoke.posts[0].start == datetime(2023, 5, 2, 23, 37, tzinfo=UTC)
    assert smoke.claims[0].filmed is not None
    assert smoke.claims[0].filmed.start == datetime(2023, 5, 2, 23, 30, tzinfo=UTC)
    assert smoke.claims[0].at is not None
    assert smoke.claims[0].at.start == datetime(2023, 5, 3, 9, 0, tzinfo=UTC)
    assert (smoke.claims[0].first, smoke.claims[0].topic) == (True, "time")
    assert (smoke.claims[0].position, smoke.claims[0].radius) == ((55.7, 37.6), 200.0)
    assert case.inquiry.statements[0].topic == "what it was"
    assert case.given[0].posted is not None
    assert (case.given[0].by, case.given[0].filmed) == ("the office", None)
    reading = smoke.readings[0]
    assert reading.at == 1.5
    assert reading.shows is not None
    assert reading.shows.end - reading.shows.start == timedelta(seconds=119)
    assert reading.box == Box(0.1, 0.2, 0.3, 0.4)
    assert reading.points == ((0.1, 0.2), (0.3, 0.4))
    assert case.references[0].path == "day.jpg"
    assert case.exports[0].format == "telegram"
    assert case.inquiry.statements[0].about == ("smoke", "dome", "day")
    assert case.inquiry.place.timezone == "Europe/Moscow"


def test_a_written_date_is_an_interval(folder: Path) -> None:
    case = read_case(write(folder, WHOLE))
    post, day = case.clips[0].posts[0], case.moments[0]
    assert post.start is not None
    assert post.end is not None
    assert day is not None
    assert post.end - post.start == timedelta(seconds=59)
    assert day.end - day.start == timedelta(hours=23, minutes=59, seconds=59)


def test_an_hour_that_passes_twice_covers_both(folder: Path) -> None:
    text = WHOLE.replace("Europe/Moscow", "Europe/Berlin").replace(
        "filmed = 2023-05-03T02:30:00", "filmed = 2023-10-29T02:30:00"
    )
    filmed = read_case(write(folder, text)).clips[0].claims[0].filmed
    assert filmed is not None
    assert filmed.start.astimezone(UTC) == datetime(2023, 10, 29, 0, 30, tzinfo=UTC)
    assert filmed.end.astimezone(UTC) == datetime(2023, 10, 29, 1, 30, 59, tzinfo=UTC)


def test_windows_line_ends_and_a_byte_order_mark_are_ordinary(folder: Path) -> None:
    path = folder / "case.toml"
    path.write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode())
    assert read_case(path).inquiry.title == "Two clips"


MISTAKES = {
    "unknown at the top": ("title =", "titel =", "titel", "did you mean title"),
    "unknown in a table": ("note =", "notes =", "clip[1].notes", "did you mean note"),
    "unknown further in": ("text =", "txt =", "clip[1].post[1].txt", "did you mean text"),
    "unknown in the place": ("name =", "nam =", "place.nam", ""),
    "a missing file": ("clips/dome.mp4", "clips/gone.mp4", "clip[2].path", "relative to the case file"),
    "a folder for a file": ("clips/dome.mp4", "clips", "clip[2].path", ""),
    "a NUL in a path": ("clips/dome.mp4", "clips/\\u0000", "clip[2].path", ""),
    "a missing export": ("export.json", "gone.json", "posts[1].path", ""),
    "a doubled id": ('path = "clips/dome.mp4"', 'path = "day.jpg"\nid = "smoke"', "clip[2].id", ""),
    "an id with a slash": ('"smoke"\npath', '"../x"\npath', "clip[1].id", ""),
    "an id that hides": ('"smoke"\npath', '"a\\u202eb"\npath', "clip[1].id", ""),
    "a date in quotes": ("2023-05-03T02:37:00+03:00", '"2023-05-03"', "clip[1].post[1].at", "without quotes"),
    "a time without its date": ("2023-05-03T02:37:00+03:00", "02:37:00", "clip[1].post[1].at", ""),
    "an impossible date": ("2023-05-03T02:37:00+03:00", "2023-02-30T02:37:00Z", "at = 2023-02-30", ""),
    "a backward interval": (
        "to = 2023-05-03T02:28:00",
        "to = 2023-05-03T02:20:00",
        "clip[1].reading[1].shows",
        "",
    ),
    "half an interval": (", to = 2023-05-03T02:28:00", "", "clip[1].reading[1].shows.to", ""),
    "no such zone": ("Europe/Moscow", "Europe/Nowhere", "place.timezone", "IANA"),
    "a zone that is a path": ("Europe/Moscow", "../../etc/passwd", "place.timezone", ""),
    "a date without a zone": (
        'timezone = "Europe/Moscow"',
        "",
        "clip[1].claim[1].filmed",
        "[place] timezone",
    ),
    "half a place of a claim": (
        "  latitude = 55.7\n",
        "",
        "clip[1].claim[1].latitude",
        "a position has both",
    ),
    "a word for a truth value": ("first = true", 'first = "yes"', "clip[1].claim[1].first", ""),
    "a radius below nothing": ("radius = 200", "radius = -1", "clip[1].claim[1].radius", ""),
    "a time of nothing": ('about = ["smoke", "dome", "day"]', "", "statement[1].about", "name it"),
    "half a position": ("longitude = 37.6175", "", "place.longitude", ""),
    "off the globe": ("55.7525", "91.0", "place.latitude", ""),
    "a number that no float holds": ("55.7525", "9" * 400, "place.latitude", ""),
    "the last day of all": ("at = 2023-05-03\n", "at = 9999-12-31\n", "statement[1].at", ""),
    "the first moment of all": ("2023-05-03T02:30:00", "0001-01-01T00:00:00", "clip[1].claim[1].filmed", ""),
    "no number": ("55.7525", "nan", "place.latitude", ""),
    "a truth value for a number": ("55.7525", "true", "place.latitude", ""),
    "a box outside": ("[0.1, 0.2, 0.3, 0.4]", "[0.9, 0.2, 0.3, 0.4]", "clip[1].reading[1].box", ""),
    "a box of three": ("[0.1, 0.2, 0.3, 0.4]", "[0.1, 0.2, 0.3]", "clip[1].reading[1].box", ""),
    "a point outside": ("[0.3, 0.4]]", "[0.3, 1.4]]", "clip[1].reading[1].points[2][2]", ""),
    "a date for a second": ("at = 1.5", "at = 2023-05-03", "clip[1].reading[1].at", ""),
    "about nobody": ('"dome", "day"', '"doom"', "statement[1].about[2]", ""),
    "about a number": ('"dome", "day"', "7", "statement[1].about[2]", ""),
    "a needed key misspelt": ("source =", "sorce =", "clip[1].post[1].source", '"sorce"'),
    "a statement by nobody": ('by = "the office"', "", "statement[1].by", ""),
    "an empty statement": ('"two attempts"', '" "', "statement[1].says", ""),
    "an empty claim": (
        WHOLE[WHOLE.index("  filmed") : WHOLE.index("  [[clip.reading]]")],
        "",
        "clip[1].claim[1].filmed",
        "at least one of filmed, posted, first, place, latitude and longitude, says",
    ),
    "single brackets": ("[[statement]]", "[statement]", "statement", "double brackets"),
    "a skipped hour": (
        'timezone = "Europe/Moscow"',
        'timezone = "Europe/Berlin"\n[[statement]]\nby = "x"\nsays = "y"\nat = 2023-03-26T02:30:00',
        "statement[1].at",
        "",
    ),
    "no clip": (WHOLE, 'title = "x"', "clip", "[[clip]]"),
    "no TOML": ("[place]", "[place", "line 5", ""),
    "nested without end": (WHOLE, "a = " + "[" * 5000, "", ""),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_by_its_key_and_place(folder: Path, name: str) -> None:
    before, after, place, hint = MISTAKES[name]
    assert before in WHOLE
    path = write(folder, WHOLE.replace(before, after, 1))
    with pytest.raises(CaseFileError) as caught:
        read_case(path)
    assert caught.value.exit_code == 2
    assert caught.value.message.startswith(f"{path}: ")
    assert place in caught.value.message
    assert hint in caught.value.hint


def test_a_missing_case_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"gone\.toml"):
        read_case(tmp_path / "gone.toml")


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CaseFileError, match="UTF-8"):
        read_case(path)
