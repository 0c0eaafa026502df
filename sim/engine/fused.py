"""Expressions as Python functions: what is asked for often is written out as one function without detours.

The interpreter (`sim.engine.evaluate`) calls several functions for each node, which costs more than the
arithmetic while an ensemble has but some thousand runs. A node that has been worked out often enough is
therefore turned into a function that works out its whole tree, down to nodes that others share, with the same
operations in the same order: the same bits. Whenever something in it cannot be computed in a run that takes
that way, the function gives up and leaves the node to the interpreter, which knows whom to blame.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from sim.compile import program as pr
from sim.engine import arithmetic as ar
from sim.engine.evaluate import Evaluator, interpreted
from sim.engine.vectors import anywhere

OFTEN: Final = 96
"""Turning a node into a function costs about as much as interpreting it so many times can save."""

DEEPEST: Final = 15
"""Conditions within each other in one function; Python's own limit is about a hundred."""

LONGEST: Final = 200
"""Characters of an operand: Python takes some two hundred brackets within each other."""

Function = Callable[[Evaluator], Any]

_INFIX: Final = {
    "add": "+", "sub": "-", "mul": "*", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!=",
}  # fmt: skip
_PREFIX: Final = {"neg": "-", "not": "~"}
_CALLED: Final = {"abs": "abs_", "floor": "floor", "ceil": "ceil", "exp": "exp", "logistic": "logistic",
                  "normal_share": "normal_share"}  # fmt: skip
_LAZY: Final = frozenset({"and", "or", "if"})
_PLAIN: Final = frozenset({"const", "row"})
_WRITTEN: Final = frozenset({*_INFIX, *_PREFIX, *_CALLED, *_LAZY, "float", "div", "positive", "min", "max", "clamp"})

_NAMES: Final[dict[str, Any]] = {
    "where": np.where,
    "count": np.count_nonzero,
    "anywhere": anywhere,
    "float64": np.float64,
    "abs_": np.abs,
    "floor": np.floor,
    "ceil": np.ceil,
    "exp": ar.exp,
    "logistic": ar.logistic,
    "normal_share": ar.normal_share,
    "interpreted": interpreted,
}


class Fused:
    """The functions of a Program's nodes, made as they are needed.

    `functions[node](ev)` works the node out, whatever it is; ask an evaluator rather than calling it.
    """

    def __init__(self, program: pr.Program, constant: frozenset[int]) -> None:
        self._program = program
        self._heads = _heads(program, constant)
        self.lasting = tuple(sorted(index for index in self._heads if index in constant))
        """Constant nodes that are worth keeping from turn to turn."""
        self.functions: list[Function] = [
            self._counting(index) if index in self._heads else _interpreting(index)
            for index in range(len(program.nodes))
        ]

    def _counting(self, index: int) -> Function:
        """Interprets the node until it has been asked for often, then puts a function of its own in place."""
        left = OFTEN

        def ask(ev: Evaluator) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                self.functions[index] = function = _Writer(self._program, self._heads, index).function()
                return function(ev)
            return interpreted(ev, index)

        return ask


def _interpreting(index: int) -> Function:
    return lambda ev: interpreted(ev, index)


def _heads(program: pr.Program, constant: frozenset[int]) -> frozenset[int]:
    """Nodes worked out by a function of their own and kept for the rest of a stage: what stands alone, what
    several others read, and the constant nodes that others begin with (they are worked out once a play).
    """
    readers = [0] * len(program.nodes)
    moving = [False] * len(program.nodes)
    for index, node in enumerate(program.nodes):
        for argument in node.args:
            readers[argument] += 1
            moving[argument] |= index not in constant
    return frozenset(
        index
        for index, node in enumerate(program.nodes)
        if node.op not in _PLAIN
        and (readers[index] != 1 or node.op not in _WRITTEN or (index in constant and moving[index]))
    )


