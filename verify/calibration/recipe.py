"""What a transform is: a name, steps on time and on the picture, a frame rate and an encoding."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verify.media.writing import Encoding

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.random import Generator

    from verify.calibration.drawing import PictureStep
    from verify.calibration.time import TimeStep


@dataclass(frozen=True, slots=True)
class Transform:
    """A name and what is done."""

    name: str
    time: tuple[TimeStep, ...] = ()
    picture: tuple[PictureStep, ...] = ()
    rate: Fraction | None = None  # frames a second of the copy; None: the source's
    encoding: Encoding = field(default_factory=Encoding)
    needs_other: bool = False  # whether it shows or sounds of other footage
    other_sound: bool = False  # the other footage's sound under the source's picture
    parts: tuple[str, ...] = ()  # names of the transforms that it was drawn from

    @property
    def kinds(self) -> tuple[str, ...]:
        """Edit kinds that it causes by itself; what a pair really has stands in its truth."""
        found = [kind for step in self.time for kind in step.kinds]
        found += [kind for step in self.picture for kind in step.kinds]
        return tuple(dict.fromkeys([*found, *(["frame_rate"] if self.rate else [])]))

    def drawn(self, dice: Generator) -> Transform:
        """The transform itself; one that leaves its steps to chance gives what it drew."""
        return self
