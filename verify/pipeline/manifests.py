"""C2PA manifests of all inputs that may carry one: each read in a guarded job of its own.

The reading library is native code that damaged files have ended before. In a job of its own that costs the
manifest, and not all else that is known of the file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verify.errors import VerifyError
from verify.metadata.manifests import c2pa
from verify.model import MediaKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from verify.metadata.manifests.c2pa import Reading, Trust
    from verify.model import Media
    from verify.pipeline.work import Work

_READ = frozenset({MediaKind.VIDEO, MediaKind.IMAGE, MediaKind.AUDIO})


@dataclass(frozen=True, slots=True)
class _ToRead:
    path: Path
    trusted: Trust | None


def read_manifests(media: Sequence[Media], work: Work) -> list[Media]:
    """The inputs with their manifests, in their order; as they were where the extra is not installed."""
    found = list(media)
    places = [place for place, item in enumerate(found) if item.kind in _READ and _marked(item)]
    if not places or not c2pa.installed():
        return found
    jobs = [_ToRead(found[place].path, work.trust) for place in places]
    results = work.guarded("reading manifests", _read, jobs, lambda job: job.path)
    for place, result in zip(places, results, strict=True):
        reading = _failed(found[place], result) if isinstance(result, VerifyError) else result
        said = replace(
            found[place].metadata, c2pa=reading.state, c2pa_note=reading.note, manifest=reading.manifest
        )
        found[place] = replace(found[place], metadata=said)
    return found


def _marked(media: Media) -> bool:
    return media.metadata.c2pa == "not_read"


def _read(job: _ToRead) -> Reading:
    return c2pa.read(job.path, job.trusted)


def _failed(media: Media, error: VerifyError) -> Reading:
    return c2pa.Reading("unreadable", error.message.removeprefix(f"{media.path}: "))
