"""How a believed number moves (K1 to K3), and what is believed before play."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from math import sqrt
from operator import add

from sim.scenario.clock import Duration
from sim.scenario.expressions import Expression
from sim.scenario.models import Members
from tests.oracle.arithmetic import LN2, exp
from tests.oracle.dates import Calendar, years
from tests.oracle.expressions import read_number, read_settled
from tests.oracle.faults import Fault, Undefined
from tests.oracle.names import Scope
from tests.oracle.terms import Moment, Number, clamp, finite


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that speaks for a value, in one turn of one run."""

    says: float
    weight: float


@dataclass(frozen=True)
class Prior:
    """What is believed before play, and how fast everything returns to it."""

    mean: Number
    spread: Number
    half_life: Number | None
    low: float
    high: float

    def first(self, moment: Moment) -> tuple[float, float]:
        return self._mean(moment), above_zero(finite(self.spread(moment), "a spread"), "a spread")

    def _mean(self, moment: Moment) -> float:
        return clamp(finite(self.mean(moment), "a mean"), self.low, self.high)

    def moved(
        self, found: tuple[float, float], heard: Sequence[Heard], moment: Moment, dt: float
    ) -> tuple[float, float]:
        """Mean and spread after a turn."""
        mean, spread = found
        if self.half_life is not None:
            theta = LN2 / above_zero(self.half_life(moment), "a half-life")
            d = exp(-(theta * dt))
            mean = self._mean(moment) + (mean - self._mean(moment)) * d
            spread = self.spread(moment) + (spread - self.spread(moment)) * d
        if heard:
            p = 1 / (spread * above_zero(spread, "a spread"))
            v = 1 / reduce(add, [each.weight for each in heard], p)
            moves = [(each.weight * v) * (each.says - mean) for each in heard]
            mean, spread = reduce(add, moves, mean), sqrt(v)
        return clamp(finite(mean, "a mean"), self.low, self.high), finite(spread, "a spread")


def above_zero(value: float, what: str) -> float:
    if not value > 0:
        raise Undefined(f"{what} is {value}")
    return value


def read_half_life(stated: Duration | Expression | None, scope: Scope) -> Number | None:
    if stated is None:
        return None
    if isinstance(stated, Duration):
        length = years(stated)
        return lambda _: length
    return read_number(stated, scope)


def time_before(calendar: Calendar, turn: int) -> float:
    """The years since beliefs last moved: dt'."""
    return calendar.dt(turn - 1) if turn > 1 else 0.0


def observers(members: Members | None, scope: Scope) -> Iterator[str]:
    """Who is meant, in order of id; `self` in a `where` is each in turn."""
    if members is None:
        yield from scope.names.actors
        return
    if members.other:
        raise Fault("there is nobody here whom they could be other than")
    listed = sorted({scope.actor(name) for name in members.listed})
    for actor in listed or scope.members(members.set):
        there = Scope(scope.names, actor, bound=scope.bound)
        if members.where is None or read_settled(members.where.tree, there):
            yield actor
