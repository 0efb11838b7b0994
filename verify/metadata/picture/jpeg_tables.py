"""The tables of JPEG's standard: quantisation (ITU-T T.81, K.1), Huffman (K.3), and the usual scaling."""

from __future__ import annotations

import numpy as np

# In the order in which files store them (zigzag).
_LUMA = (
    16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40,
    26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51,
    56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87,
    95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
)  # fmt: skip
_CHROMA = (17, 18, 18, 24, 21, 24, 47, 26, 26, 47, 99, 66, 56, 66, *(99,) * 50)

# How many codes of each length, then their values: light and colour, DC and AC.
HUFFMAN = frozenset(
    bytes.fromhex(digits)
    for digits in (
        "00010501010101010100000000000000000102030405060708090a0b",
        "00030101010101010101010000000000000102030405060708090a0b",
        "0002010303020403050504040000017d01020300041105122131410613516107227114328191a1082342b1c11552d1f02433"
        "627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a636465666768696a737475"
        "767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2"
        "d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa",
        "00020102040403040705040400010277000102031104052131061241510761711322328108144291a1b1c109233352f01562"
        "72d10a162434e125f11718191a262728292a35363738393a434445464748494a535455565758595a636465666768696a7374"
        "75767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9"
        "cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa",
    )
)


def scaled(quality: int, *, chroma: bool) -> list[int]:
    """The standard's table as the Independent JPEG Group's library scales it for a quality of 1 to 100."""
    factor = 5000 // quality if quality < 50 else 200 - 2 * quality
    return [min(255, max(1, (value * factor + 50) // 100)) for value in (_CHROMA if chroma else _LUMA)]


_SCALED = {
    chroma: np.array([scaled(quality, chroma=chroma) for quality in range(1, 101)])
    for chroma in (False, True)
}


def ijg_quality(table: list[int], *, chroma: bool) -> dict[str, object]:
    """The quality whose table this is, or whose table is nearest: 1 to 100, and whether it is exactly that.

    Args:
        table: 64 numbers as they are stored.
        chroma: whether it is the table of the colour parts.
    """
    distances = np.abs(_SCALED[chroma] - np.array(table)).sum(axis=1)
    best = int(distances.argmin())
    return {"ijg_quality": best + 1, "ijg_exact": bool(distances[best] == 0)}
