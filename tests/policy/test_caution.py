"""Policies in Python and choices in full: nests, losses and attention hold whoever decides."""

from __future__ import annotations

import numpy as np

from sim.engine.model import Model
from tests.domain.test_rules_of_choice import SCENARIO
from tests.policy.policies import Dice, Same
from tests.policy.worlds import hashes
from tests.worlds import text_of, world

TAKEN = ("USA/taiwan", "USA/gaza")


def test_a_policy_that_says_what_the_scenario_says_changes_nothing() -> None:
    program = world(text_of(SCENARIO))
    assert hashes(program, Same(TAKEN)) == hashes(program)


def test_a_policy_decides_only_what_is_attended_to() -> None:
    # It would choose an option each time; as often as the scenario's own choice, the matter is left alone.
    program = world(text_of(SCENARIO))
    plain = Model(program, 400, seed=5).play(1)
    diced = Model(program, 400, seed=5, policies=[Dice(TAKEN)]).play(1)
    for name in TAKEN:
        taken = plain[f"chosen[{name}]"] > 0
        assert (taken == (diced[f"chosen[{name}]"] > 0)).all()
        assert 0 < np.count_nonzero(taken) < 400
    assert (plain["chosen[USA/taiwan]"] != diced["chosen[USA/taiwan]"]).any()
