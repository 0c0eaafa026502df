"""Nodes to numbers: the interpreter of a Program's expressions over all runs at once.

One evaluator serves one stage of one turn, on a state that does not change meanwhile; each node is worked out
at most once. `and`, `or` and the conditional look lazy to each run although whole vectors are computed: what
goes wrong on the side that a run does not take (a division by zero, say) is remembered with the runs it
concerns, and counts only where the value is used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from sim.compile import program as pr
from sim.engine import arithmetic as ar
from sim.engine import luck
from sim.engine.state import State
from sim.engine.vectors import Truths, anywhere, everywhere
from sim.text import Diagnostic, FoedusError, Place

Mask = Truths | None
"""Runs concerned; None for all of them."""


class Evaluator:
    """Values of a Program's nodes on a state, during a turn."""

    def __init__(
        self,
        program: pr.Program,
        state: State,
        turn: int,
        memo: list[Any] | None = None,
        functions: Sequence[Callable[[Evaluator], Any]] | None = None,
    ) -> None:
        self.program = program
        self.state = state
        self.turn = turn
        self.elapsed = program.clock.elapsed(turn)
        self.dt = program.clock.dt(turn) if turn else 0.0
        self.memo: list[Any] = [None] * len(program.nodes) if memo is None else memo
        """Of each node its value, once it is worked out."""
        self.filled: list[int] = []
        """Nodes that were worked out here."""
        self.bad: dict[int, tuple[Any, str]] = {}
        """Nodes that cannot be computed in some runs: in which, and why."""
        self.stacks: dict[Any, Any] = {}
        """Values of several nodes together, once they are worked out."""
        self._functions = functions

    def value(self, index: int) -> Any:
        """The node's value: shape `(runs,)`, or `()` where it is the same in all runs."""
        found = self.memo[index]
        if found is None:
            functions = self._functions
            found = interpreted(self, index) if functions is None else functions[index](self)
            self.memo[index] = found
            self.filled.append(index)
        return found

    def used(self, index: int, active: Mask, whose: str, place: Place | None) -> Any:
        """The value of a number that is about to be used in the active runs.

        Raises:
            FoedusError: if it cannot be computed, or is not finite, in one of them.
        """
        value = self.value(index)
        if self.program.nodes[index].op == "const":
            return value
        self._check_bad(index, active, whose, place)
        finite = np.isfinite(value)
        if not everywhere(finite):
            wrong = ~finite if active is None else ~finite & active
            if anywhere(wrong):
                self.fail(wrong, "a value is not finite", whose, place)
        return value

    def condition(self, index: int | None, active: Mask, whose: str, place: Place) -> Any:
        """A truth value that decides something in the active runs; True without a node."""
        return _TRUE if index is None else self.computed(index, active, whose, place)

    def computed(self, index: int, active: Mask, whose: str, place: Place) -> Any:
        """A value on its way into a variable, where it will be judged finite or not."""
        value = self.value(index)
        self._check_bad(index, active, whose, place)
        return value

    def stored(self, values: Any, row: int, whose: str, place: Place) -> Any:
        """New values of a variable: brought into its range, and finite.

        Raises:
            FoedusError: if one is not.
        """
        variable = self.program.variables[row]
        if everywhere(proper(values, *bounds(variable))):
            return values if values.base is None else values.copy()  # not a row that may be written meanwhile
        values = clamped(values, variable)
        finite = np.isfinite(values)
        if not everywhere(finite):
            self.fail(~finite, "a value is not finite", whose, place)
        return values

    def demand(self, demand: pr.Demand, active: Mask, whose: str) -> None:
        """Check that a number keeps its bounds in the active runs.

        Raises:
            FoedusError: if it does not, or cannot be computed, in one of them.
        """
        value = self.used(demand.node, active, whose, demand.place)
        low = value <= demand.low if demand.above else value < demand.low
        for wrong, words in (
            (low, f"is {'not above' if demand.above else 'below'} {demand.low:g}"),
            (value > demand.high, f"is above {demand.high:g}"),
        ):
            found = wrong if active is None else wrong & active
            if anywhere(found):
                self.fail(found, f"{demand.what} {words}", whose, demand.place)

    def _check_bad(self, index: int, active: Mask, whose: str, place: Place | None) -> None:
        bad = self.bad.get(index)
        if bad is not None:
            wrong = bad[0] if active is None else bad[0] & active
            if anywhere(wrong):
                self.fail(wrong, bad[1], whose, place)

    def fail(self, wrong: Any, what: str, whose: str, place: Place | None) -> None:
        """Stop, naming the lowest run concerned."""
        mask = np.broadcast_to(wrong, self.state.runs.shape)
        run = int(self.state.runs[mask].min())
        when = f"turn {self.turn} ({self.program.clock.label(self.turn)})"
        raise FoedusError((Diagnostic(place, f"{what} in {whose}: run {run}, {when}", code="while-running"),))

    def failed_in(self, index: int) -> bool:
        """Whether the node could not be computed in some run."""
        return index in self.bad

    def taint(self, index: int, *arguments: int) -> None:
        """What could not be computed in an argument cannot be computed here."""
        if self.bad:
            found = [self.bad[argument] for argument in arguments if argument in self.bad]
            if found:
                mask = found[0][0]
                for other, _ in found[1:]:
                    mask = mask | other
                self.bad[index] = (mask, found[0][1])

    def blame(self, index: int, wrong: Any, what: str) -> None:
        """The node itself cannot be computed in some runs."""
        if anywhere(wrong):
            known = self.bad.get(index)
            self.bad[index] = (
                wrong if known is None else known[0] | wrong,
                what if known is None else known[1],
            )

    def only_where(self, index: int, argument: int, condition: Any) -> None:
        """Take over the argument's faults for the runs in which it counts."""
        bad = self.bad.get(argument)
        if bad is not None:
            self.blame(index, bad[0] & condition, bad[1])


