"""Counts, extremes and sums merge exactly, and quantiles are right to within a bin."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.batch.tally import BINS, GRAIN, Bins, Tally
from sim.engine.vectors import Floats

RUNS = 3 * GRAIN + 77


def values(seed: int = 1, runs: int = RUNS) -> Floats:
    """Five turns of two indicators: one that spreads, one with a long tail."""
    luck = np.random.default_rng(seed)
    steps = luck.normal(size=(5, runs)).cumsum(axis=0)
    return np.stack([steps, np.exp(steps)], axis=1)


def bins_of(found: Floats) -> Bins:
    return Bins.around(found[:, :, :GRAIN])


def tallied(found: Floats, *cuts: int) -> Tally:
    """The tally of all runs, from blocks that end at the cuts."""
    bins = bins_of(found)
    ends = [*cuts, found.shape[2]]
    total = Tally.of(found[:, :, : ends[0]], bins)
    for first, last in pairwise(ends):
        total.add(Tally.of(found[:, :, first:last], bins))
    return total


@pytest.mark.parametrize("cuts", [(256,), (512,), (256, 512, 768)])
def test_a_tally_does_not_depend_on_how_the_runs_were_split(cuts: tuple[int, ...]) -> None:
    found = values()
    whole, split = tallied(found), tallied(found, *cuts)
    assert np.array_equal(whole.counts, split.counts)
    assert np.array_equal(whole.minimum, split.minimum)
    assert np.array_equal(whole.maximum, split.maximum)
    assert whole.mean().tobytes() == split.mean().tobytes()


def test_a_mean_is_a_left_fold_of_left_folds() -> None:
    found = values()
    total = 0.0
    for first in range(0, RUNS, GRAIN):
        grain = 0.0
        for value in found[3, 1, first : first + GRAIN]:
            grain += float(value)
        total += grain
    assert tallied(found, 512).mean()[3, 1] == total / RUNS


def test_a_block_that_ends_within_a_grain_is_the_last() -> None:
    found = values()
    tally = Tally.of(found[:, :, :100], bins_of(found))
    with pytest.raises(ValueError, match="within a grain"):
        tally.add(Tally.of(found[:, :, 100:], bins_of(found)))


@given(st.integers(0, 2**32), st.integers(1, 99), st.integers(1, 700))
def test_a_quantile_is_right_to_within_a_bin(seed: int, percent: int, runs: int) -> None:
    found = values(seed, runs)
    bins = bins_of(found)
    tally = Tally.of(found, bins)
    exact = np.quantile(found, percent / 100, axis=2, method="inverted_cdf")
    where = bins.index(exact.reshape(-1, 2).T).T.reshape(exact.shape)
    left, right = tally.bounds(where, bins)
    # Beyond the outermost edges a bin is as wide as the values reach.
    off = np.abs(tally.quantile(percent, bins) - exact)
    assert (off <= np.maximum(right - left, 0) * (1 + 1e-9)).all()


def test_every_run_is_counted_once_also_beyond_the_bins() -> None:
    found = values()
    found[2, 0, 300] = 1e9
    found[2, 0, 301] = -1e308
    tally = tallied(found)
    assert (tally.counts.sum(axis=2) == RUNS).all()
    assert tally.counts[2, 0, 0] >= 1
    assert tally.counts[2, 0, BINS + 1] >= 1
    assert tally.minimum[2, 0] == -1e308


@given(st.integers(0, 2**32), st.sampled_from([0.02, 0.7, 4.0, 60.0]), st.integers(1, 99))
def test_a_quantile_of_counts_is_that_count(seed: int, mean: float, percent: int) -> None:
    found = np.random.default_rng(seed).poisson(mean, (2, 2, RUNS)).astype(float) - 3
    exact = np.quantile(found, percent / 100, axis=2, method="inverted_cdf")
    assert np.array_equal(tallied(found, 256).quantile(percent, bins_of(found)), exact)


def test_what_is_clamped_is_found_at_the_bound() -> None:
    found = np.clip(values(), -0.5, 2.0)
    tally, bins = tallied(found), bins_of(found)
    assert (tally.quantile(5, bins)[1:, 0] == -0.5).all()
    assert (tally.quantile(95, bins)[3:, 1] == 2.0).all()


def test_what_never_varies_has_all_quantiles_alike() -> None:
    found = np.full((3, 2, RUNS), 0.3)
    for percent in (5, 50, 95):
        assert (tallied(found).quantile(percent, bins_of(found)) == 0.3).all()


def test_what_varies_only_after_the_pilot_is_counted_too() -> None:
    found = np.full((3, 2, RUNS), 7.0)
    found[2, 0, GRAIN:] = np.linspace(6.0, 9.0, RUNS - GRAIN)
    tally, bins = tallied(found), bins_of(found)
    assert (tally.counts.sum(axis=2) == RUNS).all()
    assert 7.0 < tally.quantile(75, bins)[2, 0] < tally.quantile(95, bins)[2, 0] < 9.0
