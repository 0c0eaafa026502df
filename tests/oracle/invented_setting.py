"""The random setting: parameters, actors, relations, definitions."""

from __future__ import annotations

from typing import Any, Final

from tests.oracle.inventor import Inventor, Part
from tests.oracle.phrases import Place

START: Final = Place(start=True, depth=1)
FAMILIES: Final[list[Part]] = [
    {"uniform": [-1, 1.5]},
    {"normal": {"sd": 0.5, "mean": 0.2}},
    {"lognormal": [0.5, 0.4]},
    {"triangular": [0.05, 0.2, 0.7]},
    {"triangular": {"low": 0, "mode": 0, "high": 1}},
    {"discrete": {"values": [0, 0.5, 2], "weights": [1, 0, 3]}},
]
SLOW: Final[list[Part]] = [
    {"pert": [0, 0.2, 1]},
    {"beta": [2, 3]},
    {"beta": [0.5, 1.5, -1, 2]},
    {"dirichlet": {"oil": 1, "arms": 2.5, "aid": 0.3}},
]
"""Those that take the oracle long to draw."""
BOUNDS: Final[list[Part]] = [{"range": [0, 1]}, {"min": -2}, {"max": 3}, {"range": [-1, 1]}]


def parameters(inventor: Inventor) -> Part:
    drawn: Part = {}
    if inventor.section("parameters"):
        for index in inventor.some():
            parameter: Part = {"distribution": inventor.pick(FAMILIES)}
            if inventor.chance(0.4):
                parameter |= inventor.pick([{"range": [0.1, 0.9]}, {"min": 0}, {"max": 0.5}])
            parameter |= inventor.luck_key()
            drawn[f"p{index}"] = inventor.pick([parameter, parameter, 0.25, {"value": 2}])
            inventor.words.parameters.append(f"p{index}")
    if inventor.section("slow_parameters") and inventor.chance(0.5):
        distribution = inventor.pick(SLOW)
        drawn["share"] = {"distribution": distribution}
        names = ["share[oil]", "share[aid]"] if "dirichlet" in distribution else ["share"]
        inventor.words.parameters += names
    return drawn


def actors(inventor: Inventor) -> Part:
    inventor.section("actors")
    words = inventor.words
    words.common = [f"mood_{letter}" for letter in "abc"[: 1 + inventor.size]]
    made: Part = {name: {"name": name.title(), "attributes": {}} for name in words.actors}
    for name in words.common:
        for actor in made.values():
            actor["attributes"][name] = attribute(inventor)
    if inventor.section("special"):
        words.special = {"shells": inventor.random.sample(words.actors, inventor.random.randint(1, 2))}
        for owner in words.special["shells"]:
            made[owner]["attributes"]["shells"] = attribute(inventor)
    if inventor.section("tags"):
        words.tags = ["near", "rich"]
        for tag, owner in zip(words.tags, inventor.random.sample(words.actors, 2), strict=True):
            for name, actor in made.items():
                if name == owner or inventor.chance(0.4):
                    actor.setdefault("tags", []).append(tag)
    return made


def attribute(inventor: Inventor) -> Any:
    """An attribute, often with a range; its start a number or an expression over parameters."""
    value: Any = inventor.pick([0, 0.5, 1, 0.3, inventor.phrases.tame(START)])
    bounds = inventor.pick(BOUNDS)
    return inventor.pick(
        [value, {"initial": value}, {"initial": value} | bounds, {"initial": value} | bounds]
    )


def world(inventor: Inventor) -> Part:
    if not inventor.section("world"):
        return {}
    inventor.words.world = ["heat", "price"][: inventor.size]
    return {name: attribute(inventor) for name in inventor.words.world}


def relations(inventor: Inventor) -> Part:
    made: Part = {}
    if not inventor.section("relations"):
        return made
    for name, symmetric in [("tension", True), ("trust", False)][: inventor.size]:
        relation: Part = {"symmetric": True} if symmetric else {}
        relation |= inventor.pick([{}, {"range": [0, 1]}, {"min": -1}, {"max": 1}])
        relation |= inventor.pick([{}, {"default": 0.5}, {"default": inventor.phrases.tame(START)}])
        first, second = inventor.random.sample(inventor.words.actors, 2)
        value = inventor.pick([0.75, {"value": 0.25}, inventor.phrases.tame(START)])
        made[name] = relation | inventor.pick([{}, {"pairs": {first: {second: value}}}])
    inventor.words.relations = list(made)
    return made


def definitions(inventor: Inventor) -> Part:
    made: Part = {}
    if inventor.section("definitions"):
        made["need"] = inventor.phrases.number(Place(depth=2))
        inventor.words.definitions.append("need")
        value = inventor.phrases.number(Place(anyone=("who",), depth=2))
        made["strength"] = {"of": ["who"], "value": value}
        inventor.words.actor_definitions.append("strength")
    return made
