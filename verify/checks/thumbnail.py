"""Whether the small preview inside a picture file shows the same picture as the file.

Cameras store a preview in the EXIF. A program that changes the picture and leaves the preview as it was gives
itself away: the preview still shows the earlier picture. Both are compared by pHash, a perceptual hash of 64
bits (ImageHash's; Zauner 2010). Previews often have black bars or another shape than the picture, and are
turned when the picture is, so the smallest distance over trimmed, cut and turned versions counts.

Limits: programs that know about previews renew or remove them, so agreement is normal for changed pictures
too. A local change (an object removed, a face altered) moves too few bits to be seen. Copies from messengers
have no preview. Error rates: 28 untouched or re-saved camera files with a usable preview gave distances of 0
to 4 bits, none reported; 14 files whose picture somebody had replaced gave 22 to 28, all reported; previews
held against other files' pictures gave 18 to 32. Of the 28 with the picture changed by us, all were reported
after cropping to 70 % of each side, 6 after cropping to the middle 90 %, 2 with a ninth of the picture
covered, none when darkened or without colour.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from itertools import product
from typing import TYPE_CHECKING

import imagehash
import numpy as np
from PIL import Image

from verify.checks.evidence import per_file
from verify.errors import CheckError
from verify.media import shrink
from verify.model import Finding, Measurement, MediaKind, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from verify.checks.evidence import Evidence
    from verify.model import Media
    from verify.settings import CheckSettings

NAME = "embedded-thumbnail/1"
LIMITS = (
    "A preview that agrees does not show that the picture is unchanged: programs often renew it, and small "
    "changes do not show in it. One that differs does not show who changed what, or why."
)
# What Pillow's parsers raise for bytes that make no sense.
_UNREADABLE = (
    OSError, SyntaxError, ValueError, LookupError, ArithmeticError, TypeError, Image.DecompressionBombError,
)  # fmt: skip


@per_file(NAME, "The embedded preview against the picture", LIMITS)
def embedded_thumbnail(media: Media, evidence: Evidence) -> Finding | None:
    """Preview and picture by perceptual hash."""
    if media.kind is not MediaKind.IMAGE:
        return None
    data = evidence.thumbnail(media.path)
    if data is None:
        statement = "The file carries no preview; most copies that circulate have none."
        return Finding(NAME, (media.id,), Outcome.NOT_APPLICABLE, statement, LIMITS)
    settings = evidence.settings
    small = _decoded(data, settings)
    if small is None:
        size = Measurement("preview", len(data), "byte")
        statement = "The file carries a preview that cannot be decoded."
        return Finding(NAME, (media.id,), Outcome.INCONCLUSIVE, statement, LIMITS, (size,))
    large = evidence.picture(media.path)
    detail = min(float(_grey(small).std()), float(_grey(large).std()))
    bits = distance(small, large, settings)
    measurements = (
        Measurement("pHash distance", bits, "bit of 64", settings.thumbnail_bits),
        Measurement(
            "contrast of the flatter one", round(detail, 1), "grey level", settings.thumbnail_contrast
        ),
    )
    if min(large.shape[:2]) < settings.thumbnail_side or detail < settings.thumbnail_contrast:
        statement = "Preview or picture is too small or too flat to be compared."
        return Finding(NAME, (media.id,), Outcome.INCONCLUSIVE, statement, LIMITS, measurements)
    if bits <= settings.thumbnail_bits:
        statement = "The embedded preview shows the same picture as the file."
        return Finding(NAME, (media.id,), Outcome.CONSISTENT, statement, LIMITS, measurements)
    statement = (
        "The embedded preview shows another picture than the file. This happens when a program changed or "
        "cropped the picture and kept the old preview."
    )
    return Finding(NAME, (media.id,), Outcome.INCONSISTENT, statement, LIMITS, measurements)


def distance(small: NDArray[np.uint8], large: NDArray[np.uint8], settings: CheckSettings) -> int:
    """The smallest pHash distance, 0 to 64 bits, over the ways in which a preview is fitted to a picture.

    Args:
        small: the preview, (h, w, 3) RGB 0-255.
        large: the picture, (H, W, 3).
        settings: which levels count as a black bar.
    """
    views = [imagehash.phash(Image.fromarray(view)) for view in _views(small, large, settings)]
    whole = imagehash.phash(Image.fromarray(large))
    best = min(view - whole for view in views)
    for turned in (np.ascontiguousarray(np.rot90(small, turns)) for turns in range(4)):
        # A preview of another shape may also show only the middle of the picture.
        middle = imagehash.phash(Image.fromarray(_cut(large, turned.shape)))
        best = min(best, imagehash.phash(Image.fromarray(turned)) - middle)
    return int(best)


def _views(
    small: NDArray[np.uint8], large: NDArray[np.uint8], settings: CheckSettings
) -> Iterator[NDArray[np.uint8]]:
    for turns, trimmed in product(range(4), (False, True)):
        view = np.ascontiguousarray(np.rot90(_without_bars(small, settings) if trimmed else small, turns))
        yield view
        yield _cut(view, large.shape)


def _cut(picture: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """The middle of the picture in the proportions of `shape`."""
    height, width = picture.shape[:2]
    aspect = shape[1] / shape[0]
    new_width, new_height = (
        min(width, max(1, round(height * aspect))),
        min(height, max(1, round(width / aspect))),
    )
    left, top = (width - new_width) // 2, (height - new_height) // 2
    return np.ascontiguousarray(picture[top : top + new_height, left : left + new_width])


def _without_bars(picture: NDArray[np.uint8], settings: CheckSettings) -> NDArray[np.uint8]:
    """The picture without black rows and columns at its edges."""
    light = picture.max(axis=2) > settings.bar_level
    rows = np.flatnonzero(light.mean(axis=1) > settings.bar_share)
    columns = np.flatnonzero(light.mean(axis=0) > settings.bar_share)
    if not rows.size or not columns.size:
        return picture
    return np.ascontiguousarray(picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def _grey(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    return np.asarray(picture.mean(axis=2), np.float64)


def _decoded(data: bytes, settings: CheckSettings) -> NDArray[np.uint8] | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = Image.open(BytesIO(data), formats=("JPEG", "TIFF", "PNG"))
            if image.width * image.height > settings.thumbnail_pixels:
                raise CheckError(f"the preview declares {image.width} x {image.height} pixels")
            image.draft("RGB", (settings.picture_side, settings.picture_side))
            return shrink(np.array(image.convert("RGB")), settings.picture_side)
        except _UNREADABLE:
            return None
