"""The Mesa model: what TUI, batches, forecasts, tests and benchmarks all step.

One model holds an ensemble of runs of one scenario (a single world is an ensemble of one). `step()` plays one
turn of it; its agents, one for each actor, are views on their slice of the state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.compile import program as pr
from sim.engine.advance import Observer, advance
from sim.engine.orders import Order, checked
from sim.engine.policy import Policy
from sim.engine.provenance import PolicyRecord, refuse_others
from sim.engine.seam import Seam
from sim.engine.snapshot import Snapshot, forked
from sim.engine.start import start
from sim.engine.state import State
from sim.engine.trace import Trace
from sim.text import FoedusError


class Actor(mesa.Agent):  # type: ignore[misc]
    """An actor of the scenario: its attributes over all runs.

    `agent.confidence`, or `agent["confidence"]`, is a read-only vector of shape `(runs,)`. Subclasses may
    override `after_turn`.
    """

    model: Model

    def __init__(self, model: Model, actor: str, rows: Mapping[str, int]) -> None:
        super().__init__(model)
        self.actor = actor
        self.name = model.program.names[actor]
        self._rows = rows

    @property
    def attributes(self) -> tuple[str, ...]:
        """Names of its attributes, in order."""
        return tuple(self._rows)

    def __getitem__(self, attribute: str) -> NDArray[np.float64]:
        view: NDArray[np.float64] = self.model.state.values[self._rows[attribute]].view()
        view.flags.writeable = False
        return view

    def __getattr__(self, name: str) -> NDArray[np.float64]:
        rows: Mapping[str, int] = self.__dict__.get("_rows", {})
        if name in rows:
            return self[name]
        raise AttributeError(f"{type(self).__name__} has no {name!r}")

    def relation(self, name: str, other: str) -> NDArray[np.float64]:
        """The relation with another actor, shape `(runs,)`, read-only.

        Raises:
            KeyError: if there is no such relation or actor.
        """
        rows = self.model.program.rows
        key = f"{name}[{self.actor}, {other}]"
        row = rows[key] if key in rows else rows[f"{name}[{other}, {self.actor}]"]
        view: NDArray[np.float64] = self.model.state.values[row].view()
        view.flags.writeable = False
        return view

    def after_turn(self) -> None:
        """Called after each turn. Does nothing here; whatever it does, it cannot change the state."""


class Model(mesa.Model):  # type: ignore[misc]
    """An ensemble of runs of one scenario.

    Args:
        program: the compiled scenario.
        runs: how many (numbers 0 to runs - 1), or their numbers.
        seed: 0 to 2**32 - 1.
        stream: 0 for worlds that are played.
        orders: decisions taken by hand.
        actors: classes of agents, by actor id, in place of `Actor`.
        trace: collect what decisions are made on.
        state: where to begin, in place of turn 0 of these runs.
        policies: policies written in Python, as instances or classes; they decide what they take in place of
            the scenario's own (see `sim.engine.policy`).

    Raises:
        ValueError: for run numbers, a seed or a stream out of range.
        FoedusError: for orders and policies that do not fit, or initial values that cannot be computed.
    """

    def __init__(
        self,
        program: pr.Program,
        runs: int | Sequence[int] | NDArray[Any] = 1,
        *,
        seed: int = 0,
        stream: int = 0,
        orders: Iterable[Order] = (),
        actors: Mapping[str, type[Actor]] | None = None,
        trace: bool = False,
        state: State | None = None,
        policies: Iterable[Policy | type[Policy]] = (),
    ) -> None:
        super().__init__(rng=seed)
        self.program = program
        if state is None:
            numbers = np.arange(runs, dtype=np.uint64) if isinstance(runs, int) else np.asarray(runs)
            state = start(program, numbers, seed, stream)
        self.state = state
        self.orders: tuple[Order, ...] = tuple(orders)
        self._checked = checked(program, self.orders)
        taken = tuple(policies)
        self._seam = Seam(program, taken) if taken else None
        self.trace = Trace() if trace else None
        self._fault: FoedusError | None = None
        self._classes = dict(actors or {})
        self.actors = self._make_agents()
        self._hooked = [
            agent for agent in self.actors.values() if type(agent).after_turn is not Actor.after_turn
        ]
        # Mesa 3.3 counts agents in a table keyed by model and never drops a key: no model would ever die.
        counters = getattr(mesa.Agent, "_ids", None)
        if counters is not None:
            counters.pop(self, None)

    def _make_agents(self) -> dict[str, Actor]:
        rows: dict[str, dict[str, int]] = {actor: {} for actor in self.program.names}
        for actor, attribute, row in self.program.attributes:
            rows[actor][attribute] = row
        return {actor: self._classes.get(actor, Actor)(self, actor, own) for actor, own in rows.items()}

    @property
    def turn(self) -> int:
        """The last turn played; 0 before play."""
        return self.state.turn

    @property
    def finished(self) -> bool:
        """Whether the last turn has been played."""
        return self.state.turn >= self.program.turns

    @property
    def runs(self) -> NDArray[np.uint64]:
        """Run numbers, shape `(runs,)`."""
        return self.state.runs

    @property
    def policies(self) -> tuple[Policy, ...]:
        """The policies written in Python that decide here."""
        return () if self._seam is None else self._seam.policies

    @property
    def policy_records(self) -> tuple[PolicyRecord, ...]:
        """What a certificate says of them."""
        return () if self._seam is None else self._seam.records

    def __getitem__(self, row: str) -> NDArray[np.float64]:
        """Values of a variable by its row name, shape `(runs,)`, read-only."""
        view: NDArray[np.float64] = self.state.values[self.program.rows[row]].view()
        view.flags.writeable = False
        return view

    def let_go(self) -> None:
        """Give the state up, for one who is done with the model: model and agents know each other, and would
        hold it until the collector comes by. Nothing can be asked of the model afterwards.
        """
        del self.state

    def step(self) -> None:
        """Play one turn. Past the last one nothing happens."""
        self.play(self.turn + 1)

    def play(self, last: int | None = None, observe: Observer | None = None) -> Model:
        """Play up to the given turn, or to the end.

        Raises:
            FoedusError: for a value that cannot be computed, or a policy written in Python that fails. The
                turn is then half played: the model can be looked at, but not played on, saved or forked.
        """
        self._check_sound()
        last = self.program.turns if last is None else min(last, self.program.turns)
        if last > self.turn:
            try:
                advance(
                    self.program,
                    self.state,
                    self._checked,
                    self.turn + 1,
                    last,
                    observe=self._observer(observe),
                    trace=self.trace,
                    seam=self._seam,
                )
            except FoedusError as error:
                self._fault = error
                raise
        self.running = not self.finished
        return self

    def _check_sound(self) -> None:
        if self._fault is not None:
            raise self._fault

    def _observer(self, observe: Observer | None) -> Observer | None:
        if not self._hooked:
            return observe

        def both(state: State) -> None:
            for agent in self._hooked:
                agent.after_turn()
            if observe is not None:
                observe(state)

        return both

    def order(self, *orders: Order) -> None:
        """Add orders; for one decision in one turn the last holds.

        Raises:
            FoedusError: for orders that do not fit, or for a turn that has been played.
        """
        late = [order for order in orders if order.turn <= self.turn]
        if late:
            raise FoedusError.at(
                None, f"turn {late[0].turn} has been played", f"a turn from {self.turn + 1} on"
            )
        everything = (*self.orders, *orders)
        self._checked = checked(self.program, everything)
        self.orders = everything

    def snapshot(self) -> Snapshot:
        """The world as it is, to save or to restore."""
        self._check_sound()
        return Snapshot(
            self.state.copy(),
            self.orders,
            self.program.hash,
            policies=self.policy_records,
            played_by=self.policies,
        )

    @classmethod
    def restore(
        cls,
        program: pr.Program,
        snapshot: Snapshot,
        *,
        trace: bool = False,
        policies: Iterable[Policy | type[Policy]] | None = None,
    ) -> Model:
        """A model that goes on where the snapshot was taken.

        Args:
            program: what was played.
            snapshot: where to go on.
            trace: as in `Model`.
            policies: the policies written in Python that it was played with. A snapshot from a file names
                them, but never loads them; one taken in this process has them at hand.

        Raises:
            FoedusError: if it is of another scenario or results version, or was played with other policies.
        """
        snapshot.fits(program)
        state = snapshot.state.copy()
        given = snapshot.played_by if policies is None else policies
        model = cls(
            program, seed=state.seed, orders=snapshot.orders, trace=trace, state=state, policies=given
        )
        refuse_others(snapshot.policies, model.policy_records, "the snapshot")
        return model

    def fork(
        self,
        runs: Sequence[int] | NDArray[Any] | None = None,
        stream: int | None = None,
        *,
        trace: bool = False,
    ) -> Model:
        """A copy that goes its own way; see `sim.engine.snapshot.forked` for `runs` and `stream`."""
        self._check_sound()
        state = forked(self.state, runs, stream)
        return Model(
            self.program,
            seed=state.seed,
            orders=self.orders,
            actors=self._classes,
            trace=trace,
            state=state,
            policies=self.policies,
        )
