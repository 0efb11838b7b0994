"""Which of two copies is nearer the source: each kind of evidence, and clips whose making is known."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from copies_footage import HEIGHT, RATE, WIDTH, Derived, encode, filmed, place, subject

from verify.copies import breaks, detail
from verify.copies.around import Around, around
from verify.copies.breaks import At
from verify.copies.nearer import nearer
from verify.geometry import fit
from verify.model import WHOLE, Edit, Segment, Span
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from verify.copies import Subject

LIMITS = SETTINGS.source
SECONDS = 4
Pictures = list["NDArray[np.uint8]"]

# Detail.


def sharp(seed: int = 3) -> NDArray[np.float32]:
    """(480, 640) a place with structure down to single pixels."""
    random = np.random.default_rng(seed)
    view = place(seed)
    for cells in (160, 320):
        noise = random.normal(0, 1, (cells, cells)).astype(np.float32)
        structured = cv2.resize(noise, (640, 480), interpolation=cv2.INTER_LINEAR)
        view += 14 * structured * (cv2.GaussianBlur(structured, (0, 0), 12) > 0)
    return np.clip(view, 0, 255)


def scaled(luma: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """Shrunk, and brought back to its size."""
    height, width = luma.shape
    small = cv2.resize(luma, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LANCZOS4), np.float32)


def sharpened(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.clip(luma + 0.8 * (luma - cv2.GaussianBlur(luma, (0, 0), 1.5)), 0, 255)


def grained(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    return luma + np.random.default_rng(1).normal(0, 12, luma.shape).astype(np.float32)


def better(a: NDArray[np.float32], b: NDArray[np.float32]) -> str | None:
    inside = np.ones(a.shape, bool)
    seen = detail.finer([detail.cells(a, b, inside, LIMITS.patch)] * 2, LIMITS)
    assert seen is not None
    return seen.better(LIMITS)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda luma: scaled(luma, 0.5), "a"),
        (lambda luma: scaled(luma, 0.4) * 0.7 + 40, "a"),  # darker and flatter as well
        (lambda luma: cv2.GaussianBlur(luma, (0, 0), 1.5), "a"),
        (lambda luma: luma * 0.6 + 50, None),
        (sharpened, None),
        (grained, None),
        (lambda luma: luma, None),
    ],
)
def test_the_one_with_structure_that_the_other_lost_is_finer(
    made: Callable[[NDArray[np.float32]], NDArray[np.float32]], expected: str | None
) -> None:
    luma = sharp()
    other = np.asarray(made(luma), np.float32)
    assert better(luma, other) == expected
    assert better(other, luma) == {"a": "b", None: None}[expected]


def test_enlarging_and_sharpening_bring_no_detail_back() -> None:
    small = scaled(sharp(), 0.5)
    enlarged = cv2.resize(
        cv2.resize(sharp(), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA),
        (640, 480),
        interpolation=cv2.INTER_CUBIC,
    )
    assert better(small, enlarged) is None
    assert better(small, sharpened(enlarged)) is None


def test_without_structure_nothing_is_compared() -> None:
    flat = np.full((480, 640), 90, np.float32)
    assert detail.finer([detail.cells(flat, flat, np.ones(flat.shape, bool), LIMITS.patch)], LIMITS) is None
    assert detail.finer([], LIMITS) is None


# What lies around a part.


def cut(x: float, y: float, width: float, height: float) -> NDArray[np.float64]:
    return np.array([[1 / width, 0, -x / width], [0, 1 / height, -y / height], [0, 0, 1]])


MIDDLE = np.linalg.inv(cut(0.2, 0.2, 0.6, 0.6))


def looks(
    paint: Callable[[NDArray[np.uint8], NDArray[np.uint8]], NDArray[np.uint8]],
) -> list[NDArray[np.uint8]]:
    """Three moments of a place, with what `paint` makes of each with another place's."""
    return [
        paint(*(cv2.resize(place(each, 320, 240), (640, 480)).astype(np.uint8) for each in (seed, seed + 50)))
        for seed in (1, 2, 3)
    ]


def inset(shown: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.uint8]:
    framed = other.copy()
    framed[96:384, 128:512] = cv2.resize(shown, (384, 288), interpolation=cv2.INTER_AREA)
    return framed


