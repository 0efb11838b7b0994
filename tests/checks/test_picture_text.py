from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from verify.checks import Evidence
from verify.checks.picture_text import picture_text
from verify.model import Box, Media, MediaKind, Outcome, Role, Span, Text, Video

BOX = Box(0.1, 0.1, 0.2, 0.05)
WHOLE = Span(Fraction(1), Fraction(9))


def clip(*texts: Text) -> Media:
    video = Video("h264", 64, 48, 50, None)
    return Media("a", Path("a.mp4"), Role.CLIP, MediaKind.VIDEO, video=video, texts=texts)


def test_names_clocks_and_lines_that_were_not_read_are_told_apart() -> None:
    texts = (
        Text("@a_channel", BOX, WHOLE, 0.9, "account", 6, True),
        Text("02:27", BOX, WHOLE, 0.8, "clock", 2, False, ((Fraction(1), "02:27"), (Fraction(9), "02:28"))),
        Text("BREAKING", BOX, Span(Fraction(2), Fraction(2)), 0.9),
        Text(None, BOX, WHOLE, 0.0),
    )
    (finding,) = picture_text(Evidence((clip(*texts),)))
    assert finding.outcome is Outcome.INCONCLUSIVE
    assert 'posted: "@a_channel", in its place throughout' in finding.statement
    assert '"02:27" at 1.00 s, "02:28" at 9.00 s' in finding.statement
    assert 'other text: "BREAKING" at 2.00 s' in finding.statement
    assert "located and not read, for example in another script: 1" in finding.statement
    assert [measured.value for measured in finding.measurements] == [4, 1]


def test_no_text_is_no_question() -> None:
    assert list(picture_text(Evidence((clip(),)))) == []


def test_many_texts_are_counted() -> None:
    texts = [Text(f"sign {number}", BOX, WHOLE, 0.9) for number in range(9)]
    (finding,) = picture_text(Evidence((clip(*texts),)))
    assert '"sign 4"' in finding.statement
    assert '"sign 5"' not in finding.statement
    assert "and 4 more" in finding.statement
