"""What is to be examined: files and folders as given -> inputs with a role and an id of their own.

Folders are walked in a fixed order without following links to folders, so that a loop cannot trap the walk.
Names that begin with a dot are left alone, and so is a folder that holds a report of this program, whose
pictures are no inputs. What is found and cannot be examined stays in the list, with the reason.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from verify.errors import MissingFileError, NotMediaError, UnreadableMediaError, UsageError
from verify.model import Problem, Role
from verify.report.plain import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verify.claims import Case


_REPORTS = ({"report.json", "report.html"}, {"validation.json", "validation.html"})


@dataclass(frozen=True, slots=True)
class Input:
    """One file to be examined."""

    id: str
    path: Path  # where it is opened
    shown: Path  # as given; relative to the case file in a case
    role: Role = Role.CLIP
    named: bool = True  # given by name, not found in a folder
    problem: Problem | None = None  # why it is not even opened


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    named: bool
    problem: Problem | None = None


def collect(paths: Iterable[Path], references: Iterable[Path] = ()) -> tuple[Input, ...]:
    """Inputs in the order given, folders opened up; references last.

    Raises:
        MissingFileError: a path does not exist.
        UsageError: there is nothing to examine.
    """
    groups = [(Role.CLIP, _expanded(paths)), (Role.REFERENCE, _expanded(references))]
    if not groups[0][1]:
        raise UsageError(
            "there is no file to examine", "name at least one file, or a folder with files in it"
        )
    taken: set[str] = set()
    return tuple(
        Input(unused(found.path, taken), found.path, found.path, role, found.named, found.problem)
        for role, group in groups
        for found in group
    )


def collect_case(case: Case) -> tuple[Input, ...]:
    """The clips and references of a case, in its order; their own ids first, then file stems."""
    items = [(Role.CLIP, item) for item in case.clips] + [(Role.REFERENCE, item) for item in case.references]
    taken = {item.id for _, item in items if item.id}
    folder = case.path.parent
    return tuple(
        Input(item.id or unused(Path(item.path), taken), folder / item.path, Path(item.path), role)
        for role, item in items
    )


def unused(path: Path, taken: set[str]) -> str:
    """The file's stem as a report writes it, or stem-2, stem-3 where that is taken; takes it."""
    # Two names that differ only in bytes that are no UTF-8 must not become one id when they are written.
    stem = text(path.stem or path.name or "input")
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    taken.add(name)
    return name


def _expanded(paths: Iterable[Path]) -> list[_Found]:
    found: list[_Found] = []
    for path in paths:
        if path.is_dir():
            found.extend(_walked(path))
        elif not os.path.lexists(path):
            raise MissingFileError(f"{path}: there is no such file", "check the path")
        else:
            found.append(_Found(path, named=True, problem=_barred(path)))
    return found


def _walked(folder: Path) -> Iterator[_Found]:
    """Files under a folder, by name; what cannot be opened is found too."""
    failed: list[OSError] = []
    for place, folders, files in os.walk(folder, onerror=failed.append):
        here = Path(place)
        yield from (_closed(error) for error in failed)
        failed.clear()
        if any(pair <= set(files) for pair in _REPORTS):
            folders.clear()
            reason = f"{here}: a report of this program; its folder is left out"
            yield _Found(here, named=False, problem=Problem(NotMediaError.code, reason))
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield _Found(here / name, named=False, problem=_barred(here / name))
    yield from (_closed(error) for error in failed)


def _closed(error: OSError) -> _Found:
    reason = f"{error.filename}: the folder could not be opened ({error.strerror})"
    path = Path(os.fsdecode(error.filename)) if error.filename else Path()
    return _Found(path, named=True, problem=Problem(UnreadableMediaError.code, reason))


def _barred(path: Path) -> Problem | None:
    """Why a file is not opened: reading a pipe or a device could wait for ever."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return Problem(UnreadableMediaError.code, f"{path}: it could not be opened ({error.strerror})")
    if stat.S_ISREG(mode):
        return None
    return Problem(NotMediaError.code, f"{path}: it is no regular file")
