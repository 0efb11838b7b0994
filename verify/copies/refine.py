"""Refinement: the exact map between two inputs that were aligned, from larger pictures than tracks keep.

A few aligned moments are decoded again at 640 pixels, their local features are matched, and one
homography is fitted to all of them; then the pictures are laid on each other and compared patch by patch
(see `agreement`).

Error rates: not measured by itself; see copies.votes and copies.stills.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from verify.copies.moments import greys
from verify.copies.steady import steadied
from verify.fingerprint import local
from verify.geometry import fit, match
from verify.geometry.agreement import Agreement, agreement, moving
from verify.media import shrink

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from verify.copies.moments import Moments
    from verify.model import Media
    from verify.settings import Settings

PATCH_SIDE = 384  # pixels, the longer side of the pictures that are compared patch by patch

_FLAT = 1e-6  # of a map's last row: below it there is no perspective


@dataclass(frozen=True, eq=False, slots=True)
class Laid:
    """Two inputs laid on each other."""

    matrix: NDArray[np.float64]  # (3, 3) a -> b, fractions
    inliers: int  # point pairs that agree, over all moments
    agreement: Agreement  # mean over the moments


def lay(a: Media, b: Media, matrix: NDArray[np.float64], moments: Moments, settings: Settings) -> Laid | None:
    """Lay b's pictures on a's at aligned moments; None where no picture could be compared.

    Args:
        a: the first input.
        b: the second.
        matrix: the map so far, (3, 3) a -> b in fractions; kept where the pictures give no better one.
        moments: seconds of a and of b, in ascending order of a.
        settings: all settings.

    Raises:
        UnreadableMediaError: a picture could not be decoded.
    """
    ours = greys(a, [moment[0] for moment in moments], settings.copies.exact_side)
    theirs = greys(b, [moment[1] for moment in moments], settings.copies.exact_side)
    pairs = list(zip(ours, theirs, strict=True))
    if not pairs:
        return None
    aspects = pairs[0][0].shape[1] / pairs[0][0].shape[0], pairs[0][1].shape[1] / pairs[0][1].shape[0]
    points = _matched(pairs, mirrored=fit.mirrors(matrix), settings=settings)
    tolerance = settings.copies.exact_tolerance
    tries = [matrix, *_fitted(*points, aspects, mirrored=fit.mirrors(matrix), settings=settings)]
    laid = [
        Laid(each, fit.support(each, *points, aspects, tolerance), _mean(pairs, each, settings))
        for each in tries
    ]
    best = max(laid, key=lambda each: each.agreement.mean)
    # Points of a dark or soft picture bend a map that has the freedom to bend.
    simple = [each for each in laid if abs(each.matrix[2, :2]).max() < _FLAT]
    flat = max(simple, key=lambda each: each.agreement.mean, default=best)
    enough = flat.agreement.mean >= best.agreement.mean - settings.copies.exact_simpler
    return flat if enough else best


@dataclass(frozen=True, slots=True)
class Held:
    """How far the pictures of a common stretch agree where one is laid on the other."""

    whole: Agreement  # all textured patches
    moving: Agreement  # those in which one of the two shows something that is not there at most moments
    changes: Agreement  # the same patches, less what they show at most moments; see `_lower`
    ours: Agreement  # likewise, of those in which a has changed
    theirs: Agreement  # likewise, b


def hold(a: Media, b: Media, matrix: NDArray[np.float64], moments: Moments, settings: Settings) -> Held:
    """Hold the pictures of aligned moments against each other, all of them and what moves in them.

    Raises:
        UnreadableMediaError: a picture could not be decoded.
    """
    ours = greys(a, [moment[0] for moment in moments], PATCH_SIDE)
    theirs = greys(b, [moment[1] for moment in moments], PATCH_SIDE)
    theirs = steadied(ours, theirs, matrix, settings)
    pairs = list(zip(ours, theirs, strict=True))
    whole = _pooled([agreement(one, two, matrix, settings.geometry) for one, two in pairs])
    if len(pairs) <= 2:
        return Held(whole, *[_pooled([])] * 4)
    # What differs from the middle value of all moments is there now, and not only at another one.
    plates = _plate(ours), _plate(theirs)
    held = [moving(one, two, matrix, plates, settings.geometry) for one, two in pairs]
    return Held(
        whole,
        _pooled([each.shown for each in held]),
        _lower([each.changes for each in held]),
        _lower([each.ours for each in held]),
        _lower([each.theirs for each in held]),
    )


def _plate(pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    return np.asarray(np.median(pictures, axis=0).astype(np.uint8))


def held_words(held: Held) -> tuple[str, ...]:
    """What holding pictures against each other came to, as a reason; nothing where nothing was compared."""
    if not held.whole.patches:
        return ()
    words = f"laid on each other, {held.whole.share:.0%} of {held.whole.patches} textured patches agree"
    if held.moving.patches:
        words += (
            f", and {held.moving.share:.0%} of {held.moving.patches} in which something moves; "
            f"what changes in these agrees in {held.changes.share:.0%}"
        )
    return (words,)


def laid_words(laid: Laid | None) -> tuple[str, ...]:
    """What laying came to, as a reason for a relation; nothing where nothing was compared."""
    if laid is None or not laid.agreement.patches:
        return ()
    found = laid.agreement
    return (
        f"{laid.inliers} local features agree on one map between the pictures; laid on each other, "
        f"{found.share:.0%} of {found.patches} textured patches agree",
    )


def _matched(
    pairs: Sequence[tuple[NDArray[np.uint8], NDArray[np.uint8]]], *, mirrored: bool, settings: Settings
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Points of a and of b that match, over all moments, (k, 2) each in fractions."""
    ours, theirs = [], []
    limits = settings.geometry
    for one, two in pairs:
        points_a, points_b = (
            local.features(each, settings.copies.exact_points, limits.view_contrast) for each in (one, two)
        )
        seen_b = points_b.mirrored() if mirrored else points_b
        rows = match.match(points_a.vectors(), seen_b.vectors(), limits.ratio)
        ours.append(points_a.xy[rows[:, 0]])
        theirs.append(points_b.xy[rows[:, 1]])
    return np.concatenate(ours), np.concatenate(theirs)


