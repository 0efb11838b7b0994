"""What is kept of a picture or a clip to find it again: hashes, local features and tracks over time."""

from verify.fingerprint import local, pdq
from verify.fingerprint.cache import Cache, default_folder
from verify.fingerprint.known_answers import self_test
from verify.fingerprint.local import Points, features
from verify.fingerprint.pdq import PDQ, PDQ_TRACK
from verify.fingerprint.pictures import (
    RECIPES,
    distance,
    hashes_of_key_frame,
    hashes_of_still,
    key_frame_hashes,
    parse,
    picture_hashes,
)
from verify.fingerprint.recipe import Recipe
from verify.fingerprint.track import Track, TrackBuilder, from_arrays

__all__ = [
    "PDQ",
    "PDQ_TRACK",
    "RECIPES",
    "Cache",
    "Points",
    "Recipe",
    "Track",
    "TrackBuilder",
    "default_folder",
    "distance",
    "features",
    "from_arrays",
    "hashes_of_key_frame",
    "hashes_of_still",
    "key_frame_hashes",
    "local",
    "parse",
    "pdq",
    "picture_hashes",
    "self_test",
]
