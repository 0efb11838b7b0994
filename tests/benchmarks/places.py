"""How often two pictures of one place are registered, and how often two pictures of different places are.

    python tests/benchmarks/places.py LANDMARKS [--others FOLDER]... [--out FILE]

LANDMARKS is a folder with a pairs.tsv: columns label ("same" or "different"), image_a, image_b, scene, basis;
the paths start with the folder's own name. The pictures are not part of the project, because their licences
differ. Recall is counted over the pairs labelled as the same place. Pairs of different places are those
labelled so; those of two scenes of the table; those of a picture in the table and one beside it in the folder
that is not; and those of pictures out of two collections, the first folder below LANDMARKS or below an
--others folder, as long as one of the two is of LANDMARKS. Of any other pair nothing is known, and it is not
counted.

False registrations are given with the exact upper bound that their rate stays below with 95 % confidence
(Clopper and Pearson, one-sided; without any it is about three over the number of pairs).
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import platform
import sys
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from importlib import metadata
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import verify
from verify.errors import VerifyError
from verify.geometry import View, register, views
from verify.media import probe
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from verify.model import Registration

RESULTS = Path(__file__).with_name("results") / "places.json"
PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"}
CONFIDENCE = 0.95
RICH = 500  # local features; a picture with as many is rich in detail
LIMITS = SETTINGS.geometry


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture, and what is known of where it was taken."""

    path: Path
    name: str  # its path below the folder that holds LANDMARKS or the other folder
    collection: str
    landmark: bool  # whether it lies in LANDMARKS
    scene: str | None  # of pairs.tsv


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures, and whether they show one place."""

    a: Shown
    b: Shown
    same: bool


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and write the results."""
    parser = argparse.ArgumentParser(description="Recall and false registrations of places")
    parser.add_argument("landmarks", type=Path, help="folder with pairs.tsv")
    parser.add_argument("--others", type=Path, action="append", default=[], help="pictures of other places")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the results are written")
    options = parser.parse_args(arguments)
    root = options.landmarks.resolve()
    labels = read_labels(root / "pairs.tsv")
    pictures = find(root, labels, landmark=True)
    for folder in options.others:
        pictures += find(folder.resolve(), {}, landmark=False)
    start = time.perf_counter()
    seen, failed = looked_at(pictures)
    found = [
        (pair, register(seen[pair.a.path], seen[pair.b.path], LIMITS))
        for pair in pairs(pictures, labels)
        if pair.a.path in seen and pair.b.path in seen
    ]
    result = {
        "machine": machine(),
        "seconds": round(time.perf_counter() - start),
        "settings": asdict(LIMITS),
        "pictures": len(seen),
        "not_examined": failed,
        **score(found, {path for path, taken in seen.items() if len(taken[0].points) >= RICH}),
    }
    show(result)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=2, sort_keys=True) + "\n", "utf-8")
    return 0


def read_labels(table: Path) -> dict[frozenset[str], tuple[str, str]]:
    """Label and scene by the two names of a pair."""
    with table.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return {frozenset((row["image_a"], row["image_b"])): (row["label"], row["scene"]) for row in rows}


def find(folder: Path, labels: dict[frozenset[str], tuple[str, str]], *, landmark: bool) -> list[Shown]:
    """The pictures below a folder, in order."""
    scenes = {name: scene for both, (label, scene) in labels.items() if label == "same" for name in both}
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in PICTURES and path.is_file():
            below = path.relative_to(folder)
            name = (folder.name / below).as_posix()
            found.append(Shown(path, name, below.parts[0], landmark, scenes.get(name)))
    return found


def looked_at(pictures: Iterable[Shown]) -> tuple[dict[Path, tuple[View, ...]], dict[str, str]]:
    """The views of each picture; and the reasons by name where there are none."""
    seen, failed = {}, {}
    for shown in pictures:
        try:
            seen[shown.path] = views(probe(shown.path, id=shown.name), LIMITS)
        except VerifyError as error:
            failed[shown.name] = error.code
    return seen, failed


