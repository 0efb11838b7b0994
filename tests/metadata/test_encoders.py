from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from made_clips import scene

from verify.media import probe
from verify.media.headers import Headers
from verify.metadata.bitstream import hevc
from verify.metadata.bitstream.bits import Bits
from verify.metadata.bitstream.encoders import changes, encodings, parameter_set, program
from verify.metadata.cursor import ShortError

if TYPE_CHECKING:
    from conftest import MakeClip

X264 = bytes.fromhex("dc45e9bde6d948b7962cd820d923eeef")


def told(path: Path) -> dict[str, object]:
    """What the first stream with an encoder tells."""
    found = encodings(probe(path, id="a"))
    return found[0]


def sets(path: Path, kind: str = "sequence") -> list[dict[str, object]]:
    found = told(path)["parameter_sets"]
    assert isinstance(found, list)
    return [each for each in found if each["set"] == kind]


def test_numbers_of_variable_length() -> None:
    bits = Bits(bytes([0b10100110, 0b01000010, 0b10000000]))
    assert [bits.ue() for _ in range(4)] == [0, 1, 2, 3]
    assert bits.ue() == 4
    with pytest.raises(ShortError):
        bits.u(20)
    signed = Bits(bytes([0b10100110, 0b01000010, 0b10000000]))
    assert [signed.se() for _ in range(5)] == [0, 1, -1, 2, -2]
    with pytest.raises(ShortError):
        Bits(bytes(9)).ue()


