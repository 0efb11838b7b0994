"""Compare circulating clips with each other and with reference imagery, and write verification reports.

    import verify

    report = verify.compare(["one.mp4", "other.mp4"], references=["place.jpg"])
    for relation in report.relations:
        print(relation.a, relation.b, relation.kind)

`inspect`, `compare`, `investigate` and `batch` each return a `Report`; `verify.report` writes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.errors import VerifyError

if TYPE_CHECKING:
    from verify.model import Report
    from verify.pipeline import batch, compare, inspect, investigate

__version__ = "0.1.0"

__all__ = ["Report", "VerifyError", "__version__", "batch", "compare", "inspect", "investigate"]

_PIPELINE = frozenset({"batch", "compare", "inspect", "investigate"})


def __getattr__(name: str) -> object:
    # Loaded when first used: `verify --help` need not wait for decoders and OpenCV.
    if name in _PIPELINE:
        from verify import pipeline

        return getattr(pipeline, name)
    if name == "Report":
        from verify.model import Report

        return Report
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
