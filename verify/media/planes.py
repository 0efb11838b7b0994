"""Pixels out of a decoded frame: luma without a colour conversion where the decoder holds it, or RGB."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

import av
import cv2
import numpy as np

if TYPE_CHECKING:
    from av import VideoFrame
    from numpy.typing import NDArray

# Planar and semi-planar formats whose first plane is 8-bit luma.
_LUMA_8 = re.compile(r"(yuvj?a?4[0-4][0-4]p|nv\d\d|gray)$")
# The same with 9 to 16 bits in two bytes, low bits first; P010 and its kin keep the value in the high bits.
_LUMA_16 = re.compile(r"(?:yuva?4[0-4][0-4]p|gray)(9|10|12|14|16)le$")
_BT2020 = 9  # ITU-T H.273, matrix coefficients
_LUMA_HIGH = re.compile(r"p[024]1[026]le$")


def luma(frame: VideoFrame) -> NDArray[np.uint8]:
    """(H, W) uint8, as coded: limited range stays 16-235; deeper samples give their high 8 bits.

    A read-only view into the frame's memory where that is 8-bit luma already.
    """
    name = frame.format.name
    if _LUMA_8.match(name):
        return _plane(frame, np.uint8)
    if deep := _LUMA_16.match(name):
        return _high(frame, int(deep[1]) - 8)
    if _LUMA_HIGH.match(name):
        return _high(frame, 8)
    return _plane(frame.reformat(format="gray"), np.uint8)


def rgb(frame: VideoFrame, side: int | None = None) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 RGB, rotation not applied, longer side at most `side`.

    Transparency is ignored, and HDR is not mapped to a standard range. A matrix that FFmpeg's scaler does not
    know (BT.2020 of constant luminance, say) is read as BT.2020's usual one.
    """
    try:
        plain = frame.reformat(format="rgb24")
    except av.error.FFmpegError:
        plain = frame.reformat(format="rgb24", src_colorspace=_BT2020)
    return shrink(cast("NDArray[np.uint8]", plain.to_ndarray()), side)


def shrink(picture: NDArray[np.uint8], side: int | None) -> NDArray[np.uint8]:
    """The picture with its longer side at most `side` pixels, by area averaging; never enlarged."""
    height, width = picture.shape[:2]
    if side is None or side >= max(height, width):
        return picture
    scale = side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cast("NDArray[np.uint8]", cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def upright(picture: NDArray[np.uint8], rotation: int) -> NDArray[np.uint8]:
    """The picture turned clockwise by `rotation` degrees, a multiple of 90."""
    return np.ascontiguousarray(np.rot90(picture, -rotation // 90)) if rotation else picture


def quarter_turn(frame: VideoFrame) -> int:
    """Degrees clockwise by which a player turns the frame: 0, 90, 180 or 270.

    Any other angle counts as 0.
    """
    # FFmpeg counts counterclockwise.
    rotation = -frame.rotation % 360
    return rotation if rotation in {90, 180, 270} else 0


def mirrored(frame: VideoFrame) -> bool:
    """Whether the file asks players to mirror the picture, which is not done here."""
    try:
        matrix = frame.side_data.get("DISPLAYMATRIX")
    except ValueError:
        # PyAV 18 lists a frame's side data only where it knows all its types; FFmpeg 8 has newer ones.
        return False
    if matrix is None:
        return False
    values = np.frombuffer(cast("Any", matrix), np.int32)
    if values.size < 9:
        return False
    # Rows of three: the upper left 2 x 2 part turns and mirrors; its determinant is negative for a mirror.
    a, b, c, d = (int(values[at]) for at in (0, 1, 3, 4))
    return a * d - b * c < 0


def _plane(frame: VideoFrame, dtype: Any) -> NDArray[Any]:
    plane = frame.planes[0]
    values = np.frombuffer(cast("Any", plane), dtype)
    return values.reshape(-1, plane.line_size // values.itemsize)[: frame.height, : frame.width]


def _high(frame: VideoFrame, shift: int) -> NDArray[np.uint8]:
    deep = _plane(frame, np.uint16)
    out = np.empty(deep.shape, np.uint8)
    np.right_shift(deep, shift, out=out, casting="unsafe")
    return out
