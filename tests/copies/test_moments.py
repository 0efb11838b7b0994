"""Where two clips are looked at side by side."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from verify.copies import moments
from verify.copies.line import Line
from verify.media import keyframes, pictures, probe
from verify.model import Media, MediaKind, Role, Video

if TYPE_CHECKING:
    from tests.conftest import MakeClip

NO_KEYS: tuple[float, ...] = ()


def media(name: str, rate: Fraction | None = Fraction(25)) -> Media:
    video = Video("h264", 640, 360, 250, rate)
    return Media(name, Path(name), Role.CLIP, MediaKind.VIDEO, duration=Fraction(10), video=video)


def keyed(monkeypatch: pytest.MonkeyPatch, **keys: tuple[float, ...]) -> None:
    monkeypatch.setattr(moments, "keyframes", lambda path: keys.get(str(path), NO_KEYS))


@pytest.mark.parametrize("rates", [(25, 25), (25, Fraction(25, 2)), (Fraction(25, 2), 25), (30, 25)])
@pytest.mark.parametrize("slip", [-0.006, -0.0001, 0.0, 0.0001, 0.006])
def test_moments_meet_the_same_frame_though_the_offset_is_a_little_off(
    monkeypatch: pytest.MonkeyPatch, rates: tuple[Fraction, Fraction], slip: float
) -> None:
    keyed(monkeypatch)
    a, b = (Fraction(each) for each in rates)
    found = moments.spread(media("a", a), media("b", b), (1.0, 7.0), Line(1.0, 0.44 + slip), 3)
    assert len(found) == 3
    for number, (ours, theirs) in enumerate(found):
        assert abs(float(ours) - (2 + 2 * number)) < 0.1
        # When the frame began that the source showed: b is 0.44 s late.
        shown_a, shown_b = int(ours * a) / a, int(theirs * b) / b - Fraction(11, 25)
        assert abs(float(shown_a - shown_b)) < float(1 / max(a, b)) + 1e-9
        if 25 in {a, b} and 30 not in {a, b}:
            assert shown_a == shown_b


def test_moments_without_frame_rates_are_evenly_spread(monkeypatch: pytest.MonkeyPatch) -> None:
    keyed(monkeypatch)
    found = moments.spread(media("a", None), media("b"), (0.0, 6.0), Line(1.0, 1.5), 3)
    assert [(float(a), float(b)) for a, b in found] == [(1, 2.5), (3, 4.5), (5, 6.5)]


def test_moments_lie_a_little_behind_key_frames_one_in_each_part(monkeypatch: pytest.MonkeyPatch) -> None:
    keyed(monkeypatch, a=(0.0, 4.5), b=(0.5, 1.3, 2.5, 6.1, 9.9))
    found = moments.spread(media("a"), media("b"), (0.0, 9.0), Line(1.0, 0.5), 3)
    # In the middle part a second is entered at 5.6 + 0.2, where a is decoded from 4.5 and b from 6.1.
    assert [round(float(a), 1) for a, _ in found] == [1.0, 5.8, 7.5]
    assert all(abs(float(b - a) - 0.5) < 0.03 for a, b in found)


def test_the_key_frames_of_a_file_are_found(make_clip: MakeClip) -> None:
    path = make_clip(seconds=4, rate=10, options={"preset": "ultrafast", "g": "10", "sc_threshold": "0"})
    assert keyframes(path) == pytest.approx((0, 1, 2, 3), abs=0.11)


def test_a_picture_is_decoded_once(make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = probe(make_clip(), id="a", role=Role.CLIP)
    asked: list[Fraction] = []

    def counted(path: Path, times: list[Fraction], side: int, *, threads: int) -> object:
        asked.extend(times)
        return pictures(path, times, side, threads=threads)

    monkeypatch.setattr(moments, "pictures", counted)
    first, second = Fraction(3, 2), Fraction(1, 2)
    one = moments.shown(clip, [first, second], 192)
    grey = moments.greys(clip, [second, first, second], 64)
    assert sorted(asked) == [second, first]
    assert [each.shape for each in grey] == [(43, 64)] * 3
    assert np.array_equal(one[0], next(pictures(clip.path, [first], None)).rgb)


def test_pictures_are_kept_within_a_bound(make_clip: MakeClip) -> None:
    clip = probe(make_clip(), id="a", role=Role.CLIP)
    limits = type(moments._LIMITS)(kept_bytes=3 * 192 * 128 * 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moments, "_LIMITS", limits)
        shown = moments.shown(clip, [Fraction(index, 12) for index in range(12)], 192)
    assert len(shown) == 12
    assert len([key for key in moments._KEPT if key[0] == clip.path]) <= 3
