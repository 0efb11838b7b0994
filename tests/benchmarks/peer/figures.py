"""Scores of copies and of unrelated pairs -> how many copies are found, at what price in false matches."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from peer.trials import group
from verify.calibration.intervals import Share, bound, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from peer.method import Scores
    from peer.trials import Trials

FALSE = (0, 1)  # unrelated pairs that may match, at equal false-match rates
_NEAREST = 3  # unrelated pairs that are named

Row = dict[str, Any]  # what is known of one method, for JSON


def of_method(scores: Scores, least: float, trials: Trials, *, fixed: bool = False) -> Row:
    """The figures of one method.

    Args:
        scores: of the copies, then of the unrelated pairs.
        least: a score of at least this is a copy by the method's default.
        trials: what was tried.
        fixed: whether the method only says yes or no, so that its threshold cannot be moved.
    """
    count = len(trials.copies)
    copies, others = np.array(scores.scores[:count]), np.array(scores.scores[count:])
    found, false = copies >= least, int((others >= least).sum())
    equal = {most: _at(copies, others, most) for most in FALSE}
    if fixed:
        equal = {most: found if false <= most else None for most in FALSE}
    strict = equal[0]
    groups = np.array([group(name) for name in trials.transforms])
    order = np.argsort(-others, kind="stable")[:_NEAREST]
    nearest = [place for place in order if np.isfinite(others[place])]
    return {
        "found": _share(found),
        "false": asdict(bound(false, len(others))),
        "at_equal_false": {str(most): _share(hit) for most, hit in equal.items()},
        "levels": {} if fixed else {str(most): _level(others, most) for most in FALSE},
        "by_group": {
            name: {
                "of": int((groups == name).sum()),
                "found": int(found[groups == name].sum()),
                "found_at_no_false": None if strict is None else int(strict[groups == name].sum()),
            }
            for name in sorted(set(groups))
        },
        "missed": sorted(name for name, hit in zip(trials.transforms, found, strict=True) if not hit),
        "nearest_unrelated": [
            [*(trials.clips[one].name for one in trials.unrelated[place]), round(float(others[place]), 3)]
            for place in nearest
        ],
        "cpu_seconds": {
            "fingerprints": round(scores.fingerprint_cpu, 1),
            "pairs": round(scores.pair_cpu, 1),
        },
        "failed": scores.failed,
    }


def _at(copies: NDArray[np.float64], others: NDArray[np.float64], most: int) -> NDArray[np.bool_]:
    """The copies that score more than all but `most` of the unrelated pairs."""
    return np.asarray(copies > (np.sort(others)[::-1][most] if most < len(others) else -np.inf))


def _level(others: NDArray[np.float64], most: int) -> float | None:
    """The score that a copy must exceed; None where no unrelated pair has one."""
    level = float(np.sort(others)[::-1][most]) if most < len(others) else -np.inf
    return round(level, 4) if np.isfinite(level) else None


def _share(hit: NDArray[np.bool_] | None) -> Row | None:
    if hit is None:
        return None
    found: Share = share(int(hit.sum()), len(hit))
    ends = {"low": round(found.low, 3), "high": round(found.high, 3)}
    return {"hits": found.hits, "of": found.of, "share": round(found.value or 0.0, 3), **ends}


def table(rows: Sequence[Row], missing: Sequence[dict[str, str]]) -> str:
    """The rows as Markdown: what is found, and what it costs."""
    head = (
        "method",
        "found at its default",
        "unrelated pairs called copies there",
        "found where none is",
        "found where one is",
        "CPU s: fingerprints",
        "CPU s: pairs",
    )
    cells = [
        [
            row["name"],
            _told(row["found"]),
            f"{row['false']['false']} of {row['false']['of']:,}",
            *(_told(row["at_equal_false"][str(most)]) for most in FALSE),
            f"{row['cpu_seconds']['fingerprints']:.0f}",
            f"{row['cpu_seconds']['pairs']:.0f}",
        ]
        for row in rows
    ]
    lines = [f"| {each['name']} | not run: {each['reason']} |" + " |" * (len(head) - 2) for each in missing]
    return "\n".join([*_lines(head, cells), *lines])


def by_group(rows: Sequence[Row]) -> str:
    """The copies found where no unrelated pair is called one, by what was done to them, as Markdown."""
    names = list(rows[0]["by_group"]) if rows else []
    head = ("method", *(f"{name} ({rows[0]['by_group'][name]['of']})" for name in names))
    cells = [
        [
            row["name"],
            *(_count(row["by_group"][name]["found_at_no_false"]) for name in names),
        ]
        for row in rows
    ]
    return "\n".join(_lines(head, cells))


def _lines(head: Sequence[str], cells: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *cells)]


def _count(found: int | None) -> str:
    return "-" if found is None else str(found)


def _told(found: Row | None) -> str:
    return "-" if found is None else f"{found['share']:.2f} ({found['low']:.2f} to {found['high']:.2f})"
