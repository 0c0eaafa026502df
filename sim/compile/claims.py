"""From an attack to a call: events, scope and scale, calls, disputed claims (rules C7 to C14, C22, C24)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sim.compile import program as pr
from sim.compile.disputes import UNSCOPED, Disputes
from sim.compile.ground import Ground
from sim.compile.lifecycle import Lifecycle
from sim.compile.pacts import LEVELS, ArticleHere, Pair
from sim.compile.scope import Scope
from sim.text import Place

RULES: Final[Mapping[str, str]] = {
    "C7": "Event",
    "C8": "Scope",
    "C9": "Scale",
    "C10": "Once an episode",
    "C11": "Text",
    "C12": "Contested",
    "C13": "Call",
    "C14": "Recognition",
    "C22": "Among parties",
    "C24": "Breach",
}
CALL, SILENT = 1.0, 2.0
OPEN, DECIDED = 1.0, 2.0


class Claims:
    """Rows and passes from an incident to the calls that rest on it."""

    def __init__(self, ground: Ground, disputes: Disputes, lifecycle: Lifecycle) -> None:
        self._g = ground
        self._disputes = disputes
        self._lifecycle = lifecycle

    def place(self, article: ArticleHere) -> Place:
        """Where an article stands."""
        return self._g.lowering.scenario.place(*article.path)

    def declare(self) -> None:
        """Rows of every pair of every article."""
        for article in self._g.pacts.articles:
            place = self.place(article)
            for victim, adversary in article.pairs:
                key = f"{article.name}, {victim}, {adversary}"
                self._g.row(f"spent[{key}]", place, low=0.0)
                if article.attack is None:
                    self._g.row(f"violated[{article.name}, {adversary}, {victim}]", place, low=0.0)
                    continue
                self._g.row(f"event[{key}]", place, low=0.0, high=DECIDED)
                self._g.row(f"calls[{key}]", place, low=0.0)
                name = self.call_name(article, (victim, adversary))
                self._g.row(f"chosen[{name}]", place, low=0.0)
                self._g.row(f"standing[{name}]", place, low=0.0)
                for answerer in article.obliged[victim, adversary]:
                    name = self.recognition_name(article, answerer, (victim, adversary))
                    self._g.row(f"fired[{name}]", place, low=0.0)

    @staticmethod
    def call_name(article: ArticleHere, pair: Pair) -> str:
        """The decision whether to call."""
        return f"{pair[0]}/{article.name}.call/adversary={pair[1]}"

    @staticmethod
    def recognition_name(article: ArticleHere, answerer: str, pair: Pair) -> str:
        """The draw whether a disputed claim is recognised."""
        return f"{answerer}/{article.name}.recognise/adversary={pair[1]},caller={pair[0]}"

    def clearing(self) -> Iterator[pr.Assignment]:
        """What speaks of one turn only."""
        zero = self._g.compose.const(0.0)
        for article in self._g.pacts.articles:
            place = self.place(article)
            if article.attack is None:
                continue
            for pair in article.pairs:
                yield self._g.assign(f"event[{article.name}, {pair[0]}, {pair[1]}]", zero, place)
                yield self._g.assign(f"chosen[{self.call_name(article, pair)}]", zero, place)
                for answerer in article.obliged[pair]:
                    name = self.recognition_name(article, answerer, pair)
                    yield self._g.assign(f"fired[{name}]", zero, place)

    # Events

    def events(self) -> pr.Pass:
        """Which articles an incident brings about, and which it breaks."""
        made: list[pr.Assignment] = []
        for article in self._g.pacts.articles:
            for pair in article.pairs:
                made += self._breach(article, pair) if article.attack is None else self._event(article, pair)
        made += self._settled(made)
        return pr.Pass("events", assignments=self._g.in_order(made))

    def _settled(self, made: Sequence[pr.Assignment]) -> Iterator[pr.Assignment]:
        """Incidents that bring no event about have been dealt with."""
        g, c = self._g, self._g.compose
        rows = {g.lowering.builder.rows[name] for name in self._event_rows()}
        events = [assignment.node for assignment in made if assignment.row in rows]
        some = c.any(*(c.compare("eq", event, c.const(OPEN)) for event in events))
        for pair in sorted(g.pacts.hostile):
            for name in self._disputes.incident_rows(pair):
                place = g.lowering.scenario.place("escalation")
                yield g.assign(name, c.when(some, c.row(name), c.const(0.0)), place)

    def _event_rows(self) -> list[str]:
        return [
            f"event[{article.name}, {pair[0]}, {pair[1]}]"
            for article in self._g.pacts.articles
            if article.attack is not None
            for pair in article.pairs
        ]

    def open(self) -> int:
        """Whether there is an event that nobody has dealt with."""
        c = self._g.compose
        return c.any(*(c.compare("eq", c.row(name), c.const(OPEN)) for name in self._event_rows()))

    def _event(self, article: ArticleHere, pair: Pair) -> Iterator[pr.Assignment]:
        g, c, place = self._g, self._g.compose, self.place(article)
        key = f"{article.name}, {pair[0]}, {pair[1]}"
        if not g.on("C7"):
            return
        episode, spent = self._disputes.episode(pair), c.row(f"spent[{key}]")
        counts = [self._lifecycle.binds(article), self._counting(article, pair)]
        if g.on("C10"):
            counts.append(c.compare("ne", spent, episode))
        happens = c.all(*counts)
        yield g.assign(f"event[{key}]", c.when(happens, c.const(OPEN), c.row(f"event[{key}]")), place, "C7")
        yield g.assign(f"spent[{key}]", c.when(happens, episode, spent), place, "C10")

    def _counting(self, article: ArticleHere, pair: Pair) -> int:
        """Whether there was an incident of a scope and scale that the article names."""
        g, c = self._g, self._g.compose
        attack = article.attack
        assert attack is not None
        actor, target = article.incident(pair)
        rows = [f"incident[{actor}, {target}]"]
        scopes = g.pacts.scopes((actor, target))
        if scopes and "any" not in attack.scope and g.on("C8"):
            named = [UNSCOPED, *(scope for scope in scopes if scope in attack.scope)]
            rows = [f"incident[{actor}, {target}, {scope}]" for scope in named]
        level = c.max(*(c.row(row) for row in rows))
        least = LEVELS[attack.scale] if g.on("C9") else LEVELS["threat"]
        return c.compare("ge", level, c.const(least))

    def _breach(self, article: ArticleHere, pair: Pair) -> Iterator[pr.Assignment]:
        g, c, place = self._g, self._g.compose, self.place(article)
        assert article.part.forbids is not None
        victim, offender = pair
        if not g.on("C24"):
            return
        key = f"spent[{article.name}, {victim}, {offender}]"
        episode = self._disputes.episode(pair)
        counts = [
            self._lifecycle.binds(article),
            c.compare(
                "ge", self._disputes.happened((offender, victim)), c.const(LEVELS[article.part.forbids])
            ),
            c.compare("ne", c.row(key), episode),
        ]
        if article.pact.kind == "neutrality":
            counts.append(self._embattled(pair))
        broken = c.all(*counts)
        yield g.assign(key, c.when(broken, episode, c.row(key)), place, "C24")
        violated = f"violated[{article.name}, {offender}, {victim}]"
        yield g.assign(violated, c.add(c.row(violated), c.number(broken)), place, "C24")

    def _embattled(self, pair: Pair) -> int:
        """Whether the victim has a dispute at force or above with somebody else than the offender."""
        c = self._g.compose
        victim, offender = pair
        levels = [
            c.row(f"hostility[{a}, {b}]")
            for dyad in self._g.pacts.dyads
            if victim in dyad and offender not in dyad
            for a, b in (dyad, dyad[::-1])
        ]
        return c.compare("ge", c.max(*levels), c.const(LEVELS["force"]))

    # Calls

    def calls(self) -> pr.Pass:
        """Whether those attacked call on those who promised."""
        made = [
            self._call(article, pair)
            for article in self._g.pacts.articles
            if article.attack is not None
            for pair in article.pairs
        ]
        return pr.Pass("calls", choices=tuple(sorted(made, key=lambda choice: choice.name)))

    def _call(self, article: ArticleHere, pair: Pair) -> pr.Choice:
        g, c, part = self._g, self._g.compose, article.part.call
        place, name = self.place(article), self.call_name(article, pair)
        scope = Scope(
            (*article.path, "call"), pair[0], {"adversary": pair[1]}, perceived=g.made.perceived(pair[0])
        )
        utility, temperature = c.const(1.0), c.const(0.0)
        if part is not None:
            utility = g.lowering.number(part.utility, scope.at(*scope.path, "utility"))
            if part.temperature is not None:
                temperature = g.lowering.number(part.temperature, scope.at(*scope.path, "temperature"), 0.0)
        event = c.row(f"event[{article.name}, {pair[0]}, {pair[1]}]")
        draws = tuple(
            g.lowering.builder.draw(f"{name}/option:{option}", place) for option in ("call", "silent")
        )
        rows = g.lowering.builder.rows
        return pr.Choice(
            name=name,
            owner=pair[0],
            id=f"{article.name}.call",
            bindings=(("adversary", pair[1]),),
            gate=c.said(c.compare("eq", event, c.const(OPEN)), "the event has come about", article.path),
            due=g.always(),
            rate=None,
            taken_up=None,
            temperature=temperature,
            options=(
                pr.Option("call", None, utility, (draws[0],), (self._said(article, pair, "calls"),), place),
                pr.Option(
                    "silent",
                    None if g.on("C13") else c.false,
                    c.const(0.0),
                    (draws[1],),
                    (self._said(article, pair, "does not call"),),
                    place,
                ),
            ),
            status_quo=None,
            bias=None,
            initial=0,
            chosen=rows[f"chosen[{name}]"],
            standing=rows[f"standing[{name}]"],
            place=place,
            path=article.path,
            grade=g.lowering.figures.grade(article.path),
        )

    def _said(self, article: ArticleHere, pair: Pair, verb: str) -> pr.Doings:
        actors = self._g.lowering.scenario.model.actors
        title = article.pact.title or article.commitment.replace("_", " ")
        part = article.part.title or article.id.replace("_", " ")
        text = f"{actors[pair[0]].name} {verb} on {title}, {part}, against {actors[pair[1]].name}"
        return pr.Doings(sayings=(pr.Saying((text,)),))

    def called(self, article: ArticleHere, pair: Pair) -> int:
        """Whether the victim has called in this turn; without an event there is nothing to call on."""
        c = self._g.compose
        event = c.row(f"event[{article.name}, {pair[0]}, {pair[1]}]")
        called = c.compare("eq", c.row(f"chosen[{self.call_name(article, pair)}]"), c.const(CALL))
        return c.all(c.positive(event), called)

    # Who began

    def disputed(self, article: ArticleHere, pair: Pair) -> int:
        """Whether a claim is open to dispute."""
        g, c = self._g, self._g.compose
        attack = article.attack
        assert attack is not None
        found = []
        if attack.unprovoked and g.on("C11"):
            found.append(self._disputes.began(pair))
        if g.on("C12"):
            found.append(self._disputes.both_began(pair))
        return c.any(*found)

    def recognises(self, article: ArticleHere, answerer: str, pair: Pair) -> int:
        """Whether the answerer recognises the claim."""
        c = self._g.compose
        name = self.recognition_name(article, answerer, pair)
        return c.any(c.negate(self.disputed(article, pair)), c.positive(c.row(f"fired[{name}]")))

    def recognitions(self) -> pr.Pass:
        """Each answerer's reading of a disputed claim; calls are booked."""
        g, c = self._g, self._g.compose
        rules, booked = [], []
        for article in g.pacts.articles:
            if article.attack is None:
                continue
            place = self.place(article)
            for pair in article.pairs:
                key = f"{article.name}, {pair[0]}, {pair[1]}"
                event = c.row(f"event[{key}]")
                decided = c.compare("eq", event, c.const(OPEN))
                called = c.all(decided, self.called(article, pair))
                booked.append(g.assign(f"event[{key}]", c.when(decided, c.const(DECIDED), event), place))
                calls = f"calls[{key}]"
                booked.append(g.assign(calls, c.add(c.row(calls), c.number(called)), place))
                rules += [
                    self._recognition(article, answerer, pair, called) for answerer in article.obliged[pair]
                ]
        rules.sort(key=lambda rule: rule.name)
        return pr.Pass("recognitions", rules=tuple(rules), assignments=g.in_order(booked))

    def _recognition(self, article: ArticleHere, answerer: str, pair: Pair, called: int) -> pr.Rule:
        g, c, place = self._g, self._g.compose, self.place(article)
        name = self.recognition_name(article, answerer, pair)
        bound = {"adversary": pair[1], "caller": pair[0]}
        probability = c.const(0.5)
        if article.part.recognition is not None:
            path = (*article.path, "recognition")
            scope = Scope(path, answerer, bound, perceived=g.made.perceived(answerer))
            probability = g.lowering.number(article.part.recognition, scope, 0.0, 1.0)
        if not g.on("C14"):
            probability = c.const(1.0)
        gate = c.all(called, self.disputed(article, pair))
        return pr.Rule(
            name=name,
            owner=answerer,
            id=f"{article.name}.recognise",
            bindings=tuple(sorted(bound.items())),
            kind="probability",
            gate=c.said(gate, "a disputed claim is called on", article.path),
            rate=probability,
            size=None,
            due=None,
            draw=g.lowering.builder.draw(f"{name}/recognises", place),
            fired=g.lowering.builder.rows[f"fired[{name}]"],
            ever=None,
            campaign=None,
            doings=pr.Doings(),
            place=place,
            path=article.path,
            grade=g.lowering.figures.grade(article.path),
        )
