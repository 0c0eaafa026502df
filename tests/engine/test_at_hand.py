"""What is taken aside for some of the runs has all that they can need, and nothing else is looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.compile import Program, compile_scenario
from sim.engine import stages
from sim.engine.model import Model
from sim.scenario import load_scenario, parse_scenario
from tests.oracle.invented import as_text, invent

FLAGSHIP = Path(__file__).parents[2] / "scenarios" / "pyongyang-hanoi-2024.yaml"


class _Spoilt:
    """NumPy, but for the values that nobody has set yet: no number at all."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    @staticmethod
    def empty(shape: tuple[int, ...]) -> Any:
        return np.full(shape, np.nan)


def _hashes(program: Program, runs: int, turns: int) -> list[str]:
    model = Model(program, runs=range(runs), seed=5)
    model.play(min(turns, program.turns))
    return [model.state.hash(column) for column in range(runs)]


def _at_hand(program: Program, runs: int, turns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = _hashes(program, runs, turns)
    monkeypatch.setattr(stages, "np", _Spoilt())
    assert _hashes(program, runs, turns) == expected


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 6, 8, 9])  # the others stop at what has no logarithm
def test_runs_of_invented_worlds_have_all_at_hand(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    program = compile_scenario(parse_scenario(as_text(invent(seed, 1 + seed % 3))))
    _at_hand(program, 9, 12, monkeypatch)


def test_runs_of_the_flagship_have_all_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    program = compile_scenario(load_scenario(FLAGSHIP))
    _at_hand(program, 40, 8, monkeypatch)
    assert program.crisis is not None  # so that rounds are played among some of the runs, too
