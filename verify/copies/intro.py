"""Shared titles: what two clips have in common only at their beginning, or only at their end, up to a cut.

Error rates: see copies.recording, which asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.copies.judgement import Judgement
from verify.model import Relation, RelationKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify.model import Media, Segment
    from verify.settings import CopySettings


def only_an_intro(a: Media, b: Media, segments: Sequence[Segment], limits: CopySettings) -> bool:
    """Whether all that two clips share is a short stretch at the same end of both, up to a cut in both.

    A channel's titles and end cards stand beside recordings that have nothing to do with each other.
    """
    found = segments[0]
    usual = abs(found.speed - 1) <= limits.intro_tempo and not found.reversed
    if len(segments) > 1 or found.a.length > limits.intro_most or not usual:
        return False
    sides = ((a, found.a), (b, found.b))
    slack = limits.intro_slack
    first = all(span.start <= slack for _, span in sides)
    last = all(media.span.end - span.end <= slack for media, span in sides)
    if first == last:
        return False
    edges = [(media, span.end if first else span.start) for media, span in sides]
    rest = min(media.span.length - span.length for media, span in sides)
    near = limits.intro_cut
    cut = all(any(abs(shot.start - edge) <= near for shot in media.shots[1:]) for media, edge in edges)
    return cut and rest >= limits.intro_rest


def intro(a: Media, b: Media, found: Segment) -> Judgement:
    """The relation of two clips that share a title and nothing else."""
    where = "first" if found.a.start < a.span.length / 2 else "last"
    words = (
        f"the {where} {float(found.a.length):.1f} s of both are one, up to a cut in both: "
        "a title or end card that they share, which says nothing of the recordings beside it",
        "beyond it nothing was found that relates them",
    )
    return Judgement(Relation(a.id, b.id, RelationKind.NONE_FOUND, words))
