"""Footage with known truth: a moving camera over a drawn place, a fixed one, and what is made of them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np

from verify.copies import Subject
from verify.fingerprint import TrackBuilder
from verify.media import frames, probe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

WIDTH, HEIGHT, RATE = 320, 240, 25
SECONDS = 6

Pictures = list["NDArray[np.uint8]"]


def place(seed: int, width: int = 640, height: int = 480) -> NDArray[np.float32]:
    """(height, width) grey levels of a place: texture at every scale, and things with edges."""
    random = np.random.default_rng(seed)
    view = np.full((height, width), 115, np.float32)
    for cells in (5, 12, 30, 80):
        noise = random.normal(0, 1, (cells, cells)).astype(np.float32)
        view += 20 * cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(110):
        x, y = int(random.integers(0, width)), int(random.integers(0, height))
        w, h = (int(value) for value in random.integers(8, 50, 2))
        cv2.rectangle(view, (x, y), (x + w, y + h), float(random.integers(20, 236)), 2)
    return np.clip(view, 16, 235)


def path(seed: int, count: int, reach: float, slow: int) -> NDArray[np.float64]:
    """(count, 2) positions, -reach to reach, that wander smoothly, over `slow` pictures, and never repeat."""
    random = np.random.default_rng(seed)
    noise = random.normal(0, 1, (2, count + slow - 1))
    walk = np.stack([np.convolve(each, np.hanning(slow), "valid") for each in noise], axis=1)
    return np.asarray(walk * reach / np.abs(walk).max(axis=0))


def filmed(seed: int, take: int, count: int = SECONDS * RATE, wander: float = 60.0) -> Pictures:
    """`count` pictures, (240, 320, 3) uint8, of place `seed`: two things move, and the camera wanders.

    Args:
        seed: the place.
        take: the recording; it decides how things and camera move, and the noise.
        count: pictures.
        wander: pixels that the camera strays to either side; 0 for one on a tripod.
    """
    wide, random = place(seed), np.random.default_rng(1000 + take)
    camera = path(2000 + take, count, wander, 75) if wander else np.zeros((count, 2))
    things = [path(3000 + 10 * take + each, count, 0.42, 31) for each in range(2)]
    shown = []
    for number in range(count):
        x, y = camera[number]
        move = np.array([[1, 0, -160 - x], [0, 1, -120 - y]])
        picture = cv2.warpAffine(wide, move, (WIDTH, HEIGHT))
        for thing, level, side in zip(things, (235.0, 25.0), (26, 34), strict=True):
            spot = (0.5 + thing[number]) * (WIDTH, HEIGHT)
            cv2.circle(picture, (int(spot[0]), int(spot[1])), side, level, -1)
        grey = np.clip(picture + random.normal(0, 1.5, picture.shape), 0, 255).astype(np.uint8)
        shown.append(np.repeat(grey[..., None], 3, axis=2))
    return shown


def encode(
    target: Path,
    pictures: Iterable[NDArray[np.uint8]],
    *,
    rate: int | Fraction = RATE,
    crf: int = 23,
    tone: bool = False,
) -> Path:
    """Encode pictures as H.264 at a constant rate, with a tone where asked for."""
    with av.open(str(target), "w") as container:
        shown = list(pictures)
        options: Mapping[str, str] = {"preset": "superfast", "crf": str(crf)}
        stream = container.add_stream("libx264", rate=rate, options=dict(options))
        stream.height, stream.width = shown[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        voice = container.add_stream("aac", rate=16000) if tone else None
        for picture in shown:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
        if voice is not None:
            wave = 0.3 * np.sin(np.arange(int(len(shown) * 16000 / rate)) * 0.17).astype(np.float32)
            for start in range(0, len(wave), 1024):
                block = av.AudioFrame.from_ndarray(
                    wave[None, start : start + 1024], format="fltp", layout="mono"
                )
                block.sample_rate, block.pts, block.time_base = 16000, start, Fraction(1, 16000)
                container.mux(voice.encode(block))
            container.mux(voice.encode())
    return target


def remuxed(source: Path, target: Path, *, sound: bool = True) -> Path:
    """The same encoded streams in another container, packet by packet."""
    with av.open(str(source)) as given, av.open(str(target), "w") as made:
        wanted = [stream for stream in given.streams if sound or stream.type == "video"]
        copies = {stream.index: made.add_stream_from_template(stream) for stream in wanted}
        for packet in given.demux(wanted):
            if packet.dts is not None:
                packet.stream = copies[packet.stream.index]
                made.mux(packet)
    return target


def subject(path: Path) -> Subject:
    """The file as the pipeline would hand it to `relate`."""
    builder = TrackBuilder()
    for frame in frames(path):
        builder.add(frame)
    return Subject(probe(path, id=path.stem), builder.finish())


@dataclass(frozen=True)
class Derived:
    """What was done to the source, in the order of doing."""

    start: float = 0.0  # seconds of the source
    stop: float = float(SECONDS)
    crop: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)  # fractions: left, top, right, bottom
    mirror: bool = False
    size: tuple[int, int] = (WIDTH, HEIGHT)  # pixels of the picture inside any bars
    bars: tuple[int, int] = (0, 0)  # pixels added at the left and right, at the top and bottom
    every: int = 1  # of the frames one is kept
    crf: int = 24

    @property
    def matrix(self) -> NDArray[np.float64]:
        """From the source's picture to this one's, (3, 3) in fractions."""
        left, top, right, bottom = self.crop
        cut = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]]) / [[right - left], [bottom - top], [1]]
        turn = np.array([[-1.0, 0, 1], [0, 1, 0], [0, 0, 1]]) if self.mirror else np.eye(3)
        (width, height), (aside, above) = self.size, self.bars
        wide, high = width / (width + 2 * aside), height / (height + 2 * above)
        frame = np.array([[wide, 0, (1 - wide) / 2], [0, high, (1 - high) / 2], [0, 0, 1]])
        return np.asarray(frame @ turn @ cut)

    def of(self, source: Sequence[NDArray[np.uint8]]) -> Iterator[NDArray[np.uint8]]:
        """The pictures."""
        left, top, right, bottom = self.crop
        aside, above = self.bars
        for picture in source[round(self.start * RATE) : round(self.stop * RATE) : self.every]:
            height, width = picture.shape[:2]
            rows = slice(round(top * height), round(bottom * height))
            shown = picture[rows, round(left * width) : round(right * width)]
            shown = cv2.resize(shown, self.size, interpolation=cv2.INTER_AREA)
            shown = shown[:, ::-1] if self.mirror else shown
            yield np.pad(shown, ((above, above), (aside, aside), (0, 0)), constant_values=16)

    def write(self, target: Path, source: Sequence[NDArray[np.uint8]]) -> Path:
        """Encode them."""
        return encode(target, self.of(source), rate=Fraction(RATE, self.every), crf=self.crf)
