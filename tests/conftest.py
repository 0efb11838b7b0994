"""What every room's tests share: clips made on the spot, with known truth, small and quick.

`make_clip` writes a clip with PyAV into the test's folder, `make_picture` a still; `scene` gives the pictures
of a textured view with something moving in it, told apart by its seed.
"""

from __future__ import annotations

import os
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

import av
import cv2
import numpy as np
import pytest
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

# Two cores are shared with the tests beside this one.
os.environ.setdefault("OMP_NUM_THREADS", "1")
cv2.setNumThreads(1)


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


def scene(
    seed: int, count: int = 24, size: tuple[int, int] = (192, 128), rate: int = 12
) -> Iterator[NDArray[np.uint8]]:
    """`count` pictures (height, width, 3) uint8 RGB of a view made from `seed`, with two things moving in it.

    The view is textured at every scale, so that local features find it; the movement is not periodic, so that
    a moment of it is told from every other.
    """
    width, height = size
    random = np.random.default_rng(seed)
    view = np.zeros((height, width, 3), np.float32)
    for cells in (4, 9, 20, 48):
        noise = random.normal(0, 1, (cells, cells, 3)).astype(np.float32)
        view += cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC) * 26
    view += 110
    for _ in range(24):
        x, y = int(random.integers(0, width)), int(random.integers(0, height))
        w, h = (int(value) for value in random.integers(6, 34, 2))
        colour = tuple(float(value) for value in random.integers(0, 256, 3))
        cv2.rectangle(view, (x, y), (x + w, y + h), colour, -1 if random.random() < 0.6 else 2)
    paths = random.uniform(0, 2 * np.pi, (2, 2)), random.uniform(0.5, 1.7, (2, 2))
    for index in range(count):
        time = index / rate
        picture = view.copy()
        for mover in range(2):
            swing = np.sin(paths[0][mover] + time * paths[1][mover] * np.array([1.0, 1.37]))
            centre = int(width * (0.5 + 0.4 * swing[0])), int(height * (0.5 + 0.4 * swing[1]))
            cv2.circle(picture, centre, max(6, height // 9), (250.0, 40.0 + 160 * mover, 30.0), -1)
        picture += random.normal(0, 1.5, picture.shape)
        yield np.clip(picture, 0, 255).astype(np.uint8)


def write_clip(
    path: Path,
    pictures: Iterable[NDArray[np.uint8]],
    *,
    rate: int = 12,
    codec: str = "libx264",
    options: Mapping[str, str] | None = None,
    metadata: Mapping[str, str] | None = None,
    tone: float | None = None,
) -> Path:
    """Encode RGB pictures at a constant rate; `tone` adds a sine of that many hertz as AAC."""
    with av.open(str(path), "w") as container:
        container.metadata.update(metadata or {})
        stream = None
        sound = container.add_stream("aac", rate=16000) if tone else None
        count = 0
        for index, picture in enumerate(pictures):
            if stream is None:
                stream = container.add_stream(
                    codec, rate=rate, options=dict(options or {"preset": "ultrafast"})
                )
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt = "yuv420p"
                stream.codec_context.thread_count = 1
                stream.codec_context.time_base = Fraction(1, rate)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, rate)
            container.mux(stream.encode(frame))
            count = index + 1
        assert stream is not None, "a clip needs a picture"
        container.mux(stream.encode())
        if sound is not None and tone:
            _add_tone(container, sound, tone, count / rate)
    return path


def _add_tone(
    container: av.container.OutputContainer, sound: av.AudioStream, tone: float, seconds: float
) -> None:
    rate, block = 16000, 1024
    for start in range(0, int(seconds * rate), block):
        wave = 0.3 * np.sin(2 * np.pi * tone * np.arange(start, start + block) / rate)
        frame = av.AudioFrame.from_ndarray(wave.astype(np.float32)[None], format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
        container.mux(sound.encode(frame))
    container.mux(sound.encode())


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
    """No test reads or fills the user's cache."""
    monkeypatch.setenv("VERIFY_CACHE_DIR", str(tmp_path / "cache-of-the-test"))
