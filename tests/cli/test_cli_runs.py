"""Whole runs of the program on small clips: exit codes, files, standard output, interruption."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import verify
from verify.cli.options import EXPORTS
from verify.cli.root import run

POSIX = os.name == "posix"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)


def own_environment() -> dict[str, str]:
    """The tests may run from the source tree; so do the programs that they start."""
    return {**os.environ, "PYTHONPATH": str(Path(verify.__file__).parents[1])}


def load(out: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((out / "report.json").read_text("utf-8"))
    return loaded


def by_id(report: dict[str, Any]) -> dict[str, Any]:
    return {media["id"]: media for media in report["media"]}


def test_inspect_writes_a_report_and_key_frames_and_ends_with_the_paths(
    small_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["inspect", str(small_folder / "one.mp4"), str(small_folder / "still.png")]) == 0
    out, err = capsys.readouterr()
    folder = Path("reports/inspect-one")
    assert out.splitlines()[-2:] == [str(folder / "report.json"), str(folder / "report.html")]
    assert "examining 2/2" in err
    report = load(folder)
    assert (report["command"], report["complete"], report["relations"]) == ("inspect", True, [])
    media = by_id(report)
    assert (media["one"]["kind"], media["still"]["kind"]) == ("video", "image")
    assert media["one"]["duration"] == pytest.approx(5, abs=0.1)
    assert media["one"]["path"] == str(small_folder / "one.mp4")
    frames = sorted((folder / "frames" / "one").iterdir())
    assert frames[-1].name == "contact-sheet.png"
    for frame in frames[:-1]:
        assert re.fullmatch(r"\d{6}\.\d{6}s\.png", frame.name)
        # A frame of twelve a second: its time is a whole number of twelfths.
        assert float(frame.name[:-5]) * 12 == pytest.approx(round(float(frame.name[:-5]) * 12), abs=1e-4)
        with Image.open(frame) as picture:
            assert picture.size == (192, 128)
    assert len(frames) >= 3
    assert [each.name for each in (folder / "frames" / "still").iterdir()].count("000000.000000s.png") == 1
    assert not list(folder.rglob("*.part"))


def test_compare_prints_the_report_alone_with_json(
    small_folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    one, again = small_folder / "one.mp4", small_folder / "again.mp4"
    reference = ["--reference", str(small_folder / "still.png")]
    assert run(["compare", str(one), str(again), *reference, "--json", "--out", "o", "--jobs", "1"]) == 0
    out = capfd.readouterr().out
    assert out == Path("o/report.json").read_text("utf-8")
    report = json.loads(out)
    assert [media["role"] for media in report["media"]] == ["clip", "clip", "reference"]
    pairs = [(relation["a"], relation["b"], relation["kind"]) for relation in report["relations"]]
    assert pairs == [("one", "again", "copy"), ("one", "still", "copy"), ("again", "still", "copy")]
    assert Path("o/report.html").is_file()


def test_batch_survives_bad_files_and_tells_of_each(
    small_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["batch", str(small_folder)]) == 3
    report = load(Path("reports") / f"batch-{small_folder.name}")
    assert report["complete"] is False
    media = by_id(report)
    assert {name: item["kind"] for name, item in media.items()} == {
        "again": "video",
        "broken": "unreadable",
        "notes": "skipped",
        "one": "video",
        "other": "video",
        "still": "image",
    }
    assert media["broken"]["error"]["code"] == "unreadable"
    assert media["notes"]["error"]["code"] == "not-media"
    related = {(relation["a"], relation["b"]): relation["kind"] for relation in report["relations"]}
    assert related[("again", "one")] == "copy"
    assert not {pair for pair in related if "other" in pair}, "nothing was found there, so it is left out"
    assert "none_found" not in related.values()
    assert "broken" in capsys.readouterr().out


def test_a_folder_without_bad_files_is_complete(small_folder: Path) -> None:
    shutil.copy(small_folder / "notes.txt", "notes.txt")
    shutil.copy(small_folder / "still.png", "still.png")
    Path("loop").symlink_to(".")
    assert run(["batch", ".", "--out", "../o", "--quiet"]) == 0
    assert {item["kind"] for item in load(Path("../o"))["media"]} == {"image", "skipped"}


def test_a_file_named_on_its_own_that_is_no_media_is_a_failure(small_folder: Path) -> None:
    assert run(["inspect", str(small_folder / "notes.txt"), "--out", "o"]) == 3
    assert load(Path("o"))["media"][0]["kind"] == "unreadable"


def test_exports_are_written_where_they_are_asked_for(small_folder: Path) -> None:
    exports = [text for name in EXPORTS for text in ("--export", name)]
    command = ["inspect", str(small_folder / "still.png"), "--out", "o", "--quiet"]
    assert run(command) == 0
    assert not {place.name for place in Path("o").iterdir()} & set(EXPORTS.values())
    assert run([*command, "--force", *exports]) == 0
    assert set(EXPORTS.values()) <= {place.name for place in Path("o").iterdir()}
    assert '"still.png"' in (Path("o") / "case-uco.jsonld").read_text("utf-8")
    for name in ("report.json", "report.html"):
        (Path("o") / name).unlink()
    assert run([*command, *exports]) == 2, "an export is there already"
    assert run([*command, "--export", "pdf"]) == 2


def test_a_case_is_investigated(small_folder: Path) -> None:
    for name in ("one.mp4", "other.mp4", "still.png"):
        shutil.copy(small_folder / name, name)
    Path("dome.toml").write_text(
        """
