"""Colour: what a change of brightness, contrast or colour makes of a's pixels to give b's.

Softened pixels of the aligned pictures are fitted by one map from a's red, green and blue (with three bends
each, for gamma) to b's; pixels that disagree, under captions say, are weighed down step by step
(iterated least squares with Tukey's weights). The change is named where it is larger than what re-encoding
makes, and where it is not just the other range of video levels (16-235 or 0-255) that programs mistake.

Limits: local changes (vignettes, spots) are not modelled. Saturation and hue are read only where a has
colour. A change that clips says little of what it clipped.

What is known of errors: of 98 made copies of 12 public clips with changed brightness, contrast, gamma or
colours, 90 are told, and 7 of the others are of a clip that is black; none of some 200 other copies is
called so. The thresholds were chosen on these copies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.model import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from verify.copies.edits.aligned import Aligned
    from verify.model import Media
    from verify.settings import EditSettings

# ITU-R BT.601: luma, and the two colour differences, of red, green, blue in 0-255.
_YUV = np.array([[0.299, 0.587, 0.114], [-0.169, -0.331, 0.5], [0.5, -0.419, -0.081]])
_KNEES = (0.1, 0.3, 0.6)  # of the full range, where a curve may bend
_RANGES = ((1.0, 0.0), (219 / 255, 16.0), (255 / 219, -16 * 255 / 219))  # as is, to limited, to full


@dataclass(frozen=True, eq=False, slots=True)
class Tone:
    """The map from a's colours to b's, and the pixels it was fitted to."""

    weights: NDArray[
        np.float64
    ]  # (k, 3) of 1, r, g, b and what they exceed `_KNEES` by, in 0-1; added to r, g, b
    before: NDArray[np.float64]  # (n, 3) pixels of a that agree, 0-255
    noise: float  # grey levels, of what is left at these pixels

    def of(self, picture: NDArray[np.float32]) -> NDArray[np.float32]:
        """(..., 3) a's pixels, of whole grey levels, as b would show them, 0-255."""
        # Each of a's three colours adds to b's by a curve of its own: 256 values make a table.
        levels = np.zeros((3, 256, 3))
        levels[range(3), :, range(3)] = np.arange(256) / 255
        nothing = _terms(np.zeros((1, 3))) @ self.weights
        curves = 255 * (levels + _terms(levels.reshape(-1, 3)).dot(self.weights).reshape(3, 256, 3) - nothing)
        rows = np.rint(picture).astype(np.uint8)
        made = sum(curves[index].astype(np.float32)[rows[..., index]] for index in range(3))
        return np.asarray(np.clip(made + 255 * nothing[0], 0, 255), np.float32)


