"""Pairs judged in guarded processes: what they take up is what was laid down, and each gets its answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from verify.copies import Judgement, Subject
from verify.errors import VerifyError
from verify.fingerprint.track import TrackBuilder, from_arrays
from verify.geometry import views
from verify.media import frames, probe
from verify.model import RelationKind, Role
from verify.pipeline import judge as judging
from verify.pipeline.examine import Examined, ToExamine, examine
from verify.pipeline.judge import judge, lay, taken_up
from verify.pipeline.work import Work
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import MakeClip


def looked_at(path: Path) -> Examined:
    return examine(ToExamine(path, path.stem, Role.CLIP, 1, None, SETTINGS))


def test_a_subject_comes_back_from_its_file_as_it_was(make_clip: MakeClip, tmp_path: Path) -> None:
    path, builder = make_clip(), TrackBuilder()
    for frame in frames(path):
        builder.add(frame)
    media = probe(path, id="clip", role=Role.CLIP)
    subject = Subject(media, builder.finish(), views(media, SETTINGS.geometry))
    lay(subject, tmp_path / "subject")
    again = taken_up(tmp_path / "subject")
    assert again.media == media
    for name, array in subject.track.arrays().items():
        assert np.array_equal(again.track.arrays()[name], array), name
    for one, two in zip(again.views, subject.views, strict=True):
        assert one.time == two.time
        assert np.array_equal(one.points.descriptors, two.points.descriptors)
    assert not again.track.tiny.flags.writeable
    assert again.track.tiny.flags.aligned


def test_each_pair_gets_its_own_answer_in_the_order_asked(
    make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = make_clip("first.mp4", seed=1), make_clip("other.mp4", seed=2)
    clips = [looked_at(first), looked_at(other)]
    clips.append(replace(clips[0], seen=None))
    clips.append(replace(clips[0], media=replace(clips[0].media, id="again")))
    monkeypatch.setattr(judging, "_TILE", 1)  # another order of work
    places = [(1, 3), (0, 2), (0, 3), (0, 1)]
    judged = judge(clips, places, Work({"jobs": 1}))
    assert list(judged) == [(1, 3), (0, 3), (0, 1)]  # the third has no picture
    relations = [each.relation for each in judged.values() if isinstance(each, Judgement)]
    assert [(each.a, each.b) for each in relations] == [
        ("other", "again"),
        ("first", "again"),
        ("first", "other"),
    ]
    assert [each.kind is RelationKind.IDENTICAL for each in relations] == [False, True, False]


def test_an_input_whose_views_cannot_be_taken_says_so_in_its_pairs(
    make_clip: MakeClip, tmp_path: Path
) -> None:
    clips = [looked_at(make_clip("first.mp4", seed=1)), looked_at(make_clip("other.mp4", seed=2))]
    gone = replace(clips[1].media, path=tmp_path / "gone.mp4")
    assert clips[1].seen is not None
    clips[1] = replace(clips[1], media=gone, seen=replace(clips[1].seen, views={}))
    (result,) = judge(clips, [(0, 1)], Work({"jobs": 1})).values()
    assert isinstance(result, VerifyError)
    assert "gone.mp4" in result.message
    # Identical files are told without views.
    clips.append(replace(clips[1], media=replace(gone, id="again")))
    (result,) = judge(clips, [(1, 2)], Work({"jobs": 1})).values()
    assert isinstance(result, Judgement)
    assert result.relation.kind is RelationKind.IDENTICAL


def test_a_process_keeps_no_more_than_it_may(
    make_clip: MakeClip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = looked_at(make_clip())
    assert item.seen is not None
    subject = Subject(item.media, from_arrays(item.seen.track))
    paths = [tmp_path / call / str(number) for call in ("one", "two") for number in range(3)]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        lay(subject, path)
    monkeypatch.setattr(judging, "_HELD_BYTES", 1)
    for path in paths[:3]:
        judging._held(path)
    assert list(judging._HELD) == paths[1:3]  # the two of a pair, however large
    first = judging._held(paths[1])
    assert judging._held(paths[1]) is first
    judging._held(paths[3])
    assert list(judging._HELD) == paths[3:4]  # nothing of a call that has ended
