"""How flows are paid for: barter, credit, and flows that pay."""

from __future__ import annotations

from typing import Any

import pytest

from tests.domain.supplied import MAKER, USER, Played, flow, scenario, shells, stock


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
