"""The relation of two inputs: the strongest that holds, with the measurements behind it.

In this order: the same bytes or streams; too little in one of them to say anything; the same recording
(aligned in time by what moves, laid on each other by geometry); the same view from the same place; one
place seen by two cameras; nothing found. The first that holds is given.

Error rates: those of its steps; see copies.votes for recordings and geometry.register for places.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from verify.copies import align, edits, identity, refine, seeds, source, stills
from verify.copies.rhythm import RATE
from verify.geometry import fit
from verify.geometry.register import register
from verify.geometry.views import views
from verify.model import STILL, WHOLE, Footage, MediaKind, Registration, Relation, RelationKind, Segment, Span
from verify.settings import SETTINGS, Settings

if TYPE_CHECKING:
    from verify.fingerprint.track import Track
    from verify.geometry.views import View
    from verify.model import Box, Matrix, Media

_ZERO = Fraction(0)


@dataclass(frozen=True, eq=False, slots=True)
class Subject:
    """One input, ready to be compared."""

    media: Media
    track: Track
    views: tuple[
        View, ...
    ] = ()  # of `verify.geometry.views`; taken when they are needed where there are none

    @property
    def still(self) -> bool:
        """Whether it is one picture."""
        return self.media.kind is MediaKind.IMAGE or len(self.track.tiny_times) == 1


@dataclass(frozen=True, eq=False, slots=True)
class Judgement:
    """A relation, and the aligned moments that show it: seconds of a and of b."""

    relation: Relation
    pairs: refine.Moments = ()


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
    judged = _same_camera(a.media, b.media, aligned, settings) if aligned and aligned.seed.support else None
    return judged or _same_frame(a.media, b.media, place, wider, settings) or place


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
    exact = replace(aligned.seed, matrix=laid.matrix) if laid else aligned.seed
    again = align.align(one.track, two.track, (exact,), settings.copies)
    if laid and again and again.stretches and align.merit(again) > align.merit(aligned):
        aligned, moments = again, _moments(again.stretches, a, b, settings)
        laid = refine.lay(a, b, laid.matrix, moments, settings)
    matrix = laid.matrix if laid else aligned.matrix
    mean = laid.agreement.mean if laid else 0.0
    shifted = Fraction(1, 2 * round(RATE))
    segments = tuple(
        _segment(_span(each.a), _span(each.b), matrix, min(1.0, max(0.0, each.likeness)), shifted)
        for each in aligned.stretches
    )
    steps = edits.edits(a, b, segments, settings.copies)
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
        f"half a second and a second beside it at most {first.control:.2f}",
        f"{sum(each.voted for each in aligned.stretches):.1f} s of movement agree, segments: {len(segments)}",
        *_laid_words(laid),
        *why,
    )
    relation = Relation(
        a.id,
        b.id,
        RelationKind.COPY,
        because,
        footage=Footage.ESTABLISHED,
        segments=segments,
        edits=steps,
        residual=round(1 - mean, 3),
        nearer_source=which,
    )
    return Judgement(relation, moments)


def _laid_words(laid: refine.Laid | None) -> tuple[str, ...]:
    if laid is None or not laid.agreement.patches:
        return ()
    found = laid.agreement
    return (
        f"{laid.inliers} local features agree on one map between the pictures; laid on each other, "
        f"{found.share:.0%} of {found.patches} textured patches agree",
    )


def _same_camera(a: Media, b: Media, aligned: align.Alignment, settings: Settings) -> Judgement | None:
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
        (*_laid_words(laid), words),
        footage=Footage.REFUTED if moved else Footage.NOT_DETERMINED,
        registration=_registration(laid, moments, shared),
    )
    return Judgement(relation, moments)


def _same_frame(
    a: Media, b: Media, place: Judgement, wider: align.Alignment | None, settings: Settings
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


def _footage(a: Media, b: Media, aligned: align.Alignment, settings: Settings) -> tuple[bool, str]:
    """Whether one recording was refuted, and why, or why it could not be told."""
    length = float(min(a.duration or _ZERO, b.duration or _ZERO))
    if length < settings.copies.least_voted:
        return False, f"{length:.1f} s is too short to tell one recording from another by what moves"
    least = min(aligned.moves_a, aligned.moves_b)
    if least < settings.copies.moves:
        return False, f"too little moves to tell one recording from another ({least:.1f} grey levels)"
    return True, f"what moves agrees at no offset: the best correlation is {aligned.best:.2f}"


def _registration(laid: refine.Laid, moments: refine.Moments, shared: tuple[Box, Box]) -> Registration:
    time_a, time_b = moments[0]
    return Registration("homography", fit.as_matrix(laid.matrix), laid.inliers, *shared, time_a, time_b)


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
            registration=_registration(hit.laid, (hit.moment,), shared),
        )
        return Judgement(relation, (hit.moment,))
    at_a = STILL if a.still else Span(hit.moment[0], max(hit.end, hit.moment[0]))
    at_b = STILL if b.still else Span(hit.moment[1], max(hit.end, hit.moment[1]))
    segments = (_segment(at_a, at_b, hit.laid.matrix, hit.laid.agreement.mean),)
    which, why = source.nearer(a.media, b.media, segments, settings.copies)
    relation = Relation(
        a.media.id,
        b.media.id,
        RelationKind.COPY,
        (hit.because, *_laid_words(hit.laid), *why),
        footage=Footage.ESTABLISHED,
        segments=segments,
        edits=edits.edits(a.media, b.media, segments, settings.copies),
        residual=round(1 - hit.laid.agreement.mean, 3),
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
    back = np.asarray(np.linalg.inv(found.laid.matrix))
    laid = refine.Laid(back / back[2, 2], found.laid.inliers, found.laid.agreement)
    return stills.Found(laid, found.moment[::-1], found.end, found.footage, found.because)


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
