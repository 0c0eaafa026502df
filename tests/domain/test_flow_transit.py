"""What becomes of goods on the way: they take their time, and are lost."""

from __future__ import annotations

import math

import pytest

from sim.engine.orders import Order
from tests.domain.supplied import Played, clock, flow

DO = {turn: Order(turn, "flows", "supply", "do") for turn in range(1, 7)}
REFRAIN = {turn: Order(turn, "flows", "supply", "refrain") for turn in range(1, 7)}


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
