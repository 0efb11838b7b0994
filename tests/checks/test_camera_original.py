from __future__ import annotations

import shutil
import struct
import subprocess
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import pytest
from box_bytes import box, ftyp, full, hdlr, keyed, mvhd, u32
from exif_bytes import DIGITISED, MAKE, SOFTWARE, TAKEN, jpeg
from made_clips import scene

from verify import metadata
from verify.checks import Evidence
from verify.checks.camera_original import camera_original
from verify.media import probe
from verify.metadata import Traces, contradictions
from verify.metadata.containers.boxes import Layout
from verify.metadata.origin import original as looked
from verify.metadata.origin.traces import Clock
from verify.metadata.origin.writers import Maker
from verify.metadata.picture.exif_block import ExifBlock, Jpeg
from verify.metadata.picture.exif_block import jpeg as segments
from verify.model import Finding, Media, MediaKind, Outcome, Role, Video
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from conftest import MakeClip

LIMITS = SETTINGS.checks
VIEW = next(scene(3, 1, (480, 360)))
IPHONE = Traces(
    "IMG_0001.MOV",
    (("com.apple.quicktime.make", "Apple"),),
    layout=Layout(("ftyp", "wide", "mdat", "moov"), "qt", 0, ("qt",)),
    handlers=("Core Media Video", "Core Media Audio"),
    timescale=600,
    clocks=(Clock("movie", 1000), Clock("track 1", 1000), Clock("medium of track 1", 1004)),
)
CANON = Traces(
    "IMG_0001.JPG",
    exif=(
        ("image make", "Canon"),
        ("exif exifimagewidth", "640"),
        ("exif exifimagelength", "480"),
        ("exif datetimeoriginal", "2005:03:27 08:59:29"),
        ("exif datetimedigitized", "2005:03:27 08:59:29"),
    ),
    jpeg=Jpeg(("APP1 Exif", "DQT", "SOF0", "DHT", "SOS"), (640, 480), ExifBlock(repacked=False, left=12)),
)


def finding(path: Path) -> Finding:
    (found,) = camera_original(Evidence((metadata.described(probe(path, id="a")),)))
    return found


def test_a_file_as_its_camera_wrote_it_has_no_contradiction() -> None:
    assert contradictions(IPHONE, LIMITS) == ()
    assert contradictions(CANON, LIMITS) == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"layout": Layout(("ftyp", "moov", "mdat"), "qt", 0, ("qt",))}, "the order ftyp, wide, mdat, moov"),
        ({"timescale": 1000}, "timescale"),
        ({"user_data": frozenset({"XMP_"})}, "no XMP box"),
        ({"tags": (*IPHONE.tags, ("encoder", "Lavf61.1.100"))}, "'Lavf61.1.100' of a program"),
        ({"encoders": ("x264 - core 164 r3095",)}, "encoded by 'x264 - core 164 r3095'"),
        ({"clocks": (Clock("movie", 9000), *IPHONE.clocks[1:])}, "its track 1 and its movie 8000 seconds"),
        ({"cut": Fraction(2)}, "the first 2.00 s"),
    ],
)
def test_each_trace_of_a_later_program_is_told(changed: dict[str, Any], said: str) -> None:
    assert said in "; ".join(contradictions(replace(IPHONE, **changed), LIMITS))


def test_a_clock_that_is_not_set_contradicts_nothing() -> None:
    seen = replace(IPHONE, clocks=(Clock("movie", 9000), Clock("track 1", 0)))
    assert contradictions(seen, LIMITS) == ()


def test_an_encoders_settings_say_nothing_where_no_camera_is_named() -> None:
    layout = Layout(("ftyp", "free", "mdat", "moov"), "isom")
    seen = Traces("a.mp4", (("encoder", "Lavf61"),), layout=layout, handlers=("VideoHandler",))
    assert contradictions(replace(seen, encoders=("x264 - core 164",), cut=Fraction(2)), LIMITS) == ()


def canon(**exif: str) -> Traces:
    said = {**dict(CANON.exif), **{name.replace("_", " "): text for name, text in exif.items()}}
    return replace(CANON, exif=tuple(said.items()))


