"""JSON as an export is written: sorted, UTF-8, hidden characters by their number; and names for its nodes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, UUID, uuid5

from verify.report.escape import json_escaped
from verify.report.plain import instant, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify.model import Report

# So that the names of nodes belong to this program and to no other that hashes the same text.
_OWN = uuid5(NAMESPACE_URL, "https://schema.org/MediaReview#verify-report/1")


def json_text(values: Mapping[str, object]) -> str:
    """The document as text, with one newline at its end."""
    written = json.dumps(table(values), sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False)
    return json_escaped(written) + "\n"


def identity(report: Report, *parts: str) -> UUID:
    """The same for the same thing of the same report, so that an export taken twice names things alike."""
    media = [f"{item.sha256 or item.path}" for item in report.media]
    about = "\n".join([report.inquiry.title, instant(report.created), *media, *parts])
    return uuid5(_OWN, about.encode("utf-8", "backslashreplace").decode("utf-8"))


def without_empty(values: Mapping[str, object]) -> dict[str, object]:
    """The entries that say something."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {}, ())}
