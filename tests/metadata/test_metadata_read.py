from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from box_bytes import box, ftyp, keyed, mvhd, text
from exif_bytes import (
    DIGITISED,
    GPS_DATE,
    GPS_TIME,
    LATITUDE,
    LATITUDE_REF,
    LONGITUDE,
    LONGITUDE_REF,
    MAKE,
    MAKER_NOTE,
    MODEL,
    MODIFIED,
    OFFSET_TAKEN,
    ORIENTATION,
    SOFTWARE,
    SUBSEC_TAKEN,
    TAKEN,
    XMP,
    encoded,
    jpeg,
    tiff,
)  # fmt: skip
from PIL import Image

from verify import metadata
from verify.media import probe
from verify.metadata.text import LONGEST, MOST
from verify.model import Media, MediaKind, Problem, Role, Video

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conftest import MakeClip

GREY = np.full((40, 60, 3), 128, np.uint8)
MP4 = "mov,mp4,m4a,3gp,3g2,mj2"


def still(path: Path) -> Media:
    return Media("a", path, Role.CLIP, MediaKind.IMAGE, video=Video("jpeg", 60, 40, 1, None))


def clip(path: Path, tags: Mapping[str, Mapping[str, str]], format_name: str = MP4) -> Media:
    video = Video("h264", 60, 40, 1, None)
    return Media(
        "a", path, Role.CLIP, MediaKind.VIDEO, video=video, tags=tags, container={"format": format_name}
    )


def test_what_a_camera_writes_is_read(tmp_path: Path) -> None:
    path = jpeg(
        tmp_path / "a.jpg", GREY,
        {MAKE: "Maker ", MODEL: "Model 1", SOFTWARE: "1.2", ORIENTATION: 6, MODIFIED: "2023:05:03 02:40:00"},
        {TAKEN: "2023:05:03 02:37:01", SUBSEC_TAKEN: "25", OFFSET_TAKEN: "+03:00", MAKER_NOTE: b"\1\2" * 500},
        {LATITUDE_REF: "N", LATITUDE: [(55, 1), (45, 1), (900, 100)], LONGITUDE_REF: "W",
         LONGITUDE: [(37, 1), (3705, 100), (0, 1)], GPS_DATE: "2023:05:02",
         GPS_TIME: [(23, 1), (37, 1), (1, 1)]},
    )  # fmt: skip
    read, tags = metadata.read(still(path))
    assert (read.make, read.model, read.software) == ("Maker", "Model 1", "1.2")
    assert read.taken == "2023-05-03T02:37:01.250+03:00"
    assert read.position == (55.7525, -37.6175)
    assert read.orientation == 6
    assert tags["exif"]["Image Make"] == "Maker "
    assert tags["exif"]["EXIF MakerNote"] == "binary, 1000 bytes"
    assert "not used" not in tags


def test_dates_are_listed_from_the_tags_alone(tmp_path: Path) -> None:
    path = jpeg(
        tmp_path / "a.jpg", GREY, {MODIFIED: "2023:05:03 02:40:00"},
        {TAKEN: "2023:05:03 02:37:01", DIGITISED: "2023:05:03 02:37:02"},
        {GPS_DATE: "2023:05:02", GPS_TIME: [(23, 1), (37, 1), (3, 2)]},
    )  # fmt: skip
    _, tags = metadata.read(still(path))
    path.unlink()
    media = Media("a", path, Role.CLIP, MediaKind.IMAGE, video=Video("jpeg", 60, 40, 1, None), tags=tags)
    found = {date.kind: date.when.isoformat() for date in metadata.declared(media)}
    assert found == {
        "taken": "2023-05-03T02:37:01",
        "digitised": "2023-05-03T02:37:02",
        "modified": "2023-05-03T02:40:00",
        "satellite": "2023-05-02T23:37:01.500000+00:00",
    }


def test_impossible_values_are_left_out_and_named(tmp_path: Path) -> None:
    path = jpeg(
        tmp_path / "a.jpg", GREY, {ORIENTATION: 9}, {TAKEN: "2023:13:03 02:37:01"},
        {LATITUDE_REF: "N", LATITUDE: [(200, 1), (0, 1), (0, 1)], LONGITUDE_REF: "E",
         LONGITUDE: [(37, 1), (1, 0), (0, 1)]},
    )  # fmt: skip
    read, tags = metadata.read(still(path))
    assert (read.taken, read.position, read.orientation) == (None, None, None)
    assert set(tags["not used"]) == {"Image Orientation", "EXIF DateTimeOriginal", "GPS GPSLatitude"}
    assert "2023:13:03 02:37:01" in tags["not used"]["EXIF DateTimeOriginal"]
    assert tags["exif"]["EXIF DateTimeOriginal"] == "2023:13:03 02:37:01"


