"""A validation -> validation.json, a summary, and both files on disk."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from verify.calibration.truth import PairKind
from verify.errors import OutputExistsError
from verify.report.escape import json_escaped, visible
from verify.report.plain import instant, plain
from verify.report.relation_json import relation_json
from verify.report.validation_page import to_html
from verify.report.validation_words import headlines
from verify.report.wording import DISCLAIMER
from verify.report.write import put

if TYPE_CHECKING:
    from pathlib import Path

    from verify.calibration.answer import Answer
    from verify.calibration.ratio import Table
    from verify.calibration.validation import Validation

SCHEMA = "verify-validation/1"
NAMES = ("validation.json", "validation.html")


def as_dict(validation: Validation) -> dict[str, object]:
    """The validation as JSON's own types; of the easy negatives, those that went wrong or failed."""
    listed = [
        answer
        for answer in validation.answers
        if answer.pair.kind is not PairKind.EASY or answer.wrong or answer.relation is None
    ]
    return {
        "schema": SCHEMA,
        "created": instant(validation.created),
        "timings": plain(validation.timings),
        "tool": plain(validation.tool),
        "complete": validation.complete,
        "media": {
            "name": plain(validation.media),
            "sources": plain(validation.sources),
            "unused": plain(validation.unused),
            "not_made": plain(validation.not_made),
        },
        "design": {
            "seed": validation.seed,
            "per_source": validation.per_source,
            "transforms": list(validation.transforms),
            "easy_possible": validation.easy_possible,
        },
        "figures": plain(validation.figures),
        "likelihood_ratios": None if validation.table is None else plain(validation.table),
        "calibration_curve": plain(validation.curve),
        "pairs": [_pair(answer) for answer in listed],
    }


def _pair(answer: Answer) -> dict[str, object]:
    pair = answer.pair
    return {
        "a": plain(answer.names[0]),
        "b": plain(answer.names[1]),
        "kind": str(pair.kind),
        "transform": pair.transform,
        "parts": list(pair.parts),
        "sources": plain(answer.sources),
        "right": None if answer.relation is None else not answer.wrong,
        "problem": plain(answer.problem),
        "truth": {
            "segments": plain(pair.segments),
            "edits": list(pair.edits),
            "nearer_source": pair.nearer,
        },
        "said": None
        if answer.relation is None
        else relation_json(answer.relation) | {"measured": plain(answer.relation.measured)},
        "moves": plain(answer.moves),
    }


def to_json(validation: Validation) -> str:
    """validation.json: sorted keys, finite numbers, valid UTF-8."""
    document = json.dumps(as_dict(validation), ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return json_escaped(document) + "\n"


def table_json(table: Table) -> str:
    """A table of likelihood ratios as `verify.calibration.ratio.from_json` reads it."""
    return json.dumps(plain(table), ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"


def summary(validation: Validation) -> str:
    """The result for a terminal; nothing from a file can steer it. Ends with one newline."""
    lines = headlines(validation)
    width = max(len(word) for word, _ in lines)
    told = [f"{word:<{width}}  {visible(text)}" for word, text in lines]
    return "\n".join([f"Validation on {visible(validation.media)}", "", *told, "", DISCLAIMER]) + "\n"


def write(validation: Validation, out: Path, *, force: bool = False) -> tuple[Path, Path]:
    """Write both files into the folder `out`, which is made where it is missing.

    Raises:
        OutputExistsError: a validation is there already and `force` is not given.
    """
    places = out / NAMES[0], out / NAMES[1]
    if not force and any(place.exists() for place in places):
        raise OutputExistsError(f"{out} already holds a validation", "write over it with --force")
    contents = to_json(validation), to_html(validation)
    out.mkdir(parents=True, exist_ok=True)
    for place, content in zip(places, contents, strict=True):
        put(place, content)
    return places
