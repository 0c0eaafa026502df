"""The oracle in small worlds: effects, perceptions and dynamics, by hand and against closed forms."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.oracle.interpreter import Order, play
from tests.oracle.small import Part, board, values

# Effects


def after_effects(start: float, *effects: Any, bounds: list[float] | None = None) -> float:
    """AAA's zeal after one turn in which each effect belongs to a rule of its own."""
    rules = {f"r{index}": {"once": True, "effects": [effect]} for index, effect in enumerate(effects)}
    attribute: Part = {"initial": start}
    if bounds:
        attribute["range"] = bounds
    aaa = {"attributes": {"zeal": attribute}, "policy": "mind"}
    return play(board(aaa=aaa, policy={"rules": rules}), seed=1, run=0, turns=1)[1]["zeal[AAA]"]


def test_effects_are_summed_in_order_and_clamped_once() -> None:
    assert after_effects(0.5, "zeal += 0.75", "zeal -= 0.5", bounds=[0, 1]) == 0.75
    assert after_effects(0.5, "zeal += 0.75", bounds=[0, 1]) == 1
    assert after_effects(0, "zeal += 1e16", "zeal += 1", "zeal -= 1e16") == (1e16 + 1) - 1e16
    assert after_effects(1e16, "zeal += 1", "zeal += 1") == 1e16 + 2  # the base comes last


def test_the_set_of_the_highest_priority_is_the_base() -> None:
    low, high = {"effect": "zeal = 5"}, {"effect": "zeal = zeal + 2", "priority": 1}
    assert after_effects(1, low, high, "zeal += 0.5") == 3.5
    assert after_effects(1, high, low, "zeal += 0.5") == 3.5


def test_an_action_acts_on_its_target_with_its_arguments() -> None:
    rule = {"once": True, "do": [{"press": {"target": "BBB", "force": "zeal * 2"}}, "rest"]}
    press = {"to": "one actor", "takes": {"force": 1, "much": 0.25}}
    press["effects"] = ["trust[target, self] -= force * much", "strength[target] += 1", "zeal = 0"]
    states = play(
        board(
            aaa={"attributes": {"zeal": 4}},
            policy={"rules": {"go": rule}},
            actions={"press": press, "rest": {}},
            relations={"trust": {"symmetric": True, "default": 1}},
            indicators={"pressed": "1 if happened(press, any, BBB) and not happened(press, BBB) else 0"},
        ),
        seed=1,
        run=0,
        turns=2,
    )
    assert values(states, "trust[AAA, BBB]") == [1, -1, -1]
    assert values(states, "trust[AAA, CCC]") == [1, 1, 1]
    assert values(states, "strength[BBB]") == [0.5, 1.5, 1.5]
    assert values(states, "acts[press, AAA, BBB]") == [0, 1, 0]
    assert values(states, "times[press, AAA, BBB]") == [0, 1, 1]
    assert values(states, "acts[rest, AAA]") == [0, 1, 0]
    assert values(states, "pressed") == [0, 1, 0]


def test_a_count_multiplies_what_it_adds() -> None:
    rule = {"count": {"per": "month", "mean": 3}, "do": ["fire"], "effects": "zeal -= 0.1"}
    ready = board(aaa={"attributes": {"zeal": 0}}, policy={"rules": {"go": rule}}, actions={"fire": {}})
    state = play(ready, seed=1, run=0, turns=1, orders=[Order(1, "AAA", "go", "7")])[1]
    assert state["zeal[AAA]"] == -(0.1 * 7)
    assert state["acts[fire, AAA]"] == state["times[fire, AAA]"] == state["fired[AAA/go]"] == 7


# Perception


