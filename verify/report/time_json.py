"""The timeline and the claims of a report as JSON's own types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.report.plain import instant, number

if TYPE_CHECKING:
    from datetime import datetime

    from verify.model import Claim, Entry


def entry_json(entry: Entry) -> dict[str, object]:
    """One statement about time, with what it would need beside each that it conflicts with."""
    return {
        "id": entry.id,
        "from": _instant(entry.start),
        "to": _instant(entry.end),
        "kind": entry.kind,
        "what": entry.what,
        "source": entry.source,
        "media": entry.media,
        "conflicts_with": list(entry.conflicts_with),
        "follows": list(entry.follows),
        "readings": list(entry.readings),
        "needs": [
            {
                "against": list(need.against),
                "seconds": number(need.seconds),
                "statement": need.statement,
                "through": list(need.through),
            }
            for need in entry.needs
        ],
    }


def claim_json(claim: Claim) -> dict[str, object]:
    """Who said what about which inputs, and what bears on it."""
    return {
        "id": claim.id,
        "by": claim.by,
        "says": claim.says,
        "at": _instant(claim.at),
        "about": list(claim.about),
        "source": claim.source,
        "topic": claim.topic,
        "bearings": [
            {"what": each.what, "id": each.id, "bears": each.bears, "because": each.because}
            for each in claim.bearings
        ],
        "beside": list(claim.beside),
        "position": claim.position and [number(part) for part in claim.position],
        "radius": None if claim.radius is None else number(claim.radius),
    }


def _instant(value: datetime | None) -> str | None:
    return None if value is None else instant(value)
