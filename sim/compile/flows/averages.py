"""The mean over a turn of what moves by itself, so that an amount per period is exact on any clock (F2)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from sim.compile import program as pr
from sim.compile.compose import LN2, Composer

_NEAR_0: Final = 0.001
"""Growth in a turn below which the series is better than the quotient."""


@dataclass(frozen=True)
class Averages:
    """Nodes of means; `c` makes them."""

    c: Composer

    def moves(self, movement: pr.Movement) -> bool:
        """Whether the variable's mean over a turn differs from its value when the turn begins."""
        return movement.towards is not None or movement.growth is not None or bool(movement.drifts)

    def mean(self, movement: pr.Movement, variable: pr.Variable) -> int:
        """The node of the mean over the turn that begins; kept in the variable's range when it is stored."""
        x = self.c.builder.read(movement.row)
        if movement.towards is not None and movement.half_life is not None:
            return self._returning(x, movement)
        if movement.growth is not None:
            return self._growing(x, movement.growth, variable)
        return self._drifting(x, self.c.add(*movement.drifts), variable)

    def _returning(self, x: int, movement: pr.Movement) -> int:
        c, dt = self.c, self.c.dt
        assert movement.towards is not None
        assert movement.half_life is not None
        theta = c.div(c.const(LN2), c.above_zero(movement.half_life))
        left = c.exp(c.neg(c.mul(theta, dt)))
        passed = c.div(c.sub(c.const(1.0), left), theta)
        way = c.mul(c.sub(x, movement.towards), c.div(passed, dt))
        mean = c.add(movement.towards, way)
        if not movement.drifts:
            return mean
        lag = c.div(c.div(c.sub(dt, passed), theta), dt)
        return c.add(mean, c.mul(c.add(*movement.drifts), lag))

    def _growing(self, x: int, growth: int, variable: pr.Variable) -> int:
        c, dt = self.c, self.c.dt
        y = c.mul(growth, dt)
        grown = c.exp(y)
        quotient = c.div(c.sub(grown, c.const(1.0)), y)
        inner = c.add(c.const(1.0 / 6.0), c.div(y, c.const(24.0)))
        middle = c.add(c.const(0.5), c.mul(y, inner))
        series = c.add(c.const(1.0), c.mul(y, middle))
        small = c.compare("lt", c.builder.node("abs", y), c.const(_NEAR_0))
        free = c.mul(x, c.when(small, series, quotient))
        if math.isinf(variable.high):
            return free
        ceiling = c.const(variable.high)
        reached = c.div(c.log(c.div(ceiling, x)), growth)
        risen = c.div(c.sub(ceiling, x), growth)
        held = c.div(c.add(risen, c.mul(ceiling, c.sub(dt, reached))), dt)
        over = c.all(c.positive(x), c.compare("gt", c.mul(x, grown), ceiling))
        return c.when(over, held, free)

    def _drifting(self, x: int, drift: int, variable: pr.Variable) -> int:
        c, dt = self.c, self.c.dt
        end = c.add(x, c.mul(drift, dt))
        mean = c.add(x, c.mul(drift, c.div(dt, c.const(2.0))))
        for bound, op in ((variable.low, "lt"), (variable.high, "gt")):
            if not math.isinf(bound):
                edge = c.const(bound)
                reached = c.div(c.sub(edge, x), drift)
                half = c.div(c.add(x, edge), c.const(2.0))
                held = c.div(c.add(c.mul(half, reached), c.mul(edge, c.sub(dt, reached))), dt)
                beyond = c.compare("lt" if op == "lt" else "gt", end, edge)
                mean = c.when(beyond, held, mean)
        return mean
