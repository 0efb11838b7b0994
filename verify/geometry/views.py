"""Views: a few pictures of an input, with their local features, for asking whether two inputs show one place.

Up to four pictures spread over a clip are taken at 1,024 pixels with up to 2,000 features each, out of the
pass that makes its track, so that nothing is decoded for them; a still is one view. What is burned into a
clip's picture - captions, logos, clocks - is taken out first: where the camera moves, the features of the
scene move between the views, and those that stay at one spot of the frame are not part of the scene. Where
the camera stands still this cannot be told, and nothing is taken out; the fit then refuses points that crowd
one spot (see `fit`).

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
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from verify.media import Frame
    from verify.model import Media
    from verify.settings import GeometrySettings


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class View:
    """One picture of an input."""

    time: Fraction  # seconds; 0 for a still
    aspect: float  # displayed width / height
    points: local.Points


class ViewBuilder:
    """Takes every decoded frame of an input in order, and gives its views."""

    def __init__(self, length: Fraction | None, settings: GeometrySettings) -> None:
        """Begin an input of `length` seconds; None or 0 for a still, which is one view."""
        self._settings = settings
        self._due = list(_middles(length, settings)) if length else [Fraction(0)]
        self._taken: list[View] = []
        self._last: Frame | None = None

    def add(self, frame: Frame) -> None:
        """Look at one frame; the last one is held."""
        self._last = frame
        if self._due and frame.time >= self._due[0]:
            self._take(frame)
            while self._due and frame.time >= self._due[0]:
                self._due.pop(0)

    def finish(self) -> tuple[View, ...]:
        """The views of everything that was added, what is burned in taken out."""
        last, taken = self._last, self._taken
        # Fewer frames than the length promised: the last one stands for the rest.
        if last is not None and self._due and (not taken or taken[-1].time < last.time):
            self._take(last)
        return without_marks(tuple(self._taken), self._settings)

    def _take(self, frame: Frame) -> None:
        self._taken.append(_seen(frame.time, frame.rgb(self._settings.view_side), self._settings))


def to_arrays(taken: Sequence[View]) -> dict[str, NDArray[np.generic]]:
    """Views as plain arrays, for a cache; none for no view."""
    if not taken:
        return {}
    return {
        "times": np.array([[each.time.numerator, each.time.denominator] for each in taken], np.int64),
        "aspects": np.array([each.aspect for each in taken], np.float64),
        "counts": np.array([len(each.points) for each in taken], np.int64),
        "xy": np.concatenate([each.points.xy for each in taken]),
        "descriptors": np.concatenate([each.points.descriptors for each in taken]),
    }


def from_arrays(arrays: Mapping[str, NDArray[np.generic]]) -> tuple[View, ...]:
    """The views that `to_arrays` took apart. Raises KeyError or ValueError on anything else."""
    if not arrays:
        return ()
    cuts = np.cumsum(arrays["counts"])[:-1].astype(int)
    xy = np.split(np.asarray(arrays["xy"], np.float32), cuts)
    rows = np.split(np.asarray(arrays["descriptors"], np.uint8), cuts)
    times = [Fraction(int(over), int(under)) for over, under in arrays["times"]]
    points = (local.Points(*each) for each in zip(xy, rows, strict=True))
    return tuple(
        View(time, float(aspect), each)
        for time, aspect, each in zip(times, arrays["aspects"], points, strict=True)
    )


def views(media: Media, settings: GeometrySettings) -> tuple[View, ...]:
    """A few views of an input, in order of time, what is burned in taken out, decoded for the purpose.

    Raises:
        UnreadableMediaError: no picture could be decoded.
    """
    if media.kind is MediaKind.IMAGE or not media.duration:
        times: tuple[Fraction, ...] = (Fraction(0),)
    else:
        slack = media.duration / settings.views / 3
        middles = _middles(media.duration, settings)
        times = tuple(cheap_time(media.path, middle, slack) for middle in middles)
    return _views(media.path, times, settings)


def view(media: Media, time: Fraction, settings: GeometrySettings) -> View:
    """The view at one moment, nothing taken out.

    Raises:
        UnreadableMediaError: no picture could be decoded.
    """
    return _view(media.path, time, settings)


def _middles(length: Fraction, settings: GeometrySettings) -> tuple[Fraction, ...]:
    slot = length / settings.views
    return tuple(slot * (2 * index + 1) / 2 for index in range(settings.views))


@lru_cache(maxsize=64)
def _view(path: Path, time: Fraction, settings: GeometrySettings) -> View:
    return _taken(path, (time,), settings)[0]


@lru_cache(maxsize=64)
def _views(path: Path, times: tuple[Fraction, ...], settings: GeometrySettings) -> tuple[View, ...]:
    return without_marks(_taken(path, times, settings), settings)


def _taken(path: Path, times: tuple[Fraction, ...], settings: GeometrySettings) -> tuple[View, ...]:
    shown = pictures(path, times, settings.view_side, threads=1)
    return tuple(_seen(picture.time, picture.rgb, settings) for picture in shown)


def _seen(time: Fraction, rgb: NDArray[np.uint8], settings: GeometrySettings) -> View:
    grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
    points = local.features(grey, settings.view_points, settings.view_contrast)
    return View(time, grey.shape[1] / grey.shape[0], points)


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
