"""The relation of two inputs: the strongest that holds, with the measurements behind it.

In this order: the same bytes or streams; too little in one of them to say anything; the same recording
(aligned in time by what moves, laid on each other by geometry); the same view from the same place; one
place seen by two cameras; nothing found. The first that holds is given.

Error rates: those of its steps; see copies.votes for recordings and geometry.register for places.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from verify.copies import align, camera, edits, identity, refine, seeds, source, stills
from verify.copies.judgement import Judgement, Subject
from verify.copies.rhythm import RATE
from verify.geometry import fit
from verify.geometry.register import register
from verify.geometry.views import views
from verify.model import STILL, WHOLE, Footage, Registration, Relation, RelationKind, Segment, Span
from verify.settings import SETTINGS, Settings

if TYPE_CHECKING:
    from verify.fingerprint.track import Track
    from verify.model import Matrix, Media

_ZERO = Fraction(0)


def relate(a: Subject, b: Subject, settings: Settings = SETTINGS) -> Judgement:
    """How two inputs relate.

    Raises:
        UnreadableMediaError: a picture that was examined before cannot be decoded any more.
    """
    reason = identity.identical(a.media, b.media, settings.copies.same_duration)
    if reason:
        return Judgement(*identity.related(a.media, b.media, reason, settings.copies))
    thin = [subject.media.id for subject in (a, b) if _thin(subject.track, settings)]
    if thin:
        words = f"{' and '.join(thin)}: black, flat or blank throughout; there is too little to compare"
        return Judgement(Relation(a.media.id, b.media.id, RelationKind.INCONCLUSIVE, (words,)))
    found = seeds.find(a.track, b.track, settings)
    if a.still or b.still:
        return _with_still(a, b, found, settings)
    return _clips(a, b, found, settings)


def _thin(track: Track, settings: Settings) -> bool:
    seen = int((track.quality >= settings.fingerprint.min_quality).sum())
    points = max((len(each) for each in track.points), default=0)
    return seen == 0 and points < settings.copies.thin_points


def _clips(a: Subject, b: Subject, found: tuple[seeds.Seed, ...], settings: Settings) -> Judgement:
    aligned = align.align(a.track, b.track, found, settings.copies)
    if aligned and aligned.stretches:
        return _copy(a, b, aligned, settings)
    place = _place(a, b, settings)
    # Strong crops and insets are registered by the larger views where a track's small pictures gave no seed.
    wider = align.align(a.track, b.track, _seeds(place.relation.registration), settings.copies)
    if wider and wider.stretches:
        return _copy(a, b, wider, settings)
    judged = (
        camera.same_camera(a.media, b.media, aligned, settings) if aligned and aligned.seed.support else None
    )
    return judged or camera.same_frame(a.media, b.media, place, wider, settings) or place


def _seeds(found: Registration | None) -> tuple[seeds.Seed, ...]:
    if found is None or found.model != "homography":
        return ()
    return (seeds.Seed(np.array(found.matrix), float(found.a_time), float(found.b_time), found.inliers),)


def _copy(one: Subject, two: Subject, aligned: align.Alignment, settings: Settings) -> Judgement:
    a, b = one.media, two.media
    moments = _moments(aligned.stretches, a, b, settings)
    laid = refine.lay(a, b, aligned.matrix, moments, settings)
    # A seed's two moments are up to a second apart, and its map as far off as the camera moved meanwhile. The
    # map from aligned moments is better, and gives a better offset.
    exact = (replace(aligned.seed, matrix=laid.matrix),) if laid else ()
    again = align.align(one.track, two.track, exact, settings.copies)
    if laid and again and again.stretches and align.merit(again) > align.merit(aligned):
        aligned, moments = again, _moments(again.stretches, a, b, settings)
        laid = refine.lay(a, b, laid.matrix, moments, settings)
    matrix = laid.matrix if laid else aligned.matrix
    shifted = Fraction(1, 2 * round(RATE))
    segments = tuple(
        _segment(_span(each.a), _span(each.b), matrix, min(1.0, max(0.0, each.likeness)), shifted)
        for each in aligned.stretches
    )
    edited = edits.edits(one, two, segments, settings)
    shown = segments[0]
    around = (
        source.pictured(one.track, shown.a_box, settings.copies),
        source.pictured(two.track, shown.b_box, settings.copies),
    )
    which, why = source.nearer(a, b, segments, settings.copies, around)
    first = max(aligned.stretches, key=lambda each: each.voted)
    because = (
        f"what moves agrees with a correlation of {first.correlation:.2f} at an offset of "
        f"{round(first.offset, 2) + 0.0:+.2f} s; "
        f"half a second and a second beside it at most {max(first.control, 0.0):.2f}",
        f"{sum(each.voted for each in aligned.stretches):.1f} s of movement agree, segments: {len(segments)}",
        *refine.laid_words(laid),
        *why,
    )
    relation = Relation(
        a.id,
        b.id,
        RelationKind.COPY,
        because,
        footage=Footage.ESTABLISHED,
        segments=segments,
        edits=edited.steps,
        residual=edited.residual,
        nearer_source=which,
    )
    return Judgement(relation, moments)


def _place(one: Subject, two: Subject, settings: Settings) -> Judgement:
    a, b = one.media, two.media
    ours, theirs = (each.views or views(each.media, settings.geometry) for each in (one, two))
    found = register(ours, theirs, settings.geometry)
    if found is None:
        words = "no picture of one could be laid on a picture of the other, and no common stretch was found"
        return Judgement(Relation(a.id, b.id, RelationKind.NONE_FOUND, (words,)))
    limits = settings.geometry
    limit = limits.homography_inliers if found.model == "homography" else limits.fundamental_inliers
    because = (
        f"{found.inliers} local features agree on one {found.model} map between the pictures "
        f"(at least {limit} are asked for)",
        "the pictures could not be laid on each other as copies are, and no shared moment was found",
    )
    relation = Relation(a.id, b.id, RelationKind.SAME_PLACE, because, registration=found)
    return Judgement(relation, ((found.a_time, found.b_time),))


def _with_still(a: Subject, b: Subject, found: tuple[seeds.Seed, ...], settings: Settings) -> Judgement:
    place = _place(a, b, settings)
    if not found and place.relation.registration is None:
        return place
    hit = _find_still(a, b, found, settings)
    shared = fit.shared_boxes(hit.laid.matrix) if hit else None
    if hit is None or shared is None or hit.laid.agreement.share < settings.copies.still_share:
        return place
    if hit.footage is not Footage.ESTABLISHED:
        relation = Relation(
            a.media.id,
            b.media.id,
            RelationKind.SAME_CAMERA,
            (hit.because,),
            footage=hit.footage,
            registration=camera.registration(hit.laid, (hit.moment,), shared),
        )
        return Judgement(relation, (hit.moment,))
    at_a = STILL if a.still else Span(hit.moment[0], max(hit.end, hit.moment[0]))
    at_b = STILL if b.still else Span(hit.moment[1], max(hit.end, hit.moment[1]))
    segments = (_segment(at_a, at_b, hit.laid.matrix, hit.laid.agreement.mean),)
    edited = edits.edits(a, b, segments, settings)
    which, why = source.nearer(a.media, b.media, segments, settings.copies)
    relation = Relation(
        a.media.id,
        b.media.id,
        RelationKind.COPY,
        (hit.because, *refine.laid_words(hit.laid), *why),
        footage=Footage.ESTABLISHED,
        segments=segments,
        edits=edited.steps,
        residual=edited.residual,
        nearer_source=which,
    )
    return Judgement(relation, (hit.moment,))


def _find_still(
    a: Subject, b: Subject, found: tuple[seeds.Seed, ...], settings: Settings
) -> stills.Found | None:
    if a.still and b.still:
        return stills.two_stills(a.media, b.media, found, settings)
    if b.still:
        return stills.in_clip(a.media, b.media, found, settings)
    return _turned(stills.in_clip(b.media, a.media, tuple(seed.turned() for seed in found), settings))


def _turned(found: stills.Found | None) -> stills.Found | None:
    """The same find with the still first."""
    if found is None:
        return None
    laid = replace(found.laid, matrix=fit.inverse(found.laid.matrix))
    return replace(found, laid=laid, moment=found.moment[::-1])


def _moments(stretches: tuple[align.Stretch, ...], a: Media, b: Media, settings: Settings) -> refine.Moments:
    """Aligned moments spread over the longest stretch."""
    longest = max(stretches, key=lambda each: each.a[1] - each.a[0])
    rates = a.video.frame_rate if a.video else None, b.video.frame_rate if b.video else None
    return refine.moments(longest.a, longest.offset, rates, settings.copies.moments)


def _span(seconds: tuple[float, float]) -> Span:
    return Span(refine.exact(seconds[0]), refine.exact(seconds[1]))


def _segment(
    a: Span,
    b: Span,
    matrix: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    score: float,
    slack: Fraction = _ZERO,
) -> Segment:
    shared = fit.shared_boxes(matrix) or (WHOLE, WHOLE)
    rows: Matrix = fit.as_matrix(matrix)
    return Segment(a, b, fit.mirrors(matrix), shared[0], shared[1], rows, score, uncertainty=slack)
