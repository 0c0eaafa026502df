"""Section 7 of the semantics: injects, and decisions of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.scenario.models import Inject
from tests.oracle.adjudicate import Decided, Done, arguments
from tests.oracle.choices import ChoiceHere
from tests.oracle.deeds import Performed, read_deeds
from tests.oracle.events import Event
from tests.oracle.expressions import read_number, read_truth
from tests.oracle.names import Scope
from tests.oracle.rules import RuleHere
from tests.oracle.terms import Number, Truth, finite
from tests.oracle.turns import Turn


@dataclass(frozen=True)
class InjectHere:
    event: Event
    inject: Inject
    when: Truth
    probability: Number | None
    deeds: tuple[Performed, ...]

    def purposes(self) -> Iterator[str]:
        if self.probability is not None:
            yield "happens"

    def rows(self) -> Iterator[tuple[str, float]]:
        yield self.event.row("fired"), 0.0

    def decide(self, turn: Turn, order: str | None) -> Decided:
        fires = self._happens(turn) if order is None else order == "do"
        writes = {self.event.row("fired"): float(fires)}
        if not fires:
            return Decided(writes)
        return Decided(writes, (Done(self.event.key, "", self.deeds, arguments(self.deeds, turn.moment)),))

    def _happens(self, turn: Turn) -> bool:
        if not turn.calendar.covers(turn.number, self.inject.at) or not self.when(turn.moment):
            return False
        if self.probability is None:
            return True
        return turn.u(self.event, "happens") < finite(self.probability(turn.moment), "probability")


def read_inject(event: Event, inject: Inject, scope: Scope) -> InjectHere:
    return InjectHere(
        event,
        inject,
        read_truth(inject.when, scope),
        read_number(inject.probability, scope) if inject.probability else None,
        read_deeds(inject, scope),
    )


DecisionHere = RuleHere | ChoiceHere | InjectHere
