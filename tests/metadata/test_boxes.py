from __future__ import annotations

import random
import struct
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from box_bytes import QUARTER, box, data, ftyp, full, hdlr, keyed, long_box, mvhd, text, tkhd, u32

from verify.metadata.containers.boxes import boxes, layout
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import MakeClip

    from verify.metadata.containers.boxes import Node


def walked(folder: Path, *parts: bytes) -> Node:
    path = folder / "a.mp4"
    path.write_bytes(b"".join(parts))
    root = boxes(path)
    assert root is not None
    return root


def every_note(root: Node) -> list[str]:
    return [note for node in root.under() for note in node.notes]


def test_a_written_clip_is_walked_whole(make_clip: MakeClip) -> None:
    path = make_clip(tone=440)
    root = boxes(path)
    assert root is not None
    assert every_note(root) == []
    assert sum(node.size for node in root.children) == root.size == path.stat().st_size
    entry = root.first("moov", "trak", "mdia", "minf", "stbl", "stsd", "avc1")
    assert entry is not None
    assert (entry.fields["width"], entry.fields["height"]) == (192, 128)
    handlers = {node.fields["handler"] for node in root.all("moov", "trak", "mdia", "hdlr")}
    assert handlers == {"vide", "soun"}
    steps = [node.fields["samples"] for node in root.named("stts")]
    assert 24 in steps
    assert next(root.named("esds")).fields["object_type"] == 0x40
    assert root.first("moov", "udta", "meta", "ilst", "©too", "data") is not None


def test_children_lie_in_their_parent_one_after_the_other(make_clip: MakeClip) -> None:
    root = boxes(make_clip(tone=440, options={"movflags": "frag_keyframe"}))
    assert root is not None
    for node in root.under():
        at = node.offset + node.header
        for child in node.children:
            assert child.offset >= at
            at = child.offset + child.size
        assert at <= node.offset + node.size


def test_sizes_of_64_bits_and_to_the_end(tmp_path: Path) -> None:
    endless = u32(0) + b"mdat" + b"picture" * 9
    root = walked(tmp_path, ftyp(), long_box("mdat", bytes(8) + b"x" * 40), box("moov", mvhd()), endless)
    assert [(node.type, node.header) for node in root.children] == [
        ("ftyp", 8), ("mdat", 16), ("moov", 8), ("mdat", 8),
    ]  # fmt: skip
    assert root.children[-1].size == len(endless)
    assert every_note(root) == []
    seen = layout(tmp_path / "a.mp4")
    assert seen is not None
    assert seen.long_data_header
    assert seen.zeros_after_header
    assert (seen.brand, seen.minor, seen.compatible) == ("isom", 512, ("isom",))


@pytest.mark.parametrize("version", [0, 1])
def test_clocks_of_both_versions(tmp_path: Path, version: int) -> None:
    root = walked(tmp_path, ftyp(), box("moov", mvhd(3_766_000_000, version)))
    clock = next(root.named("mvhd"))
    assert clock.fields["created"] == "2023-05-03T23:06:40"
    assert (clock.fields["timescale"], clock.fields["duration"], clock.fields["next_track"]) == (
        1000,
        2000,
        2,
    )


def test_a_turned_track(tmp_path: Path) -> None:
    head = next(walked(tmp_path, ftyp(), box("moov", box("trak", tkhd(QUARTER)))).named("tkhd"))
    assert (head.fields["rotation"], head.fields["width"], head.fields["height"]) == (90, 640, 360)


def test_a_meta_box_with_and_without_version(tmp_path: Path) -> None:
    plain = keyed({"com.apple.quicktime.make": "Maker"})
    versioned = full("meta", hdlr(b"mdir"), box("ilst", box("©too", data(1, b"Lavf"))))
    root = walked(tmp_path, ftyp(b"qt  "), box("moov", plain, box("udta", versioned)))
    assert [node.fields["value"] for node in root.named("data")] == ["Maker", "Lavf"]
    assert next(root.named("keys")).fields["names"] == ["com.apple.quicktime.make"]
    assert every_note(root) == []


