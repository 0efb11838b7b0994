"""Report -> report.json, report.html, text. Pure: nothing is measured here."""

from verify.report.contract import as_dict, schema, to_json
from verify.report.write import write

__all__ = ["as_dict", "schema", "to_json", "write"]
