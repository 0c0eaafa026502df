"""Arithmetic on numbers alone: what it comes to is known before play, and must be a finite number."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from sim.compile.builder import Builder

_WORKED: Final[dict[str, Callable[..., float]]] = {
    "neg": lambda x: -x,
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "pow": lambda x, y: float(x**y) if not isinstance(x**y, complex) else math.nan,
    "abs": abs,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
}


class Constants:
    """Values of nodes that depend on nothing."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._known: dict[int, float | None] = {}

    def is_spoilt(self, node: int) -> bool:
        """Whether finite numbers alone go in, and none comes out: too large a product, a division by 0."""
        args = self._builder.nodes[node].args
        value = self._of(node)
        finite = all((known := self._of(one)) is not None and math.isfinite(known) for one in args)
        return bool(args) and finite and value is not None and not math.isfinite(value)

    def _of(self, node: int) -> float | None:
        """The value, not finite where there is none; None if it depends on anything."""
        if node not in self._known:
            self._known[node] = self._worked(node)
        return self._known[node]

    def _worked(self, index: int) -> float | None:
        node = self._builder.nodes[index]
        if node.op == "const":
            return node.value
        operands = [known for one in node.args if (known := self._of(one)) is not None]
        if node.op not in _WORKED or len(operands) < len(node.args):
            return None
        try:
            return _WORKED[node.op](*operands)
        except (ArithmeticError, ValueError):
            return math.nan
