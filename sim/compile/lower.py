"""Expressions to nodes: names found, kinds checked, definitions and generators written out."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from sim.compile.builder import Builder
from sim.compile.folds import fold, fold_right
from sim.compile.grades import Grades
from sim.compile.history import History
from sim.compile.names import Names
from sim.compile.program import Figure, Grade, Op, Source, Term
from sim.compile.scope import LoweringError, Scope, arity
from sim.compile.settled import Settling
from sim.compile.symbols import Symbols
from sim.compile.wording import Wording
from sim.scenario import expressions as ex
from sim.scenario.clock import Duration
from sim.scenario.load import PathOf, Scenario
from sim.text import nearest, quoted

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


class Lowering:
    """Writes expressions as nodes of a builder."""

    def __init__(self, scenario: Scenario, symbols: Symbols, builder: Builder) -> None:
        self.scenario = scenario
        self.symbols = symbols
        self.builder = builder
        self.names = Names(scenario, symbols, builder)
        self._settling = Settling(self.names)
        self._history = History(self.names)
        self._grades = Grades(scenario)
        self._definitions: dict[tuple[object, ...], int] = {}
        self._asked: dict[int, tuple[ex.Expr, Scope]] = {}

    # What callers ask for

    def number(self, expression: ex.Expression, scope: Scope) -> int:
        """The node of a number; a truth value becomes 1 or 0."""
        node = self._number(expression.tree, scope)
        self._asked.setdefault(node, (expression.tree, scope))
        return node

    def truth(self, expression: ex.Expression, scope: Scope) -> int:
        """The node of a truth value."""
        node = self._truth(expression.tree, scope)
        self._asked.setdefault(node, (expression.tree, scope))
        return node

    def settled(self, expression: ex.Expression, scope: Scope) -> bool:
        """A condition that depends on names alone."""
        return self._settling.settled(expression.tree, scope)

    def years(self, value: Duration | ex.Expression, scope: Scope) -> int:
        """A half-life: a duration, or an expression in years."""
        if isinstance(value, Duration):
            if value.years <= 0:
                raise LoweringError(scope.path, 0, "a half-life of nothing", "a duration above 0")
            return self.figure(value.years, scope.path, 0)
        return self.number(value, scope)

    def figure(self, value: float, path: PathOf, offset: int) -> int:
        """The node of a number that the file states."""
        place = self.scenario.value_place(*path, offset=offset)
        return self.builder.written(Figure(value, path, place, self._grades.at(path)), offset)

    def grade(self, path: PathOf) -> Grade:
        """How well known what stands at a path is."""
        return self._grades.at(path)

    def sources(self) -> dict[int, Source]:
        """What was asked for, as text and in its parts. Nothing new is written: every part has its node."""
        wording = Wording(self.names)
        return {node: self._source(tree, scope, wording) for node, (tree, scope) in list(self._asked.items())}

    def _source(self, tree: ex.Expr, scope: Scope, wording: Wording) -> Source:
        if isinstance(tree, ex.Logic):
            terms = tuple(Term(wording.text(part, scope), self._truth(part, scope)) for part in tree.operands)
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
        node = self._lower(tree, scope)
        if self.builder.nodes[node].truth:
            return self.builder.node("float", node)
        return node

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

    def _lower(self, tree: ex.Expr, scope: Scope) -> int:  # noqa: C901 - one branch per kind of tree
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
                left, right = self._number(tree.left, scope), self._number(tree.right, scope)
                return node(_ARITHMETIC[tree.operator], left, right)
            case ex.Compare():
                return self._compare(tree, scope)
            case ex.Member():
                return node("const", value=float(self._settling.settled(tree, scope)), truth=True)
            case ex.Logic():
                operands = [self._truth(operand, scope) for operand in tree.operands]
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
        left = self._number(tree.first, scope)
        pairs = []
        for operator, operand in tree.rest:
            right = self._number(operand, scope)
            pairs.append(self.builder.node(_COMPARISON[operator], left, right, truth=True))
            left = right
        return fold_right(self.builder, "and", pairs)

    def _conditional(self, tree: ex.Conditional, scope: Scope) -> int:
        condition = self._truth(tree.condition, scope)
        then, otherwise = self._lower(tree.then, scope), self._lower(tree.otherwise, scope)
        both = self.builder.nodes[then].truth and self.builder.nodes[otherwise].truth
        if not both:
            then, otherwise = self._number(tree.then, scope), self._number(tree.otherwise, scope)
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
                f"an attribute such as x[{name}]",
            )
        if name == "elapsed" and scope.mode != "initial":
            return self.builder.node("elapsed")
        if name in self.symbols.parameters:
            if self.symbols.parameters[name]:
                components = ", ".join(self.symbols.parameters[name])
                raise LoweringError(
                    scope.path,
                    tree.offset,
                    f"{quoted(name)} has components",
                    f"{name}[...], one of {components}",
                )
            return self.builder.read(self.builder.rows[name])
        if scope.mode != "initial":
            row = self.names.own_variable(name, scope)
            if row is not None:
                return self.builder.read(scope.perceived.get(row, row))
            if name in self.symbols.definitions:
                return self._definition(name, (), tree.offset, scope)
            if name in self.symbols.indicators and scope.mode == "outcome":
                return self.builder.read(self.builder.rows[name])
        self.names.explain(name, tree.offset, scope)
        known = (
            self.symbols.parameters if scope.mode == "initial" else (*self.symbols.values(), *scope.arguments)
        )
        return self.names.unknown(name, tree.offset, scope, "a name of the scenario", known)

    def _index(self, tree: ex.Index, scope: Scope) -> int:
        if tree.name in self.symbols.parameters:
            return self.names.component(tree, scope)
        if scope.mode == "initial":
            self.names.explain(tree.name, tree.offset, scope)
        elif tree.name in self.symbols.definitions:
            return self._definition(tree.name, tree.keys, tree.offset, scope)
        elif tree.name in self.symbols.attributes or tree.name in self.symbols.relations:
            row = self.names.indexed(tree, scope)
            return self.builder.read(scope.perceived.get(row, row))
        elif tree.name in self.symbols.world:
            raise LoweringError(
                scope.path, tree.offset, f"{quoted(tree.name)} belongs to the world", f"{tree.name} alone"
            )
        return self.names.unknown(
            tree.name,
            tree.offset,
            scope,
            "an attribute, relation or definition",
            tuple(self.symbols.values()),
        )

    def _definition(self, name: str, keys: tuple[str, ...], offset: int, scope: Scope) -> int:
        wanted = self.symbols.definitions[name]
        if len(keys) != len(wanted):
            expected = f"{name}[{', '.join(wanted)}]" if wanted else f"{name} alone"
            raise LoweringError(
                scope.path, offset, f"{quoted(name)} takes {len(wanted)} actors, not {len(keys)}", expected
            )
        if name in scope.inside:
            circle = " -> ".join((*scope.inside[scope.inside.index(name) :], name))
            raise LoweringError(
                scope.path, offset, f"definitions in a circle: {circle}", "an end to it", code="circular"
            )
        if len(scope.inside) > 40:  # noqa: PLR2004 - deeper than anyone can read
            raise LoweringError(scope.path, offset, "definitions are nested too deeply", "at most 40 levels")
        actors = tuple(self.names.actor(key, offset, scope) for key in keys)
        memo = (name, actors, scope.mode, tuple(sorted(scope.perceived.items())))
        if memo not in self._definitions:
            inner = Scope(
                ("definitions", name, "value"),
                bound=dict(zip(wanted, actors, strict=True)),
                perceived=scope.perceived,
                mode=scope.mode,
                inside=(*scope.inside, name),
            )
            tree = self.scenario.model.definitions[name].value.tree
            self._definitions[memo] = node = self._lower(tree, inner)
            self._asked.setdefault(node, (tree, inner))
        return self._definitions[memo]

    def _reduce(self, tree: ex.Reduce, scope: Scope) -> int:
        self.names.bindable(tree.name, tree.offset, scope)
        bodies = []
        for member in self.names.members(tree.members, tree.offset, scope):
            inner = replace(scope, bound={**scope.bound, tree.name: member})
            if all(self._settling.settled(condition, inner) for condition in tree.conditions):
                wants_truth = tree.function in ("any", "all", "count")
                bodies.append((self._truth if wants_truth else self._number)(tree.body, inner))
        return fold(self.builder, tree.function, bodies, tree.offset, scope)

    # Functions

    def _call(self, tree: ex.Call, scope: Scope) -> int:
        function, arguments = tree.function, tree.arguments
        if function in _UNARY:
            arity(tree, scope, 1)
            return self.builder.node(_UNARY[function], self._number(arguments[0], scope))
        if function == "clamp":
            arity(tree, scope, 3)
            return self.builder.node("clamp", *(self._number(argument, scope) for argument in arguments))
        if function in ("min", "max", "sum", "mean"):
            if not arguments or (function in ("min", "max") and len(arguments) < 2):  # noqa: PLR2004
                raise LoweringError(
                    scope.path, tree.offset, f"{function}() needs more to work on", f"{function}(a, b)"
                )
            return fold(
                self.builder,
                function,
                [self._number(argument, scope) for argument in arguments],
                tree.offset,
                scope,
            )
        if function == "has":
            return self.builder.node("const", value=float(self._settling.has(tree, scope)), truth=True)
        if function in ("any", "all", "count"):
            raise LoweringError(
                scope.path,
                tree.offset,
                f"{function}() goes around a 'for'",
                f"{function}(... for x in actors)",
            )
        if function in ex.FUNCTIONS:
            return self._history.node(tree, scope)
        raise LoweringError(
            scope.path,
            tree.offset,
            f"there is no function {quoted(function)}",
            "one of " + ", ".join(sorted(ex.FUNCTIONS)),
            nearest(function, ex.FUNCTIONS) or "",
            "unknown-function",
        )
