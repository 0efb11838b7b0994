"""Still pictures and animations that Pillow reads.

Pillow identifies a still by its first bytes; the file's name is never asked. EXIF orientation is applied,
so that the picture is the one that a viewer shows. A picture that is cut off is shown as far as it goes,
and said to be damaged. Pictures with more pixels than `MediaSettings.max_pixels` are refused before they
are decoded.
"""

from __future__ import annotations

import threading
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import pillow_heif
from PIL import Image, ImageFile, ImageOps

from verify.errors import TooLargeError, UnreadableMediaError
from verify.media.files import open_bytes
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

pillow_heif.register_heif_opener()

# Formats whose pictures Pillow itself decodes. EPS is left out because Pillow starts Ghostscript for it,
# MPEG, WMF and the like because Pillow only names them.
_NAMES = """
    AVIF BLP BMP CUR DCX DDS DIB FLI FTEX GBR GIF HEIF ICNS ICO IM IMT JPEG JPEG2000 MCIDAS MPO MSP PCD PCX
    PIXAR PNG PPM PSD QOI SGI SPIDER SUN TIFF WEBP XBM XPM XVTHUMB
"""
Image.init()
_ORIENTATION = 0x0112
# 5 and 7 mirror the picture and turn it; 2 and 4 mirror it, 4 upside down (CIPA DC-008, tag Orientation).
_ROTATIONS = {3: 180, 4: 180, 5: 270, 6: 90, 7: 90, 8: 270}
# Pillow drops an old format now and then, and newer versions read more; a name that it lacks ends every
# attempt.
_FORMATS = tuple(name for name in _NAMES.split() if name in Image.OPEN)
# TGA has no signature, so that only a name can propose it.
_TGA_SUFFIXES = frozenset({".tga", ".icb", ".vda", ".vst"})
# Formats whose pages follow each other in time, and which FFmpeg reads; it does not read animated WebP.
_FFMPEG_ANIMATES = frozenset({"GIF", "PNG", "AVIF", "FLI"})
# What Pillow's parsers raise for bytes that make no sense.
_PILLOW_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    LookupError,
    ArithmeticError,
    TypeError,
    MemoryError,
    RuntimeError,
    EOFError,
)


_lock = threading.Lock()


@dataclass(frozen=True, eq=False, slots=True)
class Page:
    """One displayed picture of a still or an animation."""

    time: Fraction  # seconds; 0 for a still
    end: Fraction
    rgb: NDArray[np.uint8]  # (H, W, 3), 0-255, RGB, orientation applied, transparency ignored
    damaged: bool


@contextmanager
def identified(path: Path) -> Iterator[Image.Image | None]:
    """The picture, where Pillow is the one to decode it, with its first page loaded; None where FFmpeg is.

    GIF, APNG and AVIF animations and FLI are FFmpeg's, which has their exact times, and so is whatever Pillow
    cannot decode.

    Raises:
        MissingFileError: There is no such file.
        UnreadableMediaError: The system does not let it be read.
        TooLargeError: It declares more pixels than `MediaSettings.max_pixels`.
    """
    with open_bytes(path) as file:
        yield _identified(path, file)


def _identified(path: Path, file: BinaryIO) -> Image.Image | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            formats = (*_FORMATS, "TGA") if path.suffix.lower() in _TGA_SUFFIXES else _FORMATS
            image = Image.open(file, formats=formats)
        except Image.DecompressionBombError as error:
            raise TooLargeError(path, str(error)) from error
        except _PILLOW_ERRORS:
            return None
        width, height = image.size
        if width * height > SETTINGS.media.max_pixels:
            raise TooLargeError(path, f"it declares {width} x {height} pixels")
        if image.format == "TIFF":
            # Pillow turns it as it loads it, and drops the tag.
            image.info["verify-rotation"] = _asked(image)
        try:
            if image.format not in _FFMPEG_ANIMATES or not animated(image):
                _loaded(image)
                return image
        except Image.DecompressionBombError as error:
            raise TooLargeError(path, str(error)) from error
        except _PILLOW_ERRORS:
            return None
    return None


def animated(image: Image.Image) -> bool:
    """Whether the file holds several pictures that follow each other in time."""
    if image.format not in _FFMPEG_ANIMATES | {"WEBP"}:
        return False
    return getattr(image, "n_frames", 1) > 1


def pages(path: Path, image: Image.Image) -> Iterator[Page]:
    """The picture of a still, or the pictures of an animation one after another; holds one at a time.

    Raises:
        UnreadableMediaError: Not even a part of the first picture could be decoded.
    """
    time = Fraction(0)
    for number in range(getattr(image, "n_frames", 1) if animated(image) else 1):
        try:
            rgb, damaged = _decoded(image, number)
        except _PILLOW_ERRORS as error:
            if number == 0:
                raise UnreadableMediaError(path, f"the picture could not be decoded ({error})") from error
            return
        length = Fraction(0)
        if animated(image):
            # Viewers show a picture without a stated duration for a tenth of a second.
            length = Fraction(round(image.info.get("duration") or 100), 1000)
        yield Page(time, time + length, rgb, damaged)
        time += length


def _decoded(image: Image.Image, number: int) -> tuple[NDArray[np.uint8], bool]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if animated(image) and image.tell() != number:
            image.seek(number)
        damaged = _loaded(image)
        return _rgb(_turned(image)), damaged


def _loaded(image: Image.Image) -> bool:
    """Decode the current page as far as it goes; whether it is damaged."""
    try:
        image.load()
    except OSError:
        # Pillow's switch for pictures that are cut off is global, hence the lock and the way back.
        with _lock:
            ImageFile.LOAD_TRUNCATED_IMAGES = True
            try:
                image.load()
            finally:
                ImageFile.LOAD_TRUNCATED_IMAGES = False
        image.info["verify-damaged"] = True
        if _blank(image):
            raise OSError("nothing of it could be decoded") from None
    return "verify-damaged" in image.info


def _blank(image: Image.Image) -> bool:
    # What could not be decoded stays at one value.
    values = np.asarray(image)
    return values.size == 0 or bool((values == values[:1, :1]).all())


def _turned(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except _PILLOW_ERRORS:
        # Broken EXIF says nothing about orientation; viewers then show the picture as stored.
        return image


def rotation(image: Image.Image) -> int:
    """Degrees clockwise by which EXIF asks a viewer to turn the stored picture: 0, 90, 180 or 270."""
    known = image.info.get("verify-rotation")
    return _asked(image) if known is None else int(known)


def _asked(image: Image.Image) -> int:
    try:
        return _ROTATIONS.get(image.getexif().get(_ORIENTATION, 1), 0)
    except _PILLOW_ERRORS:
        return 0


def _rgb(image: Image.Image) -> NDArray[np.uint8]:
    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image, dtype=np.float64)
        # 16-bit pictures come as I;16 or I with values to 65,535; float pictures mostly span 0 to 1.
        scale = 1 / 257 if image.mode != "F" else 255.0 if np.nanmax(values, initial=0) <= 1 else 1.0
        grey = np.clip(np.nan_to_num(values) * scale, 0, 255).astype(np.uint8)
        return np.repeat(grey[:, :, None], 3, axis=2)
    return np.array(image.convert("RGB"))
