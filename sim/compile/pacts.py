"""Who can be hostile to whom, and which articles can be called by whom against whom: settled before play."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from sim.compile.lower import Lowering
from sim.compile.scope import LoweringError, listed
from sim.scenario.commitments import RUNGS, Article, Attack, Commitment, Rung
from sim.scenario.load import PathOf
from sim.text import quoted

LEVELS: Final[Mapping[str, float]] = {"threat": 2.0, "display": 3.0, "force": 4.0, "war": 5.0}
JOINING: Final[Mapping[str, float]] = {"limited_force": 4.0, "full_force": 5.0}
"""The level of hostility that an answer on a rung comes to."""

Pair = tuple[str, str]


@dataclass(frozen=True)
class ArticleHere:
    """An article with its names settled."""

    commitment: str
    id: str
    pact: Commitment
    part: Article
    pairs: tuple[Pair, ...]
    """(V, A): who may call against whom; for an article that forbids, (victim, offender)."""
    obliged: Mapping[Pair, tuple[str, ...]]
    """Who owes an answer to such a call, in order of id."""

    @property
    def name(self) -> str:
        return f"{self.commitment}.{self.id}"

    @property
    def path(self) -> PathOf:
        return ("commitments", self.commitment, "articles", self.id)

    @property
    def attack(self) -> Attack | None:
        """What brings it about; None for an article that forbids."""
        trigger = self.part.trigger
        if trigger is None:
            return None
        return trigger.armed_attack or trigger.attack_by

    @property
    def offensive(self) -> bool:
        """Whether the caller is the attacker."""
        return self.part.trigger is not None and self.part.trigger.attack_by is not None

    def incident(self, pair: Pair) -> Pair:
        """(who acts, who suffers) in an incident that concerns the pair."""
        return pair if self.offensive else (pair[1], pair[0])

    def answers(self) -> Iterator[tuple[str, str, str]]:
        """(P, V, A) of every answer that may be owed, in order."""
        for caller, adversary in self.pairs:
            for answerer in self.obliged.get((caller, adversary), ()):
                yield answerer, caller, adversary


@dataclass
class Pacts:
    """All articles of a scenario, and the pairs of actors of which one can be hostile to the other."""

    articles: list[ArticleHere] = field(default_factory=list)
    hostile: set[Pair] = field(default_factory=set)
    """(A, B): A can do B something hostile."""
    acts: dict[Pair, dict[str, list[str]]] = field(default_factory=dict)
    """By (A, B): names of actions by their scope ("" without one)."""
    settling: set[Pair] = field(default_factory=set)
    standing_down: set[Pair] = field(default_factory=set)

    def take(self, other: Pacts) -> None:
        """Hold what another holds: names are settled only once rows of deeds are known."""
        self.articles, self.hostile, self.acts = other.articles, other.hostile, other.acts
        self.settling, self.standing_down = other.settling, other.standing_down

    @property
    def dyads(self) -> list[Pair]:
        """Pairs in order of id with any hostility between them."""
        return sorted({(min(pair), max(pair)) for pair in self.hostile})

    def scopes(self, pair: Pair) -> list[str]:
        """Scopes of what A can do to B, besides none."""
        return sorted(scope for scope in self.acts.get(pair, {}) if scope)


def read_pacts(lowering: Lowering, without: frozenset[str]) -> Pacts:
    """Settle the names of all commitments; what is wrong is noted."""
    return _Reader(lowering, without).read()


class _Reader:
    def __init__(self, lowering: Lowering, without: frozenset[str]) -> None:
        self._lowering = lowering
        self._problems = lowering.builder.problems
        self._model = lowering.scenario.model
        self._without = without
        self._pacts = Pacts()

    def read(self) -> Pacts:
        self._acts()
        sound = [name for name in sorted(self._model.commitments) if self._sound(name)]
        pairs: dict[tuple[str, str], set[Pair]] = {}
        grown = True
        while grown:  # an answer with force can bring about another article
            grown = False
            for name in sound:
                pact = self._model.commitments[name]
                for article_id, article in pact.articles.items():
                    found = set(self._pairs(pact, article))
                    if found != pairs.get((name, article_id)):
                        pairs[name, article_id] = found
                        grown = True
                        self._join(pact, article, found)
        for (name, article_id), found in sorted(pairs.items()):
            pact = self._model.commitments[name]
            part = pact.articles[article_id]
            obliged = {pair: self._obliged(pact, part, pair) for pair in found}
            self._pacts.articles.append(
                ArticleHere(name, article_id, pact, part, tuple(sorted(found)), obliged)
            )
        return self._pacts

    def _acts(self) -> None:
        """What can be done to whom, from the rows of deeds."""
        for row in sorted(self._lowering.builder.rows):
            table, _, rest = row.partition("[")
            parties = rest[:-1].split(", ")
            if table != "acts" or len(parties) != 3:  # noqa: PLR2004 - action, actor, target
                continue
            action = self._model.actions[parties[0]]
            pair = (parties[1], parties[2])
            if action.hostility is not None:
                self._pacts.hostile.add(pair)
                by_scope = self._pacts.acts.setdefault(pair, {})
                by_scope.setdefault(action.scope or "", []).append(parties[0])
            if action.settles:
                self._pacts.settling.add(pair)
            if action.stands_down:
                self._pacts.standing_down.add(pair)

    def _sound(self, name: str) -> bool:
        """Whether every name in the commitment stands for something."""
        pact, path = self._model.commitments[name], ("commitments", name)
        faults = list(self._unknown(pact.parties, (*path, "parties"), self._model.actors))
        for index, old in enumerate(pact.replaces):
            faults += self._named(old, self._model.commitments, (*path, "replaces", index), "commitment")
            if old == name:
                faults.append(
                    LoweringError((*path, "replaces", index), 0, f"{name} replaces itself", "another")
                )
        faults += _dates(pact, path)
        for article_id, article in pact.articles.items():
            here = (*path, "articles", article_id)
            faults += _ladder(article, here)
            faults += self._unknown(article.obliged or (), (*here, "obliged"), pact.parties, "party")
            trigger = article.trigger
            if trigger is None:
                continue
            key = "armed_attack" if trigger.armed_attack is not None else "attack_by"
            attack = trigger.armed_attack or trigger.attack_by
            assert attack is not None
            where = (*here, "trigger", key)
            faults += self._unknown(attack.on, (*where, "on"), ("party", *pact.parties), "party")
            faults += self._unknown(attack.by, (*where, "by"), ("any", *sorted(self._model.actors)))
            faults += self._scopes(attack, where)
            others = set(article.obliged or pact.parties)
            victims = set(pact.parties if "party" in attack.on else attack.on)
            if not any(others - {victim} for victim in victims):
                faults.append(
                    LoweringError(here, 0, "nobody owes an answer", "a party that is not the victim itself")
                )
        for fault in faults:
            self._problems.fault(fault)
        return not faults

    def _scopes(self, attack: Attack, path: PathOf) -> Iterator[LoweringError]:
        known = sorted({action.scope for action in self._model.actions.values() if action.scope})
        for index, scope in enumerate(attack.scope):
            if scope != "any":
                yield from self._named(
                    scope, ("any", *known), (*path, "scope", index), "action with the scope"
                )

    def _unknown(
        self, names: tuple[str, ...], path: PathOf, known: Iterable[str], what: str = "actor"
    ) -> Iterator[LoweringError]:
        for index, name in enumerate(names):
            yield from self._named(name, known, (*path, index), what)

    def _named(self, name: str, known: Iterable[str], path: PathOf, what: str) -> Iterator[LoweringError]:
        names = tuple(known)
        if name not in names:
            yield LoweringError(
                path,
                0,
                f"there is no {what} {quoted(name)}",
                listed(names, f"a {what} of the scenario"),
                self._problems.meant(name, names),
                "unknown-name",
            )

    def _pairs(self, pact: Commitment, article: Article) -> Iterator[Pair]:
        if article.forbids is not None:
            yield from ((v, a) for a, v in self._pacts.hostile if a in pact.parties and v in pact.parties)
            return
        assert article.trigger is not None
        attack = article.trigger.armed_attack or article.trigger.attack_by
        assert attack is not None
        for one, other in self._pacts.hostile:
            victim, adversary = (one, other) if article.trigger.attack_by is not None else (other, one)
            if _concerns(pact, attack, victim, adversary, among="C22" in self._without):
                yield victim, adversary

    @staticmethod
    def _obliged(pact: Commitment, article: Article, pair: Pair) -> tuple[str, ...]:
        if article.trigger is None:
            return ()
        owing = pact.parties if article.obliged is None else article.obliged
        return tuple(sorted(set(owing) - set(pair)))

    def _join(self, pact: Commitment, article: Article, pairs: set[Pair]) -> None:
        if any(rung in article.ladder for rung in JOINING) and "C18" not in self._without:
            for pair in pairs:
                for answerer in self._obliged(pact, article, pair):
                    self._pacts.hostile.add((answerer, pair[1]))


def _concerns(pact: Commitment, attack: Attack, victim: str, adversary: str, *, among: bool) -> bool:
    """Whether a trigger speaks of the two; `among`: of parties too."""
    protected = pact.parties if "party" in attack.on else attack.on
    meant = "any" in attack.by or adversary in attack.by
    return victim in protected and meant and (among or attack.among_parties or adversary not in pact.parties)


def protects(article: ArticleHere, victim: str, adversary: str, *, among: bool) -> bool:
    """Whether an article protects an actor from another, whether or not that one could do it any harm."""
    attack = article.attack
    if attack is None or article.offensive:
        return False
    return _concerns(article.pact, attack, victim, adversary, among=among)


def _dates(pact: Commitment, path: PathOf) -> Iterator[LoweringError]:
    """Days that come before those they follow."""
    for key, day in (("in_force", pact.in_force), ("ends", pact.ends)):
        if day is not None and day < pact.signed:
            message, expected = f"{day} lies before the signature", f"a date from {pact.signed} on"
            yield LoweringError((*path, key), 0, message, expected)
    start = pact.in_force or pact.signed
    if pact.ends is not None and pact.signed <= pact.ends < start:
        message, expected = f"{pact.ends} lies before the commitment is in force", f"a date from {start} on"
        yield LoweringError((*path, "ends"), 0, message, expected)
    if pact.notice is not None and pact.notice.on is not None and pact.notice.on < start:
        message, expected = f"the commitment is not in force on {pact.notice.on}", f"a date from {start} on"
        yield LoweringError((*path, "notice", "on"), 0, message, expected)


def _ladder(article: Article, path: PathOf) -> Iterator[LoweringError]:
    """Rungs out of their order, and a bar that is not among them."""
    order = [RUNGS.index(rung) for rung in article.ladder]
    for before, after in pairwise(order):
        if after < before:
            yield LoweringError(
                (*path, "ladder", RUNGS[after]),
                0,
                f"{RUNGS[after]} stands above {RUNGS[before]} on the ladder",
                "rungs from the lowest: " + ", ".join(RUNGS),
                at_key=True,
            )
            return
    if article.honoured_from is not None and article.honoured_from not in article.ladder:
        where = (*path, "honoured_from")
        yield LoweringError(
            where, 0, f"{article.honoured_from} is no rung of the ladder", listed(article.ladder)
        )


def rungs_of(article: Article) -> list[Rung]:
    """The rungs of an article's ladder, from the lowest."""
    return [rung for rung in RUNGS if rung in article.ladder]
