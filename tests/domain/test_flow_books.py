"""What holds of every network of stocks and flows: the books close, nothing is below 0, order is nothing."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.compile import Program
from tests.domain.networks import ACTORS, ITEMS, invent
from tests.domain.supplied import Played, compiled
from tests.worlds import history

SEEDS = st.integers(0, 2**32 - 1)
RUNS = [0, 1, 77]


def rows(program: Program, table: str, key: str) -> list[str]:
    """Names of the rows of a table that begin with a key."""
    return [name for name in program.rows if name.startswith(f"{table}[{key}")]


def flows_of(plain: dict[str, Any], item: str) -> list[str]:
    return [name for name, flow in plain["flows"].items() if flow["item"] == item]


def total(played: Played, names: list[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
    found = np.zeros((len(played.states), len(RUNS)))
    for name in names:
        found += played.all(name)
    return found


@given(SEEDS)
def test_opening_and_made_are_all_stocks_in_transit_used_and_lost(seed: int) -> None:
    plain = invent(seed)
    played = Played(plain, RUNS)
    for item in ITEMS:
        stocks = [name for name in (f"{item}[{actor}]" for actor in ACTORS) if name in played.program.rows]
        flows = flows_of(plain, item)
        at_sea = [name for flow in flows for name in rows(played.program, "transit", f"{flow}, ")]
        opening = total(played, stocks)[0]
        made = total(played, rows(played.program, "made", item))
        gone = [
            *stocks,
            *at_sea,
            *rows(played.program, "used", item),
            *(f"lost[{flow}]" for flow in flows),
        ]
        left, right = opening + made, total(played, gone)
        # Each turn changes each row by a few additions, and each is off by half a unit in the last place.
        operations = np.arange(len(played.states))[:, None] * (len(gone) + len(stocks)) * 4 + len(gone)
        assert (np.abs(left - right) <= operations * np.spacing(np.maximum(left, right)) / 2).all()


@given(SEEDS)
def test_nothing_is_ever_below_0_nor_any_share_of_an_arsenal_lost(seed: int) -> None:
    plain = invent(seed)
    played = Played(plain, RUNS)
    for name in played.program.rows:
        if name.partition("[")[0] not in ("tide", "mean", "error", "seen"):
            assert (played.all(name) >= 0).all(), name
    for item in ITEMS:
        for holder in plain["items"][item].get("arsenal", ()):
            shares = total(played, rows(played.program, "arsenal", f"{item}, {holder}"))
            assert shares == pytest.approx(np.ones_like(shares), abs=1e-13)


@given(SEEDS)
def test_what_was_sent_is_delivered_lost_or_on_its_way(seed: int) -> None:
    plain = invent(seed)
    played = Played(plain, RUNS)
    for flow in plain["flows"]:
        at_sea = total(played, rows(played.program, "transit", f"{flow}, "))
        sent = played.all(f"sent[{flow}]")
        found = at_sea + played.all(f"delivered[{flow}]") + played.all(f"lost[{flow}]")
        assert found == pytest.approx(sent, rel=1e-12, abs=1e-12)


@given(SEEDS)
def test_nobody_is_given_more_than_it_wanted_or_paid_more_than_was_due(seed: int) -> None:
    plain = invent(seed)
    played = Played(plain, RUNS)
    for name, flow in plain["flows"].items():
        wanted, shipped = played.all(f"wanted[{name}]"), played.all(f"shipment[{name}]")
        assert (shipped <= wanted * (1 + 1e-12)).all()
        payment = flow.get("payment")
        if payment is not None and not payment["credit"]:
            spent = np.diff(played.all(f"paid[{name}]"), axis=0)
            assert spent == pytest.approx((played.all(f"price[{name}]") * shipped)[1:], rel=1e-9, abs=1e-9)


def shuffled(value: Any, random: Random) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        random.shuffle(keys)
        return {key: shuffled(value[key], random) for key in keys}
    return value


@given(SEEDS)
def test_the_order_of_the_file_means_nothing(seed: int) -> None:
    plain = invent(seed)
    other = shuffled(plain, Random(seed))
    assert history(compiled(plain), RUNS) == history(compiled(other), RUNS)


@given(SEEDS)
def test_a_run_is_the_same_alone_and_among_others(seed: int) -> None:
    program = compiled(invent(seed))
    among = [hashes[2] for hashes in history(program, 5)]
    assert [hashes[0] for hashes in history(program, [2])] == among


# Clocks


def steady(turn: str, turns: int) -> dict[str, Any]:
    """A barter with all that a steady flow can have: growth, delay, losses, payment, capacity."""
    return {
        "foedus": 1,
        "id": "steady",
        "title": "Steady",
        "clock": {"start": "2030-01-01", "turn": turn, "turns": turns},
        "actors": {
            "ALAND": {
                "name": "Aland",
                "attributes": {
                    "arms": {"initial": 900, "min": 0},
                    "oil": {"initial": 50, "min": 0},
                    "output": {"initial": 2, "max": 5},
                },
            },
            "BLAND": {
                "name": "Bland",
                "attributes": {"arms": {"initial": 100, "min": 0}, "oil": {"initial": 900, "min": 0}},
            },
        },
        "items": {
            "arms": {
                "unit": "1",
                "made": {"ALAND": {"per": "day", "rate": 9, "capacity": "output[ALAND]"}},
                "used": {"BLAND": {"per": "month", "rate": 17}},
            },
            "oil": {"unit": "1", "used": {"ALAND": {"per": "day", "rate": 0.4}}},
        },
        "flows": {
            "arms_out": {
                "item": "arms",
                "from": "ALAND",
                "to": "BLAND",
                "per": "month",
                "rate": "20 + output[ALAND]",
                "delay": "60 days",
                "interdiction": {"share": 0.125},
                "payment": {"flow": "oil_back", "price": 1.5},
            },
            "oil_back": {"item": "oil", "from": "BLAND", "to": "ALAND", "delay": "30 days"},
        },
        "dynamics": {"grows": {"of": "output[ALAND]", "growth": {"per": "year", "rate": 1}}},
    }


def test_months_of_five_day_turns_carry_what_months_carry() -> None:
    coarse, fine = Played(steady("30 days", 12)), Played(steady("5 days", 72))
    assert set(coarse.program.rows) < set(fine.program.rows)
    for name in coarse.program.rows:
        table = name.partition("[")[0]
        if table in ("arms", "oil", "made", "used", "sent", "delivered", "lost", "paid"):
            monthly, daily = coarse.of(name)[1:], fine.of(name)[6::6]
            assert daily == pytest.approx(monthly, rel=1e-12), name
    monthly, daily = coarse.of("transit[arms_out]")[1:], fine.of("transit[arms_out]")[6::6]
    assert daily == pytest.approx(monthly, rel=1e-12)


def test_what_claims_of_one_class_get_of_a_stock_that_runs_short_is_the_same_on_a_finer_clock() -> None:
    played = []
    for turn, turns in (("30 days", 6), ("5 days", 36)):
        plain = steady(turn, turns)
        plain["items"]["arms"]["used"] = {"ALAND": {"per": "day", "rate": 11}}
        plain["flows"]["arms_out"].update(rate=300, interdiction=None)
        plain["flows"]["oil_back"]["delay"] = None
        plain["actors"]["BLAND"]["attributes"]["oil"]["initial"] = 90_000
        played.append(Played(plain))
    coarse, fine = played
    assert coarse.of("arms[ALAND]")[-1] == pytest.approx(0, abs=1e-9)
    for name in ("used[arms, ALAND]", "sent[arms_out]", "paid[arms_out]"):
        assert fine.of(name)[-1] == pytest.approx(coarse.of(name)[-1], rel=1e-9)


def test_a_month_of_unequal_length_has_its_own_share_of_a_year() -> None:
    plain = steady("month", 2)
    plain["flows"]["arms_out"].update(rate=12, payment=None)
    plain["flows"]["oil_back"].update(per="month", rate=1)
    played = Played(plain)
    january, february = np.diff(played.of("sent[arms_out]"))
    assert january == pytest.approx(144 * 31 / 365.25, rel=1e-15)
    assert math.isclose(february, 144 * 28 / 365.25, rel_tol=1e-14)
