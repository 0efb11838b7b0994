"""The command that measures how often the tool is right."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from verify import staged
from verify.cli import console
from verify.cli.console import Bar
from verify.cli.options import EXIT_INCOMPLETE, Wishes, folder, measuring
from verify.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify.calibration.validation import Validation

_STAGED = "the staged case"
_CLIPS = ("dome.mp4", "smoke.mp4", "unrelated.mp4")  # of it: different recordings


@click.command(short_help="Measure how often it is right, on your own footage.")
@click.argument("place", required=False, type=click.Path(path_type=Path), metavar="[FOLDER]")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Draws everything.")
@click.option("--per-source", type=click.IntRange(1), metavar="K", help="Copies of each clip.  [default: 4]")
@click.option(
    "--transforms",
    default="",
    metavar="A,B",
    help="Only these ways of making copies, such as crop-50,mirror.  [default: all]",
)
@click.option(
    "--negatives",
    type=click.IntRange(0),
    metavar="N",
    help="Clips that pairs which only look like copies are made of, drawn by the seed.  [default: all]",
)
@click.option(
    "--pairs",
    type=click.IntRange(0),
    metavar="N",
    help="Pairs of different recordings, drawn by the seed.  [default: 2000]",
)
@click.option("--all-pairs", is_flag=True, help="Every pair of different recordings.")
@click.option("--keep", is_flag=True, help="Keep the clips that are made, in OUT/clips.")
@click.option(
    "--table",
    type=click.Path(path_type=Path),
    metavar="JSON",
    help="Write the table of likelihood ratios there too.",
)
@measuring
def validate(
    place: Path | None,
    seed: int,
    per_source: int | None,
    transforms: str,
    negatives: int | None,
    pairs: int | None,
    all_pairs: bool,
    keep: bool,
    table: Path | None,
    wishes: Wishes,
) -> int:
    """Measure how often the tool is right, on your own footage.

    Copies with known edits are made of every clip in FOLDER, and pairs that are no copies; the tool is run on
    all of them, and what it says is held against what was done. Clips that show one recording should not be
    in FOLDER twice. Without FOLDER, the clips that come with the program are used: three, which shows how it
    works and measures little.
    """
    from verify.pipeline.validate import Wanted
    from verify.pipeline.validate import validate as measure
    from verify.report import validation as written

    if pairs is not None and all_pairs:
        raise UsageError("--pairs and --all-pairs contradict each other", "give one of them")
    out = folder(wishes, "validate", place or Path("samples"), written.NAMES)
    bar = Bar(quiet=wishes.quiet)
    names = tuple(name.strip() for name in transforms.split(",") if name.strip())
    wanted = Wanted(
        seed=seed,
        per_source=per_source,
        transforms=names,
        negatives=negatives,
        easy_pairs=pairs,
        all_pairs=all_pairs,
        keep=out / "clips" if keep else None,
    )
    try:
        with _clips(place) as (paths, media):
            found = measure(
                paths, wanted, media, jobs=wishes.jobs, cache=not wishes.no_cache, progress=bar.update
            )
    finally:
        bar.clear()
    return _deliver(found, wishes, out, table)


@contextmanager
def _clips(place: Path | None) -> Iterator[tuple[list[Path], str]]:
    """The clips to use and what they are called: the user's (by their path), or those that come along."""
    if place is not None:
        yield [place], ""
        return
    with tempfile.TemporaryDirectory(prefix="verify-") as made:
        case = staged.write(Path(made))
        yield [case.parent / "clips" / name for name in _CLIPS], _STAGED


def _deliver(found: Validation, wishes: Wishes, out: Path, table: Path | None) -> int:
    from verify.report import validation as written
    from verify.report.write import put

    places = [*written.write(found, out, force=wishes.force)]
    if table is not None and found.table is not None:
        table.parent.mkdir(parents=True, exist_ok=True)
        put(table, written.table_json(found.table))
        places.append(table)
    if wishes.as_json:
        console.write(written.to_json(found))
    else:
        if not wishes.quiet:
            console.say(written.summary(found))
        console.say("\n".join(map(str, places)))
    if table is not None and found.table is None:
        console.tell("verify: there are too few sources for a table of likelihood ratios; none was written")
    if wishes.verbose:
        for stage, spent in found.timings.items():
            console.tell(f"{stage}: {spent:.1f} s")
    return 0 if found.complete else EXIT_INCOMPLETE
