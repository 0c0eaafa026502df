"""Nodes that the compiler puts together itself, for what the domain's constructs mean, with words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sim.compile.builder import Builder
from sim.compile.lower import Lowering
from sim.compile.program import Joint, Op, Source, Term
from sim.scenario.load import PathOf

_LONG: Final = 64
"""Conditions that are joined one by one."""
LN2: Final = float.fromhex("0x1.62e42fefa39efp-1")


@dataclass(frozen=True)
class Composer:
    """Short names for nodes. Sums and products fold from the left, in the order given."""

    lowering: Lowering

    @property
    def builder(self) -> Builder:
        return self.lowering.builder

    @property
    def turn(self) -> int:
        """The number of the turn being played."""
        return self.builder.node("turn")

    @property
    def dt(self) -> int:
        """The length of the turn in years."""
        return self.builder.node("dt")

    @property
    def dt_before(self) -> int:
        """The length in years of the turn before; 0 in the first."""
        return self.builder.node("dt", value=1.0)

    def row(self, name: str) -> int:
        """The value of a row, by its name."""
        return self.builder.read(self.builder.rows[name])

    def const(self, value: float) -> int:
        return self.builder.const(value)

    @property
    def true(self) -> int:
        return self.builder.node("const", value=1.0, truth=True)

    @property
    def false(self) -> int:
        return self.builder.node("const", value=0.0, truth=True)

    def add(self, *nodes: int) -> int:
        """The sum, from the left; of nothing, 0."""
        return self._fold("add", nodes, 0.0)

    def mul(self, *nodes: int) -> int:
        """The product, from the left; of nothing, 1."""
        return self._fold("mul", nodes, 1.0)

    def max(self, *nodes: int) -> int:
        """The largest, from the left; of nothing, 0."""
        return self._fold("max", nodes, 0.0)

    def min(self, *nodes: int) -> int:
        """The smallest, from the left; of nothing, 0."""
        return self._fold("min", nodes, 0.0)

    def sub(self, left: int, right: int) -> int:
        return self.builder.node("sub", left, right)

    def div(self, above: int, below: int) -> int:
        return self.builder.node("div", above, below)

    def neg(self, node: int) -> int:
        return self.builder.node("neg", node)

    def abs(self, node: int) -> int:
        return self.builder.node("abs", node)

    def power(self, base: int, exponent: int) -> int:
        return self.builder.node("pow", base, exponent)

    def exp(self, node: int) -> int:
        return self.builder.node("exp", node)

    def log(self, node: int) -> int:
        return self.builder.node("log", node)

    def logistic(self, node: int) -> int:
        return self.builder.node("logistic", node)

    def sqrt(self, node: int) -> int:
        return self.builder.node("sqrt", node)

    def from_turn(self, turn: int) -> int:
        """Whether the turn has come."""
        return self.builder.node("since_turn", value=float(turn), truth=True)

    def above_zero(self, node: int) -> int:
        """The number itself, which must be above 0."""
        return self.builder.node("positive", node)

    def normal(self, draw: int) -> int:
        """A standard normal number from an address of luck."""
        return self.builder.node("normal", draw=draw)

    def kept(self, half_life: int, years: int) -> int:
        """What is left of a distance after some years with a half-life: `exp(-(theta * years))`."""
        theta = self.div(self.const(LN2), self.above_zero(half_life))
        return self.exp(self.neg(self.mul(theta, years)))

    def clamp(self, node: int, low: float, high: float) -> int:
        return self.builder.node("clamp", node, self.const(low), self.const(high))

    def compare(self, op: Op, left: int, right: int) -> int:
        """`lt`, `le`, `gt`, `ge`, `eq` or `ne` of two numbers."""
        return self.builder.node(op, left, right, truth=True)

    def positive(self, node: int) -> int:
        """Whether a number is above 0."""
        return self.compare("gt", node, self.const(0.0))

    def zero(self, node: int) -> int:
        """Whether a number is 0."""
        return self.compare("eq", node, self.const(0.0))

    def all(self, *nodes: int) -> int:
        """Whether all hold; of nothing, true."""
        return self._join("and", nodes, self.true)

    def any(self, *nodes: int) -> int:
        """Whether one holds; of nothing, false."""
        return self._join("or", nodes, self.false)

    def negate(self, node: int) -> int:
        return self.builder.node("not", node, truth=True)

    def when(self, condition: int, then: int, otherwise: int) -> int:
        """`then` where the condition holds, else `otherwise`; truth values if both are."""
        nodes = self.builder.nodes
        truth = nodes[then].truth and nodes[otherwise].truth
        return self.builder.node("if", condition, then, otherwise, truth=truth)

    def number(self, truth: int) -> int:
        """1 where a condition holds, else 0."""
        return self.builder.node("float", truth)

    def said(self, node: int, text: str, path: PathOf, terms: Iterable[Term] = (), joint: Joint = "+") -> int:
        """The node, with the words and parts that an explanation shows of it."""
        parts = tuple(terms) or (Term(text, node),)
        self.lowering.composed.setdefault(node, Source(text, path, parts, joint))
        return node

    def _fold(self, op: Op, nodes: Sequence[int], empty: float) -> int:
        if not nodes:
            return self.const(empty)
        total = nodes[0]
        for node in nodes[1:]:
            total = self.builder.node(op, total, node)
        return total

    def _join(self, op: Op, nodes: Sequence[int], empty: int) -> int:
        if not nodes:
            return empty
        if len(nodes) > _LONG:  # as a tree, so that no pair of hundreds waits for all others
            middle = len(nodes) // 2
            halves = (self._join(op, half, empty) for half in (nodes[:middle], nodes[middle:]))
            return self.builder.node(op, *halves, truth=True)
        joined = nodes[-1]
        for node in reversed(nodes[:-1]):
            joined = self.builder.node(op, node, joined, truth=True)
        return joined
