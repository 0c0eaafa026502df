"""Expressions to nodes: names found, kinds checked, definitions and generators written out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, Literal

from sim.compile.asked import Asked
from sim.compile.builder import MAX_DEPTH, Builder, TooDeepError, TooLargeError
from sim.compile.folds import fold, fold_right
from sim.compile.grades import Grades
from sim.compile.history import History
from sim.compile.names import Names
from sim.compile.program import Demand, Figure, Grade, Op, Source, Term
from sim.compile.scope import LoweringError, Scope, arity, joined
from sim.compile.settled import Settling
from sim.compile.symbols import Symbols
from sim.compile.wording import Wording
from sim.scenario import expressions as ex
from sim.scenario.clock import Duration
from sim.scenario.load import PathOf, Scenario
from sim.text import quoted

_ARITHMETIC: Final[dict[str, Op]] = {"+": "add", "-": "sub", "*": "mul", "/": "div", "**": "pow"}
_COMPARISON: Final[dict[str, Op]] = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}
_UNARY: Final[dict[str, Op]] = {
    "abs": "abs",
    "sqrt": "sqrt",
    "floor": "floor",
    "ceil": "ceil",
    "exp": "exp",
    "log": "log",
    "logistic": "logistic",
}

MAX_STEPS: Final = 50_000
"""Parts of one expression, written out."""
MAX_ALL_STEPS: Final = 1_000_000
MAX_NESTING: Final = 130
"""Levels of one expression with the definitions in it, so that Python's own stack is never the limit."""
MAX_FAULTS: Final = 20
"""Faults of one sum that are told."""


