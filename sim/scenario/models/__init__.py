"""The parts of the scenario format: one pydantic model per mapping of the file, and nothing else defines it.

What the keys mean is fixed in `docs/reference/semantics.md`. Every model forbids keys it does not know.
Shorthands (a number for a mapping with that number in it) are spelled out before validation, so that the rest
of the program meets one form only.
"""

from sim.scenario.models.actors import Actor, Doctrine, Start
from sim.scenario.models.bindings import For, Members
from sim.scenario.models.decisions import (
    Campaign,
    Choice,
    Count,
    CrisisPair,
    Deciding,
    Every,
    EveryField,
    Inject,
    Option,
    Rate,
    Rule,
    StatusQuo,
)
from sim.scenario.models.doings import Action, ActionCall, Argument, Calls, Doing, EffectPart, Effects, Level
from sim.scenario.models.frame import ClockPart, Outcome, World
from sim.scenario.models.quantities import (
    Attribute,
    Definition,
    Dynamics,
    Indicator,
    Pair,
    Parameter,
    Perception,
    Relation,
)

__all__ = [
    "Action",
    "ActionCall",
    "Actor",
    "Argument",
    "Attribute",
    "Calls",
    "Campaign",
    "Choice",
    "ClockPart",
    "Count",
    "CrisisPair",
    "Deciding",
    "Definition",
    "Doctrine",
    "Doing",
    "Dynamics",
    "EffectPart",
    "Effects",
    "Every",
    "EveryField",
    "For",
    "Indicator",
    "Inject",
    "Level",
    "Members",
    "Option",
    "Outcome",
    "Pair",
    "Parameter",
    "Perception",
    "Rate",
    "Relation",
    "Rule",
    "Start",
    "StatusQuo",
    "World",
]
