"""Shares and their intervals agree with published figures, and with their own definition."""

from __future__ import annotations

from math import isclose, sqrt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis import outcome_estimates, wilson
from sim.analysis.estimates import Z95
from sim.batch import BatchResult, run_batch
from tests.batch.worlds import small


@pytest.mark.parametrize(
    ("happened", "runs", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3: the score interval.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_published_one(happened: int, runs: int, low: float, high: float) -> None:
    assert wilson(happened, runs) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10**7).flatmap(lambda runs: st.tuples(st.integers(0, runs), st.just(runs))))
def test_the_ends_are_the_shares_that_the_score_test_just_admits(found: tuple[int, int]) -> None:
    happened, runs = found
    for end in wilson(happened, runs):
        distance = abs(happened / runs - end)
        assert isclose(distance, Z95 * sqrt(end * (1 - end) / runs), rel_tol=1e-6, abs_tol=1e-9)


@given(st.integers(1, 10**6).flatmap(lambda runs: st.tuples(st.integers(0, runs), st.just(runs))))
def test_the_interval_mirrors_and_holds_the_share(found: tuple[int, int]) -> None:
    happened, runs = found
    low, high = wilson(happened, runs)
    assert 0 <= low <= happened / runs <= high <= 1
    other_low, other_high = wilson(runs - happened, runs)
    assert (1 - other_high, 1 - other_low) == pytest.approx((low, high), abs=1e-12)


@pytest.mark.parametrize(("happened", "runs"), [(0, 0), (-1, 5), (6, 5)])
def test_no_share_no_interval(happened: int, runs: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        wilson(happened, runs)


@pytest.fixture(scope="module")
def batch() -> BatchResult:
    return run_batch(small(), 200, 7)


def with_turns(batch: BatchResult, turns: list[int]) -> BatchResult:
    """The batch, had its outcome `bold` come about in these turns."""
    runs = batch.runs.with_columns(
        pl.Series("outcome.bold", turns + [0] * (200 - len(turns)), dtype=pl.Int32)
    )
    return BatchResult(batch.manifest, runs, batch.indicators, batch.histograms)


@pytest.mark.parametrize(
    ("turns", "median", "date"),
    [
        ([], None, ""),
        ([3], 3, "Sep 2024"),
        ([1, 6], 1, "Jul 2024"),
        ([6, 2, 1], 2, "Aug 2024"),
        ([4, 4, 4, 5, 6], 4, "Oct 2024"),
        ([1] + [5] * 90, 5, "Nov 2024"),
    ],
)
def test_the_median_date_is_that_of_the_runs_in_which_it_happened(
    batch: BatchResult, turns: list[int], median: int | None, date: str
) -> None:
    found = {estimate.id: estimate for estimate in outcome_estimates(with_turns(batch, turns))}["bold"]
    assert (found.happened, found.runs) == (len(turns), 200)
    assert (found.median_turn, found.median_date) == (median, date)
    assert found.share == len(turns) / 200


def test_the_most_frequent_outcome_stands_first(batch: BatchResult) -> None:
    estimates = outcome_estimates(batch)
    assert [estimate.happened for estimate in estimates] == sorted(
        (int((batch.runs[f"outcome.{name}"] > 0).sum()) for name in ("bold", "calm", "never")), reverse=True
    )
    assert estimates[-1].id == "never"
    assert estimates[-1].title == "The impossible"
