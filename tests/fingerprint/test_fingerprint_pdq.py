"""PDQ against the reference bindings, and what the track's variant promises."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest
from made_clips import scene

from verify.fingerprint import _pdq_exact as exact
from verify.fingerprint import pdq
from verify.fingerprint.known_answers import FORMULAS, drawn

# Real pictures may lie in a folder beside the checkout; they are not ours to pass on.
REAL = Path(__file__).resolve().parents[3] / "shared" / "media"
SIZES = [
    (5, 5),
    (5, 300),
    (64, 64),
    (64, 65),
    (63, 129),
    (128, 128),
    (129, 257),
    (241, 320),
    (720, 405),
    (1080, 1920),
]


def bindings() -> ModuleType:
    """The reference bindings, which need a compiler to install; the known answers hold everywhere."""
    return pytest.importorskip("pdqhash", reason="pdqhash has no wheels: pip install '.[oracle]' builds it")


def reference(picture: np.ndarray) -> tuple[bytes, int]:
    rgb = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
    bits, quality = bindings().compute(np.ascontiguousarray(rgb))
    return np.packbits(bits.astype(np.uint8)).tobytes(), quality


def ours(picture: np.ndarray) -> tuple[bytes, int]:
    code, quality = pdq.hash_picture(picture)
    return code.tobytes(), quality


def view(seed: int, height: int, width: int) -> np.ndarray:
    """A picture with structure at every scale, and noise."""
    random = np.random.default_rng(seed)
    cells = random.normal(128, 70, (9, 12, 3))
    smooth = cv2.resize(cells, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(smooth + random.normal(0, 6, smooth.shape), 0, 255).astype(np.uint8)


def bits_between(a: np.ndarray, b: np.ndarray) -> int:
    return int(pdq.distances(a[None], b[None])[0, 0])


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_pictures_hash_as_the_reference_does(height: int, width: int) -> None:
    picture = view(height + width, height, width)
    assert ours(picture) == reference(picture)
    assert ours(picture[..., 1]) == reference(picture[..., 1])


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize(("height", "width"), [(7, 31), (97, 130), (240, 322)])
def test_pictures_where_rounding_decides_hash_as_the_reference_does(
    formula: str, height: int, width: int
) -> None:
    for seed in (0, 3, 130):
        picture = drawn(formula, height, width, seed)
        assert ours(picture) == reference(picture)


def test_the_slow_way_alone_hashes_as_the_reference_does() -> None:
    picture = view(5, 300, 500)
    code, quality = exact.hash_luma(pdq.luma_of(picture))
    assert (code.tobytes(), quality) == reference(picture)


def test_most_textured_pictures_take_the_quick_way(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = []
    monkeypatch.setattr(
        exact, "hash_luma", lambda luma: slow.append(luma.shape) or (np.zeros(32, np.uint8), 0)
    )
    for seed in range(20):
        pdq.hash_picture(view(seed, 200, 300))
    assert len(slow) < 10


@pytest.mark.parametrize(("height", "width"), [(241, 320), (1080, 1920), (900, 3000)])
def test_the_quick_way_stays_within_its_slack(height: int, width: int) -> None:
    luma = pdq.luma_of(view(height, height, width))
    quick, slow = pdq._reduced(luma), exact._reduced(luma)
    patterns = exact.DCT.astype(float) @ quick @ exact.DCT.astype(float).T
    assert np.abs(quick - slow).max() < pdq._GREY_SLACK / 2 * (height + width)
    assert np.abs(patterns - exact._patterns(slow)).max() < pdq._PATTERN_SLACK / 4 * (height + width)


def test_the_known_answers_are_those_of_the_reference() -> None:
    text = resources.files("verify.fingerprint").joinpath("known_answers.json").read_text("utf-8")
    vectors = [each for each in json.loads(text)["vectors"] if "pdq" in each["answers"]]
    assert len(vectors) >= 5
    for each in vectors:
        picture = drawn(each["formula"], each["height"], each["width"], each["seed"])
        bits, quality = reference(picture)
        assert (bits.hex(), str(quality)) == (each["answers"]["pdq"], each["answers"]["pdq quality"])


@pytest.mark.parametrize("shape", [(4, 100, 3), (100, 4), (1, 1, 3)])
def test_a_picture_too_small_to_hash_has_no_bits_and_no_quality(shape: tuple[int, ...]) -> None:
    picture = np.full(shape, 77, np.uint8)
    assert ours(picture) == (bytes(32), 0) == reference(picture)


@pytest.mark.parametrize(
    "picture",
    [np.zeros((9, 9, 4), np.uint8), np.zeros((9, 9)), np.zeros(9, np.uint8), np.zeros((9, 9, 3), np.int64)],
)
def test_what_is_no_picture_is_refused(picture: np.ndarray) -> None:
    with pytest.raises(ValueError, match="a picture is"):
        pdq.hash_picture(picture)


def test_real_pictures_hash_as_the_reference_does() -> None:
    if not REAL.is_dir():
        pytest.skip(f"no real pictures: {REAL} is not on this machine")
    found = 0
    for path in sorted((REAL / "landmarks").rglob("*.jpg"))[:12]:
        picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if picture is None:
            continue
        found += 1
        assert ours(picture) == reference(picture), path
    assert found >= 5


def test_text_keeps_leading_zeros_both_ways() -> None:
    code = np.zeros(32, np.uint8)
    code[1] = 0x0A
    text = pdq.to_text(code)
    assert text == "000a" + "0" * 60
    assert np.array_equal(pdq.from_text(text), code)
    assert np.array_equal(pdq.from_text(text.upper()), code)


def test_text_is_the_number_that_other_programs_write() -> None:
    picture = view(3, 200, 300)
    bits, _ = bindings().compute(picture)
    text = pdq.to_text(pdq.hash_picture(picture)[0])
    assert text == f"{int(''.join(str(bit) for bit in bits), 2):064x}"


@pytest.mark.parametrize(
    "text", ["", "0" * 63, "0" * 65, "g" * 64, "0x" + "0" * 62, " " * 64, "٣" * 64, "0" * 62 + "\n0"]
)
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        pdq.from_text(text)


@pytest.mark.parametrize(
    "code", [np.zeros(31, np.uint8), np.zeros((1, 32), np.uint8), np.zeros(32, np.int64)]
)
def test_only_codes_become_text(code: np.ndarray) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        pdq.to_text(code)


@pytest.mark.parametrize(("height", "width"), [(180, 320), (320, 181), (256, 256), (720, 1280), (31, 47)])
def test_the_mirrored_code_is_that_of_the_mirrored_frame(height: int, width: int) -> None:
    luma = view(height, height, width)[..., 1]
    plain, mirrored, quality = pdq.hash_luma(luma)
    again = pdq.hash_luma(np.ascontiguousarray(luma[:, ::-1]))
    assert bits_between(mirrored, again[0]) <= 2
    assert bits_between(plain, again[1]) <= 2
    assert abs(quality - again[2]) <= 1
    assert bits_between(plain, mirrored) > 60


def test_a_frame_hashes_near_the_published_hash_whatever_its_size() -> None:
    for seed, frame in enumerate(scene(4, 6, (1280, 720))):
        luma = frame[..., 1]
        published = pdq.hash_picture(luma)[0]
        codes = [
            pdq.hash_luma(cv2.resize(luma, size, interpolation=cv2.INTER_AREA))[0]
            for size in ((1280, 720), (640, 360), (512, 288), (320, 180))
        ]
        assert max(bits_between(published, code) for code in codes) <= 24, seed
        assert max(bits_between(codes[0], code) for code in codes) <= 10, seed


def test_an_encoded_frame_stays_near_and_another_view_does_not() -> None:
    first, other = (next(iter(scene(seed, 1, (640, 360)))) for seed in (1, 2))
    _, coded = cv2.imencode(".jpg", first, [cv2.IMWRITE_JPEG_QUALITY, 30])
    plain = pdq.hash_luma(np.ascontiguousarray(first[..., 1]))
    again = pdq.hash_luma(cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., 1])
    unrelated = pdq.hash_luma(np.ascontiguousarray(other[..., 1]))
    assert bits_between(plain[0], again[0]) <= 20
    assert bits_between(plain[0], unrelated[0]) > 80
    assert min(plain[2], again[2]) >= 50


@pytest.mark.parametrize("value", [0, 16, 200, 255])
def test_a_flat_frame_has_no_quality_and_no_bits(value: int) -> None:
    plain, mirrored, quality = pdq.hash_luma(np.full((90, 160), value, np.uint8))
    assert (plain.any(), mirrored.any(), quality) == (False, False, 0)
