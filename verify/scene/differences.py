"""What one clip shows and the other does not.

What it does: for two clips of one place it lists what moves in one of them and is not seen at the same
place in the other, and says whether the other could have shown it.

How: what moves is found in each clip by itself (see plate and movers), its place is brought to the other
picture (see place), and it is looked up whether something as large and as clear moves there at any time.
Where nothing does, the difference is listed, with the reasons for and against the other clip's having been
able to show it (see visible): the place is in view, the thing would be large enough, the place is sharp,
lit and quiet enough, and no graphics cover it. Times are not compared: the clips need not show the same
moment.

Limits: an observation only. Something that is in one clip and not in the other was not there, or was there
at another time, or was hidden; which of these it was is not determined, and it says nothing about how
either clip was made. What moves is not recognised: smoke, shadows, lamps, birds, vehicles and people are
all "something that moves". Two people close together are one thing. What stands still in one clip and is
missing from the other is not looked for. A thing that passes the same place in both clips counts as shown
by both, although it may be another one.

Error rates: no published figure exists for this question; tests/scene has the cases with known truth.

Source: the comparison follows what verifiers do by hand; the wording follows that of CNN on the clips of 3
May 2023 ("not present in the first of these videos but appear in the second").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify.model import Box, Difference
from verify.scene.place import Carried, carried, carried_by, ties
from verify.scene.visible import Reason, could_show
from verify.scene.watch import watch
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify.model import Media, Registration
    from verify.scene.movers import Mover
    from verify.scene.place import Tie
    from verify.scene.watch import Watch
    from verify.settings import SceneSettings


def differences(
    a: Media, b: Media, registration: Registration, settings: SceneSettings = SETTINGS.scene
) -> tuple[Difference, ...]:
    """What moves in one of two registered inputs and not in the other; a's first, clearest first.

    Raises:
        UnreadableMediaError: nothing could be decoded from one of the files.
    """
    return differences_of(
        a, watch(a.path, a, settings), b, watch(b.path, b, settings), registration, settings
    )


def differences_of(
    a: Media,
    seen_a: Watch,
    b: Media,
    seen_b: Watch,
    registration: Registration,
    settings: SceneSettings = SETTINGS.scene,
) -> tuple[Difference, ...]:
    """The same for clips that were already watched: a clip takes part in many pairs and is watched once."""
    found = ties(seen_a.plates, seen_b.plates, registration, settings)
    there = np.array(registration.matrix, float) if registration.model == "homography" else None
    back = np.linalg.inv(there) if there is not None else None
    return _one_way(a, seen_a, b, seen_b, found, there, settings) + _one_way(
        b, seen_b, a, seen_a, [tie.turned() for tie in found], back, settings
    )


def _one_way(
    here: Media,
    seen: Watch,
    other: Media,
    seen_other: Watch,
    found: Sequence[Tie],
    matrix: np.ndarray | None,
    settings: SceneSettings,
) -> tuple[Difference, ...]:
    listed: list[Difference] = []
    for mover in seen.movers:
        places = _places(mover, seen, seen_other, found, matrix, settings)
        alike = [_shown(mover, place, number, seen_other, settings) for number, place in places]
        if "same" not in alike:
            listed.append(_difference(mover, here, other, seen_other, places, "other" in alike, settings))
        if len(listed) >= settings.differences:
            break
    return tuple(listed)


def _places(
    mover: Mover,
    seen: Watch,
    seen_other: Watch,
    found: Sequence[Tie],
    matrix: np.ndarray | None,
    settings: SceneSettings,
) -> list[tuple[int, Carried]]:
    """Where it would be on each of the other clip's plates, best supported first."""
    places: list[tuple[int, Carried]] = []
    for tie in found:
        if tie.first == mover.plate:
            aspects = _aspect(seen, tie.first), _aspect(seen_other, tie.second)
            place = carried(mover.home, tie, aspects, settings)
            if place is not None:
                places.append((tie.second, place))
    if not places and matrix is not None and seen_other.plates:
        place = carried_by(matrix, mover.home)
        if place is not None:
            places.append((0, place))
    return sorted(places, key=lambda item: (-item[1].inside, item[1].error, item[0]))


