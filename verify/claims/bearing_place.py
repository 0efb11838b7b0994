"""What speaks of a claimed place: positions in the file, and in pictures that show the same place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.claims.places import way
from verify.model import Bearing, RelationKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify.claims import inputs
    from verify.claims.known import Known

_SHOW_IT = {
    RelationKind.IDENTICAL: "has the same recording",
    RelationKind.COPY: "has the same recording",
    RelationKind.SAME_CAMERA: "shows the same view",
    RelationKind.SAME_EVENT: "shows the same place",
    RelationKind.SAME_PLACE: "shows the same place",
}
_NONE = "Neither the file nor a picture that was found to show the same place gives a position."


def on_place(said: inputs.Claim, media: str, known: Known) -> Iterator[Bearing]:
    """What the positions in a file and in related ones say to a claimed position."""
    found = list(_on_positions(said, media, known))
    yield from found or [Bearing("text", "place", "does_not_bear", _NONE)]


def _on_positions(said: inputs.Claim, media: str, known: Known) -> Iterator[Bearing]:
    own = known.media.get(media)
    if own is not None and own.metadata.position:
        yield _held("metadata", media, own.metadata.position, f"The file of {media}", said, known)
    for relation, other in known.related(media):
        item = known.media.get(other)
        shows = _SHOW_IT.get(relation.kind)
        if shows and item is not None and item.metadata.position:
            where = f"The file of {other}, which {shows},"
            yield _held("relation", f"{relation.a} {relation.b}", item.metadata.position, where, said, known)


def _held(
    what: str, name: str, position: tuple[float, float], where: str, said: inputs.Claim, known: Known
) -> Bearing:
    metres = way(position, said.position or position).metres
    radius = known.settings.place_near if said.radius is None else said.radius
    far = f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:.1f} km"
    words = f"{where} gives a position {far} from the claimed one"
    if metres <= radius:
        return Bearing(what, name, "supports", f"{words}; positions in files are easily changed.")
    if metres > radius + known.settings.position_error:
        return Bearing(what, name, "contradicts", f"{words}; positions in files are easily changed.")
    return Bearing(what, name, "does_not_bear", f"{words}, which is too near to tell.")
