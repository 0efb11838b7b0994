"""How alike learned fingerprints make copies of clips, and clips that have nothing in common.

    python tests/benchmarks/learned.py COPIES --out results.json

COPIES is what make_copies.py wrote. Every source is held against every copy: its own are copies, those of
other sources are unrelated unless the copy shows both. Given are the mean normalised cosines of the best
moments, by transform and of unrelated pairs, and the shares above `NeuralSettings.score`. Needs the extra.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

from verify.copies.vectors import best, likeness
from verify.fingerprint import neural
from verify.fingerprint.vectors import VectorBuilder, VectorTrack
from verify.media import frames
from verify.settings import SETTINGS


def track(path: Path, model: neural.Model) -> VectorTrack:
    """A clip's vectors."""
    builder = VectorBuilder(model)
    for frame in frames(path, threads=1):
        builder.add(frame)
    return builder.finish()


def main() -> int:
    """Measure and print; 2 without the extra."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("copies", type=Path)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    model = neural.model()
    if model is None:
        print("learned fingerprints are not installed", file=sys.stderr)
        return 2
    rows = json.loads((given.copies / "truth.json").read_text("utf-8"))
    rows = [row for row in rows if row["kind"] == "copy" and (given.copies / row["b"]).exists()]
    paths = sorted({row[side] for row in rows for side in ("a", "b")})
    tracks = {name: track(given.copies / name, model) for name in paths}
    of_copies, of_others = defaultdict(list), []
    for row in rows:
        for source in sorted({each["a"] for each in rows}):
            alike = likeness(best(tracks[source], tracks[row["b"]], SETTINGS.neural))
            if source == row["a"]:
                of_copies[row["transform"]].append(alike)
            elif source not in row["others"]:
                of_others.append(alike)
    every = np.array([alike for each in of_copies.values() for alike in each])
    level = SETTINGS.neural.score
    result = {
        "machine": platform.platform(),
        "python": platform.python_version(),
        "model": model.origin,
        "sources": len({row["a"] for row in rows}),
        "level": level,
        "copies": {"pairs": len(every), "above": round(float((every > level).mean()), 3)},
        "unrelated": {
            "pairs": len(of_others),
            "above": round(float((np.array(of_others) > level).mean()), 4),
            "highest": [round(each, 3) for each in sorted(of_others)[-5:]],
        },
        "by_transform": {
            name: [round(each, 2) for each in sorted(of_copies[name])] for name in sorted(of_copies)
        },
    }
    text = json.dumps(result, indent=1) + "\n"
    print(text, end="")
    if given.out is not None:
        given.out.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
