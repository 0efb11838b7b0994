"""Both files land whole, or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from report_build import minimal, rich

from verify.errors import OutputExistsError
from verify.report import write

if TYPE_CHECKING:
    from pathlib import Path


def test_both_files_are_written_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "report"
    assert write(rich(), out) == (out / "report.json", out / "report.html")
    assert sorted(path.name for path in out.iterdir()) == ["report.html", "report.json"]
    assert json.loads((out / "report.json").read_text("utf-8"))["schema"] == "verify-report/1"
    assert (out / "report.html").read_text("utf-8").startswith("<!doctype html>")


def test_a_report_is_written_over_only_by_force(tmp_path: Path) -> None:
    write(rich(), tmp_path)
    with pytest.raises(OutputExistsError, match="already holds a report"):
        write(minimal(), tmp_path)
    assert "dome" in (tmp_path / "report.json").read_text("utf-8")
    write(minimal(), tmp_path, force=True)
    assert json.loads((tmp_path / "report.json").read_text("utf-8"))["media"] == []


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(OutputExistsError, match="is a file"):
        write(rich(), tmp_path / "out", force=True)
