"""What the program says and returns when it is asked for what cannot be, before any work."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

import verify
from verify.cli.console import Bar, shown
from verify.cli.options import safe_name, stem
from verify.cli.root import program, run

if TYPE_CHECKING:
    from collections.abc import Callable

COMMANDS = ("inspect", "compare", "case", "batch", "validate", "methods", "samples", "completion")
EXAMINING = ("inspect", "compare", "case", "batch")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_commands_are_those_of_the_contract() -> None:
    assert sorted(program.commands) == sorted(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_tells_what_it_does(
    command: str, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([command, option]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"Usage: verify {command}")
    assert (program.commands[command].help or "").splitlines()[0] in " ".join(out.split())
    assert not err


@pytest.mark.parametrize("command", EXAMINING)
def test_every_command_that_examines_takes_the_same_options(command: str) -> None:
    options = {
        name
        for parameter in program.commands[command].params
        if isinstance(parameter, click.Option)
        for name in parameter.opts
    }
    shared = "--out --force --json --quiet --verbose --jobs --no-cache --fail-on --export"
    assert set(shared.split()) <= options
    assert ("--reference" in options) == (command == "compare")


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"verify {verify.__version__}\n"


def test_the_exit_codes_are_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    words = [line.split()[:1] for line in capsys.readouterr().out.partition("Exit codes:")[2].splitlines()]
    assert [word for word in words if word] == [["0"], ["1"], ["2"], ["3"], ["4"], ["130"]]


def _report(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "report.json").write_text("{}")


MISUSES: dict[str, tuple[Callable[[], object], list[str], str]] = {
    "no command": (lambda: None, [], "Usage: verify"),
    "an unknown command": (lambda: None, ["inspcet", "x"], "inspcet"),
    "no file": (lambda: None, ["inspect"], "Missing argument"),
    "an unknown option": (lambda: None, ["inspect", "--bogus", "x"], "--bogus"),
    "a missing file": (lambda: None, ["inspect", "gone.mp4"], "gone.mp4: there is no such file"),
    "a missing reference": (
        lambda: Path("a.mp4").touch(),
        ["compare", "a.mp4", "--reference", "gone.jpg"],
        "gone.jpg: there is no such file",
    ),
    "one file to compare": (lambda: Path("a.mp4").touch(), ["compare", "a.mp4"], "two files"),
    "an empty folder": (lambda: Path("empty").mkdir(), ["batch", "empty"], "no file to examine"),
    "a missing case": (lambda: None, ["case", "gone.toml"], "gone.toml: there is no such case file"),
    "a bad case": (
        lambda: Path("case.toml").write_text("titel = 1\n[[clip]]\npath = 'case.toml'"),
        ["case", "case.toml"],
        "case.toml: titel: unknown key",
    ),
    "no jobs": (lambda: None, ["inspect", "x", "--jobs", "0"], "--jobs"),
    "an unknown outcome": (lambda: None, ["inspect", "x", "--fail-on", "doubt"], "--fail-on"),
    "an unknown method": (lambda: None, ["methods", "astrology"], "astrology"),
    "an unknown shell": (lambda: None, ["completion", "cmd"], "cmd"),
    "a report that is there": (
        lambda: _report(Path("reports/inspect-a")),
        ["inspect", "a.mp4"],
        "already holds a report",
    ),
    "a report where --out says": (lambda: _report(Path("o")), ["batch", "x", "--out", "o"], "--force"),
    "a file in the way": (lambda: Path("o").touch(), ["inspect", "x", "--out", "o"], "o is no folder"),
    "a file further up": (lambda: Path("o").touch(), ["inspect", "x", "--out", "o/p/q"], "o is no folder"),
}


@pytest.mark.parametrize("name", MISUSES)
def test_misuse_is_told_in_few_lines_with_exit_code_2(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    prepare, arguments, told = MISUSES[name]
    prepare()
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert told in err
    assert not out
    assert "Traceback" not in err
    if arguments:
        assert 1 <= len(err.splitlines()) <= 4


def test_what_was_typed_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    for argument in ("--bo\x1b[31mgus", "gone\u202e.mp4", "gone\x07\n.mp4"):
        assert run(["inspect", argument]) == 2
        err = capsys.readouterr().err
        assert not set(err) & set("\x1b\x07\u202e")
        assert len(err.splitlines()) <= 2


def test_text_is_shown_so_that_nothing_hides() -> None:
    assert shown("a\x1b[31m\u202e\u2028b") == "a\u2039U+001B\u203a[31m\u2039U+202E\u203a\u2039U+2028\u203ab"
    assert shown(os.fsdecode(b"a\xff")) == "a\\xff"
    assert shown("a\nb") == "a\u2039U+000A\u203ab"
    assert shown("a\nb", keep="\n") == "a\nb"
    assert shown("Москва 東京 می‌خواهم 👩‍🚒") == "Москва 東京 می‌خواهم 👩‍🚒"


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("dome", "dome"),
        ("a b", "a_b"),
        ("..", "input"),
        ("", "input"),
        ("a\u202egpj", "a_gpj"),
        ("a/b\\c:d", "a_b_c_d"),
        ("Москва", "Москва"),
        ("x" * 300, "x" * 80),
        (os.fsdecode(b"b\xff"), "b"),
    ],
)
def test_a_reports_folder_has_a_plain_name(given: str, safe: str) -> None:
    assert safe_name(given) == safe


def test_a_folder_gives_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "clips.v2").mkdir()
    assert stem(Path("clips.v2")) == "clips.v2"
    assert stem(Path()) == tmp_path.name
    assert stem(Path("a/dome.mp4")) == "dome"


class _Terminal:
    def __init__(self, *, tty: bool) -> None:
        self.text, self._tty = "", tty

    def isatty(self) -> bool:
        return self._tty

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        pass


def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere() -> None:
    for tty in (True, False):
        stream = _Terminal(tty=tty)
        bar = Bar(stream)  # type: ignore[arg-type]
        for done in range(5):
            bar.update("comparing", done, 4)
        assert ("\r" in stream.text) == tty
        assert ("\n" in stream.text) != tty
        assert "comparing" in stream.text
    assert stream.text.splitlines() == ["comparing 0/4", "comparing 4/4"]
    quiet = _Terminal(tty=True)
    Bar(quiet, quiet=True).update("comparing", 1, 4)  # type: ignore[arg-type]
    assert not quiet.text


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(shell: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == 0
    out = capfd.readouterr().out
    assert f"_VERIFY_COMPLETE={shell}_complete" in out


def test_methods_are_listed_and_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["methods"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert "fingerprint.pdq" in listed
    for name in listed:
        assert run(["methods", name]) == 0
        assert capsys.readouterr().out.startswith(f"{name}: ")
