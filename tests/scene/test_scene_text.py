from __future__ import annotations

import importlib.util
import json
import os
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from made_clips import scene
from PIL import Image, ImageDraw, ImageFont

import verify
from verify.errors import MissingExtraError, MissingFileError, UsageError
from verify.media import probe
from verify.model import Box, MediaKind, Span
from verify.scene import ocr, overlays, tesseract, text
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conftest import MakeClip, MakePicture
    from numpy.typing import NDArray

needs_reader = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("rapidocr", "onnxruntime")),
    reason="the extra ocr is not installed",
)
# Of the system; no font with Cyrillic letters comes with what is installed.
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf")
TESSDATA = Path(os.environ.get("TESSDATA_PREFIX", "/usr/share/tesseract-ocr/5/tessdata"))
TEXT = SETTINGS.text
CORNER = Box(0.1, 0.1, 0.2, 0.05)
FOOT = Box(0.3, 0.8, 0.4, 0.06)


@pytest.fixture
def _reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ocr.MODEL_VARIABLE)


def line(read: str | None, box: Box = CORNER, confidence: float = 0.9) -> ocr.Line:
    return ocr.Line(read, box, confidence)


def at(*found: Sequence[ocr.Line]) -> list[tuple[Fraction, Sequence[ocr.Line]]]:
    return [(Fraction(second), lines) for second, lines in enumerate(found)]


def captioned(
    rgb: NDArray[np.uint8], read: str, place: tuple[int, int], size: float = 1.2
) -> NDArray[np.uint8]:
    shown = rgb.copy()
    for colour, width in (((0, 0, 0), 6), ((255, 255, 255), 2)):
        cv2.putText(shown, read, place, cv2.FONT_HERSHEY_SIMPLEX, size, colour, width, cv2.LINE_AA)
    return shown


def drawn(rgb: NDArray[np.uint8], read: str, place: tuple[int, int], height: int) -> NDArray[np.uint8]:
    image = Image.fromarray(rgb)
    font = ImageFont.truetype(str(FONT), height)
    ImageDraw.Draw(image).text(place, read, (255, 255, 255), font, stroke_width=2, stroke_fill=(0, 0, 0))
    return np.asarray(image)


def test_a_line_that_stays_is_one_text_with_its_surest_reading() -> None:
    nudged = Box(0.101, 0.1, 0.2, 0.051)
    looked = at(
        [line("CHANNEI", nudged, 0.7)], [line("CHANNEL")], [line(None, nudged, 0.0)], [line("CHANNEL")]
    )
    (found,) = text.merged(looked, TEXT)
    assert (found.text, found.confidence, found.seen, found.stays) == ("CHANNEL", 0.9, 4, True)
    assert found.span == Span(Fraction(0), Fraction(3))
    assert (found.kind, found.readings) == ("text", ())


def test_captions_in_one_place_are_texts_of_their_own() -> None:
    looked = at([line("THE FIRST", FOOT)], [line("QUITE ANOTHER", FOOT)], [], [])
    found = text.merged(looked, TEXT)
    assert [(item.text, item.span, item.stays) for item in found] == [
        ("THE FIRST", Span(Fraction(0), Fraction(0)), False),
        ("QUITE ANOTHER", Span(Fraction(1), Fraction(1)), False),
    ]


def test_the_same_words_elsewhere_are_another_text() -> None:
    looked = at(*[[line("NEWS"), line("NEWS", FOOT)]] * 4)
    assert {(item.text, item.box.y, item.seen) for item in text.merged(looked, TEXT)} == {
        ("NEWS", 0.1, 4),
        ("NEWS", 0.8, 4),
    }


def test_a_running_clock_is_one_text_with_what_it_reads_at_each_moment() -> None:
    looked = at(*[[line(f"02:27:{second}")] for second in (14, 15, 16, 37)])
    (found,) = text.merged(looked, TEXT)
    assert (found.kind, found.seen) == ("clock", 4)
    assert found.readings == tuple(
        (Fraction(index), f"02:27:{second}") for index, second in enumerate((14, 15, 16, 37))
    )


def test_of_few_pictures_nothing_is_said_to_stay() -> None:
    (found,) = text.merged(at([line("ONE")]), TEXT)
    assert not found.stays
    assert text.merged(at(), TEXT) == ()


