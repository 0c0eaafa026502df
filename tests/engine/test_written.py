"""Functions written for nodes give the interpreter's bits, and leave to it whatever cannot be computed."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.compile import Program, compile_scenario
from sim.engine import choose, decide, fused, move
from sim.engine.model import Model
from sim.scenario import parse_scenario
from sim.text import FoedusError
from tests.oracle.invented import as_text, invent
from tests.worlds import world

NEVER = 10**9


def _hashes(program: Program, runs: Sequence[int], often: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Hashes of every run and turn; the last word is the message of what stopped it."""
    found: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr(fused, "OFTEN", often)
        if often == NEVER:  # one by one, node by node
            patched.setattr(choose, "taken", lambda *_: None)
            patched.setattr(decide.RuleDecider, "_alike", lambda *_: ({}, []))
            patched.setattr(decide.RuleDecider, "_levels", lambda *_: {})
            patched.setattr(move.Mover, "_together", lambda *_: None)
        try:
            model = Model(program, runs=list(runs), seed=3)
            model.play(observe=lambda state: found.extend(state.hash(column) for column in range(len(runs))))
        except FoedusError as error:
            found.append(str(error))
    return found


def _agree(program: Program, runs: Sequence[int], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    interpreted = _hashes(program, runs, NEVER, monkeypatch)
    assert _hashes(replace(program), runs, 1, monkeypatch) == interpreted
    return interpreted


@pytest.mark.parametrize("seed", range(12))
def test_invented_worlds_play_alike(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    text = as_text(invent(seed, 1 + seed % 3))
    assert _agree(compile_scenario(parse_scenario(text)), range(7), monkeypatch)


def test_the_flagship_plays_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(__file__).parents[2] / "scenarios" / "pyongyang-hanoi-2024.yaml"
    assert len(_agree(sim.load(path), range(5), monkeypatch)) == 5 * 24


WORLD = """
foedus: 1
id: written
title: Written
clock: {{start: 2024-01-01, turn: month, turns: 5}}
actors: {{AAA: {{name: A, attributes: {{x: 3, y: 1, z: 2}}, policy: q}}}}
policies: {{q: {{rules: {{r: {{every: month, effects: ['x -= 1', '{effect}']}}}}}}}}
"""


@pytest.mark.parametrize(
    "effect",
    [
        "y += 1 / x",  # stops when x is 0
        "y += 1 / x if x > 0 else 2",
        "y += 2 if x <= 0 else 1 / x",
        "y += 1 if x > 0 and 1 / x > 0.4 else 0",
        "y += 1 if x <= 0 or 1 / x > 0.4 else 0",
        "y += 1 if x > 0 or 1 / x > 0.4 else 0",  # stops too
        "y += clamp(x / z, 0, 1) + min(x, y) * max(-x, z)",
        "y += abs(floor(x / 2)) - ceil(-z / 4) + exp(-x) + logistic(x)",
        "y += sqrt(x)",  # stops below 0
        "y += log(x) if x > 0 else 0",
        "y += x ** -1",  # stops when x is 0
        "y += x ** 0.5",  # stops below 0
        "y += x ** 0.5 if x >= 0 else 1 / x ** 2",
        "y += (-x) ** 0.5 if x < 0 else x ** y",
        "y = x",
        "y = " + " + ".join(["x * 0.5"] * 60),
        "y = " + "1 + (" * 60 + "x" + ")" * 60,
        "y = " + "".join(f"{n} if x > {3 - n / 9} else (" for n in range(30)) + "z" + ")" * 30,
    ],
)
def test_faults_and_odd_shapes_are_the_interpreters(effect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = WORLD.format(effect=effect)
    assert _agree(world(text), range(3), monkeypatch)


def test_rows_that_change_places_are_read_before_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    text = WORLD.format(effect="y = x").replace("'y = x'", "'y = z', 'z = y'")
    monkeypatch.setattr(fused, "OFTEN", 1)
    model = Model(world(text), runs=2)
    model.play(1)
    assert np.array_equal(model["y[AAA]"], [2.0, 2.0])
    assert np.array_equal(model["z[AAA]"], [1.0, 1.0])


@pytest.mark.parametrize("often", [1, NEVER])
def test_a_program_that_nobody_holds_goes_with_all_that_was_made_for_it(
    often: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fused, "OFTEN", often)
    program = compile_scenario(parse_scenario(as_text(invent(3, 1))))
    Model(program, runs=range(5), seed=1).play(2)
    here = weakref.ref(program)
    del program
    gc.collect()
    assert here() is None
