"""Captions that come and go over a copy: what they change is told from what moves in the scene."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from tests.copies.copies_footage import HEIGHT, WIDTH, Pictures, encode, place, subject
from tests.copies.test_copies_takes import gesture
from verify.copies import relate
from verify.geometry.agreement import moving
from verify.model import RelationKind
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

STRICT = replace(SETTINGS, copies=replace(SETTINGS.copies, proof_one_sided=1.1))  # both must change alike
WORDS = ("they came", "at night and", "nobody saw", "what they did", "until it", "was day")


def captioned(pictures: Pictures) -> Pictures:
    """Large words under the scene, others every 0.6 seconds."""
    shown = []
    for number, picture in enumerate(pictures):
        drawn = picture.copy()
        for level, thick in ((0, 6), (255, 2)):
            text, font = WORDS[number // 15 % len(WORDS)], cv2.FONT_HERSHEY_SIMPLEX
            cv2.putText(drawn, text, (14, 234), font, 1.1, (level,) * 3, thick)
        shown.append(drawn)
    return shown


def test_captions_that_change_do_not_make_a_copy_another_take(tmp_path: Path) -> None:
    source = subject(encode(tmp_path / "source.mp4", gesture(1), crf=20))
    copied, other = (
        subject(encode(tmp_path / f"{take}.mp4", captioned(gesture(take)), crf=24)) for take in (1, 2)
    )
    assert relate(source, copied).relation.kind is RelationKind.COPY
    assert relate(source, copied, STRICT).relation.kind is not RelationKind.COPY
    assert relate(source, other).relation.kind is not RelationKind.COPY


def test_changes_are_told_by_whose_they_are() -> None:
    room = place(31)[:HEIGHT, :WIDTH].astype(np.uint8)
    ours, theirs = room.copy(), room.copy()
    for picture in (ours, theirs):
        cv2.circle(picture, (80, 70), 30, (225,), -1)
    cv2.putText(theirs, WORDS[0], (20, 200), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (255,), 4)
    found = moving(ours, theirs, np.eye(3), (room, room), SETTINGS.geometry)
    assert found.ours.share > 0.95
    assert found.theirs.share < 0.7
    assert found.ours.patches < found.theirs.patches == found.changes.patches
    assert found.changes.share == found.theirs.share
