"""What happens before each camera, second by second."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import cv2
import numpy as np

from . import flag, people, plate, scene, smoke
from .camera import Camera, Shake, look
from .film import RATE, Label, Recorder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

SECONDS = 12.0
BLAST = (1.0, 8.2, 20.9)  # world metres, beside the lantern
FLASH_AT = 7.32  # seconds into the clip dome; a frame begins then
# Light of the flash in frames of 1/25 s from FLASH_AT; the clip's truth calls the flash over where this ends.
FLASH = (1.0, 0.92, 0.66, 0.42, 0.24, 0.12, 0.05)
FLASH_END = FLASH_AT + len(FLASH) / RATE
OBJECT = (6.36, FLASH_AT)  # seconds during which the small object flies in
OBJECT_FROM = (25.0, 3.0, 27.5)  # world metres

SMOKE_CAMERA = look((-42, -232, 11), (-1, 4, 9.9), 60, roll=0.6)
DOME_CAMERA = look((38, -225, 13), (1, 4, 9.7), 58, roll=-0.4)


@dataclass(eq=False)
class Take:
    """One recording: its frames, and what the rendering knows about them."""

    recorder: Recorder
    still: plate.Plate
    seconds: float = SECONDS
    people: dict[int, list[tuple[float, float, float, float]]] = field(default_factory=dict)

    def light(self, time: float) -> NDArray[np.float32]:
        """Linear light over the plate at `time`."""
        raise NotImplementedError

    def gain(self, time: float) -> float:
        """What automatic exposure does, as a factor."""
        return 1 + 0.02 * np.sin(0.9 * time)

    def frame(self, number: int) -> NDArray[np.uint8]:
        """The picture of one frame, (H, W, 3) uint8 RGB."""
        time = number / RATE
        return self.recorder.expose(self.light(time), time, self.gain)

    def frames(self) -> Iterator[NDArray[np.uint8]]:
        """All pictures in order."""
        for number in range(round(self.seconds * RATE)):
            yield self.frame(number)

    def _start(self, time: float) -> NDArray[np.float32]:
        light = self.still.light.copy()
        if self.still.water is not None:
            light_there, rows = plate.ripple(self.still, time)
            light[rows] = light_there
        return light


class SmokeTake(Take):
    """Smoke rises behind the roof. Nobody is seen."""

    plumes = (
        smoke.Plume(31, (-3.5, 19.0, 9.0), -16.0, 13.0, 9.0, 2.1, 0.75, 0.9, 0.5, 7.0, 0.95),
        smoke.Plume(32, (1.5, 20.0, 10.0), -16.0, 13.0, 6.0, 1.7, 0.85, 0.8, 0.45, 6.0, 0.7),
    )

    def light(self, time: float) -> NDArray[np.float32]:
        """The still view, the water, the smoke, the flag."""
        light = self._start(time)
        source = np.array(self.plumes[0].source)
        (spot,), (far,) = self.still.camera.padded().project(source[None])
        flicker = 0.8 + 0.2 * np.sin(9 * time) * np.sin(4.1 * time + 1)
        colour = _firelit(light.shape, spot, 230.0) * flicker + np.float32([0.06, 0.054, 0.05])
        density = sum(plume.density_at(self.still.camera, time) for plume in self.plumes)
        smoke.veil(light, self.still, density, far, colour)
        flag.draw(light, self.still, time + 3.1)
        return light


class DomeTake(Take):
    """Two figures climb the dome and crouch, a small object comes in, a flash, a puff, smoke."""

    puff = smoke.Plume(41, BLAST, FLASH_AT + 0.02, FLASH_AT + 0.5, 90.0, 1.3, 0.9, 0.55, 0.75, 3.2, 0.55, 2.4)
    after = smoke.Plume(42, BLAST, FLASH_AT + 0.4, SECONDS, 9.0, 1.5, 1.0, 0.6, 0.45, 3.0, 0.6)

    def light(self, time: float) -> NDArray[np.float32]:
        """The still view and everything that moves in it."""
        light = self._start(time)
        number = round((time - FLASH_AT) * RATE)
        power = FLASH[number] if 0 <= number < len(FLASH) else 0.0
        since = time - FLASH_AT
        fire = max(0.0, float(np.exp(-since / 0.5))) if since >= 0 else 0.0
        if fire > 0.02 or power:
            light += self._lit * (power + 0.1 * fire)
        self.people[round(time * RATE)] = people.draw(light, self.still, time, 0.55 + 2.5 * power)
        flag.draw(light, self.still, time, 0.5 + 2.0 * power)
        padded = self.still.camera.padded()
        (spot,), (far,) = padded.project(np.array([BLAST]))
        if OBJECT[0] <= time < OBJECT[1]:
            self._object(light, time)
        if since >= 0:
            colour = np.float32([0.05, 0.047, 0.043]) + np.float32([1.2, 0.62, 0.22]) * fire
            density = self.puff.density_at(self.still.camera, time) + self.after.density_at(
                self.still.camera, time
            )
            smoke.veil(light, self.still, density, far - 1.5, colour + np.float32(power * 0.8))
            smoke.sparks(light, self.still.camera, BLAST, since)
            smoke.glow(light, spot, 20 + 16 * fire, np.float32([5.0, 2.6, 0.9]) * fire)
        if power:
            for radius, strength in ((40, 30.0), (130, 2.5), (420, 0.5)):
                smoke.glow(
                    light,
                    spot,
                    radius * (0.6 + 0.4 * power),
                    np.float32([1.0, 0.92, 0.78]) * strength * power,
                )
            light += np.float32([0.16, 0.145, 0.12]) * power  # what the lens scatters over the whole picture
        return light

    def gain(self, time: float) -> float:
        """The exposure is pulled down by the flash and comes back."""
        since = time - FLASH_AT
        dip = 0.22 * np.exp(-((since - 0.3) ** 2) / 0.18) if since > 0.12 else 0.0
        return (1 + 0.015 * np.sin(0.7 * time + 2)) * (1 - dip)

    @cached_property
    def _lit(self) -> NDArray[np.float32]:
        """What the flash at its height adds to the walls."""
        lamp = scene.Light((BLAST[0], BLAST[1] - 2.0, BLAST[2] + 1), (55.0, 50.0, 42.0))
        wide = scene.Light((BLAST[0], BLAST[1] - 60.0, BLAST[2] + 20), (900.0, 820.0, 700.0))
        given = plate.illumination(self.still, lamp) + plate.illumination(self.still, wide)
        there = np.isfinite(self.still.depth)[..., None]
        return np.where(there, self.still.albedo * given, 0).astype(np.float32)

    def _object(self, light: NDArray[np.float32], time: float) -> None:
        share = (time - OBJECT[0]) / (OBJECT[1] - OBJECT[0])
        place = np.array(OBJECT_FROM) * (1 - share) + np.array(BLAST) * share
        place[2] += 1.2 * np.sin(np.pi * share)
        (spot,), _ = self.still.camera.padded().project(place[None])
        x, y = (int(v) for v in np.round(spot))
        cv2.ellipse(light, (x, y), (11, 3), -14, 0, 360, (0.05, 0.05, 0.055), -1, cv2.LINE_AA)
        cv2.line(light, (x - 2, y - 7), (x + 3, y + 6), (0.06, 0.06, 0.06), 2, cv2.LINE_AA)
        smoke.glow(light, spot + np.array([9, -2]), 2.4, np.float32([2.2, 0.5, 0.3]))


def smoke_take() -> SmokeTake:
    """The residents' clip."""
    label = Label("STAGED", "bottom right", 0.5, cv2.FONT_HERSHEY_SIMPLEX)
    recorder = Recorder(SMOKE_CAMERA, Shake(101, 3.2), 1.7, (1.0, 0.98, 0.95), 2.1, label, 1)
    return SmokeTake(recorder, plate.night(scene.old_town(27), SMOKE_CAMERA))


