"""A clip filmed off a screen by a hand that shakes: what the scene moves is told from what the hand does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from tests.copies.copies_footage import HEIGHT, WIDTH, Pictures, encode, filmed, path, place, subject
from tests.copies.test_copies_takes import gesture
from verify.copies import relate
from verify.copies.align import align
from verify.copies.seeds import Seed
from verify.copies.steady import steadied
from verify.model import RelationKind
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SCREEN = np.array([[0.86, 0.03, 0.07], [-0.02, 0.88, 0.06], [0.02, -0.01, 1.0]])  # fractions
TRUSTING = replace(SETTINGS, copies=replace(SETTINGS.copies, shakes=1.0))  # takes nothing for shaking


def drawn(picture: NDArray[np.uint8], matrix: NDArray[np.float64]) -> NDArray[np.uint8]:
    """A picture moved by a map in fractions, a dark room around it."""
    to_pixels = np.diag([WIDTH, HEIGHT, 1.0])
    warp = to_pixels @ matrix @ np.linalg.inv(to_pixels)
    return np.asarray(cv2.warpPerspective(picture, warp, (WIDTH, HEIGHT), borderValue=(18, 18, 18)))


def off_a_screen(pictures: Pictures, shake: float) -> Pictures:
    """The pictures seen at an angle, softened and grainy, out of a hand that strays by `shake` pixels."""
    random = np.random.default_rng(5)
    hand = path(77, len(pictures), shake, 21) / (WIDTH, HEIGHT)
    shown = []
    for picture, (x, y) in zip(pictures, hand, strict=True):
        seen = drawn(picture, np.array([[1, 0, x], [0, 1, y], [0, 0, 1.0]]) @ SCREEN)
        seen = cv2.GaussianBlur(seen, (0, 0), 0.7) + random.normal(0, 4, (HEIGHT, WIDTH, 1))
        shown.append(np.clip(seen, 0, 255).astype(np.uint8))
    return shown


def test_what_a_shaking_hand_filmed_off_a_screen_is_a_copy_and_another_take_is_not(tmp_path: Path) -> None:
    source = subject(encode(tmp_path / "source.mp4", gesture(1), crf=20))
    copied, other = (
        subject(encode(tmp_path / f"{take}.mp4", off_a_screen(gesture(take), 4.0), crf=24)) for take in (1, 2)
    )
    assert relate(source, copied).relation.kind is RelationKind.COPY
    # Without steadying all edges seem to change, and the copy passes for another take.
    assert relate(source, copied, TRUSTING).relation.kind is not RelationKind.COPY
    assert relate(source, other).relation.kind is not RelationKind.COPY


@pytest.mark.parametrize("turned", [0.0, 0.7])
def test_pictures_are_brought_to_where_the_map_has_them(turned: float) -> None:
    ours = [place(seed)[:HEIGHT, :WIDTH].astype(np.uint8) for seed in (61, 62, 63, 64)]
    strays = [(0.0, 0.0), (3.2, -2.4), (-2.8, 1.6), (1.1, 3.7)]
    theirs = []
    for one, (x, y) in zip(ours, strays, strict=True):
        move = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), turned * (x > 0), 1.0)
        move[:, 2] += x, y
        theirs.append(np.asarray(cv2.warpAffine(one, move, (WIDTH, HEIGHT)), np.uint8))
    steady = steadied(ours, theirs, np.eye(3), SETTINGS)
    inner = (slice(20, HEIGHT - 20), slice(20, WIDTH - 20))
    for one, was, now in zip(ours, theirs, steady, strict=True):
        apart = [float(np.abs(one[inner].astype(float) - each[inner]).mean()) for each in (was, now)]
        assert apart[1] < 3.0, apart


def test_pictures_that_all_lie_alike_are_left_as_they_are() -> None:
    ours = [place(seed)[:HEIGHT, :WIDTH].astype(np.uint8) for seed in (61, 62, 63)]
    theirs = [np.roll(one, 3, axis=1) for one in ours]  # all off by the same: it is the map that is
    for was, now in zip(theirs, steadied(ours, theirs, np.eye(3), SETTINGS), strict=True):
        assert now is was
    flat = [np.full((HEIGHT, WIDTH), 90, np.uint8)] * 3
    assert all(now is was for was, now in zip(flat, steadied(flat, flat, np.eye(3), SETTINGS), strict=True))
    assert steadied([], [], np.eye(3), SETTINGS) == []


def test_of_the_maps_that_explain_a_clip_the_one_by_which_most_agrees_is_taken(tmp_path: Path) -> None:
    track = subject(encode(tmp_path / "moving.mp4", filmed(3, 1, 100))).track
    near = np.array([[1, 0, 0.015], [0, 1, 0.01], [0, 0, 1.0]])
    seeds = [Seed(near, 0.0, 0.0, 90), Seed(np.eye(3), 1.0, 1.0, 12)]
    limits = SETTINGS.copies
    alone = align(track, track, seeds[:1], limits)
    assert alone is not None
    # It is beyond doubt that this is the recording, but not that this is the map.
    assert limits.sure <= alone.stretches[0].correlation < limits.agrees_fully
    both = align(track, track, seeds, limits)
    assert both is not None
    assert both.seed is seeds[1]
    assert both.stretches[0].correlation > 0.99
