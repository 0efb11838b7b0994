"""The verbs: inspect, compare, investigate, batch. The only place where the rooms meet."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from verify.claims import Case, read_case
from verify.errors import UsageError
from verify.model import Inquiry
from verify.pipeline.frames import write_key_frames
from verify.pipeline.inputs import collect, collect_case
from verify.pipeline.run import Plan, run
from verify.pipeline.work import Options
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Unpack

    from verify.model import Report

__all__ = ["Options", "batch", "compare", "inspect", "investigate", "write_key_frames"]


def inspect(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], **options: Unpack[Options]
) -> Report:
    """What each file is and says about itself; nothing is compared.

    Args:
        paths: one file or folder, or several; folders are walked recursively.
        options: see `Options`.

    Raises:
        UsageError: a path is missing, or there is nothing to examine. What a file holds never raises.
    """
    inputs = collect(_paths(paths))
    question = "What is this file, and what does it say about itself?"
    if len(inputs) > 1:
        question = "What are these files, and what do they say about themselves?"
    inquiry = Inquiry(f"Inspection of {_count(len(inputs))}", question)
    return run(inputs, Plan("inspect", inquiry, relate=False), options)


def compare(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    references: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = (),
    **options: Unpack[Options],
) -> Report:
    """How files relate, to each other and to reference imagery.

    Args:
        paths: clips and pictures, two or more; one is enough beside a reference.
        references: pictures of the place; held against each of `paths`, not against each other.
        options: see `Options`.

    Raises:
        UsageError: a path is missing, or there are not two inputs.
    """
    inputs = collect(_paths(paths), _paths(references))
    if len(inputs) < 2:
        raise UsageError("comparing needs two files, or one file and a --reference", "name another file")
    inquiry = Inquiry(f"Comparison of {_count(len(inputs))}", "How do these inputs relate to each other?")
    return run(inputs, Plan("compare", inquiry, shown=_shown(options)), options)


def investigate(case: Case | str | os.PathLike[str], **options: Unpack[Options]) -> Report:
    """The whole investigation of a case file: its clips, references, posts, claims and statements.

    Args:
        case: what `verify.claims.read_case` gave, or the path of a case file.
        options: see `Options`.

    Raises:
        CaseFileError: the case file says something that it may not.
        MissingFileError: there is no such case file.
    """
    read = case if isinstance(case, Case) else read_case(Path(case))
    plan = Plan("case", read.inquiry, shown=_shown(options), case=read)
    return run(collect_case(read), plan, options)


def batch(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], **options: Unpack[Options]
) -> Report:
    """Consistency across many files: every pair is compared, and pairs with nothing found are left out.

    Args:
        paths: folders and files; files that are no media are listed as skipped.
        options: see `Options`.

    Raises:
        UsageError: a path is missing, or there is nothing to examine.
    """
    inputs = collect(_paths(paths))
    inquiry = Inquiry(f"Batch of {_count(len(inputs))}", "Which of these inputs have something in common?")
    plan = Plan("batch", inquiry, all_pairs=False, shown=1, texts=False, skip_others=True)
    return run(inputs, plan, options)


def _paths(given: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> list[Path]:
    return [Path(given)] if isinstance(given, str | os.PathLike) else [Path(item) for item in given]


def _count(number: int) -> str:
    return "one file" if number == 1 else f"{number} files"


def _shown(options: Options) -> int:
    return options.get("settings", SETTINGS).report.aligned_shown
