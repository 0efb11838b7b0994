"""Things that move: foreground found in each frame, and followed from frame to frame.

A spot is connected foreground of one frame: it grows from pixels that stand out clearly to neighbours that
stand out a little (hysteresis, J. Canny 1986, doi:10.1109/TPAMI.1986.4767851), gaps of a few pixels closed.
A mover is a chain of spots: each is joined to the nearest chain whose place, size and sign (brighter or
darker than the place) fit, nearest first; chains that run side by side are joined, and what is seen too
briefly or too seldom is dropped.

Limits: two things that touch or pass close by are one mover from then on, and one thing that is hidden for
longer than a second is two. Movers are ranked by how clearly they stand out, how large they are, how long
they last and how far they go; past a fixed number the weakest are left out, and the notes say how many.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.model import Box, Span
from verify.scene.steady import slope

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    from verify.scene.plate import Plate
    from verify.settings import SceneSettings


@dataclass(frozen=True, eq=False, slots=True)
class Spot:
    """Something that stands out in one frame, in pixels of the plate."""

    time: Fraction
    end: Fraction
    box: NDArray[np.float64]  # (4,) left, top, right, bottom
    area: int  # pixels
    contrast: float  # grey levels against the plate, mean over it; negative: darker
    clarity: float  # times the noise, 90th percentile over it
    soft: bool  # no clear rim: light, shade, smoke, or out of focus
    shown: Box  # where the frame itself shows it, before shake was taken out

    @property
    def centre(self) -> NDArray[np.float64]:
        """Middle of the box, (2,) pixels."""
        return (self.box[:2] + self.box[2:]) / 2


@dataclass(frozen=True, eq=False, slots=True)
class Mover:
    """Something that moves for a while. Boxes are fractions of the displayed picture."""

    plate: int  # which of the watch's plates
    span: Span
    box: Box  # encloses it over that time, in the pictures as filmed
    home: Box  # the same on the plate, shake taken out
    places: tuple[tuple[Fraction, Box], ...]  # where each looked-at picture shows it, as filmed
    homes: tuple[tuple[Fraction, Box], ...]  # the same on the plate
    size: tuple[float, float]  # median width and height, fractions
    area: float  # median, share of the picture
    contrast: float  # median grey levels against the plate; negative: darker
    clarity: float  # median, times the noise
    soft: bool  # no clear rim: light, shade, smoke, or out of focus
    path: float  # from its first to its farthest place, in fractions of the longer side
    score: float  # rank among the clip's movers


@dataclass(eq=False, slots=True)
class _Chain:
    spots: list[Spot] = field(default_factory=list)

    @property
    def last(self) -> Spot:
        return self.spots[-1]

    def area(self) -> float:
        return float(np.median([spot.area for spot in self.spots[-7:]]))

    def expected(self, time: Fraction) -> NDArray[np.float64]:
        """Where it should be by its recent speed, (2,) pixels."""
        recent = self.spots[-6:]
        elapsed = float(recent[-1].time - recent[0].time)
        if len(recent) < 3 or elapsed <= 0:
            return self.last.centre
        speed = (recent[-1].centre - recent[0].centre) / elapsed
        return np.asarray(self.last.centre + speed * min(float(time - self.last.time), 0.3))


def spots_of(
    whole: NDArray[np.float32],
    detail: NDArray[np.float32],
    plate: Plate,
    affine: NDArray[np.float64],
    when: Span,
    settings: SceneSettings,
) -> list[Spot] | None:
    """What stands out in one frame; None where so much differs that nothing can be told apart.

    Compact things are found in `detail` (see `departures`), where the light that they throw or the shade
    is taken out; things too large for that in `whole`.
    """
    everything = _mask(whole, plate.noise, plate, settings)[1]
    if everything.mean() > settings.fore_whole:
        return None
    least = round(settings.fore_large * whole.size)
    compact = _found(detail, plate.detail_noise, plate, affine, when, settings.fore_area, settings)
    large = _found(whole, plate.noise, plate, affine, when, least, settings)
    return (compact + large)[: settings.fore_parts]


def _mask(
    away: NDArray[np.float32], noise: NDArray[np.float32], plate: Plate, settings: SceneSettings
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """How many times the noise each pixel differs, and which may belong to a thing."""
    size = np.abs(away)
    strength = size / noise
    strength[~plate.known | plate.overlay | (size < settings.fore_contrast / 2)] = 0
    return strength, (strength >= settings.fore_grow).astype(np.uint8)


def _found(
    away: NDArray[np.float32],
    noise: NDArray[np.float32],
    plate: Plate,
    affine: NDArray[np.float64],
    when: Span,
    least: int,
    settings: SceneSettings,
) -> list[Spot]:
    strength, grown = _mask(away, noise, plate, settings)
    seeds = (strength >= settings.fore_seed) & (np.abs(away) >= settings.fore_contrast)
    if not seeds.any():
        return []
    reach = 2 * max(1, round(settings.fore_join * max(away.shape) / 2)) + 1
    round_patch = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    joined = cv2.morphologyEx(grown, cv2.MORPH_CLOSE, round_patch)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    kept = [label for label in np.unique(labels[seeds]) if label and stats[label, cv2.CC_STAT_AREA] >= least]
    kept = sorted(kept, key=lambda label: -stats[label, cv2.CC_STAT_AREA])[: settings.fore_parts]
    found: list[Spot] = []
    for label in kept:
        x, y, width, height = (int(v) for v in stats[label, : cv2.CC_STAT_AREA])
        window = slice(y, y + height), slice(x, x + width)
        own = (labels[window] == label) & (grown[window] > 0)
        size = np.abs(away[window])
        peak = float(np.percentile(size[own], 98))
        own &= size >= settings.fore_core * peak
        rows, columns = np.flatnonzero(own.any(1)), np.flatnonzero(own.any(0))
        box = np.array([x + columns[0], y + rows[0], x + columns[-1] + 1, y + rows[-1] + 1], np.float64)
        shown = _fractions(_moved(box, affine), away.shape)
        if shown is None or own.sum() < least:
            continue
        found.append(
            Spot(
                when.start,
                when.end,
                box,
                int(own.sum()),
                float(away[window][own].mean()),
                float(np.percentile(strength[window][own], 90)),
                _edge(away[window], own) < settings.soft_edge * peak,
                shown,
            )
        )
    return found


def _edge(away: NDArray[np.float32], own: NDArray[np.bool_]) -> float:
    """Median steepness along the rim, grey levels a pixel."""
    mask = own.astype(np.uint8)
    rim = own & (cv2.erode(mask, np.ones((3, 3), np.uint8), borderValue=0) == 0)
    return float(np.median(slope(away)[rim]))


def chains_of(frames: Iterable[Sequence[Spot]], longer: int, settings: SceneSettings) -> list[list[Spot]]:
    """Spots joined over time; `longer` is the picture's longer side in pixels."""
    chains: list[_Chain] = []
    done: list[_Chain] = []
    for spots in frames:
        if not spots:
            continue
        now = spots[0].time
        done += [chain for chain in chains if now - chain.last.end > settings.track_gap]
        chains = [chain for chain in chains if now - chain.last.end <= settings.track_gap]
        pairs = sorted(
            (distance, one, two)
            for one, chain in enumerate(chains)
            for two, spot in enumerate(spots)
            if (distance := _misfit(chain, spot, longer, settings)) is not None
        )
        taken_chains: set[int] = set()
        taken_spots: set[int] = set()
        for _, one, two in pairs:
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

    for one, first in enumerate(lasting):
        for two in range(one + 1, len(lasting)):
            if root(one) != root(two) and _belong(first, lasting[two], shape, settings):
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
            small, large = sorted(
                float(np.median([spot.area for spot in part])) for part in (earlier[-7:], later[:7])
            )
            if (
                0 <= gap <= settings.track_gap
                and later[0].soft == earlier[-1].soft
                and large <= settings.flash_growth * small
                and _apart(earlier[-1].box, later[0].box) <= near
            ):
                joined[index] = earlier + later
                break
        else:
            left.append(later)
    return joined + left


