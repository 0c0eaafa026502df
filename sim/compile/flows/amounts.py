"""How much is made, wanted and to be sent in a turn: rates and capacities, means of what moves, gates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sim.compile import program as pr
from sim.compile.compose import Composer
from sim.compile.flows.averages import Averages
from sim.compile.lower import Lowering
from sim.compile.program import Term
from sim.compile.scope import Scope
from sim.scenario.clock import PERIODS_PER_YEAR
from sim.scenario.expressions import Expression
from sim.scenario.load import PathOf


class Paced(Protocol):
    """What has a rate per period and perhaps a gate."""

    @property
    def per(self) -> str | None: ...
    @property
    def rate(self) -> Expression | None: ...
    @property
    def when(self) -> Expression | None: ...


@dataclass
class Amounts:
    """Nodes of amounts per turn."""

    lowering: Lowering
    without: frozenset[str]
    _means: dict[int, int] = field(default_factory=dict)
    """Row of a variable that moves to the row of its mean over the turn."""

    @property
    def c(self) -> Composer:
        return Composer(self.lowering)

    def follow(
        self, asked: Iterable[tuple[Expression, Scope]], moving: Mapping[int, pr.Movement]
    ) -> Iterator[tuple[str, int, pr.Movement]]:
        """Rows of means for what moves and is read by these rates and capacities, with their nodes (F2)."""
        if "F2" in self.without:
            return
        averages, builder = Averages(self.c), self.lowering.builder
        read = builder.reads(self.lowering.number(expression, scope) for expression, scope in asked)
        names = {builder.variables[row].name: row for row in read if row in moving}
        for name, row in sorted(names.items()):
            movement, variable = moving[row], builder.variables[row]
            if averages.moves(movement):
                place = movement.places[0]
                self._means[row] = builder.declare(
                    f"mean[{name}]", "domain", place, low=variable.low, high=variable.high, unit=variable.unit
                )
                yield f"mean[{name}]", averages.mean(movement, variable), movement

    def of(self, part: Paced, scope: Scope, capacity: Expression | None, what: str) -> int:
        """The node of the amount in this turn, with the words that explain it; 0 while its gate is shut."""
        assert part.rate is not None
        assert part.per is not None
        node, terms = self._per_turn(part.rate, part.per, scope, "rate")
        return self.capped(node, part.per, scope, capacity, part.when, what, terms)

    def capped(  # noqa: PLR0917 - what an amount is made of
        self,
        node: int,
        per: str | None,
        scope: Scope,
        capacity: Expression | None,
        when: Expression | None,
        what: str,
        terms: list[Term],
    ) -> int:
        """An amount held to a capacity (F6), and to nothing while a gate is shut (F12)."""
        c, path = self.c, scope.path
        if capacity is not None and "F6" not in self.without:
            assert per is not None
            most, more = self._per_turn(capacity, per, scope, "capacity")
            node = c.min(node, most)
            terms = [*terms, *(Term(f"at most {term.text}", term.node) for term in more)]
        if when is not None and "F12" not in self.without:
            gate = self.lowering.truth(when, scope.at(*path, "when"))
            node = c.when(gate, node, c.const(0.0))
            terms = [*terms, Term(f"while {when.text}", gate)]
        return c.said(node, what, path, terms, ",")

    def _per_turn(self, rate: Expression, per: str, scope: Scope, key: str) -> tuple[int, list[Term]]:
        """`(rate * periods) * dt`, 0 if below 0; and what to say of it."""
        c = self.c
        node = self.rate(rate, scope, key)
        amount = c.mul(c.mul(node, c.const(PERIODS_PER_YEAR[per])), c.dt)
        return c.max(amount, c.const(0.0)), [Term(f"{rate.text} a {per}", node)]

    def rate(self, expression: Expression, scope: Scope, key: str) -> int:
        """The node of a rate or capacity as it is written, reading means over the turn."""
        where = Scope((*scope.path, key), scope.self_id, scope.bound, perceived=self._means)
        return self.lowering.number(expression, where, 0.0)


def rates_of(
    part: Paced, capacity: Expression | None, scope: Scope, path: PathOf
) -> Iterator[tuple[Expression, Scope]]:
    """The rate and the capacity of something, each with where it stands."""
    if part.rate is not None:
        yield part.rate, scope.at(*path, "rate")
    if capacity is not None:
        yield capacity, scope.at(*path, "capacity")
