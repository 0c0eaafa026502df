"""Groups: members join once a signal passes their thresholds, and draw each other in."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.explain import explain
from sim.report.why import why
from sim.text import FoedusError
from tests.domain.supplied import Played, compiled


def crowd(turn: str = "30 days", turns: int = 12, **keys: Any) -> dict[str, Any]:
    """A group of 77 with one matter, whose `keys` are its own."""
    matter = {
        "signal": "call",
        "thresholds": {"shape": "uniform", "mean": 0.5, "spread": 0.5},
        "half_life": "30 days",
        **keys,
    }
    return {
        "foedus": 1,
        "id": "crowd",
        "title": "Crowd",
        "clock": {"start": "2030-01-01", "turn": turn, "turns": turns},
        "world": {"attributes": {"call": 0.6}},
        "actors": {"SOUTH": {"name": "South"}},
        "groups": {"SOUTH": {"members": 77, "matters": {"support": matter}}},
    }


def shares(plain: dict[str, Any], **how: Any) -> list[float]:
    return Played(plain, **how).of("share[SOUTH, support]")


# Thresholds

SHAPES = {
    "uniform": lambda z: min(max((z + 1) / 2, 0.0), 1.0),
    "logistic": lambda z: 1 / (1 + math.exp(-z)),
    "normal": NormalDist().cdf,
}


@pytest.mark.parametrize("shape", SHAPES)
@given(st.floats(-3, 3), st.floats(0.05, 2))
def test_all_whose_threshold_lies_below_the_signal_take_part_in_the_end(
    shape: str, signal: float, spread: float
) -> None:
    thresholds = {"shape": shape, "mean": 0.25, "spread": spread}
    plain = crowd(signal=signal, thresholds=thresholds, half_life="1 day", turns=2, turn="90 days")
    assert shares(plain)[-1] == pytest.approx(SHAPES[shape]((signal - 0.25) / spread), abs=1e-14)


def test_half_of_those_who_would_join_do_so_in_each_half_life() -> None:
    found = shares(crowd())
    assert found == pytest.approx([0.6 * (1 - 0.5**turn) for turn in range(13)], rel=1e-13)


def test_without_a_cascade_a_finer_clock_gives_the_same_to_rounding() -> None:
    assert shares(crowd("5 days", 72))[6::6] == pytest.approx(shares(crowd())[1:], rel=1e-13)


def test_a_half_life_can_be_an_expression_in_years() -> None:
    plain = crowd(half_life="speed")
    plain["parameters"] = {"speed": 30 / 365.25}
    assert shares(plain) == pytest.approx(shares(crowd()), rel=1e-13)


def test_a_matter_that_is_shut_stands_still() -> None:
    found = shares(crowd(when="elapsed > 0.2"))
    assert found[:4] == [0, 0, 0, 0]
    assert found[4] > 0


def test_the_share_starts_where_it_is_said_to() -> None:
    assert shares(crowd(initial=0.9))[0] == 0.9


# Cascades: Granovetter's crowd


def granovetter(lowest: float, highest: float, **keys: Any) -> dict[str, Any]:
    """Thresholds spread evenly from lowest to highest; the signal is the share that has joined."""
    mean, spread = (lowest + highest) / 2, (highest - lowest) / 2
    thresholds = {"shape": "uniform", "mean": mean, "spread": spread}
    return crowd(**{"signal": "share(SOUTH, support)", "thresholds": thresholds, "turns": 120, **keys})


def test_a_crowd_in_which_someone_begins_tips_whole_and_one_gap_stops_it() -> None:
    # A hundred with thresholds 0, 1, 2 ... 99: x have joined, and x + 1 would. Then the first lack courage.
    begun = {"signal": "0.01 + share(SOUTH, support)", "half_life": "5 days", "turns": 40}
    assert shares(granovetter(0, 1, **begun))[-1] == pytest.approx(1, abs=1e-9)
    assert shares(granovetter(0.02, 1, **begun))[-1] == 0


def test_a_cascade_tips_where_the_fixed_point_says() -> None:
    thresholds = {"shape": "uniform", "mean": "(lowest + highest)/2", "spread": "(highest - lowest)/2"}
    plain = crowd(
        turn="120 days",
        turns=20,
        signal="share(SOUTH, support)",
        thresholds=thresholds,
        initial="begin",
    )
    plain["parameters"] = {
        "lowest": {"distribution": {"uniform": [0.05, 0.45]}},
        "highest": {"distribution": {"uniform": [0.5, 0.9]}},
        "begin": {"distribution": {"uniform": [0, 1]}},
    }
    played = Played(plain, runs=2_000)
    lowest, highest, begin = (played.all(name)[0] for name in ("lowest", "highest", "begin"))
    # (x - lowest) / (highest - lowest) = x at this x, and it is steeper than 1 there.
    tips = lowest / (1 - (highest - lowest))
    end = played.all("share[SOUTH, support]")[-1]
    clear = np.abs(begin / tips - 1) > 0.02
    assert clear.sum() > 1_800
    assert end[clear & (begin > tips)] == pytest.approx(1, abs=1e-6)
    assert end[clear & (begin < tips)] == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("turn", ["1 day", "5 days", "30 days", "90 days"])
def test_a_cascade_tips_at_the_same_point_on_every_clock(turn: str) -> None:
    turns = 1800 // int(turn.partition(" ")[0])
    for initial, end in ((0.3329, 0.0), (0.3337, 1.0)):
        plain = granovetter(0.2, 0.6, initial=initial, turn=turn, turns=turns)
        assert shares(plain)[-1] == pytest.approx(end, abs=1e-3)


def test_where_thresholds_lie_apart_a_cascade_rests_at_its_fixed_point() -> None:
    # x = ((x + 0.1) - mean + spread) / (2 * spread), flatter than 1: it comes to rest between.
    thresholds = {"shape": "uniform", "mean": 0.5, "spread": 1.0}
    found = shares(crowd(signal="0.1 + share(SOUTH, support)", thresholds=thresholds, turns=400))
    assert found[-1] == pytest.approx((0.1 + 0.5) / 2 / (1 - 0.5), rel=1e-9)


def test_on_a_finer_clock_a_cascade_takes_the_same_path() -> None:
    coarse = shares(granovetter(0, 0.8, initial=0.05, turns=12))
    fine = shares(granovetter(0, 0.8, initial=0.05, turn="1 day", turns=360))[30::30]
    assert fine == pytest.approx(coarse[1:], rel=12e-4)
    # dx/dt = theta (x/0.8 - x) while not all have joined.
    exact = [0.05 * math.exp(math.log(2) * month * (1 / 0.8 - 1)) for month in range(1, 13)]
    assert coarse[1:] == pytest.approx([min(value, 1) for value in exact], rel=12e-4)


def test_groups_draw_each_other_in() -> None:
    plain = granovetter(0, 0.8, initial=0.05)
    plain["actors"]["NORTH"] = {"name": "North"}
    matter = {**plain["groups"]["SOUTH"]["matters"]["support"], "initial": 0}
    plain["groups"]["NORTH"] = {"members": 10, "matters": {"support": matter}}
    played = Played(plain)
    north, south = played.of("share[NORTH, support]"), played.of("share[SOUTH, support]")
    assert north[1] > 0
    assert all(a <= b for a, b in zip(north, south, strict=True))
    assert north[-1] == pytest.approx(1, abs=1e-6)


# Hysteresis


def test_with_two_resting_points_a_crowd_stays_where_a_passing_push_has_brought_it() -> None:
    steep = {"shape": "logistic", "mean": 0.5, "spread": 0.05}
    signal = "share(SOUTH, support) + push"
    plain = crowd(signal=signal, thresholds=steep, turns=60)
    plain["world"]["attributes"] = {"push": 0}
    plain["injects"] = {
        "on": {"at": "2030-06-01", "effects": "push += 0.6"},
        "off": {"at": "2031-06-01", "effects": "push -= 0.6"},
    }
    found = shares(plain)
    assert found[4] < 0.01
    assert found[-1] > 0.99


def test_members_leave_only_when_the_signal_has_fallen_by_the_margin() -> None:
    plain = crowd(margin=0.2)
    plain["injects"] = {
        "less": {"at": "2031-01-01", "effects": "call -= 0.15"},
        "least": {"at": "2032-01-01", "effects": "call -= 0.25"},
    }
    plain["clock"]["turns"] = 48
    found = shares(plain)
    assert found[12] == pytest.approx(0.6, abs=1e-3)
    assert found[24] == found[13]
    assert found[-1] == pytest.approx(0.4, abs=1e-3)


# Members


def test_members_are_counted_whole() -> None:
    plain = crowd()
    plain["indicators"] = {"joined": "joined(SOUTH, support)", "of": "members(SOUTH)"}
    played = Played(plain)
    assert played.of("of")[0] == 77
    assert played.of("joined")[:3] == [0, 23, 35]  # 23.1, 34.65


def test_a_policy_of_the_group_can_ask_for_itself() -> None:
    plain = crowd()
    plain["actors"]["SOUTH"].update(policy="acting", attributes={"votes": 0})
    rule = {"every": "30 days", "effects": "votes = joined(self, support)"}
    plain["policies"] = {"acting": {"rules": {"votes": rule}}}
    assert Played(plain).of("votes[SOUTH]")[:4] == [0, 0, 23, 35]


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        ({"thresholds": {"shape": "normal", "mean": 0, "spread": "call - 1"}}, "above 0"),
        ({"half_life": "call - 1"}, "above 0"),
    ],
)
def test_a_spread_or_half_life_that_is_not_above_0_stops_the_run(keys: dict[str, Any], what: str) -> None:
    with pytest.raises(FoedusError, match=what) as caught:
        Played(crowd(**keys))
    assert "the share of SOUTH in support: run 0, turn 1" in str(caught.value)


@pytest.mark.parametrize("rule", ["G1", "G2", "G3", "G4", "G5", "G6"])
def test_every_rule_of_groups_can_be_left_out(rule: str) -> None:
    plain = crowd(signal="call + 0.3*share(SOUTH, support)", margin=0.05, when="elapsed > 0.1", initial=0.2)
    plain["injects"] = {"less": {"at": "2030-07-01", "effects": "call -= 0.5"}}
    plain["indicators"] = {"joined": "joined(SOUTH, support)"}
    whole, without = Played(plain), Played(plain, without=(rule,))
    names = ("share[SOUTH, support]", "joined")
    assert [whole.of(name) for name in names] != [without.of(name) for name in names]


def test_an_account_says_what_moves_a_share() -> None:
    plain = crowd(signal="call + 0*share(SOUTH, support)", margin=0.1, when="elapsed < 9")
    program = compiled(plain)
    told = [line.strip() for line in why(program, explain(program, 1, 0, 1))]
    assert "South: share[SOUTH, support] = 0.3 (share that takes part)" in told
    assert "call + 0*share(SOUTH, support): 0.6" in told
    assert "share that would join: 0.6" in told
    assert "share that would not leave: 0.7" in told
    assert "while elapsed < 9: true" in told


def test_rows_of_shares_are_declared_for_each_matter() -> None:
    assert "share[SOUTH, support]" in compiled(crowd()).rows
    assert "halfway[SOUTH, support]" not in compiled(crowd()).rows
