"""Seeded copies of clips, with known truth, to tune and to measure with.

    python tests/benchmarks/make_copies.py FOLDER_OF_CLIPS OUT --seed 7 --per-source 4
    python tests/benchmarks/make_copies.py FOLDER_OF_CLIPS OUT --transforms crop-50,speed-1.5

Every video of the folder is a source. Without --transforms each gets --per-source transforms of the
catalogue, drawn so that all of them are used about equally often. Sources stay where they are. OUT gets the
copies and `truth.json`: a list of pairs with every field of `verify.calibration.truth`, times in seconds as
"n/d" and as floats, paths relative to OUT. Clips that cannot be used are told on the error stream.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from verify.calibration.transforms import CATALOGUE, MOST_SECONDS, make, named
from verify.errors import VerifyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verify.calibration.transforms import Transform
    from verify.calibration.truth import Pair, TrueSegment
    from verify.model import Box, Span

SUFFIXES = {".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v", ".3gp"}


def pairs_json(pairs: Sequence[Pair], root: Path) -> str:
    """All fields of pairs, with paths relative to `root`."""
    return json.dumps([_pair(pair, root) for pair in pairs], indent=1, sort_keys=True)


def _pair(pair: Pair, root: Path) -> dict[str, object]:
    return {
        "a": _relative(pair.a, root),
        "b": _relative(pair.b, root),
        "kind": pair.kind.value,
        "transform": pair.transform,
        "parts": list(pair.parts),
        "source": pair.source,
        "segments": [_segment(segment) for segment in pair.segments],
        "edits": list(pair.edits),
        "nearer": pair.nearer,
        "others": [_relative(other, root) for other in pair.others],
    }


def _segment(segment: TrueSegment) -> dict[str, object]:
    return {
        "a": _span(segment.a),
        "b": _span(segment.b),
        "a_exact": [str(segment.a.start), str(segment.a.end)],
        "b_exact": [str(segment.b.start), str(segment.b.end)],
        "speed": segment.speed,
        "reversed": segment.reversed,
        "mirrored": segment.mirrored,
        "a_box": _box(segment.a_box),
        "b_box": _box(segment.b_box),
        "homography": segment.homography,
    }


def _span(span: Span) -> list[float]:
    return [float(span.start), float(span.end)]


def _box(box: Box) -> list[float]:
    return [box.x, box.y, box.width, box.height]


def _relative(path: Path, root: Path) -> str:
    return os.path.relpath(path.resolve(), root.resolve())


def _chosen(count: int, per_source: int, dice: np.random.Generator) -> Iterator[list[Transform]]:
    """For each source, transforms of the catalogue: all are used before one is used again."""
    waiting: list[Transform] = []
    for _ in range(count):
        mine: list[Transform] = []
        while len(mine) < min(per_source, len(CATALOGUE)):
            if not waiting:
                waiting = [CATALOGUE[int(at)] for at in dice.permutation(len(CATALOGUE))]
            at = next((at for at, one in enumerate(waiting) if one not in mine), None)
            if at is None:
                waiting = []
                continue
            mine.append(waiting.pop(at))
        yield mine


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the copies."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--transforms", default="", help="names, separated by commas; all: 'all'")
    parser.add_argument("--per-source", type=int, default=4)
    parser.add_argument("--most-seconds", type=Fraction, default=MOST_SECONDS)
    parser.add_argument("--list", action="store_true", help="print the catalogue and stop")
    given = parser.parse_args(arguments)
    if given.list:
        for transform in CATALOGUE:
            print(transform.name, *transform.kinds)
        return 0
    sources = sorted(path for path in given.folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    if not sources:
        parser.error(f"no clips in {given.folder}")
    dice = np.random.default_rng(given.seed)
    if given.transforms:
        wanted = list(CATALOGUE)
        if given.transforms != "all":
            wanted = [named(name) for name in given.transforms.split(",")]
        plan = [wanted] * len(sources)
    else:
        plan = list(_chosen(len(sources), given.per_source, dice))
    given.out.mkdir(parents=True, exist_ok=True)
    pairs: list[Pair] = []
    for index, (source, transforms) in enumerate(zip(sources, plan, strict=True)):
        for transform in transforms:
            others = [path for path in sources if path != source]
            other = others[int(dice.integers(len(others)))] if others else None
            out = given.out / f"{index:03d}-{source.stem}-{transform.name}.mp4"
            began = time.perf_counter()
            try:
                pairs.append(make(source, transform, out, given.seed, other, given.most_seconds))
            except (VerifyError, ValueError) as error:
                print(f"{source.name}, {transform.name}: {error}", file=sys.stderr)
                continue
            print(f"{out.name}: {time.perf_counter() - began:.1f} s")
        (given.out / "truth.json").write_text(pairs_json(pairs, given.out), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
