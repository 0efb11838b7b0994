"""Closer: the map of an alignment, fitted to aligned moments, and the clips aligned by it once more.

A seed's two moments are up to a second apart, and its map as far off as the camera moved meanwhile. A map
that is off draws the offset with it: of a camera that pans, a picture to the left fits a moment later. So a
few moments of the alignment are laid on each other in larger pictures, the clips are aligned again by the map
that these give, and as long as that moves the offset, the same is done with the moments of the new one.

Limits: a camera that turns at an even pace past things that stand still looks the same a moment later, a
little aside; neither map nor offset is told from the other then.

Error rates: those of what follows; see copies.recording.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from verify.copies import align, moments, refine
from verify.copies.line import Stretch, as_filmed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from verify.copies.judgement import Subject
    from verify.copies.line import Alignment
    from verify.settings import Settings


def closer(
    one: Subject, two: Subject, found: Alignment, settings: Settings
) -> tuple[Alignment, NDArray[np.float64]]:
    """The alignment by a closer map where more agrees by it, and that map, (3, 3) a -> b in fractions.

    Args:
        one: the first clip.
        two: the second.
        found: their alignment, with a stretch at least.
        settings: all settings.

    Raises:
        UnreadableMediaError: a picture could not be decoded.
    """
    limits = settings.copies
    again, matrix = _once(one, two, found, settings)
    for _ in range(limits.closer_most - 1):
        if again is found or not again.stretches or _moved(found, again) < limits.closer_moved:
            break
        found = replace(again, matrix=matrix)
        again, matrix = _once(one, two, found, settings)
    return again, matrix


def _moved(one: Alignment, two: Alignment) -> float:
    """Seconds of b by which the longest stretch of the second lies beside that of the first."""
    before, after = (max(each.stretches, key=Stretch.length) for each in (one, two))
    middle = (before.a[0] + before.a[1]) / 2
    return abs(after.line.at(middle) - before.line.at(middle))


def _once(
    one: Subject, two: Subject, found: Alignment, settings: Settings
) -> tuple[Alignment, NDArray[np.float64]]:
    longest = max(found.stretches, key=Stretch.length)
    looked = moments.spread(one.media, two.media, longest.a, longest.line, settings.copies.moments)
    laid = refine.lay(one.media, two.media, found.matrix, looked, settings)
    if laid is None:
        return found, found.matrix
    again = align.align(one.track, two.track, (replace(found.seed, matrix=laid.matrix),), settings.copies)
    if again is None:
        return found, laid.matrix
    asked = 1.0 if as_filmed(again.stretches) else settings.copies.tempo_usual
    return (again if again.merit > asked * found.merit else found), laid.matrix
