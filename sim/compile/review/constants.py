"""Arithmetic on numbers alone that comes to no finite number: a run stops where it is used."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from sim.compile import program as pr
from sim.compile.review.causes import Causes
from sim.text import Place

_WORKED: Final[dict[str, Callable[..., float]]] = {
    "neg": lambda x: -x,
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "pow": math.pow,
    "abs": abs,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
}


def review_constants(causes: Causes) -> None:
    """Products that are too large, divisions by 0, roots of what is below 0."""
    program = causes.program
    values: list[float | None] = []
    for node in program.nodes:
        operands = [known for one in node.args if (known := values[one]) is not None]
        value = _value(node, operands)
        values.append(value)
        divided = node.op == "div" and values[node.args[1]] == 0.0
        fails = value is not None and not math.isfinite(value) and bool(operands)
        if divided or (fails and all(math.isfinite(known) for known in operands)):
            place = _place(program, node)
            if place is not None:
                advice = "keep numbers below 1.8e308, and divide by none that is 0"
                causes.warning(place, "this comes to no finite number", advice, "no-number")


def _value(node: pr.Node, operands: list[float]) -> float | None:
    """What a node comes to, not finite where it has no value; None if it depends on anything."""
    if node.op == "const":
        return node.value
    if node.op not in _WORKED or len(operands) < len(node.args):
        return None
    try:
        return _WORKED[node.op](*operands)
    except (ArithmeticError, ValueError):
        return math.nan


def _place(program: pr.Program, node: pr.Node) -> Place | None:
    """Where the first number of it stands; None if nobody wrote one."""
    figures = []
    waiting = list(node.args)
    while waiting:
        inner = program.nodes[waiting.pop()]
        waiting += inner.args
        if inner.figure >= 0:
            figures.append(program.figures[inner.figure].place)
    return min(figures, default=None)
