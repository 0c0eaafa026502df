"""The books of answers: strength, what each was, who has joined, what is done (C18 to C20, C23)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import add

from tests.oracle.adjudicate import Done, acts_done, adjudicate, arguments
from tests.oracle.answers import Answers
from tests.oracle.deeds import Performed, read_deeds
from tests.oracle.disputes import FIGHTING, Disputes, State
from tests.oracle.expressions import read_number
from tests.oracle.names import Names, Scope
from tests.oracle.owed import Owed, meets
from tests.oracle.terms import Moment, Number, finite

Ranges = Mapping[str, tuple[float, float]]


@dataclass
class Books:
    """What answers come to."""

    names: Names
    disputes: Disputes
    answers: Answers
    capacities: dict[str, Number] = field(default_factory=dict)
    deeds: dict[tuple[Owed, str], tuple[Performed, ...]] = field(default_factory=dict)
    """By answer and rung."""

    def read(self) -> None:
        for answer in self.answers.all:
            who = answer.answerer
            capacity = self.names.model.actors[who].capacity
            if capacity is not None:
                self.capacities[who] = read_number(capacity, Scope(self.names, who, eyes=who))
            for rung in answer.doing:
                scope = answer.scope(self.names, takes=frozenset({"share"}))
                self.deeds[answer, rung] = read_deeds(self.names.model.rungs[rung], scope)  # type: ignore[index]

    def fresh(self, now: Mapping[str, float]) -> list[Owed]:
        """Answers of the wave that are not booked yet."""
        return [
            answer
            for answer in self.answers.all
            if self.answers.claims.called(now, answer.claim)
            and answer.chosen(now)
            and now[answer.row("closed")] == 0
        ]

    # --- pass shares ----------------------------------------------------------------------------------------

    def shares(self, state: State, moment: Moment) -> None:
        now = moment.now
        fresh = self.fresh(now)
        for actor in sorted({answer.answerer for answer in self.answers.all}):
            self._share(state, moment, actor, fresh)
        for pair in self.disputes.hostile:
            state |= dict.fromkeys(self.disputes.incidents(pair), 0.0)
        for answer in fresh:
            rung = answer.chosen(now)
            recognises = self.answers.claims.recognises(now, answer)
            fallen = "defected" if rung == "none" else "hedged"
            fallen = fallen if recognises else "declined"
            state[answer.row("honoured" if meets(answer.article, rung) else fallen)] += 1
            state[answer.row("fought")] += rung in FIGHTING
            if not answer.delay:
                self._join(state, answer, rung)

    def _share(self, state: State, moment: Moment, actor: str, fresh: list[Owed]) -> None:
        """Within one wave capacity is shared pro rata."""
        own = sorted((one for one in fresh if one.answerer == actor), key=lambda one: one.row("given"))
        if not own:
            return
        load = moment.now[f"load[{actor}]"]
        helps = {one: self._help(one, one.chosen(moment.now), moment) for one in own}
        weights = reduce(add, helps.values())
        left = max(self.capacities[actor](moment) - load, 0.0) if actor in self.capacities else weights
        for one, help_ in helps.items():
            given = help_ * (left / weights) if weights > left else help_
            state[one.row("given")] = finite(given, "what is given")
        state[f"load[{actor}]"] = finite(load + weights, "what answers weigh")

    def _help(self, answer: Owed, rung: str, moment: Moment) -> float:
        return self.answers.ladders[answer.name].help(rung, moment)

    def _join(self, state: State, answer: Owed, rung: str) -> None:
        """C18."""
        if rung in FIGHTING:
            for row in self.disputes.incidents((answer.answerer, answer.pair[1]))[:2]:
                state[row] = max(state[row], FIGHTING[rung])

    # --- what answers do ------------------------------------------------------------------------------------

    def deliver(self, state: State, moment: Moment, fresh: list[Owed], ranges: Ranges) -> None:
        """Pass *deliveries*."""
        done = []
        for answer in fresh:
            rung = answer.chosen(moment.now)
            if not answer.delay and rung in answer.doing:
                done.append(self._done(state, answer, rung, moment.now[answer.row("given")], moment))
        self._do(state, done, moment, ranges)

    def deliver_late(self, state: State, moment: Moment, ranges: Ranges) -> None:
        """Pass *late deliveries* (C20)."""
        done = []
        for answer in self.answers.all:
            turns = answer.delay
            if not turns or moment.lagged(answer.row("closed"), turns) == 0:
                continue
            rung = answer.option(moment.lagged(answer.event("answer").row("chosen"), turns))
            if rung in answer.doing:
                given = moment.lagged(answer.row("given"), turns)
                done.append(self._done(state, answer, rung, given, moment))
            self._join(state, answer, rung)
        self._do(state, done, moment, ranges)

    def _done(self, state: State, answer: Owed, rung: str, given: float, moment: Moment) -> Done:
        """What an answer does; its share of what it would be is a named number."""
        help_ = self._help(answer, rung, moment)
        share = {"share": given / help_ if help_ > 0 else 1.0}
        event, deeds = answer.event(rung), self.deeds[answer, rung]
        state[event.row("fired")] = 1.0
        there = Moment(moment.turn, moment.now, moment.past, share)
        worked = tuple(given | share for given in arguments(deeds, there))
        return Done(f"{event.owner}/{event.name}", "", deeds, worked)

    @staticmethod
    def _do(state: State, done: list[Done], moment: Moment, ranges: Ranges) -> None:
        state.update(adjudicate(done, moment, ranges))
        for (action, actor, target), times in acts_done(done).items():
            about = f"{action}, {actor}" if target is None else f"{action}, {actor}, {target}"
            for table in ("acts", "times"):
                state[f"{table}[{about}]"] += float(times)
