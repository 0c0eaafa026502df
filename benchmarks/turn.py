"""What the parts of a turn cost: `python -m benchmarks.turn SCENARIO RUNS`. Prints JSON.

Apart from `benchmarks.measure`, since to time each pass costs time itself.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from dataclasses import asdict, dataclass
from time import process_time
from typing import Any

from sim.compile import Program, compile_scenario
from sim.compile.program import Pass
from sim.engine.model import Model
from sim.engine.stages import StagePlayer
from sim.scenario import load_scenario
from sim.text import FoedusError

SEED = 1


@dataclass(frozen=True, slots=True)
class TurnCost:
    """Processor time of a turn, on average over a play from the first turn to the last."""

    runs: int
    turns: int
    seconds: float
    """Of a turn."""
    passes: dict[str, float]
    """Of a turn, by the id of the pass; a pass that is played in several waves or rounds counts each time."""


def turn_cost(program: Program, runs: int) -> TurnCost:
    """Play a scenario once, with a clock on every pass."""
    spent: defaultdict[str, float] = defaultdict(float)
    play = StagePlayer.play_pass

    def timed(self: StagePlayer, step: Pass, *arguments: Any, **named: Any) -> None:
        begin = process_time()
        play(self, step, *arguments, **named)
        spent[step.id] += process_time() - begin

    model = Model(program, runs, seed=SEED)
    StagePlayer.play_pass = timed  # type: ignore[method-assign]
    try:
        begin = process_time()
        model.play()
        seconds = process_time() - begin
    finally:
        StagePlayer.play_pass = play  # type: ignore[method-assign]
    turns = program.turns
    return TurnCost(runs, turns, seconds / turns, {id_: time / turns for id_, time in spent.items()})


if __name__ == "__main__":
    try:
        loaded = compile_scenario(load_scenario(sys.argv[1]))
        print(json.dumps(asdict(turn_cost(loaded, int(sys.argv[2])))))
    except FoedusError as error:
        sys.exit(str(error))
