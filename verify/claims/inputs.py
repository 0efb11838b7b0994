"""The clips, pictures and the place of a case file, with what is said of each."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from verify.claims.moments import Moment, moment
from verify.claims.posts.identifiers import platform
from verify.claims.reader import Table
from verify.model import Box, Place, Post

# An id is a name that reports, folders and other tables use.
_MAX_ID = 80
CASE_FILE = "the case file"  # where the posts of a case are found


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says of a clip."""

    by: str
    filmed: Moment | None = None
    posted: Moment | None = None  # when it is said to have first been posted
    place: str = ""
    says: str = ""
    source: str = ""
    at: Moment | None = None  # when it was said
    first: bool = False  # said to be where the clip comes from: that nobody had it before
    position: tuple[float, float] | None = None  # of the claimed place, degrees: latitude, longitude
    radius: float | None = None  # of the claimed place, metres
    topic: str = ""  # what it is about, in the investigator's words: claims of one topic stand side by side


@dataclass(frozen=True, slots=True)
class Reading:
    """What a person read in the picture of a clip: a clock, a shadow's two points, a thermometer."""

    what: str = ""
    shows: Moment | None = None  # the moment that a clock in the picture shows
    at: float | None = None  # seconds, in the clip
    box: Box | None = None
    points: tuple[tuple[float, float], ...] = ()  # fractions of the displayed picture
    value: float | None = None
    unit: str = ""  # `verify.claims.shadow` tells which units of sun, moon and shadows are understood
    by: str = ""
    uncertainty: float | None = None  # of `value`, to either side, in its unit
    horizon: float | None = None  # where the level horizon is, fraction of the height; may lie outside
    focal_length: float | None = None  # millimetres, for film 36 mm wide
    bearing: float | None = None  # degrees clockwise from true north that the middle of the picture looks to


@dataclass(frozen=True, slots=True)
class CaseInput:
    """One clip or reference picture of a case. `path` is as written, relative to the case file's folder."""

    path: str
    id: str = ""  # empty: from the file's name
    note: str = ""
    source: str = ""
    posts: tuple[Post, ...] = ()
    claims: tuple[Claim, ...] = ()
    readings: tuple[Reading, ...] = ()


def place_and_zone(table: Table) -> tuple[Place, ZoneInfo | None]:
    """The `[place]` table, and the zone in which dates without one are read."""
    name, zone, found = table.text("name"), time_zone(table), position(table)
    table.close()
    latitude, longitude = found or (None, None)
    return Place(name, latitude, longitude, zone.key if zone else None), zone


def time_zone(table: Table) -> ZoneInfo | None:
    """The `timezone` of a table."""
    timezone = table.text("timezone")
    if not timezone:
        return None
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise table.error("timezone", "no such time zone", 'an IANA name, as in "Europe/Moscow"') from error


def read_input(table: Table, zone: ZoneInfo | None, *, clip: bool) -> CaseInput:
    """One `[[clip]]` or `[[reference]]`; only clips are posted, claimed and read."""
    path = existing_path(table)
    item = CaseInput(
        path=path,
        id=_identity(table),
        note=table.text("note"),
        source=table.text("source"),
        posts=tuple(_post(inner, zone) for inner in table.tables("post")) if clip else (),
        claims=tuple(_claim(inner, zone) for inner in table.tables("claim")) if clip else (),
        readings=tuple(_reading(inner, zone) for inner in table.tables("reading")) if clip else (),
    )
    table.close()
    return item


def existing_path(table: Table, *, folder: bool = False) -> str:
    """The `path` of a table, as written; the file is there, or the folder where that will do."""
    path = table.needed("path")
    try:
        there = table.file.parent / path
        found = there.is_file() or (folder and there.is_dir())
    except (OSError, ValueError):
        found = False
    if not found:
        raise table.error("path", f"there is no such file: {path}", "paths are relative to the case file")
    return path


