"""Overlays and captions: parts of the picture that one input shows over the other's, and when.

a's picture is brought onto b's and given b's colours; the sharper of the two is softened to the other's
detail. A pixel disagrees where b lies outside the range that a has within two pixels around it, with an
allowance for sharpening and for the noise of compression: a small misplacement or a loss of detail cannot
do that. Disagreement counts as a mark where it lasts from one moment to the one half a second later while
one of the inputs stays as it is there: things that move, and frames that are one off, do not. Pixels that
lie near each other, as letters do, make one mark. The input that stays as it is where the other moves
carries it; where nothing moves, the one with the stronger edges there. A wide strip with the rows of edges
that writing has is a caption, and so is a band across the picture along its upper or lower edge; anything
else is an overlay.

When a mark is there is read off the tracks' tiny pictures, fifteen a second, where it is large and clear
enough for them, and is otherwise told over the sampled moments that show it; several stretches of one place
are told as one edit whose span holds them, with each stretch in its parameters.

Where the colours were changed, a mark counts only if the colours under it are shown as predicted elsewhere.

Limits: marks outside a's picture (on bars, say), marks that move or fade in and out slowly, blurred faces,
and marks of the colours of what they cover are not found. A thing added by generation or by hand that stands
still is found as an overlay.

What is known of errors: on made copies of 12 public clips, laid by the true map, logos and watermarks are
found in 24 of 24 and captions in 24 of 24; in 3 of 305 copies a mark is named that is not there. The
thresholds were chosen on these copies, so footage of others will do worse.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.model import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from verify.copies.edits.aligned import Aligned
    from verify.copies.edits.compared import Compared
    from verify.settings import EditSettings


@dataclass(frozen=True, eq=False, slots=True)
class Mark:
    """Something that one input shows over the other's picture."""

    kind: str  # overlay, caption
    carrier: str  # "a" or "b"
    pixels: NDArray[np.bool_]  # (h, w) on b's picture, gaps between letters closed
    box: Box  # of b's picture
    seen: tuple[int, ...]  # the moments that show it


def find(moments: Sequence[Aligned], pairs: Sequence[Compared], limits: EditSettings) -> list[Mark]:
    """Marks that last, the largest first; none where the pictures disagree all over."""
    if not pairs:
        return []
    votes = _lasting(moments, pairs, limits)
    there = np.any([vote.pixels for vote in votes], axis=0) if votes else np.zeros(pairs[0].valid.shape, bool)
    valid = np.any([pair.valid for pair in pairs], axis=0)
    if not there.any() or there.sum() > limits.mark_most * valid.sum():
        return []
    found = []
    for region in _regions(there, limits):
        core = region & there
        mine = [vote for vote in votes if (vote.pixels & region).sum() >= limits.mark_shown * core.sum()]
        if core.sum() < limits.mark_area * core.size or not mine:
            continue
        seen = tuple(sorted({index for vote in mine for index in vote.moments}))
        carrier = _carrier([replace(vote, pixels=vote.pixels & region) for vote in mine], pairs)
        box = _box(core)
        kind = "caption" if _written(core, box, seen, pairs, carrier, limits) else "overlay"
        found.append(Mark(kind, carrier, region, box, seen))
    return sorted(_gathered(found, limits), key=lambda mark: -mark.box.area)


