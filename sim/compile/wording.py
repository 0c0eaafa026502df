"""Expressions as people read them: with the names of actors in place of `self` and of bound names."""

from __future__ import annotations

from typing import Final

from sim.compile.names import Names
from sim.compile.scope import Scope
from sim.scenario import expressions as ex

_STRENGTH: Final = {"or": 1, "and": 2, "not": 3, "<": 4, "+": 5, "-": 5, "*": 6, "/": 6, "neg": 7, "**": 8}


class Wording:
    """Writes trees back as text."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def text(self, tree: ex.Expr, scope: Scope) -> str:
        """The expression as text, names resolved as far as they can be."""
        return self._write(tree, scope, 0)

    def _write(self, tree: ex.Expr, scope: Scope, around: int) -> str:  # noqa: C901 - one branch per kind of tree
        match tree:
            case ex.Number():
                return f"{tree.value:,.10g}"
            case ex.Truth():
                return "true" if tree.value else "false"
            case ex.Text():
                return f"'{tree.value}'"
            case ex.Name():
                return self._name(tree.id, scope)
            case ex.Index():
                keys = ", ".join(self._actor(key, scope) for key in tree.keys)
                return f"{tree.name}[{keys}]"
            case ex.Negate():
                return self._bracketed(f"-{self._write(tree.operand, scope, 7)}", 7, around)
            case ex.Not():
                return self._bracketed(f"not {self._write(tree.operand, scope, 3)}", 3, around)
            case ex.Binary():
                return self._binary(tree, scope, around)
            case ex.Compare():
                pairs = "".join(f" {sign} {self._write(side, scope, 5)}" for sign, side in tree.rest)
                return self._bracketed(self._write(tree.first, scope, 5) + pairs, 4, around)
            case ex.Member():
                word = "not in" if tree.negated else "in"
                return f"{self._actor(tree.item, scope)} {word} {tree.tag}"
            case ex.Logic():
                strength = _STRENGTH[tree.operator]
                words = f" {tree.operator} ".join(
                    self._write(operand, scope, strength + 1) for operand in tree.operands
                )
                return self._bracketed(words, strength, around)
            case ex.Conditional():
                parts = (self._write(part, scope, 1) for part in (tree.then, tree.condition, tree.otherwise))
                return self._bracketed("{} if {} else {}".format(*parts), 0, around)
            case ex.Call():
                return f"{tree.function}({', '.join(self._write(a, scope, 0) for a in tree.arguments)})"
            case ex.Reduce():
                body = self._write(tree.body, scope, 0)
                conditions = "".join(f" if {self._write(c, scope, 1)}" for c in tree.conditions)
                return f"{tree.function}({body} for {tree.name} in {tree.members}{conditions})"

    def _binary(self, tree: ex.Binary, scope: Scope, around: int) -> str:
        strength = _STRENGTH[tree.operator]
        left = self._write(tree.left, scope, strength)
        right = self._write(tree.right, scope, strength + 1)
        joint = tree.operator if tree.operator == "**" else f" {tree.operator} "
        return self._bracketed(f"{left}{joint}{right}", strength, around)

    def _bracketed(self, text: str, strength: int, around: int) -> str:
        return f"({text})" if strength < around else text

    def _actor(self, name: str, scope: Scope) -> str:
        if name == "self" and scope.self_id is not None:
            return scope.self_id
        return scope.bound.get(name, name)

    def _name(self, name: str, scope: Scope) -> str:
        if name in scope.bound or name == "self":
            return self._actor(name, scope)
        own = scope.self_id is not None and scope.self_id in self._names.symbols.attributes.get(name, ())
        return f"{name}[{scope.self_id}]" if own else name
