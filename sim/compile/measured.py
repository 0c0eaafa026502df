"""Measured values: the figure of a fact must be the value, or a range around it, in a unit that converts.

Of a distribution the middle is held against the fact, and its ends against the fact's range if it gives one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel

from sim.compile.findings import Findings
from sim.compile.known_units import KnownUnits, unit_of
from sim.compile.quantities import believed, constant
from sim.evidence import Quantity as Figure
from sim.scenario.beliefs import Belief
from sim.scenario.distributions import Distribution
from sim.scenario.expressions import Expression
from sim.scenario.graded import Graded
from sim.scenario.load import PathOf, Scenario
from sim.scenario.models import Attribute, Definition, Indicator, Pair, Parameter, Relation, Start
from sim.text import Unit, quoted

_INFORMED: Final = "or 'informed'"
_CLOSE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class _Value:
    """A number of the file, or the ends of a distribution."""

    key: str
    """Where it stands below its part."""
    middle: float | None
    """None if it is worked out, and so no number that a fact could hold."""
    low: float
    high: float


def check_measured(
    path: PathOf, part: BaseModel, scenario: Scenario, known: KnownUnits, problems: Findings
) -> None:
    """Note every fact that a measured value cites, and that does not hold it."""
    if not isinstance(part, Graded) or part.measured is None:
        return
    value = _value(part)
    name = str(path[1] if isinstance(part, Pair) else path[-1])
    own = known(believed(name) if isinstance(part, Belief) else name)
    for index, cited in enumerate(part.measured):
        place = scenario.value_place(*path, "measured", index)
        figure = scenario.evidence.quantity(cited)
        if not scenario.evidence.citable(cited):  # told where the scenario was read
            continue
        if figure is None:
            problems.error(
                place,
                f"{quoted(cited)} holds no figure",
                f"a fact with a quantity, {_INFORMED}",
                code="measured",
            )
            continue
        if value is None:
            message = "only one number can be measured, and this is none"
            problems.error(place, message, f"a parameter that is measured, {_INFORMED}", code="measured")
            continue
        fact = unit_of(figure.unit or None)
        times = fact.times(own.unit) if own.firm else None
        if own.firm and times is None:
            problems.error(
                place,
                f"{quoted(cited)} {fact.predicate}, and this {own.unit.predicate}",
                f"'unit: {fact}', {_INFORMED}" if own.unit.is_pure else f"a fact in {own.unit}, {_INFORMED}",
                code="unit",
            )
        elif times is not None and (fault := _fault(value, figure, times, own.unit)):
            where = scenario.value_place(*path, value.key)
            message = f"{fault[0]}, and {quoted(cited)} holds {_shown(figure, times, own.unit)}"
            problems.error(where, message, f"{fault[1]}, {_INFORMED}", code="measured")


def _fault(value: _Value, figure: Figure, times: float, unit: Unit) -> tuple[str, str] | None:
    """What is wrong with a value, and what was expected in its place."""
    held = f"{figure.low * times:.6g}"
    if figure.low < figure.high:
        held = f"a number from {held} to {figure.high * times:.6g}"
    if value.middle is None:
        return "this is worked out", held
    if not _within(value.middle, figure, times):
        middle = "the middle of this is" if value.key == "distribution" else "this is"
        return f"{middle} {value.middle:.6g}{_after(unit)}", held
    ranging = figure.low < figure.high
    for end in (value.low, value.high) if ranging else ():
        if not _within(end, figure, times):
            return f"this reaches to {end:.6g}{_after(unit)}", f"{held} throughout"
    return None


def _within(number: float, figure: Figure, times: float) -> bool:
    low, high = figure.low * times, figure.high * times
    near = any(math.isclose(number, end, rel_tol=_CLOSE) for end in (low, high))
    return near or low <= number <= high


def _shown(figure: Figure, times: float, unit: Unit) -> str:
    low, high = f"{figure.low * times:.6g}", f"{figure.high * times:.6g}"
    return (low if low == high else f"{low} to {high}") + _after(unit)


def _after(unit: Unit) -> str:
    return "" if unit.is_pure else f" {unit}"


def _value(part: Graded) -> _Value | None:
    """The number of a part that has one."""
    match part:
        case Parameter(distribution=Distribution() as distribution):
            return _drawn(distribution)
        case Parameter(value=float() | int() as number):
            return _Value("value", number, number, number)
        case Attribute() | Start():
            return _written("initial", part.initial)
        case Pair() | Definition() | Indicator():
            return _written("value", part.value)
        case Relation():
            return _written("default", part.default)
        case Belief():
            return _written("mean", part.mean)
    return None


def _written(key: str, expression: Expression) -> _Value:
    number = constant(expression.tree)
    return _Value(key, number, number or 0.0, number or 0.0)


def _drawn(distribution: Distribution) -> _Value | None:
    """The middle of a distribution and its ends; None for shares, of which there are several."""
    numbers = distribution.numbers
    low, high = min(numbers), max(numbers)
    match distribution.family:
        case "normal" | "lognormal":
            middle, low, high = numbers[0], numbers[0], numbers[0]
        case "triangular" | "pert":
            middle = numbers[1]
        case "beta":
            alpha, beta, low, high = numbers
            middle = low + (high - low) * alpha / (alpha + beta)
        case "uniform":
            middle = (low + high) / 2
        case "discrete":
            weighed = zip(numbers, distribution.weights, strict=True)
            middle = sum(value * weight for value, weight in weighed) / sum(distribution.weights)
        case _:
            return None
    return _Value("distribution", middle, low, high)
