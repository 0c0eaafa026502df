"""From an attack to a call (C7 to C14, C22, C24)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.scenario.expressions import Expression
from tests.oracle.arithmetic import log
from tests.oracle.disputes import FORCE, LEVEL, Disputes, State, attack_of
from tests.oracle.draws import Draws
from tests.oracle.expressions import read_number
from tests.oracle.faults import Undefined
from tests.oracle.lives import Lives
from tests.oracle.names import Names, Scope
from tests.oracle.owed import Claim, Owed
from tests.oracle.terms import Moment, Number, finite

Orders = Mapping[tuple[str, str], str]
"""(actor, decision): option, of one turn."""


@dataclass(frozen=True, slots=True)
class Told:
    """What decisions of stage 5 are made with."""

    draws: Draws
    orders: Orders


def number_or(expression: Expression | None, scope: Scope, otherwise: float, what: str) -> Number:
    if expression is None:
        return lambda _: otherwise
    value = read_number(expression, scope)
    return lambda moment: finite(value(moment), what)


def scored(utility: float, heat: float, u: float) -> float:
    if heat < 0:
        raise Undefined(f"the temperature is {heat}")
    return utility + heat * (-log(-log(u)))


@dataclass
class Claims:
    """Events, calls, and whether claims are recognised."""

    names: Names
    disputes: Disputes
    lives: Lives
    all: list[Claim] = field(default_factory=list)
    worth: dict[Claim, Number] = field(default_factory=dict)
    """What it is worth to call."""
    heat: dict[Claim, Number] = field(default_factory=dict)
    chances: dict[Owed, Number] = field(default_factory=dict)
    """That a disputed claim is recognised."""

    def read(self, owed: list[Owed]) -> None:
        for claim in self.all:
            if claim.asks:
                v, a = claim.pair
                scope, said = Scope(self.names, v, None, {"adversary": a}, eyes=v), claim.article.call
                self.worth[claim] = number_or(said.utility if said else None, scope, 1.0, "a call")
                self.heat[claim] = number_or(said.temperature if said else None, scope, 0.0, "a call")
        for answer in owed:
            stated = answer.article.recognition
            self.chances[answer] = number_or(stated, answer.scope(self.names), 0.5, "a recognition")

    # --- events ---------------------------------------------------------------------------------------------

    def events(self, state: State) -> None:
        """C7 to C10, and C24."""
        found = dict(state)
        for claim in self.all:
            episode, spent = self.disputes.episode(found, claim.pair), claim.row("spent")
            if not self.lives.binds(found, claim.name, claim.pact) or found[spent] == episode:
                continue
            if not claim.asks:
                if self._breaks(found, claim):
                    state[spent] = episode
                    state[claim.violated] += 1
            elif self._counts(found, claim):
                state[spent] = episode
                state[claim.row("event")] = 1.0

    def _counts(self, found: State, claim: Claim) -> bool:
        offensive, attack = attack_of(claim.article)
        way = claim.pair if offensive else claim.pair[::-1]
        rows = [f"incident[{way[0]}, {way[1]}]"]
        if self.disputes.scopes(way) and "any" not in attack.scope:
            named = [scope for scope in self.disputes.scopes(way) if scope in attack.scope]
            rows = [f"incident[{way[0]}, {way[1]}, {scope}]" for scope in ("unscoped", *named)]
        return max(found[row] for row in rows) >= LEVEL[attack.scale]

    def _breaks(self, found: State, claim: Claim) -> bool:
        v, a = claim.pair
        if found[f"incident[{a}, {v}]"] < LEVEL[str(claim.article.forbids)]:
            return False
        if claim.pact.kind != "neutrality":
            return True
        others = [way for way in self.disputes.ways() if v in way and a not in way]
        return any(found[f"hostility[{x}, {y}]"] >= FORCE for x, y in others)

    # --- calls ----------------------------------------------------------------------------------------------

    def calls(self, state: State, moment: Moment, told: Told) -> None:
        """C13."""
        for claim in self.all:
            if not claim.asks:
                continue
            order = told.orders.get((claim.call.owner, claim.call.name))
            if order is None and moment.now[claim.row("event")] != 1:
                continue
            chosen = order or self._call(claim, moment, told.draws)
            number = 1.0 if chosen == "call" else 2.0
            state[claim.call.row("chosen")] = state[claim.call.row("standing")] = number

    def _call(self, claim: Claim, moment: Moment, draws: Draws) -> str:
        heat = self.heat[claim](moment)
        scores = {
            option: scored(worth, heat, draws.u(moment.turn, claim.call.purpose(f"option:{option}")))
            for option, worth in (("call", self.worth[claim](moment)), ("silent", 0.0))
        }
        return "silent" if scores["silent"] > scores["call"] else "call"

    @staticmethod
    def called(now: Mapping[str, float], claim: Claim) -> bool:
        return now[claim.row("event")] > 0 and now[claim.call.row("chosen")] == 1

    # --- recognition ----------------------------------------------------------------------------------------

    @staticmethod
    def disputed(now: Mapping[str, float], claim: Claim) -> bool:
        """C11 and C12."""
        v, a = claim.pair
        began, other = now[f"began[{v}, {a}]"] > 0, now[f"began[{a}, {v}]"] > 0
        return (attack_of(claim.article)[1].unprovoked and began) or (began and other)

    def recognises(self, now: Mapping[str, float], answer: Owed) -> bool:
        if not self.disputed(now, answer.claim):
            return True
        return now[answer.event("recognise").row("fired")] > 0

    def recognitions(self, state: State, moment: Moment, told: Told) -> None:
        """C14; calls are booked."""
        now = moment.now
        for answer, chance in self.chances.items():
            event = answer.event("recognise")
            fired = self._recognises_now(answer, chance, moment, told)
            state[event.row("fired")] = max(state[event.row("fired")], float(fired))
        for claim in self.all:
            if claim.asks and now[claim.row("event")] == 1:
                state[claim.row("event")] = 2.0
                state[claim.row("calls")] += self.called(now, claim)

    def _recognises_now(self, answer: Owed, chance: Number, moment: Moment, told: Told) -> bool:
        event, now = answer.event("recognise"), moment.now
        order = told.orders.get((event.owner, event.name))
        if order is not None:
            return order == "do"
        fresh = now[answer.claim.row("event")] == 1 and self.called(now, answer.claim)
        if not (fresh and self.disputed(now, answer.claim)):
            return False
        return told.draws.u(moment.turn, event.purpose("recognises")) < chance(moment)
