"""Small scenarios that batches are tested on."""

from __future__ import annotations

from sim.scenario import Scenario, parse_scenario

SMALL = """
foedus: 1
id: small
title: A small world
clock: {start: 2024-07-01, turn: month, turns: 6}
parameters:
  boldness: {distribution: {triangular: [0.05, 0.2, 0.7]}}
  mix: {distribution: {dirichlet: {oil: 1, grain: 2}}}
  known: 4
actors:
  PRK:
    name: North Korea
    attributes: {confidence: {initial: 0.45, range: [0, 1], unit: points}}
    policy: bold
world: {attributes: {war: 0.5}, rules: {shock: {chance: {per: year, rate: 0.5}, effects: [war += 0.1]}}}
policies:
  bold:
    rules:
      test: {count: {per: year, mean: 8}, effects: [confidence += 0.01]}
      clash: {chance: {per: year, rate: 3*boldness}, effects: [confidence -= 0.1]}
dynamics:
  settle: {of: war, towards: 0.4, half_life: 6 months, noise: 0.1}
indicators:
  war_now: {title: Intensity of the war, value: war}
  confidence_now: {title: Confidence, value: "confidence[PRK]", unit: points, range: [0, 1]}
outcomes:
  calm: {title: War low, holds: war < 0.4, at: 2024-12-01}
  bold: {title: Confidence high, happens: "confidence[PRK] > 0.5", by: 2025-01-01}
  never: {title: The impossible, happens: war > 1000, by: 2025-01-01}
"""

FRAGILE = """
foedus: 1
id: fragile
title: A world in which some runs cannot be computed
clock: {start: 2024-07-01, turn: month, turns: 6}
parameters:
  ground: {distribution: {uniform: [0, 1]}}
actors:
  PRK: {name: North Korea, attributes: {confidence: 0.5}}
indicators:
  depth: {value: VALUE}
"""


def small() -> Scenario:
    """Six turns, an actor, two rules, an event; three parameters, two indicators, three outcomes."""
    return parse_scenario(SMALL, "small.yaml")


def fragile() -> Scenario:
    """A run fails in the turn in which the years gone by reach 300 times its `ground`."""
    return parse_scenario(FRAGILE.replace("VALUE", "log(300*ground - elapsed)"), "fragile.yaml")


def sturdy() -> Scenario:
    """The fragile world without its fault: the same luck."""
    return parse_scenario(FRAGILE.replace("VALUE", "ground"), "sturdy.yaml")
