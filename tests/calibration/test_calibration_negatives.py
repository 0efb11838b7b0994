"""Hard negatives: what two clips share is what they were given, and never their footage."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from made_clips import scene, write_clip

from verify.calibration import negatives
from verify.calibration.negatives import make_negatives, negatives_of, stretches
from verify.calibration.truth import Pair, PairKind
from verify.media import sound
from verify.media.decode import colour_frames

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


RATE, SIZE = 8, (128, 96)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("sources")
    one = write_clip(folder / "one.mp4", scene(1, RATE * 12, SIZE, RATE), rate=RATE)
    pieces = chain(scene(2, RATE * 6, SIZE, RATE), scene(3, RATE * 6, SIZE, RATE))
    return [one, write_clip(folder / "two.mp4", pieces, rate=RATE, tone=500)]


@pytest.fixture(scope="module")
def pairs(sources: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pair]:
    found = negatives_of(sources[0], sources[1:], tmp_path_factory.mktemp("negatives"), 3)
    return {pair.transform: pair for pair in found}


def _pictures(path: Path, size: tuple[int, int] = SIZE) -> list[NDArray[np.float64]]:
    return [cv2.resize(frame.rgb, size).astype(float) for frame in colour_frames(path)]


def _like(one: NDArray[np.float64], two: NDArray[np.float64]) -> float:
    return float(np.corrcoef(one.ravel(), two.ravel())[0, 1])


def test_every_kind_is_made_and_claims_no_segment(pairs: dict[str, Pair]) -> None:
    assert set(pairs) == {
        "same-camera-later",
        "same-place-reframed",
        "shared-intro",
        "shared-template",
        "black-frames",
        "flat-frames",
        "sound-only-shared",
    }
    for pair in pairs.values():
        assert pair.kind is PairKind.HARD
        assert not pair.segments
        assert pair.nearer is None
        assert pair.a.is_file()
        assert pair.b.is_file()


def test_two_stretches_of_a_take_are_apart(sources: list[Path]) -> None:
    spans = stretches(sources[0], 3)
    assert spans is not None
    assert all(span.length >= 4 for span in spans)
    assert spans[1].start - spans[0].end >= 2


def test_a_clip_with_a_cut_or_a_short_one_has_no_later(sources: list[Path], tmp_path: Path) -> None:
    assert stretches(sources[1], 3) is None
    short = write_clip(tmp_path / "short.mp4", scene(1, RATE * 9, SIZE, RATE), rate=RATE)
    assert stretches(short, 3) is None
    assert negatives_of(short, [], tmp_path / "out", 3) == []


def test_the_same_camera_later_shows_its_own_stretch(sources: list[Path], pairs: dict[str, Pair]) -> None:
    """Each clip's frames are those of its stretch, so none of one is in the other."""
    spans = stretches(sources[0], 3)
    assert spans is not None
    ours = list(colour_frames(sources[0]))
    pair = pairs["same-camera-later"]
    for path, span in zip((pair.a, pair.b), spans, strict=True):
        mine = [frame.rgb.astype(float) for frame in ours if span.start <= frame.time < span.end]
        made = _pictures(path)
        assert len(made) == len(mine)
        assert min(_like(one, two) for one, two in zip(mine, made, strict=True)) > 0.95


def test_what_is_shared_is_shared_and_the_rest_is_not(pairs: dict[str, Pair]) -> None:
    shared = {"shared-intro": slice(4, 20), "black-frames": slice(0, 20), "flat-frames": slice(-20, None)}
    for name, part in shared.items():
        one, two = _pictures(pairs[name].a), _pictures(pairs[name].b)
        assert all(np.abs(a - b).mean() < 12 for a, b in zip(one[part], two[part], strict=True)), name
        middle = len(one) // 2 if name != "flat-frames" else len(one) // 5
        assert _like(one[middle], two[middle]) < 0.5


def test_a_template_is_the_same_around_other_footage(pairs: dict[str, Pair]) -> None:
    size = 640, 360
    one, two = (_pictures(path, size)[4] for path in (pairs["shared-template"].a, pairs["shared-template"].b))
    assert _like(one[-50:], two[-50:]) > 0.95
    assert _like(one[:, -90:], two[:, -90:]) > 0.95
    assert _like(one[60:250, 60:450], two[60:250, 60:450]) < 0.5


def test_a_shared_sound_is_the_same_under_other_pictures(pairs: dict[str, Pair]) -> None:
    pair = pairs["sound-only-shared"]
    one, two = (np.concatenate(list(sound(path))) for path in (pair.a, pair.b))
    short = min(len(one), len(two)) - 2000
    assert np.abs(one[:short]).max() > 0.05
    assert _like(one[1000:short], two[1000:short]) > 0.9
    assert _like(_pictures(pair.a)[9], _pictures(pair.b)[9]) < 0.5


def test_many_sources_each_have_their_own_and_all_easy_pairs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What each gives is tested above; here it only counts who is put beside whom, and where."""
    sources = [tmp_path / f"{name}.mp4" for name in "abc"]
    asked: list[tuple[Path, list[Path], Path]] = []

    def noted(source: Path, others: list[Path], out: Path, seed: int) -> list[Pair]:
        asked.append((source, others, out))
        return [Pair(source, others[0], PairKind.HARD, "noted", str(seed))]

    monkeypatch.setattr(negatives, "negatives_of", noted)
    found = make_negatives(sources, tmp_path, 7)
    assert [(source, others) for source, others, _ in asked] == [
        (sources[0], [sources[1]]),
        (sources[1], [sources[2]]),
        (sources[2], [sources[0]]),
    ]
    assert len({out for *_, out in asked}) == 3
    assert sum(pair.kind is PairKind.HARD and pair.source == "7" for pair in found) == 3
    easy = [(pair.a, pair.b) for pair in found if pair.kind is PairKind.EASY]
    assert easy == [(sources[0], sources[1]), (sources[0], sources[2]), (sources[1], sources[2])]
