"""The sequence of play: eight stages a turn, each on a state frozen at its start, for all runs at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from sim.compile import program as pr
from sim.engine import apply
from sim.engine.choose import ChoiceDecider
from sim.engine.decide import RuleDecider, Stage
from sim.engine.kept import Kept
from sim.engine.move import Mover
from sim.engine.orders import Order, Orders, checked
from sim.engine.plan import Plan, plan_of
from sim.engine.seam import Seam, asking
from sim.engine.stages import StagePlayer, done
from sim.engine.start import indicated
from sim.engine.state import State
from sim.engine.trace import ChangeTrace, Trace

Observer = Callable[[State], None]


def advance(
    program: pr.Program,
    state: State,
    orders: Iterable[Order] | Orders,
    first: int,
    last: int,
    *,
    observe: Observer | None = None,
    trace: Trace | None = None,
    seam: Seam | None = None,
) -> State:
    """Play the turns `first` to `last` (both included) in place, and return the state.

    `observe` is called with the state after each turn; `seam` has the policies written in Python that decide
    in place of the program's own.

    Raises:
        ValueError: if `first` is not the turn that comes next, or `last` is past the end.
        FoedusError: for orders that do not fit; for a value that cannot be computed in some run; for a policy
            written in Python that fails. The state is then that of the last stage that ended.
    """
    if first != state.turn + 1 or last > program.turns:
        raise ValueError(f"cannot play turns {first} to {last} after turn {state.turn} of {program.turns}")
    table = orders if isinstance(orders, Mapping) else checked(program, orders)
    player = _Player(program, state, table, trace, seam)
    with np.errstate(all="ignore"):
        for turn in range(first, last + 1):
            player.turn(turn)
            if observe is not None:
                observe(state)
    return state


class _Player:
    """One ensemble going through some turns."""

    def __init__(
        self, program: pr.Program, state: State, orders: Orders, trace: Trace | None, seam: Seam | None
    ) -> None:
        self._program = program
        self._state = state
        self._orders = orders
        self._trace = trace
        self._seam = seam
        self._plan: Plan = plan_of(program)
        self._kept = Kept(program, state, self._plan)
        self._stages = StagePlayer(
            program, state, orders, trace=trace, plan=self._plan, kept=self._kept, seam=seam
        )

    def turn(self, turn: int) -> None:
        program, stages = self._program, self._program.stages
        dt = program.clock.dt(turn)
        self._stages.play(stages.clearing, turn, dt)
        self._exogenous(turn, dt)
        self._perceive(turn, dt)
        self._stages.play(stages.perceiving, turn, dt)
        self._decide_and_adjudicate(turn, dt)
        self._stages.play(stages.delivering, turn, dt)
        self._stages.play(stages.answering, turn, dt)
        self._stages.rounds(turn, dt)
        self._stages.play(stages.voting, turn, dt)
        self._stages.play(stages.settling, turn, dt)
        self._move(turn, dt)
        self._record(turn)
        self._state.turn = turn

    def _exogenous(self, turn: int, dt: float) -> None:
        """Stage 1: injects and the world's events."""
        program = self._program
        due = [inject for inject in program.injects if self._inject_due(inject, turn)]
        idle = [(inject.fired, 0.0) for inject in program.injects if inject not in due]
        ev = self._kept.evaluator(turn)
        stage = Stage(ev, dt, self._orders, self._kept, self._trace)
        if self._trace is not None:
            self._trace.starts[turn] = stage.moment.values
        RuleDecider(stage).take((*due, *program.events))
        changes = apply.effects(ev, self._plan.exogenous.effects, stage.decided, self._trace)
        self._kept.write([*idle, *stage.decided.rows, *changes])
        self._kept.keep(ev)

    def _inject_due(self, inject: pr.Rule, turn: int) -> bool:
        assert inject.due is not None
        return inject.due[turn] or (turn, inject.name) in self._orders

    def _perceive(self, turn: int, dt: float) -> None:
        """Stage 2."""
        ev = self._kept.evaluator(turn)
        self._kept.write(Mover(ev, dt, self._kept).perceptions(self._program.perceptions))

    def _decide_and_adjudicate(self, turn: int, dt: float) -> None:
        """Stages 3 and 4: both on the state as deciding found it."""
        ev = self._kept.evaluator(turn)
        rounds = 1 if self._program.crisis is None else self._program.crisis.counts[turn]
        asked = asking(self._seam, ev, dt)
        stage = Stage(ev, dt, self._orders, self._kept, self._trace, asked, rounds=rounds)
        if self._trace is not None:
            self._trace.states[turn] = stage.moment.values
        RuleDecider(stage).take(self._program.rules)
        ChoiceDecider(stage).take(self._program.choices)
        changes = done(ev, self._plan.adjudicated, stage, adding=False)
        self._kept.write([*stage.decided.rows, *changes])
        self._kept.keep(ev)

    def _move(self, turn: int, dt: float) -> None:
        """Stage 7."""
        ev = self._kept.evaluator(turn)
        changes = Mover(ev, dt, self._kept).movements(self._program.movements, self._plan.movements)
        if self._trace is not None:
            for row, value in changes:
                moved = value - self._state.values[row]
                self._trace.changes.append(ChangeTrace(turn, row, "", "+=", moved, moved, np.True_))
        self._kept.write(changes)
        self._kept.keep(ev)

    def _record(self, turn: int) -> None:
        """Stage 8: indicators, outcomes, and what is remembered."""
        program, values = self._program, self._state.values
        ev = self._kept.evaluator(turn)
        self._kept.write(indicated(program, ev))
        self._kept.keep(ev)
        ev = self._kept.evaluator(turn)
        changes = []
        for outcome in program.outcomes:
            if outcome.first <= turn <= outcome.last:
                now = values[outcome.row]
                unsettled = now == 0.0
                true = ev.condition(outcome.node, unsettled, f"the outcome {outcome.id}", outcome.place)
                changes.append((outcome.row, np.where(unsettled & true, float(turn), now)))
        self._kept.write(changes)
        newer, older = self._plan.remembered
        self._kept.write([(older, values[newer])])
