"""Worlds followed turn by turn, for tests of the domain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from sim.compile import Program, compile_scenario
from sim.engine.advance import advance
from sim.engine.orders import Order
from sim.engine.start import start
from sim.engine.vectors import Floats
from sim.scenario import parse_scenario
from tests.worlds import SCENARIOS, text_of


def followed(
    program: Program, *names: str, runs: int = 1, seed: int = 1, orders: Iterable[Order] = ()
) -> tuple[Floats, ...]:
    """Each variable's values after every turn, turn 0 first; shape `(turns + 1, runs)`."""
    state = start(program, np.arange(runs), seed)
    rows = [program.rows[name] for name in names]
    found = [state.values[rows]]
    advance(
        program, state, orders, 1, program.turns, observe=lambda now: found.append(now.values[rows].copy())
    )
    return tuple(np.stack([values[index] for values in found]) for index in range(len(names)))


def world_without(written: str | dict[str, Any], *rules: str) -> Program:
    """A scenario from its text or data, compiled, with some rules of adjudication left out."""
    text = written if isinstance(written, str) else text_of(written)
    return compile_scenario(parse_scenario(text, str(SCENARIOS / "written-in-a-test.yaml")), rules)
