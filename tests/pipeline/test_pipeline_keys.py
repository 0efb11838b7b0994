"""Key frames out of the decoding pass, against the pictures that decoding again gives."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from verify.errors import MissingFileError
from verify.media import frames, pictures
from verify.pipeline import keys
from verify.pipeline.keys import KeyPictures
from verify.settings import FingerprintSettings

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import MakeClip

LENGTH, MOST = Fraction(2), 2
WANTED = ((Fraction(1, 2), Fraction(1, 3)), (Fraction(3, 2), Fraction(1, 3)))


def held_of(path: Path, settings: FingerprintSettings) -> KeyPictures:
    held = KeyPictures(LENGTH, MOST, settings)
    for frame in frames(path):
        held.add(frame)
    return held


def test_what_is_held_is_the_picture_at_its_time_and_nothing_is_decoded(
    make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, asked = make_clip(), []
    held = held_of(path, FingerprintSettings())
    monkeypatch.setattr(keys, "pictures", lambda _, times, *__, **___: asked.extend(times) or iter(()))
    taken = list(held.take(path, WANTED, 64))
    assert asked == []
    for (time, slack), picture in zip(WANTED, taken, strict=True):
        assert abs(picture.time - time) <= slack
        (again,) = pictures(path, [picture.time], 64)
        assert again.time == picture.time
        assert np.array_equal(again.rgb, picture.rgb)


def test_what_there_was_no_room_for_is_decoded_again(make_clip: MakeClip) -> None:
    path = make_clip()
    held = held_of(path, FingerprintSettings(key_bytes=1))
    taken = list(held.take(path, WANTED, 64))
    assert [picture.time <= time for (time, _), picture in zip(WANTED, taken, strict=True)] == [True, True]
    path.unlink()
    with pytest.raises(MissingFileError):
        list(held.take(path, WANTED, 64))


def test_no_more_is_held_than_there_is_room_for(make_clip: MakeClip) -> None:
    path = make_clip()
    size = next(iter(frames(path))).nbytes
    held = held_of(path, FingerprintSettings(key_bytes=3 * size))
    asked = [(Fraction(step, 20), Fraction(1, 40)) for step in range(40)]
    near = [picture.time for picture in held.take(path, asked, 16)]
    assert len(held) == 3
    assert len(near) == len(asked)
