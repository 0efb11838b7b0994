"""Whether a clip could have shown something at a place.

The place must be in view; the thing must be large enough there; the place must be sharp, lit and quiet
enough, and not covered by graphics. Each question gives a sentence for or against; the answer is yes only
if none is against.

Limits: focus is judged by the sharpest edge near the place, and where there is none it is not judged;
graphics are told from the scene only in clips whose camera shakes; something hidden by an object that
stands between camera and place is not recognised.

Error rates: not measured by itself; see scene.differences.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from verify.scene.steady import slope

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify.model import Video
    from verify.scene.movers import Mover
    from verify.scene.place import Carried
    from verify.scene.plate import Plate
    from verify.settings import SceneSettings


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence about whether it could have been shown."""

    holds: bool
    words: str


def could_show(
    mover: Mover, place: Carried, plate: Plate, video: Video, name: str, settings: SceneSettings
) -> tuple[Reason, ...]:
    """The reasons for and against a clip's having been able to show a thing.

    Args:
        mover: the thing, as the clip that shows it has it.
        place: where it would be in the other clip.
        plate: of that other clip.
        video: of that other clip; its own size counts, not that of the plate.
        name: of that other clip, for the sentences.
        settings: the bounds.
    """
    box = place.box
    if box is None or place.inside < settings.clear_view:
        return (Reason(False, f"only {place.inside:.0%} of that place lies in the picture of {name}"),)
    height, width = plate.luma.shape
    rows = slice(int(box.y * height), max(int(box.y * height) + 1, round((box.y + box.height) * height)))
    columns = slice(int(box.x * width), max(int(box.x * width) + 1, round((box.x + box.width) * width)))
    if plate.known[rows, columns].mean() < settings.clear_view:
        return (Reason(False, f"that place leaves the picture of {name} for much of the time"),)
    extent = _extent(mover, place)
    pixels = float(max(extent[0] * video.width, extent[1] * video.height))
    reasons = [
        Reason(True, f"that place lies in the picture of {name}"),
        Reason(
            pixels >= settings.clear_pixels,
            f"it would be about {pixels:.0f} pixels long there ({settings.clear_pixels:.0f} are needed)",
        ),
        _light(mover, plate.luma[rows, columns], name, settings),
        _noise(mover, plate.luma[rows, columns], plate.noise[rows, columns], name, settings),
    ]
    covered = float(plate.overlay[rows, columns].mean())
    if covered > settings.clear_overlay:
        reasons.append(Reason(False, f"graphics burned into {name} cover {covered:.0%} of that place"))
    size = float(max(extent[0] * width, extent[1] * height))
    reasons.append(_focus(plate, rows, columns, size, name, settings))
    return tuple(reasons)


def _extent(mover: Mover, place: Carried) -> NDArray[np.float64]:
    """Width and height in the other picture, fractions."""
    box = mover.home
    middle = np.array([box.x + box.width / 2, box.y + box.height / 2, 1.0])
    corner = middle + np.array([mover.size[0] / 2, mover.size[1] / 2, 0])
    other = middle + np.array([mover.size[0] / 2, -mover.size[1] / 2, 0])
    there = [
        point[:2] / point[2] for point in (place.matrix @ middle, place.matrix @ corner, place.matrix @ other)
    ]
    return np.asarray(2 * np.maximum(np.abs(there[1] - there[0]), np.abs(there[2] - there[0])))


def _light(mover: Mover, luma: NDArray[np.uint8], name: str, settings: SceneSettings) -> Reason:
    level = float(np.median(luma))
    if mover.contrast > 0:
        share = float((luma >= settings.clear_white).mean())
        limit = f"{share:.0%} of it is clipped white, where something bright cannot be seen"
    else:
        share = float((luma <= settings.clear_black).mean())
        limit = f"{share:.0%} of it is black, where something dark cannot be seen"
    if share > settings.clear_clipped:
        return Reason(False, f"the place in {name} has a brightness of {level:.0f} of 255, and {limit}")
    return Reason(True, f"the place in {name} is lit well enough (brightness {level:.0f} of 255)")


def _noise(
    mover: Mover, luma: NDArray[np.uint8], noise: NDArray[np.float32], name: str, settings: SceneSettings
) -> Reason:
    middle, level = float(np.median(luma)), float(np.median(noise))
    room = settings.clear_white - middle if mover.contrast > 0 else middle - settings.clear_black
    contrast = max(0.0, min(abs(mover.contrast), room))  # nothing is darker than black or brighter than white
    enough = contrast >= settings.clear_noise * level
    words = "stands clear of" if enough else "would be lost in"
    return Reason(
        enough, f"its contrast of {contrast:.0f} grey levels {words} the noise there in {name} ({level:.1f})"
    )


def _focus(
    plate: Plate, rows: slice, columns: slice, size: float, name: str, settings: SceneSettings
) -> Reason:
    """Edge width near the place against the thing's size, both in pixels of the plate."""
    grow = max(12, rows.stop - rows.start, columns.stop - columns.start)
    around = (
        slice(max(0, rows.start - grow), rows.stop + grow),
        slice(max(0, columns.start - grow), columns.stop + grow),
    )
    low, high = np.percentile(plate.luma[around], [1, 99])
    steepest = float(np.percentile(slope(plate.luma)[around], 99))
    if high - low < settings.clear_texture or steepest <= 0:
        return Reason(True, f"focus cannot be judged there in {name}, because the place is even")
    width = float(high - low) / steepest
    sharp = width <= max(settings.clear_blur, size)
    return Reason(
        sharp, f"edges there in {name} are about {width:.0f} pixels wide, and it would be {size:.0f} long"
    )
