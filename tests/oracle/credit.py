"""How far promises and threats are believed (K8 to K12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial, reduce
from operator import add

from sim.scenario.beliefs import Credibility
from sim.scenario.commitments import Article, Commitment
from tests.oracle.disputes import State
from tests.oracle.expressions import read_number, read_truth
from tests.oracle.learning import Heard, Prior, above_zero, observers, read_half_life, time_before
from tests.oracle.names import Names, Scope
from tests.oracle.promises import Promises
from tests.oracle.terms import Moment, Number, Truth, finite

SHARES = {"declined": (0.0, 0.25), "defected": (0.0, 1.0), "hedged": (0.0, 0.5), "honoured": (1.0, 1.0)}
"""By kind of answer, in order of id: what it says, and what it weighs beside one that honours."""


@dataclass(frozen=True)
class Credit:
    """What one observer believes of one word."""

    word: str
    observer: str
    prior: Prior
    noise: Number

    def row(self, kind: str) -> str:
        return f"{kind}[{self.word}, {self.observer}]"

    def start(self, moment: Moment) -> State:
        mean, doubt = self.prior.first(moment)
        return {self.row("credibility"): mean, self.row("doubt"): doubt}

    def learn(self, state: State, lessons: list[tuple[float, float]], moment: Moment, dt: float) -> None:
        """From tests: what each says, and how often it was said."""
        heard = []
        if lessons:
            n = above_zero(finite(self.noise(moment), "a noise"), "a noise")
            heard = [Heard(says, times / (n * n)) for says, times in lessons]
        rows = self.row("credibility"), self.row("doubt")
        found = moment.now[rows[0]], moment.now[rows[1]]
        state[rows[0]], state[rows[1]] = self.prior.moved(found, heard, moment, dt)


def _credits(  # noqa: PLR0917 - a word, and who believes it
    word: str,
    whose: str,
    part: Credibility,
    names: Names,
    mean: Number | None = None,
    may_know: Callable[[str], bool] = lambda _: True,
) -> Iterator[Credit]:
    for observer in observers(part.by, Scope(names)):
        if observer == whose or not may_know(observer):
            continue
        before, scope = Scope(names, observer, start=True), Scope(names, observer)
        stated = mean if part.mean is None else read_number(part.mean, before)
        assert stated is not None
        half_life = read_half_life(part.half_life, scope)
        prior = Prior(stated, read_number(part.spread, before), half_life, 0.0, 1.0)
        yield Credit(word, observer, prior, read_number(part.noise, scope))


@dataclass(frozen=True)
class Word:
    """The word of a party under an article."""

    name: str
    pact: Commitment
    article: Article
    party: str
    books: dict[str, list[str]]
    """By kind of answer, rows in order of name."""
    credits: list[Credit]

    def booked(self, kind: str) -> str:
        return f"booked[{self.name}, {self.party}, {kind}]"


@dataclass(frozen=True)
class ThreatHere:
    name: str
    within: int
    if_: Truth
    then: Truth
    credits: list[Credit]


@dataclass
class Credits:
    """All of what is believed of words."""

    names: Names
    promises: Promises
    words: list[Word] = field(default_factory=list)
    threats: list[ThreatHere] = field(default_factory=list)
    disclosing: dict[str, Truth] = field(default_factory=dict)
    """By article."""

    def articles(self) -> Iterator[tuple[str, Commitment, Article]]:
        """Those that ask for answers, in order of name."""
        found = [
            (f"{name}.{article_id}", pact, article)
            for name, pact in self.names.model.commitments.items()
            for article_id, article in pact.articles.items()
            if article.trigger is not None
        ]
        yield from sorted(found, key=lambda one: one[0])

    def read(self) -> None:
        for name, pact, article in self.articles():
            if article.disclosed is not None:
                self.disclosing[name] = read_truth(article.disclosed, Scope(self.names))
            if article.credibility is None:
                continue
            stated = self.promises.answers.ladders[name].reliability
            for party in sorted(set(article.obliged or pact.parties)):
                known = partial(self.may_know, pact, article)
                found = _credits(f"{name}, {party}", party, article.credibility, self.names, stated, known)
                self.words.append(Word(name, pact, article, party, self._books(name, party), list(found)))
        for name, threat in sorted(self.names.model.threats.items()):
            scope = Scope(self.names, threat.by, threat.to)
            self.threats.append(
                ThreatHere(
                    name,
                    max(self.names.calendar.in_turns(threat.within), 1),
                    read_truth(threat.if_, scope),
                    read_truth(threat.then, scope),
                    list(_credits(name, threat.by, threat.credibility, self.names)),
                )
            )

    def _books(self, name: str, party: str) -> dict[str, list[str]]:
        owed = [one for one in self.promises.owed if (one.name, one.answerer) == (name, party)]
        return {kind: sorted(one.row(kind) for one in owed) for kind in SHARES}

    # --- secrets --------------------------------------------------------------------------------------------

    @staticmethod
    def may_know(pact: Commitment, article: Article, observer: str) -> bool:
        return not article.secret or observer in pact.parties or article.disclosed is not None

    def knows(self, name: str, pact: Commitment, article: Article, observer: str, moment: Moment) -> bool:
        if not article.secret or observer in pact.parties:
            return True
        return article.disclosed is not None and moment.now[f"disclosed[{name}]"] > 0

    # --- rows and passes ------------------------------------------------------------------------------------

    def rows(self) -> set[str]:
        """What is believed of words, and no more."""
        own = [credit for word in self.words for credit in word.credits]
        own += [credit for threat in self.threats for credit in threat.credits]
        return {credit.row("credibility") for credit in own}

    def start(self, moment: Moment) -> State:
        rows = {f"disclosed[{name}]": 0.0 for name in self.disclosing}
        for word in self.words:
            rows |= {word.booked(kind): 0.0 for kind in SHARES}
            for credit in word.credits:
                rows |= credit.start(moment)
        for threat in self.threats:
            rows |= {f"{kind}[{threat.name}]": 0.0 for kind in ("met", "pending", "carried_out", "let_pass")}
            for credit in threat.credits:
                rows |= credit.start(moment)
        return rows

    def learn(self, state: State, moment: Moment) -> None:
        """Pass *credibility*."""
        dt = time_before(self.names.calendar, moment.turn)
        for name, holds in self.disclosing.items():
            state[f"disclosed[{name}]"] = max(moment.now[f"disclosed[{name}]"], float(holds(moment)))
        for word in self.words:
            lessons = []
            for kind, (says, share) in SHARES.items():
                total = reduce(add, [moment.now[row] for row in word.books[kind]], 0.0)
                times = total - moment.now[word.booked(kind)]
                state[word.booked(kind)] = total
                if times > 0:
                    lessons.append((says, share * times))
            for credit in word.credits:
                knows = self.knows(word.name, word.pact, word.article, credit.observer, moment)
                credit.learn(state, lessons if knows else [], moment, dt)

    def test(self, state: State, moment: Moment) -> None:
        """Pass *threats*."""
        dt = time_before(self.names.calendar, moment.turn)
        for here in self.threats:
            name, now = here.name, moment.now
            pending, met = now[f"pending[{name}]"], here.if_(moment)
            lessons: list[tuple[float, float]] = []
            if pending > 0:
                kept = here.then(moment)
                pending = 0.0 if kept else pending - 1
                if kept or pending == 0:
                    state[f"{'carried_out' if kept else 'let_pass'}[{name}]"] += 1
                    lessons = [(float(kept), 1.0)]
            elif met and now[f"met[{name}]"] == 0:
                pending = float(here.within)
            state[f"pending[{name}]"], state[f"met[{name}]"] = pending, float(met)
            for credit in here.credits:
                credit.learn(state, lessons, moment, dt)
