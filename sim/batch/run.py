"""Many runs of one scenario, in blocks, on one process or several; the numbers do not depend on which."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import Final

from sim.batch.block import Job, play, play_block
from sim.batch.digest import digest
from sim.batch.manifest import manifest_of
from sim.batch.result import BatchResult, histogram_table, indicator_table
from sim.batch.run_table import RunTable
from sim.batch.tally import GRAIN, Tally
from sim.batch.workers import Workers
from sim.compile import Program, compile_scenario
from sim.engine.luck import MAX_RUN
from sim.engine.orders import Order, checked
from sim.engine.policy import Policy
from sim.engine.policy_loading import check_sendable
from sim.engine.seam import Seam
from sim.engine.settings import Setting, fitting
from sim.scenario import Scenario
from sim.scenario.doctrines import choose
from sim.text import Diagnostics, FoedusError

STREAM: Final = 0
"""The luck of played worlds and of batches."""
MAX_SEED: Final = 2**32 - 1
_BLOCK_BYTES: Final = 100_000_000
"""What the values of a block may take, of variables and of expressions. More is hardly faster, and a
process that plays one needs about as much again."""
_MAX_BLOCK: Final = 64 * GRAIN

Progress = Callable[[int], None]


def run_batch(
    scenario: Scenario | Program,
    runs: int,
    seed: int,
    *,
    workers: int = 1,
    block: int | None = None,
    orders: Iterable[Order] = (),
    settings: Iterable[Setting] = (),
    left_out: Iterable[str] = (),
    progress: Progress | None = None,
    policies: Iterable[Policy | type[Policy]] = (),
    doctrines: Mapping[str, str] | None = None,
) -> BatchResult:
    """Play the runs 0 to `runs - 1` of a scenario on stream 0.

    The same scenario, runs, seed, orders and settings give the same tables to the bit, whatever `workers` and
    `block` are, and each run is the one that a `Model` of that run number alone plays.

    Args:
        scenario: what to play. Only a `Scenario` leaves its text in the manifest.
        runs: how many.
        seed: 0 to 2**32 - 1.
        workers: processes to play on; 1 is this one. With more, a script needs the usual guard,
            `if __name__ == "__main__":`.
        block: runs that are played together, rounded up to a multiple of 256. Without it, as many as fit
            in about 100 MB.
        orders: decisions taken by hand, the same in every run.
        settings: values set by hand, the same in every run.
        left_out: of a branch that these runs are of, what they do not share with it, for the certificate.
        doctrines: doctrine by actor, in place of those that the scenario names itself. A Program has its own.
        progress: called after each block with the number of runs done so far. What it raises ends the batch.
        policies: policies written in Python, as in `Model`. The certificate names them. Worker processes find
            them by module, name and settings, so that with `workers` their classes must stand at the top of
            modules that can be imported.

    Raises:
        FoedusError: for arguments out of range; for orders or settings that do not fit, all at once; for a
            scenario that does not compile; for policies that do not fit or cannot be sent to workers; for a
            value that cannot be computed or a policy that fails, of the lowest run concerned.
    """
    if isinstance(scenario, Scenario):
        scenario = choose(scenario, doctrines or {})
        program = compile_scenario(scenario)
    elif doctrines:
        raise FoedusError.at(None, "a compiled scenario has its doctrines already", "the scenario")
    else:
        program = scenario
    seam = Seam(program, policies)
    job = Job(program, seed, STREAM, tuple(orders), seam.policies, tuple(settings))
    _check(job, runs, workers, block)
    job = replace(job, settings=fitting(program, job.settings))
    size = block_size(program) if block is None else _grains(block)
    with ExitStack() as stack:
        crew = stack.enter_context(Workers(job, workers)) if workers > 1 and runs > GRAIN else None
        # The first block fixes the bins. Workers wait for it, so that it is one grain only; they need a
        # second to start anyway.
        opening = min(runs, GRAIN if crew else size)
        played = play(job, 0, opening)
        bins = played.pilot_bins()
        total = Tally.of(played.indicators, bins)
        rows = RunTable(runs)
        rows.add(played.columns)
        del played
        if crew is not None:
            size = min(size, _grains(math.ceil((runs - opening) / workers)))
        spans = [(first, min(first + size, runs)) for first in range(opening, runs, size)]
        blocks = crew.play(spans, bins) if crew else (play_block(job, *span, bins) for span in spans)
        _tell(progress, len(rows))
        for block_found in blocks:
            rows.add(block_found.columns)
            total.add(block_found.tally)
            _tell(progress, len(rows))
    indicators, histograms = indicator_table(program, total, bins), histogram_table(program, total, bins)
    manifest = manifest_of(
        program,
        scenario if isinstance(scenario, Scenario) else None,
        seed=seed,
        stream=STREAM,
        orders=job.orders,
        settings=job.settings,
        left_out=tuple(left_out),
        table=rows,
        policies=seam.records,
        digest=digest(
            {
                "runs": rows.columns(),
                "indicators": indicators.iter_columns(),
                "histograms": histograms.iter_columns(),
            }
        ),
    )
    return BatchResult(manifest, rows, indicators, histograms)


def block_size(program: Program) -> int:
    """How many runs to play together, a multiple of 256: many for a small scenario, fewer for a large one."""
    a_run = 8 * (len(program.variables) + len(program.nodes))
    return min(max(_BLOCK_BYTES // max(a_run, 1) // GRAIN, 1) * GRAIN, _MAX_BLOCK)


def _check(job: Job, runs: int, workers: int, block: int | None) -> None:
    problems = Diagnostics()
    if not 1 <= runs <= MAX_RUN + 1:
        problems.error(None, f"a batch of {runs:,} runs", f"1 to {MAX_RUN + 1:,} runs", code="option")
    if not 0 <= job.seed <= MAX_SEED:
        problems.error(None, f"the seed {job.seed}", f"a whole number from 0 to {MAX_SEED}", code="option")
    if workers < 1:
        problems.error(None, f"{workers} workers", "at least 1", code="option")
    if block is not None and block < 1:
        problems.error(None, f"blocks of {block} runs", "at least 1 run", code="option")
    problems.raise_if_errors()
    checked(job.program, job.orders)
    if workers > 1:
        check_sendable(job.policies)


def _grains(runs: int) -> int:
    """So many runs, rounded up to whole grains; at least one."""
    return max(math.ceil(runs / GRAIN), 1) * GRAIN


def _tell(progress: Progress | None, done: int) -> None:
    if progress is not None:
        progress(done)
