"""Shared titles: what two clips have in common only at their beginning, or only at their end, up to a cut.

Error rates: see copies.recording, which asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify.copies.judgement import Judgement
from verify.fingerprint.track import TINY_STEPS
from verify.model import Relation, RelationKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from verify.copies.judgement import Subject
    from verify.model import Media, Segment
    from verify.settings import CopySettings


def only_an_intro(one: Subject, two: Subject, segments: Sequence[Segment], limits: CopySettings) -> bool:
    """Whether all that two clips share is a short stretch at the same end of both, up to a cut in both.

    A channel's titles and end cards stand beside recordings that have nothing to do with each other. A card
    that stands still before its cut belongs to it, also where the stretch ends with its movement.
    """
    a, b, found = one.media, two.media, segments[0]
    usual = abs(found.speed - 1) <= limits.intro_tempo and not found.reversed
    if len(segments) > 1 or found.a.length > limits.intro_most or not usual:
        return False
    sides = ((a, found.a), (b, found.b))
    slack = limits.intro_slack
    first = all(span.start <= slack for _, span in sides)
    last = all(media.span.end - span.end <= slack for media, span in sides)
    if first == last:
        return False
    edges = [(clip, span.end if first else span.start) for clip, span in ((one, found.a), (two, found.b))]
    rest = min(media.span.length - span.length for media, span in sides)
    return rest >= limits.intro_rest and all(_up_to_a_cut(*each, limits, ahead=first) for each in edges)


def _up_to_a_cut(clip: Subject, edge: Fraction, limits: CopySettings, *, ahead: bool) -> bool:
    cuts = [shot.start for shot in clip.media.shots[1:]]
    if any(abs(cut - edge) <= limits.intro_cut for cut in cuts):
        return True
    beyond = [cut for cut in cuts if (cut > edge) == ahead]
    nearest = min(beyond, key=lambda cut: abs(cut - edge), default=None)
    return nearest is not None and _stands(clip, min(edge, nearest), max(edge, nearest), limits)


def _stands(clip: Subject, start: Fraction, end: Fraction, limits: CopySettings) -> bool:
    """Whether nothing moves between two moments, the edges of which are left out."""
    times, slack = clip.track.tiny_times, float(limits.intro_slack) / 2
    shown = clip.track.tiny[(times >= float(start) + slack) & (times < float(end) - slack)]
    moved = np.diff(shown.astype(np.float32), axis=0) / TINY_STEPS
    # A key frame may make a picture anew, all of it a little.
    steps = np.sqrt((moved**2).mean(axis=(1, 2)))
    return len(shown) > 1 and float(np.quantile(steps, 0.9)) <= limits.intro_still


def intro(a: Media, b: Media, found: Segment) -> Judgement:
    """The relation of two clips that share a title and nothing else."""
    where = "first" if found.a.start < a.span.length / 2 else "last"
    words = (
        f"the {where} {float(found.a.length):.1f} s of both are one, up to a cut in both: "
        "a title or end card that they share, which says nothing of the recordings beside it",
        "beyond it nothing was found that relates them",
    )
    return Judgement(Relation(a.id, b.id, RelationKind.NONE_FOUND, words))
