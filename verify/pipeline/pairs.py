"""One pair of inputs -> their relation, with what one shows and the other does not, and the pictures of it.

Runs in a guarded process: it decodes both files again where pictures are needed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verify.copies import Subject, relate
from verify.errors import VerifyError
from verify.model import MediaKind, Relation, RelationKind, Role
from verify.pipeline import stills
from verify.scene import differences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify.model import Exhibit, Media
    from verify.settings import Settings

# Kinds of relation in which different recordings show one view, so that what each shows can be held side by
# side.
_VIEWS = frozenset({RelationKind.SAME_CAMERA, RelationKind.SAME_EVENT, RelationKind.SAME_PLACE})


@dataclass(frozen=True, eq=False, slots=True)
class Pair:
    """Two inputs to be related; `shown` is how many aligned moments the report gets."""

    a: Subject
    b: Subject
    shown: int
    settings: Settings


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of a pair. `failed`: a part of the work could not be done; the relation says which."""

    relation: Relation
    exhibits: tuple[Exhibit, ...] = ()
    failed: bool = False


def chosen(media: Sequence[Media]) -> list[tuple[int, int]]:
    """The pairs to relate: every two clips, and every clip with every reference, of all that was examined."""
    fit = [place for place, item in enumerate(media) if item.error is None]
    return [
        (a, b)
        for index, a in enumerate(fit)
        for b in fit[index + 1 :]
        if not media[a].role == media[b].role == Role.REFERENCE
    ]


def compare(pair: Pair) -> Compared:
    """Relate two inputs.

    Raises:
        VerifyError: they could not be compared at all.
    """
    a, b = pair.a.media, pair.b.media
    judged = relate(pair.a, pair.b, pair.settings)
    relation, failed = judged.relation, False
    if relation.kind in _VIEWS and relation.registration is not None:
        try:
            relation = replace(relation, differences=differences(a, b, relation.registration))
        except VerifyError as error:
            relation, failed = _noted(relation, "what one shows and the other does not", error), True
    try:
        exhibits = stills.of_pair(a, b, relation, judged.pairs, pair.shown, pair.settings.report)
    except VerifyError as error:
        return Compared(_noted(relation, "showing the aligned pictures", error), failed=True)
    return Compared(relation, exhibits, failed)


def _noted(relation: Relation, what: str, error: VerifyError) -> Relation:
    return replace(relation, because=(*relation.because, f"not examined: {what} ({error.message})"))


def without_picture(a: Media, b: Media) -> Relation:
    """The relation of two inputs, one of them without a picture: only bytes and streams are compared."""
    if a.sha256 is not None and a.sha256 == b.sha256:
        return Relation(a.id, b.id, RelationKind.IDENTICAL, ("the same bytes (SHA-256)",))
    streams = a.container.get("payload_sha256"), b.container.get("payload_sha256")
    if streams[0] and streams[0] == streams[1]:
        reason = "the same encoded streams in another container or with other tags"
        return Relation(a.id, b.id, RelationKind.IDENTICAL, (reason,))
    which = " and ".join(item.id for item in (a, b) if item.kind is MediaKind.AUDIO)
    return Relation(
        a.id,
        b.id,
        RelationKind.INCONCLUSIVE,
        (f"there is no picture to compare in {which}", "sound was not compared"),
    )


def not_compared(a: Media, b: Media, error: VerifyError) -> Relation:
    """The relation of two inputs whose comparison failed: nothing is known, and the report says why."""
    return Relation(a.id, b.id, RelationKind.INCONCLUSIVE, (f"the comparison failed: {error.message}",))


def name(pair: Pair) -> str:
    """What a pair is called where its process failed."""
    return f"{pair.a.media.id} and {pair.b.media.id}"
