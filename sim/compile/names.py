"""What a name stands for where it stands: actors, sets of actors, rows of the state."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

from sim.compile.builder import Builder
from sim.compile.scope import LoweringError, Scope, joined, listed
from sim.compile.symbols import Symbols
from sim.scenario import expressions as ex
from sim.scenario.load import Scenario
from sim.text import quoted


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
            self._refuse_fixed(tree.id, tree.offset, scope)
            self.explain(tree.id, tree.offset, scope)
            self.unknown(tree.id, tree.offset, scope, "an attribute or a relation", self._variables())
        if isinstance(tree, ex.Index) and (
            tree.name in self.symbols.attributes or tree.name in self.symbols.relations
        ):
            return self.indexed(tree, scope)
        if isinstance(tree, ex.Index):
            self._refuse_fixed(tree.name, tree.offset, scope)
            if tree.name in self.symbols.world:
                raise self.not_indexed(tree, scope)
            self.unknown(tree.name, tree.offset, scope, "an attribute or a relation", self._variables())
        raise LoweringError(
            scope.path,
            tree.offset,
            "this is not an attribute or a relation",
            "one alone, such as shells[PRK] or tension[PRK, KOR]",
        )

    def _refuse_fixed(self, name: str, offset: int, scope: Scope) -> None:
        """A name that has a value, but not one of the state."""
        for words, names in (
            ("a parameter", self.symbols.parameters),
            ("a definition", self.symbols.definitions),
            ("an indicator", self.symbols.indicators),
            ("a word of the language", ex.RESERVED),
        ):
            if name in names:
                raise LoweringError(
                    scope.path, offset, f"{quoted(name)} is {words}", "an attribute or a relation"
                )

    def not_indexed(self, tree: ex.Index, scope: Scope) -> LoweringError:
        """What to say of an index after an attribute of the world."""
        return LoweringError(
            scope.path, tree.offset, f"{quoted(tree.name)} belongs to the world", f"{tree.name} alone"
        )

    def actor(self, name: str, offset: int, scope: Scope) -> str:
        """The actor that a name stands for."""
        if name == "self" and scope.self_id is not None:
            return scope.self_id
        if name in scope.bound:
            return scope.bound[name]
        if name in self.symbols.actors:
            return name
        if name in ("self", "target"):
            why = "nobody acts" if name == "self" else "nobody is acted upon"
            raise LoweringError(
                scope.path, offset, f"{quoted(name)} has no meaning here, where {why}", "an actor's id"
            )
        known = (*self.symbols.actors, *scope.bound)
        raise LoweringError(
            scope.path,
            offset,
            f"there is no actor {quoted(name)}",
            listed(known),
            self.builder.problems.meant(name, known),
            "unknown-name",
        )

    def actors(self, names: Sequence[str], offsets: Sequence[int], scope: Scope) -> list[str]:
        """The actors that several names stand for."""
        found, faults = [], []
        for name, offset in zip(names, offsets, strict=True):
            try:
                found.append(self.actor(name, offset, scope))
            except LoweringError as fault:
                faults.append(fault)
        if faults:
            raise joined(faults)
        return found

    def members(self, name: str, offset: int, scope: Scope) -> tuple[str, ...]:
        """The actors of a set, in order of id."""
        if name == "actors":
            return self.symbols.actors
        if name == "others":
            if scope.self_id is None:
                raise LoweringError(
                    scope.path, offset, "'others' has no meaning here, where nobody acts", "actors, or a tag"
                )
            return tuple(actor for actor in self.symbols.actors if actor != scope.self_id)
        if name in self.symbols.tags:
            return self.symbols.tags[name]
        known = ("actors", "others", *sorted(self.symbols.tags))
        raise LoweringError(
            scope.path,
            offset,
            f"there is no tag {quoted(name)}",
            listed(known),
            self.builder.problems.meant(name, known),
            "unknown-name",
        )

    def bindable(self, name: str, offset: int, scope: Scope, *, at_key: bool = False) -> None:
        """Refuse a bound name that would hide something."""
        words = self.symbols.taken(name)
        if words is None and (name in scope.bound or name in scope.arguments):
            words = "bound"
        if words is None and (name in self.symbols.actors or name in self.symbols.tags):
            words = "an actor or a tag"
        if words is not None:
            raise LoweringError(
                scope.path,
                offset,
                f"{quoted(name)} is already {words}",
                "another name",
                code="name-clash",
                at_key=at_key,
            )

    def explain(self, name: str, offset: int, scope: Scope) -> None:
        """A name that exists, but cannot stand here as it is."""
        symbols = self.symbols
        fault = partial(LoweringError, scope.path, offset)
        if scope.mode == "initial" and symbols.taken(name):
            raise fault(f"an initial value cannot depend on {quoted(name)}", "numbers and parameters")
        if name == "any":
            raise fault("'any' has no meaning here", "an actor's id")
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

    def unknown(
        self, name: str, offset: int, scope: Scope, expected: str, known: Collection[str]
    ) -> NoReturn:
        """Refuse a name that nothing has."""
        suggestion = self.builder.problems.meant(name, known)
        raise LoweringError(
            scope.path,
            offset,
            f"unknown name {quoted(name)}",
            expected,
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
            key = self.actor(key, tree.key_offsets[0], scope)
        if not components:
            raise LoweringError(
                scope.path, tree.offset, f"{quoted(tree.name)} is one number", f"{tree.name} alone"
            )
        if len(tree.keys) != 1 or key not in components:
            many = len(tree.keys) != 1
            raise LoweringError(
                scope.path,
                tree.key_offsets[-1 if many else 0],
                f"{quoted(tree.name)} has no component {quoted(', '.join(tree.keys))}",
                listed(components),
                "" if many else self.builder.problems.meant(key, components),
                "unknown-name",
            )
        return self.builder.read(self.builder.rows[f"{tree.name}[{key}]"])

    def indexed(self, tree: ex.Index, scope: Scope) -> int:
        """The row of an attribute or relation at the given actors."""
        actors = self.actors(tree.keys, tree.key_offsets, scope)
        fault = partial(LoweringError, scope.path, tree.offset)
        if tree.name in self.symbols.attributes:
            if len(actors) != 1:
                raise fault(f"{quoted(tree.name)} belongs to one actor", f"{tree.name}[{actors[0]}]")
            holders = self.symbols.attributes[tree.name]
            if actors[0] not in holders:
                raise fault(
                    f"{actors[0]} has no {quoted(tree.name)}",
                    f"an actor that has it: {', '.join(sorted(holders)[:12])}",
                    code="not-of-actor",
                )
            return self.builder.rows[f"{tree.name}[{actors[0]}]"]
        if len(actors) != 2:  # noqa: PLR2004 - relations are between two
            raise fault(f"{quoted(tree.name)} is a relation of two actors", f"{tree.name}[A, B]")
        if actors[0] == actors[1]:
            raise fault(
                f"{quoted(tree.name)} of {actors[0]} with itself", "two different actors", code="not-of-actor"
            )
        if self.symbols.relations[tree.name]:
            actors.sort()
        return self.builder.rows[f"{tree.name}[{actors[0]}, {actors[1]}]"]
