"""Futures of a moment of a game: the same world spread over many runs, and what comes of them.

A forecast from a world on stream s is played on stream s + 1, runs 0 to n - 1, at absolute turns: every
option that is compared, and every later turn, shares its luck. An analyst's starts from the true state and
holds the run's parameters; a seat's starts from what the seat believes (`sim.session.believed`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import numpy as np

from sim.analysis.estimates import wilson
from sim.batch.block import Beat, Job
from sim.batch.crew import GivenUpError
from sim.batch.workers import Workers
from sim.compile import Program
from sim.compile.needed import needed
from sim.engine.model import Model
from sim.engine.orders import Order
from sim.engine.policy import Policy
from sim.engine.recorder import Recorder
from sim.engine.snapshot import forked
from sim.engine.state import State
from sim.engine.vectors import Floats
from sim.session.believed import believed
from sim.session.line import Line

RUNS: Final = 1_000
PERCENTS: Final = (5, 25, 50, 75, 95)


@dataclass(frozen=True, slots=True)
class Chance:
    """How often an outcome comes about in the futures."""

    id: str
    title: str
    happened: int
    """In so many of the futures; in all of them if it has come about already."""
    runs: int
    share: float
    low: float
    """Wilson 95% interval of the share: what playing more futures could change, and nothing else."""
    high: float
    since: int
    """The turn in which it came about already, or 0."""


@dataclass(frozen=True, slots=True)
class Fan:
    """An indicator over the turns to come."""

    id: str
    title: str
    unit: str
    turns: tuple[int, ...]
    """From the one that it starts after."""
    quantiles: tuple[tuple[float, ...], ...]
    """One tuple for each of `PERCENTS`, in order, with a value a turn."""


@dataclass(frozen=True, slots=True, eq=False)
class Futures:
    """Some futures of one moment."""

    program: Program
    turn: int
    last: int
    """The turn up to which they were played."""
    runs: int
    stream: int
    seat: str
    """The actor whose beliefs they start from; "" for an analyst's, from the truth."""
    outcomes: Floats
    """Turn in which each outcome came about, 0 if it did not; shape `(outcomes, runs)`."""
    blocks: tuple[Floats, ...]
    """Values of indicators, of shape `(last - turn + 1, indicators, runs of the block)`."""

    def values(self, indicator: int) -> Floats:
        """Of an indicator, by its index in the Program: shape `(last - turn + 1, runs)`."""
        return np.concatenate([block[:, indicator, :] for block in self.blocks], axis=1)

    def chances(self) -> tuple[Chance, ...]:
        """Every outcome, in the order of the Program."""
        found = []
        for index, outcome in enumerate(self.program.outcomes):
            turns = self.outcomes[index]
            happened = int((turns > 0).sum())
            since = int(turns[0]) if (turns == turns[0]).all() and 0 < turns[0] <= self.turn else 0
            low, high = wilson(happened, self.runs)
            share = happened / self.runs
            found.append(Chance(outcome.id, outcome.title, happened, self.runs, share, low, high, since))
        return tuple(found)

    def fan(self, id_: str) -> Fan:
        """Quantiles of an indicator, turn by turn: order statistics, the same however the futures were split.

        Raises:
            KeyError: for an indicator that is not there.
        """
        ids = [indicator.id for indicator in self.program.indicators]
        if id_ not in ids:
            raise KeyError(id_)
        index = ids.index(id_)
        ordered = np.sort(self.values(index), axis=1)
        places = [round(percent / 100 * (self.runs - 1)) for percent in PERCENTS]
        indicator = self.program.indicators[index]
        turns = tuple(range(self.turn, self.last + 1))
        quantiles = tuple(tuple(map(float, ordered[:, place])) for place in places)
        return Fan(id_, indicator.title, indicator.unit, turns, quantiles)


