"""Conditions that depend on names alone, and are settled before play."""

from __future__ import annotations

import operator as op
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sim.compile.names import Names
from sim.compile.scope import LoweringError, Scope
from sim.scenario import expressions as ex

_ID_ORDER: Final[dict[str, Callable[[str, str], bool]]] = {
    "<": op.lt,
    "<=": op.le,
    ">": op.gt,
    ">=": op.ge,
    "==": op.eq,
    "!=": op.ne,
}
_ROLES: Final = frozenset({"self", "target"})


@dataclass
class Settling:
    """Answers what needs no play: who is who, who carries which tag, who has which attribute."""

    names: Names

    def compares_actors(self, tree: ex.Expr, scope: Scope) -> bool:
        """Whether this compares two actors, not two numbers."""
        if not isinstance(tree, ex.Compare) or len(tree.rest) != 1:
            return False
        sides = (tree.first, tree.rest[0][1])
        return any(
            isinstance(side, ex.Name)
            and side.id not in scope.arguments
            and (side.id in scope.bound or side.id in self.names.symbols.actors or side.id in _ROLES)
            for side in sides
        )

    def settled(self, tree: ex.Expr, scope: Scope) -> bool:
        """Whether the condition holds."""
        match tree:
            case ex.Truth():
                return tree.value
            case ex.Not():
                return not self.settled(tree.operand, scope)
            case ex.Logic():
                results = [self.settled(operand, scope) for operand in tree.operands]
                return all(results) if tree.operator == "and" else any(results)
            case ex.Member():
                members = self.names.members(tree.tag, tree.tag_offset, scope)
                inside = self.names.actor(tree.item, tree.offset, scope) in members
                return inside != tree.negated
            case ex.Call() if tree.function == "has":
                return self.has(tree, scope)
            case ex.Compare() if self.compares_actors(tree, scope):
                operator, other = tree.rest[0]
                left, right = (self._actor_of(side, scope) for side in (tree.first, other))
                return _ID_ORDER[operator](left, right)
        raise LoweringError(
            scope.path,
            tree.offset,
            "this changes in play, or is no condition",
            "what actors are: x in TAG, x == KOR, has(x, attribute); the rest belongs under 'when'",
        )

    def known(self, tree: ex.Expr, scope: Scope) -> bool | None:
        """The truth of a condition if names alone settle it, as far as it need be looked at; else None."""
        match tree:
            case ex.Not():
                inner = self.known(tree.operand, scope)
                return None if inner is None else not inner
            case ex.Logic():
                return self._logic(tree, scope)
            case ex.Conditional():
                condition = self.known(tree.condition, scope)
                if condition is None:
                    return None
                return self.known(tree.then if condition else tree.otherwise, scope)
            case ex.Truth() | ex.Member():
                return self.settled(tree, scope)
            case ex.Call() if tree.function == "has":
                return self.settled(tree, scope)
            case ex.Compare() if self.compares_actors(tree, scope):
                return self.settled(tree, scope)
        return None

    def _logic(self, tree: ex.Logic, scope: Scope) -> bool | None:
        stop = tree.operator == "or"
        for operand in tree.operands:
            found = self.known(operand, scope)
            if found is None or found is stop:
                return found
        return not stop

    def _actor_of(self, tree: ex.Expr, scope: Scope) -> str:
        if not isinstance(tree, ex.Name):
            raise LoweringError(
                scope.path,
                tree.offset,
                "an actor is compared with something that is none",
                "an actor on both sides",
            )
        return self.names.actor(tree.id, tree.offset, scope)

    def has(self, tree: ex.Call, scope: Scope) -> bool:
        """Whether an actor has an attribute."""
        if len(tree.arguments) != 2 or not all(isinstance(argument, ex.Name) for argument in tree.arguments):  # noqa: PLR2004
            raise LoweringError(
                scope.path, tree.offset, "has() asks whether an actor has an attribute", "has(x, shells)"
            )
        actor, attribute = tree.arguments
        assert isinstance(actor, ex.Name)
        assert isinstance(attribute, ex.Name)
        if attribute.id not in self.names.symbols.attributes:
            self.names.unknown(
                attribute.id,
                attribute.offset,
                scope,
                "an attribute of actors",
                tuple(self.names.symbols.attributes),
            )
        return self.names.actor(actor.id, actor.offset, scope) in self.names.symbols.attributes[attribute.id]
