"""Answers to calls: the ladder, the obligation, capacity, deliveries, and the books (rules C15 to C26)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from sim.compile import program as pr
from sim.compile.claims import Claims
from sim.compile.decisions import DecisionCompiler
from sim.compile.disputes import Disputes
from sim.compile.doings import Whose
from sim.compile.ground import Ground
from sim.compile.pacts import JOINING, ArticleHere, Pair, rungs_of
from sim.compile.program import Term
from sim.compile.scope import LoweringError, Scope
from sim.compile.unroll import Instance
from sim.scenario.commitments import RUNGS, Rung, RungDoing
from sim.scenario.distributions import Distribution
from sim.scenario.expressions import Expression
from sim.scenario.load import PathOf

RULES: Final[Mapping[str, str]] = {
    "C15": "Answer",
    "C16": "Obligation",
    "C18": "Joining",
    "C19": "Capacity",
    "C20": "Delay",
    "C21": "Automatic",
    "C23": "Books",
    "C26": "Default reliability",
}
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
    """Rows and passes of answers."""

    def __init__(self, ground: Ground, disputes: Disputes, claims: Claims) -> None:
        self._g = ground
        self._disputes = disputes
        self._claims = claims

    def _all(self) -> Iterator[Answer]:
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
        for answer in self._all():
            place, key, name = self._claims.place(answer[0]), self.key(answer), self.name(answer)
            for row in (f"chosen[{name}]", f"standing[{name}]"):
                g.row(row, place, low=0.0)
            g.row(f"closed[{key}]", place, low=0.0, high=1.0)
            g.row(f"given[{key}]", place, low=0.0)
            for book in BOOKS:
                g.row(f"{book}[{key}]", place, low=0.0)
            weighing.add(answer[1])
            for rung in self._doing(answer[0]):
                g.row(f"fired[{self._delivery(answer, rung)}]", place, low=0.0)
        for actor in sorted(weighing):
            g.row(f"load[{actor}]", g.lowering.scenario.place("actors", actor), low=0.0)
        for article in self._uncertain():
            g.lowering.builder.declare(
                self._prior(article), "parameter", self._claims.place(article), low=0.0, high=1.0
            )

    def _doing(self, article: ArticleHere) -> list[Rung]:
        """Rungs of the ladder that do something."""
        return [rung for rung in rungs_of(article.part) if rung in self._g.lowering.scenario.model.rungs]

    def doers(self) -> Iterator[tuple[ArticleHere, Rung, str, Mapping[str, str]]]:
        """Whoever may do what a rung says: article, rung, actor, and the names that are bound there."""
        for article, answerer, (caller, adversary) in self._all():
            for rung in self._doing(article):
                yield article, rung, answerer, {"adversary": adversary, "caller": caller}

    @staticmethod
    def _delivery(answer: Answer, rung: Rung) -> str:
        article, answerer, (caller, adversary) = answer
        return f"{answerer}/{article.name}.{rung}/adversary={adversary},caller={caller}"

    # Reliability

    def _uncertain(self) -> list[ArticleHere]:
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
    def _prior(article: ArticleHere) -> str:
        return f"reliability.{article.name}"

    def parameters(self) -> Iterator[pr.Parameter]:
        """The priors of what is not stated."""
        for article in self._uncertain():
            name, place = self._prior(article), self._claims.place(article)
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

    def _before_play(self, expression: Expression | None, article: ArticleHere, *key: str) -> int | None:
        """A number settled before play: over parameters."""
        if expression is None:
            return None
        return self._g.lowering.number(expression, Scope((*article.path, *key), mode="initial"))

    def _cost(self, article: ArticleHere, rung: Rung) -> int:
        cost = self._before_play(article.part.ladder[rung].cost, article, "ladder", rung, "cost")
        assert cost is not None
        return cost

    def _help(self, article: ArticleHere, rung: Rung) -> int:
        stated = article.part.ladder[rung].help
        node = self._before_play(stated, article, "ladder", rung, "help")
        return self._g.compose.const(HELP[rung]) if node is None else node

    def _temperature(self, article: ArticleHere) -> int:
        node = self._before_play(article.part.temperature, article, "temperature")
        if node is None:
            return self._g.compose.const(_TEMPERATURE)
        self._g.lowering.positive(node, "a temperature", Scope((*article.path, "temperature")))
        return node

    def _obligation(self, article: ArticleHere) -> int:
        """R: what an obligation weighs, so that it is honoured as reliably as stated."""
        g, c = self._g, self._g.compose
        if not g.on("C16"):
            return c.const(0.0)
        weight = self._before_play(article.part.obligation, article, "obligation")
        if weight is not None:
            return weight
        stated = self._before_play(article.part.reliability, article, "reliability")
        if stated is None:
            stated = c.row(self._prior(article)) if g.on("C26") else c.const(_ALL_KINDS)
        reliability = c.clamp(stated, _NEVER, _ALWAYS)
        temperature = self._temperature(article)
        below: list[int] = [c.const(1.0)]
        above: list[int] = []
        for rung in rungs_of(article.part):
            share = c.exp(c.neg(c.div(self._cost(article, rung), temperature)))
            (above if self._meets(article, rung) else below).append(share)
        odds = c.log(c.div(reliability, c.sub(c.const(1.0), reliability)))
        weighed = c.sub(c.add(odds, c.log(c.add(*below))), c.log(c.add(*above)))
        return c.mul(temperature, weighed)

    @staticmethod
    def _meets(article: ArticleHere, rung: Rung) -> bool:
        """Whether an answer on a rung meets the text."""
        assert article.part.honoured_from is not None
        return RUNGS.index(rung) >= RUNGS.index(article.part.honoured_from)

    # Answers

    def answers(self) -> pr.Pass:
        """How each obliged party answers the calls of a wave."""
        made = sorted((self._answer(answer) for answer in self._all()), key=lambda choice: choice.name)
        return pr.Pass("answers", choices=tuple(made))

    def _answer(self, answer: Answer) -> pr.Choice:
        g, c = self._g, self._g.compose
        article, answerer, pair = answer
        name, place = self.name(answer), self._claims.place(article)
        options = [self._option(answer, rung) for rung in steps(article)]
        rows = g.lowering.builder.rows
        chosen = rows[f"chosen[{name}]"]
        gate = c.all(self._claims.called(article, pair), c.zero(g.lowering.builder.read(chosen)))
        return pr.Choice(
            name=name,
            owner=answerer,
            id=f"{article.name}.answer",
            bindings=(("adversary", pair[1]), ("caller", pair[0])),
            gate=c.said(gate, f"{pair[0]} calls on {article.name}", article.path),
            due=g.always(),
            rate=None,
            taken_up=None,
            temperature=self._temperature(article),
            options=tuple(options),
            status_quo=None,
            bias=None,
            initial=0,
            chosen=chosen,
            standing=rows[f"standing[{name}]"],
            place=place,
            path=article.path,
            grade=g.lowering.grade(article.path),
        )

    def _option(self, answer: Answer, rung: Step) -> pr.Option:
        g = self._g
        place = self._claims.place(answer[0])
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
        recognises = self._claims.recognises(article, answerer, pair)
        if rung == article.part.honoured_from:
            return recognises
        return c.negate(recognises) if rung == "none" else c.false

    def _utility(self, answer: Answer, rung: Step) -> int:
        g, c = self._g, self._g.compose
        article, answerer, pair = answer
        if rung == "none":
            return c.const(0.0)
        path: PathOf = (*article.path, "ladder", rung)
        met = self._meets(article, rung)
        bound = {"adversary": pair[1], "caller": pair[0]}

        def weighed(expression: Expression | None, key: str) -> int:
            if expression is None:
                return c.const(0.0)
            scope = Scope((*article.path, key), answerer, bound, perceived=g.made.perceived(answerer))
            return g.lowering.number(expression, scope)

        recognised = self._claims.recognises(article, answerer, pair) if g.on("C15") else c.true
        duty = c.mul(self._obligation(article), c.number(recognised) if met else c.const(0.0))
        stake = c.mul(weighed(article.part.stake, "stake"), self._help(article, rung))
        cost, pressure = self._cost(article, rung), weighed(article.part.pressure, "pressure")
        utility = c.sub(c.sub(c.add(duty, stake), cost), pressure)
        terms = (
            Term("obligation, if the claim is recognised" if met else "no obligation met", duty),
            Term("stake * help", stake),
            Term("cost", cost, "-"),
            Term("pressure", pressure, "-"),
        )
        return c.said(utility, "obligation + stake * help - cost - pressure", path, terms)

    # Books

    def _fresh(self, answer: Answer) -> int:
        """Whether the answer came in this wave; one that was ordered but not called for is none."""
        c = self._g.compose
        return c.all(
            self._claims.called(answer[0], answer[2]),
            c.positive(c.row(f"chosen[{self.name(answer)}]")),
            c.zero(c.row(f"closed[{self.key(answer)}]")),
        )

    def _index(self, article: ArticleHere, rung: Step) -> float:
        return 1.0 + steps(article).index(rung)

    def _chose(self, answer: Answer, row: int, *rungs: Step) -> int:
        """Whether the row names one of the rungs."""
        c = self._g.compose
        return c.any(*(c.compare("eq", row, c.const(self._index(answer[0], rung))) for rung in sorted(rungs)))

    def _helped(self, answer: Answer) -> int:
        """Help of the rung that was chosen; 0 for none."""
        c, article = self._g.compose, answer[0]
        row, value = c.row(f"chosen[{self.name(answer)}]"), c.const(0.0)
        for rung in reversed(rungs_of(article.part)):
            value = c.when(self._chose(answer, row, rung), self._help(article, rung), value)
        return value

    def shares(self) -> pr.Pass:
        """What answers of a wave come to: strength within capacity, books, and who has joined."""
        g = self._g
        by_actor: dict[str, list[Answer]] = {}
        for answer in sorted(self._all(), key=self.key):
            by_actor.setdefault(answer[1], []).append(answer)
        made = [one for actor, own in sorted(by_actor.items()) for one in self._given(actor, own)]
        made += [one for answer in self._all() for one in self._booked(answer)]
        made += self._incidents()
        return pr.Pass("shares", assignments=g.in_order(made))

    def _given(self, actor: str, own: list[Answer]) -> Iterator[pr.Assignment]:
        g, c = self._g, self._g.compose
        place = g.lowering.scenario.place("actors", actor)
        zero = c.const(0.0)
        weights = c.add(*(c.when(self._fresh(one), self._helped(one), zero) for one in own))
        load = c.row(f"load[{actor}]")
        capacity = g.lowering.scenario.model.actors[actor].capacity
        for one in own:
            helped, given = self._helped(one), f"given[{self.key(one)}]"
            strength = helped
            if capacity is not None and g.on("C19"):
                scope = Scope(("actors", actor, "capacity"), actor, perceived=g.made.perceived(actor))
                left = c.max(c.sub(g.lowering.number(capacity, scope), load), zero)
                shared = c.mul(helped, c.div(left, weights))
                strength = c.when(c.compare("gt", weights, left), shared, helped)
            yield g.assign(given, c.when(self._fresh(one), strength, c.row(given)), place, "C19")
        yield g.assign(f"load[{actor}]", c.add(load, weights), place, "C19")

    def _booked(self, answer: Answer) -> Iterator[pr.Assignment]:
        g, c = self._g, self._g.compose
        article, answerer, pair = answer
        place, key = self._claims.place(article), self.key(answer)
        row = c.row(f"chosen[{self.name(answer)}]")
        ladder = rungs_of(article.part)
        honoured = self._chose(answer, row, *(rung for rung in ladder if self._meets(article, rung)))
        recognised = self._claims.recognises(article, answerer, pair) if g.on("C23") else c.true
        none = self._chose(answer, row, "none")
        short = c.negate(honoured)
        books = {
            "honoured": honoured,
            "declined": c.all(short, c.negate(recognised)),
            "defected": c.all(recognised, none),
            "hedged": c.all(short, recognised, c.negate(none)),
            "fought": self._chose(answer, row, *(rung for rung in ladder if rung in JOINING)),
        }
        for book, holds in sorted(books.items()):
            name = f"{book}[{key}]"
            now = c.number(c.all(self._fresh(answer), holds))
            yield g.assign(name, c.add(c.row(name), now), place, "C23")

    def _joined(self, answer: Answer, row: int, holds: int) -> int:
        """The level of an incident that an answer comes to; 0 without force."""
        c = self._g.compose
        level = c.const(0.0)
        for rung in rungs_of(answer[0].part):
            if rung in JOINING:
                level = c.when(self._chose(answer, row, rung), c.const(JOINING[rung]), level)
        return c.when(holds, level, c.const(0.0))

    def _incidents(self) -> Iterator[pr.Assignment]:
        """Rows of incidents after the answers: those who fight, and nobody else."""
        g, c = self._g, self._g.compose
        joining: dict[Pair, list[int]] = {}
        if g.on("C18"):
            for answer in sorted(self._all(), key=self.key):
                if not self._late(answer[0]):
                    row = c.row(f"chosen[{self.name(answer)}]")
                    level = self._joined(answer, row, self._fresh(answer))
                    joining.setdefault((answer[1], answer[2][1]), []).append(level)
        for pair in sorted(g.pacts.hostile):
            level = c.max(*joining.get(pair, ()))
            for index, name in enumerate(self._disputes.incident_rows(pair)):
                own = index < 2  # noqa: PLR2004 - of all acts, and of those without a scope
                value = level if own else c.const(0.0)
                place = g.lowering.scenario.place("escalation")
                yield g.assign(name, value, place, "C18")

    # What answers do

    def _late(self, article: ArticleHere) -> int:
        """Turns until an answer takes effect."""
        if article.part.delay is None or not self._g.on("C20"):
            return 0
        return self._g.turns(article.part.delay, (*article.path, "delay"))

    def deliveries(self, decisions: DecisionCompiler) -> pr.Pass:
        """What answers without delay do, in the wave."""
        made = [
            self._deliver(decisions, answer, rung, 0)
            for answer in self._all()
            if not self._late(answer[0])
            for rung in self._doing(answer[0])
        ]
        return pr.Pass("deliveries", rules=tuple(sorted(made, key=lambda rule: rule.name)))

    def late(self, decisions: DecisionCompiler) -> pr.Pass:
        """What answers given some turns ago do now."""
        g, c = self._g, self._g.compose
        rules: list[pr.Rule] = []
        joining: dict[Pair, list[int]] = {}
        for answer in sorted(self._all(), key=self.key):
            turns = self._late(answer[0])
            if not turns:
                continue
            rules += [self._deliver(decisions, answer, rung, turns) for rung in self._doing(answer[0])]
            if g.on("C18"):
                row = self._recalled(f"chosen[{self.name(answer)}]", turns)
                level = self._joined(answer, row, self._answered(answer, turns))
                joining.setdefault((answer[1], answer[2][1]), []).append(level)
        made = []
        for pair, levels in sorted(joining.items()):
            for name in self._disputes.incident_rows(pair)[:2]:
                level = c.max(c.row(name), *levels)
                made.append(g.assign(name, level, g.lowering.scenario.place("escalation"), "C20"))
        rules.sort(key=lambda rule: rule.name)
        return pr.Pass("late deliveries", rules=tuple(rules), assignments=g.in_order(made))

    def _answered(self, answer: Answer, turns: int) -> int:
        """Whether there was an answer so many turns ago."""
        return self._g.compose.positive(self._recalled(f"closed[{self.key(answer)}]", turns))

    def _recalled(self, name: str, turns: int) -> int:
        builder = self._g.lowering.builder
        return builder.read(builder.recall(builder.rows[name], turns))

    def _deliver(self, decisions: DecisionCompiler, answer: Answer, rung: Rung, turns: int) -> pr.Rule:
        g, c = self._g, self._g.compose
        article, answerer, (caller, adversary) = answer
        part = g.lowering.scenario.model.rungs[rung]
        name, path = self._delivery(answer, rung), ("rungs", rung)
        chosen, given = f"chosen[{self.name(answer)}]", f"given[{self.key(answer)}]"
        if turns:
            gate = c.all(
                self._answered(answer, turns), self._chose(answer, self._recalled(chosen, turns), rung)
            )
            strength = self._recalled(given, turns)
        else:
            gate = c.all(self._fresh(answer), self._chose(answer, c.row(chosen), rung))
            strength = c.row(given)
        help_ = self._help(article, rung)
        share = c.when(c.positive(help_), c.div(strength, help_), c.const(1.0))
        bindings = (("adversary", adversary), ("caller", caller))
        place, own = g.lowering.scenario.place(*path), f"{article.name}.{rung}"
        instance: Instance[Any] = Instance(
            part, answerer, own, bindings, path, place, answerer, {"share": share}
        )
        self._peaceful(part, path)
        return pr.Rule(
            name=name,
            owner=answerer,
            id=own,
            bindings=bindings,
            kind="once",
            gate=c.said(gate, f"{answerer} answers with {rung.replace('_', ' ')}", path),
            rate=None,
            size=None,
            due=None,
            draw=None,
            fired=g.lowering.builder.rows[f"fired[{name}]"],
            ever=None,
            campaign=None,
            doings=decisions.doings.of(part, instance, Whose(name), path),
            place=instance.place,
            path=path,
            grade=g.lowering.grade(path),
        )

    def _peaceful(self, part: RungDoing, path: PathOf) -> None:
        """A rung is as hostile as it is; what it does cannot make it more so."""
        actions = self._g.lowering.scenario.model.actions
        if any(call.action in actions and actions[call.action].hostility for call in part.do):
            self._g.lowering.builder.problems.fault(
                LoweringError(
                    (*path, "do"), 0, "a rung is hostile by itself", "actions without hostility", at_key=True
                )
            )

    def closing(self) -> Iterator[pr.Assignment]:
        """Answers of the wave are booked."""
        g, c = self._g, self._g.compose
        for answer in self._all():
            name = f"closed[{self.key(answer)}]"
            booked = c.when(self._fresh(answer), c.const(1.0), c.row(name))
            yield g.assign(name, booked, self._claims.place(answer[0]))

    def clearing(self) -> Iterator[pr.Assignment]:
        """What speaks of one turn only."""
        g, zero = self._g, self._g.compose.const(0.0)
        weighing = set()
        for answer in self._all():
            place = self._claims.place(answer[0])
            weighing.add(answer[1])
            rows = [
                f"chosen[{self.name(answer)}]",
                f"closed[{self.key(answer)}]",
                f"given[{self.key(answer)}]",
            ]
            rows += [f"fired[{self._delivery(answer, rung)}]" for rung in self._doing(answer[0])]
            for row in rows:
                yield g.assign(row, zero, place)
        for actor in sorted(weighing):
            yield g.assign(f"load[{actor}]", zero, g.lowering.scenario.place("actors", actor))
