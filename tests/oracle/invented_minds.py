"""The random minds of a setting: actions, rules, choices, perceptions."""

from __future__ import annotations

from typing import Any

from tests.oracle.invented_caution import losses, matter, nests
from tests.oracle.invented_disputes import in_crisis, marks
from tests.oracle.invented_doctrines import doctrines
from tests.oracle.inventor import PERIODS, RATES, Inventor, Part
from tests.oracle.phrases import Place

# --- what is done -------------------------------------------------------------------------------------------


def name_actions(inventor: Inventor) -> None:
    if inventor.section("actions"):
        inventor.words.actions |= {"press": True, "arm": True, "test": False}


def actions(inventor: Inventor) -> Part:
    made: Part = {}
    inventor.section("actions")
    for name, targeted in inventor.words.actions.items():
        takes = {"force": 0.5, "amount": 1} if name == "press" else {}
        others = ("target",) if targeted else ()
        place = Place(tuple(inventor.words.actors), others, takes=tuple(takes), depth=2)
        effects = [effect(inventor, place) for _ in inventor.some(0)]
        if takes:
            effects.append(f"{inventor.words.common[0]}[target] += 0.1 * force * amount")
        made[name] = {"to": "one actor"} if targeted else {}
        made[name] |= marks(name)
        made[name] |= {"takes": takes} if takes else {}
        made[name] |= {"effects": effects} if effects else {}
    return made


def effect(inventor: Inventor, place: Place) -> str:
    amounts = ["0.1", "-0.05", f"0.1 * {inventor.phrases.tame(place)}", inventor.phrases.tame(place)]
    return f"{inventor.phrases.variable(place)} {inventor.pick(['+=', '-='])} {inventor.pick(amounts)}"


def doing(inventor: Inventor, place: Place, own: str | None) -> Part:
    """`do` and `effects`; `own` is a variable that no other instance of the decision could set."""
    made: Part = {}
    effects: list[Any] = [effect(inventor, place) for _ in inventor.some(0)]
    if own is not None and inventor.has("sets") and inventor.chance(0.4):
        change = f"{own} = {inventor.phrases.tame(place)}"
        effects.append({"effect": change, "priority": inventor.priority()})
    if effects:
        made["effects"] = effects[0] if len(effects) == 1 and inventor.chance(0.3) else effects
    if _can_act(inventor, place):
        calls = [call(inventor, place) for _ in inventor.some(0)]
        made |= {"do": calls} if calls else {}
    return made


def _targets(inventor: Inventor, place: Place) -> list[str]:
    return [*place.others, *(actor for actor in inventor.words.actors if actor not in place.selves)]


def _can_act(inventor: Inventor, place: Place) -> bool:
    words = inventor.words
    towards = [*words.hostile, *words.peaceful] if _targets(inventor, place) else []
    return bool(place.selves and ("test" in words.actions or towards))


def call(inventor: Inventor, place: Place) -> Any:
    """One item of `do`, at somebody who is never the actor itself."""
    targets = _targets(inventor, place)
    words = inventor.words
    if "test" in words.actions and (not targets or inventor.chance(0.2)):
        return "test"
    target = inventor.pick(targets)
    marked = [*words.hostile, *words.peaceful]
    if marked and ("arm" not in words.actions or inventor.chance(0.4)):
        return {inventor.pick(marked): target}
    if inventor.chance(0.5):
        return {"arm": target}
    force = {"force": inventor.phrases.tame(place)} if inventor.chance(0.7) else {}
    return {"press": {"target": target} | force}


# --- policies -----------------------------------------------------------------------------------------------


def name_policies(inventor: Inventor, actors: Part) -> dict[str, tuple[str, ...]]:
    """Who has which policy; some share one, some have two, some none."""
    inventor.section("policies")
    held: dict[str, list[str]] = {}
    for name, actor in actors.items():
        if inventor.chance(0.2):
            continue
        actor["policy"] = [f"mind_{inventor.random.randint(1, 2)}"]
        if inventor.has("two_policies") and inventor.chance(0.3):
            actor["policy"].append("habit")
        for policy in actor["policy"]:
            held.setdefault(policy, []).append(name)
    doctrines(inventor, actors, held)
    return {policy: tuple(who) for policy, who in sorted(held.items())}


