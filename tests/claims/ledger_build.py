"""Made-up cases for the ledger: clips, posts and relations of 3 May 2023 in Moscow, with few words."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from verify.claims import Case, CaseInput, Moment
from verify.model import (
    WHOLE,
    Edit,
    Footage,
    Inquiry,
    Media,
    MediaKind,
    Metadata,
    Offset,
    Place,
    Post,
    Relation,
    RelationKind,
    Role,
    Segment,
    Span,
    Statement,
    Video,
)

MOSCOW = timezone(timedelta(hours=3))
UNIT = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def on(hour: int, minute: int = 0, second: int = 0, day: int = 3) -> datetime:
    return datetime(2023, 5, day, hour, minute, second, tzinfo=MOSCOW)


def at(hour: int, minute: int, length: int = 59) -> Moment:
    return Moment(on(hour, minute), on(hour, minute) + timedelta(seconds=length))


def case_of(
    *clips: CaseInput, statements: tuple[Statement, ...] = (), zone: str | None = "Europe/Moscow"
) -> Case:
    moments = tuple(None if each.at is None else Moment(each.at, each.at) for each in statements)
    return Case(
        Path("case.toml"), Inquiry("t", "q", Place(timezone=zone), statements), clips, moments=moments
    )


def clip(name: str, seconds: int = 12, cuts: tuple[int, ...] = (), **more: object) -> Media:
    ends = [0, *cuts, seconds]
    shots = tuple(span(start, end) for start, end in pairwise(ends))
    values: dict[str, object] = {
        "id": name,
        "path": Path(f"{name}.mp4"),
        "role": Role.CLIP,
        "kind": MediaKind.VIDEO,
        "duration": Fraction(seconds),
        "video": Video("h264", 64, 48, 25 * seconds, Fraction(25)),
        "shots": shots,
        "metadata": Metadata(),
    }
    return Media(**{**values, **more})  # type: ignore[arg-type]


def span(start: float, end: float) -> Span:
    return Span(Fraction(str(start)), Fraction(str(end)))


def copied(
    a: str,
    b: str,
    *stretches: tuple[float, float, float],
    speed: float = 1.0,
    edits: tuple[str, ...] = (),
    nearer: str | None = None,
) -> Relation:
    """A copy: each stretch starts at a second of a and of b, and has a length in a."""
    segments = tuple(
        Segment(
            span(start, start + length),
            span(other, other + length / speed),
            False,
            WHOLE,
            WHOLE,
            UNIT,
            0.9,
            speed,
        )
        for start, other, length in stretches
    )
    steps = tuple(Edit(kind, kind) for kind in edits)
    return Relation(
        a, b, RelationKind.COPY, ("made up",), Footage.ESTABLISHED, segments=segments, edits=steps,
        nearer_source=nearer,
    )  # fmt: skip


def one_moment(a: str, b: str, seconds: float, uncertainty: float = 0.1) -> Relation:
    return Relation(
        a, b, RelationKind.SAME_EVENT, ("made up",), offset=Offset(seconds, uncertainty, ("sound", "flash"))
    )


def post(name: str, source: str, when: Moment | None, *shows: str, **more: object) -> Post:
    start, end = (when.start, when.end) if when else (None, None)
    return Post(name, "telegram", source, start, end, shows=shows, **more)  # type: ignore[arg-type]
