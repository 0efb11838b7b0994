"""Payload digests: equal after a stream copy, different after a re-encode."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import pytest
from media_clips import Maker, tone

from verify.media import probe
from verify.media.payload import PayloadDigest

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

X264 = {"g": "12", "preset": "ultrafast", "x264-params": "bframes=2:aud=1"}
X265 = {"preset": "ultrafast", "x265-params": "log-level=none:keyint=12"}


def digests(path: Path) -> list[tuple[str, str]]:
    listed = probe(path, id="clip").container["payload_sha256"]
    assert isinstance(listed, list)
    return sorted((entry["type"], entry["sha256"]) for entry in listed)


@pytest.mark.parametrize(
    ("codec", "options", "sound_codec", "containers"),
    [
        ("libx264", X264, "aac", ["mkv", "mov", "ts", "flv"]),
        (
            "libx264",
            {**X264, "x264-params": "nal-hrd=cbr:vbv-maxrate=400:vbv-bufsize=400"},
            "aac",
            ["ts", "mkv"],
        ),
        ("libx265", X265, "aac", ["mkv", "mov", "ts"]),
        ("mpeg4", {"g": "12"}, "libmp3lame", ["avi", "mkv"]),
        ("libsvtav1", {"preset": "12", "svtav1-params": "keyint=12"}, "libopus", ["mkv", "webm"]),
        ("mpeg2video", {"g": "12"}, "mp2", ["ts", "mkv"]),
    ],
)
def test_digests_survive_another_container(
    codec: str,
    options: dict[str, str],
    sound_codec: str,
    containers: list[str],
    make: Maker,
    counting: list[np.ndarray],
) -> None:
    source = make.clip(
        "source.mp4", counting, codec=codec, options=options, sound=tone(2.0), sound_codec=sound_codec
    )
    expected = digests(source)
    assert [kind for kind, _ in expected] == ["audio", "video"]
    for container in containers:
        # AVI takes no times below zero.
        shift = Fraction(container == "avi")
        assert digests(make.remuxed(source, f"copy.{container}", shift=shift)) == expected, container
        # And back: what the container added must not stay.
        assert digests(make.remuxed(make.folder / f"copy.{container}", "back.mkv")) == expected, container


def test_digests_differ_after_a_re_encode(make: Maker, counting: list[np.ndarray]) -> None:
    first = make.clip("first.mp4", counting, options={"crf": "20"})
    second = make.clip("second.mp4", counting, options={"crf": "21"})
    again = make.clip("again.mp4", counting, options={"crf": "20"})
    assert digests(first) == digests(again)
    assert digests(first) != digests(second)


def test_one_changed_bit_of_picture_data_changes_the_digest() -> None:
    slice_unit = b"\x65" + bytes(range(1, 200))
    for wrapped in (b"\0\0\0\1" + slice_unit, b"\0\0\1\x09\xf0\0\0\0\1" + slice_unit + b"\0\0"):
        digest, other = PayloadDigest("h264", None), PayloadDigest("h264", None)
        digest.add(wrapped)
        other.add(wrapped.replace(b"\x10\x11", b"\x10\x13"))
        assert digest.hexdigest() != other.hexdigest()
        plain = PayloadDigest("h264", b"\x01\x64\x00\x1f\xff\xe1")
        plain.add(len(slice_unit).to_bytes(4, "big") + slice_unit)
        assert digest.hexdigest() == plain.hexdigest()


@pytest.mark.parametrize("codec", ["h264", "hevc", "aac", "av1", "mpeg4", "vp9"])
@pytest.mark.parametrize(
    "packet", [b"\xff" * 9, b"\0" * 40, bytes(range(256)), b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff"]
)
def test_nonsense_is_hashed_without_complaint(codec: str, packet: bytes) -> None:
    for extradata in (None, b"", b"\x01", b"\x01" * 40):
        digest = PayloadDigest(codec, extradata)
        digest.add(packet)
        assert digest.packets == 1
        assert len(digest.hexdigest()) == 64


def test_adts_headers_come_off(make: Maker) -> None:
    path = make.clip("sound.m4a", [], sound=tone(0.5))
    bare = digests(path)
    with av.open(str(path)) as source:
        raw = [bytes(packet) for packet in source.demux() if packet.size]
    digest = PayloadDigest("aac", None)
    for frame in raw:
        size = len(frame) + 7
        digest.add(
            bytes([0xFF, 0xF1, 0x4C, 0x40 | size >> 11, size >> 3 & 255, (size & 7) << 5 | 31, 0xFC]) + frame
        )
    assert bare == [("audio", digest.hexdigest())]
