"""Ladders: what answers cost and help, how reliable a promise is, and what it weighs (C16, C26)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add

from sim.scenario.commitments import Article, Commitment
from sim.scenario.expressions import Expression
from tests.oracle import quantiles
from tests.oracle.arithmetic import exp, log, logistic
from tests.oracle.draws import Draws
from tests.oracle.expressions import read_number
from tests.oracle.names import Names, Scope
from tests.oracle.owed import meets, rungs_of
from tests.oracle.terms import Moment, Number, clamp, finite

HELP = {
    "statement": 0.05,
    "consultation": 0.1,
    "materiel": 0.4,
    "advisers": 0.5,
    "limited_force": 0.7,
    "full_force": 1.0,
}
PUBLISHED = {"defence": 0.41, "offence": 0.74, "neutrality": 0.75, "nonaggression": 0.37}


def _used(value: Number, what: str) -> Number:
    return lambda moment: finite(value(moment), what)


@dataclass(frozen=True)
class Ladder:
    """The numbers of an article that are settled before play."""

    name: str
    article: Article
    costs: dict[str, Number]
    helps: dict[str, Number]
    heat: Number
    obligation: Number | None
    stated: Number
    """The reliability stated, or drawn."""

    def help(self, rung: str, moment: Moment) -> float:
        return self.helps[rung](moment) if rung in self.helps else 0.0

    def _weight(self, rung: str, moment: Moment) -> float:
        return exp(-(self.costs[rung](moment) / self.heat(moment)))

    def above(self, moment: Moment) -> float:
        """H."""
        rungs = [rung for rung in rungs_of(self.article) if meets(self.article, rung)]
        return reduce(add, [self._weight(rung, moment) for rung in rungs])

    def below(self, moment: Moment) -> float:
        """N."""
        rungs = [rung for rung in rungs_of(self.article) if not meets(self.article, rung)]
        return reduce(add, [self._weight(rung, moment) for rung in rungs], 1.0)

    def expected_help(self, moment: Moment) -> float:
        """h of K13."""
        rungs = [rung for rung in rungs_of(self.article) if meets(self.article, rung)]
        helped = [self.helps[rung](moment) * self._weight(rung, moment) for rung in rungs]
        return reduce(add, helped) / self.above(moment)

    def reliability(self, moment: Moment) -> float:
        """q."""
        if self.obligation is None:
            return clamp(self.stated(moment), 0.001, 0.999)
        odds = self.obligation(moment) / self.heat(moment)
        return logistic((odds - log(self.below(moment))) + log(self.above(moment)))

    def duty(self, moment: Moment) -> float:
        """R."""
        if self.obligation is not None:
            return self.obligation(moment)
        q = self.reliability(moment)
        odds = log(q / (1 - q))
        return self.heat(moment) * ((odds + log(self.below(moment))) - log(self.above(moment)))


def read_ladder(name: str, article: Article, names: Names) -> Ladder:
    def settled(expression: Expression | None, what: str, otherwise: float = 0.0) -> Number:
        if expression is None:
            return lambda _: otherwise
        return _used(read_number(expression, Scope(names, start=True)), f"{what} of {name}")

    steps = article.ladder
    row = f"reliability.{name}"
    stated = settled(article.reliability, "reliability")
    if article.reliability is None:
        stated = lambda moment: moment.now[row]  # noqa: E731 - drawn
    return Ladder(
        name,
        article,
        {str(rung): settled(step.cost, "cost") for rung, step in steps.items()},
        {str(rung): settled(step.help, "help", HELP[rung]) for rung, step in steps.items()},
        settled(article.temperature, "temperature", 0.25),
        settled(article.obligation, "obligation") if article.obligation is not None else None,
        stated,
    )


def is_drawn(article: Article) -> bool:
    """Whether its reliability is a parameter of its own."""
    return article.trigger is not None and article.reliability is None and article.obligation is None


def drawn(name: str, pact: Commitment, draws: Draws) -> float:
    """C26."""
    mode = PUBLISHED.get(pact.kind, 0.5)
    value = quantiles.triangular(draws.u(-1, f"parameters/reliability.{name}//value"), 0.22, mode, 0.75)
    return clamp(value, 0.0, 1.0)
