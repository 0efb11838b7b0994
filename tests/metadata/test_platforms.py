from __future__ import annotations

import re

import pytest

from verify.metadata.origin.platforms import FIELDS, explains, passages, table, writes
from verify.metadata.origin.writers import rules

GOOD = {
    "name": 'name = "A"',
    "known_as": 'known_as = ["a"]',
    "way": 'way = "sent"',
    "removes": 'removes = ["date"]',
    "because": 'because = "b"',
    "source": 'source = "s"',
    "evidence": 'evidence = "published"',
}


def written(rows: dict[str, str]) -> str:
    return "[[platform]]\n" + "\n".join(rows.values())


def test_a_table_of_the_form_is_read() -> None:
    (row,) = table(written(GOOD))
    assert (row.name, row.removes, row.keeps) == ("A", ("date",), ())


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("evidence", 'evidence = "felt"'),
        ("source", 'source = ""'),
        ("removes", 'removes = ["soul"]'),
        ("removes", "removes = []"),
        ("keeps", 'keeps = ["date"]'),
        ("of", 'of = "song"'),
        ("colour", 'colour = "red"'),
    ],
)
def test_a_row_that_is_not_of_the_form_is_refused(key: str, line: str) -> None:
    with pytest.raises(ValueError, match="A: "):
        table(written(GOOD | {key: line}))


def test_a_pattern_that_is_none_is_refused() -> None:
    with pytest.raises(re.error):
        table(written(GOOD | {"known_as": 'known_as = ["("]'}))


@pytest.mark.parametrize("name", [rule.name for rule in rules() if rule.kind == "platform"])
def test_every_platform_that_a_structure_tells_is_explained(name: str) -> None:
    assert any(explains(name, field) for field in FIELDS)


@pytest.mark.parametrize("called", ["Telegram", "telegram", "t.me", "x", "twitter.com", "youtu.be", "TikTok"])
def test_platforms_are_known_by_what_posts_and_links_call_them(called: str) -> None:
    assert explains(called, "position") is not None


def test_what_is_said_depends_on_what_was_sent() -> None:
    assert explains("telegram", "date", "video") is None
    assert writes("telegram", "date", "video") is not None
    assert "without EXIF" in (explains("telegram", "date", "picture") or "")


def test_what_was_not_verified_is_said_to_be_so() -> None:
    for row in passages():
        for field in row.removes:
            told = explains(row.known_as[0], field, row.of) or ""
            assert ("not verified" in told) == (row.evidence == "unverified"), row.name


def test_an_unknown_platform_explains_nothing() -> None:
    assert explains("the pigeon post", "date") is None
    assert explains("", "date") is None


def test_a_field_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="soul"):
        explains("telegram", "soul")
