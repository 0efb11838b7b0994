"""What a file's structure shows of the program that wrote it, gathered for whoever compares it with rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from verify.metadata.containers.boxes import Layout, boxes, outline
from verify.metadata.picture.exif_block import Jpeg, jpeg
from verify.metadata.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from verify.metadata.containers.boxes import Node
    from verify.model import Media

_EXIF = "exif"
_OTHER = {_EXIF, "not used", "xmp", "iptc", "icc", "texts"}
_LETTERS = 200  # of an encoder's text; its name and version stand first


@dataclass(frozen=True, slots=True)
class Clock:
    """One date of a container's movie or track header, in seconds since 1904; 0 where it is not set."""

    where: str  # "movie", "track 1", ...
    created: int


@dataclass(frozen=True, slots=True)
class Traces:
    """What a rule may look at."""

    file_name: str = ""
    tags: tuple[tuple[str, str], ...] = ()  # name in small letters, text; of the file and its streams
    exif: tuple[tuple[str, str], ...] = ()  # likewise, of a picture
    layout: Layout | None = None  # outermost boxes, for mp4 and its kin
    handlers: tuple[str, ...] = ()  # names that the writer gave the tracks' handlers
    boxes: frozenset[str] = frozenset()  # types at any depth; a `uuid` box as "uuid " and its 16 bytes in hex
    user_data: frozenset[str] = frozenset()  # types in the movie's user data
    timescale: int | None = None  # units a second of the movie header
    clocks: tuple[Clock, ...] = ()
    cut: Fraction = Fraction(0)  # seconds of the picture track that the edit list leaves out at its beginning
    encoders: tuple[str, ...] = ()  # what encoders wrote into the streams
    jpeg: Jpeg | None = None

    def texts(self, name: str) -> list[str]:
        """All texts of the container and the streams under a name."""
        return [text for key, text in self.tags if key == name]

    def said(self, name: str) -> list[str]:
        """All texts of the EXIF under a name."""
        return [text for key, text in self.exif if key == name]


def traces(media: Media) -> Traces:
    """What the file's structure shows, with the tags that `read` gave. Never raises."""
    own = {source: named for source, named in media.tags.items() if source not in _OTHER}
    root = boxes(media.path)
    seen = Traces(
        media.path.name,
        _named(own.values()),
        _named([media.tags.get(_EXIF, {})]),
        encoders=tuple(_encoders(media)),
        jpeg=None if root else jpeg(media.path),
    )
    return seen if root is None else _movie(seen, root)


def _encoders(media: Media) -> Iterable[str]:
    """What encoders wrote into the streams themselves."""
    streams = media.container.get("streams")
    for stream in streams if isinstance(streams, list) else ():
        texts = stream.get("encoder_texts") if isinstance(stream, dict) else None
        for text in texts if isinstance(texts, list) else ():
            yield plain(str(text.get("text", "")))[:_LETTERS]


def _named(sources: Iterable[Mapping[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name.lower(), plain(text)) for named in sources for name, text in named.items())


def _movie(seen: Traces, root: Node) -> Traces:
    movie = root.first("moov")
    tracks = list(movie.all("trak")) if movie else []
    header = movie.first("mvhd") if movie else None
    named = [str(node.fields.get("name", "")) for track in tracks for node in track.all("mdia", "hdlr")]
    user_data = [child.type for data in movie.all("udta") for child in data.children] if movie else []
    return replace(
        seen,
        layout=outline(root),
        handlers=tuple(filter(None, (plain(name) for name in named))),
        boxes=frozenset(_kind(node) for node in root.under()),
        user_data=frozenset(user_data),
        timescale=_number(header, "timescale") or None,
        clocks=tuple(_clocks(header, tracks)),
        cut=max((_cut(track) for track in tracks), default=Fraction(0)),
    )


def _kind(node: Node) -> str:
    return f"uuid {node.fields.get('uuid', '')}" if node.type == "uuid" else node.type


def _clocks(header: Node | None, tracks: list[Node]) -> Iterable[Clock]:
    if header is not None:
        yield Clock("movie", _number(header, "created_1904"))
    for number, track in enumerate(tracks, 1):
        yield Clock(f"track {number}", _number(track.first("tkhd"), "created_1904"))
        yield Clock(f"medium of track {number}", _number(track.first("mdia", "mdhd"), "created_1904"))


def _cut(track: Node) -> Fraction:
    """Seconds of a picture track before the first that its edit list shows."""
    kind = track.first("mdia", "hdlr")
    units = _number(track.first("mdia", "mdhd"), "timescale")
    edits = track.first("edts", "elst")
    if kind is None or kind.fields.get("handler") != "vide" or not units or edits is None:
        return Fraction(0)
    listed = edits.fields.get("edits")
    starts = [
        edit["media_time"]
        for edit in (listed if isinstance(listed, list) else [])
        if isinstance(edit, dict) and isinstance(edit.get("media_time"), int) and edit["media_time"] >= 0
    ]
    return Fraction(starts[0], units) if starts else Fraction(0)


def _number(node: Node | None, name: str) -> int:
    value = node.fields.get(name) if node else None
    return value if isinstance(value, int) else 0