@dataclass(frozen=True, slots=True)
class Part:
    """What is asked of one block of futures."""

    state: State
    """Of one run."""
    orders: tuple[Order, ...]
    stream: int
    seat: str
    first: int
    """First future of the block, and the one after its last."""
    end: int
    last: int
    """The turn to play up to."""


def play_part(job: Job, part: Part, beat: Beat | None = None) -> tuple[Floats, Floats]:
    """Outcomes and indicators of a block of futures, as in `Futures`.

    Raises:
        FoedusError: for a value that cannot be computed.
    """
    program, runs = job.program, range(part.first, part.end)
    if part.seat:
        state = believed(program, part.state, part.seat, runs, part.stream)
    else:
        state = forked(part.state, runs, part.stream)
    model = Model(program, seed=state.seed, state=state, orders=part.orders, policies=job.policies)
    names = [program.variables[indicator.row].name for indicator in program.indicators]
    recorder = Recorder(program, names, len(runs))
    recorder.observe(model.state)

    def observe(state: State) -> None:
        recorder.observe(state)
        if beat is not None:
            beat()

    model.play(part.last, observe=observe)
    rows = [outcome.row for outcome in program.outcomes]
    return model.state.values[rows], recorder.values[part.state.turn : part.last + 1]


class Forecaster:
    """Plays futures of one Program, on some processes that wait for them. Use as a context manager.

    Args:
        program: what is played.
        policies: policies written in Python that decide in it.
        workers: processes, which stand back where the screen wants the processor; none plays in this one.
    """

    def __init__(self, program: Program, policies: Sequence[Policy] = (), workers: int = 0) -> None:
        self.program = program
        played = program if policies else needed(program)  # a policy may look at anything
        self._job = Job(played, 0, 0, (), tuple(policies))
        self._workers = Workers(self._job, workers, behind=True) if workers else None
        self._parts = max(workers, 1)
        self._wanted = 0

    def futures(
        self,
        line: Line,
        turn: int,
        *,
        runs: int = RUNS,
        seat: str = "",
        orders: Iterable[Order] = (),
        free: str = "",
        last: int | None = None,
    ) -> Futures:
        """Futures of a line from a turn on.

        Args:
            line: one that follows this Program from that turn on.
            turn: the moment they start from.
            runs: how many.
            seat: the actor from whose beliefs they start; from the truth without one.
            orders: decisions taken by hand in all of them, beside what the line's log orders for later turns.
            free: a decision that nobody orders in the first turn, whatever the line's log says.
            last: the turn to play up to; the end of the clock without it.

        Raises:
            FoedusError: for orders that do not fit, or a value that cannot be computed and on which anything
                depends that is decided or shown (`sim.compile.needed`).
            GivenUpError: if `give_up` was called meanwhile.
        """
        state = line.moments[turn].state
        last = self.program.turns if last is None else min(last, self.program.turns)
        given = (*line.ordered(turn, free=free), *orders)
        stream = state.stream + 1
        size = -(-runs // self._parts)
        spans = [(first, min(first + size, runs)) for first in range(0, runs, size)]
        parts = [Part(state, given, stream, seat, first, end, last) for first, end in spans]
        found = list(self._played(parts))
        outcomes = np.concatenate([block for block, _ in found], axis=1)
        blocks = tuple(block for _, block in found)
        return Futures(self.program, turn, last, runs, stream, seat, outcomes, blocks)

    def _played(self, parts: Sequence[Part]) -> Iterator[tuple[Floats, Floats]]:
        if self._workers is None:
            wanted = self._wanted

            def beat() -> None:
                if self._wanted != wanted:
                    raise GivenUpError

            return (play_part(self._job, part, beat) for part in parts)
        return self._workers.each(play_part, parts)

    def give_up(self) -> None:
        """Nobody wants what was asked for so far: it ends within a turn."""
        self._wanted += 1
        if self._workers is not None:
            self._workers.give_up()

    def close(self) -> None:
        """End the processes."""
        if self._workers is not None:
            self._workers.__exit__(None, None, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
