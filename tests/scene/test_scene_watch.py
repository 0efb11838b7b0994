"""Watching a clip for what moves in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.media import probe
from verify.model import Role
from verify.scene import watch
from verify.scene.steady import Anchor
from verify.settings import SETTINGS

if TYPE_CHECKING:
    import pytest

    from tests.conftest import MakeClip


def test_a_clip_in_which_no_view_can_be_followed_is_watched_to_its_end(
    make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = probe(make_clip(seconds=4), id="a", role=Role.CLIP)
    monkeypatch.setattr(Anchor, "locate", lambda self, luma: None)
    found = watch(clip.path, clip, SETTINGS.scene)
    assert found.movers == ()
    assert any("were not searched for movement" in note for note in found.notes)
