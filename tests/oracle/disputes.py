"""Section E of the rules of adjudication: who can be hostile to whom, and how disputes run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sim.scenario.commitments import Article, Attack, Commitment, Escalation
from tests.oracle.names import Names

Pair = tuple[str, str]
State = dict[str, float]

LEVEL = {"threat": 2.0, "display": 3.0, "force": 4.0, "war": 5.0}
FIGHTING = {"limited_force": 4.0, "full_force": 5.0}
FORCE, WAR, DISPLAY = 4.0, 5.0, 3.0


def in_order(pair: Pair) -> Pair:
    return (min(pair), max(pair))


def attack_of(article: Article) -> tuple[bool, Attack]:
    """Whether the caller attacks, and what the trigger says."""
    assert article.trigger is not None
    offensive = article.trigger.attack_by is not None
    attack = article.trigger.attack_by or article.trigger.armed_attack
    assert attack is not None
    return offensive, attack


def owing(pact: Commitment, article: Article, pair: Pair) -> list[str]:
    """Who owes an answer to a call, in order of id."""
    if article.trigger is None:
        return []
    parties = pact.parties if article.obliged is None else article.obliged
    return sorted(set(parties) - set(pair))


@dataclass
class Disputes:
    """The pairs of a scenario, and what becomes of them."""

    names: Names
    acts: dict[Pair, list[str]] = field(default_factory=dict)
    """(A, B): hostile actions that A can do to B."""
    hostile: set[Pair] = field(default_factory=set)
    settling: set[Pair] = field(default_factory=set)
    calming: set[Pair] = field(default_factory=set)
    pairs: dict[tuple[str, str], list[Pair]] = field(default_factory=dict)
    """(commitment, article): (V, A) who may call against whom, or (V, A) of what is forbidden."""

    @property
    def said(self) -> Escalation:
        return self.names.model.escalation or Escalation()

    @property
    def dyads(self) -> list[Pair]:
        return sorted({in_order(pair) for pair in self.hostile})

    def ways(self) -> list[Pair]:
        return sorted({way for pair in self.hostile for way in (pair, pair[::-1])})

    def find(self) -> None:
        """Settle all pairs: what can be done, and what answers can add."""
        for action, actor, target in sorted(self.names.acts, key=str):
            said = self.names.model.actions[action]
            if target is None:
                continue
            if said.hostility is not None:
                self.acts.setdefault((actor, target), []).append(action)
                self.hostile.add((actor, target))
            if said.settles:
                self.settling.add((actor, target))
            if said.stands_down:
                self.calming.add((actor, target))
        size = -1
        while size != len(self.hostile):  # whoever joins can be met with another promise
            size = len(self.hostile)
            for name, pact in self.names.model.commitments.items():
                for article_id, article in pact.articles.items():
                    found = sorted(self._concerned(pact, article))
                    self.pairs[name, article_id] = found
                    if any(rung in article.ladder for rung in FIGHTING):
                        for pair in found:
                            self.hostile |= {(ally, pair[1]) for ally in owing(pact, article, pair)}

    def _concerned(self, pact: Commitment, article: Article) -> Iterable[Pair]:
        if article.forbids is not None:
            yield from ((v, a) for a, v in self.hostile if {a, v} <= set(pact.parties))
            return
        offensive, attack = attack_of(article)
        for first, second in self.hostile:
            victim, other = (first, second) if offensive else (second, first)
            shielded = pact.parties if "party" in attack.on else attack.on
            if victim not in shielded or ("any" not in attack.by and other not in attack.by):
                continue
            if attack.among_parties or other not in pact.parties:
                yield victim, other

    # --- rows -----------------------------------------------------------------------------------------------

    def scopes(self, pair: Pair) -> list[str]:
        found = {self.names.model.actions[action].scope for action in self.acts.get(pair, [])}
        return sorted(scope for scope in found if scope is not None)

    def incidents(self, pair: Pair) -> list[str]:
        """Rows that say what A did to B."""
        a, b = pair
        more = [f"incident[{a}, {b}, {scope}]" for scope in ("unscoped", *self.scopes(pair))]
        return [f"incident[{a}, {b}]", *(more if self.scopes(pair) else ())]

    def start(self, rounds: bool) -> State:
        rows = {row: 0.0 for pair in self.hostile for row in self.incidents(pair)}
        stated = {
            (one, other): LEVEL[level]
            for one, others in self.said.disputes.items()
            for other, level in others.items()
        }
        for a, b in self.ways():
            level = stated.get((a, b), 1.0)
            rows |= {f"hostility[{a}, {b}]": level, f"began[{a}, {b}]": float(level >= FORCE)}
            rows[f"offer[{a}, {b}]"] = 0.0
            rows |= {f"settles[{a}, {b}]": 0.0} if (a, b) in self.settling else {}
            rows |= {f"stands_down[{a}, {b}]": 0.0} if (a, b) in self.calming else {}
        for a, b in self.dyads:
            rows[f"episode[{a}, {b}]"] = float((a, b) in stated or (b, a) in stated)
            rows[f"calm[{a}, {b}]"] = 0.0
            rows |= {f"crisis[{a}, {b}]": 0.0} if rounds else {}
        return rows

    def is_on(self, state: Mapping[str, float], pair: Pair) -> bool:
        a, b = pair
        return state[f"hostility[{a}, {b}]"] > 1 or state[f"hostility[{b}, {a}]"] > 1

    def episode(self, state: Mapping[str, float], pair: Pair) -> float:
        a, b = in_order(pair)
        return state[f"episode[{a}, {b}]"]

    # --- what happens ---------------------------------------------------------------------------------------

    def note(self, state: State, done: Mapping[tuple[str, str, str | None], int]) -> None:
        """Stage 4: what was done is an incident."""
        actions = self.names.model.actions
        for a, b in self.hostile:
            here = [act for act in self.acts.get((a, b), []) if done.get((act, a, b), 0) > 0]
            for row in self.incidents((a, b)):
                scope = row[:-1].split(", ")[2] if row.count(", ") == 2 else None
                counted = [
                    LEVEL[str(actions[act].hostility)]
                    for act in here
                    if scope is None or scope == (actions[act].scope or "unscoped")
                ]
                state[row] = max(counted, default=0.0)
        for kind, pairs in (("settles", self.settling), ("stands_down", self.calming)):
            for a, b in pairs:
                if f"{kind}[{a}, {b}]" in state:
                    did = any(
                        getattr(actions[x], kind) and n for (x, p, q), n in done.items() if (p, q) == (a, b)
                    )
                    state[f"{kind}[{a}, {b}]"] = float(did)

    def go_on(self, state: State, *, ending: bool) -> None:
        """Pass *disputes* (`ending`), or what pass *joining* has of it: E1 to E3, E6, E7 on one state."""
        found = dict(state)
        for dyad in self.dyads:
            ways = (dyad, dyad[::-1])
            did = {way: found.get(f"incident[{way[0]}, {way[1]}]", 0.0) for way in ways}
            quiet = not any(level > 0 for level in did.values())
            offers = {way: self._offer(found, way) for way in ways}
            over = ending and quiet and all(offer > 0 for offer in offers.values())
            for way in ways:
                a, b = way
                state[f"hostility[{a}, {b}]"] = 1.0 if over else self._level(found, way, did[way], ending)
                first = did[way] >= FORCE and found[f"began[{b}, {a}]"] == 0
                state[f"began[{a}, {b}]"] = 0.0 if over else 1.0 if first else found[f"began[{a}, {b}]"]
                if ending:
                    state[f"offer[{a}, {b}]"] = 0.0 if over else offers[way]
            if not quiet:
                a, b = dyad
                state[f"calm[{a}, {b}]"] = 0.0
                state[f"episode[{a}, {b}]"] += not self.is_on(found, dyad)

    def _level(self, found: Mapping[str, float], way: Pair, did: float, ending: bool) -> float:
        a, b = way
        if ending and found.get(f"stands_down[{a}, {b}]", 0.0) > 0 and did == 0:
            return 1.0
        return max(found[f"hostility[{a}, {b}]"], did)

    @staticmethod
    def _offer(found: Mapping[str, float], way: Pair) -> float:
        a, b = way
        if found.get(f"settles[{a}, {b}]", 0.0) > 0:
            return 2.0
        return max(found[f"offer[{a}, {b}]"] - 1.0, 0.0)

    def wait(self, state: State) -> None:
        """After stage 2: one more quiet turn; who is in crisis."""
        for dyad in self.dyads:
            a, b = dyad
            state[f"calm[{a}, {b}]"] += self.is_on(state, dyad)
            if f"crisis[{a}, {b}]" in state:
                highest = max(state[f"hostility[{a}, {b}]"], state[f"hostility[{b}, {a}]"])
                state[f"crisis[{a}, {b}]"] = float(highest >= DISPLAY)

    def fade(self, state: State) -> None:
        """Stage 7: a dispute that has been quiet for long enough ends, unless it is war."""
        quiet = max(self.names.calendar.in_turns(self.said.quiet), 1)
        for dyad in self.dyads:
            a, b = dyad
            levels = (state[f"hostility[{a}, {b}]"], state[f"hostility[{b}, {a}]"])
            if self.is_on(state, dyad) and state[f"calm[{a}, {b}]"] >= quiet and WAR not in levels:
                for way in (dyad, dyad[::-1]):
                    state[f"hostility[{way[0]}, {way[1]}]"] = 1.0
                    state[f"began[{way[0]}, {way[1]}]"] = 0.0
