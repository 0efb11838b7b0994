from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import jsonschema
from report_build import rich

from verify.model import Box, Ingredient, Manifest, ManifestAction, Metadata, Report, Span, Text
from verify.report import to_html
from verify.report.contract import as_dict, schema

EVIL = "<script>alert(1)</script>"
SIGNED = Metadata(
    c2pa="valid",
    manifest=Manifest(
        EVIL,
        signer=EVIL,
        generator="a program",
        source_types=("trainedAlgorithmicMedia",),
        actions=(ManifestAction("c2pa.created", None, EVIL, "trainedAlgorithmicMedia"),),
        ingredients=(Ingredient(EVIL, None, "parentOf", "none"),),
        failures=(("signingCredential.untrusted", "the signer is on no list"),),
    ),
)
BOX, SPAN = Box(0.1, 0.2, 0.3, 0.05), Span(Fraction(1), Fraction(3))
TEXTS = (
    Text(EVIL, BOX, SPAN, 0.9, "account", 4, True),
    Text("02:27", BOX, SPAN, 0.8, "clock", 2, False, ((Fraction(1), "02:27"),)),
    Text(None, BOX, SPAN, 0.0),
)


def made() -> Report:
    base = rich()
    first = replace(base.media[0], metadata=SIGNED, texts=TEXTS)
    return replace(base, media=(first, *base.media[1:]))


def test_manifest_and_texts_are_to_the_schema() -> None:
    document = as_dict(made())
    jsonschema.validate(document, schema())
    (first, *_) = document["media"]  # type: ignore[misc]
    assert first["metadata"]["c2pa"]["manifest"]["ingredients"] == [
        {"title": EVIL, "format": None, "relationship": "parentOf", "state": "none"}
    ]
    assert first["texts"][1]["readings"] == [{"time": 1.0, "text": "02:27"}]
    assert (first["texts"][2]["text"], first["texts"][2]["at"]) == (None, [1.0, 3.0])


def test_the_page_shows_them_and_lets_no_text_of_a_file_run() -> None:
    page = to_html(made())
    assert EVIL not in page
    assert "valid; signer on no trust list" in page
    assert "Signed by" in page
    assert "(name or address)" in page
    assert "in its place throughout" in page
    assert "located, not read" in page
