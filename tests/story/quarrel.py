"""A small scenario with everything that can be told, for the tests of story, command and application."""

from __future__ import annotations

from sim.compile import Program, compile_scenario
from sim.scenario import parse_scenario

QUARREL = """\
foedus: 1
id: quarrel
title: A quarrel
clock: {start: 2030-01-01, turn: month, turns: 12}
parameters:
  temper: {distribution: {uniform: [0.2, 0.8]}, assumed: invented}
actors:
  EAST:
    name: Eastland
    policy: raider
    attributes: {shells: {initial: 5000, min: 0, unit: rounds, title: Shell stock}}
  WEST: {name: Westland, policy: guard, attributes: {alarm: {initial: 0.3, range: [0, 1]}, mood: 0}}
world:
  attributes: {price: {initial: 100, unit: dollars, title: Price of oil}}
  rules:
    shock: {chance: {per: year, rate: 2}, effects: [price += 50], says: "oil jumps from {price}"}
relations:
  trust: {default: 0.5, pairs: {WEST: {EAST: 0.4}}}
actions:
  raid:
    to: one actor
    takes: {size: 10}
    effects: ["alarm[target] += 0.01*size"]
    says: "{self} raids {target}"
  lament: {effects: [mood -= 1]}
policies:
  raider:
    rules:
      fire:
        count: {per: year, mean: 8}
        effects: [shells -= 100]
        says: "{self} fires {count} of {shells:,.0f} shells"
      raid_the_border: {chance: {per: year, rate: 6*temper}, do: [raid: WEST]}
      boast: {every: quarter}
      first_blood: {once: true, when: "alarm[WEST] > 0.5", effects: ["trust[WEST, self] = 0"]}
  guard:
    choices:
      answer:
        every: month
        temperature: 0.3
        status_quo: {option: standing, bias: 0.1}
        options:
          calm: {utility: 0.5}
          firm: {utility: 0.3 + alarm, effects: [alarm -= 0.05], says: "{self} mans the border"}
          sulk: {utility: 0.2, do: [lament], when: alarm > 0.35}
      speak:
        every: month
        temperature: 1
        options:
          softly: {utility: 0}
          loudly: {utility: 0, says: "{self} raises its voice"}
injects:
  vote: {at: 2030-03-15, effects: ["alarm[WEST] += 0.1"], says: "An election, alarm at {alarm[WEST]:.2f}"}
  storm: {at: 2030-06-01, probability: 0.5, effects: [price += 1], says: "A storm."}
indicators:
  alarm_level: {title: Alarm, range: [0, 1], value: "alarm[WEST]"}
  oil: {title: Oil, unit: dollars, value: price}
outcomes:
  panic: {title: Westland panics, happens: "alarm[WEST] > 0.55", by: 2031-01-01}
  dear: {title: Oil is dear, holds: price > 180, at: 2030-10-01}
"""


def compiled(text: str = QUARREL) -> Program:
    return compile_scenario(parse_scenario(text))
