"""What a name stands for where it stands: actors, sets of actors, rows of the state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

from sim.compile.builder import Builder
from sim.compile.scope import LoweringError, Scope
from sim.compile.symbols import Symbols
from sim.scenario import expressions as ex
from sim.scenario.load import Scenario
from sim.text import nearest, quoted


@dataclass
class Names:
    """Finds what names mean, or says why they mean nothing."""

    scenario: Scenario
    symbols: Symbols
    builder: Builder

    def variable(self, tree: ex.Expr, scope: Scope) -> int:
        """The row that a name or an index stands for; attributes and relations only."""
        if isinstance(tree, ex.Name):
            row = self.own_variable(tree.id, scope)
            if row is not None:
                return row
            self.unknown(tree.id, tree.offset, scope, "an attribute or a relation", self._variables())
        if isinstance(tree, ex.Index) and (
            tree.name in self.symbols.attributes or tree.name in self.symbols.relations
        ):
            return self.indexed(tree, scope)
        if isinstance(tree, ex.Index):
            self.unknown(tree.name, tree.offset, scope, "an attribute or a relation", self._variables())
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

    def explain(self, name: str, offset: int, scope: Scope) -> None:
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

    def unknown(self, name: str, offset: int, scope: Scope, expected: str, known: Iterable[str]) -> NoReturn:
        """Refuse a name that nothing has."""
        suggestion = nearest(name, known) or ""
        raise LoweringError(
            scope.path,
            offset,
            f"unknown name {quoted(name)}",
            expected if not suggestion else "",
            suggestion,
            "unknown-name",
        )

    def _variables(self) -> tuple[str, ...]:
        return (*self.symbols.attributes, *self.symbols.world, *self.symbols.relations)

    def own_variable(self, name: str, scope: Scope) -> int | None:
        """The row of a bare name: an attribute of self, or of the world."""
        if scope.self_id is not None and scope.self_id in self.symbols.attributes.get(name, ()):
            return self.builder.rows[f"{name}[{scope.self_id}]"]
        if name in self.symbols.world:
            return self.builder.rows[name]
        return None

    def component(self, tree: ex.Index, scope: Scope) -> int:
        """The node of one component of a Dirichlet parameter."""
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

    def indexed(self, tree: ex.Index, scope: Scope) -> int:
        """The row of an attribute or relation at the given actors."""
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