def dome_take() -> DomeTake:
    """The other camera, sixteen minutes later."""
    label = Label("staged sample", "top left", 0.45, cv2.FONT_HERSHEY_DUPLEX, 170)
    shake = Shake(202, 2.6, startled_at=bang_at())
    recorder = Recorder(DOME_CAMERA, shake, 1.5, (0.95, 0.99, 1.06), 1.8, label, 2)
    return DomeTake(recorder, plate.night(scene.old_town(43), DOME_CAMERA))


def bang_at() -> float:
    """When the bang reaches the camera of the clip dome, seconds; 8 degrees Celsius."""
    return FLASH_AT + float(np.linalg.norm(np.array(BLAST) - DOME_CAMERA.centre)) / SPEED_OF_SOUND


SPEED_OF_SOUND = 331.3 + 0.606 * 8.0  # metres a second


def picture_of(
    camera: Camera, shake: Shake, place: tuple[float, float, float], time: float
) -> tuple[float, float]:
    """Where a world point is in the picture at `time`, in fractions of width and height."""
    spots, _ = camera.padded().project(np.array([place]))
    x, y, w = shake.homography(camera, time) @ [*spots[0], 1.0]
    return x / w / camera.width, y / w / camera.height


def _firelit(shape: tuple[int, ...], spot: NDArray[np.float64], radius: float) -> NDArray[np.float32]:
    y, x = np.ogrid[0 : shape[0], 0 : shape[1]]
    near = np.exp(-((x - spot[0]) ** 2 + (y - spot[1]) ** 2) / radius**2).astype(np.float32)
    return near[..., None] * np.float32([0.5, 0.24, 0.09])
