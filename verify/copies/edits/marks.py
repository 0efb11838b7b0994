"""Overlays and captions: parts of the picture that one input shows over the other's, and when.

a's picture is brought onto b's and given b's colours; the sharper of the two is softened to the other's
detail. A pixel disagrees where b lies outside the range that a has within two pixels around it, with an
allowance for sharpening and for the noise of compression: a small misplacement or a loss of detail cannot
do that. Disagreement counts as a mark where it lasts from one moment to the one half a second later while
one of the inputs stays as it is there: things that move, and frames that are one off, do not. Pixels that
lie near each other, as letters do, make one mark. The input that stays as it is where the other moves
carries it; where nothing moves, the one with the stronger edges there. A wide strip with the rows of edges
that writing has is a caption; anything else is an overlay.

When a mark is there is read off the tracks' tiny pictures, fifteen a second; several stretches of one place
are told as one edit whose span holds them, with each stretch in its parameters.

Limits: marks that move or fade in and out slowly, blurred faces, and marks of the colours of what they
cover are not found. A thing added by generation or by hand that stands still is found as an overlay.

Error rates: not measured on footage of others; tests/copies has the cases with known truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.model import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from verify.copies.edits.aligned import Aligned
    from verify.copies.edits.tone import Tone
    from verify.settings import EditSettings

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601


@dataclass(frozen=True, eq=False, slots=True)
class Mark:
    """Something that one input shows over the other's picture."""

    kind: str  # overlay, caption
    carrier: str  # "a" or "b"
    pixels: NDArray[np.bool_]  # (h, w) on b's picture, gaps between letters closed
    box: Box  # of b's picture
    seen: tuple[int, ...]  # the moments that show it


@dataclass(frozen=True, eq=False, slots=True)
class Compared:
    """A moment's lumas, made comparable, and where they disagree."""

    ours: NDArray[np.float32]  # (h, w) a's, brought onto b's, in b's colours
    theirs: NDArray[np.float32]
    valid: NDArray[np.bool_]  # where both have picture, away from a's edges
    differs: NDArray[np.bool_]


def compared(moments: Sequence[Aligned], tone: Tone | None, limits: EditSettings) -> list[Compared]:
    """Every moment's lumas and their disagreement."""
    lumas = [
        ((tone.of(moment.brought) if tone else moment.brought) @ _LUMA, moment.shown @ _LUMA)
        for moment in moments
    ]
    valid = [_well_inside(moment.inside) for moment in moments]
    soft = _softer(lumas, valid, limits)
    found = []
    for (ours, theirs), where in zip(lumas, valid, strict=True):
        one, two = _blurred(ours, soft[0]), _blurred(theirs, soft[1])
        found.append(Compared(one, two, where, _differs(one, two, where, limits)))
    return found


def find(moments: Sequence[Aligned], pairs: Sequence[Compared], limits: EditSettings) -> list[Mark]:
    """Marks that last, the largest first; none where the pictures disagree all over."""
    if not pairs:
        return []
    votes = _lasting(moments, pairs, limits)
    shape = pairs[0].theirs.shape
    there = np.any([vote for _, vote in votes], axis=0) if votes else np.zeros(shape, bool)
    valid = np.any([pair.valid for pair in pairs], axis=0)
    if not there.any() or there.sum() > limits.mark_most * valid.sum():
        return []
    joined = cv2.morphologyEx(
        there.astype(np.uint8),
        cv2.MORPH_CLOSE,
        np.ones((_odd(limits.mark_join / 2 * shape[0]), _odd(limits.mark_join * shape[1])), np.uint8),
        borderType=cv2.BORDER_CONSTANT,
        borderValue=0,
    )
    count, labels = cv2.connectedComponents(joined, connectivity=8)
    found = []
    for label in range(1, count):
        region = labels == label
        core = region & there
        if core.sum() < limits.mark_area * region.size:
            continue
        seen = sorted(
            {
                index
                for indices, vote in votes
                if (vote & region).sum() >= limits.mark_shown * core.sum()
                for index in indices
            }
        )
        if not seen:
            continue
        carrier = _carrier(core, seen, moments, pairs)
        box = _box(core)
        kind = "caption" if _written(core, box, seen, pairs, carrier, limits) else "overlay"
        found.append(Mark(kind, carrier, region, box, tuple(seen)))
    if len(found) > limits.marks:
        return []
    return sorted(found, key=lambda mark: -mark.box.area)


def _lasting(
    moments: Sequence[Aligned], pairs: Sequence[Compared], limits: EditSettings
) -> list[tuple[tuple[int, ...], NDArray[np.bool_]]]:
    """For moments that follow each other: pixels that disagree in both, and stay as they are in one input."""
    if len(pairs) == 1:
        return [((0,), pairs[0].differs)]
    found: list[tuple[tuple[int, ...], NDArray[np.bool_]]] = []
    for index in range(len(pairs) - 1):
        one, two = pairs[index], pairs[index + 1]
        if moments[index].segment != moments[index + 1].segment:
            continue
        if abs(moments[index + 1].b_time - moments[index].b_time) > limits.apart * 2:
            continue
        stays = (np.abs(one.theirs - two.theirs) < limits.mark_stays) | (
            np.abs(one.ours - two.ours) < limits.mark_stays
        )
        found.append(((index, index + 1), one.differs & two.differs & stays))
    return found


