"""Tesseract, asked about one line: for scripts that the carried reader does not know.

Tesseract (R. Smith, "An overview of the Tesseract OCR engine", ICDAR 2007) is made for black print on white
paper, so each colour of a line is shown to it alone, and the reading counts that it is surest of.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

_HEIGHT = 64  # pixels of a line with its margins: letters as large as print has at 300 dots an inch
_MARGIN = 12  # pixels around it
_COLOURS = 4  # of one line: letters, their outline, and two behind them
_WHITE = 190  # grey levels of 255, darkest channel of a white letter after compression
_SAMPLED = 4000  # pixels that colours are taken from
_LONGEST = 200  # characters of one line
# Latin letters that stand for Cyrillic ones of the same shape, where a reader mixed them up.
_ALIKE = str.maketrans("ABCEHKMOPTXaceopxy", "АВСЕНКМОРТХасеорху")  # noqa: RUF001 - that is the point


def read(part: NDArray[np.uint8], folder: Path, languages: str) -> tuple[str, float]:
    """A line's text and how sure Tesseract is of it, 0 to 1.

    Args:
        part: (h, w, 3) BGR 0-255.
        folder: where `<language>.traineddata` lie.
        languages: joined with +, the preferred one first.
    """
    api, readings = _api(folder, languages), []
    for page in _pages(part):
        api.SetImageBytes(page.tobytes(), page.shape[1], page.shape[0], 1, page.shape[1])
        readings.append((_one_script(cleaned(api.GetUTF8Text())), api.MeanTextConf() / 100))
    return max(readings, key=lambda reading: (bool(reading[0]), reading[1]))


def cleaned(text: str) -> str:
    """Text on one line, without control characters and doubled blanks, bounded."""
    letters = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(letters.split())[:_LONGEST]


@lru_cache(maxsize=1)
def _api(folder: Path, languages: str) -> Any:
    module = import_module("tesserocr")
    return module.PyTessBaseAPI(path=str(folder), lang=languages, psm=module.PSM.SINGLE_LINE)


def _one_script(text: str) -> str:
    """The text with words of look-alikes in Cyrillic, where most of its letters are."""
    letters = [letter for letter in text if letter.isalpha()]
    if 2 * sum("\u0400" <= letter <= "\u04ff" for letter in letters) <= len(letters):
        return text
    words = (word.translate(_ALIKE) for word in text.split(" "))
    return " ".join(
        new if not any(letter.isascii() and letter.isalpha() for letter in new) else old
        for old, new in zip(text.split(" "), words, strict=True)
    )


def _pages(part: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """Pictures (h, w) of a line made for Tesseract: grey, and each of its colours alone, black on white.

    Letters over a picture are of one colour, often with an outline that parts them from what is behind; areas
    of their colour that reach the edge of the line are behind. White letters are the most frequent.
    """
    factor = _HEIGHT / part.shape[0]
    large = cv2.GaussianBlur(
        cv2.resize(part, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), (3, 3), 0
    )
    yield _framed(cv2.cvtColor(large, cv2.COLOR_BGR2GRAY))
    yield _framed(np.where(_inside(large.min(axis=2) >= _WHITE), 0, 255).astype(np.uint8))
    colours = _colours(large)
    distances = np.stack([np.linalg.norm(large - colour, axis=2) for colour in colours])
    nearest = distances.argmin(axis=0)
    for place in range(len(colours)):
        yield _framed(np.where(_inside(nearest == place), 0, 255).astype(np.uint8))


def _colours(line: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The main colours of a line, (k, 3), the same at every run."""
    pixels = line.reshape(-1, 3)
    few = pixels[:: max(1, len(pixels) // _SAMPLED)].astype(np.float32)
    cv2.setRNGSeed(1)
    until = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 20, 1.0)
    _, _, found = cv2.kmeans(few, min(_COLOURS, len(few)), None, until, 2, cv2.KMEANS_PP_CENTERS)
    return np.asarray(found, np.float32)


def _inside(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The areas of a mask that reach no edge of the picture."""
    _, areas = cv2.connectedComponents(mask.astype(np.uint8))
    edges = np.concatenate([areas[0], areas[-1], areas[:, 0], areas[:, -1]])
    return np.asarray(mask & ~np.isin(areas, np.unique(edges)))


def _framed(page: NDArray[np.uint8]) -> NDArray[np.uint8]:
    framed = cv2.copyMakeBorder(page, *(4 * (_MARGIN,)), cv2.BORDER_CONSTANT, value=(255,))
    return np.ascontiguousarray(framed, np.uint8)
