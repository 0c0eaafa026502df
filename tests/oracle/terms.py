"""What an expression comes to: something that reads a moment of a run and gives a number or a truth value."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.oracle.faults import Fault, Undefined

Table = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Moment:
    """What there is to read while a stage runs."""

    turn: int
    now: Table
    """The state as it stood when the stage started."""
    past: Sequence[Table]
    """The states at the ends of turns 0, 1, 2 ... before this one."""
    given: Table = field(default_factory=dict)
    """The arguments of the action whose effects are worked out."""

    def lagged(self, row: str, turns: int) -> float:
        """The row at the end of the turn that lies `turns` back; turn 0's value before the start."""
        if turns == 0 or not self.past:
            return self.now[row]
        return self.past[max(self.turn - turns, 0)][row]


Number = Callable[[Moment], float]
Truth = Callable[[Moment], bool]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A term that is a number."""

    value: Number


@dataclass(frozen=True, slots=True)
class Claim:
    """A term that is true or false; `settled` if it is so in every run."""

    holds: Truth
    settled: bool | None = None


Term = Quantity | Claim


def settled(value: bool) -> Claim:
    return Claim(lambda _: value, value)


def number(term: Term) -> Number:
    """A truth value counts as 1 or 0."""
    if isinstance(term, Quantity):
        return term.value
    holds = term.holds
    return lambda moment: 1.0 if holds(moment) else 0.0


def truth(term: Term) -> Truth:
    if isinstance(term, Quantity):
        raise Fault("a number is not a truth value")
    return term.holds


def finite(value: float, what: str) -> float:
    """The value, if it may be used."""
    if not math.isfinite(value):
        raise Undefined(f"{what} is {value}")
    return value


def clamp(value: float, low: float, high: float) -> float:
    return low if value < low else min(value, high)