def test_policies_read_what_is_seen_and_effects_what_is() -> None:
    policy = {
        "perceives": {"eye": {"of": "strength[BBB]", "lag": "1 month"}},
        "rules": {"copy": {"every": "month", "when": "strength[BBB] < 2", "effects": "zeal = strength[BBB]"}},
    }
    dynamics = {"grow": {"of": "strength[BBB]", "drift": {"per": "month", "rate": "12 * 30.4375"}}}
    ready = board(aaa={"attributes": {"zeal": -1}}, policy=policy, dynamics=dynamics)
    states = play(ready, seed=1, run=0, turns=3)
    strength = values(states, "strength[BBB]")
    assert strength[1] == 0.5 + (12 * 30.4375) * 12.0 * (31 / 365.25)
    assert values(states, "seen[AAA/eye]") == [0.5, 0.5, strength[1], strength[2]]
    assert values(states, "zeal[AAA]") == [-1, 0.5, 0.5, 0.5]  # from turn 2 on it sees more than 2
    assert values(states, "strength[BBB]@1") == strength


def test_an_error_of_perception_keeps_its_spread_whatever_the_clock() -> None:
    eye = {"of": "strength[BBB]", "noise": 2, "half_life": "1 month"}
    for turn in ("week", "quarter"):
        ready = board(clock={"turn": turn, "turns": 4}, policy={"perceives": {"eye": eye}})
        last = [play(ready, seed=5, run=run)[-1] for run in range(1000)]
        errors = [state["error[AAA/eye]"] for state in last]
        assert sum(errors) / 1000 == pytest.approx(0, abs=4 * 2 / math.sqrt(1000))
        assert sum(error**2 for error in errors) / 1000 == pytest.approx(4, rel=4 * math.sqrt(2 / 1000))
        assert all(state["seen[AAA/eye]"] == 0.5 + state["error[AAA/eye]"] for state in last)


# Dynamics


@pytest.mark.parametrize(("turn", "turns"), [("week", 26), ("quarter", 2)])
def test_a_pull_with_noise_is_exact_on_any_clock(turn: str, turns: int) -> None:
    entry = {"of": "zeal[AAA]", "towards": 1, "half_life": "6 months", "noise": 0.5}
    ready = board(
        clock={"turn": turn, "turns": turns},
        aaa={"attributes": {"zeal": 3}},
        dynamics={"calm": entry},
    )
    years = ready.names.calendar.elapsed(turns) + ready.names.calendar.dt(turns)
    theta = math.log(2) / 0.5
    mean = 1 + 2 * math.exp(-theta * years)
    variance = 0.25 * (1 - math.exp(-2 * theta * years)) / (2 * theta)
    ends = [play(ready, seed=5, run=run)[-1]["zeal[AAA]"] for run in range(1000)]
    assert sum(ends) / 1000 == pytest.approx(mean, abs=4 * math.sqrt(variance / 1000))
    spread = sum((end - mean) ** 2 for end in ends) / 1000
    assert spread == pytest.approx(variance, rel=4 * math.sqrt(2 / 1000))


def test_growth_and_drift_follow_the_days() -> None:
    dynamics = {
        "boom": {"of": "strength[BBB]", "growth": {"per": "year", "rate": 0.1}},
        "creep": {"of": "strength[CCC]", "drift": {"per": "quarter", "rate": 0.25}},
        "crawl": {"of": "strength[CCC]", "drift": {"per": "year", "rate": -0.5}},
    }
    state = play(board(dynamics=dynamics), seed=1, run=0)[-1]
    assert state["strength[BBB]"] == pytest.approx(0.5 * math.exp(0.1 * 366 / 365.25))
    assert state["strength[CCC]"] == pytest.approx(0.25 + 0.5 * 366 / 365.25)


def test_drift_beside_a_pull_settles_where_they_balance() -> None:
    dynamics = {
        "calm": {"of": "strength[BBB]", "towards": 2, "half_life": "1 week"},
        "push": {"of": "strength[BBB]", "drift": {"per": "year", "rate": 3}},
    }
    state = play(board(dynamics=dynamics), seed=1, run=0)[-1]
    assert state["strength[BBB]"] == pytest.approx(2 + 3 * (7 / 365.25) / math.log(2))
