from __future__ import annotations

import json
import struct
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from box_bytes import box, data, ftyp, full, hdlr, keyed, mvhd, text, tkhd, u32
from PIL import Image, PngImagePlugin

from verify import metadata
from verify.media import probe
from verify.metadata.carried import carried
from verify.metadata.containers.boxes import boxes
from verify.metadata.containers.tags import box_tags
from verify.metadata.structure import box_table
from verify.model import Media, MediaKind, Role, Video
from verify.settings import SETTINGS, StructureSettings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conftest import MakeClip

GREY = np.full((40, 60, 3), 128, np.uint8)
PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"'
    ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" %s/></rdf:RDF></x:xmpmeta>'
)


def moving(path: Path, tags: Mapping[str, Mapping[str, str]] | None = None) -> Media:
    video = Video("h264", 60, 40, 1, None)
    container = {"format": "mov,mp4,m4a,3gp,3g2,mj2"}
    return Media("a", path, Role.CLIP, MediaKind.VIDEO, video=video, tags=tags or {}, container=container)


def still(path: Path) -> Media:
    return Media("a", path, Role.CLIP, MediaKind.IMAGE, video=Video("jpeg", 60, 40, 1, None))


def test_texts_of_boxes_by_path(tmp_path: Path) -> None:
    path = tmp_path / "a.mov"
    free = box("----", full("mean", b"com.apple.iTunes"), full("name", b"Encoder"), data(1, b"Program"))
    listed = full("meta", hdlr(b"mdir"), box("ilst", box("©too", data(1, b"Lavf")), free))
    place = full("loci", b"\x15\xc7", b"\0\0", struct.pack(">iii", -4915200, 3653796, 0), b"earth\0\0")
    track = box("trak", tkhd(), box("udta", box("name", b"Left")))
    path.write_bytes(
        ftyp(b"qt  ")
        + box(
            "moov",
            mvhd(3_766_000_000),
            track,
            track,
            keyed({"com.apple.quicktime.make": "Maker", "com.apple.quicktime.model": "M" * 5}),
            box("udta", text("©xyz", "+55.7525+037.6175/"), box("FIRM", b"H19"), place, listed),
        )
    )
    root = boxes(path)
    assert root is not None
    assert box_tags(root) == {
        "moov/mvhd/created": "2023-05-03T23:06:40",
        "moov/mvhd/modified": "2023-05-03T23:06:40",
        "moov/trak 1/udta/name": "Left",
        "moov/trak 2/udta/name": "Left",
        "com.apple.quicktime.make": "Maker",
        "com.apple.quicktime.model": "MMMMM",
        "moov/udta/©xyz": "+55.7525+037.6175/",
        "moov/udta/FIRM": "H19",
        "moov/udta/loci": "+55.75250-075.00000/",
        "moov/udta/meta/ilst/©too": "Lavf",
        "com.apple.iTunes:Encoder": "Program",
    }


def test_boxes_fill_what_the_demuxer_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    data_of = box("udta", box("manu", b"Maker"), box("modl", b"Model 2"), box("FIRM", b"1.5"))
    place = full("loci", b"\x15\xc7", b"\0\0", struct.pack(">iii", 2465464, 3653796, 0), b"earth\0\0")
    path.write_bytes(ftyp() + box("moov", mvhd(3_766_000_000), data_of, box("udta", place)))
    media = metadata.described(moving(path))
    said = media.metadata
    assert (said.make, said.model, said.software) == ("Maker", "Model 2", "1.5")
    assert said.position == pytest.approx((55.7525, 37.62), abs=1e-3)
    assert said.taken == "2023-05-03T23:06:40"
    assert len(said.taken_readings) == 2
    kinds = {(date.kind, date.source) for date in metadata.declared(media)}
    assert kinds == {("container", "boxes"), ("modified", "boxes")}
    own = {
        "container": {
            "make": "From the demuxer",
            "com.apple.quicktime.creationdate": "2020-01-01T10:00:00+0300",
        }
    }
    said, _ = metadata.read(moving(path, own))
    assert (said.make, said.model) == ("From the demuxer", "Model 2")
    assert said.taken == "2020-01-01T10:00:00+03:00"


