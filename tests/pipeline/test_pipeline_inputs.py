"""Which files a run examines, in which order, under which ids."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from verify.claims import read_case
from verify.errors import MissingFileError, UsageError
from verify.model import Role
from verify.pipeline.inputs import collect, collect_case


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def test_folders_are_walked_in_order_and_hidden_names_left_alone(tmp_path: Path) -> None:
    touch(tmp_path, "b.mp4", "a/z.mp4", "a/y/x.mp4", ".DS_Store", ".git/c.mp4", "c.mp4")
    found = collect([tmp_path])
    assert [str(item.path.relative_to(tmp_path)) for item in found] == [
        "b.mp4",
        "c.mp4",
        "a/z.mp4",
        "a/y/x.mp4",
    ]
    assert not any(item.named for item in found)
    assert collect([tmp_path]) == found


def test_ids_are_stems_numbered_where_they_meet(tmp_path: Path) -> None:
    touch(tmp_path, "clip.mp4", "clip.mov", "clip-2.mp4", "other/clip.mp4", ".mp4")
    names = ["clip.mp4", "clip.mov", "clip-2.mp4", "other/clip.mp4", ".mp4"]
    found = collect([tmp_path / name for name in names], [tmp_path / "clip.mp4"])
    assert [item.id for item in found] == ["clip", "clip-2", "clip-2-2", "clip-3", ".mp4", "clip-4"]
    assert found[-1].role is Role.REFERENCE


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_ids_stay_apart_as_they_are_written(tmp_path: Path) -> None:
    names = [os.fsdecode(b"b\xff.mp4"), "b\\xff.mp4"]
    touch(tmp_path, *names)
    assert [item.id for item in collect([tmp_path / name for name in names])] == ["b\\xff", "b\\xff-2"]


def test_a_file_given_twice_is_two_inputs(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4")
    assert [item.id for item in collect([tmp_path / "a.mp4"] * 2)] == ["a", "a-2"]


def test_a_loop_of_links_does_not_trap_the_walk(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "link.mp4").symlink_to(tmp_path / "a.mp4")
    (tmp_path / "gone.mp4").symlink_to(tmp_path / "nowhere")
    found = {item.path.name: item.problem for item in collect([tmp_path])}
    assert sorted(found) == ["a.mp4", "gone.mp4", "link.mp4"]
    assert found["gone.mp4"] is not None
    assert found["gone.mp4"].code == "unreadable"
    assert found["link.mp4"] is None


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders there")
def test_a_pipe_is_listed_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    (only,) = collect([tmp_path])
    assert only.problem is not None
    assert only.problem.code == "not-media"


def test_a_report_among_the_files_is_left_out_and_listed(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4", "old/report.json", "old/report.html", "old/frames/a/000001.000000s.png")
    found = collect([tmp_path])
    assert [item.path.name for item in found] == ["a.mp4", "old"]
    assert found[1].problem is not None


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the superuser opens every folder")
def test_a_folder_that_cannot_be_opened_is_listed(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4", "locked/b.mp4")
    (tmp_path / "locked").chmod(0)
    try:
        found = collect([tmp_path])
    finally:
        (tmp_path / "locked").chmod(0o700)
    assert [item.problem is None for item in found] == [True, False]


def test_what_is_missing_or_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"gone\.mp4"):
        collect([tmp_path / "gone.mp4"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no file to examine"):
        collect([tmp_path / "empty"])


def test_a_cases_own_ids_come_first_and_paths_stay_as_written(tmp_path: Path) -> None:
    touch(tmp_path, "in/a.mp4", "in/b.mp4", "a.jpg")
    (tmp_path / "case.toml").write_text(
        '[[clip]]\npath = "in/a.mp4"\n[[clip]]\npath = "in/b.mp4"\nid = "a"\n[[reference]]\npath = "a.jpg"\n'
    )
    found = collect_case(read_case(tmp_path / "case.toml"))
    assert [(item.id, str(item.shown), item.role) for item in found] == [
        ("a-2", "in/a.mp4", Role.CLIP),
        ("a", "in/b.mp4", Role.CLIP),
        ("a-3", "a.jpg", Role.REFERENCE),
    ]
    assert all(item.path == tmp_path / item.shown for item in found)
