"""Sanctions regimes: what is in force, how senders and third parties choose (X1 to X8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import Any

from sim.scenario.expressions import Expression
from sim.scenario.models import Choice, Every, Option, StatusQuo
from sim.scenario.sanctions import Regime
from tests.oracle.arithmetic import exp
from tests.oracle.chambers import once_a_turn
from tests.oracle.choices import ChoiceHere, OptionHere, plain_choice
from tests.oracle.dates import PERIODS
from tests.oracle.deeds import Performed, read_deeds
from tests.oracle.events import Event
from tests.oracle.expressions import read_number, read_truth
from tests.oracle.names import Names, Scope, option_number
from tests.oracle.terms import Moment, Number, Truth, clamp

IMPOSE, PENALISE = 1.0, 1.0


def within_one(value: float) -> float:
    return clamp(value, 0.0, 1.0)


def not_below_zero(value: float) -> float:
    return 0.0 if value < 0 else value


@dataclass
class RegimeHere:
    """A regime with its names bound."""

    id: str
    regime: Regime
    names: Names
    senders: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    third: list[str] = field(default_factory=list)
    penalising: list[str] = field(default_factory=list)
    when: Truth = field(default=lambda _: True)
    severities: dict[str, tuple[Truth, Number]] = field(default_factory=dict)
    """By type, in order of the data base: when it holds, and how severe it then is."""

    @property
    def luck_id(self) -> str:
        return self.regime.luck_key or self.id

    def of_actor(self, actor: str, what: str, party: str = "") -> Event:
        bound = (("party", party), ("regime", self.id)) if party else (("regime", self.id),)
        about = f"party={party},regime={self.luck_id}" if party else f"regime={self.luck_id}"
        return Event(actor, what, what, bound, f"{actor}/{what}/{about}")

    def detects(self, party: str) -> Event:
        return Event(
            self.id, "detects", "detects", (("party", party),), f"{self.luck_id}/detects/party={party}"
        )

    def row(self, kind: str, *about: str) -> str:
        return f"{kind}[{'/'.join((self.id, *about))}]"

    @property
    def stances(self) -> list[str]:
        """The options of third parties, in order of id."""
        compliance = self.regime.compliance
        return ["comply", *(["defy"] if compliance and compliance.defy is not None else []), "evade"]

    def find(self) -> None:
        regime, names = self.regime, self.names
        self.senders, self.targets = names.parties(regime.senders), names.parties(regime.targets)
        self.third = names.parties(regime.third_parties)
        self.penalising = names.parties(regime.secondary.by) if regime.secondary else []

    def read(self) -> None:
        plain = Scope(self.names)
        self.when = read_truth(self.regime.when, plain)
        for kind in self.regime.measures.stated:
            measure = getattr(self.regime.measures, kind)
            self.severities[kind] = read_truth(measure.when, plain), read_number(measure.severity, plain)

    # --- what holds -----------------------------------------------------------------------------------------

    def imposes(self, sender: str, moment: Moment) -> bool:
        """X2."""
        if self.regime.imposing is None:
            return True
        return moment.now[self.of_actor(sender, "impose").row("standing")] == IMPOSE

    def stands(self, party: str, stance: str, moment: Moment) -> bool:
        if party not in self.third or stance not in self.stances:
            return False
        number = 1.0 + self.stances.index(stance)
        return moment.now[self.of_actor(party, "comply").row("standing")] == number

    def in_force(self, moment: Moment) -> bool:
        """X1."""
        return self.when(moment) and any(self.imposes(sender, moment) for sender in self.senders)

    def severity(self, kind: str, moment: Moment) -> float:
        when, severity = self.severities[kind]
        return within_one(severity(moment)) if self.in_force(moment) and when(moment) else 0.0

    def detection(self, party: str, *, eyes: bool, over_the_turn: bool = False) -> Number:
        """r * q, of what is so or of what the party sees."""
        stated = self.regime.detection
        if stated is None:
            return lambda _: 0.0
        scope = Scope(self.names, party, eyes=party if eyes else None, over_the_turn=over_the_turn)
        rate, monitor = read_number(stated.rate, scope), read_number(self.regime.monitor, scope)
        periods = PERIODS[stated.per]
        return lambda moment: not_below_zero(rate(moment) * periods) * within_one(monitor(moment))

    # --- choices --------------------------------------------------------------------------------------------

    def choices(self) -> Iterator[ChoiceHere]:
        """Of stage 3."""
        if self.regime.imposing is not None:
            yield from (self._imposing(sender) for sender in self.senders)
        if self.regime.compliance is not None:
            yield from (self._compliance(party) for party in self.third)
        for party in self.third:
            for sender in self.penalising:
                yield self._penalty(sender, party)

    def _imposing(self, sender: str) -> ChoiceHere:
        imposing, scope = self.regime.imposing, Scope(self.names, sender, eyes=sender)
        assert imposing is not None
        utilities = {key: read_number(getattr(imposing, key), scope) for key in ("impose", "lift")}
        choice = _choice(imposing.every, list(utilities), imposing.status_quo, imposing.initial)
        return _here(
            self.of_actor(sender, "impose"), choice, scope, imposing.temperature, utilities, lambda _: True
        )

    def _compliance(self, party: str) -> ChoiceHere:
        """X3 and X4."""
        compliance, scope = self.regime.compliance, Scope(self.names, party, eyes=party)
        assert compliance is not None
        caught, price = self.detection(party, eyes=True), self._price(party)
        comply, gain, penalty = (
            read_number(getattr(compliance, key), scope) for key in ("comply", "gain", "penalty")
        )
        utilities: dict[str, Number] = {
            "comply": comply,
            "evade": lambda moment: (
                (gain(moment) - ((1 - exp(-caught(moment))) * penalty(moment))) - price(moment)
            ),
        }
        if compliance.defy is not None:
            defy = read_number(compliance.defy, scope)
            utilities["defy"] = lambda moment: defy(moment) - price(moment)
        choice = _choice(compliance.every, list(utilities), compliance.status_quo, compliance.initial)
        event = self.of_actor(party, "comply")
        return _here(event, choice, scope, compliance.temperature, utilities, self.in_force)

    def _price(self, party: str) -> Number:
        """X8."""
        secondary = self.regime.secondary
        if secondary is None:
            return lambda _: 0.0
        costs = [
            (
                self.row("penalised", party, sender),
                read_number(secondary.cost, Scope(self.names, party, bound={"sender": sender}, eyes=party)),
            )
            for sender in self.penalising
        ]
        return lambda moment: reduce(add, [moment.now[row] * cost(moment) for row, cost in costs])

    def _penalty(self, sender: str, party: str) -> ChoiceHere:
        """X7."""
        secondary = self.regime.secondary
        assert secondary is not None
        scope = Scope(self.names, sender, bound={"party": party}, eyes=sender)
        utilities = {key: read_number(getattr(secondary, key), scope) for key in ("penalise", "spare")}
        choice = once_a_turn(dict.fromkeys(utilities, _plain()), None)
        plain = Scope(self.names, sender, bound={"party": party})
        deeds = read_deeds(secondary.penalised, plain) if secondary.penalised else ()
        detected, chosen = self.detects(party).row("fired"), self.of_actor(party, "comply").row("chosen")

        def gate(moment: Moment) -> bool:
            defied = "defy" in self.stances and moment.now[chosen] == 1.0 + self.stances.index("defy")
            called = moment.now[detected] > 0 or defied
            return called and self.in_force(moment) and self.imposes(sender, moment)

        event = self.of_actor(sender, "penalise", party)
        return _here(event, choice, scope, secondary.temperature, utilities, gate, {"penalise": deeds})


def _choice(every: Every, options: list[str], status_quo: StatusQuo | None, initial: str) -> Choice:
    parts: dict[str, Any] = {"every": every, "status_quo": status_quo, "initial": initial}
    return Choice.model_construct(several=False, options=dict.fromkeys(options, _plain()), **parts)


def _plain() -> Option:
    """An option whose utility stands elsewhere."""
    parts: dict[str, Any] = {}
    return Option.model_construct(**parts)


def _here(  # noqa: PLR0917 - all of a choice
    event: Event,
    choice: Choice,
    scope: Scope,
    temperature: Expression,
    utilities: dict[str, Number],
    when: Callable[[Moment], bool],
    deeds: dict[str, tuple[Performed, ...]] | None = None,
) -> ChoiceHere:
    done = deeds or {}
    options = tuple(
        OptionHere(name, option_number(choice, name), lambda _: True, utility, done.get(name, ()))
        for name, utility in sorted(utilities.items())
    )
    return plain_choice(event, choice, scope, temperature, when, options)
