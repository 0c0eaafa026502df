"""Rows of the state, addresses of luck, and expressions as a graph without repetition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.text import Place

Kind = Literal[
    "parameter",
    "attribute",
    "relation",
    "decision",
    "act",
    "perception",
    "memory",
    "domain",
    "belief",
    "indicator",
    "outcome",
]


@dataclass(frozen=True, slots=True)
class Variable:
    """A row of the state."""

    name: str
    kind: Kind
    low: float
    high: float
    unit: str
    title: str
    place: Place


@dataclass(frozen=True, slots=True)
class Draw:
    """An address of luck, but for run, turn, seed and stream."""

    text: str
    """`owner/id/bindings/purpose`."""
    key: int
    """BLAKE2b-64 of the text."""
    place: Place


Op = Literal[
    "const",
    "row",
    "elapsed",
    "turn",
    "dt",
    "since_turn",
    "normal",
    "positive",
    "float",
    "neg",
    "not",
    "add",
    "sub",
    "mul",
    "div",
    "pow",
    "lt",
    "le",
    "gt",
    "ge",
    "eq",
    "ne",
    "and",
    "or",
    "if",
    "abs",
    "sqrt",
    "floor",
    "ceil",
    "exp",
    "log",
    "logistic",
    "normal_share",
    "min",
    "max",
    "clamp",
]


@dataclass(frozen=True, slots=True)
class Node:
    """One operation. `args` are indices of earlier nodes; `value` is a constant's, `row` a variable's row.

    `turn` is the number of the turn being played, 0 before play; `dt` is the length in years of the turn
    `value` turns back, 0 before the first; `since_turn` is true from turn `value` on; `normal` is a standard
    normal number of luck; `positive` is its argument, which must be above 0. Truth-valued: the comparisons,
    `and`, `or`, `not`, `since_turn`, an `if` over truth values, and a `const` whose `truth` is set.
    """

    op: Op
    args: tuple[int, ...] = ()
    value: float = 0.0
    row: int = -1
    truth: bool = False
    figure: int = -1
    """Index of the `Figure` that a constant is; -1 for constants that no one wrote."""
    draw: int = -1
    """Of a `normal`: its address of luck."""


@dataclass(frozen=True, slots=True)
class Grade:
    """How well something is known."""

    kind: Literal["measured", "informed", "assumed", ""]
    cited: tuple[str, ...] = ()
    """Ids of facts and base rates."""
    reason: str = ""
    """Why it was assumed."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is written in an expression of the file."""

    value: float
    path: tuple[str | int, ...]
    """Of the expression it stands in."""
    place: Place
    grade: Grade
    """Its own, or that of the nearest part around it that has one."""


Joint = Literal["+", "and", "or", ","]
"""How the parts of an expression hang together; `,` for parts that are only told beside it."""


@dataclass(frozen=True, slots=True)
class Term:
    """A part of an expression: a summand with its sign, or an operand of `and` or `or`."""

    text: str
    """With names in place of `self` and the like."""
    node: int
    sign: Literal["+", "-"] = "+"


@dataclass(frozen=True, slots=True)
class Source:
    """The expression that a node was written as."""

    text: str
    path: tuple[str | int, ...]
    terms: tuple[Term, ...]
    """Its summands, or the operands of its `and` or `or`; itself alone if it has no parts."""
    joint: Joint = "+"
