"""Expressions to nodes: names found, kinds checked, definitions and generators written out."""

from __future__ import annotations

import operator as op
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, Literal

from sim.compile.builder import Builder
from sim.compile.program import Op
from sim.compile.symbols import Symbols
from sim.scenario import expressions as ex
from sim.scenario.clock import Duration, parse_date, parse_duration
from sim.scenario.load import PathOf, Scenario
from sim.text import nearest, quoted

_ARITHMETIC: Final[dict[str, Op]] = {"+": "add", "-": "sub", "*": "mul", "/": "div", "**": "pow"}
_COMPARISON: Final[dict[str, Op]] = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}
_ID_ORDER: Final[dict[str, Callable[[str, str], bool]]] = {
    "<": op.lt,
    "<=": op.le,
    ">": op.gt,
    ">=": op.ge,
    "==": op.eq,
    "!=": op.ne,
}
_UNARY: Final[dict[str, Op]] = {
    "abs": "abs",
    "sqrt": "sqrt",
    "floor": "floor",
    "ceil": "ceil",
    "exp": "exp",
    "log": "log",
    "logistic": "logistic",
}


class LoweringError(Exception):
    """One thing wrong with an expression, at an offset of its source."""

    def __init__(  # noqa: PLR0917 - the order of a Diagnostic's own fields
        self,
        path: PathOf,
        offset: int,
        message: str,
        expected: str = "",
        suggestion: str = "",
        code: str = "",
    ) -> None:
        super().__init__(message)
        self.path = path
        self.offset = offset
        self.message = message
        self.expected = expected
        self.suggestion = suggestion
        self.code = code


@dataclass(frozen=True)
class Scope:
    """Where an expression stands: whose it is and which names are bound."""

    path: PathOf
    self_id: str | None = None
    bound: Mapping[str, str] = field(default_factory=dict)
    """Bound name (and `target`) to actor id."""
    arguments: Mapping[str, int] = field(default_factory=dict)
    """An action's `takes`, already nodes."""
    perceived: Mapping[int, int] = field(default_factory=dict)
    """Row to the row that the actor sees in its place."""
    mode: Literal["play", "initial", "outcome"] = "play"
    inside: tuple[str, ...] = ()
    """Definitions being written out."""

    def at(self, *path: str | int) -> Scope:
        """The same scope for another expression."""
        return replace(self, path=path)


