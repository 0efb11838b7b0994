from __future__ import annotations

import random
import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pytest
from box_bytes import box, ftyp, full, hdlr, u32
from PIL import Image, ImageCms, PngImagePlugin

from verify.metadata.carried import Carried, carried
from verify.metadata.picture.icc import icc
from verify.metadata.picture.iptc import from_resources, iptc
from verify.metadata.picture.jpeg import jpeg
from verify.metadata.picture.jpeg_tables import scaled
from verify.metadata.picture.xmp import xmp

if TYPE_CHECKING:
    from pathlib import Path

NOISE = np.random.default_rng(1).integers(0, 255, (48, 64, 3), np.uint8)
PACKET = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:a="http://ns.adobe.com/xap/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
 xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#" xmlns:my="http://example.org/my"
 tiff:Make="Maker" a:CreatorTool="Program 3">
 <dc:creator><rdf:Seq><rdf:li>One</rdf:li><rdf:li>Two</rdf:li></rdf:Seq></dc:creator>
 <dc:rights><rdf:Alt><rdf:li xml:lang="x-default">Mine</rdf:li></rdf:Alt></dc:rights>
 <xmpMM:History><rdf:Seq><rdf:li stEvt:action="created" stEvt:softwareAgent="A"/>
 <rdf:li rdf:parseType="Resource"><stEvt:action>saved</stEvt:action></rdf:li></rdf:Seq></xmpMM:History>
 <my:Field>own</my:Field><xmpMM:Link rdf:resource="uuid:1"/>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""
READ = {
    "tiff:Make": "Maker", "xmp:CreatorTool": "Program 3", "dc:creator": "One; Two", "dc:rights": "Mine",
    "xmpMM:History/stEvt:action": "created; saved", "xmpMM:History/stEvt:softwareAgent": "A",
    "my:Field": "own", "xmpMM:Link": "uuid:1",
}  # fmt: skip


def saved(folder: Path, suffix: str, **options: object) -> Carried:
    path = folder / f"a.{suffix}"
    Image.fromarray(NOISE).save(path, **options)
    return carried(path)


def encoded(**options: object) -> bytes:
    buffer = BytesIO()
    Image.fromarray(NOISE).save(buffer, "JPEG", **options)
    return buffer.getvalue()


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def dataset(number: int, value: bytes, record: int = 2) -> bytes:
    return bytes([0x1C, record, number]) + struct.pack(">H", len(value)) + value


