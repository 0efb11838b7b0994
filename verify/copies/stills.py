"""Stills: a picture against a picture, and a picture against a clip.

Two pictures are copies when one can be laid on the other so that most patches of the part that both show
agree. For a clip, the moment is looked for first: where the picture was seen to fit, the clip's tiny
pictures say roughly when, and the frames around are laid on the picture one by one. Where things move in
the clip, the picture must also agree with them at that moment, and not only with what stands still;
otherwise it may be another picture from the same place, and the answer is `same_camera`.

Limits: where nothing moves, a picture taken from the same spot at another time cannot be told from a
frame of the clip. A picture that was changed over most of its area is not found.

Error rates: not measured on footage of others; tests/copies has the cases with known truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from verify.copies.moments import greys
from verify.copies.refine import PATCH_SIDE, Laid, lay
from verify.copies.seeds import holds
from verify.fingerprint import local
from verify.geometry import fit, match
from verify.geometry.agreement import agreement
from verify.media import frames
from verify.model import Footage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from verify.copies.moments import Moments
    from verify.copies.seeds import Seed
    from verify.fingerprint.local import Points
    from verify.model import Media
    from verify.settings import Settings

_ZERO = Fraction(0)


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """Where a still lies in another input."""

    laid: Laid
    moment: tuple[Fraction, Fraction]  # seconds of a and of b
    end: Fraction  # when the clip's frame ends; 0 for two stills
    footage: Footage
    because: str


def two_stills(a: Media, b: Media, seeds: Sequence[Seed], settings: Settings) -> Found | None:
    """The better of the ways to lay one still on the other, or None."""
    moments: Moments = ((_ZERO, _ZERO),)
    laid = [lay(a, b, seed.matrix, moments, settings) for seed in seeds[: settings.copies.still_seeds]]
    best = max((each for each in laid if each), key=lambda each: each.agreement.mean, default=None)
    if best is None:
        return None
    footage = Footage.ESTABLISHED if _agrees(best, settings) else Footage.NOT_DETERMINED
    return Found(best, (_ZERO, _ZERO), _ZERO, footage, _words(best))


def in_clip(clip: Media, still: Media, seeds: Sequence[Seed], settings: Settings) -> Found | None:
    """The moment of a clip that a still shows, or None. Seeds and answer have the clip as a.

    Without seeds the whole clip is searched, which takes as long as decoding it.
    """
    held = _Held.of(still, settings)
    if held is None:
        return None
    places = _places(seeds, settings) or _searched(clip, held, settings)
    best = max((_frame(clip, held, *place, settings) for place in places), default=None, key=_value)
    if best is None:
        return None
    laid = lay(clip, still, best.matrix, ((best.time, _ZERO),), settings)
    if laid is None:
        return None
    moment = best.time, _ZERO
    if not _agrees(laid, settings):
        return Found(laid, moment, best.end, Footage.NOT_DETERMINED, _words(laid))
    footage, because = _footage(clip, held, laid, best.time, settings)
    return Found(laid, moment, best.end, footage, f"{_words(laid)}; {because}")


def _agrees(laid: Laid, settings: Settings) -> bool:
    found = laid.agreement
    return found.share >= settings.copies.still_share and found.patches >= settings.copies.still_patches


def _words(laid: Laid) -> str:
    found = laid.agreement
    return f"{found.share:.0%} of {found.patches} textured patches agree when one is laid on the other"


@dataclass(frozen=True, eq=False, slots=True)
class _Held:
    """The still that is looked for, plain and in a mirror."""

    luma: NDArray[np.uint8]  # (h, w), longer side PATCH_SIDE
    points: tuple[Points, Points]
    aspect: float

    @classmethod
    def of(cls, media: Media, settings: Settings) -> _Held | None:
        shown = greys(media, [_ZERO], PATCH_SIDE)
        if not shown:
            return None
        points = local.features(shown[0], settings.copies.frame_points, settings.geometry.view_contrast)
        return cls(shown[0], (points, points.mirrored()), shown[0].shape[1] / shown[0].shape[0])


@dataclass(frozen=True, eq=False, slots=True)
class _Fitted:
    """A frame of the clip laid on the still."""

    time: Fraction
    end: Fraction
    matrix: NDArray[np.float64]
    value: float  # mean agreement of the patches, 0 to 1


def _value(fitted: _Fitted | None) -> float:
    return fitted.value if fitted else -1.0


def _places(seeds: Sequence[Seed], settings: Settings) -> list[tuple[float, NDArray[np.float64]]]:
    """Moments to look around, far enough apart to be different ones, with the map that led there."""
    chosen: list[tuple[float, NDArray[np.float64]]] = []
    for seed in seeds:
        if all(abs(seed.a_time - time) > settings.copies.still_reach for time, _ in chosen):
            chosen.append((seed.a_time, seed.matrix))
    return chosen[: settings.copies.still_seeds]


def _searched(clip: Media, held: _Held, settings: Settings) -> list[tuple[float, NDArray[np.float64]]]:
    """The frame of a whole clip that has most in common with the still, looked for once a second."""
    step, due, best = settings.copies.search_step, _ZERO, None
    for frame in frames(clip.path):
        if frame.time < due:
            continue
        due = frame.time + max(step, (clip.duration or _ZERO) / settings.copies.search_most)
        luma = frame.shrunk(PATCH_SIDE)
        fitted = _fit(luma, held, settings)
        if fitted is not None and (best is None or fitted[1] > best[1]):
            value = agreement(luma, held.luma, fitted[0], settings.geometry).mean
            best = fitted[0], fitted[1], float(frame.time), value
    return [(best[2], best[0])] if best and best[3] >= settings.copies.search_agrees else []


def _fit(luma: NDArray[np.uint8], held: _Held, settings: Settings) -> tuple[NDArray[np.float64], int] | None:
    """The map of a frame onto the still and its support, mirrored where that has more."""
    points = local.features(luma, settings.copies.frame_points, settings.geometry.view_contrast)
    aspects = luma.shape[1] / luma.shape[0], held.aspect
    best: tuple[NDArray[np.float64], int] | None = None
    for other, turn in zip(held.points, (np.eye(3), fit.MIRROR), strict=True):
        rows = match.match(points.vectors(), other.vectors(), settings.geometry.ratio)
        fitted = fit.homography(
            points.xy[rows[:, 0]], other.xy[rows[:, 1]], aspects, settings.copies.exact_tolerance
        )
        if fitted and holds(fitted, settings) and (best is None or fitted.inliers > best[1]):
            best = turn @ fitted.matrix, fitted.inliers
    return best


def _frame(
    clip: Media, held: _Held, near: float, matrix: NDArray[np.float64], settings: Settings
) -> _Fitted | None:
    """The frame around `near` that agrees best with the still, each laid on it by its own map."""
    reach = settings.copies.still_reach
    start = Fraction(max(0.0, near - reach)).limit_denominator(1000)
    stop = Fraction(near + reach).limit_denominator(1000)
    best: _Fitted | None = None
    for number, frame in enumerate(frames(clip.path, start=start, end=stop, skip_nonref=False)):
        luma = frame.shrunk(PATCH_SIDE)
        if number % settings.copies.still_stride == 0:
            fitted = _fit(luma, held, settings)
            matrix = fitted[0] if fitted else matrix
        value = agreement(luma, held.luma, matrix, settings.geometry).mean
        if best is None or value > best.value:
            best = _Fitted(frame.time, frame.end, matrix, value)
    return best


def _footage(clip: Media, held: _Held, laid: Laid, time: Fraction, settings: Settings) -> tuple[Footage, str]:
    """Whether the parts of the clip in which something moves agree with the still at that moment."""
    length = clip.duration or _ZERO
    others = [length * part / 8 for part in (1, 3, 5, 7)]
    shown = greys(clip, [time, *others], PATCH_SIDE)
    found = agreement(shown[0], held.luma, laid.matrix, settings.geometry, others=shown[1:])
    if found.patches < settings.copies.still_moving:
        return Footage.ESTABLISHED, "nothing in the clip moves that could tell this moment from others"
    words = f"of {found.patches} patches in which the clip changes, {found.share:.0%} agree with the picture"
    # A hand that holds a camera comes to no place twice: where nearly all patches move, the view tells.
    held_by_hand = found.patches >= settings.copies.camera_moves * laid.agreement.patches
    if found.share >= (settings.copies.still_share if held_by_hand else settings.copies.still_agrees):
        return Footage.ESTABLISHED, words
    refuted = found.share < settings.copies.still_differs
    return (Footage.REFUTED if refuted else Footage.NOT_DETERMINED), words
