"""What happens by itself in a random setting, and what is asked of it."""

from __future__ import annotations

from tests.oracle.invented_minds import doing, triggered
from tests.oracle.inventor import PERIODS, Inventor, Part
from tests.oracle.phrases import Place

Target = tuple[str, Part, Place]


def dynamics(inventor: Inventor) -> Part:
    """At most one entry that leads a variable, and any number of drifts beside all but growth."""
    made: Part = {}
    if not inventor.section("dynamics"):
        return made
    targets = _targets(inventor)
    grown = set()
    for name, kinds in targets.items():
        if name != "tension" and inventor.chance(0.6):  # both orders of a symmetric pair would lead it
            of, bound, place = inventor.pick(kinds)
            entry = {"of": of} | bound | lead(inventor, place) | inventor.luck_key()
            grown |= {name} if "growth" in entry else set()
            made[inventor.fresh("lead")] = entry
    for name, kinds in targets.items():
        for of, bound, place in kinds:
            if name not in grown and inventor.chance(0.3):
                rate = f"0.1 * {inventor.phrases.tame(place)}"
                drift = {"drift": {"per": inventor.pick(PERIODS), "rate": rate}}
                made[inventor.fresh("drift")] = {"of": of} | bound | drift
    return made


def _targets(inventor: Inventor) -> dict[str, list[Target]]:
    """Variables by name, each with the ways to say which."""
    words = inventor.words
    targets: dict[str, list[Target]] = {}
    for name in words.common:
        everyone = (f"{name}[other]", {"for": "each actor"}, Place(anyone=("other",)))
        targets[name] = [everyone, (f"{name}[{words.actors[0]}]", {}, Place())]
    for name in words.world:
        targets[name] = [(name, {}, Place())]
    pairs = {"for": {"x": "each actor", "y": "each actor where x != y"}}
    for name in words.relations:
        targets[name] = [(f"{name}[x, y]", pairs, Place(anyone=("x", "y")))]
    return targets


def lead(inventor: Inventor, place: Place) -> Part:
    tame = inventor.phrases.tame
    towards = {"towards": tame(place), "half_life": inventor.half_life(place)}
    noise = {"noise": inventor.pick(["0.3", f"abs({tame(place)})"])}
    growth = {"growth": {"per": inventor.pick(["month", "year"]), "rate": f"0.1 * {tame(place)}"}}
    return inventor.pick([towards, towards | noise, noise, growth])


def world_rules(inventor: Inventor) -> Part:
    made: Part = {}
    if not inventor.section("world_rules"):
        return made
    for _ in inventor.some(0):
        place, bound = Place(), {}
        if inventor.has("for") and inventor.chance(0.4):
            members = f"each {inventor.pick([*inventor.words.tags, 'actor'])}"
            place, bound = Place(anyone=("x",)), {"for": {"x": members}}
        own = inventor.words.world[0] if inventor.words.world and not bound else None
        rule = bound | triggered(inventor, place) | doing(inventor, place, own) | inventor.luck_key()
        made[storm := inventor.fresh("storm")] = rule
        inventor.words.matters.decisions += [] if bound else [f"world, {storm}"]
    return made


def injects(inventor: Inventor) -> Part:
    made: Part = {}
    if not inventor.section("injects"):
        return made
    for _ in inventor.some(0):
        inject: Part = {"at": inventor.pick([inventor.clock["start"], *inventor.days])}
        if inventor.chance(0.4):
            inject["when"] = inventor.phrases.truth()
        if inventor.chance(0.5):
            inject["probability"] = inventor.pick([0.5, inventor.phrases.tame(Place(), 0, 1)])
        own = f"{inventor.words.common[0]}[{inventor.words.actors[0]}]"
        made[news := inventor.fresh("news")] = inject | doing(inventor, Place(), own) | inventor.luck_key()
        inventor.words.matters.decisions.append(f"injects, {news}")
    return made


def indicators(inventor: Inventor) -> Part:
    made: Part = {}
    if not inventor.section("indicators"):
        return made
    for _ in inventor.some():
        value = inventor.phrases.number()
        whole: Part = {"value": value}
        whole.update(inventor.pick([{}, {"range": [0, 1]}, {"min": 0}, {"max": 0.5}]))
        made[inventor.fresh("index")] = inventor.pick([value, whole])
    return made


def outcomes(inventor: Inventor) -> Part:
    made: Part = {}
    if not inventor.section("outcomes"):
        return made
    ends = [day.isoformat() for day in inventor.calendar.dates[1:]]
    days = sorted({*inventor.days, ends[-1]})
    for _ in inventor.some(0):
        outcome: Part = {"title": "Something"}
        if inventor.chance(0.3):
            outcome |= {"holds": inventor.phrases.truth(), "at": inventor.pick(days)}
        else:
            last = inventor.pick([day for day in days if day >= ends[0]])
            outcome |= {"happens": inventor.phrases.truth(), "by": last}
            latest = max(end for end in ends if end <= last)
            earlier = [day for day in days if day < latest]
            outcome |= {"from": inventor.pick(earlier)} if earlier and inventor.chance(0.4) else {}
        made[inventor.fresh("outcome")] = outcome
    return made
