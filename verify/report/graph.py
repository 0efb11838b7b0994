"""Who posted which file when, forwarded from whom, and which file derives from which: one directed picture.

Posts stand at the left from top to bottom by the first moment that their date can mean, files at the right,
copies of one recording together. The same stands below the picture as a table. Only what was handed in is
drawn: the earliest post here need not be the first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verify.report import units
from verify.report.escape import visible
from verify.report.shortened import BOLD, fitted
from verify.report.sources import More, Sources, sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from verify.model import Media, Post, Report

WIDE, NARROW = 940.0, 352.0
POSTS, FILES = 18, 24  # drawn one by one; the table has more
_LINE, _PAD, _GAP = 15.0, 5.0, 6.0
_SHARE = 8.0  # beside a box's text
_FAMILY = 18.0  # for the words above a family
_HEAD = 22.0


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the two columns lie, left and right."""

    posts: tuple[float, float]
    files: tuple[float, float]
    width: float


_COLUMNS = {
    WIDE: Columns((64.0, 420.0), (600.0, 872.0), WIDE),
    NARROW: Columns((18.0, 203.0), (234.0, 331.0), NARROW),
}


@dataclass(frozen=True, slots=True)
class Node:
    """A post, a file, or a source that is named by a forward and not among the posts."""

    id: str
    kind: str  # post file named
    lines: tuple[str, ...]
    x: float
    y: float
    width: float
    marked: bool  # earliest found here, nearest the source
    title: str

    @property
    def height(self) -> float:
        """Of its box."""
        return len(self.lines) * _LINE + 2 * _PAD

    @property
    def middle(self) -> float:
        """Where its lines begin and end."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Line:
    """One step between two nodes."""

    kind: str  # shows forward derives same
    path: str
    arrow: str  # corner points; empty for none
    title: str


@dataclass(frozen=True, slots=True)
class Graph:
    """What the template draws."""

    width: float
    height: float
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    families: tuple[tuple[float, float, float, float], ...]  # x, y, width, height of each
    columns: Columns
    files_left: int


def graph(report: Report, width: float = WIDE) -> Graph | None:
    """The picture, `WIDE` or `NARROW`; None where no post shows an input or passes another on."""
    known = sources(report, POSTS, FILES)
    if not known.posts:
        return None
    columns = _COLUMNS[width]
    posts = _posts(known, columns)
    files, families = _files(known, columns, posts)
    nodes = {node.id: node for node in (*posts, *files)}
    lines = (*_shown(known, nodes), *_forwards(known, nodes), *_derived(known, nodes, columns))
    height = max((node.y + node.height for node in nodes.values()), default=0) + 12
    return Graph(
        columns.width, round(height, 1), tuple(nodes.values()), lines, families, columns,
        known.files_left,
    )  # fmt: skip


def _posts(known: Sources, columns: Columns) -> list[Node]:
    x, right = columns.posts
    y, found = _HEAD, []
    done: set[str] = set()
    for post in known.posts:
        named = known.named.get(post.id)
        if named is not None and named[0] not in done:
            done.add(named[0])
            lines = (named[1], "named as source; not here")
            node = _node(named[0], "named", lines, x, y, right - x, False)
            found.append(node)
            y += node.height + _GAP
        earliest = post.id in known.earliest
        node = _node(post.id, "post", _post_lines(post, earliest, columns), x, y, right - x, earliest)
        found.append(node)
        y += node.height + _GAP
    for rest in known.more:
        node = _node(f"more {rest.media}", "more", _rest_lines(rest), x, y, right - x, False)
        found.append(node)
        y += node.height + _GAP
    return found


def _rest_lines(rest: More) -> tuple[str, ...]:
    count = units.count(rest.count, "more post")
    if rest.first is None or rest.last is None:
        return count, "no date"
    first, last = units.day(rest.first), units.day(rest.last)
    return count, first if first == last else f"{first} to {last}"


def _post_lines(post: Post, earliest: bool, columns: Columns) -> tuple[str, ...]:
    when = units.interval(post.start, post.end) if post.start or post.end else "no date"
    lines = (f"{post.id} {post.source}", when)
    if not earliest:
        return lines
    if columns.width == NARROW:
        return (*lines, "earliest found here")
    return (lines[0], f"{when} \u00b7 earliest found here")


def _node(name: str, kind: str, lines: Iterable[str], x: float, y: float, width: float, marked: bool) -> Node:
    whole = tuple(visible(line) for line in lines)
    room = width - 2 * _SHARE
    cut = (fitted(whole[0], room / BOLD), *(fitted(line, room) for line in whole[1:]))
    return Node(name, kind, cut, x, round(y, 1), width, marked, ", ".join(whole)[:400])


def _files(
    known: Sources, columns: Columns, posts: Sequence[Node]
) -> tuple[list[Node], tuple[tuple[float, float, float, float], ...]]:
    """Files at the height of their posts as far as there is room; copies of one recording in one frame."""
    x, right = columns.files
    middle = {node.id: node.middle for node in posts}
    groups = sorted(known.groups, key=lambda group: _wanted(group, known, middle))
    y, found, frames = _HEAD, [], []
    for group in groups:
        boxes = [_file(known, media, columns) for media in group]
        tall = sum(box.height + _GAP for box in boxes) + (_FAMILY if len(group) > 1 else 0)
        y = max(y, _wanted(group, known, middle) - tall / 2)
        top = y
        y += _FAMILY if len(group) > 1 else 0
        for box in boxes:
            found.append(replace(box, y=round(y, 1)))
            y += box.height + _GAP
        if len(group) > 1:
            frames.append((x - 8, round(top, 1), right - x + 16, round(y - top + 2, 1)))
        y += 2 * _GAP
    return found, tuple(frames)


def _wanted(group: Sequence[Media], known: Sources, middle: Mapping[str, float]) -> float:
    names = {media.id for media in group}
    heights = [middle[post.id] for post in known.posts if names & set(post.shows)]
    return sum(heights) / len(heights) if heights else 1e6


def _file(known: Sources, media: Media, columns: Columns) -> Node:
    x, right = columns.files
    facts = [units.time(media.duration)] if media.duration is not None else []
    if media.video and (columns.width == WIDE or not facts):
        facts.append(f"{media.video.width} x {media.video.height}")
    nearest = media.id in known.nearest
    lines = [f"{known.numbers[media.id]}  {media.id}", ", ".join(facts) or str(media.kind)]
    if nearest:
        lines.append("nearest the source" if columns.width == WIDE else "nearest source")
    return _node(f"file {media.id}", "file", lines, x, 0, right - x, nearest)


def _shown(known: Sources, nodes: Mapping[str, Node]) -> list[Line]:
    pairs = [(post.id, name) for post in known.posts for name in post.shows]
    pairs += [(f"more {rest.media}", rest.media) for rest in known.more]
    found = []
    for post, name in pairs:
        one, other = nodes[post], nodes.get(f"file {name}")
        if other is not None:
            x, end = one.x + one.width, other.x
            bend = (end - x) / 2
            path = f"M{x:.1f} {one.middle:.1f}C{x + bend:.1f} {one.middle:.1f} "
            path += f"{end - bend:.1f} {other.middle:.1f} {end - 6:.1f} {other.middle:.1f}"
            kind = "shows first" if one.marked else "shows"
            arrow = _head(end, other.middle, 1)
            found.append(Line(kind, path, arrow, visible(f"{one.lines[0]} shows {name}")))
    return found


def _forwards(known: Sources, nodes: Mapping[str, Node]) -> list[Line]:
    found = []
    for original, post in known.forwards:
        if original in nodes and post in nodes and original != post:
            one, other = nodes[original], nodes[post]
            reach = min(one.x - 4, 14 + abs(other.middle - one.middle) / 9)
            path = _arc(one.x, one.middle, other.x - 6, other.middle, -reach)
            title = f"{other.lines[0]} passes on {one.lines[0]}"
            found.append(Line("forward", path, _head(other.x, other.middle, 1), title))
    return found


def _derived(known: Sources, nodes: Mapping[str, Node], columns: Columns) -> list[Line]:
    found = []
    for kind, parent, child in known.steps:
        one, other = nodes.get(f"file {parent}"), nodes.get(f"file {child}")
        if one is None or other is None:
            continue
        x = columns.files[1]
        reach = min(columns.width - x - 2, 12 + abs(other.middle - one.middle) / 7)
        if kind == "same":
            path, arrow = _arc(x, one.middle, x, other.middle, reach), ""
            title = f"{parent} and {child} encode the same streams"
        else:
            path, arrow = _arc(x, one.middle, x + 6, other.middle, reach), _head(x, other.middle, -1)
            title = f"{child} derives from {parent}, or from something like it"
        found.append(Line(kind, path, arrow, visible(title)))
    return found


def _arc(x: float, y: float, end: float, end_y: float, reach: float) -> str:
    return f"M{x:.1f} {y:.1f}C{x + reach:.1f} {y:.1f} {end + reach:.1f} {end_y:.1f} {end:.1f} {end_y:.1f}"


def _head(x: float, y: float, side: int) -> str:
    """An arrow's head that points right (1) or left (-1) at x, y."""
    return f"{x:.1f},{y:.1f} {x - side * 8:.1f},{y - 4:.1f} {x - side * 8:.1f},{y + 4:.1f}"