def test_texts_of_user_data(tmp_path: Path) -> None:
    place = full(
        "loci",
        b"\x15\xc7",
        b"Square\0",
        b"\0",
        struct.pack(">iii", 2465464, 3653796, 9830400),
        b"earth\0",
        b"\0",
    )
    listed = walked(
        tmp_path,
        ftyp(),
        box(
            "moov", box("udta", text("©xyz", "+55.7525+037.6175/"), box("FIRM", b"HD7.01\0"), place, bytes(4))
        ),
        box("udta", box("©mod", b"\xff\xffbare text")),
    )
    assert next(listed.named("©xyz")).fields["texts"] == [{"language": "eng", "text": "+55.7525+037.6175/"}]
    assert next(listed.named("FIRM")).fields["text"] == "HD7.01"
    found = next(listed.named("loci")).fields
    assert (found["name"], found["body"]) == ("Square", "earth")
    assert found["latitude"] == pytest.approx(55.7525, abs=1e-4)
    assert found["longitude"] == pytest.approx(37.62, abs=1e-4)
    assert next(listed.named("©mod")).notes == ("the text has no length and no language before it",)


def test_what_contradicts_the_format_is_noted_and_not_fatal(tmp_path: Path) -> None:
    torn = walked(tmp_path, ftyp(), box("moov", mvhd())[:60])
    assert "declares" in next(torn.named("moov")).notes[0]
    assert "ends before its fields do" in next(torn.named("mvhd")).notes[1]
    larger = walked(tmp_path, ftyp(), box("moov", u32(999) + b"udta"), box("mdat"))
    assert "its parent has 8 left" in next(larger.named("udta")).notes[0]
    assert [node.type for node in larger.children] == ["ftyp", "moov", "mdat"]
    trailing = walked(tmp_path, ftyp(), box("mdat", b"x"), b"tail")
    assert trailing.notes == ("4 bytes after the last box, at byte 29",)
    tiny = walked(tmp_path, ftyp(), u32(3) + b"moov" + bytes(20))
    assert "declares 3 bytes" in tiny.notes[0]
    short = walked(tmp_path, ftyp(), box("moov", full("stts", u32(1000, 5, 40))))
    assert next(short.named("stts")).notes == ("it declares 1000 entries and has room for 1",)
    assert next(short.named("stts")).fields["samples"] == 5


def test_depth_and_number_are_bounded(tmp_path: Path) -> None:
    nested = b""
    for _ in range(3000):
        nested = box("moov", nested)
    root = walked(tmp_path, ftyp(), nested)
    assert len(list(root.under())) <= SETTINGS.structure.depth + 3
    assert "what is inside it was not read" in every_note(root)
    (tmp_path / "a.mp4").write_bytes(ftyp() + box("free") * 500)
    few = boxes(tmp_path / "a.mp4", replace(SETTINGS.structure, boxes=100))
    assert few is not None
    assert len(few.children) == 100
    assert "only the first 100 boxes" in few.notes[0]


def test_the_data_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.mp4"
    with path.open("wb") as file:
        file.write(ftyp() + u32(1) + b"mdat" + struct.pack(">Q", (1 << 33) + 16))
        file.seek(1 << 33, 1)
        file.write(box("moov", mvhd()))
    started = time.perf_counter()
    root = boxes(path)
    assert time.perf_counter() - started < 1
    assert root is not None
    assert [node.type for node in root.children] == ["ftyp", "mdat", "moov"]


def test_another_format_has_no_boxes(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    assert boxes(path) is None
    assert boxes(tmp_path / "none.mp4") is None
    path.write_bytes(b"")
    assert boxes(path) is None


def test_no_flipped_byte_and_no_cut_ends_the_walk(make_clip: MakeClip, tmp_path: Path) -> None:
    whole = make_clip(tone=440).read_bytes()
    whole = whole[:32] + whole[whole.index(b"moov") - 4 :]
    rng = random.Random(5)
    path = tmp_path / "broken.mp4"
    for _ in range(150):
        raw = bytearray(whole[: rng.randrange(40, len(whole))])
        for _ in range(rng.randrange(1, 20)):
            raw[rng.randrange(8, len(raw))] = rng.choice((0, 1, 255, rng.randrange(256)))
        path.write_bytes(raw)
        root = boxes(path)
        assert root is not None
        assert sum(node.size for node in root.children) <= root.size


def test_fields_that_take_no_bytes_cost_no_time(tmp_path: Path) -> None:
    # Offsets and lengths of no bytes: every entry declares 65,535 extents in six bytes.
    place = full("iloc", b"\0\0", struct.pack(">H", 4000), struct.pack(">HHH", 1, 1, 65535) * 4000)
    started = time.perf_counter()
    root = walked(tmp_path, ftyp(b"heic"), full("meta", hdlr(b"pict"), place * 40))
    assert time.perf_counter() - started < 5
    assert any("more fields than are read" in note for note in every_note(root))
