"""The timeline as a table for a spreadsheet (RFC 4180; UTF-8 with a byte order mark, for their sake).

A cell that a spreadsheet would take for a formula begins with an apostrophe: what a post says must not run.
Reference: OWASP, CSV Injection.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from verify.report.escape import visible_lines
from verify.report.plain import instant

if TYPE_CHECKING:
    from datetime import datetime

    from verify.model import Report

COLUMNS = (
    "id", "from", "to", "kind", "media", "what", "source", "readings", "follows", "conflicts_with", "needs",
)  # fmt: skip
# Some spreadsheets take the full-width forms of the signs for the signs.
_FORMULA = tuple("=+-@\t\r\n|%\uff1d\uff0b\uff0d\uff20")


def timeline_csv(report: Report) -> str:
    """One line an entry, in the order of the report; open ends are empty."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for entry in report.timeline:
        cells = (
            entry.id, _moment(entry.start), _moment(entry.end), entry.kind, entry.media or "", entry.what,
            entry.source, " ".join(entry.readings), " ".join(entry.follows), " ".join(entry.conflicts_with),
            "\n".join(need.statement for need in entry.needs),
        )  # fmt: skip
        writer.writerow([calm(cell) for cell in cells])
    return "\ufeff" + out.getvalue()


def calm(cell: str) -> str:
    """The text so that no spreadsheet takes it for a formula, and nothing in it is hidden."""
    shown = visible_lines(cell)
    return f"'{shown}" if shown.lstrip(" \u00a0").startswith(_FORMULA) else shown


def _moment(value: datetime | None) -> str:
    return "" if value is None else instant(value)
