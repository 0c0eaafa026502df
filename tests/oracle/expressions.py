"""Section 5 of the semantics: what an expression means where it stands.

Names, definitions, generators and what is settled beforehand are worked out once, where it stands;
what is left reads a moment of a run.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce
from itertools import pairwise
from typing import Any

from sim.scenario import expressions as tree
from sim.scenario.clock import parse_date, parse_duration
from tests.oracle import arithmetic
from tests.oracle.faults import Fault, Undefined
from tests.oracle.names import Scope, option_number
from tests.oracle.terms import Claim, Moment, Number, Quantity, Term, Truth, clamp, number, settled, truth


def read(node: tree.Expr, scope: Scope) -> Term:  # noqa: C901 - one case per kind of node
    match node:
        case tree.Number(value):
            return Quantity(lambda _: value)
        case tree.Truth(value):
            return settled(value)
        case tree.Name(name):
            return _name(name, (), scope)
        case tree.Index(name, keys):
            return _name(name, keys, scope)
        case tree.Negate(operand):
            inner = number(read(operand, scope))
            return Quantity(lambda moment: -inner(moment))
        case tree.Not(operand):
            return _not(read(operand, scope))
        case tree.Binary(operator, left, right):
            return _binary(BINARY[operator], number(read(left, scope)), number(read(right, scope)))
        case tree.Compare():
            return _compare(node, scope)
        case tree.Member(item, tag, negated):
            if tag not in scope.names.tags:
                raise Fault(f"there is no tag {tag}")
            return settled((scope.actor(item) in scope.names.tags[tag]) != negated)
        case tree.Logic(operator, operands):
            return _logic(operator == "or", operands, scope)
        case tree.Conditional(condition, then, otherwise):
            return _conditional(read(condition, scope), then, otherwise, scope)
        case tree.Call(function, arguments):
            return _call(function, arguments, scope)
        case tree.Reduce():
            return _reduce(node, scope)
        case tree.Text():
            raise Fault("a text stands alone")


def read_number(expression: tree.Expression, scope: Scope) -> Number:
    return number(read(expression.tree, scope))


def read_truth(expression: tree.Expression | None, scope: Scope) -> Truth:
    """The truth of a condition; one that is not there is true."""
    return truth(read(expression.tree, scope)) if expression else truth(settled(True))


def read_settled(node: tree.Expr, scope: Scope) -> bool:
    """The truth of a condition that must be settled before any run."""
    term = read(node, scope)
    if not isinstance(term, Claim) or term.settled is None:
        raise Fault("this condition is not settled before the run")
    return term.settled


# --- names --------------------------------------------------------------------------------------------------


def _name(name: str, keys: tuple[str, ...], scope: Scope) -> Term:
    if not keys and name in scope.takes:
        return Quantity(lambda moment: moment.given[name])
    if scope.start and (name == "elapsed" or name in scope.names.model.definitions):
        raise Fault(f"{name} is not known before the start")
    if not keys and name == "elapsed":
        return Quantity(lambda moment: scope.names.calendar.elapsed(moment.turn))
    variable = scope.variable(name, keys)
    if variable is not None:
        return _variable(variable, scope)
    model = scope.names.model
    if name in model.definitions:
        definition = model.definitions[name]
        return read(definition.value.tree, scope.within(definition, keys))
    row = f"{name}[{keys[0]}]" if keys else name
    if row in scope.names.parameters and len(keys) <= 1:
        return Quantity(lambda moment: moment.now[row])
    # reading: an outcome, and nothing else, can read an indicator by name.
    if name in model.indicators and not keys and scope.outcome:
        return Quantity(lambda moment: moment.now[name])
    raise Fault(f"there is no {row} here")


def _variable(row: str, scope: Scope) -> Term:
    if scope.start:
        raise Fault(f"{row} is not known before the start")
    if scope.eyes is not None:
        row = scope.names.seen.get(scope.eyes, {}).get(row, row)
    if scope.over_the_turn and row in scope.names.moving:
        scope.names.measured.add(row)
        row = f"mean[{row}]"
    return Quantity(lambda moment: moment.now[row])


# --- arithmetic ---------------------------------------------------------------------------------------------


def _divide(left: float, right: float) -> float:
    if right == 0:
        raise Undefined("a division by zero")
    return left / right


def _power(base: float, exponent: float) -> float:
    if base == 0 and exponent < 0:
        raise Undefined("zero to a negative power")
    if base < 0 and math.isfinite(exponent) and exponent != math.floor(exponent):
        raise Undefined("a negative number to a broken power")
    return arithmetic.power(base, exponent)


def _log(value: float) -> float:
    if not value > 0:
        raise Undefined(f"the logarithm of {value}")
    return arithmetic.log(value)


def _sqrt(value: float) -> float:
    if value < 0:
        raise Undefined(f"the square root of {value}")
    return math.sqrt(value)


def _floor(value: float) -> float:
    return float(math.floor(value)) if math.isfinite(value) else value


def _ceil(value: float) -> float:
    return float(math.ceil(value)) if math.isfinite(value) else value


BINARY: dict[str, Callable[[float, float], float]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _divide,
    "**": _power,
}
UNARY: dict[str, Callable[[float], float]] = {
    "abs": abs,
    "sqrt": _sqrt,
    "floor": _floor,
    "ceil": _ceil,
    "exp": arithmetic.exp,
    "log": _log,
    "logistic": arithmetic.logistic,
}


def _binary(operation: Callable[[float, float], float], left: Number, right: Number) -> Term:
    return Quantity(lambda moment: operation(left(moment), right(moment)))


def _add(left: float, right: float) -> float:
    return left + right


def _fold(function: str, parts: list[Number]) -> Term:
    """`sum`, `mean`, `min` or `max` as a left fold from the first."""
    if not parts:
        if function != "sum":
            raise Fault(f"the {function} of none")
        return Quantity(lambda _: 0.0)
    # Python's own min and max: the second where it is smaller, or greater, than the first.
    step: Callable[[float, float], float] = {"min": min, "max": max}.get(function, _add)
    count = float(len(parts))

    def value(moment: Moment) -> float:
        folded = reduce(step, [part(moment) for part in parts])
        return folded / count if function == "mean" else folded

    return Quantity(value)


# --- truth --------------------------------------------------------------------------------------------------


def _not(term: Term) -> Term:
    holds = truth(term)
    if isinstance(term, Claim) and term.settled is not None:
        return settled(not term.settled)
    return Claim(lambda moment: not holds(moment))


def _logic(stop: bool, operands: tuple[tree.Expr, ...], scope: Scope) -> Term:
    """`and` stops at the first that is false, `or` at the first that is true."""
    terms = []
    for operand in operands:
        terms.append(read(operand, scope))
        if isinstance(terms[-1], Claim) and terms[-1].settled is stop:
            break  # what stands behind is not read
    parts = [truth(term) for term in terms]
    known = [term.settled for term in terms if isinstance(term, Claim)]
    if stop in known[: known.index(None)] if None in known else stop in known:
        return settled(stop)
    if None not in known:
        return settled(not stop)
    if stop:
        return Claim(lambda moment: any(part(moment) for part in parts))
    return Claim(lambda moment: all(part(moment) for part in parts))


def _conditional(condition: Term, then: tree.Expr, otherwise: tree.Expr, scope: Scope) -> Term:
    holds = truth(condition)
    if isinstance(condition, Claim) and condition.settled is not None:
        return read(then if condition.settled else otherwise, scope)
    first, second = read(then, scope), read(otherwise, scope)
    if isinstance(first, Claim) and isinstance(second, Claim):
        yes, no = first.holds, second.holds
        return Claim(lambda moment: yes(moment) if holds(moment) else no(moment))
    one, other = number(first), number(second)
    return Quantity(lambda moment: one(moment) if holds(moment) else other(moment))


COMPARE: dict[str, Callable[[Any, Any], bool]] = {  # of numbers, or of ids of actors
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
}


def _compare(node: tree.Compare, scope: Scope) -> Term:
    """A chain holds if every neighbouring pair does."""
    operands = [node.first, *(operand for _, operand in node.rest)]
    actors = [_actor_named(operand, scope) for operand in operands]
    if any(actors):
        if not all(actors):
            raise Fault("actors are compared with actors")
        pairs = zip(pairwise(actors), node.rest, strict=True)
        return settled(all(COMPARE[operator](*pair) for pair, (operator, _) in pairs))
    values = [number(read(operand, scope)) for operand in operands]
    tests = [COMPARE[operator] for operator, _ in node.rest]

    def holds(moment: Moment) -> bool:
        # reading: as in Python, what stands after the first pair that fails is not evaluated.
        left = values[0](moment)
        for test, value in zip(tests, values[1:], strict=True):
            right = value(moment)
            if not test(left, right):
                return False
            left = right
        return True

    return Claim(holds)


def _actor_named(node: tree.Expr, scope: Scope) -> str | None:
    return scope.find_actor(node.id) if isinstance(node, tree.Name) else None


# --- functions ----------------------------------------------------------------------------------------------


def _call(function: str, arguments: tuple[tree.Expr, ...], scope: Scope) -> Term:
    match function, arguments:
        case ("min" | "max", (_, _, *_)) | ("sum" | "mean", (_, *_)):
            return _fold(function, [number(read(argument, scope)) for argument in arguments])
        case "clamp", (_, _, _):
            value, low, high = (number(read(argument, scope)) for argument in arguments)
            return Quantity(lambda moment: clamp(value(moment), low(moment), high(moment)))
        case "after", (tree.Text(text),):
            day = parse_date(text)
            if day is None:
                raise Fault(f"{text} is not a date")
            return Claim(lambda moment: scope.names.calendar.first_day(moment.turn) >= day)
        case "has", (tree.Name(actor), tree.Name(attribute)):
            return settled(scope.names.has(scope.actor(actor), attribute))
        case "lag", (tree.Name() | tree.Index() as of, tree.Text(text)):
            return _lag(of, _turns(text, scope), scope)
        case ("happened" | "times", (tree.Name(action), *rest)):
            return _acts(function, action, [_id(argument) for argument in rest], scope)
        case "recent", (tree.Name(action), *rest, tree.Text(text)):
            return _recent(action, [_id(argument) for argument in rest], _turns(text, scope), scope)
        case "holds", (tree.Name(actor), tree.Name(choice), tree.Name(option), *rest):
            return _standing(actor, choice, option, [_id(argument) for argument in rest], scope)
        case _, (operand,) if function in UNARY:
            inner, operation = number(read(operand, scope)), UNARY[function]
            return Quantity(lambda moment: operation(inner(moment)))
    if function in scope.names.readers and not scope.start:
        return scope.names.readers[function](arguments, scope)
    raise Fault(f"there is no such use of {function}()")


def _id(node: tree.Expr) -> str:
    if not isinstance(node, tree.Name):
        raise Fault("an actor is named here")
    return node.id


def _turns(text: str, scope: Scope) -> int:
    duration = parse_duration(text)
    if duration is None:
        raise Fault(f"{text} is not a duration")
    return scope.names.calendar.in_turns(duration)


def _lag(of: tree.Name | tree.Index, turns: int, scope: Scope) -> Term:
    row = scope.variable(of.name, of.keys) if isinstance(of, tree.Index) else scope.variable(of.id, ())
    if row is None or scope.start:
        raise Fault("only an attribute or a relation has a past")
    if turns == 0 and scope.over_the_turn and row in scope.names.moving:
        scope.names.measured.add(row)
    scope.names.ask(row, turns)
    return Quantity(lambda moment: moment.lagged(row, turns))


def _matching(kind: str, action: str, who: list[str], scope: Scope) -> list[str]:
    if action not in scope.names.model.actions:
        raise Fault(f"there is no action {action}")
    if len(who) not in (1, 2):
        raise Fault(f"{action} is asked about {len(who)} actors")
    actor, *rest = [name if name == "any" else scope.actor(name) for name in who]
    return scope.names.act_rows(kind, action, actor, rest[0] if rest else None)


def _acts(function: str, action: str, who: list[str], scope: Scope) -> Term:
    if function == "times":
        rows = _matching("times", action, who, scope)
        return Quantity(lambda moment: _total([moment.now[row] for row in rows]))
    rows = _matching("acts", action, who, scope)
    return Claim(lambda moment: any(moment.now[row] > 0 for row in rows))


def _recent(action: str, who: list[str], turns: int, scope: Scope) -> Term:
    rows = _matching("times", action, who, scope)
    for row in rows:
        scope.names.ask(row, turns)
    return Quantity(
        lambda moment: (
            _total([moment.now[row] for row in rows]) - _total([moment.lagged(row, turns) for row in rows])
        )
    )


def _total(values: list[float]) -> float:
    return reduce(_add, values) if values else 0.0


def _standing(actor: str, choice: str, option: str, bound: list[str], scope: Scope) -> Term:
    me = scope.actor(actor)
    row = scope.names.standing.get((me, choice, tuple(scope.actor(name) for name in bound)))
    model = scope.names.model
    policies = [model.policies[name] for name in model.actors[me].policy]
    found = [policy.choices[choice] for policy in policies if choice in policy.choices]
    if not found:  # rule D6
        idle = [model.policies[name] for name in scope.names.idle[me]]
        others = [policy.choices[choice] for policy in idle if choice in policy.choices]
        if others and option in others[0].options and len(bound) == len(others[0].for_):
            return Claim(lambda _: False)
    if row is None or not found or option not in found[0].options:
        raise Fault(f"{me} has no such choice or option: {choice}, {option}")
    wanted = option_number(found[0], option)
    return Claim(lambda moment: moment.now[row] == wanted)


# --- generators ---------------------------------------------------------------------------------------------


def _reduce(node: tree.Reduce, scope: Scope) -> Term:
    """`function(body for name in members if condition)`: one part per member, in order of id."""
    parts: list[Term] = []
    for actor in scope.members(node.members):
        inside = scope.binding(node.name, actor)
        if all(read_settled(condition, inside) for condition in node.conditions):
            parts.append(read(node.body, inside))
    if node.function not in ("any", "all", "count"):
        return _fold(node.function, [number(part) for part in parts])
    claims = [truth(part) for part in parts]
    if node.function == "count":
        return Quantity(lambda moment: float(sum([claim(moment) for claim in claims])))
    # reading: `any` and `all` stop, like `or` and `and`, at the first part that settles them.
    if node.function == "any":
        return Claim(lambda moment: any(claim(moment) for claim in claims))
    return Claim(lambda moment: all(claim(moment) for claim in claims))
