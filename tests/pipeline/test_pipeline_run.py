"""The verbs as Python calls them: what a report holds, and that failures stay where they happen."""

from __future__ import annotations

import wave
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from exif_bytes import jpeg
from made_clips import scene
from PIL import Image

import verify
from verify import report as writing
from verify.cli.options import exit_code
from verify.errors import WorkerError
from verify.fingerprint import picture_hashes
from verify.model import Finding, Inquiry, Measurement, MediaKind, Outcome, RelationKind, Report, Tool
from verify.pipeline import seen, work, write_key_frames
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import MakePicture

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


def test_a_still_has_the_hashes_that_other_programs_have_of_it(make_picture: MakePicture) -> None:
    rgb = next(scene(3, 1, (1500, 1000)))
    (media,) = verify.inspect(make_picture(rgb=rgb)).media
    assert media.hashes[0].values == picture_hashes(rgb)


def test_settings_of_checks_reach_them(make_picture: MakePicture) -> None:
    preview = BytesIO()
    Image.fromarray(next(scene(1, 1))).resize((96, 64)).save(preview, "JPEG")
    path = jpeg(make_picture("a.jpg"), next(scene(1, 1)), thumbnail=preview.getvalue())
    strict = replace(SETTINGS, checks=replace(SETTINGS.checks, thumbnail_contrast=300.0))
    outcomes = [
        finding.outcome
        for settings in (SETTINGS, strict)
        for finding in verify.inspect(path, settings=settings).findings
        if finding.check.startswith("embedded-thumbnail")
    ]
    assert outcomes == [Outcome.CONSISTENT, Outcome.INCONCLUSIVE]


def test_what_other_versions_found_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    before = seen.recipe(SETTINGS)
    assert seen.recipe(SETTINGS) == before
    monkeypatch.setattr(seen, "versions", lambda: {"av": "0"})
    assert seen.recipe(SETTINGS) != before


def test_an_interrupt_leaves_no_half_written_key_frame(
    make_picture: MakePicture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    report = verify.inspect(make_picture())
    (tmp_path / "out").mkdir()
    half = tmp_path / "out" / ".000000.000000s.png.1.part"

    def interrupted(*_: object, **__: object) -> None:
        half.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(work, "run_guarded", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_key_frames(report, {"still": tmp_path / "out"})
    assert not half.exists()


def test_sound_alone_is_compared_by_its_bytes_and_streams_and_what_is_heard(
    tmp_path: Path, small_folder: Path
) -> None:
    for name, tone in (("a.wav", 40), ("copy.wav", 40), ("b.wav", 90)):
        with wave.open(str(tmp_path / name), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            file.writeframes((np.sin(np.arange(8000) / tone) * 9000).astype("<i2").tobytes())
    paths = [tmp_path / "a.wav", tmp_path / "copy.wav", tmp_path / "b.wav", small_folder / "still.png"]
    relations = {(each.a, each.b): each for each in verify.compare(paths).relations}
    assert relations["a", "copy"].kind is RelationKind.IDENTICAL
    assert relations["a", "copy"].sound == "same_recording"
    others = [relation for pair, relation in relations.items() if pair != ("a", "copy")]
    assert {relation.kind for relation in others} == {RelationKind.INCONCLUSIVE}
    assert {relation.sound for relation in others} == {None}
    assert relations["a", "b"].because[1] == "nothing was found that their sound has in common"
    assert relations["b", "still"].because[1] == "there is no sound to compare in still"
    assert "in a and b" in relations["a", "b"].because[0]
    assert "in b" in relations["b", "still"].because[0]


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
