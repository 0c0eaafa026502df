"""A state carried from one Program to another of the same scenario: a doctrine taken up in mid-game."""

from __future__ import annotations

from sim.compile import Program
from sim.engine.start import start
from sim.engine.state import State


def carried(old: Program, state: State, new: Program) -> State:
    """The state with the rows of another Program.

    Parameters of which the other Program knows something else hold what it would draw for this run. All other
    rows of the same name keep their values. What only the new one has (decisions of a policy that was not in
    force) holds what it would hold before play: nothing has been decided under it.

    Args:
        old: the Program that the state is of.
        state: of some runs.
        new: the same scenario under other doctrines.
    """
    begun = start(new, state.runs, state.seed, state.stream)
    begun.turn = state.turn
    anew = _known_otherwise(old, new)
    for row, variable in enumerate(new.variables):
        if variable.name in old.rows and row not in anew:
            begun.values[row] = state.values[old.rows[variable.name]]
    return begun


def _known_otherwise(old: Program, new: Program) -> set[int]:
    """Rows of parameters whose distribution or value is another one in the new Program."""
    before = {found.id: (found.distribution, found.value) for found in old.parameters}
    return {
        row
        for found in new.parameters
        if before.get(found.id) != (found.distribution, found.value)
        for row in found.rows
    }
