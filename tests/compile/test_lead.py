"""What leads is shown first, and changes nothing else."""

from __future__ import annotations

import numpy as np
import yaml

from sim import Game, Model, Program
from sim.report.account import account
from tests.story.quarrel import QUARREL, compiled


def leading(*names: str) -> Program:
    plain = yaml.safe_load(QUARREL)
    return compiled(yaml.safe_dump({**plain, "lead": list(names)}))


def test_what_leads_comes_first_and_the_rest_in_order_of_name() -> None:
    plain = compiled()
    last = plain.led_indicators[-1].id
    led = leading(last)
    assert [found.id for found in plain.led_indicators] == sorted(found.id for found in plain.indicators)
    assert led.led_indicators[0].id == last
    assert {found.id for found in led.led_indicators} == {found.id for found in plain.indicators}


def test_what_leads_changes_no_result() -> None:
    plain, led = compiled(), leading(compiled().indicators[-1].id)
    assert np.array_equal(Model(plain, seed=3).play().state.values, Model(led, seed=3).play().state.values)


def test_a_run_ends_with_where_that_stands_which_leads() -> None:
    last = compiled().indicators[-1]
    led = leading(last.id, "alarm[WEST]")
    told = [line.text for line in account(Model(led, seed=3, runs=[0], trace=True))]
    assert told[-2] == "Where it stands"
    assert told[-1].startswith(last.title)
    assert "Where it stands" not in [
        line.text for line in account(Model(compiled(), seed=3, runs=[0], trace=True))
    ]


def test_what_leads_is_pinned_until_a_person_pins_otherwise() -> None:
    game = Game(leading("oil", "alarm[WEST]"), seed=3)
    assert list(game.pinned) == ["oil", "alarm[WEST]"]
    game.pin("oil")
    assert list(game.pinned) == ["alarm[WEST]"]
    game.pin("oil")
    assert list(game.pinned) == ["alarm[WEST]", "oil"]
