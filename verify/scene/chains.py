"""Chains: spots joined over time into things.

How: each spot is joined to the nearest chain whose place and size fit, nearest first. Chains that run side
by side, or of which one begins where the other was lost, are made one; through a flash, only what is found
again as it was.

Limits: two things that pass close by are one from then on, and one that is hidden for longer than a second
is two.

Error rates: not measured by itself; see scene.differences.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from verify.model import Box
from verify.scene.spots import Spot

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    from verify.settings import SceneSettings


@dataclass(eq=False, slots=True)
class _Chain:
    spots: list[Spot] = field(default_factory=list)

    @property
    def last(self) -> Spot:
        return self.spots[-1]

    def area(self) -> float:
        return _usual_area(self.spots[-7:])

    def expected(self, time: Fraction) -> NDArray[np.float64]:
        """Where it should be by its recent speed, (2,) pixels."""
        recent = self.spots[-6:]
        elapsed = float(recent[-1].time) - float(recent[0].time)
        if len(recent) < 3 or elapsed <= 0:
            return self.last.centre
        speed = (recent[-1].centre - recent[0].centre) / elapsed
        return np.asarray(self.last.centre + speed * min(float(time - self.last.time), 0.3))


def chains_of(frames: Iterable[Sequence[Spot]], longer: int, settings: SceneSettings) -> list[list[Spot]]:
    """Spots joined over time; `longer` is the picture's longer side in pixels."""
    chains: list[_Chain] = []
    done: list[_Chain] = []
    for spots in frames:
        if not spots:
            continue
        seen_from = float(spots[0].time) - settings.track_gap
        done += [chain for chain in chains if chain.last.end < seen_from]
        chains = [chain for chain in chains if chain.last.end >= seen_from]
        taken_chains: set[int] = set()
        taken_spots: set[int] = set()
        for one, two in _nearest(chains, spots, longer, settings):
            if one not in taken_chains and two not in taken_spots:
                chains[one].spots.append(spots[two])
                taken_chains.add(one)
                taken_spots.add(two)
        chains += [_Chain([spot]) for index, spot in enumerate(spots) if index not in taken_spots]
    return [chain.spots for chain in done + chains]


