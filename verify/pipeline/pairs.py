"""Pairs of inputs -> how each relates, with what one shows and the other does not, and the pictures of it.

Five steps, each in guarded processes: a few views are taken of every input; every pair is related; each
input that shares a view with another is watched once for what moves in it; what moves is held side by
side; and each input is decoded once more for the pictures that all its pairs want of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verify.copies import Judgement, families
from verify.copies.identity import identical, related
from verify.copies.sound import sounded
from verify.errors import VerifyError
from verify.model import MediaKind, Relation, RelationKind, Role
from verify.pipeline import stills
from verify.pipeline.judge import Place, judge
from verify.scene import differences_of, watch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from verify.model import Difference, Exhibit, Media, Still
    from verify.pipeline.examine import Examined
    from verify.pipeline.work import Work
    from verify.scene import Watch
    from verify.settings import Settings

# In these, different recordings show one view, so that what each shows can be held side by side.
_VIEWS = frozenset({RelationKind.SAME_CAMERA, RelationKind.SAME_EVENT, RelationKind.SAME_PLACE})


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of a pair. `failed`: a part of the work could not be done; the relation says which."""

    relation: Relation
    exhibits: tuple[Exhibit, ...] = ()
    failed: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class _Single:
    media: Media
    settings: Settings


@dataclass(frozen=True, eq=False, slots=True)
class _SideBySide:
    """A pair that shares a view, and what moves in each."""

    a: Media
    b: Media
    relation: Relation
    seen_a: Watch
    seen_b: Watch
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
    judged = judge(examined, places, work)
    shared, spared = _once_a_family(
        media,
        {place: result.relation for place, result in judged.items() if isinstance(result, Judgement)},
    )
    seen = _watched(media, sorted({one for place in shared for one in place}), work)
    jobs = {
        place: _SideBySide(media[place[0]], media[place[1]], relation, *both, work.settings)
        for place, relation in shared.items()
        if (both := _both(seen, place))
    }
    differing = work.guarded(
        "differing", _differ, list(jobs.values()), lambda job: f"{job.a.id} and {job.b.id}"
    )
    found = dict(zip(jobs, differing, strict=True))
    compared = [
        _entry(
            examined,
            place,
            judged.get(place),
            _unseen(seen, place, place in shared),
            found.get(place),
            work.settings,
        )
        for place in places
    ]
    for index, place in enumerate(places):
        if place in spared:
            told = _told(compared[index].relation, spared[place])
            compared[index] = replace(compared[index], relation=told)
    compared = _pictured(media, places, compared, judged, shown, work)
    notes = {place: one.notes for place, one in seen.items() if not isinstance(one, VerifyError)}
    return compared, notes


def _once_a_family(
    media: Sequence[Media], relations: Mapping[Place, Relation]
) -> tuple[dict[Place, Relation], dict[Place, Relation]]:
    """The pairs of clips that share a view: those to hold side by side, and those that copies repeat.

    What two cameras show is looked at once for all copies of either: in the members nearest the source, or
    in the first that share a view. The second answer gives for each repeated pair the one that stands for it.
    """
    groups = families(list(relations.values()), media)
    group = {name: family for family in groups for name in family.members}

    def far(place: Place) -> tuple[int, Place]:
        names = [media[one].id for one in place]
        sources = [group[name].nearest_source if name in group else name for name in names]
        return sum(name != source for name, source in zip(names, sources, strict=True)), place

    shared = [place for place, relation in relations.items() if _side_by_side(media, place, relation)]
    first: dict[frozenset[tuple[str, ...]], Place] = {}
    spared = {}
    for place in sorted(shared, key=far):
        names = [media[one].id for one in place]
        both = frozenset(group[name].members if name in group else (name,) for name in names)
        if first.setdefault(both, place) != place:
            spared[place] = relations[first[both]]
    kept = {place: relations[place] for place in sorted(first.values())}
    return kept, spared


def _told(relation: Relation, other: Relation) -> Relation:
    words = f"what one shows and the other does not was looked at in {other.a} and {other.b}"
    return replace(relation, because=(*relation.because, f"{words}, of which these are copies"))


def _side_by_side(media: Sequence[Media], place: Place, relation: Relation) -> bool:
    """Whether what moves is held side by side: two clips of one view; a still does not tell what moves."""
    clips = all(media[one].kind is MediaKind.VIDEO for one in place)
    return clips and relation.kind in _VIEWS and relation.registration is not None


def _watched(media: Sequence[Media], wanted: Sequence[int], work: Work) -> dict[int, Watch | VerifyError]:
    jobs = [_Single(media[place], work.settings) for place in wanted]
    return dict(zip(wanted, work.guarded("watching", _watch, jobs, lambda job: job.media.path), strict=True))


