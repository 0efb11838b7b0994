"""Identity: the same bytes, or the same encoded streams in another container.

Two files with one SHA-256 are the same file. Two files whose streams carry the same encoded payloads,
after the container's packaging is taken off, are one encoding: what ffmpeg's `-c copy`, a change of
container or a change of tags leaves. A container can also say which part of its streams a player shows
(an edit list); where the shown durations differ, the files are not called identical, and the comparison
goes on.

Error rates: there are none to state; digests are equal or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from verify.copies import edits
from verify.geometry import fit
from verify.model import WHOLE, Footage, Relation, RelationKind, Segment, Span

if TYPE_CHECKING:
    from verify.copies.moments import Moments
    from verify.model import Media
    from verify.settings import CopySettings

# A quarter turn clockwise, in fractions of the picture.
_QUARTER = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])


def identical(a: Media, b: Media, slack: Fraction) -> str | None:
    """Why two files are identical, or None; durations may differ by `slack` seconds between containers."""
    if a.sha256 is not None and a.sha256 == b.sha256:
        return "the same bytes: both files have one SHA-256"
    streams_a, streams_b = _payloads(a), _payloads(b)
    if not streams_a or streams_a != streams_b:
        return None
    zero = Fraction(0)
    if abs((a.duration or zero) - (b.duration or zero)) > slack:
        return None
    count = len(streams_a)
    return f"the same encoded streams ({count}), packet for packet, in another container or with other tags"


def related(a: Media, b: Media, reason: str, settings: CopySettings) -> tuple[Relation, Moments]:
    """The relation of two files that are identical for `reason`, and the moment in both that shows it.

    The containers may still differ in when the picture starts and in how a player turns it.
    """
    ours, theirs = _shown(a), _shown(b)
    turned = ((b.video.rotation - a.video.rotation) % 360) // 90 if a.video and b.video else 0
    homography = fit.as_matrix(np.linalg.matrix_power(_QUARTER, turned))
    whole = (Segment(ours, theirs, False, WHOLE, WHOLE, homography, 1.0),) if a.duration or a.video else ()
    relation = Relation(
        a.id,
        b.id,
        RelationKind.IDENTICAL,
        (reason,),
        footage=Footage.ESTABLISHED,
        sound="same_recording" if a.audio and b.audio else None,
        segments=whole,
        edits=edits.outline(a, b, whole, settings) if turned else (),
        residual=0.0,
    )
    middle = ours.start + ours.length / 2, theirs.start + theirs.length / 2
    return relation, (middle,) if a.video else ()


def _shown(media: Media) -> Span:
    """From the first picture's start to the last one's end: a container may let the picture start late."""
    return Span(media.shots[0].start, media.shots[-1].end) if media.shots else media.span


def _payloads(media: Media) -> list[tuple[str, str]]:
    """Type and digest of each stream, in an order that does not depend on the container's."""
    streams = media.container.get("payload_sha256")
    if not isinstance(streams, Sequence) or isinstance(streams, str):
        return []
    return sorted((str(each.get("type")), str(each.get("sha256"))) for each in streams)
