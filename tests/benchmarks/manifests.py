"""Whether the states of C2PA manifests are those that the reference program gives, and changes are found.

    python tests/benchmarks/manifests.py OUT.json MEDIA [LIST.tsv]

LIST.tsv (by default MEDIA/c2pa/validation.tsv) has the columns path (below MEDIA), validation_state (ERR
where the program read no manifest), failure_codes and error, as c2patool gives them offline. Then pictures
and clips are made and signed, and one bit of each is changed behind the manifest; no trust list is given.
"""

from __future__ import annotations

import csv
import json
import platform
import random
import sys
import tempfile
from collections import Counter
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from made_clips import scene, write_clip
from PIL import Image
from signed_files import Signer, flipped

from verify.metadata.manifests import c2pa

MADE = 40
CLIPS = 10


def main(out: Path, media: Path, listed: Path) -> None:
    """Measure, and write the results."""
    with tempfile.TemporaryDirectory() as folder:
        made = _made(Path(folder))
    result = {"listed": _listed(media, listed), "made": made, "machine": _machine()}
    out.write_text(json.dumps(result, indent=2, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
    print(out.read_text("utf-8"))


def _listed(media: Path, listed: Path) -> dict[str, object]:
    with listed.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    states: Counter[str] = Counter()
    differ, searched = [], []
    for row in rows:
        found = c2pa.read(media / row["path"])
        codes = [code for code, _ in found.manifest.failures] if found.manifest else []
        states[found.state] += 1
        if found.state not in _expected(row) or ",".join(codes) != row["failure_codes"]:
            differ.append({"file": row["path"], "state": found.state, "codes": codes})
        # What is said before the library is asked: "none" must never hide a manifest.
        if c2pa.state(media / row["path"]) == "none" and found.manifest is not None:
            searched.append(row["path"])
    return {"files": len(rows), "states": states, "differ": differ, "manifests_not_found_by_search": searched}


def _expected(row: dict[str, str]) -> set[str]:
    if row["validation_state"] != "ERR":
        return {row["validation_state"].lower()}
    if row["error"].startswith("ManifestNotFound"):
        return {"none"}
    return {"not_read"} if row["error"].startswith("Remote") else {"unreadable"}


def _made(folder: Path) -> dict[str, object]:
    signer, chosen = Signer(), random.Random(1)
    untouched: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    for number in range(MADE):
        clip = number < CLIPS
        source = folder / ("plain.mp4" if clip else "plain.png" if number % 2 else "plain.jpg")
        if clip:
            write_clip(source, scene(number, 24))
        else:
            Image.fromarray(next(islice(scene(number, 1), 1))).save(source)
        signed = signer.sign(source, folder / f"signed{source.suffix}")
        untouched[c2pa.read(signed).state] += 1
        # A picture's manifest lies before its data, a clip's too; the last third is neither's.
        at = chosen.uniform(0.67, 0.99)
        changed[c2pa.read(flipped(signed, folder / f"changed{source.suffix}", at)).state] += 1
    return {"signed": MADE, "clips": CLIPS, "untouched": untouched, "one_bit_changed": changed}


def _machine() -> dict[str, str]:
    return {"python": platform.python_version(), "system": platform.system(), "c2pa-python": c2pa.version()}


if __name__ == "__main__":
    where = Path(sys.argv[2])
    main(Path(sys.argv[1]), where, Path(sys.argv[3]) if sys.argv[3:] else where / "c2pa" / "validation.tsv")
