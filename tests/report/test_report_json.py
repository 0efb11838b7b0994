"""report.json: the shipped schema describes what is written, and refuses what may not be."""

from __future__ import annotations

import copy as copying
import json
import math
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator
from report_build import CREATED, HOSTILE, hostile, many, minimal, place, rich

from verify.model import Measurement, Media, MediaKind, Report, Role
from verify.report import as_dict, schema, to_json
from verify.report.plain import instant, plain, text

REPORTS = {"rich": rich, "minimal": minimal, "hostile": hostile, "many": lambda: many(12)}


def validator() -> Draft202012Validator:
    return Draft202012Validator(schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)


def errors(document: object) -> list[str]:
    return [error.message for error in validator().iter_errors(document)]


@pytest.mark.parametrize("build", REPORTS.values(), ids=REPORTS)
def test_what_is_written_follows_the_schema(build) -> None:
    assert errors(json.loads(to_json(build()))) == []


def test_the_schema_itself_is_valid_and_checks_instants() -> None:
    Draft202012Validator.check_schema(schema())
    assert "date-time" in Draft202012Validator.FORMAT_CHECKER.checkers
    assert errors({**as_dict(minimal()), "created": "yesterday"})


def test_keys_that_a_reader_does_not_know_are_allowed() -> None:
    assert errors({**as_dict(rich()), "room": {"more": 1}}) == []


def paths(value: object, at: tuple = ()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*at, key)
            yield from paths(inner, (*at, key))
    elif isinstance(value, list) and value:
        yield from paths(value[0], (*at, 0))


OPEN = {"settings", "dependencies", "details", "container", "parameters", "tags", "timings"}


def test_every_key_is_required() -> None:
    report = hostile()  # one relation that has everything
    document = as_dict(report)
    document["media"] = document["media"][:1]
    document["relations"][0]["registration"] = as_dict(rich())["relations"][0]["registration"]
    for at in paths(document):
        if OPEN & set(at[:-1]) or (at[-2:-1] == ("hashes",) and "key_frames" in at):
            continue
        broken = copying.deepcopy(document)
        inner = broken
        for key in at[:-1]:
            inner = inner[key]
        del inner[at[-1]]
        assert errors(broken), at


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (("relations", 0, "kind"), "unrelated"),
        (("relations", 0, "because"), []),
        (("relations", 6, "segments"), []),
        (("relations", 6, "segments", 0, "a_box"), [0, 0, 1]),
        (("relations", 6, "segments", 0, "a_box"), [0, 0, 1.2, 1]),
        (("relations", 6, "nearer_source"), "dome"),
        (("relations", 6, "edits", 0, "kind"), "tampering"),
        (("media", 0, "sha256"), "ab"),
        (("media", 0, "video"), None),
        (("media", 0, "video", "frame_rate"), 25.0),
        (("media", 6, "hashes", "pdq"), "f" * 63),
        (("media", 7, "error"), None),
        (("media", 0, "metadata", "taken"), "2023:05:03 02:30:00"),
        (("findings", 0, "measurements"), []),
        (("findings", 0, "outcome"), "not_run"),
        (("findings", 4, "outcome"), "inconclusive"),
        (("timeline", 0, "from"), "02:37"),
        (("events", 0, "kind"), "explosion"),
        (("complete",), "yes"),
    ],
    ids=str,
)
def test_the_schema_refuses(at: tuple, value: object) -> None:
    document = as_dict(rich())
    inner = document
    for key in at[:-1]:
        inner = inner[key]
    assert inner[at[-1]] != value
    inner[at[-1]] = value
    assert errors(document)


def test_the_same_report_gives_the_same_bytes_with_sorted_keys() -> None:
    assert to_json(rich()) == to_json(rich())
    document = json.loads(to_json(rich()))
    assert list(document) == sorted(document)
    assert list(document["media"][0]) == sorted(document["media"][0])
    later = replace(rich(), created=CREATED + timedelta(1), timings={})
    first, second = as_dict(rich()), as_dict(later)
    for volatile in ("created", "timings"):
        assert first.pop(volatile) != second.pop(volatile)
    assert first == second


def test_relations_stand_in_the_order_of_the_inputs() -> None:
    shuffled = replace(rich(), relations=rich().relations[::-1])
    assert as_dict(shuffled)["relations"] == as_dict(rich())["relations"]
    with pytest.raises(ValueError, match="comes after"):
        as_dict(replace(rich(), relations=(place("dome", "smoke"),)))