def _fitted(
    a: NDArray[np.float32],
    b: NDArray[np.float32],
    aspects: tuple[float, float],
    *,
    mirrored: bool,
    settings: Settings,
) -> list[NDArray[np.float64]]:
    """Maps fitted to the points, with perspective and without."""
    # The fit refuses maps that turn the picture over, so a mirrored picture is fitted as seen in a mirror.
    seen = np.stack([1 - b[:, 0], b[:, 1]], axis=1) if mirrored else b
    fits = (each(a, seen, aspects, settings.copies.exact_tolerance) for each in (fit.homography, fit.affine))
    return [
        fit.MIRROR @ each.matrix if mirrored else each.matrix
        for each in fits
        if each is not None
        and each.inliers >= settings.geometry.homography_inliers
        and fit.plausible(each.matrix, settings.geometry.largest_stretch)
    ]


def _mean(
    pairs: Sequence[tuple[NDArray[np.uint8], NDArray[np.uint8]]],
    matrix: NDArray[np.float64],
    settings: Settings,
) -> Agreement:
    found = [
        agreement(shrink(one, PATCH_SIDE), shrink(two, PATCH_SIDE), matrix, settings.geometry)
        for one, two in pairs
    ]
    return _pooled(found)


def _pooled(found: Sequence[Agreement]) -> Agreement:
    """One agreement of all patches."""
    patches = sum(each.patches for each in found)
    if not patches:
        return Agreement(0.0, 0.0, 0)
    share = sum(each.share * each.patches for each in found) / patches
    mean = sum(each.mean * each.patches for each in found) / patches
    return Agreement(share, mean, patches)


def _lower(found: Sequence[Agreement]) -> Agreement:
    """The agreement that two thirds of the patches reach, moment by moment, all patches counted.

    One moment of four at which a clip was cut does not speak for the others; two takes differ at most.
    """
    total = sum(each.patches for each in found)
    reached = 0
    for each in sorted(found, key=lambda one: one.share):
        reached += each.patches
        if total and 3 * reached >= total:
            return replace(each, patches=total)
    return Agreement(0.0, 0.0, 0)
