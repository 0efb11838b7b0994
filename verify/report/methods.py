"""The methods, described by the docstrings of the modules that carry them out.

What a reader is told of a method is what stands beside its code: `verify methods` and the appendix of every
report print these texts.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from importlib import import_module

# In the order in which a file meets them.
METHODS = (
    "verify.media.probe",
    "verify.fingerprint.pdq",
    "verify.fingerprint.local",
    "verify.geometry.fit",
)


@dataclass(frozen=True, slots=True)
class Method:
    """One method: its name as `verify methods NAME` takes it, a title, and its module's text."""

    name: str
    title: str
    text: str


def methods() -> tuple[Method, ...]:
    """Every method of `METHODS`, in its order; ImportError where one is not there."""
    return tuple(_method(module) for module in METHODS)


def _method(module: str) -> Method:
    described = inspect.cleandoc(import_module(module).__doc__ or "")
    title, _, text = described.partition("\n")
    return Method(module.removeprefix("verify."), title.rstrip("."), text.strip())