def interpreted(ev: Evaluator, index: int) -> Any:
    """The node's value, worked out from its arguments."""
    node = ev.program.nodes[index]
    return _OPERATIONS[node.op](ev, index, node)


_TRUE: Final = np.True_
Operation = Callable[[Evaluator, int, pr.Node], Any]


def stated(node: pr.Node) -> Any:
    """The value of a node that is a number, or a truth, by itself."""
    return np.bool_(node.value) if node.truth else np.float64(node.value)


def _row(ev: Evaluator, _index: int, node: pr.Node) -> Any:
    return ev.state.values[node.row]


def _dt(ev: Evaluator, _index: int, node: pr.Node) -> Any:
    turn = ev.turn - int(node.value)
    return np.float64(ev.program.clock.dt(turn) if turn >= 1 else 0.0)


def _normal(ev: Evaluator, _index: int, node: pr.Node) -> Any:
    state = ev.state
    key = ev.program.draws[node.draw].key
    return ar.normal_quantile(luck.uniform(state.seed, state.stream, state.lanes, ev.turn, key))


def _positive(ev: Evaluator, index: int, node: pr.Node) -> Any:
    value = ev.value(node.args[0])
    ev.taint(index, *node.args)
    ev.blame(index, value <= 0.0, "a number that must be above 0 is not")
    return value


def _unary(function: Callable[[Any], Any]) -> Operation:
    def operate(ev: Evaluator, index: int, node: pr.Node) -> Any:
        result = function(ev.value(node.args[0]))
        ev.taint(index, *node.args)
        return result

    return operate


def _binary(function: Callable[[Any, Any], Any]) -> Operation:
    def operate(ev: Evaluator, index: int, node: pr.Node) -> Any:
        left, right = node.args
        result = function(ev.value(left), ev.value(right))
        ev.taint(index, left, right)
        return result

    return operate


def _divide(ev: Evaluator, index: int, node: pr.Node) -> Any:
    above, below = (ev.value(argument) for argument in node.args)
    ev.taint(index, *node.args)
    ev.blame(index, below == 0.0, "division by zero")
    return above / below


def _sqrt(ev: Evaluator, index: int, node: pr.Node) -> Any:
    value = ev.value(node.args[0])
    ev.taint(index, *node.args)
    ev.blame(index, value < 0.0, "square root of a negative number")
    return np.sqrt(value)


def _log(ev: Evaluator, index: int, node: pr.Node) -> Any:
    value = ev.value(node.args[0])
    ev.taint(index, *node.args)
    ev.blame(index, value <= 0.0, "logarithm of a number not above 0")
    return ar.log(value)


def _power(ev: Evaluator, index: int, node: pr.Node) -> Any:
    base, exponent = (ev.value(argument) for argument in node.args)
    ev.taint(index, *node.args)
    ev.blame(index, _zero_to_negative(base, exponent), "0 to a negative power")
    ev.blame(index, _negative_to_broken(base, exponent), "a negative number to a broken power")
    return ar.power(base, exponent)


