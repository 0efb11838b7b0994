"""What containers say: the tags of a video's file and streams, as FFmpeg's demuxers name them.

Apple, Android, GoPro and Matroska name the same facts differently; the tables here say which names mean what.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING

from verify.metadata import dates
from verify.metadata.position import Position, iso6709
from verify.metadata.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

# FFmpeg's names for QuickTime's user data (make is its `(c)mak`), Apple's keys, Google's keys; then the boxes
# that FFmpeg does not read, by their types.
_MAKE = ("com.apple.quicktime.make", "com.android.manufacturer", "make", "©mak", "manu")
_MODEL = ("com.apple.quicktime.model", "com.android.model", "model", "©mod", "modl", "cnmn")
_SOFTWARE = (
    "com.apple.quicktime.software",
    "firmware",
    "software",
    "encoder",
    "encoding_tool",
    "writing_application",
    "©swr",
    "firm",
    "©too",
)
_POSITION = ("com.apple.quicktime.location.iso6709", "location", "©xyz", "loci")
_DATED = ("com.apple.quicktime.creationdate", "date", "creation_time", "©day", "created", "modified")
CLOCKS = {"creation_time", "created", "modified"}  # of containers, which count from an epoch

# These formats count a date from an epoch and leave the zone to trust; Matroska's is UTC by definition.
_ZONELESS = {"mov", "mp4", "m4a", "3gp", "3g2", "mj2", "qt"}


@dataclass(slots=True)
class Container:
    """Tags by source, file first, and what of them could not be used."""

    sources: Mapping[str, Mapping[str, str]]
    zoneless: bool  # whether `creation_time` carries no zone, whatever the demuxer prints
    remarks: dict[str, str] = field(default_factory=dict)

    def named(self, names: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
        """Source, name and text of each tag under one of the names; best name first, file before streams."""
        for wanted in names:
            for source, tags in self.sources.items():
                for name, text in tags.items():
                    if key(name) == wanted and plain(text):
                        yield source, name, plain(text)

    def make(self) -> str | None:
        """The maker of the device."""
        return self._first(_MAKE)

    def model(self) -> str | None:
        """The device."""
        return self._first(_MODEL)

    def software(self) -> str | None:
        """The program or firmware that says it wrote the file."""
        # A stream's encoder is the name of its codec in mp4 ("AVC Coding"), so only the file's own counts.
        files = {source: tags for source, tags in self.sources.items() if not source.startswith("stream")}
        return Container(files, self.zoneless)._first(_SOFTWARE)

    def position(self) -> Position | None:
        """Latitude and longitude in degrees."""
        for source, name, text in self.named(_POSITION):
            try:
                return iso6709(text)
            except ValueError as error:
                self.remarks[f"{source}: {name}"] = f"{text[:80]!r} is not used: {error}"
        return None

    def dates(self) -> Iterator[tuple[str, str, datetime]]:
        """Source, name and instant of each date; where the zone is not certain, without one."""
        for source, name, text in self.named(_DATED):
            try:
                when = dates.iso(text)
            except (ValueError, OverflowError) as error:
                self.remarks[f"{source}: {name}"] = f"{text[:80]!r} is not used: {error}"
                continue
            if key(name) in CLOCKS - {"creation_time"}:
                when = when.replace(tzinfo=None)
            elif key(name) == "creation_time":
                # FFmpeg prints "Z" behind QuickTime's dates, and no zone behind some of Matroska's.
                when = when.replace(tzinfo=None if self.zoneless else when.tzinfo or UTC)
            yield source, name, when

    def _first(self, names: tuple[str, ...]) -> str | None:
        return next((text for _, _, text in self.named(names)), None)


def key(name: str) -> str:
    """A tag's name in small letters; of a box's, which is a path, the last part."""
    return name.lower().rpartition("/")[2]


def container(sources: Mapping[str, Mapping[str, str]], format_name: str) -> Container:
    """A reader of the tags in `sources`; `format_name` is the demuxer's ("mov,mp4,m4a,3gp,3g2,mj2")."""
    return Container(sources, bool(_ZONELESS & set(format_name.lower().split(","))))