def _watch(job: _Single) -> Watch:
    return watch(job.media.path, job.media, job.settings.scene)


def _both(seen: Mapping[int, Watch | VerifyError], place: Place) -> tuple[Watch, Watch] | None:
    one, other = seen[place[0]], seen[place[1]]
    return None if isinstance(one, VerifyError) or isinstance(other, VerifyError) else (one, other)


def _unseen(seen: Mapping[int, Watch | VerifyError], place: Place, shared: bool) -> VerifyError | None:
    """Why what moves in a pair that shares a view could not be held side by side, or None."""
    both = [seen[each] for each in place] if shared else []
    return next((one for one in both if isinstance(one, VerifyError)), None)


def _differ(job: _SideBySide) -> tuple[Difference, ...]:
    if job.relation.registration is None:
        return ()
    return differences_of(job.a, job.seen_a, job.b, job.seen_b, job.relation.registration, job.settings.scene)


def _entry(
    examined: Sequence[Examined],
    place: Place,
    judged: Judgement | VerifyError | None,
    unseen: VerifyError | None,
    found: tuple[Difference, ...] | VerifyError | None,
    settings: Settings,
) -> Compared:
    a, b = (examined[one].media for one in place)
    if judged is None:
        return Compared(_without_picture(examined[place[0]], examined[place[1]], settings))
    if isinstance(judged, VerifyError):
        reason = f"the comparison failed: {judged.message}"
        return Compared(Relation(a.id, b.id, RelationKind.INCONCLUSIVE, (reason,)), failed=True)
    if isinstance(found, VerifyError):
        unseen, found = found, None
    if unseen is not None:
        noted = _noted(judged.relation, "what one shows and the other does not", unseen)
        return Compared(noted, failed=True)
    return Compared(replace(judged.relation, differences=found or ()))


def _noted(relation: Relation, what: str, error: VerifyError) -> Relation:
    return replace(relation, because=(*relation.because, f"not examined: {what} ({error.message})"))


def _pictured(
    media: Sequence[Media],
    places: Sequence[Place],
    compared: Sequence[Compared],
    judged: Mapping[Place, Judgement | VerifyError],
    shown: int,
    work: Work,
) -> list[Compared]:
    """The pairs with their pictures; what could not be taken is said in the relation."""
    limits = work.settings.report
    wanted = []
    for (a, b), one in zip(places, compared, strict=True):
        result = judged.get((a, b))
        moments = result.pairs if isinstance(result, Judgement) else ()
        wanted.append(stills.of_pair(media[a], media[b], one.relation, moments, shown, limits))
    sittings = stills.sittings((each for part in wanted for each in part), limits)
    results = work.guarded("picturing", stills.take, sittings, lambda job: job.media.path)
    taken: dict[tuple[str, Fraction], Still] = {}
    failures: dict[str, VerifyError] = {}
    for sitting, shots in zip(sittings, results, strict=True):
        if isinstance(shots, VerifyError):
            failures[sitting.media.id] = shots
        else:
            taken |= shots
    pictured = []
    for one, part in zip(compared, wanted, strict=True):
        error = next((failures[name] for name in (one.relation.a, one.relation.b) if name in failures), None)
        exhibits = tuple(each for want in part if (each := want.exhibit(taken)) is not None)
        if error is not None and len(exhibits) < len(part):
            noted = _noted(one.relation, "showing the aligned pictures", error)
            pictured.append(Compared(noted, exhibits, failed=True))
        else:
            pictured.append(replace(one, exhibits=exhibits))
    return pictured


def _without_picture(one: Examined, two: Examined, settings: Settings) -> Relation:
    """The relation of two inputs, one of them without a picture: bytes, streams and sound are compared."""
    a, b = one.media, two.media
    reason = identical(a, b, settings.copies.same_duration)
    if reason:
        return related(a, b, reason, settings.copies)[0]
    which = " and ".join(item.id for item in (a, b) if item.kind is MediaKind.AUDIO)
    because = (f"there is no picture to compare in {which}",)
    relation = sounded(
        Relation(a.id, b.id, RelationKind.INCONCLUSIVE, because), one.sound, two.sound, settings.sound
    )
    if len(relation.because) > len(because):
        return relation
    mute = [item.media.id for item in (one, two) if item.sound is None]
    words = (
        f"there is no sound to compare in {' and '.join(mute)}"
        if mute
        else "nothing was found that their sound has in common"
    )
    return replace(relation, because=(*because, words))
