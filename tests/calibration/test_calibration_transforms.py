"""Every transform of the catalogue: what the truth says of a copy is what its frames show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from made_clips import scene, write_clip

from verify.calibration.time import Keep
from verify.calibration.transforms import CATALOGUE, Transform, make, named
from verify.errors import NotMediaError
from verify.media.decode import colour_frames

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from verify.calibration.truth import Pair, TrueSegment

RATE, SECONDS, SIZE = 12, 5, (176, 100)
KINDS = """
    trim removed inserted repeated reordered reversed frozen speed crop letterbox picture_in_picture mirror
    rotate overlay caption colour resolution frame_rate refilmed
"""
# Likeness that a copy's frames keep to the source's; graphics and other tones leave less of it.
LEAST = {
    **{"watermark": 0.8, "emoji": 0.8, "caption-bar": 0.8, "hue": 0.6, "noise": 0.75, "refilmed": 0.6},
    **{"crf-40": 0.85, "scale-25": 0.8, "picture-in-picture-3": 0.85},
}
CLOCK = Fraction(1, 1000)  # seconds; less than any frame lasts


@dataclass(frozen=True, slots=True)
class Clips:
    """A source, other footage, and the source's frames."""

    source: Path
    other: Path
    times: list[Fraction]
    pictures: list[NDArray[np.float64]]


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Clips:
    folder = tmp_path_factory.mktemp("sources")
    source = write_clip(folder / "source.mp4", scene(5, RATE * SECONDS, SIZE, RATE), rate=RATE)
    other = write_clip(folder / "other.mp4", scene(6, 10 * 4, (96, 72), 10), rate=10, tone=880)
    frames = list(colour_frames(source))
    return Clips(source, other, [frame.time for frame in frames], [_grey(frame.rgb) for frame in frames])


