"""Likelihood ratios against brute force, known values and what may never happen."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from calibration_pairs import answer

from verify.calibration import ratio
from verify.calibration.answer import Answer
from verify.calibration.pav import Scored, curve, read
from verify.calibration.truth import PairKind
from verify.model import RelationKind


def _measured(value: float) -> dict[str, float]:
    return {"correlation": value, "control": 0.0, "voted": 1.0}


def _isotonic(copies: list[float], others: list[float]) -> list[float]:
    """Shares of copies that rise and fit best in the sense of likelihood: the best of all partitions."""
    count, best = len(copies), (-math.inf, [0.0])
    for size in range(count):
        for cuts in combinations(range(1, count), size):
            bounds = [0, *cuts, count]
            shares, cost = [], 0.0
            for low, high in pairwise(bounds):
                c, o = sum(copies[low:high]), sum(others[low:high])
                share = c / (c + o)
                shares += [share] * (high - low)
                cost += sum(w * math.log(p) for w, p in ((c, share), (o, 1 - share)) if w)
            if all(one <= two + 1e-12 for one, two in pairwise(shares)):
                best = max(best, (cost, shares))
    return best[1]


@pytest.mark.parametrize("seed", range(8))
def test_the_curve_is_the_best_rising_one(seed: int) -> None:
    random = np.random.default_rng(seed)
    copies = [bool(each) for each in random.permutation([True] * 4 + [False] * 4)]
    pairs = [Scored(float(place), copy, (f"s{place}",)) for place, copy in enumerate(copies)]
    knots = curve(pairs)
    # Four sources a side and the supposed one: each weighs a fifth.
    yes = [1 / 5] + [copy / 5 for copy in copies] + [0.0]
    no = [0.0] + [(not copy) / 5 for copy in copies] + [1 / 5]
    expected = _isotonic(yes, no)[1:-1]
    found = [10 ** read(knots, float(place)) for place in range(8)]
    assert [each / (1 + each) for each in found] == pytest.approx(expected)


def test_between_two_blocks_the_ratio_runs_straight() -> None:
    pairs = [Scored(1.0, False, (f"s{k}",)) for k in range(5)] + [
        Scored(3.0, True, (f"s{k}",)) for k in range(5)
    ]
    assert [read(curve(pairs), at) for at in (1.0, 2.0, 3.0)] == pytest.approx(
        [-math.log10(5), 0.0, math.log10(5)]
    )


def test_a_ratio_is_capped_by_sources_and_not_by_pairs() -> None:
    few = [Scored(9.0, True, (f"s{k % 5}",)) for k in range(200)]
    few += [Scored(1.0, False, (f"s{k % 5}",)) for k in range(500)]
    knots = curve(few)
    # All of five sources' copies above, and of five others one supposed: (5/6) / (1/6).
    assert 10 ** read(knots, 9.0) == pytest.approx(5)
    assert 10 ** read(knots, 99.0) == pytest.approx(5)
    assert 10 ** read(knots, 0.0) == pytest.approx(1 / 5)


def test_a_source_has_one_vote_however_many_pairs_it_gave() -> None:
    loud = [Scored(5.0, False, ("loud",))] * 90
    quiet = [Scored(1.0, False, (f"s{k}",)) for k in range(9)]
    copies = [Scored(5.0, True, (f"s{k}",)) for k in range(10)]
    # One source of ten, and the supposed one, at the copies' score.
    assert 10 ** read(curve(copies + quiet + loud), 5.0) == pytest.approx((10 / 11) / (2 / 11))


def test_pairs_of_the_same_few_sources_are_no_more_independent_than_these() -> None:
    names = [f"s{k}" for k in range(4)]
    others = [Scored(1.0, False, pair) for pair in combinations(names, 2)]
    copies = [Scored(5.0, True, (name,)) for name in names]
    assert 10 ** read(curve(copies + others), 5.0) == pytest.approx((4 / 5) / (1 / 5))


def test_one_side_alone_gives_no_ratio() -> None:
    with pytest.raises(ValueError, match="pairs that are not"):
        curve([Scored(1.0, True, ("s",))])


def test_where_nothing_is_left_without_a_source_nothing_is_said() -> None:
    copies = [Scored(1.0, True, (name,)) for name in ("s", "v", "w")]
    told = ratio.left_out([*copies, Scored(0.0, False, ("s", "t"))])
    # Two copies and one other are left, with the supposed ones: (2/3) / (1/2).
    assert told == [0.0, *[pytest.approx(math.log10(4 / 3))] * 2, 0.0]


def test_the_cost_is_none_for_the_sure_and_right_and_one_for_those_who_say_nothing() -> None:
    pairs = [Scored(1.0, True, ("s",)), Scored(0.0, False, ("s",))]
    assert ratio.cllr(pairs, [0.0, 0.0]) == 1
    assert ratio.cllr(pairs, [9.0, -9.0]) == pytest.approx(0, abs=1e-8)
    assert ratio.cllr(pairs, [-1.0, 0.0]) == pytest.approx((math.log2(11) + 1) / 2)


def _later(source: str) -> Answer:
    measured = _measured(0.1)
    return answer(
        PairKind.HARD,
        RelationKind.SAME_CAMERA,
        source=source,
        transform="same-camera-later",
        measured=measured,
    )


def _answers(sources: int = 12) -> list[Answer]:
    made = []
    for number in range(sources):
        name = f"s{number}"
        made += [answer(source=name, measured=_measured(0.8 + 0.01 * number)) for _ in range(3)]
        made.append(_later(name))
        # Of another place: no part of this alternative.
        made.append(answer(PairKind.HARD, source=name, transform="shared-intro", measured=_measured(0.9)))
        made.append(
            answer(PairKind.EASY, RelationKind.NONE_FOUND, source=(name, f"s{(number + 1) % sources}"))
        )
    return made


def test_a_table_names_the_hardest_alternative_that_enough_sources_stand_for() -> None:
    fitted = ratio.fit(_answers(), {"media": "made"})
    assert fitted is not None
    table, curve_of = fitted
    assert table.against == ratio.SAME_PLACE
    assert (table.copies, table.others, table.copy_sources, table.other_sources) == (36, 12, 12, 12)
    assert table.highest == pytest.approx(math.log10(13))
    assert table.cllr is not None
    # Told without their own source: eleven to one, for each of both sides.
    assert math.log2(1 + 1 / 11) < table.cllr < math.log2(1 + 1 / 11) + 0.001
    assert [(each.expected, each.observed.value) for each in curve_of] == [
        (pytest.approx(1 / 12), 0.0),
        (pytest.approx(11 / 12, abs=0.001), 1.0),
    ]
    soft = [each for each in _answers() if each.pair.kind is not PairKind.HARD]
    easy = ratio.fit(soft, {})
    assert easy is not None
    assert easy[0].against == ratio.UNRELATED
    assert ratio.fit(_answers(5), {}) is None


def test_a_relation_gets_its_ratio_only_where_the_table_covers_it() -> None:
    fitted = ratio.fit(_answers(), {})
    assert fitted is not None
    table = fitted[0]
    copy = answer(measured=_measured(0.9)).relation
    assert copy is not None
    told = ratio.attach(copy, table)
    assert (told.log10_lr, told.against, told.support) == (1.08, ratio.SAME_PLACE, "moderate")
    assert ratio.attach(copy, None) == copy
    for kind, measured in (
        (RelationKind.COPY, {}),  # a still
        (RelationKind.IDENTICAL, _measured(0.9)),
        (RelationKind.INCONCLUSIVE, _measured(0.9)),
        (RelationKind.NONE_FOUND, _measured(0.1)),
        (RelationKind.SAME_PLACE, {}),
    ):
        other = answer(found=kind, measured=measured).relation
        assert other is not None
        assert ratio.attach(other, table).log10_lr is None
    camera = answer(found=RelationKind.SAME_CAMERA, measured=_measured(0.05)).relation
    assert camera is not None
    against = ratio.attach(camera, table)
    assert (against.log10_lr, against.support) == (-1.08, "moderate, for the alternative")
    # Two recordings of one place are not said to be one because unrelated ones are less alike.
    beside_chance = replace(table, against=ratio.UNRELATED)
    assert ratio.attach(camera, beside_chance) == camera
    assert ratio.attach(copy, beside_chance).log10_lr == told.log10_lr


@pytest.mark.parametrize(
    ("log10_lr", "word"),
    [
        (0.0, "none"),
        (0.2, "none"),
        (-0.2, "none"),
        (0.31, "weak"),
        (1.0, "moderate"),
        (2.5, "moderately strong"),
        (3.0, "strong"),
        (4.0, "very strong"),
        (6.0, "extremely strong"),
        (-1.5, "moderate, for the alternative"),
    ],
)
def test_the_words_are_those_of_the_scale(log10_lr: float, word: str) -> None:
    assert ratio.support(log10_lr) == word


def test_a_pair_that_could_not_even_be_laid_scores_below_all_others() -> None:
    none = answer(found=RelationKind.NONE_FOUND).relation
    low = answer(found=RelationKind.NONE_FOUND, measured=_measured(-0.4)).relation
    assert none is not None
    assert low is not None
    assert ratio.score(none) == ratio.NOTHING < ratio.score(low) == 0  # type: ignore[operator]
    longer = answer(measured=_measured(0.5) | {"voted": 4.0}).relation
    assert longer is not None
    assert ratio.score(longer) == pytest.approx(1.0)


def test_a_table_of_another_score_is_refused() -> None:
    with pytest.raises(ValueError, match="movement/0"):
        ratio.from_json(
            '{"score": "movement/0", "against": "x", "knots": [{"score": 0, "log10_lr": 0}],'
            ' "highest": 1, "lowest": -1, "cllr": null, "copies": 1, "others": 1,'
            ' "copy_sources": 1, "other_sources": 1}'
        )
    with pytest.raises(ValueError, match="no table"):
        ratio.from_json('{"knots": [1]}')


def test_the_shipped_table_can_be_read_where_there_is_one() -> None:
    table = ratio.shipped()
    if table is not None:
        assert {"media", "sources", "created", "version", "settings"} <= set(table.origin)
        assert table.highest <= math.log10(table.other_sources + 1) + 1e-6  # kept to six places
        assert all(one.log10_lr <= two.log10_lr for one, two in pairwise(table.knots))
        assert replace(table, knots=table.knots) == table
