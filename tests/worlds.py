"""Scenarios that tests play: the shipped ones, compiled once, and small ones written where they are used."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from sim.compile import Program, compile_scenario
from sim.engine.advance import advance
from sim.engine.orders import Order
from sim.engine.start import start
from sim.engine.state import State
from sim.scenario import load_scenario, parse_scenario

SCENARIOS = Path(__file__).parent.parent / "scenarios"
SHIPPED = tuple(sorted(path.stem for path in SCENARIOS.glob("*.yaml")))
FLAGSHIP = "pyongyang-hanoi-2024"


@cache
def shipped(name: str) -> Program:
    """A scenario of the project, compiled."""
    return compile_scenario(load_scenario(SCENARIOS / f"{name}.yaml"))


def text_of(plain: dict[str, Any]) -> str:
    """A scenario's data as a file would hold it, in the order of the data."""
    return yaml.dump(plain, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)


def world(text: str | dict[str, Any]) -> Program:
    """A scenario from its text or its data, compiled; it cites the ledgers of the shipped scenarios."""
    written = text if isinstance(text, str) else text_of(text)
    return compile_scenario(parse_scenario(written, str(SCENARIOS / "written-in-a-test.yaml")))


def played(
    program: Program,
    runs: int | list[int] = 1,
    seed: int = 1,
    *,
    stream: int = 0,
    turns: int | None = None,
    orders: tuple[Order, ...] = (),
) -> State:
    """The state of these runs after some turns (all of them without a number)."""
    numbers = np.arange(runs) if isinstance(runs, int) else np.array(runs)
    state = start(program, numbers, seed, stream)
    return advance(program, state, orders, 1, program.turns if turns is None else turns)


def history(program: Program, runs: int | list[int], seed: int = 1, stream: int = 0) -> list[list[str]]:
    """State hashes of every run after every turn, turn 0 first."""
    numbers = np.arange(runs) if isinstance(runs, int) else np.array(runs)
    state = start(program, numbers, seed, stream)
    found = [state.hashes()]
    advance(program, state, (), 1, program.turns, observe=lambda now: found.append(now.hashes()))
    return found


def row(program: Program, state: State, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """A variable's values over the runs."""
    values: np.ndarray[Any, np.dtype[np.float64]] = state.values[program.rows[name]]
    return values
