"""Answers to calls: each obliged party's choice among the rungs of the ladder (rules C15 and C21)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from sim.compile import program as pr
from sim.compile.claims import Claims
from sim.compile.ground import Ground
from sim.compile.ladders import Ladders
from sim.compile.pacts import ArticleHere, Pair, rungs_of
from sim.compile.program import Term
from sim.compile.scope import Scope
from sim.scenario.commitments import Rung
from sim.scenario.expressions import Expression
from sim.scenario.load import PathOf

RULES: Final[Mapping[str, str]] = {"C15": "Answer", "C21": "Automatic"}
BOOKS: Final = ("honoured", "hedged", "defected", "declined", "fought")
_WORDS: Final[Mapping[str, str]] = {
    "statement": "a statement",
    "consultation": "consultations",
    "materiel": "materiel",
    "advisers": "advisers",
    "limited_force": "limited force",
    "full_force": "full force",
}
Step = Rung | Literal["none"]
Answer = tuple[ArticleHere, str, Pair]


def steps(article: ArticleHere) -> list[Step]:
    """The options of an answer, in order of id."""
    options: list[Step] = ["none", *rungs_of(article.part)]
    return sorted(options)


class Answers:
    """Rows of answers, and the choices that they are."""

    def __init__(self, ground: Ground, claims: Claims, ladders: Ladders) -> None:
        self._g = ground
        self.claims = claims
        self.ladders = ladders

    def all(self) -> Iterator[Answer]:
        for article in self._g.pacts.articles:
            for answerer, caller, adversary in article.answers():
                yield article, answerer, (caller, adversary)

    @staticmethod
    def name(answer: Answer) -> str:
        """The decision how to answer."""
        article, answerer, (caller, adversary) = answer
        return f"{answerer}/{article.name}.answer/adversary={adversary},caller={caller}"

    @staticmethod
    def key(answer: Answer) -> str:
        """How rows of an answer are indexed."""
        article, answerer, (caller, adversary) = answer
        return f"{article.name}, {answerer}, {caller}, {adversary}"

    def declare(self) -> None:
        """Rows of every answer that may be owed."""
        g = self._g
        weighing = set()
        for answer in self.all():
            place, key, name = self.claims.place(answer[0]), self.key(answer), self.name(answer)
            for row in (f"chosen[{name}]", f"standing[{name}]"):
                g.row(row, place, low=0.0)
            g.row(f"closed[{key}]", place, low=0.0, high=1.0)
            g.row(f"given[{key}]", place, low=0.0)
            for book in BOOKS:
                g.row(f"{book}[{key}]", place, low=0.0)
            weighing.add(answer[1])
            for rung in self.doing(answer[0]):
                g.row(f"fired[{self.delivery(answer, rung)}]", place, low=0.0)
        for actor in sorted(weighing):
            g.row(f"load[{actor}]", g.lowering.scenario.place("actors", actor), low=0.0)
        for article in self.ladders.uncertain():
            g.lowering.builder.declare(
                self.ladders.prior(article), "parameter", self.claims.place(article), low=0.0, high=1.0
            )

    def doing(self, article: ArticleHere) -> list[Rung]:
        """Rungs of the ladder that do something."""
        return [rung for rung in rungs_of(article.part) if rung in self._g.lowering.scenario.model.rungs]

    def doers(self) -> Iterator[tuple[ArticleHere, Rung, str, Mapping[str, str]]]:
        """Whoever may do what a rung says: article, rung, actor, and the names that are bound there."""
        for article, answerer, (caller, adversary) in self.all():
            for rung in self.doing(article):
                yield article, rung, answerer, {"adversary": adversary, "caller": caller}

    @staticmethod
    def delivery(answer: Answer, rung: Rung) -> str:
        article, answerer, (caller, adversary) = answer
        return f"{answerer}/{article.name}.{rung}/adversary={adversary},caller={caller}"

    def late(self, article: ArticleHere) -> int:
        """Turns until an answer takes effect."""
        if article.part.delay is None or not self._g.on("C20"):
            return 0
        return self._g.turns(article.part.delay, (*article.path, "delay"))

    def answers(self) -> pr.Pass:
        """How each obliged party answers the calls of a wave."""
        made = sorted((self._answer(answer) for answer in self.all()), key=lambda choice: choice.name)
        return pr.Pass("answers", choices=tuple(made))

    def _answer(self, answer: Answer) -> pr.Choice:
        g, c = self._g, self._g.compose
        article, answerer, pair = answer
        name, place = self.name(answer), self.claims.place(article)
        options = [self._option(answer, rung) for rung in steps(article)]
        rows = g.lowering.builder.rows
        chosen = rows[f"chosen[{name}]"]
        gate = c.all(self.claims.called(article, pair), c.zero(g.lowering.builder.read(chosen)))
        return pr.Choice(
            name=name,
            owner=answerer,
            id=f"{article.name}.answer",
            bindings=(("adversary", pair[1]), ("caller", pair[0])),
            gate=c.said(gate, f"{pair[0]} calls on {article.name}", article.path),
            due=g.always(),
            rate=None,
            taken_up=None,
            temperature=self.ladders.temperature(article),
            options=tuple(options),
            status_quo=None,
            bias=None,
            initial=0,
            chosen=chosen,
            standing=rows[f"standing[{name}]"],
            place=place,
            path=article.path,
            grade=g.lowering.figures.grade(article.path),
        )

    def _option(self, answer: Answer, rung: Step) -> pr.Option:
        g = self._g
        place = self.claims.place(answer[0])
        draw = g.lowering.builder.draw(f"{self.name(answer)}/option:{rung}", place)
        says = self._said(answer, rung)
        return pr.Option(
            rung,
            self._open(answer, rung),
            self._utility(answer, rung),
            (draw,),
            (pr.Doings(sayings=says),),
            place,
        )

    def _said(self, answer: Answer, rung: Step) -> tuple[pr.Saying, ...]:
        """What the log says of an answer; what it comes to may have a sentence of its own."""
        _, answerer, (caller, adversary) = answer
        names = {actor: part.name for actor, part in self._g.lowering.scenario.model.actors.items()}
        call = f"{names[caller]}'s call against {names[adversary]}"
        how = "leaves {} unanswered" if rung == "none" else "answers {} with " + _WORDS[rung]
        text = f"{names[answerer]} {how.format(call)}"
        return (pr.Saying((text,)),)

    def _open(self, answer: Answer, rung: Step) -> int | None:
        """Whether a rung can be chosen; None: always."""
        article, answerer, pair = answer
        if not (article.part.automatic and self._g.on("C21")):
            return None
        c = self._g.compose
        recognises = self.claims.recognises(article, answerer, pair)
        if rung == article.part.honoured_from:
            return recognises
        return c.negate(recognises) if rung == "none" else c.false

    def _utility(self, answer: Answer, rung: Step) -> int:
        g, c = self._g, self._g.compose
        article, answerer, pair = answer
        if rung == "none":
            return c.const(0.0)
        path: PathOf = (*article.path, "ladder", rung)
        met = self.ladders.meets(article, rung)
        bound = {"adversary": pair[1], "caller": pair[0]}

        def weighed(expression: Expression | None, key: str) -> int:
            if expression is None:
                return c.const(0.0)
            scope = Scope((*article.path, key), answerer, bound, perceived=g.made.perceived(answerer))
            return g.lowering.number(expression, scope)

        recognised = self.claims.recognises(article, answerer, pair) if g.on("C15") else c.true
        duty = c.mul(self.ladders.obligation(article), c.number(recognised) if met else c.const(0.0))
        stake = c.mul(weighed(article.part.stake, "stake"), self.ladders.help(article, rung))
        cost, pressure = self.ladders.cost(article, rung), weighed(article.part.pressure, "pressure")
        utility = c.sub(c.sub(c.add(duty, stake), cost), pressure)
        terms = (
            Term("obligation, if the claim is recognised" if met else "no obligation met", duty),
            Term("stake * help", stake),
            Term("cost", cost, "-"),
            Term("pressure", pressure, "-"),
        )
        return c.said(utility, "obligation + stake * help - cost - pressure", path, terms)

    def clearing(self) -> Iterator[pr.Assignment]:
        """What speaks of one turn only."""
        g, zero = self._g, self._g.compose.const(0.0)
        weighing = set()
        for answer in self.all():
            place = self.claims.place(answer[0])
            weighing.add(answer[1])
            rows = [
                f"chosen[{self.name(answer)}]",
                f"closed[{self.key(answer)}]",
                f"given[{self.key(answer)}]",
            ]
            rows += [f"fired[{self.delivery(answer, rung)}]" for rung in self.doing(answer[0])]
            for row in rows:
                yield g.assign(row, zero, place)
        for actor in sorted(weighing):
            yield g.assign(f"load[{actor}]", zero, g.lowering.scenario.place("actors", actor))
