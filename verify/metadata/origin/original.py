"""What in a file contradicts that a camera wrote it so: each kind of contradiction a function, in words."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from verify.metadata import dates
from verify.metadata.origin.conditions import holds
from verify.metadata.origin.writers import makers, rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify.metadata.origin.traces import Traces
    from verify.metadata.picture.exif_block import Jpeg
    from verify.settings import CheckSettings

# Handlers that recorders name, and that ffmpeg keeps when it copies or encodes what they wrote.
_RECORDERS = r"Core Media (Video|Audio)|GoPro .*|DJI\..*|VideoHandle|SoundHandle"
_MUXERS = r"Lavf[\d.]*|HandBrake [\d.]*|GPAC[\w.-]*"
_ENCODERS = r"x26[45]|Lavc|Xvid|LAME"
_MUXER_TAGS = ("encoder", "encoding_tool", "software", "writing_application")
# What phones of several makers write as digitised that keep no such date (an Oppo R7 in a public collection).
_FACTORY = datetime(2002, 12, 8, 12)  # noqa: DTZ001 - EXIF has no zone


def cameras(seen: Traces) -> tuple[str, ...]:
    """The cameras that mark the file, whether or not its structure is theirs."""
    marked = [rule for rule in rules() if rule.kind == "camera" and rule.marked(seen)]
    explained = {name for rule in marked for name in rule.over}
    return tuple(rule.name for rule in marked if rule.name not in explained)


def contradictions(seen: Traces, settings: CheckSettings) -> tuple[str, ...]:
    """What contradicts that a camera wrote the file as it is, each in words; empty where nothing does."""
    looked = _picture if seen.jpeg is not None else _movie
    return tuple(looked(seen, settings))


def doubts(seen: Traces) -> tuple[str, ...]:
    """What programs leave in pictures and some cameras write too, so that it settles nothing; in words."""
    if seen.jpeg is None or seen.jpeg.exif is None or not cameras(seen):
        return ()
    return tuple(_doubts(seen.jpeg))


def _doubts(jpeg: Jpeg) -> Iterator[str]:
    if jpeg.repacked:
        yield "its EXIF block is laid out as ExifTool lays it"
    if jpeg.jfif:
        yield "it has a JFIF segment, which programs write that save or turn pictures"


def _movie(seen: Traces, settings: CheckSettings) -> Iterator[str]:
    yield from _structure(seen)
    muxer = _muxer(seen)
    recorder = next((name for name in seen.handlers if re.fullmatch(_RECORDERS, name)), None)
    if muxer and recorder:
        yield f"the tag '{muxer}' of a program stands beside the handler name '{recorder}' of a recorder"
    if "XMP_" in seen.user_data and recorder:
        yield f"an XMP box of an editing program stands beside the handler name '{recorder}' of a recorder"
    encoder = next((text for text in seen.encoders if re.match(_ENCODERS, text)), None)
    if encoder and (cameras(seen) or recorder):
        yield f"the stream was encoded by '{encoder[:40]}', which cameras do not have"
    yield from _clocks(seen, settings)
    if seen.cut > settings.cut_seconds and (cameras(seen) or recorder):
        yield f"an edit list leaves out the first {float(seen.cut):.2f} s of the picture"


def _structure(seen: Traces) -> Iterator[str]:
    marked = [rule for rule in rules() if rule.kind == "camera" and rule.marked(seen)]
    explained = {name for rule in marked for name in rule.over}
    for rule in marked:
        if rule.name not in explained and (lacking := rule.lacks(seen)):
            yield f"it lacks what a file of {rule.name} has: {'; '.join(lacking)}"


def _muxer(seen: Traces) -> str | None:
    found = (re.search(_MUXERS, text) for name in _MUXER_TAGS for text in seen.texts(name))
    return next((match[0] for match in found if match), None)


def _clocks(seen: Traces, settings: CheckSettings) -> Iterator[str]:
    told = [clock for clock in seen.clocks if clock.created]
    if not told:
        return
    first = min(told, key=lambda clock: clock.created)
    last = max(told, key=lambda clock: clock.created)
    if last.created - first.created > settings.clocks_apart:
        apart = last.created - first.created
        yield f"the container dates its {first.where} and its {last.where} {apart} seconds apart"


def _picture(seen: Traces, settings: CheckSettings) -> Iterator[str]:
    if seen.jpeg is None or seen.jpeg.exif is None or not seen.said("image make"):
        return
    yield from _structure(seen)
    editor = next((rule for rule in rules() if rule.kind == "program" and _names(rule.marks, seen)), None)
    if editor is not None:
        yield f"its Software field names a program: {seen.said('image software')[0][:60]!r}"
    yield from _habits(seen, settings)
    yield from _dates(seen, settings)


def _names(marks: tuple[dict[str, object], ...], seen: Traces) -> bool:
    """Whether the Software field alone tells of this program."""
    asked = [inner for mark in marks for inner in (mark, *_inner(mark)) if "exif" in inner]
    return any(holds({"exif": inner["exif"]}, seen) for inner in asked)


def _inner(mark: dict[str, object]) -> list[dict[str, object]]:
    found = mark.get("any", [])
    return found if isinstance(found, list) else []


def _habits(seen: Traces, settings: CheckSettings) -> Iterator[str]:
    """What no picture of this maker's cameras is known to have, where enough of them are."""
    maker = next((maker for maker in makers() if maker.fits(seen)), None)
    if seen.jpeg is None or maker is None or maker.seen < settings.habits_seen:
        return
    known = f"none of {maker.seen} known pictures of {maker.name} cameras"
    if maker.repacked == 0 and seen.jpeg.repacked:
        yield f"the EXIF block is laid out as ExifTool lays it, and as {known} is"
    if maker.jfif == 0 and seen.jpeg.jfif:
        yield f"it has a JFIF segment, as {known} has"


def _dates(seen: Traces, settings: CheckSettings) -> Iterator[str]:
    """Dates of one exposure that differ: taken and digitised are one moment to a camera."""
    taken, digitised = (_date(seen, f"exif datetime{name}") for name in ("original", "digitized"))
    if digitised == _FACTORY:
        return
    if taken and digitised and abs((taken - digitised).total_seconds()) > settings.dates_apart:
        yield f"it gives {dates.rfc3339(taken)} as taken and {dates.rfc3339(digitised)} as digitised"


def _date(seen: Traces, name: str) -> datetime | None:
    try:
        return dates.exif(seen.said(name)[0]).replace(tzinfo=None) if seen.said(name) else None
    except (ValueError, OverflowError):
        return None
