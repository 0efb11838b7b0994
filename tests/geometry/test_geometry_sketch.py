"""Sketches: which pictures of two inputs have features in common, told by short codes."""

from __future__ import annotations

import numpy as np
import pytest

from verify.fingerprint.local import MIRROR, NOTHING, Points
from verify.geometry import sketch
from verify.settings import SETTINGS

BITS = 20


def described(random: np.random.Generator, count: int) -> Points:
    """Points with descriptors as SIFT gives them: few large entries, many small ones."""
    rows = np.sqrt(random.gamma(0.5, 1.0, (count, 128)))
    rows *= 512 / np.linalg.norm(rows, axis=1, keepdims=True)
    return Points(random.random((count, 2)).astype(np.float32), rows.clip(0, 255).astype(np.uint8))


def again(random: np.random.Generator, points: Points, noise: float) -> Points:
    """The same points in another order, as another encoding of the picture gives them."""
    order = random.permutation(len(points))
    rows = points.descriptors[order] + random.normal(0, noise, (len(points), 128))
    return Points(points.xy[order], rows.clip(0, 255).astype(np.uint8))


def test_pictures_with_features_in_common_find_each_other() -> None:
    random = np.random.default_rng(5)
    a = [described(random, 120) for _ in range(6)]
    b = [
        described(random, 90),
        again(random, a[4], 6.0),
        NOTHING,
        again(random, a[1], 6.0),
        described(random, 1),
    ]
    found = sketch.partners(sketch.sketch(a), sketch.sketch(b), BITS, mirrored=False).votes
    assert found.shape == (6, 5)
    assert min(found[4, 1], found[1, 3]) >= 90
    found[4, 1] = found[1, 3] = 0
    assert found.max() <= 2


def test_a_mirrored_picture_is_found_in_the_mirror_only() -> None:
    random = np.random.default_rng(6)
    a, other = described(random, 150), described(random, 150)
    b = again(random, a.mirrored(), 6.0)
    ours, theirs = sketch.sketch([a, other]), sketch.sketch([other, b])
    plain, mirrored = (sketch.partners(ours, theirs, BITS, mirrored=turn).votes for turn in (False, True))
    assert mirrored[0, 1] >= 110
    assert plain[0, 1] <= 2
    assert plain[1, 0] == 150
    assert mirrored[1, 0] <= 2


def test_bits_of_a_code_are_balanced_without_having_been_learned() -> None:
    random = np.random.default_rng(7)
    points = described(random, 400)
    # Patches have a main direction, and are stronger in the middle.
    strong = points.descriptors * np.tile([3.0, 1.5, 1.0, 1.0, 1.0, 1.0, 1.0, 1.5], 16)
    rows = (strong * 512 / np.linalg.norm(strong, axis=1, keepdims=True)).clip(0, 255).astype(np.uint8)
    made = sketch.sketch([Points(points.xy, rows)])
    shares = np.unpackbits(made.codes.view(np.uint8), axis=2).mean(axis=1)
    assert np.abs(shares - 0.5).max() < 0.15
    mirrored = sketch.sketch([Points(points.xy, rows[:, MIRROR])])
    assert np.array_equal(mirrored.codes, made.codes[::-1])


def test_repeated_texture_has_no_say() -> None:
    random = np.random.default_rng(8)
    window = described(random, 1)
    wall = Points(np.repeat(window.xy, 60, axis=0), np.repeat(window.descriptors, 60, axis=0))
    found = sketch.partners(sketch.sketch([wall]), sketch.sketch([wall]), BITS, mirrored=False).votes
    assert found.tolist() == [[0]]
    # Two alike are not told apart either; one is.
    for count, votes in ((2, 0), (1, 1)):
        few = Points(wall.xy[:count], wall.descriptors[:count])
        found = sketch.partners(
            sketch.sketch([few]), sketch.sketch([wall.strongest(1)]), BITS, mirrored=False
        ).votes
        assert found.tolist() == [[votes]]


@pytest.mark.parametrize("pictures", [[], [NOTHING], [NOTHING, NOTHING]])
def test_without_features_nothing_is_in_common(pictures: list[Points]) -> None:
    some = sketch.sketch([described(np.random.default_rng(9), 20)])
    none = sketch.sketch(pictures)
    assert sketch.partners(some, none, BITS, mirrored=True).votes.shape == (1, len(pictures))
    assert sketch.partners(none, some, BITS, mirrored=False).votes.sum() == 0


@pytest.mark.parametrize("mirrored", [False, True])
def test_partners_that_one_similarity_carries_agree_and_chance_ones_do_not(mirrored: bool) -> None:
    random = np.random.default_rng(11)
    aspects = (16 / 9, 4 / 3)
    a = described(random, 20)
    turn = 0.6 * np.exp(0.3j) * (a.xy[:, 0] * aspects[0] + 1j * a.xy[:, 1]) + 0.2 + 0.1j
    moved = Points(np.stack([turn.real / aspects[1], turn.imag], axis=1).astype(np.float32), a.descriptors)
    b = moved.mirrored() if mirrored else moved
    anywhere = Points(random.random((20, 2)).astype(np.float32), a.descriptors)
    partners = sketch.partners(sketch.sketch([a]), sketch.sketch([b, anywhere]), BITS, mirrored=mirrored)
    assert partners.agreeing([(0, 0)], aspects) >= 18
    if not mirrored:
        assert partners.votes[0, 1] >= 18
    assert partners.agreeing([(0, 1)], aspects) <= 4


def test_what_lies_in_one_spot_at_several_times_agrees_once() -> None:
    random = np.random.default_rng(12)
    spot = described(random, 1)
    pictures = [Points(spot.xy, described(random, 1).descriptors) for _ in range(6)]
    partners = sketch.partners(sketch.sketch(pictures), sketch.sketch(pictures), BITS, mirrored=False)
    same = [(each, each) for each in range(6)]
    assert all(partners.votes[place] == 1 for place in same)
    assert partners.agreeing(same, (1.0, 1.0)) == 1


def test_chance_partners_of_many_pictures_share_no_similarity() -> None:
    most = 0
    for seed in range(12):
        random = np.random.default_rng(seed)
        places = random.integers(0, 9, (80, 2))
        votes = np.zeros((9, 9), np.int32)
        np.add.at(votes, tuple(places.T), 1)
        spots = random.random((2, 80, 2)).astype(np.float32)
        found = sketch.Partners(votes, places, *spots).common((1.78, 1.33))
        most = max(most, found.count if found else 0)
    assert most < SETTINGS.copies.seed_common


def test_partners_at_one_spot_are_one_however_many_pictures_show_it() -> None:
    random = np.random.default_rng(1)
    spots = (0.5 + 0.004 * random.random((60, 2))).astype(np.float32)
    places = np.stack([np.arange(60) % 6, np.arange(60) // 10], axis=1)
    found = sketch.Partners(np.full((6, 6), 2, np.int32), places, spots, spots).common((1.0, 1.0))
    assert found is None
