"""Pixels of frames in colour spaces that FFmpeg's scaler does not know."""

from __future__ import annotations

import av
import numpy as np

from verify.media.planes import rgb


def test_a_matrix_that_the_scaler_does_not_know_still_gives_a_picture() -> None:
    grey = np.tile(np.arange(64, 192, 2, dtype=np.uint8), (48, 1))
    frame = av.VideoFrame.from_ndarray(np.repeat(grey[..., None], 3, axis=2), format="rgb24")
    coded = frame.reformat(format="yuv420p10le")
    coded.colorspace = 10  # BT.2020 of constant luminance
    shown = rgb(coded)
    assert shown.shape == (48, 64, 3)
    assert np.abs(shown.astype(int) - grey[..., None]).max() <= 12
