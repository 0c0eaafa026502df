"""Attention as a budget: the more presses at once, the less each matter is attended to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.compile import Program
from sim.engine.orders import Order
from tests.domain.promised import compiled
from tests.worlds import played, row, world

RUNS = 4000
HOSTILE = {"once": True, "when": "elapsed > 5", "do": [{"strike": "BLAND"}]}


def actor(
    matters: dict[str, dict[str, Any]],
    *,
    budget: Any = 1,
    claims: dict[str, Any] | None = None,
    turn: str = "month",
    turns: int = 12,
    heat: float = 1,
) -> Program:
    """An actor whose matters count in attributes how often they were taken up."""
    choices = {}
    for name, matter in matters.items():
        deed = {"do_it": {"utility": 0, "effects": [f"{name}_done += 1"]}}
        choices[name] = {"every": "month", "temperature": 0, "options": deed} | matter
    attention = {"budget": budget} | ({"claims": claims} if claims else {})
    attributes = {"heat": heat} | {f"{name}_done": 0 for name in matters}
    return world(
        {
            "foedus": 1,
            "id": "attention",
            "title": "Attention",
            "clock": {"start": "2030-01-01", "turn": turn, "turns": turns},
            "actors": {
                "USA": {"name": "A", "attributes": attributes, "policy": "mind", "attention": attention}
            },
            "policies": {"mind": {"choices": choices}},
            "indicators": {"share": "attention(USA)"},
        }
    )


def share(program: Program, turns: int = 1) -> float:
    return float(row(program, played(program, turns=turns), "attention[USA]")[0])


def done(program: Program, name: str, runs: int = RUNS, **more: Any) -> float:
    """How often the matter was taken up, on average over runs."""
    return float(row(program, played(program, runs, **more), f"{name}_done[USA]").mean())


CRISES = {"taiwan": {"attention": 1}, "ukraine": {"attention": 1}, "gaza": {"attention": 1}}


@given(
    weights=st.lists(st.floats(-1, 3), min_size=1, max_size=4),
    budget=st.floats(0, 4),
)
def test_the_share_is_the_budget_over_the_claims_and_never_above_1(
    weights: list[float], budget: float
) -> None:
    matters = {f"m{i}": {"attention": weight} for i, weight in enumerate(weights)}
    claimed = 0.0
    for weight in weights:
        claimed += max(weight, 0.0)
    expected = 1.0 if claimed <= budget else budget / claimed
    assert share(actor(matters, budget=budget), turns=0) == expected
    assert share(actor(matters, budget=budget)) == expected


def test_what_fits_the_budget_is_taken_up_as_if_there_were_none() -> None:
    crowded, plain = actor(CRISES, budget=3), actor({name: {} for name in CRISES}, budget=3)
    for name in CRISES:
        assert done(crowded, name, 50) == done(plain, name, 50) == 12


def test_more_crises_at_once_mean_that_each_is_attended_to_less() -> None:
    names = list(CRISES)
    taken = [
        done(actor({name: CRISES[name] for name in names[:count]}, budget=1), "taiwan") for count in (1, 2, 3)
    ]
    assert taken[0] == 12
    assert taken[1] == pytest.approx(12 / 2, abs=0.15)
    assert taken[2] == pytest.approx(12 / 3, abs=0.15)


def test_a_rate_is_diluted_as_a_rate() -> None:
    alone = actor({"taiwan": {"attention": 1, "every": {"per": "month", "rate": 0.5}}}, turn="day", turns=60)
    crowded = actor(
        {"taiwan": {"attention": 1, "every": {"per": "month", "rate": 0.5}}, "gaza": {"attention": 3}},
        turn="day",
        turns=60,
    )
    assert done(alone, "taiwan") == pytest.approx(4 * done(crowded, "taiwan"), rel=0.08)


@pytest.mark.parametrize("every", ["month", {"per": "year", "rate": 2}], ids=["a cadence", "a rate"])
def test_a_finer_clock_means_the_same(every: Any) -> None:
    matters = {"taiwan": {"attention": 1, "every": every}, "gaza": {"attention": 1.5}}
    months = actor(matters, turns=12)
    days = actor(matters, turn="day", turns=365)
    coarse, fine = done(months, "taiwan"), done(days, "taiwan", 1500)
    if every == "month":  # a rate is taken up once a turn at most
        assert coarse == pytest.approx(12 / 2.5, abs=0.15)
        assert fine == pytest.approx(coarse, abs=0.2)
    else:
        assert fine == pytest.approx(2 / 2.5, abs=0.08)
        assert coarse == pytest.approx(12 * (1 - np.exp(-2 / 2.5 / 12)), abs=0.05)


def test_takes_of_one_turn_are_attended_to_one_by_one() -> None:
    quarters = actor(
        {"taiwan": {"attention": 1, "several": True}, "gaza": {"attention": 1, "every": "quarter"}},
        turn="quarter",
        turns=4,
    )
    taken = row(quarters, played(quarters, RUNS, turns=1), "taiwan_done[USA]")
    assert set(taken) == {0.0, 1.0, 2.0, 3.0}
    assert np.bincount(taken.astype(int)) == pytest.approx(RUNS * np.array([1, 3, 3, 1]) / 8, rel=0.12)


def test_what_does_not_press_claims_nothing() -> None:
    calm = actor({"taiwan": {"attention": 1}, "gaza": {"attention": 1, "when": "heat > 2"}})
    pressing = actor(
        {"taiwan": {"attention": 1}, "gaza": {"attention": 1, "when": "heat > 2", "pressing": "heat > 0"}}
    )
    assert share(calm) == 1.0
    assert share(pressing) == 0.5


def test_a_matter_claims_between_the_times_it_comes_up() -> None:
    # A yearly matter presses all year round: how often one sits down to it is another thing.
    yearly = actor({"taiwan": {"attention": 1}, "budget": {"attention": 1, "every": "year"}})
    assert [share(yearly, turns) for turns in range(1, 13)] == [0.5] * 12


def test_other_things_claim_too() -> None:
    claims = {"home": 0.5, "war": {"weight": 2, "when": "heat > 2"}}
    assert share(actor({"taiwan": {"attention": 1}}, claims=claims)) == pytest.approx(1 / 1.5)
    assert share(actor({"taiwan": {"attention": 1}}, claims=claims, heat=3)) == pytest.approx(1 / 3.5)


def test_the_share_is_that_of_the_state_on_which_is_decided() -> None:
    # Whoever heats up in January presses from February on.
    program = world(
        {
            "foedus": 1,
            "id": "attention",
            "title": "Attention",
            "clock": {"start": "2030-01-01", "turn": "month", "turns": 3},
            "actors": {
                "USA": {
                    "name": "A",
                    "attributes": {"heat": 0},
                    "policy": "mind",
                    "attention": {"budget": 1, "claims": {"war": {"weight": 4, "when": "heat > 0"}}},
                }
            },
            "policies": {"mind": {"rules": {"warm": {"once": True, "effects": ["heat += 1"]}}}},
            "indicators": {"share": "attention(USA)"},
        }
    )
    assert [share(program, turns) for turns in range(4)] == [1.0, 1.0, 0.25, 0.25]


def test_an_order_is_carried_out_unattended() -> None:
    program = actor(CRISES, budget=0)
    orders = tuple(Order(turn, "USA", "gaza", "do_it") for turn in (3, 5))
    state = played(program, 20, orders=orders)
    assert set(row(program, state, "gaza_done[USA]")) == {2.0}
    assert set(row(program, state, "taiwan_done[USA]")) == {0.0}


def test_what_is_left_alone_leaves_the_option_that_stands() -> None:
    program = actor(
        {"taiwan": {"attention": 1, "initial": "do_it"}, "gaza": {"attention": 1}}, budget=0, turns=2
    )
    state = played(program, 5)
    assert set(row(program, state, "chosen[USA/taiwan]")) == {0.0}
    assert set(row(program, state, "standing[USA/taiwan]")) == {1.0}


def test_the_budget_weighs_what_is_perceived() -> None:
    program = world(
        {
            "foedus": 1,
            "id": "attention",
            "title": "Attention",
            "clock": {"start": "2030-01-01", "turn": "month", "turns": 4},
            "actors": {
                "USA": {
                    "name": "A",
                    "attributes": {"heat": 0},
                    "policy": "mind",
                    "attention": {"budget": 1, "claims": {"war": "heat"}},
                }
            },
            "injects": {"war": {"at": "2030-01-05", "effects": ["heat[USA] = 4"]}},
            "policies": {"mind": {"perceives": {"late": {"of": "heat", "lag": "2 months"}}}},
        }
    )
    assert [share(program, turns) for turns in range(5)] == [1.0, 1.0, 1.0, 0.25, 0.25]


def test_in_a_crisis_every_round_is_attended_to_by_a_chance_of_its_own() -> None:
    matter = {
        "crisis": ["ALAND", "BLAND"],
        "every": "month",
        "temperature": 0,
        "attention": 1,
        "options": {"talk": {"utility": 0, "effects": ["talks += 1"]}},
    }
    program = compiled(
        {
            "commitments": None,
            "escalation": {"round": "10 days", "disputes": {"ALAND": {"BLAND": "force"}}},
            "actors.ALAND.attributes": {"talks": 0},
            "actors.ALAND.attention": {"budget": 1, "claims": {"home": 1}},
            "policies": {"attacking": {"choices": {"reply": matter}, "rules": {"strike": HOSTILE}}},
        }
    )
    talks = row(program, played(program, RUNS, turns=1), "talks[ALAND]")
    assert np.bincount(talks.astype(int)) == pytest.approx(RUNS * np.array([1, 3, 3, 1]) / 8, rel=0.12)
    texts = {draw.text for draw in program.draws}
    assert {"ALAND/reply//attends", "ALAND/reply//attends@2", "ALAND/reply//attends@3"} <= texts


def test_in_a_crisis_nests_have_luck_of_their_own_in_every_round() -> None:
    matter = {
        "crisis": ["ALAND", "BLAND"],
        "every": "month",
        "temperature": 1,
        "nests": {"all": {"options": ["talk", "wait"], "scale": 0.5}},
        "options": {"talk": {"utility": 0}, "wait": {"utility": 0}},
    }
    program = compiled(
        {
            "commitments": None,
            "escalation": {"round": "10 days", "disputes": {"ALAND": {"BLAND": "force"}}},
            "policies": {"attacking": {"choices": {"reply": matter}, "rules": {"strike": HOSTILE}}},
        }
    )
    texts = {draw.text for draw in program.draws}
    assert {"ALAND/reply//nest:all@3", "ALAND/reply//angle:all@3"} <= texts
    assert program.crisis is not None
    draws = [choice.nests[0].draws for later in program.crisis.later for choice in later.choices]
    assert len(set(draws)) == len(draws) > 1
