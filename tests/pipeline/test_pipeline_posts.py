"""A case that names exports: posts in the report, files among the inputs, faults in findings."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from made_clips import scene, write_clip

import verify
from verify.model import Outcome, RelationKind, Report
from verify.report import as_dict, schema

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    write_clip(folder / "dome.mp4", scene(3, 36))
    write_clip(folder / "smaller.mp4", scene(3, 36), options={"crf": "34"})
    write_clip(folder / "other.mp4", scene(8, 36))
    return folder


def export(folder: Path, messages: list[dict[str, Any]]) -> None:
    folder.mkdir(exist_ok=True)
    chat = {"name": "residents", "type": "public_channel", "id": 5, "messages": messages}
    (folder / "result.json").write_text(json.dumps(chat), encoding="utf-8")


def message(number: int, minute: int, file: str = "", **values: Any) -> dict[str, Any]:
    media = {"file": file, "media_type": "video_file"} if file else {}
    date = f"2023-05-03T02:{minute:02d}:11"
    return {
        "id": number,
        "type": "message",
        "date": date,
        "from": "residents",
        "text": "x",
        **media,
        **values,
    }


def investigated(folder: Path, case: str) -> Report:
    (folder / "case.toml").write_text(case, encoding="utf-8")
    report = verify.investigate(folder / "case.toml", created=NOON, cache=False, jobs=1)
    document = as_dict(report)
    validator = Draft202012Validator(schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [error.message for error in validator.iter_errors(document)] == []
    return report


def test_posts_meet_the_clips_by_bytes_and_by_relation(tmp_path: Path, clips: Path) -> None:
    shutil.copy(clips / "dome.mp4", tmp_path / "dome.mp4")
    chat = tmp_path / "ChatExport"
    (chat / "video_files").mkdir(parents=True)
    for name, source in (("same", "dome"), ("smaller", "smaller"), ("again", "smaller"), ("other", "other")):
        shutil.copy(clips / f"{source}.mp4", chat / "video_files" / f"{name}.mp4")
    export(
        chat,
        [
            message(1, 37, "video_files/smaller.mp4"),
            message(2, 53, "video_files/same.mp4", forwarded_from="residents"),
            message(3, 54, "video_files/again.mp4"),
            message(4, 55, "video_files/other.mp4"),
            message(5, 56, "(File not included. Change data exporting settings to download.)"),
            message(6, 57, "../dome.mp4"),
        ],
    )
    report = investigated(
        tmp_path,
        'title = "t"\n[place]\ntimezone = "Europe/Moscow"\n[[clip]]\npath = "dome.mp4"\n'
        '[[clip.post]]\nsource = "the desk"\nat = 2023-05-03T03:10:00\n'
        'url = "https://x.com/a/status/1653555555555555555"\n[[posts]]\npath = "ChatExport"\n',
    )
    assert [media.id for media in report.media] == ["dome", "smaller", "other"]
    assert [media.path for media in report.media][1] == Path("ChatExport/video_files/smaller.mp4")
    kinds = {(relation.a, relation.b): relation.kind for relation in report.relations}
    assert kinds[("dome", "smaller")] is RelationKind.COPY
    shows = {post.number or post.source: post.shows for post in report.posts}
    assert shows == {
        "1653555555555555555": ("dome",), "1": ("smaller",), "2": ("dome",), "3": ("smaller",),
        "4": ("other",), "5": (), "6": (),
    }  # fmt: skip
    assert [post.id for post in report.posts] == [f"p{number}" for number in range(1, 8)]
    desk = report.posts[0]
    assert desk.coded is not None
    assert desk.coded_from is not None
    assert desk.coded_until is not None
    assert desk.coded - desk.coded_from == desk.coded_until - desk.coded == timedelta(seconds=60)
    assert (desk.platform, desk.coded) == ("x", datetime(2023, 5, 3, 0, 22, 20, 678000, UTC))
    assert {post.zone for post in report.posts} == {"case"}
    recording, other = report.post_orders
    assert set(recording.members) == {"dome", "smaller"}
    assert recording.posts == ("p2", "p3", "p4", "p1")
    assert recording.earliest == ("p2",)
    assert recording.passed_on[0].original == "p2"
    assert other.posts == ("p5",)
    findings = {finding.check: finding for finding in report.findings if finding.check.startswith("post")}
    assert "the earliest found here is p2" in "".join(
        finding.statement for finding in report.findings if finding.check == "post-order/1"
    )
    assert findings["posts/1"].outcome is Outcome.INCONCLUSIVE
    assert report.complete


def test_a_bound_on_further_files_is_kept_and_said(tmp_path: Path, clips: Path) -> None:
    for name in ("dome", "smaller", "other"):
        shutil.copy(clips / f"{name}.mp4", tmp_path / f"{name}.mp4")
    export(tmp_path, [message(1, 37, "smaller.mp4"), message(2, 38, "other.mp4"), message(3, 39, "dome.mp4")])
    case = '[[clip]]\npath = "dome.mp4"\n[[posts]]\npath = "result.json"\nfiles = {}\n'
    report = investigated(tmp_path, case.format(0))
    assert [media.id for media in report.media] == ["dome"]
    assert [post.shows for post in report.posts] == [(), (), ("dome",)]
    (said,) = [finding for finding in report.findings if finding.check == "posts/1"]
    assert "2 pictures and videos of it not examined" in said.statement
    assert said.outcome is Outcome.CONSISTENT


def test_an_export_that_cannot_be_read_leaves_the_report_incomplete(tmp_path: Path, clips: Path) -> None:
    shutil.copy(clips / "dome.mp4", tmp_path / "dome.mp4")
    export(tmp_path, [message(1, 37), message(2, 38)])
    whole = (tmp_path / "result.json").read_text()
    (tmp_path / "result.json").write_text(whole[: whole.index('"id": 2')])
    (tmp_path / "empty.csv").write_text("")
    before = hashlib.sha256((tmp_path / "result.json").read_bytes()).digest()
    report = investigated(
        tmp_path,
        '[[clip]]\npath = "dome.mp4"\n[[posts]]\npath = "result.json"\n[[posts]]\npath = "empty.csv"\n',
    )
    assert hashlib.sha256((tmp_path / "result.json").read_bytes()).digest() == before
    assert not report.complete
    told = [finding for finding in report.findings if finding.check == "posts/1"]
    assert [finding.outcome for finding in told] == [Outcome.NOT_RUN, Outcome.INCONCLUSIVE, Outcome.NOT_RUN]
    assert "line 1, column" in told[0].statement
    assert "it is empty" in told[2].statement
    assert [post.number for post in report.posts] == ["1"]
