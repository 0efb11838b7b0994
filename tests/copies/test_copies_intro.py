"""A title that two clips begin with, up to a cut in both, is no copy, even where its tempo is misread."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from tests.copies.copies_footage import RATE, encode, filmed, subject
from verify.copies import relate
from verify.model import RelationKind, Span

if TYPE_CHECKING:
    from pathlib import Path

    from verify.copies import Subject
    from verify.copies.judgement import Judgement

TITLE = 80  # pictures


def after_a_title(folder: Path, name: str, place: int, tempo: float) -> Subject:
    """A title at some tempo, then another place; the cut is known."""
    title = filmed(1, 1, TITLE)
    shown = [title[round(number * tempo)] for number in range(int((TITLE - 1) / tempo))]
    clip = subject(encode(folder / f"{name}.mp4", [*shown, *filmed(place, place, 75)]))
    cut, end = Fraction(len(shown), RATE), clip.media.span.end
    return replace(clip, media=replace(clip.media, shots=(Span(Fraction(0), cut), Span(cut, end))))


def related(folder: Path, tempo: float) -> Judgement:
    return relate(after_a_title(folder, "one", 11, 1.0), after_a_title(folder, "two", 12, tempo))


def test_a_title_that_two_clips_share_is_no_copy(tmp_path: Path) -> None:
    found = related(tmp_path, 1.07).relation
    assert found.kind is RelationKind.NONE_FOUND
    assert "a title or end card that they share" in found.because[0]


def test_what_runs_at_another_speed_is_no_title(tmp_path: Path) -> None:
    assert related(tmp_path, 1.3).relation.kind is RelationKind.COPY


@pytest.mark.parametrize(("still", "kind"), [(True, RelationKind.NONE_FOUND), (False, RelationKind.COPY)])
def test_a_card_that_stands_up_to_its_cut_belongs_to_the_title(
    still: bool, kind: RelationKind, tmp_path: Path
) -> None:
    title, clips = filmed(1, 1, TITLE), []
    for name, place in (("one", 11), ("two", 12)):
        # What follows the title: itself as it ends, or something that moves otherwise in each clip.
        after = [title[-1]] * 45 if still else filmed(place + 10, place + 10, 45)
        clip = subject(encode(tmp_path / f"{name}.mp4", [*title, *after, *filmed(place, place, 75)]))
        cut, end = Fraction(TITLE + 45, RATE), clip.media.span.end
        clips.append(replace(clip, media=replace(clip.media, shots=(Span(Fraction(0), cut), Span(cut, end)))))
    assert relate(*clips).relation.kind is kind
