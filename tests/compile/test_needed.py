"""A Program without what nobody asks decides, counts and settles as the whole one does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.compile import Program, compile_scenario
from sim.compile.needed import needed
from sim.engine.model import Model
from sim.engine.vectors import Floats
from sim.scenario import load_scenario, parse_scenario
from tests.oracle.invented import as_text, invent

FLAGSHIP = Path(__file__).parents[2] / "scenarios" / "pyongyang-hanoi-2024.yaml"


def _shown(program: Program, runs: int, turns: int) -> list[Floats]:
    """Indicators, outcomes and what was decided, turn by turn."""
    rows = [one.row for one in program.indicators] + [one.row for one in program.outcomes]
    rows += [rule.fired for rule in program.rules] + [choice.chosen for choice in program.choices]
    found: list[Floats] = []
    model = Model(program, runs=range(runs), seed=7)
    model.play(min(turns, program.turns), observe=lambda state: found.append(state.values[rows].copy()))
    return found


def _agree(program: Program, runs: int, turns: int) -> None:
    whole, less = _shown(program, runs, turns), _shown(needed(program), runs, turns)
    assert len(whole) == len(less) > 0
    for one, other in zip(whole, less, strict=True):
        np.testing.assert_array_equal(one, other)


def _assignments(program: Program) -> int:
    return sum(len(step.assignments) for step in program.stages.passes())


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 6, 8, 9, 10, 11])  # the others stop at what has no logarithm
def test_invented_worlds_come_out_the_same(seed: int) -> None:
    _agree(compile_scenario(parse_scenario(as_text(invent(seed, 1 + seed % 3)))), 6, 12)


@pytest.mark.parametrize("rule", ["Q2", "C8"])
def test_worlds_without_a_rule_of_adjudication_come_out_the_same(rule: str) -> None:
    scenario = load_scenario(FLAGSHIP.parent / "border-clash.yaml")
    _agree(compile_scenario(scenario, without=frozenset({rule})), 60, 8)


def test_the_flagship_comes_out_the_same_with_less_work() -> None:
    program = compile_scenario(load_scenario(FLAGSHIP))
    assert _assignments(needed(program)) < 0.75 * _assignments(program)
    _agree(program, 40, 8)
