"""Paired comparison: published values, closed forms, and what intervals must do."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.paired import PairedShare, paired_mean, paired_share

COUNTS = st.integers(0, 300)


def test_a_share_is_compared_run_by_run() -> None:
    base, arm = np.array([1, 1, 0, 0, 0]), np.array([1, 0, 1, 1, 0])
    found = paired_share(base, arm)
    assert (found.runs, found.both, found.only_base, found.only_arm) == (5, 1, 1, 2)
    assert found.difference == pytest.approx(1 / 5)


def test_the_interval_is_that_of_the_literature() -> None:
    """36 pairs in both, 12 and 2 in one only, none in neither: 0.0569 to 0.3404, first less second."""
    low, high = PairedShare(50, 36, only_base=12, only_arm=2).interval
    assert (-high, -low) == pytest.approx((0.0569, 0.3404), abs=5e-5)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_the_interval_holds_the_difference_and_turns_round_with_the_arms(
    both: int, only_base: int, only_arm: int, neither: int
) -> None:
    runs = both + only_base + only_arm + neither
    if runs == 0:
        return
    one = PairedShare(runs, both, only_base, only_arm)
    other = PairedShare(runs, both, only_arm, only_base)
    low, high = one.interval
    assert -1.0 <= low <= one.difference <= high <= 1.0
    assert (-high, -low) == pytest.approx(other.interval, abs=1e-12)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    """Pairs with shares .2 and .3 and much in common: 95% of the intervals hold .1."""
    chance = np.random.default_rng(4)
    held = 0
    for _ in range(2_000):
        luck = chance.random(200)
        low, high = paired_share(luck < 0.2, luck + 0.05 * (chance.random(200) - 0.5) < 0.3).interval
        held += low <= 0.1 <= high
    assert 0.93 < held / 2_000 < 0.99


def test_what_differs_in_no_run_has_no_interval() -> None:
    same = np.array([1, 0, 1])
    assert paired_share(same, same).interval == (0.0, 0.0)
    assert paired_mean(same.astype(float), same.astype(float)).effect == 0.0


def test_a_mean_is_compared_run_by_run() -> None:
    """That all rise by the same is certain, however much they differ among themselves."""
    base = np.array([1.0, 5.0, 9.0])
    found = paired_mean(base, base + 2.0)
    assert (found.difference, found.error, found.rises, found.falls) == (2.0, 0.0, 3, 0)
    assert found.interval == (2.0, 2.0)
    assert found.effect == pytest.approx(0.5)


def test_a_shift_of_what_never_varies_is_beyond_all_measure() -> None:
    assert paired_mean(np.zeros(4), np.ones(4)).effect == math.inf


def test_one_run_tells_of_no_spread() -> None:
    found = paired_mean(np.array([3.0]), np.array([4.0]))
    assert (found.difference, found.error, found.spread, found.interval) == (1.0, None, None, None)
    assert found.effect == math.inf
    assert paired_mean(np.ones(1), np.ones(1)).effect == 0.0


@pytest.mark.parametrize("arms", [(np.zeros(2), np.zeros(3)), (np.zeros(0), np.zeros(0))])
def test_runs_without_a_pair_are_refused(arms: tuple[np.ndarray, np.ndarray]) -> None:
    with pytest.raises(ValueError, match="no pairs"):
        paired_mean(*arms)