def resource(number: int, body: bytes) -> bytes:
    return b"8BIM" + struct.pack(">HHI", number, 0, len(body)) + body + bytes(len(body) % 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-be", "utf-16-le"])
def test_xmp_is_flattened(encoding: str) -> None:
    raw = PACKET.encode(encoding)
    assert xmp(raw) == (READ, "")
    assert xmp(bytes(2) + raw + b" \n" * 500 if encoding == "utf-8" else raw) == (READ, "")


def test_xmp_is_never_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + PACKET.replace("own", "&b;")
    assert xmp(bomb.encode()) == ({}, "XMP is not read further: it declares a document type")
    deep = PACKET.replace("own", "<my:x>" * 500 + "</my:x>" * 500)
    read, problem = xmp(deep.encode())
    assert "nested" in problem
    assert read["tiff:Make"] == "Maker"
    _, problem = xmp(PACKET[: len(PACKET) // 2].encode())
    assert "not well-formed" in problem


def test_no_bytes_make_xmp_fail() -> None:
    rng = random.Random(2)
    whole = PACKET.encode()
    for _ in range(400):
        raw = bytearray(whole)
        for _ in range(rng.randrange(1, 8)):
            raw[rng.randrange(len(raw))] = rng.randrange(256)
        read, _ = xmp(bytes(raw))
        assert all(isinstance(text, str) for text in read.values())


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tiff"])
def test_xmp_and_icc_of_the_formats_that_pillow_writes(tmp_path: Path, suffix: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if suffix == "png":
        texts = PngImagePlugin.PngInfo()
        texts.add_itxt("XML:com.adobe.xmp", PACKET, zip=True)
        found = saved(tmp_path, suffix, pnginfo=texts, icc_profile=profile)
    elif suffix == "tiff":
        found = saved(tmp_path, suffix, tiffinfo={700: PACKET.encode()}, icc_profile=profile)
    else:
        found = saved(tmp_path, suffix, xmp=PACKET.encode(), icc_profile=profile)
    assert found.xmp == READ
    assert "sRGB" in found.icc["description"]
    assert found.notes == []


def test_xmp_in_boxes_of_three_kinds(tmp_path: Path) -> None:
    raw = PACKET.encode()
    number = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
    path = tmp_path / "a.mp4"
    path.write_bytes(ftyp() + box("uuid", number, raw))
    assert carried(path).xmp == READ
    path.write_bytes(ftyp(b"qt  ") + box("moov", box("udta", box("XMP_", raw))))
    assert carried(path).xmp == READ
    entry = full("infe", b"\0\1\0\0mime", b"XMP\0application/rdf+xml\0", version=2)
    place = full("iloc", b"\x44\x00", struct.pack(">HHHH", 1, 1, 0, 1), u32(0, len(raw)), version=0)
    head = ftyp(b"heic") + box("mdat", raw)
    at = len(ftyp(b"heic")) + 8
    place = full("iloc", b"\x44\x00", struct.pack(">HHHH", 1, 1, 0, 1), u32(at, len(raw)))
    path.write_bytes(head + full("meta", hdlr(b"pict"), full("iinf", b"\0\1", entry), place))
    assert carried(path).xmp == READ


def test_extended_xmp_is_put_together(tmp_path: Path) -> None:
    more = PACKET.replace("tiff:Make", "tiff:Model").encode()
    guid, half = b"A" * 32, len(more) // 2
    name = b"http://ns.adobe.com/xmp/extension/\0"
    parts = [
        segment(0xE1, name + guid + u32(len(more), start) + more[start : start + half + 1])
        for start in (half, 0)
    ]
    raw = encoded()
    path = tmp_path / "a.jpg"
    path.write_bytes(raw[:2] + b"".join(parts) + raw[2:])
    assert carried(path).xmp["tiff:Model"] == "Maker"


def test_iptc_of_a_jpeg_and_of_a_photoshop_document(tmp_path: Path) -> None:
    records = dataset(90, b"\x1b%G", 1) + dataset(5, "Имя".encode()) + dataset(25, b"a") + dataset(25, b"b")
    body = resource(0x0425, bytes(16)) + resource(0x0404, records)
    wanted = {"ObjectName": "Имя", "Keywords": "a; b"}
    assert from_resources(body) == wanted
    raw = encoded()
    path = tmp_path / "a.jpg"
    path.write_bytes(raw[:2] + segment(0xED, b"Photoshop 3.0\0" + body) + raw[2:])
    assert carried(path).iptc == wanted
    document = tmp_path / "a.psd"
    body += resource(0x0424, PACKET.encode())
    document.write_bytes(b"8BPS" + bytes(22) + u32(0) + u32(len(body)) + body)
    assert carried(document).iptc == wanted
    assert carried(document).xmp == READ
    assert iptc(dataset(5, "Größe".encode("latin-1"))) == {"ObjectName": "Größe"}


def test_gif_carries_xmp(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    Image.fromarray(NOISE).save(path)
    tail = b"\1" + bytes(range(255, -1, -1)) + b"\0"
    path.write_bytes(path.read_bytes()[:-1] + b"\x21\xff\x0bXMP DataXMP" + PACKET.encode() + tail + b";")
    assert carried(path).xmp == READ


@pytest.mark.parametrize("quality", [1, 10, 49, 50, 75, 92, 100])
def test_quality_of_the_usual_library(quality: int) -> None:
    found = jpeg(encoded(quality=quality))
    assert found is not None
    assert [(each["ijg_quality"], each["ijg_exact"]) for each in found.facts["tables"]] == [
        (quality, True)
    ] * 2  # type: ignore[attr-defined]


def test_tables_agree_with_pillows() -> None:
    with Image.open(BytesIO(encoded(quality=63))) as picture:
        stored = picture.quantization  # type: ignore[attr-defined]
    found = jpeg(encoded(quality=63))
    assert found is not None
    assert {each["table"]: sorted(each["zigzag"]) for each in found.facts["tables"]} == {  # type: ignore[attr-defined]
        number: sorted(values) for number, values in stored.items()
    }
    assert sorted(scaled(63, chroma=False)) == sorted(stored[0])


def test_structure_of_a_jpeg() -> None:
    plain = jpeg(encoded(subsampling=0, quality=80))
    other = jpeg(encoded(subsampling=2, progressive=True, comment=b"said"))
    assert plain is not None
    assert other is not None
    assert plain.facts["order"] == [
        "SOI",
        "APP0 JFIF",
        "DQT",
        "DQT",
        "SOF0",
        "DHT",
        "DHT",
        "DHT",
        "DHT",
        "SOS",
        "EOI",
    ]
    assert (plain.facts["coding"], plain.facts["subsampling"], plain.facts["huffman"]) == (
        "baseline", "4:4:4", "standard",
    )  # fmt: skip
    assert (other.facts["coding"], other.facts["subsampling"], other.facts["huffman"]) == (
        "progressive", "4:2:0", "optimised",
    )  # fmt: skip
    assert other.facts["comments"] == ["said"]
    assert (plain.facts["width"], plain.facts["height"]) == (64, 48)


def test_what_lies_behind_the_end_of_a_jpeg() -> None:
    raw = encoded()
    for tail, known in ((encoded(quality=20), "JPEG"), (ftyp(b"mp42"), "mp4"), (b"text", None)):
        found = jpeg(raw + tail)
        assert found is not None
        after = found.facts["after_end"]
        assert isinstance(after, dict)
        assert (after["bytes"], after["offset"], after["is"]) == (len(tail), len(raw), known)
    whole, cut = jpeg(raw), jpeg(raw[:-30])
    assert whole is not None
    assert cut is not None
    assert "after_end" not in whole.facts
    assert cut.facts["notes"] == ["the picture has no end marker: it is cut off"]


def test_chunks_and_texts_of_a_png(tmp_path: Path) -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Software", "Program 2")
    texts.add_text("Comment", "packed " * 50, zip=True)
    texts.add_itxt("Title", "Заголовок")
    found = saved(tmp_path, "png", pnginfo=texts)
    assert found.texts == {"Software": "Program 2", "Comment": "packed " * 50, "Title": "Заголовок"}
    assert found.chunks["order"] == ["IHDR", "tEXt", "zTXt", "iTXt", "IDAT", "IEND"]
    path = tmp_path / "a.png"
    path.write_bytes(path.read_bytes() + b"behind")
    assert carried(path).chunks["after_end"] == {"bytes": 6, "begins": b"behind".hex()}


def test_packed_texts_are_bounded(tmp_path: Path) -> None:
    bomb = zlib.compress(bytes(64 << 20))
    chunk = b"zTXtname\0\0" + bomb
    piece = struct.pack(">I", len(chunk) - 4) + chunk + bytes(4)
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + piece * 200)
    assert len(carried(path).texts["name"]) <= 2000


def test_an_icc_profile() -> None:
    raw = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    raw[80:84] = b"TEST"
    assert icc(bytes(raw))["creator"] == "TEST"
    assert icc(bytes(raw))["colour space"] == "RGB"
    assert icc(bytes(200)) == {}
    assert icc(bytes(raw[:140])).get("description") is None


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tiff", "gif", "avif"])
def test_no_flipped_byte_and_no_cut_makes_reading_fail(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    options: dict[str, object] = (
        {}
        if suffix in {"gif", "avif"}
        else {"icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()}
    )
    Image.fromarray(NOISE).save(path, **options)
    whole = path.read_bytes()
    rng = random.Random(4)
    for _ in range(120):
        raw = bytearray(whole[: rng.randrange(4, len(whole))])
        for _ in range(rng.randrange(1, 12)):
            raw[rng.randrange(len(raw))] = rng.choice((0, 255, rng.randrange(256)))
        path.write_bytes(whole[:4] + raw[4:])
        carried(path)
