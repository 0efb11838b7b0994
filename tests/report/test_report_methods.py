"""Every method is described by the words beside its code, and none is left out."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

import verify
from verify.report.methods import METHODS, methods


@pytest.mark.parametrize("module", METHODS)
def test_a_method_is_there_and_says_what_it_does(module: str) -> None:
    described = import_module(module).__doc__ or ""
    title, _, text = described.strip().partition("\n")
    assert 10 < len(title) < 111
    assert len(text.strip()) > 150


def test_the_texts_are_those_of_the_modules() -> None:
    told = {method.name: method for method in methods()}
    assert [f"verify.{name}" for name in told] == list(METHODS)
    assert told["fingerprint.pdq"].title.startswith("PDQ: 256 bits")
    assert "Limits" in told["fingerprint.pdq"].text


def test_a_module_that_states_limits_is_listed() -> None:
    root = Path(verify.__file__).parent
    stated = {
        ".".join(("verify", *path.relative_to(root).with_suffix("").parts)).removesuffix(".__init__")
        for path in root.rglob("*.py")
        if re.search(r"^Limits?\b", ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "", re.MULTILINE)
    }
    assert stated
    assert stated <= set(METHODS)
