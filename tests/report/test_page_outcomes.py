"""Figures in words: never finer than the runs allow, never 0% for what happened."""

from __future__ import annotations

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from sim.analysis import OutcomeEstimate, wilson
from sim.batch import run_batch
from sim.report.page_outcomes import interval_text, outcome_rows, outcome_table, share_text
from sim.scenario import parse_scenario
from tests.batch.worlds import SMALL

EN_DASH = "\N{EN DASH}"
COUNTS = st.integers(1, 10**6).flatmap(lambda runs: st.tuples(st.integers(0, runs), st.just(runs)))


def estimate(happened: int, runs: int) -> OutcomeEstimate:
    low, high = wilson(happened, runs)
    return OutcomeEstimate("x", "X", happened, runs, happened / runs, low, high, 1, 24, None, "")


@pytest.mark.parametrize(
    ("happened", "runs", "share", "interval"),
    [
        (2412, 10_000, "24%", "23-25%"),
        (3, 10, "30%", "10-61%"),
        (46, 2_000, "2.3%", "1.7-3.1%"),
        (180, 2_000, "9%", "7-11%"),
        (124, 10_000, "1.2%", "1.0-1.5%"),
        (1, 100_000, "0.001%", "0-0.006%"),
        (0, 10_000, "0%", "0-0.04%"),
        (10_000, 10_000, "100%", "99.96-100%"),
        (9_999, 10_000, "99.99%", "99.94-100%"),
        (0, 1, "0%", "0-80%"),
    ],
)
def test_a_share_is_as_fine_as_its_interval(happened: int, runs: int, share: str, interval: str) -> None:
    assert share_text(estimate(happened, runs)) == share
    assert interval_text(estimate(happened, runs)) == interval.replace("-", EN_DASH)


@given(COUNTS)
def test_nothing_that_happened_is_0_percent_and_nothing_that_once_did_not_is_100(
    found: tuple[int, int],
) -> None:
    happened, runs = found
    shown = float(share_text(estimate(happened, runs)).rstrip("%"))
    assert (shown == 0) == (happened == 0)
    assert (shown == 100) == (happened == runs)


@given(COUNTS)
def test_the_interval_shown_holds_the_interval(found: tuple[int, int]) -> None:
    exact = estimate(*found)
    low, high = map(float, interval_text(exact).rstrip("%").split(EN_DASH))
    assert low <= 100 * exact.low + 1e-6
    assert high >= 100 * exact.high - 1e-6


def test_the_table_shows_titles_as_they_are() -> None:
    title = "War [red]low[/red] [/]"
    text = SMALL.replace("title: War low", f"title: '{title}'").replace("A small world", "A [b]world[/b]")
    result = run_batch(parse_scenario(text), 50, 7)
    console = Console(file=StringIO(), width=120)
    console.print(outcome_table(result))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert title in shown
    assert "50 runs of A [b]world[/b]" in shown
    for row in outcome_rows(result):
        assert row.share in shown
        assert row.interval in shown
    assert "Nov 2024" in shown
