"""The books of answers: strength within capacity, what each was, and who has joined (C18, C19, C23)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sim.compile import program as pr
from sim.compile.answers import Answer, Answers, Step, steps
from sim.compile.disputes import Disputes
from sim.compile.ground import Ground
from sim.compile.pacts import JOINING, ArticleHere, Pair, rungs_of
from sim.compile.scope import Scope

RULES: Final[Mapping[str, str]] = {"C18": "Joining", "C19": "Capacity", "C23": "Books"}


class Books:
    """What the answers of a wave come to."""

    def __init__(self, ground: Ground, disputes: Disputes, answers: Answers) -> None:
        self._g = ground
        self._disputes = disputes
        self._answers = answers

    def fresh(self, answer: Answer) -> int:
        """Whether the answer came in this wave; one that was ordered but not called for is none."""
        c = self._g.compose
        name, key = self._answers.name(answer), self._answers.key(answer)
        return c.all(
            self._answers.claims.called(answer[0], answer[2]),
            c.positive(c.row(f"chosen[{name}]")),
            c.zero(c.row(f"closed[{key}]")),
        )

    def _index(self, article: ArticleHere, rung: Step) -> float:
        return 1.0 + steps(article).index(rung)

    def chose(self, answer: Answer, row: int, *rungs: Step) -> int:
        """Whether the row names one of the rungs."""
        c = self._g.compose
        return c.any(*(c.compare("eq", row, c.const(self._index(answer[0], rung))) for rung in sorted(rungs)))

    def _helped(self, answer: Answer) -> int:
        """Help of the rung that was chosen; 0 for none."""
        c, article = self._g.compose, answer[0]
        row, value = c.row(f"chosen[{self._answers.name(answer)}]"), c.const(0.0)
        for rung in reversed(rungs_of(article.part)):
            value = c.when(self.chose(answer, row, rung), self._answers.ladders.help(article, rung), value)
        return value

    def shares(self) -> pr.Pass:
        """What answers of a wave come to: strength within capacity, books, and who has joined."""
        g = self._g
        by_actor: dict[str, list[Answer]] = {}
        for answer in sorted(self._answers.all(), key=self._answers.key):
            by_actor.setdefault(answer[1], []).append(answer)
        made = [one for actor, own in sorted(by_actor.items()) for one in self._given(actor, own)]
        made += [one for answer in self._answers.all() for one in self._booked(answer)]
        made += self._incidents()
        return pr.Pass("shares", assignments=g.in_order(made))

    def _given(self, actor: str, own: list[Answer]) -> Iterator[pr.Assignment]:
        g, c = self._g, self._g.compose
        place = g.lowering.scenario.place("actors", actor)
        zero = c.const(0.0)
        weights = c.add(*(c.when(self.fresh(one), self._helped(one), zero) for one in own))
        load = c.row(f"load[{actor}]")
        capacity = g.lowering.scenario.model.actors[actor].capacity
        for one in own:
            helped, given = self._helped(one), f"given[{self._answers.key(one)}]"
            strength = helped
            if capacity is not None and g.on("C19"):
                scope = Scope(("actors", actor, "capacity"), actor, perceived=g.made.perceived(actor))
                left = c.max(c.sub(g.lowering.number(capacity, scope), load), zero)
                shared = c.mul(helped, c.div(left, weights))
                strength = c.when(c.compare("gt", weights, left), shared, helped)
            yield g.assign(given, c.when(self.fresh(one), strength, c.row(given)), place, "C19")
        yield g.assign(f"load[{actor}]", c.add(load, weights), place, "C19")

    def _booked(self, answer: Answer) -> Iterator[pr.Assignment]:
        g, c = self._g, self._g.compose
        article, answerer, pair = answer
        place, key = self._answers.claims.place(article), self._answers.key(answer)
        row = c.row(f"chosen[{self._answers.name(answer)}]")
        ladder = rungs_of(article.part)
        honoured = self.chose(
            answer, row, *(rung for rung in ladder if self._answers.ladders.meets(article, rung))
        )
        recognised = self._answers.claims.recognises(article, answerer, pair) if g.on("C23") else c.true
        none = self.chose(answer, row, "none")
        short = c.negate(honoured)
        books = {
            "honoured": honoured,
            "declined": c.all(short, c.negate(recognised)),
            "defected": c.all(recognised, none),
            "hedged": c.all(short, recognised, c.negate(none)),
            "fought": self.chose(answer, row, *(rung for rung in ladder if rung in JOINING)),
        }
        for book, holds in sorted(books.items()):
            name = f"{book}[{key}]"
            now = c.number(c.all(self.fresh(answer), holds))
            yield g.assign(name, c.add(c.row(name), now), place, "C23")

    def joined(self, answer: Answer, row: int, holds: int) -> int:
        """The level of an incident that an answer comes to; 0 without force."""
        c = self._g.compose
        level = c.const(0.0)
        for rung in rungs_of(answer[0].part):
            if rung in JOINING:
                level = c.when(self.chose(answer, row, rung), c.const(JOINING[rung]), level)
        return c.when(holds, level, c.const(0.0))

    def _incidents(self) -> Iterator[pr.Assignment]:
        """Rows of incidents after the answers: those who fight, and nobody else."""
        g, c = self._g, self._g.compose
        joining: dict[Pair, list[int]] = {}
        if g.on("C18"):
            for answer in sorted(self._answers.all(), key=self._answers.key):
                if not self._answers.late(answer[0]):
                    row = c.row(f"chosen[{self._answers.name(answer)}]")
                    level = self.joined(answer, row, self.fresh(answer))
                    joining.setdefault((answer[1], answer[2][1]), []).append(level)
        for pair in sorted(g.pacts.hostile):
            level = c.max(*joining.get(pair, ()))
            for index, name in enumerate(self._disputes.incident_rows(pair)):
                own = index < 2  # noqa: PLR2004 - of all acts, and of those without a scope
                value = level if own else c.const(0.0)
                place = g.lowering.scenario.place("escalation")
                yield g.assign(name, value, place, "C18")

    def closing(self) -> Iterator[pr.Assignment]:
        """Answers of the wave are booked."""
        g, c = self._g, self._g.compose
        for answer in self._answers.all():
            name = f"closed[{self._answers.key(answer)}]"
            booked = c.when(self.fresh(answer), c.const(1.0), c.row(name))
            yield g.assign(name, booked, self._answers.claims.place(answer[0]))
