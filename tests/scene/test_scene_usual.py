from __future__ import annotations

import numpy as np
import pytest

from verify.scene.light import usual


def arrays(levels: list[float], rotation: int = 0) -> dict[str, np.ndarray]:
    """A frame a second of each level, the top left cell always 200."""
    grids = np.stack([np.full((9, 16), level, np.float16) for level in levels] or [np.zeros((9, 16))])
    grids = grids[: len(levels)]
    grids[:, 0, 0] = 200
    times = np.array([(n * 1_000_000, (n + 1) * 1_000_000) for n in range(len(levels))], np.int64)
    return {"grids": grids, "times": times.reshape(-1, 2), "rotation": np.array(rotation)}


def test_the_usual_brightness_is_the_median_over_the_clip() -> None:
    grid = usual(arrays([10, 12, 250]))
    assert grid is not None
    assert grid.shape == (9, 16)
    assert grid[5, 5] == 12


def test_near_a_second_only_the_frames_there_count() -> None:
    grid = usual(arrays([10, 12, 250]), 2.6, 0.1)
    assert grid is not None
    assert grid[5, 5] == 250
    assert usual(arrays([10, 12, 250]), 99.0) is None
    assert usual(arrays([])) is None


@pytest.mark.parametrize(
    ("rotation", "corner"), [(0, (0, 0)), (90, (0, -1)), (180, (-1, -1)), (270, (-1, 0))]
)
def test_a_turned_clip_is_turned_as_it_is_displayed(rotation: int, corner: tuple[int, int]) -> None:
    grid = usual(arrays([10, 10], rotation))
    assert grid is not None
    assert grid.shape == ((16, 9) if rotation % 180 else (9, 16))
    assert grid[corner] == 200
    assert (grid == 200).sum() == 1
