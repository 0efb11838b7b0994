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
from verify.metadata.manifests import c2pa
from verify.model import Tool
from verify.scene import ocr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify.fingerprint.neural import Model
    from verify.metadata.manifests.c2pa import Trust
    from verify.scene.ocr import Models
    from verify.settings import Settings

_PACKAGES = (
    "av", "click", "exifread", "geographiclib", "imagehash", "jinja2", "numpy", "opencv-python-headless",
    "pillow", "pillow-heif",
)  # fmt: skip
# Parts that this version does not have, whatever is installed; the report says what each would have examined.
_ABSENT = ("ocr",)


def describe(
    settings: Settings,
    model: Model | None = None,
    trust: Trust | None = None,
    readers: Models | None = None,
) -> Tool:
    """This program, as the report names it.

    Args:
        settings: those in force.
        model: what made the learned fingerprints, where there are any.
        trust: the certificates by which signers of C2PA manifests are trusted, where there are any.
        readers: what read text in the pictures, where it was read.
    """
    used, missing = dict(versions()), []
    if model is not None:
        used |= {"onnxruntime": neural.runtime_version(), "sscd model": model.origin}
    else:
        missing.append("neural")
    if c2pa.installed():
        used["c2pa-python"] = c2pa.version()
    else:
        missing.append(c2pa.EXTRA)
    if readers is not None:
        used["text readers"] = readers.origin
    else:
        missing.append(ocr.EXTRA)
    if trust is not None:
        used["c2pa trust list"] = f"{trust.name}, SHA-256 {trust.digest}"
    return Tool(__version__, asdict(settings), used, tuple(sorted(missing)))


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
