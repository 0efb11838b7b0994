"""What every room's tests share: clips made on the spot, with known truth, small and quick.

`make_clip` writes a clip with PyAV into the test's folder, `make_picture` a still; `scene` gives the pictures
of a textured view with something moving in it, told apart by its seed.
"""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np
import pytest
from made_clips import scene, write_clip
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

# Two cores are shared with the tests beside this one.
os.environ.setdefault("OMP_NUM_THREADS", "1")
cv2.setNumThreads(1)
# Started in the background, a shell's job ignores interrupts, and so would the programs that tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regold", action="store_true", help="write the kept report anew (reports/dome)")


class MakeClip(Protocol):
    """Writes a clip and gives its path."""

    def __call__(
        self,
        name: str = "clip.mp4",
        pictures: Iterable[NDArray[np.uint8]] | None = None,
        *,
        seed: int = 1,
        seconds: float = 2.0,
        rate: int = 12,
        size: tuple[int, int] = (192, 128),
        codec: str = "libx264",
        options: Mapping[str, str] | None = None,
        metadata: Mapping[str, str] | None = None,
        tone: float | None = None,
    ) -> Path:
        """See `make_clip`."""


class MakePicture(Protocol):
    """Writes a still and gives its path."""

    def __call__(
        self, name: str = "still.png", rgb: NDArray[np.uint8] | None = None, *, seed: int = 1
    ) -> Path:
        """See `make_picture`."""


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that no test may change, with what a desk's folder has.

    `one.mp4` and `again.mp4` (a part of it, smaller, encoded again), `other.mp4` (another view), `still.png`
    (a moment of one), `notes.txt` (no media), `broken.mp4` (the first bytes of one) and `.hidden.mp4`.
    """
    folder = tmp_path_factory.mktemp("small")
    shown = list(scene(1, 60))
    write_clip(folder / "one.mp4", shown, tone=440)
    smaller = [cv2.resize(picture, (144, 96), interpolation=cv2.INTER_AREA) for picture in shown[12:54]]
    write_clip(folder / "again.mp4", smaller, options={"preset": "ultrafast", "crf": "30"})
    write_clip(folder / "other.mp4", scene(2, 48))
    Image.fromarray(shown[30]).save(folder / "still.png")
    (folder / "notes.txt").write_text("no media")
    (folder / "broken.mp4").write_bytes((folder / "one.mp4").read_bytes()[:400])
    (folder / ".hidden.mp4").write_bytes(b"")
    return folder


@pytest.fixture
def make_clip(tmp_path: Path) -> MakeClip:
    """Writes a clip into the test's folder: given pictures, or `scene(seed)` of so many seconds."""

    def make(
        name: str = "clip.mp4",
        pictures: Iterable[NDArray[np.uint8]] | None = None,
        *,
        seed: int = 1,
        seconds: float = 2.0,
        rate: int = 12,
        size: tuple[int, int] = (192, 128),
        codec: str = "libx264",
        options: Mapping[str, str] | None = None,
        metadata: Mapping[str, str] | None = None,
        tone: float | None = None,
    ) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shown = pictures if pictures is not None else scene(seed, round(seconds * rate), size, rate)
        return write_clip(path, shown, rate=rate, codec=codec, options=options, metadata=metadata, tone=tone)

    return make


@pytest.fixture
def make_picture(tmp_path: Path) -> MakePicture:
    """Writes a still into the test's folder: given pixels, or the first picture of `scene(seed)`."""

    def make(name: str = "still.png", rgb: NDArray[np.uint8] | None = None, *, seed: int = 1) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = rgb if rgb is not None else next(scene(seed, 1))
        Image.fromarray(pixels).save(path)
        return path

    return make


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or fills the user's cache, or depends on which extras are installed."""
    monkeypatch.setenv("VERIFY_CACHE_DIR", str(tmp_path / "cache-of-the-test"))
    monkeypatch.setenv("VERIFY_SSCD_MODEL", "off")
    monkeypatch.setenv("VERIFY_OCR_MODELS", "off")
    monkeypatch.delenv("VERIFY_C2PA_TRUST", raising=False)
