"""`verify` beside other programs that find copies of clips: the same pairs, in the same run.

    python tests/benchmarks/peers.py FOLDER --work DIR [--seed N] [--per-source K] [--most-sources N]
                                     [--unrelated N] [--methods A,B] [--media TEXT] [--out FILE]

FOLDER holds clips, of which copies are made into DIR with edits of the catalogue, or it is a folder that
make_copies.py wrote. The sources must be different recordings. Every method gets every pair: each copy with
its source, and clips that have no recording in common. Told are what it finds at its published default and
how many unrelated pairs it calls copies there; and, since defaults differ in how careful they are, what it
finds when its threshold is moved, on this very run, to where no unrelated pair matches, or one. That is
kinder to the others than to `verify`, whose answers have no threshold to move: where it calls no unrelated
pair a copy, its share there is its share at its default.

For the others: `pip install vpdq perception videohash2 ImageHash`, and the extra `neural` for SSCD. vpdq is
built, which takes cmake and the development files of FFmpeg's libraries; videohash2 runs ffmpeg; perception
brings a second build of OpenCV, and works with ours put back in its place. What is not there is named with
the reason. A clip that a method cannot take counts as not found, and is listed.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
from peer import figures, ours, trials
from peer.hashes import HASHES
from peer.learned import LEARNED
from peer.method import printed, scored

from verify import __version__
from verify.fingerprint import neural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peer.figures import Row
    from peer.method import Method, Prints

METHODS = (*HASHES, *LEARNED)
_LEARNED = "verify with the neural extra"


def main() -> int:
    """Measure, write what is known after each method, and print the tables."""
    given = _given()
    made = given.folder
    if not (made / trials.TRUTH).exists():
        made = given.work
        trials.copied(given.folder, made, given.per_source, given.most_sources, given.seed, given.jobs)
    tried = trials.read(made, given.most_sources, given.unrelated, given.seed)
    rows: list[Row] = []
    missing: list[dict[str, str]] = []
    for row in _rows(tried, given.jobs, given.methods.split(",") if given.methods else None):
        (missing if "reason" in row else rows).append(row)
        print(f"{row['name']}: {row.get('reason', 'measured')}", file=sys.stderr)
        if given.out is not None:
            text = json.dumps(_result(given, tried, rows, missing), indent=1) + "\n"
            given.out.write_text(text, "utf-8")
    print(figures.table(rows, missing), figures.by_group(rows), sep="\n\n")
    return 0


def _rows(tried: trials.Trials, jobs: int, wanted: list[str] | None) -> Iterator[Row]:
    """What is known of each method; of one that did not run, its name and the reason."""
    ours_too = wanted is None or "verify" in wanted
    if ours_too:
        yield _of_ours("verify, core install", tried, jobs, learned=False)
    kept: dict[object, Prints] = {}  # methods that differ only in how they score share fingerprints
    for method in METHODS:
        if wanted is None or method.name in wanted:
            yield _of_method(method, tried, jobs, kept)
    if ours_too and neural.model() is not None:
        yield _of_ours(_LEARNED, tried, jobs, learned=True)
    elif ours_too:
        yield {"name": _LEARNED, "reason": "the extra is not installed"}


def _of_ours(name: str, tried: trials.Trials, jobs: int, *, learned: bool) -> Row:
    found = ours.answered(tried.clips, (*tried.copies, *tried.unrelated), jobs, learned=learned)
    about = {"name": name, "default": "called identical or copy", "versions": {"verify": __version__}}
    return about | figures.of_method(found, ours.FOUND, tried, fixed=True)


def _of_method(method: Method, tried: trials.Trials, jobs: int, kept: dict[object, Prints]) -> Row:
    if reason := method.missing():
        return {"name": method.name, "reason": reason}
    if method.fingerprint not in kept:
        kept[method.fingerprint] = printed(method, tried.clips, jobs)
    prints = kept[method.fingerprint]
    if len(prints.failed) == len(tried.clips):
        return {"name": method.name, "reason": f"it takes no clip ({next(iter(prints.failed.values()))})"}
    about = {
        "name": method.name,
        "does": method.does,
        "default": method.default,
        "versions": method.versions(),
    }
    found = scored(method, prints, (*tried.copies, *tried.unrelated))
    return about | figures.of_method(found, method.least, tried)


def _result(
    given: argparse.Namespace, tried: trials.Trials, rows: list[Row], missing: list[dict[str, str]]
) -> Row:
    return {
        "media": given.media,
        "seed": given.seed,
        "sources": tried.sources,
        "clips": len(tried.clips),
        "copies": len(tried.copies),
        "unrelated": len(tried.unrelated),
        "unrelated_possible": tried.possible,
        "machine": platform.platform(),
        "python": platform.python_version(),
        "versions": {"opencv": cv2.__version__, **{each: metadata.version(each) for each in ("numpy", "av")}},
        "methods": rows,
        "not_run": missing,
    }


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--work", type=Path, default=Path("peers-work"), help="where copies are made")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--per-source", type=int, default=3)
    parser.add_argument("--most-sources", type=int)
    parser.add_argument("--unrelated", type=int, default=1500)
    parser.add_argument("--methods", default="", help="only these, by name; all of `verify` is 'verify'")
    parser.add_argument("--media", default="", help="what the clips are called in the result")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
