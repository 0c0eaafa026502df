"""Nodes to Scenario: `extends`, the format, expressions. What a scenario says, before what it means."""

from sim.scenario.clock import Clock, Duration, Step, parse_duration
from sim.scenario.document import ScenarioModel
from sim.scenario.load import Scenario, load_scenario, parse_scenario, parts

__all__ = [
    "Clock",
    "Duration",
    "Scenario",
    "ScenarioModel",
    "Step",
    "load_scenario",
    "parse_duration",
    "parse_scenario",
    "parts",
]
