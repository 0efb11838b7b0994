"""The report for digital-forensic tools: CASE 1 and UCO 1 as JSON-LD (https://caseontology.org).

An investigation with the files received, each with its checksum and a provenance record, the examination as
an investigative action with this program as its instrument, and the copies found as relationships. Times,
claims and findings have no place in that model and stay in report.json.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from verify.report import units
from verify.report.exports.json_text import identity, json_text
from verify.report.plain import instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify.model import Media, Report

_CONTEXT = {
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def case_uco(report: Report) -> str:
    """The bundle as JSON-LD text."""
    return json_text({"@context": _CONTEXT, "@graph": list(_graph(report))})


def _graph(report: Report) -> Iterator[dict[str, object]]:
    inquiry = report.inquiry
    files = [_ref(report, "file", media.id) for media in report.media]
    records = [_ref(report, "record", media.id) for media in report.media]
    tool, action = _ref(report, "tool"), _ref(report, "action")
    edges = [edge for family in report.families for edge in family.edges]
    derived = [_ref(report, "edge", edge.parent, edge.child) for edge in edges]
    yield {
        **_ref(report, "investigation"),
        "@type": "case-investigation:Investigation",
        "uco-core:name": inquiry.title,
        "uco-core:description": [inquiry.question],
        "uco-core:object": [*files, *records, tool, action, *derived],
    }
    yield {
        **tool,
        "@type": "uco-tool:AnalyticTool",
        "uco-core:name": report.tool.name,
        "uco-tool:version": report.tool.version,
        "uco-tool:toolType": "media comparison",
    }
    yield {
        **action,
        "@type": "case-investigation:InvestigativeAction",
        "uco-core:name": report.command or "examination",
        "uco-core:description": ["Examined the files and wrote report.json and report.html."],
        "uco-action:endTime": _typed("dateTime", instant(report.created)),
        "uco-action:instrument": [tool],
        "uco-action:object": files,
        "uco-action:result": records,
    }
    for number, media in enumerate(report.media, 1):
        yield _file(report, media)
        yield _record(report, media, number)
    for edge, name in zip(edges, derived, strict=True):
        yield {
            **name,
            "@type": "uco-observable:ObservableRelationship",
            "uco-core:description": [f"{edge.child} derives from {edge.parent}, or from something like it."],
            "uco-core:source": _ref(report, "file", edge.child),
            "uco-core:target": _ref(report, "file", edge.parent),
            "uco-core:kindOfRelationship": "Derived_From",
            "uco-core:isDirectional": _typed("boolean", "true"),
        }


def _file(report: Report, media: Media) -> dict[str, object]:
    path = PurePath(media.path)
    about = {
        **_ref(report, "file facet", media.id),
        "@type": "uco-observable:FileFacet",
        "uco-observable:fileName": path.name,
        "uco-observable:filePath": str(path),
    }
    if media.size_bytes is not None:
        about["uco-observable:sizeInBytes"] = _typed("integer", str(media.size_bytes))
    facets: list[dict[str, object]] = [about]
    if media.sha256:
        facets.append(_content(report, media, media.sha256))
    return {
        **_ref(report, "file", media.id),
        "@type": "uco-observable:File",
        "uco-core:name": media.id,
        "uco-core:hasFacet": facets,
    }


def _content(report: Report, media: Media, sha256: str) -> dict[str, object]:
    return {
        **_ref(report, "content facet", media.id),
        "@type": "uco-observable:ContentDataFacet",
        "uco-observable:hash": [
            {
                **_ref(report, "hash", media.id),
                "@type": "uco-types:Hash",
                "uco-types:hashMethod": "SHA256",
                "uco-types:hashValue": _typed("hexBinary", sha256.upper()),
            }
        ],
    }


def _record(report: Report, media: Media, number: int) -> dict[str, object]:
    posts = [post for post in report.posts if media.id in post.shows]
    told = [f"{media.role}, given as {media.path}"]
    told += [f"shown by {p.source}, {units.interval(p.start, p.end)} {p.url}".strip() for p in posts]
    return {
        **_ref(report, "record", media.id),
        "@type": "case-investigation:ProvenanceRecord",
        "uco-core:name": f"{number} {media.id}",
        "uco-core:description": told,
        "case-investigation:exhibitNumber": str(number),
        "uco-core:object": [_ref(report, "file", media.id)],
    }


def _ref(report: Report, *parts: str) -> dict[str, object]:
    return {"@id": f"urn:uuid:{identity(report, *parts)}"}


def _typed(kind: str, value: str) -> dict[str, str]:
    return {"@type": f"xsd:{kind}", "@value": value}
