"""Section G of the rules of adjudication: groups of many members, each with a threshold of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import ceil, floor

from sim.scenario import expressions as tree
from sim.scenario.clock import Duration
from sim.scenario.expressions import Expression
from sim.scenario.groups import Matter
from tests.oracle.arithmetic import exp, logistic, normal_share
from tests.oracle.dates import UNIT_DAYS
from tests.oracle.disputes import State
from tests.oracle.expressions import read_number, read_truth
from tests.oracle.faults import Fault
from tests.oracle.learning import above_zero
from tests.oracle.minds import ids
from tests.oracle.movement import pull, read_half_life
from tests.oracle.names import Names, Scope
from tests.oracle.terms import Moment, Number, Quantity, Term, Truth, clamp, finite

SHAPES: Mapping[str, Callable[[float], float]] = {
    "logistic": logistic,
    "normal": normal_share,
    "uniform": lambda z: clamp((z + 1) / 2, 0.0, 1.0),
}
STEPS, MOST = 16, 64


@dataclass(frozen=True)
class MatterHere:
    """Something in which the members of a group may take part."""

    group: str
    id: str
    matter: Matter
    signal: Number
    mean: Number
    spread: Number
    margin: Number | None
    half_life: Number
    when: Truth

    def row(self, kind: str = "share") -> str:
        return f"{kind}[{self.group}, {self.id}]"

    def target(self, moment: Moment) -> float:
        """G1 and G4."""
        spread = above_zero(finite(self.spread(moment), "a spread"), "a spread")
        shape, s, mean = SHAPES[self.matter.thresholds.shape], self.signal(moment), self.mean(moment)
        joining = shape((s - mean) / spread)
        if self.margin is None:
            return joining
        leaving = shape(((s + max(self.margin(moment), 0.0)) - mean) / spread)
        return max(joining, min(moment.now[self.row()], leaving))

    def moved(self, moment: Moment, seen: Moment, h: float) -> float:
        """G2 and G6: the share after so many years, the target being as it is seen."""
        share = moment.now[self.row()]
        if not self.when(moment):
            return share
        t = self.target(seen)
        value = t + ((share - t) * exp(-(pull(self.half_life, moment) * h)))
        return clamp(finite(value, self.row()), 0.0, 1.0)

    def steps(self, turn: float) -> int:
        """How many steps a turn of so many days takes in a cascade."""
        half_life = self.matter.half_life
        if not isinstance(half_life, Duration):
            return STEPS
        return ceil((STEPS * turn) / (half_life.number * UNIT_DAYS[half_life.unit]))


@dataclass
class Groups:
    """All groups of a scenario."""

    names: Names
    all: list[MatterHere] = field(default_factory=list)
    cascade: bool = False
    _looking: bool = False

    def read(self) -> None:
        for name, group in sorted(self.names.model.groups.items()):
            scope = Scope(self.names, name)
            for matter_id, matter in sorted(group.matters.items()):
                self._looking = True  # what these read, others may follow
                signal = read_number(matter.signal, scope)
                mean = read_number(matter.thresholds.mean, scope)
                spread = read_number(matter.thresholds.spread, scope)
                margin = None if matter.margin is None else read_number(matter.margin, scope)
                self._looking = False
                half_life = read_half_life(matter.half_life, scope)
                when = read_truth(matter.when, scope)
                self.all.append(
                    MatterHere(name, matter_id, matter, signal, mean, spread, margin, half_life, when)
                )

    def start(self, moment: Moment) -> State:
        rows: State = {}
        for here in self.all:
            initial: Expression = here.matter.initial
            value = read_number(initial, Scope(self.names, start=True))(moment)
            rows[here.row()] = clamp(finite(value, here.row()), 0.0, 1.0)
            if self.cascade:
                rows[here.row("halfway")] = 0.0
        return rows

    def move(self, state: State, moment: Moment, dt: float) -> None:
        """Stage 7 (G3)."""
        if not self.cascade:
            state.update({here.row(): here.moved(moment, moment, dt) for here in self.all})
            return
        step = self.names.calendar.step
        days = step.number * UNIT_DAYS[step.unit]
        n = min(max(here.steps(days) for here in self.all), MOST)
        h = dt / n
        for _ in range(n):
            now = Moment(moment.turn, dict(state), moment.past)
            halfway = {here.row(): here.moved(now, now, h / 2) for here in self.all}
            state.update({here.row("halfway"): halfway[here.row()] for here in self.all})
            now = Moment(moment.turn, dict(state), moment.past)
            seen = Moment(moment.turn, dict(state) | halfway, moment.past)
            state.update({here.row(): here.moved(now, seen, h) for here in self.all})

    # --- readers --------------------------------------------------------------------------------------------

    def readers(self) -> dict[str, Callable[[tuple[tree.Expr, ...], Scope], Term]]:
        return {"share": self._share, "joined": self._joined, "members": self._members}

    def _asked(self, arguments: tuple[tree.Expr, ...], scope: Scope) -> tuple[str, float]:
        group, matter = ids(arguments)
        actor = scope.actor(group)
        if actor not in self.names.model.groups or matter not in self.names.model.groups[actor].matters:
            raise Fault(f"{actor} has no matter {matter}")
        self.cascade = self.cascade or self._looking
        return f"share[{actor}, {matter}]", float(self.names.model.groups[actor].members)

    def _share(self, arguments: tuple[tree.Expr, ...], scope: Scope) -> Term:
        row, _ = self._asked(arguments, scope)
        return Quantity(lambda moment: moment.now[row])

    def _joined(self, arguments: tuple[tree.Expr, ...], scope: Scope) -> Term:
        """G5."""
        row, members = self._asked(arguments, scope)
        return Quantity(lambda moment: float(floor((moment.now[row] * members) + 0.5)))

    def _members(self, arguments: tuple[tree.Expr, ...], scope: Scope) -> Term:
        members = float(self.names.model.groups[scope.actor(ids(arguments)[0])].members)
        return Quantity(lambda _: members)
