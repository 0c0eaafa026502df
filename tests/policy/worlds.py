"""A world in which every kind of decision comes up, some of it seen dimly, for policies to take over."""

from __future__ import annotations

from functools import cache

from sim.compile import Program
from sim.engine.model import Model
from sim.engine.policy import Policy
from tests.worlds import world

BORDER = """
foedus: 1
id: border
title: A border
clock: {start: 2030-01-01, turn: month, turns: 9}
parameters:
  temper: {distribution: {uniform: [0.2, 0.8]}}
  mix: {distribution: {dirichlet: {oil: 1, grain: 2}}}
actors:
  EAST: {name: Eastland, policy: raider, attributes: {shells: {initial: 50, min: 0}, mood: 0.5}}
  NORTH: {name: Northland, policy: raider, attributes: {shells: {initial: 80, min: 0}, mood: 0.1}}
  WEST: {name: Westland, tags: [meek], policy: guard, attributes: {alarm: {initial: 0.4, range: [0, 1]}}}
world: {attributes: {price: 100}, rules: {shock: {chance: {per: year, rate: 3}, effects: [price += 5]}}}
relations: {trust: {default: 0.5, pairs: {WEST: {EAST: 0.4}}}}
definitions:
  fear: {of: [x], value: "0.5*shells[x]/100 + 0.1*lag(price, '2 months')/100"}
  worst: {value: "max(fear[EAST], fear[NORTH])"}
actions:
  raid: {to: one actor, effects: ["alarm[target] += 0.02"]}
policies:
  raider:
    rules:
      fire: {count: {per: year, mean: 20*temper, size: 9}, when: shells > 5, effects: [shells -= 1]}
      probe:
        for: {x: each meek}
        count: {per: year, mean: 9}
        campaign: {per: year, starts: 4, ends: 3}
        do: [raid: x]
      strike: {chance: {per: year, rate: 3*temper}, do: [raid: WEST]}
      boast: {every: quarter, effects: [mood += 0.1]}
      think: {every: {per: year, rate: 4}, effects: [mood -= 0.1]}
      first_blood: {once: true, when: "alarm[WEST] > 0.5", effects: ["trust[WEST, self] = 0"]}
  guard:
    perceives:
      stock: {of: "shells[EAST]", lag: 1 month, noise: 4, half_life: 3 months}
    choices:
      answer:
        every: month
        temperature: 0.3
        status_quo: {option: standing, bias: 0.1}
        initial: calm
        options:
          calm: {utility: 0.5}
          firm: {utility: "alarm + 0.2*fear[EAST]", effects: [alarm -= 0.05]}
          flee: {utility: "1/alarm", when: alarm > 0.45, effects: [alarm -= 0.2]}
      patrol:
        every: week
        several: true
        temperature: 0.2
        status_quo: {option: stay, bias: 0.05}
        options:
          go: {utility: alarm, effects: [alarm += 0.001]}
          stay: {utility: 0.4, when: "alarm < 0.6"}
      speak:
        every: {per: year, rate: 5}
        when: times(raid, any, self) > 1
        temperature: 0
        options: {loudly: {utility: alarm, effects: [price += 1]}, softly: {utility: 0.5}}
indicators: {alarm_level: {value: "alarm[WEST]"}}
outcomes: {panic: {title: Panic, happens: "alarm[WEST] > 0.7", by: 2030-09-01}}
"""


@cache
def border() -> Program:
    """Two raiders with every kind of rule, a guard with every kind of choice who sees one raider dimly."""
    return world(BORDER)


REPLYING = """
foedus: 1
id: replying
title: Replying
clock: {start: 2030-01-01, turn: month, turns: 6}
actors:
  PRK: {name: North, policy: bold, attributes: {nerve: {initial: 0.5, range: [0, 1]}}}
  USA: {name: America, policy: firm, attributes: {nerve: {initial: 0.4, range: [0, 1]}}}
policies:
  firm:
    choices:
      answer:
        every: month
        temperature: 0.3
        options: {hold: {utility: 0.1}, strike: {utility: "nerve[self] - 0.2*nerve[PRK]"}}
  bold:
    perceives: {its_nerve: {of: "nerve[USA]", noise: 0.2, half_life: 6 months}}
    choices:
      probe:
        every: month
        temperature: 0.5
        options:
          dare: {utility: "1 - reply(USA, answer, strike)", effects: ["nerve += 0.1", "nerve[USA] += 0.05"]}
          wait: {utility: 0.3}
"""


@cache
def replying() -> Program:
    """Two of whom one reckons with what the other would probably do."""
    return world(REPLYING)


def hashes(program: Program, *policies: Policy, runs: int = 64, seed: int = 5) -> list[str]:
    """State hashes of runs 0 to `runs - 1` at the end."""
    return Model(program, runs, seed=seed, policies=policies).play().state.hashes()
