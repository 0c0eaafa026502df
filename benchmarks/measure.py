"""One measurement in a process of its own: `python -m benchmarks.measure SCENARIO RUNS`. Prints JSON.

Apart from `benchmarks.flagship`, since a process that is started inherits the peak memory of the one that
starts it: that one imports nothing large.
"""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict, dataclass
from time import process_time
from typing import Final

from sim.batch import block_size, run_batch
from sim.compile import Program, compile_scenario
from sim.engine.model import Model
from sim.scenario import load_scenario
from sim.text import FoedusError

SEED: Final = 1
STREAMED: Final = 10_000
"""From so many runs on they are played in blocks, as a batch; below as one model."""
REPEATS: Final = {1: 5, 64: 5, 4_096: 2}


@dataclass(frozen=True, slots=True)
class Measurement:
    """What it took to play some runs from the first turn to the last, loading not counted."""

    runs: int
    block: int
    """Runs played together."""
    repeats: int
    seconds: float
    """Processor time of the quickest repeat: what else the machine does counts for less than on the clock."""
    peak_mib: float
    """Greatest resident memory of the whole process, in MiB."""
    variables: int
    decisions: int
    turns: int


def measured(program: Program, runs: int) -> Measurement:
    """Play the runs here and now."""
    repeats = REPEATS.get(runs, 1)
    seconds = min(_seconds(program, runs) for _ in range(repeats))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Measurement(
        runs=runs,
        block=min(runs, block_size(program)) if runs >= STREAMED else runs,
        repeats=repeats,
        seconds=seconds,
        peak_mib=peak / (1024 * 1024 if sys.platform == "darwin" else 1024),
        variables=len(program.variables),
        decisions=len(program.decisions),
        turns=program.turns,
    )


def _seconds(program: Program, runs: int) -> float:
    begin = process_time()
    if runs >= STREAMED:
        run_batch(program, runs, SEED)
    else:
        Model(program, runs, seed=SEED).play()
    return process_time() - begin


if __name__ == "__main__":
    try:
        loaded = compile_scenario(load_scenario(sys.argv[1]))
        print(json.dumps(asdict(measured(loaded, int(sys.argv[2])))))
    except FoedusError as error:
        sys.exit(str(error))
