"""Numbers as people read them."""

from __future__ import annotations

import pytest

from territory.model import Settings
from territory.model.figures import amount, deviation, distance, figure, share, signed, unit_words

KM, MI = Settings(), Settings(distance="mi", currency="€")


@pytest.mark.parametrize(
    ("value", "of", "text"),
    [
        (4_213_388.12, "potential", "$4.21 M"),
        (12_345, "potential", "$12.3 k"),
        (1_234, "potential", "$1,230"),
        (-1_234, "potential", "−$1,230"),
        (1_640, "workload_hours", "1,640 h"),
        (184, "accounts", "184"),
        (0, "potential", "$0"),
        (0.0123, "unheard_of", "0.0123"),
        (2.5e9, "sales", "$2.5 B"),
        (495_700, "sales", "$496 k"),
        (35_312.4, "workload_hours", "35,300 h"),
        (22.0, "unheard_of", "22"),
        (float("nan"), "sales", "–"),
    ],
)
def test_three_digits_a_unit_and_no_bare_floats(value: float, of: str, text: str) -> None:
    """Money, hours and counts each in their form."""
    assert amount(value, of, KM) == text


def test_shares_and_signs() -> None:
    """A true minus sign, ± for nothing, one digit for small deviations."""
    assert (share(0.183), signed(0.18), signed(-0.06), signed(0)) == (
        "18 %",
        "+18 %",
        "−6 %",
        "±0 %",
    )
    assert (deviation(0.032), deviation(-0.41)) == ("+3.2 %", "−41 %")
    assert signed(float("inf")) == "–"


def test_miles_where_the_user_wants_them() -> None:
    """Lengths and areas convert; the currency sign is the project's."""
    assert distance(100, KM) == "100 km" and distance(100, MI) == "62.1 mi"
    assert amount(100, "area_km2", MI) == "38.6 mi²" and amount(5, "sales", MI) == "€5"


def test_figures_by_format() -> None:
    """Metrics say how they are written."""
    assert figure(0.0321, "share", KM) == "3.2 %" and figure(1200.0, "count", KM) == "1,200"
    assert figure(26.4217, "km", KM) == "26.4 km" and figure(0.37469, "number", KM) == "0.375"


def test_words_follow_the_settings() -> None:
    """One and many, in the user's words."""
    patches = Settings(words={"unit": "postcode", "units": "postcodes"})
    assert unit_words(1, patches) == "1 postcode" and unit_words(1846, KM) == "1,846 ZIPs"
    assert patches.word("rep") == "rep"
