"""A moving camera: maps of moments that are a little apart, and the offsets that they draw with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.copies.copies_footage import encode, filmed, subject
from verify.copies.align import align
from verify.copies.closer import closer
from verify.copies.line import Line
from verify.copies.seeds import Seed
from verify.geometry import fit
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

ONCE = replace(SETTINGS, copies=replace(SETTINGS.copies, closer_most=1))


def test_the_map_comes_closer_as_long_as_that_moves_the_offset(tmp_path: Path) -> None:
    source = subject(encode(tmp_path / "source.mp4", filmed(3, 1, 100)))
    copied = subject(encode(tmp_path / "copy.mp4", filmed(3, 1, 100), crf=30))
    found = align(source.track, copied.track, [Seed(np.eye(3), 0.0, 0.0, 50)], SETTINGS.copies)
    assert found is not None
    # As a seed's moments may have it: a quarter of a second apart, by a map that is off as well.
    apart = replace(found.stretches[0], line=Line(1.0, 0.24), correlation=0.4, a=(0.3, 3.7), b=(0.54, 3.94))
    off = np.array([[1, 0, 0.05], [0, 1, -0.04], [0, 0, 1.0]])
    wrong = replace(found, stretches=(apart,), matrix=off, seed=replace(found.seed, matrix=off))
    again, matrix = closer(source, copied, wrong, SETTINGS)
    assert again.stretches[0].line.origin == pytest.approx(0.0, abs=0.005)
    assert fit.apart(matrix, np.eye(3)) < 0.003
    assert fit.apart(closer(source, copied, wrong, ONCE)[1], np.eye(3)) > 0.01


def test_what_is_as_close_as_it_can_be_stays(tmp_path: Path) -> None:
    source = subject(encode(tmp_path / "source.mp4", filmed(3, 1, 60)))
    found = align(source.track, source.track, [Seed(np.eye(3), 0.0, 0.0, 50)], SETTINGS.copies)
    assert found is not None
    again, matrix = closer(source, source, found, SETTINGS)
    assert again.stretches[0].line == found.stretches[0].line
    assert fit.apart(matrix, np.eye(3)) < 0.002
