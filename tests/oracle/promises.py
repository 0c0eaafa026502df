"""Section C of the rules of adjudication: the rows of commitments, and the waves of calls and answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.oracle import ladders
from tests.oracle.answers import Answers
from tests.oracle.books import Books, Ranges
from tests.oracle.claims import Claims, Told
from tests.oracle.deeds import acts
from tests.oracle.disputes import Disputes, State
from tests.oracle.draws import Draws
from tests.oracle.lives import Lives
from tests.oracle.names import Names
from tests.oracle.owed import BOOKS, Claim, Owed, claims_of, owed_on
from tests.oracle.terms import Moment


@dataclass
class Promises:
    """All commitments of a scenario."""

    names: Names
    disputes: Disputes
    lives: Lives
    claims: Claims
    answers: Answers
    books: Books

    def __init__(self, names: Names, disputes: Disputes) -> None:
        self.names, self.disputes = names, disputes
        self.lives = Lives(names, disputes)
        self.claims = Claims(names, disputes, self.lives)
        self.answers = Answers(names, self.claims)
        self.books = Books(names, disputes, self.answers)

    @property
    def all(self) -> list[Claim]:
        return self.claims.all

    @property
    def owed(self) -> list[Owed]:
        return self.answers.all

    def find(self) -> None:
        """Who may call on whom."""
        self.claims.all = list(claims_of(self.disputes))
        self.answers.all = [answer for claim in self.all for answer in owed_on(claim, self.names)]
        for answer in self.owed:
            for rung in answer.doing:
                scope = answer.scope(self.names, eyes=False)
                self.names.acts.update(acts(self.names.model.rungs[rung], scope))  # type: ignore[index]
            if answer.delay:
                strength = [answer.row("given")] if answer.doing else []
                for row in (answer.event("answer").row("chosen"), answer.row("closed"), *strength):
                    self.names.ask(row, answer.delay)

    def read(self) -> None:
        """Their expressions, once all that they may name is known."""
        for name, pact in self.names.model.commitments.items():
            for article_id, article in pact.articles.items():
                if article.trigger is not None:
                    of = f"{name}.{article_id}"
                    self.answers.ladders[of] = ladders.read_ladder(of, article, self.names)
        self.lives.read()
        self.claims.read(self.owed)
        self.answers.read()
        self.books.read()

    # --- rows -----------------------------------------------------------------------------------------------

    def parameters(self, draws: Draws) -> State:
        """C26: reliabilities that are not stated."""
        return {
            f"reliability.{name}.{article_id}": ladders.drawn(f"{name}.{article_id}", pact, draws)
            for name, pact in self.names.model.commitments.items()
            for article_id, article in pact.articles.items()
            if ladders.is_drawn(article)
        }

    def start(self) -> State:
        rows = {f"status[{name}]": value for name, value in self.lives.first().items()}
        for name, pact in self.names.model.commitments.items():
            rows |= {f"notice[{name}]": 0.0} if pact.notice is not None else {}
        for claim in self.all:
            rows[claim.row("spent")] = 0.0
            if not claim.asks:
                rows[claim.violated] = 0.0
                continue
            rows |= {claim.row("event"): 0.0, claim.row("calls"): 0.0}
            rows |= {claim.call.row(kind): 0.0 for kind in ("chosen", "standing")}
        for answer in self.owed:
            rows |= {answer.event("answer").row(kind): 0.0 for kind in ("chosen", "standing")}
            rows[answer.event("recognise").row("fired")] = 0.0
            rows |= {answer.row(kind): 0.0 for kind in ("closed", "given", *BOOKS)}
            rows |= {answer.event(rung).row("fired"): 0.0 for rung in answer.doing}
            rows[f"load[{answer.answerer}]"] = 0.0
        return rows

    def purposes(self) -> Iterator[str]:
        """Key texts of all draws."""
        for claim in self.all:
            if claim.asks:
                yield from (claim.call.purpose(f"option:{option}") for option in ("call", "silent"))
        for answer in self.owed:
            yield answer.event("recognise").purpose("recognises")
            yield from (answer.event("answer").purpose(f"option:{option}") for option in answer.options())

    def clear(self, state: State) -> None:
        """Before stage 1."""
        for claim in self.all:
            if claim.asks:
                state |= {claim.row("event"): 0.0, claim.call.row("chosen"): 0.0}
        for answer in self.owed:
            state[answer.event("answer").row("chosen")] = 0.0
            state[answer.event("recognise").row("fired")] = 0.0
            state |= {answer.event(rung).row("fired"): 0.0 for rung in answer.doing}
            state |= {answer.row("closed"): 0.0, answer.row("given"): 0.0, f"load[{answer.answerer}]": 0.0}

    # --- stage 5 --------------------------------------------------------------------------------------------

    def waves(self, state: State, turn: int, past: Sequence[State], told: Told, ranges: Ranges) -> None:
        """As long as something hostile has just been done."""
        while self.all and any(state[f"incident[{a}, {b}]"] > 0 for a, b in self.disputes.hostile):
            self.claims.events(state)
            if not any(state[claim.row("event")] == 1.0 for claim in self.all if claim.asks):
                state |= {row: 0.0 for way in self.disputes.hostile for row in self.disputes.incidents(way)}
                return
            self.claims.calls(state, Moment(turn, dict(state), past), told)
            self.claims.recognitions(state, Moment(turn, dict(state), past), told)
            self.answers.answers(state, Moment(turn, dict(state), past), told)
            found = Moment(turn, dict(state), past)
            self.books.shares(state, found)
            fresh = self.books.fresh(found.now)
            self.books.deliver(state, Moment(turn, dict(state), past), fresh, ranges)
            self.disputes.go_on(state, ending=False)
            for answer in fresh:
                state[answer.row("closed")] = 1.0
