"""Random scenarios that use every construct of the format, legal by construction."""

from __future__ import annotations

from typing import Final

import yaml

from tests.oracle import invented_beliefs as beliefs
from tests.oracle import invented_bodies as bodies
from tests.oracle import invented_caution as caution
from tests.oracle import invented_disputes as disputes
from tests.oracle import invented_flows as flows
from tests.oracle import invented_minds as minds
from tests.oracle import invented_nature as nature
from tests.oracle import invented_promises as promises
from tests.oracle import invented_sanctions as sanctions
from tests.oracle import invented_setting as setting
from tests.oracle.inventor import CONSTRUCTS, Inventor, Part

ALL: Final = frozenset(CONSTRUCTS)


def invent(seed: int, size: int = 2, constructs: frozenset[str] = ALL) -> Part:
    """A scenario as plain data, of size 1 to 3, with these constructs; the same for the same arguments."""
    inventor = Inventor(seed, size, constructs)
    scenario: Part = {"foedus": 1, "id": "invented", "title": "Invented", "clock": inventor.clock}
    scenario["parameters"] = setting.parameters(inventor)
    scenario["actors"] = setting.actors(inventor)
    scenario["world"] = {"attributes": setting.world(inventor)}
    scenario["relations"] = setting.relations(inventor)
    flows.name_goods(inventor, scenario["actors"])
    flows.name_groups(inventor)
    caution.name_attentive(inventor)
    minds.name_actions(inventor)
    disputes.name_acts(inventor)
    promises.name_pacts(inventor)
    beliefs.name_beliefs(inventor)
    bodies.name_bodies(inventor)
    sanctions.name_regimes(inventor)
    scenario["definitions"] = setting.definitions(inventor)
    held = minds.name_policies(inventor, scenario["actors"])
    scenario["policies"] = {name: minds.policy(inventor, name, who) for name, who in held.items()}
    for name, who in held.items():
        scenario["policies"][name] |= bodies.votes(inventor, name, who)
    scenario["policies"] |= disputes.quarrels(inventor, scenario["actors"])
    scenario["actions"] = minds.actions(inventor)
    caution.attention(inventor, scenario["actors"])
    scenario["commitments"] = promises.commitments(inventor)
    scenario["rungs"] = promises.rungs(inventor)
    scenario["escalation"] = disputes.escalation(inventor)
    scenario["bodies"] = bodies.bodies(inventor)
    scenario["sanctions"] = sanctions.sanctions(inventor)
    scenario["items"] = flows.items(inventor)
    scenario["flows"] = flows.flows(inventor)
    scenario["groups"] = flows.groups(inventor)
    scenario["beliefs"] = beliefs.beliefs(inventor)
    scenario["threats"] = beliefs.threats(inventor)
    promises.capacities(inventor, scenario["actors"])
    scenario["dynamics"] = nature.dynamics(inventor)
    scenario["world"]["rules"] = nature.world_rules(inventor)
    scenario["injects"] = nature.injects(inventor)
    scenario["indicators"] = nature.indicators(inventor)
    scenario["outcomes"] = nature.outcomes(inventor)
    return {key: part for key, part in scenario.items() if part}


def as_text(plain: Part) -> str:
    """An invented scenario as a file would hold it."""
    return yaml.dump(plain, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)
