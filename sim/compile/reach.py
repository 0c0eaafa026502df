"""What every variable and every expression of a Program can come to, in all runs and turns of any seed.

Starts from what the variables begin with and takes in all that decisions and movements can do to them, until
nothing new comes in. What cannot come about has no part in it: a rule whose gate never opens changes nothing,
and may so keep others shut. Decisions taken by order are left out: this says what happens by itself. And a
parameter with a fixed value is there to be changed: it may be anything in its range.

Sound, not complete (see `sim.compile.intervals`): additions are taken to go on until the end of a range, and
variables are taken to be independent of each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import reduce
from typing import Final

from sim.compile import intervals as iv
from sim.compile import program as pr
from sim.compile.bounds import Reach
from sim.compile.intervals import Interval
from sim.compile.tidy import ROW_FIELDS, of_program
from sim.scenario.distributions import Distribution

_PRECISE_ROUNDS: Final = 4
"""After so many rounds a bound that still moves is taken to move to the end of its range."""
_CHANGES: Final = 7
"""How often a row changes after that at most: each bound twice, each flag and the set of values once."""
_SLOWEST: Final = 1e9
"""Turns of a half-life up to which a decay brings a value nearer in doubles, too."""
_SUPPORT_ROOM: Final = 1e-8
"""Quantiles are near their true values (nine digits, where they come from scipy)."""


def reach(program: pr.Program) -> Reach:
    """What can come about from the first turn to the last."""
    return _Growing(program).whole()


def support(distribution: Distribution) -> Interval:
    """Where a distribution's values lie; of a Dirichlet, those of each component."""
    numbers = distribution.numbers
    match distribution.family:
        case "uniform":
            low, high = numbers
        case "triangular" | "pert":
            low, _, high = numbers
        case "beta":
            _, _, low, high = numbers
        case "discrete":
            pairs = zip(numbers, distribution.weights, strict=True)
            return iv.among(value for value, weight in pairs if weight > 0.0)
        case "dirichlet":
            low, high = 0.0, 1.0
        case "normal":
            mean, deviation = numbers
            low, high = (-math.inf, math.inf) if deviation > 0.0 else (mean, mean)
        case _:  # lognormal
            median, sigma = numbers
            low, high = (0.0, math.inf) if sigma > 0.0 else (median, median)
    return iv.between(low, high)


_KNOWN: Final = frozenset(
    "variables nodes parameters initials injects events perceptions rules choices movements indicators"
    " outcomes memories crisis incidents stages".split()
)
"""Tables of a Program whose doings are followed here."""


def rows_of_other_tables(program: pr.Program) -> frozenset[int]:
    """Rows that tables name which are not followed here: anything may become of them."""
    found: set[int] = set()
    for table in fields(program):
        if table.name not in _KNOWN:
            _collect(getattr(program, table.name), found)
    return frozenset(found)


def _collect(thing: object, found: set[int]) -> None:
    """Row numbers in a record and the records below it."""
    if isinstance(thing, tuple):
        for item in thing:
            _collect(item, found)
    for name in ROW_FIELDS.get(type(thing), ()):
        value = getattr(thing, name)
        rows = value if isinstance(value, tuple) else (value,)
        found.update(row for row in rows if row is not None and row >= 0)
    if is_dataclass(thing) and of_program(thing):
        for field in fields(thing):
            _collect(getattr(thing, field.name), found)


