"""One file's metadata, normalised, with every tag it came from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from verify.metadata import dates
from verify.metadata.boxes import layout
from verify.metadata.c2pa import state
from verify.metadata.container import container
from verify.metadata.dated import EXIF, REMARKS, Dated, container_dates, exif_dates
from verify.metadata.exif import Exif, exif
from verify.metadata.text import MOST, bounded, kept
from verify.metadata.writers import writer
from verify.model import MediaKind, Metadata

if TYPE_CHECKING:
    from verify.metadata.container import Container
    from verify.model import Media

# Best first. A picture's date of digitising is the taking for a camera, and the scanning for a scanner.
_TAKEN = ("taken", "digitised", "container")


def read(media: Media) -> tuple[Metadata, dict[str, dict[str, str]]]:
    """What the file says of itself, and every tag by source and name.

    Args:
        media: as `verify.media.probe` gave it: its tags hold what the container and the streams say.

    Returns:
        The normalised fields, each None where the file does not say or says what cannot be; and the tags:
        those of `media`, a picture's under "exif", and under "not used" each value left out, with the reason.
        Nothing in a file makes this raise.
    """
    tags = {source: kept(named) for source, named in media.tags.items() if source not in {EXIF, REMARKS}}
    if media.kind in {MediaKind.UNREADABLE, MediaKind.SKIPPED}:
        return Metadata(), tags
    said = container(dict(tags), str(media.container.get("format", "")))
    c2pa = state(media.path)
    picture = exif(media.path) if media.kind is MediaKind.IMAGE else Exif()
    metadata = _still(picture, said, c2pa) if media.kind is MediaKind.IMAGE else _video(said, c2pa)
    if picture.tags:
        tags[EXIF] = kept(picture.tags)
    many = [source for source, named in {**media.tags, EXIF: picture.tags}.items() if len(named) > MOST]
    remarks = picture.remarks | said.remarks | dict.fromkeys(many, f"only the first {MOST} tags are kept")
    if remarks:
        tags[REMARKS] = kept(remarks)
    return replace(metadata, writer=writer(media.path.name, layout(media.path), said.sources)), tags


def _still(picture: Exif, said: Container, c2pa: str) -> Metadata:
    chosen = _taken(exif_dates(picture))
    return Metadata(
        make=bounded(picture.text("Image Make")) or said.make(),
        model=bounded(picture.text("Image Model")) or said.model(),
        software=bounded(picture.text("Image Software")) or said.software(),
        taken=dates.rfc3339(chosen.when) if chosen else None,
        taken_readings=("when it was digitised; no date of taking is given",)
        if chosen and chosen.kind == "digitised"
        else (),
        position=picture.position(),
        orientation=picture.orientation(),
        c2pa=c2pa,
    )


def _video(said: Container, c2pa: str) -> Metadata:
    chosen = _taken(container_dates(said))
    zoneless = chosen is not None and chosen.when.tzinfo is None
    return Metadata(
        make=said.make(),
        model=said.model(),
        software=said.software(),
        taken=dates.rfc3339(chosen.when) if chosen else None,
        taken_readings=dates.readings(chosen.when) if chosen and zoneless else (),
        position=said.position(),
        c2pa=c2pa,
    )


def _taken(found: tuple[Dated, ...]) -> Dated | None:
    usable = [date for date in found if date.kind in _TAKEN]
    return min(usable, key=lambda date: _TAKEN.index(date.kind), default=None)
