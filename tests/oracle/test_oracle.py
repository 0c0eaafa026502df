"""The oracle in small worlds: how they start, what happens to them, what is asked of them."""

from __future__ import annotations

import pytest

from tests.oracle import luck
from tests.oracle.interpreter import Order, play, state_hash
from tests.oracle.small import board, near, share, values

# Parameters and the start


def test_parameters_are_drawn_once_at_their_address() -> None:
    parameters = {
        "boldness": {"distribution": {"uniform": [2, 4]}, "range": [2.5, 4]},
        "share": {"distribution": {"dirichlet": {"oil": 1, "arms": 2}}},
        "fixed": 3,
    }
    ready = board(parameters=parameters, world={"attributes": {"heat": "boldness * fixed + share[oil]"}})
    for run in range(5):
        states = play(ready, seed=5, run=run, turns=1)
        u = luck.uniform(5, 0, run, -1, luck.event_key("parameters/boldness//value"))
        assert values(states, "boldness") == [max(2 + u * 2, 2.5)] * 2
        assert states[0]["share[oil]"] + states[0]["share[arms]"] == pytest.approx(1)
        assert states[0]["heat"] == states[0]["boldness"] * 3 + states[0]["share[oil]"]


def test_relations_start_with_their_pairs_or_their_default() -> None:
    relations = {
        "trust": {"symmetric": True, "default": 0.5, "pairs": {"BBB": {"AAA": 0.75}}},
        "trade": {"range": [0, 1], "pairs": {"BBB": {"AAA": {"value": 3}}}},
    }
    state = play(board(relations=relations), seed=1, run=0, turns=0)[0]
    trust = {row: value for row, value in state.items() if row.startswith("trust")}
    assert trust == {"trust[AAA, BBB]": 0.75, "trust[AAA, CCC]": 0.5, "trust[BBB, CCC]": 0.5}
    assert sum(row.startswith("trade") for row in state) == 6
    assert (state["trade[AAA, BBB]"], state["trade[BBB, AAA]"]) == (0, 1)


# Nature, outcomes, orders


def test_injects_happen_on_their_day_and_world_rules_with_them() -> None:
    injects = {
        "quake": {"at": "2024-02-29", "effects": "strength[BBB] = 0"},
        "maybe": {"at": "2024-04-01", "probability": 0.25},
    }
    world = {"rules": {"storm": {"for": {"x": "each calm"}, "once": True, "effects": "strength[x] += 1"}}}
    ready = board(injects=injects, world=world)
    states = play(ready, seed=1, run=0, turns=3)
    assert values(states, "fired[injects/quake]") == [0, 0, 1, 0]
    assert values(states, "strength[BBB]") == [0.5, 1.5, 0, 0]
    assert values(states, "fired[world/storm/x=CCC]") == [0, 1, 0, 0]
    assert near(share(ready, "fired[injects/maybe]", 4), 0.25)


def test_outcomes_come_about_within_their_dates() -> None:
    outcomes = {
        "early": {"title": "e", "happens": "elapsed >= 0", "by": "2024-06-01"},
        "later": {"title": "l", "happens": "elapsed >= 0", "from": "2024-03-01", "by": "2024-06-01"},
        "never": {"title": "n", "happens": "elapsed > 0.5", "by": "2024-06-30"},
        "then": {"title": "t", "holds": "elapsed > 0.3", "at": "2024-06-15"},
    }
    state = play(board(outcomes=outcomes), seed=1, run=0)[-1]
    found = {name: state[f"outcome.{name}"] for name in outcomes}
    assert found == {"early": 1, "later": 3, "never": 0, "then": 6}


def test_orders_overrule_without_moving_any_draw() -> None:
    rule = {"chance": {"per": "month", "rate": 0.5}}
    ready = board(policy={"rules": {"strike": rule | {"when": "elapsed > 9"}, "free": rule}})
    orders = [Order(2, "AAA", "strike", "do"), Order(3, "AAA", "free", "refrain")]
    plain = play(ready, seed=1, run=0)
    ordered = play(ready, seed=1, run=0, orders=orders)
    assert values(ordered, "fired[AAA/strike]") == [0, 0, 1] + [0] * 10
    free = values(plain, "fired[AAA/free]")
    assert values(ordered, "fired[AAA/free]") == [*free[:3], 0, *free[4:]]


def test_the_hash_tells_states_apart_and_minus_zero_not() -> None:
    assert state_hash({"a": 0.0, "b": 1.0}, 3) == state_hash({"b": 1.0, "a": -0.0}, 3)
    assert state_hash({"a": 0.0}, 3) != state_hash({"a": 0.0}, 4)
    assert len(state_hash({}, 0)) == 32
