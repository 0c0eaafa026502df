"""Who owes whom an answer, and what rows tell of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sim.scenario.commitments import RUNGS, Article, Commitment
from tests.oracle.disputes import Disputes, Pair, owing
from tests.oracle.events import Event
from tests.oracle.names import Names, Scope

BOOKS = ("honoured", "hedged", "defected", "declined", "fought")


@dataclass(frozen=True)
class Claim:
    """An article on which V may call against A; for one that forbids, V may be wronged by A."""

    name: str
    """Commitment and article."""
    pact: Commitment = field(compare=False)
    article: Article = field(compare=False)
    pair: Pair

    @property
    def asks(self) -> bool:
        """Whether it asks for answers; else it forbids."""
        return self.article.trigger is not None

    @property
    def call(self) -> Event:
        return Event(self.pair[0], f"{self.name}.call", f"{self.name}.call", (("adversary", self.pair[1]),))

    def row(self, kind: str) -> str:
        return f"{kind}[{self.name}, {self.pair[0]}, {self.pair[1]}]"

    @property
    def violated(self) -> str:
        return f"violated[{self.name}, {self.pair[1]}, {self.pair[0]}]"


@dataclass(frozen=True)
class Owed:
    """An answer that P may owe to V against A."""

    claim: Claim
    answerer: str
    doing: tuple[str, ...]
    """Rungs of its ladder that do something."""
    delay: int
    """Turns until what it does is done; 0 for in the wave."""

    @property
    def name(self) -> str:
        return self.claim.name

    @property
    def article(self) -> Article:
        return self.claim.article

    @property
    def pair(self) -> Pair:
        return self.claim.pair

    @property
    def about(self) -> tuple[tuple[str, str], ...]:
        return (("adversary", self.pair[1]), ("caller", self.pair[0]))

    def scope(self, names: Names, *, eyes: bool = True, takes: frozenset[str] = frozenset()) -> Scope:
        """Where its expressions stand."""
        seeing = self.answerer if eyes else None
        return Scope(names, self.answerer, None, dict(self.about), takes, seeing)

    def event(self, what: str) -> Event:
        return Event(self.answerer, f"{self.name}.{what}", f"{self.name}.{what}", self.about)

    def row(self, kind: str) -> str:
        return f"{kind}[{self.name}, {self.answerer}, {self.pair[0]}, {self.pair[1]}]"

    def options(self) -> list[str]:
        return sorted(("none", *rungs_of(self.article)))

    def option(self, number: float) -> str:
        """The option that a row `chosen` names; "" for 0."""
        return self.options()[int(number) - 1] if number else ""

    def chosen(self, state: Mapping[str, float]) -> str:
        return self.option(state[self.event("answer").row("chosen")])


def rungs_of(article: Article) -> list[str]:
    """From the lowest."""
    return [rung for rung in RUNGS if rung in article.ladder]


def meets(article: Article, rung: str) -> bool:
    """Whether an answer on the rung meets the text."""
    assert article.honoured_from is not None
    return rung != "none" and RUNGS.index(rung) >= RUNGS.index(article.honoured_from)


def claims_of(disputes: Disputes) -> Iterator[Claim]:
    """All of them, in order of article and pair."""
    for (name, article_id), pairs in sorted(disputes.pairs.items()):
        pact = disputes.names.model.commitments[name]
        for pair in pairs:
            yield Claim(f"{name}.{article_id}", pact, pact.articles[article_id], pair)


def owed_on(claim: Claim, names: Names) -> Iterator[Owed]:
    """Answers that a call would ask for."""
    delay = claim.article.delay
    turns = 0 if delay is None else max(names.calendar.in_turns(delay), 1)
    doing = tuple(rung for rung in rungs_of(claim.article) if rung in names.model.rungs)
    for party in owing(claim.pact, claim.article, claim.pair):
        yield Owed(claim, party, doing, turns)
