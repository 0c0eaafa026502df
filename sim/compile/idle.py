"""Articles that nobody can bring about: what they say is read all the same, and what is wrong is told."""

from __future__ import annotations

from sim.compile.ground import Ground
from sim.compile.ladders import Ladders
from sim.compile.pacts import ArticleHere, rungs_of
from sim.compile.scope import Scope


class IdleArticles:
    """Reads the expressions of articles without a pair of actors to be about."""

    def __init__(self, ground: Ground, ladders: Ladders) -> None:
        self._g = ground
        self._ladders = ladders

    def check(self) -> None:
        """Note what is wrong with them."""
        for article in self._g.pacts.articles:
            if article.attack is not None and not article.pairs:
                self._numbers(article)
                cast = self._cast(article)
                if cast is not None:
                    self._utilities(article, *cast)

    def _cast(self, article: ArticleHere) -> tuple[str, str, str] | None:
        """Who could answer, call and be called against; None if there are not three of them."""
        attack = article.attack
        assert attack is not None
        parties, actors = article.pact.parties, self._g.lowering.symbols.actors
        protected = parties if "party" in attack.on else attack.on
        owing = article.part.obliged or parties
        pair = next(((v, p) for v in protected for p in owing if v != p), None)
        if pair is None:
            return None
        caller, answerer = pair
        meant = [actor for actor in actors if "any" in attack.by or actor in attack.by]
        strangers = (actor for actor in (*meant, *actors) if actor not in (caller, answerer))
        adversary = next(strangers, None)
        return None if adversary is None else (answerer, caller, adversary)

    def _numbers(self, article: ArticleHere) -> None:
        """What is settled before play."""
        self._ladders.temperature(article)
        self._ladders.obligation(article)
        for rung in rungs_of(article.part):
            self._ladders.cost(article, rung)
            self._ladders.help(article, rung)

    def _utilities(self, article: ArticleHere, answerer: str, caller: str, adversary: str) -> None:
        """What is weighed when it is called on."""
        g, part = self._g, article.part
        bound = {"adversary": adversary, "caller": caller}
        for key, low, high in (("stake", None, None), ("pressure", None, None), ("recognition", 0.0, 1.0)):
            expression = getattr(part, key)
            if expression is not None:
                scope = Scope((*article.path, key), answerer, bound, perceived=g.made.perceived(answerer))
                g.lowering.number(expression, scope, low, high)
        if part.call is not None:
            scope = Scope(
                (*article.path, "call", "utility"),
                caller,
                {"adversary": adversary},
                perceived=g.made.perceived(caller),
            )
            g.lowering.number(part.call.utility, scope)
