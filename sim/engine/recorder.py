"""Chosen variables over the turns, for all runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.compile import program as pr
from sim.engine.state import State


class Recorder:
    """Keeps some rows of each turn. Give `observe` to whatever plays the turns.

    Args:
        program: what is played.
        names: names of the rows to keep.
        runs: number of runs.

    Raises:
        KeyError: for a name that is not a row.
    """

    def __init__(self, program: pr.Program, names: Sequence[str], runs: int) -> None:
        self.names = tuple(names)
        self._rows = np.array([program.rows[name] for name in names], dtype=np.intp)
        self._values = np.full((program.turns + 1, len(names), runs), np.nan)

    def observe(self, state: State) -> None:
        """Keep the rows as they are after `state.turn`."""
        np.take(state.values, self._rows, axis=0, out=self._values[state.turn])

    @property
    def values(self) -> NDArray[np.float64]:
        """Shape `(turns + 1, names, runs)`; NaN for turns that were not played."""
        return self._values
