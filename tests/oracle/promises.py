"""Section C of the rules of adjudication: the life of commitments, events, calls, answers and books."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.scenario.commitments import RUNGS, Article, Commitment
from sim.scenario.expressions import Expression
from tests.oracle import quantiles
from tests.oracle.adjudicate import Done, acts_done, adjudicate, arguments
from tests.oracle.arithmetic import exp, log
from tests.oracle.deeds import acts, read_deeds
from tests.oracle.disputes import FIGHTING, FORCE, LEVEL, Disputes, Pair, State, attack_of, owing
from tests.oracle.draws import Draws
from tests.oracle.events import Event
from tests.oracle.expressions import read_number
from tests.oracle.lives import Lives
from tests.oracle.names import Names, Scope
from tests.oracle.terms import Moment, clamp, finite

HELP = {
    "statement": 0.05,
    "consultation": 0.1,
    "materiel": 0.4,
    "advisers": 0.5,
    "limited_force": 0.7,
    "full_force": 1.0,
}
PUBLISHED = {"defence": 0.41, "offence": 0.74, "neutrality": 0.75, "nonaggression": 0.37}
BOOKS = ("honoured", "hedged", "defected", "declined", "fought")
Orders = Mapping[tuple[str, str], str]
"""(actor, decision): option, of one turn."""


@dataclass(frozen=True)
class Owed:
    """An answer that P may owe to V against A."""

    name: str
    """Commitment and article."""
    pact: Commitment
    article: Article
    answerer: str
    pair: Pair

    @property
    def about(self) -> tuple[tuple[str, str], ...]:
        return (("adversary", self.pair[1]), ("caller", self.pair[0]))

    def event(self, what: str) -> Event:
        return Event(self.answerer, f"{self.name}.{what}", f"{self.name}.{what}", self.about)

    def row(self, kind: str) -> str:
        return f"{kind}[{self.name}, {self.answerer}, {self.pair[0]}, {self.pair[1]}]"

    @property
    def rungs(self) -> list[str]:
        return [rung for rung in RUNGS if rung in self.article.ladder]

    def options(self) -> list[str]:
        return sorted(("none", *self.rungs))

    def chosen(self, state: Mapping[str, float]) -> str:
        """The rung, or "" if there is no answer yet."""
        number = int(state[self.event("answer").row("chosen")])
        return self.options()[number - 1] if number else ""

    def meets(self, rung: str) -> bool:
        assert self.article.honoured_from is not None
        return rung != "none" and RUNGS.index(rung) >= RUNGS.index(self.article.honoured_from)


@dataclass
class Promises:
    """All commitments of a scenario, in one run."""

    names: Names
    disputes: Disputes
    lives: Lives
    owed: list[Owed] = field(default_factory=list)

    def find(self) -> None:
        model = self.names.model
        for (name, article_id), pairs in sorted(self.disputes.pairs.items()):
            pact = model.commitments[name]
            article = pact.articles[article_id]
            for pair in pairs:
                for ally in owing(pact, article, pair):
                    self.owed.append(Owed(f"{name}.{article_id}", pact, article, ally, pair))
        for answer in self.owed:
            for rung in self._doing(answer):
                scope = Scope(self.names, answer.answerer, None, dict(answer.about))
                self.names.acts.update(acts(model.rungs[rung], scope))  # type: ignore[index]
            if self._delay(answer):
                strength = [answer.row("given")] if self._doing(answer) else []
                for row in (answer.event("answer").row("chosen"), answer.row("closed"), *strength):
                    self.names.ask(row, self._delay(answer))

    def _doing(self, answer: Owed) -> list[str]:
        return [rung for rung in answer.rungs if rung in self.names.model.rungs]

    def _delay(self, answer: Owed) -> int:
        delay = answer.article.delay
        return 0 if delay is None else max(self.names.calendar.in_turns(delay), 1)

    def calls(self) -> Iterator[tuple[str, Commitment, Article, Pair]]:
        for (name, article_id), pairs in sorted(self.disputes.pairs.items()):
            pact = self.names.model.commitments[name]
            for pair in pairs:
                yield f"{name}.{article_id}", pact, pact.articles[article_id], pair

    @staticmethod
    def call(name: str, pair: Pair) -> Event:
        return Event(pair[0], f"{name}.call", f"{name}.call", (("adversary", pair[1]),))

    # --- rows -----------------------------------------------------------------------------------------------

    def parameters(self, draws: Draws) -> State:
        """C26: reliabilities that are not stated."""
        rows = {}
        for name, article_id in self.disputes.pairs:
            article = self.names.model.commitments[name].articles[article_id]
            if article.trigger is not None and article.reliability is None and article.obligation is None:
                row = f"reliability.{name}.{article_id}"
                mode = PUBLISHED.get(self.names.model.commitments[name].kind, 0.5)
                value = quantiles.triangular(draws.u(-1, f"parameters/{row}//value"), 0.22, mode, 0.75)
                rows[row] = clamp(value, 0.0, 1.0)
        return rows

    def start(self) -> State:
        rows = {f"status[{name}]": value for name, value in self.lives.first().items()}
        for name, pact in self.names.model.commitments.items():
            rows |= {f"notice[{name}]": 0.0} if pact.notice is not None else {}
        for name, _, article, (v, a) in self.calls():
            rows[f"spent[{name}, {v}, {a}]"] = 0.0
            if article.trigger is None:
                rows[f"violated[{name}, {a}, {v}]"] = 0.0
                continue
            rows |= {f"event[{name}, {v}, {a}]": 0.0, f"calls[{name}, {v}, {a}]": 0.0}
            rows |= {self.call(name, (v, a)).row(kind): 0.0 for kind in ("chosen", "standing")}
        for answer in self.owed:
            rows |= {answer.event("answer").row(kind): 0.0 for kind in ("chosen", "standing")}
            rows[answer.event("recognise").row("fired")] = 0.0
            rows |= {answer.row(kind): 0.0 for kind in ("closed", "given", *BOOKS)}
            rows |= {answer.event(rung).row("fired"): 0.0 for rung in self._doing(answer)}
            rows[f"load[{answer.answerer}]"] = 0.0
        return rows

    def purposes(self) -> Iterator[str]:
        """Key texts of all draws."""
        for name, _, article, pair in self.calls():
            if article.trigger is not None:
                yield from (
                    self.call(name, pair).purpose(f"option:{option}") for option in ("call", "silent")
                )
        for answer in self.owed:
            yield answer.event("recognise").purpose("recognises")
            yield from (answer.event("answer").purpose(f"option:{option}") for option in answer.options())

    def clear(self, state: State) -> None:
        """Before stage 1."""
        for name, _, article, (v, a) in self.calls():
            if article.trigger is not None:
                state[f"event[{name}, {v}, {a}]"] = 0.0
                state[self.call(name, (v, a)).row("chosen")] = 0.0
        for answer in self.owed:
            state[answer.event("answer").row("chosen")] = 0.0
            state[answer.event("recognise").row("fired")] = 0.0
            state |= {answer.event(rung).row("fired"): 0.0 for rung in self._doing(answer)}
            state |= {answer.row("closed"): 0.0, answer.row("given"): 0.0, f"load[{answer.answerer}]": 0.0}

    # --- stage 5 --------------------------------------------------------------------------------------------

    def answer_late(self, state: State, moment: Moment, ranges: Any) -> None:
        """Pass *late deliveries* (C20)."""
        found = dict(state)
        done: list[Done] = []
        for answer in sorted(self.owed, key=lambda one: one.row("")):
            turns = self._delay(answer)
            if not turns or moment.lagged(answer.row("closed"), turns) == 0:
                continue
            number = int(moment.lagged(answer.event("answer").row("chosen"), turns))
            rung = answer.options()[number - 1] if number else ""
            if rung in self._doing(answer):
                done.append(
                    self._deliver(answer, rung, moment.lagged(answer.row("given"), turns), moment, state)
                )
            if rung in FIGHTING:
                for row in self.disputes.incidents((answer.answerer, answer.pair[1]))[:2]:
                    state[row] = max(state[row], FIGHTING[rung])
        self._do(state, found, done, moment, ranges)

    def waves(  # noqa: PLR0917 - what the stage stands on
        self, state: State, turn: int, past: Any, draws: Draws, orders: Orders, ranges: Any
    ) -> None:
        """As long as something hostile has just been done."""
        if not any(pairs for pairs in self.disputes.pairs.values()):
            return
        while any(state[f"incident[{a}, {b}]"] > 0 for a, b in self.disputes.hostile):
            self._events(state)
            self._calls(state, Moment(turn, dict(state), past), draws, orders)
            self._recognitions(state, Moment(turn, dict(state), past), draws, orders)
            self._answers(state, Moment(turn, dict(state), past), draws, orders)
            found = dict(state)
            self._shares(state, Moment(turn, found, past))
            moment = Moment(turn, dict(state), past)
            fresh = [answer for answer in self.owed if self._fresh(state, answer)]
            done = []
            for answer in fresh:
                rung = answer.chosen(state)
                if not self._delay(answer) and rung in self._doing(answer):
                    done.append(self._deliver(answer, rung, state[answer.row("given")], moment, state))
            self._do(state, dict(moment.now), done, moment, ranges)
            self.disputes.go_on(state, ending=False)
            for answer in fresh:
                state[answer.row("closed")] = 1.0

    def _do(self, state: State, found: State, done: list[Done], moment: Moment, ranges: Any) -> None:
        changes = adjudicate(done, Moment(moment.turn, found, moment.past), ranges)
        state.update(changes)
        for act, times in acts_done(done).items():
            action, actor, target = act
            for table in ("acts", "times"):
                about = f"{action}, {actor}" if target is None else f"{action}, {actor}, {target}"
                state[f"{table}[{about}]"] += float(times)

    def _deliver(self, answer: Owed, rung: str, given: float, moment: Moment, state: State) -> Done:
        """What an answer does; its share of what it would be is a named number."""
        help_ = self._help(answer, rung, moment)
        share = given / help_ if help_ > 0 else 1.0
        scope = Scope(
            self.names, answer.answerer, None, dict(answer.about), frozenset({"share"}), answer.answerer
        )
        doing = self.names.model.rungs[rung]  # type: ignore[index]
        state[answer.event(rung).row("fired")] = 1.0
        deeds = read_deeds(doing, scope)
        there = Moment(moment.turn, moment.now, moment.past, {"share": share})
        event = answer.event(rung)
        worked = tuple(given | {"share": share} for given in arguments(deeds, there))
        return Done(f"{event.owner}/{event.name}", "", deeds, worked)

    def _events(self, state: State) -> None:
        """C7 to C10, and C24."""
        found = dict(state)
        for name, pact, article, pair in self.calls():
            v, a = pair
            episode, spent = self.disputes.episode(found, pair), f"spent[{name}, {v}, {a}]"
            if not self.lives.binds(found, name, pact) or found[spent] == episode:
                continue
            if article.trigger is None:
                if self._breaks(found, pact, article, pair):
                    state[spent] = episode
                    state[f"violated[{name}, {a}, {v}]"] += 1
            elif self._counts(found, article, pair):
                state[spent] = episode
                state[f"event[{name}, {v}, {a}]"] = 1.0

    def _counts(self, found: State, article: Article, pair: Pair) -> bool:
        offensive, attack = attack_of(article)
        way = pair if offensive else pair[::-1]
        rows = [f"incident[{way[0]}, {way[1]}]"]
        if self.disputes.scopes(way) and "any" not in attack.scope:  # type: ignore[attr-defined]
            named = [scope for scope in self.disputes.scopes(way) if scope in attack.scope]  # type: ignore[attr-defined]
            rows = [f"incident[{way[0]}, {way[1]}, {scope}]" for scope in ("unscoped", *named)]
        return max(found[row] for row in rows) >= LEVEL[attack.scale]  # type: ignore[attr-defined]

    def _breaks(self, found: State, pact: Commitment, article: Article, pair: Pair) -> bool:
        v, a = pair
        if found[f"incident[{a}, {v}]"] < LEVEL[str(article.forbids)]:
            return False
        if pact.kind != "neutrality":
            return True
        others = [way for way in self.disputes.ways() if v in way and a not in way]
        return any(found[f"hostility[{x}, {y}]"] >= FORCE for x, y in others)

    def _calls(self, state: State, moment: Moment, draws: Draws, orders: Orders) -> None:
        """C13."""
        for name, _, article, pair in self.calls():
            event = self.call(name, pair)
            if article.trigger is None:
                continue
            order = orders.get((event.owner, event.name))
            if order is None and moment.now[f"event[{name}, {pair[0]}, {pair[1]}]"] != 1:
                continue
            if order is None:
                scope = Scope(self.names, pair[0], None, {"adversary": pair[1]}, eyes=pair[0])
                said = article.call
                worth = 1.0 if said is None else finite(read_number(said.utility, scope)(moment), "a call")
                heat = self._number(said.temperature if said else None, scope, moment, 0.0)
                scores = {
                    option: utility
                    + heat * (-log(-log(draws.u(moment.turn, event.purpose(f"option:{option}")))))
                    for option, utility in (("call", worth), ("silent", 0.0))
                }
                order = "silent" if scores["silent"] > scores["call"] else "call"
            state[event.row("chosen")] = state[event.row("standing")] = 1.0 if order == "call" else 2.0

    @staticmethod
    def _number(expression: Expression | None, scope: Scope, moment: Moment, otherwise: float) -> float:
        return otherwise if expression is None else finite(read_number(expression, scope)(moment), "a number")

    def _called(self, now: Mapping[str, float], name: str, pair: Pair) -> bool:
        event = now[f"event[{name}, {pair[0]}, {pair[1]}]"] > 0
        return event and now[self.call(name, pair).row("chosen")] == 1

    def _disputed(self, now: Mapping[str, float], article: Article, pair: Pair) -> bool:
        """C11 and C12."""
        v, a = pair
        began, other = now[f"began[{v}, {a}]"] > 0, now[f"began[{a}, {v}]"] > 0
        return (attack_of(article)[1].unprovoked and began) or (began and other)  # type: ignore[attr-defined]

    def _recognitions(self, state: State, moment: Moment, draws: Draws, orders: Orders) -> None:
        """C14; calls are booked."""
        now = moment.now
        for answer in self.owed:
            v, a = answer.pair
            event = answer.event("recognise")
            order = orders.get((event.owner, event.name))
            if order is not None:
                state[event.row("fired")] = max(state[event.row("fired")], float(order == "do"))
                continue
            fresh = now[f"event[{answer.name}, {v}, {a}]"] == 1
            if not (fresh and self._called(now, answer.name, answer.pair)):
                continue
            if self._disputed(now, answer.article, answer.pair):
                scope = Scope(self.names, answer.answerer, None, dict(answer.about), eyes=answer.answerer)
                chance = self._number(answer.article.recognition, scope, moment, 0.5)
                if draws.u(moment.turn, event.purpose("recognises")) < chance:
                    state[event.row("fired")] = 1.0
        for name, _, article, (v, a) in self.calls():
            if article.trigger is not None and now[f"event[{name}, {v}, {a}]"] == 1:
                state[f"event[{name}, {v}, {a}]"] = 2.0
                state[f"calls[{name}, {v}, {a}]"] += self._called(now, name, (v, a))

    def _recognises(self, now: Mapping[str, float], answer: Owed) -> bool:
        if not self._disputed(now, answer.article, answer.pair):
            return True
        return now[answer.event("recognise").row("fired")] > 0

    # --- answers (C15, C16, C21) ----------------------------------------------------------------------------

    def _answers(self, state: State, moment: Moment, draws: Draws, orders: Orders) -> None:
        for answer in self.owed:
            event = answer.event("answer")
            order = orders.get((event.owner, event.name))
            if order is None:
                unanswered = moment.now[event.row("chosen")] == 0
                if not (unanswered and self._called(moment.now, answer.name, answer.pair)):
                    continue
                order = self._pick(answer, moment, draws)
            number = float(1 + answer.options().index(order))
            state[event.row("chosen")] = state[event.row("standing")] = number

    def _pick(self, answer: Owed, moment: Moment, draws: Draws) -> str:
        recognises = self._recognises(moment.now, answer)
        heat, best, highest = self._heat(answer, moment), "", 0.0
        for option in answer.options():
            if answer.article.automatic and option != (
                answer.article.honoured_from if recognises else "none"
            ):
                continue
            u = draws.u(moment.turn, answer.event("answer").purpose(f"option:{option}"))
            score = self._utility(answer, option, moment, recognises) + heat * (-log(-log(u)))
            if not best or score > highest:
                best, highest = option, score
        return best

    def _utility(self, answer: Owed, option: str, moment: Moment, recognises: bool) -> float:
        if option == "none":
            return 0.0
        scope = Scope(self.names, answer.answerer, None, dict(answer.about), eyes=answer.answerer)
        stake = self._number(answer.article.stake, scope, moment, 0.0)
        pressure = self._number(answer.article.pressure, scope, moment, 0.0)
        m = 1.0 if answer.meets(option) and recognises else 0.0
        duty = self._duty(answer, moment) * m
        worth = duty + stake * self._help(answer, option, moment)
        return (worth - self._cost(answer, option, moment)) - pressure

    def _settled(self, expression: Expression, moment: Moment) -> float:
        """A number that is settled before play."""
        return finite(
            read_number(expression, Scope(self.names, start=True))(moment), "what is settled before play"
        )

    def _heat(self, answer: Owed, moment: Moment) -> float:
        stated = answer.article.temperature
        return 0.25 if stated is None else self._settled(stated, moment)

    def _cost(self, answer: Owed, rung: str, moment: Moment) -> float:
        return self._settled(answer.article.ladder[rung].cost, moment)  # type: ignore[index]

    def _help(self, answer: Owed, rung: str, moment: Moment) -> float:
        if rung in ("", "none"):
            return 0.0
        stated = answer.article.ladder[rung].help  # type: ignore[index]
        return HELP[rung] if stated is None else self._settled(stated, moment)

    def _duty(self, answer: Owed, moment: Moment) -> float:
        """R."""
        if answer.article.obligation is not None:
            return self._settled(answer.article.obligation, moment)
        if answer.article.reliability is not None:
            q = self._settled(answer.article.reliability, moment)
        else:
            q = moment.now[f"reliability.{answer.name}"]
        q, heat = clamp(q, 0.001, 0.999), self._heat(answer, moment)
        below, above = 1.0, None
        for rung in answer.rungs:
            weight = exp(-(self._cost(answer, rung, moment) / heat))
            if answer.meets(rung):
                above = weight if above is None else above + weight
            else:
                below = below + weight
        assert above is not None
        return heat * ((log(q / (1 - q)) + log(below)) - log(above))

    # --- books (C18, C19, C23) ------------------------------------------------------------------------------

    def _fresh(self, now: Mapping[str, float], answer: Owed) -> bool:
        called = self._called(now, answer.name, answer.pair)
        return called and answer.chosen(now) != "" and now[answer.row("closed")] == 0

    def _shares(self, state: State, moment: Moment) -> None:
        now = moment.now
        fresh = [answer for answer in self.owed if self._fresh(now, answer)]
        for actor in sorted({answer.answerer for answer in self.owed}):
            own = sorted(
                (one for one in self.owed if one.answerer == actor), key=lambda one: one.row("given")
            )
            self._share(state, moment, actor, own, fresh)
        for pair in self.disputes.hostile:
            state |= dict.fromkeys(self.disputes.incidents(pair), 0.0)
        for answer in fresh:
            rung, recognises = answer.chosen(now), self._recognises(now, answer)
            fallen = "defected" if rung == "none" else "hedged"
            book = "honoured" if answer.meets(rung) else fallen if recognises else "declined"
            state[answer.row(book)] += 1
            state[answer.row("fought")] += rung in FIGHTING
            if rung in FIGHTING and not self._delay(answer):
                for row in self.disputes.incidents((answer.answerer, answer.pair[1]))[:2]:
                    state[row] = max(state[row], FIGHTING[rung])

    def _share(self, state: State, moment: Moment, actor: str, own: list[Owed], fresh: list[Owed]) -> None:
        """Within one wave capacity is shared pro rata."""
        weights, load = None, moment.now[f"load[{actor}]"]
        for one in own:
            weight = self._help(one, one.chosen(moment.now), moment) if one in fresh else 0.0
            weights = weight if weights is None else weights + weight
        assert weights is not None
        capacity = self.names.model.actors[actor].capacity
        for one in own:
            if one not in fresh:
                continue
            given = self._help(one, one.chosen(moment.now), moment)
            if capacity is not None:
                left = read_number(capacity, Scope(self.names, actor, eyes=actor))(moment) - load
                left = max(left, 0.0)
                given = given * (left / weights) if weights > left else given
            state[one.row("given")] = given
        state[f"load[{actor}]"] = load + weights
