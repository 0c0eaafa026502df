"""A line of a game: one run, every turn of it kept, so that going back costs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sim.analysis.accounts import Explanation
from sim.analysis.explain import explained
from sim.compile import Program
from sim.engine.model import Model
from sim.engine.orders import Order
from sim.engine.policy import Policy
from sim.engine.state import State
from sim.engine.trace import ChangeTrace, Trace
from sim.report.story import Told, tell
from sim.session.crossing import carried
from sim.session.log import Entry, standing_orders
from sim.text import FoedusError

MAIN: Final = "main"
"""The name of the line that a game begins with."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A turn as it was left: what the world was like, and what had happened."""

    program: Program
    """Of the scenario; another one on a branch on which doctrines changed."""
    state: State
    """Of one run."""
    told: Told

    @property
    def hash(self) -> str:
        """Of the state, as `foedus run --json` and the table of a batch give it."""
        return self.state.hash()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a branch leaves its parent."""

    branch: str
    turn: int
    """The last turn that both have."""


class Line:
    """One run and all its turns so far.

    Made by `Line.first` and `Line.branched`.
    """

    def __init__(
        self, name: str, program: Program, model: Model, origin: Origin | None, moments: Sequence[Moment]
    ) -> None:
        self.name = name
        self.program = program
        self.origin = origin
        self.moments = list(moments)
        """Of every turn, from 0 on; those up to the origin are the parent's."""
        self.log: list[Entry] = []
        """In the order in which it was entered. Of a branch, what was done since it left its parent, and what
        was then ordered for later turns.
        """
        self.fault: FoedusError | None = None
        """Why the world cannot go on, if it cannot."""
        self._model = model

    @classmethod
    def first(cls, program: Program, seed: int, run: int, policies: Iterable[Policy | type[Policy]]) -> Line:
        """The line that a game begins with.

        Raises:
            FoedusError: for initial values that cannot be computed, or policies that do not fit.
            ValueError: for a seed or run out of range.
        """
        model = Model(program, runs=[run], seed=seed, trace=True, policies=policies)
        start = Moment(program, model.state.copy(), Told(0, program.clock.label(0), ()))
        return cls(MAIN, program, model, None, [start])

    @classmethod
    def branched(
        cls,
        parent: Line,
        turn: int,
        name: str,
        *,
        log: Iterable[Entry] = (),
        program: Program | None = None,
        stream: int | None = None,
    ) -> Line:
        """A line that leaves another after a turn, on the same luck unless a stream is named.

        Args:
            parent: the line to leave.
            turn: the last turn that both have.
            name: of the new line.
            log: what it takes along of orders and settings for later turns.
            program: the scenario under other doctrines; the parent's without it.
            stream: new luck from here on.
        """
        moment = parent.moments[turn]
        followed = parent.program if program is None else program
        state = moment.state.copy() if program is None else carried(parent.program, moment.state, program)
        if stream is not None:
            state.stream = stream
        model = Model(followed, seed=state.seed, state=state, trace=True, policies=parent.policies)
        if program is None:
            assert parent.trace is not None
            model.trace = _up_to(parent.trace, turn)
        here = Moment(followed, state.copy(), moment.told)
        line = cls(name, followed, model, Origin(parent.name, turn), [*parent.moments[:turn], here])
        line.log = list(log)
        return line

    @property
    def played(self) -> int:
        """The last turn that has been played."""
        return len(self.moments) - 1

    @property
    def finished(self) -> bool:
        """Whether the last turn has been played."""
        return self.played >= self.program.turns

    @property
    def stream(self) -> int:
        return self._model.state.stream

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Policies written in Python that decide here."""
        return self._model.policies

    @property
    def trace(self) -> Trace | None:
        """What decisions were made on, from turn 1 on; since the fork where doctrines changed there."""
        return self._model.trace

    @property
    def began(self) -> int:
        """The turn before the first one that was played here."""
        return 0 if self.origin is None else self.origin.turn

    def play(self) -> None:
        """Play the next turn, with the orders that stand for it.

        Raises:
            FoedusError: if it cannot be played; the line then stays as it was, and says so in `fault`.
        """
        if self.fault is not None:
            raise self.fault
        turn = self.played + 1
        orders = standing_orders(self.log, turn)
        try:
            self._model.order(*(orders[name].order for name in sorted(orders)))
            self._model.step()
        except FoedusError as error:
            self.fault = error
            raise
        assert self._model.trace is not None
        state = self._model.state.copy()
        told = tell(self.program, self.moments[-1].state, state, self._model.trace, verbose=True)
        self.moments.append(Moment(self.program, state, told))
        for entry in self.log:
            if entry.kind == "setting" and entry.turn == turn:
                self._set(entry)

    def standing(self, turn: int) -> Iterator[Entry]:
        """Orders that stand for turns after one, in order of turn and decision."""
        for later in sorted(
            {entry.turn for entry in self.log if entry.kind == "order" and entry.turn > turn}
        ):
            yield from (entry for _, entry in sorted(standing_orders(self.log, later).items()))

    def ordered(self, turn: int, *, free: str = "") -> tuple[Order, ...]:
        """The orders that stand for turns after one, but for what they say of a decision in the next."""
        orders = (entry.order for entry in self.standing(turn))
        return tuple(order for order in orders if (order.turn, order.name) != (turn + 1, free))

    def enter(self, entry: Entry) -> None:
        """Take an entry into the log; a setting for the turn that has just been played is done at once."""
        self.log.append(entry)
        if entry.kind == "setting" and entry.turn == self.played:
            self._set(entry)

    def restore(self, log: Iterable[Entry]) -> None:
        """Put a log in place of what there is, before anything has been played here."""
        self.log = []
        for entry in log:
            self.enter(entry)

    def _set(self, entry: Entry) -> None:
        """Put a value in place of another after the last turn."""
        assert entry.value is not None
        row = self.program.rows[entry.about]
        values = self._model.state.values
        moved = entry.value - values[row]
        values[row] = entry.value
        assert self._model.trace is not None
        self._model.trace.changes.append(
            ChangeTrace(self.played + 1, row, "by hand", "=", entry.value, moved, np.True_)
        )
        self.moments[-1] = replace(self.moments[-1], state=self._model.state.copy())

    def explained(
        self, turn: int, *, actor: str | None = None, decision: str | None = None, what_if: bool = True
    ) -> Explanation:
        """Why decisions of a turn that was played here came out as they did; arguments as in `sim.explain`.

        Raises:
            FoedusError: for a turn, actor or decision that is not there, or a turn not played.
        """
        return explained(self._model, turn, actor=actor, decision=decision, what_if=what_if)


def _up_to(trace: Trace, turn: int) -> Trace:
    """What a trace holds of the turns up to one."""
    return Trace(
        rules=[traced for traced in trace.rules if traced.turn <= turn],
        choices=[traced for traced in trace.choices if traced.turn <= turn],
        changes=[traced for traced in trace.changes if traced.turn <= turn],
        passes=[traced for traced in trace.passes if traced.turn <= turn],
        starts={at: values for at, values in trace.starts.items() if at <= turn},
        states={at: values for at, values in trace.states.items() if at <= turn},
    )
