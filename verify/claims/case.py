"""The case file: what an investigator holds, who said what about it, and the question.

    title = "Two clips over the dome"
    question = "Is either a copy of the other?"

    [place]                         # name, latitude, longitude, timezone (needed by dates without a zone)
    [[clip]]                        # id, path, note
      [[clip.post]]                 # source, author, at, text, url, archived: where the clip was seen
      [[clip.claim]]                # by, at, source, topic; filmed, posted, first, place, latitude and
                                    # longitude, radius (metres), says: said of it, never believed
      [[clip.reading]]              # shows, at (seconds), box, what, points, value, unit, by: read in it;
                                    # uncertainty, horizon, focal_length, bearing: of shadows, sun and moon
                                    # (verify.claims.shadow and .ground name their units, .places that
                                    # of a flash and its bang); what = "open sky" with a box marks the sky
    [[reference]]                   # id, path, note, source: pictures of the place
    [[statement]]                   # by, at, says, about, source, topic: said of the incident; and what it
                                    # gives as such of each clip it is about, as in [[clip.claim]]
    [[posts]]                       # path, format, timezone, files: an export of posts

Dates are TOML dates; `{ from = ..., to = ... }` is an interval. Paths are relative to the case file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.claims.inputs import existing_path, given, place_and_zone, read_input, time_zone
from verify.claims.moments import moment
from verify.claims.posts.kinds import FORMATS
from verify.claims.reader import load
from verify.model import Inquiry, Statement

if TYPE_CHECKING:
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from verify.claims.inputs import CaseInput, Claim
    from verify.claims.moments import Moment
    from verify.claims.reader import Table


@dataclass(frozen=True, slots=True)
class Export:
    """An export of posts, named by the case."""

    path: str
    format: str = ""  # empty: told by its content
    zone: ZoneInfo | None = None  # of its dates without one
    zone_from: str = ""  # "export": given for it, "case": of the place
    files: int | None = None  # how many of its pictures and videos are examined; None: as the settings say


@dataclass(frozen=True, slots=True)
class Case:
    """A case file, read and found to be in order."""

    path: Path
    inquiry: Inquiry
    clips: tuple[CaseInput, ...]
    references: tuple[CaseInput, ...] = ()
    exports: tuple[Export, ...] = ()
    moments: tuple[Moment | None, ...] = ()  # when each statement of the inquiry was made, as an interval
    given: tuple[
        Claim, ...
    ] = ()  # times and places that each statement gives as such, of each input it is about


def read_case(path: Path) -> Case:
    """Read a case file and check every key of it.

    Raises:
        MissingFileError: there is no such file.
        CaseFileError: a key is unknown, missing, doubled or says what cannot be; the message names it and
            its place.
    """
    top = load(path)
    title, question = top.text("title"), top.text("question")
    place, zone = place_and_zone(top.table("place"))
    clips = tuple(read_input(table, zone, clip=True) for table in top.tables("clip"))
    references = tuple(read_input(table, zone, clip=False) for table in top.tables("reference"))
    if not clips:
        raise top.error("clip", "a case has at least one clip", "add [[clip]] with a path")
    known = _unique(top, ("clip", clips), ("reference", references))
    said = [_statement(table, zone, known) for table in top.tables("statement")]
    exports = tuple(_export(table, zone) for table in top.tables("posts"))
    top.close()
    inquiry = Inquiry(title or path.stem, question, place, tuple(statement for statement, _, _ in said))
    moments, claims = tuple(at for _, at, _ in said), tuple(claim for _, _, claim in said)
    return Case(path, inquiry, clips, references, exports, moments, claims)


def _unique(top: Table, *groups: tuple[str, tuple[CaseInput, ...]]) -> set[str]:
    """The ids that other tables may name: those given, and the stems of files without one."""
    seen: dict[str, str] = {}
    for key, items in groups:
        for index, item in enumerate(items, 1):
            place = f"{key}[{index}].id"
            if item.id and item.id in seen:
                raise top.error(place, f'"{item.id}" is the id of {seen[item.id]} already')
            if item.id:
                seen[item.id] = place.removesuffix(".id")
    stems = {
        item.path.replace("\\", "/").rpartition("/")[2]
        for _, items in groups
        for item in items
        if not item.id
    }
    return {*seen, *(stem.rpartition(".")[0] or stem for stem in stems)}


def _statement(
    table: Table, zone: ZoneInfo | None, known: set[str]
) -> tuple[Statement, Moment | None, Claim]:
    at, about = moment(table, "at", zone), table.texts("about")
    claimed = given(table, zone)
    statement = Statement(
        table.needed("by"),
        table.needed("says"),
        at.start if at else None,
        about,
        table.text("source"),
        table.text("topic"),
    )
    table.close()
    for index, name in enumerate(about, 1):
        if name not in known:
            raise table.error(f"about[{index}]", f'no clip or reference has the id "{name}"')
    if not about and (claimed.filmed or claimed.posted or claimed.first or claimed.place or claimed.position):
        raise table.error("about", "is missing", "a time or a place is said of a clip: name it")
    return statement, at, claimed


def _export(table: Table, zone: ZoneInfo | None) -> Export:
    path, kind = existing_path(table, folder=True), table.text("format")
    own, files = time_zone(table), table.number("files", 0, 10_000)
    table.close()
    if kind and kind not in FORMATS:
        raise table.error("format", f'no such format: "{kind}"', f"one of {', '.join(FORMATS)}")
    given_by = "export" if own else "case" if zone else ""
    return Export(path, kind, own or zone, given_by, None if files is None else int(files))
