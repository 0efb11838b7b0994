"""Report -> report.html: one page, complete in itself, that opens from disk and asks nothing of the network.

The templates escape everything that they print, and `visible_lines` is applied to every text before that: no
file name, tag or post can add markup or hide characters. A content security policy forbids scripts and every
address but `data:`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, ParamSpec

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from verify.model import Outcome
from verify.report import digest, fields, gallery, graph, matrix, scales, tree, units, wording
from verify.report.claims import spoken
from verify.report.conflicts import conflicts
from verify.report.escape import visible_lines
from verify.report.methods import methods
from verify.report.plain import plain
from verify.report.sources import listed_posts
from verify.report.timeline_svg import NARROW, WIDE, drawing
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from verify.model import Exhibit, Media, Relation, Report
    from verify.report.graph import Graph
    from verify.report.timeline_svg import Drawing
    from verify.settings import ReportSettings

P = ParamSpec("P")

_UNIT = re.compile(r"(?<=\d) (?=(?:s|bytes|[kMGT]B)\b)")
_LONGEST = 6000  # letters of one text; longer ones are hostile or belong in report.json


@dataclass(frozen=True, slots=True)
class Pair:
    """A relation with what the page shows of it."""

    relation: Relation
    bars: scales.Bars | None
    compared: tuple[Exhibit, ...]  # aligned or registered frames
    differences: tuple[Exhibit, ...]
    told_for: tuple[str, str] | None  # the pair of sources whose differences stand for those of copies


@dataclass(frozen=True, slots=True)
class Tags:
    """What a file says of itself in full, as far as the page prints it."""

    sources: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    left_out: int


def to_html(report: Report, settings: ReportSettings = SETTINGS.report) -> str:
    """The report as one HTML page, under 20 MB whatever the number of inputs; it says what is left out."""
    pictures = gallery.gallery(report, settings)
    related = (*digest.related(report), *digest.heard(report))
    by_id = {media.id: media for media in report.media}
    examined = digest.examined(report)
    speaker = digest.speakers(report)
    detailed = examined[: settings.detailed_inputs]
    share = settings.tag_letters // max(1, len(detailed))
    posts, unlisted = listed_posts(report, settings.listed_posts)
    versus, conflicting = conflicts(report.timeline, settings.listed_conflicts)
    outcomes = [(outcome, digest.with_outcome(report, outcome)) for outcome in wording.OUTCOMES]
    return (
        environment()
        .get_template("page.html")
        .render(
            report=report,
            stills={media.id for media in report.media if media.duration is None},
            numbers={media.id: number for number, media in enumerate(report.media, 1)},
            headlines=digest.headlines(report),
            inconsistent=digest.with_outcome(report, Outcome.INCONSISTENT),
            differing=digest.differences(report),
            contradictions=digest.contradictions(report),
            not_installed=digest.not_installed(report),
            not_looked_at=digest.not_looked_at(report),
            unexamined=digest.unexamined(report),
            inputs=report.media[: settings.listed_inputs],
            detailed=[(media, _tags(media, share)) for media in detailed],
            structure_letters=settings.structure_letters // max(1, len(detailed)),
            undetailed=len(examined) - len(detailed),
            pictures=pictures,
            matrix=matrix.matrix(report, settings),
            trees=tree.trees(report, pictures),
            pairs=[
                _pair(relation, by_id, pictures, speaker) for relation in related[: settings.detailed_pairs]
            ],
            listed_pairs=related[settings.detailed_pairs :][: settings.listed_pairs],
            related=related,
            events=scales.events(report),
            timeline=_timeline(report),
            versus=versus,
            conflicting=conflicting,
            graphs=_graphs(report),
            claims=spoken(report, settings.listed_claims),
            posts=posts,
            unlisted_posts=unlisted,
            outcomes=[
                (wording.OUTCOMES[outcome], str(outcome), found) for outcome, found in outcomes if found
            ],
            methods=methods(),
            settings=tuple(_flat(plain(report.tool.settings))),
            left_out=max(0, len(related) - settings.detailed_pairs - settings.listed_pairs),
        )
    )


def _timeline(report: Report) -> tuple[Drawing, ...] | None:
    """The picture for a wide page and for a telephone."""
    drawn = tuple(drawing(report.timeline, width) for width in (WIDE, NARROW))
    return tuple(each for each in drawn if each is not None) or None


def _graphs(report: Report) -> tuple[Graph, ...] | None:
    drawn = tuple(graph.graph(report, width) for width in (WIDE, NARROW))
    return tuple(each for each in drawn if each is not None) or None


def _pair(
    relation: Relation, media: Mapping[str, Media], pictures: gallery.Gallery, speaker: Mapping[str, str]
) -> Pair:
    subjects = relation.a, relation.b
    sources = speaker.get(relation.a, relation.a), speaker.get(relation.b, relation.b)
    return Pair(
        relation,
        scales.bars(relation, media[relation.a], media[relation.b]),
        (*pictures.of("aligned", *subjects), *pictures.of("registered", *subjects)),
        tuple(pictures.of("difference", *subjects)),
        None if sources == subjects or sources[0] == sources[1] else sources,
    )


def _tags(media: Media, letters: int) -> Tags:
    kept: dict[str, list[tuple[str, str]]] = {}
    spent = left_out = 0
    for source, name, text in _each(media.tags):
        spent += len(source) + len(name) + len(text) + 60
        if spent > letters:
            left_out += 1
        else:
            kept.setdefault(source, []).append((name, text))
    return Tags(tuple((source, tuple(rows)) for source, rows in kept.items()), left_out)


def _flat(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key in sorted(value):
            yield from _flat(value[key], f"{name}.{key}" if name else key)
    else:
        yield name, ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _each(tags: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str, str]]:
    for source, table in tags.items():
        for name, text in table.items():
            yield source, name, text


def _shown(value: object) -> object:
    # Jinja calls this on every value that a template prints, before it escapes it.
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    if len(value) > _LONGEST:
        value = f"{value[:_LONGEST]} \u2026 ({len(value) - _LONGEST} more letters in report.json)"
    return visible_lines(value)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """What every page is rendered with: all text is made visible and escaped."""
    made = Environment(
        loader=PackageLoader("verify.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "time": _unbroken(units.time),
        "span": _unbroken(units.span),
        "size": _unbroken(units.size),
        "moment": units.moment,
        "weightiest": digest.weightiest,
        "interval": lambda entry: units.interval(entry.start, entry.end),
        "sentence": _unbroken(wording.sentence),
        "direction": wording.direction,
        "strength": wording.strength,
        "sound": wording.sound,
        "unread": wording.unread,
        "sentence_case": wording.sentence_case,
        "uri": gallery.data_uri,
        "fields": fields.fields,
        "structure": fields.structure,
        "blocks": _blocks,
    }
    made.globals |= {
        "count": units.count,
        "listed": units.listed,
        "segment": _unbroken(wording.segment),
        "islice": islice,
        "NAMES": wording.NAMES,
        "FIELDS": fields.NAMES,
        "C2PA": fields.C2PA,
        "LETTERS": wording.LETTERS,
        "GLOSSARY": wording.GLOSSARY,
        "DISCLAIMER": wording.DISCLAIMER,
    }
    return made


def _unbroken(told: Callable[P, str]) -> Callable[P, str]:
    # A number and its unit stay on one line.
    def joined(*args: P.args, **kwargs: P.kwargs) -> str:
        return _UNIT.sub("\u00a0", told(*args, **kwargs))

    return joined


def _blocks(text: str) -> list[tuple[bool, str]]:
    """A docstring's paragraphs; True for those that are set as written: indented ones and lists."""
    parts = [part for part in text.split("\n\n") if part.strip()]
    return [(part.startswith((" ", "- ", "* ", "|")) or "\n  " in part, part) for part in parts]