@pytest.mark.parametrize(
    ("read", "kind"),
    [
        ("@a_channel", "account"),
        ("t.me/news", "account"),
        ("www.example.org 12:30", "account"),
        ("Example.ru", "account"),
        ("02:37", "clock"),
        ("23.59.07", "clock"),
        ("2023-05-03", "clock"),
        ("03.05.23 REC", "clock"),
        ("25:61", "text"),
        ("score 1:3", "text"),
        ("12345:67", "text"),
        ("BREAKING NEWS", "text"),
    ],
)
def test_what_a_text_looks_like(read: str, kind: str) -> None:
    assert text.kind_of([read]) == kind


def test_text_is_cleaned_and_bounded() -> None:
    assert tesseract.cleaned(" two\n\tlines \x1b[31m") == "two lines [31m"
    assert len(tesseract.cleaned("x" * 1000)) == 200


def test_another_script_is_told_by_its_letters() -> None:
    assert ocr._beyond("Жители 02:37")
    assert ocr._beyond("Москва LIVE")
    assert not ocr._beyond("façade LIVE да")
    assert not ocr._beyond("02:37")


def test_look_alikes_in_a_cyrillic_line_become_cyrillic() -> None:
    assert tesseract._one_script("подпишись Ha наш") == "подпишись \u041d\u0430 наш"
    assert tesseract._one_script("Москва NEWS") == "Москва NEWS"
    assert tesseract._one_script("HA HA") == "HA HA"


def test_the_moments_looked_at_are_spread_over_the_clip(
    make_clip: MakeClip, make_picture: MakePicture
) -> None:
    clip = probe(make_clip(seconds=3.0), id="a")
    moments = text.times(clip, TEXT)
    assert len(moments) == TEXT.fewest
    assert list(moments) == sorted(set(moments))
    assert moments[0] > 0
    assert moments[-1] < (clip.duration or 0)
    assert text.times(probe(make_picture(), id="b"), TEXT) == (Fraction(0),)


def test_the_variable_is_heeded_or_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ocr.models() is None  # off in tests
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "rapidocr" else object())
    monkeypatch.setenv(ocr.MODEL_VARIABLE, str(tmp_path))
    with pytest.raises(MissingExtraError):
        ocr.models()
    monkeypatch.delenv(ocr.MODEL_VARIABLE)
    assert ocr.models() is None


@needs_reader
def test_a_folder_without_models_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ocr.MODEL_VARIABLE, str(tmp_path / "absent"))
    with pytest.raises(MissingFileError):
        ocr.models()
    monkeypatch.setenv(ocr.MODEL_VARIABLE, str(tmp_path))
    with pytest.raises(UsageError):
        ocr.models()


@needs_reader
@pytest.mark.usefixtures("_reading")
def test_a_watermark_and_a_clock_are_read_in_a_clip(make_clip: MakeClip) -> None:
    pictures = [
        captioned(captioned(picture, "@some_channel", (40, 60)), f"02:27:{10 + index // 12}", (400, 330))
        for index, picture in enumerate(scene(3, 48, (640, 360)))
    ]
    report = verify.inspect([make_clip(pictures=pictures)], jobs=1)
    (media,) = report.media
    found = {item.kind: item for item in media.texts if item.text}
    assert found["account"].text == "@some_channel"
    assert found["account"].stays
    assert found["account"].box.overlap(Box(38 / 640, 30 / 360, 300 / 640, 40 / 360)) > 0.5
    assert [read for _, read in found["clock"].readings] == ["02:27:10", "02:27:11", "02:27:12", "02:27:13"]
    assert not [entry for entry in report.timeline if "02:27" in entry.what]
    assert "ocr" not in report.tool.extras_missing
    assert "rapidocr" in report.tool.dependencies["text readers"]
    written = json.loads(verify.report.to_json(report))["media"][0]["texts"]
    assert {item["text"] for item in written} >= {"@some_channel"}


