"""Hashes of one picture, in the forms that other programs exchange.

What it does: five short texts are computed from a still or a key frame. Each stays nearly the same when the
picture is scaled or compressed again, and two are compared by counting the bits in which they differ.

- `pdq`, 256 bits: 256 coarse patterns of light and dark, after a careful reduction to 64 x 64;
- `phash`, 64 bits: the 64 coarsest such patterns of a 32 x 32 picture;
- `dhash`, 64 bits: whether each of 8 x 8 cells is brighter than its left neighbour;
- `whash`, 64 bits: 8 x 8 averages, without the overall brightness;
- `crop_resistant`, 64 bits each: `dhash` of each large bright or dark region, so that a part can be found
  again.

They are taken from the displayed picture: orientation applied, transparency ignored. A still is hashed in
full size; a clip's key frames at 640 pixels on the longer side at most, where PDQ lay 3 bits from that of the
full frame on average and 6 at most in the pictures that were tried.

Limits: all but the last look at the picture as a whole; a crop, a border or a turn moves them beyond
recognition. Flat and dark pictures resemble each other in every one of them.

The 64-bit hashes rest on Pillow's way of scaling, which changed between its versions 12 and 13: in pictures
that are noise, or smaller than 300 pixels, a bit of `dhash` or of a region can differ from what another
program wrote.

Error rates: over 92 frames under 36 transforms, at the authors' own cut-offs, PDQ found 30 % of the copies
and the 64-bit pHash 39 %; at one false match in 10,000 unrelated pairs, 49 % and 47 %.

Source: PDQ as in the method of that name; the others by the ImageHash package (Buchner), after Zauner,
"Implementation and Benchmarking of Perceptual Image Hash Functions", 2010, and for the crop-resistant hash
Steinebach, Liu and Yannikos, "Efficient Cropping-Resistant Robust Image Hashing", 2014.
"""

from __future__ import annotations

from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

import imagehash
import numpy as np
from PIL import Image

from verify.fingerprint import pdq
from verify.fingerprint.hamming import distances
from verify.fingerprint.recipe import Recipe
from verify.model import Hashes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

CROP_RESISTANT = "crop_resistant"

RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "pdq": pdq.PDQ,
        "phash": Recipe.of("phash", 1, bits=64),
        "dhash": Recipe.of("dhash", 1, bits=64),
        "whash": Recipe.of("whash", 1, bits=64),
        CROP_RESISTANT: Recipe.of("crop_resistant", 1, bits=64),
    }
)

_DIGITS = {"pdq": 64, "phash": 16, "dhash": 16, "whash": 16, CROP_RESISTANT: 16}
_HEX = frozenset("0123456789abcdef")


def picture_hashes(rgb: NDArray[np.uint8]) -> dict[str, str]:
    """All hashes of a still, by name; the crop-resistant one takes most of a second.

    Args:
        rgb: (H, W, 3) uint8, 0-255, RGB, as displayed.

    Returns:
        Text form by the name of its recipe in `RECIPES`. The crop-resistant text is one hash a region,
        joined by commas.
    """
    return dict(hashes_of_still(rgb).values)


def key_frame_hashes(rgb: NDArray[np.uint8]) -> dict[str, str]:
    """The hashes of a frame of a clip, by name: all but the crop-resistant one."""
    return dict(hashes_of_key_frame(rgb, Fraction(0)).values)


def hashes_of_still(rgb: NDArray[np.uint8]) -> Hashes:
    """All hashes of a still with PDQ's quality, as the report carries them; `rgb` as in `picture_hashes`."""
    whole = hashes_of_key_frame(rgb, Fraction(0))
    regions = str(imagehash.crop_resistant_hash(Image.fromarray(rgb)))
    return Hashes(whole.time, {**whole.values, CROP_RESISTANT: regions}, whole.quality)


def hashes_of_key_frame(rgb: NDArray[np.uint8], time: Fraction) -> Hashes:
    """The hashes of a clip's picture at `time`, with PDQ's quality; `rgb` as in `picture_hashes`."""
    code, quality = pdq.hash_picture(rgb)
    image = Image.fromarray(rgb)
    values = {
        "pdq": pdq.to_text(code),
        "phash": str(imagehash.phash(image)),
        "dhash": str(imagehash.dhash(image)),
        "whash": str(imagehash.whash(image)),
    }
    return Hashes(time, values, quality)


def parse(name: str, text: str) -> NDArray[np.uint8]:
    """The packed codes of a hash's text form.

    Args:
        name: a name in `RECIPES`.
        text: what `picture_hashes` wrote, or another program.

    Returns:
        (1, 32) uint8 for PDQ, (1, 8) for the 64-bit hashes, (regions, 8) for the crop-resistant one.

    Raises:
        ValueError: no such hash, or not its text form; lost leading zeros are refused, never guessed.
    """
    if name not in _DIGITS:
        raise ValueError(f"no picture hash is named {name!r}; there are {', '.join(_DIGITS)}")
    parts = text.lower().split(",") if name == CROP_RESISTANT else [text.lower()]
    for part in parts:
        if len(part) != _DIGITS[name] or not set(part) <= _HEX:
            raise ValueError(f"a {name} is {_DIGITS[name]} hexadecimal digits, not {part[:80]!r}")
    return np.frombuffer(bytes.fromhex("".join(parts)), np.uint8).reshape(len(parts), -1)


def distance(name: str, a: str, b: str) -> int:
    """Bits in which two hashes of one kind differ; for the crop-resistant one, of the two nearest regions.

    Raises:
        ValueError: as `parse`.
    """
    return int(distances(parse(name, a), parse(name, b)).min())
