"""The places of a report for a map (GeoJSON, RFC 7946): case, claims, files.

A position in a file is what the file says, and can be written by anyone.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from verify.report.exports.json_text import json_text
from verify.report.plain import instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify.model import Report


def places_geojson(report: Report) -> str:
    """A collection of points; a place without a position has no geometry."""
    return json_text({"type": "FeatureCollection", "features": list(_features(report))})


def _features(report: Report) -> Iterator[dict[str, object]]:
    place = report.inquiry.place
    if place.name or place.latitude is not None:
        yield _feature(
            "case", place.latitude, place.longitude,
            {"kind": "case", "name": place.name, "source": "the case", "title": report.inquiry.title},
        )  # fmt: skip
    for claim in report.claims:
        if claim.position is not None:
            yield _feature(
                f"claim {claim.id}", *claim.position,
                {
                    "kind": "claimed", "name": ", ".join(claim.about), "source": claim.by, "says": claim.says,
                    "radius_metres": claim.radius, "said": claim.at and instant(claim.at),
                },
            )  # fmt: skip
    for media in report.media:
        if media.metadata.position is not None:
            said = next((field.source for field in media.fields if field.name == "position"), "")
            latitude, longitude = media.metadata.position
            yield _feature(
                f"file {media.id}", latitude, longitude,
                {
                    "kind": "file", "name": media.id, "path": str(media.path), "sha256": media.sha256,
                    "source": said or "the file's metadata",
                    "note": "A position in a file is what the file says; it is easily changed.",
                },
            )  # fmt: skip


def _feature(
    name: str, latitude: float | None, longitude: float | None, properties: dict[str, object]
) -> dict[str, object]:
    return {"type": "Feature", "id": name, "geometry": _point(latitude, longitude), "properties": properties}


def _point(latitude: float | None, longitude: float | None) -> dict[str, object] | None:
    """Longitude first, as the format has it (RFC 7946, section 3.1.1); None for what is no place on Earth."""
    if latitude is None or longitude is None or not (isfinite(latitude) and isfinite(longitude)):
        return None
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return {"type": "Point", "coordinates": [round(longitude, 7), round(latitude, 7)]}
