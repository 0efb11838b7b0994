"""Distances between packed binary codes: the number of bits in which two codes differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLOCK = (
    1 << 18
)  # pairs a pass: 4 words of 8 bytes each make 8 MiB of working memory, which stays near the cache
_COUNT16 = np.array([value.bit_count() for range_ in (range(1 << 16),) for value in range_], np.uint8)


def distances(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Hamming distances between all codes of `a` and all codes of `b`.

    Args:
        a: (n, k) uint8, one packed code a row; n may be 0.
        b: (m, k) uint8.

    Returns:
        (n, m) uint16, bits, 0 to 8 k. Working memory stays within some 16 MiB beside the result.

    Raises:
        ValueError: the arrays are not two tables of uint8 rows of one length.
    """
    left, right = _words(a), _words(b)
    if left.shape[1] != right.shape[1]:
        raise ValueError(f"codes of different lengths: {a.shape} and {b.shape}")
    result = np.zeros((len(left), len(right)), np.uint16)
    columns = min(len(right), _BLOCK) or 1
    rows = max(1, _BLOCK // columns)
    for top in range(0, len(left), rows):
        for start in range(0, len(right), columns):
            part = result[top : top + rows, start : start + columns]
            for word in range(left.shape[1]):
                differing = left[top : top + rows, word, None] ^ right[None, start : start + columns, word]
                part += count_bits(differing)
    return result


def distances_one_by_one(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """The same as `distances`, written to be read: what the fast version is tested against."""
    numbers = [[int.from_bytes(bytes(code), "big") for code in codes] for codes in (a, b)]
    found = [[(left ^ right).bit_count() for right in numbers[1]] for left in numbers[0]]
    return np.array(found, np.uint16).reshape(len(a), len(b))


def _words(codes: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Rows of bytes as rows of 64-bit words, filled up with zeros."""
    if codes.ndim != 2 or codes.dtype != np.uint8:
        raise ValueError(f"codes are a table of uint8 rows, not {codes.dtype} of shape {codes.shape}")
    if short := -codes.shape[1] % 8:
        codes = np.pad(codes, ((0, 0), (0, short)))
    return np.ascontiguousarray(codes).view(np.uint64)


def count_bits(words: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Bits set in each word: (n, m) uint64 -> (n, m) uint8."""
    if hasattr(np, "bitwise_count"):  # numpy 2
        return np.bitwise_count(words)
    return _count_by_table(words)


def _count_by_table(words: NDArray[np.uint64]) -> NDArray[np.uint8]:
    parts = np.ascontiguousarray(words).view(np.uint16).reshape(*words.shape, 4)
    counts: NDArray[np.uint8] = _COUNT16[parts].sum(axis=-1, dtype=np.uint8)
    return counts
