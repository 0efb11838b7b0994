"""An export of posts, whatever its format -> its posts, and what in it could not be read.

Formats are `telegram`, `auto-archiver`, `wacz`, `yt-dlp` and `csv`; where the case names none, the file's own
beginning tells which it is. Every text in an export is kept as written, bounded, and believed nowhere.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from verify.claims.posts.dates import in_zone
from verify.claims.posts.files import OUTSIDE, Folder
from verify.claims.posts.found import BrokenExportError, Malformed, PassedOver
from verify.claims.posts.kinds import told
from verify.model import Post, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from verify.settings import PostSettings

_HINT = "look who wrote this path; put the file into the export's folder if it belongs there"


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one export gave."""

    export: str  # as the case names it
    format: str
    posts: tuple[Post, ...] = ()
    malformed: tuple[Malformed, ...] = ()
    passed_over: Mapping[str, int] = field(default_factory=dict)  # entries that are no posts, by kind
    broken: Problem | None = None  # why it was not read, or not to its end
    left_out: int = 0  # posts beyond what the settings allow


def read_export(
    path: Path,
    written: str,
    kind: str,
    settings: PostSettings,
    zone: ZoneInfo | None = None,
    zone_from: str = "case",
) -> Gathered:
    """Read one export; what is wrong with it never raises.

    Args:
        path: the file.
        written: its path as the case names it.
        kind: its format; empty to tell it by its content.
        settings: bounds.
        zone: of dates without one; None leaves them without.
        zone_from: what a post's `zone` says then: "export" or "case".
    """
    posts: list[Post] = []
    malformed: list[Malformed] = []
    passed: Counter[str] = Counter()
    left_out, broken = 0, None
    try:
        reader = told(path, kind)
        kind = reader.format
        for entry in reader.read(reader.path, Folder(reader.root, settings.hashed_bytes), settings):
            if isinstance(entry, Malformed):
                malformed.append(entry)
            elif isinstance(entry, PassedOver):
                passed[entry.what] += 1
            elif len(posts) < settings.posts:
                placed = in_zone(entry, zone, zone_from) if zone is not None else entry
                posts.append(replace(placed, found_in=written))
                malformed += [
                    Malformed(f"{entry.place}, {file.path[:100]}", file.note, _HINT)
                    for file in entry.files
                    if file.note == OUTSIDE
                ]
            else:
                left_out += 1
    except BrokenExportError as error:
        message = error.message.removeprefix(f"{path}: ")
        broken = Problem(error.code, message, error.hint)
    return Gathered(written, kind, tuple(posts), tuple(malformed), dict(passed), broken, left_out)