def test_values_as_the_contract_writes_them() -> None:
    document = as_dict(rich())
    smoke = document["media"][0]
    assert document["created"] == "2026-11-23T10:00:00Z"
    assert smoke["video"]["frame_rate"] == "25/1"
    assert smoke["duration"] == 12.48
    assert smoke["hashes"] == {"pdq": None, "phash": None}
    assert smoke["key_frames"] == [
        {"time": 6.24, "quality": 97, "hashes": {"pdq": "0f" * 32, "phash": "d1" * 8}}
    ]
    assert document["media"][6]["hashes"]["pdq"] == "00" + "3c" * 31
    assert document["media"][6]["metadata"]["position"] == [55.7525, 37.6175]
    assert document["relations"][0]["differences"][0]["present_in"] == "b"
    assert document["relations"][6]["segments"][0]["homography"] == [
        [-1.25, 0, 1.125],
        [0, 1.25, -0.125],
        [0, 0, 1],
    ]
    assert document["timeline"][0]["from"] == "2023-05-03T02:37:00+03:00"
    assert document["timeline"][5]["from"] == "2023-05-02T23:31:07"
    assert document["tool"]["settings"]["settings"]["fingerprint"]["sample_rate"] == 4.0
    assert document["timings"]["copies"] == 5.123


def test_a_number_that_is_not_finite_is_refused() -> None:
    finding = replace(rich().findings[0], measurements=(Measurement("x", math.nan, "m"),))
    with pytest.raises(ValueError, match="finite"):
        to_json(replace(rich(), findings=(finding,)))


def test_an_instant_without_a_zone_is_refused_for_created() -> None:
    with pytest.raises(ValueError, match="zone"):
        as_dict(replace(minimal(), created=datetime(2026, 1, 1)))  # noqa: DTZ001


def test_names_that_are_no_utf8_are_written_as_valid_utf8() -> None:
    written = to_json(hostile())
    document = json.loads(written.encode("utf-8"))
    assert document["media"][0]["path"] == HOSTILE.replace("\udcff", "\\xff")
    assert document["relations"][0]["a"] == document["media"][0]["id"]
    assert text("\ud83d") == "\\ud83d"


def test_nothing_in_it_steers_the_terminal_that_it_is_printed_on() -> None:
    title = "one\x1b[31m\x9b31m\u202egpj\u2028\U000e0041\x7f Москва 👩\u200d🚒"
    given = replace(minimal(), inquiry=replace(minimal().inquiry, title=title))
    written = to_json(given)
    hidden = [letter for letter in written if unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp"}]
    assert set(hidden) == {"\n", "\u200d"}
    assert "Москва" in written
    assert json.loads(written)["case"]["title"] == title


def test_names_that_differ_only_in_undecodable_bytes_stay_apart() -> None:
    assert plain({"\udcff": 1, "\\xff": 2}) == {"\\xff": 1, "\\xff'": 2}


def test_open_tables_hold_what_rooms_put_there() -> None:
    value = {
        "fraction": Fraction(1, 3),
        "path": Path("a/b"),
        "numpy": np.float32(0.5),
        "array": np.arange(2),
        "set": frozenset({"b", "a"}),
        "infinite": math.inf,
        "role": Role.CLIP,
        "bytes": b"\x01",
    }
    assert plain(value) == {
        "fraction": 0.333333,
        "path": "a/b",
        "numpy": 0.5,
        "array": [0, 1],
        "set": ["a", "b"],
        "infinite": "inf",
        "role": "clip",
        "bytes": "01",
    }
    with pytest.raises(TypeError, match="cannot hold a object"):
        plain(object())


def test_an_offset_with_seconds_is_given_in_utc() -> None:
    local_mean_time = timezone(timedelta(hours=2, minutes=30, seconds=17))
    assert instant(datetime(1900, 1, 1, 2, 30, 17, tzinfo=local_mean_time)) == "1900-01-01T00:00:00Z"


def test_a_skipped_file_needs_no_error() -> None:
    skipped = Media("notes", Path("notes.txt"), Role.CLIP, MediaKind.SKIPPED)
    assert errors(as_dict(Report(CREATED, minimal().inquiry, minimal().tool, True, (skipped,)))) == []
