"""The picture of posts and files, claims side by side, fields and structure: as given, bounded, harmless."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from report_build import HOSTILE, MOSCOW, clip, minimal, rich, span

from verify.model import (
    Bearing,
    Box,
    Claim,
    Entry,
    Field,
    Forward,
    Ingredient,
    Manifest,
    ManifestAction,
    Metadata,
    Passed,
    Post,
    PostOrder,
    Report,
    Text,
    Writer,
)
from verify.report import to_html
from verify.report.claims import spoken
from verify.report.fields import fields, structure
from verify.report.graph import NARROW, POSTS, WIDE, graph
from verify.report.sources import listed_posts, sources

FIRST = datetime(2023, 5, 3, 2, 37, tzinfo=MOSCOW)


def post(number: int, minutes: float | None, *shows: str, **more: object) -> Post:
    start = None if minutes is None else FIRST + timedelta(minutes=minutes)
    end = None if start is None else start + timedelta(seconds=59)
    values: dict[str, object] = {
        "source": f"channel {number}",
        "number": str(number),
        "text": f"text {number}",
    }
    return Post(f"p{number}", "telegram", start=start, end=end, shows=shows, **{**values, **more})  # type: ignore[arg-type]


def posted() -> Report:
    """Three posts of one recording, one that passes on another, one that passes on what nobody has."""
    posts = (
        post(1, 30, "dome", url="https://example.org/1", archived="https://example.org/archive/1"),
        post(2, 0, "repost"),
        post(3, 60, "dome", forwarded=Forward("channel 1", FIRST, FIRST, "1")),
        post(4, 90, "smoke", forwarded=Forward("a channel elsewhere")),
        post(5, None, "remux"),
        post(6, 5),
    )
    order = PostOrder(
        ("dome", "repost", "monitor", "remux"), ("p2", "p1", "p3", "p5"), ("p2", "p5"),
        (Passed("p3", "channel 1", "p1"),),
    )  # fmt: skip
    alone = PostOrder(("smoke",), ("p4",), ("p4",), (Passed("p4", "a channel elsewhere", None),))
    return replace(rich(), posts=posts, post_orders=(order, alone))


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_posts_stand_in_the_order_of_their_first_moment(width: float) -> None:
    drawn = graph(posted(), width)
    assert drawn is not None
    posts = sorted((node.y, node.id) for node in drawn.nodes if node.kind != "file")
    assert [name for _, name in posts] == ["p2", "p1", "p3", "named a channel elsewhere ", "p4", "p5"]
    for left, right in ((a, b) for a in drawn.nodes for b in drawn.nodes if a.kind == b.kind and a.y < b.y):
        assert left.y + left.height <= right.y
    assert all(node.x >= 0 and node.x + node.width <= width for node in drawn.nodes)
    assert drawn.height >= max(node.y + node.height for node in drawn.nodes)


def test_every_step_is_drawn_in_its_direction() -> None:
    drawn = graph(posted())
    assert drawn is not None
    told = {
        line.kind: {other.title for other in drawn.lines if other.kind == line.kind} for line in drawn.lines
    }
    assert told["forward"] == {
        "p3 channel 3 passes on p1 channel 1",
        "p4 channel 4 passes on a channel elsewhere",
    }
    assert "repost derives from dome, or from something like it" in told["derives"]
    assert {title.split(" shows ")[1] for title in told["shows"] | told["shows first"]} == {
        "dome", "repost", "smoke", "remux",
    }  # fmt: skip
    nodes = {node.id: node for node in drawn.nodes}
    line = next(line for line in drawn.lines if line.title.startswith("p3 ") and line.kind == "forward")
    start, end = line.path.split("C")[0], line.path.split()[-1]
    assert float(start.split()[1]) == pytest.approx(nodes["p1"].middle, abs=0.1)
    assert float(end) == pytest.approx(nodes["p3"].middle, abs=0.1)
    assert len(drawn.families) == 1


def test_the_earliest_is_only_the_earliest_found_here() -> None:
    drawn = graph(posted())
    assert drawn is not None
    marked = {node.id for node in drawn.nodes if node.marked}
    assert marked == {"p2", "p5", "file dome"}  # p4 is the only post of its recording
    page = to_html(posted())
    assert "earliest found here" in page
    assert (
        re.search(
            r"\b(first|original) post(ed)?\b", page[page.index('id="posts"') : page.index("Every post")]
        )
        is None
    )


def test_posts_past_the_bound_are_counted_by_file() -> None:
    posts = tuple(post(number, number, ("dome", "smoke")[number % 2]) for number in range(200))
    report = replace(rich(), posts=posts, post_orders=(PostOrder(("dome",), (), ("p198",)),))
    known = sources(report, POSTS, 24)
    assert len(known.posts) == POSTS
    assert sum(rest.count for rest in known.more) == 200 - POSTS
    assert {"p198", "p0", "p1"} <= {each.id for each in known.posts}
    drawn = graph(report)
    assert drawn is not None
    assert drawn.height < 2000
    listed, left = listed_posts(report, 50)
    assert (len(listed), left) == (50, 150)


def test_a_post_that_shows_nothing_is_listed_and_not_drawn() -> None:
    drawn = graph(posted())
    assert drawn is not None
    assert "p6" not in {node.id for node in drawn.nodes}
    page = to_html(posted())
    assert '<td class="id">p6</td>' in page
    assert "no date" in page
    assert "Passes on p1 of channel 1." in page
    assert "Passes on a channel elsewhere, which is not among the posts." in page
    assert "<code>https://example.org/archive/1</code>" in page
    assert graph(replace(minimal(), posts=(post(1, 0),))) is None


def test_claims_on_one_matter_stand_side_by_side() -> None:
    said = (
        Claim("c1", "an agency", "first at 03:16", about=("smoke",), beside=("c2",), bearings=(
            Bearing("entry", "t1", "contradicts", "posted at 02:37: the two cannot both be right"),
            Bearing("text", "says", "does_not_bear", "It is said in words. They are not interpreted."),
        )),
        Claim("c2", "a site", "not before 14:57", about=("smoke",), beside=("c1",)),
        Claim("c3", "a channel", "filmed at 02:27", about=("dome",), bearings=(
            Bearing("entry", "t2", "supports", "it lies within"),
            Bearing("finding", "x/1 dome", "does_not_bear", "too dark to tell"),
        )),
    )  # fmt: skip
    told = spoken(replace(rich(), claims=said), 100)
    assert told is not None
    assert [[card.claim.id for card in matter.cards] for matter in told.matters] == [["c1", "c2"], ["c3"]]
    assert told.matters[0].cards[0].in_words == ("It is said in words.",)
    assert told.notes == ("It is said in words. They are not interpreted.",)
    page = to_html(replace(rich(), claims=said))
    part = page[page.index('id="said"') : page.index('id="files"')]
    for words in (
        "Contradicted by",
        "Supported by",
        "1 thing looked at that does not bear on it",
        "Said differently",
    ):
        assert part.count(words) == 1, words
    assert spoken(replace(rich(), claims=said), 1).left_out == 2  # type: ignore[union-attr]
    assert spoken(rich(), 9) is None


def carrying() -> Report:
    said = Metadata(
        writers=(Writer("ffmpeg", ("Lavf",), "program", "its source", "one command"),),
        c2pa="invalid",
        manifest=Manifest(
            "urn:c2pa:1", "A Signer", "An Issuer", "a camera", "2023-05-03T00:00:00Z",
            ("trainedAlgorithmicMedia",),
            (ManifestAction("c2pa.edited", "2023", "an editor"),),
            (Ingredient("a.jpg", None, "parentOf", "valid"),),
            (("assertion.dataHash.mismatch", "the bytes are not those that were signed"),), 2,
        ),
    )  # fmt: skip
    given = (
        Field(
            "software", "Lavf62", "container: encoder", "which program wrote it last", "with one command", "x"
        ),
        Field("taken", None, "", "when it was recorded", "with one command", "Telegram removes it."),
        Field("position", None, "", "where it was", "with one command", "Telegram removes it."),
        Field("c2pa", "invalid", "the C2PA manifest", "who signed", "it can be removed"),
    )
    boxes = {"boxes": [
        {"type": "ftyp", "offset": 0, "size": 32, "fields": {"brand": "isom"}},
        {"type": "moov", "offset": 32, "size": 900, "boxes": [
            {"type": "mvhd", "offset": 40, "size": 108, "notes": ["odd"]},
            {"type": "trak", "offset": 200, "size": 700, "folded": 3},
        ]},
    ]}  # fmt: skip
    texts = (Text("@channel", Box(0.1, 0.2, 0.3, 0.05), span(0, 3), 0.9, "account", 4, True),)
    return replace(
        minimal(),
        media=(
            clip(
                "x",
                4,
                metadata=said,
                fields=given,
                texts=texts,
                structure={"boxes": boxes, "encoders": [{"crf": "23"}]},
            ),
        ),
    )


def test_each_field_says_what_it_would_prove_and_how_easily_it_is_changed() -> None:
    told = fields(carrying().media[0])
    assert [field.name for field in told.stated] == ["software", "c2pa"]
    assert told.missing == ("date taken", "position")
    assert told.notes == ("date taken, position: Telegram removes it.",)
    page = to_html(carrying())
    for words in (
        "Lavf62", "in container: encoder", "which program wrote it last",
        "Not stated: date taken and position.",
        "A Signer, An Issuer", "c2pa.edited, 2023, an editor", "the bytes are not those that were signed",
        "a.jpg, parentOf; its own manifest: valid; signer on no trust list", "2, with those of earlier steps",
        "@channel", "10.0, 20.0, 30.0, 5.0 %", "Such traces are forged: one command.",
    ):  # fmt: skip
        assert words in page, words


def test_boxes_are_told_by_indented_lines() -> None:
    parts = structure(carrying().media[0], 5000)
    assert [part.title for part in parts] == ["Boxes", "Encoders"]
    assert parts[0].lines == (
        "ftyp: 32 bytes at 0; brand isom",
        "moov: 900 bytes at 32",
        "  mvhd: 108 bytes at 40; note: odd",
        "  trak: 3 more of them, 700 bytes together",
    )
    short = structure(carrying().media[0], 120)[0]
    assert short.left_out
    assert len(short.lines) == 2


def test_deep_and_long_structure_stays_small() -> None:
    deep: Any = "end"
    for _ in range(200):
        deep = {"inner": [deep, {}]}
    wide = {f"name{number}": "v" * 5000 for number in range(5000)}
    media = clip("x", 1, structure={"boxes": wide, "deep": deep, "wide": wide, "odd": 7})
    parts = structure(media, 50_000)
    assert sum(len(line) for part in parts for line in part.lines) < 50_000
    assert all(len(line) < 1300 for part in parts for line in part.lines)
    assert len(parts) == 4


def test_hostile_posts_claims_and_fields_are_shown_as_text() -> None:
    bad = post(
        1, 0, HOSTILE, source=HOSTILE, text=HOSTILE, url=HOSTILE, forwarded=Forward(HOSTILE), found_in=HOSTILE
    )
    said = Claim(
        HOSTILE,
        HOSTILE,
        HOSTILE,
        None,
        (HOSTILE,),
        HOSTILE,
        "",
        (Bearing("entry", HOSTILE, "supports", HOSTILE),),
    )
    media = clip(
        HOSTILE, 1, structure={HOSTILE: {HOSTILE: HOSTILE}, "boxes": {"boxes": [{"type": HOSTILE}]}},
        fields=(Field(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
        texts=(Text(HOSTILE, Box(0, 0, 1, 1), span(0, 1), 1.0),),
        metadata=Metadata(
            c2pa_note=HOSTILE, manifest=Manifest(HOSTILE, HOSTILE, failures=((HOSTILE, HOSTILE),))
        ),
    )  # fmt: skip
    page = to_html(replace(minimal(), media=(media,), posts=(bad,), claims=(said,)))
    assert "<script" not in page
    assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", page) is None


def test_many_posts_and_entries_stay_small_and_quick() -> None:
    posts = tuple(post(number, number, "dome", text="x" * 9000) for number in range(3000))
    entries = tuple(
        Entry(f"t{number}", each.start, each.end, "posted", "posted: " + each.text, each.source, "dome",
              (f"t{number ^ 1}",) if number < 600 else ())
        for number, each in enumerate(posts)
    )  # fmt: skip
    order = PostOrder(("dome",), tuple(each.id for each in posts), ("p0",))
    page = to_html(
        replace(minimal(), media=(clip("dome", 1),), posts=posts, timeline=entries, post_orders=(order,))
    )
    assert len(page) < 8_000_000
    assert "240 more pairs in report.json" in page
