"""Lines of text in one picture: where they are, and what they read. Needs the extra `[ocr]`.

RapidOCR's package carries what it needs: a network that finds lines and one that reads them (PP-OCRv6 small,
as ONNX). Its alphabet has Latin letters with all their marks, digits, Chinese and Japanese, and no Cyrillic:
a Cyrillic line is found and comes out blank. No package was found that carries a Cyrillic reader, so those
come from a folder that `VERIFY_OCR_MODELS` names: Tesseract's `*.traineddata` (such as `rus.traineddata`,
which operating systems package; needs `pip install tesserocr`), or readers of PP-OCR's kind as `*.onnx` with
their characters inside. They are asked about each line of which the first reader is not sure. `off` goes
without.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module, metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from verify.errors import MissingExtraError, MissingFileError, UsageError
from verify.model import Box
from verify.scene import tesseract
from verify.scene.tesseract import cleaned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from verify.settings import TextSettings

MODEL_VARIABLE = "VERIFY_OCR_MODELS"
OFF = "off"
EXTRA = "ocr"

_CARRIER, _RUNTIME, _TESSERACT = "rapidocr", "onnxruntime", "tesserocr"
_LAST_LATIN = "\u024f"
_FINDER, _READER, _TURNER = (
    "PP-OCRv6_det_small.onnx",
    "PP-OCRv6_rec_small.onnx",
    "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
)
_THREADS = {
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,  # children share the cores
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


@dataclass(frozen=True, slots=True)
class Models:
    """What reads text here, and what it is known by."""

    digest: str  # of versions and files: whatever changes a reading
    origin: str  # for the report
    folder: Path | None = None
    onnx: tuple[Path, ...] = ()
    languages: tuple[str, ...] = ()  # of Tesseract, by the names of its files


@dataclass(frozen=True, slots=True)
class Line:
    """One line of one picture. `text` is None where it was found and could not be read."""

    text: str | None
    box: Box
    confidence: float  # the reader's own, 0 to 1; it is no probability


def models() -> Models | None:
    """What text is read with, or None where the extra is not installed or is switched off.

    Raises:
        MissingFileError: `VERIFY_OCR_MODELS` names no folder.
        UsageError: there is no model in the folder.
        MissingExtraError: what runs them is not installed.
    """
    named = os.environ.get(MODEL_VARIABLE, "")
    if named == OFF:
        return None
    there = all(importlib.util.find_spec(name) is not None for name in (_CARRIER, _RUNTIME))
    if not there and named:
        raise MissingExtraError(
            f"{MODEL_VARIABLE} names models, and the extra that finds lines of text is not installed",
            "pip install 'verify-media[ocr]'",
        )
    return (_with_folder(Path(named).resolve()) if named else _known(None, ())) if there else None


def _with_folder(folder: Path) -> Models:
    if not folder.is_dir():
        raise MissingFileError(f"{MODEL_VARIABLE} names {folder}, which is no folder", "Name a folder.")
    files = tuple(sorted((*folder.glob("*.onnx"), *folder.glob("*.traineddata"))))
    if not files:
        raise UsageError(f"{folder}: no *.onnx and no *.traineddata is in it", f"Unset {MODEL_VARIABLE}.")
    trained = any(file.suffix == ".traineddata" for file in files)
    if trained and importlib.util.find_spec(_TESSERACT) is None:
        raise MissingExtraError(f"{folder} holds Tesseract's models", "pip install tesserocr")
    return _known(folder, files)


@lru_cache(maxsize=2)
def _known(folder: Path | None, files: tuple[Path, ...]) -> Models:
    packages = [(_CARRIER, metadata.version(_CARRIER)), (_RUNTIME, metadata.version(_RUNTIME))]
    digests = [(file.name, hashlib.sha256(file.read_bytes()).hexdigest()) for file in files]
    if any(file.suffix == ".traineddata" for file in files):
        packages.append((_TESSERACT, metadata.version(_TESSERACT)))
    named = [*(" ".join(item) for item in packages), *(f"{name}, SHA-256 {sha}" for name, sha in digests)]
    return Models(
        digest=hashlib.sha256(repr([packages, digests]).encode()).hexdigest()[:16],
        origin="; ".join(named),
        folder=folder,
        onnx=tuple(file for file in files if file.suffix == ".onnx"),
        languages=_languages(files),
    )


def _languages(files: tuple[Path, ...]) -> tuple[str, ...]:
    """Tesseract's, English last: the first one is preferred, and English is what the carried reader knows."""
    named = [file.stem for file in files if file.suffix == ".traineddata" and file.stem != "osd"]
    return tuple(sorted(named, key=lambda name: (name == "eng", name)))


