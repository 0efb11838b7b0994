"""Key frames of examined files on disk: PNG in full size with their times as names, and a contact sheet."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.errors import VerifyError
from verify.media import pictures, shrink
from verify.pipeline.work import Work

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction
    from pathlib import Path
    from typing import Unpack

    from numpy.typing import NDArray

    from verify.model import Report
    from verify.pipeline.work import Options

_SHEET_SIDE = 320  # pixels, the longer side of a picture on the contact sheet
_SHEET_COLUMNS = 4
_CAPTION = 22  # pixels below each picture


@dataclass(frozen=True, slots=True)
class _ToWrite:
    path: Path
    times: tuple[Fraction, ...]
    folder: Path


@dataclass(frozen=True, eq=False, slots=True)
class _Small:
    time: Fraction
    rgb: NDArray[np.uint8]  # (h, w, 3), for the contact sheet


def file_name(time: Fraction) -> str:
    """The name of a key frame: its time in seconds, to the microsecond, so that names sort by time."""
    return f"{float(time):013.6f}s.png"


def write_key_frames(
    report: Report, folders: Mapping[str, Path], **options: Unpack[Options]
) -> list[VerifyError]:
    """Write each input's key frames into its folder; an input without a picture gets none.

    Args:
        report: what `inspect` returned; its paths are those given.
        folders: by media id.
        options: as `inspect` took them.

    Returns:
        What could not be written, as errors; the pictures that could be are there.
    """
    jobs = [
        _ToWrite(media.path, tuple(item.time for item in media.hashes), folders[media.id])
        for media in report.media
        if media.hashes
    ]
    try:
        # Each process writes what it decodes: the pictures of a folder of clips would not fit into this one.
        results = Work(options).guarded("key frames", _write_all, jobs, lambda job: job.path)
    finally:
        for job in jobs:
            for left in job.folder.glob(".*.part"):  # by a process that was ended while it wrote
                left.unlink(missing_ok=True)
    return [result for result in results if isinstance(result, VerifyError)]


def _write_all(job: _ToWrite) -> None:
    job.folder.mkdir(parents=True, exist_ok=True)
    items = []
    for picture in pictures(job.path, job.times, None):
        _write(job.folder / file_name(picture.time), _png(picture.rgb))
        items.append(_Small(picture.time, shrink(picture.rgb, _SHEET_SIDE)))
    _write(job.folder / "contact-sheet.png", _png(_sheet(items)))


def _png(rgb: NDArray[np.uint8]) -> bytes:
    return bytes(cv2.imencode(".png", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))[1])


def _sheet(items: list[_Small]) -> NDArray[np.uint8]:
    """All key frames in rows, each with its time below."""
    width = max(item.rgb.shape[1] for item in items)
    height = max(item.rgb.shape[0] for item in items) + _CAPTION
    columns = min(_SHEET_COLUMNS, len(items))
    rows = -(-len(items) // columns)
    sheet = np.full((rows * height, columns * width, 3), 255, np.uint8)
    for place, item in enumerate(items):
        top, left = place // columns * height, place % columns * width
        tall, wide = item.rgb.shape[:2]
        sheet[top : top + tall, left : left + wide] = item.rgb
        label, below = f"{float(item.time):.3f} s", (left + 4, top + tall + _CAPTION - 7)
        cv2.putText(sheet, label, below, cv2.FONT_HERSHEY_SIMPLEX, 0.45, (0, 0, 0), 1, cv2.LINE_AA)
    return sheet


def _write(place: Path, content: bytes) -> None:
    beside = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)
