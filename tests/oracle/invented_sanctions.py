"""The sanctions of a random setting."""

from __future__ import annotations

from typing import Final

from tests.oracle.invented_bodies import after
from tests.oracle.inventor import PERIODS, Inventor, Part
from tests.oracle.phrases import Place

TYPES: Final = ("trade", "arms", "military", "financial", "travel", "other")


def name_regimes(inventor: Inventor) -> None:
    """Which regimes there are, so that others can ask about them."""
    if not inventor.section("sanctions"):
        return
    words = inventor.words
    for number in range(inventor.random.randint(1, 2)):
        mixed = inventor.random.sample(words.actors, len(words.actors))
        senders, third = mixed[:1], mixed[2:] if inventor.chance(0.8) else []
        if len(third) > 1 and inventor.chance(0.5):
            senders.append(third.pop())
        types = inventor.random.sample(TYPES, inventor.random.randint(1, 3))
        sketch: Part = {"senders": senders, "targets": mixed[1:2], "types": types}
        sketch["third_parties"] = third
        for key, chance in (("imposing", 0.5), ("channels", 0.5), ("detection", 0.8), ("secondary", 0.7)):
            needs = third if key in ("detection", "secondary") else senders
            needed = "detection" in sketch if key == "secondary" else True
            if needs and needed and inventor.chance(chance):
                sketch[key] = True
        words.sketches[f"regime_{number}"] = sketch
        words.matters.regimes[f"regime_{number}"] = sketch


def sanctions(inventor: Inventor) -> Part:
    made: Part = {}
    for name, sketch in inventor.words.matters.regimes.items():
        inventor.section("sanctions", name)
        made[name] = regime(inventor, name, sketch)
    return made


def regime(inventor: Inventor, name: str, sketch: Part) -> Part:
    phrases, plain = inventor.phrases, Place()
    jurisdictions = tuple({*sketch["senders"], *sketch["third_parties"]})
    towards = Place(jurisdictions, ("target",))
    made: Part = {"name": name.title(), "senders": sketch["senders"], "targets": sketch["targets"]}
    if inventor.chance(0.4):
        made["when"] = phrases.truth(plain)
    made["exposure"] = inventor.pick(["0.3", phrases.tame(towards, -0.2, 1)])
    for key in ("porosity", "evasion"):
        if inventor.chance(0.6):
            made[key] = inventor.pick(["0.4", phrases.tame(Place(jurisdictions), -0.5, 1.5)])
    made["measures"] = {each: _measure(inventor) for each in sketch["types"]}
    if "imposing" in sketch:
        made["imposing"] = imposing(inventor, Place(tuple(sketch["senders"])))
    if sketch["third_parties"]:
        made |= third_parties(inventor, sketch)
    if "channels" in sketch:
        made["channels"] = channels(inventor, sketch)
    for key, who in (("bites", sketch["targets"]), ("costs", sketch["senders"])):
        place = Place(tuple(who))
        pulled = {each: _pressure(inventor, place) for each in inventor.words.common if inventor.chance(0.4)}
        made |= {key: pulled} if pulled else {}
    return made | inventor.luck_key()


def _measure(inventor: Inventor) -> object:
    severity = inventor.pick([0.5, 1, f"({inventor.phrases.tame(Place(), -0.2, 1.2)})"])
    if inventor.chance(0.6):
        return severity
    return {"severity": severity, "when": inventor.phrases.truth()}


def imposing(inventor: Inventor, place: Place) -> Part:
    made: Part = {"every": _pace(inventor, place), "temperature": inventor.pick([0, 0.4])}
    made["impose"] = inventor.pick([0.5, inventor.phrases.number(place)])
    if inventor.chance(0.5):
        made["lift"] = inventor.phrases.number(place)
    if inventor.chance(0.4):
        bias = inventor.pick([0.5, inventor.phrases.tame(place)])
        made["status_quo"] = {"option": inventor.pick(["impose", "lift", "standing"]), "bias": bias}
    return made | ({"initial": inventor.pick(["impose", "lift"])} if inventor.chance(0.5) else {})


def _pace(inventor: Inventor, place: Place) -> object:
    return inventor.pick([*inventor.cadences(1)[:3], inventor.rate(place)])


def third_parties(inventor: Inventor, sketch: Part) -> Part:
    phrases, parties = inventor.phrases, sketch["third_parties"]
    place = Place(tuple(parties))
    compliance: Part = {"every": _pace(inventor, place), "temperature": inventor.pick([0, 0.4])}
    compliance["gain"] = inventor.pick([0.3, phrases.number(place)])
    for key in ("comply", "penalty", "defy"):
        if inventor.chance(0.6):
            compliance[key] = inventor.pick([0.3, phrases.tame(place)])
    options = ["comply", "evade", *(["defy"] if "defy" in compliance else [])]
    if inventor.chance(0.4):
        compliance["status_quo"] = {"option": inventor.pick([*options, "standing"]), "bias": 0.3}
    if inventor.chance(0.5):
        compliance["initial"] = inventor.pick(options)
    made: Part = {"third_parties": parties, "compliance": compliance}
    if inventor.chance(0.6):
        made["monitor"] = inventor.pick(["0.7", phrases.tame(place, -0.5, 1.5)])
    if "detection" in sketch:
        made["detection"] = inventor.rate(place)
        made |= after(inventor, "detected", place)
    if "secondary" in sketch:
        made["secondary"] = secondary(inventor, sketch)
    return made


def secondary(inventor: Inventor, sketch: Part) -> Part:
    phrases = inventor.phrases
    sender = Place(tuple(sketch["senders"]), ("party",))
    party = Place(tuple(sketch["third_parties"]), ("sender",))
    made: Part = {"by": sketch["senders"], "temperature": inventor.pick([0, 0.4])}
    made["penalise"] = inventor.pick([0.5, phrases.number(sender)])
    if inventor.chance(0.5):
        made["spare"] = phrases.number(sender)
    made |= {"cost": inventor.pick([0.5, phrases.tame(party)])}
    made |= {"half_life": inventor.pick(["3 months", "2 weeks"])}
    return made | after(inventor, "penalised", sender)


def channels(inventor: Inventor, sketch: Part) -> Part:
    place = Place(tuple(sketch["targets"]))
    made: Part = {"ceiling": inventor.pick([0.6, f"clamp({inventor.phrases.number(place)}, -1, 2)"])}
    made["half_life"] = inventor.pick(["3 months", "1.5 years"])
    if inventor.chance(0.5):
        made["premium"] = inventor.pick([0.2, inventor.phrases.tame(place, -0.2, 1.2)])
    if inventor.chance(0.5):
        made["initial"] = inventor.pick([0.1, inventor.phrases.tame(Place(start=True, depth=1), 0, 1)])
    if inventor.chance(0.5):
        made["relieves"] = inventor.random.sample(
            sketch["types"], inventor.random.randint(1, len(sketch["types"]))
        )
    return made


def _pressure(inventor: Inventor, place: Place) -> Part:
    towards = inventor.pick([0, inventor.phrases.tame(place)])
    rate = inventor.pick([0.5, inventor.phrases.tame(place, -0.2, 1)])
    return {"towards": towards, "per": inventor.pick(PERIODS[2:]), "rate": rate}
