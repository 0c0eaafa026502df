"""The scenario format as a whole: what stands at the top of a file, and where each part is defined."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from sim.scenario import (
    beliefs,
    bodies,
    choice,
    commitments,
    flows,
    graded,
    groups,
    mechanisms,
    policies,
    sanctions,
)
from sim.scenario.beliefs import Belief, Threat
from sim.scenario.bodies import Body
from sim.scenario.commitments import Commitment, Escalation, Rung, RungDoing
from sim.scenario.fields import ActorId, Id, Shown, Strings
from sim.scenario.flows import Flow, Item
from sim.scenario.graded import Name, Part
from sim.scenario.groups import Group
from sim.scenario.mechanisms import Mechanisms
from sim.scenario.models import (
    Action,
    Actor,
    ClockPart,
    Definition,
    Dynamics,
    Indicator,
    Inject,
    Outcome,
    Parameter,
    Relation,
    World,
    actors,
    bindings,
    decisions,
    doings,
    frame,
    quantities,
)
from sim.scenario.policies import Policy
from sim.scenario.sanctions import Regime
from sim.scenario.shorthand import spelled_out

MODULES: Final = (
    *(graded, quantities, bindings, doings, decisions, actors, frame),
    *(choice, policies, commitments, flows, groups, beliefs, bodies, sanctions, mechanisms),
)
"""Modules that define parts of the format."""


class ScenarioModel(Part):
    foedus: Literal[1]
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
    title: Name
    summary: Shown | None = None
    extends: Strings = ()
    evidence: str | None = None
    clock: ClockPart
    parameters: dict[Id, Annotated[Parameter, spelled_out("value")]] = {}
    actors: Annotated[dict[ActorId, Actor], Field(min_length=1)]
    world: World = World()
    relations: dict[Id, Relation] = {}
    definitions: dict[Id, Annotated[Definition, spelled_out("value")]] = {}
    actions: dict[Id, Action] = {}
    policies: dict[Id, Policy] = {}
    commitments: dict[Id, Commitment] = {}
    """Treaties and standing promises."""
    rungs: dict[Rung, RungDoing] = {}
    """What an answer on each rung of a ladder does."""
    escalation: Escalation | None = None
    """How disputes end."""
    items: dict[Id, Item] = {}
    """What is counted: its stocks, who makes it, who uses it."""
    flows: dict[Id, Flow] = {}
    """What one actor sends to another."""
    groups: dict[ActorId, Group] = {}
    """Which actors stand for many members, and in what these may take part."""
    beliefs: dict[Id, Belief] = {}
    """What actors believe, and what they learn it from."""
    threats: dict[Id, Threat] = {}
    """What actors threaten, and how far they are believed."""
    bodies: dict[Id, Body] = {}
    """Councils, alliances and unions that vote."""
    sanctions: dict[Id, Regime] = {}
    """Sanctions regimes."""
    dynamics: dict[Id, Dynamics] = {}
    injects: dict[Id, Inject] = {}
    indicators: dict[Id, Annotated[Indicator, spelled_out("value")]] = {}
    outcomes: dict[Id, Outcome] = {}
    lead: Strings = ()
    """Indicators, outcomes and attributes that are shown before all others, in order."""
    mechanisms: Mechanisms = {}
    """What the sources say moves what, and how that is measured here."""
