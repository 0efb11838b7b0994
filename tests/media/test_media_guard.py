"""Guarded children: what happens in one job stays in it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from media_jobs import behave, nap, write_then_hang

from verify.errors import NotMediaError, VerifyError, WorkerError
from verify.media import run_guarded

HERE = Path(__file__).parent


@pytest.mark.parametrize("workers", [1, 3])
def test_each_job_ends_in_its_own_way(workers: int, capfd: pytest.CaptureFixture[str]) -> None:
    jobs = ["a", "crash", "b", "hang", "refuse", "bug", "leave", "c"]
    calls: dict[int, object] = {}
    results = run_guarded(behave, jobs, workers=workers, done=calls.__setitem__, seconds=3)
    assert [results[index] for index in (0, 2, 7)] == ["A", "B", "C"]
    assert calls == dict(enumerate(results))
    refused = results[4]
    assert type(refused) is NotMediaError
    assert (refused.message, refused.hint) == ("x.bin: no media", "Look elsewhere.")
    said = {index: str(results[index]) for index in (1, 3, 5, 6)}
    assert all(type(results[index]) is WorkerError for index in said)
    assert "crash: " in said[1]
    assert "longer than 3 s" in said[3]
    assert "KeyError" in said[5]
    assert "ended unexpectedly" in said[6]
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on memory there")
def test_job_that_needs_too_much_memory() -> None:
    greedy, after = run_guarded(behave, ["gorge", "a"], workers=1)
    assert isinstance(greedy, WorkerError)
    assert "memory" in greedy.message
    assert after == "A"


def test_children_work_side_by_side_and_are_reused() -> None:
    results = run_guarded(nap, [0.3] * 4, workers=2)
    pids = {result[1] for result in results if not isinstance(result, VerifyError)}
    assert len(pids) == 2
    assert os.getpid() not in pids


def test_modules_in_the_working_folder_are_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What lies beside downloaded clips must not become part of the program.
    (tmp_path / "pickle.py").write_text("raise SystemExit('run')")
    (tmp_path / "cv2.py").write_text("raise SystemExit('run')")
    monkeypatch.chdir(tmp_path)
    assert run_guarded(behave, ["a"], workers=1) == ["A"]


def test_nothing_to_do() -> None:
    assert run_guarded(behave, [], workers=2) == []


def test_error_in_the_callback_ends_the_children(tmp_path: Path) -> None:
    class Stop(Exception):  # noqa: N818 - not an error of ours
        pass

    def stop(_index: int, _result: object) -> None:
        raise Stop

    began = time.monotonic()
    with pytest.raises(Stop):
        run_guarded(nap, [0.1, 60.0], workers=2, done=stop)
    assert time.monotonic() - began < 30


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_interrupt_ends_parent_and_child_at_once_from_an_unguarded_script(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys; sys.path[:0] = {[str(HERE), str(HERE.parents[1])]!r}\n"
        "from pathlib import Path\nimport media_jobs\nfrom verify.media import run_guarded\n"
        f"run_guarded(media_jobs.write_then_hang, [Path({str(mark)!r})], workers=1)\n"
    )
    program = subprocess.Popen([sys.executable, str(script)], stderr=subprocess.PIPE, start_new_session=True)
    try:
        until = time.monotonic() + 60
        while not (mark.exists() and mark.read_text()) and time.monotonic() < until:
            time.sleep(0.05)
        child = int(mark.read_text())
        began = time.monotonic()
        os.killpg(program.pid, signal.SIGINT)  # what a terminal does on Ctrl-C
        _, errors = program.communicate(timeout=20)
        assert time.monotonic() - began < 5
    finally:
        program.kill()
    assert errors.count(b"Traceback") == 1
    assert b"KeyboardInterrupt" in errors
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    assert write_then_hang.__module__ == "media_jobs"
