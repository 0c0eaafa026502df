"""Playing the worlds of an audit: many histories of each draw of the parameters, on shared luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.analysis.mechanisms.freezing import Frozen
from sim.analysis.mechanisms.levers import Pulled
from sim.batch.crew import beat
from sim.engine.advance import advance
from sim.engine.start import start
from sim.engine.state import State

Values = NDArray[np.float64]

BLOCK: Final = 2_000
"""Runs played at once."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Which runs are played: so many draws of the parameters, and of each so many histories.

    All histories of a draw begin alike, and part from the first turn on by their luck.
    """

    draws: int
    histories: int
    seed: int

    @property
    def runs(self) -> int:
        """Draws times histories."""
        return self.draws * self.histories

    def blocks(self, most: int) -> list[range]:
        """The draws in blocks of at most so many runs, or of one draw."""
        size = max(most // self.histories, 1)
        return [range(first, min(first + size, self.draws)) for first in range(0, self.draws, size)]


def begin(world: Pulled, sample: Sample, draws: range, given: Mapping[int, Values] | None = None) -> State:
    """The state before play, shape `(variables, draws times histories)`; histories of a draw side by side.

    `given` has values of rows that nothing in the world writes, each of shape `(draws,)`.
    """
    first = start(world.program, draws, sample.seed, given=given)
    columns = np.repeat(np.arange(len(draws)), sample.histories)
    runs = np.arange(draws.start * sample.histories, draws.stop * sample.histories, dtype=np.uint64)
    return State(first.values[:, columns], runs, first.seed, first.stream, 0)


def watched(
    world: Pulled,
    sample: Sample,
    draws: range,
    last: int,
    rows: Sequence[int],
    *,
    shadows: Frozen | None = None,
    record: Values | None = None,
) -> Values:
    """Play a world, and keep some of its rows.

    Args:
        world: what is played.
        sample: which runs.
        draws: the draws of this block.
        last: the last turn.
        rows: what is kept.
        shadows: of a frozen world, its shadows; their rows follow `record`.
        record: shape `(last + 1, shadows, runs)`: for each shadow what it shows, from turn 0 on.

    Returns:
        Shape `(last + 1, rows, runs)`, from turn 0 on.

    Raises:
        FoedusError: if a value cannot be computed.
        GivenUpError: in a worker, before the next turn, once the parent has given up.
    """
    shown = [shadow for shadow, _ in shadows.shadows] if shadows is not None else []
    first = {} if record is None else dict(zip(shown, record[0, :, :: sample.histories], strict=True))
    state = begin(world, sample, draws, first)
    kept = np.empty((last + 1, len(rows), len(state.runs)))
    wanted = list(rows)

    def keep(now: State) -> None:
        beat()
        kept[now.turn] = now.values[wanted]
        if record is not None:
            now.values[shown] = record[now.turn]

    keep(state)
    advance(world.program, state, world.orders, 1, last, observe=keep)
    return kept
