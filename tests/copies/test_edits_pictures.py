"""Edits that show in aligned pictures: marks, colours, bars, freezes; and what replaying them leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from copies_footage import HEIGHT, RATE, WIDTH, encode, filmed, subject

from verify.copies import edits
from verify.geometry import fit
from verify.model import WHOLE, Box, Edit, Segment, Span
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from verify.copies import Subject

    Picture = NDArray[np.uint8]

COUNT = 3 * RATE
LENGTH = Fraction(COUNT, RATE)
LOGO = Box(0.7, 0.1, 0.2, 0.15)
IDENTITY = np.eye(3)


def _pixels(box: Box) -> tuple[slice, slice]:
    left, top = round(box.x * WIDTH), round(box.y * HEIGHT)
    return slice(top, top + round(box.height * HEIGHT)), slice(left, left + round(box.width * WIDTH))


def _marked(picture: Picture, box: Box = LOGO) -> Picture:
    out = picture.copy()
    rows, columns = _pixels(box)
    out[rows, columns] = (200, 30, 60)
    middle = (columns.start + columns.stop) // 2, (rows.start + rows.stop) // 2
    cv2.circle(out, middle, (rows.stop - rows.start) // 3, (250, 250, 250), -1)
    return out


def _subtitled(picture: Picture) -> Picture:
    out = picture.copy()
    for ink, bold in ((0, 5), (255, 2)):
        cv2.putText(out, "the square tonight", (45, 215), cv2.FONT_HERSHEY_DUPLEX, 0.75, (ink,) * 3, bold)
    return out


def _sticker(picture: Picture, number: int) -> Picture:
    out = picture.copy()
    cv2.circle(out, (40 + 3 * number, 60 + number), 45, (255, 220, 30), -1)
    return out


def _mixed(matrix: list[list[float]]) -> Callable[[Picture], Picture]:
    return lambda picture: np.clip(picture @ np.array(matrix).T, 0, 255).astype(np.uint8)


def _turned(picture: Picture) -> Picture:
    hues = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)
    hues[..., 0] = (hues[..., 0].astype(int) + 30) % 180
    return np.asarray(cv2.cvtColor(hues, cv2.COLOR_HSV2RGB), np.uint8)


def _scaled(gain: float, lift: float) -> Callable[[Picture], Picture]:
    return lambda picture: np.clip(picture * gain + lift, 0, 255).astype(np.uint8)


def _framed(picture: Picture, *, blurred: bool) -> Picture:
    canvas = cv2.GaussianBlur(picture, (0, 0), 14) if blurred else np.zeros_like(picture)
    small = cv2.resize(picture, (192, HEIGHT), interpolation=cv2.INTER_AREA)
    canvas[:, 64:256] = small
    return np.asarray(canvas)


@pytest.fixture(scope="module")
def source() -> list[Picture]:
    """A wandering camera's pictures, in colour."""
    across = np.linspace(0, 3, WIDTH)[None, :, None]
    down = np.linspace(0, 2, HEIGHT)[:, None, None]
    tint = 0.75 + 0.25 * np.sin(across + down * 1.3 + np.array([0.0, 2.1, 4.2]))
    return [(picture * tint).astype(np.uint8) for picture in filmed(3, 1, COUNT)]


@pytest.fixture(scope="module")
def original(source: list[Picture], tmp_path_factory: pytest.TempPathFactory) -> Subject:
    return subject(encode(tmp_path_factory.mktemp("edits") / "original.mp4", source, crf=18))


Edited = Callable[..., edits.Edited]


@pytest.fixture
def edited(source: list[Picture], original: Subject, tmp_path: Path) -> Edited:
    """Makes a copy picture by picture and tells what was done to it; `turned` puts the copy first."""

    def make(
        change: Callable[[Picture, int], Picture],
        matrix: NDArray[np.float64] = IDENTITY,
        *,
        crf: int = 24,
        turned: bool = False,
    ) -> edits.Edited:
        pictures = [change(picture, number) for number, picture in enumerate(source)]
        copy = subject(encode(tmp_path / "copy.mp4", pictures, crf=crf))
        pair = (copy, original) if turned else (original, copy)
        shared = fit.shared_boxes(matrix)
        assert shared is not None
        span = Span(Fraction(0), LENGTH)
        segment = Segment(span, span, fit.mirrors(matrix), *shared, fit.as_matrix(matrix), 0.9)
        return edits.edits(*pair, (segment,), SETTINGS)

    return make


def _only(found: edits.Edited, kind: str) -> Edit:
    assert [edit.kind for edit in found.steps] == [kind]
    return found.steps[0]


@pytest.mark.parametrize(
    ("name", "change", "crf"),
    [
        ("re-encoded", lambda picture: picture, 36),
        ("range taken for the other", _scaled(219 / 255, 16), 24),
        ("sharpened", lambda p: cv2.addWeighted(p, 2.2, cv2.GaussianBlur(p, (0, 0), 1.5), -1.2, 0), 24),
        ("blurred", lambda picture: cv2.GaussianBlur(picture, (0, 0), 1.5), 24),
    ],
)
def test_what_every_platform_does_is_no_edit(
    name: str, change: Callable[[Picture], Picture], crf: int, edited: Edited
) -> None:
    found = edited(lambda picture, _: change(picture), crf=crf)
    assert found.steps == (), name
    assert found.residual is not None
    assert found.residual < 0.12


def test_a_logo_is_found_where_it_is_and_for_how_long(edited: Edited) -> None:
    overlay = _only(edited(lambda picture, _: _marked(picture)), "overlay")
    assert overlay.box_in == "b"
    assert overlay.box is not None
    assert overlay.box.overlap(LOGO) > 0.8
    assert overlay.b == Span(Fraction(0), LENGTH)
    assert overlay.statement.startswith("copy shows")


