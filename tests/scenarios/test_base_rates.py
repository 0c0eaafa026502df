"""Figures of the base case are worked out as their names say, and the pages say what they were played on."""

from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.typing import NDArray

from scripts.base_rates import (
    LAUNCHES,
    SETTLING,
    after,
    disputes,
    figures,
    launches,
    pairs_of,
    per_year,
    played,
    ratio,
    read_rows,
    window,
)
from scripts.expectations import quiet_half_years
from scripts.write_base_case import PAGE, verdict
from sim.evidence import load_evidence
from tests.worlds import FLAGSHIP, SCENARIOS, shipped

TWO_RUNS = np.array([[1, 0], [0, 0], [2, 0], [0, 1]], dtype=np.float64)
"""Events of four months in two runs."""


def counts(events: NDArray[np.float64]) -> NDArray[np.float64]:
    """The count that grows by these events, 0 before play."""
    return np.vstack([np.zeros(events.shape[1]), events.cumsum(axis=0)])


def test_a_ratio_is_sum_over_sum_with_the_spread_of_its_runs() -> None:
    found = ratio(np.array([1.0, 3.0]), np.array([2.0, 2.0]))
    assert found.value == 1.0
    assert found.error == pytest.approx(np.std([-1, 1], ddof=1) / 2 / 2**0.5)
    assert ratio(np.full(9, 2.0), 4.0).interval == (0.5, 0.5)


def test_a_window_is_open_if_any_of_its_months_is() -> None:
    assert window(TWO_RUNS, 1).value == pytest.approx(3 / 8)
    assert window(TWO_RUNS, 2).value == pytest.approx((3 + 1) / 6)
    assert window(TWO_RUNS, 4).value == 1.0


def test_months_are_told_by_the_month_before_them() -> None:
    assert after(TWO_RUNS, then=True).value == 0.0
    assert after(TWO_RUNS, then=False).value == pytest.approx(2 / 4)


def test_what_happens_a_year_is_counted_from_the_start() -> None:
    months = np.ones((24, 3))
    assert per_year({"x": counts(months) + 5, "y": counts(2 * months)}, "x", "y").value == 36.0


def test_launches_of_all_kinds_count_once_the_start_is_over() -> None:
    events = np.zeros((24, 2))
    events[0], events[SETTLING], events[20] = 3, 1, 1
    history = {row: counts(events) for row in LAUNCHES}
    assert launches(history).sum(axis=0).tolist() == [6.0, 6.0]
    assert quiet_half_years(history) == 0.25  # of the four, only the third has none


def test_disputes_are_told_apart_by_their_number() -> None:
    """One stands before play and is not counted; of two that begin one reaches force and one is deadly."""
    number = np.array([1, 1, 1, 2, 2, 2, 3, 3])[:, None].astype(np.float64)
    level = np.array([5, 5, 1, 2, 4, 1, 3, 3])[:, None].astype(np.float64)
    dead = np.array([0, 0, 0, 0, 0, 0, 0, 1])[:, None].astype(np.float64)
    history = {
        "episode[KOR, PRK]": number,
        "hostility[KOR, PRK]": level,
        "hostility[PRK, KOR]": np.ones_like(level),
        "dead": dead,
    }
    found = disputes(history, "KOR, PRK", "dead")
    assert (found.begun[0], found.forceful[0], found.war[0], found.deadly[0]) == (2, 1, 0, 1)


@pytest.mark.parametrize(
    ("value", "low", "high", "shown", "said"),
    [
        (0.3, 0.1, 0.6, 0.2, "inside"),
        (0.3, 0.1, 0.6, 0.7, "**outside**: above"),
        (0.3, 0.1, 0.6, 0.05, "**outside**: below"),
        (0.5, 0.5, 0.5, 0.65, "no interval; 30% above"),
        (2.3, 2.3, 2.3, 2.3, "no interval; the same"),
        (0.0, 0.0, 0.0, 0.1, "no interval"),
    ],
)
def test_a_figure_is_inside_or_outside(
    value: float, low: float, high: float, shown: float, said: str
) -> None:
    assert verdict(value, low, high, shown) == said


def test_every_held_out_figure_has_its_counterpart_in_the_flagship() -> None:
    evidence = load_evidence(SCENARIOS.parent / "seeds")
    program = shipped(FLAGSHIP)
    history = played(program, 48, 0, read_rows(program))
    found = figures(history)
    assert set(evidence.held_out) <= set(found)
    assert set(found) <= set(evidence.base_rates)
    assert "KOR, PRK" in pairs_of(history)


@pytest.mark.parametrize("name", ["base-case", "questions", "five-authors"])
def test_a_played_page_says_on_what(name: str) -> None:
    text = (PAGE.parent / f"{name}.md").read_text("utf-8")
    assert re.search(r"Played on `[a-z0-9-]+` as of fingerprint `[0-9a-f]{16}`: [\d,]+ runs, seed \d\.", text)


def test_the_page_has_every_held_out_figure_and_every_outcome() -> None:
    text = PAGE.read_text("utf-8")
    held_out = text.partition("### Held out")[2].partition("### Fitted")[0]
    for id_ in load_evidence(SCENARIOS.parent / "seeds").held_out:
        assert f"(`{id_}`)" in held_out
    for outcome in shipped(FLAGSHIP).outcomes:
        assert f"\n| {outcome.title} |" in text
