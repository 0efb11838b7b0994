"""The timeline as linked data (JSON-LD, words of schema.org): a list of events, each with its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.report.exports.json_text import identity, json_text, without_empty
from verify.report.plain import instant

if TYPE_CHECKING:
    from datetime import datetime

    from verify.model import Entry, Report


def timeline_jsonld(report: Report) -> str:
    """An `ItemList` of `Event`s in the order of the report; an open end has no date."""
    items = [
        {"@type": "ListItem", "position": number, "item": _event(entry, report)}
        for number, entry in enumerate(report.timeline, 1)
    ]
    return json_text(
        {
            "@context": "https://schema.org",
            "@type": "ItemList",
            "name": report.inquiry.title,
            "description": "What sources state about time, kept as stated. Entries may conflict.",
            "dateCreated": instant(report.created),
            "itemListOrder": "https://schema.org/ItemListOrderAscending",
            "numberOfItems": len(items),
            "itemListElement": items,
        }
    )


def _event(entry: Entry, report: Report) -> dict[str, object]:
    told = [f"Conflicts with {', '.join(entry.conflicts_with)}."] if entry.conflicts_with else []
    told += [f"Another reading of it: {', '.join(entry.readings)}."] if entry.readings else []
    return without_empty(
        {
            "@type": "Event",
            "@id": f"urn:uuid:{identity(report, 'entry', entry.id)}",
            "identifier": entry.id,
            "name": f"{entry.kind}: {entry.source}",
            "description": " ".join([entry.what, *told, *(need.statement for need in entry.needs)]),
            "startDate": _moment(entry.start),
            "endDate": _moment(entry.end),
            "keywords": entry.kind,
            "about": entry.media and {"@type": "MediaObject", "identifier": entry.media},
            "subjectOf": {"@type": "CreativeWork", "name": entry.source},
        }
    )


def _moment(value: datetime | None) -> str | None:
    return None if value is None else instant(value)
