"""Where learned fingerprints say to look, and what a closer look gives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from copies_footage import RATE, Derived, encode, filmed, subject

from verify.copies import vectors
from verify.errors import IncomparableError
from verify.fingerprint.vectors import VectorTrack
from verify.geometry import fit
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from verify.copies import Subject

NEURAL = SETTINGS.neural


def _rows(*seeds: int) -> NDArray[np.int8]:
    """One vector, of some 512 random numbers, for each seed; the same for the same."""
    made = [np.random.default_rng(seed).normal(0, 1, 512) for seed in seeds]
    return np.stack([np.rint(512 * row / np.linalg.norm(row)) for row in made]).astype(np.int8)


def _track(rows: NDArray[np.int8], times: list[float] | None = None, common: float = 0.0) -> VectorTrack:
    count = len(rows)
    return VectorTrack(
        times=np.array(times if times is not None else range(count), np.float64),
        vectors=rows,
        common=np.full(count, common, np.float32),
        boxes=np.tile(np.array([0, 0, 1, 1], np.float32), (count, 1)),
        recipe="sscd/1;model=test",
    )


def _mixed(one: NDArray[np.int8], two: NDArray[np.int8], share: float) -> NDArray[np.int8]:
    """Vectors whose cosine to `one` is some `share`."""
    mixed = share * one.astype(float) + np.sqrt(1 - share**2) * two.astype(float)
    return np.rint(mixed).astype(np.int8)


def test_the_most_alike_moments_come_first_and_lie_apart() -> None:
    a = _track(_rows(1, 2, 3, 4), [0, 1, 2, 2.5])
    b = _track(np.concatenate([_rows(9), _mixed(_rows(2), _rows(8), 0.6), _rows(4, 4)]), [0, 1, 5, 5.5])
    found = vectors.best(a, b, NEURAL)
    assert [(each.a, each.b) for each in found[:2]] == [(3, 2), (1, 1)]
    assert [each.score for each in found[:2]] == pytest.approx([1.0, 0.6], abs=0.05)
    # The second picture of b that is a's last lies half a second from the first: it is no third moment.
    assert all(abs(float(b.times[each.b]) - 5.25) > 0.5 for each in found[1:])


def test_the_order_of_the_inputs_changes_nothing_but_the_order() -> None:
    a, b = _track(_rows(1, 2, 3)), _track(_rows(5, 2, 6))
    there, back = vectors.best(a, b, NEURAL), vectors.best(b, a, NEURAL)
    assert [(each.a, each.b) for each in there] == [(each.b, each.a) for each in back]


def test_pictures_that_resemble_anything_prove_little() -> None:
    plain = vectors.best(_track(_rows(1)), _track(_mixed(_rows(1), _rows(2), 0.5)), NEURAL)
    common = vectors.best(
        _track(_rows(1), common=0.5), _track(_mixed(_rows(1), _rows(2), 0.5), common=0.3), NEURAL
    )
    assert vectors.likeness(plain) == pytest.approx(0.5, abs=0.02)
    assert vectors.likeness(common) == pytest.approx(0.5 - NEURAL.beta * 0.4, abs=0.02)


def test_vectors_of_different_models_do_not_meet() -> None:
    a = _track(_rows(1))
    with pytest.raises(IncomparableError):
        vectors.best(a, replace(a, recipe="sscd/1;model=other"), NEURAL)


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Subject]:
    """A source and what was made of it, without vectors."""
    folder = tmp_path_factory.mktemp("vectors")
    shown = filmed(5, 1)[: 2 * RATE]
    made = {"source": encode(folder / "source.mp4", shown)}
    for name, how in {
        "cropped": Derived(crop=(0.1, 0.2, 0.9, 0.9)),
        "mirrored": Derived(mirror=True, crop=(0.0, 0.0, 0.8, 0.9)),
    }.items():
        made[name] = how.write(folder / f"{name}.mp4", shown)
    made["other"] = encode(folder / "other.mp4", filmed(6, 1)[: 2 * RATE])
    made["smooth"] = encode(folder / "smooth.mp4", [cv2.GaussianBlur(each, (0, 0), 25) for each in shown])
    return {name: subject(path) for name, path in made.items()}


def _with(one: Subject, *seeds: int) -> Subject:
    return replace(one, vectors=_track(_rows(*seeds), [0.52, 1.52][: len(seeds)]))


def test_without_vectors_there_are_no_seeds(clips: dict[str, Subject]) -> None:
    assert vectors.seeds(clips["source"], clips["cropped"], SETTINGS) == ()
    assert vectors.seeds(_with(clips["source"], 1), clips["cropped"], SETTINGS) == ()


@pytest.mark.parametrize("name", ["cropped", "mirrored"])
def test_alike_vectors_lead_to_the_map(clips: dict[str, Subject], name: str) -> None:
    truth = {
        "cropped": Derived(crop=(0.1, 0.2, 0.9, 0.9)),
        "mirrored": Derived(mirror=True, crop=(0.0, 0.0, 0.8, 0.9)),
    }[name].matrix
    found = vectors.seeds(_with(clips["source"], 1, 2), _with(clips[name], 1, 2), SETTINGS)
    assert len(found) == 2
    assert found[0].support >= found[1].support >= SETTINGS.geometry.homography_inliers
    for seed in found:
        assert fit.apart(seed.matrix, truth) < 0.02
        assert fit.mirrors(seed.matrix) == (name == "mirrored")
        assert (seed.a_time, seed.b_time) in {(0.52, 0.52), (1.52, 1.52)}


def test_unlike_vectors_are_not_looked_at(
    clips: dict[str, Subject], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "view", None)  # looking would fail
    assert vectors.seeds(_with(clips["source"], 1, 2), _with(clips["cropped"], 3, 4), SETTINGS) == ()


def test_pictures_of_other_places_give_no_map_whatever_the_vectors_say(clips: dict[str, Subject]) -> None:
    # As alike as to be looked at, and not so alike as to be laid squarely on each other.
    ours = replace(clips["source"], vectors=_track(_rows(1)))
    theirs = replace(clips["other"], vectors=_track(_mixed(_rows(1), _rows(2), 0.2)))
    assert vectors.seeds(ours, theirs, SETTINGS) == ()


def test_without_texture_near_pictures_are_laid_squarely_bars_left_out(clips: dict[str, Subject]) -> None:
    ours, theirs = _with(clips["source"], 1), _with(clips["smooth"], 1)
    assert theirs.vectors is not None
    barred = replace(theirs.vectors, boxes=np.array([[0, 0.25, 1, 0.5]], np.float32))
    plain, mirrored = vectors.seeds(ours, replace(theirs, vectors=barred), SETTINGS)
    assert plain.support == mirrored.support == 0
    corners = np.array([[0.0, 0.0], [1.0, 1.0]])
    assert fit.carry(plain.matrix, corners) == pytest.approx(np.array([[0, 0.25], [1, 0.75]]))
    assert fit.carry(mirrored.matrix, corners) == pytest.approx(np.array([[1, 0.25], [0, 0.75]]))
