"""Fingerprints kept between runs, by content and recipe.

A clip that was read once need not be decoded again: what was derived from it lies in the user's cache
folder under the SHA-256 of the file's bytes and the recipe. Nothing in it is evidence, and all of it may be
deleted at any time.

An entry is a plain `.npz` of arrays without pickled objects, followed by a digest of all before it; one
that is cut off, altered or of another key is as good as absent. Entries are written beside their place and
renamed, so that writers and readers never meet half an entry. When the folder grows past its bound, the
entries that were used longest ago go first, until nine tenths of the bound are left. A process counts the
folder at its first store and whenever its own count passes the bound; several at once can pass it by what
they write meanwhile.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
import threading
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import platformdirs

from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from verify.fingerprint.recipe import Recipe

FOLDER_VARIABLE = "VERIFY_CACHE_DIR"

_KEY = "key"  # the array that holds what the entry was stored under
_DIGEST_BYTES = 32
_KEEP = 0.9  # of the bound, after old entries were removed: else every store would remove one
_STALE_SECONDS = 86_400  # after a day, nobody is writing a temporary file any more

# numpy parses an array's head as Python, and the parser of Python 3.11 fails now and then in several threads
# at once (github.com/python/cpython/issues/106905).
_parsing = threading.Lock()


def default_folder() -> Path:
    """Where the user's fingerprints are: `$VERIFY_CACHE_DIR`, or the system's place for caches."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else platformdirs.user_cache_path("verify-media")


class Cache:
    """Arrays by content and recipe, in a folder."""

    def __init__(self, folder: Path | None = None, max_bytes: int | None = None) -> None:
        """Use a folder, made when something is first stored.

        Args:
            folder: `default_folder()` where none is given.
            max_bytes: bound on the folder; the setting `cache_bytes` where none is given.
        """
        self.folder = folder if folder is not None else default_folder()
        self.max_bytes = max_bytes if max_bytes is not None else SETTINGS.fingerprint.cache_bytes
        self._bytes: int | None = None  # in the folder, as far as this process knows

    def load(self, sha256: str, recipe: Recipe) -> dict[str, NDArray[np.generic]] | None:
        """The arrays stored for a file's content and a recipe; None where there are none, or none whole."""
        path = self._path(sha256, recipe)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        with contextlib.suppress(OSError):  # a folder that others keep can be read all the same
            os.utime(path)  # used now
        body, digest = content[:-_DIGEST_BYTES], content[-_DIGEST_BYTES:]
        if hashlib.sha256(body).digest() != digest:
            return None
        with _parsing, np.load(io.BytesIO(body), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        key = arrays.pop(_KEY, None)
        return arrays if key is not None and str(key) == _key(sha256, recipe) else None

    def store(self, sha256: str, recipe: Recipe, arrays: Mapping[str, NDArray[np.generic]]) -> bool:
        """Keep arrays, in place of what was there.

        Returns:
            Whether they are kept: not where the folder cannot be written, or they alone pass its bound.

        Raises:
            ValueError: an array holds Python objects, or a name cannot be a file's.
        """
        content = _packed(_key(sha256, recipe), arrays)
        if len(content) > self.max_bytes:
            return False
        path = self._path(sha256, recipe)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.parent.mkdir(exist_ok=True)
            _write_beside(path, content)
            self._make_room(len(content))
        except OSError:
            return False
        return True

    def _path(self, sha256: str, recipe: Recipe) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError(f"a SHA-256 is 64 lower case hexadecimal digits, not {sha256[:80]!r}")
        made_by = hashlib.sha256(str(recipe).encode()).hexdigest()[:16]
        return self.folder / sha256[:2] / f"{sha256}-{made_by}.npz"

    def _make_room(self, added: int) -> None:
        known = self._bytes
        self._bytes = None if known is None else known + added
        if self._bytes is not None and self._bytes <= self.max_bytes:
            return
        entries = sorted(self._entries())
        total = sum(size for _, size, _ in entries)
        if total > self.max_bytes:
            for _, size, path in entries:
                if total <= _KEEP * self.max_bytes:
                    break
                path.unlink(missing_ok=True)
                total -= size
        self._bytes = total

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        """When each entry was last used, its bytes and its path; what a crash left half-written goes."""
        for path in self.folder.glob("??/*"):
            try:
                status = path.stat()
                if path.suffix == ".npz":
                    yield status.st_mtime, status.st_size, path
                elif path.suffix == ".part" and status.st_mtime < time.time() - _STALE_SECONDS:
                    path.unlink()
            except FileNotFoundError:  # another process removed it
                continue


def _key(sha256: str, recipe: Recipe) -> str:
    return f"{sha256} {recipe}"


def _packed(key: str, arrays: Mapping[str, NDArray[np.generic]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in {**arrays, _KEY: np.array(key)}.items():
            if not name.isidentifier() or (name == _KEY and _KEY in arrays):
                raise ValueError(f"an array in the cache cannot be named {name!r}")
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(array), allow_pickle=False)
    body = buffer.getvalue()
    return body + hashlib.sha256(body).digest()


def _write_beside(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(suffix=".part", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
