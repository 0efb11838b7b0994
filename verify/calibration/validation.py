"""What a validation comes to: the figures, what they were taken on, and what they were not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from verify.calibration.answer import Answer
    from verify.calibration.figures import Figures
    from verify.calibration.ratio import Bin, Table
    from verify.model import Still, Tool


@dataclass(frozen=True, slots=True)
class Left:
    """Something that was not used, or not made, and why."""

    name: str
    reason: str
    failed: bool = True  # False: left aside for a good reason


@dataclass(frozen=True, slots=True)
class Source:
    """A clip of the folder that copies were made of."""

    name: str  # its path, as given
    sha256: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Validation:
    """One run, ready to be written."""

    created: datetime
    tool: Tool
    media: str  # the folder as given, or the name of what ships with the program
    seed: int
    per_source: int
    transforms: tuple[str, ...]
    sources: tuple[Source, ...]
    unused: tuple[Left, ...]  # files of the folder, and why they were not used
    not_made: tuple[Left, ...]  # copies and negatives that could not be made
    answers: tuple[Answer, ...]
    easy_possible: int  # pairs of different sources that could have been compared
    figures: Figures
    table: Table | None
    curve: tuple[Bin, ...] = ()
    stills: Mapping[str, Still] = field(default_factory=dict)  # by name of the clip, of pairs that went wrong
    timings: Mapping[str, float] = field(default_factory=dict)  # seconds by stage

    @property
    def complete(self) -> bool:
        """Whether every file of the folder could be read and every pair compared."""
        return not (self.figures.failed or self.not_made or any(left.failed for left in self.unused))