@pytest.mark.parametrize(
    ("paint", "expected"),
    [
        (lambda shown, other: shown, Around.PICTURE),
        (inset, Around.FRAME),
        (lambda shown, other: inset(shown, np.zeros_like(other)), Around.FRAME),
        (lambda shown, other: inset(shown, cv2.GaussianBlur(shown, (0, 0), 20)), Around.FRAME),
        (lambda shown, other: np.full_like(shown, 80), Around.UNSURE),
    ],
)
def test_a_picture_that_goes_on_is_told_from_a_frame(
    paint: Callable[[NDArray[np.uint8], NDArray[np.uint8]], NDArray[np.uint8]], expected: Around
) -> None:
    assert around(looks(paint), MIDDLE, LIMITS) is expected


def test_around_the_whole_picture_there_is_nothing() -> None:
    assert around(looks(lambda shown, other: shown), np.eye(3), LIMITS) is Around.NOTHING
    assert around(looks(lambda shown, other: shown), fit.MIRROR, LIMITS) is Around.NOTHING


# Clips whose making is known.


def coloured(pictures: Sequence[NDArray[np.uint8]]) -> Iterator[NDArray[np.uint8]]:
    """The same in colours that vary over the picture."""
    tint = np.random.default_rng(8).uniform(0.4, 1.0, (5, 6, 3)).astype(np.float32)
    wide = cv2.resize(tint, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    for picture in pictures:
        yield np.clip(picture * wide, 0, 255).astype(np.uint8)


def recoloured(pictures: Sequence[NDArray[np.uint8]]) -> Iterator[NDArray[np.uint8]]:
    for picture in coloured(pictures):
        yield np.repeat(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)


def framed(pictures: Sequence[NDArray[np.uint8]], others: Sequence[NDArray[np.uint8]]) -> Pictures:
    made = []
    for picture, other in zip(pictures, others, strict=True):
        wide = cv2.resize(other, (WIDTH * 3 // 2, HEIGHT * 3 // 2))
        wide[60 : 60 + HEIGHT, 80 : 80 + WIDTH] = picture
        made.append(wide)
    return made


INSET = np.linalg.inv(cut(80 / 480, 60 / 360, 320 / 480, 240 / 360))
COUNT = SECONDS * RATE
MAKING: dict[str, Callable[[Pictures, Pictures], Pictures]] = {
    "trimmed": lambda own, other: own[25:75],
    "removed": lambda own, other: own[:30] + own[60:],
    "compiled": lambda own, other: other[:50] + own + other[50:],
    "interrupted": lambda own, other: own[:50] + other[:40] + own[50:],
    "reordered": lambda own, other: own[50:] + own[:50],
    "backwards": lambda own, other: own[::-1],
    "to and fro": lambda own, other: own + own[::-1],
    "held": lambda own, other: own + [own[-1]] * 40,
    "cropped": lambda own, other: list(Derived(crop=(0.15, 0.1, 0.85, 0.9), size=(224, 192)).of(own)),
    "barred": lambda own, other: list(Derived(bars=(0, 40)).of(own)),
    "framed": framed,
    "mirrored": lambda own, other: [picture[:, ::-1] for picture in own],
    "coloured": lambda own, other: list(coloured(own)),
    "recoloured": lambda own, other: list(recoloured(own)),
}


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Subject]:
    folder = tmp_path_factory.mktemp("nearer")
    own, other = filmed(1, 1, COUNT), filmed(9, 9, COUNT)

    @cache
    def made(name: str) -> Subject:
        shown = own if name == "source" else MAKING[name](own, other)
        return subject(encode(folder / f"{name}.mp4", shown, crf=20))

    return made


def part(
    a: tuple[float, float],
    b: tuple[float, float],
    matrix: NDArray[np.float64] | None = None,
    *,
    backwards: bool = False,
) -> Segment:
    matrix = np.eye(3) if matrix is None else matrix
    shared = fit.shared_boxes(matrix) or (WHOLE, WHOLE)
    spans = (Span(*(Fraction(end).limit_denominator(1000) for end in each)) for each in (a, b))
    turned = fit.mirrors(matrix)
    return Segment(*spans, turned, *shared, fit.as_matrix(matrix), 0.9, reversed=backwards)


def swapped(segment: Segment) -> Segment:
    back = fit.as_matrix(fit.inverse(np.array(segment.homography)))
    return Segment(
        segment.b,
        segment.a,
        segment.mirrored,
        segment.b_box,
        segment.a_box,
        back,
        segment.score,
        1 / segment.speed,
        segment.reversed,
    )


ALL = (0.0, 4.0)
PAIRS = [
    ("source", "trimmed", [part((1, 3), (0, 2))], "a"),
    ("source", "removed", [part((0, 1.2), (0, 1.2)), part((2.4, 4), (1.2, 2.8))], "a"),
    ("source", "compiled", [part(ALL, (2, 6))], None),  # longer, and perhaps made of it
    ("trimmed", "compiled", [part((0, 2), (3, 5))], "b"),
    ("source", "interrupted", [part((0, 2), (0, 2)), part((2, 4), (3.6, 5.6))], "a"),
    ("source", "reordered", [part((2, 4), (0, 2)), part((0, 2), (2, 4))], "a"),
    ("source", "backwards", [part(ALL, ALL, backwards=True)], None),
    ("source", "to and fro", [part(ALL, ALL), part(ALL, (4, 8), backwards=True)], None),
    ("source", "held", [part(ALL, ALL)], None),
    ("source", "cropped", [part(ALL, ALL, cut(0.15, 0.1, 0.7, 0.8))], "a"),
    ("source", "barred", [part(ALL, ALL, np.linalg.inv(cut(0, 0.125, 1, 0.75)))], None),
    ("source", "framed", [part(ALL, ALL, INSET)], None),
    ("source", "mirrored", [part(ALL, ALL, fit.MIRROR)], None),
    ("coloured", "recoloured", [part(ALL, ALL)], "a"),
    (
        "cropped",
        "trimmed",
        [part((1, 3), (0, 2), fit.inverse(cut(0.15, 0.1, 0.7, 0.8)))],
        None,
    ),  # each has more
]


@pytest.mark.parametrize(
    ("a", "b", "segments", "expected"), PAIRS, ids=[f"{each[0]}, {each[1]}" for each in PAIRS]
)
def test_evidence_that_works_one_way_tells_the_nearer(
    a: str, b: str, segments: list[Segment], expected: str | None, clips: Callable[[str], Subject]
) -> None:
    which, why = nearer(clips(a), clips(b), segments, (), SETTINGS)
    assert which == expected, why
    assert why
    assert ("cannot be told" in why[0]) == (expected is None)
    back, _ = nearer(clips(b), clips(a), [swapped(each) for each in segments], (), SETTINGS)
    assert back == {"a": "b", "b": "a", None: None}[expected]


def test_evidence_both_ways_gives_both_reasons(clips: Callable[[str], Subject]) -> None:
    segments = [part((1, 3), (0, 2), fit.inverse(cut(0.15, 0.1, 0.7, 0.8)))]
    _, (why,) = nearer(clips("cropped"), clips("trimmed"), segments, (), SETTINGS)
    assert "cropped goes on at" in why
    assert "the picture of trimmed goes on beyond" in why


@pytest.mark.parametrize(("bearer", "expected"), [("a", "b"), ("b", "a")])
@pytest.mark.parametrize("kind", ["caption", "overlay"])
def test_the_one_without_a_mark_is_nearer(
    kind: str, bearer: str, expected: str, clips: Callable[[str], Subject]
) -> None:
    mark = Edit(kind, "a mark", box=WHOLE, box_in=bearer)
    segments = [part(ALL, ALL, fit.MIRROR)]
    found = nearer(clips("source"), clips("mirrored"), segments, (mark,), SETTINGS)
    assert found[0] == expected
    # Where colours changed as well, what looks like a mark may be the change.
    edits = (mark, Edit("colour", "brighter"))
    assert nearer(clips("source"), clips("mirrored"), segments, edits, SETTINGS)[0] is None


def test_without_a_shared_stretch_nothing_is_said(clips: Callable[[str], Subject]) -> None:
    which, why = nearer(clips("source"), clips("trimmed"), (), (), SETTINGS)
    assert which is None
    assert "cannot be told" in why[0]


def test_what_a_clip_does_where_a_stretch_ends(clips: Callable[[str], Subject]) -> None:
    found = list(breaks.ends(clips("source"), clips("trimmed"), [part((1, 3), (0, 2))], LIMITS))
    assert [each[:2] for each in found] == [(At.MORE, At.END), (At.MORE, At.END)]
    found = list(breaks.ends(clips("source"), clips("compiled"), [part(ALL, (2, 6))], LIMITS))
    assert [each[:2] for each in found] == [(At.END, At.BREAK), (At.END, At.BREAK)]
    held = list(breaks.ends(clips("source"), clips("held"), [part(ALL, ALL)], LIMITS))
    assert held[1][1] is At.UNSURE