def _belong(
    a: Sequence[Spot], b: Sequence[Spot], shape: tuple[int, int], settings: SceneSettings
) -> bool:
    longer, pixels = max(shape), shape[0] * shape[1]
    first, second = (a, b) if a[0].time <= b[0].time else (b, a)
    gap = second[0].time - first[-1].end
    if gap > settings.part_gap or first[0].soft != second[0].soft:
        return False
    areas = sorted(float(np.median([spot.area for spot in chain])) for chain in (first, second))
    compact = areas[1] <= settings.part_compact * pixels
    if areas[1] > (settings.part_growth if compact else settings.track_growth) * areas[0]:
        return False
    near = settings.part_near * longer
    if gap >= 0:
        return _apart(first[-1].box, second[0].box) <= near
    here = {spot.time: spot for spot in a}
    shared = [(here[spot.time], spot) for spot in b if spot.time in here]
    beside = sum(_apart(one.box, two.box) <= near for one, two in shared)
    return beside >= max(2, settings.part_share * len(shared))


def _apart(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Pixels between two boxes, 0 where they touch."""
    return float(np.hypot(*np.maximum(0, np.maximum(a[:2] - b[2:], b[:2] - a[2:]))))


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
                parts[0].soft,
                shown or parts[0].shown,
            )
        )
    return fused


def mover_of(
    chain: Sequence[Spot],
    looks: Sequence[Fraction],
    plate: int,
    shape: tuple[int, int],
    settings: SceneSettings,
) -> Mover | None:
    """The mover that a chain of spots makes, or None where it is too little to be more than noise.

    Args:
        chain: spots in order of time, of one stretch.
        looks: times of all pictures of the stretch that were looked at.
        plate: the stretch's number.
        shape: (h, w) of the plate.
        settings: the bounds.
    """
    span = Span(chain[0].time, chain[-1].end)
    if len(chain) < settings.track_hits or span.length < settings.track_length:
        return None
    if len(chain) < settings.track_share * sum(span.start <= time < span.end for time in looks):
        return None
    homes = [(spot.time, _fractions(spot.box, shape)) for spot in chain]
    whole = Box.around(corner for spot in chain for corner in spot.shown.corners)
    boxes = np.array([spot.box for spot in chain])
    home = _fractions(np.r_[boxes[:, :2].min(0), boxes[:, 2:].max(0)], shape)
    if whole is None or home is None:
        return None
    centres = np.array([spot.centre for spot in chain])
    smooth = np.array([np.median(centres[max(0, i - 2) : i + 3], axis=0) for i in range(len(centres))])
    path = float(np.hypot(*(smooth - smooth[0]).T).max())
    sizes = np.median(boxes[:, 2:] - boxes[:, :2], axis=0)
    area = float(np.median([spot.area for spot in chain]))
    clarity = float(np.median([spot.clarity for spot in chain]))
    wander = min(1.0, path / max(float(sizes.max()), 1.0))
    lasting = min(1.0, float(span.length) / 3)
    score = min(clarity, 40.0) * np.sqrt(min(area, 4000.0)) * lasting * (0.2 + wander)
    score *= settings.soft_weight if chain[0].soft else 1.0
    return Mover(
        plate,
        span,
        whole,
        home,
        tuple((spot.time, spot.shown) for spot in chain),
        tuple((time, box) for time, box in homes if box is not None),
        (float(sizes[0]) / shape[1], float(sizes[1]) / shape[0]),
        area / (shape[0] * shape[1]),
        float(np.median([spot.contrast for spot in chain])),
        clarity,
        chain[0].soft,
        path / max(shape),
        float(score),
    )


def _misfit(chain: _Chain, spot: Spot, longer: int, settings: SceneSettings) -> float | None:
    """Pixels between where the chain should be and the spot; None where they cannot be one thing."""
    ratio = spot.area / max(chain.area(), 1.0)
    if (
        not 1 / settings.track_growth <= ratio <= settings.track_growth
        or spot.contrast * chain.last.contrast < 0
    ):
        return None
    away = min(
        float(np.hypot(*(spot.centre - chain.expected(spot.time)))),
        float(np.hypot(*(spot.centre - chain.last.centre))),
    )
    # A larger thing may shift its middle by more, because parts of it come and go.
    extent = float(
        min(np.hypot(*(spot.box[2:] - spot.box[:2])), np.hypot(*(chain.last.box[2:] - chain.last.box[:2])))
    )
    return away if away <= settings.track_reach * longer + 0.4 * extent else None


def _moved(box: NDArray[np.float64], affine: NDArray[np.float64]) -> NDArray[np.float64]:
    left, top, right, bottom = box
    corners = np.array([[left, top, 1], [right, top, 1], [right, bottom, 1], [left, bottom, 1]]) @ affine.T
    return np.asarray(np.r_[corners.min(0), corners.max(0)], np.float64)


def _fractions(box: NDArray[np.float64], shape: tuple[int, ...]) -> Box | None:
    height, width = shape[:2]
    left, top, right, bottom = box
    return Box.around([(left / width, top / height), (right / width, bottom / height)])