def policy(inventor: Inventor, name: str, who: tuple[str, ...]) -> Part:
    made: Part = {"rules": {}, "choices": {}, "perceives": {}}
    if inventor.section("choices", name):
        for _ in inventor.some(0):
            made["choices"] |= choice(inventor, who)
    if inventor.section("rules", name):
        for _ in inventor.some():
            place, bound = binding(inventor, who)
            own = inventor.pick(inventor.words.common) if not bound else None
            rule = bound | triggered(inventor, place) | doing(inventor, place, own) | inventor.luck_key()
            rule |= in_crisis(inventor, place, bound)
            made["rules"][rule_id := inventor.fresh("rule")] = rule
            inventor.words.matters.decisions += [
                f"{actor}, {rule_id}{about}" for actor in who for about in abouts(inventor, actor, bound)
            ]
    if inventor.section("perceives", name):
        made["perceives"] = perceives(inventor, name, who)
    return {key: part for key, part in made.items() if part}


def binding(inventor: Inventor, who: tuple[str, ...]) -> tuple[Place, Part]:
    """Perhaps a `for`, and the place inside."""
    if not inventor.has("for") or inventor.chance(0.5):
        return Place(who), {}
    tag = inventor.pick([*inventor.words.tags, "actor"])
    but = inventor.pick(inventor.words.actors)
    two = inventor.random.sample(inventor.words.actors, 2)
    kinds: list[tuple[Place, Any]] = [
        (Place(who, ("other",)), f"each other {tag}"),
        (Place(who, ("other",)), "each other actor"),
        (Place(who, ("x",)), {"x": f"each other actor where x != {but}"}),
        (Place(who, (), ("x",)), {"x": f"each {tag}"}),
        (Place(who, ("y",), ("x",)), {"y": f"each other {tag}", "x": "each actor where x != y"}),
        (Place(who, (), ("x",)), {"x": two}),
    ]
    if inventor.words.special:
        kinds.append((Place(who, ("other",)), "each other actor where has(other, shells)"))
    place, members = inventor.pick(kinds)
    return place, {"for": members}


def abouts(inventor: Inventor, actor: str, bound: Part) -> list[str]:
    """What follows a decision where it is asked about: the actors it is about, if that is simply told."""
    others = [other for other in inventor.words.actors if other != actor]
    if bound == {"for": "each other actor"}:
        return [f", {other}" for other in others]
    return [] if bound else [""]


# --- rules --------------------------------------------------------------------------------------------------


def triggered(inventor: Inventor, place: Place) -> Part:
    """When a rule fires and how often."""
    rule: Part = {"when": inventor.phrases.truth(place)} if inventor.chance(0.5) else {}
    kind = inventor.pick(["chance", "chance", "count", "every", "rate", "once"])
    if kind == "count" and inventor.has("counts"):
        return rule | counted(inventor, place)
    steps = inventor.cadences(1)
    if kind == "every" and steps:
        rule["every"] = inventor.pick(steps)
    elif kind == "rate":
        rule["every"] = inventor.rate(place)
    elif kind == "once" and inventor.has("once"):
        rule["once"] = True
    else:
        rule["chance"] = inventor.rate(place)
    if inventor.has("once") and inventor.chance(0.3):
        rule["once"] = True
    return rule


def counted(inventor: Inventor, place: Place) -> Part:
    per = inventor.pick(PERIODS)
    mean = f"{3 * RATES[per]} * {inventor.phrases.tame(place, -0.2, 2)}"
    count: Part = {"per": per, "mean": inventor.pick([3 * RATES[per], mean])}
    if inventor.chance(0.5):
        size = f"{RATES[per]} * {inventor.phrases.tame(place, 0.1, 2)}"
        count["size"] = inventor.pick([RATES[per], size])
    rule: Part = {"count": count}
    if inventor.chance(0.5):
        rate = inventor.rate(place)
        starts = inventor.pick([0, 1, rate["rate"]])
        rule["campaign"] = {"per": rate["per"], "starts": starts, "ends": rate["rate"]}
    return rule


# --- choices ------------------------------------------------------------------------------------------------


