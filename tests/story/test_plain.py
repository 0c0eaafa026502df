from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.plain import chance_and_draw, percent, plain_number, with_unit

open_interval = st.floats(1e-9, 1 - 1e-9)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (0.5, "0.5"),
        (0.58342, "0.583"),
        (2.0, "2"),
        (-3.14159, "-3.14"),
        (99.96, "100"),
        (100.4, "100"),
        (1234.5678, "1,235"),
        (3e6, "3,000,000"),
        (0.000123456, "0.000123"),
        (1e-9, "0"),
        (math.nan, "?"),
        (math.inf, "?"),
    ],
)
def test_a_number_without_a_format_is_short_and_plain(value: float, text: str) -> None:
    assert plain_number(value) == text


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [
        (310_000.0, ",.0f", "310,000"),
        (0.126, ".0%", "13%"),
        (7.0, "d", "7"),
        (12_345.0, ",d", "12,345"),
        (12_345.6, ",", "12,346"),
        (0.5, ".2f", "0.50"),
        (-0.0001, ".2f", "0.00"),
        (1234.5, ".2g", "1.2e+03"),
    ],
)
def test_a_number_keeps_to_the_format_that_is_asked_for(value: float, spec: str, text: str) -> None:
    assert plain_number(value, spec) == text


def test_units_follow_their_number() -> None:
    assert with_unit(310_000, "rounds") == "310,000 rounds"
    assert with_unit(80, "%") == "80%"
    assert with_unit(0.5, "") == "0.5"


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_number_without_a_format_is_read_back_to_three_digits(value: float) -> None:
    text = plain_number(value)
    assert "e" not in text
    assert float(text.replace(",", "")) == pytest.approx(value, rel=0.0051, abs=1e-6)


@given(open_interval)
def test_what_is_uncertain_is_never_called_impossible_or_certain(share: float) -> None:
    assert percent(share) not in ("0%", "100%")


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0%"), (1.0, "100%"), (0.344, "34%"), (0.0271, "2.7%"), (0.9999, "over 99%"), (0.5, "50%")],
)
def test_shares_have_two_digits(share: float, text: str) -> None:
    assert percent(share) == text


@given(st.floats(1e-5, 0.99), st.floats(1e-5, 0.99))
def test_a_draw_stands_on_its_side_of_the_chance_as_shown(level: float, drawn: float) -> None:
    chance, draw = chance_and_draw(level, drawn)
    if abs(level - drawn) > 1e-8 * level:
        assert (float(draw) < float(chance.removesuffix("%")) / 100) == (drawn < level)
