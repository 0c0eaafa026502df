"""The world that the application shows: one run, every turn of it kept, so that going back costs nothing.

Holds no widgets. What a turn was stays what it was: going back and forward again shows the state that was
kept, and plays nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim import FoedusError, Model, Policy, Program, State, Told, tell


@dataclass(frozen=True, slots=True)
class Moment:
    """A turn as it was left: what the world was like, and what had happened."""

    state: State
    told: Told


class World:
    """One run and where on it we look.

    Args:
        program: the compiled scenario.
        seed: 0 to 2**32 - 1.
        run: number of the run.
        policies: policies written in Python that decide in place of the scenario's own.

    Raises:
        FoedusError: for initial values that cannot be computed, or policies that do not fit.
    """

    def __init__(
        self, program: Program, seed: int = 0, run: int = 0, policies: Sequence[Policy] = ()
    ) -> None:
        self.program = program
        self.seed = seed
        self.run = run
        self.fault: FoedusError | None = None
        """Why the world cannot go on, if it cannot."""
        self._model = Model(program, runs=[run], seed=seed, trace=True, policies=policies)
        start = Told(0, program.clock.label(0), ())
        self._moments = [Moment(self._model.state.copy(), start)]
        self.turn = 0
        """The turn that is shown."""

    @property
    def turns(self) -> int:
        """The last turn that can be played."""
        return self.program.turns

    @property
    def played(self) -> int:
        """The last turn that has been played; at least the one that is shown."""
        return len(self._moments) - 1

    @property
    def now(self) -> Moment:
        return self._moments[self.turn]

    @property
    def past(self) -> Sequence[Moment]:
        """Every moment up to the one that is shown, turn 0 first."""
        return self._moments[: self.turn + 1]

    def forward(self) -> bool:
        """Show the next turn, playing it if need be. False at the end, or where the world cannot go on."""
        if self.turn < self.played:
            self.turn += 1
            return True
        if self.turn == self.turns or self.fault is not None:
            return False
        try:
            self._model.step()
        except FoedusError as error:
            self.fault = error
            return False
        assert self._model.trace is not None
        state = self._model.state.copy()
        told = tell(self.program, self.now.state, state, self._model.trace, verbose=True)
        self._moments.append(Moment(state, told))
        self.turn += 1
        return True

    def back(self) -> bool:
        """Show the turn before. False at turn 0."""
        if self.turn == 0:
            return False
        self.turn -= 1
        return True

    def value(self, row: int) -> float:
        """What a row of the state holds in the turn that is shown."""
        return float(self.now.state.values[row, 0])

    def path(self, row: int, last: int) -> list[float]:
        """What a row held in the `last` turns up to the one that is shown."""
        first = max(self.turn + 1 - last, 0)
        return [float(moment.state.values[row, 0]) for moment in self._moments[first : self.turn + 1]]
