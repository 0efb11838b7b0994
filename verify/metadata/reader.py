"""One file's metadata, normalised, with every tag it came from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from verify.metadata import dates
from verify.metadata.carried import Carried, carried
from verify.metadata.container import container
from verify.metadata.containers.tags import box_tags
from verify.metadata.dated import EXIF, RECORDS, REMARKS, Dated, container_dates, exif_dates, record_dates
from verify.metadata.manifests.c2pa import state
from verify.metadata.origin.traces import traces
from verify.metadata.origin.writers import writers
from verify.metadata.picture.exif import Exif, exif
from verify.metadata.records import BOXES, ICC, IPTC, TEXTS, XMP, Records
from verify.metadata.structure import structure
from verify.metadata.text import MOST, bounded, kept
from verify.model import MediaKind, Metadata

if TYPE_CHECKING:
    from verify.metadata.container import Container
    from verify.model import Media

# Best first. A picture's date of digitising is the taking for a camera, and the scanning for a scanner.
_TAKEN = ("taken", "digitised", "container")
_FILMED = ("taken", "container", "digitised")  # a video's is when a program wrote its XMP


def read(media: Media) -> tuple[Metadata, dict[str, dict[str, str]]]:
    """What the file says of itself, and every tag by source and name.

    Args:
        media: as `verify.media.probe` gave it: its tags hold what the container and the streams say.

    Returns:
        The normalised fields, each None where the file does not say or says what cannot be; and the tags:
        those of `media`, a picture's under "exif", and under "not used" each value left out, with the reason.
        Nothing in a file makes this raise.
    """
    return _read(media, carried(media.path))


def described(media: Media) -> Media:
    """The input with its metadata, its tags and its structure. Nothing in a file makes this raise."""
    found = carried(media.path)
    said, tags = _read(media, found)
    return replace(media, metadata=said, tags=tags, structure=structure(media, found))


def _read(media: Media, carries: Carried) -> tuple[Metadata, dict[str, dict[str, str]]]:
    tags = {source: kept(named) for source, named in media.tags.items() if source not in RECORDS | {BOXES}}
    if media.kind is MediaKind.SKIPPED:
        return Metadata(), tags
    if carries.boxes is not None and (texts := box_tags(carries.boxes)):
        tags[BOXES] = kept(texts)
    said = container(dict(tags), str(media.container.get("format", "")))
    tables = {XMP: carries.xmp, IPTC: carries.iptc, ICC: carries.icc, TEXTS: carries.texts}
    tags |= {source: kept(named) for source, named in tables.items() if named}
    records = Records(tags)
    c2pa = state(media.path)
    picture = exif(media.path) if media.kind in {MediaKind.IMAGE, MediaKind.UNREADABLE} else Exif()
    still = media.kind is MediaKind.IMAGE or bool(picture.tags)
    if not still:  # a file of which nothing can be decoded may be either, and a video has no EXIF to miss
        picture = Exif()
    metadata = _still(picture, records, said, c2pa) if still else _video(records, said, c2pa)
    if picture.tags:
        tags[EXIF] = kept(picture.tags)
    many = [source for source, named in {**media.tags, EXIF: picture.tags}.items() if len(named) > MOST]
    remarks = (
        picture.remarks
        | records.remarks
        | said.remarks
        | dict.fromkeys(many, f"only the first {MOST} tags are kept")
    )
    if remarks:
        tags[REMARKS] = kept(remarks)
    likely = writers(traces(replace(media, tags=tags)))
    return replace(metadata, writer=likely[0] if len(likely) == 1 else None, writers=likely), tags


def _still(picture: Exif, records: Records, said: Container, c2pa: str) -> Metadata:
    chosen = _taken(exif_dates(picture) + record_dates(records) + container_dates(said), _TAKEN)
    return Metadata(
        make=bounded(picture.text("Image Make")) or records.make() or said.make(),
        model=bounded(picture.text("Image Model")) or records.model() or said.model(),
        software=bounded(picture.text("Image Software")) or records.software() or said.software(),
        taken=dates.rfc3339(chosen.when) if chosen else None,
        taken_readings=("when it was digitised; no date of taking is given",)
        if chosen and chosen.kind == "digitised"
        else (),
        position=picture.position() or records.position() or said.position(),
        orientation=picture.orientation() or records.orientation(),
        c2pa=c2pa,
    )


def _video(records: Records, said: Container, c2pa: str) -> Metadata:
    chosen = _taken(container_dates(said) + record_dates(records), _FILMED)
    zoneless = chosen is not None and chosen.when.tzinfo is None
    return Metadata(
        make=said.make() or records.make(),
        model=said.model() or records.model(),
        software=said.software() or records.software(),
        taken=dates.rfc3339(chosen.when) if chosen else None,
        taken_readings=dates.readings(chosen.when) if chosen and zoneless else (),
        position=said.position() or records.position(),
        c2pa=c2pa,
    )


def _taken(found: tuple[Dated, ...], best: tuple[str, ...]) -> Dated | None:
    usable = [date for date in found if date.kind in best]
    return min(usable, key=lambda date: best.index(date.kind), default=None)
