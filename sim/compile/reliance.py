"""Who relies on whose promises: credibility of articles, and the support that allies are expected to give.

Rules K8 to K10 and K13 to K15 of `docs/adjudication.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from sim.compile import program as pr
from sim.compile.answers import Answers
from sim.compile.construct import Reader
from sim.compile.credibility import Credit, Credits, Taught
from sim.compile.ground import Ground
from sim.compile.lifecycle import Lifecycle
from sim.compile.pacts import ArticleHere, protects
from sim.compile.scope import LoweringError, Scope, listed
from sim.scenario import expressions as ex
from sim.scenario.load import PathOf
from sim.text import quoted

RULES: Final[Mapping[str, str]] = {
    "K8": "Answers teach",
    "K9": "Declining teaches less",
    "K10": "Secret terms",
    "K13": "Expected support",
    "K14": "Support in force",
    "K15": "Secret support",
}
_LESSONS: Final[Mapping[str, tuple[float, float]]] = {
    "declined": (0.0, 0.25),
    "defected": (0.0, 1.0),
    "hedged": (0.0, 0.5),
    "honoured": (1.0, 1.0),
}
"""By kind of answer, in order of id: what it says, and its weight beside that of an answer that honours."""


class Reliance:
    """What is believed of promises, and what is expected of allies."""

    def __init__(self, ground: Ground, lifecycle: Lifecycle, answers: Answers) -> None:
        self._g = ground
        self._lifecycle = lifecycle
        self._answers = answers
        self._credits = Credits(ground.lowering, ground.without)

    def readers(self) -> Mapping[str, Reader]:
        """Functions, by name."""
        return {"credibility": self._credibility, "expected_support": self._expected_support}

    # Articles

    @cached_property
    def _articles(self) -> Mapping[str, ArticleHere]:
        """Articles that ask for answers, in order of name; who may call on them plays no part here."""
        pacts = self._g.lowering.scenario.model.commitments
        found = [
            ArticleHere(name, article_id, pact, part, (), {})
            for name, pact in pacts.items()
            for article_id, part in pact.articles.items()
            if part.trigger is not None
        ]
        found.sort(key=lambda article: article.name)
        return {article.name: article for article in found if self._answers.ladders.rates(article)}

    def _obliged(self, article: ArticleHere) -> tuple[str, ...]:
        """Who owes an answer by the article, in order of id."""
        owing = article.part.obliged or article.pact.parties
        return tuple(sorted(set(owing) & set(self._g.lowering.symbols.actors)))

    def _knows(self, article: ArticleHere, observer: str, rule: str) -> int:
        """Whether an observer knows of the article."""
        c = self._g.compose
        if not article.part.secret or observer in article.pact.parties or not self._g.on(rule):
            return c.true
        if article.part.disclosed is None:
            return c.false
        return c.positive(c.row(f"disclosed[{article.name}]"))

    def _may_know(self, article: ArticleHere, observer: str) -> bool:
        """Whether an observer can come to know of the article."""
        c = self._g.compose
        return self._knows(article, observer, "K10") != c.false

    # Rows

    def _credit(self, article: ArticleHere, party: str) -> Credit | None:
        """What is believed of a party's word, if anything is."""
        part = article.part.credibility
        if part is None:
            return None
        path: PathOf = (*article.path, "credibility")
        place = self._g.lowering.scenario.place(*path)
        hidden = article.part.secret and article.part.disclosed is None and self._g.on("K10")
        audience = frozenset(article.pact.parties) if hidden else None
        return Credit(f"{article.name}, {party}", party, part, path, place, audience)

    def _believed(self) -> Iterator[tuple[ArticleHere, str, Credit]]:
        for article in self._articles.values():
            for party in self._obliged(article):
                credit = self._credit(article, party)
                if credit is not None:
                    yield article, party, credit

    def declare(self) -> None:
        """Rows of what is believed, of what has been taken account of, and of what is disclosed."""
        for article, party, credit in self._believed():
            self._credits.declare(credit)
            for kind in _LESSONS:
                self._g.row(f"booked[{article.name}, {party}, {kind}]", credit.place, low=0.0)
        for article in self._articles.values():
            if article.part.disclosed is not None:
                place = self._g.lowering.scenario.place(*article.path, "disclosed")
                self._g.row(f"disclosed[{article.name}]", place, low=0.0, high=1.0)

    # Moving

    def moving(self) -> list[pr.Assignment]:
        """What each observer believes of each word, and the books of what it stands on."""
        g = self._g
        made, answers = list(self._disclosed()), self._answered()
        for article, party, credit in self._believed():
            word = f"{article.name}, {party}"
            new = {kind: self._new(word, kind, answers.get(f"{kind}[{word}", ())) for kind in _LESSONS}
            for kind, (total, _) in new.items():
                name = f"booked[{article.name}, {party}, {kind}]"
                made.append(g.assign(name, total, credit.place, "K8"))
            stated = self._answers.ladders.reliability(article)
            g.made.initials += self._credits.before_play(credit, stated)
            numbers = {kind: fresh for kind, (_, fresh) in new.items()}
            for observer in self._credits.observers(credit):
                lessons = self._lessons(article, party, observer, numbers)
                made += self._credits.moved(credit, observer, stated, lessons)
        return made

    def _disclosed(self) -> Iterator[pr.Assignment]:
        g, c = self._g, self._g.compose
        for article in self._articles.values():
            if article.part.disclosed is not None:
                path = (*article.path, "disclosed")
                now = g.lowering.truth(article.part.disclosed, Scope(path))
                name = f"disclosed[{article.name}]"
                known = c.max(c.row(name), c.number(now))
                yield g.assign(name, known, g.lowering.scenario.place(*path), "K10")

    def _answered(self) -> Mapping[str, Sequence[str]]:
        """Rows that count answers, in order of name, by kind, article and party: `hedged[pact.help, USA`."""
        found: dict[str, list[str]] = {}
        for row in sorted(self._g.lowering.builder.rows):
            if row.partition("[")[0] in _LESSONS and "@" not in row:
                found.setdefault(", ".join(row.split(", ")[:2]), []).append(row)
        return found

    def _new(self, word: str, kind: str, rows: Sequence[str]) -> tuple[int, int]:
        """How many answers of a kind a party has given so far, and since beliefs last moved."""
        c = self._g.compose
        total = c.add(*(c.row(row) for row in rows))
        return total, c.sub(total, c.row(f"booked[{word}, {kind}]"))

    def _lessons(
        self, article: ArticleHere, party: str, observer: str, new: Mapping[str, int]
    ) -> Sequence[Taught]:
        c, g = self._g.compose, self._g
        knows = self._knows(article, observer, "K10")
        lessons = []
        for kind, (says, share) in _LESSONS.items():
            times = new[kind]
            if kind == "honoured" and not g.on("K8"):
                quiet = c.all(*(c.zero(number) for number in new.values()), self._lifecycle.binds(article))
                times = c.when(quiet, c.const(1.0), times)
            if kind == "declined" and not g.on("K9"):
                share = 1.0  # noqa: PLW2901 - as much as a defection
            heard = c.all(knows, c.positive(times))
            cause = f"{party} {kind} {article.name}"
            lessons.append(Taught(cause, heard, says, c.mul(c.const(share), times)))
        return lessons

    # Reading

    def _credibility(self, tree: ex.Call, scope: Scope) -> int:
        """`credibility(T, a, P, O)`, or `credibility(w, O)` of a threat: in the eyes of O."""
        names = [argument.id for argument in tree.arguments if isinstance(argument, ex.Name)]
        if len(names) != len(tree.arguments) or len(names) not in (2, 4):
            raise LoweringError(
                scope.path,
                tree.offset,
                "credibility() asks how far somebody's word is believed, and by whom",
                "credibility(COMMITMENT, ARTICLE, PARTY, OBSERVER), or credibility(THREAT, OBSERVER)",
            )
        if len(names) == 2:  # noqa: PLR2004 - threat, observer
            return self._threat(names, tree, scope)
        article = self._article(names, tree, scope)
        party, observer = self._g.lowering.names.actors(
            names[2:], [argument.offset for argument in tree.arguments[2:]], scope
        )
        obliged = self._obliged(article)
        if party not in obliged:
            raise LoweringError(
                scope.path,
                tree.arguments[2].offset,
                f"{party} owes nothing by {article.name}",
                listed(obliged),
                self._g.lowering.builder.problems.meant(party, obliged),
                "not-of-actor",
            )
        if not self._may_know(article, observer):
            raise LoweringError(
                scope.path,
                tree.arguments[3].offset,
                f"{observer} does not know of {article.name}, which is secret",
                f"{listed(sorted(article.pact.parties))}, or disclosed: CONDITION in the article",
                code="not-of-actor",
            )
        return self._believes(article, party, observer)

    def _believes(self, article: ArticleHere, party: str, observer: str) -> int:
        """The chance that a party honours a call, in somebody's eyes."""
        name = f"credibility[{article.name}, {party}, {observer}]"
        if name in self._g.lowering.builder.rows:
            return self._g.compose.row(name)
        return self._answers.ladders.reliability(article)

    def _article(self, names: Sequence[str], tree: ex.Call, scope: Scope) -> ArticleHere:
        model, problems = self._g.lowering.scenario.model, self._g.lowering.builder.problems
        if names[0] not in model.commitments:
            raise LoweringError(
                scope.path,
                tree.arguments[0].offset,
                f"there is no commitment {quoted(names[0])}",
                listed(sorted(model.commitments), "one that stands under 'commitments'"),
                problems.meant(names[0], model.commitments),
                "unknown-name",
            )
        articles = model.commitments[names[0]].articles
        if names[1] not in articles:
            raise LoweringError(
                scope.path,
                tree.arguments[1].offset,
                f"{quoted(names[0])} has no article {quoted(names[1])}",
                listed(sorted(articles), "an article of a commitment"),
                problems.meant(names[1], articles),
                "unknown-name",
            )
        found = self._articles.get(f"{names[0]}.{names[1]}")
        if found is None:
            raise LoweringError(
                scope.path,
                tree.arguments[1].offset,
                f"{names[0]}.{names[1]} forbids something: nobody owes an answer by it",
                "an article with a trigger",
            )
        return found

    def _threat(self, names: Sequence[str], tree: ex.Call, scope: Scope) -> int:
        threats, problems = self._g.lowering.scenario.model.threats, self._g.lowering.builder.problems
        if names[0] not in threats:
            raise LoweringError(
                scope.path,
                tree.arguments[0].offset,
                f"there is no threat {quoted(names[0])}",
                listed(sorted(threats), "one that stands under 'threats'"),
                problems.meant(names[0], threats),
                "unknown-name",
            )
        offset = tree.arguments[1].offset
        observer = self._g.lowering.names.actor(names[1], offset, scope)
        head, rows = f"credibility[{names[0]}, ", self._g.lowering.builder.rows
        if f"{head}{observer}]" not in rows:
            known = sorted(row[len(head) : -1] for row in rows if row.startswith(head) and "@" not in row)
            raise LoweringError(
                scope.path,
                offset,
                f"{observer} has no belief about {quoted(names[0])}",
                f"an observer of it: {', '.join(known[:12])}" if known else "an observer in its 'by'",
                code="not-of-actor",
            )
        return self._g.compose.row(f"{head}{observer}]")

    # Support

    def _expected_support(self, tree: ex.Call, scope: Scope) -> int:
        """`expected_support(V, A[, O])`: what V would be given against A, in the eyes of O or of `self`."""
        names = [argument.id for argument in tree.arguments if isinstance(argument, ex.Name)]
        if len(names) != len(tree.arguments) or len(names) not in (2, 3):
            raise LoweringError(
                scope.path,
                tree.offset,
                "expected_support() asks what an actor would be given against another",
                "expected_support(VICTIM, ADVERSARY), or expected_support(VICTIM, ADVERSARY, OBSERVER)",
            )
        offsets = [argument.offset for argument in tree.arguments]
        actors = self._g.lowering.names.actors(names, offsets, scope)
        if actors[0] == actors[1]:
            raise LoweringError(
                scope.path, offsets[1], f"{actors[0]} is no adversary of itself", "two different actors"
            )
        if len(actors) == 2:  # noqa: PLR2004 - nobody's eyes are named
            if scope.self_id is None:
                raise LoweringError(
                    scope.path,
                    tree.offset,
                    "in whose eyes is not clear where nobody acts",
                    f"expected_support({names[0]}, {names[1]}, OBSERVER)",
                )
            actors.append(scope.self_id)
        return self._support(*actors)

    def _support(self, victim: str, adversary: str, observer: str) -> int:
        g, c = self._g, self._g.compose
        parts = []
        for article in self._articles.values():
            if not protects(article, victim, adversary, among="C22" in g.without):
                continue
            counts = self._knows(article, observer, "K15")
            if g.on("K14"):
                counts = c.all(self._lifecycle.binds(article), counts)
            for party in self._obliged(article):
                if party in (victim, adversary):
                    continue
                if g.on("K13"):
                    believed = self._believes(article, party, observer)
                else:
                    believed = self._answers.ladders.reliability(article)
                worth = c.mul(believed, self._answers.ladders.expected_help(article))
                parts.append(c.when(counts, worth, c.const(0.0)))
        return c.add(*parts)