def fitted(moments: Sequence[Aligned], limits: EditSettings) -> Tone | None:
    """The map that most pixels agree with; None where too few pixels are shared."""
    pairs = [_pixels(moment, limits) for moment in moments]
    ours = np.concatenate([pair[0] for pair in pairs]) / 255
    theirs = np.concatenate([pair[1] for pair in pairs]) / 255
    if len(ours) < limits.tone_pixels:
        return None
    step = max(1, len(ours) // limits.tone_most)
    ours, theirs = ours[::step], theirs[::step]
    terms, change = _terms(ours), theirs - ours
    # Bends are for gamma only, and colours that a hardly has decide nothing: both stay small unless needed.
    ridge = np.diag([1e-6, *[1e-5] * 3, *[3e-4] * (3 * len(_KNEES))]) * len(ours)
    tries = []
    # From a map that fits all pixels as well as may be, and from none at all: captions can spoil the first.
    for first in (np.ones(len(ours)), None):
        trust, weights = first, np.zeros((len(ridge), 3))
        for _ in range(limits.tone_rounds):
            if trust is not None:
                weighted = terms * trust[:, None]
                weights = np.linalg.solve(weighted.T @ terms + ridge * trust.mean(), weighted.T @ change)
            far = np.abs(theirs - np.clip(ours + terms @ weights, 0, 1)).max(axis=1)
            reach = max(4.7 * 1.48 * float(np.median(far)), 8 / 255)
            trust = np.clip(1 - (far / reach) ** 2, 0, 1) ** 2
        tries.append((float(np.median(far)), weights, far < reach))
    left, weights, kept = min(tries, key=lambda each: each[0])
    return Tone(weights, ours[kept] * 255, 255 * 1.48 * left)


def named(tone: Tone, a: Media, b: Media, spans: tuple[Span, Span], limits: EditSettings) -> Edit | None:
    """The change as an edit, or None where it is no larger than re-encoding makes it."""
    before = tone.before @ _YUV.T
    after = tone.of(tone.before.astype(np.float32)).astype(np.float64) @ _YUV.T
    words, parameters = _lightness(before[:, 0], after[:, 0], limits)
    more, colours = _colours(before, after, limits)
    if not words and not more:
        return None
    found = {**parameters, **colours, **_channels(tone)}
    text = f"The picture of {a.id} is shown {_listed([*words, *more])} in {b.id}."
    return Edit("colour", text, *spans, parameters={name: round(value, 3) for name, value in found.items()})


def _lightness(
    before: NDArray[np.float64], after: NDArray[np.float64], limits: EditSettings
) -> tuple[list[str], dict[str, float]]:
    spread = before.std()
    slope = float(np.polyfit(before, after, 1)[0]) if spread > 1 else 1.0
    found = {"contrast": slope, "brightness": float((after - before).mean())}
    apart = [
        float(np.sqrt(np.mean((after - np.clip(gain * before + lift, 0, 255)) ** 2)))
        for gain, lift in _RANGES
    ]
    if min(apart) < limits.tone_level:
        return [], found
    words = []
    if abs(found["brightness"]) > limits.tone_level:
        words.append("brighter" if found["brightness"] > 0 else "darker")
    if abs(slope - 1) > limits.tone_contrast:
        words.append("with more contrast" if slope > 1 else "with less contrast")
    return words or ["with other brightness"], found


def _colours(
    before: NDArray[np.float64], after: NDArray[np.float64], limits: EditSettings
) -> tuple[list[str], dict[str, float]]:
    ours, theirs = before[:, 1] + 1j * before[:, 2], after[:, 1] + 1j * after[:, 2]
    had, has = (float(np.sqrt(np.mean(np.abs(each) ** 2))) for each in (ours, theirs))
    cast = complex(theirs.mean() - ours.mean())
    if had < limits.tone_colourless:
        tinted = abs(cast) > limits.tone_cast
        return (["tinted"] if tinted else []), ({"cast": abs(cast)} if tinted else {})
    turn = np.vdot(ours - ours.mean(), theirs - theirs.mean()) / max(
        np.vdot(ours - ours.mean(), ours - ours.mean()).real, 1e-6
    )
    kept = np.vdot(ours, theirs) / np.vdot(ours, ours).real
    found = {"saturation": has / had, "cast": abs(cast)}
    if has < min(limits.tone_grey, limits.tone_colourless / 2, had / 3):
        return ["without colour"], found
    spread = float(np.std(ours)) >= limits.tone_colourless / 2
    own = [_own(luma, chroma) for luma, chroma in ((before[:, 0], ours), (after[:, 0], theirs))]
    if spread and (abs(turn) < limits.tone_lost or own[1] < limits.tone_lost * own[0]):
        warm = theirs.mean().real < 0 < theirs.mean().imag
        return ["in shades of one colour" + (", as sepia" if warm else "")], found
    words = []
    hue = float(np.degrees(np.angle(turn if spread else kept)))
    turned = abs(hue) > limits.tone_hue
    if turned:
        words.append(f"with colours turned by {hue:.0f} degrees")
        found["hue_degrees"] = hue
    if not 1 / limits.tone_saturation < has / had < limits.tone_saturation:
        words.append("with stronger colours" if has > had else "with weaker colours")
    if abs(cast) > limits.tone_cast and not turned and not words:
        words.append("tinted")
    return words, found


def _own(luma: NDArray[np.float64], chroma: NDArray[np.complex128]) -> float:
    """What of the colours is not told by brightness alone, as it is in a tinted grey picture; levels rms."""
    level = (luma - luma.mean()) / max(float(luma.std()), 1e-6)
    terms = np.stack([np.ones_like(level), level, level**2], axis=1).astype(np.complex128)
    fit = np.linalg.lstsq(terms, chroma, rcond=None)[0]
    return float(np.sqrt(np.mean(np.abs(chroma - terms @ fit) ** 2)))


def _channels(tone: Tone) -> dict[str, float]:
    """Gain and offset of each channel, as a straight line fits the change best."""
    after = tone.of(tone.before.astype(np.float32))
    found: dict[str, float] = {}
    for index, name in enumerate(("red", "green", "blue")):
        ours = tone.before[:, index]
        if ours.std() > 1:
            gain, offset = np.polyfit(ours, after[:, index], 1)
            found |= {f"{name}_gain": float(gain), f"{name}_offset": float(offset)}
    return found


def _pixels(moment: Aligned, limits: EditSettings) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Softened pixels of the shared part, (n, 3) each, every fourth of both ways."""
    reach = max(3, max(moment.inside.shape) // 60)
    well = cv2.erode(
        moment.inside.astype(np.uint8),
        np.ones((reach, reach), np.uint8),
        borderType=cv2.BORDER_CONSTANT,
        borderValue=1,
    )
    use = well[::4, ::4] > 0
    ours, theirs = (
        cv2.GaussianBlur(picture, (0, 0), limits.tone_blur)[::4, ::4][use].astype(np.float64)
        for picture in (moment.brought, moment.shown)
    )
    return ours, theirs


def _terms(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    bends = [np.maximum(colours - knee, 0) for knee in _KNEES]
    return np.concatenate([np.ones((len(colours), 1)), colours, *bends], axis=1)


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