def test_numbers_of_variable_length_come_back_as_written() -> None:
    rng = random.Random(3)
    numbers = [rng.randrange(1 << rng.randrange(1, 31)) for _ in range(300)]
    digits = "".join("0" * ((n + 1).bit_length() - 1) + f"{n + 1:b}" for n in numbers)
    digits += "1" * (-len(digits) % 8)
    # Emulation prevention goes in as an encoder puts it in.
    raw = int(digits, 2).to_bytes(len(digits) // 8)
    safe = bytearray()
    for byte in raw:
        if safe[-2:] == b"\0\0" and byte <= 3:
            safe.append(3)
        safe.append(byte)
    bits = Bits(bytes(safe))
    assert [bits.ue() for _ in numbers] == numbers


def test_settings_and_parameter_sets_of_h264(make_clip: MakeClip) -> None:
    options = {"preset": "medium", "crf": "31", "x264-params": "ref=5:bframes=2:keyint=10"}
    path = make_clip(seconds=1.0, options={**options, "profile": "high", "level": "3.1"})
    (encoder,) = told(path)["encoders"]  # type: ignore[misc]
    assert (encoder["program"], encoder["packet"]) == ("x264", 0)
    assert encoder["settings"].items() >= {"ref": "5", "bframes": "2", "keyint": "10", "crf": "31.0"}.items()
    (sequence,) = sets(path)
    assert sequence["packet"] is None
    assert (sequence["profile"], sequence["level"]) == ("High", 3.1)
    assert (sequence["coded_size"], sequence["interlaced"]) == ([192, 128], False)
    assert (sequence["reference_frames"], sequence["reordered_frames"]) == (5, 2)
    assert sequence["time_scale"] == 2 * 12 * sequence["time_unit"]  # type: ignore[operator]
    (picture,) = sets(path, "picture")
    assert picture["entropy_coding"] == "CABAC"
    assert told(path)["changes_at_packets"] == []


def test_settings_and_parameter_sets_of_hevc(make_clip: MakeClip) -> None:
    params = (
        "ref=2:bframes=0:colorprim=bt709:transfer=bt709:colormatrix=bt709:log-level=none:scaling-list=default"
    )
    path = make_clip(seconds=0.5, codec="libx265", options={"preset": "ultrafast", "x265-params": params})
    (encoder,) = told(path)["encoders"]  # type: ignore[misc]
    assert encoder["program"] == "x265"
    assert encoder["settings"]["ref"] == "2"
    assert encoder["settings"]["annexb"] in {True, False}
    (sequence,) = sets(path)
    assert (sequence["profile"], sequence["coded_size"], sequence["bit_depth"]) == ("Main", [192, 128], 8)
    assert sequence["colour"] == [1, 1, 1]
    assert sequence["time_scale"] == 12 * sequence["time_unit"]  # type: ignore[operator]
    (video,) = sets(path, "video")
    assert video["profile"] == "Main"


def test_a_join_without_encoding_shows_where_the_parameter_sets_change(
    make_clip: MakeClip, tmp_path: Path
) -> None:
    first = make_clip("a.ts", scene(1, 12), options={"preset": "ultrafast"})
    second = make_clip("b.ts", scene(2, 12, (320, 192)), options={"preset": "medium", "x264-params": "ref=4"})
    joined = tmp_path / "joined.ts"
    joined.write_bytes(first.read_bytes() + second.read_bytes())
    found = told(joined)
    assert found["changes_at_packets"] == [12]
    assert [encoder["packet"] for encoder in found["encoders"]] == [0, 12]  # type: ignore[attr-defined]
    assert told(first)["changes_at_packets"] == []


def test_sound_encoders_leave_their_name(make_clip: MakeClip) -> None:
    found = encodings(probe(make_clip(tone=440), id="a"))
    names = [encoder.get("text", "") for stream in found for encoder in stream.get("encoders", [])]  # type: ignore[attr-defined]
    assert any(str(name).startswith("Lavc") for name in names)


def test_strings_that_are_no_ones_stay_as_they_are() -> None:
    assert program("XviD0063") == {"text": "XviD0063"}
    old = program("x264 - core 79 - H.264/MPEG-4 AVC codec - Copyleft 2003-2009")
    assert (old["program"], old["build"], "release" in old) == ("x264", 79, False)
    assert "settings" not in old


def test_headers_are_bounded() -> None:
    headers = Headers("h264", b"")
    for number in range(500):
        headers.unit(7, bytes([103]) + number.to_bytes(2))
        headers.unit(6, b"\6\5" + X264 + str(number).encode())
        headers.packet(b"")
    headers.unit(7, bytes(5000))
    facts = headers.facts()
    assert len(facts["parameter_sets"]) == len(facts["encoder_texts"]) == 32  # type: ignore[arg-type]


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_no_bytes_make_a_parameter_set_fail(codec: str) -> None:
    rng = random.Random(7)
    for _ in range(3000):
        first = rng.choice((0x67, 0x68)) if codec == "h264" else rng.choice((64, 66, 68))
        unit = bytes([first]) + rng.randbytes(rng.randrange(60))
        assert "set" in parameter_set(codec, unit)
    assert "set" in parameter_set(codec, b"")
    for _ in range(300):
        Headers(codec, rng.choice((b"\1", b"\0\0\1")) + rng.randbytes(rng.randrange(80)))


def test_a_set_that_comes_again_is_no_change() -> None:
    one, other = {"set": "sequence", "id": 0, "packet": None}, {"set": "sequence", "id": 1, "packet": 4}
    assert changes([one, other]) == []
    assert changes([one, {**one, "packet": 9}]) == [9]


def test_a_set_of_reference_pictures_may_be_told_from_the_one_before() -> None:
    # Two pictures before, each with its distance and whether it is used; then a set predicted from that one:
    # its sign and distance, and of three candidates one used, one kept and one dropped; then the number 5.
    digits = "011" + "1" + ("1" + "1") * 2 + "1" + "0" + "1" + "1" + "01" + "00" + "00110"
    bits = Bits(int(digits.ljust(24, "0"), 2).to_bytes(3))
    first = hevc._reference_set(bits, 0, [])
    second = hevc._reference_set(bits, 1, [first])
    assert (first, second, bits.ue()) == (2, 2, 5)
