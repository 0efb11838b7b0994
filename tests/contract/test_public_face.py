"""What others rely on: the names that `import verify` gives, the error tree, the README's commands."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import verify
from verify import errors, pipeline
from verify.cli.root import program

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_public_names_are_these() -> None:
    assert sorted(verify.__all__) == [
        "Report",
        "VerifyError",
        "__version__",
        "batch",
        "compare",
        "inspect",
        "investigate",
    ]
    for name in verify.__all__:
        assert getattr(verify, name) is not None
    assert verify.inspect is pipeline.inspect
    assert re.fullmatch(r"\d+\.\d+\.\d+", verify.__version__)
    with pytest.raises(AttributeError, match="no attribute 'search'"):
        verify.search  # type: ignore[attr-defined] # noqa: B018


@pytest.mark.parametrize("verb", ["inspect", "compare", "batch"])
def test_a_verb_takes_one_path_or_several_and_refuses_what_is_missing(verb: str, tmp_path: Path) -> None:
    call = getattr(verify, verb)
    for given in (tmp_path / "gone.mp4", str(tmp_path / "gone.mp4"), [tmp_path / "gone.mp4"]):
        with pytest.raises(errors.MissingFileError, match=r"gone\.mp4"):
            call(given)


@pytest.mark.parametrize("verb", ["inspect", "batch"])
def test_a_verb_refuses_an_option_that_it_would_not_heed(verb: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(TypeError, match="unknown option: archive"):
        getattr(verify, verb)(tmp_path, archive=tmp_path)


def test_help_waits_for_no_decoder() -> None:
    program_text = (
        "import sys; from verify.cli.root import run; run(['--help']); "
        "heavy = {'numpy', 'cv2', 'av', 'PIL', 'jinja2', 'verify.pipeline'}; "
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program_text],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(verify.__file__).parents[1])},
    )
    assert done.stdout.startswith("Usage: verify")
    assert done.stderr == "[]\n"


def _tree(kind: type[errors.VerifyError]) -> list[type[errors.VerifyError]]:
    return [kind, *(each for child in kind.__subclasses__() for each in _tree(child))]


def test_the_error_tree_is_the_one_that_is_drawn() -> None:
    drawn = dict(re.findall(r"[ │├└─]*(\w+Error) +(\d+)", errors.__doc__ or ""))
    defined = {
        kind.__name__: str(kind.exit_code)
        for kind in vars(errors).values()
        if inspect.isclass(kind) and issubclass(kind, errors.VerifyError)
    }
    assert drawn == defined
    codes = [kind.code for kind in _tree(errors.VerifyError)]
    assert len(codes) == len(set(codes)), "each error has a code of its own"


def test_every_command_stands_in_the_readme() -> None:
    for command in program.commands:
        assert f"    verify {command} " in README


def _commands() -> list[str]:
    return re.findall(r"^    (python3 -m venv .+)$", README, re.MULTILINE)


def test_the_readme_has_its_two_commands() -> None:
    first, second = _commands()
    assert "verify case samples/dome/case.toml" in first
    assert second.endswith("-m pytest -n 2")


def test_continuous_integration_runs_the_readmes_test_command() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    pattern = re.search(r"sed -n '(.+)' README\.md", script.read_text("utf-8"))
    assert pattern is not None
    found = subprocess.run(
        ["sed", "-n", pattern[1], str(ROOT / "README.md")], capture_output=True, text=True, check=True
    )
    assert found.stdout.splitlines() == [_commands()[1]]


def test_the_changelog_has_this_versions_changes() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in text or f"## [{verify.__version__}]" in text
