"""Where a common stretch ends, by which of a's frames b's are nearest to, on grids made with known truth."""

import numpy as np
import pytest

from verify.copies.ends import End, end
from verify.copies.line import Line
from verify.copies.window import Part
from verify.settings import SETTINGS

RATE, CELLS, LIMITS = 25, 400, SETTINGS.copies


def scene(seed: int, count: int = 100) -> np.ndarray:
    """Frames of something that moves: waves of their own pace in every cell, grey levels less the mean."""
    dice = np.random.default_rng(seed)
    pace, phase = dice.uniform(2, 9, CELLS), dice.uniform(0, 2 * np.pi, CELLS)
    still = dice.uniform(-60, 60, CELLS)
    moving = 12 * np.sin(np.arange(count)[:, None] / RATE * pace + phase)
    return (still + moving).astype(np.float32)


def ended(ours: np.ndarray, theirs: np.ndarray, near: float, side: int = 1) -> End:
    times = np.arange(len(ours)) / RATE
    span = (0.0, near) if side > 0 else (near, times[-1] + 1 / RATE)
    return end(Part(times, times, ours, theirs), Line(1.0, 0.0), 1 / RATE, span, side, LIMITS)


@pytest.mark.parametrize("near", [1.7, 2.0, 2.4])
@pytest.mark.parametrize("kind", ["other footage", "another moment"])
def test_a_stretch_ends_at_the_frame_where_other_pictures_begin(kind: str, near: float) -> None:
    ours = scene(1)
    beyond = scene(2) if kind == "other footage" else np.roll(ours, 30, axis=0)
    noise = np.random.default_rng(3).normal(0, 1.5, ours.shape)
    theirs = 0.8 * np.where(np.arange(100)[:, None] < 50, ours, beyond) + noise + 4
    found = ended(ours, theirs.astype(np.float32), near)
    assert found.seen
    assert found.at == pytest.approx(2.0, abs=0.5 / RATE)


def test_a_stretch_starts_at_the_frame_where_its_pictures_begin() -> None:
    ours = scene(4)
    theirs = np.where(np.arange(100)[:, None] < 50, scene(5), ours)
    found = ended(ours, theirs, 2.2, side=-1)
    assert found.seen
    assert found.at == pytest.approx(2.0, abs=0.5 / RATE)


def test_a_stretch_ends_where_the_picture_freezes() -> None:
    ours = scene(6)
    theirs = np.where(np.arange(100)[:, None] < 50, ours, ours[50])
    found = ended(ours, theirs, 2.5)
    assert found.seen
    assert found.at == pytest.approx(2.0, abs=1.5 / RATE)


def test_frames_that_are_shown_twice_are_no_freeze() -> None:
    ours = scene(7)
    found = ended(ours, np.repeat(ours[::2], 2, axis=0), 3.0)
    assert not found.seen
    assert found.open


def test_a_caption_that_comes_ends_nothing() -> None:
    ours = scene(8)
    theirs = ours.copy()
    theirs[50:, :60] = 120.0
    found = ended(ours, theirs, 2.0)
    assert not found.seen
    assert found.open
    assert found.at == pytest.approx(4.0, abs=1 / RATE)


def test_where_nothing_agrees_the_end_may_lie_further_in() -> None:
    found = ended(scene(9), scene(10), 2.0)
    assert found == End(2.0, seen=False, amiss=True)


def test_where_nothing_moves_no_end_is_told() -> None:
    still = np.tile(scene(11)[0], (100, 1))
    assert ended(still, still, 2.0) == End(2.0, seen=False)


def test_one_poor_frame_is_no_end() -> None:
    ours = scene(10)
    ours[60:] = ours[60]
    theirs = ours.copy()
    theirs[63] = scene(11)[63]
    found = ended(ours, theirs, 2.0)
    assert not found.seen
    assert found.open
