from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from verify.metadata.boxes import Layout, layout
from verify.metadata.c2pa import state
from verify.metadata.writers import RULES, writer

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import MakeClip

ISOM = ("isom", "iso2", "avc1", "mp41")
TELEGRAM = Layout(("ftyp", "mdat", "moov"), "isom", 512, ISOM, long_data_header=True, zeros_after_header=True)
FFMPEG = Layout(("ftyp", "free", "mdat", "moov"), "isom", 512, ISOM)
APPLE = Layout(("ftyp", "wide", "mdat", "moov"), "qt", 0, ("qt",))


def handler(*names: str, **container: str) -> dict[str, dict[str, str]]:
    streams = {f"stream {index} (video)": {"handler_name": name} for index, name in enumerate(names)}
    return {"container": {name.replace("__", "."): text for name, text in container.items()}, **streams}


CASES = [
    ("Telegram for Android", TELEGRAM, handler("VideoHandle", "SoundHandle")),
    ("X (Twitter)", FFMPEG, handler("Twitter-vork muxer")),
    ("YouTube", FFMPEG, handler("ISO Media file produced by Google Inc.", encoder="Lavf58.45.100")),
    ("TikTok", FFMPEG, handler("VideoHandler", encoder="Lavf57.83.100", comment="vid:v0200f6f0000bfvl8ml")),
    ("GoPro camera", None, handler("\x0bGoPro AVC  ")),
    ("Apple camera", APPLE, handler("Core Media Video", com__apple__quicktime__make="Apple")),
    ("Adobe program", Layout(("ftyp", "moov", "uuid", "free", "mdat"), "mp42"), {}),
    ("Android camera", None, handler("VideoHandle", com__android__version="13")),
    ("HandBrake", None, handler(encoder="HandBrake 1.6.1")),
    ("ffmpeg", FFMPEG, handler("VideoHandler", encoder="Lavf58.45.100")),
]


@pytest.mark.parametrize(("name", "boxes", "tags"), CASES)
def test_each_rule_names_its_writer(name: str, boxes: Layout | None, tags: dict[str, dict[str, str]]) -> None:
    found = writer("clip.mp4", boxes, tags)
    assert found is not None
    assert found.name == name
    assert found.because[0].startswith("consistent with ")


def test_every_rule_has_a_case() -> None:
    assert {rule.writer for rule in RULES} == {name for name, _, _ in CASES} | {"WhatsApp"}


def test_whatsapps_file_names() -> None:
    found = writer("VID-20191006-WA0002.mp4", None, {})
    assert found is not None
    assert found.name == "WhatsApp"
    assert writer("VID-2019-WA2.mp4", None, {}) is None


def test_traces_of_two_writers_name_none() -> None:
    tags = handler("Twitter-vork muxer", "ISO Media file produced by Google Inc.")
    assert writer("clip.mp4", FFMPEG, tags) is None


def test_an_android_handler_alone_is_ambiguous() -> None:
    assert writer("clip.mp4", FFMPEG, handler("VideoHandle", "SoundHandle")) is None


def test_the_camera_is_not_named_where_ffmpeg_wrote_the_file_anew() -> None:
    found = writer("clip.mp4", FFMPEG, handler("Core Media Video", encoder="Lavf61.1.100"))
    assert found is not None
    assert found.name == "ffmpeg"


def test_the_outermost_boxes_of_a_real_clip(make_clip: MakeClip) -> None:
    found = layout(make_clip(seconds=0.5))
    assert found is not None
    assert found.order == ("ftyp", "free", "mdat", "moov")
    assert (found.brand, found.minor, found.compatible) == ("isom", 512, ("isom", "iso2", "avc1", "mp41"))
    assert not found.long_data_header


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def test_long_and_open_ended_boxes(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    long = struct.pack(">I", 1) + b"mdat" + struct.pack(">Q", 16 + 40) + bytes(40)
    path.write_bytes(
        box(b"ftyp", b"isom\0\0\2\0isomiso2") + long + struct.pack(">I", 0) + b"moov" + b"x" * 30
    )
    found = layout(path)
    assert found == Layout(("ftyp", "mdat", "moov"), "isom", 512, ("isom", "iso2"), True, True)


@pytest.mark.parametrize(
    "data",
    [b"", b"abc", b"\x89PNG\r\n\x1a\n" + bytes(40), b"\0\0\0\4ftyp" + bytes(9), b"\0\0\0\1ftyp" + bytes(8)],
)
def test_what_is_no_such_file_has_no_layout(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(data)
    assert layout(path) is None


def test_a_size_beyond_the_end_ends_the_walk(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(box(b"ftyp", b"isom\0\0\2\0") + b"\xff\xff\xff\xffmdat123")
    found = layout(path)
    assert found is not None
    assert found.order == ("ftyp", "mdat")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"nothing", "none"),
        (b"", "none"),
        (b"x" * ((1 << 20) - 2) + b"c2pa" + b"y" * 9, "not_read"),
        (b"<x dcterms:provenance='https://example.org/a'/>", "not_read"),
    ],
)
def test_only_certain_absence_of_a_manifest_is_stated(tmp_path: Path, data: bytes, expected: str) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(data)
    assert state(path) == expected


def test_a_missing_file_is_not_said_to_lack_one(tmp_path: Path) -> None:
    assert state(tmp_path / "gone.jpg") == "not_read"
