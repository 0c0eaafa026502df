"""What the constructs of the domain add to a turn: passes of decisions and assignments, and waves of them.

A pass reads the state as it finds it and writes when it is through. Waves play their passes again as long as
a run has something to settle, and only in the runs that have: what is done with them is taken out as an
ensemble of its own, so that no run can feel another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import numpy as np

from sim.compile import program as pr
from sim.engine import apply
from sim.engine.choose import ChoiceDecider
from sim.engine.decide import RuleDecider, Stage
from sim.engine.evaluate import Evaluator
from sim.engine.kept import Kept
from sim.engine.orders import Orders
from sim.engine.plan import DoingsPlan, Plan
from sim.engine.seam import Seam, asking
from sim.engine.state import State
from sim.engine.trace import ChangeTrace, PassTrace, Trace
from sim.engine.vectors import anywhere, everywhere

MAX_WAVES: Final = 10_000
"""More waves than anything that is settled once a turn can need."""


class StagePlayer:
    """Plays the steps of a stage on one ensemble."""

    def __init__(
        self,
        program: pr.Program,
        state: State,
        orders: Orders,
        *,
        trace: Trace | None,
        plan: Plan,
        kept: Kept,
        seam: Seam | None = None,
        number: int = 1,
    ) -> None:
        self._program = program
        self._state = state
        self._orders = orders
        self._trace = trace
        self._plan = plan
        self._kept = kept
        self._seam = seam
        self._number = number
        """The crisis round at hand, as policies written in Python see it."""

    def play(self, steps: Sequence[pr.Step], turn: int, dt: float) -> None:
        """Play the steps in their order."""
        for step in steps:
            if isinstance(step, pr.Waves):
                self._waves(step, turn, dt)
            else:
                self.play_pass(step, turn, dt, once_a_turn=False)

    def rounds(self, turn: int, dt: float) -> None:
        """Crisis rounds after the first, in the runs in which somebody is in crisis."""
        crisis = self._program.crisis
        if crisis is None or crisis.counts[turn] == 1:
            return
        here = (self._state.values[list(crisis.rows)] > 0.0).any(axis=0)
        if anywhere(here):
            with self._among(here, "") as player:
                player.later_rounds(crisis, turn, dt)

    def later_rounds(self, crisis: pr.Crisis, turn: int, dt: float) -> None:
        """The same in all the runs that are here."""
        for self._number, later in enumerate(crisis.later[: crisis.counts[turn] - 1], 2):
            self.round(later, crisis.counts[turn], turn, dt)
        self._number = 1

    @contextmanager
    def _among(self, here: Any, purpose: str) -> Iterator[StagePlayer]:
        """A player of some of the runs, as an ensemble of their own: of waves, by their id, or of rounds.

        It has at hand what it can need. Who looks on may look at anything: a trace, a policy.
        """
        if everywhere(here):
            yield self
            return
        whole, columns = self._state, np.flatnonzero(here)
        if self._trace is None and self._seam is None:
            rows = self._plan.at_hand[purpose]
            values = np.empty((len(whole.values), len(columns)))
            values[rows] = whole.values.reshape(-1).take(whole.places(rows, columns), mode="clip")
        else:
            values = whole.values[:, columns]
        part = State(values, whole.runs[columns], whole.seed, whole.stream, whole.turn)
        kept = Kept(self._program, part, self._plan)
        yield StagePlayer(
            self._program,
            part,
            self._orders,
            trace=self._trace,
            plan=self._plan,
            kept=kept,
            seam=self._seam,
            number=self._number,
        )
        self._kept.take_over(kept, columns)

    def round(self, later: pr.Round, rounds: int, turn: int, dt: float) -> None:
        """Stages 3 to 5 once more, for what is decided in crises."""
        ev = self._kept.evaluator(turn)
        asked = asking(self._seam, ev, dt, self._number)
        stage = Stage(ev, dt, self._orders, self._kept, self._trace, asked, rounds=rounds, round=self._number)
        # An order was carried out in the first round.
        RuleDecider(stage).take([rule for rule in later.rules if stage.order(rule) is None])
        ChoiceDecider(stage).take([choice for choice in later.choices if stage.order(choice) is None])
        changes = done(ev, self._plan.rounds, stage, adding=True)
        rows = _added_to_the_turn(stage.decided.rows, later, self._state)
        self._kept.write([*rows, *changes])
        self._kept.keep(ev)
        self.play(self._program.stages.answering, turn, dt)

    def _waves(self, waves: pr.Waves, turn: int, dt: float) -> None:
        for _ in range(MAX_WAVES):
            open_ = self._where(waves.open, waves, turn)
            if not anywhere(open_):
                return
            with self._among(open_, waves.id) as player:
                player.wave(waves, turn, dt)
        raise AssertionError(f"the waves of {waves.id} do not end")

    def wave(self, waves: pr.Waves, turn: int, dt: float) -> None:
        """One wave, in all the runs that are here."""
        self.play_pass(waves.finding, turn, dt, once_a_turn=True)
        found = self._where(waves.found, waves, turn)
        if anywhere(found):
            with self._among(found, waves.id) as player:
                player.rest_of_wave(waves, turn, dt)

    def rest_of_wave(self, waves: pr.Waves, turn: int, dt: float) -> None:
        """What follows where there is something to settle."""
        for step in waves.passes:
            self.play_pass(step, turn, dt, once_a_turn=True)

    def _where(self, node: int, waves: pr.Waves, turn: int) -> Any:
        """Truth of shape `(runs,)`."""
        truth = self._kept.evaluator(turn).condition(node, None, waves.id, waves.place)
        return np.broadcast_to(truth, self._state.runs.shape)

    def play_pass(self, step: pr.Pass, turn: int, dt: float, *, once_a_turn: bool) -> None:
        """Play a pass, in all the runs that are here."""
        ev = self._kept.evaluator(turn)
        for demand in step.demands:
            ev.demand(demand, None, step.id)
        self._note(step, turn)
        changes = self._assigned(ev, step)
        if step.rules or step.choices:
            asked = asking(self._seam, ev, dt, self._number)
            stage = Stage(ev, dt, self._orders, self._kept, self._trace, asked)
            RuleDecider(stage).take(step.rules)
            ChoiceDecider(stage).take(step.choices)
            rows = stage.decided.rows
            if once_a_turn:
                rows = _kept_from_earlier_waves(rows, step, self._state)
            changes += [*rows, *done(ev, self._plan.passes[step.id], stage, adding=True)]
        self._kept.write(changes)
        self._kept.keep(ev)

    def _note(self, step: pr.Pass, turn: int) -> None:
        """Keep the state that a pass finds, if there is something to tell of what it works out."""
        if self._trace is not None:
            sources, reading = self._program.sources, self._program.nodes_of_row
            told = (
                sources.get(node)
                for assignment in step.assignments
                for node in (assignment.node, *reading.get(assignment.row, ()))
            )
            if any(source is not None and source.joint == "," for source in told):
                self._trace.passes.append(PassTrace(turn, step, self._state.values.copy()))

    def _assigned(self, ev: Evaluator, step: pr.Pass) -> list[tuple[Any, Any]]:
        """What picks the rows that the pass works out, and their new values."""
        changes: list[tuple[Any, Any]] = []
        alone: Sequence[pr.Assignment] = step.assignments
        if self._trace is None:
            changes, alone = self._plan.fused.assigned(ev, step)
        for assignment in alone:
            value = ev.computed(assignment.node, None, assignment.whose, assignment.place)
            value = ev.stored(value, assignment.row, assignment.whose, assignment.place)
            if self._trace is not None:
                moved = value - self._state.values[assignment.row]
                self._trace.changes += _moves(ev, assignment, moved)
            changes.append((assignment.row, value))
        return changes


def _moves(ev: Evaluator, assignment: pr.Assignment, moved: Any) -> Iterator[ChangeTrace]:
    """What moved a row that was worked out: its pushes, then what is left of the move."""
    rest = moved
    for push in assignment.pushes:
        part = ev.value(push.moved)
        weight = None if push.weight is None else ev.value(push.weight)
        rest = rest - part
        if anywhere(part):
            yield ChangeTrace(ev.turn, assignment.row, push.cause, "+=", part, part, part != 0.0, weight)
    if anywhere(rest):
        cause, node = assignment.cause, assignment.node
        found = None if cause else ev.state.values[sorted(ev.program.reads(node))]
        yield ChangeTrace(
            ev.turn, assignment.row, cause, "+=", rest, rest, rest != 0.0, node=node, found=found
        )


def done(ev: Evaluator, plan: DoingsPlan, stage: Stage, *, adding: bool) -> list[tuple[int, Any]]:
    """What the decisions of a stage change besides the rows that record them."""
    apply.arguments(ev, plan.arguments, stage.decided)
    return [
        *apply.effects(ev, plan.effects, stage.decided, stage.trace),
        *apply.acts(ev, plan.acts, stage.decided, adding=adding),
        *apply.incidents(ev, plan.incidents, stage.decided, stage.trace),
    ]


def _added_to_the_turn(
    rows: Sequence[tuple[int, Any]], later: pr.Round, state: State
) -> list[tuple[int, Any]]:
    """How often rules fired in the turn so far, and what was chosen last."""
    fired = {rule.fired: rule.kind == "count" for rule in later.rules}
    chosen = {choice.chosen for choice in later.choices}
    made = []
    for row, new in rows:
        before = state.values[row]
        if row in fired:
            made.append((row, before + new if fired[row] else np.where(new > 0.0, 1.0, before)))
        else:
            made.append((row, np.where(new > 0.0, new, before) if row in chosen else new))
    return made


def _kept_from_earlier_waves(
    rows: Sequence[tuple[int, Any]], step: pr.Pass, state: State
) -> list[tuple[int, Any]]:
    """What an earlier wave of the turn decided stays where this one decided nothing."""
    records = {rule.fired for rule in step.rules} | {choice.chosen for choice in step.choices}
    return [
        (row, np.where(new > 0.0, new, state.values[row]) if row in records else new)
        for row, new in rows
        if np.ndim(new) or row not in records or new > 0.0
    ]
