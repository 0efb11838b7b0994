"""What made a report: versions of all that was used, the settings in force, the parts that are missing."""

from __future__ import annotations

import platform
from dataclasses import asdict
from functools import cache
from importlib import metadata
from types import MappingProxyType
from typing import TYPE_CHECKING

from verify import __version__
from verify.fingerprint import neural
from verify.model import Tool

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify.fingerprint.neural import Model
    from verify.settings import Settings

_PACKAGES = (
    "av", "click", "exifread", "geographiclib", "imagehash", "jinja2", "numpy", "opencv-python-headless",
    "pillow", "pillow-heif",
)  # fmt: skip
# Parts that this version does not have, whatever is installed; the report says what each would have examined.
_ABSENT = ("c2pa", "ocr")


def describe(settings: Settings, model: Model | None = None) -> Tool:
    """This program, as the report names it; `model` made the learned fingerprints, where there are any."""
    if model is None:
        return Tool(__version__, asdict(settings), versions(), (*_ABSENT, "neural"))
    used = {"onnxruntime": neural.runtime_version(), "sscd model": model.origin}
    return Tool(__version__, asdict(settings), {**versions(), **used}, _ABSENT)


@cache
def versions() -> Mapping[str, str]:
    """Python's and each library's, by name; "unknown" for one that was not installed as a package."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "unknown"
    return MappingProxyType(found)