def test_xmp_fills_what_exif_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    fields = (
        'tiff:Make="Maker" tiff:Model="Model" tiff:Orientation="6" xmp:CreatorTool="Program"'
        ' exif:DateTimeOriginal="2023-05-03T02:37:01+03:00" exif:GPSLatitude="55,45.15N"'
        ' exif:GPSLongitude="37,37,3.0W" xmp:ModifyDate="2023-05-04"'
    )
    Image.fromarray(GREY).save(path, xmp=(PACKET % fields).encode())
    said, tags = metadata.read(still(path))
    assert (said.make, said.model, said.software, said.orientation) == ("Maker", "Model", "Program", 6)
    assert said.taken == "2023-05-03T02:37:01+03:00"
    assert said.position == (55.7525, -37.6175)
    assert "a day without a time" in tags["not used"]["xmp: xmp:ModifyDate"]
    exif = Image.Exif()
    exif[0x010F] = "From EXIF"
    Image.fromarray(GREY).save(path, xmp=(PACKET % fields).encode(), exif=exif)
    assert metadata.read(still(path))[0].make == "From EXIF"


def test_impossible_records_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    fields = 'tiff:Orientation="9" exif:GPSLatitude="95,0N" exif:GPSLongitude="37,0E"'
    Image.fromarray(GREY).save(path, xmp=(PACKET % fields).encode())
    said, tags = metadata.read(still(path))
    assert (said.position, said.orientation) == (None, None)
    assert "outside the globe" in tags["not used"]["exif:GPSLatitude"]
    for junk in ("x", "", "N", "1,2,3,4N", "nan,1N"):
        fields = f'exif:GPSLatitude="{junk}" exif:GPSLongitude="37,0E"'
        Image.fromarray(GREY).save(path, xmp=(PACKET % fields).encode())
        assert metadata.read(still(path))[0].position is None


def test_dates_of_texts(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Creation Time", "Wed, 03 May 2023 02:37:00 +0300")
    texts.add_text("Software", "Program")
    Image.fromarray(GREY).save(path, pnginfo=texts)
    said, _ = metadata.read(still(path))
    assert (said.taken, said.software) == ("2023-05-03T02:37:00+03:00", "Program")


def test_a_matroska_file_names_its_writing_application(make_clip: MakeClip) -> None:
    found = carried(make_clip("a.mkv"))
    assert found.texts["WritingApp"].startswith("Lavf")
    order = found.chunks["order"]
    assert isinstance(order, list)
    assert order[:2] == ["EBML", "Segment"]
    assert {"Info", "Tracks"} <= set(order)
    assert any(str(name).startswith("Cluster") for name in order)


@pytest.mark.parametrize("suffix", ["mkv", "mp4"])
def test_chapters(make_clip: MakeClip, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"chapters.{suffix}"
    with av.open(str(make_clip())) as source, av.open(str(path), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        one = {"id": 1, "start": 0, "end": 1500, "time_base": Fraction(1, 1000), "metadata": {"title": "One"}}
        target.set_chapters([one])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    told = metadata.described(probe(path, id="a")).structure["container"]
    assert isinstance(told, dict)
    assert told["chapters"] == [{"start": 0, "end": 1.5, "title": "One"}]
    assert str(told["muxer"]).startswith("Lavf")


def test_a_long_list_is_folded(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    piece = box("moof", full("mfhd", u32(1))) + box("mdat", b"picture")
    path.write_bytes(ftyp() + box("moov", mvhd()) + piece * 100)
    root = boxes(path)
    assert root is not None
    told = box_table(root, SETTINGS.structure)
    listed = told["boxes"]
    assert isinstance(listed, list)
    alike = SETTINGS.structure.alike_boxes
    folded = {entry["type"]: (entry["folded"], entry["size"]) for entry in listed if "folded" in entry}
    assert folded == {"moof": (100 - alike, 24 * (100 - alike)), "mdat": (100 - alike, 15 * (100 - alike))}
    assert len(listed) == 2 + 2 * alike + 2
    few = box_table(root, StructureSettings(listed_boxes=5))
    assert len(json.dumps(few)) < len(json.dumps(told))


def test_a_described_clip_has_its_structure(make_clip: MakeClip) -> None:
    media = metadata.described(probe(make_clip(tone=440), id="a"))
    told = media.structure
    assert set(told) == {"boxes", "encoders", "container"}
    assert len(json.dumps(told, default=str)) < 60_000
    picture = metadata.described(still(make_clip().with_name("a.jpg")))
    assert picture.structure == {"notes": ["it could not be read (No such file or directory)"]}