def _grey(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    return cv2.GaussianBlur(picture.mean(axis=2), (0, 0), 1.0)


def _seen(picture: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values at points in fractions, by the nearest pixel."""
    high, wide = picture.shape
    x = np.clip((points[:, 0] * wide).astype(int), 0, wide - 1)
    y = np.clip((points[:, 1] * high).astype(int), 0, high - 1)
    return picture[y, x]


def _points(segment: TrueSegment) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points of the copy inside its box, and where the truth says they lie in the source."""
    box = segment.b_box
    x, y = np.meshgrid(np.linspace(0.02, 0.98, 80), np.linspace(0.02, 0.98, 60))
    theirs = np.c_[box.x + box.width * x.ravel(), box.y + box.height * y.ravel()]
    if segment.homography is None:
        ours = (theirs - (box.x, box.y)) / (box.width, box.height)
        a = segment.a_box
        return theirs, np.c_[a.x + ours[:, 0] * a.width, a.y + ours[:, 1] * a.height]
    rows = np.c_[theirs, np.ones(len(theirs))] @ np.linalg.inv(np.array(segment.homography)).T
    ours = rows[:, :2] / rows[:, 2:]
    inside = np.all((ours > 0) & (ours < 1), axis=1)
    return theirs[inside], ours[inside]


def _like(one: NDArray[np.float64], two: NDArray[np.float64]) -> float:
    return float(np.corrcoef(one, two)[0, 1])


def _check(pair: Pair, clips: Clips, least: float, slack: int) -> None:
    """Frames of the copy against the source's frames that the truth names, and their neighbours."""
    shown = list(colour_frames(pair.b))
    assert pair.segments
    for segment in pair.segments:
        theirs, ours = _points(segment)
        mine = [frame for frame in shown if segment.b.start <= frame.time < segment.b.end]
        assert mine, "a segment lasts"
        assert mine[0].time == segment.b.start
        assert mine[-1].end == segment.b.end
        likeness, off = [], []
        for frame in mine[:: max(1, len(mine) // 8)]:
            into = (frame.time - segment.b.start) * Fraction(segment.speed).limit_denominator(100)
            time = segment.a.end - into - CLOCK if segment.reversed else segment.a.start + into + CLOCK
            expected = max(at for at, start in enumerate(clips.times) if start <= time)
            seen = _seen(_grey(frame.rgb), theirs)
            near = range(max(0, expected - 4), min(len(clips.times), expected + 5))
            scores = {at: _like(seen, _seen(clips.pictures[at], ours)) for at in near}
            best = max(scores, key=lambda at: scores[at])
            # Where little moves, the encoder repeats the grain of the frame before: no better match.
            off.append(abs(best - expected) if scores[best] > scores[expected] + 0.01 else 0)
            likeness.append(scores[expected])
        assert np.median(likeness) > least
        assert np.percentile(off, 75) <= slack


@pytest.mark.parametrize("transform", CATALOGUE, ids=lambda transform: transform.name)
def test_the_truth_about_a_copy_is_what_its_frames_show(
    transform: Transform, clips: Clips, tmp_path: Path
) -> None:
    name = transform.name
    pair = make(clips.source, transform, tmp_path / "copy.mp4", 4, clips.other)
    assert set(pair.edits) <= set(KINDS.split())
    assert pair.transform == name
    parts = {name, *pair.parts}
    least = min(
        (value for part in parts for key, value in LEAST.items() if part.startswith(key)), default=0.9
    )
    least -= 0.1 * max(0, len(pair.parts) - 1)
    resampled = any(part.startswith(("rate", "speed", "refilmed")) for part in parts)
    _check(pair, clips, least, 1 if resampled else 0)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", ["rotate-90", "rotate-10", "stacked", "reordered", "crop-70"])
def test_the_truth_holds_whatever_was_drawn(name: str, seed: int, clips: Clips, tmp_path: Path) -> None:
    pair = make(clips.source, named(name), tmp_path / "copy.mp4", seed, clips.other)
    _check(pair, clips, 0.9, 0)


def test_names_are_unique_and_found() -> None:
    names = [transform.name for transform in CATALOGUE]
    assert len(set(names)) == len(names)
    assert named("crop-50").kinds == ("crop",)
    with pytest.raises(KeyError):
        named("crop-51")


EDITS = {
    "crf-34": set(),
    "scale-50": {"resolution"},
    "rate-10": {"frame_rate"},
    "two-seconds": {"trim"},
    "removed-middle": {"removed"},
    "inserted-around": {"inserted"},
    "reversed": {"reversed"},
    "reordered": {"reordered"},
    "frozen": {"frozen"},
    "speed-1.5": {"speed"},
    "letterbox": {"letterbox"},
    "padded": {"picture_in_picture"},
    "vertical-crop": {"crop"},
    "vertical-black": {"letterbox", "resolution"},
    "picture-in-picture-33": {"picture_in_picture", "resolution"},
    "stacked": {"picture_in_picture"},
    "mirror": {"mirror"},
    "rotate-90": {"rotate"},
    "refilmed-24": {"refilmed", "frame_rate", "resolution"},
    "logo": {"overlay"},
    "subtitles": {"caption"},
    "sepia": {"colour"},
    "noise": set(),
}


@pytest.mark.parametrize(("name", "expected"), EDITS.items(), ids=EDITS)
def test_the_edit_list_holds_what_was_done(
    name: str, expected: set[str], clips: Clips, tmp_path: Path
) -> None:
    pair = make(clips.source, named(name), tmp_path / "copy.mp4", 11, clips.other)
    if not named(name).time:
        # Seconds may be lost as well; a last frame that another rate leaves out is no cut.
        lost = pair.segments[0].a.start, SECONDS - pair.segments[-1].a.end
        expected = expected | ({"trim"} if max(lost) > Fraction(1, 10) else set())
    assert set(pair.edits) == expected
    assert bool(pair.others) == named(name).needs_other


def test_the_seed_decides_everything(clips: Clips, tmp_path: Path) -> None:
    transform = named("combination-3")
    made = [
        make(clips.source, transform, tmp_path / f"{at}.mp4", seed, clips.other)
        for at, seed in enumerate((1, 1, 2))
    ]
    assert made[0].b.read_bytes() == made[1].b.read_bytes()
    assert made[0].segments == made[1].segments
    assert made[0].parts != made[2].parts


@pytest.mark.parametrize("name", ["mirror", "reversed"])
def test_done_twice_is_as_it_was(name: str, clips: Clips, tmp_path: Path) -> None:
    transform = replace(named(name), time=named(name).time or (Keep(Fraction(SECONDS)),))
    once = make(clips.source, transform, tmp_path / "once.mp4", 1)
    twice = make(once.b, transform, tmp_path / "twice.mp4", 1)
    back = [_grey(frame.rgb) for frame in colour_frames(twice.b)]
    assert len(back) == len(clips.pictures)
    assert min(_like(one, two) for one, two in zip(back, clips.pictures, strict=True)) > 0.97


def test_a_longer_source_is_used_in_part(clips: Clips, tmp_path: Path) -> None:
    pair = make(clips.source, named("frozen"), tmp_path / "copy.mp4", 2, most_seconds=Fraction(2))
    shown = sum((segment.a.length for segment in pair.segments), Fraction(0))
    assert abs(shown - 2) <= Fraction(2, RATE)
    for one, two in pairwise(pair.segments):
        assert one.a.end == two.a.start
        assert abs(two.b.start - one.b.end - 2) <= Fraction(2, RATE)


def test_what_needs_other_footage_says_so(clips: Clips, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs other footage"):
        make(clips.source, named("stacked"), tmp_path / "copy.mp4", 2)
    assert not list(tmp_path.iterdir())


def test_a_picture_is_no_source(clips: Clips, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    cv2.imwrite(str(picture), np.zeros((40, 60, 3), np.uint8))
    with pytest.raises(NotMediaError):
        make(picture, named("crop-50"), tmp_path / "copy.mp4", 2)