class _Writer:
    """Writes the function of one node."""

    def __init__(self, program: pr.Program, heads: frozenset[int], index: int) -> None:
        self._nodes: Sequence[pr.Node] = program.nodes
        self._heads = heads
        self._index = index
        self._lines: list[str] = []
        self._depth = 1
        self._temporaries = 0
        self._taken: list[str] = []
        """Conditions under which the code being written is reached, each as an expression."""
        self._names: dict[str, Any] = dict(_NAMES)
        self._read: dict[int, str] = {}
        """Shared nodes that are read, and for each the runs in which they count, as an expression."""

    def function(self) -> Function:
        """The function, ready to be called."""
        index, node = self._index, self._nodes[self._index]
        if node.op not in _WRITTEN:
            return _interpreting(index)
        result = self._operation(node)
        bad = f"not bad.keys().isdisjoint({tuple(self._read)})" if self._read else "False"
        text = "\n".join((
            "def function(ev):",
            " memo = ev.memo; value = ev.value; v = ev.state.values; bad = ev.bad",
            *self._lines,
            f" result = {result}",
            f" if bad and {bad}: return interpreted(ev, {index})",
            " return result",
        ))  # fmt: skip
        exec(compile(text, f"<node {index}>", "exec"), self._names)  # noqa: S102 - written just above
        made: Function = self._names["function"]
        return made

    def _line(self, text: str) -> None:
        self._lines.append(" " * self._depth + text)

    def _named(self, expression: str) -> str:
        """A name for the value of an expression."""
        if expression.isidentifier():
            return expression
        self._temporaries += 1
        name = f"t{self._temporaries}"
        self._line(f"{name} = {expression}")
        return name

    def _expression(self, index: int) -> str:
        """A node within the function's tree, as an expression that can stand as an operand."""
        node = self._nodes[index]
        if node.op == "row":
            return f"v[{node.row}]"
        if node.op == "const":
            name = f"c{index}"
            self._names[name] = np.bool_(node.value) if node.truth else np.float64(node.value)
            return name
        if index in self._heads or len(self._taken) >= DEEPEST:
            return self._shared(index)
        return self._operation(node)

    def _shared(self, index: int) -> str:
        name = self._named(f"memo[{index}]")
        self._line(f"if {name} is None: {name} = value({index})")
        self._read[index] = name
        return name

    def _operation(self, node: pr.Node) -> str:
        op = node.op
        if op in _LAZY:
            return self._if(node) if op == "if" else self._both_or_either(node)
        arguments = [self._expression(argument) for argument in node.args]
        if op in _INFIX:
            left, right = (text if len(text) < LONGEST else self._named(text) for text in arguments)
            return f"({left} {_INFIX[op]} {right})"
        if op in _PREFIX:
            return f"({_PREFIX[op]}{arguments[0]})"
        if op in _CALLED:
            return f"{_CALLED[op]}({arguments[0]})"
        if op == "float":
            return f"{arguments[0]}.astype(float64)"
        names = [self._named(argument) for argument in arguments]
        if op == "div":
            self._unless(names[1], node.args[1], "== 0.0")
            return f"({names[0]} / {names[1]})"
        if op == "positive":
            self._unless(names[0], node.args[0], "<= 0.0")
            return names[0]
        if op == "clamp":
            value, low, high = names
            return f"where({value} < {low}, {low}, where({value} > {high}, {high}, {value}))"
        sign = "<" if op == "min" else ">"
        left, right = names
        return f"where({right} {sign} {left}, {right}, {left})"

    def _unless(self, name: str, index: int, wrong: str) -> None:
        """Give up where an argument is wrong in a run that comes this way."""
        node = self._nodes[index]
        if node.op == "const" and node.value > 0.0:
            return
        mask = self._named(f"({name} {wrong})")
        concerned = " & ".join((mask, *self._taken))
        self._line(f"if anywhere({mask}) and anywhere({concerned}): return interpreted(ev, {self._index})")

    def _both_or_either(self, node: pr.Node) -> str:
        first = self._named(self._expression(node.args[0]))
        both = node.op == "and"
        self._temporaries += 1
        result = f"t{self._temporaries}"
        self._line(f"{result} = {first}")
        self._line(f"if anywhere({first if both else '~' + first}):")
        second = self._within(first if both else f"~{first}", node.args[1])
        self._line(f" {result} = {first} {'&' if both else '|'} {second}")
        return result

    def _if(self, node: pr.Node) -> str:
        condition = self._named(self._expression(node.args[0]))
        self._temporaries += 1
        result = f"t{self._temporaries}"
        then, otherwise, number = (result + letter for letter in "abn")
        self._line(f"{then} = {otherwise} = None")
        self._line(f"{number} = count({condition})")
        self._line(f"if {number}:")
        self._line(f" {then} = {self._within(condition, node.args[1])}")
        self._line(f"if {number} != {condition}.size:")
        self._line(f" {otherwise} = {self._within('~' + condition, node.args[2])}")
        self._line(
            f"{result} = {otherwise} if {then} is None else {then} if {otherwise} is None"
            f" else where({condition}, {then}, {otherwise})"
        )
        return result

    def _within(self, condition: str, index: int) -> str:
        """An operand that is worked out under a condition only."""
        self._depth += 1
        self._taken.append(condition)
        found = self._expression(index)
        self._taken.pop()
        self._depth -= 1
        return found
