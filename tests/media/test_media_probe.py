"""What a file is: stills, clips, sound, and what is none of them."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from media_clips import HEIGHT, WIDTH, Maker, number_in, numbered, tone
from PIL import Image

from verify.errors import (
    InputError,
    MissingFileError,
    NotMediaError,
    TooLargeError,
    UnreadableMediaError,
)
from verify.media import frames, pictures, probe, still
from verify.model import MediaKind, Role
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path


def arrow() -> Image.Image:
    """Bright at the top left."""
    picture = np.full((HEIGHT, WIDTH, 3), 40, np.uint8)
    picture[: HEIGHT // 2, : WIDTH // 2] = 230
    return Image.fromarray(picture)


def bright_corner(rgb: np.ndarray) -> tuple[int, int]:
    height, width = rgb.shape[:2]
    quarters = rgb.mean(axis=2).reshape(2, height // 2, 2, width // 2).mean(axis=(1, 3))
    row, column = np.unravel_index(quarters.argmax(), (2, 2))
    return int(row), int(column)


def test_facts_of_a_clip(make: Maker, counting: list[np.ndarray]) -> None:
    path = make.clip("clip.mp4", counting, sound=tone(2.0))
    media = probe(path, id="clip", role=Role.REFERENCE)
    data = path.read_bytes()
    assert (media.id, media.path, media.role, media.kind) == ("clip", path, Role.REFERENCE, MediaKind.VIDEO)
    assert (media.sha256, media.size_bytes) == (hashlib.sha256(data).hexdigest(), len(data))
    assert media.duration == 2
    assert media.video is not None
    assert media.audio is not None
    assert (media.video.codec, media.video.width, media.video.height) == ("h264", WIDTH, HEIGHT)
    assert (media.video.frames, media.video.frame_rate, media.video.rotation) == (50, 25, 0)
    assert (media.audio.codec, media.audio.sample_rate, media.audio.channels) == ("aac", 48000, 1)
    assert str(media.container["decoder"]).startswith("FFmpeg ")
    assert [entry["type"] for entry in media.container["streams"]] == ["video", "audio"]  # type: ignore[index, attr-defined]
    assert media.tags["container"]["major_brand"] == "isom"
    assert media.tags["stream 0 (video)"]["handler_name"] == "VideoHandler"


@pytest.mark.parametrize("rate", [Fraction(30000, 1001), Fraction(24000, 1001), Fraction(60)])
@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_rate_is_exact_in_spite_of_a_coarse_clock(rate: Fraction, container: str, make: Maker) -> None:
    path = make.clip(f"rate.{container}", [numbered(n) for n in range(90)], rate=rate)
    video = probe(path, id="rate").video
    assert video is not None
    assert video.frame_rate == rate
    assert not video.variable_frame_rate


def test_one_dropped_frame_makes_the_rate_variable(make: Maker) -> None:
    times = [Fraction(n, 25) for n in range(50) if n != 20]
    video = probe(make.clip("gap.mp4", [numbered(n) for n in range(49)], times=times), id="gap").video
    assert video is not None
    assert video.variable_frame_rate
    assert video.frames == 49


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["turned.jpg", "turned.png", "turned.webp", "turned.tif"])
def test_orientation_of_a_still_is_applied(orientation: int, name: str, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    arrow().save(tmp_path / name, exif=exif)
    media = probe(tmp_path / name, id="still")
    shown = still(tmp_path / name).rgb
    corners = {1: (0, 0), 2: (0, 1), 3: (1, 1), 4: (1, 0), 5: (0, 0), 6: (0, 1), 7: (1, 1), 8: (1, 0)}
    assert bright_corner(shown) == corners[orientation]
    assert media.kind is MediaKind.IMAGE
    assert media.video is not None
    assert (media.video.height, media.video.width) == shown.shape[:2]
    assert (media.video.width > media.video.height) == (orientation < 5)
    assert media.video.rotation == (0, 0, 180, 180, 270, 90, 90, 270)[orientation - 1]
    (frame,) = frames(tmp_path / name)
    assert (frame.time, frame.end, frame.luma.shape) == (0, 0, shown.shape[:2])
    assert [picture.time for picture in pictures(tmp_path / name, [Fraction(0), Fraction(9)], 50)] == [0, 0]


@pytest.mark.parametrize("name", ["a.heic", "a.avif", "a.bmp", "a.ppm", "a.jp2", "a.tga", "a.gif", "a.ico"])
def test_formats_of_stills(name: str, tmp_path: Path) -> None:
    arrow().resize((192, 192)).save(tmp_path / name)
    media = probe(tmp_path / name, id="still")
    assert media.kind is MediaKind.IMAGE
    assert media.duration is None
    assert str(media.container["decoder"]).startswith("Pillow ")
    assert bright_corner(still(tmp_path / name).rgb) == (0, 0)


def test_deep_grey_still_keeps_its_tones(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65535, 256 * 64).astype(np.uint16).reshape(64, 256)
    Image.fromarray(ramp).save(tmp_path / "deep.png")
    shown = still(tmp_path / "deep.png").rgb[:, :, 0]
    assert np.abs(shown.astype(int) - (ramp >> 8).astype(int)).max() <= 1


def animation(folder: Path, name: str, durations: list[int]) -> Path:
    pages = [Image.fromarray(numbered(n)) for n in range(len(durations))]
    path = folder / name
    options = {"lossless": True} if name.endswith("webp") else {}
    pages[0].save(path, save_all=True, append_images=pages[1:], duration=durations, loop=0, **options)
    return path


@pytest.mark.parametrize(
    ("name", "decoder"), [("a.gif", "FFmpeg"), ("a.png", "FFmpeg"), ("a.webp", "Pillow")]
)
def test_animations_have_exact_times(name: str, decoder: str, tmp_path: Path) -> None:
    path = animation(tmp_path, name, [100, 40, 200, 80, 500])
    media = probe(path, id="moving")
    assert media.kind is MediaKind.VIDEO
    assert media.video is not None
    assert str(media.container["decoder"]).startswith(decoder)
    starts = [Fraction(n, 100) for n in (0, 10, 14, 34, 42)]
    seen = [(number_in(frame.luma), frame.time) for frame in frames(path)]
    assert seen == list(enumerate(starts))
    assert media.duration == Fraction(92, 100)
    assert media.video.frames == 5
    assert media.video.variable_frame_rate
    asked = [Fraction(9, 100), Fraction(10, 100), Fraction(34, 100), Fraction(1, 100), Fraction(5)]
    assert [number_in(picture.rgb) for picture in pictures(path, asked, WIDTH)] == [0, 1, 3, 0, 4]


def test_cut_off_still_is_used_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = io.BytesIO()
    arrow().resize((640, 480)).save(whole, "JPEG", quality=95)
    path = tmp_path / "cut.jpg"
    path.write_bytes(whole.getvalue()[: len(whole.getvalue()) * 2 // 3])
    media = probe(path, id="cut")
    assert media.kind is MediaKind.IMAGE
    assert media.video is not None
    assert media.video.corrupt_packets == 1
    assert "damaged" in media.notes[0]
    assert bright_corner(still(path).rgb) == (0, 0)


def test_too_many_pixels_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arrow().save(tmp_path / "big.png")
    small = replace(SETTINGS, media=replace(SETTINGS.media, max_pixels=1000))
    monkeypatch.setattr("verify.media.stills.SETTINGS", small)
    with pytest.raises(TooLargeError, match="192 x 112"):
        probe(tmp_path / "big.png", id="big")
    with pytest.raises(TooLargeError):
        next(frames(tmp_path / "big.png"))


def test_bomb_is_refused_at_the_default_limit(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(_png_header(30_000, 30_000))
    with pytest.raises(TooLargeError):
        probe(bomb, id="bomb")


def _png_header(width: int, height: int) -> bytes:
    import struct
    import zlib

    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + body
        + struct.pack(">I", zlib.crc32(body))
        + b"\0\0\0\x10IDAT"
        + b"\0" * 99
    )


def test_what_cannot_be_examined_says_why(tmp_path: Path) -> None:
    cases: dict[str, tuple[bytes, type[InputError]]] = {
        "notes.txt": (b"plain words\n" * 50, NotMediaError),
        "empty.txt": (b"", NotMediaError),
        "empty.mp4": (b"", UnreadableMediaError),
        "words.mp4": (b"plain words\n" * 50, UnreadableMediaError),
        "clip": (b"\0\0\0\x18ftypisom" + b"\0" * 60, UnreadableMediaError),
        "list.m3u8": (b"#EXTM3U\n#EXTINF:2,\n/etc/passwd\n#EXT-X-ENDLIST\n", NotMediaError),
        "list.ffconcat": (b"ffconcat version 1.0\nfile 'other.mp4'\n", NotMediaError),
    }
    for name, (data, kind) in cases.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(InputError) as caught:
            probe(tmp_path / name, id="x")
        assert type(caught.value) is kind, name
        assert name in caught.value.message
    with pytest.raises(MissingFileError):
        probe(tmp_path / "none.mp4", id="x")
    with pytest.raises(NotMediaError, match="folder"):
        probe(tmp_path, id="x")


@pytest.mark.parametrize("name", ["a%03d.mp4", "pipe:0.mp4", "-i.mp4", "nasty\n\u202e.mp4", "file:x.mp4"])
def test_names_that_mean_something_to_ffmpeg(name: str, make: Maker) -> None:
    made = make.clip("plain.mp4", [numbered(n) for n in range(3)])
    path = made.rename(make.folder / name)
    assert probe(path, id="odd").kind is MediaKind.VIDEO
    assert len(list(frames(path))) == 3


def test_name_that_is_not_utf8(make: Maker) -> None:
    import os

    made = make.clip("plain.mp4", [numbered(n) for n in range(3)])
    path = made.rename(make.folder / os.fsdecode(b"caf\xe9.mp4"))
    assert probe(path, id="odd").kind is MediaKind.VIDEO


def test_all_streams_are_listed_and_the_first_is_shown(make: Maker) -> None:
    import av

    one = make.clip("one.mkv", [numbered(1)] * 5, sound=tone(0.2))
    two = make.clip("two.mkv", [numbered(2, 320, 192)] * 5)
    path = make.folder / "both.mkv"
    with av.open(str(one)) as a, av.open(str(two)) as b, av.open(str(path), "w") as out:
        copies = [
            {stream.index: out.add_stream_from_template(stream) for stream in source.streams}
            for source in (a, b)
        ]
        for source, streams in zip((a, b), copies, strict=True):
            for packet in source.demux():
                if packet.size:
                    packet.stream = streams[packet.stream_index]
                    out.mux(packet)
    media = probe(path, id="both")
    assert [entry["type"] for entry in media.container["streams"]] == ["video", "audio", "video"]  # type: ignore[index, attr-defined]
    assert media.video is not None
    shown = next(frames(path))
    assert (media.video.height, media.video.width) == shown.luma.shape
