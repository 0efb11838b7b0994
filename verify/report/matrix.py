"""The relations of all inputs as one picture: a triangle of cells, coloured and lettered by kind.

Up to `settings.lettered_inputs` inputs each cell carries its letter and each row its name. Above, every kind
is one path of merged runs, inputs that are related stand together, and only the colours remain.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup

from verify.model import RelationKind
from verify.report import digest, wording
from verify.report.escape import visible

if TYPE_CHECKING:
    from verify.model import Report
    from verify.settings import ReportSettings

_LETTER = 8.0  # units of the drawing for one letter of a name, wide ones included
_NAME = 28  # letters of a name


@dataclass(frozen=True, slots=True)
class Cell:
    """One pair."""

    x: float
    y: float
    kind: str
    letter: str
    title: str


@dataclass(frozen=True, slots=True)
class Label:
    """An input's number and name, at the end of its row and the top of its column."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """What the template draws; `paths` stands in for `cells` where there are many inputs."""

    width: float
    height: float
    cell: float
    cells: tuple[Cell, ...] = ()
    labels: tuple[Label, ...] = ()
    paths: tuple[tuple[str, Markup], ...] = ()  # kind, path data
    legend: tuple[tuple[str, str, str, int], ...] = ()  # kind, letter, name, pairs


def matrix(report: Report, settings: ReportSettings) -> Matrix | None:
    """The matrix of a report, or None where it has no relations."""
    if not report.relations:
        return None
    counts: dict[RelationKind, int] = defaultdict(int)
    for relation in report.relations:
        counts[relation.kind] += 1
    legend = tuple(
        (str(kind), wording.LETTERS[kind], wording.NAMES[kind], counts[kind])
        for kind in RelationKind
        if counts[kind]
    )
    if len(report.media) > settings.lettered_inputs:
        return _dense(report, legend)
    return _lettered(report, legend)


def _lettered(report: Report, legend: tuple[tuple[str, str, str, int], ...]) -> Matrix:
    size = 38.0 if len(report.media) <= 12 else 26.0 if len(report.media) <= 24 else 17.0
    place = {media.id: number for number, media in enumerate(report.media)}
    cells = tuple(
        Cell(
            place[relation.a] * size,
            place[relation.b] * size,
            str(relation.kind),
            wording.LETTERS[relation.kind],
            f"{relation.a}, {relation.b}: {wording.NAMES[relation.kind]}",
        )
        for relation in report.relations
    )
    labels = tuple(
        Label(
            number * size + size * 0.28, number * size + size * 0.5, f"{number + 1}  {_shortened(media.id)}"
        )
        for number, media in enumerate(report.media)
    )
    side = len(report.media) * size
    width = max(label.x + len(label.text) * _LETTER for label in labels)
    return Matrix(max(width, side), side, size, cells, labels, legend=legend)


def _dense(report: Report, legend: tuple[tuple[str, str, str, int], ...]) -> Matrix:
    groups = digest.components(report.media, digest.related(report))
    order = [name for group in sorted(groups, key=len, reverse=True) for name in group]
    order += sorted({media.id for media in report.media} - set(order))
    place = {name: number for number, name in enumerate(order)}
    rows: dict[RelationKind, list[tuple[int, int]]] = defaultdict(list)
    for relation in report.relations:
        if relation.kind is not RelationKind.NONE_FOUND:  # the ground shows these
            column, row = sorted((place[relation.a], place[relation.b]))
            rows[relation.kind].append((row, column))
    paths = tuple((str(kind), Markup(_runs(sorted(rows[kind])))) for kind in RelationKind if rows[kind])
    side = float(len(order))
    return Matrix(side, side, 1, paths=paths, legend=legend)


def _runs(points: list[tuple[int, int]]) -> str:
    # Neighbours in a row become one rectangle: a family of n copies costs n pieces, not n * n / 2.
    parts = []
    for row, line in groupby(points, key=lambda point: point[0]):
        for _, run in groupby(enumerate(column for _, column in line), key=lambda item: item[1] - item[0]):
            columns = [column for _, column in run]
            parts.append(f"M{columns[0]} {row}h{len(columns)}v1h-{len(columns)}z")
    return "".join(parts)


def _shortened(name: str) -> str:
    shown = visible(name)
    return shown if len(shown) <= _NAME else f"{shown[: _NAME - 9]}\u2026{shown[-8:]}"
