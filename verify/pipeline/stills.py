"""Pictures for the report: key frames of a file, the aligned frames of a pair, the two sides of a difference.

They illustrate; nothing is measured on them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import cv2

from verify.media import pictures
from verify.model import WHOLE, Exhibit, Mark, RelationKind, Still
from verify.report.digest import weightiest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from verify.model import Box, Difference, Media, Relation
    from verify.settings import ReportSettings

Moments = tuple[tuple[Fraction, Fraction], ...]


def still(media: Media, time: Fraction, rgb: NDArray[np.uint8], settings: ReportSettings) -> Still:
    """One picture as JPEG; `rgb` (H, W, 3) uint8 has the size that the report shows."""
    quality = [cv2.IMWRITE_JPEG_QUALITY, settings.still_quality]
    _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), quality)
    return Still(media.id, time, jpeg.tobytes(), rgb.shape[1], rgb.shape[0])


@dataclass(frozen=True, slots=True)
class Side:
    """A picture that is wanted: which input, which moment, and what is drawn over it."""

    media: Media
    time: Fraction
    marks: tuple[Mark, ...] = ()

    @property
    def key(self) -> tuple[str, Fraction]:
        """What two wants have in common that one picture serves."""
        within = min(max(self.time, Fraction(0)), self.media.duration) if self.media.duration else Fraction(0)
        return self.media.id, within


@dataclass(frozen=True, slots=True)
class Wanted:
    """An exhibit whose pictures are still to be taken."""

    kind: str
    sides: tuple[Side, Side]
    caption: str

    def exhibit(self, taken: Mapping[tuple[str, Fraction], Still]) -> Exhibit | None:
        """The exhibit, or None where a picture of it could not be taken."""
        stills = [taken.get(side.key) for side in self.sides]
        drawn = tuple(
            replace(one, marks=side.marks)
            for one, side in zip(stills, self.sides, strict=True)
            if one is not None
        )
        if len(drawn) < len(self.sides):
            return None
        return Exhibit(self.kind, tuple(side.media.id for side in self.sides), drawn, self.caption)


def of_pair(
    a: Media, b: Media, relation: Relation, moments: Moments, most: int, settings: ReportSettings
) -> tuple[Wanted, ...]:
    """The pictures that show a relation: `most` aligned moments side by side, then each difference."""
    chosen = _spread(moments, most)
    wanted = []
    for index, (at_a, at_b) in enumerate(chosen):
        marks = _boxes(relation, at_a)
        alike = relation.kind in {RelationKind.IDENTICAL, RelationKind.COPY, RelationKind.SAME_CAMERA}
        kind = "aligned" if alike else "registered"
        # Each picture's own moment stands below it: that of the frame shown, not the one asked for.
        caption = f"{index + 1} of {len(chosen)}" if len(chosen) > 1 else ""
        wanted.append(Wanted(kind, (Side(a, at_a, marks[0]), Side(b, at_b, marks[1])), caption))
    differing = weightiest(relation.differences)[: settings.differences_shown] if most > 1 else ()
    return (*wanted, *(_of_difference(a, b, relation, item) for item in differing))


@dataclass(frozen=True, slots=True)
class Sitting:
    """All the pictures that are wanted of one input."""

    media: Media
    times: tuple[Fraction, ...]  # ascending
    settings: ReportSettings


def sittings(wanted: Iterable[Wanted], settings: ReportSettings) -> list[Sitting]:
    """What is wanted, by input, so that each input is decoded once for all of it."""
    inputs: dict[str, Media] = {}
    times: dict[str, set[Fraction]] = {}
    for side in (side for each in wanted for side in each.sides):
        name, time = side.key
        inputs[name] = side.media
        times.setdefault(name, set()).add(time)
    return [Sitting(media, tuple(sorted(times[name])), settings) for name, media in inputs.items()]


def take(sitting: Sitting) -> dict[tuple[str, Fraction], Still]:
    """The pictures of one input, by id and the moment asked for.

    Raises:
        UnreadableMediaError: a picture could not be decoded again.
    """
    shown = pictures(sitting.media.path, sitting.times, sitting.settings.still_side)
    return {
        (sitting.media.id, time): still(sitting.media, picture.time, picture.rgb, sitting.settings)
        for time, picture in zip(sitting.times, shown, strict=True)
    }


def _spread(moments: Moments, most: int) -> Moments:
    """At most `most` of the moments, evenly over all of them."""
    if len(moments) <= most:
        return moments
    return tuple(moments[(2 * index + 1) * len(moments) // (2 * most)] for index in range(most))


def _boxes(relation: Relation, at_a: Fraction) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    """What is drawn over an aligned pair: the picture that both share, where that is not all of it."""
    box_a, box_b = WHOLE, WHOLE
    inside = [part for part in relation.segments if part.a.start <= at_a <= part.a.end] or relation.segments
    if inside:
        box_a, box_b = inside[0].a_box, inside[0].b_box
    elif relation.registration is not None:
        box_a, box_b = relation.registration.a_box, relation.registration.b_box
    return _marked(box_a, "shared"), _marked(box_b, "shared")


def _marked(box: Box | None, label: str) -> tuple[Mark, ...]:
    return () if box is None or box == WHOLE else (Mark(box, label),)


def _of_difference(a: Media, b: Media, relation: Relation, difference: Difference) -> Wanted:
    present, other = (a, b) if difference.present_in == a.id else (b, a)
    time = (difference.at.start + difference.at.end) / 2
    elsewhere = _beside(time, present is a, relation)
    sides = (
        Side(present, time, _marked(difference.box, "shown here")),
        Side(other, elsewhere, _marked(difference.box_in_other, "the same place")),
    )
    return Wanted("difference", sides, difference.statement)


def _beside(time: Fraction, in_a: bool, relation: Relation) -> Fraction:
    """The moment of the other clip that is shown beside `time`: the same one where an offset is known."""
    if relation.offset is not None:
        shift = Fraction(relation.offset.seconds).limit_denominator(1_000_000)
        return max(Fraction(0), time + shift if in_a else time - shift)
    if relation.registration is not None:
        return relation.registration.b_time if in_a else relation.registration.a_time
    return time
