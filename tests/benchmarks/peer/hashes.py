"""Methods that keep a few bits of a picture or a clip: vPDQ, perception, videohash2, PDQ and pHash.

PDQ of single pictures is `verify`'s own, bit for bit that of `pdqhash`. Codes of vPDQ are matched here as
threatexchange's `match_VPDQ_hash_brute` matches them, but whichever clip is taken as the query; a clip of
which every picture is below the quality matches nothing, where theirs stops with an error.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np

from peer.method import NEVER, PER_SECOND, Method, shown
from verify.fingerprint import pdq
from verify.fingerprint.hamming import distances

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_QUALITY = 50  # of 100, below which PDQ and vPDQ leave a picture out
_PDQ_BITS = 31  # of 256
_PHASH_BITS = 10  # of 64
_PERCEPTION = 50.0  # Euclidean
_VIDEOHASH_BITS = 10  # of 64: 15 %, rounded up, as its `is_similar` has it


def _vpdq(path: Path) -> NDArray[np.uint8]:
    found = import_module("vpdq").computeHash(str(path), seconds_per_hash=1)
    codes = dict.fromkeys(each.hex for each in found if each.quality >= _QUALITY)
    return np.array([list(bytes.fromhex(code)) for code in codes], np.uint8).reshape(-1, 32)


def _matched(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Percent of one clip's codes that have a match in the other, whichever way round that is more."""
    if not len(a) or not len(b):
        return NEVER
    near = distances(a, b) <= _PDQ_BITS
    return 100 * float(max(near.any(axis=1).mean(), near.any(axis=0).mean()))


def _nearest(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    return -float(distances(a, b).min()) if len(a) and len(b) else NEVER


def _pdq(path: Path) -> NDArray[np.uint8]:
    found = [pdq.hash_picture(picture) for picture in shown(path)]
    codes = [code for code, quality in found if quality >= _QUALITY]
    return np.array(codes, np.uint8).reshape(-1, pdq.CODE_BYTES)


def _phash(path: Path) -> NDArray[np.uint8]:
    hashed, image = import_module("imagehash").phash, import_module("PIL.Image")
    codes = [np.packbits(hashed(image.fromarray(picture)).hash) for picture in shown(path)]
    return np.array(codes, np.uint8).reshape(-1, 8)


def _perception(path: Path) -> NDArray[np.float32]:
    hashers = import_module("perception.hashers")
    frame = hashers.PHashU8(exclude_first_term=False, freq_shift=1, hash_size=12)
    hasher = hashers.FramewiseHasher(
        frames_per_second=1, frame_hasher=frame, interframe_threshold=50, quality_threshold=90
    )
    return np.array(hasher.compute(str(path), hash_format="vector"), np.float32).reshape(-1, 144)


def _far(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    if not len(a) or not len(b):
        return NEVER
    return -float(np.linalg.norm(a[:, None] - b[None], axis=2).min())


def _videohash(path: Path) -> str:
    found = import_module("videohash2").VideoHash(path=str(path.resolve()))
    found.delete_storage_path()
    return str(found)


def _differing(a: str, b: str) -> float:
    return -float(sum(x != y for x, y in zip(a, b, strict=True)))


_FRAMES = f"{PER_SECOND} pictures a second; the two nearest of a pair count"

HASHES: tuple[Method, ...] = (
    Method(
        "vPDQ",
        "PDQ of a picture a second; share of one clip's pictures that match one of the other, either way",
        "80 % of the pictures within 31 bits, quality 50 (threatexchange, extensions/vpdq)",
        ("vpdq",),
        ("vpdq",),
        _vpdq,
        _matched,
        80,
    ),
    Method(
        "perception",
        "framewise PHashU8 of 12 x 12, a picture a second; the two nearest of a pair count",
        "a distance of 50 (its documentation, deduplication of videos)",
        ("perception.hashers",),
        ("perception",),
        _perception,
        _far,
        -_PERCEPTION,
    ),
    Method(
        "videohash2",
        "64 bits of a collage of the whole clip",
        "15 % of the bits, rounded up (its `is_similar`)",
        ("videohash2",),
        ("videohash2",),
        _videohash,
        _differing,
        -_VIDEOHASH_BITS,
    ),
    Method(
        "PDQ",
        _FRAMES,
        "31 bits, quality 50 (threatexchange, PdqSignal)",
        (),
        (),
        _pdq,
        _nearest,
        -_PDQ_BITS,
    ),
    Method(
        "pHash",
        f"64 bits; {_FRAMES}",
        "10 bits (Krawetz, Looks Like It, 2011; imagehash names none)",
        ("imagehash", "PIL.Image"),
        ("ImageHash",),
        _phash,
        _nearest,
        -_PHASH_BITS,
    ),
)
