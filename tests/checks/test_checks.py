from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from exif_bytes import encoded, jpeg
from made_clips import scene

from verify import metadata
from verify.checks import CHECKS, Check, Evidence, run_checks
from verify.errors import CheckError
from verify.media import probe
from verify.model import Finding, Media, MediaKind, Metadata, Outcome, Problem, Role, Video

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conftest import MakeClip
    from numpy.typing import NDArray

VIEW = next(scene(3, 1, (480, 360)))
OTHER = next(scene(4, 1, (480, 360)))


def image(tags: Mapping[str, Mapping[str, str]] | None = None, said: Metadata | None = None) -> Media:
    video = Video("jpeg", 480, 360, 1, None)
    return Media(
        "a",
        Path("a.jpg"),
        Role.CLIP,
        MediaKind.IMAGE,
        video=video,
        tags=tags or {},
        metadata=said or Metadata(),
    )


def clip(details: Mapping[str, object], corrupt: int = 0) -> Media:
    video = Video("h264", 64, 48, 50, None, corrupt_packets=corrupt, details=details)
    return Media("a", Path("a.mp4"), Role.CLIP, MediaKind.VIDEO, video=video)


def only(name: str, evidence: Evidence) -> Finding:
    (finding,) = [finding for finding in run_checks(evidence) if finding.check == name]
    return finding


def preview(small: bytes | None, large: NDArray[np.uint8] = VIEW) -> Finding:
    return only(
        "embedded-thumbnail/1",
        Evidence((image(),), picture=lambda _path: large, thumbnail=lambda _path: small),
    )


