"""What the actors of a random setting make, use, send each other and pay for; and their many members."""

from __future__ import annotations

from typing import Any

from tests.oracle.invented_minds import effect
from tests.oracle.inventor import PERIODS, RATES, Inventor, Part
from tests.oracle.phrases import Place

BEFORE_PLAY = Place(start=True, depth=1)


def name_goods(inventor: Inventor, actors: Part) -> None:
    """Which items and flows there are; every actor holds every item."""
    if not inventor.section("flows"):
        return
    words, matters = inventor.words, inventor.words.matters
    for name in ("grain", "guns", "craft")[: 1 + inventor.size]:
        matters.items.append(name)
        words.special[name] = list(words.actors)
        for actor in actors.values():
            stock = inventor.pick([1, 2.5, f"0.2 + abs({inventor.phrases.tame(BEFORE_PLAY)})"])
            actor["attributes"][name] = {"initial": stock, "min": 0}
        sketch: Part = {"unit": "number"}
        sketch |= {"copied": True} if name == "craft" else {}
        for key, chance in (("made", 0.6), ("used", 0.5), ("arsenal", 0.4)):
            sketch[key] = [actor for actor in words.actors if inventor.chance(chance)]
        sketch["tiers"] = {}
        for index in inventor.some(0):
            limit = {"who": words.actors[:2]} if inventor.chance(0.3) else {}
            sketch["tiers"][f"stage_{index}"] = limit
            able = limit.get("who", words.actors)
            matters.tiers += [f"{name}, {actor}, stage_{index}" for actor in able]
        words.sketches[f"item {name}"] = sketch
        matters.used += [f"{name}, {actor}" for actor in sketch["used"]]
        matters.arsenals += [f"{name}, {actor}" for actor in sketch["arsenal"]]
    for index in inventor.some():
        source, target = inventor.random.sample(words.actors, 2)
        item = inventor.pick(matters.items)
        words.sketches[f"flow run_{index}"] = {"item": item, "from": source, "to": target}
        matters.flows.append(f"run_{index}")


# --- items --------------------------------------------------------------------------------------------------


def items(inventor: Inventor) -> Part:
    made: Part = {}
    for name in inventor.words.matters.items:
        inventor.section("flows", f"item {name}")
        sketch = inventor.words.sketches[f"item {name}"]
        item: Part = {key: sketch[key] for key in ("unit", "copied") if key in sketch}
        item["made"] = {who: production(inventor, Place((who,))) for who in sketch["made"]}
        item["used"] = {who: use(inventor, Place((who,))) for who in sketch["used"]}
        item["tiers"] = {each: limit | tier(inventor) for each, limit in sketch["tiers"].items()}
        item["arsenal"] = {
            who: {supplier: 0.3 for supplier in inventor.words.actors if supplier != who}
            for who in sketch["arsenal"]
        }
        made[name] = {key: part for key, part in item.items() if part}
    return made


def amount(inventor: Inventor, place: Place) -> Part:
    """So much per period, perhaps while a condition holds."""
    per = inventor.pick(PERIODS)
    steady = RATES[per] * 0.3
    made: Part = {
        "per": per,
        "rate": inventor.pick([steady, f"{steady} * {inventor.phrases.tame(place, -0.2, 2)}"]),
    }
    return made | ({"when": inventor.phrases.truth(place)} if inventor.chance(0.3) else {})


def capacity(inventor: Inventor, place: Place) -> Part:
    if inventor.chance(0.5):
        return {}
    return {
        "capacity": inventor.pick(
            [0.5, inventor.phrases.tame(place, -0.2, 1), inventor.phrases.variable(place)]
        )
    }


def production(inventor: Inventor, place: Place) -> Part:
    return amount(inventor, place) | capacity(inventor, place)


def use(inventor: Inventor, place: Place) -> Part:
    return amount(inventor, place) | (
        {"priority": inventor.random.randint(-1, 2)} if inventor.chance(0.5) else {}
    )


def tier(inventor: Inventor) -> Part:
    made: Part = {"stock": inventor.pick([1, 2.6, f"1 + {inventor.phrases.tame(BEFORE_PLAY)}"])}
    if inventor.chance(0.5):
        made["after"] = inventor.pick(inventor.words.durations)
    if inventor.chance(0.4):
        place = Place(tuple(inventor.words.actors))
        made["effects"] = [effect(inventor, place) for _ in inventor.some()]
    return made


