"""What made a report: versions of all that was used, the settings in force, the extras that are missing."""

from __future__ import annotations

import platform
from dataclasses import asdict
from importlib import metadata, util
from typing import TYPE_CHECKING

from verify import __version__
from verify.model import Tool

if TYPE_CHECKING:
    from verify.settings import Settings

_PACKAGES = (
    "av", "click", "exifread", "imagehash", "jinja2", "numpy", "opencv-python-headless", "pillow",
    "pillow-heif",
)  # fmt: skip
_EXTRAS = {
    "c2pa": "c2pa",
    "cluster": "distributed",
    "neural": "onnxruntime",
    "ocr": "rapidocr_onnxruntime",
    "pdf": "weasyprint",
    "scale": "faiss",
    "web": "starlette",
}


def describe(settings: Settings) -> Tool:
    """This program, as the report names it."""
    versions = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "unknown"
    missing = tuple(extra for extra, module in sorted(_EXTRAS.items()) if util.find_spec(module) is None)
    return Tool(version=__version__, settings=asdict(settings), dependencies=versions, extras_missing=missing)
