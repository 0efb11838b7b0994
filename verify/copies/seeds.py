"""Seeds: moments of two inputs that may show the same picture, and how the one would lie on the other.

Every feature picture of one track is held against every one of the other, plain and mirrored; the pairs
with most matching patches are fitted with a homography, and a fit that holds is a seed. Where a clip has
too little texture for that, near whole-picture hashes give seeds that lay one picture squarely on the
other.

A seed is a suggestion to look. It shows the same scene at most; what follows from it is decided in `align`.

Error rates: a seed decides nothing; see copies.votes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from verify.fingerprint import pdq
from verify.geometry import fit, match

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify.fingerprint.track import Track
    from verify.settings import Settings


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
    return tuple(found[: settings.copies.seeds]) + _from_hashes(a, b, settings)


def _from_points(a: Track, b: Track, settings: Settings, *, mirrored: bool) -> list[Seed]:
    others = [points.mirrored() for points in b.points] if mirrored else list(b.points)
    few_a = [points.strongest(settings.copies.seed_screen) for points in a.points]
    few_b = [points.strongest(settings.copies.seed_screen) for points in others]
    found = match.counts(few_a, few_b, settings.geometry.ratio)
    order = np.argsort(-found, axis=None, kind="stable")[: settings.copies.seed_tries]
    seeds = []
    for number in order:
        i, j = divmod(int(number), len(others))
        if found[i, j] < settings.copies.seed_few:
            break
        one, two = a.points[i], others[j]
        pairs = match.match(one.vectors(), two.vectors(), settings.geometry.ratio)
        if len(pairs) < settings.geometry.homography_inliers:
            continue
        fitted = fit.homography(
            one.xy[pairs[:, 0]], two.xy[pairs[:, 1]], (a.aspect, b.aspect), settings.copies.seed_tolerance
        )
        if fitted is None or not holds(fitted, settings):
            continue
        matrix = fit.MIRROR @ fitted.matrix if mirrored else fitted.matrix
        seeds.append(Seed(matrix, float(a.point_times[i]), float(b.point_times[j]), fitted.inliers))
    return seeds


def holds(fitted: fit.Fit, settings: Settings) -> bool:
    """Whether a fit has the support and the shape that chance does not give."""
    return (
        fitted.inliers >= settings.geometry.homography_inliers
        and fit.plausible(fitted.matrix, settings.geometry.largest_stretch)
        and not fit.crowded(fitted, settings.geometry.crowded_area, settings.geometry.crowded_shift)
    )


def _from_hashes(a: Track, b: Track, settings: Settings) -> tuple[Seed, ...]:
    """One seed for the nearest pair of hashes, plain and mirrored, where it is near enough to look."""
    good_a = np.flatnonzero(a.quality >= settings.fingerprint.min_quality)
    good_b = np.flatnonzero(b.quality >= settings.fingerprint.min_quality)
    if not len(good_a) or not len(good_b):
        return ()
    seeds = []
    for side, matrix in ((0, np.eye(3)), (1, fit.MIRROR)):
        bits = pdq.distances(a.hashes[good_a, 0], b.hashes[good_b, side])
        if bits.min() <= settings.copies.seed_bits:
            i, j = np.unravel_index(int(bits.argmin()), bits.shape)
            seeds.append(Seed(matrix, float(a.times[good_a[i]]), float(b.times[good_b[j]]), 0))
    return tuple(seeds)
