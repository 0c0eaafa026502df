"""Ladders: what answers cost and help, how reliable a promise is, and what it therefore weighs (C16, C26)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sim.compile import program as pr
from sim.compile.ground import Ground
from sim.compile.pacts import ArticleHere, rungs_of
from sim.compile.scope import Scope
from sim.scenario.commitments import RUNGS, Rung
from sim.scenario.distributions import Distribution
from sim.scenario.expressions import Expression

RULES: Final[Mapping[str, str]] = {"C16": "Obligation", "C26": "Default reliability"}
HELP: Final[Mapping[str, float]] = {
    "statement": 0.05,
    "consultation": 0.1,
    "materiel": 0.4,
    "advisers": 0.5,
    "limited_force": 0.7,
    "full_force": 1.0,
}
PUBLISHED: Final[Mapping[str, float]] = {
    "defence": 0.41,
    "offence": 0.74,
    "neutrality": 0.75,
    "nonaggression": 0.37,
}
"""Share of commitments honoured 1816 to 2003 by kind: Berkemeier and Fuhrmann (2018), Research and Politics.
Neutrality, 0.78 there, is kept to the range of the prior.
"""
_ALL_KINDS: Final = 0.50
_LOWEST, _HIGHEST = 0.22, 0.75
"""From their rate after 1945 to that of Leeds, Long and Mitchell (2000) for 1816 to 1944."""
_SOURCES: Final[Mapping[str, str]] = {
    "defence": "BF2018_defence",
    "offence": "BF2018_offence",
    "neutrality": "BF2018_neutrality",
    "nonaggression": "BF2018_nonagg",
}
_TEMPERATURE: Final = 0.25
_NEVER, _ALWAYS = 0.001, 0.999


class Ladders:
    """Numbers of an article's ladder; all are settled before play."""

    def __init__(self, ground: Ground) -> None:
        self._g = ground

    def uncertain(self) -> list[ArticleHere]:
        """Articles whose reliability is not stated."""
        if not self._g.on("C26"):
            return []
        return [
            article
            for article in self._g.pacts.articles
            if article.attack is not None
            and article.part.reliability is None
            and article.part.obligation is None
        ]

    @staticmethod
    def prior(article: ArticleHere) -> str:
        return f"reliability.{article.name}"

    def parameters(self) -> Iterator[pr.Parameter]:
        """The priors of what is not stated."""
        for article in self.uncertain():
            name, place = self.prior(article), self._g.lowering.scenario.place(*article.path)
            mode = PUBLISHED.get(article.pact.kind, _ALL_KINDS)
            source = _SOURCES.get(article.pact.kind, "BF2018_all")
            yield pr.Parameter(
                name,
                (self._g.lowering.builder.rows[name],),
                Distribution("triangular", (_LOWEST, mode, _HIGHEST)),
                0.0,
                (self._g.lowering.builder.draw(f"parameters/{name}//value", place),),
                place,
                pr.Grade("informed", (f"alliance_reliability_{source}",)),
            )

    def before_play(
        self, expression: Expression | None, article: ArticleHere, *key: str, share: bool = False
    ) -> int | None:
        """A number settled before play: over parameters; a share lies between 0 and 1."""
        if expression is None:
            return None
        low, high = (0.0, 1.0) if share else (None, None)
        return self._g.lowering.number(expression, Scope((*article.path, *key), mode="initial"), low, high)

    def cost(self, article: ArticleHere, rung: Rung) -> int:
        cost = self.before_play(article.part.ladder[rung].cost, article, "ladder", rung, "cost")
        assert cost is not None
        return cost

    def help(self, article: ArticleHere, rung: Rung) -> int:
        stated = article.part.ladder[rung].help
        node = self.before_play(stated, article, "ladder", rung, "help", share=True)
        return self._g.compose.const(HELP[rung]) if node is None else node

    def temperature(self, article: ArticleHere) -> int:
        node = self.before_play(article.part.temperature, article, "temperature")
        if node is None:
            return self._g.compose.const(_TEMPERATURE)
        self._g.lowering.positive(node, "a temperature", Scope((*article.path, "temperature")))
        return node

    def rates(self, article: ArticleHere) -> bool:
        """Whether the reliability of an article is known; it is not where the commitment is unsound."""
        part = article.part
        stated = part.reliability is not None or part.obligation is not None or not self._g.on("C26")
        return stated or self.prior(article) in self._g.lowering.builder.rows

    def reliability(self, article: ArticleHere) -> int:
        """q: the probability that a call that is recognised is honoured where nothing else weighs."""
        g, c = self._g, self._g.compose
        weight = self.before_play(article.part.obligation, article, "obligation")
        if weight is not None:
            below, above = self._neutral(article)
            odds = c.sub(c.div(weight, self.temperature(article)), c.log(below))
            return c.logistic(c.add(odds, c.log(above)))
        stated = self.before_play(article.part.reliability, article, "reliability", share=True)
        if stated is None:
            stated = c.row(self.prior(article)) if g.on("C26") else c.const(_ALL_KINDS)
        return c.clamp(stated, _NEVER, _ALWAYS)

    def expected_help(self, article: ArticleHere) -> int:
        """What an answer that honours helps on average where nothing else weighs."""
        c = self._g.compose
        ladder = [rung for rung in rungs_of(article.part) if self.meets(article, rung)]
        weights = [self._weight(article, rung) for rung in ladder]
        helped = [
            c.mul(self.help(article, rung), weight) for rung, weight in zip(ladder, weights, strict=True)
        ]
        return c.div(c.add(*helped), c.add(*weights))

    def _weight(self, article: ArticleHere, rung: Rung) -> int:
        """What a rung counts where nothing weighs but its cost."""
        c = self._g.compose
        return c.exp(c.neg(c.div(self.cost(article, rung), self.temperature(article))))

    def obligation(self, article: ArticleHere) -> int:
        """R: what an obligation weighs, so that it is honoured as reliably as stated."""
        g, c = self._g, self._g.compose
        if not g.on("C16"):
            return c.const(0.0)
        weight = self.before_play(article.part.obligation, article, "obligation")
        if weight is not None:
            return weight
        q = self.reliability(article)
        odds = c.log(c.div(q, c.sub(c.const(1.0), q)))
        below, above = self._neutral(article)
        weighed = c.sub(c.add(odds, c.log(below)), c.log(above))
        return c.mul(self.temperature(article), weighed)

    def _neutral(self, article: ArticleHere) -> tuple[int, int]:
        """What rungs below the text (and none), and those that meet it, count where only cost weighs."""
        c = self._g.compose
        below: list[int] = [c.const(1.0)]
        above: list[int] = []
        for rung in rungs_of(article.part):
            (above if self.meets(article, rung) else below).append(self._weight(article, rung))
        return c.add(*below), c.add(*above)

    @staticmethod
    def meets(article: ArticleHere, rung: Rung) -> bool:
        """Whether an answer on a rung meets the text."""
        assert article.part.honoured_from is not None
        return RUNGS.index(rung) >= RUNGS.index(article.part.honoured_from)