def _zero_to_negative(base: Any, exponent: Any) -> Any:
    return (base == 0.0) & (exponent < 0.0)


def _negative_to_broken(base: Any, exponent: Any) -> Any:
    return (base < 0.0) & (exponent != np.floor(exponent))


def powerless(base: Any, exponent: Any) -> Any:
    """Where there is no such power: of 0 to a negative one, or of a negative number to a broken one."""
    return _zero_to_negative(base, exponent) | _negative_to_broken(base, exponent)


def _and(ev: Evaluator, index: int, node: pr.Node) -> Any:
    left, right = node.args
    first = ev.value(left)
    ev.taint(index, left)
    if not anywhere(first):
        return first
    second = ev.value(right)
    ev.only_where(index, right, first)
    return first & second


def _or(ev: Evaluator, index: int, node: pr.Node) -> Any:
    left, right = node.args
    first = ev.value(left)
    ev.taint(index, left)
    if everywhere(first):
        return first
    second = ev.value(right)
    ev.only_where(index, right, ~first)
    return first | second


def _if(ev: Evaluator, index: int, node: pr.Node) -> Any:
    condition, then, otherwise = node.args
    chosen = ev.value(condition)
    ev.taint(index, condition)
    if everywhere(chosen):
        result = ev.value(then)
        ev.only_where(index, then, chosen)
        return result
    if not anywhere(chosen):
        result = ev.value(otherwise)
        ev.only_where(index, otherwise, ~chosen)
        return result
    result = np.where(chosen, ev.value(then), ev.value(otherwise))
    ev.only_where(index, then, chosen)
    ev.only_where(index, otherwise, ~chosen)
    return result


def _clamp(ev: Evaluator, index: int, node: pr.Node) -> Any:
    value, low, high = (ev.value(argument) for argument in node.args)
    ev.taint(index, *node.args)
    return np.where(value < low, low, np.where(value > high, high, value))


GREATEST: Final = float(np.finfo(np.float64).max)


def bounds(variable: pr.Variable) -> tuple[float, float]:
    """The least and the greatest finite value in a variable's range."""
    return max(variable.low, -GREATEST), min(variable.high, GREATEST)


def proper(values: Any, low: Any, high: Any) -> Any:
    """Where values are finite and within `bounds`: most are, and then nothing need be done."""
    return (values >= low) & (values <= high)


def clamped(values: Any, variable: pr.Variable) -> Any:
    """Values brought into a variable's range."""
    if variable.low != float("-inf"):
        values = np.where(values < variable.low, variable.low, values)
    if variable.high != float("inf"):
        values = np.where(values > variable.high, variable.high, values)
    return values


_OPERATIONS: Final[dict[str, Operation]] = {
    "const": lambda _ev, _index, node: stated(node),
    "row": _row,
    "elapsed": lambda ev, _index, _node: np.float64(ev.elapsed),
    "turn": lambda ev, _index, _node: np.float64(ev.turn),
    "dt": _dt,
    "since_turn": lambda ev, _index, node: np.bool_(ev.turn >= node.value),
    "normal": _normal,
    "positive": _positive,
    "float": _unary(lambda a: a.astype(np.float64)),
    "neg": _unary(lambda a: -a),
    "not": _unary(lambda a: ~a),
    "add": _binary(lambda a, b: a + b),
    "sub": _binary(lambda a, b: a - b),
    "mul": _binary(lambda a, b: a * b),
    "div": _divide,
    "pow": _power,
    "lt": _binary(lambda a, b: a < b),
    "le": _binary(lambda a, b: a <= b),
    "gt": _binary(lambda a, b: a > b),
    "ge": _binary(lambda a, b: a >= b),
    "eq": _binary(lambda a, b: a == b),
    "ne": _binary(lambda a, b: a != b),
    "and": _and,
    "or": _or,
    "if": _if,
    "abs": _unary(np.abs),
    "sqrt": _sqrt,
    "floor": _unary(np.floor),
    "ceil": _unary(np.ceil),
    "exp": _unary(ar.exp),
    "log": _log,
    "logistic": _unary(ar.logistic),
    "normal_share": _unary(ar.normal_share),
    "min": _binary(lambda a, b: np.where(b < a, b, a)),
    "max": _binary(lambda a, b: np.where(b > a, b, a)),
    "clamp": _clamp,
}
