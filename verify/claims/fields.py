"""What a file says of itself, one field after another: where, what it would prove, how easily it is changed.

A field that is missing is told too, with the reason where the file's structure or a post tells the platform
that it came from and that platform is known to remove it.

Limits: what a field would prove is said for the case that nobody changed it; nothing in a file shows that.
Error rates: this quotes and counts; it decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.claims.file_names import named_time
from verify.metadata import declared, explains, writes
from verify.metadata.dates import rfc3339
from verify.model import Field, MediaKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verify.model import Media, Post

_TAG = "with one command of a common program"
# Field: what it would prove, how easily it is changed, what the table of platforms calls it.
_WORDS = {
    "make": ("which maker's device recorded it", _TAG, "device"),
    "model": ("which device recorded it", _TAG, "device"),
    "software": ("which program or firmware wrote it last", _TAG, "program"),
    "taken": ("when it was recorded, as far as the device's clock was right", _TAG, "date"),
    "position": ("where the device was, as far as its receiver knew", _TAG, "position"),
    "orientation": ("how the device was held, or how somebody turned it since", _TAG, "orientation"),
    "writer": (
        "which program or kind of device wrote the file last, not who filmed it",
        "not by a common program alone; by a program made for it, or by passing the file through that writer",
        "",
    ),
    "file_name_date": ("when a program named it so", "by renaming the file", ""),
    "c2pa": (
        "who signed the file, and that it is unchanged since; not that what it shows is so",
        "it can be removed with one command; it cannot be changed without the signature failing",
        "manifest",
    ),
}


def fields(media: Media, posts: Iterable[Post] = ()) -> tuple[Field, ...]:
    """Every field of `Field.name`, in that order; none for a file that could not be read.

    Args:
        media: with its metadata and tags.
        posts: of which those that show this file tell the platform that it came from.
    """
    if media.kind in {MediaKind.UNREADABLE, MediaKind.SKIPPED}:
        return ()
    platforms = came_from(media, posts)
    return tuple(_field(media, name, platforms) for name in _WORDS)


def came_from(media: Media, posts: Iterable[Post] = ()) -> tuple[str, ...]:
    """The platforms that the file's structure and the posts that show it tell, as each calls them."""
    said = [writer.name for writer in media.metadata.writers if writer.kind == "platform"]
    shown = [post.platform for post in posts if media.id in post.shows and post.platform]
    return tuple(dict.fromkeys((*said, *shown)))


def _field(media: Media, name: str, platforms: tuple[str, ...]) -> Field:
    proves, changed, known_as = _WORDS[name]
    says, source = _says(media, name)
    of = "picture" if media.kind is MediaKind.IMAGE else "video"
    note = ""
    if known_as:
        tell = writes if says else explains
        note = " ".join(filter(None, (tell(platform, known_as, of) for platform in platforms)))
    if name == "writer" and media.metadata.writer is not None:
        changed = media.metadata.writer.forged or changed
    if name == "c2pa" and media.metadata.c2pa == "none":
        note = " ".join(
            filter(None, ("Most files carry none, and that says nothing for or against them.", note))
        )
    if name == "taken":
        note = " ".join(
            filter(None, (*(f"Reading: {text}." for text in media.metadata.taken_readings), note))
        )
    return Field(name, says, source if says else "", proves, changed, note)


def _says(media: Media, name: str) -> tuple[str | None, str]:
    """What the field says, in words, and the tag or structure that it stands in."""
    said = media.metadata
    if name == "taken":
        return said.taken, _dated(media) if said.taken else ""
    if name == "position":
        place = f"{said.position[0]}, {said.position[1]}" if said.position else None
        return place, _holding(
            media, ("GPS GPSLatitude", "location", "GPSLatitude", "xyz", "ISO6709", "loci")
        )
    if name == "orientation":
        return str(said.orientation) if said.orientation else None, _holding(media, ("Orientation",))
    if name == "writer":
        several = " or ".join(writer.name for writer in said.writers)
        return several or None, "the structure or the name of the file"
    if name == "file_name_date":
        named = named_time(media.path.name)
        return rfc3339(named.start) if named else None, "the file's name"
    if name == "c2pa":
        return said.c2pa if said.c2pa not in {"none", "not_read"} else None, "the C2PA manifest"
    text = getattr(said, name)
    return text, _saying(media, text) if text else ""


def _saying(media: Media, text: str) -> str:
    """The first tag whose text this is, as "source: name"."""
    start = text[:60]
    return next((f"{source}: {tag}" for source, tag, said in _tags(media) if start in said), "")


def _holding(media: Media, names: tuple[str, ...]) -> str:
    """The tag in whose name one of the names is found, best name first."""
    for name in names:
        for source, tag, _ in _tags(media):
            if name.lower() in tag.lower() and not tag.endswith("Ref"):
                return f"{source}: {tag}"
    return ""


def _dated(media: Media) -> str:
    """The tag of the date that was taken for the recording's."""
    found = [date for date in declared(media) if rfc3339(date.when) == media.metadata.taken]
    return f"{found[0].source}: {found[0].name}" if found else ""


def _tags(media: Media) -> Iterable[tuple[str, str, str]]:
    for source, named in media.tags.items():
        if source != "not used":
            for tag, text in named.items():
                yield source, tag, text
