"""The engine and the oracle, two programs written from one text, agree on every bit of every row."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from sim.compile import Program, compile_scenario
from sim.engine import fused
from sim.engine.model import Model
from sim.engine.orders import Order as EngineOrder
from sim.engine.state import State as EngineState
from sim.scenario import Scenario, load_scenario, parse_scenario
from sim.text import FoedusError
from tests.oracle.board import prepare
from tests.oracle.faults import OracleError
from tests.oracle.interpreter import Order, State, play, state_hash
from tests.strategies import SEEDS, orders_for, permuted, random_orders, scenarios

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.yaml"))
RUNS = st.integers(0, 2**34 - 1)


@pytest.fixture(autouse=True)
def written(monkeypatch: pytest.MonkeyPatch) -> None:
    """What ensembles do when they are warm, they do at once."""
    monkeypatch.setattr(fused, "OFTEN", 1)


def bits(value: float) -> bytes:
    return struct.pack("<d", value + 0.0)


def played(
    program: Program, seed: int, stream: int, runs: Sequence[int], orders: Sequence[Order]
) -> tuple[list[list[State]], list[str]]:
    """By the engine: one list of tables for each run, from turn 0 on, with the hashes of the first run."""
    model = Model(
        program,
        runs=list(runs),
        seed=seed,
        stream=stream,
        orders=tuple(EngineOrder(*order) for order in orders),
    )
    names = [variable.name for variable in program.variables]
    tables: list[list[State]] = [[] for _ in runs]
    hashes = []

    def observe(state: EngineState) -> None:
        for column, table in enumerate(tables):
            table.append(dict(zip(names, state.values[:, column].tolist(), strict=True)))
        hashes.append(state.hash(0))

    observe(model.state)
    # In one go, as batches play: what the engine keeps from turn to turn takes part.
    model.play(observe=observe)
    return tables, hashes


def differences(ours: list[State], theirs: list[State]) -> list[tuple[int, str, float, float]]:
    """(turn, row, oracle, engine) wherever the bits differ."""
    return [
        (turn, row, mine[row], other[row])
        for turn, (mine, other) in enumerate(zip(ours, theirs, strict=True))
        for row in mine
        if bits(mine[row]) != bits(other[row])
    ]


def agree(scenario: Scenario, seed: int, stream: int, runs: Sequence[int], orders: Sequence[Order]) -> None:
    """Every run alone in the oracle against all of them at once in the engine."""
    board, program = prepare(scenario), compile_scenario(scenario)
    ours: dict[int, list[State]] = {}
    stops: dict[int, int] = {}
    for run in runs:
        try:
            ours[run] = play(board, seed=seed, stream=stream, run=run, orders=orders)
        except OracleError as error:
            note(str(error))
            stops[run] = error.turn
    if stops:
        with pytest.raises(FoedusError, match=rf"turn {min(stops.values())} \("):
            played(program, seed, stream, runs, orders)
    if not ours:
        return
    theirs, hashes = played(program, seed, stream, list(ours), orders)
    for mine, other in zip(ours.values(), theirs, strict=True):
        assert mine[0].keys() == other[0].keys()
        assert differences(mine, other)[:5] == []
    first = next(iter(ours.values()))
    assert hashes == [state_hash(state, turn) for turn, state in enumerate(first)]


@given(data=st.data(), text=scenarios(), seed=SEEDS, runs=st.lists(RUNS, min_size=1, max_size=3, unique=True))
def test_the_engine_plays_what_the_text_says(
    data: st.DataObject, text: str, seed: int, runs: list[int]
) -> None:
    note(text)
    scenario = parse_scenario(text)
    orders = data.draw(st.one_of(st.just(()), orders_for(scenario)), label="orders")
    agree(scenario, seed, data.draw(st.integers(0, 3), label="stream"), runs, orders)


@given(data=st.data(), text=scenarios(), seed=SEEDS, run=RUNS)
def test_the_order_of_a_file_means_nothing(data: st.DataObject, text: str, seed: int, run: int) -> None:
    other = parse_scenario(data.draw(permuted(text)))
    scenario = parse_scenario(text)
    try:
        _, hashes = played(compile_scenario(scenario), seed, 0, [run], ())
    except FoedusError:
        with pytest.raises(FoedusError):
            played(compile_scenario(other), seed, 0, [run], ())
        return
    assert played(compile_scenario(other), seed, 0, [run], ())[1] == hashes


def test_ties_borders_and_sums_come_out_as_the_text_says() -> None:
    scenario = load_scenario(Path(__file__).parent / "oracle" / "thorny.yaml")
    agree(scenario, 7, 0, range(5), ())
    agree(scenario, 8, 1, range(2), random_orders(scenario, 7, 60))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_shipped_scenarios_are_played_as_the_text_says(path: Path) -> None:
    scenario = load_scenario(path)
    agree(scenario, 7, 0, [0, 99_999], ())
    agree(scenario, 7, 1, [5], random_orders(scenario, 7, 20))