def test_a_logo_that_only_the_first_input_has_is_told_of_that_one(edited: Edited) -> None:
    overlay = _only(edited(lambda picture, _: _marked(picture), turned=True), "overlay")
    assert overlay.box_in == "a"
    assert overlay.box is not None
    assert overlay.box.overlap(LOGO) > 0.8
    assert overlay.statement.startswith("copy shows")


def test_a_mark_lies_where_the_mirrored_copy_shows_it(edited: Edited) -> None:
    found = edited(lambda picture, _: _marked(np.ascontiguousarray(picture[:, ::-1])), fit.MIRROR)
    assert [edit.kind for edit in found.steps] == ["mirror", "overlay"]
    box = found.steps[1].box
    assert box is not None
    assert box.overlap(LOGO) > 0.8


def test_a_caption_that_comes_and_goes_has_its_seconds(edited: Edited) -> None:
    shown = range(RATE, COUNT - 10)
    caption = _only(
        edited(lambda picture, number: _subtitled(picture) if number in shown else picture), "caption"
    )
    assert caption.b is not None
    assert float(caption.b.start) == pytest.approx(1.0, abs=0.15)
    assert float(caption.b.end) == pytest.approx((COUNT - 10) / RATE, abs=0.15)
    assert caption.box is not None
    assert caption.box.y > 0.75


@pytest.mark.parametrize(
    ("change", "words", "name", "value"),
    [
        (_scaled(1.0, 40), "brighter", "brightness", 40),
        (_scaled(1.45, -55), "more contrast", "contrast", 1.45),
        (_mixed([[0.299, 0.587, 0.114]] * 3), "without colour", "saturation", 0),
        (_turned, "turned by", "hue_degrees", 60),
        (
            _mixed([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]]),
            "as sepia",
            "contrast",
            1.17,
        ),
    ],
)
def test_colours_are_told_with_their_numbers(
    change: Callable[[Picture], Picture], words: str, name: str, value: float, edited: Edited
) -> None:
    found = edited(lambda picture, _: change(picture))
    colour = _only(found, "colour")
    assert words in colour.statement
    assert colour.parameters[name] == pytest.approx(value, abs=max(0.15, 0.15 * value))
    # Replayed with its colours, a is b.
    assert found.residual is not None
    assert found.residual < 0.08


@pytest.mark.parametrize("blurred", [True, False])
def test_bars_are_told_by_what_fills_them(blurred: bool, edited: Edited) -> None:
    matrix = np.array([[0.6, 0, 0.2], [0, 1, 0], [0, 0, 1]])
    found = edited(lambda picture, _: _framed(picture, blurred=blurred), matrix)
    bars = next(edit for edit in found.steps if edit.kind == "letterbox")
    assert bars.parameters == {"bars": "blurred" if blurred else "black"}
    assert bars.box is not None
    assert bars.box.overlap(Box(0.2, 0, 0.6, 1)) > 0.95
    assert {edit.kind for edit in found.steps} <= {"letterbox", "resolution"}


def test_a_picture_that_is_held_while_the_other_goes_on_is_frozen(
    source: list[Picture], edited: Edited
) -> None:
    held = range(30, 55)
    frozen = _only(edited(lambda picture, number: source[30] if number in held else picture), "frozen")
    assert frozen.b is not None
    assert float(frozen.b.start) == pytest.approx(30 / RATE, abs=0.1)
    assert float(frozen.b.end) == pytest.approx(55 / RATE, abs=0.1)


def test_a_pause_put_in_is_frozen_and_not_other_footage(
    source: list[Picture], original: Subject, tmp_path: Path
) -> None:
    pictures = [*source[:40], *[source[40]] * RATE, *source[40:]]
    copy = subject(encode(tmp_path / "paused.mp4", pictures))
    at, after = Fraction(40, RATE), Fraction(40 + RATE, RATE)
    first = Segment(
        Span(Fraction(0), at), Span(Fraction(0), at), False, WHOLE, WHOLE, fit.as_matrix(IDENTITY), 0.9
    )
    second = replace(first, a=Span(at, LENGTH), b=Span(after, LENGTH + 1))
    frozen = _only(edits.edits(original, copy, (first, second), SETTINGS), "frozen")
    assert frozen.b == Span(at, after)
    assert frozen.a == Span(at, at)


def test_what_no_edit_names_is_left_as_residual(edited: Edited) -> None:
    plain, strange = edited(lambda picture, _: picture), edited(_sticker)
    assert "overlay" not in [edit.kind for edit in strange.steps]
    assert plain.residual is not None
    assert strange.residual is not None
    assert strange.residual > plain.residual + 0.05


def test_a_still_shows_the_logo_over_its_frame(
    source: list[Picture], original: Subject, tmp_path: Path
) -> None:
    path = tmp_path / "still.png"
    cv2.imwrite(str(path), cv2.cvtColor(_marked(source[20]), cv2.COLOR_RGB2BGR))
    frame = Span(Fraction(20, RATE), Fraction(21, RATE))
    nothing = Span(Fraction(0), Fraction(0))
    segment = Segment(frame, nothing, False, WHOLE, WHOLE, fit.as_matrix(IDENTITY), 0.9)
    found = edits.edits(original, subject(path), (segment,), SETTINGS)
    overlay = next(edit for edit in found.steps if edit.kind == "overlay")
    assert (overlay.a, overlay.b, overlay.box_in) == (frame, nothing, "b")
