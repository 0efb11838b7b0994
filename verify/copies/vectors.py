"""Where to look in two inputs, by learned fingerprints: moments, and seeds from a closer look at them.

Every vector of one input is held against every one of the other (see `fingerprint.neural`); the pairs of
moments with the highest normalised cosine, at least a second apart in either input, are the places to look.
Where their mean is high enough, the pictures at these moments are decoded at 1,024 pixels, local features are
taken, plain and mirrored, and matched, and a homography that holds is a seed for `align`, as it is without
this part. Where no map holds and the vectors are very near, one picture is laid squarely on the other, bars
left out, plain and mirrored.

Limits: a seed shows the same scene at most. This is asked only where the fingerprints that need no extra
lead to no copy. Vectors are of whole pictures: insets of less than half the width are seldom seen.

Error rates: a seed decides nothing; see copies.votes. How often this looks at a pair: of copies nearly
always, but for insets, and at unrelated clips hardly ever (results/learned.json of the benchmarks);
at two clips of one scene always, for it shows that scene.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from verify.copies.moments import exact
from verify.copies.seeds import Seed, holds
from verify.fingerprint import neural
from verify.geometry import fit, match
from verify.geometry.views import view

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify.copies.judgement import Subject
    from verify.fingerprint.vectors import VectorTrack
    from verify.model import Media
    from verify.settings import NeuralSettings, Settings


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of a that may be one of b."""

    a: int  # row of a's vectors
    b: int
    score: float  # normalised cosine; of unrelated pictures some -0.3 to 0.1, 1 at most


def best(a: VectorTrack, b: VectorTrack, settings: NeuralSettings) -> tuple[Moment, ...]:
    """The most alike moments, best first, none near another in either input.

    Raises:
        IncomparableError: the vectors were made by different models.
    """
    a.must_meet(b)
    common = (a.common[:, None] + b.common[None]) / 2
    scores = neural.unit(a.vectors) @ neural.unit(b.vectors).T - settings.beta * common
    found: list[Moment] = []
    while len(found) < settings.moments and np.isfinite(scores).any():
        i, j = (int(each) for each in np.unravel_index(int(scores.argmax()), scores.shape))
        found.append(Moment(i, j, float(scores[i, j])))
        scores[np.abs(a.times - a.times[i]) < settings.moment_gap] = -np.inf
        scores[:, np.abs(b.times - b.times[j]) < settings.moment_gap] = -np.inf
    return tuple(found)


def likeness(found: tuple[Moment, ...]) -> float:
    """How alike two inputs are by their best moments: the mean score."""
    return float(np.mean([moment.score for moment in found]))


def seeds(one: Subject, two: Subject, settings: Settings) -> tuple[Seed, ...]:
    """Seeds of a pair, best first; none without vectors, or where these are not alike enough to look.

    Raises:
        IncomparableError: the vectors were made by different models.
        UnreadableMediaError: a picture that was examined before cannot be decoded any more.
    """
    if one.vectors is None or two.vectors is None:
        return ()
    found = best(one.vectors, two.vectors, settings.neural)
    if likeness(found) < settings.neural.score:
        return ()
    times = [(float(one.vectors.times[each.a]), float(two.vectors.times[each.b])) for each in found]
    fitted = [seed for moment in times for seed in _fitted(one.media, two.media, moment, settings)]
    if fitted:
        return tuple(sorted(fitted, key=lambda seed: -seed.support))
    return _squarely(one.vectors, two.vectors, found[0], settings.neural)


def _fitted(a: Media, b: Media, times: tuple[float, float], settings: Settings) -> list[Seed]:
    seen = view(a, exact(times[0]), settings.geometry)
    other = view(b, exact(times[1]), settings.geometry)
    made = []
    for mirrored in (False, True):
        points = other.points.mirrored() if mirrored else other.points
        pairs = match.match(seen.points.vectors(), points.vectors(), settings.geometry.ratio)
        if len(pairs) < settings.geometry.homography_inliers:
            continue
        fitted = fit.homography(
            seen.points.xy[pairs[:, 0]],
            points.xy[pairs[:, 1]],
            (seen.aspect, other.aspect),
            settings.geometry.homography_tolerance,
        )
        if fitted is not None and holds(fitted, settings):
            matrix = fit.MIRROR @ fitted.matrix if mirrored else fitted.matrix
            made.append(Seed(matrix, *times, fitted.inliers))
    return made


def _squarely(a: VectorTrack, b: VectorTrack, moment: Moment, settings: NeuralSettings) -> tuple[Seed, ...]:
    if moment.score < settings.square_score:
        return ()
    matrix = _onto(b.boxes[moment.b]) @ fit.inverse(_onto(a.boxes[moment.a]))
    mirrored = _onto(b.boxes[moment.b]) @ fit.MIRROR @ fit.inverse(_onto(a.boxes[moment.a]))
    times = float(a.times[moment.a]), float(b.times[moment.b])
    return Seed(matrix, *times, 0), Seed(mirrored, *times, 0)


def _onto(box: NDArray[np.float32]) -> NDArray[np.float64]:
    """The map that lays the whole picture into a box of it."""
    x, y, width, height = (float(value) for value in box)
    return np.array([[width, 0, x], [0, height, y], [0, 0, 1]])
