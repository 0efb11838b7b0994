"""Two takes of one short movement before one camera, which agree as a whole, and copies of one of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from tests.copies.copies_footage import HEIGHT, WIDTH, Derived, Pictures, encode, filmed, path, place, subject
from verify.copies import relate
from verify.model import RelationKind
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 60  # pictures; 2.4 s
COAT = 120, 130  # pixels
TRUSTING = replace(SETTINGS, copies=replace(SETTINGS.copies, proof_changes=0.0))


def gesture(take: int) -> Pictures:
    """A printed coat that sways, and a hand that goes up, stays and comes down, nearly alike in all takes."""
    room = place(31)[:HEIGHT, :WIDTH]
    coat = place(32)[: COAT[1], : COAT[0]]
    random = np.random.default_rng(take)
    sway, hand = path(40 + take, COUNT, 2.5, 15), path(50 + take, COUNT, 9.0, 15)
    raised = np.interp(np.arange(COUNT), [0, 8, 22, 38, 52, 59], [0, 0, 1, 1, 0, 0])
    shown = []
    for number in range(COUNT):
        move = np.array([[1.0, 0, 100 + sway[number, 0]], [0, 1, 70 + sway[number, 1]]])
        picture = room.copy()
        cv2.warpAffine(
            coat,
            move,
            (WIDTH, HEIGHT),
            dst=picture,
            borderMode=cv2.BORDER_TRANSPARENT,
            flags=cv2.INTER_LINEAR,
        )
        spot = np.array([95 - 30 * raised[number], 200 - 130 * raised[number]]) + hand[number]
        cv2.circle(picture, (int(spot[0]), int(spot[1])), 17, 225.0, -1)
        grey = np.clip(picture + random.normal(0, 1.5, picture.shape), 0, 255).astype(np.uint8)
        shown.append(np.repeat(grey[..., None], 3, axis=2))
    return shown


def test_two_takes_of_a_gesture_are_no_copy(tmp_path: Path) -> None:
    one, two = (subject(encode(tmp_path / f"{take}.mp4", gesture(take), crf=20)) for take in (1, 2))
    assert relate(one, two).relation.kind is RelationKind.SAME_CAMERA
    # The coat's print agrees wherever it sways; it is what changes in the patches that tells.
    assert relate(one, two, TRUSTING).relation.kind is RelationKind.COPY


@pytest.mark.parametrize(
    "made",
    [Derived(0, 2.4, crf=36), Derived(0, 2.4, crop=(0.1, 0.1, 0.9, 0.9), size=(256, 192), mirror=True)],
)
def test_a_copy_of_the_gesture_is_one(made: Derived, tmp_path: Path) -> None:
    taken = gesture(1)
    source = subject(encode(tmp_path / "source.mp4", taken, crf=20))
    copied = subject(made.write(tmp_path / "copy.mp4", taken))
    found = relate(source, copied).relation
    assert found.kind is RelationKind.COPY


def test_another_take_is_no_second_showing_of_a_copy(tmp_path: Path) -> None:
    source = subject(encode(tmp_path / "source.mp4", [*gesture(1), *gesture(2)], crf=20))
    copied = subject(encode(tmp_path / "copy.mp4", gesture(1), crf=26))
    # What votes and patches would refuse, so that only the two takes beside each other are left to tell.
    votes = replace(TRUSTING.copies, twice=0.0, beside=0.0, sure=0.0)
    found = relate(source, copied, replace(SETTINGS, copies=votes)).relation
    assert [float(each.a.end) for each in found.segments] == [pytest.approx(2.4, abs=0.05)]
    assert "repeated" not in {edit.kind for edit in found.edits}
    anything = replace(votes, proof_twice=1.0)
    assert len(relate(source, copied, replace(SETTINGS, copies=anything)).relation.segments) == 2


def test_frames_that_agree_for_less_time_than_the_votes_need_clear_changes(tmp_path: Path) -> None:
    taken = filmed(7, 1, 200, 0.0)
    source = subject(encode(tmp_path / "source.mp4", taken))
    # The votes bridge the moment that was taken out; the frames end each stretch there.
    copied = subject(encode(tmp_path / "copy.mp4", [*taken[:70], *taken[80:150]], crf=28))
    assert len(relate(source, copied).relation.segments) == 2
    unclear = replace(SETTINGS, copies=replace(SETTINGS.copies, proof_clear=1.1))
    assert relate(source, copied, unclear).relation.kind is not RelationKind.COPY