def written(*before: str, **block: Any) -> Traces:
    parts = ExifBlock(**{"repacked": False, "left": 12, **block})
    return replace(CANON, jpeg=Jpeg((*before, "APP1 Exif", "DQT", "SOS"), (640, 480), parts))


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (canon(exif_exifimagewidth="3504"), "the size of picture that the EXIF gives"),
        (canon(image_software="GIMP 2.10.32"), "'GIMP 2.10.32'"),
        (canon(exif_datetimeoriginal="2020:01:01 00:00:00"), "as taken"),
        (written("APP13 Photoshop 3.0"), "no segment of an editing program"),
        (written("APP0 JFIF"), "it has a JFIF segment"),
        (written(repacked=True, left=0), "laid out as ExifTool lays it"),
    ],
)
def test_each_trace_of_a_later_program_in_a_picture_is_told(
    seen: Traces, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Maker("Canon", "^Canon", seen=LIMITS.habits_seen)
    monkeypatch.setattr(looked, "makers", lambda: (known,))
    assert said in "; ".join(contradictions(seen, LIMITS))


@pytest.mark.parametrize(
    "maker",
    [
        Maker("Canon", "^Canon", seen=LIMITS.habits_seen - 1),
        Maker("Canon", "^Canon", seen=100, repacked=1, jfif=1),
        Maker("Nikon", "^Nikon", seen=100),
    ],
)
def test_a_habit_counts_only_where_enough_is_known_and_nothing_speaks_against_it(
    maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looked, "makers", lambda: (maker,))
    assert contradictions(written("APP0 JFIF", repacked=True, left=0), LIMITS) == ()


def test_a_maker_note_of_another_maker_is_told() -> None:
    noted = replace(
        canon(image_make="Apple"), jpeg=Jpeg(("APP1 Exif",), (640, 480), ExifBlock(False, 9, b"Nikon\0\2"))
    )
    assert "a maker note that begins with" in "; ".join(contradictions(noted, LIMITS))
    own = replace(noted, jpeg=Jpeg(("APP1 Exif",), (640, 480), ExifBlock(False, 9, b"Apple iOS\0")))
    assert contradictions(own, LIMITS) == ()


def test_a_factory_date_of_digitising_contradicts_nothing() -> None:
    assert contradictions(canon(exif_datetimedigitized="2002:12:08 12:00:00"), LIMITS) == ()


def test_a_made_clip_names_no_camera(make_clip: MakeClip) -> None:
    found = finding(make_clip(seconds=0.5))
    assert found.outcome is Outcome.NOT_APPLICABLE
    assert "ffmpeg" in found.statement


@pytest.fixture
def phones(make_clip: MakeClip, tmp_path: Path) -> Path:
    """A clip with a phone's key, as ffmpeg copies it where it is told to keep such keys."""
    path = tmp_path / "phone.mp4"
    keys = {"movflags": "use_metadata_tags"}
    with av.open(str(make_clip(seconds=0.5))) as source, av.open(str(path), "w", options=keys) as target:
        target.metadata["com.android.version"] = "13"
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    return path


def test_a_clip_that_says_it_is_a_phones_and_was_written_by_ffmpeg(phones: Path) -> None:
    found = finding(phones)
    assert found.outcome is Outcome.INCONSISTENT
    assert "not as its Android camera wrote it" in found.statement
    assert "platforms" in found.statement
    assert found.measurements[0].value >= 1


def test_no_finding_speaks_of_bad_faith(phones: Path) -> None:
    words = finding(phones).statement.lower() + camera_original.limits.lower()
    assert not [word for word in ("fake", "tamper", "manipulat", "authentic", "doctored") if word in words]


def as_a_camera_lays_it(path: Path) -> Path:
    """The same picture without the JFIF segment that Pillow writes, and with filler behind its EXIF."""
    raw = path.read_bytes()
    first = 4 + int.from_bytes(raw[4:6])  # of the segment behind JFIF's
    assert raw[first : first + 2] == b"\xff\xe1"
    length = int.from_bytes(raw[first + 2 : first + 4])
    exif = raw[first + 4 : first + 2 + length] + bytes(16)
    rest = raw[first + 2 + length :]
    path.write_bytes(raw[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2) + exif + rest)
    return path


def test_a_picture_as_a_camera_lays_it_and_one_that_a_program_saved(tmp_path: Path) -> None:
    taken = {TAKEN: "2020:01:01 10:00:00"}
    saved = finding(jpeg(tmp_path / "saved.jpg", VIEW, {MAKE: "Sigma"}, taken))
    assert saved.outcome is Outcome.INCONCLUSIVE
    assert "JFIF" in saved.statement
    kept = jpeg(tmp_path / "kept.jpg", VIEW, {MAKE: "Sigma"}, taken)
    assert finding(as_a_camera_lays_it(kept)).outcome is Outcome.CONSISTENT


def test_a_picture_whose_program_or_dates_contradict_its_camera(tmp_path: Path) -> None:
    edited = jpeg(tmp_path / "edited.jpg", VIEW, {MAKE: "Sigma", SOFTWARE: "GIMP 2.10.32"})
    assert finding(edited).outcome is Outcome.INCONSISTENT
    dates = {TAKEN: "2020:01:01 10:00:00", DIGITISED: "2021:01:01 10:00:00"}
    assert finding(jpeg(tmp_path / "dated.jpg", VIEW, {MAKE: "Sigma"}, dates)).outcome is Outcome.INCONSISTENT


def test_the_structure_of_a_file_is_gathered(tmp_path: Path) -> None:
    edits = full("elst", u32(1, 100, 2000), struct.pack(">i", 65536))
    clock = full("mdhd", u32(500, 500, 1000, 100), b"\x55\xc4\0\0")
    track = box(
        "trak",
        full("tkhd", u32(500, 500, 1, 0, 100), bytes(60)),
        box("edts", edits),
        box("mdia", clock, hdlr(b"vide", b"\x10Core Media Video", b"mhlr")),
    )
    movie = box(
        "moov",
        mvhd(9000),
        track,
        box("udta", box("XMP_", b"<x/>")),
        keyed({"com.apple.quicktime.make": "Apple"}),
    )
    path = tmp_path / "a.mov"
    path.write_bytes(ftyp(b"qt  ", 0) + box("wide") + box("mdat", bytes(40)) + movie)
    media = replace(probe_nothing(path), tags={"container": {"com.apple.quicktime.make": "Apple"}})
    seen = metadata.traces(media)
    assert seen.handlers == ("Core Media Video",)
    assert seen.user_data == {"XMP_"}
    assert seen.layout is not None
    assert seen.layout.order == ("ftyp", "wide", "mdat", "moov")
    assert seen.timescale == 1000
    assert seen.cut == 2
    assert {clock.created for clock in seen.clocks} == {500, 9000}


def probe_nothing(path: Path) -> Media:
    return Media("a", path, Role.CLIP, MediaKind.VIDEO, video=Video("h264", 64, 64, 1, None))


@pytest.mark.parametrize("cut", [2, 20, 60, 90])
def test_a_picture_that_is_cut_off_in_its_exif_is_no_error(tmp_path: Path, cut: int) -> None:
    whole = jpeg(tmp_path / "a.jpg", VIEW, {MAKE: "Sigma"}, {TAKEN: "2020:01:01 10:00:00"}).read_bytes()
    path = tmp_path / "cut.jpg"
    path.write_bytes(whole[:cut])
    found = segments(path)
    assert found is None or found.exif is None or not found.exif.repacked


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_exiftools_layout_is_recognised(tmp_path: Path) -> None:
    path = jpeg(
        tmp_path / "a.jpg",
        VIEW,
        {MAKE: "Sigma"},
        {TAKEN: "2020:01:01 10:00:00", DIGITISED: "2020:01:01 10:00:01"},
    )
    subprocess.run(
        ["exiftool", "-q", "-overwrite_original", "-DateTimeOriginal=2001:01:01 01:01:01", str(path)],
        check=True,
    )
    found = segments(path)
    assert found is not None
    assert found.exif is not None
    assert found.exif.repacked
    assert found.exif.left <= 1
