from __future__ import annotations

import re
import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from verify.metadata.containers.boxes import Layout, layout
from verify.metadata.manifests.c2pa import state
from verify.metadata.origin.traces import Traces
from verify.metadata.origin.writers import Maker, makers, rules, table, writer, writers
from verify.metadata.picture.exif_block import ExifBlock, Jpeg

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import MakeClip

ISOM = ("isom", "iso2", "avc1", "mp41")
TELEGRAM = Layout(("ftyp", "mdat", "moov"), "isom", 512, ISOM, zeros_after_header=True)
FFMPEG = Layout(("ftyp", "free", "mdat", "moov"), "isom", 512, ISOM)
APPLE = Layout(("ftyp", "wide", "mdat", "moov"), "qt", 0, ("qt",))
CAMERA = Layout(("ftyp", "mdat", "moov"), "mp42", 0, ("isom", "mp42"))
GOPRO = Layout(("ftyp", "mdat", "moov"), "mp41", 0, ("mp41",))
ADOBE = Layout(("ftyp", "moov", "uuid", "free", "mdat"), "mp42")
IPHONE = {"com.apple.quicktime.make": "Apple"}
LAVF = {"encoder": "Lavf58.45.100"}


def file(
    layout: Layout | None = None,
    *handlers: str,
    tags: dict[str, str] | None = None,
    exif: dict[str, str] | None = None,
    **more: Any,
) -> Traces:
    named = tuple((tags or {}).items())
    return Traces("clip.mp4", named, tuple((exif or {}).items()), layout, handlers, **more)


def picture(make: str, *segments: str, size: tuple[int, int] = (640, 480), **exif: str) -> Traces:
    said = {"image make": make} | {name.replace("_", " "): text for name, text in exif.items()}
    jpeg = Jpeg(("APP1 Exif", *segments), size, ExifBlock(repacked=False, left=0))
    return Traces("a.jpg", exif=tuple(said.items()), jpeg=jpeg)


def atoms(*types: str) -> dict[str, Any]:
    return {"user_data": frozenset(types), "boxes": frozenset(types)}


SONY = frozenset({"uuid 50524f4621d24fcebb88695cfac9c740", "uuid 55534d5421d24fcebb88695cfac9c740"})
CASES = [
    ("Apple camera or recorder", file(APPLE, "Core Media Video", tags=IPHONE, timescale=600)),
    ("Samsung phone", file(CAMERA, "VideoHandle", timescale=1000, **atoms("smta"))),
    ("Android camera", file(CAMERA, "VideoHandle", tags={"com.android.version": "13"}, timescale=1000)),
    ("GoPro camera", file(GOPRO, "GoPro AVC", timescale=90000, **atoms("FIRM", "MUID"))),
    ("DJI camera", file(CAMERA, "DJI.AVC")),
    ("Sony camera", file(CAMERA, boxes=SONY)),
    ("Canon camera", file(CAMERA, **atoms("CNTH"))),
    ("Nikon camera", file(CAMERA, **atoms("NCDT"))),
    ("Panasonic camera", file(CAMERA, **atoms("PANA"))),
    ("Pentax camera", file(CAMERA, **atoms("PENT"))),
    ("Fujifilm camera", file(CAMERA, **atoms("MVTG"))),
    ("Casio camera", file(CAMERA, **atoms("QVMI"))),
    ("Ricoh camera", file(CAMERA, **atoms("RTHU"))),
    (
        "Xiaomi phone",
        file(CAMERA, "VideoHandle", tags={"com.xiaomi.hdr10": "1", "com.android.version": "13"}),
    ),
    ("Telegram for Android", file(TELEGRAM, "VideoHandle", "SoundHandle")),
    ("X (Twitter)", file(FFMPEG, "Twitter-vork muxer", tags=LAVF)),
    ("YouTube", file(FFMPEG, "ISO Media file produced by Google Inc.", tags=LAVF)),
    ("TikTok", file(FFMPEG, "VideoHandler", tags=LAVF | {"comment": "vid:v0200f6f0000bfvl8ml"})),
    ("WhatsApp", Traces("VID-20191006-WA0002.mp4")),
    ("Facebook or Instagram", picture("", "APP13 Photoshop 3.0 FBMD")),
    ("Adobe program", file(ADOBE)),
    ("Apple software", file(Layout(("ftyp", "moov", "mdat"), "mp42"), "Core Media Video")),
    ("HandBrake", file(FFMPEG, tags={"encoder": "HandBrake 1.6.1"})),
    ("GPAC", file(FFMPEG, "GPAC ISO Video Handler")),
    ("Bento4", file(FFMPEG, "Bento4 Video Handler")),
    ("L-SMASH", file(FFMPEG, "L-SMASH Video Handler")),
    ("ffmpeg", file(FFMPEG, "VideoHandler", tags=LAVF)),
    ("Adobe Photoshop", picture("Canon", image_software="Adobe Photoshop 7.0")),
    ("Adobe Lightroom", picture("Canon", image_software="Lightroom 4.1")),
    ("GIMP", picture("Canon", image_software="GIMP 2.10.32")),
    ("another picture program", picture("NIKON", image_software="Picasa 3.0")),
]


