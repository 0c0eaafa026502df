"""In which futures a decision comes up at all that somebody else must bring about: a call, a vote.

An order for it holds in the next turn, and in those futures alone; in the others it changes nothing. What an
option leads to is therefore told of those.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.compile import program as pr
from sim.engine.model import Model
from sim.session.believed import believed
from sim.session.futures import Futures
from sim.session.line import Line

Runs = NDArray[np.bool_]
"""Truths, shape `(runs,)`."""


def coming_up(line: Line, turn: int, actor: str, decision: str, runs: int) -> Runs | None:
    """In which futures of a seat a decision comes up in the next turn, if nobody orders it.

    Args:
        line: what was played.
        turn: the moment they start from.
        actor: the seat, from whose beliefs they start.
        decision: a choice's name; of rules it cannot be told, as they may come up and not fire.
        runs: how many: the same ones as `Forecaster.futures` plays.

    Raises:
        FoedusError: for a value that cannot be computed.
    """
    program, state = line.program, line.moments[turn].state
    choice = program.decisions[decision]
    if not isinstance(choice, pr.Choice):
        return None
    mind = believed(program, state, actor, range(runs), state.stream + 1)
    others = line.ordered(turn, free=decision)
    model = Model(program, seed=state.seed, state=mind, orders=others, policies=line.policies)
    model.step()
    return np.asarray(model.state.values[choice.chosen] > 0.0)


def among(futures: Futures, runs: Runs) -> Futures:
    """Those futures alone that are true in `runs`, of which there must be one."""
    blocks = np.concatenate(futures.blocks, axis=2)[:, :, runs]
    return replace(
        futures, runs=int(np.count_nonzero(runs)), outcomes=futures.outcomes[:, runs], blocks=(blocks,)
    )
