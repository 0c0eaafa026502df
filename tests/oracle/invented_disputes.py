"""What the actors of a random setting do to each other: hostile acts, disputes, crises."""

from __future__ import annotations

from typing import Final

from tests.oracle.inventor import Inventor, Part, read_step
from tests.oracle.phrases import Place

HOSTILE: Final[Part] = {
    "threaten": {"hostility": "threat"},
    "parade": {"hostility": "display", "scope": "coast"},
    "ram": {"hostility": "force", "scope": "coast"},
    "jam": {"hostility": "force", "scope": "sky"},
    "strike": {"hostility": "force"},
    "invade": {"hostility": "war"},
}
PEACEFUL: Final[Part] = {"offer": {"settles": True}, "withdraw": {"stands_down": True}}


def name_acts(inventor: Inventor) -> None:
    """Which hostile acts there are, and who alone can do them to everybody."""
    if not inventor.section("hostility"):
        return
    words = inventor.words
    words.hostile = inventor.random.sample(list(HOSTILE), inventor.random.randint(1, 4))
    words.peaceful = inventor.random.sample(list(PEACEFUL), inventor.random.randint(0, 2))
    words.quarrelsome = inventor.random.sample(words.actors, inventor.random.randint(1, len(words.actors)))
    words.scopes = sorted({HOSTILE[act]["scope"] for act in words.hostile if "scope" in HOSTILE[act]})
    words.matters.disputes = True
    words.actions |= dict.fromkeys([*words.hostile, *words.peaceful], True)


def marks(action: str) -> Part:
    """What is hostile about an action, or the opposite."""
    found: Part = {**HOSTILE, **PEACEFUL}.get(action, {})
    return found


def quarrels(inventor: Inventor, actors: Part) -> Part:
    """A policy by which some can be hostile to everybody else."""
    words = inventor.words
    if not words.hostile:
        return {}
    inventor.section("quarrels")
    for name in words.quarrelsome:
        actors[name].setdefault("policy", []).append("quarrel")
        for doctrine in actors[name].get("doctrines", {}).values():
            if "policy" in doctrine:
                own = doctrine["policy"]
                doctrine["policy"] = [*([own] if isinstance(own, str) else own), "quarrel"]
    place = Place(tuple(words.quarrelsome), ("foe",))
    rules = {inventor.fresh("raid"): _rule(inventor, place, words.hostile) for _ in inventor.some()}
    if words.peaceful and inventor.chance(0.7):
        rules |= {inventor.fresh("peace"): _rule(inventor, place, words.peaceful) for _ in inventor.some()}
    return {"quarrel": {"rules": rules}}


def _rule(inventor: Inventor, place: Place, acts: list[str]) -> Part:
    rule: Part = {"for": {"foe": "each other actor"}, "do": [{inventor.pick(acts): "foe"}]}
    if inventor.chance(0.3):
        rule["when"] = inventor.phrases.truth(place)
    if inventor.has("crises") and inventor.chance(0.3):
        rule["crisis"] = "foe"
    if inventor.has("counts") and inventor.chance(0.2):
        return rule | {"count": {"per": "year", "mean": inventor.pick([1, 4])}}
    return rule | {"chance": inventor.pick([{"per": "year", "rate": 1}, {"per": "month", "rate": 0.3}])}


def in_crisis(inventor: Inventor, place: Place, bound: Part) -> Part:
    """Perhaps the pair in whose crises a decision is taken in rounds."""
    words = inventor.words
    if not (words.hostile and place.selves and inventor.has("crises") and inventor.chance(0.25)):
        return {}
    all_quarrel = set(place.selves) <= set(words.quarrelsome)
    pairs = [[a, b] for a in words.quarrelsome for b in words.actors if a != b]
    known = [*words.actors] if all_quarrel else words.quarrelsome
    pairs += [[other] for other in known if other not in place.selves]
    if all_quarrel and place.others and bound:
        pairs += [[name] for name in place.others] * 3
    pair = inventor.pick(pairs)
    return {"crisis": pair if len(pair) > 1 or inventor.chance(0.5) else pair[0]}


def escalation(inventor: Inventor) -> Part:
    """How disputes end, how they stand before play, how long a crisis round is."""
    words = inventor.words
    if not words.hostile or not inventor.section("escalation"):
        return _round(inventor) if words.hostile and inventor.has("crises") else {}
    made: Part = _round(inventor)
    if inventor.chance(0.7):
        made["quiet"] = inventor.pick(words.durations)
    disputes: Part = {}
    for first in words.quarrelsome:
        for second in words.actors:
            if first != second and inventor.chance(0.3):
                pair = [first, second] if inventor.chance(0.6) else [second, first]
                level = inventor.pick(["threat", "display", "force", "war"])
                disputes.setdefault(pair[0], {})[pair[1]] = level
    return made | ({"disputes": disputes} if disputes else {})


def _round(inventor: Inventor) -> Part:
    """A round of which few go into a turn."""
    nominal = read_step(inventor.clock["turn"]).nominal_days
    days = nominal / inventor.pick([1, 1.5, 2, 3.4])
    return {"round": f"{int(100 * days) / 100:g} days"}
