"""A report as other programs take it: calendars, maps, drafts, case files. Pure, one format a module.

Each export is a text that is written beside report.json when it is asked for. None says more than the report
does, and none resolves what the report leaves open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.report.exports.case_uco import case_uco
from verify.report.exports.mediareview import mediareview
from verify.report.exports.places_geojson import places_geojson
from verify.report.exports.timeline_csv import timeline_csv
from verify.report.exports.timeline_ics import timeline_ics
from verify.report.exports.timeline_jsonld import timeline_jsonld

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify.model import Report


@dataclass(frozen=True, slots=True)
class Export:
    """One format: the name it is asked for by, the file it is written to, and what makes its text."""

    name: str
    file: str
    make: Callable[[Report], str]


EXPORTS = (
    Export("timeline-csv", "timeline.csv", timeline_csv),
    Export("timeline-ics", "timeline.ics", timeline_ics),
    Export("timeline-jsonld", "timeline.jsonld", timeline_jsonld),
    Export("places-geojson", "places.geojson", places_geojson),
    Export("mediareview", "mediareview.jsonld", mediareview),
    Export("case-uco", "case-uco.jsonld", case_uco),
)

__all__ = ["EXPORTS", "Export"]
