"""What is frozen: rows and decisions of crises, shares of a whole, and treaties, from turn 0 on."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.analysis.mechanisms.freezing import Frozen, frozen_decision, frozen_rows
from sim.analysis.mechanisms.levers import Pulled, pulled
from sim.analysis.mechanisms.playing import Sample, watched
from sim.compile import Program
from sim.scenario.mechanisms import Lever
from tests.worlds import world

Values = NDArray[np.float64]

SAMPLE = Sample(draws=20, histories=5, seed=3)

BRINK = """
foedus: 1
id: brink
title: Two at the brink
clock: {start: 2030-01-01, turn: month, turns: 6}
escalation: {round: 10 days}
actors:
  ALAND: {name: Aland, policy: pushing, attributes: {shots: {initial: 0, assumed: invented}}}
  BLAND: {name: Bland, policy: weighing, attributes: {replies: {initial: 0, assumed: invented}}}
actions:
  push: {to: one actor, hostility: display}
policies:
  pushing:
    rules:
      provoke: {chance: {per: year, rate: 1}, do: [push: BLAND], assumed: invented}
      fire:
        crisis: BLAND
        when: hostility(self, BLAND) >= 3
        chance: {per: month, rate: 2}
        effects: [shots += 1]
        assumed: invented
  weighing:
    choices:
      reply:
        crisis: ALAND
        every: 10 days
        temperature: 0.3
        assumed: invented
        options:
          wait: {utility: 0.2, assumed: invented}
          answer: {utility: 0.1, effects: [replies += 1], assumed: invented}
indicators:
  shots_fired: shots[ALAND]
  replies_given: replies[BLAND]
"""

TREATY = """
foedus: 1
id: pact
title: A pact that wealth suspends
clock: {start: 2030-01-01, turn: month, turns: 12}
parameters:
  parts: {distribution: {dirichlet: {land: 1, sea: 2}}, assumed: invented}
  wealth: {value: 1, range: [0, 4]}
actors:
  ALAND:
    name: Aland
    attributes:
      ease: {initial: 0, assumed: invented}
      fleet: {initial: "2*parts[sea]", assumed: invented}
      purse: {initial: wealth, assumed: invented}
  BLAND: {name: Bland}
commitments:
  pact:
    kind: consultation
    parties: [ALAND, BLAND]
    signed: 2029-06-01
    suspended: purse[ALAND] > 3
    assumed: invented
dynamics:
  calms: {of: "ease[ALAND]", drift: {per: year, rate: "in_force(pact)"}, assumed: invented}
  saves: {of: "purse[ALAND]", drift: {per: year, rate: 1}, assumed: invented}
  builds: {of: "fleet[ALAND]", drift: {per: year, rate: "parts[sea]*purse[ALAND]"}, assumed: invented}
indicators:
  ease_now: ease[ALAND]
  fleet_now: fleet[ALAND]
"""


def lever(**keys: Any) -> Lever:
    return Lever.model_validate(keys)


def path(world_: Pulled, rows: list[int], last: int) -> Values:
    return watched(world_, SAMPLE, range(SAMPLE.draws), last, rows)


def differences(program: Program, pull: Lever, frozen: Frozen, last: int, seen: str) -> tuple[Values, Values]:
    """By turn and run: what the pull makes of a row with nothing frozen, and with something frozen."""
    row = program.rows[seen]
    worlds = [pulled(program, pull, dose, last) for dose in (Fraction(0), Fraction(1))]
    free = [path(one, [row], last)[:, 0] for one in worlds]
    record = path(worlds[0], [source for _, source in frozen.shadows], last)
    held = [
        watched(
            pulled(frozen.program, pull, dose, last),
            SAMPLE,
            range(SAMPLE.draws),
            last,
            [row],
            shadows=frozen,
            record=record,
        )[:, 0]
        for dose in (Fraction(0), Fraction(1))
    ]
    return free[1] - free[0], held[1] - held[0]


def provoking(before: str, after: str) -> Lever:
    return lever(decision="ALAND/provoke", **{"from": before}, to=after)


@pytest.mark.parametrize(("before", "after", "sign"), [("refrain", "do", 1.0), ("do", "refrain", -1.0)])
def test_rounds_of_a_frozen_crisis_are_played_where_they_were_without_the_pull(
    before: str, after: str, sign: float
) -> None:
    program, pull = world(BRINK), provoking(before, after)
    crisis = frozen_rows(Frozen(program), [program.rows["crisis[ALAND, BLAND]"]])
    free, held = differences(program, pull, crisis, 6, "replies[BLAND]")
    assert (sign * free[-1] > 0.0).any()
    assert (held == 0.0).all()
    # Shots hang on hostility too, which is not frozen.
    free, held = differences(program, pull, crisis, 6, "shots[ALAND]")
    assert sign * held[-1].mean() > 0.0


@pytest.mark.parametrize(("before", "after"), [("refrain", "do"), ("do", "refrain")])
def test_a_frozen_decision_of_a_crisis_is_taken_in_the_rounds_that_it_had_without_the_pull(
    before: str, after: str
) -> None:
    program = world(BRINK)
    reply = frozen_decision(Frozen(program), "BLAND/reply")
    free, held = differences(program, provoking(before, after), reply, 6, "replies[BLAND]")
    assert (free[-1] != 0.0).any()
    assert (held == 0.0).all()


@pytest.mark.parametrize("name", ["parts[land]", "parts[sea]", "status[pact]", "purse[ALAND]"])
def test_what_only_dynamics_move_is_read_frozen_as_it_was_from_turn_0_on(name: str) -> None:
    program = world(TREATY)
    rows = [program.rows[seen] for seen in ("ease[ALAND]", "fleet[ALAND]")]
    frozen = frozen_rows(Frozen(program), [program.rows[name]])
    # Dynamics read what stood when the turn before ended, and so does a shadow.
    record = path(Pulled(program), [source for _, source in frozen.shadows], 12)
    held = watched(
        Pulled(frozen.program), SAMPLE, range(SAMPLE.draws), 12, rows, shadows=frozen, record=record
    )
    assert np.array_equal(held, path(Pulled(program), rows, 12))
    assert (held[1, 0] > 0.0).all()  # the treaty stands from the first turn on
    assert np.ptp(held[0, 1]) > 0.0  # and shares tell before play


def test_a_treaty_that_a_pull_suspends_before_play_stands_on_for_those_who_read_it_frozen() -> None:
    program = world(TREATY)
    status = frozen_rows(Frozen(program), [program.rows["status[pact]"]])
    pull = lever(initial="purse[ALAND]", **{"from": 1.0}, to=4.0)
    free, held = differences(program, pull, status, 12, "ease[ALAND]")
    assert (free[1:] < 0.0).all()
    assert (held == 0.0).all()
