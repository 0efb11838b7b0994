"""The staged case: what its truth says of the flash and of the two figures is what is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from verify.media import probe
from verify.model import WHOLE, Box, Registration
from verify.scene import differences_of, watch

CASE = Path(__file__).parents[2] / "samples" / "dome"
UNUSED = Registration("fundamental", ((1, 0, 0), (0, 1, 0), (0, 0, 1)), 30, WHOLE, WHOLE)


@pytest.fixture(scope="module")
def seen():
    clips = {name: probe(CASE / "clips" / f"{name}.mp4", id=name) for name in ("smoke", "dome")}
    return {name: (media, watch(media.path, media)) for name, media in clips.items()}


@pytest.fixture(scope="module")
def truth():
    return json.loads((CASE / "truth.json").read_text())


def test_the_flash_is_found_in_dome_and_none_in_smoke(seen, truth):
    (flash,) = seen["dome"][1].flashes
    start, end = truth["events"]["flash"]["dome"]
    assert abs(float(flash.span.start) - start) <= 0.1
    assert abs(float(flash.span.end) - end) <= 0.1
    assert seen["smoke"][1].flashes == ()


def test_the_figures_are_in_dome_and_smoke_could_have_shown_them(seen, truth):
    found = differences_of(*seen["smoke"], *seen["dome"], UNUSED)
    figures = Box(*truth["figures"]["box"])
    there = Box(*truth["figures"]["box_in_smoke"])
    best = max(
        (each for each in found if each.present_in == "dome"), key=lambda each: each.box.overlap(figures)
    )
    assert best.absent_from == "smoke"
    assert best.comparable
    assert best.box.overlap(figures) > 0.5
    assert best.box_in_other.overlap(there) > 0.25
    assert float(best.at.start) < 2
    assert float(best.at.end) > 5
