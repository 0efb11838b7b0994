"""What yt-dlp writes of a video beside it: `NAME.info.json`.

`timestamp` is when the platform says the post was made, in seconds from 1970; `upload_date` is its day in
UTC, and all that some platforms give. `release_timestamp` is when a premiere or a stream was shown. Source:
yt-dlp, extractor/common.py, the dictionary of a video.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from verify.claims.posts import dates
from verify.claims.posts.found import BrokenExportError, Malformed, address, name
from verify.claims.posts.identifiers import platform
from verify.claims.posts.stream import read_whole
from verify.metadata.text import bounded
from verify.model import Post, PostFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from verify.claims.posts.files import Folder
    from verify.claims.posts.found import Entries
    from verify.settings import PostSettings

_HINT = "fetch the video's information anew"
_NO_VIDEO = (".json", ".part", ".vtt", ".srt", ".description", ".ytdl", ".txt", ".html")
_NAMES = {"twitter": "x"}  # where yt-dlp's name differs


def read(path: Path, folder: Folder, settings: PostSettings) -> Entries:
    """The post of an `.info.json`; of a playlist's, that of each entry.

    Raises:
        BrokenExportError: it is no JSON, or nothing that yt-dlp writes.
    """
    whole = read_whole(path, settings)
    if not isinstance(whole, dict):
        raise BrokenExportError(path, "it is no information about a video", _HINT)
    entries = whole.get("entries")
    if isinstance(entries, list):
        for number, entry in enumerate(entries, 1):
            if isinstance(entry, dict):
                yield from _post(entry, f"entries[{number}]", [], folder, settings)
            else:
                yield Malformed(f"entries[{number}]", "is no object", _HINT)
        return
    yield from _post(whole, "the file", _beside(path), folder, settings)


def _beside(path: Path) -> list[str]:
    """Files with the name of the information: the video itself, whatever its suffix."""
    stem = path.name.removesuffix(".json").removesuffix(".info")
    try:
        names = sorted(each.name for each in path.parent.iterdir() if each.name.startswith(f"{stem}."))
    except OSError:
        return []
    return [each for each in names if each != path.name and not each.endswith(_NO_VIDEO)]


def _post(
    values: Mapping[str, Any], place: str, beside: list[str], folder: Folder, settings: PostSettings
) -> Iterator[Post | Malformed]:
    url = values.get("webpage_url") or values.get("original_url") or ""
    if not isinstance(url, str) or not url:
        yield Malformed(f"{place} webpage_url", "is missing", _HINT)
        url = ""
    interval, wrong, dated_by = _date(values)
    if wrong:
        yield Malformed(f"{place} {wrong}", f'is no date: "{name(str(values.get(wrong)))[:60]}"', _HINT)
    extractor = name(values.get("extractor_key") or values.get("extractor")).lower().partition(":")[0]
    channel, person = name(values.get("channel")), name(values.get("uploader"))
    texts = [values.get(key) for key in ("title", "description")]
    yield Post(
        id="",
        platform=platform(url) or _NAMES.get(extractor, extractor),
        source=channel or person or name(values.get("uploader_id")),
        author=person if channel and person != channel else "",
        number=name(values.get("id")),
        start=interval[0] if interval else None,
        end=interval[1] if interval else None,
        zone="given" if interval else "",
        dated_by=dated_by,
        seen=_unix(values.get("epoch")),
        text=bounded(
            "\n".join(dict.fromkeys(text for text in texts if isinstance(text, str))), settings.text
        ),
        url=address(url),
        files=tuple(_files(values, beside, folder)),
        place=place,
    )


def _date(values: Mapping[str, Any]) -> tuple[dates.Interval | None, str, str]:
    """The interval, the key that is wrong, and what gives the date."""
    for key, said in (("timestamp", "the platform's time"), ("release_timestamp", "the platform's release")):
        if values.get(key) is not None:
            try:
                instant = dates.unix(values[key])
            except ValueError:
                return None, key, ""
            return (instant, instant), "", said
    for key in ("upload_date", "release_date"):
        if values.get(key) is not None:
            try:
                start, end = dates.written(str(values[key]))
            except ValueError:
                return None, key, ""
            return (start.replace(tzinfo=UTC), end.replace(tzinfo=UTC)), "", "the platform's day, in UTC"
    return None, "", ""


def _unix(value: object) -> Any:
    try:
        return dates.unix(value)
    except ValueError:
        return None


def _files(values: Mapping[str, Any], beside: list[str], folder: Folder) -> Iterator[PostFile]:
    """The video under the names that yt-dlp gave it, or that it has beside the information."""
    downloads = values.get("requested_downloads")
    written = [values.get("_filename"), values.get("filename")]
    for each in downloads if isinstance(downloads, list) else []:
        if isinstance(each, dict):
            written += [each.get("filepath"), each.get("filename"), each.get("_filename")]
    names = [each.replace("\\", "/").rpartition("/")[2] for each in written if isinstance(each, str)]
    found = [folder.file(each) for each in dict.fromkeys([*beside, *names]) if each]
    there = [each for each in found if each.file is not None]
    yield from there or found[:1]
