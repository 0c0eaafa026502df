"""What a forecast costs beside a step: `python -m benchmarks.forecast [SCENARIO] [--runs N] [--workers W]`.

1,000 futures are played from the state before play to the end of the clock, as the terminal does after every
move. A time depends on the machine and on what else it does, so it is given as a ratio too: to one turn of a
world that is played with a trace, as the terminal plays it, measured in the same minute.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Final

import sim

SCENARIO: Final = "scenarios/pyongyang-hanoi-2024.yaml"
TIMES: Final = 5


def seconds(work: Callable[[], object], times: int = TIMES) -> float:
    """The median time of some work."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return statistics.median(found)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", nargs="?", default=SCENARIO)
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    game = sim.Game(sim.load(asked.scenario), seed=1)
    game.forward()
    step = seconds(game.forward)
    with sim.Forecaster(game.program, workers=asked.workers) as forecaster:
        forecaster.futures(game.line, 0, runs=asked.runs)  # the processes are there
        forecast = seconds(lambda: forecaster.futures(game.line, 0, runs=asked.runs))
    turns = game.turns
    print(f"{asked.runs:,} futures of {turns} turns on {asked.workers} processes: {forecast:.2f} s")
    print(f"a turn of the world itself, traced: {step:.3f} s")
    print(f"ratio: {forecast / step:.0f}, or {forecast / step / turns:.2f} for each turn of the forecast")


if __name__ == "__main__":
    main()
