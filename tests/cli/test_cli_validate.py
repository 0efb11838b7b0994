"""The command that measures: its options, its files, its exit codes."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from made_clips import scene, write_clip

from verify.cli import validate as command
from verify.cli.root import run


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    places = tmp_path / "temporary"
    places.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(places))


def test_it_writes_both_files_and_leaves_nothing_else_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    footage = tmp_path / "footage"
    footage.mkdir()
    write_clip(footage / "one.mp4", scene(1, 50))
    arguments = ["validate", str(footage), "--transforms", "mirror,inserted-middle", "--pairs", "0"]
    assert run([*arguments, "--table", "table.json"]) == 0
    out, err = capsys.readouterr()
    folder = Path("reports/validate-footage")
    assert "1 of 1 copies were found" in out
    assert out.splitlines()[-2:] == [str(folder / "validation.json"), str(folder / "validation.html")]
    assert sorted(path.name for path in folder.iterdir()) == ["validation.html", "validation.json"]
    # One source has no other footage to be inserted into, and is too few for likelihood ratios.
    held = json.loads((folder / "validation.json").read_text("utf-8"))
    assert [pair["transform"] for pair in held["pairs"]] == ["mirror"]
    assert "too few sources" in err
    assert not Path("table.json").exists()
    assert list((tmp_path / "temporary").iterdir()) == []
    # What is there already is refused before any work, and is no footage for the next run.
    assert run(arguments) == 2
    assert "already holds a report" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["validate", "missing"], "there is no such file"),
        (["validate", "--pairs", "3", "--all-pairs"], "contradict"),
        (["validate", ".", "--transforms", "crop-51"], "no transform named crop-51"),
        (["validate", ".", "--per-source", "0"], "0 is not in the range"),
        (["validate", "."], "no clip"),
    ],
)
def test_what_cannot_be_done_is_refused(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("notes.txt").write_text("no media")
    assert run(arguments) == 2
    assert complaint in capsys.readouterr().err
    assert not Path("reports").exists()


def test_without_a_folder_the_clips_that_come_with_the_program_are_taken() -> None:
    with command._clips(None) as (paths, name):
        assert name == "the staged case"
        assert [path.name for path in paths] == ["dome.mp4", "smoke.mp4", "unrelated.mp4"]
        assert all(path.is_file() for path in paths)
    assert not any(path.exists() for path in paths)