def _shown(mover: Mover, place: Carried, number: int, other: Watch, settings: SceneSettings) -> str:
    """Whether the other shows it: `same` something like it, `other` something unlike it, or an empty text."""
    if place.box is None:
        return ""
    steps = mover.homes[:: max(1, len(mover.homes) // 12)]
    spots = [spot for _, box in steps if (spot := place.bring(box)) is not None]
    scale = abs(float(np.linalg.det(place.matrix[:2, :2])))
    answer = ""
    for candidate in other.movers:
        if candidate.plate != number or not spots:
            continue
        paths = [box for _, box in candidate.homes[:: max(1, len(candidate.homes) // 40)]]
        met = sum(any(_meet(spot, box) for box in paths) for spot in spots)
        if met < settings.shown_share * len(spots):
            continue
        ratio = candidate.area / max(mover.area * scale, 1e-9)
        # Whatever is as large and as clear, or more so, may be the same thing or hide it.
        alike = (
            ratio >= 1 / settings.shown_size
            and abs(candidate.contrast) >= abs(mover.contrast) / settings.shown_contrast
            and (mover.soft or not candidate.soft)
        )
        if alike:
            return "same"
        answer = "other"
    return answer


def _meet(a: Box, b: Box) -> bool:
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height


def _difference(
    mover: Mover,
    here: Media,
    other: Media,
    seen_other: Watch,
    places: Sequence[tuple[int, Carried]],
    unlike: bool,
    settings: SceneSettings,
) -> Difference:
    if places and other.video is not None:
        number, place = places[0]
        plate = seen_other.plates[number]
        reasons = could_show(mover, place, plate, other.video, other.id, settings)
        box = place.box
        how = f"its place in {other.id} was {place.how}, to about {max(place.error):.1%} of its picture"
        shown = f"{float(plate.span.start):.1f} s to {float(plate.span.end):.1f} s"
        when = f"{other.id} shows that place from {shown}"
    else:
        reasons = (Reason(False, f"where that place lies in {other.id} could not be worked out"),)
        box, how, when = None, "", ""
    comparable = all(reason.holds for reason in reasons)
    words = [f"against: {reason.words}" for reason in reasons if not reason.holds]
    words += [f"for: {reason.words}" for reason in reasons if reason.holds]
    words += [text for text in (how, when) if text]
    if unlike:
        words.append(f"something moves there in {other.id} too, smaller, fainter or without clear edges")
    return Difference(
        here.id,
        other.id,
        mover.span,
        mover.box,
        comparable,
        tuple(words),
        _statement(mover, here, other, comparable, reasons),
        box,
    )


def _statement(mover: Mover, here: Media, other: Media, comparable: bool, reasons: Sequence[Reason]) -> str:
    size = ""
    if here.video is not None:
        width, height = mover.size[0] * here.video.width, mover.size[1] * here.video.height
        size = f" (about {width:.0f} x {height:.0f} pixels)"
    seen = (
        f"{_what(mover)}{size} is seen in {here.id} from {float(mover.span.start):.1f} s "
        f"to {float(mover.span.end):.1f} s and not in {other.id}"
    )
    if comparable:
        return f"{seen}, whose picture covers that place; the clips need not show the same moment."
    against = next(reason.words for reason in reasons if not reason.holds)
    return f"{seen}, which may not have been able to show it: {against}."


def _what(mover: Mover) -> str:
    tone = "bright" if mover.contrast > 0 else "dark"
    if mover.soft:
        return f"A {tone} change without clear edges (light, shade, smoke, or something out of focus)"
    return f"Something {tone} that moves"


def _aspect(seen: Watch, number: int) -> float:
    height, width = seen.plates[number].luma.shape
    return float(width / height)
