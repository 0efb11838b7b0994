"""One camera, two recordings: the same view from the same place, and whether that they are one was refuted.

A view is the same when pictures of both can be laid on each other so that at least half of the textured
patches agree; or when the scene lies at the same place of both frames, as a fixed camera's does, however
much people in front of it hide. That they are one recording is refuted where enough moves in both and
agrees at no offset, and cannot be told where too little moves or a clip is too short.

Limits: a camera that was carried away and put back a little aside is another camera here. A large graphic
that two programmes share around their pictures can pass for a fixed scene.

What is known of errors: of 78 pairs of public clips by one fixed camera, 42 are called so, 12 are called
one place, and for 24 nothing is found; none is called a copy.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from verify.copies import refine
from verify.copies.judgement import Judgement
from verify.geometry import fit
from verify.model import Footage, Registration, Relation, RelationKind

if TYPE_CHECKING:
    from verify.copies.line import Alignment
    from verify.copies.moments import Moments
    from verify.model import Box, Media
    from verify.settings import Settings

_ZERO = Fraction(0)


def same_camera(a: Media, b: Media, aligned: Alignment, settings: Settings) -> Judgement | None:
    """One view, told by laying the pictures of a seed on each other; None where they do not agree."""
    seed = aligned.seed
    moments = (
        (Fraction(seed.a_time).limit_denominator(10**6), Fraction(seed.b_time).limit_denominator(10**6)),
    )
    laid = refine.lay(a, b, seed.matrix, moments, settings)
    enough = settings.geometry.homography_inliers
    if laid is None or laid.inliers < enough or laid.agreement.patches < settings.copies.still_patches:
        return None
    if laid.agreement.share < settings.copies.same_view:
        return None
    shared = fit.shared_boxes(laid.matrix)
    if shared is None or min(box.area for box in shared) < settings.copies.same_view_area:
        return None
    moved, words = _footage(a, b, aligned, settings)
    relation = Relation(
        a.id,
        b.id,
        RelationKind.SAME_CAMERA,
        (*refine.laid_words(laid), words),
        footage=Footage.REFUTED if moved else Footage.NOT_DETERMINED,
        registration=registration(laid, moments, shared),
    )
    return Judgement(relation, moments)


def same_frame(
    a: Media, b: Media, place: Judgement, wider: Alignment | None, settings: Settings
) -> Judgement | None:
    """One fixed camera, told by its frame: the scene lies where it lay, however much people hide of it."""
    found, limits = place.relation.registration, settings.copies
    if found is None or wider is None or fit.apart(wider.matrix, np.eye(3)) > limits.same_frame:
        return None
    if min(found.a_box.area, found.b_box.area) < limits.same_view_area:
        return None
    moved, words = _footage(a, b, wider, settings)
    relation = replace(
        place.relation,
        kind=RelationKind.SAME_CAMERA,
        because=(place.relation.because[0], "the scene lies at the same place of both frames", words),
        footage=Footage.REFUTED if moved else Footage.NOT_DETERMINED,
    )
    return replace(place, relation=relation)


def _footage(a: Media, b: Media, aligned: Alignment, settings: Settings) -> tuple[bool, str]:
    """Whether one recording was refuted, and why, or why it could not be told."""
    length = float(min(a.duration or _ZERO, b.duration or _ZERO))
    if length < settings.copies.least_voted:
        return False, f"{length:.1f} s is too short to tell one recording from another by what moves"
    least = min(aligned.moves_a, aligned.moves_b)
    if least < settings.copies.moves:
        return False, f"too little moves to tell one recording from another ({least:.1f} grey levels)"
    if aligned.stretches:
        return True, "what moves is alike as a whole, but not patch by patch: it is another take"
    return True, f"what moves agrees at no offset: the best correlation is {aligned.best:.2f}"


def registration(laid: refine.Laid, moments: Moments, shared: tuple[Box, Box]) -> Registration:
    """How the pictures lie on each other, for a report."""
    time_a, time_b = moments[0]
    return Registration("homography", fit.as_matrix(laid.matrix), laid.inliers, *shared, time_a, time_b)
