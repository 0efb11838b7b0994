"""Clips of a folder -> copies of them with known truth, and which pairs all methods are tried on.

Copies are dealt and made, and unrelated pairs drawn, as `verify validate` does it.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import numpy as np
from make_copies import SUFFIXES, pairs_json

from verify.calibration.transforms import CATALOGUE, GROUPS, make
from verify.calibration.truth import Pair
from verify.pipeline import trials

TRUTH = "truth.json"
MOST_SECONDS = 20  # of a source that a copy is made of
Item = TypeVar("Item")
_NAMES = ("time", "frame rate", "framing", "colour and detail", "marks", "encoding")


@dataclass(frozen=True, slots=True)
class Trials:
    """Clips, and pairs of them by position."""

    clips: tuple[Path, ...]
    sources: int
    copies: tuple[tuple[int, int], ...]
    transforms: tuple[str, ...]  # of each copy
    unrelated: tuple[tuple[int, int], ...]
    possible: int  # unrelated pairs that there are


def group(transform: str) -> str:
    """What kind of edit a transform is."""
    for name, those in zip(_NAMES, GROUPS, strict=True):
        if any(each.name == transform for each in those):
            return name
    return "several at once" if transform.startswith("combination") else "sound"


def copied(folder: Path, out: Path, per_source: int, most: int | None, seed: int, jobs: int) -> None:
    """Make copies of the clips in `folder`, or of `most` drawn ones; `out` gets them and their truth.

    Raises:
        ValueError: there is no clip in the folder.
    """
    sources = _drawn(
        sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES), most, seed
    )
    if not sources:
        raise ValueError(f"no clips in {folder}")
    by_name = {transform.name: transform for transform in CATALOGUE}
    hands = trials.dealt(len(sources), list(by_name), per_source, seed)
    out.mkdir(parents=True, exist_ok=True)
    made: list[Pair] = []
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        waiting = []
        for place, (source, hand) in enumerate(zip(sources, hands, strict=True)):
            other = sources[(place + 1) % len(sources)]
            for name in hand:
                to = out / f"{place:03d}-{name}.mp4"
                waiting.append(
                    pool.submit(make, source, by_name[name], to, seed + place, other, MOST_SECONDS)
                )
        for each in waiting:
            if (error := each.exception()) is not None:
                print(f"not made: {error}", file=sys.stderr)
                continue
            made.append(each.result())
            (out / TRUTH).write_text(pairs_json(made, out), "utf-8")


def read(folder: Path, most: int | None, unrelated: int, seed: int) -> Trials:
    """The copies of a folder that `copied` or make_copies.py left, and unrelated pairs drawn by the seed."""
    rows = json.loads((folder / TRUTH).read_text("utf-8"))
    rows = [row for row in rows if row["kind"] == "copy" and (folder / row["b"]).exists()]
    sources = _drawn(sorted({row["a"] for row in rows}), most, seed)
    rows = [row for row in rows if row["a"] in sources]
    shows: dict[Path, set[str]] = {}
    for row in rows:
        shows.setdefault(folder / row["a"], set()).add(row["a"])
        shows.setdefault(folder / row["b"], set()).update({row["a"], *row["others"]})
    at = {path: place for place, path in enumerate(shows)}
    clips = [trials.Clip(path, frozenset(names)) for path, names in shows.items()]
    drawn, possible = trials.easy(clips, unrelated, seed)
    return Trials(
        clips=tuple(path.resolve() for path in shows),
        sources=len(sources),
        copies=tuple((at[folder / row["a"]], at[folder / row["b"]]) for row in rows),
        transforms=tuple(row["transform"] for row in rows),
        unrelated=tuple((at[trial.pair.a], at[trial.pair.b]) for trial in drawn),
        possible=possible,
    )


def _drawn(every: list[Item], most: int | None, seed: int) -> list[Item]:
    """All, or `most` of them drawn by the seed, in their order."""
    if most is None or most >= len(every):
        return every
    return [
        every[place] for place in sorted(np.random.default_rng(seed).choice(len(every), most, replace=False))
    ]
