"""One block of a batch: some runs of one Model, played together, and what is kept of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.batch.tally import GRAIN, Bins, Tally
from sim.compile import Program
from sim.engine.orders import Order
from sim.engine.policy import Policy
from sim.engine.recorder import Recorder
from sim.engine.settings import Setting, put
from sim.engine.state import State
from sim.engine.vectors import Floats
from sim.text import FoedusError

Columns = dict[str, NDArray[Any]]
"""Vectors of shape `(runs,)`: int64, int32, float64, or 32 bytes of text."""
Beat = Callable[[], None]
"""Called after each turn; may raise to stop."""


@dataclass(frozen=True, slots=True)
class Job:
    """What all runs of a batch have in common."""

    program: Program
    seed: int
    stream: int
    orders: tuple[Order, ...]
    policies: tuple[Policy, ...] = ()
    settings: tuple[Setting, ...] = ()
    """In order of turn."""


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """Runs `first` to `first + runs - 1`, played to the end."""

    columns: Columns
    indicators: Floats
    """Shape `(turns + 1, indicators, runs)`."""

    def pilot_bins(self) -> Bins:
        """The bins that the first grain of these runs asks for; of a batch's first block only."""
        return Bins.around(self.indicators[:, :, :GRAIN])


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """What is kept of a block: a few numbers of each run, and its indicators as a tally."""

    columns: Columns
    tally: Tally


def play_block(job: Job, first: int, last: int, bins: Bins, beat: Beat | None = None) -> Block:
    """Play the runs `first` to `last - 1` and keep what a batch keeps.

    Raises:
        FoedusError: as `play`.
    """
    played = play(job, first, last, beat)
    return Block(played.columns, Tally.of(played.indicators, bins))


def play(job: Job, first: int, last: int, beat: Beat | None = None) -> Played:
    """Play the runs `first` to `last - 1`.

    Raises:
        FoedusError: for a value that cannot be computed; of several runs the lowest, and what it says when
            played alone.
    """
    try:
        return _play(job, first, last, beat)
    except FoedusError as error:
        raise _of_lowest_run(job, first, last, beat) or error from None


def _of_lowest_run(job: Job, first: int, last: int, beat: Beat | None) -> FoedusError | None:
    """The error of the lowest run that fails, found by halving.

    The error of a whole block is that of the first turn in which any of its runs fails, and so would depend
    on the size of the block.
    """
    found: FoedusError | None = None
    while last > first:
        middle = (first + last) // 2 if last - first > 1 else last
        try:
            _play(job, first, middle, beat)
        except FoedusError as error:
            found, last = error, middle if last - first > 1 else first
        else:
            first = middle
    return found


def _play(job: Job, first: int, last: int, beat: Beat | None) -> Played:
    from sim.engine.model import Model  # noqa: PLC0415 - imports Mesa, which takes a second

    program = job.program
    numbers = np.arange(first, last, dtype=np.uint64)
    model = Model(
        program, numbers, seed=job.seed, stream=job.stream, orders=job.orders, policies=job.policies
    )
    recorder = Recorder(program, [program.variables[i.row].name for i in program.indicators], len(numbers))
    recorder.observe(model.state)

    def observe(state: State) -> None:
        recorder.observe(state)
        if beat is not None:
            beat()

    try:
        for setting in job.settings:
            model.play(setting.turn, observe=observe)
            put(program, model.state, setting)
        model.play(observe=observe)
        return Played(_columns(program, model.state), recorder.values)
    finally:
        model.let_go()


def _columns(program: Program, state: State) -> Columns:
    """What is kept of each run: see `BatchResult.runs`."""
    values = state.values
    found: Columns = {"run": state.runs.astype(np.int64)}
    for row, variable in enumerate(program.variables):
        if variable.kind == "parameter":
            found[f"parameter.{variable.name}"] = values[row] + 0.0
    for outcome in sorted(program.outcomes, key=lambda outcome: outcome.id):
        found[f"outcome.{outcome.id}"] = values[outcome.row].astype(np.int32)
    for indicator in sorted(program.indicators, key=lambda indicator: indicator.id):
        found[f"indicator.{indicator.id}"] = values[indicator.row] + 0.0
    found["hash"] = _hashes(state)
    return found


def _hashes(state: State) -> NDArray[np.bytes_]:
    """The hash of every run, a grain at a time: hashing copies the state."""
    found: list[str] = []
    for first in range(0, len(state.runs), GRAIN):
        grain = slice(first, first + GRAIN)
        part = State(state.values[:, grain], state.runs[grain], state.seed, state.stream, state.turn)
        found += part.hashes()
    return np.array(found, dtype="S32")
