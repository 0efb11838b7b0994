"""Families of copies as the page draws them: who stands below whom, with pictures, and nothing unescaped."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from report_build import HOSTILE, clip, copy, hostile, rich, still

from verify.model import Edge, Edit, Exhibit, Family, Relation, RelationKind, Report
from verify.report.gallery import gallery
from verify.report.page import to_html
from verify.report.tree import Node, Tree, trees
from verify.settings import SETTINGS

NAMES = ("source", "crop", "logo", "grey", "remux", "screen")
EDITS = (Edit("crop", "cropped"), Edit("picture_in_picture", "inset"), Edit("crop", "again"))


def family(*edges: tuple[str, str], nearest: str | None = "source", notes: tuple[str, ...] = ()) -> Report:
    """Six members; source and remux have the same streams."""
    pairs = [copy("source", "crop", edits=EDITS), copy("logo", "crop", edits=(Edit("inserted", "longer"),))]
    same = Relation("source", "remux", RelationKind.IDENTICAL, ("the same streams",))
    pictures = tuple(
        Exhibit("key_frames", (name,), (still(name, 1, place),), "key frames")
        for place, name in enumerate(NAMES)
    )
    found = Family(NAMES, nearest, tuple(Edge(*edge, 0.9) for edge in edges), notes)
    return replace(
        rich(),
        media=tuple(clip(name, 10) for name in NAMES),
        relations=(*pairs, same),
        families=(found,),
        exhibits=pictures,
        findings=(),
        events=(),
        timeline=(),
    )


def drawn(report: Report) -> Tree:
    (tree,) = trees(report, gallery(report, SETTINGS.report))
    return tree


def outline(nodes: tuple[Node, ...]) -> dict[str, object]:
    return {node.media: outline(node.below) for node in nodes}


GROWN = (("source", "crop"), ("crop", "logo"), ("source", "grey"))


def test_a_member_hangs_below_what_it_derives_from() -> None:
    tree = drawn(family(*GROWN))
    assert outline(tree.tops) == {"source": {"crop": {"logo": {}}, "grey": {}}}
    assert outline(tree.apart) == {"screen": {}}
    assert tree.tops[0].nearest
    assert not tree.tops[0].below[0].nearest
    assert tree.tops[0].same == ("remux",)
    assert all(node.picture is not None for node in (*tree.tops, *tree.apart))


def test_a_step_says_what_was_done_in_the_direction_of_the_tree() -> None:
    crop = drawn(family(*GROWN)).tops[0].below[0]
    assert crop.steps == ("crop", "picture in picture")
    assert crop.confidence == 0.9
    # The pair stands as logo, crop: that crop has seconds which logo lacks means that logo was trimmed.
    assert crop.below[0].steps == ("trim",)


def test_without_a_tree_all_stand_apart() -> None:
    tree = drawn(family(nearest=None))
    assert tree.tops == ()
    assert outline(tree.apart) == {name: {} for name in NAMES if name != "remux"}
    assert tree.apart[0].same == ("remux",)


def test_the_page_draws_the_tree_and_names_the_source_once() -> None:
    page = to_html(family(*GROWN, notes=("a direction was left out",)))
    part = page[page.index("Families of copies") :]
    part = part[: part.index("</section>")]
    assert part.count('<figure class="family">') == 1
    assert part.count("nearest the source</span>") == 1
    assert part.count("<img ") == 5
    assert "a direction was left out" in part
    assert "the same streams: remux" in part
    assert part.index(">source<") < part.index(">crop<") < part.index(">logo<") < part.index(">grey<")
    assert part.count("<ul") == part.count("</ul>")
    assert part.count("<li>") == part.count("</li>")


def test_a_withheld_source_is_said_to_be() -> None:
    page = to_html(family(("crop", "logo"), nearest=None))
    assert "which is nearest the source cannot be told" in page
    assert "nearest the source</span>" not in page


def test_names_cannot_add_markup_to_the_tree() -> None:
    page = to_html(hostile())
    part = page[page.index('<figure class="family">') :]
    part = part[: part.index("</figure>")]
    assert "script" in part
    assert "<script" not in part
    assert not re.search("[\u202e\x1b]", part)
    assert HOSTILE not in part


@pytest.mark.parametrize("chain", [True, False])
def test_a_large_family_is_cut_and_counted(chain: bool) -> None:
    names = tuple(f"clip-{number:03}" for number in range(300))
    edges = tuple(Edge(names[at] if chain else names[0], names[at + 1], 0.9) for at in range(299))
    report = replace(
        rich(),
        media=tuple(clip(name, 10) for name in names),
        relations=(copy(*names[:2]),),
        families=(Family(names, names[0], edges),),
        exhibits=(),
        findings=(),
        events=(),
        timeline=(),
    )
    tree = drawn(report)

    def members(nodes: tuple[Node, ...]) -> int:
        return sum(1 + members(node.below) for node in nodes)

    assert members(tree.tops) == 40
    page = to_html(report)
    assert f"{1 if chain else 260} more member" in page


def test_members_without_a_place_are_cut_and_counted() -> None:
    names = tuple(f"clip-{number:03}" for number in range(300))
    report = replace(
        family(),
        media=tuple(clip(name, 10) for name in names),
        relations=(copy(*names[:2]),),
        families=(Family(names),),
        exhibits=(),
    )
    tree = drawn(report)
    assert (len(tree.apart), tree.left_out) == (40, 260)
    assert "260 more members in report.json" in to_html(report)
