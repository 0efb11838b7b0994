"""Report -> report.json, report.html, text. Pure: nothing is measured here."""

from verify.report.contract import as_dict, schema, to_json
from verify.report.escape import visible
from verify.report.exports import EXPORTS, Export
from verify.report.methods import METHODS, Method, methods
from verify.report.page import to_html
from verify.report.text import summary
from verify.report.write import write, write_exports

__all__ = [
    "EXPORTS",
    "METHODS",
    "Export",
    "Method",
    "as_dict",
    "methods",
    "schema",
    "summary",
    "to_html",
    "to_json",
    "visible",
    "write",
    "write_exports",
]
