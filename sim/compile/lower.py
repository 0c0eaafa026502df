"""Expressions to nodes, as whoever compiles a part of the scenario asks for them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

from sim.compile.asked import Asked
from sim.compile.builder import Builder
from sim.compile.figures import Figures
from sim.compile.history import History
from sim.compile.names import Names
from sim.compile.program import Demand, Source, Term
from sim.compile.scope import LoweringError, Scope
from sim.compile.settled import Settling
from sim.compile.symbols import Symbols
from sim.compile.wording import Wording
from sim.compile.writing import MAX_ALL_STEPS, MAX_STEPS, Writer
from sim.scenario import expressions as ex
from sim.scenario.clock import Duration
from sim.scenario.load import PathOf, Scenario


class Lowering:
    """Writes expressions as nodes of a builder, and notes what is wrong with them."""

    def __init__(
        self,
        scenario: Scenario,
        symbols: Symbols,
        builder: Builder,
        without: frozenset[str] = frozenset(),
    ) -> None:
        self.scenario = scenario
        self.symbols = symbols
        self.builder = builder
        self.without = without
        """Rules of adjudication that are left out."""
        self.names = Names(scenario, symbols, builder)
        self.asked = Asked(self.names)
        self.readers: dict[str, Callable[[ex.Call, Scope], int]] = {}
        """Functions of the domain's constructs."""
        self.composed: dict[int, Source] = {}
        """Words for nodes that no one wrote as they are."""
        self._settling = Settling(self.names)
        self.figures = Figures(scenario, builder)
        history = History(self.names, self.asked, without)
        self._writer = Writer(self.names, self.figures, self._settling, history, self.readers)

    def number(
        self, expression: ex.Expression, scope: Scope, low: float | None = None, high: float | None = None
    ) -> int:
        """The node of a number; a truth value becomes 1 or 0.

        What is wrong is noted, and so is a constant below `low` or above `high`; the node then holds NaN.
        """
        try:
            return self._within(self.strictly(expression, scope), expression, scope, low, high)
        except LoweringError as fault:
            self.builder.problems.fault(fault)
            return self.builder.const(math.nan)

    def truth(self, expression: ex.Expression, scope: Scope) -> int:
        """The node of a truth value; what is wrong is noted."""
        try:
            return self.strictly_true(expression, scope)
        except LoweringError as fault:
            self.builder.problems.fault(fault)
            return self.builder.node("const", truth=True)

    def strictly(self, expression: ex.Expression, scope: Scope) -> int:
        """The node of a number.

        Raises:
            LoweringError: for what is wrong.
        """
        return self._writer.ask(expression.tree, scope, self._writer.number)

    def strictly_true(self, expression: ex.Expression, scope: Scope) -> int:
        """The node of a truth value.

        Raises:
            LoweringError: for what is wrong.
        """
        return self._writer.ask(expression.tree, scope, self._writer.truth)

    def _within(
        self, node: int, expression: ex.Expression, scope: Scope, low: float | None, high: float | None
    ) -> int:
        written = self.builder.nodes[node]
        if written.op == "const":
            wanted = ""
            if low is not None and written.value < low:
                wanted = f"at least {low:g}"
            if high is not None and written.value > high:
                wanted = f"at most {high:g}"
            if wanted:
                raise LoweringError(
                    scope.path, expression.tree.offset, f"{written.value:g} is out of range", wanted
                )
        return node

    def settled(self, expression: ex.Expression, scope: Scope) -> bool:
        """A condition that depends on names alone."""
        return self._settling.settled(expression.tree, scope)

    # Numbers within bounds

    def half_life(self, value: Duration | ex.Expression, scope: Scope) -> int:
        """A duration, or an expression in years; what is wrong is noted."""
        if isinstance(value, Duration):
            node = self.figures.stated(value.years, scope.path, 0)
        else:
            node = self.number(value, scope)
        self.positive(node, "a half-life", scope)
        return node

    def positive(self, node: int, what: str, scope: Scope) -> None:
        """Note a constant that is not above 0."""
        written = self.builder.nodes[node]
        if written.op == "const" and written.value <= 0:
            self.builder.problems.fault(
                LoweringError(scope.path, 0, f"{what} of {written.value:g}", "more than 0")
            )

    def demand(
        self,
        node: int,
        what: str,
        path: PathOf,
        low: float = -math.inf,
        high: float = math.inf,
        *,
        above: bool = False,
    ) -> tuple[Demand, ...]:
        """That a number keeps its bounds: of a constant it is checked and noted now, of others in play."""
        written = self.builder.nodes[node]
        if written.op != "const":
            return (Demand(node, what, self.scenario.value_place(*path), low, high, above),)
        beyond = (written.value <= low if above else written.value < low) or written.value > high
        if beyond:
            least = f"more than {low:g}" if above else f"at least {low:g}"
            most = "" if high == math.inf else f" and at most {high:g}"
            self.builder.problems.fault(LoweringError(path, 0, f"{what} is {written.value:g}", least + most))
        return ()

    # What was written

    def words(self, expression: ex.Expression, scope: Scope) -> str:
        """An expression as people read it, with names of actors in place of `self` and the like."""
        return Wording(self.names).text(expression.tree, scope)

    def sources(self) -> dict[int, Source]:
        """What was asked for, as text and in its parts. Nothing new is written: every part has its node."""
        wording = Wording(self.names)
        self._writer.left = MAX_ALL_STEPS * MAX_STEPS
        written = {
            node: self._source(tree, scope, wording)
            for node, (tree, scope) in list(self._writer.origins.items())
        }
        return {**written, **self.composed}

    def terms(self, expression: ex.Expression, scope: Scope) -> tuple[str, tuple[Term, ...]]:
        """The text of an expression that has been written, and its summands; if it was faulty, no terms."""
        try:
            source = self._source(expression.tree, scope, Wording(self.names))
        except LoweringError:  # it has been noted
            return expression.text, ()
        if source.joint == "+":
            return source.text, source.terms
        return source.text, (Term(source.text, self._writer.truth(expression.tree, scope)),)

    def _source(self, tree: ex.Expr, scope: Scope, wording: Wording) -> Source:
        if isinstance(tree, ex.Logic):
            parts_read = self._writer.operands(tree, scope)
            terms = tuple(
                Term(wording.text(part, scope), self._writer.truth(part, scope)) for part in parts_read
            )
            return Source(wording.text(tree, scope), scope.path, terms, tree.operator)
        parts: list[tuple[Literal["+", "-"], ex.Expr]] = []
        rest: ex.Expr = tree
        while isinstance(rest, ex.Binary) and rest.operator in ("+", "-"):
            parts.append(("+" if rest.operator == "+" else "-", rest.right))
            rest = rest.left
        parts.append(("+", rest))
        terms = tuple(
            Term(wording.text(part, scope), self._writer.lower(part, scope), sign)
            for sign, part in reversed(parts)
        )
        return Source(wording.text(tree, scope), scope.path, terms)
