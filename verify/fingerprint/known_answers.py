"""Known answers: whether this machine's libraries hash as they did when the recipes were fixed.

A hash that another program made, or that was kept for years, can be compared only where the recipe gives
the same bits. The vectors hold pictures as formulas in whole numbers, and each one's hashes; odd sizes,
tiny and flat pictures are among them.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from verify.fingerprint import pdq
from verify.fingerprint.pictures import RECIPES, key_frame_hashes, picture_hashes

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RECIPES = {**RECIPES, "pdq-track": pdq.PDQ_TRACK}

FORMULAS = ("flat", "ramp", "bars", "noise", "blocks", "rings")


def drawn(formula: str, height: int, width: int, seed: int) -> NDArray[np.uint8]:
    """A picture from its formula, the same on every machine: whole numbers only.

    Args:
        formula: one of `FORMULAS`.
        height: pixels.
        width: pixels.
        seed: which of the pictures of that formula; for `flat` its grey value, 0-255.

    Returns:
        (height, width, 3) uint8 RGB.
    """
    y, x, channel = np.ogrid[:height, :width, :3]
    match formula:
        case "flat":
            value = np.broadcast_to(seed, (height, width, 3))
        case "ramp":
            value = (x * 255 + y * (31 * seed) + channel * 20) // max(1, width - 1)
        case "bars":
            value = 200 * ((x * (seed + 2) // width + y * (seed + 1) // height + channel * 0) % 2) + 20
        case "noise":
            value = _scattered(y, x, channel, seed)
        case "blocks":
            value = _scattered(y * 11 // height, x * 13 // width, channel, seed)
        case "rings":
            far = (2 * y - height) ** 2 + (2 * x - width) ** 2 * (1 + seed % 3)
            value = far * 2048 // (height**2 + width**2) + channel * 40
            value = np.abs(value % 510 - 255)
        case _:
            raise ValueError(f"no picture is drawn by the formula {formula!r}")
    return np.ascontiguousarray(value % 256, np.uint8)


def self_test() -> tuple[str, ...]:
    """Hash every known picture.

    Returns:
        A sentence for each hash that came out otherwise than it should; none where all agree.
    """
    text = resources.files("verify.fingerprint").joinpath("known_answers.json").read_text("utf-8")
    known = json.loads(text)
    found = [
        f"the known answers are for {recipe}, and {name} is now {_RECIPES[name]}"
        for name, recipe in known["recipes"].items()
        if recipe != str(_RECIPES[name])
    ]
    for vector in known["vectors"]:
        drawing = vector["formula"], vector["height"], vector["width"], vector["seed"]
        rgb = drawn(*drawing)
        for name, expected in vector["answers"].items():
            if (computed := answer(name, rgb)) != expected:
                found.append(f"{name} of {drawing} is {computed}, and should be {expected}")
    return tuple(found)


def answer(name: str, rgb: NDArray[np.uint8]) -> str:
    """One answer for a picture, (H, W, 3) uint8: a picture hash, or of a track the codes and the quality."""
    match name:
        case "pdq quality":
            return str(pdq.hash_picture(rgb)[1])
        case "pdq-track":
            plain, mirrored, quality = pdq.hash_luma(rgb[..., 1])
            return " ".join((pdq.to_text(plain), pdq.to_text(mirrored), str(quality)))
        case "crop_resistant":
            return picture_hashes(rgb)[name]
        case _:
            return key_frame_hashes(rgb)[name]


def _scattered(
    y: NDArray[np.int64], x: NDArray[np.int64], channel: NDArray[np.int64], seed: int
) -> NDArray[np.int64]:
    """A value 0-255 for each place, without any visible order."""
    mixed = (y * 73_856_093) ^ (x * 19_349_663) ^ (channel * 83_492_791) ^ (seed * 2_654_435_761)
    mixed = (mixed ^ (mixed >> 13)) % (1 << 32) * 1_274_126_177 % (1 << 32)
    return (mixed ^ (mixed >> 16)) >> 24
