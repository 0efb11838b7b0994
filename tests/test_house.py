"""The house rules, read off the source: who may import whom, who may open what, who may speak."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import verify

ROOT = Path(verify.__file__).parent
ORDER = [
    "errors",
    "model",
    "settings",
    "media",
    "metadata",
    "fingerprint",
    "geometry",
    "copies",
    "scene",
    "claims",
    "checks",
    "archive",
    "calibration",
    "report",
    "pipeline",
    "staged",
    "cli",
    "web",
]  # fmt: skip
DATABASES = {"sqlite3", "lancedb", "duckdb", "psycopg", "sqlalchemy"}
LONG = {"model.py", "settings.py"}  # the nouns are read together, and so are the numbers
MODULES = sorted(path for path in ROOT.rglob("*.py") if "_samples" not in path.parts)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _room(path: Path) -> str:
    first = path.relative_to(ROOT).parts[0]
    return first.removesuffix(".py")


def _imports(path: Path) -> set[str]:
    """Every module that a file imports, in whatever corner of it, by full name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            if node.module == "verify":
                found |= {f"verify.{alias.name}" for alias in node.names}
    return found


def _rooms_used(path: Path) -> set[str]:
    return {name.split(".")[1] for name in _imports(path) if name.startswith("verify.")} & set(ORDER)


def test_there_is_something_to_read() -> None:
    assert {"cli", "pipeline", "media", "claims", "report"} <= {_room(path) for path in MODULES}


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_room_imports_only_rooms_above_it(path: Path) -> None:
    room = _room(path)
    if room in {"__init__", "__main__"}:
        return
    assert room in ORDER, f"the house has no room {room}"
    below = {used for used in _rooms_used(path) if ORDER.index(used) > ORDER.index(room)}
    assert not below, f"{room} imports from below: {below}"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_only_media_decodes_and_only_the_archive_has_a_database(path: Path) -> None:
    tops = {name.split(".")[0] for name in _imports(path)}
    if _room(path) != "media":
        assert "av" not in tops
    if _room(path) != "archive":
        assert not tops & DATABASES


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_only_front_ends_speak_and_exit(path: Path) -> None:
    if _room(path) in {"cli", "web", "__main__"}:
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"print", "input", "exit", "quit"}, f"line {node.lineno}"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "sys":
            assert node.attr not in {"exit", "stdout", "stderr"}, f"line {node.lineno}"
    assert "click" not in {name.split(".")[0] for name in _imports(path)}


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_modules_stay_readable_and_say_what_they_are(path: Path) -> None:
    source = path.read_text("utf-8")
    assert ast.get_docstring(ast.parse(source)), "a module says what it is"
    assert len(source.splitlines()) <= 300 or _name(path) in LONG


def test_the_rules_would_catch_an_offender(tmp_path: Path) -> None:
    # An import inside a function counts: it is the way round the order that comes to mind first.
    offender = tmp_path / "offender.py"
    offender.write_text(
        "def f():\n    from verify import cli\n    import av.error\n    import verify.report.page\n"
    )
    assert _imports(offender) == {"verify", "verify.cli", "av.error", "verify.report.page"}
    assert _rooms_used(offender) == {"cli", "report"}
