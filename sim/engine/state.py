"""The state of an ensemble: one row a variable, one column a run. A single run is an ensemble of one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.engine.luck import Lanes, lanes

RESULTS_VERSION = 2
"""Rises when the same scenario, seed and run give other numbers than before."""


@dataclass(slots=True)
class State:
    """Values of all variables in all runs after turn `turn`, and where their luck comes from."""

    values: NDArray[np.float64]
    """Shape `(variables, runs)`; rows as in `Program.variables`."""
    runs: NDArray[np.uint64]
    """Run numbers, shape `(runs,)`, in any order."""
    seed: int
    stream: int
    turn: int
    _lanes: Lanes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        # A variable's values lie side by side, for so they are read; picked columns lie otherwise.
        self.values = np.ascontiguousarray(self.values)

    @property
    def lanes(self) -> Lanes:
        """The run numbers, prepared for drawing."""
        if self._lanes is None:
            self._lanes = lanes(self.runs)
        return self._lanes

    def places(self, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.intp]:
        """Where these rows of these columns stand among all values, one after the other; shape
        `(rows, columns)`. So they are found several times quicker.
        """
        places: NDArray[np.intp] = (rows * self.values.shape[1])[:, np.newaxis] + columns
        return places

    def copy(self) -> State:
        """The same state, to go another way."""
        return State(self.values.copy(), self.runs.copy(), self.seed, self.stream, self.turn, self._lanes)

    def hash(self, column: int = 0) -> str:
        """BLAKE2b-128 of one run's column, 32 hexadecimal digits (`docs/reference/semantics.md`, section
        10).
        """
        digest = hashlib.blake2b(self.turn.to_bytes(8, "little", signed=True), digest_size=16)
        digest.update((self.values[:, column] + 0.0).astype("<f8").tobytes())
        return digest.hexdigest()

    def hashes(self) -> list[str]:
        """`hash` of every run, in the order of `runs`."""
        head = self.turn.to_bytes(8, "little", signed=True)
        columns = np.ascontiguousarray((self.values + 0.0).T.astype("<f8"))
        return [hashlib.blake2b(head + column.tobytes(), digest_size=16).hexdigest() for column in columns]
