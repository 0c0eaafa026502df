"""Sums, means, minima and the rest: folds in a written order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sim.compile.builder import Builder
from sim.compile.program import Op
from sim.compile.scope import LoweringError, Scope


def fold_right(builder: Builder, operator: Literal["and", "or"], operands: Sequence[int]) -> int:
    """a and (b and c): lazy evaluation gives the same as from the left."""
    node = operands[-1]
    for operand in reversed(operands[:-1]):
        node = builder.node(operator, operand, node, truth=True)
    return node


def fold(builder: Builder, function: str, nodes: Sequence[int], offset: int, scope: Scope) -> int:
    """The node of a function over several nodes, from the first to the last."""
    node = builder.node
    if function in ("any", "all"):
        if not nodes:
            return node("const", value=float(function == "all"), truth=True)
        return fold_right(builder, "or" if function == "any" else "and", nodes)
    if function == "count":
        nodes = [node("float", item) for item in nodes]
    if not nodes:
        if function in ("sum", "count"):
            return builder.const(0.0)
        raise LoweringError(
            scope.path, offset, f"{function}() of nobody has no value", "a set with at least one actor"
        )
    kind: Op = "min" if function == "min" else "max" if function == "max" else "add"
    total = nodes[0]
    for item in nodes[1:]:
        total = node(kind, total, item)
    return node("div", total, builder.const(float(len(nodes)))) if function == "mean" else total
