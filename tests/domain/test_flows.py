"""What flows do: stocks are shared, goods take their time, are lost, paid for, copied and counted."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.engine.orders import Order
from tests.domain.supplied import MAKER, USER, Played, scenario, shells, stock

DO = {turn: Order(turn, "flows", "supply", "do") for turn in range(1, 7)}
REFRAIN = {turn: Order(turn, "flows", "supply", "refrain") for turn in range(1, 7)}


def flow(**keys: Any) -> dict[str, Any]:
    return scenario(flows={"supply": shells(**keys)})


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


def clock(turn: str, turns: int) -> dict[str, Any]:
    return {"start": "2030-01-01", "turn": turn, "turns": turns}


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


# On the way


def test_goods_take_their_time_and_are_somewhere_meanwhile() -> None:
    played = Played(flow(delay="60 days"))
    assert played.of("shells[USER]") == [0, 0, 0, 30, 60, 90, 120]
    assert played.of("transit[supply]") == [0, 30, 60, 60, 60, 60, 60]
    assert played.of("transit[supply, 1]")[:4] == [0, 0, 30, 30]


def test_a_delay_is_rounded_to_turns() -> None:
    assert Played(flow(delay="14 days")).of("shells[USER]")[1] == 30
    assert Played(flow(delay="15 days")).of("shells[USER]")[1] == 0


def test_a_gate_stops_what_is_to_be_sent_and_not_what_is_at_sea() -> None:
    played = Played(flow(delay="30 days", when="elapsed < 0.1"))
    assert played.of("shells[USER]") == [0, 0, 30, 60, 60, 60, 60]


def test_an_interdiction_takes_its_share_and_counts_it() -> None:
    played = Played(flow(delay="30 days", interdiction={"share": 0.25}))
    assert played.of("lost[supply]")[1] == 7.5
    assert played.of("transit[supply]")[1] == 22.5
    assert played.of("delivered[supply]")[2] == 22.5


RAID = {"chance": {"per": "year", "rate": 2}, "share": 0.5}


def test_a_raid_takes_its_share_of_all_that_is_at_sea() -> None:
    orders = tuple((DO if turn == 3 else REFRAIN)[turn] for turn in range(1, 7))
    played = Played(flow(delay="60 days", interdiction=RAID), orders=orders)
    # At sea were 30 of the first and 30 of the second turn; what is sent in the third is not touched.
    assert played.of("lost[supply]")[2:4] == [0, 30]
    assert played.of("shells[USER]")[3:6] == [15, 30, 60]
    assert played.of("transit[supply]")[3] == 15 + 30


def test_of_what_arrives_within_a_turn_a_raid_finds_the_part_that_is_at_sea() -> None:
    played = Played(flow(delay="6 days", interdiction=RAID), orders=tuple(DO.values()))
    assert played.of("lost[supply]")[1] == pytest.approx(30 * 0.5 * 6 / 30, rel=1e-15)


def test_nothing_is_raided_where_nothing_is_at_sea() -> None:
    plain = flow(delay="60 days", interdiction={**RAID, "chance": {"per": "day", "rate": 50}})
    played = Played(plain)
    assert played.of("fired[flows/supply]") == [0, 0, 1, 1, 1, 1, 1]


def test_raids_take_on_average_the_same_on_a_finer_clock() -> None:
    rate = {"chance": {"per": "year", "rate": 0.5}, "share": 0.4}
    losses = []
    for turn, turns in (("30 days", 12), ("5 days", 72)):
        plain = flow(delay="60 days", interdiction=rate)
        plain["clock"] = clock(turn, turns)
        played = Played(plain, runs=20_000)
        losses.append(float(played.all("lost[supply]")[-1].mean() / played.all("sent[supply]")[-1].mean()))
    # Most of what was sent was at sea for 60 days: 0.4 * (1 - exp(-0.5 * 60 / 365.25)), less the last months.
    assert losses[0] == pytest.approx(losses[1], rel=0.08)
    assert 0.02 < losses[1] < 0.4 * (1 - math.exp(-0.5 * 60 / 365.25))


# Payment


def paid(**keys: Any) -> dict[str, Any]:
    return flow(payment={"item": "oil", "price": 2, **keys})


def test_barter_moves_both_goods_at_the_price() -> None:
    played = Played(paid())
    assert played.of("oil[MAKER]")[1] == 60
    assert played.of("oil[USER]")[1] == 440
    assert played.of("paid[supply]")[1] == 60


def test_no_more_is_sent_than_can_be_paid() -> None:
    plain = paid(price=10)
    played = Played(plain)
    # Oil for 50 rounds: 30 in the first turn, 20 in the second.
    assert played.of("shipment[supply]") == pytest.approx([0, 30, 20, 0, 0, 0, 0], abs=1e-12)
    assert played.of("shells[MAKER]")[-1] == pytest.approx(950, rel=1e-15)


def test_on_credit_goods_go_at_once_and_what_is_owed_is_paid_when_it_can_be() -> None:
    plain = paid(price=10, credit=True)
    plain["items"]["oil"]["made"] = {USER: {"per": "day", "rate": 5}}
    played = Played(plain)
    assert played.of("shipment[supply]")[1:] == [30] * 6
    # 500 at first and 150 more each turn, of which 300 are due: from the fourth turn on there is too little.
    assert played.of("owed[supply]") == pytest.approx([0, 0, 0, 0, 100, 250, 400], abs=1e-9)
    assert played.of("paid[supply]")[-1] == pytest.approx(500 + 6 * 150, rel=1e-14)


def test_a_debt_is_paid_when_the_goods_have_stopped() -> None:
    plain = paid(price=10, credit=True)
    plain["flows"]["supply"]["when"] = "elapsed < 0.2"
    plain["items"]["oil"]["made"] = {USER: {"per": "day", "rate": 5}}
    played = Played(plain)
    assert played.of("owed[supply]")[-1] == 0
    assert played.of("paid[supply]")[-1] == pytest.approx(10 * played.of("sent[supply]")[-1], rel=1e-14)


def test_a_flow_that_pays_sends_what_is_due_and_its_capacity_limits_the_goods() -> None:
    plain = scenario(
        flows={
            "supply": shells(payment={"flow": "oil_back", "price": 2}),
            "oil_back": {
                "item": "oil",
                "from": USER,
                "to": MAKER,
                "per": "day",
                "capacity": 1,
                "delay": "30 days",
            },
        }
    )
    played = Played(plain)
    assert played.of("shipment[oil_back]")[1] == 30
    assert played.of("shipment[supply]")[1] == 15
    assert played.of("oil[MAKER]") == [0, 0, 30, 60, 90, 120, 150]


def test_one_flow_pays_for_several_each_in_proportion() -> None:
    oil_back = {"item": "oil", "from": USER, "to": MAKER, "per": "day", "capacity": 3}
    plain = scenario(
        flows={
            "a": shells(payment={"flow": "oil_back", "price": 2}),
            "b": shells(rate=2, payment={"flow": "oil_back", "price": 2}),
            "oil_back": oil_back,
        }
    )
    played = Played(plain)
    assert played.of("shipment[a]")[1] == 15
    assert played.of("shipment[b]")[1] == 30
    assert played.of("shipment[oil_back]")[1] == 90


def test_who_loses_goods_on_the_way_has_paid_for_them() -> None:
    plain = paid()
    plain["flows"]["supply"]["interdiction"] = {"share": 1}
    played = Played(plain)
    assert played.of("shells[USER]")[-1] == 0
    assert played.of("paid[supply]")[-1] == 360


def test_a_payment_shares_the_stock_that_it_comes_from() -> None:
    plain = paid(price=20)
    plain["items"]["oil"]["used"] = {USER: {"per": "day", "rate": 20}}
    played = Played(plain)
    # 600 are to be used and 600 are due, of 500.
    assert played.of("got[oil, USER]")[1] == pytest.approx(250, rel=1e-14)
    assert played.of("shipment[supply]")[1] == pytest.approx(12.5, rel=1e-14)


def test_goods_given_away_at_price_0_need_no_payment() -> None:
    plain = paid(price=0)
    plain["actors"][USER]["attributes"]["oil"] = stock(0)
    plain["items"]["oil"]["made"] = {USER: {"per": "day", "rate": "0*elapsed"}}
    assert Played(plain).of("sent[supply]")[-1] == 180


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


# Copies, arsenals, tiers


def teaching(**keys: Any) -> dict[str, Any]:
    plain = scenario()
    plain["actors"][MAKER]["attributes"]["knowledge"] = stock(100)
    plain["actors"][USER]["attributes"]["knowledge"] = stock(0)
    plain["items"]["knowledge"] = {"unit": "1", "copied": True, **keys}
    plain["flows"] = {"teaching": {**shells(), "item": "knowledge"}}
    return plain


def test_who_teaches_keeps_what_it_knows_and_teaches_no_more_than_that() -> None:
    played = Played(teaching())
    assert played.of("knowledge[MAKER]") == [100] * 7
    assert played.of("knowledge[USER]") == [0, 30, 60, 90, 100, 100, 100]
    assert played.of("made[knowledge, MAKER]")[-1] == 100


def test_what_is_on_its_way_need_not_be_taught_again() -> None:
    plain = teaching()
    plain["flows"]["teaching"]["delay"] = "60 days"
    played = Played(plain)
    assert played.of("knowledge[USER]")[-1] == 100
    assert max(np.add(played.of("knowledge[USER]"), played.of("transit[teaching]"))) == 100


TIERS: dict[str, dict[str, Any]] = {
    "first": {"stock": 50, "after": "60 days", "effects": "skill = 1"},
    "second": {"stock": 1000},
}


def with_tiers(**keys: Any) -> dict[str, Any]:
    plain = teaching(tiers={name: {**tier, "who": USER} for name, tier in TIERS.items()})
    plain["actors"][USER]["attributes"]["skill"] = 0
    plain["indicators"] = {
        "reached": "tier(knowledge, USER)",
        "can": "1 if unlocked(knowledge, USER, first) else 0",
        "cannot": "1 if unlocked(knowledge, MAKER, first) else 0",
    }
    return {**plain, **keys}


def test_a_tier_is_unlocked_some_time_after_it_is_reached() -> None:
    played = Played(with_tiers())
    assert played.of("reached") == [0, 0, 1, 1, 1, 1, 1]
    assert played.of("can") == [0, 0, 0, 0, 1, 1, 1]
    assert played.of("skill[USER]") == [0, 0, 0, 0, 1, 1, 1]
    assert played.of("fired[USER/knowledge_first]") == [0, 0, 0, 0, 1, 0, 0]
    assert played.of("cannot")[-1] == 0


def test_what_the_first_stock_reaches_is_unlocked_before_play_and_does_nothing_new() -> None:
    plain = with_tiers()
    plain["actors"][USER]["attributes"]["knowledge"] = stock(60)
    played = Played(plain)
    assert played.of("can")[0] == 1
    assert played.of("skill[USER]")[-1] == 0


def test_a_tier_once_reached_is_kept() -> None:
    plain = with_tiers()
    plain["items"]["knowledge"]["used"] = {USER: {"per": "day", "rate": "100 if elapsed > 0.2 else 0"}}
    plain["flows"]["teaching"]["when"] = "elapsed < 0.2"
    played = Played(plain)
    assert played.of("knowledge[USER]")[-1] == 0
    assert played.of("reached")[-1] == 1


def armed(**shares: float) -> dict[str, Any]:
    plain = flow(rate=2)
    plain["items"]["shells"]["arsenal"] = {USER: shares}
    plain["actors"][USER]["attributes"]["shells"] = stock(60)
    plain["actors"]["OTHER"] = {"name": "Other"}
    plain["indicators"] = {
        "made_by_maker": "arsenal_share(shells, USER, MAKER)",
        "from_other": "arsenal_share(shells, USER, OTHER)",
        "hhi": "concentration(shells, USER)",
    }
    return plain


def test_what_comes_in_changes_whose_goods_a_stock_is_made_of() -> None:
    played = Played(armed(OTHER=0.5))
    assert played.of("made_by_maker")[:3] == pytest.approx([0, 0.5, 120 / 180], rel=1e-14)
    assert played.of("from_other")[:2] == pytest.approx([0.5, 0.25], rel=1e-14)
    assert played.of("hhi")[:2] == pytest.approx([0.5, 0.5**2 + 2 * 0.25**2], rel=1e-14)


def test_what_is_used_is_taken_of_all_alike() -> None:
    plain = armed(OTHER=0.5)
    plain["items"]["shells"]["used"] = {USER: {"per": "day", "rate": 1}}
    plain["flows"]["supply"]["when"] = "elapsed > 99"
    played = Played(plain)
    assert played.of("shells[USER]")[1] == 30
    assert played.of("from_other")[:3] == [0.5, 0.5, 0.5]


def test_what_a_holder_makes_itself_counts_as_its_own() -> None:
    plain = armed(OTHER=1)
    plain["items"]["shells"]["made"] = {USER: {"per": "day", "rate": 2}}
    plain["flows"]["supply"]["when"] = "elapsed > 99"
    played = Played(plain)
    assert played.of("arsenal[shells, USER, USER]")[1] == pytest.approx(0.5, rel=1e-14)


# Readers


def test_totals_can_be_asked_for_a_time() -> None:
    plain = paid()
    plain["indicators"] = {
        "lately": "delivered(supply, '60 days')",
        "so_far": "delivered(supply)",
        "paid_lately": "paid(supply, '30 days')",
        "used_oil": "used(oil, USER) + made(shells, MAKER)",
        "at_sea": "transit(supply) + lost(supply) + owed(supply)",
        "price": "price(supply) + sent(supply, '30 days')",
    }
    played = Played(plain)
    assert played.of("lately") == [0, 30, 60, 60, 60, 60, 60]
    assert played.of("so_far")[-1] == 180
    assert played.of("paid_lately")[-1] == 60
    assert played.of("used_oil")[-1] == played.of("at_sea")[-1] == 0
    assert played.of("price")[-1] == 32
