"""One pass over a clip: its flashes, its plates, and what moves in it.

Pictures are taken at a bounded rate and size while the clip streams through the decoder, and gathered into
stretches of one view; each stretch gives one plate. At most one stretch is held at a time: 300 pictures of
640 x 360, which is 69 MB.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from verify.media.decode import frames
from verify.model import MediaKind, Span
from verify.scene.chains import chains_of, rejoined, whole_things
from verify.scene.light import LightCurve
from verify.scene.movers import Mover, mover_of
from verify.scene.plate import Laid, Plate, departures, plate_of
from verify.scene.spots import Spot, spots_of
from verify.scene.steady import STILL_CAMERA, Anchor
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from verify.media.decode import Frame
    from verify.model import Event, Media
    from verify.settings import SceneSettings


@dataclass(frozen=True, eq=False, slots=True)
class Watch:
    """What was seen in one clip."""

    media: str
    plates: tuple[Plate, ...]
    movers: tuple[Mover, ...]  # clearest first
    flashes: tuple[Event, ...]
    notes: tuple[str, ...]  # what was not looked at, and why


def watch(path: Path, media: Media, settings: SceneSettings = SETTINGS.scene) -> Watch:
    """Look at one clip from start to end.

    Args:
        path: the file.
        media: what was probed of it; a still gives its picture as a plate and no movers.
        settings: bounds and thresholds.

    Raises:
        UnreadableMediaError: nothing could be decoded.
    """
    step, until, notes = _pace(media, settings)
    gathering = _Gathering(settings, still=media.kind is MediaKind.IMAGE)
    light = LightCurve()
    due = Fraction(0)
    for frame in frames(path):
        if until is not None and frame.time >= until:
            break
        if media.kind is MediaKind.VIDEO:
            light.add(frame)
        if frame.time >= due:
            gathering.add(frame)
            # A little early is still in step: 30 and 24 frames a second do not divide evenly.
            due = max(due + step, frame.time + step * Fraction(9, 10))
    gathering.close()
    flashes = light.finish(media.id, settings)
    movers = _movers(gathering, flashes, settings)
    if len(movers) > settings.movers:
        notes += (f"{len(movers) - settings.movers} fainter, smaller or briefer movements were left out",)
    return Watch(
        media.id,
        tuple(gathering.plates),
        tuple(movers[: settings.movers]),
        flashes,
        notes + tuple(gathering.notes) + _unsettled(gathering.unsettled),
    )


def _pace(media: Media, settings: SceneSettings) -> tuple[Fraction, Fraction | None, tuple[str, ...]]:
    """Seconds between looks, where to stop, and what that leaves out."""
    fastest, slowest = 1 / Fraction(settings.watch_rate), 1 / Fraction(settings.watch_least_rate)
    length = media.duration or Fraction(0)
    step = min(max(fastest, length / settings.watch_frames), slowest)
    until = step * settings.watch_frames
    if length <= until:
        return step, None, ()
    return step, until, (f"movement was looked for in the first {float(until):.0f} s only",)


@dataclass(eq=False, slots=True)
class _Gathering:
    """Stretches of one view, closed one by one."""

    settings: SceneSettings
    still: bool  # one picture, and no time
    plates: list[Plate] = field(default_factory=list)
    spots: list[list[list[Spot]]] = field(default_factory=list)  # plate, look, spot
    looks: list[list[Fraction]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unsettled: list[Span] = field(default_factory=list)  # the view changed too soon to tell what moves
    _anchor: Anchor | None = None
    _held: list[Laid] = field(default_factory=list)
    _lost: list[tuple[Span, NDArray[np.uint8]]] = field(default_factory=list)

    def add(self, frame: Frame) -> None:
        """Take one look."""
        luma = frame.shrunk(self.settings.watch_side)
        # The decoder reuses its memory, and an unreduced picture is a view into it.
        self._take(Span(frame.time, max(frame.time, frame.end)), np.array(luma))

    def close(self) -> None:
        """The clip has ended."""
        self._finish()
        lost, self._lost = self._lost, []
        if lost:
            self.unsettled.append(Span(lost[0][0].start, lost[-1][0].end))

    def _take(self, when: Span, luma: NDArray[np.uint8]) -> None:
        if self._anchor is None or (self._held and self._held[0].luma.shape != luma.shape):
            self._finish()
            self._anchor = Anchor(luma, self.settings)
            # A picture lies on itself, also where too little in it can be followed to tell.
            affine: NDArray[np.float64] | None = STILL_CAMERA
        else:
            affine = self._anchor.locate(luma)
        if affine is None or self._anchor.covered(affine) < self.settings.stretch_cover:
            self._lost.append((when, luma))
            if when.end - self._lost[0][0].start > self.settings.stretch_lost:
                self._begin_again()
            return
        self._lost.clear()
        self._held.append(Laid(when.start, when.end, luma, affine))
        if len(self._held) >= self.settings.stretch_frames:
            self._finish()

    def _begin_again(self) -> None:
        self._finish()
        lost, self._lost = self._lost, []
        for when, luma in lost:
            self._take(when, luma)

    def _finish(self) -> None:
        held, self._held, self._anchor = self._held, [], None
        if not held:
            return
        span = Span(held[0].time, held[-1].end)
        if len(held) < self.settings.stretch_least and not self.still:
            self.unsettled.append(span)
            return
        plate = plate_of(held, self.settings)
        found, times = [], []
        for laid in held:
            whole, detail = departures(laid, plate, self.settings)
            spots = spots_of(whole, detail, plate, laid.affine, Span(laid.time, laid.end), self.settings)
            if spots is not None:
                found.append(spots)
                times.append(laid.time)
        if len(found) < len(held) / 2:
            self.notes.append(
                f"{_range(span)}: most of the picture changes, so nothing that moves can be told apart"
            )
            return
        self.plates.append(plate)
        self.spots.append(found)
        self.looks.append(times)


def _movers(gathering: _Gathering, flashes: tuple[Event, ...], settings: SceneSettings) -> list[Mover]:
    movers: list[Mover] = []
    for number, (plate, frames_of, looks) in enumerate(
        zip(gathering.plates, gathering.spots, gathering.looks, strict=True)
    ):
        shape = plate.luma.shape[0], plate.luma.shape[1]
        things: list[list[Spot]] = []
        for between in _between_flashes(frames_of, flashes):
            found = whole_things(chains_of(between, max(shape), settings), shape, settings)
            things = rejoined(things, found, shape, settings)
        made = (mover_of(thing, looks, number, shape, settings) for thing in things)
        movers += [mover for mover in made if mover is not None]
    return sorted(movers, key=lambda mover: (-mover.score, mover.span))


def _unsettled(spans: list[Span]) -> tuple[str, ...]:
    if not spans:
        return ()
    total = float(sum(span.length for span in spans))
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    return (
        f"{total:.1f} s between {_range(Span(first, last))} were not searched for movement: "
        "the view changed too soon, because the camera moved or the picture was cut",
    )


def _between_flashes(looks: list[list[Spot]], flashes: tuple[Event, ...]) -> list[list[list[Spot]]]:
    """Nothing is followed through a flash: it blinds the camera, and smoke may stand there afterwards."""
    parts: dict[int, list[list[Spot]]] = {}
    for spots in looks:
        if spots and not any(flash.span.meets(Span(spots[0].time, spots[0].end)) for flash in flashes):
            passed = sum(flash.span.end <= spots[0].time for flash in flashes)
            parts.setdefault(passed, []).append(spots)
    return list(parts.values())


def _range(span: Span) -> str:
    return f"{float(span.start):.1f} to {float(span.end):.1f} s"
