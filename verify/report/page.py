"""Report -> report.html: one page, complete in itself."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from verify.report.contract import to_json

if TYPE_CHECKING:
    from verify.model import Report


def to_html(report: Report) -> str:
    """The report as one HTML page that opens from disk and asks nothing of the network."""
    return f'<!doctype html><meta charset="utf-8"><pre>{escape(to_json(report))}</pre>\n'
