"""The learned fingerprints of one clip or still over time; what they are is told in `fingerprint.neural`."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from verify.errors import IncomparableError
from verify.fingerprint import neural
from verify.settings import SETTINGS, NeuralSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from verify.fingerprint.neural import Model
    from verify.media.decode import Frame

_LOOK = 16  # pixels, the side of the picture by which change is seen


@dataclass(frozen=True, eq=False, slots=True)
class VectorTrack:
    """Vectors of a clip's pictures: some 0.6 KB each, about one a second."""

    times: NDArray[np.float64]  # (n,) seconds from the first moment shown, ascending
    vectors: NDArray[np.int8]  # (n, 512), see `neural.vector`
    common: NDArray[np.float32]  # (n,) the highest cosine to a picture of the noise set, 0 to 1
    boxes: NDArray[np.float32]  # (n, 4) what of the displayed picture was looked at: x, y, width, height
    recipe: str

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The track as plain arrays, for a cache."""
        return {
            "times": self.times,
            "vectors": self.vectors,
            "common": self.common,
            "boxes": self.boxes,
            "recipe": np.array(self.recipe),
        }

    def must_meet(self, other: VectorTrack) -> None:
        """Let vectors of one model meet.

        Raises:
            IncomparableError: the other track was made by another model, or otherwise.
        """
        if self.recipe != other.recipe:
            raise IncomparableError(
                f"cannot compare vectors made by {self.recipe} with those made by {other.recipe}",
                "Derive both again.",
            )


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> VectorTrack | None:
    """The track that `VectorTrack.arrays` took apart, None of nothing. Raises KeyError on anything else."""
    if not arrays:
        return None
    return VectorTrack(
        times=arrays["times"],
        vectors=arrays["vectors"],
        common=arrays["common"],
        boxes=arrays["boxes"],
        recipe=str(arrays["recipe"]),
    )


class VectorBuilder:
    """Takes every decoded frame of a clip in order, and gives its vectors."""

    def __init__(self, model: Model, settings: NeuralSettings = SETTINGS.neural) -> None:
        """Start an empty track."""
        self._model, self._settings = model, settings
        self._noise = neural.unit(model.noise)
        self._gap = settings.gap
        self._looked: Fraction | None = None
        self._last: NDArray[np.uint8] | None = None
        self._found: list[tuple[Fraction, NDArray[np.int8], tuple[float, float, float, float]]] = []

    def add(self, frame: Frame) -> None:
        """Look at one frame where one is due; nothing of it is kept but its vector."""
        if not self._due(frame):
            return
        luma = frame.shrunk(self._settings.look_side)
        rows, columns = neural.trimmed(luma, self._settings.bar_levels, self._settings.bar_leaves)
        height, width = luma.shape
        box = (
            columns.start / width,
            rows.start / height,
            (columns.stop - columns.start) / width,
            (rows.stop - rows.start) / height,
        )
        found = neural.vector(self._model.path, neural.square(luma, rows, columns))
        self._found.append((frame.time, found, box))
        if len(self._found) > self._settings.most:
            del self._found[1::2]
            self._gap *= 2

    def finish(self) -> VectorTrack:
        """The track of everything that was added. Raises ValueError where there was no frame."""
        if not self._found:
            raise ValueError("a track needs at least one frame")
        vectors = np.stack([found for _, found, _ in self._found])
        nearest = (neural.unit(vectors) @ self._noise.T).max(axis=1)
        return VectorTrack(
            times=np.array([float(time) for time, _, _ in self._found]),
            vectors=vectors,
            common=np.clip(nearest, 0, 1).astype(np.float32),
            boxes=np.array([box for _, _, box in self._found], np.float32),
            recipe=str(self._model.recipe),
        )

    def _due(self, frame: Frame) -> bool:
        if not self._found:
            self._last = _look(frame)
            return True
        since = frame.time - self._found[-1][0]
        few = len(self._found) < self._settings.fewest
        if since < self._settings.least_gap or (self._looked and frame.time - self._looked < Fraction(1, 5)):
            return False
        look, self._looked = _look(frame), frame.time
        changed = self._last is None or float(cv2.absdiff(look, self._last).mean()) > self._settings.change
        if few or since >= self._gap - Fraction(1, 60) or (changed and self._gap == self._settings.gap):
            self._last = look
            return True
        return False


def _look(frame: Frame) -> NDArray[np.uint8]:
    step = max(1, min(frame.luma.shape) // (4 * _LOOK))
    few = np.ascontiguousarray(frame.luma[::step, ::step])
    return np.asarray(cv2.resize(few, (_LOOK, _LOOK), interpolation=cv2.INTER_AREA), np.uint8)
