"""The world as a seat believes it to be: what its forecasts start from.

A seat knows what is done in the open. Of what it perceives it knows what it sees, not what is true; nor does
it know the parameters of the world, what others believe and see, or whose campaigns are on. All that is drawn
anew for every future, from what the scenario says before play, on the stream of the forecast. The truth
behind it is never read, so that changing what the seat cannot see changes nothing here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from sim.compile import Program
from sim.compile import program as pr
from sim.engine.evaluate import Evaluator
from sim.engine.start import indicated, start
from sim.engine.state import State
from sim.engine.vectors import Floats

_PRIVATE: Final = ("belief", "spread")


def believed(program: Program, state: State, actor: str, runs: Sequence[int], stream: int) -> State:
    """What the actor believes the state to be, in so many futures.

    Args:
        program: what is played.
        state: the true state, of one run.
        actor: who believes.
        runs: numbers of the futures.
        stream: of the forecast.
    """
    drawn = start(program, runs, state.seed, stream)
    hidden = sorted(unseen(program, actor))
    values = np.repeat(state.values, len(runs), axis=1)
    values[hidden] = drawn.values[hidden]
    here = State(values, drawn.runs, state.seed, stream, state.turn)
    for perception in reversed(program.perceptions):  # of several views of one thing the first holds
        if perception.owner == actor:
            behind = _ranged(program, perception, values[perception.seen] - drawn.values[perception.error])
            values[list(_truth(program, perception))] = behind
    for perception in program.perceptions:
        if perception.owner != actor:
            sight = values[perception.of] + drawn.values[perception.error]
            values[perception.seen] = _ranged(program, perception, sight)
    for row, now in indicated(program, Evaluator(program, here, state.turn)):
        values[row] = now
    return here


def unseen(program: Program, actor: str) -> set[int]:
    """Rows whose true values an actor cannot know."""
    found: set[int] = set()
    for parameter in program.parameters:
        if parameter.distribution is not None:
            found.update(parameter.rows)
    for perception in program.perceptions:
        found.add(perception.error)
        if perception.owner == actor:
            found.update(_truth(program, perception))
        else:
            found.add(perception.seen)
    for rule in (*program.events, *program.rules):
        if rule.campaign is not None:
            found.add(rule.campaign.row)
    for row, variable in enumerate(program.variables):
        kind, _, rest = variable.name.partition("[")
        if variable.kind == "belief" and kind in _PRIVATE and not rest.startswith(f"{actor},"):
            found.add(row)
    return found | _indicators(program)


def _indicators(program: Program) -> set[int]:
    """They may rest on what is hidden, and are worked out anew."""
    return {indicator.row for indicator in program.indicators}


def _ranged(program: Program, perception: pr.Perception, values: Floats) -> Floats:
    """Values of what is perceived, within its range."""
    variable = program.variables[perception.of]
    return np.clip(values, variable.low, variable.high)


def _truth(program: Program, perception: pr.Perception) -> tuple[int, ...]:
    """The variable that is perceived, and what is remembered of it."""
    memories = [memory.rows for memory in program.memories if memory.row == perception.of]
    return (perception.of, *(row for rows in memories for row in rows))
