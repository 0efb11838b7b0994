"""What turns one input into its copy, read off time, geometry, the streams and the aligned pictures.

Each edit is one step from a to b: seconds cut, put in, repeated, moved, reversed, frozen or sped up; the
part of the picture that is shown, bars or other footage around it, a mirror, a turn, perspective; marks
laid over it, and which of the two carries them; colours; size and frame rate. Nothing is said of who made
it, or why: platforms crop, scale and re-encode by themselves, and either input may come first.

The listed edits are then replayed on a and held against b at a few aligned moments; the residual is what
they leave unexplained, so that a difference which has no name here still shows.

Limits: what happens between the sampled moments is not seen, but for marks and freezes, which the tracks'
small pictures follow. An edit of the sound is not named here.

Error rates: see the methods that it is made of; tests/copies has the cases with known truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from verify.copies.edits import bars, frozen, marks, picture, replay, spans, timing, tone
from verify.copies.edits.aligned import aligned
from verify.copies.edits.compared import compared
from verify.copies.edits.picture import angle, detail, perspective
from verify.copies.edits.timing import gaps
from verify.model import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verify.copies.judgement import Subject
    from verify.copies.moments import Moments
    from verify.model import Media, Segment
    from verify.settings import CopySettings, Settings

__all__ = ["Edited", "angle", "detail", "edits", "gaps", "outline", "perspective"]


@dataclass(frozen=True, slots=True)
class Edited:
    """What turns a into b, and what that leaves unexplained."""

    steps: tuple[Edit, ...] = ()
    residual: float | None = None  # 0 to 1, see `replay`; None where nothing could be held against b


def edits(
    one: Subject,
    two: Subject,
    segments: Sequence[Segment],
    settings: Settings,
    looked: Sequence[Moments] = (),
) -> Edited:
    """The steps that turn a into b, and what is left when they are replayed.

    Args:
        one: a.
        two: b.
        segments: what they share; a still's spans are [0, 0].
        settings: all settings.
        looked: aligned moments of each segment that were decoded before.

    Raises:
        UnreadableMediaError: a picture that was examined before cannot be decoded any more.
    """
    if not segments:
        return Edited()
    a, b, limits = one.media, two.media, settings.edits
    main = max(segments, key=lambda segment: segment.a.length)
    moments = aligned(a, b, segments, looked, limits)
    change = tone.fitted(moments, limits) if moments else None
    pairs = compared(moments, change, limits)
    colour = tone.named(change, a, b, _spans(segments), limits) if change else None
    found = marks.find(moments, pairs, limits)
    if colour is not None:
        found = marks.beyond_colour(found, moments, pairs, limits)
    held = frozen.frozen(one, two, segments, settings)
    steps = (
        *_time(a, b, segments, settings, held, frozen.stood(two.track, limits)),
        *picture.geometry(a, b, main, settings.copies, bars.around(moments, limits), limits),
        *(spans.edit(one, two, segments, moments, mark, limits) for mark in found),
        *((colour,) if colour else ()),
        *picture.streams(a, b, main, settings.copies),
    )
    covered = [
        np.any([mark.pixels for mark in found if _covers(mark, index)] or [np.zeros_like(pair.valid)], axis=0)
        for index, pair in enumerate(pairs)
    ]
    left = replay.residual(pairs, covered, limits)
    return Edited(steps, None if left is None else round(left, 3))


def outline(a: Media, b: Media, segments: Sequence[Segment], limits: CopySettings) -> tuple[Edit, ...]:
    """The edits that need no picture: seconds cut or put in, the map between the pictures, the streams."""
    if not segments:
        return ()
    main = max(segments, key=lambda segment: segment.a.length)
    return (
        *timing.cuts(a, b, segments, limits),
        *picture.geometry(a, b, main, limits),
        *picture.streams(a, b, main, limits),
    )


def _time(
    a: Media,
    b: Media,
    segments: Sequence[Segment],
    settings: Settings,
    held: Sequence[Edit],
    still: Sequence[Span],
) -> Iterator[Edit]:
    yield from timing.cuts(a, b, segments, settings.copies, [edit.b for edit in held if edit.b])
    yield from timing.order(a, b, segments, settings.edits, still)
    yield from held
    yield from timing.pace(a, b, segments, settings.edits)


def _covers(mark: marks.Mark, index: int) -> bool:
    return index in mark.seen


def _spans(segments: Sequence[Segment]) -> tuple[Span, Span]:
    return (
        Span(min(each.a.start for each in segments), max(each.a.end for each in segments)),
        Span(min(each.b.start for each in segments), max(each.b.end for each in segments)),
    )
