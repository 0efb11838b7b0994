"""The command that writes the staged case."""

from __future__ import annotations

from pathlib import Path

import click

from verify.cli import console


@click.command()
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT")
@click.option("--force", is_flag=True, help="Write into a folder that has files in it.")
def samples(out: Path, force: bool) -> int:
    """Write the staged case, clips and all, into the folder OUT.

    It is rendered, not filmed: a night scene with a domed roof, copies of its clips, posts and claims about
    them, and the truth about all of it.
    """
    from verify.staged import write

    place = write(out, force=force)
    console.say(f"{place}")
    return 0
