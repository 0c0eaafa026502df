"""Answers to calls: each obliged party's choice among the rungs of the ladder (C15, C21)."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.oracle.claims import Claims, Told, number_or, scored
from tests.oracle.disputes import State
from tests.oracle.draws import Draws
from tests.oracle.ladders import Ladder
from tests.oracle.names import Names
from tests.oracle.owed import Owed, meets
from tests.oracle.terms import Moment, Number, finite


@dataclass
class Answers:
    """How those who are called on decide."""

    names: Names
    claims: Claims
    all: list[Owed] = field(default_factory=list)
    ladders: dict[str, Ladder] = field(default_factory=dict)
    """By article."""
    stakes: dict[Owed, Number] = field(default_factory=dict)
    pressures: dict[Owed, Number] = field(default_factory=dict)

    def read(self) -> None:
        for answer in self.all:
            scope, article = answer.scope(self.names), answer.article
            self.stakes[answer] = number_or(article.stake, scope, 0.0, "a stake")
            self.pressures[answer] = number_or(article.pressure, scope, 0.0, "a pressure")

    def answers(self, state: State, moment: Moment, told: Told) -> None:
        for answer in self.all:
            event = answer.event("answer")
            order = told.orders.get((event.owner, event.name))
            if order is None:
                unanswered = moment.now[event.row("chosen")] == 0
                if not (unanswered and self.claims.called(moment.now, answer.claim)):
                    continue
                order = self._pick(answer, moment, told.draws)
            number = float(1 + answer.options().index(order)) if order else 0.0
            state[event.row("chosen")] = number
            state[event.row("standing")] = number or state[event.row("standing")]

    def _pick(self, answer: Owed, moment: Moment, draws: Draws) -> str:
        recognises = self.claims.recognises(moment.now, answer)
        heat, best, highest = self.ladders[answer.name].heat(moment), "", 0.0
        for option in answer.options():
            text = answer.article.honoured_from if recognises else "none"
            if answer.article.automatic and option != text:
                continue
            u = draws.u(moment.turn, answer.event("answer").purpose(f"option:{option}"))
            score = scored(self._utility(answer, option, moment, recognises=recognises), heat, u)
            if not best or score > highest:
                best, highest = option, score
        return best

    def _utility(self, answer: Owed, option: str, moment: Moment, *, recognises: bool) -> float:
        if option == "none":
            return 0.0
        ladder = self.ladders[answer.name]
        m = 1.0 if meets(answer.article, option) and recognises else 0.0
        stake = self.stakes[answer](moment) * ladder.help(option, moment)
        worth = (ladder.duty(moment) * m + stake) - ladder.costs[option](moment)
        return finite(worth - self.pressures[answer](moment), f"utility of {option}")
