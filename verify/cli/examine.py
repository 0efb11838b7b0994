"""The commands that examine: inspect, compare, case, batch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from verify.cli import console
from verify.cli.console import Bar
from verify.cli.options import EXIT_INCOMPLETE, Wishes, deliver, examining, folder, safe_name

if TYPE_CHECKING:
    from verify.pipeline import Options

_PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")


def _options(wishes: Wishes, bar: Bar) -> Options:
    return {"jobs": wishes.jobs, "cache": not wishes.no_cache, "progress": bar.update}


@click.command()
@_PATHS
@examining
def inspect(paths: tuple[Path, ...], wishes: Wishes) -> int:
    """Tell what each file is and what it says about itself.

    Key frames, one for each shot, are written as PNG with their times as names, with a contact sheet, into
    OUT/frames. FILE may be a folder; folders are walked recursively.
    """
    from verify import pipeline

    out, bar = folder(wishes, "inspect", paths[0]), Bar(quiet=wishes.quiet)
    try:
        report = pipeline.inspect(paths, **_options(wishes, bar))
        folders = _frame_folders([media.id for media in report.media])
        places = {name: out / "frames" / safe for name, safe in folders.items()}
        errors = pipeline.write_key_frames(report, places, **_options(wishes, bar))
    finally:
        bar.clear()
    code = deliver(report, wishes, out)
    for error in errors:
        console.fail(error)
    return code or (EXIT_INCOMPLETE if errors else 0)


def _frame_folders(ids: list[str]) -> dict[str, str]:
    """A folder name for each id; two ids that come out the same stay apart."""
    taken: set[str] = set()
    names: dict[str, str] = {}
    for name in ids:
        safe, number = safe_name(name), 1
        while safe.casefold() in taken:
            number += 1
            safe = f"{safe_name(name)}-{number}"
        taken.add(safe.casefold())
        names[name] = safe
    return names


@click.command(short_help="Tell how files relate, to each other and to pictures.")
@_PATHS
@click.option(
    "--reference",
    "references",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="IMAGE",
    help="A picture of the place to hold each file against; may be repeated.",
)
@examining
def compare(paths: tuple[Path, ...], references: tuple[Path, ...], wishes: Wishes) -> int:
    """Tell how files relate, to each other and to reference pictures.

    Clips and pictures mix freely. Two files are needed, or one and a reference.
    """
    from verify import pipeline

    out, bar = folder(wishes, "compare", paths[0]), Bar(quiet=wishes.quiet)
    try:
        report = pipeline.compare(paths, references=references, **_options(wishes, bar))
    finally:
        bar.clear()
    return deliver(report, wishes, out)


@click.command()
@click.argument("case_file", type=click.Path(path_type=Path), metavar="CASE.toml")
@examining
def case(case_file: Path, wishes: Wishes) -> int:
    """Carry out the whole investigation of a case file."""
    from verify import pipeline
    from verify.claims import read_case

    read = read_case(case_file)
    out, bar = folder(wishes, "case", case_file), Bar(quiet=wishes.quiet)
    try:
        report = pipeline.investigate(read, **_options(wishes, bar))
    finally:
        bar.clear()
    return deliver(report, wishes, out)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FOLDER...")
@examining
def batch(paths: tuple[Path, ...], wishes: Wishes) -> int:
    """Hold many videos and pictures against each other.

    Every pair is compared; pairs with nothing in common are left out of the report. Files that are no media
    are listed as skipped, and one that cannot be read does not end the work.
    """
    from verify import pipeline

    out, bar = folder(wishes, "batch", paths[0]), Bar(quiet=wishes.quiet)
    try:
        report = pipeline.batch(paths, **_options(wishes, bar))
    finally:
        bar.clear()
    return deliver(report, wishes, out)
