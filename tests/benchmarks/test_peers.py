"""The figures of peers.py: methods are only as fairly compared as these count."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from peer import figures, learned
from peer.hashes import HASHES
from peer.method import NEVER, Method, Scores, printed, scored
from peer.trials import Trials, group

from verify.calibration.transforms import CATALOGUE

TRIALS = Trials(
    clips=tuple(Path(f"{name}.mp4") for name in "abcdef"),
    sources=2,
    copies=((0, 1), (0, 2), (3, 4)),
    transforms=("mirror", "trim", "crop-50"),
    unrelated=((0, 3), (1, 4), (2, 5), (0, 4)),
    possible=9,
)


def _figures(copies: list[float], others: list[float], *, fixed: bool = False) -> figures.Row:
    return figures.of_method(Scores((*copies, *others), 1.0, 2.0, {}), 5.0, TRIALS, fixed=fixed)


def test_a_copy_must_beat_the_unrelated_pairs_that_may_not_match() -> None:
    found = _figures([9, 6, 4], [6, 5, 1, NEVER])
    assert (found["found"]["hits"], found["false"]["false"]) == (2, 2)
    assert [found["at_equal_false"][most]["hits"] for most in "01"] == [1, 2]
    assert found["levels"] == {"0": 6, "1": 5}
    assert found["missed"] == ["crop-50"]
    assert found["nearest_unrelated"][0] == ["a.mp4", "d.mp4", 6]
    assert found["by_group"]["framing"] == {"of": 2, "found": 1, "found_at_no_false": 1}


def test_what_cannot_be_compared_is_found_nowhere() -> None:
    found = _figures([NEVER, 9, 9], [NEVER] * 4)
    assert (found["found"]["hits"], found["at_equal_false"]["0"]["hits"]) == (2, 2)
    assert found["nearest_unrelated"] == []


def test_an_answer_without_a_threshold_is_not_moved() -> None:
    found = _figures([9, 9, NEVER], [9, NEVER, NEVER, NEVER], fixed=True)
    assert found["at_equal_false"]["0"] is None
    assert found["at_equal_false"]["1"]["hits"] == 2
    assert "| - |" in figures.table([{"name": "x", **found}], [])


def test_what_did_not_run_is_in_the_table_with_its_reason() -> None:
    assert "| vPDQ | not run: not installed |" in figures.table(
        [], [{"name": "vPDQ", "reason": "not installed"}]
    )


def _vectors(*places: int) -> np.ndarray:
    return np.eye(64, dtype=np.float32)[list(places)]


def test_a_path_runs_forward_through_both_clips() -> None:
    path = learned.LEARNED[1].score
    whole = _vectors(*range(12))
    assert path(whole, whole) == pytest.approx(12)
    assert path(whole, whole[2:9]) == pytest.approx(7)  # a part of it
    assert path(whole, whole[::2]) == pytest.approx(6)  # twice as fast
    assert path(whole, whole[::-1]) == 0  # backwards
    assert path(whole, _vectors(*range(20, 32))) == 0  # nothing in common
    assert path(whole, whole[:3]) == 0  # too short for the network


def test_the_best_frames_are_different_frames() -> None:
    best = learned.LEARNED[0].score
    assert best(_vectors(1, 1, 1), _vectors(1, 2, 3)) == pytest.approx(1 / 3)
    assert best(_vectors(1, 2, 3, 4), _vectors(4, 3, 9)) == pytest.approx(2 / 3)


def test_vpdq_takes_the_larger_share_of_matched_codes() -> None:
    vpdq = HASHES[0].score
    codes = np.random.default_rng(0).integers(0, 256, (4, 32), np.uint8)
    assert vpdq(codes[:1], codes) == 100
    assert vpdq(codes[:2], codes[1:]) == 50
    assert vpdq(codes[:0], codes) == NEVER


def _name_or_fail(path: Path) -> str:
    if path.name == "b.mp4":
        raise OSError("unreadable")
    return path.name


def test_a_clip_that_a_method_cannot_take_is_told_and_not_found() -> None:
    method = Method("x", "", "", (), (), _name_or_fail, _one, 0.5)
    prints = printed(method, TRIALS.clips[:3], 1)
    assert prints.failed == {"b.mp4": "OSError: unreadable"}
    assert scored(method, prints, [(0, 1), (0, 2)]).scores == (NEVER, 1.0)


def _one(_a: str, _b: str) -> float:
    return 1.0


def test_every_transform_is_in_a_group() -> None:
    assert {group(transform.name) for transform in CATALOGUE} == {
        "time",
        "frame rate",
        "framing",
        "colour and detail",
        "marks",
        "encoding",
        "sound",
        "several at once",
    }
    assert [each.name for each in CATALOGUE if group(each.name) == "sound"] == ["other-sound"]
