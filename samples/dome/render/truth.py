"""What is known of the staged case because it was made: times, places in the picture, who copies whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from . import derive, people, scene, takes
from .film import RATE
from .stills import DAY_CAMERA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from .camera import Camera
    from .takes import DomeTake

NOTE = (
    "Staged: rendered by samples.dome.render, and true by construction. Times are seconds from a clip's "
    "first frame. Boxes are [x, y, width, height] in fractions of the displayed picture; homographies "
    "take points of a to points of b, in fractions. Boxes and landmarks that are not tied to a moment "
    "are for the camera at rest; shake_pixels is how far the hand takes a picture from that."
)
REMUX_NOTE = (
    "MP4 hides the encoder's 21 ms of lead-in sound by an edit list and Matroska does not: a player "
    "that starts with the first sound shows the remux's picture 0.021 s later."
)
LANDMARKS = {
    "pole top": (0.0, 9.0, scene.POLE_TOP),
    "lantern top": (0.0, 9.0, scene.LANTERN_TOP),
    "pediment peak": (0.0, -2.5, 11.2),
    "palace upper left corner": (-20.0, 0.0, 9.4),
    "palace upper right corner": (20.0, 0.0, 9.4),
    "clock centre": (24.0, -8.3, 15.7),
}
CAMERAS = {"smoke": takes.SMOKE_CAMERA, "dome": takes.DOME_CAMERA, "dome-by-day": DAY_CAMERA}


def truth(dome: DomeTake) -> dict[str, object]:
    """All facts, as JSON holds them."""
    return {
        "schema": "verify-staged-truth/1",
        "note": NOTE,
        "clips": _clips(),
        "events": _events(),
        "figures": _figures(dome),
        "roof": {name: _around(camera, _roof()) for name, camera in CAMERAS.items()},
        "landmarks": {
            name: {key: _spot(camera, place) for key, camera in CAMERAS.items()}
            for name, place in LANDMARKS.items()
        },
        "cameras": {name: _camera(camera) for name, camera in CAMERAS.items()},
        "shake_pixels": {"smoke": _shaken(3.2, 101, None), "dome": _shaken(2.6, 202, takes.bang_at())},
        "relations": _relations(),
        "families": [
            {
                "members": ["dome", "monitor", "remux", "repost"],
                "nearest_source": ["dome", "remux"],
                "edges": [{"parent": "dome", "child": child} for child in ("monitor", "remux", "repost")],
            }
        ],
        "clocks_show": {"smoke": "02:27", "dome": "02:43"},
    }


def copied(time: float, copy: str) -> float:
    """The second of a copy at which a second of dome is first shown."""
    if copy == "repost":
        return time - derive.REPOST_SPAN[0]
    frame = round(time * RATE)
    number = 0
    while int((derive.MONITOR_SPAN[0] + number / derive.MONITOR_RATE) * RATE + 1e-6) < frame:
        number += 1
    return number / derive.MONITOR_RATE


def _clips() -> dict[str, object]:
    whole = {"width": 1280, "height": 720, "frame_rate": RATE}
    small = {"width": derive.REPOST_SIZE[0], "height": derive.REPOST_SIZE[1], "frame_rate": RATE}
    length = derive.REPOST_SPAN[1] - derive.REPOST_SPAN[0]
    played, rate = derive.MONITOR_SPAN[1] - derive.MONITOR_SPAN[0], derive.MONITOR_RATE
    filmed = {"frame_rate": rate, "seconds": played, "frames": round(played * rate)}
    return {
        "smoke": {**whole, "seconds": takes.SECONDS, "frames": round(takes.SECONDS * RATE)},
        "dome": {**whole, "seconds": takes.SECONDS, "frames": round(takes.SECONDS * RATE)},
        "remux": {**whole, "seconds": takes.SECONDS, "frames": round(takes.SECONDS * RATE)},
        "repost": {**small, "seconds": _r(length), "frames": round(length * RATE)},
        "monitor": {**whole, **filmed},
        "unrelated": {**whole, "seconds": 8.0, "frames": 8 * RATE},
    }


def _events() -> dict[str, object]:
    flash = {"dome": [takes.FLASH_AT, takes.FLASH_END], "remux": [takes.FLASH_AT, takes.FLASH_END]}
    for copy in ("repost", "monitor"):
        flash[copy] = [copied(takes.FLASH_AT, copy), copied(takes.FLASH_END, copy)]
    at = takes.bang_at()
    distance = float(np.linalg.norm(np.array(takes.BLAST) - takes.DOME_CAMERA.centre))
    return {
        "flash": {key: [_r(t) for t in span] for key, span in flash.items()},
        "flash_at": _spot(takes.DOME_CAMERA, takes.BLAST),
        "bang": {
            "dome": _r(at),
            "remux": _r(at),
            "repost": _r(at - derive.REPOST_SPAN[0]),
            "monitor": _r(at - derive.MONITOR_SPAN[0]),
            "distance_metres": _r(distance),
            "speed_of_sound": _r(takes.SPEED_OF_SOUND),
        },
        "object": {"dome": list(takes.OBJECT)},
        "smoke": {"smoke": [0.0, takes.SECONDS], "dome": [takes.FLASH_AT, takes.SECONDS]},
        "no_flash": ["smoke", "unrelated"],
        "no_bang": ["smoke", "unrelated"],
    }


def _figures(dome: DomeTake) -> dict[str, object]:
    shown = {number: boxes for number, boxes in sorted(dome.people.items()) if boxes}
    path, in_smoke = [], []
    for number, boxes in shown.items():
        time = number / RATE
        matrix = dome.recorder.shake.homography(takes.DOME_CAMERA, time)
        corners = np.array([[x, y, 1.0] for x0, y0, x1, y1 in boxes for x in (x0, x1) for y in (y0, y1)])
        moved = corners @ matrix.T
        path.append(
            (time, (moved[:, :2] / moved[:, 2:]) / [takes.DOME_CAMERA.width, takes.DOME_CAMERA.height])
        )
        for climber in people.CLIMBERS:
            foot = climber.place(time)
            # What is under the parapet's rim is not seen, and is not looked for in the other clip.
            low, high = (max(float(foot[2]) + z, scene.PARAPET_TOP) for z in (0.0, people.HEIGHT))
            in_smoke += [np.array([foot[0] + x, foot[1], z]) for x in (-0.5, 0.5) for z in (low, high)]
    every = np.concatenate([points for _, points in path])
    return {
        "media": "dome",
        "count": len(people.CLIMBERS),
        "visible": [_r(min(shown) / RATE), _r((max(shown) + 1) / RATE)],
        "crouched": [max(c.crouch[0] for c in people.CLIMBERS), min(c.crouch[1] for c in people.CLIMBERS)],
        "box": _box(every),
        "box_in_smoke": _around(takes.SMOKE_CAMERA, np.array(in_smoke)),
        "boxes": [{"at": _r(time), "box": _box(points)} for time, points in path[::5]],
    }


def _relations() -> list[dict[str, object]]:
    span, box = list(derive.REPOST_SPAN), list(derive.REPOST_BOX)
    corners = np.array(derive.MONITOR_CORNERS)
    drift = max(
        float(
            np.abs(
                (derive.monitor_homography(t) - derive.monitor_homography(derive.MONITOR_STATED_AT))[:2, 2]
            ).max()
        )
        for t in np.arange(0, 8, 0.1)
    )
    related = [
        {
            "a": "dome",
            "b": "remux",
            "kind": "identical",
            "note": REMUX_NOTE,
        },
        {
            "a": "dome",
            "b": "repost",
            "kind": "copy",
            "direction": "a to b",
            "segments": [
                {
                    "a": span,
                    "b": [0.0, _r(span[1] - span[0])],
                    "speed": 1.0,
                    "mirrored": True,
                    "a_box": box,
                    "b_box": [0.0, 0.0, 1.0, 1.0],
                    "homography": _rows(derive.repost_homography()),
                }
            ],
            "edits": ["trim", "crop", "mirror", "resolution", "caption", "colour"],
            "caption_box_in_b": list(derive.CAPTION_BOX),
        },
        {
            "a": "dome",
            "b": "monitor",
            "kind": "copy",
            "direction": "a to b",
            "segments": [
                {
                    "a": list(derive.MONITOR_SPAN),
                    "b": [0.0, derive.MONITOR_SPAN[1] - derive.MONITOR_SPAN[0]],
                    "speed": 1.0,
                    "mirrored": False,
                    "a_box": [0.0, 0.0, 1.0, 1.0],
                    "b_box": _box(corners),
                    "homography": _rows(derive.monitor_homography(derive.MONITOR_STATED_AT)),
                    "homography_at_b": derive.MONITOR_STATED_AT,
                    "homography_drift": _r(drift),
                }
            ],
            "edits": ["trim", "frame_rate", "refilmed"],
        },
        {
            "a": "repost",
            "b": "monitor",
            "kind": "copy",
            "direction": None,
            "segments": [{"a": [1.0, 8.2], "b": [0.0, 7.2], "speed": 1.0, "mirrored": True}],
        },
    ]
    related += [
        {"a": "smoke", "b": other, "kind": "same_place"} for other in ("dome", "repost", "monitor", "remux")
    ]
    clips = ("smoke", "dome", "repost", "monitor", "remux")
    related += [{"a": clip, "b": "dome-by-day", "kind": "same_place"} for clip in clips]
    related += [
        {"a": clip, "b": other, "kind": "none_found"}
        for clip in clips
        for other in ("unrelated", "other-building")
    ]
    related += [
        {"a": "unrelated", "b": other, "kind": "none_found"} for other in ("dome-by-day", "other-building")
    ]
    return related


def _camera(camera: Camera) -> dict[str, object]:
    return {
        "centre_metres": [_r(v) for v in camera.centre],
        "matrix": _rows(camera.matrix()),
        "focal_pixels": _r(camera.focal),
        "width": camera.width,
        "height": camera.height,
    }


def _roof() -> NDArray[np.float64]:
    """Points round the drum, the dome and the lantern."""
    turns = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    rings = (
        (scene.PARAPET_RADIUS, scene.PARAPET_TOP),
        (scene.DRUM_RADIUS, scene.DRUM_FOOT + 1.5),
        (0.0, scene.LANTERN_TOP),
    )
    return np.array(
        [[r * np.cos(t), scene.DOME_CENTRE[1] + r * np.sin(t), z] for r, z in rings for t in turns]
    )


def _spot(camera: Camera, place: Iterable[float]) -> list[float]:
    spots, _ = camera.project(np.array([list(place)]))
    return [_r(spots[0, 0] / camera.width), _r(spots[0, 1] / camera.height)]


def _around(camera: Camera, points: NDArray[np.float64]) -> list[float]:
    spots, _ = camera.project(points)
    return _box(spots / [camera.width, camera.height])


def _box(points: NDArray[np.float64]) -> list[float]:
    low, high = np.clip(points.min(axis=0), 0, 1), np.clip(points.max(axis=0), 0, 1)
    return [_r(v) for v in (*low, *(high - low))]


def _shaken(pixels: float, seed: int, startled: float | None) -> float:
    shake = takes.Shake(seed, pixels, startled)
    return _r(max(float(np.abs(shake.offsets(t)).max()) for t in np.arange(0, takes.SECONDS, 1 / RATE)))


def _rows(matrix: NDArray[np.float64]) -> list[list[float]]:
    return [[round(float(v), 9) for v in row] for row in matrix]


def _r(value: float) -> float:
    return round(float(value), 6)
