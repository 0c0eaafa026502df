from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.figures import arrow, short_number, spark


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1.0, "1"),
        (0.58, "0.58"),
        (0.4999, "0.50"),
        (33.87, "33.9"),
        (9.999, "10"),
        (520.0, "520"),
        (1250.0, "1,250"),
        (310_000.0, "310k"),
        (2_100_000.0, "2.1m"),
        (-45_000_000.0, "-45m"),
        (3.2e9, "3.2bn"),
        (math.nan, "?"),
    ],
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert short_number(value) == text


@given(st.floats(-1e12, 1e12))
def test_no_number_takes_more_than_eight_cells(value: float) -> None:
    assert len(short_number(value)) <= 8


def test_a_share_that_hardly_moves_has_no_arrow() -> None:
    assert [arrow(change) for change in (0.0, 0.004, -0.005)] == ["", "", ""]
    assert [arrow(change) for change in (0.006, -0.02, 0.853)] == ["▲1", "▼2", "▲85"]


def test_a_path_over_its_whole_range_uses_every_bar() -> None:
    assert spark([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█"


def test_a_quantity_that_hardly_moves_looks_so() -> None:
    bars = spark([0.50, 0.51, 0.50], low=0, high=1)
    assert set(bars) <= set("▄▅")


def test_ends_of_the_range_are_ends_of_the_bars() -> None:
    assert spark([0.0], low=0, high=1) == "▁"
    assert spark([1.0], low=0, high=1) == "█"


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12),
    st.sampled_from([(-math.inf, math.inf), (-1e6, 1e6), (-1e6, math.inf)]),
)
def test_a_higher_value_never_has_a_lower_bar(values: list[float], bounds: tuple[float, float]) -> None:
    bars = spark(values, *bounds)
    assert len(bars) == len(values)
    in_order = [bar for _, bar in sorted(zip(values, bars, strict=True))]
    assert in_order == sorted(in_order)