@pytest.mark.parametrize("year", ["9999", "0001", "1799"])
def test_years_in_which_nothing_was_recorded_are_left_out_and_named(tmp_path: Path, year: str) -> None:
    said, tags = metadata.read(
        still(jpeg(tmp_path / "a.jpg", GREY, {MAKE: "M"}, {TAKEN: f"{year}:01:01 00:00:00"}))
    )
    assert said.taken is None
    assert "not used" in tags["not used"]["EXIF DateTimeOriginal"]
    assert tags["exif"]["EXIF DateTimeOriginal"].startswith(year)


@pytest.mark.parametrize("value", ["text", 7, [(1, 2)], [(3, 4), (5, 6)]], ids=str)
def test_an_xmp_tag_of_any_kind_is_read(tmp_path: Path, value: str | int | list[tuple[int, int]]) -> None:
    said, tags = metadata.read(still(jpeg(tmp_path / "a.jpg", GREY, {XMP: value, MAKE: "Maker"})))
    assert said.make == "Maker"
    assert "Image ApplicationNotes" in tags["exif"]


def test_a_date_of_digitising_stands_in_and_says_so(tmp_path: Path) -> None:
    read, _ = metadata.read(still(jpeg(tmp_path / "a.jpg", GREY, {}, {DIGITISED: "2023:05:03 02:37:02"})))
    assert read.taken == "2023-05-03T02:37:02"
    assert "digitised" in read.taken_readings[0]


