"""Section D of the rules of adjudication: a scenario as the doctrines in force change it."""

from __future__ import annotations

from typing import Any

from sim.scenario.document import ScenarioModel
from sim.scenario.models import Actor, Doctrine, Parameter
from tests.oracle.faults import Fault

GRADE = ("measured", "informed", "assumed", "disagreement", "review_by")


def in_force(model: ScenarioModel) -> ScenarioModel:
    """The scenario that is played."""
    parameters, actors = dict(model.parameters), dict(model.actors)
    for name in sorted(actors):
        actor = actors[name]
        if actor.doctrine is None:
            continue
        if actor.doctrine not in actor.doctrines:
            raise Fault(f"{name} has no doctrine {actor.doctrine}")
        doctrine = actor.doctrines[actor.doctrine]
        actors[name] = _actor(actor, doctrine)
        for parameter, given in doctrine.parameters.items():  # D2
            if parameter not in parameters:
                raise Fault(f"there is no parameter {parameter}")
            parameters[parameter] = _parameter(given, model.parameters[parameter])
    return model.model_copy(update={"parameters": parameters, "actors": actors})


def _actor(actor: Actor, doctrine: Doctrine) -> Actor:
    policy = actor.policy if doctrine.policy is None else doctrine.policy  # D1, D5
    attributes = dict(actor.attributes)
    for name, start in doctrine.attributes.items():  # D4
        if name not in attributes:
            raise Fault(f"there is no attribute {name}")
        changes = {"initial": start.initial} | {key: getattr(start, key) for key in GRADE}
        attributes[name] = attributes[name].model_copy(update=changes)
    return actor.model_copy(update={"policy": policy, "attributes": attributes})


def _parameter(given: Parameter, stated: Parameter) -> Parameter:
    """D3: what the doctrine leaves unsaid is as the scenario has it."""
    changes: dict[str, Any] = {}
    for key in ("title", "unit", "luck_key"):
        if getattr(given, key) is None:
            changes[key] = getattr(stated, key)
    if given.range is None and given.min is None and given.max is None:
        changes |= {"range": stated.range, "min": stated.min, "max": stated.max}
    return given.model_copy(update=changes)


def idle_policies(stated: ScenarioModel, actor: str) -> list[str]:
    """Policies that the actor has by its other doctrines, or itself, and that are not in force."""
    part = stated.actors[actor]
    own = [part.policy, *(doctrine.policy or () for doctrine in part.doctrines.values())]
    held = in_force(stated).actors[actor].policy
    return sorted({name for names in own for name in names} - set(held))
