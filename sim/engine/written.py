"""Writes Python functions that work out whole trees of nodes: of one node, or of several alike at once.

Trees are alike if they have the same operations in the same places; their rows, constants and what they share
with others may differ. Such trees are worked out together, with a line for each of them in arrays of shape
`(trees, runs)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from sim.compile import program as pr
from sim.engine import arithmetic as ar
from sim.engine.evaluate import powerless
from sim.engine.stacks import Function, Nodes
from sim.engine.vectors import anywhere

DEEPEST: Final = 15
"""Conditions within each other in one function; Python's own limit is about a hundred."""

LIGHT: Final = 2
"""Operations that may as well be done where nobody needs them."""

LONGEST: Final = 200
"""Characters of an operand: Python takes some two hundred brackets within each other."""

PLAIN: Final = frozenset({"const", "row"})
_INFIX: Final = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "eq": "==",
    "ne": "!=",
}
_PREFIX: Final = {"neg": "-", "not": "~"}
_CALLED: Final[dict[str, Callable[[Any], Any]]] = {
    "abs": np.abs,
    "floor": np.floor,
    "ceil": np.ceil,
    "exp": ar.exp,
    "logistic": ar.logistic,
    "normal_share": ar.normal_share,
    "log": ar.log,
    "sqrt": np.sqrt,
}
LIGHTEST: Final = frozenset({*_INFIX, *_PREFIX, "float", "and", "or", "min", "max"})
"""Quick operations that can be computed whatever the arguments."""
_WRONG: Final = {"log": "<= 0.0", "sqrt": "< 0.0"}
"""What an argument must not be."""
_LAZY: Final = frozenset({"and", "or", "if"})
_NAMED: Final = frozenset({"div", "positive", "min", "max", "clamp", "pow"})
WRITTEN: Final = frozenset({*_INFIX, *_PREFIX, *_CALLED, *_LAZY, *_NAMED, "float"})
"""Operations that can be written; what others do is asked of the evaluator."""


def column(values: Sequence[Any]) -> Any:
    """The one value of all, or shape `(values, 1)`."""
    same = all(value == values[0] and np.signbit(value) == np.signbit(values[0]) for value in values)
    return values[0] if same else np.array(values)[:, np.newaxis]


def picked(rows: Sequence[int]) -> Any:
    """What picks rows of a state: one row, a stretch of them, or a list."""
    first = rows[0]
    if len(rows) == 1 or len(set(rows)) == 1:
        return first
    if list(rows) == list(range(first, first + len(rows))):
        return slice(first, first + len(rows))
    return np.array(rows, dtype=np.intp)


