"""How bright a picture is, and the parts of it that a person marked as open sky."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify.checks.evidence import Evidence
    from verify.model import Box, Media

OPEN_SKY = "open sky"  # what a reading says that marks it
_UNMEASURED = (
    "A part marked as open sky was not measured: it must hold a whole one of the 9 x 16 cells that "
    "brightness is kept in, at a second that the clip has."
)
_EDGE = 0.05  # of a cell; boxes are written with two digits


@dataclass(frozen=True, slots=True)
class Light:
    """A brightness, and from where on it is dark or bright."""

    name: str
    level: float
    dark: float
    bright: float
    sky: bool

    @property
    def is_dark(self) -> bool:
        """Whether it is as dark as by night."""
        return self.level <= self.dark

    @property
    def is_bright(self) -> bool:
        """Whether it is as bright as by day."""
        return self.level >= self.bright

    @property
    def words(self) -> str:
        """Dark, bright or neither, with the level."""
        name = "dark" if self.is_dark else "bright" if self.is_bright else "neither dark nor bright"
        return f"{name} (mean level {self.level:.0f} of 255)"

    def limit(self, sun: float) -> float:
        """From where on the level would speak against a sun of that altitude."""
        return self.dark if sun > 0 else self.bright


def lights_of(media: Media, evidence: Evidence) -> tuple[list[Light], str]:
    """The whole picture's brightness and that of each marked sky; and what of it could not be measured."""
    found, missing, settings = [], "", evidence.sky
    whole = evidence.light.get((media.id, None))
    if whole is not None:
        level = float(_without_bars(whole, settings.bar_level).mean())
        found.append(Light("brightness of the picture", level, settings.dark, settings.bright, False))
    said = evidence.said.get(media.id)
    for reading in said.readings if said else ():
        if reading.box is None or reading.what.strip().casefold() != OPEN_SKY:
            continue
        sky = _inside(evidence.light.get((media.id, reading.at)), reading.box)
        if sky is None:
            missing = _UNMEASURED
        else:
            found.append(Light("brightness of the sky", sky, settings.sky_dark, settings.sky_bright, True))
    return found, missing


def _without_bars(grid: NDArray[np.float32], black: float) -> NDArray[np.float32]:
    """A grid of cells without its black margins; one that is all black is left as it is."""
    rows, columns = (np.flatnonzero(grid.max(axis=axis) > black) for axis in (1, 0))
    return grid[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if len(rows) else grid


def _inside(grid: NDArray[np.float32] | None, box: Box) -> float | None:
    """Mean of the cells of a grid (rows, columns) that lie in a box as a whole; None where none does."""
    if grid is None:
        return None
    cells = grid[_within(grid.shape[0], box.y, box.height), _within(grid.shape[1], box.x, box.width)]
    return float(cells.mean()) if cells.size else None


def _within(count: int, start: float, length: float) -> slice:
    """Those of `count` equal parts of 0..1 that lie within `start` to `start + length`."""
    return slice(math.ceil(start * count - _EDGE), math.floor((start + length) * count + _EDGE))
