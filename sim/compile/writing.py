"""Trees to nodes: names found, kinds checked, generators written out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from sim.compile.builder import MAX_DEPTH, TooDeepError, TooLargeError
from sim.compile.definitions import Definitions, Origins
from sim.compile.figures import Figures
from sim.compile.folds import fold, fold_right
from sim.compile.history import History
from sim.compile.names import Names
from sim.compile.program import Op
from sim.compile.scope import LoweringError, Scope, arity, joined
from sim.compile.settled import Settling
from sim.scenario import expressions as ex
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


class Writer:
    """Writes trees as nodes of a builder. Each method raises LoweringError for what is wrong."""

    def __init__(
        self,
        names: Names,
        figures: Figures,
        settling: Settling,
        history: History,
        readers: Mapping[str, Callable[[ex.Call, Scope], int]],
    ) -> None:
        self.names = names
        self.builder = names.builder
        self.symbols = names.symbols
        self.origins: Origins = {}
        """By node: the expression that it was first written for."""
        self._settling = settling
        self._history = history
        self._readers = readers
        self._figures = figures
        self._definitions = Definitions(names, self.lower, self.origins)
        self.left = MAX_STEPS
        """Steps that the expression at hand may still take."""
        self._spent = 0
        self._depth = 0

    def ask(self, tree: ex.Expr, scope: Scope, kind: Callable[[ex.Expr, Scope], int]) -> int:
        """The node of an expression that somebody asks for, with an eye on its size; `kind` writes it."""
        self.left = MAX_STEPS
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
            fault.place = fault.place or self.names.scenario.value_place(*scope.path, offset=tree.offset)
            raise
        self._spent += MAX_STEPS - self.left
        if self._spent > MAX_ALL_STEPS:
            raise TooLargeError(self.names.scenario.value_place(*scope.path, offset=tree.offset))
        self.origins.setdefault(node, (tree, scope))
        return node

    # Kinds

    def number(self, tree: ex.Expr, scope: Scope) -> int:
        """The node of a number; a truth value becomes 1 or 0."""
        return self._as_number(self.lower(tree, scope))

    def _as_number(self, node: int) -> int:
        return self.builder.node("float", node) if self.builder.nodes[node].truth else node

    def numbers(self, trees: Iterable[ex.Expr], scope: Scope) -> list[int]:
        """The same for several trees."""
        return self._all(self.number, trees, scope)

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

    def truth(self, tree: ex.Expr, scope: Scope) -> int:
        """The node of a truth value."""
        node = self.lower(tree, scope)
        if not self.builder.nodes[node].truth:
            raise LoweringError(
                scope.path,
                tree.offset,
                "a number stands where a condition must",
                "a comparison such as x > 0",
            )
        return node

    def lower(self, tree: ex.Expr, scope: Scope) -> int:
        """The node of an expression, with an eye on how far and how deep this goes."""
        self.left -= 1
        if self.left < 0:
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
                return self._figures.stated(tree.value, scope.path, tree.offset)
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
                    return self._figures.stated(-tree.operand.value, scope.path, tree.offset)
                return node("neg", self.number(tree.operand, scope))
            case ex.Not():
                return node("not", self.truth(tree.operand, scope), truth=True)
            case ex.Binary():
                return node(_ARITHMETIC[tree.operator], *self.numbers((tree.left, tree.right), scope))
            case ex.Compare():
                return self._compare(tree, scope)
            case ex.Member():
                return node("const", value=float(self._settling.settled(tree, scope)), truth=True)
            case ex.Logic():
                operands = self._all(self.truth, self.operands(tree, scope), scope)
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
        sides = self.numbers((tree.first, *(operand for _, operand in tree.rest)), scope)
        pairs = [
            self.builder.node(_COMPARISON[operator], sides[index], sides[index + 1], truth=True)
            for index, (operator, _) in enumerate(tree.rest)
        ]
        return fold_right(self.builder, "and", pairs)

    def operands(self, tree: ex.Logic, scope: Scope) -> tuple[ex.Expr, ...]:
        """The operands that are read: none after one that settles the whole before play."""
        for index, operand in enumerate(tree.operands[:-1]):
            if self._settling.known(operand, scope) is (tree.operator == "or"):
                return tree.operands[: index + 1]
        return tree.operands

    def _conditional(self, tree: ex.Conditional, scope: Scope) -> int:
        known = self._settling.known(tree.condition, scope)
        if known is not None:  # the other side may make no sense for whom it is not meant
            return self.lower(tree.then if known else tree.otherwise, scope)
        then, condition, otherwise = self._all(
            lambda part, here: (self.truth if part is tree.condition else self.lower)(part, here),
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
                return self._definitions.node(ex.Index(name, (), tree.offset, ()), scope)
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
            return self._definitions.node(tree, scope)
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

    # Sets

    def _reduce(self, tree: ex.Reduce, scope: Scope) -> int:
        self.names.bindable(tree.name, tree.name_offset, scope)
        kind = self.truth if tree.function in ("any", "all", "count") else self.number
        members = self.names.members(tree.members, tree.members_offset, scope)
        if self._weight(tree) > self.left:
            raise TooLargeError
        bodies, faults = [], []
        for member in members:
            self.left -= 1
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
            return self.builder.node(_UNARY[function], self.number(arguments[0], scope))
        if function == "clamp":
            arity(tree, scope, 3, "clamp(x, low, high)")
            return self.builder.node("clamp", *self.numbers(arguments, scope))
        if function in ("min", "max", "sum", "mean"):
            if not arguments or (function in ("min", "max") and len(arguments) < 2):  # noqa: PLR2004
                raise LoweringError(
                    scope.path,
                    tree.offset,
                    f"{function}() has too little to work on",
                    f"{function}(a, b), or {function}(... for x in actors)",
                )
            return fold(self.builder, function, self.numbers(arguments, scope), tree.offset, scope)
        if function == "has":
            return self.builder.node("const", value=float(self._settling.has(tree, scope)), truth=True)
        if function in ("any", "all", "count"):
            raise LoweringError(
                scope.path,
                tree.offset,
                f"{function}() goes around a 'for'",
                f"{function}(... for x in actors)",
            )
        if function in self._readers:
            if scope.mode == "initial":
                raise LoweringError(
                    scope.path,
                    tree.offset,
                    f"what is settled before play cannot depend on {function}()",
                    "numbers and parameters",
                )
            return self._readers[function](tree, scope)
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