def lines(rgb: NDArray[np.uint8], used: Models, settings: TextSettings) -> list[Line]:
    """The lines of text in a picture, (H, W, 3) RGB 0-255, from top to bottom."""
    shown = _scaled(rgb, settings)
    found = _engine()(shown, use_det=True, use_cls=False, use_rec=False).boxes
    boxes = [] if found is None else sorted(_edges(corners, shown) for corners in found)
    return [
        line
        for top, left, bottom, right in boxes[: settings.lines]
        if (line := _line(shown, (left, top, right, bottom), used, settings)) is not None
    ]


def _scaled(rgb: NDArray[np.uint8], settings: TextSettings) -> NDArray[np.uint8]:
    """BGR with the longer side of `side`, and no more than doubled: small letters are found when enlarged."""
    factor = min(2.0, settings.side / max(rgb.shape[:2]))
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    size = tuple(max(1, round(length * factor)) for length in (rgb.shape[1], rgb.shape[0]))
    return np.asarray(cv2.resize(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), size, interpolation=way), np.uint8)


def _edges(corners: NDArray[np.float32], shown: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    left, top = np.clip(np.floor(corners.min(axis=0)), 0, None).astype(int)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int)
    return int(top), int(left), min(int(bottom), shown.shape[0]), min(int(right), shown.shape[1])


def _line(
    shown: NDArray[np.uint8], edges: tuple[int, int, int, int], used: Models, settings: TextSettings
) -> Line | None:
    left, top, right, bottom = edges
    width, height = right - left, bottom - top
    if min(width, height) < settings.least_pixels:
        return None
    part = shown[top:bottom, left:right]
    tall, wide = shown.shape[:2]
    box = Box(left / wide, top / tall, width / wide, height / tall)
    text, confidence = _read(_engine(), part)
    text, confidence = _surest(part, text, confidence, used, settings)
    if len(text) == 1 and confidence < settings.sure:
        return None  # ornaments and branches look like single letters
    return Line(text or None, box, round(confidence, 3) if text else 0.0)


def _surest(
    part: NDArray[np.uint8], text: str, confidence: float, used: Models, settings: TextSettings
) -> tuple[str, float]:
    """The carried reader's reading of a line, another's where that knows better, or none."""
    enough = len(text.replace(" ", "")) >= settings.letters * part.shape[1] / part.shape[0]
    if enough and confidence >= settings.sure:
        return text, confidence
    others = [reading for reader in _others(used) if (reading := reader(part))[0]]
    if enough:  # it may be right all the same, unless another finds letters that it does not know
        others = [reading for reading in others if _beyond(reading[0])]
    other = max(others, key=lambda reading: reading[1], default=("", 0.0))
    if other[1] >= (settings.least if enough else settings.least_other):
        return other
    return (text, confidence) if enough and confidence >= settings.least else ("", 0.0)


def _beyond(text: str) -> bool:
    """Whether most letters of a text are none of the Latin ones that the carried reader knows."""
    letters = [letter for letter in text if letter.isalpha()]
    return 2 * sum(letter > _LAST_LATIN for letter in letters) > len(letters)


def _read(engine: Any, part: NDArray[np.uint8]) -> tuple[str, float]:
    """What a reader of PP-OCR's kind makes of one line, and how sure it is of it."""
    found = engine(part, use_det=False, use_cls=False, use_rec=True)
    texts, scores = found.txts or ("",), found.scores or (0.0,)
    return cleaned(str(texts[0])), float(scores[0])


@lru_cache(maxsize=4)
def _engine(reader: Path | None = None) -> Any:
    """The finder and one reader. All files are named, so that nothing is ever downloaded."""
    import_module(_RUNTIME).disable_telemetry_events()  # builds for Windows send some otherwise
    package = import_module(_CARRIER)
    carried = Path(str(package.__file__)).parent / "models"
    return package.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Det.limit_type": "max",  # never enlarged: a picture of 1 x 1000 pixels would fill the memory
            "Det.limit_side_len": 2000,
            "Det.model_path": str(carried / _FINDER),
            "Rec.model_path": str(reader or carried / _READER),
            "Cls.model_path": str(carried / _TURNER),
            **_THREADS,
        }
    )


def _others(used: Models) -> Iterator[Callable[[NDArray[np.uint8]], tuple[str, float]]]:
    for file in used.onnx:
        yield lambda part, file=file: _read(_engine(file), part)  # type: ignore[misc]
    if used.languages and used.folder is not None:
        folder, languages = used.folder, "+".join(used.languages)
        yield lambda part: tesseract.read(part, folder, languages)
