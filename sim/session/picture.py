"""Where the domain stands in a moment of a game: pacts, sanctions, deliveries, pairs of actors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sim.session.line import Moment
from sim.text import printable

_STATES: Final = ("not yet signed", "signed", "in force", "suspended", "ended")
"""As `status` rows count them."""
_RUNNING: Final = 2
"""From here on a notice may run."""


@dataclass(frozen=True, slots=True)
class PactState:
    """A commitment, and what came of it so far."""

    id: str
    title: str
    state: str
    called: int
    """Calls on any of its articles."""
    honoured: int
    hedged: int
    defected: int


@dataclass(frozen=True, slots=True)
class RegimeState:
    """Sanctions on one target."""

    id: str
    title: str
    target: str
    bite: float
    """Of all measures together."""
    leakage: float


@dataclass(frozen=True, slots=True)
class FlowState:
    """What one actor sends to another."""

    id: str
    title: str
    sent: float
    """This turn."""
    delivered: float
    """This turn."""
    under_way: float


def pacts(moment: Moment) -> Iterator[PactState]:
    """Every commitment, in the order of the scenario."""
    scenario = moment.program.scenario
    for id_, pact in ({} if scenario is None else scenario.model.commitments).items():
        status = _value(moment, f"status[{id_}]")
        if status is None:
            continue
        state = _STATES[int(status)]
        notice = _value(moment, f"notice[{id_}]")
        if notice and int(status) == _RUNNING:
            state += ", notice running"
        counts = [
            int(_total(moment, kind, f"{id_}.")) for kind in ("calls", "honoured", "hedged", "defected")
        ]
        yield PactState(id_, printable(pact.title or id_.replace("_", " ")), state, *counts)


def regimes(moment: Moment) -> Iterator[RegimeState]:
    """Every regime of sanctions and target, in order of id."""
    for name in moment.program.rows:
        kind, _, rest = name.partition("[")
        if kind == "leakage":
            id_, _, target = rest.removesuffix("]").partition("/")
            title = printable(moment.program.offices.get(id_) or id_.replace("_", " "))
            bite = _total(moment, "bite", f"{id_}/{target}/")
            yield RegimeState(id_, title, target, bite, _value(moment, name) or 0.0)


def flows(moment: Moment) -> Iterator[FlowState]:
    """Every flow, in order of id."""
    scenario = moment.program.scenario
    for id_, flow in sorted(({} if scenario is None else scenario.model.flows).items()):
        values = [_value(moment, f"{kind}[{id_}]") for kind in ("sent", "delivered", "transit")]
        if values[0] is not None:
            title = printable(flow.title or id_.replace("_", " "))
            yield FlowState(id_, title, *(value or 0.0 for value in values))


def pairs(moment: Moment, relation: str) -> dict[tuple[str, str], float]:
    """Values of a relation by pair of actors, both ways round where it is symmetric; empty without it."""
    found: dict[tuple[str, str], float] = {}
    names = sorted(moment.program.names)
    for one in names:
        for other in names:
            value = _value(moment, f"{relation}[{one}, {other}]")
            if value is not None:
                found[one, other] = value
                found.setdefault((other, one), value)
    return found


def ladder(moment: Moment) -> dict[tuple[str, str], int]:
    """Levels of hostility as COW counts them (1 none, 2 threat, 3 display, 4 use of force, 5 war), by pair,
    the higher of the two directions; of pairs that have one above 1.
    """
    found: dict[tuple[str, str], int] = {}
    for (one, other), level in pairs(moment, "hostility").items():
        key = (min(one, other), max(one, other))
        if level > 1:
            found[key] = max(found.get(key, 0), int(level))
    return found


def _value(moment: Moment, name: str) -> float | None:
    row = moment.program.rows.get(name)
    return None if row is None else float(moment.state.values[row, 0])


def _total(moment: Moment, kind: str, begins: str) -> float:
    """The sum of rows of a kind that begin so, in order of name."""
    total = 0.0
    for name, row in moment.program.rows.items():
        if name.startswith(f"{kind}[{begins}"):
            total += float(moment.state.values[row, 0])
    return total