def _identity(table: Table) -> str:
    name = table.text("id")
    if not name:
        return ""
    if len(name) > _MAX_ID or name != name.strip():
        raise table.error("id", f"must have 1 to {_MAX_ID} characters and no space around it")
    if any(unicodedata.category(letter)[0] == "C" for letter in name) or set(name) & set("/\\"):
        raise table.error("id", "must not have slashes, control or direction characters")
    return name


def _post(table: Table, zone: ZoneInfo | None) -> Post:
    at, url = moment(table, "at", zone), table.text("url")
    post = Post(
        id="",
        platform=platform(url),
        source=table.needed("source"),
        start=at.start if at else None,
        end=at.end if at else None,
        zone=("case" if getattr(table.value("at"), "tzinfo", at) is None else "given") if at else "",
        dated_by=CASE_FILE if at else "",
        author=table.text("author"),
        text=table.text("text"),
        url=url,
        archived=table.text("archived"),
        found_in=CASE_FILE,
        place=table.place,
    )
    table.close()
    return post


def given(table: Table, zone: ZoneInfo | None) -> Claim:
    """The times and places that somebody gives, in a claim or in a statement."""
    return Claim(
        by=table.needed("by"),
        filmed=moment(table, "filmed", zone),
        posted=moment(table, "posted", zone),
        place=table.text("place"),
        source=table.text("source"),
        first=table.flag("first"),
        position=position(table),
        radius=table.number("radius", 0, 20_000_000),
    )


def _claim(table: Table, zone: ZoneInfo | None) -> Claim:
    claim = replace(
        given(table, zone),
        says=table.text("says"),
        at=moment(table, "at", zone),
        topic=table.text("topic"),
    )
    table.close()
    if not (claim.filmed or claim.posted or claim.place or claim.position or claim.first or claim.says):
        hint = "a claim has at least one of filmed, posted, first, place, latitude and longitude, says"
        raise table.error("filmed", "is missing", hint)
    return claim


def position(table: Table) -> tuple[float, float] | None:
    """The `latitude` and `longitude` of a table, degrees; both or none."""
    latitude, longitude = table.number("latitude", -90, 90), table.number("longitude", -180, 180)
    if latitude is None and longitude is None:
        return None
    if latitude is None or longitude is None:
        key = "latitude" if latitude is None else "longitude"
        raise table.error(key, "is missing", "a position has both")
    return latitude, longitude


def _reading(table: Table, zone: ZoneInfo | None) -> Reading:
    corners = table.numbers("box", 4, 0, 1)
    points = table.value("points")
    pairs: list[tuple[float, float]] = []
    if points is not None:
        if not isinstance(points, list):
            raise table.error("points", "must be a list of points", "write [[0.1, 0.9], [0.4, 0.8]]")
        inner = Table(
            {f"points[{index}]": value for index, value in enumerate(points, 1)}, table.place, table.file
        )
        for index in range(1, len(points) + 1):
            x, y = inner.numbers(f"points[{index}]", 2, 0, 1) or (0.0, 0.0)
            pairs.append((x, y))
    try:
        box = Box(*corners) if corners else None
    except ValueError as error:
        raise table.error("box", f"{error}", "[x, y, width, height] in fractions of the picture") from error
    reading = Reading(
        what=table.text("what"),
        shows=moment(table, "shows", zone),
        at=table.number("at", 0, 1e7),
        box=box,
        points=tuple(pairs),
        value=table.number("value", -1e12, 1e12),
        unit=table.text("unit"),
        by=table.text("by"),
        uncertainty=table.number("uncertainty", 0, 1e12),
        horizon=table.number("horizon", -10, 10),
        focal_length=table.number("focal_length", 1, 10_000),
        bearing=table.number("bearing", -360, 360),
    )
    table.close()
    if not (reading.what or reading.shows or reading.points) and reading.value is None:
        raise table.error("shows", "is missing", "a reading has at least one of shows, value, points, what")
    return reading
