from __future__ import annotations

import pytest

from verify.metadata.position import degrees, iso6709, position


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+55.7525+037.6175+150.000/", (55.7525, 37.6175)),
        ("+33.1268-117.3273/", (33.1268, -117.3273)),
        ("-33.8568+151.2153+004.1CRSWGS_84/", (-33.8568, 151.2153)),
        # Annex H: degrees and minutes; degrees, minutes and seconds.
        ("+5545.15+03737.05/", (55.7525, 37.617500)),
        ("+554509.00+0373703.00/", (55.7525, 37.6175)),
        ("+90+180/", (90.0, 180.0)),
    ],
)
def test_iso_6709_strings(text: str, expected: tuple[float, float]) -> None:
    assert iso6709(text) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    "text",
    ["", "55.75 37.61", "+200.0+037.6/", "+55.0-181.0/", "+00.0000+000.0000/", "+1234567.8+1/", "+a+b"],
)
def test_impossible_positions_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        iso6709(text)


def test_hemispheres_give_the_sign() -> None:
    assert degrees([33, 51, 24.48], "S", "NS") == pytest.approx(-33.8568)
    assert degrees([151, 12.918], "E", "EW") == pytest.approx(151.2153)


@pytest.mark.parametrize(
    ("parts", "letter"), [([], "N"), ([1, 2, 3, 4], "N"), ([1], ""), ([1], "X"), ([-1], "N")]
)
def test_positions_without_a_hemisphere_or_parts_are_refused(parts: list[float], letter: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        degrees(parts, letter, "NS")


def test_not_a_number_is_no_position() -> None:
    with pytest.raises(ValueError, match="globe"):
        position(float("nan"), 1.0)
