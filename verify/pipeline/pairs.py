"""Pairs of inputs -> how each relates, with what one shows and the other does not, and the pictures of it.

Three steps, each in guarded processes: every pair is related; each input that shares a view with another is
watched once for what moves in it; then what moves is held side by side and pictures are taken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verify.copies import Judgement, Subject, relate
from verify.errors import VerifyError
from verify.fingerprint.track import from_arrays
from verify.model import MediaKind, Relation, RelationKind, Role
from verify.pipeline import stills
from verify.scene import differences_of, watch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verify.model import Exhibit, Media
    from verify.pipeline.examine import Examined
    from verify.pipeline.work import Work
    from verify.scene import Watch
    from verify.settings import Settings

Place = tuple[int, int]  # two inputs, by their position

# In these, different recordings show one view, so that what each shows can be held side by side.
_VIEWS = frozenset({RelationKind.SAME_CAMERA, RelationKind.SAME_EVENT, RelationKind.SAME_PLACE})


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of a pair. `failed`: a part of the work could not be done; the relation says which."""

    relation: Relation
    exhibits: tuple[Exhibit, ...] = ()
    failed: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class _Pair:
    a: Subject
    b: Subject
    settings: Settings


@dataclass(frozen=True, eq=False, slots=True)
class _Single:
    media: Media
    settings: Settings


@dataclass(frozen=True, eq=False, slots=True)
class _Related:
    """A pair that was related; `seen` is what moves in each, where that is to be held side by side."""

    a: Media
    b: Media
    judged: Judgement
    seen: tuple[Watch, Watch] | None
    problem: VerifyError | None  # why `seen` is missing
    shown: int  # aligned moments in the report
    settings: Settings


def chosen(media: Sequence[Media]) -> list[Place]:
    """The pairs to relate: every two clips, and every clip with every reference, of all that was examined."""
    fit = [place for place, item in enumerate(media) if item.error is None]
    return [
        (a, b)
        for index, a in enumerate(fit)
        for b in fit[index + 1 :]
        if not media[a].role == media[b].role == Role.REFERENCE
    ]


def compare(
    examined: Sequence[Examined], shown: int, work: Work
) -> tuple[list[Compared], dict[int, tuple[str, ...]]]:
    """Every pair of what was examined, in the order of the inputs; `shown` aligned moments get pictures.

    Returns:
        What came of each pair; and by an input's position what was not looked at in it.
    """
    media = [item.media for item in examined]
    places = chosen(media)
    judged = _judged(examined, places, work)
    seen = _watched(media, judged, work)
    jobs = {
        place: _related(media, place, result, seen, shown, work.settings)
        for place, result in judged.items()
        if isinstance(result, Judgement) and (result.pairs or _side_by_side(result))
    }
    finished = work.guarded(
        "picturing", _finish, list(jobs.values()), lambda job: f"{job.a.id} and {job.b.id}"
    )
    results = dict(zip(jobs, finished, strict=True))
    compared = [_entry(media, place, judged.get(place), results.get(place)) for place in places]
    notes = {place: one.notes for place, one in seen.items() if not isinstance(one, VerifyError)}
    return compared, notes


def _judged(
    examined: Sequence[Examined], places: Sequence[Place], work: Work
) -> dict[Place, Judgement | VerifyError]:
    subjects = {
        place: Subject(item.media, from_arrays(item.seen.track))
        for place, item in enumerate(examined)
        if item.seen is not None and item.media.error is None
    }
    seeing = [(a, b) for a, b in places if a in subjects and b in subjects]
    jobs = [_Pair(subjects[a], subjects[b], work.settings) for a, b in seeing]
    results = work.guarded("comparing", _relate, jobs, lambda job: f"{job.a.media.id} and {job.b.media.id}")
    return dict(zip(seeing, results, strict=True))


def _relate(job: _Pair) -> Judgement:
    return relate(job.a, job.b, job.settings)


def _side_by_side(result: Judgement | VerifyError) -> bool:
    return (
        isinstance(result, Judgement)
        and result.relation.kind in _VIEWS
        and result.relation.registration is not None
    )


def _watched(
    media: Sequence[Media], judged: Mapping[Place, Judgement | VerifyError], work: Work
) -> dict[int, Watch | VerifyError]:
    wanted = sorted({one for place, result in judged.items() if _side_by_side(result) for one in place})
    jobs = [_Single(media[place], work.settings) for place in wanted]
    return dict(zip(wanted, work.guarded("watching", _watch, jobs, lambda job: job.media.path), strict=True))


def _watch(job: _Single) -> Watch:
    return watch(job.media.path, job.media, job.settings.scene)


def _related(
    media: Sequence[Media],
    place: Place,
    judged: Judgement,
    seen: Mapping[int, Watch | VerifyError],
    shown: int,
    settings: Settings,
) -> _Related:
    both: tuple[Watch, Watch] | None = None
    problem = None
    if _side_by_side(judged):
        one, other = seen[place[0]], seen[place[1]]
        if isinstance(one, VerifyError):
            problem = one
        elif isinstance(other, VerifyError):
            problem = other
        else:
            both = one, other
    return _Related(media[place[0]], media[place[1]], judged, both, problem, shown, settings)


def _finish(job: _Related) -> Compared:
    """What one of a pair shows and the other does not, and the pictures for the report."""
    relation, problem = job.judged.relation, job.problem
    if job.seen is not None and relation.registration is not None:
        one, other = job.seen
        found = differences_of(job.a, one, job.b, other, relation.registration, job.settings.scene)
        relation = replace(relation, differences=found)
    if problem is not None:
        relation = _noted(relation, "what one shows and the other does not", problem)
    try:
        exhibits = stills.of_pair(job.a, job.b, relation, job.judged.pairs, job.shown, job.settings.report)
    except VerifyError as error:
        return Compared(_noted(relation, "showing the aligned pictures", error), failed=True)
    return Compared(relation, exhibits, problem is not None)


def _noted(relation: Relation, what: str, error: VerifyError) -> Relation:
    return replace(relation, because=(*relation.because, f"not examined: {what} ({error.message})"))


def _entry(
    media: Sequence[Media],
    place: Place,
    judged: Judgement | VerifyError | None,
    finished: Compared | VerifyError | None,
) -> Compared:
    a, b = (media[one] for one in place)
    if judged is None:
        return Compared(_without_picture(a, b))
    if isinstance(judged, VerifyError):
        reason = f"the comparison failed: {judged.message}"
        return Compared(Relation(a.id, b.id, RelationKind.INCONCLUSIVE, (reason,)), failed=True)
    if isinstance(finished, Compared):
        return finished
    if finished is None:
        return Compared(judged.relation)
    return Compared(_noted(judged.relation, "differences and aligned pictures", finished), failed=True)


def _without_picture(a: Media, b: Media) -> Relation:
    """The relation of two inputs, one of them without a picture: only bytes and streams are compared."""
    if a.sha256 is not None and a.sha256 == b.sha256:
        return Relation(a.id, b.id, RelationKind.IDENTICAL, ("the same bytes (SHA-256)",))
    streams = a.container.get("payload_sha256"), b.container.get("payload_sha256")
    if streams[0] and streams[0] == streams[1]:
        reason = "the same encoded streams in another container or with other tags"
        return Relation(a.id, b.id, RelationKind.IDENTICAL, (reason,))
    which = " and ".join(item.id for item in (a, b) if item.kind is MediaKind.AUDIO)
    because = f"there is no picture to compare in {which}", "sound was not compared"
    return Relation(a.id, b.id, RelationKind.INCONCLUSIVE, because)
