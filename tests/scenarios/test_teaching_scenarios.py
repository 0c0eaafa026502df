"""The two teaching scenarios play, and show what they say they show."""

from __future__ import annotations

import pytest

from sim.compile import Program, compile_scenario
from sim.scenario import load_scenario
from tests.scenarios.ensembles import SCENARIOS, play


def compiled(name: str) -> Program:
    return compile_scenario(load_scenario(SCENARIOS / f"{name}.yaml"))


@pytest.mark.parametrize("name", ["first-steps", "border-clash"])
def test_outcomes_happen_in_some_runs_and_not_in_others(name: str) -> None:
    made = compiled(name)
    played = play(made, 300)
    for outcome in made.outcomes:
        assert 0.05 < played.share(outcome.id) < 0.95, outcome.id


def test_raids_wear_patience_down() -> None:
    played = play(compiled("first-steps"), 300)
    raids = played["times[raid, NORTH, SOUTH]"][11]
    patience = played["patience[SOUTH]"][11]
    assert patience[raids >= 3].mean() < patience[raids <= 1].mean()


def test_the_accident_raises_tension_with_the_state_that_suffers_it() -> None:
    played = play(compiled("border-clash"), 300)
    month = 10  # October 2030
    fired = played["fired[injects/accident]"][month - 1] > 0
    assert 0.35 < fired.mean() < 0.65
    after = played["tension[BEAR, LYNX]"][month - 1]
    assert after[fired].mean() > after[~fired].mean() + 0.15


def test_the_weak_see_the_strong_late_and_wrongly() -> None:
    played = play(compiled("border-clash"), 300)
    seen, true = played["seen[HARE/rivals_strength]"], played["strength[BEAR]"]
    assert true.std() == 0
    assert 0.05 < (seen - true).std() < 0.3
