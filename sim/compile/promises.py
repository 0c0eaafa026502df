"""Commitments and disputes as one construct: their rows, their passes, and what can be read of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import ClassVar, Final

from sim.compile import answers, books, claims, deliveries, disputes, ladders, lifecycle, reliance
from sim.compile import program as pr
from sim.compile.answers import Answers
from sim.compile.books import Books
from sim.compile.builder import MAX_ROWS, TooDeepError, TooLargeError
from sim.compile.claims import Claims
from sim.compile.compose import Composer
from sim.compile.construct import Made, Reader
from sim.compile.decisions import DecisionCompiler
from sim.compile.deliveries import Deliveries
from sim.compile.disputes import Disputes
from sim.compile.doings import resolve_call
from sim.compile.ground import Ground
from sim.compile.idle import IdleArticles
from sim.compile.ladders import Ladders
from sim.compile.lifecycle import Lifecycle
from sim.compile.lower import Lowering
from sim.compile.pacts import Pacts, read_pacts
from sim.compile.readings import PromiseReader
from sim.compile.reliance import Reliance
from sim.compile.scope import Scope

_FEWER: Final = (
    "articles about fewer: name whom they protect ('on'), from whom ('by'), and who answers ('obliged'); "
    f"at most {MAX_ROWS:,} numbers in all"
)


class Promises:
    """Commitments, disputes, calls and answers."""

    rules: ClassVar[Mapping[str, str]] = {
        **disputes.RULES,
        **lifecycle.RULES,
        **claims.RULES,
        **ladders.RULES,
        **answers.RULES,
        **books.RULES,
        **deliveries.RULES,
        **reliance.RULES,
    }

    def __init__(self, lowering: Lowering, made: Made, without: frozenset[str]) -> None:
        self._lowering = lowering
        self._g = Ground(lowering, Composer(lowering), made, without, Pacts())
        self._disputes = Disputes(self._g)
        self._lifecycle = Lifecycle(self._g, self._disputes)
        self._claims = Claims(self._g, self._disputes, self._lifecycle)
        self._answers = Answers(self._g, self._claims, Ladders(self._g))
        self._books = Books(self._g, self._disputes, self._answers)
        self._deliveries = Deliveries(self._g, self._disputes, self._answers, self._books)
        self._reader = PromiseReader(self._g, self._lifecycle)
        self._reliance = Reliance(self._g, self._lifecycle, self._answers)

    def readers(self) -> Mapping[str, Reader]:
        """Functions on disputes and commitments."""
        return {**self._disputes.readers(), **self._reader.readers(), **self._reliance.readers()}

    def declare(self) -> None:
        """Rows of all of it; first of all, who can be hostile to whom."""
        found = read_pacts(self._lowering, self._g.without)
        self._g.pacts.take(found)
        self._disputes.declare()
        with self._narrower():
            self._lifecycle.declare()
            self._claims.declare()
            self._answers.declare()
            self._reliance.declare()
            self._declare_deeds()

    @contextmanager
    def _narrower(self) -> Iterator[None]:
        """What is too large here is so because articles are about too many."""
        try:
            yield
        except (TooLargeError, TooDeepError) as large:
            place = large.place if isinstance(large, TooLargeError) else None
            raise TooLargeError(place or self._lowering.scenario.place("commitments"), _FEWER) from None

    def _declare_deeds(self) -> None:
        """Rows of what answers do."""
        builder = self._lowering.builder
        for article, rung, actor, bound in self._answers.doers():
            part = self._lowering.scenario.model.rungs[rung]
            for index, call in enumerate(part.do):
                scope = Scope(("rungs", rung, "do", index), actor, bound)
                parties = builder.problems.tried(partial(resolve_call, self._lowering, call, scope), None)
                if parties is None:
                    continue
                text = ", ".join((call.action, *filter(None, parties)))
                for table in ("acts", "times"):
                    if f"{table}[{text}]" not in builder.rows:
                        place = self._lowering.scenario.place(*article.path)
                        builder.declare(f"{table}[{text}]", "act", place)

    def compile(self, decisions: DecisionCompiler) -> None:
        """Add initial values and passes."""
        g = self._g
        if not g.pacts.hostile and not self._lowering.scenario.model.commitments:
            return
        with self._narrower():
            self._compile(decisions)
            IdleArticles(g, self._answers.ladders).check()

    def _compile(self, decisions: DecisionCompiler) -> None:
        g, made = self._g, self._g.made
        self._disputes.start()
        self._lifecycle.start()
        made.parameters += self._answers.ladders.parameters()
        made.clearing += [*self._claims.clearing(), *self._answers.clearing()]
        made.perceiving += self._filled(
            pr.Pass(
                "commitments",
                assignments=g.in_order(self._lifecycle.moving(self._lifecycle.broken(g.pacts.articles))),
            ),
            pr.Pass("calm", assignments=g.in_order(self._disputes.at_first())),
            pr.Pass("credibility", assignments=g.in_order(self._reliance.moving())),
        )
        made.delivering += self._filled(self._deliveries.late(decisions))
        made.answering += self._filled(self._disputes.after_acts())
        if any(article.pairs for article in g.pacts.articles):
            made.answering.append(self._waves(decisions))
        made.settling += self._filled(pr.Pass("quiet", assignments=g.in_order(self._disputes.ending())))

    def _waves(self, decisions: DecisionCompiler) -> pr.Waves:
        g = self._g
        joining = (*self._disputes.after_answers(), *self._books.closing())
        passes = self._filled(
            self._claims.calls(),
            self._claims.recognitions(),
            self._answers.answers(),
            self._books.shares(),
            self._deliveries.deliveries(decisions),
            pr.Pass("joining", assignments=g.in_order(joining)),
        )
        place = self._lowering.scenario.place("commitments")
        return pr.Waves(
            "calls and answers",
            self._disputes.fresh(),
            self._claims.events(),
            self._claims.open(),
            tuple(passes),
            place,
        )

    @staticmethod
    def _filled(*passes: pr.Pass) -> list[pr.Pass]:
        """Passes that do something."""
        return [step for step in passes if step.assignments or step.decisions]
