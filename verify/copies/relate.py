"""The relation of two inputs: the strongest that holds, with the measurements behind it.

In this order: the same bytes or streams; too little in one of them to say anything; the same recording
(aligned in time by what moves, laid on each other by geometry); the same view from the same place; one
place seen by two cameras; nothing found. The first that holds is given.

Error rates: those of its steps; see copies.votes for recordings and geometry.register for places.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from verify.copies import align, camera, edits, identity, refine, seeds, stills, vectors
from verify.copies.judgement import Judgement, Subject
from verify.copies.nearer import nearer
from verify.copies.recording import recording, segment
from verify.geometry import fit
from verify.geometry.register import register
from verify.geometry.views import views
from verify.model import STILL, Footage, Registration, Relation, RelationKind, Span
from verify.settings import SETTINGS, Settings

if TYPE_CHECKING:
    from verify.copies.line import Alignment
    from verify.fingerprint.track import Track


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
    aligned = _aligned(a, b, found, settings)
    if aligned is None or not aligned.stretches:
        learned = _aligned(a, b, vectors.seeds(a, b, settings), settings)
        aligned = max(
            (each for each in (learned, aligned) if each), key=lambda each: each.merit, default=None
        )
    copied = _recording(a, b, aligned, settings)
    if copied is not None:
        return copied
    place = _place(a, b, settings)
    # Strong crops and insets are registered by the larger views where a track's small pictures gave no seed.
    wider = _aligned(a, b, _seeds(place.relation.registration, aligned, settings), settings)
    copied = _recording(a, b, wider, settings)
    if copied is not None:
        return copied
    judged = (
        camera.same_camera(a.media, b.media, aligned, settings) if aligned and aligned.seed.support else None
    )
    judged = judged or camera.same_frame(a.media, b.media, place, wider or aligned, settings) or place
    return _measured(judged, aligned or wider)


def _recording(a: Subject, b: Subject, aligned: Alignment | None, settings: Settings) -> Judgement | None:
    judged = recording(a, b, aligned, settings) if aligned else None
    return _measured(judged, aligned) if judged else None


def _aligned(a: Subject, b: Subject, found: tuple[seeds.Seed, ...], settings: Settings) -> Alignment | None:
    return align.align(a.track, b.track, found, settings.copies)


def _measured(judged: Judgement, aligned: Alignment | None) -> Judgement:
    """The judgement with the numbers that a likelihood ratio is told from, where anything was aligned."""
    nearest = aligned.nearest if aligned else None
    if nearest is None:
        return judged
    numbers = {"correlation": nearest.correlation, "control": nearest.control, "voted": nearest.voted}
    return replace(judged, relation=replace(judged.relation, measured=numbers))


def _seeds(found: Registration | None, tried: Alignment | None, settings: Settings) -> tuple[seeds.Seed, ...]:
    """The registration as a seed, where its map is another than those that led to nothing."""
    if found is None or found.model != "homography":
        return ()
    seed = seeds.Seed(np.array(found.matrix), float(found.a_time), float(found.b_time), found.inliers)
    known = tried.tried if tried else ()
    limit = settings.copies.same_map
    return () if any(fit.apart(each.matrix, seed.matrix) < limit for each in known) else (seed,)


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
    segments = (segment(at_a, at_b, hit.laid.matrix, hit.laid.agreement.mean),)
    edited = edits.edits(a, b, segments, settings)
    which, why = nearer(a, b, segments, edited.steps, settings)
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