class _Growing:
    """Lets the bounds of all rows grow until nothing new comes in."""

    def __init__(self, program: pr.Program) -> None:
        self._program = program
        self._rows = [iv.point(0.0)] * len(program.variables)

    def whole(self) -> Reach:
        self._begin()
        turn = 0
        while self._grow(self._now(), wide=turn >= _PRECISE_ROUNDS):
            turn += 1
            if turn > _PRECISE_ROUNDS + _CHANGES * len(self._rows):
                raise AssertionError("the bounds never stop growing")
        return self._now()

    def _now(self) -> Reach:
        return Reach(self._program, tuple(self._rows), 1, self._program.turns)

    def _begin(self) -> None:
        program = self._program
        for parameter in program.parameters:
            if parameter.distribution is None:
                value = iv.between(-math.inf, math.inf)
            else:
                value = support(parameter.distribution).wider(_SUPPORT_ROOM)
            for row in parameter.rows:
                self._rows[row] = self._stored(row, value)
        start = self._now()
        for initial in program.initials:
            self._rows[initial.row] = self._stored(initial.row, start.node(initial.node))
        for choice in program.choices:
            self._rows[choice.standing] = iv.point(choice.initial)
        for perception in program.perceptions:
            if perception.noise is not None:
                self._rows[perception.error] = iv.between(-math.inf, math.inf)
            self._rows[perception.seen] = self._seen(perception)
        for memory in program.memories:
            for row in memory.rows:
                self._rows[row] = self._rows[memory.row]
        for outcome in program.outcomes:
            self._rows[outcome.row] = iv.between(0.0, float(program.turns))
        for row in rows_of_other_tables(program):
            variable = program.variables[row]
            self._rows[row] = iv.between(variable.low, variable.high)

    def _stored(self, row: int, value: Interval) -> Interval:
        """What of a value can stand in a variable: within its range, and finite."""
        variable = self._program.variables[row]
        return replace(value.clamped(variable.low, variable.high), infinite=False, nan=False)

    def _grow(self, now: Reach, *, wide: bool) -> bool:
        """Take in what can happen on what is known; whether anything was new."""
        grown = False
        for row, value in self._consequences(now):
            old = self._rows[row]
            new = old.joined(value)
            if new != old:
                grown = True
                self._rows[row] = self._widened(row, old, new) if wide else new
        return grown

    def _widened(self, row: int, old: Interval, new: Interval) -> Interval:
        """To the ends of the variable's range, or beyond it (an indicator is not held in one) to no end: each
        bound gives way twice at most, so that growing ends.
        """
        variable = self._program.variables[row]
        low, high = old.low, old.high
        if new.low < low:
            low = variable.low if new.low >= variable.low else -math.inf
        if new.high > high:
            high = variable.high if new.high <= variable.high else math.inf
        return Interval(low, high, new.infinite, new.nan)

    def _consequences(self, now: Reach) -> Iterator[tuple[int, Interval]]:
        program = self._program
        stages: tuple[tuple[pr.Decision, ...], ...] = (
            (*program.injects, *program.events),
            (*program.rules, *program.choices),
            *(step.decisions for step in program.stages.passes()),
        )
        for stage in stages:
            for decision in stage:
                yield from self._recorded(now, decision)
            yield from self._effects(now, list(self._doings(now, stage)))
        from_the_start, opening = now.during(0, program.turns), set(program.stages.opening)
        for step in program.stages.passes():
            then = from_the_start if step in opening else now
            for assignment in step.assignments:
                yield assignment.row, self._stored(assignment.row, then.node(assignment.node))
        for incident in program.incidents:
            yield incident.row, iv.among([0.0, *incident.levels])
        for movement in program.movements:
            yield movement.row, self._stored(movement.row, self._moved(now, movement))
        for perception in program.perceptions:
            yield perception.seen, self._seen(perception)
        for memory in program.memories:
            for row in memory.rows:
                yield row, self._rows[memory.row]
        for indicator in program.indicators:
            yield indicator.row, replace(now.node(indicator.node), infinite=False, nan=False)

    # Decisions

    def _recorded(self, now: Reach, decision: pr.Decision) -> Iterator[tuple[int, Interval]]:
        """Rows that say what was decided."""
        if isinstance(decision, pr.Choice):
            options = [index + 1.0 for index, can in enumerate(now.chosen(decision)) if can]
            yield decision.chosen, iv.among([0.0, *options])
            if options:
                yield decision.standing, iv.among(options)
            return
        if decision.campaign is not None and now.node(decision.campaign.starts).high > 0.0:
            yield decision.campaign.row, iv.EITHER
        if now.fires(decision):
            yield decision.fired, iv.between(0.0, math.inf) if decision.kind == "count" else iv.EITHER
            if decision.ever is not None:
                yield decision.ever, iv.EITHER

    def _doings(self, now: Reach, stage: Iterable[pr.Decision]) -> Iterator[pr.Doings]:
        """What can be done."""
        for decision in stage:
            if isinstance(decision, pr.Choice):
                for option, can in zip(decision.options, now.chosen(decision), strict=True):
                    if can:
                        yield from option.doings
            elif now.fires(decision):
                yield decision.doings

    def _effects(self, now: Reach, doings: list[pr.Doings]) -> Iterator[tuple[int, Interval]]:
        for done in doings:
            for deed in done.deeds:
                yield deed.acts, iv.between(0.0, math.inf)
                yield deed.times, iv.between(0.0, math.inf)
            for effect in done.effects:
                value = now.node(effect.value)
                if effect.operator == "=":
                    yield effect.row, self._stored(effect.row, value)
                else:
                    value = value if effect.operator == "+=" else iv.negative(value)
                    yield effect.row, self._pushed(effect.row, self._rows[effect.row], value)

    def _pushed(self, row: int, base: Interval, change: Interval) -> Interval:
        """A value to which something is added, any number of times: it may go to the end of its range."""
        variable = self._program.variables[row]
        if change.high > 0.0 or change.nan:
            base = Interval(base.low, max(base.high, variable.high))
        if change.low < 0.0 or change.nan:
            base = Interval(min(base.low, variable.low), base.high)
        return base

    # What moves by itself

    def _moved(self, now: Reach, movement: pr.Movement) -> Interval:
        row = movement.row
        value = self._rows[row]
        if movement.towards is not None and movement.half_life is not None:
            value = self._drawn_in(now, row, value, movement.towards, movement.half_life)
        elif movement.growth is not None:
            value = self._grown(row, value, now.node(movement.growth))
        if movement.drifts:
            value = self._pushed(row, value, reduce(iv.plus, map(now.node, movement.drifts)))
        if movement.noise is not None and now.node(movement.noise).high > 0.0:
            variable = self._program.variables[row]
            value = Interval(variable.low, variable.high)
        return value

    def _drawn_in(self, now: Reach, row: int, value: Interval, towards: int, half_life: int) -> Interval:
        """Between where it is and where it goes."""
        shortest = min(self._program.clock.dt(turn) for turn in range(1, self._program.turns + 1))
        if not now.node(half_life).high < _SLOWEST * shortest:
            variable = self._program.variables[row]
            return Interval(variable.low, variable.high)
        joined = value.joined(now.node(towards))
        return joined if joined.one else replace(joined, values=None)

    def _grown(self, row: int, value: Interval, rate: Interval) -> Interval:
        """Growth never changes a sign."""
        variable = self._program.variables[row]
        low, high = value.low, value.high
        if rate.high > 0.0:  # away from 0
            low = min(low, variable.low) if low < 0.0 else low
            high = max(high, variable.high) if high > 0.0 else high
        if rate.low < 0.0:  # towards 0
            low, high = min(low, 0.0), max(high, 0.0)
        return value if (low, high) == (value.low, value.high) == (0.0, 0.0) else Interval(low, high)

    def _seen(self, perception: pr.Perception) -> Interval:
        variable = self._program.variables[perception.seen]
        if perception.noise is not None:
            return Interval(variable.low, variable.high)
        return self._rows[perception.of].joined(self._rows[perception.source])
