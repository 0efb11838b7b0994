"""Score what `batch` says of real clips against real_pairs.tsv, which was decided by looking.

    python tests/benchmarks/real_clips.py MEDIA --out results.json

MEDIA is a folder that holds the clips at the paths which real_pairs.tsv names. It is not part of the project,
because the clips' licences differ. Every pair of clips in its `videos` folder is counted once: as a copy, as
another recording of the same view or place, or, where the table does not list it, as different sources. Pairs
called unclear in the table are counted neither way. A pair with a clip that could not be examined is no
answer; if it is a copy it counts as missed.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import sys
import time
from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from verify.model import MediaKind, RelationKind
from verify.pipeline import batch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from verify.model import Relation, Report

Pair = tuple[str, str]  # paths relative to the media folder, in order

TRUTH = Path(__file__).with_name("real_pairs.tsv")
KINDS = ("copy", "same_camera", "same_place", "different", "unclear")
SAME_RECORDING = frozenset({RelationKind.IDENTICAL, RelationKind.COPY})
NOT_EXAMINED = "not_examined"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a pair, and what was seen."""

    kind: str  # one of KINDS
    note: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """One pair: what is known of it, what the tool said, and why it said so."""

    pair: Pair
    known: Known
    said: str  # a RelationKind's value, or NOT_EXAMINED
    because: tuple[str, ...] = ()

    @property
    def called_copy(self) -> bool:
        """Whether the tool said that it is one recording."""
        return self.said in SAME_RECORDING

    def as_dict(self) -> dict[str, object]:
        """The row for the JSON file."""
        a, b = self.pair
        return {"a": a, "b": b, "said": self.said, "note": self.known.note, "because": list(self.because)}


def ordered(a: str, b: str) -> Pair:
    """A pair in the one order in which it is looked up."""
    return (a, b) if a <= b else (b, a)


def read_truth(path: Path) -> dict[Pair, Known]:
    """The table's pairs; comment lines start with #.

    Raises:
        ValueError: a kind that is not known, or a pair that is listed twice.
    """
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    truth: dict[Pair, Known] = {}
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        pair = ordered(row["a"], row["b"])
        if row["kind"] not in KINDS or pair in truth:
            raise ValueError(f"{path.name}: unknown kind or second row: {row['kind']} {pair}")
        truth[pair] = Known(row["kind"], row["note"])
    return truth


def clips_in(media: Path) -> list[Path]:
    """The files of the folder's `videos`, in a fixed order, without the texts that lie beside them."""
    return sorted(p for p in (media / "videos").rglob("*") if p.is_file() and p.suffix not in {".md", ".tsv"})


def judge(report: Report, names: Mapping[Path, str], truth: Mapping[Pair, Known]) -> list[Judged]:
    """Every pair of clips, with what the report says of it; a pair it does not mention was not related.

    Args:
        report: what `batch` returned.
        names: file as given -> path relative to the media folder.
        truth: what is known of the pairs that are not different.
    """
    name_of = {media.id: names[media.path] for media in report.media}
    examined = {name_of[media.id] for media in report.media if media.kind is MediaKind.VIDEO}
    said: dict[Pair, Relation] = {ordered(name_of[r.a], name_of[r.b]): r for r in report.relations}
    rows = []
    for pair in combinations(sorted(names.values()), 2):
        known = truth.get(pair, Known("different"))
        relation = said.get(pair)
        if not examined.issuperset(pair):
            rows.append(Judged(pair, known, NOT_EXAMINED))
        elif relation is None:
            rows.append(Judged(pair, known, RelationKind.NONE_FOUND.value))
        else:
            rows.append(Judged(pair, known, relation.kind.value, relation.because))
    return rows


def score(rows: Iterable[Judged]) -> dict[str, object]:
    """Counts by known kind and answer, and the pairs behind each error."""
    rows = list(rows)
    copies = [row for row in rows if row.known.kind == "copy"]
    false = {
        kind: [r for r in rows if r.known.kind == kind and r.called_copy] for kind in KINDS if kind != "copy"
    }
    table = {kind: Counter(row.said for row in rows if row.known.kind == kind) for kind in KINDS}
    return {
        "pairs": len(rows),
        "copies": len(copies),
        "copies_found": sum(row.called_copy for row in copies),
        "table": {kind: dict(sorted(answers.items())) for kind, answers in table.items() if answers},
        "missed": [row.as_dict() for row in copies if not row.called_copy],
        "false_copies": [row.as_dict() for row in false["different"]],
        "same_camera_called_copy": [row.as_dict() for row in false["same_camera"]],
        "same_place_called_copy": [row.as_dict() for row in false["same_place"]],
        "unclear_called_copy": [row.as_dict() for row in false["unclear"]],
    }


def show(result: Mapping[str, object]) -> None:
    """Print the table of answers, then the pairs behind each error."""
    table: dict[str, dict[str, int]] = result["table"]  # type: ignore[assignment]
    answers = [kind.value for kind in RelationKind] + [NOT_EXAMINED]
    print("known as".ljust(14) + "".join(answer.rjust(14) for answer in answers))
    for kind, counts in table.items():
        print(kind.ljust(14) + "".join(str(counts.get(answer, 0)).rjust(14) for answer in answers))
    print(f"copies found: {result['copies_found']} of {result['copies']}")
    for name in (
        "missed",
        "false_copies",
        "same_camera_called_copy",
        "same_place_called_copy",
        "unclear_called_copy",
    ):
        pairs: list[dict[str, object]] = result[name]  # type: ignore[assignment]
        print(f"{name.replace('_', ' ')}: {len(pairs)}")
        for row in pairs:
            print(
                f"  {row['a']}\n    {row['b']}\n    said {row['said']}; {row['note'] or 'different sources'}"
            )


def main() -> int:
    """Run batch over the folder, print the score and write it down; 1 where the folder lacks listed clips."""
    parser = argparse.ArgumentParser(description="Score batch on real clips whose relations are known.")
    parser.add_argument("media", type=Path, help="folder that holds videos/")
    parser.add_argument("--out", type=Path, help="write the result as JSON to this file")
    arguments = parser.parse_args()

    truth = read_truth(TRUTH)
    names = {path: path.relative_to(arguments.media).as_posix() for path in clips_in(arguments.media)}
    absent = sorted({name for pair in truth for name in pair} - set(names.values()))
    if absent:
        print("these clips of real_pairs.tsv are not in the folder:", *absent, sep="\n  ", file=sys.stderr)
        return 1

    started = time.perf_counter()
    report = batch(list(names))
    seconds = time.perf_counter() - started

    result = score(judge(report, names, truth))
    show(result)
    print(f"{len(names)} clips, {result['pairs']} pairs, {seconds:.0f} s")
    if arguments.out:
        about = {
            "clips": len(names),
            "seconds": round(seconds, 1),
            "machine": {"platform": platform.platform(), "python": platform.python_version()},
            "versions": {"verify": report.tool.version, **report.tool.dependencies},
        }
        text = json.dumps(about | result, indent=2, sort_keys=True, ensure_ascii=False)
        arguments.out.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