@needs_reader
@pytest.mark.usefixtures("_reading")
def test_what_was_read_is_kept_between_runs(make_picture: MakePicture) -> None:
    still = make_picture(rgb=captioned(next(scene(2, 1, (640, 360))), "KEPT 4711", (60, 200)))
    first = verify.inspect([still], jobs=1).media[0].texts
    assert "KEPT 4711" in {item.text for item in first}
    again = verify.inspect([still], jobs=1)
    assert again.media[0].texts == first
    assert "reading texts" not in again.timings


@needs_reader
@pytest.mark.usefixtures("_reading")
@pytest.mark.parametrize("size", [(1, 1), (3, 900), (2000, 9), (40, 40)])
def test_pictures_of_any_shape_are_looked_at(size: tuple[int, int]) -> None:
    used = ocr.models()
    assert used is not None
    assert ocr.lines(np.full((*size, 3), 90, np.uint8), used, TEXT) == []


@needs_reader
@pytest.mark.skipif(not FONT.is_file(), reason=f"there is no {FONT} to draw Cyrillic letters with")
def test_a_cyrillic_line_is_located_and_read_where_a_reader_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = drawn(next(scene(5, 1, (640, 360))), "Жители слышали хлопок", (60, 150), 28)
    monkeypatch.delenv(ocr.MODEL_VARIABLE)
    used = ocr.models()
    assert used is not None
    (found,) = [item for item in ocr.lines(shown, used, TEXT) if item.box.width > 0.4]
    assert (found.text, found.confidence) == (None, 0.0)
    assert 150 / 360 - 0.05 < found.box.y < 150 / 360 + 0.05
    if not (TESSDATA / "rus.traineddata").is_file() or importlib.util.find_spec("tesserocr") is None:
        pytest.skip("located; to read it, tesserocr and Tesseract's rus.traineddata must be installed")
    monkeypatch.setenv(ocr.MODEL_VARIABLE, str(TESSDATA))
    used = ocr.models()
    assert used is not None
    (found,) = [item for item in ocr.lines(shown, used, TEXT) if item.box.width > 0.4]
    assert found.text == "Жители слышали хлопок"


@needs_reader
def test_another_reader_of_the_same_kind_can_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import rapidocr

    carried = Path(rapidocr.__file__).parent / "models" / "PP-OCRv6_rec_small.onnx"
    (tmp_path / "mine.onnx").symlink_to(carried)
    monkeypatch.setenv(ocr.MODEL_VARIABLE, str(tmp_path))
    used = ocr.models()
    assert used is not None
    assert "mine.onnx, SHA-256 " in used.origin
    shown = captioned(np.full((200, 640, 3), 60, np.uint8), "SOME WORDS", (60, 100))
    (reader,) = ocr._others(used)
    assert reader(shown[60:115, 50:380])[0] == "SOME WORDS"


def test_without_a_reader_marks_that_stay_are_located(make_clip: MakeClip) -> None:
    # The view changes from shot to shot, the mark does not.
    pictures = [
        captioned(picture, "@some_channel", (40, 320))
        for seed in range(4)
        for picture in scene(seed, 48, (640, 360))
    ]
    (media,) = verify.inspect([make_clip(pictures=pictures)], jobs=1).media
    assert len(media.hashes) >= TEXT.fewest
    (found,) = media.texts
    assert (found.text, found.stays, found.kind) == (None, True, "text")
    assert found.box.overlap(Box(38 / 640, 290 / 360, 285 / 640, 40 / 360)) > 0.5
    plain = [picture for seed in range(4) for picture in scene(seed, 48, (640, 360))]
    assert verify.inspect([make_clip(pictures=plain)], jobs=1).media[0].texts == ()


def test_of_a_camera_that_stands_still_nothing_is_told() -> None:
    picture = captioned(next(scene(1, 1, (480, 270))), "@some_channel", (40, 240), 0.7)
    luma = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    times = [Fraction(second) for second in range(6)]
    assert overlays.located([np.asarray(luma, np.uint8)] * 6, times, TEXT) == ()


def test_without_the_extra_nothing_is_read_and_the_report_lists_it(make_picture: MakePicture) -> None:
    report = verify.inspect([make_picture()], jobs=1)
    assert report.media[0].kind is MediaKind.IMAGE
    assert report.media[0].texts == ()
    assert "ocr" in report.tool.extras_missing
    assert report.complete
