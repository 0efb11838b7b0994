"""A validation -> validation.html: one page, complete in itself, with the result at the top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.report import validation_words as words
from verify.report.methods import methods
from verify.report.page import environment
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify.calibration.answer import Answer
    from verify.calibration.ratio import Bin
    from verify.calibration.validation import Validation
    from verify.model import Still
    from verify.settings import CalibrationSettings

_METHODS = ("calibration.figures", "calibration.overlap", "calibration.intervals", "calibration.ratio")
_SIDE = 300.0  # units of the drawing of the calibration curve
_LEFT, _TOP = 46.0, 12.0


@dataclass(frozen=True, slots=True)
class Wrong:
    """A pair that went wrong, as the page shows it."""

    answer: Answer
    stills: tuple[Still, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the calibration curve in the drawing's units, with its interval."""

    x: float
    y: float
    low: float
    high: float
    title: str


def to_html(validation: Validation, settings: CalibrationSettings = SETTINGS.calibration) -> str:
    """The validation as one HTML page."""
    wrong = [answer for answer in validation.answers if answer.wrong]
    shown = [_wrong(answer, validation) for answer in wrong[: settings.shown_misses]]
    described = {method.name: method for method in methods()}
    return (
        environment()
        .get_template("validation.html")
        .render(
            validation=validation,
            figures=validation.figures,
            headlines=words.headlines(validation),
            wrong=shown,
            more_wrong=wrong[settings.shown_misses :],
            failed=[answer for answer in validation.answers if answer.relation is None],
            points=points(validation.curve),
            frame={"left": _LEFT, "top": _TOP, "side": _SIDE},
            methods=[described[name] for name in _METHODS],
            words=words,
        )
    )


def _wrong(answer: Answer, validation: Validation) -> Wrong:
    stills = tuple(validation.stills[name] for name in answer.names if name in validation.stills)
    return Wrong(answer, stills, words.wrong(answer))


def points(curve: Sequence[Bin]) -> tuple[Point, ...]:
    """The calibration curve, with 0 at the bottom left of the drawing and 1 at the top right."""
    found = []
    for each in curve:
        observed = each.observed.value or 0.0
        shares = (observed, each.observed.low, each.observed.high)
        y, low, high = (round(_TOP + _SIDE * (1 - share), 1) for share in shares)
        title = f"expected {each.expected:.2f}, observed {observed:.2f}, {each.pairs} pairs"
        found.append(Point(round(_LEFT + _SIDE * each.expected, 1), y, low, high, title))
    return tuple(found)
