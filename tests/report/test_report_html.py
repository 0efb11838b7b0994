"""report.html: complete in itself, calm with hostile text, small with many inputs."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace
from html.parser import HTMLParser
from typing import ClassVar

import cv2
import numpy as np
import pytest
from report_build import HOSTILE, clip, hostile, many, minimal, picture, rich

from verify.model import Exhibit, RelationKind
from verify.report import to_html
from verify.report.matrix import matrix
from verify.report.wording import DISCLAIMER
from verify.settings import SETTINGS

REPORTS = {"rich": rich, "minimal": minimal, "hostile": hostile, "many": lambda: many(20)}


class Page(HTMLParser):
    """What a page holds: tags, attributes, text; every element closed where it must be."""

    VOID: ClassVar = {"meta", "img", "br", "rect", "path", "polygon"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words = ""
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if tag in self.VOID:
            return
        assert self.open, tag
        assert self.open.pop() == tag, (tag, self.open)

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words += data


@pytest.fixture(scope="module", params=REPORTS.values(), ids=REPORTS)
def html(request: pytest.FixtureRequest) -> str:
    return to_html(request.param())


def test_a_page_is_well_formed_and_has_no_script(html: str) -> None:
    page = Page(html)
    assert page.open == []
    assert not {"script", "iframe", "object", "embed", "link", "base", "form", "audio", "video"} & set(
        page.tags
    )
    assert [name for _, name, _ in page.attributes if name.startswith("on")] == []


def test_a_page_asks_nothing_of_the_network(html: str) -> None:
    page = Page(html)
    for tag, name, value in page.attributes:
        if name in {"src", "href", "data", "action", "poster", "srcset", "xlink:href"}:
            assert value.startswith(("data:image/jpeg;base64,", "#")), (tag, name, value[:60])
    policy = next(v for t, n, v in page.attributes if t == "meta" and n == "content" and "default-src" in v)
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'")
    assert "url(" not in html
    assert "@import" not in html


def test_the_inner_links_lead_somewhere(html: str) -> None:
    page = Page(html)
    targets = {value for _, name, value in page.attributes if name == "id"}
    assert {v[1:] for t, n, v in page.attributes if t == "a" and n == "href"} <= targets


def test_no_hidden_character_reaches_the_page(html: str) -> None:
    assert (
        re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", html)
        is None
    )
    assert html.encode("utf-8")


def test_every_page_says_what_a_result_does_not_prove(html: str) -> None:
    assert DISCLAIMER in Page(html).words


def test_hostile_text_is_shown_as_text() -> None:
    page = Page(to_html(hostile()))
    shown = HOSTILE.replace("\u202e", "\u2039U+202E\u203a").replace("\x1b", "\u2039U+001B\u203a")
    assert page.words.count(shown.replace("\udcff", "\\xff")) > 30


def test_the_pictures_are_those_of_the_exhibits() -> None:
    page = Page(to_html(rich()))
    sources = [value for tag, name, value in page.attributes if (tag, name) == ("img", "src")]
    # Key frames, the reference, three pairs, a thumbnail an input, and four in the family's tree.
    assert len(sources) == 6 * 3 + 1 + 6 + 7 + 4
    image = cv2.imdecode(np.frombuffer(b64decode(sources[0].split(",")[1]), np.uint8), cv2.IMREAD_COLOR)
    assert np.abs(image.astype(int) - picture(1)).mean() < 6


def test_a_picture_is_never_wider_than_its_shape_so_that_marks_lie_where_they_belong() -> None:
    shapes = re.findall(
        r'class="still" style="--ratio:([\d.]+)"><img[^>]* width="(\d+)" height="(\d+)"', to_html(rich())
    )
    assert shapes
    for ratio, width, height in shapes:
        assert float(ratio) == pytest.approx(int(width) / int(height), abs=1e-4)


def test_the_differences_of_a_copy_are_folded_behind_those_of_its_source() -> None:
    report = rich()
    (seen,) = (r.differences for r in report.relations if r.differences)
    page = to_html(
        replace(
            report,
            relations=tuple(
                replace(r, differences=seen) if (r.a, r.b) == ("smoke", "repost") else r
                for r in report.relations
            ),
        )
    )
    told = "<details><summary>1 difference of copies; those of smoke and dome stand for them</summary>"
    assert page.count(told) == 1
    assert "of copies; those of" not in to_html(report)


def test_the_order_of_what_is_told() -> None:
    page = to_html(rich())
    heads = re.findall(r"<h2>(.*?)</h2>", page)
    assert heads == [
        "Summary",
        "Items received",
        "How they relate",
        "Pair by pair",
        "Events in the clips",
        "Times",
        "What is said",
        "What the files show and say",
        "Findings",
        "What was not examined",
        "How it was measured",
    ]


def test_the_strongest_relation_comes_first() -> None:
    chips = re.findall(
        r'<article class="pair">\s*<span class="chip"><span class="key (\w+)"', to_html(rich())
    )
    kinds = [kind.value for kind in RelationKind]
    assert chips == sorted(chips, key=kinds.index)
    assert len(chips) == 14
    assert not {"none_found", "inconclusive"} & set(chips)


def test_what_was_not_examined_is_told() -> None:
    page = to_html(rich())
    assert '<li><span class="id">broken</span>: no frame could be decoded</li>' in page
    words = Page(page).words
    for expected in (
        "No frame could be decoded",
        "The extra c2pa is not installed",
        "signatures of C2PA manifests, likeness by learned fingerprints",
        "That is not proof that they are unrelated",
        "Which of the two is nearer the source cannot be told",
    ):
        assert expected in words


def test_contradictions_stand_in_the_summary() -> None:
    page = Page(to_html(rich())).words
    assert "smoke: not all of this can be right" in page[: page.index("Items received")]


def test_the_tool_passes_no_verdict() -> None:
    words = Page(to_html(rich())).words.replace(DISCLAIMER, "").lower()
    words = words[: words.index("how it was measured")]
    assert re.findall(r"\b(authentic|fake|tampered|manipulated|genuine|unaltered)\b", words) == []


def test_a_long_text_is_cut_and_says_so() -> None:
    long = replace(
        rich(),
        media=(clip("x", 1, notes=("y" * 100_000,)),),
        relations=(),
        families=(),
        events=(),
        exhibits=(),
        findings=(),
        timeline=(),
    )
    assert len(to_html(long)) < len(to_html(minimal())) + 60_000
    assert "more letters in report.json" in to_html(long)


def test_tags_share_a_bound() -> None:
    tags = {"container": {f"name{number}": "v" * 200 for number in range(20_000)}}
    page = to_html(replace(minimal(), media=(clip("x", 1, tags=tags), clip("y", 1))))
    assert len(page) < 3 * SETTINGS.report.tag_letters
    assert "more tags in report.json" in page
    assert ">name0<" in page


def test_pictures_past_the_bound_are_left_out_and_said() -> None:
    full, bound = to_html(rich()), 150_000
    page = to_html(rich(), replace(SETTINGS.report, html_bytes=bound))
    pictures = sum(len(value) for value in re.findall(r'src="(data:[^"]*)"', page))
    assert 0 < pictures <= bound
    assert re.search(r"\d+ pictures left out", page)
    assert "pictures left out" not in full
    assert page.count("present</span>") == 2  # the difference outlives the key frames


def test_a_thousand_pairs_stay_small() -> None:
    report = many(60)
    assert len(report.relations) == 1770
    page = to_html(report)
    assert len(page) < 20_000_000
    assert page.count('<article class="pair">') == SETTINGS.report.detailed_pairs
    related = sum(relation.kind is RelationKind.COPY for relation in report.relations)
    assert page.count("<tr><td>clip-") == related - SETTINGS.report.detailed_pairs


def test_many_pictures_and_many_inputs_stay_under_twenty_megabytes() -> None:
    report = many(150)
    jpeg = b"\xff" * 60_000
    exhibits = [
        Exhibit(e.kind, e.subjects, tuple(replace(still, jpeg=jpeg) for still in e.stills), e.caption)
        for e in report.exhibits
    ]
    still = replace(exhibits[0].stills[0], jpeg=jpeg)
    exhibits += [Exhibit("key_frames", (media.id,), (still,) * 6, "") for media in report.media]
    page = to_html(replace(report, exhibits=tuple(exhibits)))
    assert 5_000_000 < len(page) < 20_000_000
    assert "left out" in page


def test_the_dense_matrix_draws_every_related_pair() -> None:
    report = many(150)
    drawn = matrix(report, SETTINGS.report)
    assert drawn is not None
    cells = sum(int(run) for _, data in drawn.paths for run in re.findall(r"h(\d+)v1", data))
    related = [relation for relation in report.relations if relation.kind is RelationKind.COPY]
    assert cells == len(related)
    assert len(drawn.paths[0][1]) > 6000  # longer than any other text may be
    assert drawn.paths[0][1] in to_html(report)


def test_the_lettered_matrix_has_a_cell_a_pair() -> None:
    drawn = matrix(rich(), SETTINGS.report)
    assert drawn is not None
    assert len(drawn.cells) == len(rich().relations)
    assert {(cell.x, cell.y) for cell in drawn.cells} == {
        (38.0 * a, 38.0 * b) for b in range(7) for a in range(b)
    }
    assert sum(entry[3] for entry in drawn.legend) == len(rich().relations)
