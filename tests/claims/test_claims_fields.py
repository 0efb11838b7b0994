from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from verify.claims.fields import came_from, fields
from verify.model import Media, MediaKind, Metadata, Post, Problem, Role, Video, Writer

NAMES = ["make", "model", "software", "taken", "position", "orientation", "writer", "file_name_date", "c2pa"]
TAGS = {
    "exif": {
        "Image Make": "Canon",
        "Image Model": "Canon EOS 20D",
        "EXIF DateTimeOriginal": "2005:03:27 08:59:29",
        "GPS GPSLatitudeRef": "N",
        "GPS GPSLatitude": "[55, 45, 9]",
        "Image Orientation": "6 (Rotated 90 CW)",
    }
}
SAID = Metadata(
    make="Canon",
    model="Canon EOS 20D",
    taken="2005-03-27T08:59:29",
    position=(55.7525, 37.6175),
    orientation=6,
)


def picture(said: Metadata = SAID, name: str = "a.jpg") -> Media:
    video = Video("jpeg", 480, 360, 1, None)
    return Media("a", Path(name), Role.CLIP, MediaKind.IMAGE, video=video, tags=TAGS, metadata=said)


def post(platform: str, *shows: str) -> Post:
    return Post("p1", platform, "a channel", shows=shows)


def test_every_field_is_there_in_order_with_what_it_would_prove() -> None:
    found = fields(picture())
    assert [field.name for field in found] == NAMES
    assert all(field.proves and field.changed for field in found)


def test_a_field_names_the_tag_that_it_stands_in() -> None:
    assert {field.name: (field.says, field.source) for field in fields(picture()) if field.says} == {
        "make": ("Canon", "exif: Image Make"),
        "model": ("Canon EOS 20D", "exif: Image Model"),
        "taken": ("2005-03-27T08:59:29", "exif: EXIF DateTimeOriginal"),
        "position": ("55.7525, 37.6175", "exif: GPS GPSLatitude"),
        "orientation": ("6", "exif: Image Orientation"),
    }


def test_a_missing_field_has_no_source() -> None:
    assert [(f.says, f.source) for f in fields(replace(picture(Metadata()), tags={}))] == [(None, "")] * len(
        NAMES
    )


def test_the_time_of_a_name_is_a_field() -> None:
    found = {field.name: field for field in fields(picture(name="VID-20191006-WA0002.mp4"))}
    assert (found["file_name_date"].says or "").startswith("2019-10-06")
    assert found["file_name_date"].changed == "by renaming the file"


def test_several_writers_are_all_named() -> None:
    writers = (Writer("A", ("a",), forged="one command"), Writer("B", ("b",)))
    found = {field.name: field for field in fields(picture(Metadata(writers=writers)))}
    assert found["writer"].says == "A or B"
    one = Metadata(writer=writers[0], writers=writers[:1])
    assert {f.name: f.changed for f in fields(picture(one))}["writer"] == "one command"


def test_the_platform_of_a_post_explains_what_is_missing() -> None:
    bare = picture(Metadata())
    told = {field.name: field.note for field in fields(bare, [post("telegram", "a")])}
    assert "normal for Telegram" in told["position"]
    assert {field.name: field.note for field in fields(bare, [post("telegram", "b")])}["position"] == ""


def test_the_platform_is_told_by_structure_and_posts() -> None:
    writer = Writer("TikTok", ("t",), kind="platform")
    media = picture(Metadata(writer=writer, writers=(writer, Writer("ffmpeg", ("f",), kind="program"))))
    assert came_from(media, [post("telegram", "a"), post("telegram", "a"), post("", "a")]) == (
        "TikTok",
        "telegram",
    )


@pytest.mark.parametrize("kind", [MediaKind.UNREADABLE, MediaKind.SKIPPED])
def test_a_file_that_was_not_read_has_no_fields(kind: MediaKind) -> None:
    assert fields(Media("a", Path("a"), Role.CLIP, kind, error=Problem("x", "y"))) == ()
