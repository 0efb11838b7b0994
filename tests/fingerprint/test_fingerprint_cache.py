"""The fingerprint cache: what is stored comes back whole, or not at all."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path

import numpy as np
import pytest

from verify.fingerprint.cache import FOLDER_VARIABLE, Cache, default_folder
from verify.fingerprint.recipe import Recipe

SHA = "0a" * 32
RECIPE = Recipe.of("track", 1, rate=4)
ARRAYS = {
    "hashes": np.arange(96, dtype=np.uint8).reshape(3, 32),
    "times": np.linspace(0, 1, 3),
    "nothing": np.zeros((0, 2), np.float32),
}


def only_entry(cache: Cache) -> Path:
    (path,) = cache.folder.rglob("*.npz")
    return path


def same(found: dict[str, np.ndarray] | None) -> bool:
    return (
        found is not None
        and set(found) == set(ARRAYS)
        and all(
            found[name].dtype == array.dtype and np.array_equal(found[name], array)
            for name, array in ARRAYS.items()
        )
    )


def test_what_was_stored_comes_back(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "new" / "folder")
    assert cache.load(SHA, RECIPE) is None
    assert cache.store(SHA, RECIPE, ARRAYS)
    assert same(cache.load(SHA, RECIPE))
    assert same(Cache(cache.folder).load(SHA, RECIPE))


def test_another_file_or_recipe_is_not_found(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.store(SHA, RECIPE, ARRAYS)
    assert cache.load("0b" * 32, RECIPE) is None
    assert cache.load(SHA, Recipe.of("track", 2, rate=4)) is None
    assert cache.load(SHA, Recipe.of("track", 1, rate=5)) is None


def test_an_entry_under_a_wrong_name_is_not_used(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.store(SHA, RECIPE, ARRAYS)
    content = only_entry(cache).read_bytes()
    other = "0b" * 32
    cache.store(other, RECIPE, {"hashes": np.zeros(1, np.uint8)})
    cache._path(other, RECIPE).write_bytes(content)
    assert cache.load(other, RECIPE) is None


def test_entries_are_ordinary_arrays_without_pickles(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.store(SHA, RECIPE, ARRAYS)
    with np.load(io.BytesIO(only_entry(cache).read_bytes()), allow_pickle=False) as archive:
        assert np.array_equal(archive["hashes"], ARRAYS["hashes"])
    with pytest.raises(ValueError, match=r"[Oo]bject"):
        cache.store(SHA, RECIPE, {"bad": np.array([{}, None], dtype=object)})


def test_a_cut_or_altered_entry_is_as_good_as_absent_and_is_rewritten(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.store(SHA, RECIPE, ARRAYS)
    path = only_entry(cache)
    whole = path.read_bytes()
    for length in (0, 1, 31, 32, 33, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert cache.load(SHA, RECIPE) is None, length
    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x40]) + whole[place + 1 :])
        assert cache.load(SHA, RECIPE) is None, place
    path.write_bytes(whole + b"\0")
    assert cache.load(SHA, RECIPE) is None
    assert cache.store(SHA, RECIPE, ARRAYS)
    assert same(cache.load(SHA, RECIPE))


def test_the_oldest_entries_go_when_the_folder_is_full(tmp_path: Path) -> None:
    block = {"block": np.zeros(10_000, np.uint8)}
    cache = Cache(tmp_path, max_bytes=60_000)
    names = [f"{number:064x}" for number in range(10)]
    for age, name in enumerate(names[:5]):
        assert cache.store(name, RECIPE, block)
        os.utime(cache._path(name, RECIPE), (1_000_000 + age, 1_000_000 + age))
    assert cache.load(names[0], RECIPE) is not None  # used now, so it stays
    for name in names[5:7]:
        assert cache.store(name, RECIPE, block)
    kept = [name for name in names if cache._path(name, RECIPE).exists()]
    assert names[0] in kept
    assert names[1] not in kept
    assert names[6] in kept
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.npz")) <= 60_000


def test_an_entry_larger_than_the_bound_is_not_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path, max_bytes=1000)
    assert not cache.store(SHA, RECIPE, {"block": np.zeros(2000, np.uint8)})
    assert cache.load(SHA, RECIPE) is None


def test_many_writers_and_readers_meet_only_whole_entries(tmp_path: Path) -> None:
    failed = []

    def work(number: int) -> None:
        cache = Cache(tmp_path)
        for _ in range(12):
            cache.store(SHA, RECIPE, {"value": np.full(5000, number)})
            found = cache.load(SHA, RECIPE)
            if found is None or len(set(found["value"].tolist())) != 1:
                failed.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert [path.suffix for path in tmp_path.rglob("*.*")] == [".npz"]


def test_a_folder_that_cannot_be_made_keeps_nothing_and_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file" / "cache")
    assert not cache.store(SHA, RECIPE, ARRAYS)
    assert cache.load(SHA, RECIPE) is None


def test_a_folder_that_others_keep_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    cache.store(SHA, RECIPE, ARRAYS)

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "utime", refuse)
    assert same(cache.load(SHA, RECIPE))


def test_what_a_crash_left_is_removed_after_a_day(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    (tmp_path / "0a").mkdir()
    old, new = tmp_path / "0a" / "x.part", tmp_path / "0a" / "y.part"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (1_000_000, 1_000_000))
    cache.store(SHA, RECIPE, ARRAYS)
    assert (old.exists(), new.exists()) == (False, True)


@pytest.mark.parametrize("sha256", ["", "0" * 63, "../" + "0" * 61, "A" * 64])
def test_only_a_content_hash_names_an_entry(tmp_path: Path, sha256: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        Cache(tmp_path).load(sha256, RECIPE)


def test_an_array_cannot_take_the_place_of_the_key(tmp_path: Path) -> None:
    for name in ("key", "../evil", ""):
        with pytest.raises(ValueError, match="cannot be named"):
            Cache(tmp_path).store(SHA, RECIPE, {name: np.zeros(1)})


def test_the_folder_can_be_named_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert default_folder() == tmp_path
    assert Cache().folder == tmp_path
    monkeypatch.delenv(FOLDER_VARIABLE)
    assert "verify-media" in default_folder().parts
