"""Report -> report.json: the contract that programs read.

Keys are those of `schema.json` beside this file, all of them always there, null where nothing is known. Times
are seconds rounded to the microsecond, boxes `[x, y, width, height]` in fractions of the displayed picture,
instants RFC 3339. The pictures of a report are not in it; the HTML has them.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from verify.report.escape import json_escaped
from verify.report.media_json import media_json
from verify.report.plain import SHARES, box, instant, number, plain, seconds, table, text
from verify.report.post_json import order_json, post_json
from verify.report.relation_json import relation_json
from verify.report.time_json import claim_json, entry_json

if TYPE_CHECKING:
    from datetime import datetime

    from verify.model import Event, Family, Finding, Inquiry, Report, Tool

SCHEMA = "verify-report/1"


def to_json(report: Report) -> str:
    """report.json as text: sorted keys, UTF-8, one newline at the end; the same for the same report.

    Characters that steer a terminal or hide are written by their number: `--json` prints this.
    """
    written = json.dumps(as_dict(report), sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False)
    return json_escaped(written) + "\n"


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of report.json, as it ships."""
    loaded: dict[str, Any] = json.loads(
        resources.files(__package__).joinpath("schema.json").read_text("utf-8")
    )
    return loaded


def as_dict(report: Report) -> dict[str, object]:
    """The report as JSON's own types, to the contract in `schema.json`.

    Raises:
        ValueError: a number is not finite, `created` has no zone, or a relation is out of the inputs' order.
    """
    if report.created.utcoffset() is None:
        raise ValueError("the instant at which a report was made needs a zone")
    order = {media.id: place for place, media in enumerate(report.media)}
    for relation in report.relations:
        if order[relation.a] > order[relation.b]:
            raise ValueError(f"{relation.a} comes after {relation.b} in the inputs")
    relations = sorted(report.relations, key=lambda relation: (order[relation.a], order[relation.b]))
    result = {
        "schema": SCHEMA,
        "created": instant(report.created),
        "command": report.command,
        "timings": {text(stage): number(spent, 3) for stage, spent in report.timings.items()},
        "case": _case(report.inquiry),
        "tool": _tool(report.tool),
        "complete": report.complete,
        "media": [media_json(media) for media in report.media],
        "relations": [relation_json(relation) for relation in relations],
        "events": [_event(event) for event in report.events],
        "findings": [_finding(finding) for finding in report.findings],
        "timeline": [entry_json(entry) for entry in report.timeline],
        "claims": [claim_json(claim) for claim in report.claims],
        "families": [_family(family) for family in report.families],
        "posts": [post_json(post) for post in report.posts],
        "post_orders": [order_json(order) for order in report.post_orders],
    }
    return table(result)  # once over everything: no text from a file may break the encoding


def _case(inquiry: Inquiry) -> dict[str, object]:
    place = inquiry.place
    return {
        "title": inquiry.title,
        "question": inquiry.question,
        "place": {
            "name": place.name,
            "latitude": None if place.latitude is None else number(place.latitude),
            "longitude": None if place.longitude is None else number(place.longitude),
            "timezone": place.timezone,
        },
        "statements": [
            {
                "by": said.by,
                "says": said.says,
                "at": _instant(said.at),
                "about": list(said.about),
                "source": said.source,
            }
            for said in inquiry.statements
        ],
    }


def _tool(tool: Tool) -> dict[str, object]:
    return {
        "name": tool.name,
        "version": tool.version,
        "settings": plain(tool.settings),
        "dependencies": dict(tool.dependencies),
        "extras_missing": sorted(tool.extras_missing),
    }


def _event(event: Event) -> dict[str, object]:
    return {
        "media": event.media,
        "kind": event.kind,
        "start": seconds(event.span.start),
        "end": seconds(event.span.end),
        "box": box(event.box),
        "strength": number(event.strength, SHARES),
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "check": finding.check,
        "subjects": list(finding.subjects),
        "outcome": str(finding.outcome),
        "statement": finding.statement,
        "limits": finding.limits,
        "extra": finding.extra,
        "measurements": [
            {
                "name": measured.name,
                "value": number(measured.value),
                "unit": measured.unit,
                "limit": None if measured.limit is None else number(measured.limit),
                "where": measured.where,
            }
            for measured in finding.measurements
        ],
    }


def _family(family: Family) -> dict[str, object]:
    return {
        "members": list(family.members),
        "nearest_source": family.nearest_source,
        "edges": [
            {"parent": edge.parent, "child": edge.child, "confidence": number(edge.confidence, SHARES)}
            for edge in family.edges
        ],
        "notes": list(family.notes),
    }


def _instant(value: datetime | None) -> str | None:
    return None if value is None else instant(value)
