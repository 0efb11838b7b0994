"""What a check may look at, and what makes a function a check."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from verify import metadata
from verify.errors import CheckError, VerifyError
from verify.media import pictures
from verify.model import Finding, Outcome, Place
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from verify.claims import CaseInput
    from verify.model import Event, Media, Relation
    from verify.settings import CheckSettings, SkySettings


def displayed(path: Path) -> NDArray[np.uint8]:
    """The picture of a still as a viewer shows it, (H, W, 3) RGB 0-255, shrunk to what checks need.

    Raises:
        CheckError: the file gives no picture.
        VerifyError: it could not be read.
    """
    for picture in pictures(path, [Fraction(0)], SETTINGS.checks.picture_side):
        return picture.rgb
    raise CheckError(f"{path}: no picture could be decoded")


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was examined, and ways to the files where a check needs their pictures."""

    media: tuple[Media, ...]
    relations: tuple[Relation, ...] = ()
    events: tuple[Event, ...] = ()
    settings: CheckSettings = SETTINGS.checks
    picture: Callable[[Path], NDArray[np.uint8]] = field(default=displayed)
    thumbnail: Callable[[Path], bytes | None] = field(default=metadata.thumbnail)
    sky: SkySettings = SETTINGS.sky
    place: Place = field(default_factory=Place)  # where the incident is said to be
    said: Mapping[str, CaseInput] = field(default_factory=dict)  # what the case says of a file, by its id
    # Brightness by file and second (None: as it usually is): `verify.scene.light.usual`.
    light: Mapping[tuple[str, float | None], NDArray[np.float32]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """One question, asked of all the evidence. Calling it gives its findings."""

    name: str  # name/version: a change of what it finds is a new version
    title: str
    limits: str  # what it cannot show; printed with every finding
    examine: Callable[[Evidence], Iterable[Finding]]

    def __call__(self, evidence: Evidence) -> Iterable[Finding]:
        """The findings about the evidence.

        Raises:
            VerifyError: the check could not be carried out.
        """
        return self.examine(evidence)


def per_file(
    name: str, title: str, limits: str
) -> Callable[[Callable[[Media, Evidence], Finding | None]], Check]:
    """Make a check of a question about one file; None means that the question does not arise.

    A file on which the question could not be answered gets a finding that says so, and the next is asked.
    """

    def wrap(question: Callable[[Media, Evidence], Finding | None]) -> Check:
        def examine(evidence: Evidence) -> Iterator[Finding]:
            for media in evidence.media:
                if media.error is not None:
                    continue
                try:
                    finding = question(media, evidence)
                except VerifyError as error:
                    finding = not_run(name, (media.id,), limits, error)
                if finding is not None:
                    yield finding

        return Check(name, title, limits, examine)

    return wrap


def not_run(name: str, subjects: tuple[str, ...], limits: str, error: VerifyError) -> Finding:
    """The finding that stands for a check which could not be carried out."""
    reason = " ".join(filter(None, (error.message, error.hint)))
    return Finding(name, subjects, Outcome.NOT_RUN, f"Not examined: {reason}", limits)