@pytest.mark.parametrize(("name", "seen"), CASES, ids=[name for name, _ in CASES])
def test_each_rule_names_its_writer(name: str, seen: Traces) -> None:
    found = writer(seen)
    assert found is not None
    assert found.name == name
    assert found.because[0].startswith(f"consistent with {name}: ")
    assert found.source
    assert found.forged


def test_every_rule_of_the_table_has_a_case() -> None:
    makers_of_pictures = {f"{maker.name} camera" for maker in makers()}
    assert {rule.name for rule in rules()} - makers_of_pictures <= {name for name, _ in CASES}


@pytest.mark.parametrize("maker", makers(), ids=lambda maker: maker.name)
def test_each_maker_is_named_by_a_picture_as_its_cameras_write_it(maker: Maker) -> None:
    make = maker.name.split(" or ")[0]
    found = writer(picture(make, exif_exifimagewidth="640", exif_exifimagelength="480"))
    assert found is not None
    assert found.name == f"{maker.name} camera"


def test_names_are_unique_and_what_a_rule_explains_is_there() -> None:
    names = [rule.name for rule in rules()]
    assert {name for rule in rules() for name in rule.over} <= set(names)
    assert len([name for name in names if not name.endswith(" camera")]) == len(
        {name for name in names if not name.endswith(" camera")}
    )


BROKEN = [
    ("kind", 'kind = "witness"'),
    ("evidence", 'evidence = "felt"'),
    ("marks", "marks = []"),
    ("source", 'source = ""'),
    ("marks", "marks = [{}]"),
    ("marks", 'marks = [{ smell = "x" }]'),
    ("marks", 'marks = [{ any = [{ words = "asks nothing" }] }]'),
    ("shape", 'shape = [{ brand = "qt" }]'),
    ("colour", 'colour = "red"'),
]
GOOD = {
    "name": 'name = "A"',
    "kind": 'kind = "program"',
    "marks": 'marks = [{ brand = "qt" }]',
    "because": 'because = "b"',
    "source": 'source = "s"',
    "evidence": 'evidence = "source"',
    "forged": 'forged = "f"',
}


def written(rows: dict[str, str]) -> str:
    lines = "\n".join(rows.values())
    return f"[[writer]]\n{lines}\n[[picture]]\nname = 'P'\nmake = 'P'\n"


def test_a_table_of_the_form_is_read() -> None:
    assert [rule.name for rule in table(written(GOOD))] == ["A", "P camera"]


@pytest.mark.parametrize(("key", "line"), BROKEN, ids=[line for _, line in BROKEN])
def test_a_table_that_is_not_of_the_form_is_refused(key: str, line: str) -> None:
    with pytest.raises(ValueError, match=r"A|condition"):
        table(written(GOOD | {key: line}))


def test_a_pattern_that_is_none_is_refused() -> None:
    with pytest.raises(re.error):
        table(written(GOOD | {"marks": 'marks = [{ handler = "(" }]'}))


def test_whatsapps_file_names_alone_name_it() -> None:
    assert writer(Traces("VID-2019-WA2.mp4")) is None


def test_traces_of_two_writers_name_none_and_list_both() -> None:
    seen = file(FFMPEG, "Twitter-vork muxer", "ISO Media file produced by Google Inc.")
    assert writer(seen) is None
    assert {each.name for each in writers(seen)} == {"X (Twitter)", "YouTube"}


def test_an_android_handler_alone_is_ambiguous() -> None:
    assert writers(file(FFMPEG, "VideoHandle", "SoundHandle")) == ()


def test_the_camera_is_not_named_where_ffmpeg_wrote_the_file_anew() -> None:
    found = writer(file(FFMPEG, "Core Media Video", tags=LAVF))
    assert found is not None
    assert found.name == "ffmpeg"


@pytest.mark.parametrize(
    "changed",
    [
        {"layout": Layout(("ftyp", "moov", "mdat"), "qt", 0, ("qt",))},
        {"timescale": 1000},
        {"user_data": frozenset({"XMP_"})},
        {"tags": (("com.apple.quicktime.make", "Other"),)},
    ],
)
def test_a_camera_is_not_named_where_its_structure_is_not_there(changed: dict[str, Any]) -> None:
    seen = file(APPLE, "Core Media Video", tags=IPHONE, timescale=600)
    found = writer(seen)
    assert found is not None
    assert found.kind == "camera"
    assert "camera" not in {each.kind for each in writers(replace(seen, **changed))}


def test_a_picture_that_a_program_saved_is_not_named_after_its_camera() -> None:
    assert [each.name for each in writers(picture("Canon", image_software="GIMP 2.10"))] == ["GIMP"]


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


@pytest.mark.parametrize("trace", ["repacked", "jfif"])
def test_a_picture_that_a_program_may_have_written_is_called_unknown(trace: str) -> None:
    seen = picture("Canon")
    assert seen.jpeg is not None
    assert [each.name for each in writers(seen)] == ["Canon camera"]
    jpeg = replace(seen.jpeg, exif=ExifBlock(repacked=True, left=0))
    if trace == "jfif":
        jpeg = replace(seen.jpeg, segments=("APP0 JFIF", *seen.jpeg.segments))
    assert writers(replace(seen, jpeg=jpeg)) == ()
