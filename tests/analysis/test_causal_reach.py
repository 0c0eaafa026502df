"""Where the causal diagram has no way from one notion to another, the first moves no bit of the second."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.analysis.causal import Diagram
from sim.compile import Program, compile_scenario
from sim.compile import program as pr
from sim.engine.advance import advance
from sim.engine.start import start
from sim.engine.state import State
from sim.scenario import parse_scenario
from sim.text import FoedusError
from tests.oracle.invented import as_text, invent
from tests.worlds import SHIPPED, shipped

SEEDS = range(16)
RUNS = 16


def history(program: Program, seed: int) -> NDArray[np.float64] | None:
    """All rows after every turn, shape `(turns, rows, runs)`; None if a value cannot be computed."""
    seen: list[NDArray[np.float64]] = []

    def observe(state: State) -> None:
        seen.append(state.values.copy())

    try:
        state = start(program, np.arange(RUNS), seed)
        observe(state)
        advance(program, state, (), 1, program.turns, observe=observe)
    except FoedusError:
        return None
    return np.stack(seen)


def begun_otherwise(program: Program, row: int, seed: int) -> Program | None:
    """The same with another first value of a row; None if it has none to change."""
    variable = program.variables[row]
    initials = {initial.row: initial for initial in program.initials}
    if row not in initials or variable.low == variable.high:
        return None
    low, high = max(variable.low, -2.0), min(variable.high, 2.0)
    if low >= high:
        low, high = variable.low, min(variable.high, variable.low + 1.0)
    value = float(np.random.default_rng(seed + row).uniform(low, high))
    changed = replace(initials[row], node=len(program.nodes))
    others = tuple(changed if initial.row == row else initial for initial in program.initials)
    nodes = (*program.nodes, pr.Node("const", value=value))
    return replace(program, nodes=nodes, initials=others)


def check(program: Program, seed: int, most: int) -> tuple[int, int]:
    """How many stocks were begun otherwise, and how many notions had to stay as they were."""
    diagram = Diagram(program)
    rows = {name: row for row, name in enumerate(variable.name for variable in program.variables)}
    base = history(program, seed)
    tried = held = 0
    stocks = [name for name in diagram.notions if name in rows and diagram.notions[name].kind == "stock"]
    for name in stocks[:most] if base is not None else ():
        other = begun_otherwise(program, rows[name], seed)
        then = None if other is None else history(other, seed)
        if then is None:
            continue
        tried += 1
        moved = {name, *diagram.after(name)}
        assert base is not None
        differs = (base.view(np.uint64) != then.view(np.uint64)).any(axis=(0, 2))
        for row in np.flatnonzero(differs):
            notion = diagram.notion_of(program.variables[row].name)
            assert notion is None or notion in moved, f"{name} moves {program.variables[row].name}"
        held += len(diagram.notions.keys() - moved)
    return tried, held


@pytest.mark.parametrize("seed", SEEDS)
def test_what_no_way_leads_to_never_moves(seed: int) -> None:
    program = compile_scenario(parse_scenario(as_text(invent(seed, 1 + seed % 3))))
    check(program, seed, 4)


def test_the_invented_worlds_put_the_diagram_to_the_test() -> None:
    """In a quiet one of them much can be moved, and much must stay."""
    tried, held = check(compile_scenario(parse_scenario(as_text(invent(1, 2)))), 1, 3)
    assert tried > 1
    assert held > 10


@pytest.mark.parametrize("name", SHIPPED)
def test_what_no_way_leads_to_never_moves_in_a_shipped_scenario(name: str) -> None:
    tried, _ = check(shipped(name), 1, 2)
    assert tried > 0
