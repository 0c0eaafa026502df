"""What flows do: goods are made, used and sent, and a stock that runs short is shared."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tests.domain.supplied import MAKER, Played, clock, flow, scenario, shells, stock


def test_what_is_sent_leaves_one_stock_and_reaches_the_other() -> None:
    played = Played(flow())
    assert played.of("shells[MAKER]")[:3] == [1000, 970, 940]
    assert played.of("shells[USER]")[:3] == [0, 30, 60]
    assert played.of("delivered[supply]")[-1] == 180


def test_a_rate_below_0_sends_nothing() -> None:
    plain = flow(rate="0 - pace")
    plain["parameters"] = {"pace": 5}
    assert Played(plain).of("sent[supply]")[-1] == 0


# Shortage


def use(amount: float, **keys: Any) -> dict[str, Any]:
    items = scenario()["items"]
    return {**items, "shells": {**items["shells"], "used": {MAKER: {"per": "day", "rate": amount, **keys}}}}


def test_a_stock_that_runs_short_is_shared_pro_rata() -> None:
    plain = scenario(items=use(30), flows={"supply": shells(rate=20)})
    played = Played(plain)
    # 900 and 600 are asked for, of 1,000.
    assert played.of("got[shells, MAKER]")[1] == pytest.approx(600, rel=1e-15)
    assert played.of("shipment[supply]")[1] == pytest.approx(400, rel=1e-15)
    assert played.of("shells[MAKER]")[1] == pytest.approx(0, abs=1e-12)


def test_a_higher_priority_is_served_first_and_equal_ones_share() -> None:
    plain = scenario(
        items=use(30, priority=2),
        flows={
            "a": shells(rate=20),
            "b": shells(rate=30, priority=1),
            "c": shells(rate=20),
        },
    )
    played = Played(plain)
    assert played.of("got[shells, MAKER]")[1] == 900
    assert played.of("shipment[b]")[1] == pytest.approx(100, rel=1e-15)
    assert played.of("shipment[a]")[1] == played.of("shipment[c]")[1] == 0


def test_within_a_class_all_get_the_same_part() -> None:
    plain = scenario(items=use(30, priority=1), flows={"a": shells(rate=10), "b": shells(rate=30)})
    played = Played(plain)
    assert played.of("shipment[a]")[1] == pytest.approx(25, rel=1e-14)
    assert played.of("shipment[b]")[1] == pytest.approx(75, rel=1e-14)


def test_a_shortage_is_told_as_the_part_that_was_missing() -> None:
    plain = scenario(items=use(40), flows={"supply": shells(rate=10)})
    plain["indicators"] = {"use": "shortage(shells, MAKER)", "sent": "shortage(supply)"}
    played = Played(plain)
    assert played.of("use")[1] == pytest.approx(1 - 1000 / 1500, rel=1e-14)
    assert played.of("sent")[2] == 1
    assert played.of("use")[0] == 0


# Making


def made(**keys: Any) -> dict[str, Any]:
    return {"shells": {"unit": "1", "made": {MAKER: {"per": "day", **keys}}}, "oil": {"unit": "1"}}


def test_what_is_made_can_be_sent_in_the_same_turn() -> None:
    plain = scenario(items=made(rate=2), flows={"supply": shells(rate=2)})
    plain["actors"][MAKER]["attributes"]["shells"] = stock(0)
    assert Played(plain).of("shells[USER]")[1] == 60


def test_capacity_limits_what_is_made_and_what_is_sent() -> None:
    plain = scenario(items=made(rate=5, capacity=3), flows={"supply": shells(rate=5, capacity=1)})
    played = Played(plain)
    assert played.of("made[shells, MAKER]")[1] == 90
    assert played.of("sent[supply]")[1] == 30


GROWING: dict[str, dict[str, Any]] = {
    "towards": {"towards": 10, "half_life": "90 days"},
    "growth": {"growth": {"per": "year", "rate": 1.5}},
    "slow growth": {"growth": {"per": "year", "rate": 1e-4}},
    "decline": {"growth": {"per": "year", "rate": -2}},
    "drift": {"drift": {"per": "year", "rate": 6}},
    "falling drift": {"drift": {"per": "year", "rate": -12}},
}


def growing(turn: str, turns: int, moves: dict[str, Any]) -> dict[str, Any]:
    plain = scenario(items=made(rate=99, capacity="output[MAKER]"), clock=clock(turn, turns))
    plain["actors"][MAKER]["attributes"]["output"] = {"initial": 2, "range": [1, 4]}
    plain["dynamics"] = {"grows": {"of": "output[MAKER]", **moves}}
    return plain


def integral(moves: dict[str, Any]) -> float:
    """What a capacity makes in 180 days, by the trapezium rule on its closed form, held to [1, 4]."""
    t = np.linspace(0, 180, 2_000_001) / 365.25
    if "towards" in moves:
        path = 10 + (2 - 10) * 0.5 ** (t * 365.25 / 90)
    elif "growth" in moves:
        path = 2 * np.exp(moves["growth"]["rate"] * t)
    else:
        path = 2 + moves["drift"]["rate"] * t
    return float(np.trapezoid(np.clip(path, 1, 4), t) * 365.25)


@pytest.mark.parametrize("name", [name for name in GROWING if name != "towards"])
def test_what_a_growing_capacity_makes_is_its_integral_up_to_the_ceiling(name: str) -> None:
    total = Played(growing("180 days", 1, GROWING[name])).of("made[shells, MAKER]")[-1]
    expected = integral(GROWING[name])
    if name == "decline":  # the floor of a decline is kept for the mean alone
        expected = 2 * (1 - math.exp(-2 * 180 / 365.25)) / 2 * 365.25
    assert total == pytest.approx(expected, rel=1e-9)


def test_a_capacity_on_its_way_to_a_ceiling_makes_the_integral_of_its_path() -> None:
    moves = {"towards": 3.5, "half_life": "90 days"}
    total = Played(growing("180 days", 1, moves)).of("made[shells, MAKER]")[-1]
    theta = math.log(2) / 90
    assert total == pytest.approx(3.5 * 180 - 1.5 * (1 - 0.25) / theta, rel=1e-13)


@pytest.mark.parametrize(
    "moves",
    [
        {"towards": 3.5, "half_life": "90 days"},
        {"growth": {"per": "year", "rate": 1}},
        {"growth": {"per": "year", "rate": 3}},
        {"growth": {"per": "year", "rate": 1e-6}},
        {"drift": {"per": "year", "rate": 9}},
        {"drift": {"per": "year", "rate": -9}},
    ],
)
def test_months_of_days_make_what_months_make(moves: dict[str, Any]) -> None:
    totals = [
        Played(growing(turn, turns, moves)).of("made[shells, MAKER]")[-1]
        for turn, turns in (("180 days", 1), ("30 days", 6), ("5 days", 36), ("1 day", 180))
    ]
    assert totals == pytest.approx([totals[0]] * 4, rel=1e-12)


def test_towards_and_a_drift_beside_it_have_one_mean() -> None:
    moves = growing("30 days", 6, {"towards": 3, "half_life": "60 days"})
    moves["dynamics"]["besides"] = {"of": "output[MAKER]", "drift": {"per": "year", "rate": 1}}
    fine = growing("1 day", 180, {"towards": 3, "half_life": "60 days"})
    fine["dynamics"]["besides"] = moves["dynamics"]["besides"]
    rows = [Played(plain).of("made[shells, MAKER]")[-1] for plain in (moves, fine)]
    assert rows[0] == pytest.approx(rows[1], rel=1e-12)


# Choices


def test_an_option_can_suspend_a_flow() -> None:
    plain = flow(when="not holds(MAKER, supplying, stop)")
    plain["actors"][MAKER]["policy"] = "trading"
    options = {"go": {"utility": "0.2 - elapsed"}, "stop": {"utility": 0}}
    choice = {"every": "30 days", "temperature": 0, "initial": "go", "options": options}
    plain["policies"] = {"trading": {"choices": {"supplying": choice}}}
    played = Played(plain)
    assert played.of("shipment[supply]") == [0, 30, 30, 30, 0, 0, 0]


def test_an_action_can_set_the_volume_of_a_flow() -> None:
    plain = flow(rate="volume[MAKER]")
    plain["actors"][MAKER]["attributes"]["volume"] = 1
    plain["actors"][MAKER]["policy"] = "trading"
    plain["actions"] = {"double": {"effects": "volume = 2*volume"}}
    plain["policies"] = {
        "trading": {"rules": {"more": {"once": True, "when": "elapsed > 0.1", "do": "double"}}}
    }
    assert Played(plain).of("shipment[supply]")[1:4] == [30, 30, 60]


def test_what_other_stages_do_to_a_stock_is_booked_as_made_or_used() -> None:
    plain = flow()
    plain["actors"][MAKER]["policy"] = "firing"
    fires = {"every": "30 days", "effects": ["shells -= 5", "shells[USER] += 7"]}
    plain["policies"] = {"firing": {"rules": {"fires": fires}}}
    played = Played(plain)
    assert played.of("used[shells, MAKER]") == [0, 5, 10, 15, 20, 25, 30]
    assert played.of("made[shells, USER]") == [0, 7, 14, 21, 28, 35, 42]
