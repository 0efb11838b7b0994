"""Pictures for the report: key frames of a file, the aligned frames of a pair, the two sides of a difference.

They illustrate; nothing is measured on them.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import cv2

from verify.media import pictures
from verify.model import WHOLE, Exhibit, Mark, RelationKind, Still

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from verify.model import Box, Difference, Media, Relation
    from verify.settings import ReportSettings

Moments = tuple[tuple[Fraction, Fraction], ...]


def still(
    media: Media, time: Fraction, rgb: NDArray[np.uint8], settings: ReportSettings, marks: Sequence[Mark] = ()
) -> Still:
    """One picture as JPEG; `rgb` (H, W, 3) uint8 has the size that the report shows."""
    quality = [cv2.IMWRITE_JPEG_QUALITY, settings.still_quality]
    _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), quality)
    return Still(media.id, time, jpeg.tobytes(), rgb.shape[1], rgb.shape[0], tuple(marks))


def of_pair(
    a: Media, b: Media, relation: Relation, moments: Moments, most: int, settings: ReportSettings
) -> tuple[Exhibit, ...]:
    """The pictures that show a relation: `most` aligned moments side by side, then each difference.

    Raises:
        UnreadableMediaError: a picture could not be decoded again.
    """
    chosen = _spread(moments, most)
    exhibits = []
    for index, (at_a, at_b) in enumerate(chosen):
        marks = _boxes(relation, at_a)
        stills = (
            _taken(a, at_a, settings, marks[0]),
            _taken(b, at_b, settings, marks[1]),
        )
        alike = relation.kind in {RelationKind.IDENTICAL, RelationKind.COPY, RelationKind.SAME_CAMERA}
        kind = "aligned" if alike else "registered"
        caption = f"{index + 1} of {len(chosen)}: {a.id}{_at(a, at_a)} and {b.id}{_at(b, at_b)}"
        exhibits.append(Exhibit(kind, (a.id, b.id), stills, caption))
    differing = relation.differences[: settings.differences_shown] if most > 1 else ()
    return (*exhibits, *(_of_difference(a, b, relation, item, settings) for item in differing))


def _spread(moments: Moments, most: int) -> Moments:
    """At most `most` of the moments, evenly over all of them."""
    if len(moments) <= most:
        return moments
    return tuple(moments[(2 * index + 1) * len(moments) // (2 * most)] for index in range(most))


def _at(media: Media, time: Fraction) -> str:
    return f" at {float(time):.2f} s" if media.duration else ""


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


def _of_difference(
    a: Media, b: Media, relation: Relation, difference: Difference, settings: ReportSettings
) -> Exhibit:
    present, other = (a, b) if difference.present_in == a.id else (b, a)
    time = (difference.at.start + difference.at.end) / 2
    elsewhere = _beside(time, present is a, relation)
    stills = (
        _taken(present, time, settings, _marked(difference.box, "shown here")),
        _taken(other, elsewhere, settings, _marked(difference.box_in_other, "the same place")),
    )
    return Exhibit("difference", (a.id, b.id), stills, difference.statement)


def _beside(time: Fraction, in_a: bool, relation: Relation) -> Fraction:
    """The moment of the other clip that is shown beside `time`: the same one where an offset is known."""
    if relation.offset is not None:
        shift = Fraction(relation.offset.seconds).limit_denominator(1_000_000)
        return max(Fraction(0), time + shift if in_a else time - shift)
    if relation.registration is not None:
        return relation.registration.b_time if in_a else relation.registration.a_time
    return time


def _taken(media: Media, time: Fraction, settings: ReportSettings, marks: Sequence[Mark]) -> Still:
    within = min(max(time, Fraction(0)), media.duration) if media.duration else Fraction(0)
    picture = next(iter(pictures(media.path, [within], settings.still_side)))
    return still(media, picture.time, picture.rgb, settings, marks)