def _differs(
    ours: NDArray[np.float32], theirs: NDArray[np.float32], valid: NDArray[np.bool_], limits: EditSettings
) -> NDArray[np.bool_]:
    """Pixels of b outside the range of a around them, single ones left out."""
    near = np.ones((2 * limits.mark_reach + 1,) * 2, np.uint8)
    low, high = cv2.erode(ours, near), cv2.dilate(ours, near)
    room = limits.mark_sharpened * (high - low)
    beyond = np.maximum(theirs - high - room, low - room - theirs)
    left = np.abs(ours - theirs)[valid]
    noise = 1.48 * float(np.median(left)) if left.size else 0.0
    differs = (beyond > limits.mark_level + limits.mark_noise * noise) & valid
    kernel = np.ones((3, 3), np.float32) / 9
    return np.asarray(differs & (cv2.filter2D(differs.astype(np.float32), -1, kernel) > 3.5 / 9))


def _softer(
    lumas: Sequence[tuple[NDArray[np.float32], NDArray[np.float32]]],
    valid: Sequence[NDArray[np.bool_]],
    limits: EditSettings,
) -> tuple[float, float]:
    """By how much a and b are softened so that both have the same detail, pixels; one of them is 0."""
    (ours, theirs), where = lumas[0], valid[0]
    if not where.any():
        return 0.0, 0.0
    tries = [(0.0, 0.0)]
    tries += [(each, 0.0) for each in limits.mark_blurs] + [(0.0, each) for each in limits.mark_blurs]
    left = [
        float(np.minimum(np.abs(_blurred(ours, one) - _blurred(theirs, two))[where], 40).mean())
        / max(float(_blurred(ours, one)[where].std()), 1.0)
        for one, two in tries
    ]
    return tries[int(np.argmin(left))]


def _blurred(picture: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32) if sigma else picture


def _well_inside(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    margin = _odd(max(7, max(inside.shape) / 50))
    # b's own edge is no edge of a.
    eroded = cv2.erode(
        inside.astype(np.uint8),
        np.ones((margin, margin), np.uint8),
        borderType=cv2.BORDER_CONSTANT,
        borderValue=1,
    )
    return np.asarray(eroded > 0)


def _carrier(
    core: NDArray[np.bool_], seen: Sequence[int], moments: Sequence[Aligned], pairs: Sequence[Compared]
) -> str:
    changes = [
        (
            float(np.abs(pairs[one].ours - pairs[two].ours)[core].mean()),
            float(np.abs(pairs[one].theirs - pairs[two].theirs)[core].mean()),
        )
        for one, two in pairwise(seen)
        if moments[one].segment == moments[two].segment
    ]
    ours, theirs = (float(np.mean([each[side] for each in changes])) if changes else 0.0 for side in (0, 1))
    if max(ours, theirs) > 4 and min(ours, theirs) < 0.5 * max(ours, theirs):
        return "a" if ours < theirs else "b"
    ring = cv2.dilate(core.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    edges = [
        float(np.mean([_edges(getattr(pairs[index], name))[ring].mean() for index in seen]))
        for name in ("ours", "theirs")
    ]
    return "a" if edges[0] > edges[1] else "b"


def _edges(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(np.abs(cv2.Sobel(luma, cv2.CV_32F, 1, 0)) + np.abs(cv2.Sobel(luma, cv2.CV_32F, 0, 1)))


def _written(
    core: NDArray[np.bool_],
    box: Box,
    seen: Sequence[int],
    pairs: Sequence[Compared],
    carrier: str,
    limits: EditSettings,
) -> bool:
    """Whether a mark is a strip of writing: wide, away from the middle, with many edges along its rows."""
    height, width = core.shape
    if box.width < limits.caption_width or box.width * width < limits.caption_aspect * box.height * height:
        return False
    middle = box.y + box.height / 2
    if limits.caption_middle < middle < 1 - limits.caption_middle:
        return False
    rows, columns = np.flatnonzero(core.any(axis=1)), np.flatnonzero(core.any(axis=0))
    pair = pairs[seen[0]]
    strip = (pair.theirs if carrier == "b" else pair.ours)[
        rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1
    ]
    light = strip > (np.percentile(strip, 2) + np.percentile(strip, 98)) / 2
    turns = np.sort(np.count_nonzero(light[:, 1:] != light[:, :-1], axis=1))
    return bool(turns[-max(1, len(turns) // 4) :].mean() >= limits.caption_turns)


def _box(pixels: NDArray[np.bool_]) -> Box:
    height, width = pixels.shape
    rows, columns = np.flatnonzero(pixels.any(axis=1)), np.flatnonzero(pixels.any(axis=0))
    left, right = columns[0] / width, (columns[-1] + 1) / width
    top, bottom = rows[0] / height, (rows[-1] + 1) / height
    return Box(float(left), float(top), float(right - left), float(bottom - top))


def _odd(size: float) -> int:
    return 2 * round(size / 2) + 1
