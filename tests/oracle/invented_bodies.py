"""The councils of a random setting: members, measures, drafts, ballots."""

from __future__ import annotations

from typing import Any, Final

from tests.oracle.invented_minds import doing, effect
from tests.oracle.inventor import Inventor, Part
from tests.oracle.phrases import Place

WAYS: Final = ("for", "abstain", "against")


def name_bodies(inventor: Inventor) -> None:
    """Which bodies, measures and drafts there are, so that others can ask about them."""
    if not inventor.section("bodies"):
        return
    words = inventor.words
    for number in range(inventor.random.randint(1, 2)):
        name = f"council_{number}"
        some = inventor.random.sample(words.actors, inventor.random.randint(1, len(words.actors)))
        members = inventor.pick([some, list(words.actors)])
        measures = {f"measure_{index}": mandate(inventor) for index in inventor.some(0)}
        drafts = [f"draft_{index}" for index in inventor.some()]
        words.sketches[name] = {"members": members, "measures": measures, "drafts": drafts}
        words.matters.measures += [f"{name}, {each}" for each in measures]
        words.matters.mandates += [f"{name}, {each}" for each, part in measures.items() if "term" in part]
        words.matters.drafts += [(f"{name}, {draft}", members) for draft in drafts]


def mandate(inventor: Inventor) -> Part:
    """A measure, often one that runs out."""
    made: Part = {"in_force": True} if inventor.chance(0.6) else {}
    if inventor.chance(0.6):
        made["term"] = inventor.pick(long_enough(inventor))
        if "in_force" in made and inventor.chance(0.5):
            made["until"] = inventor.pick([inventor.clock["start"], *inventor.days, "2031-01-01"])
    return made


def long_enough(inventor: Inventor) -> list[str]:
    """Durations of a turn or more."""
    return [f"{number} {unit}" for number, unit in ((2, "years"), *inventor.turn_lengths())]


def bodies(inventor: Inventor) -> Part:
    made: Part = {}
    for name, sketch in inventor.words.sketches.items():
        if not name.startswith("council"):
            continue
        inventor.section("bodies", name)
        seats = {
            member: inventor.random.randint(1, 3) for member in sketch["members"] if inventor.chance(0.4)
        }
        total = sum(seats.get(member, 1) for member in sketch["members"])
        body: Part = {"name": name.title(), "members": sketch["members"]} | deciding(inventor, sketch, total)
        body |= {"seats": seats} if seats else {}
        everybody = Place(tuple(sketch["members"]))
        body["temperature"] = inventor.pick([0, 0.3, f"abs({inventor.phrases.number(everybody)})"])
        body |= inventor.luck_key()
        body["measures"] = {
            each: part | (after(inventor, "lapsed", Place()) if "term" in part else {})
            for each, part in sketch["measures"].items()
        }
        body["drafts"] = {each: draft(inventor, sketch) for each in sketch["drafts"]}
        made[name] = {key: part for key, part in body.items() if part != {}}
    return made


def deciding(inventor: Inventor, sketch: Part, total: int) -> Part:
    """By what rule a body decides."""
    members = sketch["members"]
    rules: list[Part] = [
        {"majority": True},
        {"at_least": inventor.random.randint(1, total)},
        {"unanimity": True},
        {"unanimity": True, "abstention_blocks": True},
        {"single": inventor.pick(members)},
    ]
    made = inventor.pick(rules)
    if ("majority" in made or "at_least" in made) and inventor.chance(0.6):
        made |= {"permanent": inventor.random.sample(members, inventor.random.randint(1, len(members)))}
    return made | ({"quorum": inventor.random.randint(1, total)} if inventor.chance(0.3) else {})


def after(inventor: Inventor, key: str, place: Place) -> Part:
    """Perhaps what follows something."""
    if not inventor.chance(0.3):
        return {}
    return {key: {"effects": [effect(inventor, place) for _ in inventor.some()]}}


def draft(inventor: Inventor, sketch: Part) -> Part:
    words = inventor.words
    sponsors = inventor.random.sample(words.actors, inventor.random.randint(1, len(words.actors)))
    place = Place(tuple(sponsors))
    made: Part = {"sponsor": inventor.pick([sponsors, sponsors[0], "actors"])}
    if made["sponsor"] == "actors":
        place = Place(tuple(words.actors))
    mandates = [each for each, part in sketch["measures"].items() if "term" in part]
    purposes: list[Part] = [{}]
    purposes += [{"adopts": each} for each in sketch["measures"]]
    purposes += [{"ends": each} for each in sketch["measures"]]
    purposes += [{"renews": each} for each in mandates] * 3
    made |= inventor.pick(purposes)
    paces: list[Part] = [{"every": inventor.rate(place)}]
    paces += [{"every": step} for step in inventor.cadences(1)[:4]]
    paces += [{"on": action} for action in words.actions]
    if "renews" in made:
        paces += [{"ahead": duration} for duration in words.durations]
    made |= inventor.pick(paces)
    if inventor.chance(0.3):
        made["when"] = inventor.phrases.truth(place)
    if inventor.chance(0.2):
        made["procedural"] = True
    everybody = Place(tuple(sketch["members"]))
    made["votes"] = ballot(inventor, everybody, whole=True)
    made |= inventor.luck_key() | after(inventor, "tabled", place)
    for key in ("passed", "failed", "vetoed"):
        made |= after(inventor, key, Place())
    return made


def ballot(inventor: Inventor, place: Place, *, whole: bool) -> Part:
    """How some vote; `whole` if there must be a way."""
    ways = [way for way in WAYS if inventor.chance(0.7)] or (["for", "against"] if whole else [])
    made: Part = {}
    for way in ways:
        utility: Any = inventor.pick([0, 0.5, inventor.phrases.number(place)])
        option: Part = {"utility": utility} | doing(inventor, place, None)
        if inventor.chance(0.3):
            option["when"] = inventor.phrases.truth(place)
        made[way] = utility if inventor.chance(0.3) else option
    if inventor.chance(0.3):
        made["temperature"] = inventor.pick([0, 0.5, f"abs({inventor.phrases.number(place)})"])
    if ways and inventor.chance(0.3):
        bias = inventor.pick([0.5, inventor.phrases.tame(place)])
        made["status_quo"] = {"option": inventor.pick([*ways, "standing"]), "bias": bias}
    return made


def votes(inventor: Inventor, name: str, who: tuple[str, ...]) -> Part:
    """Ballots of a policy's own; the policy `habit` has none, so that no actor has two for one draft."""
    if name == "habit" or not inventor.section("bodies", f"votes of {name}"):
        return {}
    made: Part = {}
    for body, sketch in inventor.words.sketches.items():
        # Under some doctrine anybody may hold the policy, and each must have a seat.
        if not body.startswith("council") or set(inventor.words.actors) != set(sketch["members"]):
            continue
        named: list[list[str]] = [[], sketch["drafts"][:1]]
        for drafts in named:
            if inventor.chance(0.4):
                own = {"body": body} | ({"drafts": drafts} if drafts else {})
                made[inventor.fresh("ballot")] = own | ballot(inventor, Place(who), whole=False)
    return {"votes": made} if made else {}
