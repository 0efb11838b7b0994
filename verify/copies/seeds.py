"""Seeds: moments of two inputs that may show the same picture, and how the one would lie on the other.

The feature pictures of both tracks are looked through by sketches, plain and mirrored (see
`geometry.sketch`); the picture pairs with most partners, the best of each picture first, are matched in full
where one similarity carries some of these to each other, about, and fitted with a homography; a fit that
holds is a seed. Where no single picture pair has points enough, as in an inset or in the dark, pairs that lie
equally far apart in time are fitted together: an edit puts one picture in one place of the other for as long
as it lasts. Where the points are too few even so, as in an inset of a third, one similarity that carries many
partners of all pictures to each other is a seed. Where a clip has too little texture for all that, near
whole-picture hashes give seeds that lay one picture squarely on the other. Seeds that lead to the same place
are one.

A seed is a suggestion to look. It shows the same scene at most; what follows from it is decided in `align`.

Error rates: a seed decides nothing; see copies.votes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from verify.fingerprint import pdq
from verify.fingerprint.local import NOTHING
from verify.geometry import fit, match, sketch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from verify.fingerprint.local import Points
    from verify.fingerprint.track import Track
    from verify.settings import Settings

_SAME_SPOT = 64  # cells on a side of the picture; points of one cell at several times are one point
_REPEATED = 0.95  # likeness of a point's descriptors in two pictures of a scene that stands still
_REPEATS = 14  # pictures that one may stand for, about half a minute


@dataclass(frozen=True, eq=False, slots=True)
class Seed:
    """A moment of a that may be a moment of b."""

    matrix: NDArray[np.float64]  # (3, 3) a -> b, fractions; a mirror is part of it
    a_time: float  # seconds
    b_time: float
    support: int  # point pairs that agree; 0 where whole-picture hashes gave the seed

    def turned(self) -> Seed:
        """The same seed with the inputs in the other order."""
        return Seed(fit.inverse(self.matrix), self.b_time, self.a_time, self.support)


def find(a: Track, b: Track, settings: Settings) -> tuple[Seed, ...]:
    """Seeds of a pair, best first; none where nothing matches."""
    plain = _from_points(a, b, settings, mirrored=False)
    turned = _from_points(a, b, settings, mirrored=True)
    found = sorted((*plain, *turned), key=lambda seed: -seed.support)
    # Each moment of a clip is another place to look for a still in, whatever its map.
    kept = tuple(found[: settings.copies.seeds]) if a.still or b.still else _different(found, settings)
    return kept + _from_hashes(a, b, settings)


def _from_points(a: Track, b: Track, settings: Settings, *, mirrored: bool) -> list[Seed]:
    limits = settings.copies
    partners = sketch.partners(_sketch(a), _sketch(b), limits.seed_sketch_bits, mirrored=mirrored)
    seeds = []
    places = _best(partners.votes, limits.seed_few, limits.seed_tries)
    still = a.still or b.still
    if places and still:
        places = _matching(a, b, settings, mirrored=mirrored)
    for i, j in places:
        if not still and partners.agreeing([(i, j)], (a.aspect, b.aspect)) < limits.seed_agreeing:
            continue
        xy_a, xy_b = _matched(a.points[i], b.points[j], settings, mirrored=mirrored)
        matrix, support = _fitted(xy_a, xy_b, a, b, settings, mirrored=mirrored)
        if matrix is not None:
            seeds.append(Seed(matrix, float(a.point_times[i]), float(b.point_times[j]), support))
    return (
        seeds
        or _together(a, b, partners, settings, mirrored=mirrored)
        or _common(a, b, partners, settings, mirrored=mirrored)
    )


def _best(votes: NDArray[np.int32], least: int, most: int) -> list[tuple[int, int]]:
    """Picture pairs with at least so many partners: each picture's best, then the others."""
    if not votes.size:
        return []
    first = {(i, int(votes[i].argmax())) for i in range(votes.shape[0])}
    first |= {(int(votes[:, j].argmax()), j) for j in range(votes.shape[1])}
    order = [divmod(int(place), votes.shape[1]) for place in np.argsort(-votes, axis=None, kind="stable")]
    kept = [place for place in order if votes[place] >= least]
    return sorted(kept, key=lambda place: place not in first)[:most]


