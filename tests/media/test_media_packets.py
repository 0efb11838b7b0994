"""What each coded frame takes up, listed without decoding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from verify.media import packets

if TYPE_CHECKING:
    from pathlib import Path

FRAMES = 40


def coded(target: Path, form: str | None = None) -> Path:
    """Forty frames that move, 25 a second, a key frame every ten, B-frames between."""
    random = np.random.default_rng(1)
    wide = random.integers(0, 255, (64, 64 + FRAMES, 3), np.uint8)
    with av.open(str(target), "w", format=form) as container:
        stream = container.add_stream("libx264", rate=25, options={"sc_threshold": "0", "bf": "2"})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        stream.codec_context.gop_size = 10
        for shift in range(FRAMES):
            picture = np.ascontiguousarray(wide[:, shift : shift + 64])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return target


def test_frames_are_listed_in_the_order_in_which_they_are_shown(tmp_path: Path) -> None:
    found = packets(coded(tmp_path / "a.mp4"))
    assert found is not None
    assert found.times == pytest.approx(np.arange(FRAMES) / 25, abs=1e-3)
    assert np.flatnonzero(found.keys).tolist() == [0, 10, 20, 30]
    assert (found.sizes > 0).all()
    assert found.sizes[found.keys].min() > np.median(found.sizes)
    assert found.ahead[found.keys].all()
    assert 0 < (~found.ahead).sum() < FRAMES  # the B-frames


def test_a_file_that_was_cut_off_is_listed_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = coded(tmp_path / "whole.mkv", "matroska")
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    found = packets(cut)
    assert found is not None
    assert 5 < len(found.times) < FRAMES


def test_without_times_of_showing_there_is_no_list(tmp_path: Path) -> None:
    assert packets(coded(tmp_path / "a.h264", "h264")) is None
