from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from verify.claims.places import flash_to_bang, speed_of_sound, way


def degrees(whole: int, minutes: int, seconds: float) -> float:
    return whole + minutes / 60 + seconds / 3600


@pytest.mark.parametrize(
    ("start", "end", "metres", "bearing"),
    [
        # Geoscience Australia's worked example for GRS80, which is WGS84 to a tenth of a millimetre.
        (
            (-degrees(37, 57, 3.72030), degrees(144, 25, 29.52440)),
            (-degrees(37, 39, 10.15610), degrees(143, 55, 35.38390)),
            54972.271,
            degrees(306, 52, 5.37),
        ),
        # Nearly opposite each other, where simpler formulas fail (Karney 2013, section 5).
        ((-30.0, 0.0), (29.9, 179.8), 19989832.82761, degrees(161, 53, 25.8)),
        ((0.0, 0.0), (0.0, 1.0), 111319.4908, 90.0),
    ],
)
def test_published_distances(
    start: tuple[float, float], end: tuple[float, float], metres: float, bearing: float
) -> None:
    found = way(start, end)
    assert found.metres == pytest.approx(metres, abs=2e-3)
    assert found.bearing == pytest.approx(bearing, abs=1e-3)


def test_a_way_back_is_as_long_and_none_has_no_direction() -> None:
    rng = np.random.default_rng(3)
    for _ in range(50):
        a, b = ((float(rng.uniform(-90, 90)), float(rng.uniform(-180, 180))) for _ in range(2))
        assert way(a, b).metres == pytest.approx(way(b, a).metres, abs=1e-6)
        bearing = way(a, b).bearing
        assert bearing is not None
        assert 0 <= bearing < 360
    assert way((55.75, 37.62), (55.75, 37.62)).bearing is None


def test_the_speed_of_sound() -> None:
    assert speed_of_sound(0) == pytest.approx(331.3)
    assert speed_of_sound(20) == pytest.approx(343.2, abs=0.1)


def test_flash_to_bang_is_an_interval_around_the_distance() -> None:
    reach = flash_to_bang(3.0, Fraction(25), 0.0, (20.0, 20.0))
    assert reach.least == pytest.approx(343.2 * (3 - 0.02 - 0.06), abs=0.5)
    assert reach.most == pytest.approx(343.2 * (3 + 0.02 + 0.06), abs=0.5)
    assert reach.least < 3 * speed_of_sound(20) < reach.most


def test_what_is_less_known_makes_it_wider() -> None:
    known = flash_to_bang(3.0, Fraction(25), 0.0, (20.0, 20.0))
    for other in (
        flash_to_bang(3.0, None, 0.0, (20.0, 20.0)),
        flash_to_bang(3.0, Fraction(5), 0.0, (20.0, 20.0)),
        flash_to_bang(3.0, Fraction(25), 0.1, (20.0, 20.0)),
        flash_to_bang(3.0, Fraction(25)),
    ):
        assert other.least < known.least
        assert other.most > known.most


def test_a_bang_at_once_is_near_and_one_before_the_flash_is_refused() -> None:
    assert flash_to_bang(0.0, Fraction(30)).least == 0
    with pytest.raises(ValueError, match="before the flash"):
        flash_to_bang(-0.1, Fraction(30))
