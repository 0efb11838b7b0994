"""Clips of several scenes, as broadcasters and channels join them: cuts, pans, black between, a bar below."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from tests.copies.copies_footage import RATE, encode, filmed, subject
from verify.copies import relate
from verify.model import RelationKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from verify.copies import Subject
    from verify.model import Relation

SIZE = 320, 180
SECONDS = 3 + 2 + 3 + 3  # a scene, black, a scene, a panning one


def joined() -> list[NDArray[np.uint8]]:
    black = [np.full((SIZE[1], SIZE[0], 3), 16, np.uint8)] * (2 * RATE)
    first, second = (
        [cv2.resize(each, SIZE, interpolation=cv2.INTER_AREA) for each in filmed(seed, 3, 3 * RATE)]
        for seed in (31, 32)
    )
    dim = [np.asarray(each // 4 + 12, np.uint8) for each in second]
    return [*first, *black, *dim, *panned()]


def panned() -> list[NDArray[np.uint8]]:
    """Three seconds of a camera that turns evenly over a wide view."""
    random = np.random.default_rng(5)
    wide = np.zeros((SIZE[1], 3 * SIZE[0], 3), np.float32) + 120
    for cells in (6, 14, 40, 90):
        noise = random.normal(0, 1, (cells, 3 * cells, 3)).astype(np.float32)
        wide += cv2.resize(noise, wide.shape[1::-1], interpolation=cv2.INTER_CUBIC) * 24
    view = np.clip(wide, 0, 255).astype(np.uint8)
    starts = np.linspace(0, 2 * SIZE[0], 3 * RATE).astype(int)
    return [np.ascontiguousarray(view[:, start : start + SIZE[0]]) for start in starts]


def barred(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    changed = picture.copy()
    changed[int(0.82 * SIZE[1]) :] = 235
    return changed


CHANGES: dict[str, Callable[[NDArray[np.uint8]], NDArray[np.uint8]]] = {
    "mirrored": lambda picture: np.ascontiguousarray(picture[:, ::-1]),
    "barred": barred,
    "small": lambda picture: np.asarray(cv2.resize(picture, (160, 90), interpolation=cv2.INTER_AREA)),
}


@pytest.fixture(scope="module")
def related(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Relation]:
    folder = tmp_path_factory.mktemp("scenes")
    pictures = joined()

    @cache
    def clip(name: str) -> Subject:
        change = CHANGES.get(name, lambda picture: picture)
        return subject(encode(folder / f"{name}.mp4", [change(each) for each in pictures], crf=24))

    return cache(lambda name: relate(clip("source"), clip(name)).relation)


@pytest.mark.parametrize("name", CHANGES)
def test_a_copy_of_several_scenes_is_one_segment_at_the_tempo_of_both(
    name: str, related: Callable[[str], Relation]
) -> None:
    found = related(name)
    assert found.kind is RelationKind.COPY
    (segment,) = found.segments
    seconds = [float(each) for each in (segment.a.start, segment.a.end, segment.b.start, segment.b.end)]
    assert seconds == pytest.approx([0, SECONDS, 0, SECONDS], abs=0.5 / RATE)
    assert segment.speed == 1
    assert segment.mirrored is (name == "mirrored")


@pytest.mark.parametrize("name", CHANGES)
def test_a_quiet_scene_is_not_taken_for_a_picture_that_is_held(
    name: str, related: Callable[[str], Relation]
) -> None:
    assert "frozen" not in {edit.kind for edit in related(name).edits}
