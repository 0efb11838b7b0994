from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

import verify
from verify.model import Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import MakeClip

CASE = """
[place]
latitude = 55.7525
longitude = 37.6175
timezone = "Europe/Moscow"
[[clip]]
id = "a"
path = "a.mp4"
  [[clip.claim]]
  by = "somebody"
  filmed = 2023-05-03T02:30:00
  [[clip.reading]]
  what = "open sky"
  box = [0, 0, 1, 0.5]
  [[clip.reading]]
  value = 1.0
  unit = "shadow ratio"
"""


def test_a_bright_sky_and_a_shadow_contradict_a_claimed_night(tmp_path: Path, make_clip: MakeClip) -> None:
    picture = np.full((128, 192, 3), 40, np.uint8)
    picture[:72] = 210
    make_clip("a.mp4", [picture] * 12)
    (tmp_path / "case.toml").write_text(CASE, "utf-8")
    report = verify.investigate(tmp_path / "case.toml", jobs=1, cache=False)
    (finding,) = [item for item in report.findings if item.check == "claimed-light/1"]
    assert finding.outcome is Outcome.INCONSISTENT
    assert "claimed by somebody" in finding.statement
    claimed = next(entry for entry in report.timeline if entry.kind == "claimed")
    sky = {entry.id for entry in report.timeline if entry.kind == "sky"}
    assert sky
    assert sky <= set(claimed.conflicts_with)