title = "Two clips"
question = "One event?"
[[clip]]
path = "one.mp4"
id = "first"
  [[clip.post]]
  source = "a channel"
  at = 2023-05-03T02:37:00+03:00
  [[clip.claim]]
  by = "somebody"
  filmed = 2023-05-03T14:00:00+03:00
[[clip]]
path = "other.mp4"
[[reference]]
path = "still.png"
[[posts]]
path = "posts.csv"
""",
        encoding="utf-8",
    )
    post = "https://example.org/1,2023-05-03T03:16:00+03:00,Smoke"
    Path("posts.csv").write_text(f"url,date,text\n{post}\n", "utf-8")
    assert run(["case", "dome.toml", "--quiet"]) == 0
    report = load(Path("reports/case-dome"))
    assert report["case"]["title"] == "Two clips"
    assert [media["id"] for media in report["media"]] == ["first", "other", "still"]
    assert [media["path"] for media in report["media"]] == ["one.mp4", "other.mp4", "still.png"]
    assert len(report["relations"]) == 3, "every pair of clips, and every clip with every reference"
    posted, claimed = (entry for entry in report["timeline"] if entry["media"] == "first")
    assert (posted["conflicts_with"], claimed["conflicts_with"]) == ([claimed["id"]], [posted["id"]])
    assert [post["url"] for post in report["posts"]].count("https://example.org/1") == 1


def test_two_runs_say_the_same_with_and_without_what_was_kept(small_folder: Path) -> None:
    reports = []
    for out, more in (("a", ["--no-cache"]), ("b", []), ("c", ["--jobs", "1"])):
        names = [str(small_folder / name) for name in ("again.mp4", "one.mp4")]
        assert run(["compare", *names, "--out", out, "--quiet", *more]) == 0
        report = load(Path(out))
        assert report.pop("created")
        assert report.pop("timings")
        reports.append(report)
    assert reports[0] == reports[1] == reports[2]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_hide_or_are_no_text_are_ordinary(small_folder: Path) -> None:
    folder = Path("in").resolve()
    folder.mkdir()
    for name in (b"b\xff\xfe.png", "x\u202egnp.exe\x1b[31m.png".encode(), b"two\nlines.png"):
        shutil.copy(small_folder / "still.png", folder / os.fsdecode(name))
    command = [sys.executable, "-m", "verify", "inspect", os.fsencode(folder), "--out", "o"]
    done = subprocess.run(command, capture_output=True, check=False, env={**own_environment(), "LC_ALL": "C"})
    assert done.returncode == 0, done.stderr
    assert not set(done.stdout + done.stderr) & set(b"\x1b\x07")
    assert "\u202e".encode() not in done.stdout + done.stderr
    report = load(Path("o"))
    assert {media["kind"] for media in report["media"]} == {"image"}
    assert len(list(Path("o/frames").iterdir())) == 3


@pytest.mark.skipif(not POSIX, reason="signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_ends_at_once_and_leaves_nothing(small_folder: Path, number: int) -> None:
    names = [str(small_folder / name) for name in ("one.mp4", "other.mp4", "again.mp4")]
    command = [sys.executable, "-m", "verify", "compare", *names, "--out", "o", "--no-cache"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
        env=own_environment(),
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "examining 0/3\n"
        time.sleep(0.5)  # the children are at work
        asked = time.monotonic()
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
        took = time.monotonic() - asked
    assert process.returncode == 130
    assert took < 3, "a second on a machine that is not loaded"
    assert err.splitlines()[-1] == "verify: interrupted"
    assert "Traceback" not in err
    assert not out
    assert not Path("o").exists()
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_an_interruption_while_the_program_loads_is_one_like_any_other() -> None:
    program = (
        "import sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'click':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "from verify.cli import main\n"
        "sys.exit(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=own_environment()
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "verify: interrupted\n")


def test_python_m_verify_works(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "verify", "inspect", "gone.mp4"],
        capture_output=True,
        text=True,
        check=False,
        env=own_environment(),
    )
    assert done.returncode == 2
    assert done.stderr.startswith("verify: gone.mp4: there is no such file")
    assert not done.stdout
