"""Sound through the whole pipeline: what is said of it, what broken sound costs, and that it is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from made_clips import scene, write_clip
from made_sounds import RATE, dubbed, music, speech, write_sound

import verify
from verify.fingerprint.cache import Cache
from verify.media import probe
from verify.model import MediaKind, RelationKind, Role
from verify.pipeline.examine import Examined, ToExamine, examine
from verify.pipeline.listen import listen
from verify.pipeline.seen import load, recipe, store
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from verify.model import Relation

SECONDS = 8


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two recordings of pictures; one song, one voice."""
    folder = tmp_path_factory.mktemp("sounds")
    views = [write_clip(folder / f"view{seed}.mp4", scene(seed, SECONDS * 12)) for seed in (1, 2)]
    song, voice = music(40, SECONDS), speech(41, SECONDS)
    dubbed(views[0], song, folder / "song.mp4")
    dubbed(views[0], voice, folder / "voice.mp4")
    dubbed(views[1], song, folder / "elsewhere.mp4")
    write_sound(folder / "tape.m4a", song[2 * RATE :])
    return folder


@pytest.fixture(scope="module")
def relations(folder: Path) -> dict[tuple[str, str], Relation]:
    paths = [folder / name for name in ("song.mp4", "voice.mp4", "elsewhere.mp4", "tape.m4a")]
    return {(each.a, each.b): each for each in verify.compare(paths, jobs=1, cache=False).relations}


def test_other_sound_under_the_same_pictures(relations: dict[tuple[str, str], Relation]) -> None:
    relation = relations["song", "voice"]
    assert relation.kind is RelationKind.COPY
    assert relation.sound == "different"
    assert any(words.startswith("other sound lies under the shared pictures") for words in relation.because)


def test_the_same_sound_under_other_pictures_is_no_copy(
    relations: dict[tuple[str, str], Relation],
) -> None:
    relation = relations["song", "elsewhere"]
    assert relation.kind is RelationKind.NONE_FOUND
    assert relation.sound == "same_recording"
    assert any(words.startswith("the same sound lies under other pictures") for words in relation.because)
    assert any("of song and" in words and "of elsewhere" in words for words in relation.because)
    assert relations["voice", "elsewhere"].sound is None


def test_sound_alone_is_found_in_a_clip(relations: dict[tuple[str, str], Relation]) -> None:
    relation = relations["song", "tape"]
    assert relation.kind is RelationKind.INCONCLUSIVE
    assert relation.sound == "same_recording"
    assert relations["voice", "tape"].sound is None


def _examined(path: Path) -> Examined:
    return examine(ToExamine(path, path.stem, Role.CLIP, 1, None, SETTINGS))


@pytest.mark.parametrize("suffix", ["m4a", "ts"])
def test_sound_broken_midway_never_ends_the_examination(suffix: str, tmp_path: Path) -> None:
    path = write_sound(tmp_path / f"broken.{suffix}", music(42, SECONDS))
    content = bytearray(path.read_bytes())
    third = len(content) // 3
    content[third : third + 9000] = np.random.default_rng(1).integers(0, 256, 9000, np.uint8).tobytes()
    path.write_bytes(content)
    found = _examined(path)
    assert found.media.kind is MediaKind.AUDIO
    assert found.sound is not None
    assert found.media.notes[0].startswith("parts of the sound could not be decoded")


def test_sound_whose_file_is_gone_is_noted(folder: Path, tmp_path: Path) -> None:
    media = probe(folder / "tape.m4a", id="tape")
    content = (folder / "tape.m4a").read_bytes()
    cut = tmp_path / "cut.m4a"
    cut.write_bytes(content[: len(content) // 2])
    arrays, notes = listen(replace(media, path=cut), SETTINGS.sound)
    assert arrays == {}
    assert notes[0].startswith("the sound could not be read to its end (no picture and no sound")


def test_what_was_heard_is_kept_between_runs(folder: Path, tmp_path: Path) -> None:
    found = _examined(folder / "song.mp4")
    assert found.seen is not None
    assert found.sound is not None
    assert len(found.sound.levels) == pytest.approx(SECONDS * 25, abs=8)
    cache, made_by = Cache(tmp_path), recipe(SETTINGS)
    store(cache, "a" * 64, made_by, found.seen)
    again = load(cache, "a" * 64, made_by)
    assert again is not None
    assert np.array_equal(again.sound["levels"], found.sound.levels)
    assert again.notes == found.seen.notes == ()


def test_a_clip_without_sound_has_no_track_and_no_note(folder: Path) -> None:
    found = _examined(folder / "view1.mp4")
    assert found.sound is None
    assert found.media.notes == ()
    assert listen(probe(folder / "view1.mp4", id="view"), SETTINGS.sound) == ({}, ())