@pytest.mark.parametrize("suffix", ["png", "webp", "tiff", "jpg"])
def test_formats_that_pillow_writes(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    exif = Image.Exif()
    exif[MAKE] = "Maker"
    exif[ORIENTATION] = 3
    Image.fromarray(GREY).save(path, exif=exif)
    read, _ = metadata.read(still(path))
    assert (read.make, read.orientation) == ("Maker", 3)


def test_a_picture_without_metadata_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(GREY).save(path)
    read, tags = metadata.read(still(path))
    assert (read.make, read.taken, read.position, read.writer, tags) == (None, None, None, None, {})
    assert read.c2pa == "none"


def test_no_cut_and_no_flipped_byte_makes_reading_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = jpeg(
        tmp_path / "a.jpg", GREY, {MAKE: "Canon", ORIENTATION: 1}, {TAKEN: "2023:05:03 02:37:01"},
        {LATITUDE_REF: "N", LATITUDE: [(55, 1), (45, 1), (900, 100)]}, encoded(GREY),
    ).read_bytes()  # fmt: skip
    # Lists of false length are cut short by the number of readings; a smaller one keeps the test quick.
    monkeypatch.setattr("verify.metadata.picture.exif._READS", 3000)
    random = np.random.default_rng(5)
    path = tmp_path / "b.jpg"
    for _ in range(200):
        broken = bytearray(whole[: int(random.integers(20, len(whole)))])
        for at in random.integers(0, min(len(broken), 700), 6):
            broken[at] = int(random.integers(0, 256))
        path.write_bytes(bytes(broken))
        read, _ = metadata.read(still(path))
        metadata.thumbnail(path)
        assert read.orientation in {None, *range(1, 9)}


def test_long_texts_and_many_tags_are_bounded(tmp_path: Path) -> None:
    path = jpeg(tmp_path / "a.jpg", GREY, {MAKE: "x" * 9000})
    _, tags = metadata.read(still(path))
    assert len(tags["exif"]["Image Make"]) == LONGEST
    assert "9000 characters" in tags["exif"]["Image Make"]
    _, tags = metadata.read(clip(path, {"container": {f"n{i}": "x" for i in range(MOST + 5)}}))
    assert len(tags["container"]) == MOST
    assert "container" in tags["not used"]


def test_a_list_of_false_length_ends(tmp_path: Path) -> None:
    payload = bytearray(tiff({}, {MAKER_NOTE: b"\1" * 40}, {}, None))
    # The count of the only entry of the second table: the first, with one entry too, takes bytes 8 to 26.
    payload[26 + 2 + 4 : 26 + 2 + 8] = (1 << 30).to_bytes(4, "little")
    path = tmp_path / "a.tif"
    path.write_bytes(bytes(payload))
    _, tags = metadata.read(still(path))
    assert "false length" in tags["not used"]["EXIF"]


def test_the_preview_comes_back_byte_for_byte(tmp_path: Path) -> None:
    preview = encoded(GREY[:20, :30])
    assert metadata.thumbnail(jpeg(tmp_path / "a.jpg", GREY, thumbnail=preview)) == preview
    assert metadata.thumbnail(jpeg(tmp_path / "b.jpg", GREY)) is None


def test_quicktime_dates_have_no_zone_and_two_readings(tmp_path: Path) -> None:
    tags = {"container": {"creation_time": "2023-05-02T23:37:00.000000Z"}}
    read, _ = metadata.read(clip(tmp_path / "a.mp4", tags))
    assert read.taken == "2023-05-02T23:37:00"
    assert [reading[:20] for reading in read.taken_readings] == [
        "2023-05-02T23:37:00Z",
        "2023-05-02T23:37:00 ",
    ]


def test_matroska_dates_are_utc(tmp_path: Path) -> None:
    tags = {"container": {"creation_time": "2023-05-02T23:37:00Z"}}
    read, _ = metadata.read(clip(tmp_path / "a.mkv", tags, "matroska,webm"))
    assert (read.taken, read.taken_readings) == ("2023-05-02T23:37:00Z", ())


def test_apples_keys_win_over_the_container(tmp_path: Path) -> None:
    tags = {
        "container": {
            "creation_time": "2023-05-02T23:37:00.000000Z",
            "com.apple.quicktime.creationdate": "2023-05-03T02:36:58+0300",
            "com.apple.quicktime.make": "Apple",
            "com.apple.quicktime.model": "iPhone 13",
            "com.apple.quicktime.software": "16.4.1",
            "com.apple.quicktime.location.ISO6709": "+55.7525+037.6175+150.000/",
        },
        "stream 0 (video)": {"encoder": "H.264"},
    }
    read, _ = metadata.read(clip(tmp_path / "a.mov", tags))
    assert (read.make, read.model, read.software) == ("Apple", "iPhone 13", "16.4.1")
    assert (read.taken, read.taken_readings) == ("2023-05-03T02:36:58+03:00", ())
    assert read.position == (55.7525, 37.6175)


def test_unset_clocks_are_named_and_not_used(tmp_path: Path) -> None:
    tags = {"container": {"creation_time": "1970-01-01T00:00:00.000000Z", "location": "+200.0+037.0/"}}
    read, tags_out = metadata.read(clip(tmp_path / "a.mp4", tags))
    assert (read.taken, read.position) == (None, None)
    assert set(tags_out["not used"]) == {"container: creation_time", "container: location"}


def test_a_codecs_name_is_no_software(tmp_path: Path) -> None:
    read, _ = metadata.read(clip(tmp_path / "a.mp4", {"stream 0 (video)": {"encoder": "AVC Coding"}}))
    assert read.software is None


def unread(path: Path) -> Media:
    return Media("a", path, Role.CLIP, MediaKind.UNREADABLE, error=Problem("unreadable", "cut off"))


def test_a_file_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    read, tags = metadata.read(unread(tmp_path / "a"))
    assert (read.taken, read.writer, tags) == (None, None, {})


def test_what_an_undecodable_file_says_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    named = keyed({"com.apple.quicktime.make": "Maker"})
    path.write_bytes(
        ftyp(b"qt  ") + box("moov", mvhd(3_766_000_000), named, box("udta", text("©xyz", "+55.7+037.6/")))
    )
    media = metadata.described(unread(path))
    assert (media.metadata.make, media.metadata.position) == ("Maker", (55.7, 37.6))
    assert media.metadata.taken == "2023-05-03T23:06:40"
    assert {date.when.tzinfo for date in metadata.declared(media)} == {None}
    assert "boxes" in media.structure
    picture = jpeg(tmp_path / "a.jpg", GREY, {MAKE: "Maker", ORIENTATION: 6}, {TAKEN: "2023:05:03 02:37:01"})
    picture.write_bytes(picture.read_bytes()[:400])
    read, _ = metadata.read(unread(picture))
    assert (read.make, read.orientation, read.taken) == ("Maker", 6, "2023-05-03T02:37:01")


def test_a_real_clip_end_to_end(make_clip: MakeClip) -> None:
    path = make_clip(
        seconds=0.5, metadata={"creation_time": "2023-05-02T23:37:00Z", "location": "+55.7525+037.6175/"}
    )
    read, _ = metadata.read(probe(path, id="a"))
    assert read.taken == "2023-05-02T23:37:00"
    assert read.position == (55.7525, 37.6175)
    assert read.writer is not None
    assert read.writer.name == "ffmpeg"
