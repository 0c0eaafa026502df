"""Ensembles of the shipped scenarios, or of small edits of them, played once for many tests to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.compile import Program, compile_scenario
from sim.engine.advance import advance
from sim.engine.orders import Order
from sim.engine.start import start
from sim.engine.state import State
from sim.scenario import Scenario, load_scenario, parse_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FLAGSHIP = SCENARIOS / "pyongyang-hanoi-2024.yaml"


@dataclass(frozen=True)
class Played:
    """What a number of runs went through. Turns count from 1; index 0 of `history` is turn 1."""

    program: Program
    history: NDArray[np.float64]
    """Shape `(turns, variables, runs)`."""

    def __getitem__(self, row: str) -> NDArray[np.float64]:
        """A variable over the turns, shape `(turns, runs)`."""
        values: NDArray[np.float64] = self.history[:, self.program.rows[row], :]
        return values

    def mean(self, row: str) -> float:
        """Mean over all turns and runs."""
        return float(self[row].mean())

    def final(self, row: str) -> NDArray[np.float64]:
        """Values after the last turn, shape `(runs,)`."""
        values: NDArray[np.float64] = self[row][-1]
        return values

    def per_year(self, row: str) -> float:
        """How often a rule fired or an action was done, per run and year."""
        runs: int = self.history.shape[2]
        return float(self[row].sum()) / runs / (self.program.turns / 12)

    def share(self, outcome: str) -> float:
        """Share of the runs in which an outcome came about."""
        return float((self.final(f"outcome.{outcome}") > 0).mean())


@lru_cache
def flagship() -> Scenario:
    return load_scenario(FLAGSHIP)


@lru_cache
def unedited() -> Program:
    """The flagship as it stands."""
    return compile_scenario(flagship())


def program(edit: str = "") -> Program:
    """The flagship, with an edit in YAML laid over it."""
    if not edit:
        return unedited()
    text = f"extends: {FLAGSHIP.name}\n{edit}"
    return compile_scenario(parse_scenario(text, str(SCENARIOS / "edited.yaml")))


def play(program: Program, runs: int, orders: Iterable[Order] = (), seed: int = 0) -> Played:
    """Play runs 0 to `runs` - 1 to the end."""
    return Played(program, _history(program, start(program, range(runs), seed), orders))


def beside(parameter: str, *values: float, runs: int) -> tuple[Played, ...]:
    """Worlds of the flagship that differ in the value of one parameter alone, each with the same luck.

    They are played at once: a value that is fixed is a value of the state like any other.
    """
    base = unedited()
    begun = [start(program(fixed(**{parameter: value})), range(runs), 0) for value in values]
    together = State(
        np.concatenate([state.values for state in begun], axis=1),
        np.concatenate([state.runs for state in begun]),
        *(0, 0, 0),
    )
    history = _history(base, together)
    columns = (slice(first, first + runs) for first in range(0, runs * len(values), runs))
    return tuple(Played(base, history[:, :, part]) for part in columns)


def _history(program: Program, state: State, orders: Iterable[Order] = ()) -> NDArray[np.float64]:
    """All values after each turn, shape `(turns, variables, runs)`."""
    history = np.empty((program.turns, *state.values.shape))

    def keep(state: State) -> None:
        history[state.turn - 1] = state.values

    advance(program, state, tuple(orders), 1, program.turns, observe=keep)
    return history


def fixed(**parameters: float) -> str:
    """An edit that fixes parameters."""
    lines = (f"  {name}: {{distribution: null, value: {value}}}\n" for name, value in parameters.items())
    return "parameters:\n" + "".join(lines)


def always(decision: str, option: str) -> Sequence[Order]:
    """Orders that take one option (or `do`, `refrain`) each time that the matter comes up."""
    owner, rest = decision.split("/", 1)
    made = program()
    choice = next((choice for choice in made.choices if choice.name == decision), None)
    due = None if choice is None else choice.due
    return [Order(turn, owner, rest, option) for turn in range(1, made.turns + 1) if due is None or due[turn]]
