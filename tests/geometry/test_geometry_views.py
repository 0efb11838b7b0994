"""Views out of the decoding pass, against those that are decoded for the purpose."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from verify.geometry import View, ViewBuilder, from_arrays, to_arrays
from verify.geometry import view as decoded
from verify.media import frames, probe
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import MakeClip


def taken(path: Path, length: Fraction | None) -> tuple[View, ...]:
    builder = ViewBuilder(length, SETTINGS.geometry)
    for frame in frames(path):
        builder.add(frame)
    return builder.finish()


def test_views_of_a_pass_are_those_of_the_pictures_at_their_times(make_clip: MakeClip) -> None:
    path = make_clip()
    media = probe(path, id="clip")
    assert media.duration
    found = taken(path, media.duration)
    slot = media.duration / SETTINGS.geometry.views
    assert len(found) == SETTINGS.geometry.views
    for place, each in enumerate(found):
        assert 0 <= each.time - slot * (2 * place + 1) / 2 < Fraction(1, 5)
        again = decoded(media, each.time, SETTINGS.geometry)
        assert again.time == each.time
        assert again.aspect == each.aspect
        assert {tuple(xy) for xy in each.points.xy} <= {tuple(xy) for xy in again.points.xy}


def test_the_last_frame_stands_for_those_that_are_missing(make_clip: MakeClip) -> None:
    path = make_clip()
    last = [frame.time for frame in frames(path)][-1]
    found = taken(path, Fraction(1000))
    assert [each.time for each in found] == [last]
    assert [each.time for each in taken(path, None)] == [0]


def test_views_come_back_from_the_cache_as_they_were(make_clip: MakeClip) -> None:
    found = taken(make_clip(), Fraction(2))
    again = from_arrays(to_arrays(found))
    assert from_arrays(to_arrays(())) == ()
    assert [(each.time, each.aspect) for each in again] == [(each.time, each.aspect) for each in found]
    for one, two in zip(again, found, strict=True):
        assert np.array_equal(one.points.xy, two.points.xy)
        assert np.array_equal(one.points.descriptors, two.points.descriptors)
