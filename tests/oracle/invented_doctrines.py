"""Random doctrines: other policies, starts and parameters of an actor."""

from __future__ import annotations

from typing import Any

from tests.oracle.invented_setting import FAMILIES, START
from tests.oracle.inventor import Inventor, Part


def doctrines(inventor: Inventor, actors: Part, held: dict[str, list[str]]) -> None:
    """Give some actors doctrines, most of them one that is in force. Notes who may hold which policy."""
    if not inventor.section("doctrines"):
        return
    free = [name for name in inventor.words.parameters if "[" not in name and name != "share"]
    for name, actor in actors.items():
        if inventor.chance(0.5):
            continue
        mine = [parameter for parameter in free if inventor.chance(0.5)]
        free = [parameter for parameter in free if parameter not in mine]
        made = {
            doctrine: _doctrine(inventor, name, mine, held)
            for doctrine in ["bold", "meek", "sly"][: inventor.random.randint(1, 3)]
        }
        actor["doctrines"] = made
        if inventor.chance(0.8):
            actor["doctrine"] = inventor.pick(list(made))


def _doctrine(inventor: Inventor, actor: str, parameters: list[str], held: dict[str, list[str]]) -> Part:
    made: Part = {}
    if inventor.chance(0.7):
        policies = [f"mind_{inventor.random.randint(1, 2)}"]
        if inventor.has("two_policies") and inventor.chance(0.3):
            policies.append("habit")
        made["policy"] = policies[0] if len(policies) == 1 else policies
        for policy in policies:
            if actor not in held.setdefault(policy, []):
                held[policy].append(actor)
    for name in inventor.words.common:
        if inventor.chance(0.3):
            start: Any = inventor.pick([0.2, inventor.phrases.tame(START)])
            made.setdefault("attributes", {})[name] = inventor.pick([start, {"initial": start}])
    for name in parameters:
        if inventor.chance(0.5):
            drawn: Part = {"distribution": inventor.pick(FAMILIES)}
            drawn |= inventor.pick([Part(), Part(), {"range": [0.2, 0.6]}, {"min": -1}])
            made.setdefault("parameters", {})[name] = inventor.pick(
                [0.25, {"value": 0.25}, drawn, drawn | inventor.luck_key()]
            )
    return made
