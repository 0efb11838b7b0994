"""Text in the pictures of all inputs: each file read in a guarded job of its own, and kept between runs.

Where nothing is installed that reads, burned-in marks are located in the key frames that the report shows.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import cv2
import numpy as np

from verify.errors import VerifyError
from verify.fingerprint import Recipe
from verify.model import Box, MediaKind, Span, Text
from verify.scene import text
from verify.scene.overlays import located

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from verify.fingerprint.cache import Cache
    from verify.model import Exhibit, Media
    from verify.pipeline.work import Work
    from verify.scene.ocr import Models
    from verify.settings import TextSettings

_FACTS = "texts"


@dataclass(frozen=True, slots=True)
class _ToRead:
    path: Path
    times: tuple[Fraction, ...]
    used: Models
    settings: TextSettings


def read_texts(media: Sequence[Media], shown: Sequence[Exhibit | None], work: Work) -> list[Media]:
    """The inputs with the texts of their pictures, in their order.

    Args:
        media: the inputs.
        shown: the key frames of each.
        work: the means of the run.
    """
    found, used = list(media), work.readers
    if used is None:
        return [_located(item, keys, work) for item, keys in zip(media, shown, strict=True)]
    cache, settings = work.cache(), work.settings.text
    left = []
    for place, item in enumerate(found):
        if item.kind not in {MediaKind.VIDEO, MediaKind.IMAGE}:
            continue
        known = _load(cache, item.sha256, _recipe(used, item, settings))
        if known is None:
            left.append(place)
        else:
            found[place] = replace(item, texts=known)
    jobs = [_ToRead(found[place].path, text.times(found[place], settings), used, settings) for place in left]
    results = work.guarded("reading texts", _read, jobs, lambda job: job.path) if jobs else []
    for place, result in zip(left, results, strict=True):
        item = found[place]
        if isinstance(result, VerifyError):
            reason = result.message.removeprefix(f"{item.path}: ")
            found[place] = replace(item, notes=(*item.notes, f"text in the picture was not read: {reason}"))
            continue
        found[place] = replace(item, texts=result)
        _store(cache, item.sha256, _recipe(used, item, settings), result)
    return found


def _read(job: _ToRead) -> tuple[Text, ...]:
    return text.texts(job.path, job.times, job.used, job.settings)


def _located(media: Media, shown: Exhibit | None, work: Work) -> Media:
    if media.kind is not MediaKind.VIDEO or shown is None or not work.settings.text.use:
        return media
    pictures = [
        cv2.imdecode(np.frombuffer(item.jpeg, np.uint8), cv2.IMREAD_GRAYSCALE) for item in shown.stills
    ]
    luma = [np.asarray(picture, np.uint8) for picture in pictures]
    return replace(media, texts=located(luma, [item.time for item in shown.stills], work.settings.text))


def _recipe(used: Models, media: Media, settings: TextSettings) -> Recipe:
    # The moments that are looked at follow from the shots, whose settings may change.
    numbers = repr([asdict(settings), [str(time) for time in text.times(media, settings)]])
    return Recipe.of(
        "texts", 1, models=used.digest, settings=hashlib.sha256(numbers.encode()).hexdigest()[:16]
    )


def _load(cache: Cache | None, sha256: str | None, made_by: Recipe) -> tuple[Text, ...] | None:
    arrays = cache.load(sha256, made_by) if cache is not None and sha256 is not None else None
    if arrays is None:
        return None
    return tuple(
        Text(
            item["text"],
            Box(*item["box"]),
            Span(Fraction(item["span"][0]), Fraction(item["span"][1])),
            item["confidence"],
            item["kind"],
            item["seen"],
            item["stays"],
            tuple((Fraction(time), read) for time, read in item["readings"]),
        )
        for item in json.loads(arrays[_FACTS].tobytes())
    )


def _store(cache: Cache | None, sha256: str | None, made_by: Recipe, found: tuple[Text, ...]) -> None:
    if cache is None or sha256 is None:
        return
    facts = [
        {
            "text": item.text,
            "box": [item.box.x, item.box.y, item.box.width, item.box.height],
            "span": [str(item.span.start), str(item.span.end)],
            "confidence": item.confidence,
            "kind": item.kind,
            "seen": item.seen,
            "stays": item.stays,
            "readings": [[str(time), read] for time, read in item.readings],
        }
        for item in found
    ]
    cache.store(sha256, made_by, {_FACTS: np.frombuffer(json.dumps(facts).encode(), np.uint8)})