# --- flows --------------------------------------------------------------------------------------------------


def flows(inventor: Inventor) -> Part:
    made: Part = {}
    for name in inventor.words.matters.flows:
        inventor.section("flows", name)
        made |= flow(inventor, name, inventor.words.sketches[f"flow {name}"])
    return made


def flow(inventor: Inventor, name: str, sketch: Part) -> Part:
    """A flow; perhaps with one that goes the other way and pays for it."""
    place = Place((sketch["from"],), ("target",))
    made: Part = sketch | amount(inventor, place) | capacity(inventor, place) | rank(inventor)
    made |= under_way(inventor, place)
    others = [item for item in inventor.words.matters.items if item not in (sketch["item"], "craft")]
    if not others or inventor.chance(0.4):
        return {name: made}
    payment: Part = {"price": inventor.pick([0.5, inventor.phrases.tame(place, -0.2, 2)])}
    payment |= {"credit": True} if inventor.chance(0.4) else {}
    item = inventor.pick(others)
    made["payment"] = payment
    if inventor.chance(0.5):
        payment["item"] = item
        if inventor.chance(0.4):
            payment["priority"] = inventor.random.randint(-1, 2)
        return {name: made}
    payment["flow"] = f"{name}_back"
    back: Part = {"item": item, "from": sketch["to"], "to": sketch["from"]} | rank(inventor)
    here = Place((sketch["to"],), ("target",))
    if inventor.chance(0.4):
        back |= {"per": inventor.pick(PERIODS), "capacity": inventor.pick([0.5, inventor.phrases.tame(here)])}
    if inventor.chance(0.3):
        back["when"] = inventor.phrases.truth(here)
    return {name: made, f"{name}_back": back | under_way(inventor, here)}


def rank(inventor: Inventor) -> Part:
    return {"priority": inventor.random.randint(-1, 2)} if inventor.chance(0.4) else {}


def under_way(inventor: Inventor, place: Place) -> Part:
    """How long it takes, and what is lost."""
    made: Part = {}
    turns = inventor.calendar.turns
    fitting = [text for text in inventor.words.durations if inventor.turns_of(text) <= turns]
    if fitting and inventor.chance(0.6):
        made["delay"] = inventor.pick(fitting)
    if inventor.chance(0.5):
        lost: Part = {"share": inventor.pick([0.3, inventor.phrases.tame(place, -0.2, 1.2)])}
        if "delay" in made and inventor.chance(0.6):
            lost |= {"chance": inventor.rate(place)} | inventor.luck_key()
        made["interdiction"] = lost
    return made


# --- groups -------------------------------------------------------------------------------------------------


def name_groups(inventor: Inventor) -> None:
    if not inventor.section("groups"):
        return
    matters = inventor.words.matters
    for actor in inventor.random.sample(inventor.words.actors, inventor.random.randint(1, 2)):
        for index in inventor.some():
            matters.groups.append((actor, f"cause_{index}"))


def groups(inventor: Inventor) -> Part:
    made: Part = {}
    for actor, name in inventor.words.matters.groups:
        inventor.section("groups", f"{actor} {name}")
        place = Place((actor,), depth=2)
        half_life: Any = inventor.pick(["2 months", "2 weeks", inventor.half_life(place)])
        thresholds = {
            "shape": inventor.pick(["logistic", "normal", "uniform"]),
            "mean": inventor.pick([0.3, inventor.phrases.number(place)]),
            "spread": inventor.pick([0.4, f"0.1 + abs({inventor.phrases.tame(place)})"]),
        }
        signal = inventor.pick([inventor.phrases.number(place), f"share({actor}, {name}) + 0.1 * elapsed"])
        cause: Part = {"signal": signal, "thresholds": thresholds, "half_life": half_life}
        if inventor.chance(0.4):
            cause["margin"] = inventor.pick([0.2, inventor.phrases.tame(place)])
        if inventor.chance(0.5):
            cause["initial"] = inventor.pick([0.4, inventor.phrases.tame(BEFORE_PLAY, 0, 1)])
        if inventor.chance(0.3):
            cause["when"] = inventor.phrases.truth(place)
        group = made.setdefault(actor, {"members": inventor.pick([1, 1000, 1_000_000]), "matters": {}})
        group["matters"][name] = cause
    return made