class Lowering:
    """Writes expressions as nodes of a builder."""

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
        self._settling = Settling(self.names)
        self.asked = Asked(self.names)
        self._history = History(self.names, self.asked, without)
        self._grades = Grades(scenario)
        self.readers: dict[str, Callable[[ex.Call, Scope], int]] = {}
        """Functions of the domain's constructs."""
        self.composed: dict[int, Source] = {}
        """Words for nodes that no one wrote as they are."""
        self._definitions: dict[tuple[object, ...], int] = {}
        self._faulty: dict[tuple[object, ...], LoweringError] = {}
        self._asked: dict[int, tuple[ex.Expr, Scope]] = {}
        self._circles: dict[frozenset[str], tuple[PathOf, int, str]] = {}
        self._left = MAX_STEPS
        self._spent = 0
        self._depth = 0

    # What callers ask for

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
        return self._ask(expression.tree, scope, self._number)

    def strictly_true(self, expression: ex.Expression, scope: Scope) -> int:
        """The node of a truth value.

        Raises:
            LoweringError: for what is wrong.
        """
        return self._ask(expression.tree, scope, self._truth)

    def _ask(self, tree: ex.Expr, scope: Scope, kind: Callable[[ex.Expr, Scope], int]) -> int:
        self._left = MAX_STEPS
        try:
            node = kind(tree, scope)
        except TooDeepError:
            raise LoweringError(
                scope.path,
                tree.offset,
                "written out, this is too long to be worked out",
                f"at most {MAX_DEPTH} operations that wait for each other",
                code="limit",
            ) from None
        except TooLargeError as fault:
            fault.place = fault.place or self.scenario.value_place(*scope.path, offset=tree.offset)
            raise
        self._spent += MAX_STEPS - self._left
        if self._spent > MAX_ALL_STEPS:
            raise TooLargeError(self.scenario.value_place(*scope.path, offset=tree.offset))
        self._asked.setdefault(node, (tree, scope))
        return node

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

    def half_life(self, value: Duration | ex.Expression, scope: Scope) -> int:
        """A duration, or an expression in years; what is wrong is noted."""
        if isinstance(value, Duration):
            node = self.figure(value.years, scope.path, 0)
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

    def figure(self, value: float, path: PathOf, offset: int) -> int:
        """The node of a number that the file states."""

        def make() -> Figure:
            return Figure(value, path, self.scenario.value_place(*path, offset=offset), self._grades.at(path))

        return self.builder.written(value, path, offset, make)

    def words(self, expression: ex.Expression, scope: Scope) -> str:
        """An expression as people read it, with names of actors in place of `self` and the like."""
        return Wording(self.names).text(expression.tree, scope)

    def standard(self, value: float, path: PathOf, source: str) -> int:
        """The node of a number that the format states where the file does not, by a source of its own."""

        def make() -> Figure:
            return Figure(value, path, self.scenario.value_place(*path), Grade("informed", (source,)))

        return self.builder.written(value, path, 0, make)

    def grade(self, path: PathOf) -> Grade:
        """How well known what stands at a path is."""
        return self._grades.at(path)

    def sources(self) -> dict[int, Source]:
        """What was asked for, as text and in its parts. Nothing new is written: every part has its node."""
        wording = Wording(self.names)
        self._left = MAX_ALL_STEPS * MAX_STEPS
        written = {
            node: self._source(tree, scope, wording) for node, (tree, scope) in list(self._asked.items())
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
        return source.text, (Term(source.text, self._truth(expression.tree, scope)),)

    def _source(self, tree: ex.Expr, scope: Scope, wording: Wording) -> Source:
        if isinstance(tree, ex.Logic):
            parts_read = self._operands(tree, scope)
            terms = tuple(Term(wording.text(part, scope), self._truth(part, scope)) for part in parts_read)
            return Source(wording.text(tree, scope), scope.path, terms, tree.operator)
        parts: list[tuple[Literal["+", "-"], ex.Expr]] = []
        rest: ex.Expr = tree
        while isinstance(rest, ex.Binary) and rest.operator in ("+", "-"):
            parts.append(("+" if rest.operator == "+" else "-", rest.right))
            rest = rest.left
        parts.append(("+", rest))
        terms = tuple(
            Term(wording.text(part, scope), self._lower(part, scope), sign) for sign, part in reversed(parts)
        )
        return Source(wording.text(tree, scope), scope.path, terms)

    # Kinds

    def _number(self, tree: ex.Expr, scope: Scope) -> int:
        return self._as_number(self._lower(tree, scope))

    def _as_number(self, node: int) -> int:
        return self.builder.node("float", node) if self.builder.nodes[node].truth else node

    def _numbers(self, trees: Iterable[ex.Expr], scope: Scope) -> list[int]:
        return self._all(self._number, trees, scope)

    def _all(
        self, kind: Callable[[ex.Expr, Scope], int], trees: Iterable[ex.Expr], scope: Scope
    ) -> list[int]:
        """A node for each tree. All are read, so that what is wrong is found in all of them."""
        nodes, faults = [], []
        for tree in trees:
            try:
                nodes.append(kind(tree, scope))
            except LoweringError as fault:
                faults.append(fault)
        if faults:
            raise joined(faults)
        return nodes

    def _truth(self, tree: ex.Expr, scope: Scope) -> int:
        node = self._lower(tree, scope)
        if not self.builder.nodes[node].truth:
            raise LoweringError(
                scope.path,
                tree.offset,
                "a number stands where a condition must",
                "a comparison such as x > 0",
            )
        return node

    def _lower(self, tree: ex.Expr, scope: Scope) -> int:
        """The node of an expression, with an eye on how far and how deep this goes."""
        self._left -= 1
        if self._left < 0:
            raise TooLargeError
        if self._depth >= MAX_NESTING:
            raise LoweringError(
                scope.path,
                tree.offset,
                "definitions in definitions are nested too deeply",
                f"at most {MAX_NESTING} levels, brackets and operators included",
                code="limit",
            )
        self._depth += 1
        try:
            return self._write(tree, scope)
        finally:
            self._depth -= 1

    def _write(self, tree: ex.Expr, scope: Scope) -> int:  # noqa: C901 - one branch per kind of tree
        node = self.builder.node
        match tree:
            case ex.Number():
                return self.figure(tree.value, scope.path, tree.offset)
            case ex.Truth():
                return node("const", value=float(tree.value), truth=True)
            case ex.Text():
                raise LoweringError(scope.path, tree.offset, "a text cannot stand here", "a number or a name")
            case ex.Name():
                return self._name(tree, scope)
            case ex.Index():
                return self._index(tree, scope)
            case ex.Negate():
                if isinstance(tree.operand, ex.Number):
                    return self.figure(-tree.operand.value, scope.path, tree.offset)
                return node("neg", self._number(tree.operand, scope))
            case ex.Not():
                return node("not", self._truth(tree.operand, scope), truth=True)
            case ex.Binary():
                return node(_ARITHMETIC[tree.operator], *self._numbers((tree.left, tree.right), scope))
            case ex.Compare():
                return self._compare(tree, scope)
            case ex.Member():
                return node("const", value=float(self._settling.settled(tree, scope)), truth=True)
            case ex.Logic():
                operands = self._all(self._truth, self._operands(tree, scope), scope)
                return fold_right(self.builder, tree.operator, operands)
            case ex.Conditional():
                return self._conditional(tree, scope)
            case ex.Reduce():
                return self._reduce(tree, scope)
            case ex.Call():
                return self._call(tree, scope)

    def _compare(self, tree: ex.Compare, scope: Scope) -> int:
        if self._settling.compares_actors(tree, scope):
            return self.builder.node("const", value=float(self._settling.settled(tree, scope)), truth=True)
        sides = self._numbers((tree.first, *(operand for _, operand in tree.rest)), scope)
        pairs = [
            self.builder.node(_COMPARISON[operator], sides[index], sides[index + 1], truth=True)
            for index, (operator, _) in enumerate(tree.rest)
        ]
        return fold_right(self.builder, "and", pairs)

    def _operands(self, tree: ex.Logic, scope: Scope) -> tuple[ex.Expr, ...]:
        """The operands that are read: none after one that settles the whole before play."""
        for index, operand in enumerate(tree.operands[:-1]):
            if self._settling.known(operand, scope) is (tree.operator == "or"):
                return tree.operands[: index + 1]
        return tree.operands

    def _conditional(self, tree: ex.Conditional, scope: Scope) -> int:
        known = self._settling.known(tree.condition, scope)
        if known is not None:  # the other side may make no sense for whom it is not meant
            return self._lower(tree.then if known else tree.otherwise, scope)
        then, condition, otherwise = self._all(
            lambda part, here: (self._truth if part is tree.condition else self._lower)(part, here),
            (tree.then, tree.condition, tree.otherwise),
            scope,
        )
        both = self.builder.nodes[then].truth and self.builder.nodes[otherwise].truth
        if not both:
            then, otherwise = self._as_number(then), self._as_number(otherwise)
        return self.builder.node("if", condition, then, otherwise, truth=both)

    # Names

    def _name(self, tree: ex.Name, scope: Scope) -> int:
        name = tree.id
        if name in scope.arguments:
            return scope.arguments[name]
        if name in scope.bound or name in ("self", "target") or name in self.symbols.actors:
            raise LoweringError(
                scope.path,
                tree.offset,
                f"{quoted(name)} is an actor, not a number",
                self._attribute_of(name, scope),
            )
        if name == "elapsed" and scope.mode != "initial":
            return self.builder.node("elapsed")
        if name in self.symbols.parameters:
            if self.symbols.parameters[name]:
                components = self.symbols.parameters[name]
                raise LoweringError(
                    scope.path,
                    tree.offset,
                    f"{quoted(name)} has components: {', '.join(components)}",
                    f"{name}[{components[0]}]",
                )
            return self.builder.read(self.builder.rows[name])
        if scope.mode != "initial":
            row = self.names.own_variable(name, scope)
            if row is not None:
                return self.builder.read(scope.perceived.get(row, row))
            if name in self.symbols.definitions:
                return self._definition(ex.Index(name, (), tree.offset, ()), scope)
            if name in self.symbols.indicators and scope.mode == "outcome":
                return self.builder.read(self.builder.rows[name])
        self.names.explain(name, tree.offset, scope)
        known = (
            self.symbols.parameters if scope.mode == "initial" else (*self.symbols.values(), *scope.arguments)
        )
        return self.names.unknown(name, tree.offset, scope, "a name of the scenario", known)

    def _attribute_of(self, name: str, scope: Scope) -> str:
        """An attribute that could have been meant by the bare name of an actor."""
        try:
            actor = self.names.actor(name, 0, scope)
        except LoweringError:  # self, where there is none
            return "a number or a name"
        held = sorted(kind for kind, holders in self.symbols.attributes.items() if actor in holders)
        return f"an attribute, such as {held[0] if held else 'x'}[{name}]"

    def _index(self, tree: ex.Index, scope: Scope) -> int:
        if tree.name in self.symbols.parameters:
            return self.names.component(tree, scope)
        if scope.mode == "initial":
            self.names.explain(tree.name, tree.offset, scope)
        elif tree.name in self.symbols.definitions:
            return self._definition(tree, scope)
        elif tree.name in self.symbols.attributes or tree.name in self.symbols.relations:
            row = self.names.indexed(tree, scope)
            return self.builder.read(scope.perceived.get(row, row))
        elif tree.name in self.symbols.world:
            raise self.names.not_indexed(tree, scope)
        return self.names.unknown(
            tree.name,
            tree.offset,
            scope,
            "an attribute, relation or definition",
            tuple(self.symbols.values()),
        )

    def _definition(self, tree: ex.Index, scope: Scope) -> int:
        name, wanted = tree.name, self.symbols.definitions[tree.name]
        if len(tree.keys) != len(wanted):
            expected = f"{name}[{', '.join(wanted)}]" if wanted else f"{name} alone"
            number = "no actor" if not wanted else f"{len(wanted)} actor{'s' if len(wanted) > 1 else ''}"
            raise LoweringError(scope.path, tree.offset, f"{quoted(name)} is of {number}", expected)
        if name in scope.inside:
            raise self._circle(name, tree.offset, scope)
        actors = tuple(self.names.actors(tree.keys, tree.key_offsets, scope))
        memo = (name, actors, scope.mode, scope.replying, tuple(sorted(scope.perceived.items())))
        if memo in self._faulty:
            raise self._faulty[memo].again()
        if memo not in self._definitions:
            inner = Scope(
                ("definitions", name, "value"),
                bound=dict(zip(wanted, actors, strict=True)),
                perceived=scope.perceived,
                mode=scope.mode,
                inside=(*scope.inside, name),
                replying=scope.replying,
            )
            body = self.scenario.model.definitions[name].value.tree
            try:
                node = self._lower(body, inner)
            except LoweringError as fault:
                self._say_where(fault, tree, scope, actors)
                self._faulty[memo] = fault
                raise
            self._definitions[memo] = node
            self._asked.setdefault(node, (body, inner))
        return self._definitions[memo]

    def _say_where(self, fault: LoweringError, tree: ex.Index, scope: Scope, actors: tuple[str, ...]) -> None:
        """What is wrong in a definition for some actors only is the fault of the place that names them."""
        if not actors:
            return
        place = self.scenario.value_place(*scope.path, offset=tree.offset)
        for one in (fault, *fault.also):
            here = one.path == ("definitions", tree.name, "value")
            if here and one.code == "not-of-actor" and not one.used:
                one.used = True
                one.message += f", in {tree.name}[{', '.join(actors)}] at {place}"

    def _circle(self, name: str, offset: int, scope: Scope) -> LoweringError:
        """Definitions that need each other are told once, wherever one comes into the circle."""
        members = scope.inside[scope.inside.index(name) :]
        circle = frozenset(members)
        if circle not in self._circles:
            words = " -> ".join((*members, name))
            self._circles[circle] = (scope.path, offset, f"definitions need each other: {words}")
        path, where, message = self._circles[circle]
        return LoweringError(path, where, message, "an end to the circle", code="circular")

    def _reduce(self, tree: ex.Reduce, scope: Scope) -> int:
        self.names.bindable(tree.name, tree.name_offset, scope)
        kind = self._truth if tree.function in ("any", "all", "count") else self._number
        members = self.names.members(tree.members, tree.members_offset, scope)
        if self._weight(tree) > self._left:
            raise TooLargeError
        bodies, faults = [], []
        for member in members:
            self._left -= 1
            inner = replace(scope, bound={**scope.bound, tree.name: member})
            try:
                if all(self._settling.settled(condition, inner) for condition in tree.conditions):
                    bodies.append(kind(tree.body, inner))
            except LoweringError as fault:
                faults.append(fault)
                if len(faults) == MAX_FAULTS:
                    break
        if faults:
            raise joined(faults)
        self.builder.problems.doubt(
            scope.path,
            tree.offset,
            doubtful=not bodies,
            message=f"this {tree.function}() runs over nobody",
            advice="name a set with members, or loosen the 'if'",
            code="nobody",
        )
        return fold(self.builder, tree.function, bodies, tree.offset, scope)

    def _weight(self, tree: ex.Expr) -> int:
        """How often the innermost of sums in sums are taken, known before any is written out."""
        match tree:
            case ex.Reduce():
                members = self.symbols.tags.get(tree.members, self.symbols.actors)
                return len(members) * self._weight(tree.body)
            case ex.Binary():
                return max(self._weight(tree.left), self._weight(tree.right))
            case ex.Call():
                return max(map(self._weight, tree.arguments), default=1)
            case ex.Conditional():
                return max(map(self._weight, (tree.then, tree.condition, tree.otherwise)))
            case ex.Logic():
                return max(map(self._weight, tree.operands))
            case ex.Negate() | ex.Not():
                return self._weight(tree.operand)
            case ex.Compare():
                return max(map(self._weight, (tree.first, *(side for _, side in tree.rest))))
        return 1

    # Functions

    def _call(self, tree: ex.Call, scope: Scope) -> int:
        function, arguments = tree.function, tree.arguments
        if function in _UNARY:
            arity(tree, scope, 1, f"{function}(x)")
            return self.builder.node(_UNARY[function], self._number(arguments[0], scope))
        if function == "clamp":
            arity(tree, scope, 3, "clamp(x, low, high)")
            return self.builder.node("clamp", *self._numbers(arguments, scope))
        if function in ("min", "max", "sum", "mean"):
            if not arguments or (function in ("min", "max") and len(arguments) < 2):  # noqa: PLR2004
                raise LoweringError(
                    scope.path,
                    tree.offset,
                    f"{function}() has too little to work on",
                    f"{function}(a, b), or {function}(... for x in actors)",
                )
            return fold(self.builder, function, self._numbers(arguments, scope), tree.offset, scope)
        if function == "has":
            return self.builder.node("const", value=float(self._settling.has(tree, scope)), truth=True)
        if function in ("any", "all", "count"):
            raise LoweringError(
                scope.path,
                tree.offset,
                f"{function}() goes around a 'for'",
                f"{function}(... for x in actors)",
            )
        if function in self.readers:
            if scope.mode == "initial":
                raise LoweringError(
                    scope.path,
                    tree.offset,
                    f"what is settled before play cannot depend on {function}()",
                    "numbers and parameters",
                )
            return self.readers[function](tree, scope)
        if function in ex.FUNCTIONS:
            return self._history.node(tree, scope)
        raise LoweringError(
            scope.path,
            tree.offset,
            f"there is no function {quoted(function)}",
            f"one of {', '.join(sorted(ex.FUNCTIONS))}",
            self.builder.problems.meant(function, ex.FUNCTIONS | ex.READERS),
            "unknown-function",
        )
