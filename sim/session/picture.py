"""Where the domain stands in a moment of a game: pacts, sanctions, deliveries, pairs of actors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from sim.compile import Program
from sim.session.line import Moment
from sim.text import printable

_STATES: Final = ("not yet signed", "signed", "in force", "suspended", "ended")
"""As `status` rows count them."""
_BINDING: Final = ("signed", "in force", "suspended")
_LEVELS: Final = ("", "none", "threat", "display of force", "use of force", "war")
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
    notice: int
    """Turns until it ends, once notice was given; 0 without."""
    parties: tuple[str, ...]


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
    """So far, as `delivered`."""
    delivered: float
    under_way: float
    stock: float
    """What its sender has left."""
    sender: str
    receiver: str


@dataclass(frozen=True, slots=True)
class Link:
    """What ties two actors, or sets them against each other."""

    kind: str
    """One of `KINDS`."""
    one: str
    other: str
    told: str
    row: str
    """What can be asked about."""


KINDS: Final = ("hostility", "sanctions", "flow", "alliance")
"""Of links, those that are drawn over the others last."""


def pacts(moment: Moment) -> Iterator[PactState]:
    """Every commitment, in the order of the scenario."""
    scenario = moment.program.scenario
    for id_, pact in ({} if scenario is None else scenario.model.commitments).items():
        status = _value(moment, f"status[{id_}]")
        if status is None:
            continue
        state = _STATES[int(status)]
        notice = _value(moment, f"notice[{id_}]")
        running = int(notice) if notice and int(status) == _RUNNING else 0
        called, honoured, hedged, defected = (
            int(_total(moment, kind, f"{id_}.")) for kind in ("calls", "honoured", "hedged", "defected")
        )
        title = printable(pact.title or id_.replace("_", " "))
        yield PactState(id_, title, state, called, honoured, hedged, defected, running, tuple(pact.parties))


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
            sent, delivered, under_way = (value or 0.0 for value in values)
            title = printable(flow.title or id_.replace("_", " "))
            stock = _value(moment, f"{flow.item}[{flow.from_}]") or 0.0
            yield FlowState(id_, title, sent, delivered, under_way, stock, flow.from_, flow.to)


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


def crises(moment: Moment) -> dict[tuple[str, str], int]:
    """Pairs in crisis, with the number of rounds in which their decisions come up in the next turn."""
    crisis = moment.program.crisis
    turn = min(moment.state.turn + 1, moment.program.turns)
    found = {}
    for (one, other), value in pairs(moment, "crisis").items():
        if value > 0 and one < other:
            found[one, other] = 1 if crisis is None else crisis.counts[turn]
    return found


def links(moment: Moment) -> tuple[Link, ...]:
    """Everything between two actors: hostility above none, sanctions, flows, commitments that bind."""
    found = [
        Link("hostility", one, other, _LEVELS[level], _either(moment, "hostility", one, other))
        for (one, other), level in sorted(ladder(moment).items())
    ]
    scenario = moment.program.scenario
    regimes_of = {} if scenario is None else scenario.model.sanctions
    for regime in regimes(moment):
        senders = regimes_of[regime.id].senders if regime.id in regimes_of else ()
        row = f"leakage[{regime.id}/{regime.target}]"
        told = f"{regime.title}: bites {regime.bite:.2f}"
        found += [Link("sanctions", one, regime.target, told, row) for one in _members(moment, senders)]
    found += [
        Link("flow", flow.sender, flow.receiver, flow.title, f"delivered[{flow.id}]")
        for flow in flows(moment)
    ]
    for pact in pacts(moment):
        if pact.state in _BINDING:
            parties = _members(moment, pact.parties)
            found += [
                Link("alliance", one, other, f"{pact.title}, {pact.state}", f"status[{pact.id}]")
                for index, one in enumerate(parties)
                for other in parties[index + 1 :]
            ]
    return tuple(link for link in found if link.one != link.other)


def _members(moment: Moment, parties: Iterable[str]) -> list[str]:
    """Actors, in order of id, that are named or belong to a tag that is."""
    named = set(parties)
    scenario = moment.program.scenario
    tags = {} if scenario is None else {id_: actor.tags for id_, actor in scenario.model.actors.items()}
    return sorted(name for name in moment.program.names if name in named or named & set(tags.get(name, ())))


def _either(moment: Moment, kind: str, one: str, other: str) -> str:
    """The row of a pair, whichever way round it is kept."""
    name = f"{kind}[{one}, {other}]"
    return name if name in moment.program.rows else f"{kind}[{other}, {one}]"


def _value(moment: Moment, name: str) -> float | None:
    row = moment.program.rows.get(name)
    return None if row is None else float(moment.state.values[row, 0])


def _total(moment: Moment, kind: str, begins: str) -> float:
    """The sum of rows of a kind that begin so, in order of name."""
    total = 0.0
    for row in _beginning(moment.program, kind, begins):
        total += float(moment.state.values[row, 0])
    return total


_begun: WeakKeyDictionary[Program, dict[tuple[str, str], tuple[int, ...]]] = WeakKeyDictionary()


def _beginning(program: Program, kind: str, begins: str) -> tuple[int, ...]:
    """Rows of a kind that begin so; looked for once, since a screen asks for them all the time."""
    known = _begun.setdefault(program, {})
    if (kind, begins) not in known:
        start = f"{kind}[{begins}"
        known[kind, begins] = tuple(row for name, row in program.rows.items() if name.startswith(start))
    return known[kind, begins]
