"""What it is worth to know: closed forms, and what luck alone makes of it."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.information import first_order, settled, share_of, uncertain
from sim.batch import run_batch
from sim.scenario import Scenario, parse_scenario
from tests.worlds import SCENARIOS

RUNS = 20_000


def test_a_sum_rests_on_its_parts_as_their_variances_do() -> None:
    """y = 2 a + b with uniform a and b: shares 4/5 and 1/5."""
    chance = np.random.default_rng(1)
    a, b = chance.random(RUNS), chance.random(RUNS)
    assert first_order(a, 2 * a + b) == pytest.approx(0.8, abs=0.01)
    assert first_order(b, 2 * a + b) == pytest.approx(0.2, abs=0.01)


def test_ishigamis_function_has_its_published_indices() -> None:
    """sin x + 7 sin^2 y + 0.1 z^4 sin x on (-pi, pi): 0.314, 0.442 and 0. Ishigami and Homma (1990)."""
    x, y, z = np.random.default_rng(2).uniform(-np.pi, np.pi, (3, RUNS))
    outcome = np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)
    found = [first_order(value, outcome, 40) for value in (x, y, z)]
    assert found == pytest.approx([0.314, 0.442, 0.0], abs=0.015)


def test_what_carries_nothing_is_found_below_0_as_often_as_above() -> None:
    chance = np.random.default_rng(3)
    found = [first_order(chance.random(500), chance.random(500)) for _ in range(400)]
    assert abs(np.mean(found)) < 0.003
    assert 0.3 < np.mean(np.array(found) > 0.0) < 0.7


def test_a_chance_rests_on_its_parameter_as_its_variance_says() -> None:
    """Happens if u < p with p uniform: Var p / (1/4) = 1/3."""
    chance = np.random.default_rng(4)
    p = chance.random(RUNS)
    share, error = share_of(p, (chance.random(RUNS) < p).astype(float))
    assert share == pytest.approx(1 / 3, abs=3 * error)
    assert 0.0 < error < 0.02


def test_few_values_are_groups_of_their_own() -> None:
    doctrine = np.arange(RUNS) % 2
    assert first_order(doctrine, doctrine.astype(float)) == pytest.approx(1.0)
    assert first_order(np.zeros(RUNS), doctrine.astype(float)) == 0.0


TWO = """
foedus: 1
id: two
title: Two
clock: {start: 2024-01-01, turn: year, turns: 1}
parameters:
  nerve: {distribution: {uniform: [0, 1]}, assumed: invented}
  idle: {distribution: {uniform: [0, 1]}, informed: arms-shells-5m, disagreement: tech-sharing-depth}
evidence: ../seeds
actors: {AAA: {name: A, attributes: {x: {initial: 0, assumed: invented}}, policy: q}}
policies: {q: {rules: {rise: {every: year, when: nerve > 0.4, effects: [x += 1 + 0*idle], assumed: x}}}}
outcomes:
  risen: {title: It rises, holds: "x[AAA] > 0.5", at: 2025-01-01}
  never: {title: It never does, holds: "x[AAA] > 5", at: 2025-01-01}
"""


def two() -> Scenario:
    return parse_scenario(TWO, str(SCENARIOS / "two.yaml"))


def test_an_outcome_rests_on_what_decides_it() -> None:
    scenario = two()
    (risen,) = uncertain(scenario, run_batch(scenario, 2_000, 1))
    assert [share.parameter for share in risen.told] == ["nerve"]
    assert risen.by_grade("assumed") > 0.9
    assert risen.rest < 0.1
    (settling,) = settled((risen,))
    assert (settling.disagreement, settling.parameters) == ("tech-sharing-depth", ("idle",))
    assert settling.share < 0.01


def test_few_runs_say_nothing() -> None:
    scenario = two()
    with pytest.raises(ValueError, match="too few"):
        uncertain(scenario, run_batch(scenario, 100, 1))
