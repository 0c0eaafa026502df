"""Which way an expression moves when something that it reads rises: up, down, or one or the other.

An expression rises with a row if each way from it to the expression does: sums rise with their summands,
products with a factor if the other factor is never below 0, and so on. Bounds of the other factor come from
the ranges of the rows, by interval arithmetic, and so hold in every run and turn. What rises by one way and
falls by another has no sign here, even if one way should always be the stronger.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Final

from sim.compile import intervals as iv
from sim.compile.bounds import Reach
from sim.compile.intervals import Interval
from sim.compile.program import Node, Program
from sim.compile.reach import support

UP: Final = 1
DOWN: Final = -1
UNKNOWN: Final = 0
"""Rises in some states and falls in others, or cannot be told."""

_RISING: Final = frozenset("float positive sqrt exp log logistic normal_share floor ceil".split())
_FALLING: Final = frozenset(("neg", "not"))
_TOGETHER: Final = frozenset(("add", "max", "min", "and", "or", "clamp"))
_AGAINST: Final = frozenset(("sub", "gt", "ge"))

Signs = dict[int, int]
"""By row: `UP`, `DOWN` or `UNKNOWN`; rows that are not read are not there."""


def joined(signs: Iterable[int]) -> int:
    """The sign that all have, or `UNKNOWN`."""
    found = set(signs)
    return found.pop() if len(found) == 1 else UNKNOWN


class Directions:
    """The signs of every expression of a Program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        rows = [iv.between(variable.low, variable.high) for variable in program.variables]
        for parameter in program.parameters:
            stated = parameter.distribution
            drawn = iv.point(parameter.value) if stated is None else support(stated)
            for row in parameter.rows:
                rows[row] = drawn.clamped(rows[row].low, rows[row].high)
        self._reach = Reach(program, tuple(rows), 1, program.turns)

    def of(self, node: int, row: int) -> int:
        """Which way a node's value moves when the row rises."""
        return self._all[node].get(row, UNKNOWN)

    def of_value(self, node: int) -> int:
        """`UP` if the value is never below 0, `DOWN` if never above."""
        return self._of_bounds(self._reach.node(node))

    def of_row(self, row: int) -> int:
        """The same of what stands in a row."""
        return self._of_bounds(self._reach.rows[row])

    def at_end(self, node: int, row: int) -> int:
        """`UP` if the value is the top of the row's range, `DOWN` if it is the bottom."""
        value, variable = self._reach.node(node), self._program.variables[row]
        if not value.one:
            return UNKNOWN
        return UP if value.low >= variable.high else DOWN if value.high <= variable.low else UNKNOWN

    @staticmethod
    def _of_bounds(bounds: Interval) -> int:
        if bounds.nan:
            return UNKNOWN
        return UP if bounds.low >= 0.0 else DOWN if bounds.high <= 0.0 else UNKNOWN

    @cached_property
    def _all(self) -> list[Signs]:
        found: list[Signs] = []
        for node in self._program.nodes:
            found.append({node.row: UP} if node.op == "row" else self._worked_out(node, found))
        return found

    def _worked_out(self, node: Node, found: list[Signs]) -> Signs:
        parts = [found[argument] for argument in node.args]
        if not any(parts):
            return {}
        op = node.op
        if op in _RISING or op in _TOGETHER:
            return _union(parts)
        if op in _FALLING:
            return _times(parts[0], DOWN)
        if op in _AGAINST:
            return _union((parts[0], _times(parts[1], DOWN)))
        if op in ("lt", "le"):
            return _union((_times(parts[0], DOWN), parts[1]))
        values = [self.of_value(argument) for argument in node.args]
        match op:
            case "mul":
                return _union((_times(parts[0], values[1]), _times(parts[1], values[0])))
            case "div":
                below = _times(parts[1], -values[0] if values[1] != UNKNOWN else UNKNOWN)
                return _union((_times(parts[0], values[1]), below))
            case "abs":
                return _times(parts[0], values[0])
            case "if":
                return _union((_times(parts[0], self._of_branches(node)), parts[1], parts[2]))
            case "pow" if not parts[1] and values[0] == UP and values[1] != UNKNOWN:
                return _times(parts[0], values[1])
        return _union(_times(part, UNKNOWN) for part in parts)

    def _of_branches(self, node: Node) -> int:
        """`UP` if the first branch is never below the second: then a condition that comes true raises."""
        first, second = (self._reach.node(argument) for argument in node.args[1:])
        if first.nan or second.nan:
            return UNKNOWN
        return UP if first.low >= second.high else DOWN if first.high <= second.low else UNKNOWN


def _times(signs: Signs, sign: int) -> Signs:
    return signs if sign == UP else {row: own * sign for row, own in signs.items()}


def _union(parts: Iterable[Signs]) -> Signs:
    found: Signs = {}
    for part in parts:
        for row, sign in part.items():
            found[row] = sign if found.get(row, sign) == sign else UNKNOWN
    return found