def pairs(pictures: Sequence[Shown], labels: dict[frozenset[str], tuple[str, str]]) -> list[Pair]:
    """The pairs of which it is known whether they show one place."""
    found = []
    for a, b in combinations(pictures, 2):
        label = labels.get(frozenset((a.name, b.name)))
        if label:
            found.append(Pair(a, b, label[0] == "same"))
        elif different(a, b):
            found.append(Pair(a, b, same=False))
    return found


def different(a: Shown, b: Shown) -> bool:
    """Whether it is known that two pictures show different places."""
    if not (a.landmark or b.landmark):
        return False
    if a.landmark and b.landmark and a.scene != b.scene:
        return True
    return a.collection != b.collection


def score(found: Sequence[tuple[Pair, Registration | None]], detailed: Collection[Path]) -> dict[str, object]:
    """Recall by scene, and the pairs of different places that were registered.

    A picture that is blank or tiny is registered with nothing, so the bound is given for `detailed` ones too.
    """
    recall: dict[str, list[bool]] = defaultdict(list)
    for pair, held in found:
        if pair.same:
            recall[pair.a.scene or ""].append(held is not None)
    apart = [(pair, held) for pair, held in found if not pair.same]
    hard = [held for pair, held in apart if pair.a.path in detailed and pair.b.path in detailed]
    wrong = [
        {"a": pair.a.name, "b": pair.b.name, "model": held.model, "inliers": held.inliers}
        for pair, held in apart
        if held
    ]
    return {
        "recall": {
            scene: {"pairs": len(hits), "registered": sum(hits), "share": round(sum(hits) / len(hits), 3)}
            for scene, hits in sorted(recall.items())
        },
        "different": {
            "pairs": len(apart),
            "registered": len(wrong),
            "upper_bound": bound(len(wrong), len(apart)),
            "detailed_pairs": len(hard),
            "detailed_upper_bound": bound(sum(held is not None for held in hard), len(hard)),
            "confidence": CONFIDENCE,
            "which": wrong,
        },
    }


def bound(count: int, tries: int) -> float:
    """The rate at which `count` or fewer of `tries` would be seen with a chance of 5 %."""
    if count == tries:
        return 1.0
    low, high = count / tries, 1.0
    for _ in range(60):
        rate = (low + high) / 2
        chance = sum(
            math.exp(
                math.log(math.comb(tries, each)) + each * math.log(rate) + (tries - each) * math.log1p(-rate)
            )
            for each in range(count + 1)
        )
        low, high = (rate, high) if chance > 1 - CONFIDENCE else (low, rate)
    return round(high, 5)


def show(result: dict[str, object]) -> None:
    """Print the results as a table."""
    recall, apart = result["recall"], result["different"]
    assert isinstance(recall, dict)
    assert isinstance(apart, dict)
    print(f"{'scene':24} {'pairs':>6} {'found':>6} {'share':>6}")
    for scene, row in recall.items():
        print(f"{scene:24} {row['pairs']:6} {row['registered']:6} {row['share']:6.2f}")
    print(f"{'different places':24} {apart['pairs']:6} {apart['registered']:6}  rate below ", end="")
    print(f"{apart['upper_bound']:.2%}; ", end="")
    print(f"of {apart['detailed_pairs']} detailed pairs below {apart['detailed_upper_bound']:.2%}")
    for wrong in apart["which"]:
        print(f"  {wrong['a']} and {wrong['b']}: {wrong['model']}, {wrong['inliers']} points")


def machine() -> dict[str, object]:
    """Where and with what it was measured."""
    packages = ("av", "numpy", "opencv-python-headless", "pillow")
    return {
        "verify": verify.__version__,
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in packages},
    }


if __name__ == "__main__":
    sys.exit(main())