def choice(inventor: Inventor, who: tuple[str, ...]) -> Part:
    place, bound = binding(inventor, who)
    name = inventor.fresh("course")
    made: Part = bound | cadence(inventor, place)
    made |= in_crisis(inventor, place, bound) if "several" not in made else {}
    made["temperature"] = inventor.pick([0, 0.2, 1, f"abs({inventor.phrases.number(place)})"])
    if inventor.chance(0.4):
        made["when"] = inventor.phrases.truth(place)
    priority = inventor.priority()
    options = {
        inventor.fresh(inventor.pick("zam")): option(inventor, place, None if bound else priority)
        for _ in range(inventor.random.randint(1, 3))
    }
    made |= nests(inventor, place, list(options)) | losses(inventor, place, options) | matter(inventor, place)
    if inventor.chance(0.6):
        favoured = inventor.pick([*options, "standing"])
        bias = inventor.pick([0.5, inventor.phrases.tame(place)])
        made["status_quo"] = {"option": favoured, "bias": bias}
    if inventor.chance(0.4):
        made["initial"] = inventor.pick(list(options))
    for actor in who:
        for about in abouts(inventor, actor, bound):
            inventor.words.standing += [f"{actor}, {name}, {each}{about}" for each in options]
    return {name: made | {"options": options} | inventor.luck_key()}


def cadence(inventor: Inventor, place: Place) -> Part:
    steps = inventor.cadences(4)
    if not steps or inventor.chance(0.3):
        return {"every": inventor.rate(place)}
    step = inventor.pick(steps)
    several = step not in inventor.cadences(1) or inventor.chance(0.2)
    return {"every": step} | ({"several": True} if several else {})


def option(inventor: Inventor, place: Place, priority: int | None) -> Part:
    """An option; those of one choice may set a variable at one priority."""
    made: Part = {"utility": inventor.pick(["0", "0.5", inventor.phrases.number(place)])}
    if inventor.chance(0.3):
        made["when"] = inventor.phrases.truth(place)
    made |= doing(inventor, place, None)
    if priority is not None and inventor.has("sets") and inventor.chance(0.4):
        listed = made.get("effects", [])
        change = f"{inventor.words.common[0]} = {inventor.phrases.tame(place)}"
        made["effects"] = [*([listed] if isinstance(listed, str) else listed)]
        made["effects"].append({"effect": change, "priority": priority})
    return made


# --- perceptions --------------------------------------------------------------------------------------------


def perceives(inventor: Inventor, name: str, who: tuple[str, ...]) -> Part:
    """Perceptions, none of a variable that the same actor perceives otherwise."""
    made: Part = {}
    for of, bound in _perceivable(inventor, name, who):
        if inventor.chance(0.5):
            about = {"of": of} | bound | perception(inventor, Place(who, depth=1)) | inventor.luck_key()
            made[inventor.fresh("eye")] = about
    return made


def _perceivable(inventor: Inventor, name: str, who: tuple[str, ...]) -> list[tuple[str, Part]]:
    """Variables with their `for`; the policy `habit` perceives others than the rest."""
    words = inventor.words
    each = {"for": "each other actor"}
    if name == "habit":
        found: list[tuple[str, Part]] = [(words.world[0], {})] if words.world else []
        return found + ([(words.common[1], {})] if len(words.common) > 1 else [])
    first = words.common[0]
    found = [inventor.pick([(f"{first}[other]", each), (first, {}), (f"{first}[{words.actors[0]}]", {})])]
    if words.relations:
        found.append((inventor.pick(["tension[self, x]", "tension[x, self]"]), {"for": {"x": each["for"]}}))
    strangers = [actor for actor in words.actors if actor not in who]
    if "trust" in words.relations and strangers:
        found.append((f"trust[{strangers[0]}, self]", {}))
    return found


def perception(inventor: Inventor, place: Place) -> Part:
    made: Part = {}
    if inventor.has("past") and inventor.chance(0.6):
        made["lag"] = inventor.pick(inventor.words.durations)
    if not made or inventor.chance(0.6):
        made["noise"] = inventor.pick(["0.2", f"abs({inventor.phrases.number(place)})"])
        made["half_life"] = inventor.half_life(place)
    return made
