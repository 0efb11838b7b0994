"""Views: a few pictures of an input, with their local features, for asking whether two inputs show one place.

Up to four pictures spread over a clip are taken at 1,024 pixels with up to 2,000 features each; a still
is one view. What is burned into a clip's picture - captions, logos, clocks - is taken out first: where
the camera moves, the features of the scene move between the views, and those that stay at one spot of the
frame are not part of the scene. Where the camera stands still this cannot be told, and nothing is taken
out; the fit then refuses points that crowd one spot (see `fit`).

Error rates: those of what is built on them; see geometry.register.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.fingerprint import local
from verify.geometry.match import match
from verify.media import cheap_time, pictures
from verify.model import MediaKind

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from verify.model import Media
    from verify.settings import GeometrySettings


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class View:
    """One picture of an input."""

    time: Fraction  # seconds; 0 for a still
    aspect: float  # displayed width / height
    points: local.Points


def views(media: Media, settings: GeometrySettings) -> tuple[View, ...]:
    """A few views of an input, in order of time, what is burned in taken out.

    Raises:
        UnreadableMediaError: no picture could be decoded.
    """
    if media.kind is MediaKind.IMAGE or not media.duration:
        times: tuple[Fraction, ...] = (Fraction(0),)
    else:
        slot = media.duration / settings.views
        middles = (slot * (2 * index + 1) / 2 for index in range(settings.views))
        times = tuple(cheap_time(media.path, middle, slot / 3) for middle in middles)
    return _views(media.path, times, settings)


def view(media: Media, time: Fraction, settings: GeometrySettings) -> View:
    """The view at one moment, nothing taken out.

    Raises:
        UnreadableMediaError: no picture could be decoded.
    """
    return _view(media.path, time, settings)


@lru_cache(maxsize=64)
def _view(path: Path, time: Fraction, settings: GeometrySettings) -> View:
    return _taken(path, (time,), settings)[0]


@lru_cache(maxsize=64)
def _views(path: Path, times: tuple[Fraction, ...], settings: GeometrySettings) -> tuple[View, ...]:
    return without_marks(_taken(path, times, settings), settings)


def _taken(path: Path, times: tuple[Fraction, ...], settings: GeometrySettings) -> tuple[View, ...]:
    taken = []
    for picture in pictures(path, times, settings.view_side, threads=1):
        grey = np.asarray(cv2.cvtColor(picture.rgb, cv2.COLOR_RGB2GRAY), np.uint8)
        points = local.features(grey, settings.view_points, settings.view_contrast)
        taken.append(View(picture.time, grey.shape[1] / grey.shape[0], points))
    return tuple(taken)


def without_marks(taken: tuple[View, ...], settings: GeometrySettings) -> tuple[View, ...]:
    """The views without the points that stay at one spot of the frame while the scene moves."""
    marks = [spots for one, two in pairwise(taken) if len(spots := _marks(one, two, settings))]
    if not marks:
        return taken
    burned = np.concatenate(marks)
    return tuple(
        View(each.time, each.aspect, _apart(each.points, burned, settings.mark_reach)) for each in taken
    )


def _marks(one: View, two: View, settings: GeometrySettings) -> NDArray[np.float32]:
    pairs = match(one.points.vectors(), two.points.vectors(), settings.ratio)
    spots = one.points.xy[pairs[:, 0]]
    if len(spots) < settings.mark_pairs:
        return spots[:0]
    moved = np.abs(spots - two.points.xy[pairs[:, 1]]).max(axis=1)
    still = moved < settings.mark_still
    return spots[still] if np.median(moved) > settings.mark_moved else spots[:0]


def _apart(points: local.Points, burned: NDArray[np.float32], reach: float) -> local.Points:
    """The points farther than `reach` from every burned-in spot, on a map of the frame."""
    size = 128
    mask = np.zeros((size, size), np.uint8)
    spots = np.clip((burned * size).astype(int), 0, size - 1)
    mask[spots[:, 1], spots[:, 0]] = 1
    side = 2 * max(1, round(reach * size)) + 1
    wide = cv2.dilate(mask, np.ones((side, side), np.uint8))
    return points.outside(np.asarray(wide, np.uint8) > 0)
