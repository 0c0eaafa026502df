"""The public cases in the oracle: the rows of every turn are those of the engine, bit for bit."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from sim.compile import compile_scenario
from sim.engine.model import Model
from sim.engine.orders import Order as EngineOrder
from sim.engine.state import State
from sim.scenario.case_file import CaseReading, read_case
from tests.oracle.interpreter import Order, play, state_hash

BELIEFS = range(700, 750)
"""Cases that the oracle does not play: `tests/domain` holds beliefs against closed forms."""
CASES = [
    path
    for path in sorted((Path(__file__).parents[1] / "scenarios" / "cases").glob("*.yaml"))
    if int(path.name[:3]) not in BELIEFS
]


@cache
def read(path: Path) -> CaseReading:
    return read_case(path)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem[:40])
def test_a_case_is_played_as_the_text_says(path: Path) -> None:
    case = read(path)
    scenario = case.reading.scenario if case.reading else None
    assert scenario is not None
    assert case.model is not None
    orders = [(order.turn, order.actor, order.decision, order.option) for order in case.model.orders]
    seed = case.model.seed
    for run in (0, 3):
        ours = play(scenario, seed=seed, run=run, orders=[Order(*order) for order in orders])
        theirs: list[str] = []

        def note(state: State, theirs: list[str] = theirs) -> None:
            theirs.append(state.hash(0))

        given = tuple(EngineOrder(*order) for order in orders)
        model = Model(compile_scenario(scenario), runs=[run], seed=seed, orders=given)
        note(model.state)
        model.play(observe=note)
        assert [state_hash(state, turn) for turn, state in enumerate(ours)] == theirs
