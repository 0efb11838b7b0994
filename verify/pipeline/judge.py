"""Pairs of examined inputs -> how each relates, judged in guarded processes.

Each input is laid down once, with a few views taken of it, in a file of a folder that lives as long as the
call; a pair's job carries two paths, and a process keeps the inputs that it took up last. Pairs are judged
tile by tile, so that these serve many pairs, whatever the number of inputs.
"""

from __future__ import annotations

import pickle
import tempfile
from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from verify.copies import Judgement, Subject, relate
from verify.copies.sound import sounded
from verify.errors import VerifyError
from verify.fingerprint import sound, vectors
from verify.fingerprint.track import from_arrays
from verify.geometry import View, views
from verify.geometry import from_arrays as views_from_arrays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify.model import Media
    from verify.pipeline.examine import Examined
    from verify.pipeline.seen import Seen
    from verify.pipeline.work import Work
    from verify.settings import Settings

Place = tuple[int, int]  # two inputs, by their position

_TILE = 16  # inputs on a side of a tile of pairs
_HELD_BYTES = 512 << 20  # of inputs that one process keeps; two sides of a tile of ten-minute clips are more
_ALIGNED = 64  # bytes; where an array starts


@dataclass(frozen=True, eq=False, slots=True)
class _ToLay:
    media: Media
    seen: Seen
    path: Path
    settings: Settings


@dataclass(frozen=True, slots=True)
class _Pair:
    names: tuple[str, str]
    a: Path
    b: Path
    settings: Settings


def judge(
    examined: Sequence[Examined], places: Sequence[Place], work: Work
) -> dict[Place, Judgement | VerifyError]:
    """How the inputs of each pair relate.

    Args:
        examined: the inputs.
        places: pairs of positions in `examined`, as many as are wanted, in any order.
        work: the means of the run; the stages are "viewing" and "comparing".

    Returns:
        By pair, in the order of `places`; without the pairs of which an input has no picture.

    Raises:
        OSError: the folder for temporary files is full or cannot be written.
    """
    seen = {
        one
        for one in {one for place in places for one in place}
        if examined[one].seen is not None and examined[one].media.error is None
    }
    wanted = [place for place in places if seen.issuperset(place)]
    with tempfile.TemporaryDirectory(prefix="verify-", ignore_cleanup_errors=True) as folder:
        paths = _laid(examined, sorted({one for place in wanted for one in place}), Path(folder), work)
        order = sorted(wanted, key=lambda place: (place[0] // _TILE, place[1] // _TILE, place))
        jobs = [
            _Pair((examined[a].media.id, examined[b].media.id), paths[a], paths[b], work.settings)
            for a, b in order
        ]
        results = work.guarded("comparing", _relate, jobs, lambda job: f"{job.names[0]} and {job.names[1]}")
    judged = dict(zip(order, results, strict=True))
    return {place: judged[place] for place in wanted}


def _laid(examined: Sequence[Examined], wanted: Sequence[int], folder: Path, work: Work) -> dict[int, Path]:
    """The files of the inputs, by position."""
    jobs = {}
    for one in wanted:
        item = examined[one]
        if item.seen is not None:
            jobs[one] = _ToLay(item.media, item.seen, folder / f"{one}.subject", work.settings)
    results = work.guarded("viewing", _lay, list(jobs.values()), lambda job: job.media.path)
    for job, result in zip(jobs.values(), results, strict=True):
        # An input whose views could not be taken is compared all the same; taking them again there says why.
        if isinstance(result, VerifyError):
            lay(_subject(job, ()), job.path)
    return {one: job.path for one, job in jobs.items()}


def _lay(job: _ToLay) -> None:
    kept = views_from_arrays(job.seen.views)
    lay(_subject(job, kept or views(job.media, job.settings.geometry)), job.path)


def _subject(job: _ToLay, seen: tuple[View, ...]) -> Subject:
    learned = vectors.from_arrays(job.seen.vectors)
    heard = sound.from_arrays(job.seen.sound)
    return Subject(job.media, from_arrays(job.seen.track), seen, learned, heard)


def _relate(job: _Pair) -> Judgement:
    a, b = _held(job.a), _held(job.b)
    judged = relate(a, b, job.settings)
    return replace(judged, relation=sounded(judged.relation, a.sound, b.sound, job.settings.sound))


def lay(subject: Subject, path: Path) -> None:
    """Write a subject to a file, its arrays one after another behind the rest."""
    parts: list[pickle.PickleBuffer] = []
    rest = pickle.dumps(subject, protocol=5, buffer_callback=parts.append)
    raw = [part.raw() for part in parts]
    head = pickle.dumps((rest, [each.nbytes for each in raw]))
    with path.open("wb") as file:
        file.write(len(head).to_bytes(8, "little"))
        file.write(head)
        for each in raw:
            file.write(bytes(-file.tell() % _ALIGNED))
            file.write(each)


def taken_up(path: Path) -> Subject:
    """The subject that `lay` wrote; its arrays are views of one buffer, and cannot be written to."""
    content = memoryview(path.read_bytes())
    place = 8 + int.from_bytes(content[:8], "little")
    rest, sizes = pickle.loads(content[8:place])
    parts = []
    for size in sizes:
        place += -place % _ALIGNED
        parts.append(content[place : place + size])
        place += size
    subject: Subject = pickle.loads(rest, buffers=parts)
    return subject


_HELD: OrderedDict[Path, tuple[Subject, int]] = OrderedDict()  # of this process, those used last behind


def _held(path: Path) -> Subject:
    """The subject of a file, from memory where it was taken up before."""
    if path not in _HELD:
        for other in [one for one in _HELD if one.parent != path.parent]:  # of a call that has ended
            del _HELD[other]
        _HELD[path] = taken_up(path), path.stat().st_size
    _HELD.move_to_end(path)
    while len(_HELD) > 2 and sum(size for _, size in _HELD.values()) > _HELD_BYTES:
        _HELD.popitem(last=False)
    return _HELD[path][0]