class Writer:
    """Writes one function.

    Args:
        program: whose nodes they are.
        heads: nodes that an evaluator keeps: trees end there.
        tops: the trees' own nodes. What cannot be written is left to the evaluator, so their operations must
            be among `WRITTEN`.
        stack: gives the values of several nodes together.
    """

    def __init__(
        self, program: pr.Program, heads: frozenset[int], tops: Nodes, stack: Callable[[Nodes], Function]
    ) -> None:
        self._nodes: Sequence[pr.Node] = program.nodes
        self._heads = heads
        self._tops = tops
        self._stack = stack
        self._lines: list[str] = []
        self._depth = 1
        self._temporaries = 0
        self._taken: list[str] = []
        """Conditions under which the code being written is reached, each as an expression."""
        self._read: dict[int, None] = {}
        """Nodes asked of the evaluator."""
        self._names: dict[str, Any] = {
            "where": np.where,
            "count": np.count_nonzero,
            "anywhere": anywhere,
            "float64": np.float64,
            "power": ar.power,
            "powerless": powerless,
            **_CALLED,
        }

    def function(self) -> Function:
        """The function: values of shape `(runs,)` for one tree, `(trees, runs)` for several, or the same for
        all; None if something in it cannot be computed, or only where it does not count.
        """
        plain = self._nodes[self._tops[0]].op in PLAIN
        result = self._expression(self._tops) if plain else self._operation(self._tops)
        text = "\n".join(
            (
                "def function(ev):",
                " memo = ev.memo; value = ev.value; v = ev.state.values; bad = ev.bad",
                *self._lines,
                f" result = {result}",
                " if bad and not bad.keys().isdisjoint(read): return None",
                " return result",
            )
        )
        self._names["read"] = tuple(self._read)
        exec(compile(text, f"<node {self._tops[0]}>", "exec"), self._names)  # noqa: S102 - written just above
        made: Function = self._names["function"]
        return made

    def _line(self, text: str) -> None:
        self._lines.append(" " * self._depth + text)

    def _new(self) -> str:
        self._temporaries += 1
        return f"t{self._temporaries}"

    def _named(self, expression: str) -> str:
        """A name for the value of an expression."""
        if expression.isidentifier():
            return expression
        name = self._new()
        self._line(f"{name} = {expression}")
        return name

    def _given(self, value: Any) -> str:
        """A name for something that is known already."""
        name = f"c{len(self._names)}"
        self._names[name] = value
        return name

    def _expression(self, at: Nodes) -> str:
        """Nodes within the trees, as an expression that can stand as an operand."""
        nodes = [self._nodes[index] for index in at]
        op = nodes[0].op
        if op == "row":
            rows = picked([node.row for node in nodes])
            return f"v[{rows if isinstance(rows, int) else self._given(rows)}]"
        if op == "const":
            kind = np.bool_ if nodes[0].truth else np.float64
            return self._given(column([kind(node.value) for node in nodes]))
        if at[0] in self._heads or len(self._taken) >= DEEPEST:
            return self._asked(at)
        return self._operation(at)

    def _asked(self, at: Nodes) -> str:
        self._read.update(dict.fromkeys(at))
        if len(set(at)) > 1:
            return self._named(f"{self._given(self._stack(at))}(ev)")
        name = self._named(f"memo[{at[0]}]")
        self._line(f"if {name} is None: {name} = value({at[0]})")
        return name

    def _arguments(self, at: Nodes) -> list[Nodes]:
        return list(zip(*(self._nodes[index].args for index in at), strict=True))

    def _operation(self, at: Nodes) -> str:
        op, arguments = self._nodes[at[0]].op, self._arguments(at)
        if op in _LAZY:
            return self._if(*arguments) if op == "if" else self._and_or(op, *arguments)
        found = [self._expression(argument) for argument in arguments]
        if op in _INFIX:
            left, right = (text if len(text) < LONGEST else self._named(text) for text in found)
            return f"({left} {_INFIX[op]} {right})"
        if op in _PREFIX:
            return f"({_PREFIX[op]}{found[0]})"
        if op in _WRONG:
            found[0] = self._named(found[0])
            self._unless(found[0], arguments[0], _WRONG[op])
        if op in _CALLED:
            return f"{op}({found[0]})"
        if op == "float":
            return f"{found[0]}.astype(float64)"
        return self._of_names(op, arguments, [self._named(text) for text in found])

    def _of_names(self, op: str, arguments: Sequence[Nodes], names: Sequence[str]) -> str:
        if op == "div":
            self._unless(names[1], arguments[1], "== 0.0")
            return f"({names[0]} / {names[1]})"
        if op == "positive":
            self._unless(names[0], arguments[0], "<= 0.0")
            return names[0]
        if op == "pow":
            self._unless_powerless(names[0], names[1], arguments[0])
            return f"power({names[0]}, {names[1]})"
        if op == "clamp":
            value, low, high = names
            return f"where({value} < {low}, {low}, where({value} > {high}, {high}, {value}))"
        left, right = names
        return f"where({right} {'<' if op == 'min' else '>'} {left}, {right}, {left})"

    def _unless(self, name: str, at: Nodes, wrong: str) -> None:
        """Give up where an argument is wrong in a run that comes this way."""
        nodes = [self._nodes[index] for index in at]
        if all(node.op == "const" and node.value > 0.0 for node in nodes):
            return
        mask = self._named(f"({name} {wrong})")
        concerned = " & ".join((mask, *self._taken))
        self._line(f"if anywhere({mask}) and anywhere({concerned}): return None")

    def _unless_powerless(self, base: str, exponent: str, at: Nodes) -> None:
        """Give up where there is no such power in a run that comes this way."""
        if any(self._nodes[index].op != "const" or self._nodes[index].value <= 0.0 for index in at):
            concerned = " & ".join((f"powerless({base}, {exponent})", *self._taken))
            self._line(f"if anywhere({base} <= 0.0) and anywhere({concerned}): return None")

    def _light(self, at: Nodes) -> bool:
        """Whether it costs no more to work something out than to see whether it is needed."""
        return all(self._weight(index) <= LIGHT for index in at)

    def _weight(self, index: int) -> int:
        """Operations in a tree; more than any if it asks for others, or may be impossible to compute."""
        node = self._nodes[index]
        if node.op in PLAIN:
            return 0
        if index in self._heads or node.op not in LIGHTEST:
            return LIGHT + 1
        weight = 1
        for argument in node.args:
            weight += self._weight(argument)
        return weight

    def _and_or(self, op: str, left: Nodes, right: Nodes) -> str:
        if self._light(right):
            first, second = self._expression(left), self._expression(right)
            return f"({self._named(first)} {'&' if op == 'and' else '|'} {self._named(second)})"
        first = self._named(self._expression(left))
        result = self._new()
        open_ = first if op == "and" else f"~{first}"
        self._line(f"{result} = {first}")
        self._line(f"if anywhere({open_}):")
        second = self._within(open_, right)
        self._line(f" {result} = {first} {'&' if op == 'and' else '|'} {second}")
        return result

    def _if(self, condition: Nodes, then: Nodes, otherwise: Nodes) -> str:
        test = self._named(self._expression(condition))
        if self._light(then) and self._light(otherwise):
            return f"where({test}, {self._expression(then)}, {self._expression(otherwise)})"
        result, number, one, other = (self._new() for _ in range(4))
        self._line(f"{one} = {other} = None")
        self._line(f"{number} = count({test})")
        self._line(f"if {number}:")
        self._line(f" {one} = {self._within(test, then)}")
        self._line(f"if {number} != {test}.size:")
        self._line(f" {other} = {self._within('~' + test, otherwise)}")
        self._line(f"if {one} is None: {result} = {other}")
        self._line(f"elif {other} is None: {result} = {one}")
        self._line(f"else: {result} = where({test}, {one}, {other})")
        return result

    def _within(self, condition: str, at: Nodes) -> str:
        """An operand that is worked out under a condition only."""
        self._depth += 1
        self._taken.append(condition)
        found = self._expression(at)
        self._taken.pop()
        self._depth -= 1
        return found
