"""Exports: each format as its specification has it, whatever the texts are."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from report_build import HOSTILE, clip, hostile, minimal, rich

from verify.cli import options
from verify.model import Claim, Entry, Post, Report
from verify.report import EXPORTS, Export, write_exports
from verify.report.exports.mediareview import RATINGS
from verify.report.exports.timeline_csv import COLUMNS, calm
from verify.report.exports.timeline_ics import escaped, folded

MAKE = {export.name: export.make for export in EXPORTS}
FIRST = datetime.min.replace(tzinfo=UTC).replace(tzinfo=None)
LAST = datetime.max.replace(tzinfo=UTC).replace(tzinfo=None)
REPORTS = {"rich": rich, "minimal": minimal, "hostile": hostile}


def spoken() -> Report:
    """With posts, claims and dates at every edge."""
    first = Entry("t7", FIRST, LAST, "made", "=1+1, a; b\\c\n" + "\u044f" * 90, "@SUM(A1)", "smoke")
    post = Post("p1", "telegram", "-channel", text="+text", url="https://t.me/c/1", shows=("smoke",))
    return replace(
        rich(),
        timeline=(*rich().timeline, first),
        posts=(post,),
        claims=(Claim("c1", "an agency", "It was first shown at 03:16.", about=("smoke",)),),
    )


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
@pytest.mark.parametrize("report", [*REPORTS.values(), spoken], ids=[*REPORTS, "spoken"])
def test_every_export_is_the_same_twice_and_hides_nothing(export: Export, report: Any) -> None:
    made = export.make(report())
    assert made == export.make(report())
    assert made.encode("utf-8")
    assert (
        re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", made) is None
    )


def test_the_command_line_offers_what_there_is() -> None:
    assert {export.name: export.file for export in EXPORTS} == options.EXPORTS


def test_exports_are_written_beside_the_report(tmp_path: Path) -> None:
    places = write_exports(rich(), tmp_path / "new", ["timeline-ics", "timeline-csv"])
    assert [place.name for place in places] == ["timeline.csv", "timeline.ics"]
    assert all(place.stat().st_size for place in places)
    assert sorted(tmp_path.rglob("*.*")) == sorted(places)
    with pytest.raises(KeyError, match="pdf"):
        write_exports(rich(), tmp_path, ["pdf"])


def test_the_table_reads_back() -> None:
    made = MAKE["timeline-csv"](spoken())
    assert made.startswith("\ufeff")
    assert "\r\n" in made
    rows = list(csv.DictReader(io.StringIO(made.removeprefix("\ufeff"), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert [row["id"] for row in rows] == [entry.id for entry in spoken().timeline]
    assert rows[0]["from"] == "2023-05-03T02:37:00+03:00"
    assert rows[2]["to"] == ""
    assert rows[0]["conflicts_with"] == "t3"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\t=1", "  =1", "\uff1d1", "\n=1", "|x", "%x"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert calm(text).startswith(("'", "\u2039"))
    assert calm("02:37 - smoke") == "02:37 - smoke"


def test_the_calendar_keeps_to_rfc_5545() -> None:
    made = MAKE["timeline-ics"](spoken())
    lines = made.split("\r\n")
    assert lines[-1] == ""
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "\n" not in made.replace("\r\n", "")
    whole = made.replace("\r\n ", "").split("\r\n")
    assert whole.count("BEGIN:VEVENT") == whole.count("END:VEVENT") == len(spoken().timeline)
    uids = [line for line in whole if line.startswith("UID:")]
    assert len(set(uids)) == len(uids)
    assert "DTSTART:20230502T233700Z" in whole
    assert "DTEND:20230502T233800Z" in whole
    assert "DTSTART:20230502T233107" in whole  # without a zone: floating
    assert "DTSTART:00010101T000000" in whole
    for line in whole[:-1]:
        assert re.match(r"[A-Z-]+:", line), line
    described = next(line for line in whole if "1+1" in line)
    assert described.startswith("DESCRIPTION:=1+1\\, a\\; b\\\\c\\n\u044f\u044f")


def test_folding_cuts_no_letter() -> None:
    for text in ("x" * 75, "x" * 76, "\u044f" * 200, "a" + "\U0001f525" * 60, ""):
        parts = list(folded(text))
        assert parts[0] + "".join(part[1:] for part in parts[1:]) == text
        assert all(len(part.encode()) <= 75 for part in parts)
        assert all(part.startswith(" ") for part in parts[1:])
    assert escaped("a,b;c\\d\r\ne") == "a\\,b\\;c\\\\d\\ne"


def test_an_open_entry_is_in_no_calendar() -> None:
    report = replace(minimal(), timeline=(Entry("t1", None, None, "said", "x", "y"),))
    assert "VEVENT" not in MAKE["timeline-ics"](report)


def test_linked_events_have_the_dates_of_the_entries() -> None:
    told = json.loads(MAKE["timeline-jsonld"](spoken()))
    events = [item["item"] for item in told["itemListElement"]]
    assert told["numberOfItems"] == len(events) == len(spoken().timeline)
    assert events[0]["startDate"] == "2023-05-03T02:37:00+03:00"
    assert "endDate" not in events[2]
    assert "startDate" not in events[4]


def test_places_are_longitude_first() -> None:
    told = json.loads(MAKE["places-geojson"](rich()))
    assert told["type"] == "FeatureCollection"
    assert [feature["properties"]["kind"] for feature in told["features"]] == ["case", "file"]
    assert told["features"][0]["geometry"] == {"type": "Point", "coordinates": [37.6175, 55.7525]}
    assert told["features"][1]["properties"]["name"] == "roof-by-day"


def test_a_claimed_place_is_on_the_map_with_its_source() -> None:
    said = Claim("c1", "an agency", "filmed here", about=("smoke",), position=(55.7, 37.6), radius=500.0)
    told = json.loads(MAKE["places-geojson"](replace(minimal(), claims=(said,))))
    (feature,) = told["features"]
    assert feature["geometry"]["coordinates"] == [37.6, 55.7]
    assert (feature["properties"]["source"], feature["properties"]["radius_metres"]) == ("an agency", 500.0)


@pytest.mark.parametrize("position", [(91.0, 0.0), (0.0, 181.0), (float("nan"), 0.0), (float("inf"), 0.0)])
def test_a_position_that_is_nowhere_has_no_point(position: tuple[float, float]) -> None:
    media = clip("x", 1)
    media = replace(media, metadata=replace(media.metadata, position=position))
    (feature,) = json.loads(MAKE["places-geojson"](replace(minimal(), media=(media,))))["features"]
    assert feature["geometry"] is None


def test_no_draft_picks_a_rating() -> None:
    drafts = json.loads(MAKE["mediareview"](spoken()))["@graph"]
    assert [draft["name"].split(": ")[1] for draft in drafts] == [
        "smoke",
        "dome",
        "repost",
        "monitor",
        "remux",
        "quay",
    ]
    assert all(draft["mediaAuthenticityCategory"] is None for draft in drafts)
    assert all(rating in draft["comment"]["text"] for draft in drafts for rating in RATINGS)
    item = drafts[0]["itemReviewed"]
    assert item["mediaItemAppearance"][0]["sha256"] == rich().media[0].sha256
    assert item["mediaItemAppearance"][1]["accessedOnUrl"] == "https://t.me/c/1"
    assert item["interpretedAsClaim"][0]["author"]["name"] == "an agency"


def test_the_case_bundle_holds_together() -> None:
    graph = json.loads(MAKE["case-uco"](spoken()))["@graph"]
    names = [node["@id"] for node in graph]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", name) for name in names)
    kinds = [node["@type"].split(":")[1] for node in graph]
    assert kinds.count("File") == kinds.count("ProvenanceRecord") == len(rich().media)
    assert kinds.count("ObservableRelationship") == 3
    referred = {name for node in graph for name in _referred(node)}
    assert referred <= set(names)
    (derived,) = [n for n in graph if n.get("uco-core:description", [""])[0].startswith("repost derives")]
    by_name = {node["@id"]: node.get("uco-core:name") for node in graph}
    assert by_name[derived["uco-core:target"]["@id"]] == "dome"


def _referred(value: Any) -> list[str]:
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            return [value["@id"]]
        return [name for inner in value.values() for name in _referred(inner)]
    return [name for inner in value for name in _referred(inner)] if isinstance(value, list) else []


def test_hostile_texts_stay_texts() -> None:
    told = json.loads(MAKE["case-uco"](hostile()))
    assert any(HOSTILE.split("\u202e")[0] in str(node.get("uco-core:name")) for node in told["@graph"])