def whole_things(
    chains: Sequence[list[Spot]], shape: tuple[int, int], settings: SceneSettings
) -> list[list[Spot]]:
    """Chains that belong together made one: parts that stay side by side, and a thing lost and found again.

    Two people who keep close together become one thing by this; the limits say so.
    """
    lasting = [chain for chain in chains if len(chain) >= settings.part_hits]
    parent = list(range(len(lasting)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    looks = [{float(spot.time): spot for spot in chain} for chain in lasting]
    near = settings.part_near * max(shape)
    for one, two in _comparable(lasting, shape[0] * shape[1], settings):
        if root(one) != root(two) and _belong(looks[one], looks[two], near, settings):
            parent[root(two)] = root(one)
    groups: dict[int, list[Spot]] = {}
    for index, chain in enumerate(lasting):
        groups.setdefault(root(index), []).extend(chain)
    return [_fused(spots) for spots in groups.values()]


def rejoined(
    before: list[list[Spot]], after: list[list[Spot]], shape: tuple[int, int], settings: SceneSettings
) -> list[list[Spot]]:
    """Things from before and after a flash; one that is found again as it was, where it was, stays one.

    A flash blinds the camera, and smoke may stand there afterwards: nothing else is followed through it.
    """
    near = settings.part_near * max(shape)
    joined, left = list(before), []
    for later in after:
        for index, earlier in enumerate(joined):
            gap = later[0].time - earlier[-1].end
            small, large = sorted(_usual_area(part) for part in (earlier[-7:], later[:7]))
            if (
                0 <= gap <= settings.track_gap
                and later[0].compact == earlier[-1].compact
                and large <= settings.flash_growth * small
                and _apart(earlier[-1].box, later[0].box) <= near
            ):
                joined[index] = earlier + later
                break
        else:
            left.append(later)
    return joined + left


def _comparable(
    chains: Sequence[Sequence[Spot]], pixels: int, settings: SceneSettings
) -> list[tuple[int, int]]:
    """Chains of one kind and about one size that run side by side or follow each other closely."""
    starts = np.array([float(chain[0].time) for chain in chains])
    ends = np.array([float(chain[-1].end) for chain in chains])
    areas = np.array([_usual_area(chain) for chain in chains])
    kinds = np.array([chain[0].compact for chain in chains])
    one, two = np.triu_indices(len(chains), 1)
    earlier = np.where(starts[one] <= starts[two], one, two)
    gaps = np.maximum(starts[one], starts[two]) - ends[earlier]
    small, large = np.minimum(areas[one], areas[two]), np.maximum(areas[one], areas[two])
    growth = np.where(large <= settings.part_compact * pixels, settings.part_growth, settings.track_growth)
    kept = (gaps <= settings.part_gap) & (kinds[one] == kinds[two]) & (large <= growth * small)
    return list(zip(one[kept].tolist(), two[kept].tolist(), strict=True))


def _belong(a: dict[float, Spot], b: dict[float, Spot], near: float, settings: SceneSettings) -> bool:
    """Whether two chains, by the time of each look, are parts of one thing, or one thing lost and found."""
    first, second = (a, b) if min(a) <= min(b) else (b, a)
    last, new = first[max(first)], second[min(second)]
    if new.time >= last.end:
        return _apart(last.box, new.box) <= near
    shared = a.keys() & b.keys()
    beside = sum(_apart(a[time].box, b[time].box) <= near for time in shared)
    return beside >= max(2, settings.part_share * len(shared))


def _usual_area(spots: Sequence[Spot]) -> float:
    return float(median(spot.area for spot in spots))


def _apart(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Pixels between two boxes, 0 where they touch."""
    across, down = np.maximum(a[:2] - b[2:], b[:2] - a[2:]).tolist()
    return math.hypot(max(across, 0.0), max(down, 0.0))


def _fused(spots: Sequence[Spot]) -> list[Spot]:
    moments: dict[Fraction, list[Spot]] = {}
    for spot in spots:
        moments.setdefault(spot.time, []).append(spot)
    fused = []
    for _, parts in sorted(moments.items()):
        if len(parts) == 1:
            fused.append(parts[0])
            continue
        boxes = np.array([part.box for part in parts])
        area = sum(part.area for part in parts)
        shown = Box.around(corner for part in parts for corner in part.shown.corners)
        fused.append(
            Spot(
                parts[0].time,
                parts[0].end,
                np.r_[boxes[:, :2].min(0), boxes[:, 2:].max(0)],
                area,
                sum(part.contrast * part.area for part in parts) / area,
                max(part.clarity for part in parts),
                parts[0].compact,
                all(part.soft for part in parts),
                shown or parts[0].shown,
            )
        )
    return fused


def _nearest(
    chains: Sequence[_Chain], spots: Sequence[Spot], longer: int, settings: SceneSettings
) -> list[tuple[int, int]]:
    """Chains and spots of one frame that can be one thing, by their numbers, nearest first."""
    if not chains:
        return []
    lasts = [chain.last for chain in chains]
    ratios = np.array([spot.area for spot in spots]) / np.array(
        [[max(chain.area(), 1.0)] for chain in chains]
    )
    sides = np.array([spot.contrast for spot in spots]) * np.array([[last.contrast] for last in lasts])
    likely = (ratios >= 1 / settings.track_growth) & (ratios <= settings.track_growth) & (sides >= 0)
    here = np.array([spot.centre for spot in spots])
    due = np.array([chain.expected(spots[0].time) for chain in chains])
    away = np.minimum(_distances(due, here), _distances(np.array([last.centre for last in lasts]), here))
    # A larger thing may shift its middle by more, because parts of it come and go.
    extents = np.minimum(_lengths(lasts)[:, None], _lengths(spots)[None])
    ones, twos = np.nonzero(likely & (away <= settings.track_reach * longer + 0.4 * extents))
    order = np.lexsort((twos, ones, away[ones, twos]))
    return [(int(ones[index]), int(twos[index])) for index in order]


def _distances(one: NDArray[np.float64], two: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, m) pixels between points (n, 2) and points (m, 2)."""
    apart = one[:, None] - two[None]
    return np.asarray(np.hypot(apart[..., 0], apart[..., 1]))


def _lengths(spots: Sequence[Spot]) -> NDArray[np.float64]:
    """Diagonals of the boxes, (n,) pixels."""
    boxes = np.array([spot.box for spot in spots])
    return np.asarray(np.hypot(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]))
