"""What a validation says to a reader: numbers with their bounds, and nothing that a name can add."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from report_build import still

from verify.calibration.answer import Answer
from verify.calibration.figures import figures
from verify.calibration.ratio import fit, from_json
from verify.calibration.truth import Pair, PairKind, TrueSegment
from verify.calibration.validation import Left, Source, Validation
from verify.errors import OutputExistsError
from verify.model import WHOLE, Relation, RelationKind, Segment, Span
from verify.pipeline.tool import describe
from verify.report.validation import as_dict, summary, table_json, to_json, write
from verify.report.validation_page import points, to_html
from verify.report.validation_words import percent
from verify.report.wording import DISCLAIMER
from verify.settings import SETTINGS

HOSTILE = "<b>clip\u202e.mp4"
EIGHT = Span(Fraction(0), Fraction(8))
SAME = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def _answer(source: str, transform: str, kind: PairKind, said: RelationKind, correlation: float) -> Answer:
    copy = said is RelationKind.COPY
    relation = Relation(
        "a",
        "b",
        said,
        ("what moves agrees",),
        segments=(Segment(EIGHT, EIGHT, False, WHOLE, WHOLE, SAME, 0.9),) if copy else (),
        measured={"correlation": correlation, "control": 0.0, "voted": 4.0},
    )
    truth = (TrueSegment(EIGHT, EIGHT),) if kind is PairKind.COPY else ()
    pair = Pair(Path(source), Path("b"), kind, transform, source, truth)
    return Answer(
        pair, relation, (source,), Fraction(1, 25), (5.0,), names=(source, f"copies/{transform}.mp4")
    )


def _validation() -> Validation:
    answers = []
    for number in range(12):
        source = f"clips/{number}.mp4"
        answers.append(_answer(source, "crop-50", PairKind.COPY, RelationKind.COPY, 0.9))
        answers.append(_answer(source, "same-camera-later", PairKind.HARD, RelationKind.SAME_CAMERA, 0.1))
    answers.append(_answer(HOSTILE, "mirror", PairKind.COPY, RelationKind.NONE_FOUND, 0.2))
    answers.append(_answer("clips/1.mp4", "shared-intro", PairKind.HARD, RelationKind.COPY, 0.8))
    answers.append(_answer("clips/1.mp4", "unrelated", PairKind.EASY, RelationKind.NONE_FOUND, 0.0))
    failed = _answer("clips/2.mp4", "trim", PairKind.COPY, RelationKind.NONE_FOUND, 0.0)
    answers.append(replace(failed, relation=None, problem="it took too long"))
    fitted = fit(answers, {"media": "clips"})
    assert fitted is not None
    return Validation(
        created=datetime(2026, 11, 23, 10, tzinfo=UTC),
        tool=describe(SETTINGS),
        media="clips",
        seed=7,
        per_source=1,
        transforms=("crop-50", "mirror", "trim"),
        sources=(Source("clips/1.mp4", "ab" * 32, 8.0), Source(HOSTILE, "cd" * 32, 9.0)),
        unused=(Left("clips/broken.mp4", "no picture"), Left("clips/notes.txt", "no media", failed=False)),
        not_made=(Left("speed-2 of clips/1.mp4", "the disk is full"),),
        answers=tuple(answers),
        easy_possible=66,
        figures=figures(answers),
        table=fitted[0],
        curve=fitted[1],
        stills={HOSTILE: still(HOSTILE, 4.0, 1)},
        timings={"examining": 1.5},
    )


@pytest.fixture(scope="module")
def validation() -> Validation:
    return _validation()


def test_the_summary_gives_counts_with_their_bounds_and_what_was_left_out(validation: Validation) -> None:
    text = summary(validation)
    assert (
        "12 of 13 copies were found (92\u00a0%; on footage and edits like these, between 67\u00a0% and"
        in text
    )
    assert "1 false among 13 pairs that look alike and are no copies, from 12 sources" in text
    assert "0 false among 1 pair of different recordings" in text
    assert "mirror (0 of 1)" in text
    assert (
        "clips/broken.mp4: no picture; 1 file of the folder left aside; not made: 1 copy or negative" in text
    )
    assert DISCLAIMER in text
    assert "\u202e" not in text


def test_the_json_holds_what_was_counted_and_every_pair_that_matters(validation: Validation) -> None:
    held = json.loads(to_json(validation))
    assert held["schema"] == "verify-validation/1"
    assert held["complete"] is False
    assert held["figures"]["found"] | {"low": 0, "high": 1} == {
        "hits": 12,
        "of": 13,
        "value": pytest.approx(12 / 13, abs=1e-6),
        "low": 0,
        "high": 1,
    }
    kinds = [pair["kind"] for pair in held["pairs"]]
    assert (kinds.count("copy"), kinds.count("hard"), kinds.count("easy")) == (14, 13, 0)
    wrong = [(pair["transform"], pair["right"]) for pair in held["pairs"] if pair["right"] is not True]
    assert wrong == [("mirror", False), ("shared-intro", False), ("trim", None)]
    assert held["media"]["unused"][0] == {"name": "clips/broken.mp4", "reason": "no picture", "failed": True}
    assert held["pairs"][0]["said"]["measured"]["correlation"] == 0.9


def test_a_written_table_is_read_as_it_was(validation: Validation) -> None:
    table = validation.table
    assert table is not None
    read = from_json(table_json(table))
    assert read.knots == tuple(
        type(knot)(round(knot.score, 6), round(knot.log10_lr, 6)) for knot in table.knots
    )
    assert (read.against, read.other_sources, read.origin) == (table.against, 12, {"media": "clips"})
    assert as_dict(validation)["likelihood_ratios"] == json.loads(table_json(table))


def test_the_page_shows_all_parts_and_no_name_adds_markup(validation: Validation) -> None:
    page = to_html(validation)
    for part in ("found", "false", "placed", "edits", "ratios", "wrong", "media", "methods"):
        assert f'<section id="{part}"' in page
    assert "<b>clip" not in page
    assert "\u202e" not in page
    assert "&lt;b&gt;clip" in page
    assert page.count("<img") == 1
    assert "data:image/jpeg" in page
    assert "A copy, and not found to be one: none found." in page
    assert "No copy by how it was made, and said to be one. Made of clips/1.mp4." in page
    assert "it took too long" in page
    assert "the disk is full" in page
    assert DISCLAIMER in page
    assert "http" not in page.split("</style>")[1]


def test_verdict_words_are_not_used(validation: Validation) -> None:
    own = (to_html(validation) + summary(validation)).replace(DISCLAIMER, "").lower()
    for word in ("authentic", "fake", "tampered", "manipulated"):
        assert word not in own


def test_a_validation_with_nothing_in_it_can_be_shown(validation: Validation) -> None:
    empty = replace(validation, answers=(), figures=figures(()), table=None, curve=(), stills={})
    assert "No copy could be made and compared." in summary(empty)
    page = to_html(empty)
    assert "too few independent sources" in page
    assert "None: every copy was found" not in page
    assert json.loads(to_json(empty))["likelihood_ratios"] is None


def test_the_curve_is_drawn_with_certainty_at_the_top_right(validation: Validation) -> None:
    low, high = points(validation.curve)[0], points(validation.curve)[-1]
    assert low.x < high.x
    assert low.y > high.y
    assert high.high <= high.y <= high.low


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1.0, "100"),
        (0.00015, "0.015"),
        (0.0025, "0.25"),
        (0.026, "2.6"),
        (0.5, "50"),
        (0.97, "97"),
        (0.998, "99.8"),
    ],
)
def test_shares_are_told_as_finely_as_they_need(value: float, text: str) -> None:
    assert percent(value) == f"{text}\u00a0%"


def test_a_validation_is_not_written_over(validation: Validation, tmp_path: Path) -> None:
    places = write(validation, tmp_path / "out")
    assert [place.name for place in places] == ["validation.json", "validation.html"]
    with pytest.raises(OutputExistsError):
        write(validation, tmp_path / "out")
    write(validation, tmp_path / "out", force=True)
    assert sorted(place.name for place in (tmp_path / "out").iterdir()) == [
        "validation.html",
        "validation.json",
    ]
