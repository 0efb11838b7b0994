"""The options that every command that examines takes, and what is done with its report."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from verify.cli import console
from verify.errors import OutputExistsError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify.model import Report

_Command = TypeVar("_Command", bound="Callable[..., Any]")

# Longer names of folders are refused by some file systems.
_NAME_LENGTH = 80

EXIT_INCOMPLETE = 3
EXIT_INCONSISTENT = 4


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for on the command line, beside the inputs."""

    out: Path | None
    force: bool
    as_json: bool
    quiet: bool
    verbose: bool
    jobs: int | None
    no_cache: bool
    fail_on: tuple[str, ...] = ()
    exports: tuple[str, ...] = ()


_REPORT = ("report.json", "report.html")
# Each export and its file, as `verify.report.EXPORTS` has them; that room takes a while to load.
EXPORTS = {
    "timeline-csv": "timeline.csv",
    "timeline-ics": "timeline.ics",
    "timeline-jsonld": "timeline.jsonld",
    "places-geojson": "places.geojson",
    "mediareview": "mediareview.jsonld",
    "case-uco": "case-uco.jsonld",
}
_OPTIONS = (
    click.option(
        "--out",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Folder of the report.  [default: reports/COMMAND-NAME]",
    ),
    click.option("--force", is_flag=True, help="Write over a report that is already there."),
    click.option("--json", "as_json", is_flag=True, help="Print the JSON instead of the summary."),
    click.option("--quiet", "-q", is_flag=True, help="No progress and no summary, only the report's paths."),
    click.option("--verbose", "-v", is_flag=True, help="Also tell how long each stage took."),
    click.option("--jobs", "-j", type=click.IntRange(1, 512), help="Processes at once.  [default: cores]"),
    click.option("--no-cache", is_flag=True, help="Neither use nor keep fingerprints of earlier runs."),
)
_FAIL_ON = click.option(
    "--fail-on",
    type=click.Choice(["inconsistent"]),
    multiple=True,
    help="Exit with 4 when a finding has this outcome.",
)
_EXPORT = click.option(
    "--export",
    "exports",
    type=click.Choice(list(EXPORTS)),
    multiple=True,
    help="Also write this beside the report; may be repeated.",
)


def examining(command: _Command) -> _Command:
    """Give a command the options of those that examine, gathered as its argument `wishes`."""
    return _with((*_OPTIONS, _FAIL_ON, _EXPORT), command)


def measuring(command: _Command) -> _Command:
    """Give a command the same options without those that speak of findings or export them."""
    return _with(_OPTIONS, command)


def _with(options: tuple[Callable[..., Any], ...], command: _Command) -> _Command:

    def gathered(
        out: Path | None,
        force: bool,
        as_json: bool,
        quiet: bool,
        verbose: bool,
        jobs: int | None,
        no_cache: bool,
        fail_on: tuple[str, ...] = (),
        exports: tuple[str, ...] = (),
        **rest: object,
    ) -> object:
        kinds = tuple(dict.fromkeys(exports))
        wishes = Wishes(out, force, as_json, quiet, verbose, jobs, no_cache, fail_on, kinds)
        return command(wishes=wishes, **rest)

    gathered.__name__, gathered.__doc__ = command.__name__, command.__doc__
    given: Any = gathered
    for option in reversed(options):
        given = option(given)
    return given  # type: ignore[no-any-return]


def folder(wishes: Wishes, command: str, first: Path, names: tuple[str, ...] = _REPORT) -> Path:
    """Where the report's files go; refused before any work where they may not.

    Raises:
        OutputExistsError: a report is there already and `--force` was not given, or a file is in the way.
        UsageError: the folder cannot be written to.
    """
    out = wishes.out or Path("reports") / f"{command}-{safe_name(stem(first))}"
    _refuse(out, (*names, *(EXPORTS[name] for name in wishes.exports)), force=wishes.force)
    return out


def _refuse(out: Path, names: tuple[str, ...], *, force: bool) -> None:
    if not force and any((out / name).exists() for name in names):
        hint = "write over it with --force, or name another folder with --out"
        raise OutputExistsError(f"{out} already holds a report", hint)
    nearest = next(place for place in (out, *out.absolute().parents) if place.exists())
    if not nearest.is_dir():
        raise OutputExistsError(f"{nearest} is no folder", "name another folder with --out")
    if not os.access(nearest, os.W_OK):
        raise UsageError(f"{nearest} cannot be written to", "name another folder with --out")


def stem(path: Path) -> str:
    """A file's name without its suffix; a folder's name, also where it is given as `.`."""
    if not path.is_dir():
        return path.stem
    return path.name if path.name not in {"", ".."} else Path(os.path.abspath(path)).name  # noqa: PTH100


def safe_name(text: str) -> str:
    """The text as the name of one folder, without characters that hide, steer or separate."""
    kept = "".join(
        letter if unicodedata.category(letter)[0] not in "CZ" and letter not in '/\\:*?"<>|' else "_"
        for letter in text
    )
    return kept.strip("._")[:_NAME_LENGTH] or "input"


def deliver(report: Report, wishes: Wishes, out: Path) -> int:
    """Write a report, show what was asked for, and give the exit code."""
    from verify.report import summary, to_json, write, write_exports

    places = *write(report, out, force=wishes.force), *write_exports(report, out, wishes.exports)
    if wishes.as_json:
        console.write(to_json(report))
    else:
        if not wishes.quiet:
            console.say(summary(report).rstrip("\n") + "\n")
        console.say("\n".join(map(str, places)))
    if wishes.verbose:
        for stage, spent in report.timings.items():
            console.tell(f"{stage}: {spent:.1f} s")
    return exit_code(report, wishes.fail_on)


def exit_code(report: Report, fail_on: tuple[str, ...]) -> int:
    """0 done; 3 something could not be examined; 4 an outcome that was asked to fail."""
    if any(finding.outcome in fail_on for finding in report.findings):
        return EXIT_INCONSISTENT
    return 0 if report.complete else EXIT_INCOMPLETE