def _matching(a: Track, b: Track, settings: Settings, *, mirrored: bool) -> list[tuple[int, int]]:
    """Picture pairs with most points that match, of all: a still is looked for in every picture of a clip."""
    counts = {
        (i, j): len(_matched(one, two, settings, mirrored=mirrored)[0])
        for i, one in enumerate(a.points)
        for j, two in enumerate(b.points)
    }
    return sorted(counts, key=lambda place: -counts[place])[: settings.copies.seed_tries]


def _matched(
    one: Points, two: Points, settings: Settings, *, mirrored: bool
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where the points that match lie in each picture; the second is as seen in the mirror."""
    other = two.mirrored() if mirrored else two
    pairs = match.match(one.vectors(), other.vectors(), settings.geometry.ratio)
    return one.xy[pairs[:, 0]], other.xy[pairs[:, 1]]


def _fitted(
    xy_a: NDArray[np.float32],
    xy_b: NDArray[np.float32],
    a: Track,
    b: Track,
    settings: Settings,
    *,
    mirrored: bool,
) -> tuple[NDArray[np.float64] | None, int]:
    """The map that matching points agree on, with their number; None where it does not hold."""
    if len(xy_a) < settings.geometry.homography_inliers:
        return None, 0
    fitted = fit.homography(xy_a, xy_b, (a.aspect, b.aspect), settings.copies.seed_tolerance)
    if fitted is None or not holds(fitted, settings):
        return None, 0
    return (fit.MIRROR @ fitted.matrix if mirrored else fitted.matrix), fitted.inliers


def _together(
    a: Track, b: Track, partners: sketch.Partners, settings: Settings, *, mirrored: bool
) -> list[Seed]:
    """One seed from all picture pairs that lie equally far apart in time, where these have most partners."""
    limits, votes = settings.copies, partners.votes
    if votes.sum() < limits.seed_few:
        return []
    shifts = b.point_times[None] - a.point_times[:, None]
    groups = np.round(shifts / limits.seed_together).astype(int)
    which, group = np.unique(groups, return_inverse=True)
    sums = np.bincount(group.ravel(), votes.ravel(), minlength=len(which))
    if sums.max() < limits.seed_few:
        return []
    chosen = np.where(groups == which[int(sums.argmax())], votes, 0)
    places = _best(chosen, 1, limits.seed_tries)
    if partners.agreeing(places, (a.aspect, b.aspect)) < limits.seed_agreeing_together:
        return []
    parts = [_matched(a.points[i], b.points[j], settings, mirrored=mirrored) for i, j in places]
    xy_a, xy_b = (np.concatenate(each) for each in zip(*parts, strict=True))
    # What stands still is matched again in each pair, and says no more than once.
    cells = np.floor(np.c_[xy_a, xy_b] * _SAME_SPOT).astype(int)
    once = np.sort(np.unique(cells, axis=0, return_index=True)[1])
    matrix, support = _fitted(xy_a[once], xy_b[once], a, b, settings, mirrored=mirrored)
    if matrix is None:
        return []
    i, j = places[0]
    return [Seed(matrix, float(a.point_times[i]), float(b.point_times[j]), support)]


def _common(
    a: Track, b: Track, partners: sketch.Partners, settings: Settings, *, mirrored: bool
) -> list[Seed]:
    """One seed from the similarity that carries partners of all pictures to each other, where many agree."""
    least = settings.copies.seed_common
    found = partners.common((a.aspect, b.aspect)) if partners.votes.sum() >= least else None
    if found is None or found.count < least:
        return []
    matrix = fit.MIRROR @ found.matrix if mirrored else found.matrix
    i, j = found.place
    return [Seed(matrix, float(a.point_times[i]), float(b.point_times[j]), found.count)]


def _different(found: Iterable[Seed], settings: Settings) -> tuple[Seed, ...]:
    """The seeds that lead to different alignments, best first."""
    limits = settings.copies
    kept: list[Seed] = []
    for seed in found:
        if not any(_alike(seed, other, settings) for other in kept):
            kept.append(seed)
    return tuple(kept[: limits.seeds])


def _alike(one: Seed, two: Seed, settings: Settings) -> bool:
    limits = settings.copies
    shifts = abs((one.b_time - one.a_time) - (two.b_time - two.a_time))
    apart = fit.apart(one.matrix, two.matrix)
    # While the camera moves, one map differs from the next by what it moved between two feature pictures.
    moved = shifts < limits.seed_together and apart < limits.seed_moved
    return moved or (shifts < limits.lag_reach / 2 and apart < limits.same_map)


def holds(fitted: fit.Fit, settings: Settings) -> bool:
    """Whether a fit has the support and the shape that chance does not give."""
    return (
        fitted.inliers >= settings.geometry.homography_inliers
        and fit.plausible(fitted.matrix, settings.geometry.largest_stretch)
        and not fit.crowded(fitted, settings.geometry.crowded_area, settings.geometry.crowded_shift)
    )


def _from_hashes(a: Track, b: Track, settings: Settings) -> tuple[Seed, ...]:
    """One seed for the nearest pair of hashes, plain and mirrored, where it is near enough to look."""
    good_a, good_b = (_good(track, settings) for track in (a, b))
    if not len(good_a) or not len(good_b):
        return ()
    seeds = []
    for side, matrix in ((0, np.eye(3)), (1, fit.MIRROR)):
        bits = pdq.distances(a.hashes[good_a, 0], b.hashes[good_b, side])
        if bits.min() <= settings.copies.seed_bits:
            i, j = np.unravel_index(int(bits.argmin()), bits.shape)
            seeds.append(Seed(matrix, float(a.times[good_a[i]]), float(b.times[good_b[j]]), 0))
    return tuple(seeds)


def _good(track: Track, settings: Settings) -> NDArray[np.intp]:
    """Samples whose hashes say something, thinned evenly where they are many."""
    good = np.flatnonzero(track.quality >= settings.fingerprint.min_quality)
    step = -(-len(good) // settings.copies.seed_hashes)
    return good[:: max(1, step)]


_SKETCHES: WeakKeyDictionary[Track, sketch.Sketch] = WeakKeyDictionary()


def _sketch(track: Track) -> sketch.Sketch:
    """The track's sketch, made when it is first asked for."""
    if track not in _SKETCHES:
        _SKETCHES[track] = sketch.sketch(_without_repeats(track.points))
    return _SKETCHES[track]


def _without_repeats(pictures: tuple[Points, ...]) -> list[Points]:
    """The pictures, without the points of those that show what an earlier one shows, in the same place.

    While camera and scene stand still, one picture stands for the next `_REPEATS`; which moment it is cannot
    be told from local features anyway.
    """
    kept: list[Points] = []
    last, since = NOTHING, 0
    for points in pictures:
        since += 1
        if since <= _REPEATS and _repeats(points, last):
            kept.append(NOTHING)
        else:
            kept.append(points)
            last, since = points, 0
    return kept


def _repeats(points: Points, last: Points) -> bool:
    if not len(points) or not len(last):
        return False
    likeness = points.vectors() @ last.vectors().T
    moved = np.abs(points.xy - last.xy[likeness.argmax(axis=1)]).max(axis=1)
    again = (likeness.max(axis=1) >= _REPEATED) & (moved <= 0.5 / _SAME_SPOT)
    return bool(again.sum() >= max(len(points), len(last)) / 2)
