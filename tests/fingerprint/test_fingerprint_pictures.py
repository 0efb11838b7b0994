"""Hashes of stills and key frames, against ImageHash itself and the shipped known answers."""

from __future__ import annotations

import json
from fractions import Fraction
from importlib import resources

import cv2
import imagehash
import numpy as np
import pytest
from made_clips import scene
from PIL import Image

from verify.errors import IncomparableError
from verify.fingerprint import known_answers, pdq, pictures
from verify.fingerprint.recipe import Recipe

WHOLE = ("pdq", "phash", "dhash", "whash")


@pytest.fixture(scope="module")
def still() -> np.ndarray:
    return next(iter(scene(3, 1, (400, 300))))


@pytest.fixture(scope="module")
def whole(still: np.ndarray) -> dict[str, str]:
    return pictures.picture_hashes(still)


def known_file() -> dict:
    text = resources.files("verify.fingerprint").joinpath("known_answers.json").read_text("utf-8")
    return json.loads(text)


def test_a_still_has_every_hash_and_a_key_frame_all_but_the_slow_one(
    still: np.ndarray, whole: dict[str, str]
) -> None:
    assert set(whole) == set(pictures.RECIPES)
    frame = pictures.key_frame_hashes(still)
    assert frame == {name: whole[name] for name in WHOLE}


def test_the_text_is_what_imagehash_reads(still: np.ndarray, whole: dict[str, str]) -> None:
    image = Image.fromarray(still)
    assert imagehash.hex_to_hash(whole["phash"]) == imagehash.phash(image)
    assert imagehash.hex_to_hash(whole["dhash"]) == imagehash.dhash(image)
    assert imagehash.hex_to_hash(whole["whash"]) == imagehash.whash(image)
    regions = imagehash.hex_to_multihash(whole["crop_resistant"])
    assert regions == imagehash.crop_resistant_hash(image)
    assert len(regions.segment_hashes) == len(pictures.parse("crop_resistant", whole["crop_resistant"]))


def test_the_report_gets_quality_and_time(still: np.ndarray, whole: dict[str, str]) -> None:
    hashes = pictures.hashes_of_key_frame(still, Fraction(7, 3))
    assert (hashes.time, hashes.quality) == (Fraction(7, 3), pdq.hash_picture(still)[1])
    assert hashes.values == {name: whole[name] for name in WHOLE}


def test_distances_are_those_of_imagehash(still: np.ndarray) -> None:
    other = pictures.key_frame_hashes(next(iter(scene(8, 1, (400, 300)))))
    first = pictures.key_frame_hashes(still)
    for name in ("phash", "dhash", "whash"):
        expected = imagehash.hex_to_hash(first[name]) - imagehash.hex_to_hash(other[name])
        assert pictures.distance(name, first[name], other[name]) == expected
    assert pictures.distance("pdq", first["pdq"], first["pdq"].upper()) == 0


def test_a_scaled_copy_is_near_in_every_hash_and_a_part_in_the_crop_resistant_one(
    still: np.ndarray, whole: dict[str, str]
) -> None:
    scaled = pictures.picture_hashes(cv2.resize(still, (200, 150), interpolation=cv2.INTER_AREA))
    for name, limit in (("pdq", 31), ("phash", 8), ("dhash", 8), ("whash", 8), ("crop_resistant", 4)):
        assert pictures.distance(name, whole[name], scaled[name]) <= limit, name


@pytest.mark.parametrize("shape", [(1, 1), (2, 900), (9, 7)])
@pytest.mark.parametrize("value", [0, 255])
def test_tiny_and_flat_pictures_are_hashed_too(shape: tuple[int, int], value: int) -> None:
    hashes = pictures.picture_hashes(np.full((*shape, 3), value, np.uint8))
    assert set(hashes) == set(pictures.RECIPES)
    for name, text in hashes.items():
        assert pictures.parse(name, text).shape[0] >= 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pdq", "0" * 63),
        ("phash", "abc"),
        ("phash", "00000000000000zz"),
        ("phash", "0" * 16 + ",0"),
        ("crop_resistant", ""),
        ("crop_resistant", "0" * 16 + ","),
        ("colorhash", "0" * 16),
    ],
)
def test_other_text_is_refused(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"hexadecimal digits|no picture hash"):
        pictures.parse(name, text)


def test_the_known_answers_hold() -> None:
    assert known_answers.self_test() == ()


def test_a_wrong_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_answers, "answer", lambda name, rgb: f"{name} {rgb.shape}")
    found = known_answers.self_test()
    known = known_file()
    assert len(found) == sum(len(vector["answers"]) for vector in known["vectors"]) > 50
    assert found[0].startswith("pdq of ('noise', 64, 64, 1) is pdq (64, 64, 3), and should be ")


def test_answers_of_an_older_recipe_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    newer = {**known_answers._RECIPES, "phash": Recipe.of("phash", 2, bits=64)}
    monkeypatch.setattr(known_answers, "_RECIPES", newer)
    monkeypatch.setattr(known_answers, "answer", lambda *_: "")
    assert known_answers.self_test()[0].endswith("phash is now phash/2;bits=64")


def test_the_known_answers_cover_every_recipe() -> None:
    known = known_file()
    covered = {name for vector in known["vectors"] for name in vector["answers"]}
    assert covered == {*pictures.RECIPES, "pdq-track", "pdq quality"}
    assert set(known["recipes"]) == {*pictures.RECIPES, "pdq-track"}


def test_recipes_of_different_versions_refuse_to_meet() -> None:
    first, second = Recipe.of("track", 1, rate=4), Recipe.of("track", 2, rate=4)
    first.must_equal(Recipe("track", 1, (("rate", "4"),)))
    with pytest.raises(IncomparableError, match="track/1;rate=4"):
        first.must_equal(second)


@pytest.mark.parametrize(
    ("name", "version", "parameters"),
    [
        ("Track", 1, ()),
        ("", 1, ()),
        ("track", 0, ()),
        ("track", 1, (("b", "1"), ("a", "1"))),
        ("track", 1, (("a", "1;2"),)),
    ],
)
def test_a_recipe_with_two_readings_cannot_be_made(name: str, version: int, parameters: tuple) -> None:
    with pytest.raises(ValueError, match="recipe"):
        Recipe(name, version, parameters)
