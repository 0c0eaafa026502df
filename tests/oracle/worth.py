"""Section Q of the rules of adjudication: what an option is worth before luck, and the luck of nests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.scenario.choice import Nest, Reference, ValueFunction
from sim.scenario.models import Choice, Option
from tests.oracle.arithmetic import exp, log, power, sin_pi
from tests.oracle.events import Event
from tests.oracle.expressions import read_number
from tests.oracle.faults import Fault, Undefined
from tests.oracle.movement import LN2, read_half_life
from tests.oracle.names import Scope
from tests.oracle.terms import Moment, Number, finite


@dataclass(frozen=True, slots=True)
class ReferenceHere:
    """A quantity of a choice whose gains and losses count."""

    row: str
    of: Number
    half_life: Number
    weight: Number

    def start(self, moment: Moment) -> float:
        return finite(self.of(moment), self.row)

    def adapt(self, moment: Moment, dt: float) -> float:
        """Q6."""
        length = finite(self.half_life(moment), f"half-life of {self.row}")
        if not length > 0:
            raise Undefined(f"the half-life of {self.row} is {length}")
        theta = LN2 / length
        d = exp(-(theta * dt))
        m = finite(self.of(moment), self.row)
        return finite(m + (moment.now[self.row] - m) * d, self.row)


def read_references(event: Event, choice: Choice, scope: Scope) -> dict[str, ReferenceHere]:
    expected = {quantity for option in choice.options.values() for quantity in option.expects}
    if expected != choice.reference.keys():
        raise Fault(f"{event.name}: what is expected is not what has a reference point")

    def here(quantity: str, part: Reference) -> ReferenceHere:
        row = f"reference[{event.owner}/{event.name}, {quantity}]"
        of, weight = read_number(part.of, scope), read_number(part.weight, scope)
        return ReferenceHere(row, of, read_half_life(part.half_life, scope), weight)

    return {quantity: here(quantity, choice.reference[quantity]) for quantity in sorted(choice.reference)}


@dataclass(frozen=True, slots=True)
class ValueFunctionHere:
    aversion: Number
    gains: Number
    losses: Number

    def numbers(self, moment: Moment) -> tuple[float, float, float]:
        aversion = finite(self.aversion(moment), "aversion")
        gains, losses = finite(self.gains(moment), "gains"), finite(self.losses(moment), "losses")
        if aversion < 0 or gains <= 0 or losses <= 0:
            raise Undefined(f"the value function has {aversion}, {gains} and {losses}")
        return aversion, gains, losses


def read_value_function(part: ValueFunction | None, scope: Scope) -> ValueFunctionHere:
    given = part or ValueFunction()
    parts = (given.aversion, given.gains, given.losses)
    return ValueFunctionHere(*(read_number(number, scope) for number in parts))


def read_expected(option: Option, scope: Scope) -> dict[str, Number]:
    return {quantity: read_number(value, scope) for quantity, value in option.expects.items()}


def prospects(
    references: Mapping[str, ReferenceHere],
    expected: Mapping[str, Number],
    felt: tuple[float, float, float],
    moment: Moment,
) -> list[float]:
    """Of each quantity, in order of id."""
    aversion, gains, losses = felt
    terms = []
    for quantity in sorted(references):
        reference = references[quantity]
        weight = reference.weight(moment)
        number = expected.get(quantity, reference.of)  # Q9
        x = number(moment) - moment.now[reference.row]  # Q5
        if weight < 0:  # Q10
            x = -x
        v = -(aversion * power(-x, losses)) if x < 0 else power(x, gains)  # Q7, Q8
        terms.append(abs(weight) * v)
    return terms


# --- nests --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NestHere:
    id: str
    options: frozenset[str]
    scale: Number

    def luck(self, moment: Moment, u: float, v: float) -> tuple[float, float]:
        """L and S of Q4."""
        scale = finite(self.scale(moment), f"scale of {self.id}")
        if not 0 < scale <= 1:
            raise Undefined(f"the scale of {self.id} is {scale}")
        if scale == 1:
            return scale, 0.0
        g = -log(-log(u))
        s = ((1 - scale) * log(sin_pi((1 - scale) * v))) + (scale * log(sin_pi(scale * v)))
        s = s - log(sin_pi(v))
        return scale, s + (1 - scale) * g


def read_nests(choice: Choice, scope: Scope) -> tuple[NestHere, ...]:
    def here(name: str, nest: Nest) -> NestHere:
        return NestHere(name, frozenset(nest.options), read_number(nest.scale, scope))

    held = [option for nest in choice.nests.values() for option in nest.options] + list(choice.alone)
    if choice.nests and sorted(held) != sorted(choice.options):
        raise Fault("each option stands in one nest, or alone")
    return tuple(here(name, choice.nests[name]) for name in sorted(choice.nests))