def beyond_colour(
    found: Sequence[Mark], moments: Sequence[Aligned], pairs: Sequence[Compared], limits: EditSettings
) -> list[Mark]:
    """Of marks in a picture whose colours were changed, those that the change itself cannot have made.

    A fitted change may be wrong for colours that are seldom seen. So the colours that a has under a mark must
    be found elsewhere too, and be shown there as predicted.
    """
    if not found:
        return []
    marked = np.any([mark.pixels for mark in found], axis=0)
    count, good = np.zeros(4096), np.zeros(4096)
    bins = [(np.clip(moment.brought, 0, 255).astype(np.int64) // 16) @ [256, 16, 1] for moment in moments]
    for shades, pair in zip(bins, pairs, strict=True):
        free = pair.valid & ~marked
        count += np.bincount(shades[free], minlength=4096)
        fits = free & (np.abs(pair.theirs - pair.ours) < limits.mark_known_level)
        good += np.bincount(shades[fits], minlength=4096)
    known = (count >= limits.mark_known_pixels) & (good >= limits.mark_known_fits * count)
    return [
        mark
        for mark in found
        if np.mean([known[bins[index][mark.pixels]].mean() for index in mark.seen]) >= limits.mark_known
    ]


def _regions(there: NDArray[np.bool_], limits: EditSettings) -> list[NDArray[np.bool_]]:
    """Each mark's pixels: gaps between letters closed, parts that lie near each other taken as one."""
    height, width = there.shape
    down, across = _odd(limits.mark_join / 2 * height), _odd(limits.mark_join * width)
    # With room around it, or closing would eat what lies at the picture's edge.
    padded = np.pad(there.astype(np.uint8), ((down, down), (across, across)))
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, np.ones((down, across), np.uint8))
    joined = np.ascontiguousarray(closed[down:-down, across:-across])
    count, labels = cv2.connectedComponents(joined, connectivity=8)
    parts = [labels == label for label in range(1, count)]
    parts = [part for part in parts if (part & there).sum() >= limits.mark_part * there.size]
    boxes = [_box(part) for part in parts]
    group = list(range(len(parts)))
    for one in range(len(parts)):
        for two in range(one):
            if _near(boxes[one], boxes[two], limits.mark_near):
                group = [group[two] if each == group[one] else each for each in group]
    return [
        np.any([part for part, each in zip(parts, group, strict=True) if each == name], axis=0)
        for name in dict.fromkeys(group)
    ]


def _near(one: Box, two: Box, reach: float) -> bool:
    across = max(one.x, two.x) - min(one.x + one.width, two.x + two.width)
    down = max(one.y, two.y) - min(one.y + one.height, two.y + two.height)
    return max(across, down) <= reach


def _gathered(found: list[Mark], limits: EditSettings) -> list[Mark]:
    """Marks all over the picture that one input carries are one watermark."""
    if len(found) <= limits.marks:
        return found
    carriers = [mark.carrier for mark in found]
    carrier = max(set(carriers), key=carriers.count)
    mine = [mark for mark in found if mark.carrier == carrier]
    if len(mine) < limits.mark_agree * len(found):
        return []
    pixels = np.any([mark.pixels for mark in mine], axis=0)
    seen = tuple(sorted({index for mark in mine for index in mark.seen}))
    return [Mark("overlay", carrier, pixels, _box(pixels), seen)]


@dataclass(frozen=True, eq=False, slots=True)
class _Vote:
    """Pixels that disagree in all of some moments."""

    moments: tuple[int, ...]
    pixels: NDArray[np.bool_]


def _lasting(moments: Sequence[Aligned], pairs: Sequence[Compared], limits: EditSettings) -> list[_Vote]:
    """Pixels that disagree in moments that follow each other and stay as they are in one input, or in all."""
    if len(pairs) == 1:
        return [_Vote((0,), pairs[0].beyond > pairs[0].level)]
    found = []
    for index in range(len(pairs) - 1):
        one, two = pairs[index], pairs[index + 1]
        if moments[index].segment != moments[index + 1].segment:
            continue
        if abs(moments[index + 1].b_time - moments[index].b_time) > limits.apart * 2:
            continue
        stays = (np.abs(one.theirs - two.theirs) < limits.mark_stays) | (
            np.abs(one.ours - two.ours) < limits.mark_stays
        )
        found.append(
            _Vote((index, index + 1), _dense((one.beyond > one.level) & (two.beyond > two.level) & stays))
        )
    main = [index for index, moment in enumerate(moments) if moment.segment == moments[0].segment]
    if len(main) >= limits.mark_moments:
        # What is fainter counts where it is there at every moment, brighter or darker each time.
        for sign in (1, -1):
            always = [
                (pairs[index].beyond > limits.mark_faint * pairs[index].level)
                & (sign * (pairs[index].theirs - pairs[index].ours) > 0)
                for index in main
            ]
            found.append(_Vote(tuple(main), _dense(np.all(always, axis=0))))
    return found


def _dense(pixels: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The pixels that have others beside them: four of nine."""
    kernel = np.ones((3, 3), np.float32) / 9
    return np.asarray(pixels & (cv2.filter2D(pixels.astype(np.float32), -1, kernel) > 3.5 / 9))


def _carrier(votes: Sequence[_Vote], pairs: Sequence[Compared]) -> str:
    """The input that stays as it is there while the scene moves, or else has the stronger edges there."""
    changes, edges = np.zeros((2, 2)), np.zeros(2)  # of a and b there, of both around; of a and b
    for vote in votes:
        if not vote.pixels.any():
            continue
        first, second = pairs[vote.moments[0]], pairs[vote.moments[1 if len(vote.moments) > 1 else 0]]
        mask, weight = vote.pixels.astype(np.uint8), float(vote.pixels.sum())
        around = (
            cv2.dilate(mask, np.ones((25, 25), np.uint8)) > cv2.dilate(mask, np.ones((7, 7), np.uint8))
        ) & first.valid
        moved = [np.abs(first.ours - second.ours), np.abs(first.theirs - second.theirs)]
        changes[0] += [weight * float(each[vote.pixels].mean()) for each in moved]
        if around.any():
            changes[1] += [weight * float(each[around].mean()) for each in moved]
        rim = cv2.dilate(mask, np.ones((5, 5), np.uint8)) > cv2.erode(mask, np.ones((3, 3), np.uint8))
        edges += [weight * float(_edges(luma)[rim].mean()) for luma in (first.ours, first.theirs)]
    changes /= max(1.0, float(sum(vote.pixels.sum() for vote in votes)))
    ours, theirs = changes[0]
    if min(changes[1]) > 4 and max(ours, theirs) > 4 and min(ours, theirs) < 0.5 * max(ours, theirs):
        return "a" if ours < theirs else "b"
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
    if box.width > limits.caption_band and min(box.y, 1 - box.y - box.height) < limits.mark_near:
        return box.height < limits.caption_middle
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
