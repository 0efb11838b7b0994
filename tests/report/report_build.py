"""A made-up report, rich enough that every part of a page has something to show."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from verify.model import (
    WHOLE,
    Audio,
    Box,
    Difference,
    Edge,
    Edit,
    Entry,
    Event,
    Exhibit,
    Family,
    Finding,
    Footage,
    Hashes,
    Inquiry,
    Mark,
    Measurement,
    Media,
    MediaKind,
    Metadata,
    Offset,
    Outcome,
    Place,
    Problem,
    Registration,
    Relation,
    RelationKind,
    Report,
    Role,
    Segment,
    Span,
    Statement,
    Still,
    Tool,
    Video,
    Writer,
)
from verify.settings import SETTINGS

MOSCOW = timezone(timedelta(hours=3))
CREATED = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
UNIT = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
HOSTILE = "<script>alert(1)</script>\u202egpj.exe\x1b[31m\udcff.mp4"


def span(start: float, end: float) -> Span:
    return Span(Fraction(str(start)), Fraction(str(end)))


def picture(seed: int, *, day: bool = False, mirrored: bool = False, figures: bool = False) -> np.ndarray:
    """A domed roof, BGR, 270 x 480."""
    random = np.random.default_rng(seed)
    top, ground = ((230, 190, 150), (120, 130, 120)) if day else ((60, 36, 22), (26, 22, 20))
    image = np.linspace(top, ground, 270)[:, None, :].repeat(480, axis=1)
    roof = (90, 140, 110) if day else (70, 84, 58)
    image = np.ascontiguousarray(image.astype(np.uint8))
    cv2.ellipse(image, (240, 190), (110, 90), 0, 180, 360, roof, -1)
    cv2.rectangle(image, (60, 190), (420, 270), (70, 110, 170) if day else (38, 52, 74), -1)
    for column in range(80, 410, 36):
        cv2.rectangle(image, (column, 206), (column + 14, 236), (80, 190, 240), -1)
    cv2.line(image, (240, 100), (240, 44), (200, 200, 200), 2)
    cv2.rectangle(image, (242, 46), (276, 62), (80, 80, 220), -1)
    if figures:
        for x in (206, 262):
            cv2.circle(image, (x, 128), 4, (40, 170, 255), -1)
            cv2.rectangle(image, (x - 3, 133), (x + 3, 146), (20, 20, 20), -1)
    noise = random.normal(0, 5, image.shape)
    image = np.clip(image + noise, 0, 255).astype(np.uint8)
    return np.ascontiguousarray(image[:, ::-1]) if mirrored else image


@lru_cache
def jpeg(seed: int, **look: bool) -> bytes:
    return cv2.imencode(".jpg", picture(seed, **look), [cv2.IMWRITE_JPEG_QUALITY, 72])[1].tobytes()


def still(media: str, time: float, seed: int, marks: tuple[Mark, ...] = (), **look: bool) -> Still:
    return Still(media, Fraction(str(time)), jpeg(seed, **look), 480, 270, marks)


def clip(name: str, seconds: float, **more: object) -> Media:
    values: dict[str, object] = {
        "id": name,
        "path": Path("clips") / f"{name}.mp4",
        "role": Role.CLIP,
        "kind": MediaKind.VIDEO,
        "sha256": hashlib.sha256(name.encode(errors="surrogateescape")).hexdigest(),
        "size_bytes": int(seconds * 180_000),
        "container": {"format": "mov,mp4,m4a", "brands": ("isom", "mp41"), "start_time": Fraction(0)},
        "duration": Fraction(str(seconds)),
        "video": Video(
            "h264", 1280, 720, int(seconds * 25), Fraction(25), details={"pixel_format": "yuv420p"}
        ),
        "audio": Audio("aac", 44100, 2),
        "shots": (span(0, seconds),),
        "hashes": (Hashes(Fraction(str(seconds / 2)), {"pdq": "0f" * 32, "phash": "d1" * 8}, 97),),
        "metadata": Metadata(),
        "tags": {"container": {"major_brand": "isom", "encoder": "Lavf60.3.100"}},
    }
    return Media(**{**values, **more})  # type: ignore[arg-type]


def reference(name: str) -> Media:
    return clip(
        name,
        1,
        path=Path("reference") / f"{name}.jpg",
        role=Role.REFERENCE,
        kind=MediaKind.IMAGE,
        duration=None,
        video=Video("jpeg", 1600, 1200, 1, None),
        audio=None,
        shots=(),
        container={},
        hashes=(Hashes(Fraction(0), {"pdq": "00" + "3c" * 31, "phash": "0a" * 8, "dhash": "11" * 8}, 100),),
        metadata=Metadata(
            make="Canon",
            model="EOS 80D",
            taken="2019-06-14T12:03:22",
            position=(55.7525, 37.6175),
            orientation=1,
        ),
        tags={"exif": {"Image Make": "Canon", "Image Model": "EOS 80D"}},
    )


def media() -> tuple[Media, ...]:
    telegram = Writer("Telegram for Android", ("brands isom, iso2, avc1, mp41", "handler VideoHandle"))
    return (
        clip("smoke", 12.48, metadata=Metadata(writer=telegram, taken="2023-05-02T23:31:07Z")),
        clip("dome", 14.0),
        clip("repost", 8.2, video=Video("h264", 720, 720, 246, Fraction(30)), audio=None),
        clip("monitor", 10.4, video=Video("hevc", 1080, 1920, 312, Fraction(30), True, 90, 2)),
        clip("remux", 14.0, path=Path("clips/remux.mkv")),
        clip("quay", 9.0),
        reference("roof-by-day"),
        Media(
            "broken",
            Path("clips/broken.mp4"),
            Role.CLIP,
            MediaKind.UNREADABLE,
            sha256="ab" * 32,
            size_bytes=4096,
            error=Problem(
                "unreadable", "clips/broken.mp4: no frame could be decoded", "ask for the file again"
            ),
        ),
    )


def copy(a: str, b: str, **more: object) -> Relation:
    segment = Segment(
        span(2, 10.2), span(0, 8.2), False, WHOLE, WHOLE, UNIT, 0.97, uncertainty=Fraction(1, 25)
    )
    values: dict[str, object] = {
        "kind": RelationKind.COPY,
        "because": ("31 of 33 sampled moments agree on one offset, -2.00 s",),
        "footage": Footage.ESTABLISHED,
        "segments": (segment,),
    }
    return Relation(a, b, **{**values, **more})  # type: ignore[arg-type]


def place(a: str, b: str, **more: object) -> Relation:
    values: dict[str, object] = {
        "kind": RelationKind.SAME_PLACE,
        "because": ("148 local features lie on one plane", "no sound event and no flash is shared"),
        "footage": None,
        "registration": Registration(
            "homography",
            UNIT,
            148,
            Box(0.1, 0.3, 0.8, 0.6),
            Box(0.15, 0.28, 0.7, 0.6),
            Fraction(3),
            Fraction(5),
        ),
    }
    return Relation(a, b, **{**values, **more})  # type: ignore[arg-type]


def none(a: str, b: str) -> Relation:
    return Relation(a, b, RelationKind.NONE_FOUND, ("3 local features agree at most; 12 are asked for",))


def relations() -> tuple[Relation, ...]:
    figures = Difference(
        "dome",
        "smoke",
        span(0.4, 6.9),
        Box(0.40, 0.42, 0.17, 0.14),
        True,
        ("the place is in view, lit and in focus in smoke from 0.0 s to 12.5 s",),
        "Two moving figures on the dome are present in dome from 0.4 s to 6.9 s and not present in smoke.",
        Box(0.38, 0.40, 0.15, 0.13),
    )
    mirror = Segment(
        span(2, 10.2),
        span(0, 8.2),
        True,
        Box(0.1, 0.1, 0.8, 0.8),
        WHOLE,
        ((-1.25, 0.0, 1.125), (0.0, 1.25, -0.125), (0.0, 0.0, 1.0)),
        0.97,
        uncertainty=Fraction(1, 25),
    )
    filmed = Segment(span(1, 11.4), span(0, 10.4), False, WHOLE, Box(0.08, 0.3, 0.84, 0.36), UNIT, 0.81, 1.0)
    edits = (
        Edit("trim", "2.0 s at the start and 3.8 s at the end are left out.", span(2, 10.2), span(0, 8.2)),
        Edit("mirror", "The picture is mirrored left to right."),
        Edit("crop", "The middle 80 % of the picture is kept.", box=Box(0.1, 0.1, 0.8, 0.8), box_in="a"),
        Edit("caption", "A caption bar is laid over the foot.", box=Box(0, 0.86, 1, 0.14), box_in="b"),
    )
    return (
        place("smoke", "dome", differences=(figures,)),
        place("smoke", "repost"),
        place("smoke", "monitor"),
        place("smoke", "remux"),
        none("smoke", "quay"),
        place("smoke", "roof-by-day"),
        copy("dome", "repost", segments=(mirror,), edits=edits, residual=0.03, nearer_source="a"),
        copy(
            "dome",
            "monitor",
            segments=(filmed,),
            nearer_source="a",
            residual=0.12,
            log10_lr=3.4,
            against="another recording of the same place",
            support="strong",
        ),
        Relation(
            "dome",
            "remux",
            RelationKind.IDENTICAL,
            ("the payloads of 2 streams are equal once the container's packaging is taken off",),
            Footage.ESTABLISHED,
            "same_recording",
            segments=(Segment(span(0, 14), span(0, 14), False, WHOLE, WHOLE, UNIT, 1.0),),
        ),
        none("dome", "quay"),
        place("dome", "roof-by-day"),
        copy("repost", "monitor"),
        copy("repost", "remux"),
        none("repost", "quay"),
        place("repost", "roof-by-day"),
        copy("monitor", "remux"),
        Relation("monitor", "quay", RelationKind.INCONCLUSIVE, ("quay is black for 8.8 of 9.0 s",)),
        none("monitor", "roof-by-day"),
        none("remux", "quay"),
        place("remux", "roof-by-day"),
        none("quay", "roof-by-day"),
    )


def findings() -> tuple[Finding, ...]:
    return (
        Finding(
            "claimed-time/1",
            ("smoke",),
            Outcome.CONSISTENT,
            "The sun stood 18.2 degrees below the horizon at the claimed time; the picture is dark.",
            "Street light and exposure defeat anything finer than day against night.",
            (Measurement("sun altitude", -18.2, "degree", -6, "smoke"),),
        ),
        Finding(
            "first-posted/1",
            ("repost",),
            Outcome.INCONSISTENT,
            "The post is dated 14 minutes before the file's own date.",
            "A file's date is a claim; clocks are often wrong.",
            (Measurement("posted before written", 840, "second", 0, "container, mvhd"),),
        ),
        Finding(
            "light/1",
            ("quay",),
            Outcome.INCONCLUSIVE,
            "Too dark to say day or night.",
            "Needs a lit picture.",
            (Measurement("mean luma", 3.1, "of 255", 16, "0.0 s to 9.0 s"),),
        ),
        Finding("thumbnail/1", ("smoke", "dome"), Outcome.NOT_APPLICABLE, "No embedded thumbnail.", "", ()),
        Finding("c2pa/1", ("dome",), Outcome.NOT_RUN, "The extra c2pa is not installed.", "", ()),
    )


def timeline() -> tuple[Entry, ...]:
    def at(hour: int, minute: int, second: int = 0) -> datetime:
        return datetime(2023, 5, 3, hour, minute, second, tzinfo=MOSCOW)

    return (
        Entry(
            "t1",
            at(2, 37),
            at(2, 37, 59),
            "posted",
            "smoke is posted",
            "residents' channel",
            "smoke",
            ("t3",),
        ),
        Entry("t2", at(2, 27), at(2, 27, 59), "read", "tower clock reads 02:27", "investigator", "smoke"),
        Entry("t3", at(14, 57), None, "claimed", "first seen at 14:57", "agency", "smoke", ("t1",)),
        Entry("t4", at(2, 43), at(2, 43, 59), "read", "tower clock reads 02:43", "investigator", "dome"),
        Entry("t5", None, at(14, 33), "said", "two attempts were stopped during the night", "press service"),
        Entry("t6", datetime(2023, 5, 2, 23, 31, 7), None, "made", "creation date, no zone", "mvhd", "smoke"),  # noqa: DTZ001
    )


def exhibits() -> tuple[Exhibit, ...]:
    box = Mark(Box(0.40, 0.42, 0.17, 0.14), "present")
    other = Mark(Box(0.38, 0.40, 0.15, 0.13), "not present")
    shared = Mark(Box(0.1, 0.1, 0.8, 0.8), "shared picture")
    frames = tuple(
        Exhibit(
            "key_frames",
            (name,),
            tuple(
                still(name, time, seed + step, figures=name != "smoke") for step, time in enumerate((1, 4, 7))
            ),
            f"Key frames of {name}, one a shot",
        )
        for seed, name in enumerate(("smoke", "dome", "repost", "monitor", "remux", "quay"))
    )
    return (
        *frames,
        Exhibit("key_frames", ("roof-by-day",), (still("roof-by-day", 0, 70, day=True),), "roof-by-day"),
        Exhibit(
            "aligned",
            ("dome", "repost"),
            (
                still("dome", 4, 20, (shared,), figures=True),
                still("repost", 2, 21, (Mark(WHOLE, ""),), figures=True, mirrored=True),
            ),
            "4.0 s of dome and 2.0 s of repost",
        ),
        Exhibit(
            "registered",
            ("smoke", "dome"),
            (
                still("smoke", 3, 22, (Mark(Box(0.1, 0.3, 0.8, 0.6), ""),)),
                still("dome", 5, 23, (Mark(Box(0.15, 0.28, 0.7, 0.6), ""),)),
            ),
            "The two frames that lie best on each other",
        ),
        Exhibit(
            "difference",
            ("smoke", "dome"),
            (still("smoke", 3, 24, (other,)), still("dome", 3.2, 25, (box,), figures=True)),
            "Figures on the dome",
        ),
    )


def rich() -> Report:
    return Report(
        CREATED,
        Inquiry(
            "Two clips over the dome",
            "Are these two clips of one event, and is either a copy of the other?",
            Place("A domed roof", 55.7525, 37.6175, "Europe/Moscow"),
            (
                Statement(
                    "Press service",
                    "Two attempts were stopped during the night.",
                    datetime(2023, 5, 3, 14, 33, tzinfo=MOSCOW),
                    ("smoke", "dome"),
                    "official channel",
                ),
                Statement("Presidential office elsewhere", "We have nothing to do with it.", None, ("dome",)),
            ),
        ),
        Tool("0.1.0", {"settings": SETTINGS}, {"numpy": "2.1.0", "av": "15.0.0"}, ("neural", "c2pa")),
        False,
        media(),
        relations(),
        (
            Event("dome", "flash", span(7.32, 7.6), WHOLE, 12.1),
            Event("repost", "flash", span(5.32, 5.6), WHOLE, 11.4),
        ),
        findings(),
        timeline(),
        (
            Family(
                ("dome", "repost", "monitor", "remux"),
                "dome",
                (Edge("dome", "repost", 0.93), Edge("dome", "monitor", 0.9), Edge("dome", "remux", 0.5)),
            ),
        ),
        exhibits(),
        {"media": 3.2, "copies": 5.1234},
        "case",
    )


def minimal() -> Report:
    return Report(CREATED, Inquiry("One file", "What is it?"), Tool("0.1.0", {}, {}), True, ())


def hostile() -> Report:
    """Every text that a file, a post or a case can bring is an attack."""
    bad = clip(
        HOSTILE,
        4,
        path=Path(HOSTILE),
        container={HOSTILE: HOSTILE, "x": float("nan"), "y": b"\x00\xff"},
        metadata=Metadata(make=HOSTILE, writer=Writer(HOSTILE, (HOSTILE,)), taken_readings=(HOSTILE,)),
        tags={HOSTILE: {HOSTILE: HOSTILE}},
        notes=(HOSTILE,),
    )
    worse = replace(
        bad, id="b" + HOSTILE, kind=MediaKind.UNREADABLE, error=Problem("worker", HOSTILE, HOSTILE)
    )
    entry = Entry("t1", None, None, "said", HOSTILE, HOSTILE, bad.id, ("t1",))
    difference = Difference(bad.id, worse.id, span(0, 1), WHOLE, False, (HOSTILE,), HOSTILE, WHOLE)
    return Report(
        CREATED,
        Inquiry(HOSTILE, HOSTILE, Place(HOSTILE), (Statement(HOSTILE, HOSTILE, None, (bad.id,), HOSTILE),)),
        Tool("0", {"a": HOSTILE}, {HOSTILE: HOSTILE}, (HOSTILE,)),
        False,
        (bad, worse),
        (
            copy(
                bad.id,
                worse.id,
                because=(HOSTILE,),
                edits=(Edit("trim", HOSTILE),),
                support=HOSTILE,
                against=HOSTILE,
                log10_lr=1.0,
                differences=(difference,),
                offset=Offset(0.1, 0.2, (HOSTILE,)),
            ),
        ),
        (Event(bad.id, "flash", span(0, 1), WHOLE, 1),),
        (
            Finding(
                "a/1",
                (bad.id,),
                Outcome.CONSISTENT,
                HOSTILE,
                HOSTILE,
                (Measurement(HOSTILE, 1, HOSTILE, 1, HOSTILE),),
            ),
            Finding("b/1", (bad.id,), Outcome.NOT_RUN, HOSTILE, HOSTILE),
        ),
        (entry,),
        (Family((bad.id, worse.id), bad.id, (Edge(bad.id, worse.id, 0.5),)),),
        (
            Exhibit(
                "aligned",
                (bad.id, worse.id),
                (still(bad.id, 0, 1, (Mark(WHOLE, HOSTILE),)), still(worse.id, 0, 2)),
                HOSTILE,
            ),
            Exhibit("key_frames", (bad.id,), (still(bad.id, 0, 3),), HOSTILE),
        ),
        {HOSTILE: 1.0},
        "compare",
    )


def many(count: int) -> Report:
    """`count` clips and all their pairs; one pair in nine is a copy, with pictures."""
    clips = tuple(clip(f"clip-{number:03}", 10) for number in range(count))
    pairs = tuple(
        copy(a.id, b.id) if (i + j) % 9 == 0 else none(a.id, b.id)
        for i, a in enumerate(clips)
        for j, b in enumerate(clips)
        if i < j
    )
    shown = tuple(
        Exhibit(
            "aligned",
            (pair.a, pair.b),
            tuple(still(name, 1, seed) for seed, name in enumerate((pair.a, pair.b))),
            "",
        )
        for pair in pairs
        if pair.kind is RelationKind.COPY
    )
    return replace(
        rich(),
        media=clips,
        relations=pairs,
        exhibits=shown,
        events=(),
        timeline=(),
        families=(),
        findings=(),
        inquiry=Inquiry("A folder", "Which of these are copies?"),
        command="batch",
    )
