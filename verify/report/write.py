"""A report on disk: report.json, report.html and exports, each written beside its place and renamed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from verify.errors import OutputExistsError
from verify.report.contract import to_json
from verify.report.exports import EXPORTS
from verify.report.page import to_html

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from verify.model import Report


def write(report: Report, out: Path, *, force: bool = False) -> tuple[Path, Path]:
    """Write both files into the folder `out`, which is made where it is missing.

    Returns:
        The paths of report.json and report.html.

    Raises:
        OutputExistsError: a report is there already and `force` is not given, or `out` is a file.
    """
    places = out / "report.json", out / "report.html"
    if out.exists() and not out.is_dir():
        raise OutputExistsError(f"{out} is a file", "name another folder with --out")
    if not force and any(place.exists() for place in places):
        raise OutputExistsError(
            f"{out} already holds a report", "write over it with --force, or name another folder with --out"
        )
    contents = to_json(report), to_html(report)  # both are made before either is written
    out.mkdir(parents=True, exist_ok=True)
    for place, content in zip(places, contents, strict=True):
        put(place, content)
    return places


def write_exports(report: Report, out: Path, names: Collection[str]) -> tuple[Path, ...]:
    """Write the exports of these names, as in `EXPORTS`, into the report's folder.

    Returns:
        The paths, in the order of `EXPORTS`.

    Raises:
        KeyError: there is no export of a name.
    """
    if unknown := set(names) - {export.name for export in EXPORTS}:
        raise KeyError(", ".join(sorted(unknown)))
    made = [(out / export.file, export.make(report)) for export in EXPORTS if export.name in names]
    out.mkdir(parents=True, exist_ok=True)
    for place, content in made:
        put(place, content)
    return tuple(place for place, _ in made)


def put(place: Path, content: str) -> None:
    """Write one file beside its place and rename it: an interrupted run leaves no half file."""
    # The process id keeps two programs that write to one folder from mixing their halves.
    beside = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)
