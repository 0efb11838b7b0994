"""Distances between codes: the fast way against the readable one."""

from __future__ import annotations

import numpy as np
import pytest

from verify.fingerprint import hamming


@pytest.mark.parametrize(
    ("left", "right", "length"), [(7, 5, 32), (1, 1, 32), (40, 300, 8), (3, 9, 5), (0, 4, 32), (4, 0, 32)]
)
def test_fast_and_readable_distances_agree(left: int, right: int, length: int) -> None:
    random = np.random.default_rng(left * 100 + right)
    a = random.integers(0, 256, (left, length)).astype(np.uint8)
    b = random.integers(0, 256, (right, length)).astype(np.uint8)
    fast = hamming.distances(a, b)
    assert (fast.shape, fast.dtype) == ((left, right), np.dtype(np.uint16))
    assert np.array_equal(fast, hamming.distances_one_by_one(a, b))
    assert np.array_equal(fast.T, hamming.distances(b, a))


def test_the_blocks_of_a_large_table_fit_together(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(1)
    a, b = (random.integers(0, 256, (count, 32)).astype(np.uint8) for count in (23, 37))
    whole = hamming.distances(a, b)
    for block in (1, 10, 37, 100):
        monkeypatch.setattr(hamming, "_BLOCK", block)
        assert np.array_equal(hamming.distances(a, b), whole)


def test_a_difference_is_not_taken_for_a_distance() -> None:
    # 128 - 127 has one bit, but the two differ in eight.
    a, b = np.full((1, 32), 128, np.uint8), np.full((1, 32), 127, np.uint8)
    assert hamming.distances(a, b).tolist() == [[256]]
    assert hamming.distances(a, a).tolist() == [[0]]


def test_counting_by_table_agrees_with_counting_by_instruction() -> None:
    words = np.random.default_rng(2).integers(0, 1 << 64, (30, 20), np.uint64)
    expected = [[int(word).bit_count() for word in row] for row in words]
    assert hamming._count_by_table(words).tolist() == expected
    assert hamming.count_bits(words).tolist() == expected


def test_part_of_a_table_need_not_lie_together_in_memory() -> None:
    both = np.random.default_rng(3).integers(0, 256, (6, 2, 32)).astype(np.uint8)
    expected = hamming.distances_one_by_one(both[:, 0], both[:, 1])
    assert np.array_equal(hamming.distances(both[:, 0], both[:, 1]), expected)


def test_codes_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="different lengths"):
        hamming.distances(np.zeros((2, 32), np.uint8), np.zeros((2, 8), np.uint8))
    with pytest.raises(ValueError, match="uint8 rows"):
        hamming.distances(np.zeros(32, np.uint8), np.zeros((2, 32), np.uint8))
    with pytest.raises(ValueError, match="uint8 rows"):
        hamming.distances(np.zeros((2, 32)), np.zeros((2, 32), np.uint8))  # type: ignore[arg-type]
