"""Definitions written out where they are named, each once for the same actors and the same eyes."""

from __future__ import annotations

from collections.abc import Callable

from sim.compile.names import Names
from sim.compile.scope import LoweringError, Scope
from sim.scenario import expressions as ex
from sim.scenario.load import PathOf
from sim.text import quoted

Origins = dict[int, tuple[ex.Expr, Scope]]
"""By node: the expression that it was first written for, and where that stands."""


class Definitions:
    """Writes definitions as nodes; `write` does so for any tree."""

    def __init__(self, names: Names, write: Callable[[ex.Expr, Scope], int], origins: Origins) -> None:
        self._names = names
        self._write = write
        self._origins = origins
        self._nodes: dict[tuple[object, ...], int] = {}
        self._faulty: dict[tuple[object, ...], LoweringError] = {}
        self._circles: dict[frozenset[str], tuple[PathOf, int, str]] = {}

    def node(self, tree: ex.Index, scope: Scope) -> int:
        """The node of a definition, for the actors that it is named with.

        Raises:
            LoweringError: for what is wrong there, or in the definition for these actors.
        """
        name, wanted = tree.name, self._names.symbols.definitions[tree.name]
        if len(tree.keys) != len(wanted):
            expected = f"{name}[{', '.join(wanted)}]" if wanted else f"{name} alone"
            number = "no actor" if not wanted else f"{len(wanted)} actor{'s' if len(wanted) > 1 else ''}"
            raise LoweringError(scope.path, tree.offset, f"{quoted(name)} is of {number}", expected)
        if name in scope.inside:
            raise self._circle(name, tree.offset, scope)
        actors = tuple(self._names.actors(tree.keys, tree.key_offsets, scope))
        memo = (name, actors, scope.mode, scope.replying, tuple(sorted(scope.perceived.items())))
        if memo in self._faulty:
            raise self._faulty[memo].again()
        if memo not in self._nodes:
            inner = Scope(
                ("definitions", name, "value"),
                bound=dict(zip(wanted, actors, strict=True)),
                perceived=scope.perceived,
                mode=scope.mode,
                inside=(*scope.inside, name),
                replying=scope.replying,
            )
            body = self._names.scenario.model.definitions[name].value.tree
            try:
                node = self._write(body, inner)
            except LoweringError as fault:
                self._say_where(fault, tree, scope, actors)
                self._faulty[memo] = fault
                raise
            self._nodes[memo] = node
            self._origins.setdefault(node, (body, inner))
        return self._nodes[memo]

    def _say_where(self, fault: LoweringError, tree: ex.Index, scope: Scope, actors: tuple[str, ...]) -> None:
        """What is wrong in a definition for some actors only is the fault of the place that names them."""
        if not actors:
            return
        place = self._names.scenario.value_place(*scope.path, offset=tree.offset)
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
