"""Threats are believed by what becomes of them, and only where their condition came about."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.orders import Order
from sim.engine.vectors import Floats
from tests.domain.followed import followed, world_without
from tests.worlds import played, row, world

WORLD: dict[str, Any] = {
    "foedus": 1,
    "id": "threatening",
    "title": "Threatening",
    "clock": {"start": "2030-01-01", "turn": "month", "turns": 12},
    "actors": {
        "CHN": {"name": "China", "policy": "red"},
        "TWN": {"name": "Taiwan", "policy": "free"},
        "USA": {"name": "America"},
    },
    "actions": {"strike": {"to": "one actor"}, "declare": {}},
    "policies": {
        "free": {"rules": {"bold": {"chance": {"per": "year", "rate": 0}, "do": "declare"}}},
        "red": {"rules": {"hit": {"chance": {"per": "year", "rate": 0}, "do": [{"strike": "TWN"}]}}},
    },
    "threats": {
        "red_line": {
            "by": "CHN",
            "to": "TWN",
            "if": "happened(declare, target)",
            "then": "happened(strike, self, target)",
            "within": "3 months",
            "credibility": {"mean": 0.5, "spread": 0.2, "noise": 0.4},
        }
    },
}
ROWS = ("pending[red_line]", "carried_out[red_line]", "let_pass[red_line]", "credibility[red_line, USA]")
GAIN = (1 / 0.4**2) / (1 / 0.4**2 + 1 / 0.2**2)


def orders(declared: tuple[int, ...] = (), struck: tuple[int, ...] = ()) -> tuple[Order, ...]:
    return (
        *(Order(turn, "TWN", "bold", "do", "") for turn in declared),
        *(Order(turn, "CHN", "hit", "do", "") for turn in struck),
    )


def told(declared: tuple[int, ...], struck: tuple[int, ...], *without: str) -> dict[str, Floats]:
    """The threat's rows after every turn."""
    program = world_without(WORLD, *without)
    found = followed(program, *ROWS, orders=orders(declared, struck))
    return {name.partition("[")[0]: values[:, 0] for name, values in zip(ROWS, found, strict=True)}


def test_a_threat_carried_out_in_time_is_believed_more() -> None:
    rows = told((2,), (4,))
    assert rows["pending"].tolist() == [0, 0, 0, 3, 2, 0, 0, 0, 0, 0, 0, 0, 0]
    assert rows["carried_out"][-1] == 1.0
    assert rows["credibility"][:5].tolist() == [0.5] * 5
    assert rows["credibility"][5:] == pytest.approx(np.full(8, 0.5 + GAIN * 0.5))


def test_a_threat_that_is_let_pass_is_believed_less() -> None:
    rows = told((2,), ())
    assert rows["pending"].tolist() == [0, 0, 0, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0]
    assert rows["let_pass"][-1] == 1.0
    assert rows["credibility"][6:] == pytest.approx(np.full(7, 0.5 - GAIN * 0.5))


def test_what_is_done_too_late_does_not_count() -> None:
    assert told((2,), (5,))["credibility"][-1] > 0.5  # the third month
    assert told((2,), (6,))["credibility"][-1] < 0.5


def test_what_is_done_before_the_condition_came_about_does_not_count() -> None:
    rows = told((2,), (1, 2))
    assert rows["carried_out"][-1] == 0.0
    assert rows["let_pass"][-1] == 1.0


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(1, 12)))
def test_while_its_condition_has_not_come_about_credibility_stays(struck: set[int]) -> None:
    rows = told((), tuple(sorted(struck)))
    assert set(rows["credibility"]) == {0.5}
    assert not rows["pending"].any()


@settings(max_examples=40, deadline=None)
@given(st.sets(st.integers(1, 12)), st.sets(st.integers(1, 12)))
def test_every_test_ends_once_and_moves_credibility_its_way(declared: set[int], struck: set[int]) -> None:
    rows = told(tuple(sorted(declared)), tuple(sorted(struck)))
    kept, missed = np.diff(rows["carried_out"]), np.diff(rows["let_pass"])
    begun = np.diff(rows["pending"]) > 0
    assert np.array_equal(np.sign(np.diff(rows["credibility"])), kept - missed)
    assert not (kept * missed).any()
    waiting = float(rows["pending"][-1] > 0)
    assert begun.sum() == rows["carried_out"][-1] + rows["let_pass"][-1] + waiting


def test_a_condition_that_goes_on_holding_is_one_test() -> None:
    standing = copy.deepcopy(WORLD)
    standing["threats"]["red_line"]["if"] = "elapsed > 0.2"
    passed = followed(world(standing), "let_pass[red_line]")[0][:, 0]
    assert passed[-1] == 1.0


def test_the_one_who_threatens_has_no_belief_of_its_own_and_others_are_named() -> None:
    names = {name for name in world(WORLD).rows if name.startswith("credibility[")}
    assert names == {"credibility[red_line, TWN]", "credibility[red_line, USA]"}
    told_some = copy.deepcopy(WORLD)
    told_some["threats"]["red_line"]["credibility"]["by"] = ["CHN", "TWN"]
    names = {name for name in world(told_some).rows if name.startswith("credibility[")}
    assert names == {"credibility[red_line, TWN]"}


def test_what_a_test_taught_is_forgotten_by_its_half_life() -> None:
    fading = copy.deepcopy(WORLD)
    fading["threats"]["red_line"]["credibility"]["half_life"] = "90 days"
    fading["clock"] = {"start": "2030-01-01", "turn": "30 days", "turns": 12}
    fading["threats"]["red_line"]["within"] = "30 days"
    found = followed(world(fading), "credibility[red_line, USA]", orders=orders((1,), (2,)))[0][:, 0]
    assert found[6] - 0.5 == pytest.approx((found[3] - 0.5) / 2, rel=1e-12)


@pytest.mark.parametrize(
    ("rule", "declared", "struck"),
    [("K11", (), ()), ("K12", (2,), (6,)), ("K2", (2,), (4,)), ("K3", (2,), (4,))],
)
def test_every_rule_makes_a_difference(rule: str, declared: tuple[int, ...], struck: tuple[int, ...]) -> None:
    names = (*ROWS, "doubt[red_line, USA]")
    whole, left_out = (
        np.stack(followed(world_without(WORLD, *without), *names, orders=orders(declared, struck)))
        for without in ((), (rule,))
    )
    assert not np.array_equal(whole, left_out)


def test_a_threat_may_rest_on_a_parameter() -> None:
    drawn = copy.deepcopy(WORLD)
    drawn["parameters"] = {"nerve": {"distribution": {"uniform": [0, 1]}}}
    drawn["threats"]["red_line"]["credibility"]["mean"] = "nerve if self == USA else 0.2"
    program = world(drawn)
    state = played(program, 30, turns=2)
    assert np.array_equal(row(program, state, "credibility[red_line, USA]"), row(program, state, "nerve"))
    assert set(row(program, state, "credibility[red_line, TWN]")) == {0.2}
