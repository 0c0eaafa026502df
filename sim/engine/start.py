"""Turn 0: parameters drawn, first values set, first perceptions, indicators."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.compile import program as pr
from sim.engine import luck, quantiles
from sim.engine.decide import campaign_rates
from sim.engine.evaluate import Evaluator, clamped
from sim.engine.kept import Kept
from sim.engine.move import Mover
from sim.engine.plan import plan_of
from sim.engine.stages import StagePlayer
from sim.engine.state import State

PARAMETER_TURN = -1


def start(
    program: pr.Program,
    runs: NDArray[Any] | Sequence[int],
    seed: int,
    stream: int = 0,
    *,
    given: Mapping[int, NDArray[np.float64]] | None = None,
) -> State:
    """The state of these runs before play.

    Args:
        program: what to play.
        runs: run numbers, shape `(runs,)`, any order, 0 to 2**34 - 1.
        seed: 0 to 2**32 - 1.
        stream: 0 for played worlds, 0 to 2**32 - 1.
        given: values of rows that nothing in the program writes, each of shape `(runs,)`.
    """
    numbers = np.asarray(runs)
    state = State(np.zeros((len(program.variables), len(numbers))), luck.lanes(numbers).runs, seed, stream, 0)
    _write(state, list((given or {}).items()))
    with np.errstate(all="ignore"):
        for parameter in program.parameters:
            _draw(program, parameter, state)
        _write(state, _initials(program, state))
        for choice in program.choices:
            state.values[choice.standing] = choice.initial
        _remember_start(program, state)
        kept = Kept(program, state, plan_of(program))
        kept.write(Mover(kept.evaluator(0), 0.0, kept).perceptions(program.perceptions))
        kept.write(list(_campaigns(program, state)))
        StagePlayer(program, state, {}, trace=None, plan=plan_of(program), kept=kept).play(
            program.stages.opening, 0, 0.0
        )
        kept.write(indicated(program, kept.evaluator(0)))
    return state


def _campaigns(program: pr.Program, state: State) -> Iterator[tuple[int, Any]]:
    """Campaigns are on in their long-run share of runs."""
    ev = Evaluator(program, state, 0)
    for rule in (*program.events, *program.rules):
        if rule.campaign is not None:
            starts, _, total = campaign_rates(ev, rule, rule.campaign)
            key = program.draws[rule.campaign.draw].key
            u = luck.uniform(state.seed, state.stream, state.lanes, 0, key)
            yield rule.campaign.row, u < starts / np.where(total == 0.0, 1.0, total)


def _write(state: State, changes: Sequence[tuple[int, Any]]) -> None:
    for row, values in changes:
        state.values[row] = values


def _draw(program: pr.Program, parameter: pr.Parameter, state: State) -> None:
    distribution = parameter.distribution
    if distribution is None:
        state.values[parameter.rows[0]] = parameter.value
        return
    keys = [program.draws[draw].key for draw in parameter.draws]
    u = luck.uniforms(state.seed, state.stream, state.lanes, PARAMETER_TURN, keys)
    if distribution.family == "dirichlet":
        shares = quantiles.dirichlet(u, distribution.numbers)
        for row, share in zip(parameter.rows, shares, strict=True):
            state.values[row] = clamped(share, program.variables[row])
        return
    if distribution.family == "discrete":
        value = quantiles.discrete(u[0], distribution.numbers, distribution.weights)
    else:
        value = _FAMILIES[distribution.family](u[0], *distribution.numbers)
    row = parameter.rows[0]
    state.values[row] = clamped(value, program.variables[row])


_FAMILIES: Final[dict[str, Callable[..., Any]]] = {
    "uniform": quantiles.uniform,
    "normal": quantiles.normal,
    "lognormal": quantiles.lognormal,
    "triangular": quantiles.triangular,
    "pert": quantiles.pert,
    "beta": quantiles.beta,
}


def _initials(program: pr.Program, state: State) -> list[tuple[int, Any]]:
    ev = Evaluator(program, state, 0)
    changes = []
    for initial in program.initials:
        name = f"the initial value of {program.variables[initial.row].name}"
        value = ev.computed(initial.node, None, name, initial.place)
        changes.append((initial.row, ev.stored(value, initial.row, name, initial.place)))
    return changes


def _remember_start(program: pr.Program, state: State) -> None:
    for memory in program.memories:
        state.values[list(memory.rows)] = state.values[memory.row]


def indicated(program: pr.Program, ev: Evaluator) -> list[tuple[int, Any]]:
    """Stage 8, first half: rows of indicators and their values."""
    return [
        (indicator.row, ev.used(indicator.node, None, f"the indicator {indicator.id}", indicator.place))
        for indicator in program.indicators
    ]
