"""Which clips serve, which copies and pairs are drawn, and that one bad clip costs nothing else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from verify.calibration import ratio
from verify.calibration.truth import PairKind
from verify.errors import UsageError
from verify.pipeline import compare, trials
from verify.pipeline.trials import Clip
from verify.pipeline.validate import Wanted, validate
from verify.report import to_html

if TYPE_CHECKING:
    from conftest import MakeClip

    from verify.calibration.validation import Validation


def test_transforms_are_dealt_evenly_and_never_twice_to_one_source() -> None:
    names = [f"t{number}" for number in range(10)]
    hands = trials.dealt(25, names, 4, seed=3)
    assert all(len(set(hand)) == 4 for hand in hands)
    assert set(Counter(name for hand in hands for name in hand).values()) == {10}
    assert hands == trials.dealt(25, names, 4, seed=3)
    assert hands != trials.dealt(25, names, 4, seed=4)
    assert trials.dealt(2, ["a", "b"], 4, seed=0) in ([("a", "b")] * 2, [("b", "a")] * 2)


def test_clips_that_share_footage_are_no_negatives() -> None:
    clips = [
        Clip(Path("a.mp4"), frozenset("a")),
        Clip(Path("a-crop.mp4"), frozenset("a")),
        Clip(Path("b-over-a.mp4"), frozenset("ab")),
        Clip(Path("c.mp4"), frozenset("c")),
    ]
    drawn, possible = trials.easy(clips, None, seed=0)
    assert possible == 3
    assert {(each.pair.a.stem, each.pair.b.stem) for each in drawn} == {
        ("a", "c"),
        ("a-crop", "c"),
        ("b-over-a", "c"),
    }
    assert {each.pair.kind for each in drawn} == {PairKind.EASY}
    assert drawn[-1].sources == ("a", "b", "c")


def test_easy_negatives_are_drawn_by_the_seed() -> None:
    clips = [Clip(Path(f"{number}.mp4"), frozenset({str(number)})) for number in range(30)]
    one, possible = trials.easy(clips, 40, seed=1)
    assert (len(one), possible) == (40, 435)
    assert one == trials.easy(clips, 40, seed=1)[0]
    assert one != trials.easy(clips, 40, seed=2)[0]
    assert len({(each.pair.a, each.pair.b) for each in one}) == 40


def test_an_unknown_transform_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match="no transform named crop-51") as refused:
        trials.transforms(["mirror", "crop-51"])
    assert "crop-50" in refused.value.hint
    assert [each.name for each in trials.transforms(["mirror", "mirror"])] == ["mirror"]
    assert len(trials.transforms([])) > 50


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Validation, Path]:
    """Two good clips, one of them twice, among files that cannot serve."""
    from made_clips import scene, write_clip

    folder = tmp_path_factory.mktemp("footage")
    for number in (1, 2):
        write_clip(folder / f"clip{number}.mp4", scene(number, 50))
    (folder / "twice.mp4").write_bytes((folder / "clip1.mp4").read_bytes())
    (folder / "broken.mp4").write_bytes((folder / "clip1.mp4").read_bytes()[:400])
    (folder / "notes.txt").write_text("no media")
    write_clip(folder / "short.mp4", scene(3, 12))
    wanted = Wanted(
        seed=5, per_source=1, transforms=("mirror", "crop-80"), easy_pairs=2, keep=folder.parent / "made"
    )
    return validate([folder], wanted, jobs=2, cache=False), folder


def test_what_cannot_serve_is_listed_and_costs_nothing_else(measured: tuple[Validation, Path]) -> None:
    found, folder = measured
    assert [Path(source.name).name for source in found.sources] == ["clip1.mp4", "clip2.mp4"]
    reasons = {Path(left.name).name: (left.reason, left.failed) for left in found.unused}
    assert reasons["twice.mp4"] == (f"the same bytes as {folder / 'clip1.mp4'}", False)
    assert reasons["short.mp4"] == ("1.0 s is too short to be cut", False)
    assert reasons["notes.txt"][1] is False
    assert reasons["broken.mp4"][1] is True
    assert found.complete is False


def test_copies_are_found_and_placed_and_others_are_not(measured: tuple[Validation, Path]) -> None:
    found = measured[0]
    assert not found.not_made
    assert (found.figures.found.hits, found.figures.found.of) == (2, 2)
    assert {each.transform for each in found.figures.found_by} == {"mirror", "crop-80"}
    assert (found.figures.easy.false.false, found.figures.easy.false.of) == (0, 2)
    assert found.figures.hard.false.of >= 2
    assert (found.figures.mirrored.hits, found.figures.mirrored.of) == (2, 2)
    assert found.figures.overlap.recall is not None
    assert found.figures.overlap.recall > 0.9
    assert found.figures.box is not None
    assert found.figures.box.median > 0.9
    assert (found.table, found.figures.failed) == (None, 0)
    assert {answer.sources for answer in found.answers if answer.pair.kind is PairKind.EASY} == {
        tuple(sorted(source.name for source in found.sources))
    }


def test_made_clips_are_named_within_their_folder_and_kept_where_asked(
    measured: tuple[Validation, Path],
) -> None:
    found, folder = measured
    copies = [answer for answer in found.answers if answer.copy]
    assert [answer.names[0] for answer in copies] == [source.name for source in found.sources]
    for answer in copies:
        assert answer.names[1].startswith("copies/00")
        assert (folder.parent / "made" / answer.names[1]).is_file()


def test_relations_are_weighed_by_the_shipped_table(
    small_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    knots = (ratio.Knot(ratio.NOTHING, -1.0), ratio.Knot(0.0, -1.0), ratio.Knot(0.01, 1.5))
    table = ratio.Table(ratio.SCORE, "another recording", knots, 1.5, -1.0, 0.05, 40, 40, 30, 30)
    monkeypatch.setattr(ratio, "shipped", lambda: table)
    paths = [small_folder / name for name in ("one.mp4", "again.mp4", "other.mp4")]
    report = compare(paths, jobs=2, cache=False)
    told = {(each.a, each.b): (each.log10_lr, each.against, each.support) for each in report.relations}
    assert told["one", "again"] == (1.5, "another recording", "moderate")
    assert told["one", "other"] == (None, None, None)
    assert "Support: moderate (log10 of the likelihood ratio 1.5, against another recording)" in to_html(
        report
    )


def test_a_folder_without_a_usable_clip_is_refused(make_clip: MakeClip, tmp_path: Path) -> None:
    make_clip("short.mp4", seconds=0.5)
    with pytest.raises(UsageError, match=r"too short to be cut"):
        validate([tmp_path], jobs=1, cache=False)
