"""The verbs as Python calls them: what a report holds, and that failures stay where they happen."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import verify
from verify import report as writing
from verify.cli.options import exit_code
from verify.errors import WorkerError
from verify.model import Finding, Inquiry, Measurement, MediaKind, Outcome, RelationKind, Report, Tool
from verify.pipeline import work

if TYPE_CHECKING:
    from collections.abc import Callable

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_comparing_gives_a_whole_report(small_folder: Path) -> None:
    told: list[tuple[str, int, int]] = []
    report = verify.compare(
        [small_folder / "one.mp4", small_folder / "again.mp4"],
        references=small_folder / "still.png",
        created=NOON,
        progress=lambda stage, done, total: told.append((stage, done, total)),
    )
    assert (report.created, report.command, report.complete) == (NOON, "compare", True)
    assert [media.id for media in report.media] == ["one", "again", "still"]
    assert [media.kind for media in report.media] == [MediaKind.VIDEO, MediaKind.VIDEO, MediaKind.IMAGE]
    assert {relation.kind for relation in report.relations} == {RelationKind.COPY}
    assert report.families
    assert set(report.families[0].members) == {"one", "again", "still"}
    assert report.tool.version == verify.__version__
    assert report.tool.dependencies["numpy"]
    assert {"examining", "comparing", "checking"} <= set(report.timings)
    kinds = [exhibit.kind for exhibit in report.exhibits]
    assert kinds.count("key_frames") == 3
    assert "aligned" in kinds
    for still in (still for exhibit in report.exhibits for still in exhibit.stills):
        assert still.jpeg.startswith(b"\xff\xd8")
    assert ("examining", 3, 3) in told
    assert all(done <= total for _, done, total in told)
    assert writing.to_json(report)


def test_the_same_bytes_under_two_names_are_two_inputs_and_identical(small_folder: Path) -> None:
    still = small_folder / "still.png"
    report = verify.compare([still, still])
    assert [media.id for media in report.media] == ["still", "still-2"]
    assert [relation.kind for relation in report.relations] == [RelationKind.IDENTICAL]


def _failing(stage: str) -> Callable[..., list[Any]]:
    """`run_guarded` as it is when the process of each job of one stage dies."""
    real = work.run_guarded

    def run_guarded(function: Callable[[Any], Any], jobs: list[Any], **more: Any) -> list[Any]:
        if function.__name__ != stage:
            return list(real(function, jobs, **more))
        return [WorkerError("x", "the process that read it ended unexpectedly") for _ in jobs]

    return run_guarded


@pytest.mark.parametrize("stage", ["_relate", "take", "_one_check"])
def test_a_step_that_dies_is_in_the_report(
    small_folder: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    monkeypatch.setattr(work, "run_guarded", _failing(stage))
    report = verify.compare([small_folder / "one.mp4", small_folder / "again.mp4"])
    assert not report.complete
    assert len(report.relations) == 1
    told = [*report.relations[0].because, *(finding.statement for finding in report.findings)]
    assert any("ended unexpectedly" in text for text in told)
    assert exit_code(report, ()) == 3


def test_a_finding_that_is_asked_to_fail_gives_exit_code_4() -> None:
    measured = (Measurement("gap", 2.0, "second", 1.0),)
    finding = Finding("x/1", (), Outcome.INCONSISTENT, "a gap", "none", measured)
    for complete in (True, False):
        report = Report(NOON, Inquiry("t", "q"), Tool("0", {}, {}), complete, (), findings=(finding,))
        assert exit_code(report, ("inconsistent",)) == 4
        assert exit_code(report, ()) == (0 if complete else 3)
