"""Small worlds for the oracle, and what comes of them."""

from __future__ import annotations

import math
from typing import Any

import yaml

from sim.scenario import parse_scenario
from tests.oracle.board import Board, prepare
from tests.oracle.interpreter import State, play

Part = dict[str, Any]


def board(
    *, clock: Part | None = None, aaa: Part | None = None, policy: Part | None = None, **parts: Any
) -> Board:
    """Three actors, of which AAA has the policy `mind`."""
    scenario = {
        "foedus": 1,
        "id": "small",
        "title": "A small world",
        "clock": {"start": "2024-01-01", "turn": "month", "turns": 12} | (clock or {}),
        "actors": {
            "AAA": {"name": "A", "policy": "mind", "tags": "rich"} | (aaa or {}),
            "BBB": {"name": "B", "attributes": {"strength": 0.5}, "tags": ["rich", "calm"]},
            "CCC": {"name": "C", "attributes": {"strength": 0.25}, "tags": "calm"},
        },
        "policies": {"mind": policy or {}},
        **parts,
    }
    return prepare(parse_scenario(yaml.safe_dump(scenario, sort_keys=False)))


def values(states: list[State], row: str) -> list[float]:
    return [state[row] for state in states]


def share(ready: Board, row: str, turn: int, runs: int = 2000) -> float:
    """In what share of the runs the row is above 0 after the turn."""
    return sum(play(ready, seed=5, run=run, turns=turn)[turn][row] > 0 for run in range(runs)) / runs


def near(found: float, wanted: float, runs: int = 2000) -> bool:
    """Within four standard errors of a share."""
    return abs(found - wanted) < 4 * math.sqrt(wanted * (1 - wanted) / runs)


def indicator(value: str, **parts: Any) -> list[float]:
    """The indicator from turn 0 to 2."""
    return values(play(board(indicators={"it": value}, **parts), seed=1, run=0, turns=2), "it")