@dataclass
class Lowering:
    """Writes expressions as nodes of a builder."""

    scenario: Scenario
    symbols: Symbols
    builder: Builder
    _definitions: dict[tuple[object, ...], int] = field(default_factory=dict)

    # What callers ask for

    def number(self, expression: ex.Expression, scope: Scope) -> int:
        """The node of a number; a truth value becomes 1 or 0."""
        return self._number(expression.tree, scope)

    def truth(self, expression: ex.Expression, scope: Scope) -> int:
        """The node of a truth value."""
        return self._truth(expression.tree, scope)

    def settled(self, expression: ex.Expression, scope: Scope) -> bool:
        """A condition that depends on names alone."""
        return self._settled(expression.tree, scope)

    def years(self, value: Duration | ex.Expression, scope: Scope) -> int:
        """A half-life: a duration, or an expression in years."""
        if isinstance(value, Duration):
            if value.years <= 0:
                raise LoweringError(scope.path, 0, "a half-life of nothing", "a duration above 0")
            return self.builder.const(value.years)
        return self.number(value, scope)

    def variable(self, tree: ex.Expr, scope: Scope) -> int:
        """The row that a name or an index stands for; attributes and relations only."""
        if isinstance(tree, ex.Name):
            row = self._variable_by_name(tree.id, scope)
            if row is not None:
                return row
            self._unknown(tree.id, tree.offset, scope, "an attribute or a relation", self._variables(scope))
        if isinstance(tree, ex.Index) and (
            tree.name in self.symbols.attributes or tree.name in self.symbols.relations
        ):
            return self._indexed(tree, scope)
        if isinstance(tree, ex.Index):
            self._unknown(tree.name, tree.offset, scope, "an attribute or a relation", self._variables(scope))
        raise LoweringError(
            scope.path, tree.offset, "only an attribute or a relation can stand here", "such as shells[PRK]"
        )

    def actor(self, name: str, offset: int, scope: Scope) -> str:
        """The actor that a name stands for."""
        if name == "self" and scope.self_id is not None:
            return scope.self_id
        if name in scope.bound:
            return scope.bound[name]
        if name in self.symbols.actors:
            return name
        if name == "self":
            raise LoweringError(scope.path, offset, "'self' has no meaning here", "an actor's id")
        known = (*self.symbols.actors, *scope.bound)
        raise LoweringError(
            scope.path,
            offset,
            f"there is no actor {quoted(name)}",
            "an actor",
            nearest(name, known) or "",
            "unknown-name",
        )

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
                return self.builder.const(tree.value)
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
                    return self.builder.const(-tree.operand.value)
                return node("neg", self._number(tree.operand, scope))
            case ex.Not():
                return node("not", self._truth(tree.operand, scope), truth=True)
            case ex.Binary():
                left, right = self._number(tree.left, scope), self._number(tree.right, scope)
                return node(_ARITHMETIC[tree.operator], left, right)
            case ex.Compare():
                return self._compare(tree, scope)
            case ex.Member():
                return node("const", value=float(self._settled(tree, scope)), truth=True)
            case ex.Logic():
                operands = [self._truth(operand, scope) for operand in tree.operands]
                return self._fold_right(tree.operator, operands)
            case ex.Conditional():
                return self._conditional(tree, scope)
            case ex.Reduce():
                return self._reduce(tree, scope)
            case ex.Call():
                return self._call(tree, scope)

    def _fold_right(self, operator: Literal["and", "or"], operands: Sequence[int]) -> int:
        """a and (b and c): lazy evaluation gives the same as from the left."""
        node = operands[-1]
        for operand in reversed(operands[:-1]):
            node = self.builder.node(operator, operand, node, truth=True)
        return node

    def _compare(self, tree: ex.Compare, scope: Scope) -> int:
        if self._names_actors(tree, scope):
            return self.builder.node("const", value=float(self._settled(tree, scope)), truth=True)
        left = self._number(tree.first, scope)
        pairs = []
        for operator, operand in tree.rest:
            right = self._number(operand, scope)
            pairs.append(self.builder.node(_COMPARISON[operator], left, right, truth=True))
            left = right
        return self._fold_right("and", pairs)

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
            row = self._variable_by_name(name, scope)
            if row is not None:
                return self.builder.read(scope.perceived.get(row, row))
            if name in self.symbols.definitions:
                return self._definition(name, (), tree.offset, scope)
            if name in self.symbols.indicators and scope.mode == "outcome":
                return self.builder.read(self.builder.rows[name])
        self._explain(name, tree.offset, scope)
        known = (
            self.symbols.parameters if scope.mode == "initial" else (*self.symbols.values(), *scope.arguments)
        )
        self._unknown(name, tree.offset, scope, "a name of the scenario", known)
        raise AssertionError("unreachable")

    def _explain(self, name: str, offset: int, scope: Scope) -> None:
        """A name that exists, but cannot stand here as it is."""
        symbols = self.symbols
        fault = partial(LoweringError, scope.path, offset)
        if scope.mode == "initial" and symbols.taken(name):
            raise fault(f"{quoted(name)} has no value before play", "parameters only")
        if name in symbols.attributes:
            holder = min(symbols.attributes[name])
            raise fault(
                f"whose {quoted(name)} is meant is not clear", f"{name}[{holder}], or another actor's"
            )
        if name in symbols.relations:
            raise fault(f"{quoted(name)} is a relation of two actors", f"{name}[A, B]")
        if name in symbols.indicators:
            raise fault(
                f"the indicator {quoted(name)} can be asked for in outcomes only", "the expression itself"
            )
        if name in symbols.tags or name in ("actors", "others"):
            raise fault(f"{quoted(name)} is a set of actors", f"sum(... for x in {name})")
        if name in symbols.actions or name in ex.FUNCTIONS:
            raise fault(
                f"{quoted(name)} is not a value", f"{name}(...)" if name in ex.FUNCTIONS else "happened(...)"
            )

    def _unknown(
        self, name: str, offset: int, scope: Scope, expected: str, known: Sequence[str] | Mapping[str, object]
    ) -> None:
        suggestion = nearest(name, known) or ""
        raise LoweringError(
            scope.path,
            offset,
            f"unknown name {quoted(name)}",
            expected if not suggestion else "",
            suggestion,
            "unknown-name",
        )

    def _variables(self, scope: Scope) -> tuple[str, ...]:
        del scope
        return (*self.symbols.attributes, *self.symbols.world, *self.symbols.relations)

    def _variable_by_name(self, name: str, scope: Scope) -> int | None:
        if scope.self_id is not None and scope.self_id in self.symbols.attributes.get(name, ()):
            return self.builder.rows[f"{name}[{scope.self_id}]"]
        if name in self.symbols.world:
            return self.builder.rows[name]
        return None

    def _index(self, tree: ex.Index, scope: Scope) -> int:
        if tree.name in self.symbols.parameters:
            return self._component(tree, scope)
        if scope.mode == "initial":
            self._explain(tree.name, tree.offset, scope)
        elif tree.name in self.symbols.definitions:
            return self._definition(tree.name, tree.keys, tree.offset, scope)
        elif tree.name in self.symbols.attributes or tree.name in self.symbols.relations:
            row = self._indexed(tree, scope)
            return self.builder.read(scope.perceived.get(row, row))
        elif tree.name in self.symbols.world:
            raise LoweringError(
                scope.path, tree.offset, f"{quoted(tree.name)} belongs to the world", f"{tree.name} alone"
            )
        self._unknown(
            tree.name,
            tree.offset,
            scope,
            "an attribute, relation or definition",
            tuple(self.symbols.values()),
        )
        raise AssertionError("unreachable")

    def _component(self, tree: ex.Index, scope: Scope) -> int:
        components = self.symbols.parameters[tree.name]
        key = tree.keys[0]
        if key in scope.bound or (key == "self" and scope.self_id):
            key = self.actor(key, tree.offset, scope)
        if len(tree.keys) != 1 or key not in components:
            expected = f"one of {', '.join(components)}" if components else f"{tree.name} alone"
            raise LoweringError(
                scope.path,
                tree.offset,
                f"{quoted(tree.name)} has no component {quoted(key)}",
                expected,
                nearest(key, components) or "",
            )
        return self.builder.read(self.builder.rows[f"{tree.name}[{key}]"])

    def _indexed(self, tree: ex.Index, scope: Scope) -> int:
        actors = [self.actor(key, tree.offset, scope) for key in tree.keys]
        fault = partial(LoweringError, scope.path, tree.offset)
        if tree.name in self.symbols.attributes:
            if len(actors) != 1:
                raise fault(f"{quoted(tree.name)} belongs to one actor", f"{tree.name}[{actors[0]}]")
            holders = self.symbols.attributes[tree.name]
            if actors[0] not in holders:
                raise fault(f"{actors[0]} has no {quoted(tree.name)}", f"one of {', '.join(sorted(holders))}")
            return self.builder.rows[f"{tree.name}[{actors[0]}]"]
        if len(actors) != 2:  # noqa: PLR2004 - relations are between two
            raise fault(f"{quoted(tree.name)} is a relation of two actors", f"{tree.name}[A, B]")
        if actors[0] == actors[1]:
            raise fault(f"{tree.name} of {actors[0]} with itself", "two different actors")
        if self.symbols.relations[tree.name]:
            actors.sort()
        return self.builder.rows[f"{tree.name}[{actors[0]}, {actors[1]}]"]

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
        actors = tuple(self.actor(key, offset, scope) for key in keys)
        memo = (name, actors, scope.mode, tuple(sorted(scope.perceived.items())))
        if memo not in self._definitions:
            inner = Scope(
                ("definitions", name, "value"),
                bound=dict(zip(wanted, actors, strict=True)),
                perceived=scope.perceived,
                mode=scope.mode,
                inside=(*scope.inside, name),
            )
            self._definitions[memo] = self._lower(self.scenario.model.definitions[name].value.tree, inner)
        return self._definitions[memo]

    # Sets and generators

    def members(self, name: str, offset: int, scope: Scope) -> tuple[str, ...]:
        """The actors of a set, in order of id."""
        if name == "actors":
            return self.symbols.actors
        if name == "others":
            if scope.self_id is None:
                raise LoweringError(scope.path, offset, "'others' needs a self", "actors, or a tag")
            return tuple(actor for actor in self.symbols.actors if actor != scope.self_id)
        if name in self.symbols.tags:
            return self.symbols.tags[name]
        raise LoweringError(
            scope.path,
            offset,
            f"there is no set of actors {quoted(name)}",
            "actors, others or a tag",
            nearest(name, ("actors", "others", *self.symbols.tags)) or "",
            "unknown-name",
        )

    def bindable(self, name: str, offset: int, scope: Scope) -> None:
        """Refuse a bound name that would hide something."""
        words = self.symbols.taken(name)
        if words is None and (name in scope.bound or name in scope.arguments):
            words = "bound"
        if words is None and (name in self.symbols.actors or name in self.symbols.tags):
            words = "an actor or a tag"
        if words is not None:
            raise LoweringError(
                scope.path, offset, f"{quoted(name)} is already {words}", "another name", code="name-clash"
            )

    def _reduce(self, tree: ex.Reduce, scope: Scope) -> int:
        self.bindable(tree.name, tree.offset, scope)
        bodies = []
        for member in self.members(tree.members, tree.offset, scope):
            inner = replace(scope, bound={**scope.bound, tree.name: member})
            if all(self._settled(condition, inner) for condition in tree.conditions):
                wants_truth = tree.function in ("any", "all", "count")
                bodies.append((self._truth if wants_truth else self._number)(tree.body, inner))
        return self._fold(tree.function, bodies, tree.offset, scope)

    def _fold(self, function: str, nodes: Sequence[int], offset: int, scope: Scope) -> int:
        node = self.builder.node
        if function in ("any", "all"):
            if not nodes:
                return node("const", value=float(function == "all"), truth=True)
            return self._fold_right("or" if function == "any" else "and", nodes)
        if function == "count":
            nodes = [node("float", item) for item in nodes]
        if not nodes:
            if function in ("sum", "count"):
                return self.builder.const(0.0)
            raise LoweringError(scope.path, offset, f"{function} of nobody", "a set with at least one actor")
        kind: Op = "min" if function == "min" else "max" if function == "max" else "add"
        total = nodes[0]
        for item in nodes[1:]:
            total = node(kind, total, item)
        return node("div", total, self.builder.const(float(len(nodes)))) if function == "mean" else total

    # Settled when compiled

    def _names_actors(self, tree: ex.Expr, scope: Scope) -> bool:
        if not isinstance(tree, ex.Compare) or len(tree.rest) != 1:
            return False
        sides = (tree.first, tree.rest[0][1])
        return any(
            isinstance(side, ex.Name)
            and (side.id in scope.bound or side.id in self.symbols.actors or side.id == "self")
            and side.id not in scope.arguments
            for side in sides
        )

    def _settled(self, tree: ex.Expr, scope: Scope) -> bool:
        match tree:
            case ex.Truth():
                return tree.value
            case ex.Not():
                return not self._settled(tree.operand, scope)
            case ex.Logic():
                results = [self._settled(operand, scope) for operand in tree.operands]
                return all(results) if tree.operator == "and" else any(results)
            case ex.Member():
                inside = self.actor(tree.item, tree.offset, scope) in self.members(
                    tree.tag, tree.offset, scope
                )
                return inside != tree.negated
            case ex.Call() if tree.function == "has":
                return self._has(tree, scope)
            case ex.Compare() if self._names_actors(tree, scope):
                operator, other = tree.rest[0]
                left, right = (self._actor_of(side, scope) for side in (tree.first, other))
                return _ID_ORDER[operator](left, right)
        raise LoweringError(
            scope.path,
            tree.offset,
            "this must be settled before play",
            "actors, tags and has(x, attribute) only; put what changes in play under 'when'",
        )

    def _actor_of(self, tree: ex.Expr, scope: Scope) -> str:
        if not isinstance(tree, ex.Name):
            raise LoweringError(
                scope.path, tree.offset, "an actor is compared with something else", "an actor on both sides"
            )
        return self.actor(tree.id, tree.offset, scope)

    def _has(self, tree: ex.Call, scope: Scope) -> bool:
        if len(tree.arguments) != 2 or not all(isinstance(argument, ex.Name) for argument in tree.arguments):  # noqa: PLR2004
            raise LoweringError(
                scope.path, tree.offset, "has() takes an actor and an attribute", "has(x, shells)"
            )
        actor, attribute = tree.arguments
        assert isinstance(actor, ex.Name)
        assert isinstance(attribute, ex.Name)
        if attribute.id not in self.symbols.attributes:
            self._unknown(
                attribute.id, attribute.offset, scope, "an attribute", tuple(self.symbols.attributes)
            )
        return self.actor(actor.id, actor.offset, scope) in self.symbols.attributes[attribute.id]

    # Functions

    def _call(self, tree: ex.Call, scope: Scope) -> int:
        function, arguments = tree.function, tree.arguments
        if function in _UNARY:
            self._arity(tree, scope, 1)
            return self.builder.node(_UNARY[function], self._number(arguments[0], scope))
        if function == "clamp":
            self._arity(tree, scope, 3)
            return self.builder.node("clamp", *(self._number(argument, scope) for argument in arguments))
        if function in ("min", "max", "sum", "mean"):
            if not arguments or (function in ("min", "max") and len(arguments) < 2):  # noqa: PLR2004
                raise LoweringError(
                    scope.path, tree.offset, f"{function}() needs more to work on", f"{function}(a, b)"
                )
            return self._fold(
                function, [self._number(argument, scope) for argument in arguments], tree.offset, scope
            )
        if function == "has":
            return self.builder.node("const", value=float(self._has(tree, scope)), truth=True)
        if function in ("any", "all", "count"):
            raise LoweringError(
                scope.path,
                tree.offset,
                f"{function}() goes around a 'for'",
                f"{function}(... for x in actors)",
            )
        if function in ex.FUNCTIONS:
            return self._memory_function(tree, scope)
        raise LoweringError(
            scope.path,
            tree.offset,
            f"there is no function {quoted(function)}",
            "one of " + ", ".join(sorted(ex.FUNCTIONS)),
            nearest(function, ex.FUNCTIONS) or "",
            "unknown-function",
        )

    def _arity(self, tree: ex.Call, scope: Scope, wanted: int) -> None:
        if len(tree.arguments) != wanted:
            raise LoweringError(
                scope.path,
                tree.offset,
                f"{tree.function}() has {len(tree.arguments)} arguments",
                f"{wanted} of them",
            )

    def _memory_function(self, tree: ex.Call, scope: Scope) -> int:
        if scope.mode == "initial":
            raise LoweringError(
                scope.path, tree.offset, f"{tree.function}() has no value before play", "parameters only"
            )
        match tree.function:
            case "after":
                return self._after(tree, scope)
            case "lag":
                self._arity(tree, scope, 2)
                row = self.variable(tree.arguments[0], scope)
                return self.builder.read(self._recall(row, self._turns(tree.arguments[1], scope)))
            case "holds":
                return self._holds(tree, scope)
            case "happened":
                happened = [
                    self.builder.node("gt", self.builder.read(row), self.builder.const(0.0), truth=True)
                    for row in self._act_rows(tree, tree.arguments, scope, "acts")
                ]
                return self._fold("any", happened, tree.offset, scope)
            case "times":
                return self._total(self._act_rows(tree, tree.arguments, scope, "times"), tree, scope)
        return self._recent(tree, scope)

    def _recent(self, tree: ex.Call, scope: Scope) -> int:
        if not tree.arguments:
            self._arity(tree, scope, 3)
        rows = self._act_rows(tree, tree.arguments[:-1], scope, "times")
        turns = self._turns(tree.arguments[-1], scope)
        now = self._total(rows, tree, scope)
        then = self._total([self._recall(row, turns) for row in rows], tree, scope)
        return self.builder.node("sub", now, then)

    def _total(self, rows: Sequence[int], tree: ex.Call, scope: Scope) -> int:
        return self._fold("sum", [self.builder.read(row) for row in rows], tree.offset, scope)

    def _recall(self, row: int, turns: int) -> int:
        return row if turns == 0 else self.builder.recall(row, turns)

    def _turns(self, tree: ex.Expr, scope: Scope) -> int:
        duration = parse_duration(tree.value) if isinstance(tree, ex.Text) else None
        if duration is None:
            raise LoweringError(
                scope.path, tree.offset, "this is not a duration", "a quoted duration such as '6 months'"
            )
        turns = self.scenario.clock.turns_in(duration)
        if turns > 1000:  # noqa: PLR2004 - each turn back is a row
            raise LoweringError(
                scope.path, tree.offset, f"this reaches {turns:,} turns back", "at most 1,000"
            )
        return turns

    def _after(self, tree: ex.Call, scope: Scope) -> int:
        self._arity(tree, scope, 1)
        argument = tree.arguments[0]
        day = parse_date(argument.value) if isinstance(argument, ex.Text) else None
        if day is None:
            raise LoweringError(
                scope.path, argument.offset, "this is not a date", "a quoted date such as after('2025-01-20')"
            )
        clock = self.scenario.clock
        first = next(
            (turn for turn in range(clock.turns + 1) if clock.first_day(turn) >= day), clock.turns + 1
        )
        return self.builder.node("since_turn", value=float(first), truth=True)

    def _holds(self, tree: ex.Call, scope: Scope) -> int:
        names = [argument.id for argument in tree.arguments if isinstance(argument, ex.Name)]
        if len(names) != len(tree.arguments) or len(names) < 3:  # noqa: PLR2004 - actor, choice, option
            raise LoweringError(
                scope.path,
                tree.offset,
                "holds() takes an actor, a choice and an option",
                "holds(CHN, choice, option)",
            )
        actor = self.actor(names[0], tree.arguments[0].offset, scope)
        choices = self.symbols.choices[actor]
        if names[1] not in choices:
            raise LoweringError(
                scope.path,
                tree.arguments[1].offset,
                f"{actor} has no choice {quoted(names[1])}",
                f"one of {', '.join(sorted(choices))}" if choices else "an actor with choices",
                nearest(names[1], choices) or "",
                "unknown-name",
            )
        model = self.scenario.model
        policy = next(
            p
            for p in model.actors[actor].policy
            if p in model.policies and names[1] in model.policies[p].choices
        )
        choice = model.policies[policy].choices[names[1]]
        options = sorted(choice.options)
        if names[2] not in options:
            raise LoweringError(
                scope.path,
                tree.arguments[2].offset,
                f"{names[1]} has no option {quoted(names[2])}",
                f"one of {', '.join(options)}",
                nearest(names[2], options) or "",
                "unknown-name",
            )
        bound = [
            self.actor(name, a.offset, scope) for name, a in zip(names[3:], tree.arguments[3:], strict=True)
        ]
        if len(bound) != len(choice.for_):
            raise LoweringError(
                scope.path,
                tree.offset,
                f"{names[1]} needs {len(choice.for_)} more actors",
                "holds(A, choice, option, B)",
            )
        bindings = ",".join(
            f"{name}={member}" for name, member in zip(sorted(choice.for_), bound, strict=True)
        )
        row = self.builder.rows.get(f"standing[{actor}/{names[1]}{'/' if bindings else ''}{bindings}]")
        if row is None:
            raise LoweringError(
                scope.path,
                tree.offset,
                f"{names[1]} of {actor} is never about {', '.join(bound)}",
                "another actor",
            )
        index = self.builder.const(float(options.index(names[2]) + 1))
        return self.builder.node("eq", self.builder.read(row), index, truth=True)

    def _act_rows(self, tree: ex.Call, arguments: Sequence[ex.Expr], scope: Scope, table: str) -> list[int]:
        """Rows of `acts` or `times` that match (action, ACTOR or any[, TARGET or any]), in order of name."""
        names = [argument.id for argument in arguments if isinstance(argument, ex.Name)]
        if len(names) != len(arguments) or not 2 <= len(names) <= 3:  # noqa: PLR2004 - action, actor, target
            raise LoweringError(
                scope.path,
                tree.offset,
                f"{tree.function}() takes an action, an actor and perhaps a target",
                f"{tree.function}(press, CHN, PRK)",
            )
        if names[0] not in self.symbols.actions:
            raise LoweringError(
                scope.path,
                arguments[0].offset,
                f"there is no action {quoted(names[0])}",
                "an action",
                nearest(names[0], self.symbols.actions) or "",
                "unknown-name",
            )
        wanted = [
            None if name == "any" else self.actor(name, argument.offset, scope)
            for name, argument in zip(names[1:], arguments[1:], strict=True)
        ]
        rows = []
        for name in sorted(self.builder.rows):
            if not name.startswith(f"{table}[{names[0]}, ") or "@" in name:
                continue
            parts = name[len(table) + 1 : -1].split(", ")[1:]
            if wanted[0] not in (None, parts[0]):
                continue
            if len(wanted) > 1 and (len(parts) < 2 or wanted[1] not in (None, parts[1])):  # noqa: PLR2004
                continue
            rows.append(self.builder.rows[name])
        return rows
