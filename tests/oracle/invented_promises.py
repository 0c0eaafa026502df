"""What the actors of a random setting have promised each other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from tests.oracle.invented_beliefs import credibility
from tests.oracle.invented_minds import doing
from tests.oracle.inventor import Inventor, Part
from tests.oracle.phrases import Place

KINDS: Final = (
    *("defence", "defence", "offence", "neutrality", "nonaggression", "consultation"),
    *("partnership", "arms", "trade", "licence"),
)
RUNGS: Final = ("statement", "consultation", "materiel", "advisers", "limited_force", "full_force")
LEVELS: Final = ("threat", "display", "force", "war")
BEFORE_PLAY: Final = Place(start=True, depth=1)


def name_pacts(inventor: Inventor) -> None:
    """Which commitments and articles there are, so that others can ask about them."""
    if not inventor.section("commitments"):
        return
    words = inventor.words
    for number in inventor.some():
        parties = inventor.random.sample(words.actors, inventor.random.randint(2, len(words.actors)))
        articles = {f"article_{index}": sketch(inventor, parties) for index in range(inventor.pick([1, 2]))}
        name = f"pact_{number}"
        words.sketches[name] = {"parties": parties, "articles": articles}
        words.matters.pacts.append(name)
        for article_id, made in articles.items():
            about = f"{name}, {article_id}"
            words.matters.articles.append((name, article_id))
            if "forbids" not in made:
                owing = made.get("obliged", parties)
                words.matters.words += [(about, party, parties) for party in owing]
            if "secret" in made and "disclosed" not in made:
                words.matters.secrets.add(about)


def sketch(inventor: Inventor, parties: list[str]) -> Part:
    """Of an article, who owes what and who knows of it."""
    if inventor.chance(0.25):
        return {"forbids": inventor.pick(LEVELS)}
    made: Part = {}
    if inventor.chance(0.3):
        made["obliged"] = inventor.random.sample(parties, inventor.random.randint(1, len(parties) - 1))
    if inventor.chance(0.3):
        made["secret"] = True
        made |= {"disclosed": ""} if inventor.chance(0.5) else {}
    return made


def commitments(inventor: Inventor) -> Part:
    made: Part = {}
    for name in inventor.words.matters.pacts:
        inventor.section("commitments", name)
        pact = inventor.words.sketches[name]
        articles = {
            article_id: article(inventor, sketched, pact["parties"])
            for article_id, sketched in pact["articles"].items()
        }
        made[name] = pact | {"kind": inventor.pick(KINDS)} | life(inventor, name) | {"articles": articles}
    return made


def life(inventor: Inventor, name: str) -> Part:
    """From signature to end."""
    start = date.fromisoformat(inventor.clock["start"])
    days = [(start - timedelta(days=ago)).isoformat() for ago in (400, 400, 30, 1)]
    days += [inventor.clock["start"], *inventor.days[:3]]
    made: Part = {"signed": inventor.pick(days)}
    if inventor.chance(0.3):
        made["in_force"] = inventor.pick([day for day in (*days, *inventor.days) if day >= made["signed"]])
    bound = made.get("in_force") or made["signed"]
    later = [day for day in (*days, *inventor.days) if day >= bound]
    truth = inventor.phrases.truth
    if inventor.chance(0.2):
        made["enters"] = truth(Place())
    if inventor.chance(0.2):
        made["suspended"] = truth(Place())
    if inventor.chance(0.3):
        made["acts_before_force"] = True
    if inventor.chance(0.3):
        made["notice"] = {"length": inventor.pick(inventor.words.durations)}
        made["notice"] |= inventor.pick([{"on": inventor.pick(later)}, {"when": truth(Place())}, {}])
    if inventor.chance(0.2):
        made["ends"] = inventor.pick(later)
    others = [other for other in inventor.words.matters.pacts if other != name]
    if others and inventor.chance(0.2):
        made["replaces"] = inventor.random.sample(others, 1)
    return made


# --- articles -----------------------------------------------------------------------------------------------


def article(inventor: Inventor, sketched: Part, parties: list[str]) -> Part:
    if "forbids" in sketched:
        return sketched | inventor.pick([{}, {"breach": "suspends"}, {"breach": "ends"}])
    made = dict(sketched)
    attack = attacked(inventor, parties)
    protected = parties if "party" in attack.get("on", "party") else attack["on"]
    if not any(set(made.get("obliged", parties)) - {victim} for victim in protected):
        attack["on"] = "party"
    made["trigger"] = {inventor.pick(["armed_attack", "armed_attack", "attack_by"]): attack}
    made |= answering(inventor, tuple(parties))
    made |= weighing(inventor, tuple(parties))
    if inventor.chance(0.2):
        made["automatic"] = True
    if inventor.chance(0.3):
        made["delay"] = inventor.pick(inventor.words.durations)
    if "disclosed" in made:
        made["disclosed"] = inventor.phrases.truth(Place())
    if inventor.has("credibility") and inventor.chance(0.6):
        made["credibility"] = credibility(inventor, stated=False)
        limited = {"by": inventor.pick([parties[:2], f"each actor where self != {parties[0]}"])}
        made["credibility"] |= inventor.pick([{}, {}, limited])
    return made


def attacked(inventor: Inventor, parties: list[str]) -> Part:
    """Whom an article protects, from whom, from what."""
    words, attack = inventor.words, Part()
    if inventor.chance(0.4):
        some = inventor.random.sample(parties, inventor.random.randint(1, len(parties)))
        attack["on"] = inventor.pick([some, "party"])
    if inventor.chance(0.3):
        some = inventor.random.sample(words.actors, inventor.random.randint(1, len(words.actors)))
        attack["by"] = inventor.pick([some, "any"])
    if inventor.chance(0.6):
        attack["scale"] = inventor.pick(LEVELS)
    if words.scopes and inventor.chance(0.5):
        attack["scope"] = inventor.pick([words.scopes, words.scopes[:1], "any"])
    for key in ("unprovoked", "among_parties"):
        if inventor.chance(0.4):
            attack[key] = True
    return attack


def answering(inventor: Inventor, parties: tuple[str, ...]) -> Part:
    """The ladder, and how the caller and those who answer decide."""
    rungs = sorted(inventor.random.sample(RUNGS, inventor.random.randint(1, 4)), key=RUNGS.index)
    made: Part = {"ladder": {each: rung(inventor) for each in rungs}}
    made["honoured_from"] = inventor.pick(rungs)
    kind = inventor.pick(["reliability", "obligation", ""])
    if kind == "reliability":
        made[kind] = inventor.pick([0.3, 0.9, 1, inventor.phrases.tame(BEFORE_PLAY, 0, 1)])
    elif kind:
        made[kind] = inventor.pick([0.5, inventor.phrases.tame(BEFORE_PLAY)])
    if inventor.chance(0.4):
        made["temperature"] = inventor.pick([0.5, f"0.1 + abs({inventor.phrases.tame(BEFORE_PLAY)})"])
    if inventor.chance(0.4):
        place = Place(parties, ("adversary",))
        call: Any = inventor.pick([0.2, inventor.phrases.number(place)])
        heat = {"temperature": inventor.pick([0, 0.5, f"abs({inventor.phrases.tame(place)})"])}
        made["call"] = inventor.pick([call, {"utility": call}, {"utility": call} | heat])
    return made


def rung(inventor: Inventor) -> Any:
    """What a rung costs, and perhaps what it helps."""
    cost: Any = inventor.pick([0, 0.1, 0.4, inventor.phrases.tame(BEFORE_PLAY)])
    if inventor.chance(0.6):
        return cost
    help_ = inventor.pick([0, 0.3, inventor.phrases.tame(BEFORE_PLAY, 0, 1)])
    return {"cost": cost} | inventor.pick([{}, {"help": help_}])


def weighing(inventor: Inventor, parties: tuple[str, ...]) -> Part:
    """What else those who answer weigh."""
    place, made = Place(parties, ("caller", "adversary")), Part()
    for key in ("stake", "pressure"):
        if inventor.chance(0.5):
            made[key] = inventor.pick([0.5, inventor.phrases.number(place)])
    if inventor.chance(0.4):
        made["recognition"] = inventor.pick([0, 0.6, 1, inventor.phrases.tame(place, 0, 1)])
    return made


# --- what answers do ----------------------------------------------------------------------------------------


def rungs(inventor: Inventor) -> Part:
    """What answers on some rungs do; no rung is hostile but by itself."""
    if not inventor.words.matters.articles or not inventor.section("rungs"):
        return {}
    hostile, inventor.words.hostile = inventor.words.hostile, []
    place = Place(tuple(inventor.words.actors), ("caller", "adversary"), takes=("share",))
    made = {}
    for each in inventor.random.sample(RUNGS, inventor.random.randint(1, 6)):
        made[each] = doing(inventor, place, None) or {"effects": "mood_a += 0.1 * share"}
    inventor.words.hostile = hostile
    return made


def capacities(inventor: Inventor, actors: Part) -> None:
    """How much the answers of some may weigh."""
    if not inventor.words.matters.articles or not inventor.section("capacity"):
        return
    for name, actor in actors.items():
        if inventor.chance(0.5):
            own = Place((name,))
            actor["capacity"] = inventor.pick([0.5, 1, inventor.phrases.number(own)])