def shrunk(rgb: NDArray[np.uint8], width: int = 160) -> NDArray[np.uint8]:
    height = round(rgb.shape[0] * width / rgb.shape[1])
    return np.asarray(cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def barred(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    small = shrunk(rgb[: rgb.shape[1] * 9 // 16])
    # All of the bar at one side: cutting the preview to the picture's shape does not take it off.
    bar = np.full((120 - small.shape[0], 160, 3), 2, np.uint8)
    return np.vstack([small, bar])


def test_names_are_unique_and_versioned_and_say_their_limits() -> None:
    names = [check.name for check in CHECKS]
    assert len(set(names)) == len(names)
    for check in CHECKS:
        name, version = check.name.split("/")
        assert name
        assert version.isdigit()
        assert check.title
        assert check.limits


@pytest.mark.parametrize(
    "fit",
    [
        lambda view: view,
        lambda view: np.rot90(view),
        lambda view: np.rot90(view, 2),
        lambda view: view[:, 60:420],
        lambda view: np.clip(view.astype(np.int16) + 30, 0, 255).astype(np.uint8),
    ],
)
def test_a_preview_of_the_same_picture_agrees(fit: Callable[[NDArray[np.uint8]], NDArray[np.uint8]]) -> None:
    finding = preview(encoded(shrunk(np.ascontiguousarray(fit(VIEW)))))
    assert finding.outcome is Outcome.CONSISTENT
    assert finding.measurements[0].value <= 6


def test_black_bars_around_a_preview_do_not_count() -> None:
    wide = np.ascontiguousarray(VIEW[: 480 * 9 // 16])
    assert preview(encoded(barred(VIEW)), wide).outcome is Outcome.CONSISTENT


@pytest.mark.parametrize(
    "large", [OTHER, np.ascontiguousarray(VIEW[:, ::-1]), np.ascontiguousarray(VIEW[:230, :300])]
)
def test_a_preview_of_another_picture_is_inconsistent(large: NDArray[np.uint8]) -> None:
    finding = preview(encoded(shrunk(VIEW)), large)
    assert finding.outcome is Outcome.INCONSISTENT
    assert finding.measurements[0].limit is not None
    assert finding.measurements[0].value > finding.measurements[0].limit


def test_no_preview_is_not_applicable() -> None:
    assert preview(None).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("small", "large"),
    [
        (b"no picture", VIEW),
        (encoded(np.full((120, 160, 3), 90, np.uint8)), VIEW),
        (encoded(shrunk(VIEW)), VIEW[:8, :8]),
    ],
)
def test_broken_flat_and_tiny_pictures_are_inconclusive(small: bytes, large: NDArray[np.uint8]) -> None:
    assert preview(small, np.ascontiguousarray(large)).outcome is Outcome.INCONCLUSIVE


def test_a_preview_that_declares_too_much_is_not_decoded() -> None:
    finding = preview(encoded(np.zeros((4100, 4100, 3), np.uint8)))
    assert finding.outcome is Outcome.NOT_RUN
    assert "4100 x 4100" in finding.statement


def test_files_from_end_to_end(tmp_path: Path) -> None:
    same = jpeg(tmp_path / "same.jpg", VIEW, thumbnail=encoded(shrunk(VIEW)))
    changed = jpeg(tmp_path / "changed.jpg", OTHER, thumbnail=encoded(shrunk(VIEW)))
    evidence = Evidence((probe(same, id="same"), probe(changed, id="changed")))
    found = {f.subjects[0]: f.outcome for f in run_checks(evidence) if f.check == "embedded-thumbnail/1"}
    assert found == {"same": Outcome.CONSISTENT, "changed": Outcome.INCONSISTENT}


def test_a_file_that_says_nothing_is_no_suspicion() -> None:
    finding = only("file-metadata/1", Evidence((image(),)))
    assert finding.outcome is Outcome.NOT_APPLICABLE
    assert "normal" in finding.statement


def test_what_a_file_says_is_counted_and_quoted() -> None:
    said = Metadata(make="Maker", model="M1", taken="2023-05-03T02:37:01", position=(55.75, 37.61))
    finding = only("file-metadata/1", Evidence((image(said=said),)))
    assert finding.outcome is Outcome.CONSISTENT
    assert finding.measurements[0].value == 3
    assert "Maker M1" in finding.statement


def exif(**tags: str) -> Media:
    names = {
        "taken": "EXIF DateTimeOriginal", "modified": "Image DateTime", "day": "GPS GPSDate",
        "clock": "GPS GPSTimeStamp", "zone": "EXIF OffsetTimeOriginal",
    }  # fmt: skip
    return image({"exif": {names[name]: text for name, text in tags.items()}})


@pytest.mark.parametrize(
    ("media", "expected"),
    [
        (exif(taken="2023:05:03 02:37:01", modified="2023:05:03 02:37:01"), Outcome.CONSISTENT),
        (exif(taken="2023:05:03 02:37:01", modified="2024:01:01 00:00:00"), Outcome.CONSISTENT),
        (exif(taken="2023:05:03 02:37:01", modified="2023:05:01 00:00:00"), Outcome.INCONCLUSIVE),
        (exif(taken="2023:05:03 02:37:01", day="2023:05:02", clock="[23, 37, 1]"), Outcome.CONSISTENT),
        (exif(taken="2023:05:03 02:37:01", day="2023:05:04", clock="[23, 37, 1]"), Outcome.INCONCLUSIVE),
        (exif(taken="2023:05:03 02:37:01", zone="+03:00", day="2023:05:02", clock="[23, 37, 0]"),
         Outcome.CONSISTENT),
        (exif(taken="2023:05:03 02:37:01", zone="+03:00", day="2023:05:02", clock="[20, 37, 0]"),
         Outcome.INCONCLUSIVE),
    ],
)  # fmt: skip
def test_dates_that_no_zone_reconciles_are_shown_and_left_undecided(media: Media, expected: Outcome) -> None:
    finding = only("declared-times/1", Evidence((media,)))
    assert finding.outcome is expected
    if expected is Outcome.INCONCLUSIVE:
        assert "2023-05-03T02:37:01" in finding.statement


def test_one_date_alone_raises_no_question() -> None:
    findings = run_checks(Evidence((exif(taken="2023:05:03 02:37:01"),)))
    assert "declared-times/1" not in {finding.check for finding in findings}


def steps(usual: float = 0.04, longest: float = 0.04, doubled: int = 0) -> dict[str, object]:
    return {"timing": {"usual_step": usual, "longest_step": longest, "longest_at": 3.0, "doubled": doubled}}


@pytest.mark.parametrize(
    ("media", "expected", "word"),
    [
        (clip(steps()), Outcome.CONSISTENT, "without"),
        (clip(steps(longest=0.2)), Outcome.CONSISTENT, "without"),
        (clip(steps(longest=2.5)), Outcome.INCONCLUSIVE, "2.500 s"),
        (clip(steps(usual=1.0, longest=2.5)), Outcome.CONSISTENT, "without"),
        (clip(steps(doubled=3)), Outcome.INCONCLUSIVE, "3 frames"),
        (clip(steps(), corrupt=2), Outcome.INCONCLUSIVE, "2 packets"),
        (clip({}), Outcome.CONSISTENT, "packet"),
    ],
)
def test_gaps_are_observations(media: Media, expected: Outcome, word: str) -> None:
    finding = only("timestamps/1", Evidence((media,)))
    assert finding.outcome is expected
    assert word in finding.statement


def test_a_made_clip_has_no_gap_and_no_contradiction(make_clip: MakeClip) -> None:
    media = probe(make_clip(seconds=1.0), id="a")
    said, tags = metadata.read(media)
    findings = run_checks(Evidence((replace(media, metadata=said, tags=tags),)))
    assert {finding.check for finding in findings} == {
        "file-metadata/1",
        "c2pa/1",
        "camera-original/1",
        "timestamps/1",
    }
    assert {finding.outcome for finding in findings} == {Outcome.CONSISTENT, Outcome.NOT_APPLICABLE}
    assert "longest step between frames" in {m.name for f in findings for m in f.measurements}


def test_a_check_that_fails_is_listed_with_its_reason() -> None:
    def broken(_evidence: Evidence) -> list[Finding]:
        raise CheckError("the disk is gone", "plug it in")

    (finding,) = run_checks(Evidence((image(),)), (Check("broken/1", "Broken", "None.", broken),))
    assert finding.outcome is Outcome.NOT_RUN
    assert finding.subjects == ("a",)
    assert "the disk is gone plug it in" in finding.statement


def test_one_file_that_cannot_be_read_does_not_end_the_check() -> None:
    def picture(path: Path) -> NDArray[np.uint8]:
        if path.name == "gone.jpg":
            raise CheckError("gone")
        return VIEW

    media = (replace(image(), id="gone", path=Path("gone.jpg")), replace(image(), id="here"))
    small = encoded(shrunk(VIEW))
    findings = run_checks(Evidence(media, picture=picture, thumbnail=lambda _path: small))
    found = {f.subjects[0]: f.outcome for f in findings if f.check == "embedded-thumbnail/1"}
    assert found == {"gone": Outcome.NOT_RUN, "here": Outcome.CONSISTENT}


def test_bugs_are_not_hidden() -> None:
    def buggy(_path: Path) -> bytes | None:
        raise KeyError("bug")

    with pytest.raises(KeyError, match="bug"):
        run_checks(Evidence((image(),), thumbnail=buggy))


def test_unreadable_files_are_not_asked() -> None:
    media = Media("a", Path("a"), Role.CLIP, MediaKind.UNREADABLE, error=Problem("unreadable", "cut off"))
    assert run_checks(Evidence((media,))) == ()
