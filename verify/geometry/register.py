"""Registration: whether two inputs show one place, and where the picture of one lies in that of the other.

Each view of one input is held against each of the other by a sketch of its features (see `sketch`); of the
three pairs of views that agree best, those are matched in full and fitted (see `fit`), plain and mirrored, in
which one similarity carries some of the partners to each other, about. Two inputs show one place when a
homography has at least 12 points that agree, or a fundamental matrix at least 20, and these points do not
crowd one spot. Points that do, as those of a logo, are set aside, and the rest is fitted again.

What is known of errors (RootSIFT, 2,000 points at 1,024 pixels): of 4,199 pairs of pictures of different
places, 1,109 of them of pictures rich in detail, none is registered (for these, the rate stays below 0.27 %
with 95 % confidence); of 21 pairs of tourist photographs of one church, 18 are (tests/benchmarks/places.py).
A trial on more such photographs, before this rule was written, found 71 % of the pairs, 42 % when one was
darkened and compressed, and few pairs with a wide baseline indoors. So a registration says much; the lack of
one says little.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from verify.geometry import fit, match, sketch
from verify.model import Registration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from verify.geometry.views import View
    from verify.model import Box
    from verify.settings import GeometrySettings

_ROUNDING = 1e-5  # fraction of the picture; a box's own points lie inside it


def register(a: Sequence[View], b: Sequence[View], settings: GeometrySettings) -> Registration | None:
    """The best registration of two inputs, a to b, plain or mirrored; None where none holds."""
    if not a or not b:
        return None
    turned = [replace(view, points=view.points.mirrored()) for view in b]
    screens = [
        sketch.partners(_sketch(a), _sketch(b), settings.screen_bits, mirrored=mirrored)
        for mirrored in (False, True)
    ]
    # A symmetric building matches both ways; a way that starts far behind the other is not worth a fit.
    most = max(int(each.votes.max()) for each in screens)
    least = max(settings.screen_matches, settings.screen_behind * most)
    held = [
        each
        for screen, others, mirrored in zip(screens, (b, turned), (False, True), strict=True)
        for pair in _best_pairs(screen.votes, least, settings)
        if screen.agreeing([pair], (a[pair[0]].aspect, b[pair[1]].aspect)) >= settings.screen_agreeing
        and (each := _pair(a[pair[0]], others[pair[1]], settings, mirrored=mirrored))
    ]
    return max(held, key=lambda each: each.inliers, default=None)


def _best_pairs(
    screen: NDArray[np.int32], least: float, settings: GeometrySettings
) -> Iterator[tuple[int, int]]:
    for number in np.argsort(-screen, axis=None, kind="stable")[: settings.screen_pairs]:
        one, two = divmod(int(number), screen.shape[1])
        if screen[one, two] >= least:
            yield one, two


def _pair(a: View, b: View, settings: GeometrySettings, *, mirrored: bool) -> Registration | None:
    pairs = match.match(a.points.vectors(), b.points.vectors(), settings.ratio)
    xy_a, xy_b, aspects = a.points.xy[pairs[:, 0]], b.points.xy[pairs[:, 1]], (a.aspect, b.aspect)
    flat = fit.homography(xy_a, xy_b, aspects, settings.homography_tolerance)
    while flat and flat.inliers >= settings.homography_inliers and _crowded(flat, settings):
        xy_a, xy_b = _beside(flat, xy_a, xy_b)
        flat = fit.homography(xy_a, xy_b, aspects, settings.homography_tolerance)
    if flat and flat.inliers >= settings.homography_inliers and _sound(flat, settings):
        return _registration("homography", flat, (a, b), mirrored=mirrored)
    deep = fit.fundamental(xy_a, xy_b, aspects, settings.fundamental_tolerance)
    if deep and deep.inliers >= settings.fundamental_inliers and not _crowded(deep, settings):
        return _registration("fundamental", deep, (a, b), mirrored=mirrored)
    return None


def _beside(
    mark: fit.Fit, a: NDArray[np.float32], b: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The point pairs that do not lie on a mark that both pictures carry.

    The points of a flat mark agree with many fundamental matrices; among those one is found that a few chance
    pairs agree with too, and spread over the picture they no longer crowd one spot.
    """
    box_a, box_b = mark.boxes()
    apart = ~(_inside(a, box_a) | _inside(b, box_b))
    return a[apart], b[apart]


def _inside(points: NDArray[np.float32], box: Box) -> NDArray[np.bool_]:
    low = np.array([box.x, box.y]) - _ROUNDING
    high = np.array([box.x + box.width, box.y + box.height]) + _ROUNDING
    return np.asarray(np.all((points >= low) & (points <= high), axis=1))


def _sound(fitted: fit.Fit, settings: GeometrySettings) -> bool:
    return fit.plausible(fitted.matrix, settings.largest_stretch) and not _crowded(fitted, settings)


def _crowded(fitted: fit.Fit, settings: GeometrySettings) -> bool:
    return fit.crowded(fitted, settings.crowded_area, settings.crowded_shift)


def _registration(model: str, fitted: fit.Fit, pair: tuple[View, View], *, mirrored: bool) -> Registration:
    turned = fit.mirrored(fitted, deep=model == "fundamental") if mirrored else fitted
    box_a, box_b = turned.boxes()
    times = pair[0].time, pair[1].time
    return Registration(model, fit.as_matrix(turned.matrix), turned.inliers, box_a, box_b, *times)


_SKETCHES: WeakKeyDictionary[View, sketch.Sketch] = WeakKeyDictionary()  # by an input's first view


def _sketch(views: Sequence[View]) -> sketch.Sketch:
    """The sketch of an input's views, made when it is first asked for."""
    known = _SKETCHES.get(views[0])
    if known is None or known.pictures != len(views):
        known = _SKETCHES[views[0]] = sketch.sketch([view.points for view in views])
    return known
