"""What moves by itself: perceptions (section 6, stage 2) and dynamics (section 9)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from sim.scenario.clock import Duration
from sim.scenario.expressions import Expression, Index, Name
from sim.scenario.models import Dynamics, Perception
from tests.oracle.arithmetic import exp
from tests.oracle.dates import PERIODS, years
from tests.oracle.draws import Draws
from tests.oracle.events import Event
from tests.oracle.expressions import read_number
from tests.oracle.faults import Fault, Undefined
from tests.oracle.names import Scope
from tests.oracle.terms import Moment, Number, clamp, finite
from tests.oracle.turns import Turn

LN2 = float.fromhex("0x1.62e42fefa39efp-1")
Ranges = Mapping[str, tuple[float, float]]


def variable(of: Expression, scope: Scope) -> str:
    """The row that a perception or a dynamics entry is `of`."""
    row = None
    if isinstance(of.tree, Name):
        row = scope.variable(of.tree.id, ())
    if isinstance(of.tree, Index):
        row = scope.variable(of.tree.name, of.tree.keys)
    if row is None:
        raise Fault(f"{of.text} is not an attribute or a relation")
    return row


def read_half_life(half_life: Duration | Expression, scope: Scope) -> Number:
    """Half-life in years."""
    if isinstance(half_life, Duration):
        length = years(half_life)
        return lambda _: length
    return read_number(half_life, scope)


def pull(half_life: Number, moment: Moment) -> float:
    """theta, the speed per year at which what is left halves in a half-life."""
    length = finite(half_life(moment), "half-life")
    if not length > 0:
        raise Undefined(f"the half-life is {length}")
    return LN2 / length


def spread(noise: Number, moment: Moment) -> float:
    value = finite(noise(moment), "noise")
    if value < 0:
        raise Undefined(f"the noise is {value}")
    return value


@dataclass(frozen=True)
class PerceptionHere:
    """A perception with its names bound. Noise and half-life are read as things are, not as seen."""

    event: Event
    row: str
    lag: int
    noise: Number | None
    half_life: Number | None

    def purposes(self) -> Iterator[str]:
        if self.noise is not None:
            yield "error"

    def start(self, moment: Moment, draws: Draws, ranges: Ranges) -> dict[str, float]:
        """Error and what is seen at turn 0."""
        error = 0.0
        if self.noise is not None:
            error = spread(self.noise, moment) * draws.z(0, self.event.purpose("error"))
        return self._rows(error, moment.now[self.row], ranges)

    def look(self, turn: Turn, ranges: Ranges) -> dict[str, float]:
        error = 0.0
        if self.noise is not None and self.half_life is not None:
            d = exp(-(pull(self.half_life, turn.moment) * turn.dt))
            before = turn.moment.now[self.event.row("error")]
            z = turn.draws.z(turn.number, self.event.purpose("error"))
            error = before * d + (spread(self.noise, turn.moment) * math.sqrt(1 - d * d)) * z
        return self._rows(error, turn.moment.lagged(self.row, self.lag), ranges)

    def _rows(self, error: float, true: float, ranges: Ranges) -> dict[str, float]:
        seen = finite(clamp(true + error, *ranges[self.row]), f"what {self.event.name} sees")
        return {self.event.row("error"): finite(error, "error"), self.event.row("seen"): seen}


def read_perception(event: Event, perception: Perception, scope: Scope) -> PerceptionHere:
    row = variable(perception.of, scope)
    lag = scope.names.calendar.in_turns(perception.lag) if perception.lag else 0
    scope.names.ask(row, lag)
    return PerceptionHere(
        event,
        row,
        lag,
        read_number(perception.noise, scope) if perception.noise else None,
        read_half_life(perception.half_life, scope) if perception.half_life else None,
    )


@dataclass(frozen=True)
class DynamicsHere:
    """A dynamics entry with its names bound."""

    event: Event
    entry: Dynamics
    row: str
    numbers: dict[str, Number]
    """`towards`, `half_life`, `growth`, `drift`, `noise`: those that the entry has."""

    def purposes(self) -> Iterator[str]:
        if "noise" in self.numbers:
            yield "noise"


def read_dynamics(event: Event, entry: Dynamics, scope: Scope) -> DynamicsHere:
    parts = {
        "towards": entry.towards,
        "growth": entry.growth.rate if entry.growth else None,
        "drift": entry.drift.rate if entry.drift else None,
        "noise": entry.noise,
    }
    numbers = {name: read_number(part, scope) for name, part in parts.items() if part is not None}
    if entry.half_life is not None:
        numbers["half_life"] = read_half_life(entry.half_life, scope)
    return DynamicsHere(event, entry, variable(entry.of, scope), numbers)


def move(row: str, entries: Sequence[DynamicsHere], turn: Turn, ranges: Ranges) -> float:
    """The new value of a variable after all its entries."""
    moment, dt = turn.moment, turn.dt
    x = moment.now[row]
    leading = [entry for entry in entries if "drift" not in entry.numbers]
    drifting = sorted(
        (entry for entry in entries if "drift" in entry.numbers), key=lambda entry: entry.event.key
    )
    if len(leading) > 1 or (drifting and any("growth" in entry.numbers for entry in leading)):
        raise Fault(f"{row} is moved in more than one way")
    lead = leading[0] if leading else None
    value, theta, d = x, 0.0, 1.0
    if lead is not None and "towards" in lead.numbers:
        theta = pull(lead.numbers["half_life"], moment)
        d = exp(-(theta * dt))
        m = lead.numbers["towards"](moment)
        value = m + (x - m) * d
    if lead is not None and lead.entry.growth is not None:
        rate = finite(lead.numbers["growth"](moment), f"{lead.event.name}: growth")
        value = x * exp((rate * PERIODS[lead.entry.growth.per]) * dt)
    if drifting:
        drift = reduce(lambda total, rate: total + rate, [drift_of(entry, moment) for entry in drifting])
        value = value + (drift * ((1 - d) / theta) if theta else drift * dt)
    if lead is not None and "noise" in lead.numbers:
        s = spread(lead.numbers["noise"], moment)
        z = turn.draws.z(turn.number, lead.event.purpose("noise"))
        width = math.sqrt((1 - d * d) / (2 * theta)) if theta else math.sqrt(dt)
        value = value + (s * width) * z
    return finite(clamp(value, *ranges[row]), row)


def drift_of(entry: DynamicsHere, moment: Moment) -> float:
    assert entry.entry.drift is not None
    return (
        finite(entry.numbers["drift"](moment), f"{entry.event.name}: drift") * PERIODS[entry.entry.drift.per]
    )
